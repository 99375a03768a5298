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

#include "config/text_checks.h"
#include "daemon/metrics/series.h"

namespace embargod {
namespace {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;

constexpr std::array kAllLiveness{Liveness::absent, Liveness::stub,    Liveness::previous_edition,
                                  Liveness::live,   Liveness::suspect, Liveness::unknown};
constexpr std::array kAllKinds{IncidentKind::early,       IncidentKind::suspect,       IncidentKind::late,
                               IncidentKind::incomplete,  IncidentKind::wrong_content, IncidentKind::gap,
                               IncidentKind::unscheduled, IncidentKind::blind};
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

  prometheus::Registry registry;
  std::mutex mutex;
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
  Series<Gauge> tzdata_ok{gauge("embargod_tzdata_ok", "1 if the zone data of the host passed the self-check at start."),
                          {}};
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
  Series<Gauge> lag{gauge("embargod_scheduler_lag_seconds", "How late the newest probe started."), {}};
  Series<Gauge> clock_error{gauge("embargod_clock_error_seconds", "Bound on the error of our clock."), {}};
  Series<Gauge> outbox{gauge("embargod_outbox_pending", "Notifications that no receiver has accepted yet."), {}};
  Series<Counter> notifications{counter("embargod_notifications_total", "Attempts to notify, by what came of them."),
                                {"receiver", "outcome"}};
  Series<Gauge> heartbeat{gauge("embargod_heartbeat_timestamp_seconds", "When the engine last got through a turn."),
                          {}};
};

PrometheusMeter::PrometheusMeter(const std::string& version) : core_{std::make_unique<Core>(version)} {
  for (auto* zero : {&core_->reload_ok, &core_->tzdata_ok, &core_->lag, &core_->clock_error, &core_->outbox})
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
    sources.insert(r.source);
    infos.insert({r.id, r.title});
    if (r.due.at) with_due.insert(r.id);
    for (const Target& t : r.targets) c.targets.insert({r.id, t.id});
  }
  c.schedule_time.drop_unless([&](const auto& v) { return sources.contains(v[0]); });
  c.release_info.drop_unless([&](const auto& v) { return infos.contains(v); });
  c.release_due.drop_unless([&](const auto& v) { return with_due.contains(v[0]); });
  c.target_state.drop_unless([&](const auto& v) { return c.targets.contains({v[0], v[1]}); });
  c.target_conclusive.drop_unless([&](const auto& v) { return c.targets.contains(v); });
  c.target_blind_seconds.drop_unless([&](const auto& v) { return c.targets.contains({v[0], v[1]}); });
  c.blind_seconds.drop_unless([&](const auto& v) { return c.releases.contains(v[0]); });
  for (const auto& source : sources) c.schedule_time.at({source}).Set(unix_seconds(at));
  for (const auto& info : infos) c.release_info.at(info).Set(1);
  for (const Release& r : s.releases) {
    if (r.due.at) c.release_due.at({r.id}).Set(unix_seconds(*r.due.at));
    c.blind_seconds.at({r.id});
    for (const Target& t : r.targets) {
      for (const Liveness l : kAllLiveness) c.target_state.at({r.id, t.id, to_string(l)});
    }
  }
  c.show_active();
}

void PrometheusMeter::receivers(const std::vector<std::string>& names) {
  const std::lock_guard lock{core_->mutex};
  core_->notifications.drop_unless(
      [&names](const auto& v) { return std::find(names.begin(), names.end(), v[0]) != names.end(); });
  for (const auto& name : names) {
    for (const Outcome o : kAllOutcomes) core_->notifications.at({name, outcome_word(o)});
  }
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
