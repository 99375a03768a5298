#pragma once
// Which addresses a host has, for looks that must go to one of them.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/types/time.h"

namespace embargod {

struct HostAddresses {
  std::vector<std::string> list;  // as text, without brackets, the preferred first; empty: the host has none
  std::string failure;            // why nothing is known; "" = `list` is the answer
};

/// Called by the prober's thread only.
class Resolver {
 public:
  virtual ~Resolver() = default;

  /// Unset: nothing is known yet; ask again. Never blocks. `now` is Clock::ticks.
  [[nodiscard]] virtual std::optional<HostAddresses> addresses(const std::string& host, Millis now) = 0;
};

/// How long an answer of the system is used again, and how long a failure to answer.
inline constexpr Millis kAddressesKept{60'000};
inline constexpr Millis kFailureKept{5'000};

/// Asks getaddrinfo(), each host on a thread of its own, at most eight at a time. A lookup that hangs holds one of the
/// eight until the C library gives up, and nothing else: destroying the resolver leaves it behind. Addresses of a
/// family that this machine has no address of are left out.
[[nodiscard]] std::unique_ptr<Resolver> make_system_resolver();

/// "192.0.2.1", "2001:db8::1", without brackets.
enum class Family { none, ipv4, ipv6 };
[[nodiscard]] Family family_of(const std::string& address);

/// The same address, however it is spelt ("::1", "0:0::1").
[[nodiscard]] bool same_address(const std::string& a, const std::string& b);

}  // namespace embargod
