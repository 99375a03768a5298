#pragma once
// Plain HTTP to the daemon, for embargoctl. Blocking; one call at a time.

#include <string>
#include <string_view>

#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

struct HttpReply {
  int status = 0;
  std::string content_type;
  std::string body;  // at most 64 MB
};

/// Asks http://host:port; no redirects, no proxy, 10 s unless told otherwise. Errors: invalid_input (no plain http
/// URL), unavailable (nobody answers: says what to do), io.
class DaemonClient {
 public:
  explicit DaemonClient(std::string base_url, Millis patience = Millis{10'000});

  [[nodiscard]] Result<HttpReply> get(const std::string& path) const;
  [[nodiscard]] Result<HttpReply> post_json(const std::string& path, const std::string& json) const;

 private:
  [[nodiscard]] Result<HttpReply> run(const std::string& path, const std::string* json) const;
  std::string base_;
  Millis patience_;
};

/// The body of a 2xx, else the problem (RFC 9457) as one clear line.
[[nodiscard]] Result<std::string> body_or_problem(Result<HttpReply> reply);

/// Percent-encodes everything but unreserved characters.
[[nodiscard]] std::string url_encoded(std::string_view text);

}  // namespace embargod
