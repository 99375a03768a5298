#pragma once
// What an answer's headers say of the caches it came through (RFC 9111). Pure.

#include <optional>
#include <string>

#include "config/types/time.h"
#include "probes/observation.h"

namespace embargod {

struct CacheView {
  bool from_cache = false;          // a shared cache answered: Age over 0, X-Cache: HIT, CF-Cache-Status: HIT ...
  bool stale = false;               // beyond its lifetime, or the cache says so (STALE, UPDATING, Warning 110)
  std::optional<Seconds> age;       // RFC 9111 5.1; unset if absent or odd
  std::optional<Seconds> lifetime;  // of a shared cache: s-maxage, else max-age, else Expires - Date; 0: not stored
  std::string layer;                // who says so: "Fastly", "Varnish", "Cloudflare", "CloudFront", "a cache"; "" none
  friend bool operator==(const CacheView&, const CacheView&) = default;
};

[[nodiscard]] CacheView cache_view(const Observation& o);

/// Until when a shared cache may go on serving this answer, from `done`; unset: it tells of no lifetime, or stores
/// nothing.
[[nodiscard]] std::optional<Instant> kept_until(const Observation& o);

}  // namespace embargod
