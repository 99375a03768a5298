#include "daemon/ctl/scenario.h"

#include <gmock/gmock.h>

#include "daemon/ctl/scenario_prober.h"
#include "daemon/ctl/virtual_clock.h"

namespace embargod {
namespace {

using testing::HasSubstr;

const std::string kGoodHead =
    "name: A day\n"
    "start: 2026-03-12T08:00:00Z\n"
    "until: 2h\n"
    "releases:\n"
    "  - {id: a, title: A, due: 2026-03-12 09:30, urls: [{url: \"https://stats.example.org/a\", role: page}]}\n";

std::string faults_of(const std::string& yaml) {
  const auto s = read_scenario(yaml, "day.yml", "tests/scenarios");
  std::string all;
  if (!s)
    for (const Fault& f : s.error()) all += to_string(f) + "\n";
  return all;
}

TEST(ReadScenario, TakesTheContractsExampleWithDefaults) {
  const auto s = read_scenario(
      kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 1h12m, headers: {Age: \"12\"}, body: x}]\n",
      "day.yml", "");
  ASSERT_TRUE(s) << faults_of(kGoodHead);
  EXPECT_EQ(s->settings.timezone, "Europe/London");
  EXPECT_EQ(s->until, Millis{7'200'000});
  ASSERT_EQ(s->answers.size(), 1U);
  EXPECT_EQ(s->answers[0].at, Millis{4'320'000});
  EXPECT_EQ(s->answers[0].status, 200);
  EXPECT_FALSE(s->expect.incidents);
}

struct ScenarioFaultCase {
  const char* name;
  std::string yaml;
  const char* want;
};
class ScenarioFaultTest : public testing::TestWithParam<ScenarioFaultCase> {};
TEST_P(ScenarioFaultTest, SaysWhereAndWhat) { EXPECT_THAT(faults_of(GetParam().yaml), HasSubstr(GetParam().want)); }
INSTANTIATE_TEST_SUITE_P(
    Mistakes, ScenarioFaultTest,
    testing::Values(
        ScenarioFaultCase{"UnknownKey", kGoodHead + "answer: []\n", "day.yml:6:1: "},
        ScenarioFaultCase{"DidYouMean", kGoodHead + "answer: []\n", "did you mean \"answers\"?"},
        ScenarioFaultCase{"NoStart", "name: x\nuntil: 1h\nreleases: []\n", "start"},
        ScenarioFaultCase{"StartWithoutZone", "name: x\nstart: 2026-03-12 08:00\nuntil: 1h\nreleases: []\n",
                          "day.yml:2:8: start: "},
        ScenarioFaultCase{"FaultInConfig", kGoodHead + "config: {pollin: {}}\n", "did you mean \"polling\"?"},
        ScenarioFaultCase{"FaultInRelease",
                          "name: x\nstart: 2026-03-12T08:00:00Z\nuntil: 1h\nreleases:\n  - {id: A!, title: A, due: "
                          "2026-03-12 09:30, urls: []}\n",
                          "day.yml:5:"},
        ScenarioFaultCase{
            "MissingBody",
            kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 0s, body_file: pages/no.html}]\n",
            "pages/no.html"},
        ScenarioFaultCase{"BodyTwice",
                          kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 0s, body: x, body_file: "
                                      "pages/full-plain.html}]\n",
                          "keep one of the two"},
        ScenarioFaultCase{
            "ErrorAndStatus",
            kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 0s, error: dns, status: 200}]\n",
            "an error and an answer"},
        ScenarioFaultCase{"OddError",
                          kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 0s, error: gone}]\n",
                          "error"},
        ScenarioFaultCase{"CommandWithoutAim", kGoodHead + "commands: [{at: 0s, do: ack, by: x}]\n",
                          "must name an id or a release"},
        ScenarioFaultCase{"OddKind", kGoodHead + "expect: {incidents: [{kind: erly}]}\n", "did you mean \"early\"?"}),
    [](const auto& c) { return c.param.name; });

TEST(ReadScenario, TellsEveryFaultAtOnce) {
  const std::string faults = faults_of("name: x\nstart: noon\nuntil: soon\nreleases: []\nanswers: [{at: 0s}]\n");
  for (const char* place : {"day.yml:2:", "day.yml:3:", "day.yml:5:"}) EXPECT_THAT(faults, HasSubstr(place));
}

Scenario two_answers() {
  return read_scenario(kGoodHead +
                           "answers:\n"
                           "  - {url: \"https://stats.example.org/a\", at: 10s, body: x, headers: {Age: \"12\"}}\n"
                           "  - {url: \"https://stats.example.org/a\", at: 20s, error: timeout}\n"
                           "  - {url: \"https://stats.example.org/a\", at: 40s, status: 302, headers: {Location: /b}}\n"
                           "  - {url: \"https://stats.example.org/b\", at: 0s, body: moved}\n",
                       "day.yml", "")
      .value();
}

ProbeRequest ask_a() {
  return {.token = 7, .target = "a/page", .url = parse_url("https://stats.example.org/a").value()};
}

TEST(ScenarioProber, AnswersByOffsetAndBeforeTheFirstWith404) {
  const Scenario s = two_answers();
  VirtualClock clock{s.start, Millis{5}, true};
  ScenarioProber prober{s, clock};
  prober.start(ask_a());
  const auto before = prober.wait(Millis{1'000});
  ASSERT_EQ(before.size(), 1U);
  EXPECT_EQ(before[0].status, 404);
  EXPECT_EQ(clock.ticks(), Millis{80});
  clock.advance(Millis{9'920});
  prober.start(ask_a());
  const auto live = prober.wait(Millis{1'000});
  ASSERT_EQ(live.size(), 1U);
  EXPECT_EQ(live[0].status, 200);
  EXPECT_EQ(live[0].age, Seconds{12});
  EXPECT_EQ(live[0].done - live[0].sent, Millis{80});
  EXPECT_EQ(live[0].token, 7U);
}

TEST(ScenarioProber, TimesOutAfterThePollingTimeout) {
  const Scenario s = two_answers();
  VirtualClock clock{s.start, Millis{5}, true};
  ScenarioProber prober{s, clock};
  clock.advance(Millis{20'000});
  prober.start(ask_a());
  EXPECT_TRUE(prober.wait(Millis{9'999}).empty());
  const auto out = prober.wait(Millis{9'999});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].failure, Cause::timeout);
  EXPECT_EQ(out[0].status, 0);
  EXPECT_EQ(clock.ticks(), Millis{30'000});
}

TEST(ScenarioProber, WalksRedirectsOnTheSameHost) {
  const Scenario s = two_answers();
  VirtualClock clock{s.start, Millis{5}, true};
  ScenarioProber prober{s, clock};
  clock.advance(Millis{40'000});
  prober.start(ask_a());
  const auto out = prober.wait(Millis{1'000});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].final_url, "https://stats.example.org/b");
  EXPECT_EQ(out[0].body, "moved");
  ASSERT_EQ(out[0].hops.size(), 1U);
}

TEST(ScenarioProber, WaitingWithoutRequestsMovesTheClock) {
  const Scenario s = two_answers();
  VirtualClock clock{s.start, Millis{5}, true};
  ScenarioProber prober{s, clock};
  EXPECT_TRUE(prober.wait(Millis{500}).empty());
  EXPECT_EQ(clock.now(), s.start + Millis{500});
}

}  // namespace
}  // namespace embargod
