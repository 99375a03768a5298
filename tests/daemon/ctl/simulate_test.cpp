#include "daemon/ctl/simulate.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "daemon/ctl/commands.h"

namespace embargod {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  for (const auto& e : std::filesystem::directory_iterator{"tests/scenarios"})
    if (e.path().extension() == ".yml" && e.path().filename() != "not_played.yml") files.push_back(e.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::string one_line(const std::string& wrapped_text) {
  std::string out;
  for (const char c : wrapped_text) {
    if ((c == ' ' || c == '\n') && !out.empty() && out.back() == ' ') continue;
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

struct Told {
  int code;
  std::string out;
  std::string err;
};
Told simulate_file(const SimulateOptions& options) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = simulate_command(options, {out, err});
  return {code, out.str(), err.str()};
}

class ScenariosTest : public testing::TestWithParam<std::string> {};
TEST_P(ScenariosTest, MeetsItsExpectationsAndItsReportHasNoErrors) {
  const auto scenario = load_scenario(GetParam());
  ASSERT_TRUE(scenario) << to_string(scenario.error().front());
  auto run = simulate(*scenario);
  ASSERT_TRUE(run) << to_string(run.error().front());
  const auto expectations = check_expectations(*scenario, *run);
  EXPECT_FALSE(expectations.empty()) << "a scenario without expectations shows nothing";
  for (const Expectation& e : expectations) EXPECT_TRUE(e.is_met) << e.text << ": " << e.why;
  const auto ids = reported_incidents(*run);
  if (ids.empty()) return;
  const auto input =
      collect_report(*run->store, report_settings(scenario->settings, "(simulated)", ""), {.incidents = ids}, run->end);
  ASSERT_TRUE(input);
  for (const ReportFinding& f : make_report(*input).findings)
    EXPECT_NE(f.level, ReportFinding::Level::error) << f.code << " " << f.where << ": " << f.what;
}
INSTANTIATE_TEST_SUITE_P(All, ScenariosTest, testing::ValuesIn(scenario_files()), [](const auto& c) {
  std::string name = std::filesystem::path{c.param}.stem().string();
  std::replace_if(name.begin(), name.end(), [](char x) { return x == '-' || x == '.'; }, '_');
  return name;
});

TEST(SimulateCommand, PrintsTheEventOfApril2018) {
  const Told t = simulate_file({.file = "tests/scenarios/2018-04-23-two-publications.yml"});
  EXPECT_EQ(t.code, kExitFine) << t.out;
  const std::string text = one_line(t.out);
  EXPECT_THAT(text, AllOf(HasSubstr("due 25 April 2018, 09:30 Europe/London, first live 2 days ahead"),
                          HasSubstr("due 26 April 2018, 09:30 Europe/London, first live 3 days ahead"),
                          HasSubstr("up for at least 13 min"), HasSubstr("and at most 14 min"),
                          HasSubstr("up for at least 12 min"), HasSubstr("and at most 12 min"),
                          HasSubstr("is public, 1 day 22 h")));
  // One report over both outputs, with nothing invented in it.
  EXPECT_THAT(text, AllOf(HasSubstr("2.1 Early release: Psychological therapies, January 2018 final"),
                          HasSubstr("2.2 Early release: Maternity services, January 2018, experimental statistics"),
                          HasSubstr("First live 2 days ahead of the due date"),
                          HasSubstr("First live 3 days ahead of the due date"),
                          HasSubstr("Views and downloads: not measured by this monitor; [TO COMPLETE:"),
                          HasSubstr("Corrective actions"), Not(HasSubstr("NOT MET"))));
  EXPECT_EQ(t.out.find("Breach report\n"), t.out.rfind("Breach report\n"));
}

TEST(SimulateCommand, IsTheSameEveryTime) {
  const SimulateOptions options{.file = "tests/scenarios/lifted-by-a-person.yml"};
  EXPECT_EQ(simulate_file(options).out, simulate_file(options).out);
}

TEST(SimulateCommand, PutsTheBlindPeriodOfAStoppedSiteIntoTheReport) {
  const Told t = simulate_file({.file = "tests/scenarios/site-stopped-ten-minutes.yml"});
  EXPECT_THAT(one_line(t.out), AllOf(HasSubstr("no connection could be made"), HasSubstr("The longest lasted 10 min"),
                                     HasSubstr("Site could not be observed"), Not(HasSubstr("EmbargoEarly firing"))));
}

constexpr const char* kEarlyDay =
    "name: A day\n"
    "start: 2026-03-12T06:00:00Z\n"
    "until: 2h\n"
    "releases:\n"
    "  - {id: a, title: A, due: 2026-03-12 09:30, urls: [{url: \"https://stats.example.org/a\", role: page}]}\n"
    "answers:\n"
    "  - {url: \"https://stats.example.org/a\", at: 1h, body: x}\n"
    "  - {url: \"https://stats.example.org/a\", at: 1h10m, status: 404}\n";

struct UnmetCase {
  const char* name;
  const char* expect;
  const char* why;
};
class UnmetTest : public testing::TestWithParam<UnmetCase> {};
TEST_P(UnmetTest, SaysWhatWasOtherwise) {
  const auto scenario = read_scenario(std::string{kEarlyDay} + GetParam().expect, "day.yml", "");
  ASSERT_TRUE(scenario) << to_string(scenario.error().front());
  auto run = simulate(*scenario);
  ASSERT_TRUE(run);
  EXPECT_THAT(expectations_text(check_expectations(*scenario, *run)),
              AllOf(HasSubstr("NOT MET"), HasSubstr(GetParam().why)));
}
INSTANTIATE_TEST_SUITE_P(
    Each, UnmetTest,
    testing::Values(
        UnmetCase{"NoIncidentExpected", "expect: {incidents: []}\n", "no other incident: early of a"},
        UnmetCase{"MissingIncident", "expect: {incidents: [{release: a, kind: late}]}\n", "there is no such incident"},
        UnmetCase{"OtherState", "expect: {incidents: [{release: a, kind: early, state: open}]}\n",
                  "its state is contained"},
        UnmetCase{"OtherLead", "expect: {incidents: [{release: a, kind: early, lead_days: 2}]}\n",
                  "its lead is 0 days"},
        UnmetCase{"OtherSpans", "expect: {incidents: [{release: a, kind: early, spans: 2}]}\n", "it has 1 spans"},
        UnmetCase{"OtherEnd", "expect: {incidents: [{release: a, kind: early, ended_by: due}]}\n",
                  "was ended by absence"},
        UnmetCase{"UpForLonger", "expect: {incidents: [{release: a, kind: early, time_up_under: 9m}]}\n",
                  "was up for at most"},
        UnmetCase{"KnownStart", "expect: {incidents: [{release: a, kind: early, start_unknown: true}]}\n",
                  "has a known start"},
        UnmetCase{"AlertNotTold", "expect: {alerts: [{alertname: EmbargoLate}]}\n", "it was told 0 times"},
        UnmetCase{"AlertToldOtherTimes", "expect: {alerts: [{alertname: EmbargoEarly, status: firing, count: 2}]}\n",
                  "it was told 1 times"},
        UnmetCase{"AlertTold", "expect: {no_alerts: [EmbargoEarly]}\n", "it was told 2 times"},
        UnmetCase{"NotReleased", "expect: {released: [a]}\n", "it is not recorded"},
        UnmetCase{"NotBlind", "expect: {blind: 5m}\n", "the longest is 0"},
        UnmetCase{"NotBlindSo", "expect: {blind: [{target: a/page, cause: dns, at_least: 5m}]}\n", "the longest is 0"},
        UnmetCase{"Pages", "expect: {pages: 0}\n", "there were 1"},
        UnmetCase{"TooManyPages", "expect: {pages_at_most: 0}\n", "there were 1"},
        UnmetCase{"OtherConfidence", "expect: {incidents: [{kind: early, confidence: suspected}]}\n",
                  "it is confirmed"},
        UnmetCase{"OtherTargets", "expect: {incidents: [{kind: early, targets: [a/tables]}]}\n", "its URLs are a/page"},
        UnmetCase{"TooFewSpans", "expect: {incidents: [{kind: early, spans_over: 1}]}\n", "it has 1 spans"},
        UnmetCase{"UpForShorter", "expect: {incidents: [{kind: early, time_up_over: 20m}]}\n",
                  "it was up for at least"},
        UnmetCase{"NotLeftInACache", "expect: {incidents: [{kind: early, cached_by: Varnish}]}\n",
                  "no cache was named"},
        UnmetCase{"AlertSaysOtherwise", "expect: {alerts: [{alertname: EmbargoEarly, says: \"2 days\"}]}\n",
                  "it was told 0 times"},
        UnmetCase{"OtherLiveness", "expect: {states: [{target: a/page, at: 1h5m, liveness: absent}]}\n",
                  "it is live by"},
        UnmetCase{"NoSuchTarget", "expect: {states: [{target: a/tables, at: 1h, liveness: absent}]}\n",
                  "there is no such target"},
        UnmetCase{"NoSuchEvent", "expect: {events: [{what: boundary}]}\n", "it happened 0 times"},
        UnmetCase{"CommandRefused", "commands: [{at: 10m, do: ack, release: a, by: duty officer}]\n",
                  "there is no unclosed incident"}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
