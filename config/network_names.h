#pragma once
// The names of machines and mailboxes that a config may hold. Pure: nothing is looked up.

#include <cstdint>
#include <string>
#include <string_view>

#include "config/types/result.h"

namespace embargod {

/// "10.0.0.0/8" or "fd00::/8", in canonical text. Error: no prefix length, host bits set, or the whole Internet (/0).
[[nodiscard]] Result<std::string> parse_cidr(std::string_view text);

struct HostPort {
  std::string host;  // IPv6 without brackets
  std::uint16_t port = 0;
  bool is_address = false;   // a literal IPv4 or IPv6 address
  bool is_loopback = false;  // 127.0.0.0/8, ::1 or "localhost"
  friend bool operator==(const HostPort&, const HostPort&) = default;
};

/// "host:port", "127.0.0.1:0", "[::1]:9750". With `default_port` >= 0 the port may be left out.
[[nodiscard]] Result<HostPort> parse_host_port(std::string_view text, int default_port = -1);

/// "host:port", with brackets round an IPv6 address.
[[nodiscard]] std::string to_string(const HostPort& h);

/// One plain mailbox, "name@example.org": ASCII, no spaces, no display name.
[[nodiscard]] Result<void> check_email(std::string_view text);

}  // namespace embargod
