#include "daemon/metrics/prometheus_meter.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <set>
#include <utility>

#include "config/text_checks.h"
#include "daemon/metrics/series.h"
#include "daemon/watch/discovery_watch.h"

namespace embargod {
namespace {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;

constexpr std::array kAllLiveness{Liveness::absent, Liveness::stub,    Liveness::previous_edition,
                                  Liveness::live,   Liveness::suspect, Liveness::unknown};
constexpr std::array kAllKinds{IncidentKind::early,       IncidentKind::suspect,       IncidentKind::late,
                               IncidentKind::incomplete,  IncidentKind::wrong_content, IncidentKind::gap,
                               IncidentKind::unscheduled, IncidentKind::blind,         IncidentKind::drift};
static_assert(kAllKinds.size() == kIncidentKindCount);
constexpr std::array kAllOutcomes{Outcome::accepted, Outcome::retry, Outcome::rejected};

const char* outcome_word(Outcome o) {
  switch (o) {
    case Outcome::accepted:
      return "accepted";
    case Outcome::retry:
      return "retried";
    case Outcome::rejected:
      return "rejected";
  }
  return "?";
}

Histogram::BucketBoundaries probe_buckets() { return {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20}; }

}  // namespace

std::string label_text(const std::string& text) {
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto bad = invalid_utf8(rest);
    out += rest.substr(0, bad.value_or(rest.size()));
    if (!bad) break;
    out += "\xEF\xBF\xBD";  // U+FFFD
    rest.remove_prefix(*bad + 1);
  }
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return out;
}

// HELP texts are not escaped by the library: one plain line each.
class PrometheusMeter::Core {
 public:
  explicit Core(const std::string& version) {
    Series<Gauge> build{gauge("embargod_build_info", "1; the version is a label."), {"version"}};
    build.at({version}).Set(1);
    for (const Liveness l : kAllLiveness) probes.at({to_string(l)});
    for (const IncidentKind k : kAllKinds) incidents_total.at({to_string(k)});
    canary_failures.at({});
    show_lint({});
  }

  prometheus::Family<Gauge>& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  }
  prometheus::Family<Counter>& counter(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  }

  /// Sets the gauges of active incidents from `active`; releases of the schedule keep their zeros.
  void show_active() {
    std::map<std::vector<std::string>, double> sums;
    for (const auto& [id, places] : active) {
      for (const auto& place : places) sums[place] += 1;
    }
    for (const auto& release : releases) {
      for (const IncidentKind k : kAllKinds) sums[{release, to_string(k)}] += 0;
    }
    incident_active.drop_unless([&sums](const auto& values) { return sums.contains(values); });
    for (const auto& [values, sum] : sums) incident_active.at(values).Set(sum);
  }

  /// Each code and level that a finding can have, also those that none has.
  void show_lint(const std::vector<LintFinding>& findings) {
    std::map<std::vector<std::string>, double> counts;
    for (const std::string& code : lint_codes())
      for (const LintLevel level : {LintLevel::warning, LintLevel::note}) counts[{to_string(level), code}] = 0;
    for (const LintFinding& f : findings) counts[{to_string(f.level), f.code}] += 1;
    for (const auto& [values, count] : counts) lint_findings.at(values).Set(count);
  }

  prometheus::Registry registry;
  std::mutex mutex;
  std::set<std::string> calendars;  // names of the sources that others keep
  std::set<std::string> releases;
  std::set<std::vector<std::string>> targets;                        // release, target
  std::map<std::string, std::set<std::vector<std::string>>> active;  // incident id -> (release, kind)

  Series<Gauge> reload_ok{
      gauge("embargod_config_last_reload_successful", "1 if the newest load of the configuration was taken."), {}};
  Series<Gauge> reload_time{
      gauge("embargod_config_last_reload_success_timestamp_seconds", "When a configuration was last taken."), {}};
  Series<Gauge> schedule_time{
      gauge("embargod_schedule_last_success_timestamp_seconds", "When the schedule of this source was last taken."),
      {"source"}};
  Series<Gauge> schedule_interval{
      gauge("embargod_schedule_interval_seconds", "How often this source is read; none for a file that is not."),
      {"source"}};
  Series<Gauge> calendar_items{gauge("embargod_schedule_items", "Entries of the newest good reading of this source."),
                               {"source"}};
  Series<Gauge> calendar_unmatched{
      gauge("embargod_schedule_unmatched_items", "Entries of this source that belong to no release."), {"source"}};
  Series<Gauge> calendar_drifting{
      gauge("embargod_schedule_drifting_items", "Entries of this source that contradict the due in force."),
      {"source"}};
  Series<Gauge> lint_findings{gauge("embargod_schedule_lint_findings", "What lint finds odd in the schedule in force."),
                              {"severity", "code"}};
  Series<Gauge> lint_time{
      gauge("embargod_schedule_lint_timestamp_seconds", "When the schedule in force was last linted."), {}};
  Series<Gauge> holidays_wanted{
      gauge("embargod_bank_holidays_url_configured", "1 if an address is asked for the list of bank holidays."), {}};
  Series<Gauge> holidays_time{gauge("embargod_bank_holidays_last_success_timestamp_seconds",
                                    "When the address last gave a good list of bank holidays."),
                              {}};
  Series<Gauge> tzdata_ok{gauge("embargod_tzdata_ok", "1 if the zone data of the host passed the self-check at start."),
                          {}};
  Series<Gauge> listing_time{
      gauge("embargod_discovery_last_success_timestamp_seconds", "When all of this listing was last read."),
      {"listing"}};
  Series<Gauge> listing_interval{gauge("embargod_discovery_interval_seconds", "How often this listing is read."),
                                 {"listing"}};
  Series<Gauge> listing_failing{
      gauge("embargod_discovery_failing", "1 if the newest answer of this listing could not be read."), {"listing"}};
  Series<Gauge> listing_known{gauge("embargod_discovery_known_entries", "Entries that this listing has ever shown."),
                              {"listing"}};
  Series<Gauge> listing_matches{
      gauge("embargod_discovery_matches", "Entries that this listing shows now and that belong to a release."),
      {"listing"}};
  Series<Gauge> release_info{
      gauge("embargod_release_info", "1 for each release of the schedule; the announced title is a label."),
      {"release", "title"}};
  Series<Gauge> release_due{gauge("embargod_release_due_timestamp_seconds", "When the embargo of the release ends."),
                            {"release"}};
  Series<Gauge> target_state{gauge("embargod_target_state", "1 for what the newest look saw, else 0."),
                             {"release", "target", "state"}};
  Series<Gauge> target_conclusive{
      gauge("embargod_target_last_conclusive_timestamp_seconds", "When a look last told whether the target is public."),
      {"release", "target"}};
  Series<Gauge> incident_active{gauge("embargod_incident_active", "Incidents that are suspected or open."),
                                {"release", "kind"}};
  Series<Counter> incidents_total{counter("embargod_incidents_total", "Incidents opened."), {"kind"}};
  Series<Counter> probes{counter("embargod_probes_total", "Probes by what they saw."), {"outcome"}};
  prometheus::Family<Histogram>& duration_family = prometheus::BuildHistogram()
                                                       .Name("embargod_probe_duration_seconds")
                                                       .Help("How long probes took, redirects included.")
                                                       .Register(registry);
  Histogram& duration = duration_family.Add({}, probe_buckets());
  Series<Counter> blind_seconds{
      counter("embargod_blind_seconds_total", "Time in which nothing was known of a target of the release."),
      {"release"}};
  Series<Counter> target_blind_seconds{
      counter("embargod_target_blind_seconds_total", "Time in which nothing was known of the target, by cause."),
      {"release", "target", "cause"}};
  Series<Gauge> rehearsal_active{
      gauge("embargod_rehearsal_active", "1 while the release may be public because a planned rehearsal covers it."),
      {"release"}};
  Series<Gauge> lag{gauge("embargod_scheduler_lag_seconds", "How late the newest probe started."), {}};
  Series<Gauge> clock_error{gauge("embargod_clock_error_seconds", "Bound on the error of our clock."), {}};
  Series<Gauge> outbox{gauge("embargod_outbox_pending", "Notifications that no receiver has accepted yet."), {}};
  Series<Counter> notifications{counter("embargod_notifications_total", "Attempts to notify, by what came of them."),
                                {"receiver", "outcome"}};
  Series<Gauge> heartbeat{gauge("embargod_heartbeat_timestamp_seconds", "When the engine last got through a turn."),
                          {}};
  Series<Gauge> canary_time{gauge("embargod_canary_last_success_timestamp_seconds",
                                  "When word of the canary's page last came through to the null channel."),
                            {}};
  Series<Counter> canary_failures{
      counter("embargod_canary_failures_total", "Flights of the canary that did not come through."), {}};
  Series<Gauge> drill_passed{
      gauge("embargod_drill_last_passed_timestamp_seconds", "When the newest drill began that passed whole."), {}};
  Series<Gauge> drill_accepted{gauge("embargod_drill_last_accepted_timestamp_seconds",
                                     "When the newest drill began whose alarm this receiver accepted."),
                               {"receiver"}};
  Series<Gauge> drill_seconds{gauge("embargod_drill_seconds", "What the newest drill that got so far took, by step."),
                              {"step"}};
  Series<Gauge> log_leaves{gauge("embargod_evidence_log_leaves", "Leaves of the evidence log."), {}};
  Series<Gauge> log_sound{
      gauge("embargod_evidence_log_sound", "1 if the evidence log goes on from its newest signed head."), {}};
  Series<Gauge> log_signed{
      gauge("embargod_evidence_log_last_signed_timestamp_seconds", "When a head of the evidence log was last signed."),
      {}};
  Series<Gauge> dead_man{gauge("embargod_dead_man_last_success_timestamp_seconds",
                               "When the dead man's switch last accepted that all is well."),
                         {}};
};

PrometheusMeter::PrometheusMeter(const std::string& version) : core_{std::make_unique<Core>(version)} {
  for (auto* zero : {&core_->reload_ok, &core_->tzdata_ok, &core_->holidays_wanted, &core_->lag, &core_->clock_error,
                     &core_->outbox, &core_->log_leaves, &core_->log_sound})
    zero->at({});
}

PrometheusMeter::~PrometheusMeter() = default;

std::string PrometheusMeter::expose() const {
  const std::lock_guard lock{core_->mutex};
  return prometheus::TextSerializer{}.Serialize(core_->registry.Collect());
}

void PrometheusMeter::tzdata(bool ok) {
  const std::lock_guard lock{core_->mutex};
  core_->tzdata_ok.at({}).Set(ok ? 1 : 0);
}

void PrometheusMeter::evidence_log(std::uint64_t leaves, bool sound, std::optional<Instant> signed_at) {
  const std::lock_guard lock{core_->mutex};
  core_->log_leaves.at({}).Set(static_cast<double>(leaves));
  core_->log_sound.at({}).Set(sound ? 1 : 0);
  if (signed_at) core_->log_signed.at({}).Set(unix_seconds(*signed_at));
}

void PrometheusMeter::dead_man_success(Instant at) {
  const std::lock_guard lock{core_->mutex};
  core_->dead_man.at({}).Set(unix_seconds(at));
}

void PrometheusMeter::canary_success(Instant at) {
  const std::lock_guard lock{core_->mutex};
  core_->canary_time.at({}).Set(unix_seconds(at));
}

void PrometheusMeter::canary_failure() {
  const std::lock_guard lock{core_->mutex};
  core_->canary_failures.at({}).Increment();
}

void PrometheusMeter::drill(const DrillRecord& r) {
  const std::lock_guard lock{core_->mutex};
  std::optional<Millis> slowest;
  for (const DrillReceipt& t : r.told) {
    if (!t.took) continue;
    slowest = std::max(slowest.value_or(*t.took), *t.took);
    core_->drill_accepted.at({t.receiver}).Set(unix_seconds(r.began));
  }
  if (has_passed(r)) core_->drill_passed.at({}).Set(unix_seconds(r.began));
  const auto step = [this](const char* name, const std::optional<Millis>& took) {
    if (took) core_->drill_seconds.at({name}).Set(to_seconds(*took));
  };
  step("detect", r.detected);
  step("deliver", slowest);
  step("acknowledge", r.acknowledged);
}

void PrometheusMeter::reloaded(bool ok, Instant at) {
  const std::lock_guard lock{core_->mutex};
  core_->reload_ok.at({}).Set(ok ? 1 : 0);
  if (ok) core_->reload_time.at({}).Set(unix_seconds(at));
}

void PrometheusMeter::schedule(const Schedule& s, Instant at) {
  const std::lock_guard lock{core_->mutex};
  Core& c = *core_;
  std::set<std::string> sources;
  std::set<std::vector<std::string>> infos;
  std::set<std::string> with_due;
  c.releases.clear();
  c.targets.clear();
  for (const Release& r : s.releases) {
    c.releases.insert(r.id);
    if (!c.calendars.contains(r.source)) sources.insert(r.source);
    infos.insert({r.id, r.title});
    if (r.due.at) with_due.insert(r.id);
    for (const Target& t : r.targets) c.targets.insert({r.id, t.id});
  }
  c.schedule_time.drop_unless([&](const auto& v) { return sources.contains(v[0]) || c.calendars.contains(v[0]); });
  c.release_info.drop_unless([&](const auto& v) { return infos.contains(v); });
  c.release_due.drop_unless([&](const auto& v) { return with_due.contains(v[0]); });
  c.target_state.drop_unless([&](const auto& v) { return c.targets.contains({v[0], v[1]}); });
  c.target_conclusive.drop_unless([&](const auto& v) { return c.targets.contains(v); });
  c.target_blind_seconds.drop_unless([&](const auto& v) { return c.targets.contains({v[0], v[1]}); });
  c.blind_seconds.drop_unless([&](const auto& v) { return c.releases.contains(v[0]); });
  c.rehearsal_active.drop_unless([&](const auto& v) { return c.releases.contains(v[0]); });
  for (const auto& source : sources) c.schedule_time.at({source}).Set(unix_seconds(at));
  for (const auto& info : infos) c.release_info.at(info).Set(1);
  for (const Release& r : s.releases) {
    if (r.due.at) c.release_due.at({r.id}).Set(unix_seconds(*r.due.at));
    c.blind_seconds.at({r.id});
    c.rehearsal_active.at({r.id});
    for (const Target& t : r.targets) {
      for (const Liveness l : kAllLiveness) c.target_state.at({r.id, t.id, to_string(l)});
    }
  }
  c.show_active();
}

void PrometheusMeter::calendars(const std::vector<std::string>& names) {
  const std::lock_guard lock{core_->mutex};
  Core& c = *core_;
  const std::set<std::string> former = std::exchange(c.calendars, {names.begin(), names.end()});
  c.schedule_time.drop_unless([&](const auto& v) { return c.calendars.contains(v[0]) || !former.contains(v[0]); });
  for (auto* counts : {&c.calendar_items, &c.calendar_unmatched, &c.calendar_drifting}) {
    counts->drop_unless([&c](const auto& v) { return c.calendars.contains(v[0]); });
    for (const auto& name : c.calendars) counts->at({name});
  }
}

void PrometheusMeter::source(const std::string& name, Instant last_success) {
  const std::lock_guard lock{core_->mutex};
  core_->calendars.insert(name);
  core_->schedule_time.at({name}).Set(unix_seconds(last_success));
}

void PrometheusMeter::calendar(const std::string& name, std::int64_t items, std::int64_t unmatched,
                               std::int64_t drifting) {
  const std::lock_guard lock{core_->mutex};
  core_->calendars.insert(name);
  core_->calendar_items.at({name}).Set(static_cast<double>(items));
  core_->calendar_unmatched.at({name}).Set(static_cast<double>(unmatched));
  core_->calendar_drifting.at({name}).Set(static_cast<double>(drifting));
}

void PrometheusMeter::lint(const LintReport& r) {
  const std::lock_guard lock{core_->mutex};
  Core& c = *core_;
  c.show_lint(r.findings);
  c.lint_time.at({}).Set(unix_seconds(r.now));
  const bool has_url = r.holidays && r.holidays->has_url;
  c.holidays_wanted.at({}).Set(has_url ? 1 : 0);
  if (has_url && r.holidays->last_success)
    c.holidays_time.at({}).Set(unix_seconds(*r.holidays->last_success));
  else
    c.holidays_time.drop_unless([](const auto&) { return false; });
}

void PrometheusMeter::listings(const std::vector<std::string>& names) {
  const std::lock_guard lock{core_->mutex};
  Core& c = *core_;
  const auto is_there = [&names](const auto& v) { return std::find(names.begin(), names.end(), v[0]) != names.end(); };
  c.listing_time.drop_unless(is_there);
  for (auto* series : {&c.listing_interval, &c.listing_failing, &c.listing_known, &c.listing_matches}) {
    series->drop_unless(is_there);
    for (const auto& name : names) series->at({name});
  }
}

void PrometheusMeter::listing(const ListingStatus& s) {
  const std::lock_guard lock{core_->mutex};
  Core& c = *core_;
  if (s.last_success) c.listing_time.at({s.listing}).Set(unix_seconds(*s.last_success));
  c.listing_interval.at({s.listing}).Set(to_seconds(s.interval));
  c.listing_failing.at({s.listing}).Set(s.fault.empty() ? 0 : 1);
  c.listing_known.at({s.listing}).Set(static_cast<double>(s.known));
  c.listing_matches.at({s.listing}).Set(static_cast<double>(s.matches));
}

void PrometheusMeter::receivers(const std::vector<std::string>& names) {
  const std::lock_guard lock{core_->mutex};
  core_->notifications.drop_unless(
      [&names](const auto& v) { return std::find(names.begin(), names.end(), v[0]) != names.end(); });
  core_->drill_accepted.drop_unless(
      [&names](const auto& v) { return std::find(names.begin(), names.end(), v[0]) != names.end(); });
  for (const auto& name : names) {
    for (const Outcome o : kAllOutcomes) core_->notifications.at({name, outcome_word(o)});
  }
}

void PrometheusMeter::source_intervals(const std::map<std::string, Millis>& every) {
  const std::lock_guard lock{core_->mutex};
  core_->schedule_interval.drop_unless([&every](const auto& v) { return every.contains(v[0]); });
  for (const auto& [source, interval] : every) core_->schedule_interval.at({source}).Set(to_seconds(interval));
}

void PrometheusMeter::probe(Liveness outcome, Millis duration) {
  const std::lock_guard lock{core_->mutex};
  core_->probes.at({to_string(outcome)}).Increment();
  core_->duration.Observe(to_seconds(duration));
}

void PrometheusMeter::target(const TargetTrack& t) {
  const std::lock_guard lock{core_->mutex};
  if (!core_->targets.contains({t.release, t.target})) return;  // its release has left the schedule
  for (const Liveness l : kAllLiveness)
    core_->target_state.at({t.release, t.target, to_string(l)}).Set(t.last_look && l == t.liveness ? 1 : 0);
  if (t.last_conclusive) core_->target_conclusive.at({t.release, t.target}).Set(unix_seconds(*t.last_conclusive));
}

void PrometheusMeter::incident(const Incident& i, bool is_new) {
  const std::lock_guard lock{core_->mutex};
  if (is_new) core_->incidents_total.at({to_string(i.kind)}).Increment();
  core_->active.erase(i.id);
  if (is_active(i)) {
    auto& places = core_->active[i.id];
    if (!i.release.empty()) places.insert({i.release, to_string(i.kind)});
    for (const auto& release : i.affected) places.insert({release, to_string(i.kind)});
    if (places.empty()) places.insert({"", to_string(i.kind)});
  }
  core_->show_active();
}

void PrometheusMeter::blind(const std::string& release, Millis added) {
  const std::lock_guard lock{core_->mutex};
  if (auto* series = core_->blind_seconds.find({release}); series != nullptr) series->Increment(to_seconds(added));
}

void PrometheusMeter::blind_target(const TargetTrack& t, Millis added) {
  const std::lock_guard lock{core_->mutex};
  if (!core_->targets.contains({t.release, t.target})) return;  // its release has left the schedule
  const Cause cause = t.blind ? t.blind->cause : t.cause;
  core_->target_blind_seconds.at({t.release, t.target, to_string(cause)}).Increment(to_seconds(added));
}

void PrometheusMeter::rehearsals(const std::vector<std::string>& releases) {
  const std::lock_guard lock{core_->mutex};
  for (const std::string& known : core_->releases) {
    const bool is_covered = std::find(releases.begin(), releases.end(), known) != releases.end();
    core_->rehearsal_active.at({known}).Set(is_covered ? 1 : 0);
  }
}

void PrometheusMeter::scheduler_lag(Millis lag) {
  const std::lock_guard lock{core_->mutex};
  core_->lag.at({}).Set(to_seconds(lag));
}

void PrometheusMeter::clock_error(Millis e) {
  const std::lock_guard lock{core_->mutex};
  core_->clock_error.at({}).Set(to_seconds(e));
}

void PrometheusMeter::heartbeat(Instant at) {
  const std::lock_guard lock{core_->mutex};
  core_->heartbeat.at({}).Set(unix_seconds(at));
}

void PrometheusMeter::outbox_pending(std::int64_t rows) {
  const std::lock_guard lock{core_->mutex};
  core_->outbox.at({}).Set(static_cast<double>(rows));
}

void PrometheusMeter::notification(const std::string& receiver, Outcome outcome) {
  const std::lock_guard lock{core_->mutex};
  core_->notifications.at({receiver, outcome_word(outcome)}).Increment();
}

}  // namespace embargod
