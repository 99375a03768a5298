#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "alerts/notifier.h"
#include "config/types/secret.h"

namespace embargod {

struct HttpPostRequest {
  std::string url;  // may be a secret: never repeated in a Receipt
  std::string body;
  std::vector<std::string> headers;  // "Name: value", without line breaks
  std::vector<Secret> secrets{};     // keys and tokens in body or headers, should the answer repeat them
  Millis deadline = kDeliveryDeadline;
};

/// What a status says about trying again. 2xx is accepted; 400, 410, 413, 414, 415, 422 and 431 judge this message for
/// good and are rejected; all else (redirects, 401, 403, 404, 408, 429, 5xx) speaks of the receiver's present state.
/// Pure.
[[nodiscard]] Outcome judge_status(int status);

struct HttpAnswer {
  Receipt receipt;    // by the status alone
  int status = 0;     // 0: none came
  std::string start;  // of the body, as it came: may repeat secrets, for judging only
};

class LastAddresses;

/// Posts over libcurl and reads the answer. http and https only, no redirects, no proxy of the environment, no cookies,
/// certificates checked; where a name cannot be looked up, the
/// address at which it was reached last (https or loopback) is asked; reads at most 64 KiB of the answer. A 2xx status
/// counts even if the rest of the answer never comes. The detail is the status and, if refused, the first 200
/// characters of the answer, without the secrets and the parts of the URL that could be one. Any thread; blocks up to
/// the deadline.
class HttpPoster {
 public:
  HttpPoster();
  ~HttpPoster();
  HttpPoster(const HttpPoster&) = delete;
  HttpPoster& operator=(const HttpPoster&) = delete;

  [[nodiscard]] Receipt post(const HttpPostRequest& request) const { return exchange(request).receipt; }
  [[nodiscard]] HttpAnswer exchange(const HttpPostRequest& request) const;

  /// Ends a post() under way and every later one, within about a second. Any thread.
  void cancel() { cancelled_ = true; }

 private:
  std::atomic<bool> cancelled_{false};
  std::unique_ptr<LastAddresses> addresses_;  // of https receivers, and those on loopback
};

}  // namespace embargod
