#include "probes/discovery/matcher.h"

#include <algorithm>
#include <array>
#include <utility>

#include "probes/charset.h"
#include "probes/edition_words.h"

namespace embargod {
namespace {

constexpr std::size_t kFewestWordsWithin = 4;  // of a title that may be part of another
constexpr std::size_t kMostWords = 60;         // of a title: those after them are not read

/// What is no letter of the English alphabet but meant as one: U+00C0 to U+017F, "?" where there is none.
constexpr std::string_view kLatinLetters =
    "aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty"   // U+00C0
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkklllllll"   // U+0100
    "lllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";  // U+0140

/// One code point of valid UTF-8, and its length.
std::pair<std::uint32_t, std::size_t> code_point_at(std::string_view s) {
  const auto byte = [&s](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(s[i])); };
  const std::uint32_t first = byte(0);
  const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (length == 1 || s.size() < length) return {first < 0x80 ? first : 0xFFFDU, 1};
  std::uint32_t c = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) c = (c << 6U) | (byte(i) & 0x3FU);
  return {c, length};
}

/// Letters without accents; apostrophes go, every other sign becomes a blank.
std::string plain_letters(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto [c, length] = code_point_at(text);
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (digit || letter) {
      out += text[0];
    } else if (c >= 0xC0 && c - 0xC0 < kLatinLetters.size()) {
      out += kLatinLetters[c - 0xC0] == '?' ? ' ' : kLatinLetters[c - 0xC0];
    } else if (c >= 0x300 && c <= 0x36F) {
      // an accent of its own
    } else if (c > 0x17F && (c < 0x2000 || c > 0x206F)) {
      append_utf8(out, c);  // another script
    } else if (c != '\'' && c != 0x2018 && c != 0x2019) {
      out += ' ';
    }
    text.remove_prefix(length);
  }
  return out;
}

bool is_small_word(std::string_view w) {
  static constexpr auto kSmall =
      std::to_array<std::string_view>({"the", "of", "and", "in", "for", "to", "a",   "an",  "on", "by", "from", "y",
                                       "yr",  "ac", "o",   "i",  "ar",  "am", "gan", "mis", "th", "st", "nd",   "rd"});
  return std::find(kSmall.begin(), kSmall.end(), w) != kSmall.end();
}

/// Words that say nothing of what a release is about.
bool is_common_word(std::string_view w) {
  static constexpr auto kCommon = std::to_array<std::string_view>(
      {"q",           "v",       "latest",  "current",  "final",      "index",     "release",     "releases",
       "publication", "report",  "data",    "dataset",  "statistics", "bulletin",  "statistical", "official",
       "edition",     "version", "quarter", "annual",   "monthly",    "quarterly", "weekly",      "year",
       "month",       "week",    "default", "download", "file",       "table",     "tables"});
  return std::find(kCommon.begin(), kCommon.end(), w) != kCommon.end();
}

bool is_month_token(std::string_view w) {
  return w.size() >= 2 && w.size() <= 3 && w[0] == 'm' && w[1] >= '0' && w[1] <= '9';
}

std::string title_token(const Word& w) {
  if (w.digits > 0) {
    const bool year = w.digits == 4 && w.number >= 1900 && w.number < 2100;
    std::string number = year ? w.lower.substr(2) : w.lower;
    number.erase(0, std::min(number.find_first_not_of('0'), number.size() - 1));
    return number;
  }
  if (const auto month = month_named(w.lower)) return "m" + std::to_string(*month);
  if (w.lower == "quarter" || w.lower == "chwarter") return "q";
  return w.lower;
}

std::string_view last_part_of(std::string_view canonical) {
  const std::string_view path = canonical.substr(0, canonical.find('?'));
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
}

/// The entry that announces a release often has the same slug as the release, in a folder that says so.
bool announces_only(std::string_view canonical) {
  static constexpr auto kFolders =
      std::to_array<std::string_view>({"/announcements/", "/announcement/", "/upcoming/", "/forthcoming/", "/calendar/",
                                       "/release-calendar/", "/releasecalendar/", "/releases/", "/schedule/"});
  return std::any_of(kFolders.begin(), kFolders.end(),
                     [&](std::string_view folder) { return canonical.find(folder) != std::string_view::npos; });
}

/// "host slug" of an address, in its plain form; empty: it names no one edition.
std::string slug_of(std::string_view canonical) {
  const std::string plain = plain_form_of(canonical);
  const std::string slug{last_part_of(plain)};
  std::string words = slug;  // the digits of an escape are no edition
  for (std::size_t at = words.find('%'); at != std::string::npos; at = words.find('%', at)) words.replace(at, 3, " ");
  if (!names_one_edition(plain_title(words))) return {};
  return std::string{host_of_canonical(plain)} + " " + slug;
}

bool is_public_anyway(Role r) { return r == Role::latest || r == Role::listing || r == Role::announcement; }

}  // namespace

const char* to_string(FoundBy by) {
  switch (by) {
    case FoundBy::url:
      return "url";
    case FoundBy::alias:
      return "alias";
    case FoundBy::slug:
      return "slug";
    case FoundBy::title:
      return "title";
  }
  return "?";
}

std::string plain_title(std::string_view title) {
  std::string out;
  for (const Word& w : edition_words(plain_letters(title.substr(0, kLongestTitle)))) {
    const std::string token = title_token(w);
    if (is_small_word(token)) continue;
    if (!out.empty()) out += ' ';
    out += token;
  }
  return out;
}

bool names_one_edition(std::string_view plain) {
  bool edition = false;
  bool subject = false;
  while (!plain.empty()) {
    const std::size_t end = std::min(plain.find(' '), plain.size());
    const std::string_view word = plain.substr(0, end);
    plain.remove_prefix(std::min(end + 1, plain.size()));
    const bool number = !word.empty() && word[0] >= '0' && word[0] <= '9';
    if (number || is_month_token(word))
      edition = true;
    else if (word.size() >= 3 && !is_common_word(word))
      subject = true;
  }
  return edition && subject;
}

void FindingMatcher::put(Places& places, std::string key, const Place& place) {
  if (key.empty()) return;
  const auto [it, is_new] = places.try_emplace(std::move(key), place);
  if (is_new) return;
  if (it->second.release != place.release)
    it->second.shared = true;
  else if (is_public_anyway(it->second.role))
    it->second = place;  // of two targets of a release the one that must stay dark counts
}

void FindingMatcher::add(const Target& t, std::size_t release) {
  const Place place{.release = release, .target = t.id, .role = t.role, .shared = false};
  const std::string canonical = canonical_address(t.url.text);
  put(addresses_, canonical, place);
  put(dresses_, plain_form_of(canonical), place);
  if (!is_public_anyway(t.role)) put(slugs_, slug_of(canonical), place);
}

FindingMatcher::FindingMatcher(const Schedule& schedule) {
  for (const Release& r : schedule.releases) {
    const std::size_t index = releases_.size();
    releases_.push_back(r.id);
    for (const Target& t : r.targets) add(t, index);
    std::string title = plain_title(r.title);
    if (names_one_edition(title))
      put(titles_, std::move(title), {.release = index, .target = {}, .role = Role::page, .shared = false});
  }
}

std::optional<FindingMatch> FindingMatcher::by_address(std::string_view canonical) const {
  const auto made = [this](const Place& p, FoundBy by) {
    return FindingMatch{.release = releases_[p.release],
                        .target = p.target,
                        .by = by,
                        .public_anyway = p.shared || is_public_anyway(p.role)};
  };
  if (const auto it = addresses_.find(canonical); it != addresses_.end()) return made(it->second, FoundBy::url);
  if (const auto it = dresses_.find(plain_form_of(canonical)); it != dresses_.end() && !it->second.shared)
    return made(it->second, FoundBy::alias);
  if (announces_only(canonical)) return std::nullopt;
  const std::string slug = slug_of(canonical);
  if (slug.empty()) return std::nullopt;
  if (const auto it = slugs_.find(slug); it != slugs_.end() && !it->second.shared)
    return made(it->second, FoundBy::slug);
  return std::nullopt;
}

std::optional<FindingMatch> FindingMatcher::by_title(const Finding& f) const {
  if (f.title.empty() || titles_.empty()) return std::nullopt;
  const auto made = [this](std::size_t release) {
    return FindingMatch{.release = releases_[release], .target = {}, .by = FoundBy::title, .public_anyway = false};
  };
  const std::string title = plain_title(f.title);
  std::vector<std::size_t> begins{0};  // of words
  for (std::size_t i = 0; i < title.size() && begins.size() < kMostWords; ++i)
    if (title[i] == ' ') begins.push_back(i + 1);
  const std::size_t words = begins.size();
  begins.push_back(words < kMostWords ? title.size() + 1 : begins.back());
  // The whole, then the longest part: of "rail road m0 26" and "rail road m0 26 final" the second says more.
  for (std::size_t length = words; length == words || (length >= kFewestWordsWithin && length < words); --length)
    for (std::size_t first = 0; first + length <= words; ++first) {
      const std::size_t from = begins[first];
      const auto it = titles_.find(std::string_view{title}.substr(from, begins[first + length] - 1 - from));
      if (it == titles_.end()) continue;
      return it->second.shared ? std::nullopt : std::optional{made(it->second.release)};
    }
  return std::nullopt;
}

std::optional<FindingMatch> FindingMatcher::match(const Finding& f) const {
  if (auto found = by_address(canonical_address(f.url))) return found;
  return by_title(f);
}

}  // namespace embargod
