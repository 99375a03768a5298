#include "daemon/watch/calendar_match.h"

#include <algorithm>

#include "probes/discovery/matcher.h"
#include "probes/expression.h"

namespace embargod {
namespace {

constexpr std::size_t kShortestSlug = 8;  // shorter ones are words that many addresses end with: "tables", "latest"

bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

std::string address_of(const Url& url) { return url.site() + url.path_query; }

/// "/a/widgets-april-2026.xlsx?x=1" -> "widgets-april-2026"; empty where it names nothing in particular.
std::string slug_of(const Url& url) {
  std::string path = url.path_query.substr(0, url.path_query.find('?'));
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  std::string slug = path.substr(path.rfind('/') + 1);
  if (const std::size_t dot = slug.rfind('.'); dot != std::string::npos && dot > 0 && slug.size() - dot <= 6)
    slug.resize(dot);
  const bool tells = slug.size() >= kShortestSlug &&
                     (slug.find('-') != std::string::npos || std::any_of(slug.begin(), slug.end(), is_ascii_digit));
  return tells ? slug : std::string{};
}

void note_entry(std::map<std::string, std::string>& index, const std::string& key, const std::string& release) {
  if (key.empty()) return;
  const auto [it, is_new] = index.emplace(key, release);
  if (!is_new && it->second != release) it->second.clear();
}

std::optional<ItemMatch> found_in(const std::map<std::string, std::string>& index, const std::string& key,
                                  const char* by) {
  const auto it = key.empty() ? index.end() : index.find(key);
  if (it == index.end() || it->second.empty()) return std::nullopt;
  return ItemMatch{it->second, by};
}

}  // namespace

// ---- rules ----

struct TitleRules::Inner {
  std::vector<std::pair<Expression, std::string>> rules;
};

TitleRules::TitleRules() : inner_{std::make_unique<Inner>()} {}
TitleRules::TitleRules(TitleRules&&) noexcept = default;
TitleRules& TitleRules::operator=(TitleRules&&) noexcept = default;
TitleRules::~TitleRules() = default;

Checked<TitleRules> TitleRules::make(const std::vector<TitleRule>& rules) {
  TitleRules out;
  Faults faults;
  for (const TitleRule& rule : rules) {
    auto e = Expression::make(rule.title, Charset::utf8, rule.mark);
    if (e)
      out.inner_->rules.emplace_back(std::move(*e), rule.release);
    else
      faults.push_back(e.error());
  }
  if (!faults.empty()) return tl::unexpected<Faults>{std::move(faults)};
  return out;
}

const std::string* TitleRules::release_of(const std::string& title) const {
  for (const auto& [expression, release] : inner_->rules)
    if (expression.found_in(title)) return &release;
  return nullptr;
}

// ---- matcher ----

ItemMatcher::ItemMatcher(const Schedule& schedule) {
  for (const Release& r : schedule.releases) {
    ids_.emplace(r.id, true);
    note_entry(titles_, plain_title(r.title), r.id);
    note_entry(slugs_, r.id, r.id);
    for (const Target& t : r.targets) {
      note_entry(addresses_, address_of(t.url), r.id);
      note_entry(slugs_, slug_of(t.url), r.id);
    }
  }
}

std::optional<ItemMatch> ItemMatcher::match(const CalendarItem& item, const TitleRules& rules) const {
  if (ids_.contains(item.release)) return ItemMatch{item.release, "id"};
  if (ids_.contains(item.key)) return ItemMatch{item.key, "id"};
  if (const std::string* release = rules.release_of(item.title); release != nullptr && ids_.contains(*release))
    return ItemMatch{*release, "rule"};
  if (const auto url = parse_url(item.url)) {
    if (auto hit = found_in(addresses_, address_of(*url), "url")) return hit;
    if (auto hit = found_in(slugs_, slug_of(*url), "url")) return hit;
  }
  return found_in(titles_, plain_title(item.title), "title");
}

}  // namespace embargod
