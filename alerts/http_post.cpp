#include "alerts/http_post.h"

#include <algorithm>
#include <string_view>

#include "alerts/curl_session.h"
#include "alerts/plain_text.h"

namespace embargod {
namespace {

constexpr std::size_t kMaxAnswer = 64UL * 1024;
constexpr std::size_t kExcerpt = 200;

std::size_t keep_answer(const char* data, std::size_t, std::size_t size, void* answer) {
  auto& kept = *static_cast<std::string*>(answer);
  if (kept.size() + size > kMaxAnswer) return 0;  // ends the transfer; the status is known by now
  kept.append(data, size);
  return size;
}

std::string describe(int status, std::string_view answer) {
  std::string detail = "HTTP " + std::to_string(status);
  if (status >= 300 && status < 400) detail += " (redirects are not followed: configure the final URL)";
  const std::string excerpt = clean_line(answer.substr(0, kExcerpt * 4), kExcerpt);
  if (!excerpt.empty() && status >= 300) detail += ": " + excerpt;
  return detail;
}

}  // namespace

Outcome judge_status(int status) {
  if (status >= 200 && status < 300) return Outcome::accepted;
  switch (status) {
    case 400:
    case 410:
    case 413:
    case 414:
    case 415:
    case 422:
    case 431:
      return Outcome::rejected;
    default:
      return Outcome::retry;
  }
}

Receipt HttpPoster::post(const HttpPostRequest& request) const {
  const CurlSession session = open_session("http,https", request.deadline, cancelled_);
  CURL* const c = session.get();
  CurlList headers;
  for (const std::string& line : request.headers) append(headers, line);
  append(headers, "Expect:");  // no "100-continue" pause before a long body
  std::string answer;
  set(c, CURLOPT_URL, request.url.c_str());
  set(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
  set(c, CURLOPT_POSTFIELDS, request.body.c_str());
  set(c, CURLOPT_HTTPHEADER, headers.get());
  set(c, CURLOPT_USERAGENT, "embargod");
  set(c, CURLOPT_WRITEFUNCTION, &keep_answer);
  set(c, CURLOPT_WRITEDATA, &answer);
  const CURLcode rc = curl_easy_perform(c);

  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &retry_after);
  Receipt receipt;
  if (status < 200) {
    receipt.detail = rc == CURLE_ABORTED_BY_CALLBACK && cancelled_ ? "stopped" : curl_easy_strerror(rc);
    return receipt;
  }
  receipt.outcome = judge_status(static_cast<int>(status));
  receipt.detail = describe(static_cast<int>(status), answer);
  if (retry_after > 0 && receipt.outcome == Outcome::retry)
    receipt.retry_after = Seconds{std::min<curl_off_t>(retry_after, 24L * 3600)};
  return receipt;
}

}  // namespace embargod
