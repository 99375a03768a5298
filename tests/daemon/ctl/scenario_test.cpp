#include "daemon/ctl/scenario.h"

#include <gmock/gmock.h>

#include "config/settings_reader.h"
#include "daemon/ctl/scenario_prober.h"
#include "daemon/ctl/scenario_reader.h"
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
        ScenarioFaultCase{"PrefixOfAHost",
                          kGoodHead + "answers: [{url: \"https://stats.exam*\", at: 0s, status: 200}]\n",
                          "a part of a host is no prefix"},
        ScenarioFaultCase{"TwoAnswersAtOneTime",
                          kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 0s}, {url: "
                                      "\"https://stats.example.org/a\", at: 0s, repeat: 2}]\n",
                          "they take turns"},
        ScenarioFaultCase{"TurnsByLooksAndByTime",
                          kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 0s, repeat: 2, for: 3s}]\n",
                          "turns by looks and by time"},
        ScenarioFaultCase{"WireWithoutError",
                          kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 0s, wire: drip}]\n",
                          "wire needs an error"},
        ScenarioFaultCase{"OddRoute",
                          kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 0s, route: ipv5}]\n",
                          "did you mean \"ipv"},
        ScenarioFaultCase{
            "WhenOfNothing",
            kGoodHead + "answers: [{url: \"https://stats.example.org/a\", at: 0s, when: {contains: x}}]\n",
            "name a method or a header"},
        ScenarioFaultCase{"HostTwice", kGoodHead + "sites: [{host: a.example.org}, {host: a.example.org}]\n",
                          "is there twice"},
        ScenarioFaultCase{"HostWithPath", kGoodHead + "sites: [{host: a.example.org/x}]\n", "is not a host name"},
        ScenarioFaultCase{"CacheKey", kGoodHead + "sites: [{host: a.example.org, cache: {tll: 2m}}]\n",
                          "did you mean \"ttl\"?"},
        ScenarioFaultCase{"DateAheadAndBehind",
                          kGoodHead + "sites: [{host: a.example.org, date_error: {ahead: 1s, behind: 1s}}]\n",
                          "ahead or behind"},
        ScenarioFaultCase{"ClockStepNowhere", kGoodHead + "clock: {steps: [{at: 1h}]}\n", "forward or back"},
        ScenarioFaultCase{"RestartWithoutLength", kGoodHead + "restart: [{at: 1h}]\n", "down_for"},
        ScenarioFaultCase{"FaultInLaterSchedule", kGoodHead + "schedules: [{at: 1h, releases: [{id: A!}]}]\n",
                          "day.yml:6:"},
        ScenarioFaultCase{"ApproveWithoutTarget", kGoodHead + "commands: [{at: 0s, do: approve, by: x, release: a}]\n",
                          "approve must name a target"},
        ScenarioFaultCase{"NoAlarmAfterTheEnd", kGoodHead + "no_alarm: 3h\n", "no_alarm"},
        ScenarioFaultCase{"StateOfNothing", kGoodHead + "expect: {states: [{target: a/page, at: 1h}]}\n",
                          "an expected state says nothing"},
        ScenarioFaultCase{"BlindWithoutLength", kGoodHead + "expect: {blind: [{cause: dns}]}\n", "at_least or at_most"},
        ScenarioFaultCase{"OddCause", kGoodHead + "expect: {blind: [{cause: dnss, at_least: 1m}]}\n",
                          "did you mean \"dns\"?"},
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
  PlayedWeb web{s};
  ScenarioProber prober{web, clock};
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
  PlayedWeb web{s};
  ScenarioProber prober{web, clock};
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
  PlayedWeb web{s};
  ScenarioProber prober{web, clock};
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
  PlayedWeb web{s};
  ScenarioProber prober{web, clock};
  EXPECT_TRUE(prober.wait(Millis{500}).empty());
  EXPECT_EQ(clock.now(), s.start + Millis{500});
}

// ---- the played web ----

Scenario web_of(const std::string& more) { return read_scenario(kGoodHead + more, "day.yml", "").value(); }

PlayedRequest ask(const std::string& url, Route route = Route::plain) {
  return {.url = parse_url(url).value(), .route = route};
}

struct WebCase {
  const char* name;
  const char* url;
  Route route;
  Millis at;
  const char* body;  // "": 404
};
class PlayedWebTest : public testing::TestWithParam<WebCase> {};
TEST_P(PlayedWebTest, TheMoreSpecialAnswerWins) {
  const Scenario s = web_of(
      "answers:\n"
      "  - {url: \"https://a.example.org/*\", at: 0s, body: site}\n"
      "  - {url: \"https://a.example.org/x/*\", at: 10s, body: folder}\n"
      "  - {url: \"https://a.example.org/x/y\", at: 20s, body: page}\n"
      "  - {url: \"https://a.example.org/x/y\", at: 20s, route: bypass, body: origin}\n");
  PlayedWeb web{s};
  const auto& c = GetParam();
  const PlayedAnswer a = web.ask(ask(c.url, c.route), c.at);
  EXPECT_EQ(a.status, *c.body == '\0' ? 404 : 200);
  if (*c.body != '\0') {
    EXPECT_EQ(a.body, c.body);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Prefixes, PlayedWebTest,
    testing::Values(WebCase{"NothingThere", "https://b.example.org/", Route::plain, Millis{0}, ""},
                    WebCase{"AnyUrlOfTheSite", "https://a.example.org/q", Route::plain, Millis{0}, "site"},
                    WebCase{"LongerPrefixNotYet", "https://a.example.org/x/z", Route::plain, Millis{9'999}, "site"},
                    WebCase{"LongerPrefix", "https://a.example.org/x/z", Route::plain, Millis{10'000}, "folder"},
                    WebCase{"ExactNotYet", "https://a.example.org/x/y", Route::plain, Millis{19'999}, "folder"},
                    WebCase{"Exact", "https://a.example.org/x/y", Route::plain, Millis{20'000}, "page"},
                    WebCase{"ExactWithAQueryIsAnother", "https://a.example.org/x/y?q", Route::plain, Millis{20'000},
                            "folder"},
                    WebCase{"AWayOfItsOwn", "https://a.example.org/x/y", Route::bypass, Millis{20'000}, "origin"},
                    WebCase{"AWayWithoutOne", "https://a.example.org/x/y", Route::ipv4, Millis{20'000}, "page"}),
    [](const auto& c) { return c.param.name; });

TEST(PlayedWeb, AnswersOfOneTimeTakeTurnsByLooks) {
  const Scenario s = web_of(
      "answers:\n"
      "  - {url: \"https://stats.example.org/a\", at: 0s, repeat: 2, body: x}\n"
      "  - {url: \"https://stats.example.org/a\", at: 0s, repeat: 1, body: y}\n");
  PlayedWeb web{s};
  std::string seen;
  for (int i = 0; i < 7; ++i) seen += web.ask(ask("https://stats.example.org/a"), Millis{i}).body;
  EXPECT_EQ(seen, "xxyxxyx");
}

TEST(PlayedWeb, AnswersOfOneTimeTakeTurnsByTime) {
  const Scenario s = web_of(
      "answers:\n"
      "  - {url: \"https://stats.example.org/a\", at: 5s, for: 3s, body: x}\n"
      "  - {url: \"https://stats.example.org/a\", at: 5s, for: 7s, body: y}\n");
  PlayedWeb web{s};
  std::string seen;
  for (const int at : {5'000, 7'999, 8'000, 14'999, 15'000})
    seen += web.ask(ask("https://stats.example.org/a"), Millis{at}).body;
  EXPECT_EQ(seen, "xxyyx");
}

TEST(PlayedWeb, KnowsWhichAddressesAHostHas) {
  const Scenario s = web_of(
      "sites:\n  - {host: a.example.org, addresses: [192.0.2.1, \"2001:db8::1\", 192.0.2.2]}\n"
      "  - {host: b.example.org, addresses: [\"2001:db8::2\", 192.0.2.3]}\n");
  const PlayedWeb web{s};
  const Url a = parse_url("https://a.example.org/").value();
  const Url b = parse_url("https://b.example.org/").value();
  const Url c = parse_url("https://c.example.org/").value();
  EXPECT_EQ(web.address(a, Route::plain), "192.0.2.1");
  EXPECT_EQ(web.address(a, Route::other_address), "192.0.2.2");
  EXPECT_EQ(web.address(a, Route::ipv6), "2001:db8::1");
  EXPECT_EQ(web.address(b, Route::ipv4), "192.0.2.3");
  EXPECT_EQ(web.address(b, Route::other_address), "192.0.2.3");
  EXPECT_EQ(web.address(c, Route::other_address), std::nullopt);
  EXPECT_EQ(web.address(c, Route::ipv6), std::nullopt);
}

std::string served(const PlayedAnswer& a) {
  std::string out = a.error ? "error" : std::to_string(a.status);
  for (const auto& [name, value] : a.headers)
    if (name == "Age") out += " age " + value;
  return out;
}

TEST(PlayedWeb, ACacheKeepsWhatItMayAndIsPassedBy) {
  const Scenario s = web_of(
      "sites: [{host: stats.example.org, cache: {ttl: 2m, negative_ttl: 60s, stale_if_error: 1m}}]\n"
      "answers:\n"
      "  - {url: \"https://stats.example.org/a\", at: 10s, body: x}\n"
      "  - {url: \"https://stats.example.org/a\", at: 100s, error: connect}\n");
  PlayedWeb web{s};
  const auto plain = [&](int seconds) {
    return served(web.ask(ask("https://stats.example.org/a"), Millis{seconds * 1'000}));
  };
  EXPECT_EQ(plain(0), "404 age 0");
  EXPECT_EQ(served(web.ask(ask("https://stats.example.org/a", Route::bypass), Millis{30'000})), "200");
  EXPECT_EQ(plain(59), "404 age 59");
  EXPECT_EQ(plain(60), "200 age 0");
  EXPECT_EQ(plain(179), "200 age 119");
  EXPECT_EQ(plain(239), "200 age 179");
  EXPECT_EQ(plain(240), "error");
}

TEST(ScenarioProber, AHostWithoutSuchAWayIsNotAsked) {
  const Scenario s = two_answers();
  VirtualClock clock{s.start, Millis{5}, true};
  PlayedWeb web{s};
  ScenarioProber prober{web, clock};
  ProbeRequest request = ask_a();
  request.route = Route::ipv6;
  prober.start(request);
  const auto out = prober.wait(Millis{1'000});
  ASSERT_EQ(out.size(), 1U);
  EXPECT_TRUE(out[0].no_route);
  EXPECT_EQ(clock.ticks(), Millis{0});
}

TEST(VirtualClock, StepsTheWallAlone) {
  VirtualClock clock{Instant{}, Millis{5}, true};
  clock.advance(Millis{1'000});
  clock.step(Millis{-400});
  EXPECT_EQ(clock.now(), Instant{Millis{600}});
  EXPECT_EQ(clock.ticks(), Millis{1'000});
}

// ---- the page that documents it ----

TEST(ScenarioPage, NamesEveryKeyAndNoOther) {
  const auto page = read_file("tests/scenarios/README.md", 1U << 20U);
  ASSERT_TRUE(page);
  std::string known;
  for (const KeySet* set : all_scenario_keys())
    for (const auto key : set->keys) {
      const std::string row =
          "| `" + std::string{set->path} + (set->path.empty() ? "" : ".") + std::string{key} + "` |";
      known += row;
      EXPECT_THAT(*page, HasSubstr(row));
    }
  int rows = 0;
  for (std::size_t at = page->find("\n| `"); at != std::string::npos; at = page->find("\n| `", at + 1), ++rows)
    EXPECT_THAT(known, HasSubstr(page->substr(at + 1, page->find("` |", at) + 2 - at)));
  EXPECT_GT(rows, 80);
}

}  // namespace
}  // namespace embargod
