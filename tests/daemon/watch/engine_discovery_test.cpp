// What listings show, joined to incidents. The engine with a played site.

#include <gmock/gmock.h>

#include "daemon/watch/engine.h"
#include "daemon/watch/incident_json.h"
#include "tests/support/watch_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using ListedTold = std::vector<std::string>;

const std::string kListedSite = "https://stats.example.org";
const std::string kSitemapUrl = kListedSite + "/sitemap.xml";
const std::string kNewsUrl = kListedSite + "/news";

ScriptedAnswer ok_with(std::string body) { return {.status = 200, .body = std::move(body)}; }

ScriptedAnswer sitemap_of(const std::vector<std::string>& paths) {
  std::string xml = "<urlset>";
  for (const auto& p : paths) xml += "<url><loc>" + kListedSite + p + "</loc></url>";
  return ok_with(xml + "</urlset>");
}

ScriptedAnswer news_of(const std::string& path, const std::string& title, const std::string& date) {
  return ok_with("<ul><li><a href='" + path + "'>" + title + "</a><time>" + date + "</time></li></ul>");
}

struct ListingRig : WatchRig {
  explicit ListingRig(Instant start) : WatchRig(start) {
    DiscoveryListing sitemap;
    sitemap.name = "map";
    sitemap.url = *parse_url(kSitemapUrl);
    sitemap.kind = ListingKind::sitemap;
    sitemap.interval = 5min;
    sitemap.release_like = {{"/pub/", {}}};
    settings.discovery.push_back(sitemap);
    prober.answer(kSitemapUrl, start, sitemap_of({"/about"}));
  }

  void add_news() {
    DiscoveryListing news;
    news.name = "news";
    news.url = *parse_url(kNewsUrl);
    news.kind = ListingKind::html;
    news.interval = 5min;
    news.item = {"//li", {}};
    news.date = {"time", {}};
    settings.discovery.push_back(news);
  }

  [[nodiscard]] std::vector<Delivery> deliveries() { return got(store.pending("webhook-1", 1'000)); }
};

TEST(EngineDiscovery, AnExpressionThatDoesNotCompileIsAFaultOfThePlan) {
  ListingRig rig{kDue - 48h};
  rig.settings.discovery[0].release_like = {{"(/a", {"embargod.yml", 7, 3}}};
  const auto plan = make_plan(rig.settings, {.releases = {release_with({"page"})}, .notes = {}}, {});
  ASSERT_FALSE(plan);
  EXPECT_THAT(to_string(plan.error().at(0)), HasSubstr("embargod.yml:7:3"));
}

// ---- an entry of an embargoed release ----

TEST(EngineDiscovery, AnEntryOfAnEmbargoedReleaseIsEarlyOfKindListing) {
  ListingRig rig{kDue - 48h};
  rig.prober.answer(kSitemapUrl, kDue - 47h, sitemap_of({"/about", "/pub/page"}));
  rig.run_until(kDue - 46h);

  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].release, "therapies-2018-01");
  EXPECT_EQ(early[0].state, IncidentState::open);
  ASSERT_EQ(early[0].targets.size(), 1U);
  const TargetExposure& t = early[0].targets[0];
  EXPECT_EQ(t.target, "therapies-2018-01/listing:map");
  EXPECT_EQ(t.role, Role::listing);
  EXPECT_EQ(t.url, kSitemapUrl);
  const InstantBounds& began = t.spans.at(0).went_live;
  ASSERT_TRUE(began.earliest);
  EXPECT_LE(*began.earliest, kDue - 47h);
  EXPECT_GE(began.latest, kDue - 47h);
  EXPECT_LE(began.latest - *began.earliest, 6min) << "one interval";

  const auto told = rig.deliveries();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].alert.name, "EmbargoEarly");
  EXPECT_THAT(told[0].alert.annotations.at("summary"), HasSubstr("A public listing shows"));
  EXPECT_THAT(told[0].alert.annotations.at("description"),
              HasSubstr("Listing map shows it, matched by url: https://stats.example.org/pub/page"));
  EXPECT_THAT(told[0].alert.annotations.at("description"), HasSubstr("Not seen live"));
  EXPECT_THAT(told[0].alert.incident_json, HasSubstr(R"("role":"listing")"));
  EXPECT_THAT(got(rig.store.spans(t.target, kDue - 48h, kDue)), testing::SizeIs(1)) << "the report counts its looks";
  EXPECT_EQ(rig.vault.kept, ListedTold{early[0].id + " therapies-2018-01/listing:map"});
  EXPECT_THAT(rig.log.text, Not(HasSubstr("/pub/page"))) << "an embargoed URL is no matter of the log";
}

TEST(EngineDiscovery, ASecondReadingConfirmsWithinSeconds) {
  ListingRig rig{kDue - 48h};
  rig.prober.answer(kSitemapUrl, kDue - 47h, sitemap_of({"/about", "/pub/page"}));
  rig.run_until(kDue - 46h);
  const auto events = got(rig.store.events(rig.incidents(IncidentKind::early).at(0).id));
  ASSERT_GE(events.size(), 2U);
  EXPECT_EQ(events[1].what, "confirmed");
  EXPECT_LE(events[1].at - events[0].at, 6s);
}

TEST(EngineDiscovery, ItIsContainedWhenThreeReadingsShowItNoMore) {
  ListingRig rig{kDue - 48h};
  rig.prober.answer(kSitemapUrl, kDue - 47h, sitemap_of({"/about", "/a", "/b", "/pub/page"}));
  rig.prober.answer(kSitemapUrl, kDue - 46h, sitemap_of({"/about", "/a", "/b"}));
  rig.run_until(kDue - 46h + 10min);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].state, IncidentState::contained);
  const ExposureSpan& span = early[0].targets.at(0).spans.at(0);
  ASSERT_TRUE(span.went_down && span.went_down->earliest);
  EXPECT_LE(*span.went_down->earliest, kDue - 46h);
  EXPECT_GE(span.went_down->latest, kDue - 46h);
  EXPECT_LE(span.went_down->latest - *span.went_down->earliest, 62s) << "it is read each minute meanwhile";
  EXPECT_EQ(rig.told(), (ListedTold{"EmbargoEarly firing", "EmbargoEarly resolved"}));
}

TEST(EngineDiscovery, AListingThatFailsContainsNothing) {
  ListingRig rig{kDue - 48h};
  rig.prober.answer(kSitemapUrl, kDue - 47h, sitemap_of({"/about", "/pub/page"}));
  rig.prober.answer(kSitemapUrl, kDue - 46h, {.status = 503, .body = "busy"});
  rig.run_until(kDue - 44h);
  ASSERT_EQ(rig.incidents(IncidentKind::early).size(), 1U);
  EXPECT_EQ(rig.incidents(IncidentKind::early)[0].state, IncidentState::open);
  const std::string warned = "a listing could not be read";
  const auto first = rig.log.text.find(warned);
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(rig.log.text.find(warned, first + 1), std::string::npos) << "once for each change";
  const auto status = rig.engine->listings();
  ASSERT_EQ(status.size(), 1U);
  EXPECT_THAT(status[0].fault, HasSubstr("HTTP 503"));
  ASSERT_TRUE(status[0].last_success);
  EXPECT_LT(*status[0].last_success, kDue - 46h);
  EXPECT_EQ(status[0].matches, 1U) << "what it showed stays";
}

TEST(EngineDiscovery, FromDueOnItIsWhereItBelongs) {
  ListingRig rig{kDue - 2h};
  rig.prober.answer(kListedSite + "/pub/page", kDue, live_answer());
  rig.prober.answer(kListedSite + "/pub/tables", kDue, live_answer());
  rig.prober.answer(kSitemapUrl, kDue + 1s, sitemap_of({"/about", "/pub/page"}));
  rig.run_until(kDue + 1h);
  EXPECT_THAT(rig.told(), IsEmpty());
}

TEST(EngineDiscovery, StillListedAtDueEndsThere) {
  ListingRig rig{kDue - 2h};
  rig.prober.answer(kSitemapUrl, kDue - 1h, sitemap_of({"/about", "/pub/page"}));
  rig.prober.answer(kListedSite + "/pub/page", kDue, live_answer());
  rig.prober.answer(kListedSite + "/pub/tables", kDue, live_answer());
  rig.run_until(kDue + 25h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  EXPECT_EQ(early[0].state, IncidentState::closed);
  EXPECT_EQ(early[0].targets.at(0).spans.at(0).ended_by, EndedBy::due);
  EXPECT_EQ(rig.told(), (ListedTold{"EmbargoEarly firing", "EmbargoEarly resolved"}));
}

TEST(EngineDiscovery, ARestartNeitherLosesAnOpenOneNorTellsItTwice) {
  ListingRig rig{kDue - 48h};
  rig.prober.answer(kSitemapUrl, kDue - 47h, sitemap_of({"/about", "/pub/page", "/pub/odd-one"}));
  rig.run_until(kDue - 46h);
  const auto before = rig.told();
  EXPECT_THAT(before, ElementsAre("EmbargoEarly firing", "EmbargoUnscheduled firing"));
  rig.start();
  rig.run_until(kDue - 45h);
  EXPECT_EQ(rig.told(), before);
  ASSERT_EQ(rig.incidents(IncidentKind::early).size(), 1U);
  EXPECT_EQ(rig.incidents(IncidentKind::early)[0].state, IncidentState::open);
  // What is taken out while nobody looks is seen by the next run.
  rig.prober.answer(kSitemapUrl, kDue - 45h, sitemap_of({"/about"}));
  rig.start();
  rig.run_until(kDue - 44h);
  EXPECT_EQ(rig.incidents(IncidentKind::early)[0].state, IncidentState::contained);
  EXPECT_EQ(rig.incidents(IncidentKind::unscheduled)[0].state, IncidentState::contained);
}

TEST(EngineDiscovery, ADismissedOneIsNotToldAgainWhileItIsListed) {
  ListingRig rig{kDue - 48h};
  rig.prober.answer(kSitemapUrl, kDue - 47h, sitemap_of({"/about", "/pub/page"}));
  rig.run_until(kDue - 46h);
  const auto early = rig.incidents(IncidentKind::early);
  ASSERT_EQ(early.size(), 1U);
  ASSERT_TRUE(rig.engine->execute(
      {.what = Command::What::dismiss, .id = early[0].id, .by = "A. Person", .reason = "meant to be there"}));
  rig.run_until(kDue - 44h);
  rig.start();
  rig.run_until(kDue - 43h);
  EXPECT_EQ(rig.incidents(IncidentKind::early).size(), 1U);
}

TEST(EngineDiscovery, ALiftedReleaseMayBeListed) {
  ListingRig rig{kDue - 48h};
  rig.run_until(kDue - 47h);
  ASSERT_TRUE(rig.engine->execute(
      {.what = Command::What::lift, .id = "therapies-2018-01", .by = "A. Person", .reason = "brought forward"}));
  rig.prober.answer(kSitemapUrl, kDue - 46h, sitemap_of({"/about", "/pub/page"}));
  rig.run_until(kDue - 45h);
  EXPECT_THAT(rig.incidents(IncidentKind::early), IsEmpty());
}

// ---- entries on no schedule ----

TEST(EngineDiscovery, ManyStrangersAreOneTicketWithACount) {
  ListingRig rig{kDue - 48h};
  std::vector<std::string> many{"/about"};
  for (int k = 0; k < 30; ++k) many.push_back("/pub/odd-" + std::to_string(k));
  rig.prober.answer(kSitemapUrl, kDue - 47h, sitemap_of(many));
  rig.run_until(kDue - 46h);
  const auto odd = rig.incidents(IncidentKind::unscheduled);
  ASSERT_EQ(odd.size(), 1U);
  EXPECT_EQ(odd[0].site, "stats.example.org");
  EXPECT_EQ(odd[0].state, IncidentState::open);
  EXPECT_EQ(odd[0].targets.size(), 30U);
  const auto told = rig.deliveries();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].alert.name, "EmbargoUnscheduled");
  EXPECT_EQ(told[0].alert.severity, Severity::ticket);
  EXPECT_EQ(told[0].alert.labels.at("site"), "stats.example.org");
  EXPECT_THAT(told[0].alert.annotations.at("summary"), HasSubstr("30 entries"));
  EXPECT_THAT(told[0].alert.annotations.at("description"), HasSubstr("Seen in: map"));
  EXPECT_THAT(told[0].alert.annotations.at("urls"), HasSubstr("/pub/odd-29"));
  EXPECT_THAT(told[0].alert.annotations.at("urls"), HasSubstr("20 more: see the link"));
}

TEST(EngineDiscovery, WhatWasThereAtFirstIsTheBaseline) {
  ListingRig rig{kDue - 48h};
  rig.prober.answer(kSitemapUrl, kDue - 48h, sitemap_of({"/about", "/pub/odd-one"}));
  rig.run_until(kDue - 46h);
  EXPECT_THAT(rig.told(), IsEmpty());
}

TEST(EngineDiscovery, AStrangerThatIsListedNoMoreIsContained) {
  ListingRig rig{kDue - 48h};
  rig.prober.answer(kSitemapUrl, kDue - 47h, sitemap_of({"/about", "/a", "/b", "/pub/odd-one"}));
  rig.prober.answer(kSitemapUrl, kDue - 46h, sitemap_of({"/about", "/a", "/b"}));
  rig.run_until(kDue - 45h);
  ASSERT_EQ(rig.incidents(IncidentKind::unscheduled).size(), 1U);
  EXPECT_EQ(rig.incidents(IncidentKind::unscheduled)[0].state, IncidentState::contained);
  EXPECT_EQ(rig.told(), (ListedTold{"EmbargoUnscheduled firing", "EmbargoUnscheduled resolved"}));
}

TEST(EngineDiscovery, AStrangerThatIsScheduledIsContained) {
  ListingRig rig{kDue - 48h};
  rig.prober.answer(kSitemapUrl, kDue - 47h, sitemap_of({"/about", "/pub/extra"}));
  rig.run_until(kDue - 46h);
  ASSERT_EQ(rig.incidents(IncidentKind::unscheduled).size(), 1U);
  Schedule more{.releases = {release_with({"page", "tables", "extra"})}, .notes = {}};
  more.releases[0].due.at = kDue - 46h;  // and out
  rig.engine->replace_plan(rig.plan(more));
  rig.run_until(kDue - 45h);
  EXPECT_EQ(rig.incidents(IncidentKind::unscheduled)[0].state, IncidentState::contained);
}

// ---- dates ----

TEST(EngineDiscovery, ADateOnAnUpcomingPageThatContradictsTheDueIsADrift) {
  ListingRig rig{kDue - 72h};
  rig.add_news();
  const std::string title = release_with({"page"}).title;
  rig.prober.answer(kNewsUrl, kDue - 72h, news_of("/announcements/x", title, "26 April 2018 9:30am"));
  rig.run_until(kDue - 71h);
  auto drifts = rig.incidents(IncidentKind::drift);
  ASSERT_EQ(drifts.size(), 1U);
  ASSERT_EQ(drifts[0].drifts.size(), 1U);
  EXPECT_EQ(drifts[0].drifts[0].source, "news");
  EXPECT_EQ(drifts[0].drifts[0].kind, DriftKind::later);
  rig.prober.answer(kNewsUrl, kDue - 71h, {.status = 503, .body = "busy"});
  rig.start();
  rig.run_until(kDue - 70h - 30min);
  rig.engine->replace_plan(rig.plan({.releases = {release_with({"page", "tables"})}, .notes = {}}));
  rig.run_until(kDue - 70h);
  EXPECT_EQ(rig.told(), ListedTold{"EmbargoScheduleDrift firing"}) << "a restart ends nothing and tells nothing twice";
  rig.prober.answer(kNewsUrl, kDue - 70h, news_of("/announcements/x", title, "April 2018"));
  rig.run_until(kDue - 69h);
  EXPECT_EQ(rig.told(), (ListedTold{"EmbargoScheduleDrift firing", "EmbargoScheduleDrift resolved"}))
      << "a month alone contradicts nothing in it";
}

TEST(EngineDiscovery, DatesThatAgreeOrCannotBeReadSayNothing) {
  const std::string title = release_with({"page"}).title;
  for (const char* date : {"25 April 2018 9:30am", "25 April 2018", "04/05/2018", "soon", ""}) {
    ListingRig rig{kDue - 72h};
    rig.add_news();
    rig.prober.answer(kNewsUrl, kDue - 72h, news_of("/announcements/x", title, date));
    rig.run_until(kDue - 71h);
    EXPECT_THAT(rig.incidents(IncidentKind::drift), IsEmpty()) << date;
  }
}

// ---- as large as they get ----

TEST(EngineDiscovery, TenNewOnesAmongFiftyThousandAreFoundInOnePoll) {
  ListingRig rig{kDue - 48h};
  std::vector<std::string> all;
  for (int k = 0; k < 49'990; ++k) all.push_back("/pub/former-" + std::to_string(k));
  rig.prober.answer(kSitemapUrl, kDue - 48h, sitemap_of(all));
  for (int k = 0; k < 9; ++k) all.insert(all.begin() + 5'000 * k, "/pub/new-" + std::to_string(k));
  all.push_back("/pub/tables");
  rig.prober.answer(kSitemapUrl, kDue - 47h + 1min, sitemap_of(all));
  rig.run_until(kDue - 47h + 6min);
  ASSERT_EQ(rig.incidents(IncidentKind::unscheduled).size(), 1U);
  EXPECT_EQ(rig.incidents(IncidentKind::unscheduled)[0].targets.size(), 9U);
  EXPECT_EQ(rig.incidents(IncidentKind::early).size(), 1U);
  EXPECT_EQ(rig.told().size(), 2U);
}

}  // namespace
}  // namespace embargod
