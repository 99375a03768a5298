#include <algorithm>
#include <set>
#include <utility>

#include "daemon/watch/drift_watch.h"
#include "daemon/watch/engine_core.h"

namespace embargod {
namespace {

// Drifts end with the due, and a date that moved later waits while the page is public: time alone changes both.
constexpr Millis kRejoinEvery{60'000};

bool same_announcement(const Schedule& a, const Schedule& b) { return a.releases == b.releases; }

}  // namespace

bool Engine::Core::is_public(const std::string& release) {
  for (const Watched* w : roster_.of_release(release))
    if (!w->other_form() && is_part(w->target->role) && w->track.conclusive == Liveness::live) return true;
  return false;
}

/// The plan over what calendars announced as well. Notes what that changed.
std::shared_ptr<const Plan> Engine::Core::joined(std::shared_ptr<const Plan> plan) {
  last_join_ = doors_.clock.ticks();
  const std::vector<CalendarInput> calendars = sources_.inputs();
  Merged merged = merge_calendars({.announced = plan->announced,
                                   .calendars = calendars,
                                   .in_force = in_force_,
                                   .drifts = drifts_,
                                   .is_live = [this](const std::string& release) { return is_public(release); },
                                   .embargo_end = [this](const Release& r) { return embargo_end(r); },
                                   .now = doors_.clock.now()});
  for (const DueRevision& r : merged.revisions) {
    ledger_.put(r);
    lint_.note(r);
  }
  in_force_.clear();
  for (const Release& r : merged.schedule.releases) in_force_.emplace(r.id, r);
  if (!same_announcement(merged.schedule, plan->schedule) && merged.schedule.releases != last_merged_) {
    last_merged_ = merged.schedule.releases;
    plan = planned_with(*plan, std::move(merged.schedule));
  }
  drifts_ = std::move(merged.drifts);
  tell_calendars(std::move(merged.rows));
  return plan;
}

/// A reading that cannot be watched is refused; but a config that changed since may not fit what was read before. What
/// does not fit is judged by the general profile until it does: it is still embargoed.
std::shared_ptr<const Plan> Engine::Core::planned_with(const Plan& plan, Schedule schedule) {
  std::set<std::string> own;
  for (const Release& r : plan.announced.releases) own.insert(r.id);
  for (Release& r : schedule.releases) {
    if (own.contains(r.id)) continue;
    const Faults faults = unwatchable(*plan.settings, {r});
    for (const Fault& f : faults)
      doors_.log.error("a release of a calendar does not fit the config and is judged by the profile generic",
                       {{"release", r.id}, {"source", r.source}, {"fault", to_string(f)}});
    if (faults.empty()) continue;
    for (Target& t : r.targets) {
      t.profile = "generic";
      t.rules = {};
    }
  }
  auto next = with_schedule(plan, std::move(schedule));
  if (next) return std::move(*next);
  for (const Fault& f : next.error())
    doors_.log.error("what calendars announce cannot be watched", {{"fault", to_string(f)}});
  return plan_;
}

void Engine::Core::tell_calendars(std::vector<std::vector<CalendarRow>> rows) {
  for (const std::string& source : sources_.take_forgotten()) {
    ledger_.drop_calendar(source);
    told_calendars_.erase(source);
  }
  std::vector<CalendarState> states = sources_.states();
  for (std::size_t k = 0; k < states.size(); ++k) {
    CalendarState& state = states[k];
    state.rows = std::move(rows[k]);
    const auto count = [&state](auto test) {
      return static_cast<std::int64_t>(std::count_if(state.rows.begin(), state.rows.end(), test));
    };
    if (state.last_success) doors_.meter.source(state.source, *state.last_success);
    doors_.meter.calendar(state.source, static_cast<std::int64_t>(state.rows.size()),
                          count([](const CalendarRow& r) { return r.release.empty(); }),
                          count([](const CalendarRow& r) { return r.drift.has_value(); }));
    CalendarState& told = told_calendars_[state.source];
    if (told == state) continue;
    ledger_.put(state);
    told = std::move(state);
  }
}

void Engine::Core::take_calendar_news() {
  const auto news = sources_.take_news();
  for (const SourceWatch::News& n : news) {
    if (!n.is_good)
      doors_.log.warn("a calendar could not be read, its last good state stays",
                      {{"source", n.source}, {"fault", n.fault}});
    if (n.kept) {
      ledger_.put(*n.kept);
      doors_.log.info("a calendar was read", {{"source", n.source}, {"new", "true"}});
    }
    for (const Instant fetched : n.dropped) ledger_.drop_reading(n.source, fetched);
  }
  const bool any_dates = !sources_.empty() || !stated_dates_.empty();
  const bool time_passed = any_dates && doors_.clock.ticks() - last_join_ >= kRejoinEvery;
  if (!news.empty() || time_passed) rejoin();
}

void Engine::Core::lint_schedule_in_force() {
  if (const auto news = holidays_.take_news()) {
    if (news->kept) ledger_.put(*news->kept);
    for (const Instant fetched : news->dropped) ledger_.drop_reading(kHolidaySource, fetched);
    if (news->is_told && news->fault.empty())
      doors_.log.info("the list of bank holidays was had from its address");
    else if (news->is_told)
      doors_.log.warn("no list of bank holidays was had, the last good one stays", {{"fault", news->fault}});
    lint_.outdated();
  }
  if (!lint_.pass_time(plan_, holidays_.list(), holidays_.in_use(), doors_.clock)) return;
  const auto report = lint_.newest();
  doors_.meter.lint(*report);
  const std::size_t warnings = report->warnings();
  if (std::exchange(told_warnings_, warnings) == warnings) return;
  doors_.log.info("lint of the schedule in force", {{"warnings", std::to_string(warnings)},
                                                    {"notes", std::to_string(report->findings.size() - warnings)}});
}

void Engine::Core::rejoin() {
  auto next = joined(plan_);
  if (next != plan_) begin_with(std::move(next));
  watch_drifts();
}

void Engine::Core::watch_drifts() {
  std::vector<DriftSight> sights;
  std::map<std::string, std::vector<Drift>> by_release;
  for (const Drift& d : drifts_) by_release[d.release].push_back(d);
  for (Drift& d : listing_drifts()) by_release[d.release].push_back(std::move(d));
  sights.reserve(plan_->schedule.releases.size());
  for (const Release& r : plan_->schedule.releases)
    sights.push_back({.release = &r, .due = embargo_end(r), .drifts = &by_release[r.id]});
  cases_.drift(sights, doors_.clock.now(), doors_.clock.verified());
}

}  // namespace embargod
