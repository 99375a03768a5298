// Doubt, confirming by other ways, caches, other forms of URLs and quiet time: the engine with a played site.

#include <gtest/gtest.h>

#include <algorithm>

#include "daemon/watch/engine.h"
#include "tests/support/watch_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using Told = std::vector<std::string>;

constexpr const char* kOnlyUrl = "https://stats.example.org/pub/page";

ScriptedAnswer html(const std::string& text, int status = 200) {
  ScriptedAnswer a{.status = status,
                   .body = "<!DOCTYPE html><title>Statistics</title><main><h1>" + text + "</h1></main>"};
  a.headers = {{"Content-Type", "text/html"}};
  return a;
}

/// A rig whose only target is a page, with siblings asked for as the shipped profiles do.
struct OneUrl : WatchRig {
  explicit OneUrl(Instant start) : OneUrl(start, release_with({"page"})) {}
  OneUrl(Instant start, Release r) : WatchRig(start, {.releases = {std::move(r)}, .notes = {}}) {
    settings.profiles[0].siblings = true;
  }
  Profile& profile() { return settings.profiles[0]; }

  [[nodiscard]] int asked(Route way, Instant from, Instant to) const {
    return static_cast<int>(std::count_if(prober.asked.begin(), prober.asked.end(), [&](const auto& a) {
      return a.way == way && a.url == kOnlyUrl && a.at >= from && a.at < to;
    }));
  }
  [[nodiscard]] TargetTrack track() { return got(store.tracks()).at(0); }
};

TEST(EngineDoubt, AMaintenancePageAtEveryAddressNeverPages) {
  OneUrl rig{kDue - 48h};
  const ScriptedAnswer away = html("We will be back soon");
  rig.prober.everywhere(kDue - 47h, away);
  rig.prober.answer(kOnlyUrl, kDue - 47h, away);
  rig.prober.everywhere(kDue - 46h, ScriptedAnswer{});
  rig.prober.answer(kOnlyUrl, kDue - 46h, ScriptedAnswer{});
  rig.run_until(kDue - 45h);
  EXPECT_TRUE(rig.incidents(IncidentKind::early).empty());
  EXPECT_EQ(rig.told(), (Told{"EmbargoBlind firing", "EmbargoBlind resolved"}));
}

TEST(EngineDoubt, OneFalseFaceAfterAnotherNeverPages) {
  OneUrl rig{kDue - 48h};
  const Instant from = kDue - 47h;
  for (const auto& [at, text] :
       {std::pair{0s, "We will be back soon"}, {100s, ""}, {102s, "Welcome to the network"}, {200s, ""}}) {
    const ScriptedAnswer face = *text == '\0' ? ScriptedAnswer{} : html(text);
    rig.prober.everywhere(from + at, face);
    rig.prober.answer(kOnlyUrl, from + at, face);
  }
  rig.settings.polling.interval = Millis{1'000};
  rig.run_until(kDue - 46h);
  EXPECT_TRUE(rig.incidents(IncidentKind::early).empty());
}

TEST(EngineDoubt, ARealPageIsToldWithinASecondOfItsFirstLook) {
  OneUrl rig{kDue - 48h};
  rig.prober.answer(kOnlyUrl, kDue - 47h, html("Therapies, January 2018"));
  rig.run_until(kDue - 46h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  const ExposureSpan& span = early[0].targets.at(0).spans.at(0);
  EXPECT_LE(*span.went_live.earliest, kDue - 47h);
  EXPECT_GE(span.went_live.latest, kDue - 47h);
  const auto events = got(rig.store.events(early[0].id));
  EXPECT_EQ(events.at(0).what, "first_sight");
  EXPECT_LE(events.at(0).at - span.went_live.latest, 1s);
}

TEST(EngineDoubt, ASiblingThatNeverAnswersHoldsTheAlertBackFiveSecondsAtMost) {
  OneUrl rig{kDue - 48h};
  rig.prober.everywhere(kDue - 47h - 30s, no_answer());
  rig.prober.answer(kOnlyUrl, kDue - 48h, ScriptedAnswer{});
  rig.prober.answer(kOnlyUrl, kDue - 47h, html("Therapies, January 2018"));
  rig.run_until(kDue - 46h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
}

TEST(EngineDoubt, ASiteThatAnswersEverythingWithOnePageHasASoft404) {
  OneUrl rig{kDue - 48h};
  const ScriptedAnswer home = html("Welcome to our statistics");
  rig.prober.everywhere(kDue - 49h, home);
  rig.prober.answer(kOnlyUrl, kDue - 24h, html("Therapies, January 2018: a table of all areas and sexes"));
  rig.run_until(kDue - 25h);
  EXPECT_EQ(rig.track().liveness, Liveness::absent);
  EXPECT_TRUE(rig.incidents(IncidentKind::early).empty());
  rig.run_until(kDue - 23h);
  EXPECT_EQ(rig.incidents(IncidentKind::early).size(), 1U) << "what stands out from it is live";
}

TEST(EngineConfirm, AsksEveryOtherWayWithinTenSeconds) {
  OneUrl rig{kDue - 48h};
  rig.profile().cache_bypass = true;
  const Instant live = kDue - 47h;
  rig.prober.answer(kOnlyUrl, live, html("Therapies"));
  rig.prober.answer_by(Route::other_address, kOnlyUrl, live, html("Therapies"));
  rig.prober.answer_by(Route::ipv6, kOnlyUrl, live, html("Therapies"));
  rig.run_until(live + 75s);
  const Instant first = rig.incidents(IncidentKind::early).at(0).detected;
  for (const Route way : {Route::fresh, Route::other_address, Route::ipv6, Route::bypass})
    EXPECT_GE(rig.asked(way, first, first + 10s), 1) << to_string(way);
  const auto routes = rig.incidents(IncidentKind::early).at(0).targets.at(0).routes;
  EXPECT_EQ(routes.size(), 4U);
}

TEST(EngineConfirm, StaysOpenWhileOneAddressStillServesIt) {
  OneUrl rig{kDue - 48h};
  const Instant live = kDue - 47h;
  rig.prober.answer(kOnlyUrl, live, html("Therapies"));
  rig.prober.answer_by(Route::other_address, kOnlyUrl, live, html("Therapies"));
  rig.prober.answer(kOnlyUrl, live + 10min, ScriptedAnswer{});
  rig.run_until(live + 20min);
  auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].state, IncidentState::open);
  EXPECT_FALSE(early[0].targets.at(0).spans.back().went_down);
  rig.prober.answer_by(Route::other_address, kOnlyUrl, live + 20min, ScriptedAnswer{});
  rig.run_until(live + 22min);
  early = rig.incidents(IncidentKind::early);
  EXPECT_EQ(early[0].state, IncidentState::contained);
  ASSERT_EQ(early[0].targets.at(0).spans.size(), 1U);
  EXPECT_GE(early[0].targets.at(0).spans[0].went_down->latest, live + 20min);
  EXPECT_LE(*early[0].targets.at(0).spans[0].went_down->earliest, live + 20min);
}

TEST(EngineCaches, ACachedAbsenceIsSeenThroughByALookPastTheCache) {
  OneUrl rig{kDue - 48h};
  rig.profile().cache_bypass = true;
  rig.prober.answer_by(Route::bypass, kOnlyUrl, kDue - 49h, ScriptedAnswer{});
  rig.prober.answer_by(Route::bypass, kOnlyUrl, kDue - 40h, html("Therapies"));
  rig.run_until(kDue - 39h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_TRUE(is_active(early[0]));
  EXPECT_LE(early[0].detected - (kDue - 40h), 12min) << "every tenth look goes another way";
}

TEST(EngineCaches, AfterATakeDownItSaysWhichCacheStillServesIt) {
  OneUrl rig{kDue - 48h};
  rig.profile().cache_bypass = true;
  const Instant live = kDue - 47h;
  ScriptedAnswer copy = html("Therapies");
  copy.age = Seconds{60};
  copy.headers.emplace_back("X-Cache", "HIT");
  copy.headers.emplace_back("X-Varnish", "12 34");
  copy.headers.emplace_back("Age", "60");
  rig.prober.answer(kOnlyUrl, live, copy);
  rig.prober.answer_by(Route::bypass, kOnlyUrl, live, html("Therapies"));
  rig.prober.answer_by(Route::bypass, kOnlyUrl, live + 5min, ScriptedAnswer{.status = 410});
  rig.run_until(live + 10min);
  auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  const TargetExposure& t = early[0].targets.at(0);
  EXPECT_EQ(early[0].state, IncidentState::open);
  EXPECT_EQ(t.cached_by, "Varnish");
  ASSERT_TRUE(t.spans.back().origin_down);
  EXPECT_LE(*t.spans.back().origin_down->earliest, live + 5min);
  EXPECT_GE(t.spans.back().origin_down->latest, live + 5min);
  EXPECT_FALSE(t.spans.back().went_down);
  rig.prober.answer(kOnlyUrl, live + 10min, ScriptedAnswer{.status = 410});
  rig.run_until(live + 12min);
  early = rig.incidents(IncidentKind::early);
  EXPECT_EQ(early[0].state, IncidentState::contained);
  EXPECT_EQ(early[0].targets.at(0).cached_by, "");
}

struct QuietCase {
  const char* name;
  const char* cache_control;
  bool may_bypass;
  std::optional<Millis> configured;
  bool want_plain;   // plain looks in the last five minutes
  bool want_bypass;  // looks past the cache there
};

class EngineQuiet : public testing::TestWithParam<QuietCase> {};
TEST_P(EngineQuiet, PlantsNoAbsenceOverADueTime) {
  const auto& c = GetParam();
  OneUrl rig{kDue - 1h};
  rig.profile().cache_bypass = c.may_bypass;
  rig.profile().negative_ttl = c.configured;
  ScriptedAnswer missing{.status = 404};
  if (*c.cache_control != '\0') missing.headers = {{"Cache-Control", c.cache_control}};
  rig.prober.answer(kOnlyUrl, kDue - 2h, missing);
  rig.prober.answer(kOnlyUrl, kDue, html("Therapies"));
  rig.run_until(kDue + 20s);
  EXPECT_EQ(rig.asked(Route::plain, kDue - 280s, kDue - 5s) + rig.asked(Route::fresh, kDue - 280s, kDue - 5s) > 0,
            c.want_plain);
  EXPECT_EQ(rig.asked(Route::bypass, kDue - 280s, kDue - 5s) > 20, c.want_bypass);
  const TargetTrack t = rig.track();
  ASSERT_TRUE(t.released);
  EXPECT_LE(t.released->latest, kDue + 3s);
  const auto blind = got(rig.store.blind(kDue - 1h, kDue + 1h));
  const bool kept_quiet =
      std::any_of(blind.begin(), blind.end(), [](const BlindSpan& b) { return b.cause == Cause::quiet; });
  EXPECT_EQ(kept_quiet, !c.want_plain && !c.want_bypass) << "not asking is not knowing, and says so";
  EXPECT_EQ(rig.told(), Told{}) << "our own choice alerts nobody";
}
INSTANTIATE_TEST_SUITE_P(
    LastNegativeTtl, EngineQuiet,
    testing::Values(QuietCase{"NothingSaid", "", false, std::nullopt, true, false},
                    QuietCase{"FiveMinutesSaid", "max-age=300", false, std::nullopt, false, false},
                    QuietCase{"SharedCachesOnly", "max-age=0, s-maxage=300", false, std::nullopt, false, false},
                    QuietCase{"NotStored", "no-store", false, std::nullopt, true, false},
                    QuietCase{"TenSecondsAreNoHarm", "max-age=10", false, std::nullopt, true, false},
                    QuietCase{"FiveMinutesPastTheCache", "max-age=300", true, std::nullopt, false, true},
                    QuietCase{"KnownToTheOperator", "", false, Millis{300'000}, false, false}),
    [](const auto& p) { return p.param.name; });

TEST(EngineForms, AnotherFormThatIsLiveAloneIsEarlyUnderItsOwnName) {
  OneUrl rig{kDue - 48h};
  rig.profile().variants = {VariantForm::slash};
  rig.prober.answer(std::string{kOnlyUrl} + "/", kDue - 40h, html("Therapies"));
  rig.run_until(kDue - 39h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].targets.at(0).target, "therapies-2018-01/page+slash");
  EXPECT_EQ(early[0].targets.at(0).url, std::string{kOnlyUrl} + "/");
}

TEST(EngineForms, AreAskedForATenthAsOftenAndNeverBlindNorLate) {
  OneUrl rig{kDue - 12h};
  rig.profile().variants = {VariantForm::slash};
  rig.prober.answer(std::string{kOnlyUrl} + "/", kDue - 24h, no_answer());
  rig.prober.answer(kOnlyUrl, kDue, html("Therapies"));
  rig.run_until(kDue - 11h);
  const auto slash = std::count_if(rig.prober.asked.begin(), rig.prober.asked.end(),
                                   [](const auto& a) { return a.url == std::string{kOnlyUrl} + "/"; });
  const int plain = rig.asked(Route::plain, kDue - 12h, kDue - 11h);
  EXPECT_GE(slash, plain / 11);
  EXPECT_LE(slash, plain / 9);
  rig.run_until(kDue + 1h);
  EXPECT_EQ(rig.told(), Told{});
}

TEST(EngineForms, ARedirectToTheUrlItselfIsNoFurtherPlace) {
  OneUrl rig{kDue - 48h};
  rig.profile().variants = {VariantForm::slash, VariantForm::www};
  for (const char* other : {"https://stats.example.org/pub/page/", "https://www.stats.example.org/pub/page"}) {
    ScriptedAnswer moved{.status = 301, .body = "", .failure = Cause::redirect_elsewhere};
    moved.location = kOnlyUrl;
    rig.prober.answer(other, kDue - 49h, moved);
  }
  rig.prober.answer(kOnlyUrl, kDue - 40h, html("Therapies"));
  rig.run_until(kDue - 39h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].targets.size(), 1U);
}

TEST(EngineLatest, WithoutMarkerOrBaselineNothingIsKnownUntilAPersonApproves) {
  Release r = release_with({"page"});
  r.targets[0].role = Role::latest;
  OneUrl rig{kDue - 48h, r};
  rig.prober.answer(kOnlyUrl, kDue - 49h, html("Widgets, March"));
  rig.run_until(kDue - 47h);
  EXPECT_EQ(rig.track().liveness, Liveness::unknown);
  EXPECT_EQ(rig.track().cause, Cause::no_baseline);
  EXPECT_EQ(rig.told(), Told{"EmbargoBlind firing"});

  Command approve;
  approve.what = Command::What::approve_baseline;
  approve.id = "therapies-2018-01/page";
  approve.by = "officer";
  approve.fingerprint = "page:other";
  EXPECT_EQ(rig.engine->execute(approve).error().code, Errc::conflict) << "not what was shown";
  approve.fingerprint = rig.track().fingerprint;
  ASSERT_TRUE(rig.engine->execute(approve));
  rig.run_until(kDue - 46h);
  EXPECT_EQ(rig.track().liveness, Liveness::previous_edition);

  rig.start();  // approved for good
  rig.run_until(kDue - 45h);
  EXPECT_EQ(rig.track().liveness, Liveness::previous_edition);
  rig.prober.answer(kOnlyUrl, kDue - 45h, html("Widgets, April"));
  rig.run_until(kDue - 44h);
  EXPECT_EQ(rig.incidents(IncidentKind::suspect).size(), 1U) << "changed: a person must look";
}

TEST(EngineCertificates, AnotherAuthorityIsNotBelievedForTenMinutes) {
  OneUrl rig{kDue - 48h};
  ScriptedAnswer ours = ScriptedAnswer{};
  ours.issuer = "CN=Example CA";
  ScriptedAnswer theirs = html("Therapies");
  theirs.issuer = "CN=Portal CA";
  rig.prober.answer(kOnlyUrl, kDue - 49h, ours);
  rig.prober.answer(kOnlyUrl, kDue - 47h, theirs);
  rig.prober.answer(kOnlyUrl, kDue - 47h + 8min, ours);
  rig.run_until(kDue - 46h);
  EXPECT_TRUE(rig.incidents(IncidentKind::early).empty());
  EXPECT_EQ(rig.told(), (Told{"EmbargoBlind firing", "EmbargoBlind resolved"}));
  rig.prober.answer(kOnlyUrl, kDue - 45h, theirs);
  rig.run_until(kDue - 44h);
  EXPECT_EQ(rig.incidents(IncidentKind::early).size(), 1U) << "a new contract is believed in the end";
}

TEST(EngineTwins, TwoOutputsWithTheSameBytesAreWrongContent) {
  Release r = release_with({"page", "tables", "annex"});
  r.targets[1].role = r.targets[2].role = Role::file;
  WatchRig rig{kDue - 1h, {.releases = {r}, .notes = {}}};
  for (const Target& t : r.targets) rig.prober.answer(t.url.text, kDue, html("page " + t.id));
  ScriptedAnswer file{.status = 200, .body = "area,count\nA,1234\nB,2345\nC,3456\n"};
  file.headers = {{"Content-Type", "text/csv"}};
  rig.prober.answer(r.targets[1].url.text, kDue, file);
  rig.prober.answer(r.targets[2].url.text, kDue, file);
  rig.run_until(kDue + 10min);
  const auto wrong = rig.incidents(IncidentKind::wrong_content);
  ASSERT_EQ(wrong.size(), 1U);
  file.body += "D,1\n";
  rig.prober.answer(r.targets[2].url.text, kDue + 10min, file);
  rig.run_until(kDue + 20min);
  EXPECT_FALSE(is_active(rig.incidents(IncidentKind::wrong_content).at(0)));
}

TEST(EngineBoundary, LiveWithinTheClocksErrorIsWrittenDownAndTellsNobody) {
  OneUrl rig{kDue - 1h};
  rig.clock.set_uncertainty(3s);
  rig.prober.answer(kOnlyUrl, kDue - 1s, html("Therapies"));
  rig.run_until(kDue + 10min);
  EXPECT_EQ(rig.told(), Told{});
  const auto events = got(rig.store.events(""));
  EXPECT_TRUE(std::any_of(events.begin(), events.end(), [](const Event& e) { return e.what == "boundary"; }));
}

}  // namespace
}  // namespace embargod
