#include "config/types/url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "config/types/ascii.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestUrl = 8192;

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_alpha(c) || (c >= '0' && c <= '9'); }

/// No message quotes the URL: unpublished addresses and hook tokens must not reach logs through a fault.
tl::unexpected<Fault> refuse(const char* what, const char* to_do = "") {
  return fail(Errc::invalid_input, what, {}, to_do);
}

struct CurlUrlCleanup {
  void operator()(CURLU* u) const { curl_url_cleanup(u); }
};
using CurlUrl = std::unique_ptr<CURLU, CurlUrlCleanup>;

std::string curl_part(CURLU* u, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(u, part, &text, flags) != CURLUE_OK || text == nullptr) return {};
  std::string out{text};
  curl_free(text);
  return out;
}

/// RFC 3986 3: the five parts, byte for byte. A part that is absent differs from one that is empty.
struct UrlParts {
  std::optional<std::string_view> scheme, authority, query;
  std::string_view path;
};

UrlParts split_url(std::string_view s) {
  UrlParts p;
  s = s.substr(0, s.find('#'));
  std::size_t n = 0;
  while (n < s.size() && (is_alnum(s[n]) || s[n] == '+' || s[n] == '-' || s[n] == '.')) ++n;
  if (n > 0 && n < s.size() && s[n] == ':' && is_alpha(s[0])) {
    p.scheme = s.substr(0, n);
    s.remove_prefix(n + 1);
  }
  if (s.starts_with("//")) {
    s.remove_prefix(2);
    const std::size_t end = std::min(s.find_first_of("/?"), s.size());
    p.authority = s.substr(0, end);
    s.remove_prefix(end);
  }
  const std::size_t question = s.find('?');
  p.path = s.substr(0, question);
  if (question != std::string_view::npos) p.query = s.substr(question + 1);
  return p;
}

/// RFC 3986 5.2.4. Only for references: what a person wrote in a schedule is never changed.
std::string remove_dot_segments(std::string_view in) {
  std::string out;
  const auto drop_last = [&out] {
    const std::size_t slash = out.rfind('/');
    out.resize(slash == std::string::npos ? 0 : slash);
  };
  while (!in.empty()) {
    if (in.starts_with("../")) {
      in.remove_prefix(3);
    } else if (in.starts_with("./")) {
      in.remove_prefix(2);
    } else if (in.starts_with("/./")) {
      in.remove_prefix(2);
    } else if (in == "/.") {
      in = "/";
    } else if (in.starts_with("/../")) {
      in.remove_prefix(3);
      drop_last();
    } else if (in == "/..") {
      in = "/";
      drop_last();
    } else if (in == "." || in == "..") {
      in = {};
    } else {
      const std::size_t end = std::min(in.find('/', 1), in.size());
      out += in.substr(0, end);
      in.remove_prefix(end);
    }
  }
  return out;
}

std::optional<Fault> authority_fault(std::string_view authority) {
  const auto fault = [](const char* what, const char* to_do = "") { return refuse(what, to_do).value(); };
  if (authority.empty() || authority.front() == ':') return fault("the URL has no host");
  if (authority.find('@') != std::string_view::npos)
    return fault("the URL carries a user or password", "leave it out: only public addresses are watched");
  const bool bracketed = authority.front() == '[';
  for (const char c : authority) {
    if (static_cast<unsigned char>(c) >= 0x80) return fault("the host is not ASCII", "write it in its xn-- form");
    const bool allowed =
        is_alnum(c) || c == '.' || c == '-' || c == '_' || c == ':' || (bracketed && (c == '[' || c == ']'));
    if (!allowed) return fault("the host holds a character that no host has");
  }
  return std::nullopt;
}

}  // namespace

std::string Url::site() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  const bool usual = (scheme == "http" && port == 80) || (scheme == "https" && port == 443);
  return usual ? name : name + ":" + std::to_string(port);
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > kLongestUrl) return refuse("the URL is longer than 8192 bytes");
  for (const char c : text) {
    if (c == ' ') return refuse("the URL holds a space", "write it as %20");
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return refuse("the URL holds a control character");
  }
  text = text.substr(0, text.find('#'));
  const UrlParts parts = split_url(text);
  if (!parts.scheme) return refuse("not an absolute URL", "begin it with https:// or http://");
  Url url;
  url.scheme = ascii_lowered(*parts.scheme);
  if (url.scheme != "http" && url.scheme != "https") return refuse("the URL is neither http nor https");
  if (!parts.authority) return refuse("the URL has no host");
  if (auto fault = authority_fault(*parts.authority)) return tl::unexpected<Fault>{std::move(*fault)};

  // libcurl judges the whole and gives host and port, since libcurl is what will connect; the path stays ours, byte for
  // byte.
  const CurlUrl handle{curl_url()};
  if (!handle) return fail(Errc::unavailable, "out of memory");
  const std::string whole{text};
  const CURLUcode rc = curl_url_set(handle.get(), CURLUPART_URL, whole.c_str(), CURLU_DISALLOW_USER | CURLU_PATH_AS_IS);
  if (rc == CURLUE_BAD_PORT_NUMBER) return refuse("the port of the URL is not a number from 1 to 65535");
  if (rc != CURLUE_OK) return refuse("not a valid URL");
  url.host = ascii_lowered(curl_part(handle.get(), CURLUPART_HOST));
  if (url.host.starts_with('[') && url.host.ends_with(']')) url.host = url.host.substr(1, url.host.size() - 2);
  if (url.host.empty() || url.host.size() > 253) return refuse("the host of the URL is empty or too long");
  const std::string port = curl_part(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  unsigned long number = 0;
  for (const char c : port) number = number * 10 + static_cast<unsigned long>(c - '0');
  if (number == 0 || number > 65535) return refuse("the port of the URL is not a number from 1 to 65535");
  url.port = static_cast<std::uint16_t>(number);

  url.text = whole;
  url.path_query = parts.path.empty() ? "/" : std::string{parts.path};
  if (parts.query) url.path_query += "?" + std::string{*parts.query};
  return url;
}

Result<Url> resolve(const Url& base, std::string_view reference) {
  constexpr std::string_view kBlank = " \t\r\n\f";
  const std::size_t first = reference.find_first_not_of(kBlank);
  reference =
      first == std::string_view::npos ? "" : reference.substr(first, reference.find_last_not_of(kBlank) - first + 1);
  if (reference.size() > kLongestUrl) return refuse("the URL is longer than 8192 bytes");
  // Links with raw spaces are common and browsers follow them, so they count as what a browser would ask for.
  std::string text;
  for (const char c : reference) text += c == ' ' ? std::string{"%20"} : std::string{c};

  const UrlParts ref = split_url(text);
  const UrlParts from = split_url(base.text);
  std::string scheme{from.scheme.value_or(base.scheme)};
  std::string authority{from.authority.value_or("")};
  std::string path;
  std::optional<std::string_view> query = ref.query;
  if (ref.scheme) {
    if (!ref.authority) return refuse("the link is neither http nor https");
    scheme = *ref.scheme;
    authority = *ref.authority;
    path = remove_dot_segments(ref.path);
  } else if (ref.authority) {
    authority = *ref.authority;
    path = remove_dot_segments(ref.path);
  } else if (ref.path.empty()) {
    path = from.path;
    if (!query) query = from.query;
  } else if (ref.path.starts_with('/')) {
    path = remove_dot_segments(ref.path);
  } else {
    const std::size_t slash = from.path.rfind('/');
    const std::string folder = slash == std::string_view::npos ? "/" : std::string{from.path.substr(0, slash + 1)};
    path = remove_dot_segments(folder + std::string{ref.path});
  }
  std::string whole = scheme + "://" + authority + path;
  if (query) whole += "?" + std::string{*query};
  return parse_url(whole);
}

}  // namespace embargod
