#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "alerts/notifier.h"

namespace embargod {

struct HttpPostRequest {
  std::string url;  // may be a secret: never repeated in a Receipt
  std::string body;
  std::vector<std::string> headers;  // "Name: value", without line breaks
  Millis deadline = kDeliveryDeadline;
};

/// What a status says about trying again. 2xx is accepted; 400, 410, 413, 414, 415, 422 and 431 judge this message for
/// good and are rejected; all else (redirects, 401, 403, 404, 408, 429, 5xx) speaks of the receiver's present state.
/// Pure.
[[nodiscard]] Outcome judge_status(int status);

/// Posts over libcurl and reads the answer. http and https only, no redirects, no proxy of the environment, no cookies,
/// certificates checked; reads at most 64 KiB of the answer. A 2xx status counts even if the rest of the answer never
/// comes. The detail is the status and, if refused, the first 200 characters of the answer. Any thread; blocks up to
/// the deadline.
class HttpPoster {
 public:
  [[nodiscard]] Receipt post(const HttpPostRequest& request) const;

  /// Ends a post() under way and every later one, within about a second. Any thread.
  void cancel() { cancelled_ = true; }

 private:
  std::atomic<bool> cancelled_{false};
};

}  // namespace embargod
