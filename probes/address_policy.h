#pragma once
// Which addresses may be connected to. Decided on the resolved address when the socket opens, so that neither a DNS
// answer that changes nor an odd spelling of a number leads a probe inside.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"

struct sockaddr;

namespace embargod {

/// An address range; IPv4 is kept as ::ffff:a.b.c.d with 96 more bits.
struct Cidr {
  std::array<std::uint8_t, 16> bytes{};
  int bits = 0;  // 0 to 128
};

/// "10.0.0.0/8", "fd00::/8", or an address alone. Bits after the prefix are ignored. Error: invalid_input. Pure.
[[nodiscard]] Result<Cidr> parse_cidr(std::string_view text);

/// Allows public unicast addresses and what is listed. Denied otherwise: loopback, private (RFC 1918), shared (RFC
/// 6598), link-local (169.254.169.254 too), unique local, multicast, unspecified, documentation and other reserved
/// ranges, IPv4-mapped IPv6, and 6to4, Teredo or NAT64 addresses that wrap a denied IPv4 address. Immutable; any
/// thread.
class AddressPolicy {
 public:
  /// Error invalid_input: a text that is no CIDR.
  [[nodiscard]] static Result<AddressPolicy> make(const std::vector<std::string>& allow);

  [[nodiscard]] bool allows(const sockaddr& address) const;

  /// For hosts that are written as an address, in any spelling that resolvers take ("2130706433", "0x7f.1"): whether
  /// that address is denied. Names are not resolved here and are never denied.
  [[nodiscard]] bool denies_literal(const std::string& host) const;

 private:
  std::vector<Cidr> allow_;
};

}  // namespace embargod
