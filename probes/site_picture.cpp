#include "probes/site_picture.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <string_view>

#include "config/types/ascii.h"
#include "config/types/digest.h"
#include "config/types/field_reader.h"
#include "probes/answer.h"
#include "probes/blocked.h"
#include "probes/simhash.h"

namespace embargod {
namespace {

/// Two samples that agree this far apart are how the site answers where nothing is, if nothing else was known before.
constexpr Millis kAgreeing{30'000};

constexpr int kNearby = 9;                        // bits of 64 in which texts of one kind may differ
constexpr std::size_t kLargestEchoBody = 65'536;  // bytes of a body that is no HTML, searched for our address
constexpr std::size_t kRandomName = 16;           // letters; a word as long is no word of a language

bool is_alpha(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char l = ascii_lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

/// Path of a URL in pieces: "/a/b/c.csv" is folder "/a/b/", name "c", ending ".csv"; "/a/b/" is "/a/", "b", "/".
struct Place {
  std::string folder, name, ending;
};

Place place_of(const Url& url) {
  std::string path = url.path_query.substr(0, url.path_query.find('?'));
  Place place;
  if (path.size() > 1 && path.ends_with('/')) {
    place.ending = "/";
    path.pop_back();
  }
  const std::size_t slash = path.rfind('/');
  place.folder = path.substr(0, slash + 1);
  place.name = path.substr(slash + 1);
  if (!place.ending.empty()) return place;
  const std::size_t dot = place.name.rfind('.');
  if (dot == std::string::npos || dot == 0) return place;
  const std::string_view tail = std::string_view{place.name}.substr(dot + 1);
  const bool is_ending = !tail.empty() && tail.size() <= 5 &&
                         std::all_of(tail.begin(), tail.end(), [](char c) { return is_alpha(c) || is_digit(c); }) &&
                         std::any_of(tail.begin(), tail.end(), is_alpha);
  if (is_ending) {
    place.ending = place.name.substr(dot);
    place.name.resize(dot);
  }
  return place;
}

/// The name that was asked for, as a site may repeat it in its answer: as sent, decoded, with its words apart.
class Echo {
 public:
  explicit Echo(const std::string& asked) {
    const auto url = parse_url(asked);
    if (!url) return;
    const Place place = place_of(*url);
    for (const std::string& name : {place.name, percent_decoded(place.name)}) {
      std::vector<std::string> run;
      for (const TextWord& t : text_words(name))
        run.push_back(ascii_lowered(std::string_view{name}.substr(t.at, t.size)));
      if (!run.empty() && (runs_.empty() || runs_.front() != run)) runs_.push_back(std::move(run));
    }
    std::sort(runs_.begin(), runs_.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  }

  /// `text` without it.
  [[nodiscard]] std::string removed_from(std::string_view text) const {
    if (runs_.empty()) return std::string{text};
    const std::vector<TextWord> tokens = text_words(text);
    std::string out;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < tokens.size();) {
      const std::size_t n = run_at(text, tokens, i);
      if (n == 0) {
        ++i;
        continue;
      }
      out += text.substr(copied, tokens[i].at - copied);
      copied = tokens[i + n - 1].at + tokens[i + n - 1].size;
      i += n;
    }
    return out.append(text.substr(copied));
  }

 private:
  /// How many tokens from `i` on are the name; 0 if they are not.
  [[nodiscard]] std::size_t run_at(std::string_view text, const std::vector<TextWord>& tokens, std::size_t i) const {
    for (const auto& run : runs_) {
      if (run.size() > tokens.size() - i) continue;
      bool same = true;
      for (std::size_t k = 0; same && k < run.size(); ++k)
        same = same_word(text.substr(tokens[i + k].at, tokens[i + k].size), run[k]);
      // One common word ("latest") is an echo only where an address or a quotation holds it.
      const bool plain_word =
          run.size() == 1 && run[0].size() < kRandomName && std::none_of(run[0].begin(), run[0].end(), is_digit);
      const std::size_t at = tokens[i].at;
      const bool quoted = at > 0 && std::string_view{"/'\"=\x98\x9c"}.find(text[at - 1]) != std::string_view::npos;
      if (same && (!plain_word || quoted)) return run.size();
    }
    return 0;
  }

  std::vector<std::vector<std::string>> runs_;  // longest first
};

/// A body that is no HTML is compared byte for byte, but for our own address in it.
std::string digest_of(const Observation& o, const Echo& echo) {
  if (o.body.size() > kLargestEchoBody || o.body.find('\0') != std::string::npos) return o.digest;
  return o.body.empty() ? o.digest : "sha256:" + hex(sha256(echo.removed_from(o.body)));
}

std::string landing_of(const Observation& o, const Echo& echo) {
  if (o.hops.empty()) return {};
  const auto got = parse_url(o.final_url);
  if (!got) return "?";
  // Less the query: a search is asked for the words of the address.
  const std::string path = got->path_query.substr(0, got->path_query.find('?'));
  return echo.removed_from(percent_decoded(got->site() + path));
}

bool is_missing(int status) { return status == 404 || status == 410; }
bool is_served(int status) { return status == 200 || status == 203; }

/// An answer that tells how the site treats addresses where nothing is.
bool is_telling(const Observation& o, const Page* page, const AnswerShape& shape) {
  if (o.no_route || o.failure != Cause::none || !(is_missing(o.status) || is_served(o.status))) return false;
  if (blocked_for_sure(o).cause != Cause::none) return false;
  const Cause looks = blocked_by_looks(o, page).cause;
  return looks == Cause::none || looks == Cause::maintenance || shape.says_not_found;
}

/// An answer that needs no second sample to be the site's own "nothing here".
bool speaks_for_itself(const AnswerShape& s) { return is_missing(s.status) || s.says_not_found; }

/// Letters that spell no word, or for a number one with more digits than any counter of a site.
std::string random_name(const std::string& like, std::uint64_t salt) {
  constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz";
  const auto any = [&like](auto test) { return std::any_of(like.begin(), like.end(), test); };
  const bool digits = !like.empty() && std::all_of(like.begin(), like.end(), is_digit);
  const bool upper = any([](char c) { return c >= 'A' && c <= 'Z'; });
  const bool small = any([](char c) { return c >= 'a' && c <= 'z'; });
  std::uint64_t state = spread(salt);
  std::string name;
  for (std::size_t i = 0; i < kRandomName + 4; ++i) {
    state = spread(state);
    if (digits) {
      name += i == 0 ? '9' : static_cast<char>('0' + state % 10);
      continue;
    }
    const char letter = kLetters[state % kLetters.size()];
    const bool capital = upper && (!small || (i == 0 && like[0] >= 'A' && like[0] <= 'Z'));
    name += capital ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return name;
}

}  // namespace

AnswerShape shape_of(const Observation& o, const Page* page) {
  const Echo echo{o.url};
  AnswerShape s;
  s.status = o.status;
  s.landing = landing_of(o, echo);
  s.says_maintenance = find_header(o, "Retry-After") != nullptr;
  if (page == nullptr) {
    s.digest = digest_of(o, echo);
    return s;
  }
  s.title = echo.removed_from(page->title());
  s.canonical = echo.removed_from(page->canonical());
  const TextPrint print = text_print(echo.removed_from(page->main_text()));
  s.simhash = print.simhash;
  s.words = print.words;
  s.says_not_found = says_not_found(*page);
  s.says_maintenance = s.says_maintenance || blocked_by_looks(o, page).cause == Cause::maintenance;
  s.script_shell = page->is_script_shell();
  // Pages without a word (a frame, a picture) are alike only if they are the same.
  if (s.words == 0 && !s.script_shell) s.digest = digest_of(o, echo);
  return s;
}

bool alike(const AnswerShape& a, const AnswerShape& b) {
  if (a.status != b.status || a.landing != b.landing || a.title != b.title || a.canonical != b.canonical ||
      a.digest != b.digest || a.script_shell != b.script_shell)
    return false;
  const std::size_t most = std::max(a.words, b.words);
  if (most - std::min(a.words, b.words) > std::max<std::size_t>(2, most / 12)) return false;
  return std::popcount(a.simhash ^ b.simhash) <= kNearby;
}

Url sibling_of(const Url& url, std::uint64_t salt) {
  const Place place = place_of(url);
  const std::string site = url.scheme + "://" + url.site();
  const std::string name = random_name(place.name, salt);
  if (auto sibling = parse_url(site + place.folder + name + place.ending)) return *std::move(sibling);
  // The folder alone is nearly as long as a URL may be.
  auto sibling = parse_url(site + "/" + name);
  return sibling ? *std::move(sibling) : url;
}

std::string sibling_group(const Url& url) {
  const Place place = place_of(url);
  return url.scheme + "://" + url.site() + place.folder + "*" + place.ending;
}

void SitePicture::note(const Observation& o, const Page* page) {
  asked_ = asked_ ? std::max(*asked_, o.sent) : o.sent;
  AnswerShape shape = shape_of(o, page);
  if (!is_telling(o, page, shape)) return;
  // A site that begins to answer alike everywhere is disturbed for as long as that lasts: taken for its new way, a
  // portal or a maintenance page would close incidents. That it has really changed is for a person to say, by an
  // absent_if rule.
  if (now_ && alike(*now_, shape)) {
    last_ = std::max(last_, o.sent);
    return;
  }
  if (before_ && alike(*before_, shape)) {
    // Back to its ways.
    before_.reset();
    settled_ = true;
  } else {
    if (now_ && is_settled()) before_ = std::move(now_);
    settled_ = false;
  }
  now_ = std::move(shape);
  since_ = last_ = o.sent;
}

bool SitePicture::is_settled() const {
  return settled_ || speaks_for_itself(*now_) || (!before_ && last_ - since_ >= kAgreeing);
}

SitePicture::Likeness SitePicture::compare(const AnswerShape& seen) const {
  if (!now_ || !is_served(seen.status) || !alike(*now_, seen)) return Likeness::unlike;
  const bool maintenance = now_->says_maintenance || seen.says_maintenance;
  if (maintenance && (before_ || !now_->says_not_found)) return Likeness::everywhere;
  if (now_->says_not_found) return Likeness::not_found;
  if (before_) return Likeness::everywhere;
  if (now_->script_shell) return Likeness::shell;
  return is_settled() ? Likeness::not_found : Likeness::everywhere;
}

}  // namespace embargod
