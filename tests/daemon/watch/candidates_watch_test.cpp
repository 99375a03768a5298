// Guessed URLs: watched like others, owed nothing, and secret until they are live. The engine with a played site.

#include <gmock/gmock.h>

#include <algorithm>

#include "daemon/watch/engine.h"
#include "daemon/watch/incident_json.h"
#include "probes/discovery/candidates.h"
#include "tests/support/watch_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kGuess = "https://stats.example.org/uploads/therapies-april-2018.pdf";
constexpr const char* kFormerFile = "https://stats.example.org/uploads/therapies-march-2018.pdf";
constexpr const char* kGuessedStem = "therapies-april";

Release release_with_guesses() {
  Release r = release_with({"page"});
  FormerUrl f;
  f.url = parse_url(kFormerFile).value();
  f.due.at = kDue - 28 * 24h;
  f.due.zone = "Europe/London";
  r.former_urls.push_back(f);
  return r;
}

struct GuessRig : WatchRig {
  explicit GuessRig(Instant start) : WatchRig(start, {.releases = {release_with_guesses()}, .notes = {}}) {
    settings.candidates.hosts = {"stats.example.org"};
  }

  [[nodiscard]] int asked(const std::string& url, Instant from, Instant to) const {
    return static_cast<int>(std::count_if(prober.asked.begin(), prober.asked.end(),
                                          [&](const auto& a) { return a.url == url && a.at >= from && a.at < to; }));
  }
  [[nodiscard]] std::vector<Delivery> deliveries() { return got(store.pending("webhook-1", 1'000)); }

  /// All that leaves the program.
  [[nodiscard]] std::string said() {
    std::string all = log.text;
    for (const std::string& t : meter.targets) all += t + "\n";
    for (const Delivery& d : deliveries()) {
      for (const auto& [name, value] : d.alert.labels) all += name + "=" + value + "\n";
      for (const auto& [name, value] : d.alert.annotations) all += name + "=" + value + "\n";
      all += d.alert.incident_json + "\n";
    }
    for (const Incident& i : got(store.incidents(1'000)))
      for (const Event& e : got(store.events(i.id))) all += e.text + "\n";
    return all;
  }
};

ScriptedAnswer pdf() { return {.status = 200, .body = "%PDF-1.7 figures figures"}; }

TEST(EngineGuesses, OneThatGoesLiveIsFoundWithinOneIntervalAndTheAlertNamesItsRule) {
  GuessRig rig{kDue - 5h};
  rig.prober.answer(kGuess, kDue - 55min, pdf());
  rig.run_until(kDue - 53min);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  const TargetExposure& t = early[0].targets.at(0);
  EXPECT_EQ(t.url, kGuess);
  EXPECT_TRUE(t.seen_live);
  EXPECT_EQ(t.candidate_rule, "month: march 2018 -> april 2018");
  EXPECT_LE(t.spans.at(0).went_live.latest, kDue - 55min + 61s);
  const auto told = rig.deliveries();
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told[0].alert.name, "EmbargoEarly");
  EXPECT_THAT(told[0].alert.annotations.at("description"), HasSubstr("month: march 2018 -> april 2018"));
  EXPECT_THAT(told[0].alert.annotations.at("urls"), HasSubstr(kGuess));
  EXPECT_THAT(told[0].alert.incident_json, HasSubstr(R"("candidate":"month: march 2018 -> april 2018")"));
}

TEST(EngineGuesses, NothingTellsOneThatIsNotLive) {
  GuessRig rig{kDue - 5h};
  rig.prober.answer("https://stats.example.org/pub/page", kDue - 2h, live_answer());
  rig.run_until(kDue - 115min);
  ASSERT_GT(rig.asked(kGuess, kDue - 5h, kDue), 0);
  ASSERT_EQ(rig.incidents(IncidentKind::early).size(), 1U) << "there is something to tell";
  EXPECT_THAT(rig.said(), Not(HasSubstr(kGuessedStem)));
  for (const std::string& id : rig.meter.targets)
    EXPECT_THAT(id, Not(HasSubstr("candidate-"))) << "a digest is no label";
}

TEST(EngineGuesses, OneThatAnswersWithSomethingElseStaysASecret) {
  GuessRig rig{kDue - 5h};
  rig.prober.answer(kGuess, kDue - 2h,
                    {.status = 200, .body = "<h1>A page</h1>", .headers = {{"Content-Type", "text/html"}}});
  rig.run_until(kDue - 115min);
  const auto suspects = rig.incidents(IncidentKind::suspect);
  ASSERT_EQ(suspects.size(), 1U);
  EXPECT_FALSE(suspects[0].targets.at(0).seen_live);
  EXPECT_THAT(rig.said(), Not(HasSubstr(kGuessedStem)));
  EXPECT_THAT(rig.said(), HasSubstr(suspects[0].targets[0].target));
}

TEST(EngineGuesses, ASiteThatAnswersEverythingIsNoRelease) {
  GuessRig rig{kDue - 5h};
  rig.settings.profiles[0].siblings = true;
  const ScriptedAnswer home{
      .status = 200, .body = "<h1>Statistics</h1><p>Welcome", .headers = {{"Content-Type", "text/html"}}};
  rig.prober.everywhere(kDue - 5h, home);
  rig.prober.answer("https://stats.example.org/pub/page", kDue - 5h, {});
  rig.run_until(kDue - 1h);
  EXPECT_THAT(rig.incidents(IncidentKind::early), IsEmpty());
  EXPECT_THAT(rig.incidents(IncidentKind::suspect), IsEmpty());
}

struct LeadsCase {
  const char* name;
  const char* to;
};
class GuessThatLeads : public testing::TestWithParam<LeadsCase> {};
TEST_P(GuessThatLeads, IsAbsent) {
  GuessRig rig{kDue - 5h};
  rig.prober.answer(kGuess, kDue - 4h, {.status = 200, .body = "%PDF-1.7 figures figures", .location = GetParam().to});
  rig.run_until(kDue - 3h);
  EXPECT_THAT(rig.incidents(IncidentKind::early), IsEmpty());
  EXPECT_THAT(rig.incidents(IncidentKind::suspect), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(Redirects, GuessThatLeads,
                         testing::Values(LeadsCase{"ToTheAnnouncedPage", "https://stats.example.org/pub/page"},
                                         LeadsCase{"ToTheFormerEdition", kFormerFile}),
                         [](const auto& c) { return c.param.name; });

TEST(EngineGuesses, OneThatNeverComesIsNeitherLateNorMissing) {
  GuessRig rig{kDue - 1h};
  rig.prober.answer("https://stats.example.org/pub/page", kDue, live_answer());
  rig.run_until(kDue + 1h);
  EXPECT_THAT(rig.told(), IsEmpty());
  EXPECT_GT(rig.asked(kGuess, kDue - 1h, kDue), 0);
  EXPECT_EQ(rig.asked(kGuess, kDue + 17min, kDue + 1h), 0) << "its watch is over";
}

TEST(EngineGuesses, OneThatComesOnTimeLeavesTheReleaseLate) {
  GuessRig rig{kDue - 1h};
  rig.prober.answer(kGuess, kDue, pdf());
  rig.run_until(kDue + 10min);
  EXPECT_EQ(rig.incidents(IncidentKind::late).size(), 1U);
  EXPECT_THAT(rig.incidents(IncidentKind::incomplete), IsEmpty());
}

TEST(EngineGuesses, OneThatIsNotAnsweredMakesNobodyBlind) {
  GuessRig rig{kDue - 3h};
  for (const Candidate& c : CandidateMaker{{.releases = {release_with_guesses()}, .notes = {}}, rig.settings.candidates}
                                .of(release_with_guesses())
                                .found)
    rig.prober.answer(c.target.url.text, kDue - 2h, no_answer());
  rig.run_until(kDue - 1h);
  EXPECT_THAT(rig.incidents(IncidentKind::blind), IsEmpty());
  EXPECT_THAT(rig.meter.blind_time, IsEmpty());
}

TEST(EngineGuesses, AreAskedATenthAsOftenFarFromDue) {
  GuessRig rig{kDue - 50h};
  rig.run_until(kDue - 22h);
  EXPECT_NEAR(rig.asked(kGuess, kDue - 40h, kDue - 30h), 60, 1);
  EXPECT_NEAR(rig.asked(kGuess, kDue - 23h, kDue - 22h), 60, 1);
}

TEST(EngineGuesses, AnIncidentSurvivesAReloadWithoutTheGuess) {
  GuessRig rig{kDue - 5h};
  rig.prober.answer(kGuess, kDue - 2h, pdf());
  rig.prober.answer(kGuess, kDue - 1h, {});
  rig.run_until(kDue - 90min);
  ASSERT_EQ(rig.incidents(IncidentKind::early).size(), 1U);
  Release without = release_with_guesses();
  without.former_urls.clear();
  rig.engine->replace_plan(rig.plan({.releases = {without}, .notes = {}}));
  rig.run_until(kDue - 50min);
  EXPECT_EQ(rig.incidents(IncidentKind::early).at(0).state, IncidentState::contained);
}

}  // namespace
}  // namespace embargod
