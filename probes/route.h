#pragma once
// What a Route asks of a request: which address it connects to, and a query that no cache has seen. Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "config/types/url.h"
#include "probes/address_policy.h"
#include "probes/observation.h"

namespace embargod {

/// Where a request connects to.
struct Pin {
  enum class Kind {
    free,      // wherever the name leads
    address,   // to `address` and nowhere else
    no_route,  // the host has no such address
    denied,    // it has, but none that may be probed
  };
  Kind kind = Kind::free;
  std::string address;
  friend bool operator==(const Pin&, const Pin&) = default;
};

/// `list`: the addresses of the host, the preferred first; empty: not known. `newest`: where the newest plain look of
/// the site went; "" = there was none, and it would have gone to the first of the list.
[[nodiscard]] Pin pin_for(Route route, const std::vector<std::string>& list, const std::string& newest,
                          const AddressPolicy& policy);

/// "embargod=<16 hexadecimal digits>": another one for each token, and for each salt.
[[nodiscard]] std::string unseen_query(std::uint64_t salt, std::uint64_t token);

/// The path and query of `url` with `query` at the end.
[[nodiscard]] Url with_query(Url url, const std::string& query);

/// `text` (a URL, or a reference to one) without `query`, wherever a server has put it; other parts stay byte for byte.
[[nodiscard]] std::string without_query(std::string text, const std::string& query);

}  // namespace embargod
