#pragma once
// A request that the guard let through, and the answer to it. Values; no HTTP library behind them.

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace embargod {

struct WebRequest {
  std::string method;                             // upper case
  std::string path;                               // percent-decoded, from "/"
  std::multimap<std::string, std::string> query;  // percent-decoded
  std::map<std::string, std::string> headers;     // names in lower case; of repeated ones the last
  std::string body;
  std::string peer;  // IP address of the other end of the connection

  /// Value of a header by its lower-case name; "" if there is none.
  [[nodiscard]] const std::string& header(const std::string& name) const {
    static const std::string kNone;
    const auto found = headers.find(name);
    return found == headers.end() ? kNone : found->second;
  }
};

struct WebReply {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;  // replace the default ones of the same name
};

[[nodiscard]] inline WebReply text_reply(int status, std::string text) {
  return {.status = status, .type = "text/plain; charset=utf-8", .body = std::move(text), .headers = {}};
}
[[nodiscard]] inline WebReply json_reply(int status, std::string json) {
  return {.status = status, .type = "application/json", .body = std::move(json), .headers = {}};
}
[[nodiscard]] inline WebReply html_reply(int status, std::string html) {
  return {.status = status, .type = "text/html; charset=utf-8", .body = std::move(html), .headers = {}};
}

/// problem+json (RFC 9457); `detail` may be outside text.
[[nodiscard]] WebReply problem(int status, const std::string& detail);

/// "Not Found" for 404; "Error" for what has no name here.
[[nodiscard]] const char* status_title(int status);

}  // namespace embargod
