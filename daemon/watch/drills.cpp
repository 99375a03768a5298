#include "daemon/watch/drills.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace embargod {
namespace {

using Json = nlohmann::ordered_json;

bool all_accepted(const std::vector<DrillReceipt>& receipts) {
  return std::all_of(receipts.begin(), receipts.end(), [](const DrillReceipt& r) { return r.outcome == "accepted"; });
}

double drill_seconds(Millis d) { return static_cast<double>(d.count()) / 1000.0; }

std::string drill_seconds_text(Millis d) {
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%.3f s", drill_seconds(d));
  return out.data();
}

Json seconds_or_null(const std::optional<Millis>& d) { return d ? Json(drill_seconds(*d)) : Json(nullptr); }

std::optional<Millis> millis_of(const Json& seconds) {
  if (seconds.is_null()) return std::nullopt;
  return Millis{std::llround(seconds.get<double>() * 1000.0)};
}

Json json_of_receipts(const std::vector<DrillReceipt>& receipts) {
  Json out = Json::array();
  for (const DrillReceipt& r : receipts)
    out.push_back(
        {{"receiver", r.receiver}, {"outcome", r.outcome}, {"answer", r.answer}, {"seconds", seconds_or_null(r.took)}});
  return out;
}

std::vector<DrillReceipt> receipts_of(const Json& items) {
  std::vector<DrillReceipt> out;
  for (const Json& item : items)
    out.push_back({.receiver = item.at("receiver"),
                   .outcome = item.at("outcome"),
                   .answer = item.at("answer"),
                   .took = millis_of(item.at("seconds"))});
  return out;
}

Instant instant_at(const Json& j) {
  const auto t = parse_rfc3339(j.get<std::string>());
  if (!t) throw std::invalid_argument("not a time");
  return *t;
}

}  // namespace

bool has_passed(const DrillRecord& r) {
  return r.ended && r.fault.empty() && !r.told.empty() && all_accepted(r.told) && all_accepted(r.cleared) &&
         (r.ack_within == Millis{0} || r.acknowledged);
}

std::string drill_summary(const DrillRecord& r) {
  std::string out = !r.ended ? "under way" : has_passed(r) ? "passed" : "FAILED";
  if (!r.fault.empty()) out += ": " + r.fault;
  if (r.detected) out += "; found after " + drill_seconds_text(*r.detected);
  for (const DrillReceipt& t : r.told)
    out += "; " + t.receiver + (t.took ? " after " + drill_seconds_text(*t.took) : ": " + t.outcome);
  for (const DrillReceipt& t : r.cleared)
    if (t.outcome != "accepted") out += "; all-clear to " + t.receiver + ": " + t.outcome;
  if (r.acknowledged)
    out += "; acknowledged by " + r.acknowledged_by + " after " + drill_seconds_text(*r.acknowledged);
  else if (r.ended && r.ack_within > Millis{0})
    out += "; acknowledged by nobody";
  return out;
}

std::string drill_json(const DrillRecord& r) {
  Json j{{"id", r.id},
         {"by", r.by},
         {"state", !r.ended        ? "under_way"
                   : has_passed(r) ? "passed"
                                   : "failed"},
         {"began", rfc3339(r.began)},
         {"ended", r.ended ? Json(rfc3339(*r.ended)) : Json(nullptr)},
         {"detected_seconds", seconds_or_null(r.detected)},
         {"told", json_of_receipts(r.told)},
         {"ack_within_seconds", drill_seconds(r.ack_within)},
         {"acknowledged", nullptr},
         {"all_clear", json_of_receipts(r.cleared)},
         {"fault", r.fault}};
  if (r.acknowledged) j["acknowledged"] = {{"by", r.acknowledged_by}, {"seconds", drill_seconds(*r.acknowledged)}};
  return j.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<DrillRecord> read_drill(std::string_view json) {
  try {
    const Json j = Json::parse(json);
    DrillRecord r;
    r.id = j.at("id");
    r.by = j.at("by");
    r.began = instant_at(j.at("began"));
    if (!j.at("ended").is_null()) r.ended = instant_at(j.at("ended"));
    r.detected = millis_of(j.at("detected_seconds"));
    r.told = receipts_of(j.at("told"));
    r.ack_within = millis_of(j.at("ack_within_seconds")).value_or(Millis{0});
    if (const Json& ack = j.at("acknowledged"); !ack.is_null()) {
      r.acknowledged_by = ack.at("by");
      r.acknowledged = millis_of(ack.at("seconds"));
    }
    r.cleared = receipts_of(j.at("all_clear"));
    r.fault = j.at("fault");
    return r;
  } catch (const std::exception& e) {
    return fail(Errc::corrupt, e.what(), "the record of a drill");
  }
}

}  // namespace embargod
