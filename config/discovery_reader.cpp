#include <algorithm>
#include <array>

#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr std::size_t kMostListings = 200;
constexpr std::size_t kMostLikenesses = 50;
constexpr std::size_t kLongestExpression = 1'000;
constexpr Millis kOftenest{10'000};
constexpr Millis kRarest{24 * 3'600'000};

constexpr std::array kListingKinds{ListingKind::sitemap, ListingKind::feed, ListingKind::html, ListingKind::json};

/// "stats.example.org" and sitemap make "stats-example-org-sitemap".
std::string name_from(const Url& url, ListingKind kind) {
  std::string name;
  for (const char c : url.site() + "-" + to_string(kind))
    name += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
  return name.size() <= 100 ? name : name.substr(name.size() - 100);
}

void read_place(const YamlMap& map, std::string_view key, MarkedText& out) {
  const auto* n = map.find(key);
  if (n == nullptr) return;
  map.text(key, out.text, {.bytes = kLongestExpression});
  out.mark = map.faults().mark(n->at);
}

/// Sitemaps and feeds say themselves what their parts are; of JSON nothing can be guessed.
void read_places(const YamlMap& map, DiscoveryListing& out) {
  FaultBook& faults = map.faults();
  const bool has_places = out.kind == ListingKind::html || out.kind == ListingKind::json;
  for (const std::string_view key : {"item", "link", "title", "date"})
    if (!has_places && map.has(key))
      faults.add(map.key_at(key), map.name(key) + " has no meaning for a " + to_string(out.kind),
                 "leave it out, or write kind: html or kind: json");
  if (!has_places) return;
  if (out.kind == ListingKind::json) {
    (void)map.need("item", "write the JSON pointer of the list, such as /results");
    (void)map.need("link", "write the JSON pointer of the address within an item, such as /link");
  }
  read_place(map, "item", out.item);
  read_place(map, "link", out.link);
  read_place(map, "title", out.title);
  read_place(map, "date", out.date);
}

void read_likenesses(const YamlMap& map, DiscoveryListing& out) {
  const auto& items = map.list("release_like");
  if (items.size() > kMostLikenesses)
    map.faults().add(map.key_at("release_like"),
                     map.name("release_like") + " has more than " + std::to_string(kMostLikenesses) + " expressions");
  for (const auto& item : items) {
    auto text = read_text(item, "an item of " + map.name("release_like"), map.faults(), {.bytes = kLongestExpression});
    if (text) out.release_like.push_back({std::move(*text), map.faults().mark(item.at)});
  }
}

std::optional<ListingKind> read_listing_kind(const YamlMap& map) {
  const auto* n = map.need("kind", "write sitemap, feed, html or json");
  if (n == nullptr) return std::nullopt;
  std::vector<std::string> words;
  words.reserve(kListingKinds.size());
  for (const ListingKind k : kListingKinds) words.emplace_back(to_string(k));
  const auto word = read_word(*n, map.name("kind"), map.faults(), words);
  if (!word) return std::nullopt;
  return kListingKinds[static_cast<std::size_t>(std::find(words.begin(), words.end(), *word) - words.begin())];
}

std::optional<Url> read_listing_url(const YamlMap& map) {
  const auto* n = map.need("url");
  if (n == nullptr) return std::nullopt;
  const auto text = read_text(*n, map.name("url"), map.faults(), {.bytes = 8'192});
  if (!text) return std::nullopt;
  auto url = parse_url(*text);
  if (url) return std::move(*url);
  map.faults().add(n->at, map.name("url") + ": " + url.error().what, url.error().to_do);
  return std::nullopt;
}

void read_listing_name(const YamlMap& map, DiscoveryListing& out) {
  out.name = name_from(out.url, out.kind);
  map.text("name", out.name, {.bytes = 100});
  if (!is_id(out.name))
    map.faults().add(map.find("name")->at, map.name("name") + ": " + in_quotes(out.name) + " is not a name",
                     "use a-z, 0-9 and - only");
}

}  // namespace

const char* to_string(ListingKind k) {
  switch (k) {
    case ListingKind::sitemap:
      return "sitemap";
    case ListingKind::feed:
      return "feed";
    case ListingKind::html:
      return "html";
    case ListingKind::json:
      return "json";
  }
  return "?";
}

void read_discovery(const YamlNode& list, std::vector<DiscoveryListing>& out, FaultBook& faults) {
  const auto* items = read_list(list, "discovery", faults);
  if (items == nullptr) return;
  if (items->size() > kMostListings) {
    faults.add(list.at, "discovery has more than " + std::to_string(kMostListings) + " listings");
    return;
  }
  for (std::size_t i = 0; i < items->size(); ++i) {
    const YamlMap map{(*items)[i], config_keys().listing, "discovery[" + std::to_string(i) + "].", faults};
    if (!map.is_map()) continue;
    auto url = read_listing_url(map);
    const auto kind = read_listing_kind(map);
    if (!url || !kind) continue;
    DiscoveryListing l;
    l.url = std::move(*url);
    l.kind = *kind;
    l.mark = faults.mark(map.at());
    read_listing_name(map, l);
    map.duration("interval", l.interval, {kOftenest, kRarest});
    read_places(map, l);
    map.flag("title_counts", l.title_counts);
    read_likenesses(map, l);
    if (l.kind != ListingKind::sitemap && map.has("follow"))
      faults.add(map.key_at("follow"), map.name("follow") + " has no meaning for a " + to_string(l.kind),
                 "leave it out: only a sitemap index has child sitemaps");
    else
      map.whole("follow", l.follow, {0, 500});
    if (std::any_of(out.begin(), out.end(), [&](const DiscoveryListing& o) { return o.name == l.name; }))
      faults.add(map.has("name") ? map.key_at("name") : map.at(), "two listings have the name " + in_quotes(l.name),
                 "give each a name of its own");
    else
      out.push_back(std::move(l));
  }
}

}  // namespace embargod
