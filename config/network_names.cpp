#include "config/network_names.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "config/text_checks.h"

namespace embargod {
namespace {

struct Address {
  int family = AF_UNSPEC;
  std::vector<unsigned char> bytes;
};

std::optional<Address> parse_address(const std::string& text) {
  std::array<unsigned char, 16> raw{};
  if (inet_pton(AF_INET, text.c_str(), raw.data()) == 1) return Address{AF_INET, {raw.begin(), raw.begin() + 4}};
  if (inet_pton(AF_INET6, text.c_str(), raw.data()) == 1) return Address{AF_INET6, {raw.begin(), raw.end()}};
  return std::nullopt;
}

std::string address_text(const Address& a) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  inet_ntop(a.family, a.bytes.data(), buffer.data(), static_cast<socklen_t>(buffer.size()));
  return buffer.data();
}

/// Digits only, no leading zero.
std::optional<int> small_number(std::string_view digits, int most) {
  if (digits.empty() || digits.size() > 5 || (digits.size() > 1 && digits.front() == '0')) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size() || value < 0 || value > most) return std::nullopt;
  return value;
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253) return false;
  while (!host.empty()) {
    const std::size_t dot = std::min(host.find('.'), host.size());
    const std::string_view label = host.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label)
      if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
        return false;
    if (dot + 1 == host.size()) return false;
    host.remove_prefix(std::min(dot + 1, host.size()));
  }
  return true;
}

bool is_loopback_address(const Address& a) {
  if (a.family == AF_INET) return a.bytes[0] == 127;
  return std::all_of(a.bytes.begin(), a.bytes.end() - 1, [](unsigned char b) { return b == 0; }) && a.bytes.back() == 1;
}

}  // namespace

Result<std::string> parse_cidr(std::string_view text) {
  const auto refuse = [&](const std::string& what, std::string to_do) {
    return fail(Errc::invalid_input, in_quotes(text) + " " + what, {}, std::move(to_do));
  };
  const std::size_t slash = text.find('/');
  auto address = parse_address(std::string{text.substr(0, slash)});
  if (!address) return refuse("is not an address range", "write it like 10.0.0.0/8 or fd00::/8");
  const int bits = static_cast<int>(address->bytes.size()) * 8;
  if (slash == std::string_view::npos)
    return refuse("has no prefix length",
                  "for this one address write " + address_text(*address) + "/" + std::to_string(bits));
  const auto prefix = small_number(text.substr(slash + 1), bits);
  if (!prefix)
    return refuse("has no prefix length from 1 to " + std::to_string(bits), "write it like 10.0.0.0/8 or fd00::/8");
  if (*prefix == 0) return refuse("allows every address", "name the ranges that are meant");
  Address network = *address;
  for (int bit = *prefix; bit < bits; ++bit) {
    const auto index = static_cast<std::size_t>(bit / 8);
    network.bytes[index] =
        static_cast<unsigned char>(network.bytes[index] & ~(0x80u >> static_cast<unsigned>(bit % 8)));
  }
  std::string canonical = address_text(network) + "/" + std::to_string(*prefix);
  if (network.bytes != address->bytes) return refuse("has bits set behind its prefix", "write " + canonical);
  return canonical;
}

Result<HostPort> parse_host_port(std::string_view text, int default_port) {
  const auto refuse = [&](std::string what, std::string to_do = "write it like 127.0.0.1:9750 or [::1]:9750") {
    return fail(Errc::invalid_input, in_quotes(text) + " " + std::move(what), {}, std::move(to_do));
  };
  HostPort out;
  std::string_view port;
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) return refuse("lacks the closing bracket");
    out.host = text.substr(1, close - 1);
    const auto address = parse_address(out.host);
    if (!address || address->family != AF_INET6) return refuse("has no IPv6 address in its brackets");
    port = text.substr(close + 1);
    if (!port.empty() && port.front() != ':') return refuse("has something between the bracket and the port");
  } else {
    const std::size_t colon = text.find(':');
    out.host = text.substr(0, colon);
    port = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
    if (port.find(':', 1) != std::string_view::npos)
      return refuse("has more than one colon", "write an IPv6 address in brackets, like [::1]:9750");
    if (out.host.empty()) return refuse("names no address", "write 127.0.0.1" + std::string{port});
    if (!is_host_name(out.host)) return refuse("is not a host and a port");
  }
  if (port.empty()) {
    if (default_port < 0) return refuse("has no port");
    out.port = static_cast<std::uint16_t>(default_port);
  } else {
    const auto number = small_number(port.substr(1), 65535);
    if (!number) return refuse("has no port number from 0 to 65535");
    out.port = static_cast<std::uint16_t>(*number);
  }
  const auto address = parse_address(out.host);
  out.is_address = address.has_value();
  out.is_loopback = address ? is_loopback_address(*address) : out.host == "localhost";
  // 1.2.3.999 is a valid host name by its letters, but nobody means one.
  if (!address && out.host.find_first_not_of("0123456789.") == std::string::npos)
    return refuse("is not an IPv4 address");
  return out;
}

std::string to_string(const HostPort& h) {
  const std::string host = h.host.find(':') == std::string::npos ? h.host : "[" + h.host + "]";
  return host + ":" + std::to_string(h.port);
}

Result<void> check_email(std::string_view text) {
  const auto refuse = [&](std::string what) {
    return fail(Errc::invalid_input, in_quotes(text) + " " + std::move(what), {},
                "write one plain address, like duty@example.org");
  };
  if (text.size() > 254) return refuse("is too long for an e-mail address");
  if (std::count(text.begin(), text.end(), '@') != 1) return refuse("is not one e-mail address");
  const std::size_t at = text.find('@');
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  // RFC 5321 4.1.2, dot-string: what every mail server takes without quoting.
  constexpr std::string_view kAtomExtras = "!#$%&'*+-/=?^_`{|}~.";
  for (const char c : local) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_letter && kAtomExtras.find(c) == std::string_view::npos)
      return refuse("holds a character that no plain address has");
  }
  if (local.empty() || local.size() > 64 || local.front() == '.' || local.back() == '.' ||
      local.find("..") != std::string_view::npos)
    return refuse("is not an e-mail address");
  if (!is_host_name(domain)) return refuse("has no valid domain behind the @");
  return {};
}

}  // namespace embargod
