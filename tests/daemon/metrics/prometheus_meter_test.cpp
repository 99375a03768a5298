#include "daemon/metrics/prometheus_meter.h"
#include "daemon/watch/discovery_watch.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/support/drills.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Instant kMeterNoon{Millis{1'524'484'800'123}};

Release metered_release(const std::string& id, std::optional<Instant> due, const std::string& title = "A title") {
  Release r;
  r.id = id;
  r.title = title;
  r.due.at = due;
  r.source = "releases.yml";
  Target t;
  t.id = id + "/page";
  t.release = id;
  r.targets = {t};
  return r;
}

Schedule metered_schedule(const std::vector<Release>& releases) {
  Schedule s;
  s.releases = releases;
  return s;
}

/// Samples only, sorted: the library's order within a family is by hash.
std::string samples(const PrometheusMeter& meter, const std::string& containing = "") {
  std::istringstream in{meter.expose()};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with('#') && line.find(containing) != std::string::npos) lines.push_back(line);
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const auto& l : lines) out += l + "\n";
  return out;
}

Incident metered_incident(const std::string& id, const std::string& release, IncidentState state) {
  Incident i;
  i.id = id;
  i.release = release;
  i.state = state;
  return i;
}

TEST(PrometheusMeter, ExposesEverythingKnownFromTheStart) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(metered_schedule({metered_release("gdp-q1", Instant{Millis{1'524'645'000'000}})}), kMeterNoon);
  meter.receivers({"alertmanager-1"});
  std::string known = samples(meter);
  const std::string lint = samples(meter, "embargod_schedule_lint_findings");  // LintMeter has them
  ASSERT_NE(known.find(lint), std::string::npos);
  known.erase(known.find(lint), lint.size());
  EXPECT_EQ(known, R"(embargod_bank_holidays_url_configured 0
embargod_blind_seconds_total{release="gdp-q1"} 0
embargod_build_info{version="0.1.0"} 1
embargod_canary_failures_total 0
embargod_clock_error_seconds 0
embargod_config_last_reload_successful 0
embargod_evidence_log_leaves 0
embargod_evidence_log_sound 0
embargod_incident_active{kind="blind",release="gdp-q1"} 0
embargod_incident_active{kind="drift",release="gdp-q1"} 0
embargod_incident_active{kind="early",release="gdp-q1"} 0
embargod_incident_active{kind="gap",release="gdp-q1"} 0
embargod_incident_active{kind="incomplete",release="gdp-q1"} 0
embargod_incident_active{kind="late",release="gdp-q1"} 0
embargod_incident_active{kind="suspect",release="gdp-q1"} 0
embargod_incident_active{kind="unscheduled",release="gdp-q1"} 0
embargod_incident_active{kind="wrong_content",release="gdp-q1"} 0
embargod_incidents_total{kind="blind"} 0
embargod_incidents_total{kind="drift"} 0
embargod_incidents_total{kind="early"} 0
embargod_incidents_total{kind="gap"} 0
embargod_incidents_total{kind="incomplete"} 0
embargod_incidents_total{kind="late"} 0
embargod_incidents_total{kind="suspect"} 0
embargod_incidents_total{kind="unscheduled"} 0
embargod_incidents_total{kind="wrong_content"} 0
embargod_notifications_total{outcome="accepted",receiver="alertmanager-1"} 0
embargod_notifications_total{outcome="rejected",receiver="alertmanager-1"} 0
embargod_notifications_total{outcome="retried",receiver="alertmanager-1"} 0
embargod_outbox_pending 0
embargod_probe_duration_seconds_bucket{le="+Inf"} 0
embargod_probe_duration_seconds_bucket{le="0.005"} 0
embargod_probe_duration_seconds_bucket{le="0.01"} 0
embargod_probe_duration_seconds_bucket{le="0.025"} 0
embargod_probe_duration_seconds_bucket{le="0.05"} 0
embargod_probe_duration_seconds_bucket{le="0.1"} 0
embargod_probe_duration_seconds_bucket{le="0.25"} 0
embargod_probe_duration_seconds_bucket{le="0.5"} 0
embargod_probe_duration_seconds_bucket{le="1"} 0
embargod_probe_duration_seconds_bucket{le="10"} 0
embargod_probe_duration_seconds_bucket{le="2.5"} 0
embargod_probe_duration_seconds_bucket{le="20"} 0
embargod_probe_duration_seconds_bucket{le="5"} 0
embargod_probe_duration_seconds_count 0
embargod_probe_duration_seconds_sum 0
embargod_probes_total{outcome="absent"} 0
embargod_probes_total{outcome="live"} 0
embargod_probes_total{outcome="previous_edition"} 0
embargod_probes_total{outcome="stub"} 0
embargod_probes_total{outcome="suspect"} 0
embargod_probes_total{outcome="unknown"} 0
embargod_rehearsal_active{release="gdp-q1"} 0
embargod_release_due_timestamp_seconds{release="gdp-q1"} 1524645000
embargod_release_info{release="gdp-q1",title="A title"} 1
embargod_schedule_last_success_timestamp_seconds{source="releases.yml"} 1524484800.123
embargod_scheduler_lag_seconds 0
embargod_target_state{release="gdp-q1",state="absent",target="gdp-q1/page"} 0
embargod_target_state{release="gdp-q1",state="live",target="gdp-q1/page"} 0
embargod_target_state{release="gdp-q1",state="previous_edition",target="gdp-q1/page"} 0
embargod_target_state{release="gdp-q1",state="stub",target="gdp-q1/page"} 0
embargod_target_state{release="gdp-q1",state="suspect",target="gdp-q1/page"} 0
embargod_target_state{release="gdp-q1",state="unknown",target="gdp-q1/page"} 0
embargod_tzdata_ok 0
)");
}

TEST(PrometheusMeter, StatesTypes) {
  PrometheusMeter meter{"0.1.0"};
  meter.heartbeat(kMeterNoon);
  const std::string text = meter.expose();
  for (const char* line :
       {"# TYPE embargod_build_info gauge\n", "# TYPE embargod_probes_total counter\n",
        "# TYPE embargod_probe_duration_seconds histogram\n", "# TYPE embargod_heartbeat_timestamp_seconds gauge\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(PrometheusMeter, CountsProbes) {
  PrometheusMeter meter{"0.1.0"};
  meter.probe(Liveness::absent, Millis{30});
  meter.probe(Liveness::absent, Millis{3'000});
  meter.probe(Liveness::unknown, Millis{60'000});
  EXPECT_EQ(samples(meter, "probes_total{outcome=\"absent\"}"), "embargod_probes_total{outcome=\"absent\"} 2\n");
  EXPECT_EQ(samples(meter, "le=\"0.05\""), "embargod_probe_duration_seconds_bucket{le=\"0.05\"} 1\n");
  EXPECT_EQ(samples(meter, "le=\"20\""), "embargod_probe_duration_seconds_bucket{le=\"20\"} 2\n");
  EXPECT_EQ(samples(meter, "duration_seconds_count"), "embargod_probe_duration_seconds_count 3\n");
}

TEST(PrometheusMeter, ShowsOneStatePerTarget) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(metered_schedule({metered_release("a", kMeterNoon)}), kMeterNoon);
  TargetTrack t;
  t.release = "a";
  t.target = "a/page";
  t.last_look = kMeterNoon;
  t.liveness = Liveness::unknown;
  meter.target(t);
  EXPECT_EQ(samples(meter, "last_conclusive"), "");
  t.liveness = Liveness::live;
  t.last_conclusive = kMeterNoon;
  meter.target(t);
  EXPECT_EQ(samples(meter, "} 1"),
            "embargod_build_info{version=\"0.1.0\"} 1\n"
            "embargod_release_due_timestamp_seconds{release=\"a\"} 1524484800.123\n"
            "embargod_release_info{release=\"a\",title=\"A title\"} 1\n"
            "embargod_schedule_last_success_timestamp_seconds{source=\"releases.yml\"} 1524484800.123\n"
            "embargod_target_last_conclusive_timestamp_seconds{release=\"a\",target=\"a/page\"} 1524484800.123\n"
            "embargod_target_state{release=\"a\",state=\"live\",target=\"a/page\"} 1\n");
}

TEST(PrometheusMeter, WhatBelongsToAReleaseLeavesWithItButAnActiveIncidentStays) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(metered_schedule({metered_release("a", kMeterNoon), metered_release("b", kMeterNoon)}), kMeterNoon);
  meter.blind("a", Millis{1'500});
  EXPECT_THAT(samples(meter), HasSubstr("embargod_blind_seconds_total{release=\"a\"} 1.5\n"));
  meter.incident(metered_incident("I1", "a", IncidentState::suspected), true);
  meter.schedule(metered_schedule({metered_release("b", std::nullopt, "Renamed")}), kMeterNoon);
  EXPECT_EQ(samples(meter, "release=\"a\""), "embargod_incident_active{kind=\"early\",release=\"a\"} 1\n");
  EXPECT_EQ(samples(meter, "release_info"), "embargod_release_info{release=\"b\",title=\"Renamed\"} 1\n");
  EXPECT_EQ(samples(meter, "release_due"), "") << "only a month is known";
  TargetTrack late;
  late.release = "a";
  late.target = "a/page";
  late.last_look = kMeterNoon;
  meter.target(late);
  meter.blind("a", Millis{1'000});
  meter.incident(metered_incident("I1", "a", IncidentState::closed), false);
  EXPECT_EQ(samples(meter, "release=\"a\""), "");
  EXPECT_THAT(samples(meter), HasSubstr("embargod_incidents_total{kind=\"early\"} 1\n"));
}

TEST(PrometheusMeter, BlindTimeOfATargetIsByTheCauseItBeganWith) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(metered_schedule({metered_release("a", kMeterNoon)}), kMeterNoon);
  EXPECT_EQ(samples(meter, "target_blind"), "") << "a cause appears once it happened";
  TargetTrack t;
  t.release = "a";
  t.target = "a/page";
  t.cause = Cause::connect;
  t.blind = BlindSpan{.target = t.target,
                      .release = t.release,
                      .site = "stats.example.org",
                      .from = kMeterNoon,
                      .to = {},
                      .cause = Cause::timeout};
  meter.blind_target(t, Millis{1'500});
  meter.blind_target(t, Millis{500});
  t.blind->cause = Cause::challenge;
  meter.blind_target(t, Millis{250});
  EXPECT_EQ(samples(meter, "target_blind"),
            "embargod_target_blind_seconds_total{cause=\"challenge\",release=\"a\",target=\"a/page\"} 0.25\n"
            "embargod_target_blind_seconds_total{cause=\"timeout\",release=\"a\",target=\"a/page\"} 2\n");
  meter.schedule(metered_schedule({metered_release("b", kMeterNoon)}), kMeterNoon);
  meter.blind_target(t, Millis{250});
  EXPECT_EQ(samples(meter, "target_blind"), "") << "it leaves with its target";
}

TEST(PrometheusMeter, CountsActiveIncidents) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(metered_schedule({metered_release("a", kMeterNoon), metered_release("b", kMeterNoon)}), kMeterNoon);
  Incident blind = metered_incident("B", "", IncidentState::open);
  blind.kind = IncidentKind::blind;
  blind.affected = {"a", "b"};
  Incident other_site = blind;
  other_site.id = "C";
  other_site.affected = {"b"};
  meter.incident(blind, true);
  meter.incident(other_site, true);
  meter.incident(metered_incident("E", "a", IncidentState::open), true);
  EXPECT_EQ(samples(meter, "incident_active{kind=\"blind\""),
            "embargod_incident_active{kind=\"blind\",release=\"a\"} "
            "1\nembargod_incident_active{kind=\"blind\",release=\"b\"} 2\n");
  meter.incident(metered_incident("E", "a", IncidentState::contained), false);
  EXPECT_THAT(samples(meter), HasSubstr("embargod_incident_active{kind=\"early\",release=\"a\"} 0\n"));
  blind.state = IncidentState::closed;
  meter.incident(blind, false);
  EXPECT_EQ(samples(meter, "incident_active{kind=\"blind\""),
            "embargod_incident_active{kind=\"blind\",release=\"a\"} "
            "0\nembargod_incident_active{kind=\"blind\",release=\"b\"} 1\n");
}

TEST(PrometheusMeter, TimeStampsAppearOnceTheyHappened) {
  PrometheusMeter meter{"0.1.0"};
  EXPECT_EQ(samples(meter, "timestamp"), "");
  meter.reloaded(false, kMeterNoon);
  EXPECT_EQ(samples(meter, "timestamp"), "") << "a refused load is no success";
  meter.reloaded(true, kMeterNoon);
  meter.reloaded(false, kMeterNoon + Seconds{9});
  meter.heartbeat(kMeterNoon);
  EXPECT_EQ(samples(meter, "timestamp"),
            "embargod_config_last_reload_success_timestamp_seconds 1524484800.123\n"
            "embargod_heartbeat_timestamp_seconds 1524484800.123\n");
  EXPECT_THAT(samples(meter), HasSubstr("embargod_config_last_reload_successful 0\n"));
}

TEST(PrometheusMeter, OnlySourcesThatAreReadAgainHaveAnInterval) {
  PrometheusMeter meter{"0.1.0"};
  EXPECT_EQ(samples(meter, "interval"), "");
  meter.source_intervals({{"ons", Millis{3'600'000}}, {"team", Millis{300'000}}});
  EXPECT_EQ(samples(meter, "interval"),
            "embargod_schedule_interval_seconds{source=\"ons\"} 3600\n"
            "embargod_schedule_interval_seconds{source=\"team\"} 300\n");
  meter.source_intervals({{"team", Millis{60'000}}});
  EXPECT_EQ(samples(meter, "interval"), "embargod_schedule_interval_seconds{source=\"team\"} 60\n");
}

TEST(PrometheusMeter, ReceiversComeAndGo) {
  PrometheusMeter meter{"0.1.0"};
  meter.receivers({"am", "mail"});
  meter.notification("am", Outcome::retry);
  meter.notification("am", Outcome::accepted);
  meter.receivers({"am"});
  EXPECT_EQ(samples(meter, "notifications_total"),
            "embargod_notifications_total{outcome=\"accepted\",receiver=\"am\"} 1\n"
            "embargod_notifications_total{outcome=\"rejected\",receiver=\"am\"} 0\n"
            "embargod_notifications_total{outcome=\"retried\",receiver=\"am\"} 1\n");
}

TEST(PrometheusMeter, PlainGauges) {
  PrometheusMeter meter{"0.1.0"};
  meter.scheduler_lag(Millis{250});
  meter.clock_error(Millis{12});
  meter.outbox_pending(3);
  meter.tzdata(true);
  for (const char* line : {"embargod_scheduler_lag_seconds 0.25\n", "embargod_clock_error_seconds 0.012\n",
                           "embargod_outbox_pending 3\n", "embargod_tzdata_ok 1\n"})
    EXPECT_THAT(samples(meter), HasSubstr(line));
}

TEST(PrometheusMeter, HostileTitlesStayOneLabel) {
  PrometheusMeter meter{"0.1.0"};
  Release r =
      metered_release("a", kMeterNoon, "bad \xFF\xC3 \"quote\" \\ back\nembargod_fake 1\r\x1B[31m \xF0\x9F\x98\x80");
  r.source = "odd\nname.yml";
  meter.schedule(metered_schedule({r}), kMeterNoon);
  EXPECT_EQ(
      samples(meter, "release_info"),
      "embargod_release_info{release=\"a\",title=\"bad \xEF\xBF\xBD\xEF\xBF\xBD \\\"quote\\\" \\\\ back embargod_fake 1"
      "  [31m \xF0\x9F\x98\x80\"} 1\n");
  EXPECT_EQ(samples(meter, "odd"),
            "embargod_schedule_last_success_timestamp_seconds{source=\"odd name.yml\"} 1524484800.123\n");
}

TEST(PrometheusMeter, TitlesThatOnlyDifferInWhatIsMendedDoNotDangle) {
  PrometheusMeter meter{"0.1.0"};
  Release one = metered_release("a", kMeterNoon, "t\n");
  Release two = metered_release("a", kMeterNoon, "t\r");
  meter.schedule(metered_schedule({one, two}), kMeterNoon);
  meter.schedule(metered_schedule({two}), kMeterNoon);
  meter.schedule(metered_schedule({}), kMeterNoon);
  EXPECT_EQ(samples(meter, "release_info"), "");
}

TEST(PrometheusMeter, PromtoolFindsNothingToSay) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(metered_schedule({metered_release("a", kMeterNoon, "bad \xFF \"\\\n title")}), kMeterNoon);
  meter.calendars({"ons"});
  meter.receivers({"am"});
  meter.reloaded(true, kMeterNoon);
  meter.heartbeat(kMeterNoon);
  meter.probe(Liveness::live, Millis{5});
  TargetTrack blind;
  blind.release = "a";
  blind.target = "a/page";
  meter.blind_target(blind, Millis{5});
  FILE* promtool = ::popen("promtool check metrics 2>&1", "w");
  ASSERT_NE(promtool, nullptr);
  const std::string text = meter.expose();
  EXPECT_EQ(std::fwrite(text.data(), 1, text.size(), promtool), text.size());
  EXPECT_EQ(::pclose(promtool), 0) << "promtool (package prometheus) found faults, or is missing";
}

/// METRICS.md lists what /metrics shows, and the other way round.
TEST(PrometheusMeter, ADrillIsATimeForEachReceiverAndALatencyForEachStep) {
  PrometheusMeter meter{"0.1.0"};
  meter.receivers({"am", "mail", "hook"});
  EXPECT_THAT(meter.expose(), testing::Not(HasSubstr("embargod_drill_last")));
  meter.drill(passed_drill(kMeterNoon));
  EXPECT_THAT(meter.expose(),
              testing::AllOf(HasSubstr("embargod_drill_last_accepted_timestamp_seconds{receiver=\"am\"} 1524484800"),
                             HasSubstr("embargod_drill_last_accepted_timestamp_seconds{receiver=\"mail\"} 1524484800"),
                             testing::Not(HasSubstr("timestamp_seconds{receiver=\"hook\"}")),
                             HasSubstr("embargod_drill_last_passed_timestamp_seconds 1524484800"),
                             HasSubstr("embargod_drill_seconds{step=\"detect\"} 0.4\n"),
                             HasSubstr("embargod_drill_seconds{step=\"deliver\"} 0.9\n"),
                             HasSubstr("embargod_drill_seconds{step=\"acknowledge\"} 30\n")));
  DrillRecord worse = passed_drill(kMeterNoon);
  worse.began += Millis{86'400'000};
  worse.told[1] = {.receiver = "mail", .outcome = "retried", .answer = "451", .took = {}};
  meter.drill(worse);
  EXPECT_THAT(meter.expose(),
              testing::AllOf(HasSubstr("embargod_drill_last_accepted_timestamp_seconds{receiver=\"am\"} 1524571200"),
                             HasSubstr("embargod_drill_last_accepted_timestamp_seconds{receiver=\"mail\"} 1524484800"),
                             HasSubstr("embargod_drill_last_passed_timestamp_seconds 1524484800")));
  meter.receivers({"mail"});
  EXPECT_THAT(meter.expose(),
              testing::Not(HasSubstr("embargod_drill_last_accepted_timestamp_seconds{receiver=\"am\"}")));
}

TEST(PrometheusMeter, TellsWhichReleasesARehearsalCovers) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(metered_schedule({metered_release("a", kMeterNoon), metered_release("b", kMeterNoon)}), kMeterNoon);
  EXPECT_THAT(meter.expose(), HasSubstr("embargod_rehearsal_active{release=\"a\"} 0\n")) << "known from the start";
  meter.rehearsals({"a", "gone"});
  EXPECT_THAT(meter.expose(), testing::AllOf(HasSubstr("embargod_rehearsal_active{release=\"a\"} 1\n"),
                                             HasSubstr("embargod_rehearsal_active{release=\"b\"} 0\n"),
                                             Not(HasSubstr("release=\"gone\""))));
  meter.rehearsals({});
  EXPECT_THAT(meter.expose(), HasSubstr("embargod_rehearsal_active{release=\"a\"} 0\n"));
  meter.rehearsals({"b"});
  meter.schedule(metered_schedule({metered_release("a", kMeterNoon)}), kMeterNoon);
  EXPECT_THAT(meter.expose(), Not(HasSubstr("embargod_rehearsal_active{release=\"b\"}")));
}

TEST(PrometheusMeter, EveryMetricIsDocumented) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(metered_schedule({metered_release("a", kMeterNoon)}), kMeterNoon);
  meter.calendars({"ons"});
  meter.listings({"news"});
  ListingStatus read;
  read.listing = "news";
  read.last_success = kMeterNoon;
  meter.listing(read);
  meter.receivers({"am"});
  meter.source_intervals({{"team", Millis{300'000}}});
  meter.reloaded(true, kMeterNoon);
  meter.heartbeat(kMeterNoon);
  TargetTrack t;
  t.release = "a";
  t.target = "a/page";
  t.last_look = t.last_conclusive = kMeterNoon;
  meter.target(t);
  meter.blind_target(t, Millis{5});
  meter.dead_man_success(kMeterNoon);
  meter.canary_success(kMeterNoon);
  meter.drill(passed_drill(kMeterNoon));
  meter.evidence_log(7, true, kMeterNoon);
  LintReport lint;
  lint.holidays = HolidaysInUse{.has_url = true, .last_success = kMeterNoon};
  meter.lint(lint);
  std::vector<std::string> shown;
  std::istringstream exposition{meter.expose()};
  for (std::string line; std::getline(exposition, line);) {
    if (line.starts_with("# TYPE "))
      shown.push_back("| `" + line.substr(7, line.rfind(' ') - 7) + "` | " + line.substr(line.rfind(' ') + 1));
  }
  std::vector<std::string> documented;
  std::ifstream page{"daemon/metrics/METRICS.md"};
  ASSERT_TRUE(page) << "run the test in the root of the sources";
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `embargod_")) documented.push_back(line.substr(0, line.find(" |", line.find("` | ") + 4)));
  }
  EXPECT_THAT(documented, testing::UnorderedElementsAreArray(shown));
}

TEST(PrometheusMeterThreads, CountAndScrapeSideBySide) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(metered_schedule({metered_release("a", kMeterNoon)}), kMeterNoon);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([&meter, n] {
      for (int k = 0; k < 200; ++k) {
        meter.probe(Liveness::absent, Millis{k});
        meter.incident(
            metered_incident("I" + std::to_string(n), "a", k % 2 == 0 ? IncidentState::open : IncidentState::closed),
            k == 0);
        if (k % 20 == 0)
          meter.schedule(metered_schedule({metered_release("a", kMeterNoon), metered_release("b", kMeterNoon)}),
                         kMeterNoon);
        if (k % 50 == 0) {
          EXPECT_THAT(meter.expose(), HasSubstr("embargod_build_info"));
        }
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(samples(meter, "probes_total{outcome=\"absent\"}"), "embargod_probes_total{outcome=\"absent\"} 800\n");
  EXPECT_THAT(samples(meter), HasSubstr("embargod_incident_active{kind=\"early\",release=\"a\"} 0\n"));
}

}  // namespace
}  // namespace embargod
