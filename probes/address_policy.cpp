#include "probes/address_policy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace embargod {
namespace {

using Address = std::array<std::uint8_t, 16>;

constexpr int kMappedBits = 96;

Address mapped(const std::uint8_t* v4) {
  Address a{};
  a[10] = a[11] = 0xFF;
  std::copy_n(v4, 4, a.begin() + 12);
  return a;
}

bool inside(const Address& a, const Cidr& range) {
  const auto whole = static_cast<std::size_t>(range.bits / 8);
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), range.bytes.begin())) return false;
  const int rest = range.bits % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xFF00U >> static_cast<unsigned>(rest));
  return (a[whole] & mask) == (range.bytes[whole] & mask);
}

std::vector<Cidr> ranges(std::initializer_list<const char*> texts) {
  std::vector<Cidr> list;
  for (const char* text : texts) list.push_back(*parse_cidr(text));
  return list;
}

bool in_any(const Address& a, const std::vector<Cidr>& list) {
  return std::any_of(list.begin(), list.end(), [&a](const Cidr& c) { return inside(a, c); });
}

bool public_v4(const Address& a) {
  // IANA IPv4 Special-Purpose Address Registry (RFC 6890 and updates), with multicast and class E.
  static const std::vector<Cidr> kDenied =
      ranges({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
              "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
              "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"});
  return !in_any(a, kDenied);
}

/// The IPv4 address inside a transition address, if it is one.
std::optional<Address> wrapped_v4(const Address& a) {
  static const Cidr k6to4 = *parse_cidr("2002::/16");      // RFC 3056: bytes 2 to 5
  static const Cidr kNat64 = *parse_cidr("64:ff9b::/96");  // RFC 6052: the last four
  static const Cidr kTeredo = *parse_cidr("2001::/32");    // RFC 4380: the last four, inverted
  if (inside(a, k6to4)) return mapped(a.data() + 2);
  if (inside(a, kNat64)) return mapped(a.data() + 12);
  if (inside(a, kTeredo)) {
    Address v4 = mapped(a.data() + 12);
    for (std::size_t i = 12; i < v4.size(); ++i) v4[i] = static_cast<std::uint8_t>(~v4[i]);
    return v4;
  }
  return std::nullopt;
}

bool public_v6(const Address& a) {
  if (const auto v4 = wrapped_v4(a)) return public_v4(*v4);
  // Only 2000::/3 is global unicast (RFC 4291 2.4); within it, the special-purpose blocks that lead nowhere public.
  static const Cidr kGlobal = *parse_cidr("2000::/3");
  static const std::vector<Cidr> kDenied =
      ranges({"2001:2::/48", "2001:10::/28", "2001:20::/28", "2001:db8::/32", "3fff::/20"});
  return inside(a, kGlobal) && !in_any(a, kDenied);
}

}  // namespace

Result<Cidr> parse_cidr(std::string_view text) {
  const auto bad = [text] {
    return fail(Errc::invalid_input, "\"" + std::string{text} + "\" is not an address range", {},
                "write it as 10.0.0.0/8 or fd00::/8");
  };
  const auto slash = text.find('/');
  const std::string address{text.substr(0, slash)};
  Cidr c;
  std::array<std::uint8_t, 4> v4{};
  const bool is_v4 = inet_pton(AF_INET, address.c_str(), v4.data()) == 1;
  if (is_v4) {
    c.bytes = mapped(v4.data());
  } else if (inet_pton(AF_INET6, address.c_str(), c.bytes.data()) != 1) {
    return bad();
  }
  if (address.find('\0') != std::string::npos) return bad();
  const int most = is_v4 ? 32 : 128;
  int bits = most;
  if (slash != std::string_view::npos) {
    const auto digits = text.substr(slash + 1);
    if (digits.empty() || digits.size() > 3) return bad();
    bits = 0;
    for (const char d : digits) {
      if (d < '0' || d > '9') return bad();
      bits = bits * 10 + (d - '0');
    }
    if (bits > most) return bad();
  }
  c.bits = is_v4 ? bits + kMappedBits : bits;
  return c;
}

Result<AddressPolicy> AddressPolicy::make(const std::vector<std::string>& allow) {
  AddressPolicy policy;
  for (const std::string& text : allow) {
    auto c = parse_cidr(text);
    if (!c) return tl::unexpected<Fault>{c.error()};
    policy.allow_.push_back(*c);
  }
  return policy;
}

bool AddressPolicy::allows(const sockaddr& address) const {
  Address a{};
  if (address.sa_family == AF_INET) {
    sockaddr_in in{};
    std::memcpy(&in, &address, sizeof in);
    std::array<std::uint8_t, 4> v4{};
    std::memcpy(v4.data(), &in.sin_addr, v4.size());
    a = mapped(v4.data());
    return public_v4(a) || in_any(a, allow_);
  }
  if (address.sa_family != AF_INET6) return false;
  sockaddr_in6 in{};
  std::memcpy(&in, &address, sizeof in);
  std::memcpy(a.data(), &in.sin6_addr, a.size());
  return public_v6(a) || in_any(a, allow_);
}

bool AddressPolicy::denies_literal(const std::string& host) const {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  if (inet_aton(host.c_str(), &in.sin_addr) != 0) {
    sockaddr plain{};
    static_assert(sizeof plain == sizeof in);
    std::memcpy(&plain, &in, sizeof in);
    return !allows(plain);
  }
  sockaddr_in6 in6{};
  in6.sin6_family = AF_INET6;
  const std::string bare = host.substr(0, host.find('%'));  // without a zone
  if (inet_pton(AF_INET6, bare.c_str(), &in6.sin6_addr) != 1) return false;
  return !allows(*reinterpret_cast<const sockaddr*>(&in6));
}

}  // namespace embargod
