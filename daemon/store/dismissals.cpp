#include "daemon/store/dismissals.h"

#include <map>
#include <string>
#include <tuple>

namespace embargod {
namespace {

bool is_newer_dismissal(const Incident& a, const Incident& b) {
  return std::tie(a.closed, a.detected, a.id) > std::tie(b.closed, b.detected, b.id);
}

}  // namespace

bool is_dismissed_drift(const Incident& i) {
  return i.kind == IncidentKind::drift && i.state == IncidentState::dismissed && i.closed_by != "embargod";
}

std::vector<Incident> newest_dismissals(std::vector<Incident> dismissed, std::optional<Instant> last_known) {
  std::map<std::string, Incident> newest;
  for (Incident& i : dismissed) {
    if (!is_dismissed_drift(i) || (i.due && last_known && *i.due <= *last_known)) continue;
    const auto [at, is_first] = newest.try_emplace(i.release, i);
    if (!is_first && is_newer_dismissal(i, at->second)) at->second = std::move(i);
  }
  std::vector<Incident> out;
  out.reserve(newest.size());
  for (auto& [release, i] : newest) out.push_back(std::move(i));
  return out;
}

}  // namespace embargod
