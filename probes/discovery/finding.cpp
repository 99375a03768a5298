#include "probes/discovery/finding.h"

#include <algorithm>
#include <array>

#include "config/types/ascii.h"
#include "probes/answer.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestAddress = 8'192;
constexpr std::string_view kKnownMagic = "EMBK1\n";
constexpr std::size_t kFewestSlots = 64;

int hex_digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// RFC 3986 2.3: those mean the same with and without an escape.
bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

void append_with_plain_escapes(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit_of(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_digit_of(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    const auto c = static_cast<char>(high * 16 + low);
    if (is_unreserved(c)) {
      out += c;
    } else {
      constexpr std::string_view kHex = "0123456789ABCDEF";
      out += '%';
      out += kHex[static_cast<std::size_t>(high)];
      out += kHex[static_cast<std::size_t>(low)];
    }
    i += 2;
  }
}

bool is_campaign_key(std::string_view pair) {
  return pair.starts_with("utm_") || pair.starts_with("gclid=") || pair.starts_with("fbclid=");
}

void append_query(std::string& out, std::string_view query) {
  char joint = '?';
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty() || is_campaign_key(pair)) continue;
    out += joint;
    append_with_plain_escapes(out, pair);
    joint = '&';
  }
}

/// False: it needs resolve(), which knows every form.
bool is_plainly_absolute(std::string_view text) {
  const std::size_t at = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  if (at == 0 || text.size() > kLongestAddress || text.size() == at) return false;
  const std::string_view rest = text.substr(at);
  const std::string_view host = rest.substr(0, rest.find_first_of("/?"));
  for (const char c : host)
    if (!is_unreserved(c) && c != ':') return false;
  for (const char c : rest)
    if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || c == '\\') return false;
  return !host.empty() && host.front() != ':' && rest.find("/.") == std::string_view::npos;
}

std::string_view without_ending(std::string_view path) {
  static constexpr auto kEndings =
      std::to_array<std::string_view>({"pdf", "xlsx", "xls", "csv", "ods", "odt", "doc", "docx", "pptx", "zip", "json",
                                       "xml", "html", "htm", "aspx", "px", "cy", "en", "txt"});
  const std::size_t slash = path.rfind('/');
  const std::size_t dot = path.rfind('.');
  if (dot == std::string_view::npos || (slash != std::string_view::npos && dot < slash + 2)) return path;
  const std::string_view ending = path.substr(dot + 1);
  return std::find(kEndings.begin(), kEndings.end(), ending) == kEndings.end() ? path : path.substr(0, dot);
}

}  // namespace

std::optional<Instant> instant_indicated(std::string_view text) {
  text = trimmed(text);
  if (const auto at = parse_rfc3339(text)) return *at;
  if (const auto at = parse_http_date(text)) return *at;
  // W3C dates may leave out the seconds: "2026-06-10T09:30+01:00".
  if (text.size() > 16 && text[10] == 'T' && text[13] == ':' && text[16] != ':')
    if (const auto at = parse_rfc3339(std::string{text.substr(0, 16)} + ":00" + std::string{text.substr(16)}))
      return *at;
  return std::nullopt;
}

std::optional<std::string> absolute_address(const Url& base, std::string_view reference) {
  constexpr std::string_view kBlanks = " \t\r\n\f";
  const std::size_t first = reference.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return std::nullopt;
  reference = reference.substr(first, reference.find_last_not_of(kBlanks) - first + 1);
  const std::string_view whole = reference.substr(0, reference.find('#'));
  if (is_plainly_absolute(whole)) return std::string{whole};
  auto url = resolve(base, reference);
  if (!url) return std::nullopt;
  return std::move(url->text);
}

std::string canonical_address(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const bool is_https = url.starts_with("https");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  url = url.substr(0, url.find('#'));
  const std::size_t host_end = std::min(url.find_first_of("/?"), url.size());
  std::string out;
  out.reserve(url.size());
  for (const char c : url.substr(0, host_end)) out += ascii_lower(c);
  const std::string_view usual_port = is_https ? ":443" : ":80";
  if (out.ends_with(usual_port)) out.resize(out.size() - usual_port.size());
  if (out.ends_with('.')) out.pop_back();
  if (out.starts_with("www.") && out.find('.', 4) != std::string::npos) out.erase(0, 4);
  url.remove_prefix(host_end);
  const std::size_t question = std::min(url.find('?'), url.size());
  const std::size_t path_begin = out.size();
  append_with_plain_escapes(out, url.substr(0, question));
  constexpr std::string_view kIndex = "/index.html";
  if (std::string_view{out}.substr(path_begin).ends_with(kIndex)) out.resize(out.size() - kIndex.size());
  while (out.size() > path_begin && out.back() == '/') out.pop_back();
  if (question < url.size()) append_query(out, url.substr(question + 1));
  return out;
}

std::string plain_form_of(std::string_view canonical) {
  if (canonical.starts_with("cy.")) canonical.remove_prefix(3);
  const std::size_t question = std::min(canonical.find('?'), canonical.size());
  std::string path;
  path.reserve(canonical.size());
  for (const char c : canonical.substr(0, question)) path += ascii_lower(c);
  if (path.ends_with("/print")) path.resize(path.size() - 6);
  // Twice: "/a.cy" and "/a.pdf.cy".
  for (int i = 0; i < 2; ++i) path.resize(without_ending(path).size());
  return path.append(canonical.substr(question));
}

std::string_view host_of_canonical(std::string_view canonical) {
  return canonical.substr(0, canonical.find_first_of("/?"));
}

std::uint64_t finding_key(std::string_view listing, std::string_view canonical, std::string_view title) {
  std::uint64_t h = 0xcbf29ce484222325U;  // FNV-1a, then the finish of splitmix64
  const auto take = [&h](std::string_view text) {
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    h = (h ^ 0xFFU) * 0x100000001b3U;  // a byte that no UTF-8 holds: "a" "bc" is not "ab" "c"
  };
  take(listing);
  take(canonical);
  take(title);
  h = (h ^ (h >> 30U)) * 0xbf58476d1ce4e5b9U;
  h = (h ^ (h >> 27U)) * 0x94d049bb133111ebU;
  h ^= h >> 31U;
  return h == 0 ? 1 : h;
}

bool KnownSet::contains(std::uint64_t key) const {
  if (slots_.empty()) return false;
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = key & mask; slots_[i] != 0; i = (i + 1) & mask)
    if (slots_[i] == key) return true;
  return false;
}

void KnownSet::put(std::uint64_t key) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = key & mask;
  while (slots_[i] != 0) i = (i + 1) & mask;
  slots_[i] = key;
}

void KnownSet::grow() {
  std::vector<std::uint64_t> old(std::max(kFewestSlots, slots_.size() * 2), 0);
  old.swap(slots_);
  for (const std::uint64_t key : old)
    if (key != 0) put(key);
}

void KnownSet::add(std::uint64_t key) {
  if (key == 0 || full() || contains(key)) return;
  if (slots_.empty() || (count_ + 1) * 2 > slots_.size()) grow();
  put(key);
  ++count_;
}

std::string KnownSet::bytes() const {
  std::vector<std::uint64_t> keys;
  keys.reserve(count_);
  for (const std::uint64_t key : slots_)
    if (key != 0) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  std::string out{kKnownMagic};
  out.reserve(out.size() + keys.size() * 8);
  for (const std::uint64_t key : keys)
    for (unsigned shift = 0; shift < 64; shift += 8) out += static_cast<char>((key >> shift) & 0xFFU);
  return out;
}

Result<KnownSet> KnownSet::from_bytes(std::string_view bytes) {
  const auto refuse = [](const char* what) { return fail(Errc::corrupt, what, "the known entries of a listing"); };
  if (!bytes.starts_with(kKnownMagic)) return refuse("not written by this program");
  bytes.remove_prefix(kKnownMagic.size());
  if (bytes.size() % 8 != 0 || bytes.size() / 8 > kMostKnown) return refuse("their length is wrong");
  KnownSet set;
  std::uint64_t before = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t key = 0;
    for (unsigned i = 0; i < 8; ++i) key |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
    if (key <= before) return refuse("they are not in order");
    set.add(key);
    before = key;
  }
  return set;
}

}  // namespace embargod
