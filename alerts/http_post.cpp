#include "alerts/http_post.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "alerts/curl_session.h"
#include "alerts/last_address.h"
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

void blot_out(std::string& text, std::string_view secret) {
  constexpr std::string_view kBlot = "[...]";
  if (secret.size() < 4) return;  // a word of every answer
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kBlot.size()))
    text.replace(at, secret.size(), kBlot);
}

// The token of a chat hook is a part of its path or query.
void blot_out_url(std::string& text, std::string_view url) {
  constexpr std::size_t kShortestToken = 8;
  blot_out(text, url);
  const std::size_t host = url.find("://");
  url.remove_prefix(std::min(url.find('/', host == std::string_view::npos ? 0 : host + 3), url.size()));
  while (!url.empty()) {
    const std::size_t end = std::min(url.find_first_of("/?&=;,@:"), url.size());
    if (end >= kShortestToken) blot_out(text, url.substr(0, end));
    url.remove_prefix(std::min(end + 1, url.size()));
  }
}

// Cleaned before, so that nothing invisible hides a secret, and cut afterwards, so that no cut leaves half of one.
std::string excerpt_of(std::string_view answer, const HttpPostRequest& request) {
  std::string text = clean_line(answer, kMaxAnswer);
  for (const Secret& secret : request.secrets) blot_out(text, secret.reveal());
  blot_out_url(text, request.url);
  return clean_line(text, kExcerpt);
}

std::string describe(int status, std::string_view answer, const HttpPostRequest& request) {
  std::string detail = "HTTP " + std::to_string(status);
  if (status >= 300 && status < 400) detail += " (redirects are not followed: configure the final URL)";
  const std::string excerpt = status >= 300 ? excerpt_of(answer, request) : std::string{};
  if (!excerpt.empty()) detail += ": " + excerpt;
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

HttpPoster::HttpPoster() : addresses_{std::make_unique<LastAddresses>()} {}
HttpPoster::~HttpPoster() = default;

HttpAnswer HttpPoster::exchange(const HttpPostRequest& request) const {
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
  const PeerProof proof = request.url.starts_with("https:") ? PeerProof::certificate : PeerProof::none;
  const auto [rc, by_last_address] = perform(session, request.url, proof, *addresses_);

  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(c, CURLINFO_RETRY_AFTER, &retry_after);
  Receipt receipt;
  if (status < 200) {
    receipt.detail = rc == CURLE_ABORTED_BY_CALLBACK && cancelled_ ? "stopped" : curl_easy_strerror(rc);
    return {.receipt = std::move(receipt), .status = 0, .start = {}};
  }
  receipt.outcome = judge_status(static_cast<int>(status));
  receipt.detail = describe(static_cast<int>(status), answer, request);
  if (by_last_address) receipt.detail += kByLastAddress;
  if (retry_after > 0 && receipt.outcome == Outcome::retry)
    receipt.retry_after = Seconds{std::min<curl_off_t>(retry_after, 24L * 3600)};
  return {.receipt = std::move(receipt), .status = static_cast<int>(status), .start = std::move(answer)};
}

}  // namespace embargod
