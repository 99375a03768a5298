// The keys that only lint and the record look at: `lint:` of the config, and those of a release.

#include <algorithm>

#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/text_checks.h"
#include "config/types/field_reader.h"
#include "config/types/url.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

bool is_time_of_day(std::string_view text) {
  FieldReader in{text};
  int hour = 0;
  int minute = 0;
  return in.digits(2, hour) && in.one_of(":") && in.digits(2, minute) && in.rest.empty() && hour < 24 && minute < 60;
}

void read_alternative_times(const YamlMap& map, std::vector<std::string>& out) {
  for (const auto& item : map.list("alternative_times")) {
    const auto text = read_text(item, "an item of lint.alternative_times", map.faults(), {.bytes = 50});
    if (!text) continue;
    if (!is_time_of_day(*text))
      map.faults().add(item.at, "lint.alternative_times: " + in_quotes(*text) + " is not a time of day",
                       "write it like \"07:00\"");
    else if (std::find(out.begin(), out.end(), *text) == out.end())
      out.push_back(*text);
  }
}

/// A date, perhaps with a time; a month is a fault.
std::optional<Instant> read_past_date(const YamlMap& map, std::string_view key, const std::string& zone) {
  const auto* n = map.find(key);
  if (n == nullptr) return std::nullopt;
  const auto text = read_text(*n, map.name(key), map.faults(), {.bytes = 100});
  if (!text) return std::nullopt;
  const auto date = read_due(*text, zone);
  if (!date)
    map.faults().add(n->at, map.name(key) + ": " + date.error().what, date.error().to_do, date.error().code);
  else if (!date->at)
    map.faults().add(n->at, map.name(key) + ": " + in_quotes(*text) + " is a month without a day",
                     "write the day, like " + *text + "-20");
  else
    return date->at;
  return std::nullopt;
}

void read_stated_lead(const YamlMap& release, const std::string& zone, Stated& out) {
  const auto* n = release.find("lead");
  if (n == nullptr) return;
  const YamlMap map{*n, schedule_keys().lead, release.name("lead."), release.faults()};
  if (!map.is_map()) return;
  (void)map.need("days", "write lead: {days: 2, from: 2018-04-23}");
  (void)map.need("from", "write lead: {days: 2, from: 2018-04-23}");
  StatedLead lead;
  lead.days = -1;
  map.whole("days", lead.days, {0, 3'660});
  const auto from = read_past_date(map, "from", zone);
  if (lead.days < 0 || !from) return;
  lead.from = *from;
  lead.at.mark = map.faults().mark(n->at);
  out.lead = std::move(lead);
}

}  // namespace

void read_lint(const YamlNode& node, const std::string& folder, LintSettings& out, FaultBook& faults) {
  const YamlMap map{node, config_keys().lint, "lint.", faults};
  if (!map.is_map()) return;
  read_alternative_times(map, out.alternative_times);
  if (const auto* n = map.find("nation")) {
    std::vector<std::string> words;
    words.reserve(kNations.size());
    for (const Nation nation : kNations) words.emplace_back(to_string(nation));
    if (const auto word = read_word(*n, map.name("nation"), faults, words)) out.nation = *nation_from(*word);
  }
  if (const auto* n = map.find("bank_holidays_file")) {
    std::string file;
    map.text("bank_holidays_file", file, {.bytes = 4096, .may_be_empty = true});
    const bool is_relative = !file.empty() && !file.starts_with('/') && !folder.empty() && folder != ".";
    out.bank_holidays_file = is_relative ? folder + (folder.ends_with('/') ? "" : "/") + file : file;
    out.bank_holidays_mark = faults.mark(n->at);
  }
  if (const auto* n = map.find("bank_holidays_url")) {
    std::string text;
    map.text("bank_holidays_url", text, {.bytes = 8192, .may_be_empty = true});
    const auto url = text.empty() ? Result<Url>{Url{}} : parse_url(text);
    if (!url)
      faults.add(n->at, map.name("bank_holidays_url") + ": " + url.error().what, url.error().to_do);
    else
      out.bank_holidays_url = url->text;
  }
}

void read_stated(const YamlMap& release, const std::string& zone, Stated& out) {
  out.announced = read_past_date(release, "announced", zone);
  release.text("alternative_time", out.alternative_time);
  release.text("reason", out.reason);
  read_stated_lead(release, zone, out);
}

}  // namespace embargod
