#include "daemon/ctl/http_client.h"

#include <curl/curl.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "config/types/url.h"

namespace embargod {
namespace {

constexpr std::size_t kMaxReply = std::size_t{64} << 20U;
constexpr long kConnectMs = 3'000;

std::size_t take_bytes(char* data, std::size_t, std::size_t n, void* to) {
  auto& body = *static_cast<std::string*>(to);
  if (body.size() + n > kMaxReply) return 0;
  body.append(data, n);
  return n;
}

struct FreeCurl {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
};
struct FreeList {
  void operator()(curl_slist* l) const { curl_slist_free_all(l); }
};

Fault unreachable(const std::string& base, CURLcode code) {
  const std::string why = code == CURLE_OPERATION_TIMEDOUT ? "the daemon did not answer in time" : "no daemon answers";
  return {Errc::unavailable, base, why + " (" + curl_easy_strerror(code) + ")",
          "see whether it runs with `systemctl status embargod`, and name its address with --url=http://HOST:PORT "
          "(web.listen in embargod.yml)"};
}

}  // namespace

DaemonClient::DaemonClient(std::string base_url, Millis patience) : base_{std::move(base_url)}, patience_{patience} {
  while (base_.ends_with('/')) base_.pop_back();
}

Result<HttpReply> DaemonClient::run(const std::string& path, const std::string* json) const {
  const auto url = parse_url(base_ + path);
  if (!url || url->scheme != "http")
    return fail(Errc::invalid_input, "--url must be a plain http address", base_,
                "write it like --url=http://127.0.0.1:9750");
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::unique_ptr<CURL, FreeCurl> curl{kReady == CURLE_OK ? curl_easy_init() : nullptr};
  if (!curl) return fail(Errc::unavailable, "libcurl could not be set up");
  std::unique_ptr<curl_slist, FreeList> headers;
  HttpReply reply;
  CURL* c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, url->text.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(c, CURLOPT_PROXY, "");
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, kConnectMs);
  curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, static_cast<long>(patience_.count()));
  curl_easy_setopt(c, CURLOPT_USERAGENT, "embargoctl");
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_bytes);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &reply.body);
  if (json != nullptr) {
    headers.reset(curl_slist_append(nullptr, "Content-Type: application/json"));
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(json->size()));
    curl_easy_setopt(c, CURLOPT_COPYPOSTFIELDS, json->c_str());
  }
  const CURLcode code = curl_easy_perform(c);
  if (code == CURLE_WRITE_ERROR) return fail(Errc::io, "the answer is larger than 64 MB", base_);
  if (code != CURLE_OK) return tl::unexpected<Fault>{unreachable(base_, code)};
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  reply.status = static_cast<int>(status);
  const char* type = nullptr;
  curl_easy_getinfo(c, CURLINFO_CONTENT_TYPE, &type);
  if (type != nullptr) reply.content_type = type;
  return reply;
}

Result<HttpReply> DaemonClient::get(const std::string& path) const { return run(path, nullptr); }

Result<HttpReply> DaemonClient::post_json(const std::string& path, const std::string& json) const {
  return run(path, &json);
}

Result<std::string> body_or_problem(Result<HttpReply> reply) {
  if (!reply) return tl::unexpected{reply.error()};
  if (reply->status >= 200 && reply->status <= 299) return std::move(reply->body);
  std::string what = "the daemon answered " + std::to_string(reply->status);
  if (reply->content_type.starts_with("application/problem+json")) {
    const auto j = nlohmann::json::parse(reply->body, nullptr, false);
    const auto text = [&j](const char* key) {
      const auto it = j.is_object() ? j.find(key) : j.end();
      return it != j.end() && it->is_string() ? it->get<std::string>() : std::string{};
    };
    const std::string title = j.is_object() ? text("title") : std::string{};
    const std::string detail = j.is_object() ? text("detail") : std::string{};
    if (!title.empty()) what += " " + title;
    if (!detail.empty() && detail != title) what += ": " + detail;
  } else {
    what += ", which no embargod would say here";
  }
  const Errc code = reply->status == 404   ? Errc::not_found
                    : reply->status == 409 ? Errc::conflict
                                           : Errc::invalid_input;
  return fail(code, what);
}

std::string url_encoded(std::string_view text) {
  static constexpr std::string_view kUnreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  static constexpr const char* kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (kUnreserved.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4U];
    out += kHex[byte & 0xFU];
  }
  return out;
}

}  // namespace embargod
