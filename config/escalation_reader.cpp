// `alerts.routes` and `alerts.escalation`: who is told of what, when, and who next.

#include <algorithm>
#include <array>
#include <set>

#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/text_checks.h"
#include "config/types/field_reader.h"
#include "config/vendor_readers.h"

namespace embargod {
namespace {

constexpr Millis kEscalationMinute{60'000};
constexpr Millis kEscalationDay{24 * 3'600'000};
constexpr std::size_t kMostTiers = 10;
const std::vector<std::string> kKindWords{"early", "suspect",     "late",  "incomplete", "wrong_content",
                                          "gap",   "unscheduled", "blind", "drift"};
const std::vector<std::string> kDayWords{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
// Of which an alert of severity page is told (daemon/watch/alerting.h); held together by a test.
constexpr std::array<std::string_view, 2> kPagingKinds{"early", "blind"};

std::optional<std::string> read_receiver(const YamlNode& item, const std::string& name,
                                         const std::vector<ReceiverName>& known, FaultBook& faults) {
  auto text = read_text(item, "an item of " + name, faults, {.bytes = 100});
  if (!text) return std::nullopt;
  const auto found = std::find_if(known.begin(), known.end(), [&](const ReceiverName& r) { return r.name == *text; });
  if (found != known.end() && !found->is_alertmanager) return text;
  std::vector<std::string> names;
  for (const ReceiverName& r : known)
    if (!r.is_alertmanager) names.push_back(r.name);
  if (found != known.end())
    faults.add(item.at, name + ": " + in_quotes(*text) + " is an Alertmanager, which is always told at once",
               "leave it out; what it sends on is its own config's to say");
  else if (names.empty())
    faults.add(item.at, name + ": there is no receiver " + in_quotes(*text),
               "add a receiver that is no Alertmanager, or leave this out");
  else
    faults.add(item.at, name + ": there is no receiver " + in_quotes(*text),
               (names.size() == 1 ? "there is " : "there are ") + listed(names));
  return std::nullopt;
}

std::vector<Severity> read_route_severities(const YamlMap& map) {
  std::vector<Severity> out;
  for (const auto& item : map.list("severities")) {
    const auto word = read_word(item, "an item of " + map.name("severities"), map.faults(), {"page", "ticket", "info"});
    if (!word) continue;
    for (const Severity s : {Severity::page, Severity::ticket, Severity::info})
      if (*word == to_string(s) && std::find(out.begin(), out.end(), s) == out.end()) out.push_back(s);
  }
  return out;
}

/// An empty list would match nothing, and look as if it did.
void refuse_empty(const YamlMap& map, std::string_view key, const std::string& what, const std::string& to_do) {
  const auto* n = map.find(key);
  if (n != nullptr && n->kind == YamlNode::Kind::sequence && n->items.empty())
    map.faults().add(n->at, map.name(key) + " is empty, so " + what, to_do);
}

bool read_clock(const YamlMap& map, std::string_view key, std::string& out) {
  const auto* n = map.need(key, "write " + std::string{key} + (key == "from" ? ": \"08:00\"" : ": \"18:00\""));
  if (n == nullptr) return false;
  const auto text = read_text(*n, map.name(key), map.faults(), {.bytes = 50});
  if (!text) return false;
  FieldReader in{*text};
  int hour = 0;
  int minute = 0;
  const bool shape = in.digits(2, hour) && in.one_of(":") && in.digits(2, minute) && in.rest.empty();
  const bool midnight = key == "to" && hour == 24 && minute == 0;
  if (shape && minute < 60 && (hour < 24 || midnight)) {
    out = *text;
    return true;
  }
  map.faults().add(n->at, map.name(key) + ": " + in_quotes(*text) + " is not a time of day",
                   "write it like \"08:00\"; the last is \"24:00\", as an end");
  return false;
}

std::optional<RouteHours> read_hours(const YamlNode& node, const std::string& prefix, FaultBook& faults) {
  const YamlMap map{node, config_keys().route_hours, prefix, faults};
  if (!map.is_map()) return std::nullopt;
  RouteHours hours;
  (void)map.need("days", "write days: [mon, tue, wed, thu, fri]");
  refuse_empty(map, "days", "what it matches would never be told", "write days: [mon, tue, wed, thu, fri]");
  for (const auto& item : map.list("days")) {
    const auto word = read_word(item, "an item of " + map.name("days"), faults, kDayWords);
    if (!word) continue;
    const auto day = static_cast<int>(std::find(kDayWords.begin(), kDayWords.end(), *word) - kDayWords.begin());
    if (std::find(hours.days.begin(), hours.days.end(), day) == hours.days.end()) hours.days.push_back(day);
  }
  const bool has_from = read_clock(map, "from", hours.from);
  const bool has_to = read_clock(map, "to", hours.to);
  if (has_from && has_to && hours.from >= hours.to)
    faults.add(map.key_at("to"), map.name("to") + " (" + hours.to + ") is not after from (" + hours.from + ")",
               "hours lie within one day; leave hours out to tell at any time");
  return hours;
}

/// A page wakes people: nothing may hold it back.
void refuse_held_page(const YamlMap& map, const AlertRoute& route) {
  if (!route.hours) return;
  const auto& s = route.severities;
  const bool takes_pages = s.empty() || std::find(s.begin(), s.end(), Severity::page) != s.end();
  const bool can_page = route.kinds.empty() || std::any_of(route.kinds.begin(), route.kinds.end(), [](const auto& k) {
                          return std::find(kPagingKinds.begin(), kPagingKinds.end(), k) != kPagingKinds.end();
                        });
  if (takes_pages && can_page)
    map.faults().add(map.key_at("hours"), map.name("hours") + " would hold back alerts of severity page",
                     "a page is told at any hour: write severities: [ticket], or leave hours out");
}

void read_route(const YamlMap& map, const std::vector<ReceiverName>& known, std::vector<AlertRoute>& out) {
  if (!map.is_map()) return;
  FaultBook& faults = map.faults();
  AlertRoute route;
  refuse_empty(map, "kinds", "it matches nothing", "name kinds, or leave the line out to match all");
  for (const auto& item : map.list("kinds"))
    if (auto word = read_word(item, "an item of " + map.name("kinds"), faults, kKindWords))
      route.kinds.push_back(std::move(*word));
  refuse_empty(map, "severities", "it matches nothing", "name page, ticket or info, or leave the line out");
  route.severities = read_route_severities(map);
  if (const auto* n = map.find("hours")) route.hours = read_hours(*n, map.name("hours."), faults);
  refuse_held_page(map, route);
  (void)map.need("receivers", "name the receivers, like receivers: [email-1]");
  refuse_empty(map, "receivers", "nobody would be told of what it matches", "name the receivers");
  for (const auto& item : map.list("receivers")) {
    auto name = read_receiver(item, map.name("receivers"), known, faults);
    if (name && std::find(route.receivers.begin(), route.receivers.end(), *name) == route.receivers.end())
      route.receivers.push_back(std::move(*name));
  }
  out.push_back(std::move(route));
}

void read_tiers(const YamlMap& map, const std::vector<ReceiverName>& known, EscalationSettings& out) {
  FaultBook& faults = map.faults();
  const std::string name = map.name("tiers");
  const auto* n = map.need("tiers", "write tiers: [[webhook-1], [email-1]]");
  refuse_empty(map, "tiers", "there is nobody to go on to", "write tiers: [[webhook-1], [email-1]]");
  if (n != nullptr && n->items.size() > kMostTiers)
    faults.add(n->at, name + " has more than " + std::to_string(kMostTiers) + " tiers", "join some of them");
  std::set<std::string> seen;
  for (const auto& item : map.list("tiers")) {
    const auto* members = read_list(item, "a tier of " + name, faults);
    if (members == nullptr) continue;
    if (members->empty()) faults.add(item.at, name + " has an empty tier", "name its receivers, or take it out");
    std::vector<std::string>& tier = out.tiers.emplace_back();
    for (const auto& member : *members) {
      auto receiver = read_receiver(member, name, known, faults);
      if (!receiver) continue;
      if (!seen.insert(*receiver).second)
        faults.add(member.at, name + ": " + in_quotes(*receiver) + " is named twice", "keep the earlier tier");
      else
        tier.push_back(std::move(*receiver));
    }
  }
}

}  // namespace

std::vector<ReceiverName> receiver_names(const AlertSettings& alerts) {
  std::vector<ReceiverName> out;
  out.reserve(alerts.alertmanagers.size() + alerts.webhooks.size() + alerts.emails.size());
  for (const auto& one : alerts.alertmanagers) out.push_back({.name = one.name, .is_alertmanager = true});
  for (const auto& one : alerts.webhooks) out.push_back({.name = one.name});
  for (const auto& one : alerts.emails) out.push_back({.name = one.name});
  add_vendor_names(alerts, out);
  return out;
}

void read_routes(const YamlMap& alerts, AlertSettings& out) {
  const auto known = receiver_names(out);
  const auto& routes = alerts.list("routes");
  for (std::size_t i = 0; i < routes.size(); ++i)
    read_route(
        YamlMap{routes[i], config_keys().route, alerts.name("routes[" + std::to_string(i) + "]."), alerts.faults()},
        known, out.routes);
}

void read_escalation(const YamlMap& alerts, AlertSettings& out) {
  const auto* n = alerts.find("escalation");
  if (n == nullptr) return;
  const YamlMap map{*n, config_keys().escalation, alerts.name("escalation."), alerts.faults()};
  if (!map.is_map()) return;
  EscalationSettings e;
  read_tiers(map, receiver_names(out), e);
  map.duration("after", e.after, {Millis{1'000}, kEscalationDay});
  map.duration("undelivered_after", e.undelivered_after, {Millis{1'000}, kEscalationDay});
  map.duration("ack_expires", e.ack_expires, {kEscalationMinute, 7 * kEscalationDay});
  map.duration("remind_every", e.remind_every, {kEscalationMinute, kEscalationDay});
  out.escalation = std::move(e);
}

}  // namespace embargod
