#include "daemon/watch/engine.h"

#include <algorithm>
#include <map>
#include <utility>

#include "daemon/watch/engine_core.h"

namespace embargod {
namespace {

constexpr Millis kCommandBound{5'000};

}  // namespace

std::optional<Instant> Engine::Core::lifted(const std::string& release) const {
  const auto it = lifts_.find(release);
  return it == lifts_.end() ? std::nullopt : std::optional<Instant>{it->second.at};
}

std::optional<Instant> Engine::Core::embargo_end(const Release& r) const {
  const Embargo e = embargo_of(r, lifted(r.id), plan_->polling.grace);
  if (e.status == ReleaseStatus::cancelled && !e.lifted) return std::nullopt;
  if (!e.lifted) return e.due;
  return e.due ? std::min(*e.due, *e.lifted) : *e.lifted;
}

// ---- start, reload, stop ----

void Engine::Core::restore(const StoredState& state) {
  for (const Lift& l : state.lifts) lifts_.emplace(l.release, l);
  for (const Baseline& b : state.baselines) baselines_[b.target] = b;
  rehearsals_.load(state.rehearsals);
  cases_.load(state);
  for (const Release& r : state.releases) in_force_.emplace(r.id, r);
  for (const CalendarState& c : state.calendars) told_calendars_.emplace(c.source, c);
  for (const DueRevision& r : state.due_revisions) lint_.note(r);
}

void Engine::Core::restore_tracks(const StoredState& state) {
  const Instant now = doors_.clock.now();
  for (TargetTrack t : state.tracks) {
    // Nobody looked while we were away: that is not knowing, and is stated as such.
    if (t.last_conclusive && !t.blind)
      t.blind = BlindSpan{.target = t.target,
                          .release = t.release,
                          .site = t.site,
                          .from = std::min(*t.last_conclusive, now),
                          .to = std::nullopt,
                          .cause = Cause::not_polled};
    roster_.restore(t);
  }
  for (const ObservationSpan& s : state.newest_spans) roster_.restore(s);
}

Result<void> Engine::Core::open() {
  auto state = doors_.store.load();
  if (!state) return tl::unexpected<Fault>{state.error()};
  cases_.use(plan_);
  restore(*state);
  if (const auto sources = sources_.adopt(plan_->settings, doors_.clock.ticks()); !sources)
    return tl::unexpected<Fault>{sources.error().front()};
  sources_.restore(state->readings, state->calendars);
  holidays_.adopt(plan_->settings->lint, doors_.clock.ticks());
  holidays_.restore(state->readings);
  plan_ = joined(plan_);
  cases_.use(plan_);
  roster_.adopt(plan_, cases_.watched_targets(), doors_.clock.ticks());
  restore_tracks(*state);
  restore_listings(*state);
  adopt_listings();
  adopt_parts();
  adopt_schedule();
  show_states();
  const std::string gap = !state->last_beat ? "first start"
                                            : (state->stopped_cleanly ? "after a clean stop at "
                                                                      : "after an unclean end; last known alive at ") +
                                                  rfc3339(*state->last_beat);
  ledger_.put(
      Event{.at = doors_.clock.now(), .incident = {}, .release = {}, .what = "started", .by = "embargod", .text = gap});
  doors_.log.info("engine starts", {{"former_run", gap},
                                    {"targets", std::to_string(roster_.all().size())},
                                    {"open_incidents", std::to_string(state->unclosed.size())}});
  lint_schedule_in_force();
  commit(Ledger::When::now);
  return {};
}

void Engine::Core::adopt_schedule() {
  const Instant now = doors_.clock.now();
  std::vector<std::string> calendars;
  for (const CalendarState& c : sources_.states()) calendars.push_back(c.source);
  doors_.meter.calendars(calendars);
  doors_.meter.schedule(plan_->schedule, now);
  std::vector<std::string> names;
  for (const ReceiverTraits& r : plan_->receivers) names.push_back(r.name);
  doors_.meter.receivers(names);
  const auto changed = doors_.store.adopt_schedule(plan_->schedule, now);
  if (!changed) {
    doors_.log.error("the schedule's revision could not be stored", {{"fault", to_string(changed.error())}});
    return;
  }
  for (const std::string& id : *changed)
    ledger_.put(Event{.at = now,
                      .incident = {},
                      .release = id,
                      .what = "schedule_changed",
                      .by = "embargod",
                      .text = "new revision"});
}

void Engine::Core::adopt_parts() {
  survey_what_is_watched();
  for (const auto& [id, w] : roster_.all())
    if (w.announced() && w.part->recipe->needs_baseline() && !baselines_.contains(id))
      doors_.log.warn("not judged until a person approves a baseline",
                      {{"target", id}, {"to_do", "embargoctl baseline show " + id}});
}

/// Ids of guesses are made of their URLs, so they are no labels.
void Engine::Core::show_states() {
  for (const auto& [id, w] : roster_.all())
    if (!w.guessed()) doors_.meter.target(w.track);
}

void Engine::Core::survey_what_is_watched() {
  std::vector<Url> asked;
  for (const auto& [id, w] : roster_.all()) {
    const bool watched = w.next || w.in_flight != 0 || has_doubt(id);
    if (watched && !w.other_form() && w.part->recipe->asks_siblings()) asked.push_back(w.target->url);
  }
  survey_.adopt(asked, doors_.clock.ticks());
}

void Engine::Core::use_plan(std::shared_ptr<const Plan> plan) {
  if (const auto sources = sources_.adopt(plan->settings, doors_.clock.ticks()); !sources)
    doors_.log.error("the calendars could not be taken over", {{"fault", to_string(sources.error().front())}});
  holidays_.adopt(plan->settings->lint, doors_.clock.ticks());
  plan_ = plan;
  last_merged_.clear();
  begin_with(joined(std::move(plan)));
  watch_drifts();
}

void Engine::Core::begin_with(std::shared_ptr<const Plan> plan) {
  plan_ = std::move(plan);
  cases_.use(plan_);
  roster_.adopt(plan_, cases_.watched_targets(), doors_.clock.ticks());
  adopt_listings();
  adopt_parts();
  adopt_schedule();
  show_states();
  doors_.log.info("engine works by a new plan", {{"targets", std::to_string(roster_.all().size())}});
}

void Engine::Core::stop() {
  ledger_.put(Event{.at = doors_.clock.now(),
                    .incident = {},
                    .release = {},
                    .what = "stopped",
                    .by = "embargod",
                    .text = "clean stop"});
  commit(Ledger::When::now);
  if (const auto r = doors_.store.stopped(doors_.clock.now()); !r)
    doors_.log.error("the clean stop could not be stored", {{"fault", to_string(r.error())}});
}

// ---- people ----

Result<void> Engine::Core::lift(const Command& c) {
  const Instant now = doors_.clock.now();
  const std::string where = "release " + c.id;
  const auto& releases = plan_->schedule.releases;
  const auto it = std::find_if(releases.begin(), releases.end(), [&](const Release& r) { return r.id == c.id; });
  if (it == releases.end()) return fail(Errc::not_found, "the schedule has no such release", where);
  if (c.by.empty() || c.reason.empty())
    return fail(Errc::invalid_input, "a lift needs who and why", where, "give \"by\" and \"reason\"");
  if (lifts_.contains(c.id)) return fail(Errc::conflict, "its embargo was lifted before", where);
  if (const auto end = embargo_end(*it); end && *end <= now)
    return fail(Errc::conflict, "its embargo has ended already", where);
  const Lift l{.release = c.id, .at = now, .by = c.by, .reason = c.reason};
  lifts_.emplace(c.id, l);
  ledger_.put(l);
  ledger_.put(Event{.at = now, .incident = {}, .release = c.id, .what = "lifted", .by = c.by, .text = c.reason});
  doors_.log.info("embargo lifted", {{"release", c.id}, {"by", c.by}});
  cases_.lift(c.id, now);
  return {};
}

Result<void> Engine::Core::approve(const Command& c) {
  const std::string where = "target " + c.id;
  const auto it = roster_.all().find(c.id);
  if (it == roster_.all().end()) return fail(Errc::not_found, "the schedule has no such target", where);
  Watched& w = it->second;
  if (c.by.empty()) return fail(Errc::invalid_input, "nobody is named", where, "say who with \"by\"");
  if (w.target->role != Role::latest)
    return fail(Errc::conflict,
                std::string{"its role is "} + to_string(w.target->role) + ": only latest has a baseline", where);
  if (w.track.fingerprint.empty())
    return fail(Errc::conflict, "no answer of it could be read yet", where,
                "see its state with embargoctl baseline show");
  if (w.track.fingerprint != c.fingerprint)
    return fail(Errc::conflict, "the page is another now than the one that was shown", where,
                "look at it again with embargoctl baseline show");
  const Instant now = doors_.clock.now();
  const Baseline b{.target = c.id,
                   .url = w.target->url.text,
                   .fingerprint = w.track.fingerprint,
                   .edition = w.track.edition,
                   .seen = w.track.fingerprint_seen.value_or(now),
                   .approved = now,
                   .by = c.by};
  baselines_[c.id] = b;
  ledger_.put(b);
  ledger_.put(Event{.at = now,
                    .incident = {},
                    .release = w.release->id,
                    .what = "baseline_approved",
                    .by = c.by,
                    .text = c.id + (c.reason.empty() ? "" : ": " + c.reason)});
  doors_.log.info("baseline approved", {{"target", c.id}, {"by", c.by}});
  if (w.in_flight == 0) roster_.schedule(w, doors_.clock.ticks());
  return {};
}

// Its own table is the record of who wrote what: an event in the incident's timeline would be a line of the report, and
// no version of it could ever be approved.
Result<void> Engine::Core::write_report(const Command& c) {
  for (const ReportEntry& e : c.entries)
    if (auto checked = check_entry(e); !checked) return checked;
  for (ReportEntry e : c.entries) {
    e.at = doors_.clock.now();
    ledger_.put(std::move(e));
  }
  return {};
}

Result<void> Engine::Core::execute(const Command& c) {
  std::map<std::string, std::string> muted;
  auto done = [&]() -> Result<void> {
    switch (c.what) {
      case Command::What::lift:
        return lift(c);
      case Command::What::approve_baseline:
        return approve(c);
      case Command::What::plan_rehearsal:
        return plan_rehearsal(c);
      case Command::What::cancel_rehearsal:
        return cancel_rehearsal(c);
      case Command::What::alert_tested:
        ledger_.put(Event{.at = doors_.clock.now(),
                          .incident = {},
                          .release = {},
                          .what = "alert_tested",
                          .by = c.by,
                          .text = c.id + ": " + c.reason});
        return {};
      case Command::What::drilled:
        if (!c.drill) return fail(Errc::invalid_input, "a drill without its record");
        ledger_.put(*c.drill);
        ledger_.put(Event{.at = doors_.clock.now(),
                          .incident = c.id,
                          .release = {},
                          .what = "drilled",
                          .by = c.by,
                          .text = drill_summary(*c.drill)});
        return {};
      case Command::What::count_impact:
        if (!c.impact) return fail(Errc::invalid_input, "a count without its figures");
        ledger_.put(ImpactRecord{c.id, doors_.clock.now(), c.by, *c.impact});
        ledger_.put(Event{.at = doors_.clock.now(),
                          .incident = c.id,
                          .release = {},
                          .what = "impact_counted",
                          .by = c.by,
                          .text = impact_summary(*c.impact)});
        return {};
      case Command::What::write_report:
        return write_report(c);
      case Command::What::mark_report:
        if (!c.mark) return fail(Errc::invalid_input, "a mark without its version");
        ledger_.put([&] {
          ReportMark m = *c.mark;
          m.at = doors_.clock.now();
          return m;
        }());
        return {};
      case Command::What::acknowledge:
      case Command::What::dismiss:
      case Command::What::close:
      case Command::What::note:
      case Command::What::decide:
        return cases_.decide(c, doors_.clock.now(), muted);
    }
    return fail(Errc::unsupported, "no such command");
  }();
  if (!done) return done;
  for (const auto& [target, mark] : muted) {
    if (const auto listed = listed_.find(target); listed != listed_.end()) {
      listed->second.muted_by = mark;
      ledger_.put(listed->second, Ledger::Pace::urgent);
      continue;
    }
    const auto it = roster_.all().find(target);
    if (it == roster_.all().end()) continue;
    it->second.track.muted_by = mark;
    ledger_.put(it->second.track, Ledger::Pace::urgent);
  }
  commit(Ledger::When::now);
  if (!ledger_.ok())
    return fail(Errc::unavailable, "done, but not yet on disk: " + ledger_.last_fault(), {},
                "it will be written when the store accepts again");
  return done;
}

void Engine::Core::answer_letters() {
  for (const auto& letter : mailbox_.take_letters()) mailbox_.answer(*letter, execute(letter->command));
}

// ---- the public face ----

Engine::Engine(Doors doors, std::shared_ptr<const Plan> plan)
    : core_{std::make_unique<Core>(std::move(doors), std::move(plan))} {}
Engine::~Engine() = default;

Result<void> Engine::open() { return core_->open(); }
void Engine::turn(Millis up_to) { core_->turn(up_to); }
void Engine::stop() { core_->stop(); }

void Engine::replace_plan(std::shared_ptr<const Plan> plan) {
  core_->mailbox().post(std::move(plan));
  core_->prober().wake();
}

Result<void> Engine::run(const Command& c) {
  const auto letter = core_->mailbox().post(c);
  core_->prober().wake();
  return core_->mailbox().wait_for(letter, kCommandBound);
}

Result<void> Engine::execute(const Command& c) { return core_->execute(c); }

bool Engine::first_round_done() const { return core_->first_round.load(); }
Millis Engine::last_progress() const { return Millis{core_->progress.load()}; }
std::vector<ListingStatus> Engine::listings() const { return core_->listings(); }
Millis Engine::last_stored() const { return Millis{core_->stored.load()}; }
bool Engine::store_ok() const { return core_->store_ok.load(); }
std::shared_ptr<const LintReport> Engine::lint() const { return core_->lint(); }

}  // namespace embargod
