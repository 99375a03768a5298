// Our own JSON: releases.yml in another spelling, and entries that only belong to a calendar.

#include "config/key_sets.h"
#include "config/sources/json_tree.h"
#include "config/sources/plain_source.h"
#include "config/sources/spoken_dates.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr YamlLimits kJsonLimits{.bytes = kLargestSource, .nodes = 500'000};

class JsonSource final : public PlainSource {
 public:
  using PlainSource::PlainSource;

 private:
  void read(std::string_view bytes) override {
    const auto node = parse_json_tree(bytes, kJsonLimits, faults());
    if (!node) return;
    const YamlMap map{*node, schedule_keys().calendar, "", faults()};
    if (!map.is_map()) return;
    if (!map.has("releases") && !map.has("items"))
      faults().add(map.at(), "neither releases nor items is in it", "write {\"items\": [...]}");
    // A file of items alone may say so with an empty list: the note on it would be wrong.
    if (const auto* list = map.find("releases");
        list != nullptr && !(list->kind == YamlNode::Kind::sequence && list->items.empty()))
      add_releases(read_releases(*list, ScheduleContext{context().name, context().zone, context().profiles}, faults()));
    const auto& items = map.list("items");
    for (std::size_t i = 0; i < items.size(); ++i) {
      const std::string path = "items[" + std::to_string(i) + "]";
      const YamlMap item{items[i], schedule_keys().item, path + ".", faults()};
      if (item.is_map()) read_item(item, path);
    }
  }

  void read_item(const YamlMap& map, const std::string& path) {
    CalendarItem item;
    item.path = path;
    item.where = faults().mark(map.at());
    (void)map.need("title", "write the title as it was announced");
    map.text("title", item.title);
    map.text("reason", item.reason);
    read_keys(map, item);
    bool is_status_given = false;
    if (const auto* n = map.find("status")) {
      const auto word = read_word(*n, map.name("status"), faults(),
                                  {"provisional", "confirmed", "postponed", "cancelled", "published"});
      is_status_given = word.has_value();
      if (word) item.status = item_status_from(*word).value_or(item.status);
    }
    if (const auto* n = map.need("due", "write it like \"2018-04-25 09:30\"")) read_dates(map, *n, item);
    const std::string why = settle_item(item, is_status_given);
    if (!why.empty())
      faults().add(map.key_at("due"), map.name("due") + ": " + why, "write \"status\": \"provisional\"");
    if (const auto* n = map.find("changed")) {
      const auto text = read_text(*n, map.name("changed"), faults(), {.bytes = 100});
      const auto at = parse_rfc3339(text.value_or(""));
      if (at) item.changed = *at;
      if (text && !at) faults().add(n->at, map.name("changed") + ": " + at.error().what, at.error().to_do);
    }
    if (!item.key.empty()) add_item(std::move(item));
  }

  void read_keys(const YamlMap& map, CalendarItem& item) {
    map.text("id", item.release, {.bytes = 200});
    if (!item.release.empty() && !is_id(item.release))
      faults().add(map.find("id")->at,
                   map.name("id") + ": " + in_quotes(item.release) + " cannot be the id of a release",
                   "use a-z, 0-9 and -, at most 100 of them; a key of another kind is written as \"key\"");
    if (const auto* n = map.find("url")) {
      map.text("url", item.url, {.bytes = 8192});
      const auto url = parse_url(item.url);
      if (!url && !item.url.empty()) faults().add(n->at, map.name("url") + ": " + url.error().what, url.error().to_do);
    }
    map.text("key", item.key);
    if (item.key.empty()) item.key = item.release;
    if (item.key.empty()) item.key = item.url;
    if (item.key.empty())
      faults().add(map.at(), map.name("id") + " is missing",
                   "give the entry an id, a key or a url that stays the same");
  }

  void read_dates(const YamlMap& map, const YamlNode& due, CalendarItem& item) {
    if (auto read = read_date(due, map.name("due"))) item.due = std::move(*read);
    if (const auto* n = map.find("former")) item.former = read_date(*n, map.name("former"));
    if (item.due.precision == DuePrecision::time_assumed && item.status != ItemStatus::provisional)
      add_note(due.at, map.name("due") + ": no time given, 09:30 " + item.due.zone + " assumed");
  }

  std::optional<Due> read_date(const YamlNode& n, const std::string& name) {
    const auto text = read_text(n, name, faults(), {.bytes = 100});
    if (!text) return std::nullopt;
    auto due = read_spoken_due(*text, context().zone);
    if (due) return *due;
    faults().add(n.at, name + ": " + due.error().what, due.error().to_do);
    return std::nullopt;
  }
};

}  // namespace

std::unique_ptr<SourceReader> make_json_source(SourceContext context) {
  return std::make_unique<JsonSource>(std::move(context));
}

}  // namespace embargod
