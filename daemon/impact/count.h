#pragma once
// Counts an access log's requests for what was public too early. One pass, any size: memory grows with the number of
// different clients, not with the log.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"
#include "daemon/impact/log_format.h"
#include "daemon/watch/impact.h"

namespace embargod {

struct WatchedUrl {
  std::string target;
  std::string url;
  bool is_download = false;
  std::vector<ImpactWindow> windows;  // in order of time
};

/// The incident as GET /api/v1/incidents/ID gives it, reduced to what is counted.
struct WatchedIncident {
  std::string id;
  std::string kind;
  std::string title;
  std::vector<WatchedUrl> urls;  // those that were seen live
};

/// `now` ends what is still public. Errors: invalid_input (no incident of ours), not_found (nothing of it was public).
[[nodiscard]] Result<WatchedIncident> watched_incident(std::string_view incident_json, Instant now);

struct LogInput {
  std::string source;                    // "origin"
  std::vector<std::string> files;        // "-": standard input
  std::string format;                    // empty: told by the first lines of each file
  FieldNames names;                      // of a JSON or W3C log
  std::vector<std::string> hosts;        // whose requests count too, beside the URL's own: an origin behind a CDN
  std::optional<Millis> clock_offset{};  // by which its clock was ahead
};

struct CountingRules {
  std::vector<WatchedUrl> urls;
  ClientRuleTexts clients;
  std::string key;  // that clients are hashed with; a secret
};

/// First digits of the key's digest: tells whether two counts used the same one.
[[nodiscard]] std::string key_id_of(std::string_view key);

/// Errors: io (a file can't be opened), invalid_input (a format, a CIDR, no line that can be read), with the file.
/// What is damaged further down is said in the result.
[[nodiscard]] Result<ImpactSource> count_log(const LogInput& log, const CountingRules& rules);

}  // namespace embargod
