#include <algorithm>
#include <nlohmann/json.hpp>

#include "config/outgoing/outgoing_schedule.h"

#include "config/candidates_reader.h"

namespace embargod {
namespace {

using OutgoingJson = nlohmann::ordered_json;

OutgoingJson head_json(const Release& r) {
  OutgoingJson j;
  j["id"] = r.id;
  j["title"] = r.title;
  j["due"] = due_text(r.due);
  if (r.status != ReleaseStatus::confirmed) j["status"] = to_string(r.status);
  return j;
}

/// Defaults are left out, as people leave them out.
OutgoingJson url_json(const Target& t) {
  OutgoingJson j;
  j["url"] = t.url.text;
  j["role"] = to_string(t.role);
  const std::string_view name = target_name(t);
  if (name != to_string(t.role)) j["name"] = name;
  if (t.profile != "generic") j["profile"] = t.profile;
  if (!t.edition.empty()) j["edition"] = t.edition;
  if (t.title_counts) j["title_counts"] = true;
  if (t.change_counts) j["change_counts"] = true;
  if (t.cache_bypass) j["cache_bypass"] = *t.cache_bypass;
  if (t.negative_ttl) j["negative_ttl"] = format_duration(*t.negative_ttl);
  return j;
}

/// releases.yml has no words for several months, so a release with such a due is an item of a calendar only.
bool fits_a_release(const Release& r) {
  if (r.due.precision != DuePrecision::month) return true;
  const DayRange days = days_of_period(r.due);
  return days.first.substr(0, 7) == days.last.substr(0, 7);
}

}  // namespace

std::string schedule_json(const OutgoingSchedule& schedule, OutgoingUrls urls) {
  OutgoingJson releases = OutgoingJson::array();
  OutgoingJson items = OutgoingJson::array();
  for (const OutgoingRelease& r : schedule.releases) {
    OutgoingJson j = head_json(r.release);
    OutgoingJson addresses = OutgoingJson::array();
    for (const Target& t : r.release.targets)
      if (urls == OutgoingUrls::include && !is_candidate_id(t.id)) addresses.push_back(url_json(t));
    if (addresses.empty() || !fits_a_release(r.release)) {
      items.push_back(std::move(j));
      continue;
    }
    j["urls"] = std::move(addresses);
    releases.push_back(std::move(j));
  }
  const OutgoingJson whole{{"releases", std::move(releases)}, {"items", std::move(items)}};
  return whole.dump(2, ' ', false, OutgoingJson::error_handler_t::replace) + "\n";
}

}  // namespace embargod
