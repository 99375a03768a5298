#pragma once
// The engine's inside. engine.cpp starts, reloads and takes people's decisions; engine_looks.cpp asks and judges;
// engine_answers.cpp draws the conclusions and plans the next look; engine_calendars.cpp joins the
// releases of calendars and lints all of them; engine_discovery.cpp takes what listings show; engine_rehearsals.cpp
// plans rehearsals; engine_turn.cpp commits
// and lets time pass.

#include <algorithm>
#include <atomic>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "daemon/watch/casework.h"
#include "daemon/watch/discovery_watch.h"
#include "daemon/watch/engine.h"
#include "daemon/watch/holiday_watch.h"
#include "daemon/watch/ledger.h"
#include "daemon/watch/lint_watch.h"
#include "daemon/watch/mailbox.h"
#include "daemon/watch/rehearsal_watch.h"
#include "daemon/watch/roster.h"
#include "daemon/watch/source_watch.h"
#include "daemon/watch/survey.h"

namespace embargod {

inline constexpr int kMissedLooks = 3;  // no look for so many intervals is blind time too (P22)

/// By what the same content is known again.
[[nodiscard]] inline const std::string& content_id(const Observation& o, const Judgement& j) {
  return j.fingerprint.empty() ? o.digest : j.fingerprint;
}

class Engine::Core {
 public:
  Core(Doors doors, std::shared_ptr<const Plan> plan)
      : doors_{std::move(doors)},
        plan_{std::move(plan)},
        ledger_{doors_.store, doors_.emergency, doors_.journal, doors_.log, doors_.clock},
        rehearsals_{ledger_, doors_.log},
        cases_{ledger_, doors_.meter, doors_.log, rehearsals_} {
    cases_.knows_deliveries(doors_.deliveries != nullptr);
  }

  Result<void> open();
  void turn(Millis up_to);
  void stop();
  Result<void> write_report(const Command& c);
  Result<void> execute(const Command& c);

  Mailbox& mailbox() { return mailbox_; }
  Prober& prober() { return doors_.prober; }
  [[nodiscard]] std::shared_ptr<const LintReport> lint() const { return lint_.newest(); }
  [[nodiscard]] std::vector<ListingStatus> listings() const;
  std::atomic<bool> first_round{false};
  std::atomic<std::int64_t> progress{0};
  std::atomic<std::int64_t> stored{0};
  std::atomic<bool> store_ok{true};

 private:
  struct Kept {
    std::string incident;
    const Observation* observation;
    TakenFor taken;
  };
  /// Counted only when the commit that they belong to was tried.
  struct Counted {
    Liveness outcome;
    Millis took;
    std::optional<TargetTrack> track;  // unset: of a guess, whose states are no series
  };
  /// A look that left beside the one that the cadence asked for.
  struct Extra {
    std::string target;
    Route route = Route::plain;
    bool in_turn = false;
  };
  enum class WaysAsked : std::uint8_t { all, in_turn };
  /// A first answer that rests on its status alone: held back until a sibling has answered, never beyond `until`.
  struct Doubt {
    Observation seen;
    std::string target;
    std::optional<Extra> extra;
    std::uint64_t sibling = 0;
    Millis until{0};
  };

  /// What a listing's reading has told so far: one step of an incident when it is over.
  struct Pending {
    std::vector<StrangerSeen> fresh;
    std::vector<std::string> scheduled;  // URLs of entries that belong to a release
    bool first_sight = false;            // of a release's
  };
  /// What was logged of a listing last.
  struct ToldListing {
    std::string fault, note;
  };
  /// What an upcoming page says of a release.
  struct StatedDate {
    std::string release;
    Due says;
    bool is_listed_early = false;
    Instant seen{};
  };

  void use_plan(std::shared_ptr<const Plan> plan);
  void adopt_schedule();
  void restore(const StoredState& state);
  void restore_tracks(const StoredState& state);
  void start_looks();
  void start(Watched& w);
  void ask_other_ways(Watched& w, const std::vector<Route>& routes, WaysAsked how);
  void take(const Observation& o);
  void take_extra(const Extra& e, const Observation& o);
  void settle_doubts(std::optional<std::uint64_t> answered);
  [[nodiscard]] bool doubtful(const Watched& w, const Observation& o, const Judgement& j) const;
  void doubt(const Observation& o, const std::string& target, std::optional<Extra> extra);
  [[nodiscard]] Judgement judged(const Watched& w, const Observation& o);
  void conclude(Watched& w, const Observation& o, const Judgement& j);
  void conclude_extra(Watched& w, const Observation& o, const Judgement& j);
  bool work_on_cases(const Watched& w, const Observation& o, const TargetTrack& before, const Look& look,
                     Verdict verdict, const std::optional<BlindSpan>& blind_ended);
  [[nodiscard]] Verdict verdict_on(const Watched& w, const Look& look);
  [[nodiscard]] TrackStep observed(Watched& w, const Look& look, Verdict verdict);
  [[nodiscard]] std::string twin_of(const Watched& w, const Look& look) const;
  void note_boundary(const Watched& w, const Look& look, Verdict verdict, Liveness before);
  void record(Watched& w, const Look& look, const TrackStep& step, Liveness before);
  void plan_next(Watched& w, bool opened);
  void plan_other_ways(Watched& w, const Look& look, bool opened);
  [[nodiscard]] bool stays_quiet(Watched& w, Millis interval);
  void adopt_parts();
  void show_states();
  [[nodiscard]] std::shared_ptr<const Plan> joined(std::shared_ptr<const Plan> plan);
  [[nodiscard]] std::shared_ptr<const Plan> planned_with(const Plan& plan, Schedule schedule);
  void begin_with(std::shared_ptr<const Plan> plan);
  void take_calendar_news();
  void rejoin();
  void watch_drifts();
  void lint_schedule_in_force();
  void restore_listings(const StoredState& state);
  void adopt_listings();
  void take_listing(const Observation& o, const DiscoveryOutcome& out);
  void log_listing(const DiscoveryOutcome& out);
  void end_round(const Observation& o, const DiscoveryOutcome& out);
  void see_listed(const NewFinding& f, const Observation& o);
  void miss_listed(const Observation& o, const DiscoveryOutcome& out);
  bool work_on_listed(const Release& r, const Target& t, const Look& look, Verdict verdict, const Observation& o);
  void keep_listing(const std::string& incident, const std::string& target, const Observation& o, TakenFor taken);
  void tell_strangers(const Observation& o, const DiscoveryOutcome& out);
  void note_stated_dates(const DiscoveryListing& l);
  [[nodiscard]] std::vector<Drift> listing_drifts() const;
  void show_listings();
  void look_at_all_of(const Release& r);
  void tell_calendars(std::vector<std::vector<CalendarRow>> rows);
  [[nodiscard]] bool is_public(const std::string& release);
  void survey_what_is_watched();
  [[nodiscard]] bool has_doubt(const std::string& target) const;
  void keep_evidence();
  void housekeeping();
  void watch_sites(Instant now);
  void notice_missing_answers();
  void count_blind(Millis since);
  void check_clock();
  void answer_letters();
  Result<void> lift(const Command& c);
  Result<void> approve(const Command& c);
  // engine_rehearsals.cpp
  Result<void> plan_rehearsal(const Command& c);
  Result<void> cancel_rehearsal(const Command& c);
  void show_rehearsals();
  void commit(Ledger::When when);
  [[nodiscard]] Cadence cadence_of(const Watched& w) const;
  [[nodiscard]] std::optional<Instant> first_out(const Release& r);
  [[nodiscard]] Millis time_to_wait(Millis up_to) const;
  [[nodiscard]] std::optional<Instant> lifted(const std::string& release) const;
  [[nodiscard]] std::optional<Instant> embargo_end(const Release& r) const;

  Doors doors_;
  std::shared_ptr<const Plan> plan_;
  Ledger ledger_;
  RehearsalWatch rehearsals_;
  Casework cases_;
  std::vector<std::string> shown_rehearsals_;  // releases, as metered last
  Roster roster_;
  Mailbox mailbox_;
  Survey survey_;
  Vouchers vouchers_;
  SourceWatch sources_;
  HolidayWatch holidays_;
  LintWatch lint_;
  std::size_t told_warnings_ = 0;  // of lint, in the log
  DiscoveryWatch discovery_;
  std::map<std::string, TargetTrack> listed_;            // by listed_target(): what listings show of releases
  std::map<std::string, ObservationSpan> listed_spans_;  // the rows that grow, by the same
  std::map<std::string, Pending> pending_;               // these by listing
  std::map<std::string, ToldListing> told_listings_;
  std::map<std::string, std::vector<StatedDate>> stated_dates_;
  mutable std::mutex listings_mutex_;
  std::vector<ListingStatus> listings_;      // for other threads, under the mutex
  std::map<std::string, Release> in_force_;  // as announced: what calendars cannot change
  std::vector<Drift> drifts_;
  std::map<std::string, CalendarState> told_calendars_;  // as stored last
  std::vector<Release> last_merged_;  // what the plan was made of; empty: by another config, or nothing
  Millis last_join_{0};
  std::map<std::string, Lift> lifts_;
  std::map<std::string, Baseline> baselines_;  // by target
  std::map<std::uint64_t, Extra> extras_;      // by token
  std::list<Doubt> doubts_;
  std::list<Observation> settled_;  // doubted answers that this turn concluded: to_keep_ points into it
  std::vector<Kept> to_keep_;
  std::vector<Counted> counted_;
  std::uint64_t tokens_ = 0;
  [[nodiscard]] Millis housekeeping_every() const {
    // Every second while something is open or out of sight; else fewer wake-ups.
    return any_blind_ || !cases_.empty() ? Millis{1'000} : Millis{5'000};
  }

  bool any_blind_ = false;
  Millis last_housekeeping_{0};
  Millis last_beat_{0};
  Millis last_retire_{0};
  std::optional<Millis> wall_less_ticks_;
  Millis worst_lag_{0};
};

}  // namespace embargod
