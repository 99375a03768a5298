#pragma once
// The facts of one probe, without judgement; and the words for what those facts mean.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/types/time.h"
#include "config/types/url.h"

namespace embargod {

/// What a probe tells about a URL. Unknown is not "not live". Stored and exported; never renumber.
enum class Liveness : std::uint8_t { absent = 0, stub = 1, previous_edition = 2, live = 3, suspect = 4, unknown = 5 };
inline constexpr int kLivenessCount = 6;
[[nodiscard]] const char* to_string(Liveness l);

/// Absent, stub, previous edition: a look that says "not live". Live: one that says it is. Suspect and unknown say
/// neither.
[[nodiscard]] constexpr bool is_dark(Liveness l) {
  return l == Liveness::absent || l == Liveness::stub || l == Liveness::previous_edition;
}
[[nodiscard]] constexpr bool is_conclusive(Liveness l) { return is_dark(l) || l == Liveness::live; }

/// Why we could not know. Stored with blind time; never renumber.
enum class Cause : std::uint8_t {
  none = 0,
  dns = 1,
  connect = 2,  // refused, unreachable, connect timeout
  tls = 3,
  timeout = 4,
  reset = 5,                // the connection broke, or the answer was not HTTP
  truncated = 6,            // fewer bytes than promised
  too_large = 7,            // cut at our cap
  server_error = 8,         // 5xx
  refused = 9,              // 401, 403, 407, 451 without a gated_if rule
  throttled = 10,           // 429
  redirect_loop = 11,       // or more hops than allowed
  redirect_elsewhere = 12,  // to another host, a sign-in page or a listing
  blocked_address = 13,     // resolved to a range that may not be probed
  rule = 14,                // an unknown_if rule matched
  odd_status = 15,          // an answer no rule speaks of: 1xx, 3xx without Location, 4xx other than named
  unreadable = 16,          // the body could not be parsed where a rule needed it
  not_polled = 17,          // nobody looked: overload, suspend, daemon down
  challenge = 18,           // a bot wall or challenge page
  maintenance = 19,         // the same page at every address, or one that says so
  sign_in = 20,             // a sign-in form where the page should be
  intermediary = 21,        // an answer of a proxy or portal on the way, not of the site
  certificate = 22,         // another authority vouches for the site than before
  no_baseline = 23,         // role latest without an edition marker, and nobody has approved a baseline yet
  quiet = 24,               // we did not ask, so as not to plant a cached 404 over the due time
};
[[nodiscard]] const char* to_string(Cause c);

/// How a request reaches the page. Every route but plain uses a new connection. Stored; never renumber.
enum class Route : std::uint8_t {
  plain = 0,          // as users get it; connections are kept
  fresh = 1,          // the same on a new connection
  other_address = 2,  // another address of the host than the last plain look had, same family if there is one
  ipv4 = 3,
  ipv6 = 4,
  bypass = 5,  // with a query that no cache has seen
};
[[nodiscard]] const char* to_string(Route r);

struct Hop {
  int status = 0;
  std::string location;  // as sent
};

/// Time from the start of the request; zero where that step did not happen (a reused connection).
struct Timings {
  Micros dns{0}, connect{0}, tls{0}, first_byte{0}, total{0};
};

using Headers = std::vector<std::pair<std::string, std::string>>;  // of the final answer, in order, names as sent

struct Observation {
  std::uint64_t token = 0;  // the request's
  std::string target;       // target id
  std::string url;          // as asked
  std::string final_url;    // after redirects
  Instant sent{};           // wall time just before the first request left, hops included: safe as a lower bound
  Instant done{};           // wall time when the answer was complete or failed
  Millis sent_ticks{0};     // the same by Clock::ticks
  Millis done_ticks{0};
  Millis clock_error{0};     // Clock::uncertainty when done
  int status = 0;            // final HTTP status; 0 = no answer
  std::string http_version;  // "1.1", "2"
  Headers headers;
  std::optional<Seconds> age;                     // RFC 9111 5.1; unset if absent or not a single sane number
  std::optional<Instant> date;                    // the server's Date
  std::string etag, last_modified, content_type;  // as sent; empty = none
  std::string remote_ip;
  std::uint16_t remote_port = 0;
  bool reused_connection = false;
  Route route = Route::plain;
  bool no_route = false;           // the host has no such address: nothing was asked, nothing else is set
  std::string certificate_issuer;  // https: who vouches for the site, one line; empty if unknown
  std::vector<Hop> hops;           // redirects that were followed or refused, in order
  std::string body;                // decoded, at most the cap
  std::uint64_t size = 0;          // decoded bytes received (those of `body`)
  std::string digest;              // "sha256:<hex>" of `body`; empty if nothing was received
  Cause failure = Cause::none;     // what stopped the transfer, if anything did
  std::string failure_text;        // one line for debug logs; never shown to the public
  Timings timings;
};

/// First value of a header, name compared without case; nullptr if there is none.
[[nodiscard]] const std::string* find_header(const Observation& o, std::string_view name);

}  // namespace embargod
