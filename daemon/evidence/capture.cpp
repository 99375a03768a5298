#include "daemon/evidence/capture.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "config/types/digest.h"
#include "config/types/url.h"

namespace embargod {
namespace {

using Json = nlohmann::json;  // members sorted by name

/// A URL from outside as a field may hold it: anything but printable ASCII as %XX.
std::string one_word(std::string_view text) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 0x0FU];
    }
  }
  return out;
}

/// A header as sent, but for line breaks, which would forge further headers.
std::string header_text(std::string_view text) {
  std::string out{text};
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, ' ');
  return out;
}

/// Speaks of the bytes on the wire, which are not those kept.
bool is_of_the_wire(std::string_view name) {
  constexpr std::array<std::string_view, 3> kNames{"content-encoding", "transfer-encoding", "content-length"};
  std::string lower{name};
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::find(kNames.begin(), kNames.end(), lower) != kNames.end();
}

std::string head_of(const Observation& o) {
  std::string head = "HTTP/1.1 " + std::to_string(o.status) + " \r\n";
  for (const auto& [name, value] : o.headers)
    head += (is_of_the_wire(name) ? "X-Orig-" : "") + header_text(name) + ": " + header_text(value) + "\r\n";
  return head + "\r\n";
}

/// WARC-Truncated; null if all that the site sent is kept.
const char* truncation(const Observation& o, std::size_t max_body) {
  if (o.body.size() > max_body || o.failure == Cause::too_large || o.size > o.body.size()) return "length";
  if (o.failure == Cause::timeout) return "time";
  if (o.failure == Cause::truncated || o.failure == Cause::reset) return "disconnect";
  return nullptr;
}

const std::string& asked_last(const Observation& o) { return o.final_url.empty() ? o.url : o.final_url; }

WarcRecord begin_record(const char* type, const Observation& o) {
  WarcRecord r;
  r.type = type;
  r.fields = {{"WARC-Record-ID", new_record_id()},
              {"WARC-Date", rfc3339(o.sent)},
              {"WARC-Target-URI", one_word(asked_last(o))}};
  return r;
}

WarcRecord answer_record(const Observation& o, std::size_t max_body, const EarlierPayload* earlier) {
  WarcRecord r = begin_record(earlier != nullptr ? "revisit" : "response", o);
  const auto put = [&r](const char* name, std::string value) { r.fields.emplace_back(name, std::move(value)); };
  put("Content-Type", "application/http;msgtype=response");
  if (!o.remote_ip.empty()) put("WARC-IP-Address", one_word(o.remote_ip));
  if (!o.http_version.empty()) put("WARC-Protocol", o.http_version == "2" ? "h2" : "http/" + one_word(o.http_version));
  const std::string_view body = std::string_view{o.body}.substr(0, max_body);
  put("WARC-Payload-Digest", "sha256:" + hex(sha256(body)));
  r.block = head_of(o);
  if (earlier != nullptr) {
    put("WARC-Profile", kRevisitProfile);
    put("WARC-Refers-To", earlier->record_id);
    put("WARC-Refers-To-Target-URI", earlier->url);
    put("WARC-Refers-To-Date", earlier->date);
    put("WARC-Truncated", "length");
    return r;
  }
  if (const char* cut = truncation(o, max_body)) put("WARC-Truncated", cut);
  r.block += body;
  return r;
}

WarcRecord request_record(const CapturedBy& by, const Observation& o, const std::string& answer) {
  WarcRecord r = begin_record("request", o);
  r.fields.emplace_back("Content-Type", "application/http;msgtype=request");
  if (!answer.empty()) r.fields.emplace_back("WARC-Concurrent-To", answer);
  const auto url = parse_url(asked_last(o));
  std::string path = "/";
  if (url) {
    const std::string& text = url->text;
    const auto host_at = text.find("://");
    const auto path_at = host_at == std::string::npos ? host_at : text.find('/', host_at + 3);
    if (path_at != std::string::npos) path = text.substr(path_at, text.find('#', path_at) - path_at);
  }
  r.block = "GET " + one_word(path) + " HTTP/1.1\r\n";
  if (url) r.block += "Host: " + header_text(url->site()) + "\r\n";
  if (!by.user_agent.empty()) r.block += "User-Agent: " + header_text(by.user_agent) + "\r\n";
  r.block += "\r\n";
  return r;
}

Json timings_json(const Timings& t) {
  return {{"dns_us", t.dns.count()},
          {"connect_us", t.connect.count()},
          {"tls_us", t.tls.count()},
          {"first_byte_us", t.first_byte.count()},
          {"total_us", t.total.count()}};
}

WarcRecord metadata_record(const Observation& o, const TakenFor& taken, const std::string& answer) {
  WarcRecord r = begin_record("metadata", o);
  r.fields.emplace_back("Content-Type", "application/json");
  if (!answer.empty()) r.fields.emplace_back("WARC-Concurrent-To", answer);
  Json hops = Json::array();
  for (const Hop& h : o.hops) hops.push_back({{"status", h.status}, {"location", h.location}});
  const Json j{
      {"target", o.target},
      {"url", o.url},
      {"final_url", o.final_url},
      {"sent", rfc3339(o.sent)},
      {"done", rfc3339(o.done)},
      {"clock", {{"error_ms", o.clock_error.count()}, {"verified", taken.clock_verified}}},
      {"route", to_string(o.route)},
      {"remote", {{"ip", o.remote_ip}, {"port", o.remote_port}, {"connection_reused", o.reused_connection}}},
      {"http_version", o.http_version},
      {"tls", {{"issuer", o.certificate_issuer}}},
      {"redirects", hops},
      {"timings", timings_json(o.timings)},
      {"body", {{"size", o.size}, {"sha256", o.digest}}},
      {"failure", to_string(o.failure)},
      {"taken_for",
       {{"liveness", to_string(taken.look.liveness)},
        {"verdict", to_string(taken.verdict)},
        {"rule", taken.look.rule},
        {"wrong", taken.look.wrong},
        {"fingerprint", taken.look.fingerprint}}},
      {"form",
       {{"response", "body without content coding; reason phrase unknown; what spoke of the coding is under X-Orig-"},
        {"request", "as asked for, not the bytes sent"}}}};
  r.block = j.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  return r;
}

}  // namespace

std::string whole_payload(const Observation& o, std::size_t max_body) {
  if (o.body.empty() || truncation(o, max_body) != nullptr) return {};
  return "sha256:" + hex(sha256(o.body));
}

WarcRecord warcinfo_record(const CapturedBy& by, Instant now) {
  WarcRecord r;
  r.type = "warcinfo";
  r.fields = {
      {"WARC-Record-ID", new_record_id()}, {"WARC-Date", rfc3339(now)}, {"Content-Type", "application/warc-fields"}};
  r.block = "software: " + header_text(by.software) + "\r\n";
  if (!by.operator_name.empty()) r.block += "operator: " + header_text(by.operator_name) + "\r\n";
  if (!by.user_agent.empty()) r.block += "http-header-user-agent: " + header_text(by.user_agent) + "\r\n";
  r.block +=
      "format: WARC File Format 1.1\r\n"
      "conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/\r\n";
  return r;
}

Capture capture(const CapturedBy& by, const Observation& o, const TakenFor& taken, std::size_t max_body,
                const EarlierPayload* earlier) {
  Capture c;
  std::string answer;
  if (o.status != 0) {
    c.records.push_back(answer_record(o, max_body, earlier));
    answer = *c.records.back().field("WARC-Record-ID");
    if (earlier == nullptr) c.payload_digest = whole_payload(o, max_body);
  }
  c.records.push_back(request_record(by, o, answer));
  c.records.push_back(metadata_record(o, taken, answer));
  return c;
}

}  // namespace embargod
