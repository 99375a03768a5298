#include "daemon/web/http_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "config/types/ascii.h"

namespace embargod {
namespace {

bool is_token_char(char c) {  // RFC 9110 5.6.2
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

std::string_view trimmed(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

bool has_control(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u < 0x20 && c != '\t') || u == 0x7f;
  });
}

/// Does a comma-separated list hold `word` without "q=0"?
bool lists(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    const std::string item = ascii_lowered(trimmed(list.substr(0, comma)));
    list.remove_prefix(std::min(comma + 1, list.size()));
    const auto semicolon = std::min(item.find(';'), item.size());
    if (trimmed(std::string_view{item}.substr(0, semicolon)) != word) continue;
    const auto q = item.find("q=", semicolon);
    return q == std::string::npos || item.find_first_not_of("0.", q + 2) != std::string::npos;
  }
  return false;
}

/// Reads line by line and keeps what later lines depend on.
class HeadReader {
 public:
  explicit HeadReader(const HeadLimits& limits) : limits_{limits} {}

  HeadCheck read(std::string_view raw) {
    if (raw.size() > limits_.head) return refuse(431, "the request head is too long");
    auto end = raw.find("\r\n");
    if (end == std::string_view::npos || !request_line(raw.substr(0, end))) return std::move(out_);
    raw.remove_prefix(end + 2);
    int count = 0;
    while ((end = raw.find("\r\n")) != 0) {
      if (end == std::string_view::npos) return refuse(400, "the request head has no end");
      if (++count > limits_.headers) return refuse(431, "too many headers");
      if (!header(raw.substr(0, end))) return std::move(out_);
      raw.remove_prefix(end + 2);
    }
    return finish();
  }

 private:
  HeadCheck refuse(int status, const char* why) {
    note(status, why);
    return std::move(out_);
  }
  bool note(int status, const char* why) {
    out_.status = status;
    out_.why = why;
    return false;
  }

  bool request_line(std::string_view line) {
    const auto first = line.find(' ');
    const auto last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return note(400, "malformed request line");
    method_ = line.substr(0, first);
    const auto target = line.substr(first + 1, last - first - 1);
    const auto version = line.substr(last + 1);
    if (method_.empty() || method_.size() > 16 ||
        !std::all_of(method_.begin(), method_.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
      return note(400, "malformed method");
    }
    if (target.size() > limits_.target) return note(414, "the request target is too long");
    if (target.empty() || target.front() != '/' ||
        !std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; })) {
      return note(400, "the request target must be a path");
    }
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return note(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    static constexpr std::array<std::string_view, 9> kMethods{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                              "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    if (std::find(kMethods.begin(), kMethods.end(), method_) == kMethods.end()) return note(501, "unknown method");
    out_.head.append(line).append("\r\n");
    return true;
  }

  bool header(std::string_view line) {
    if (line.size() > limits_.line) return note(431, "a header is too long");
    const auto colon = line.find(':');
    const auto raw_name = line.substr(0, std::min(colon, line.size()));
    if (colon == std::string_view::npos || raw_name.empty() ||
        !std::all_of(raw_name.begin(), raw_name.end(), is_token_char)) {
      return note(400, "malformed header");  // also a folded line and a blank before the colon: both smuggle
    }
    const auto value = trimmed(line.substr(colon + 1));
    if (has_control(value)) return note(400, "a control character in a header");
    return take(ascii_lowered(raw_name), value);
  }

  bool take(const std::string& name, std::string_view value) {
    if (name == "host") {
      if (host_seen_) return note(400, "more than one Host");
      host_seen_ = true;
      out_.host = host_of(value);
      if (out_.host.empty()) return note(400, "malformed Host");
    } else if (name == "content-length") {
      if (length_) return note(400, "more than one Content-Length");
      std::size_t n = 0;
      const auto [end, bad] = std::from_chars(value.data(), value.data() + value.size(), n);
      if (value.empty() || bad == std::errc::invalid_argument || end != value.data() + value.size()) {
        return note(400, "malformed Content-Length");
      }
      length_ = bad == std::errc::result_out_of_range ? limits_.body + 1 : n;
      return true;
    } else if (name == "transfer-encoding") {
      encoded_ = true;
      return true;
    } else if (name == "content-encoding") {
      return note(415, "compressed request bodies are not taken");
    } else if (name == "expect") {
      if (ascii_lowered(value) != "100-continue") return note(417, "unknown expectation");
      out_.wants_continue = true;
      return true;
    } else if (name == "accept-encoding") {
      gzip_ = gzip_ || lists(value, "gzip");
      return true;
    } else if (name == "connection") {
      close_ = close_ || lists(value, "close");
      keep_alive_ = keep_alive_ || lists(value, "keep-alive");
      return true;
    } else if (name == "content-type" || name == "origin" || name == "sec-fetch-site") {
      if (out_.head.find("\r\n" + name + ": ") != std::string::npos)
        return note(400, "a header twice that may stand once");
    }
    if (!hidden(name)) out_.head.append(name).append(": ").append(value).append("\r\n");
    return true;
  }

  /// What the library would act on although we do not offer it, or what it writes itself (REMOTE_ADDR and its kin).
  static bool hidden(const std::string& name) {
    static constexpr std::array<std::string_view, 7> kHidden{"range",   "if-range",       "te",        "trailer",
                                                             "upgrade", "http2-settings", "keep-alive"};
    return name.find('_') != std::string::npos || std::find(kHidden.begin(), kHidden.end(), name) != kHidden.end();
  }

  HeadCheck finish() {
    if (!host_seen_) return refuse(400, "no Host");
    if (encoded_ && length_) return refuse(400, "both Content-Length and Transfer-Encoding");
    if (encoded_) return refuse(411, "say the Content-Length; chunked request bodies are not taken");
    out_.body = length_.value_or(0);
    if (out_.body > limits_.body) return refuse(413, "the request body is too large");
    if (out_.body > 0 && method_ != "POST" && method_ != "PUT" && method_ != "PATCH" && method_ != "DELETE") {
      return refuse(400, "this method takes no body");
    }
    // The library compares these words byte for byte.
    if (close_) out_.head += "connection: close\r\n";
    if (keep_alive_ && !close_) out_.head += "connection: Keep-Alive\r\n";
    // Brotli at the library's setting costs a second per megabyte; gzip alone is offered.
    if (gzip_) out_.head += "accept-encoding: gzip\r\n";
    out_.head += "content-length: " + std::to_string(out_.body) + "\r\n\r\n";
    return std::move(out_);
  }

  const HeadLimits& limits_;
  HeadCheck out_;
  std::string_view method_;
  std::optional<std::size_t> length_;
  bool host_seen_ = false;
  bool encoded_ = false;
  bool gzip_ = false;
  bool close_ = false;
  bool keep_alive_ = false;
};

}  // namespace

std::string host_of(std::string_view text) {
  std::string_view name = text;
  std::string_view port;
  if (!text.empty() && text.front() == '[') {
    const auto close = text.find(']');
    if (close == std::string_view::npos || close == 1) return {};
    name = text.substr(1, close - 1);
    port = text.substr(close + 1);
    if (!port.empty() && port.front() != ':') return {};
  } else if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    name = text.substr(0, colon);
    port = text.substr(colon);
  }
  if (!port.empty() && (port.size() > 6 || port.find_first_not_of("0123456789", 1) != std::string_view::npos))
    return {};
  const bool sane = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
           c == '_' || c == ':';
  });
  return sane ? ascii_lowered(name) : std::string{};
}

HeadCheck check_head(std::string_view raw, const HeadLimits& limits) { return HeadReader{limits}.read(raw); }

}  // namespace embargod
