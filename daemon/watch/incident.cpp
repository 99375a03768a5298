#include "daemon/watch/incident.h"

#include <array>

#include "config/types/digest.h"
#include "daemon/watch/store.h"
#include "probes/freshness.h"

namespace embargod {
namespace {

constexpr char kCrockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr int kIdLength = 26;  // a ULID: 48 bits of time, 80 bits that tell ids of one instant apart

}  // namespace

Look make_look(const Observation& o, const Judgement& j) {
  const CacheView cache = cache_view(o);
  return Look{.sent = o.sent,
              .done = o.done,
              .sent_ticks = o.sent_ticks,
              .done_ticks = o.done_ticks,
              .error = o.clock_error,
              .liveness = j.liveness,
              .cause = j.cause,
              .rule = j.rule,
              .status = o.status,
              .size = o.size,
              .digest = o.digest,
              .age = o.age,
              .remote_ip = o.remote_ip,
              .route = o.route,
              .from_cache = cache.from_cache,
              .layer = cache.layer,
              .marked = j.marked,
              .wrong = j.wrong,
              .edition = j.edition,
              .fingerprint = j.fingerprint};
}

std::string path_of(const Look& look) {
  switch (look.route) {
    case Route::plain:
    case Route::fresh:
      return "plain";
    case Route::bypass:
      return "bypass";
    case Route::other_address:
    case Route::ipv4:
    case Route::ipv6:
      break;
  }
  return look.remote_ip.empty() ? to_string(look.route) : look.remote_ip;
}

std::string ordinal_key(const std::string& scope, std::optional<Instant> due, IncidentKind kind) {
  return scope + '|' + (due ? rfc3339(*due) : "-") + '|' + to_string(kind);
}

std::string incident_id(const std::string& scope, std::optional<Instant> due, IncidentKind kind, int ordinal) {
  const Digest d = sha256(ordinal_key(scope, due, kind) + '|' + std::to_string(ordinal));
  // The time part is the due instant, not the time of sight, since two nodes must make the same id; without a due it
  // comes from the hash.
  std::array<std::uint8_t, 16> bits{};
  const auto ms = due ? static_cast<std::uint64_t>(due->time_since_epoch().count()) : 0U;
  for (std::size_t k = 0; k < 6; ++k)
    bits.at(k) = due ? static_cast<std::uint8_t>((ms >> (8U * (5U - k))) & 0xFFU) : d.at(16 + k);
  for (std::size_t k = 6; k < bits.size(); ++k) bits.at(k) = d.at(k);

  std::string id;
  for (int k = 0; k < kIdLength; ++k) {
    unsigned five = 0;
    for (int b = 0; b < 5; ++b) {
      const int bit = k * 5 + b - 2;  // 130 bits for 128: two zero bits lead
      const unsigned v =
          bit < 0 ? 0U : (bits.at(static_cast<std::size_t>(bit / 8)) >> (7U - static_cast<unsigned>(bit % 8))) & 1U;
      five = five * 2U + v;
    }
    id += kCrockford[five];
  }
  return id;
}

}  // namespace embargod
