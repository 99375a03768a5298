#include "daemon/watch/discovery_watch.h"

#include <gtest/gtest.h>

#include "config/types/digest.h"
#include "probes/discovery/feed.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

const Instant kStart{Millis{1'781'000'000'000}};
const std::string kStats = "https://stats.example.org";

std::string sitemap(const std::vector<std::string>& paths) {
  std::string xml = "<urlset>";
  for (const auto& p : paths) xml += "<url><loc>" + kStats + p + "</loc></url>";
  return xml + "</urlset>";
}

std::string sitemap_index(const std::vector<std::pair<std::string, std::string>>& children) {
  std::string xml = "<sitemapindex>";
  for (const auto& [path, lastmod] : children)
    xml += "<sitemap><loc>" + kStats + path + "</loc>" + (lastmod.empty() ? "" : "<lastmod>" + lastmod + "</lastmod>") +
           "</sitemap>";
  return xml + "</sitemapindex>";
}

std::string feed_of(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::string xml = "<rss><channel>";
  for (const auto& [path, title] : entries)
    xml += "<item><link>" + kStats + path + "</link><title>" + title + "</title></item>";
  return xml + "</channel></rss>";
}

DiscoveryListing listing(const std::string& name, ListingKind kind, const std::string& path) {
  DiscoveryListing l;
  l.name = name;
  l.url = *parse_url(kStats + path);
  l.kind = kind;
  l.interval = 5min;
  l.release_like = {{"/pub/", {}}};
  return l;
}

Schedule schedule_of(const std::vector<std::string>& ids) {
  Schedule s;
  for (const auto& id : ids) {
    Target t;
    t.id = id + "/page";
    t.release = id;
    t.url = *parse_url(kStats + "/pub/" + id);
    Release r;
    r.id = id;
    r.title = "Figures of " + id;
    r.targets = {t};
    s.releases.push_back(r);
  }
  return s;
}

/// A site that answers each URL with what `pages` holds, a watch, and a clock that the test moves.
class DiscoveryWatchTest : public testing::Test {
 protected:
  void adopt(const std::vector<DiscoveryListing>& listings, const std::vector<std::string>& ids) {
    auto plan = make_discovery_plan(listings, schedule_of(ids));
    ASSERT_TRUE(plan);
    watch.adopt(*plan, ticks);
  }

  [[nodiscard]] Observation answer(const ProbeRequest& r) const {
    Observation o;
    o.token = r.token;
    o.url = o.final_url = r.url.text;
    o.sent = kStart + ticks;
    o.done = o.sent + 200ms;
    o.clock_error = 5ms;
    const auto page = pages.find(r.url.text);
    o.status = page == pages.end() ? 404 : 200;
    if (page != pages.end()) o.body = page->second;
    o.digest = "sha256:" + hex(sha256(o.body));
    return o;
  }

  /// One whole round: what is due now, and the children that it leads to.
  std::vector<DiscoveryOutcome> round() {
    std::vector<DiscoveryOutcome> outcomes;
    asked.clear();
    while (true) {
      const auto due = watch.take_due(ticks, tokens);
      if (due.empty()) return outcomes;
      for (const ProbeRequest& r : due) {
        asked.push_back(r.url.text.substr(kStats.size()));
        auto outcome = watch.finished(answer(r), ticks);
        EXPECT_TRUE(outcome);
        if (outcome) outcomes.push_back(std::move(*outcome));
      }
    }
  }
  std::vector<DiscoveryOutcome> later_round() {
    ticks += 5min;
    return round();
  }

  static std::vector<std::string> found_in(const std::vector<DiscoveryOutcome>& outcomes) {
    std::vector<std::string> out;
    for (const auto& o : outcomes)
      for (const NewFinding& n : o.found)
        out.push_back(n.finding.url.substr(kStats.size()) + (n.match ? " " + n.match->release : " new") +
                      (n.counts ? "!" : "") + (n.appeared.earliest ? "" : " from the start"));
    return out;
  }
  static std::vector<std::string> gone_in(const std::vector<DiscoveryOutcome>& outcomes) {
    std::vector<std::string> out;
    for (const auto& o : outcomes)
      for (const GoneFinding& g : o.gone) out.push_back(g.finding.url.substr(kStats.size()) + " " + g.release);
    return out;
  }
  static std::string fault_in(const std::vector<DiscoveryOutcome>& outcomes) {
    for (const auto& o : outcomes)
      if (o.fault) return to_string(*o.fault);
    return "";
  }
  void serve(const std::string& path, std::string body) { pages[kStats + path] = std::move(body); }

  using Lines = std::vector<std::string>;
  DiscoveryWatch watch;
  Millis ticks{1'000'000};
  std::uint64_t tokens = 0;
  std::map<std::string, std::string> pages;
  Lines asked;
};

TEST_F(DiscoveryWatchTest, TheFirstReadingIsABaselineButForWhatIsEmbargoed) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {"widgets-2026-04"});
  serve("/sitemap.xml", sitemap({"/pub/old", "/about", "/pub/widgets-2026-04"}));
  const auto first = round();
  EXPECT_EQ(found_in(first), Lines{"/pub/widgets-2026-04 widgets-2026-04! from the start"});
  EXPECT_EQ(first.at(0).entries, 3U);
  EXPECT_EQ(first.at(0).fresh, 3U);
}

TEST_F(DiscoveryWatchTest, WhatAppearsLaterIsToldOnceWithItsBounds) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {"widgets-2026-04"});
  serve("/sitemap.xml", sitemap({"/pub/old", "/about"}));
  EXPECT_EQ(found_in(round()), Lines{});
  const Instant first_sent = kStart + ticks;
  serve("/sitemap.xml", sitemap({"/pub/old", "/about", "/news", "/pub/surprise", "/pub/widgets-2026-04"}));
  const auto second = later_round();
  EXPECT_EQ(found_in(second), (Lines{"/pub/surprise new", "/pub/widgets-2026-04 widgets-2026-04!"}));
  EXPECT_EQ(second.at(0).found.at(1).appeared, (InstantBounds{first_sent - 5ms, kStart + ticks + 205ms}));
  EXPECT_EQ(second.at(0).fresh, 3U);
  EXPECT_EQ(found_in(later_round()), Lines{});
  EXPECT_EQ(watch.shown().size(), 1U);
}

TEST_F(DiscoveryWatchTest, TenNewOnesAmongFiftyThousandAreFoundInOnePoll) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {"widgets-2026-04", "rail-2026-04"});
  std::vector<std::string> paths;
  for (int i = 0; i < 49'990; ++i) paths.push_back("/pub/series-" + std::to_string(i));
  serve("/sitemap.xml", sitemap(paths));
  EXPECT_EQ(found_in(round()), Lines{});
  for (int i = 0; i < 8; ++i) paths.insert(paths.begin() + 6'000 * i, "/pub/extra-" + std::to_string(i));
  paths.emplace_back("/pub/widgets-2026-04");
  paths.insert(paths.begin(), "/pub/rail-2026-04");
  serve("/sitemap.xml", sitemap(paths));
  const auto second = later_round();
  EXPECT_EQ(second.size(), 1U);
  EXPECT_EQ(second.at(0).entries, 50'000U);
  EXPECT_EQ(second.at(0).fresh, 10U);
  EXPECT_EQ(found_in(second).size(), 10U);
}

TEST_F(DiscoveryWatchTest, AMatchThatVanishesIsGoneWithItsBounds) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {"widgets-2026-04"});
  serve("/sitemap.xml", sitemap({"/a", "/b", "/c", "/d", "/pub/widgets-2026-04"}));
  (void)round();
  const Instant last_seen = kStart + ticks - 5ms;
  serve("/sitemap.xml", sitemap({"/a", "/b", "/c", "/d"}));
  const auto second = later_round();
  EXPECT_EQ(gone_in(second), Lines{"/pub/widgets-2026-04 widgets-2026-04"});
  EXPECT_EQ(second.at(0).gone.at(0).gone, (InstantBounds{last_seen, kStart + ticks + 205ms}));
  EXPECT_TRUE(watch.shown().empty());
}

TEST_F(DiscoveryWatchTest, AMatchThatComesBackIsToldAgain) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {"widgets-2026-04"});
  const std::string with = sitemap({"/a", "/b", "/c", "/d", "/pub/widgets-2026-04"});
  serve("/sitemap.xml", with);
  (void)round();
  serve("/sitemap.xml", sitemap({"/a", "/b", "/c", "/d"}));
  (void)later_round();
  serve("/sitemap.xml", with);
  EXPECT_EQ(found_in(later_round()), Lines{"/pub/widgets-2026-04 widgets-2026-04!"});
}

TEST_F(DiscoveryWatchTest, AListingThatLostAThirdIsBelievedOnlyTheSecondTime) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {"widgets-2026-04"});
  serve("/sitemap.xml", sitemap({"/a", "/b", "/c", "/pub/widgets-2026-04"}));
  (void)round();
  serve("/sitemap.xml", sitemap({"/a", "/b"}));
  const auto second = later_round();
  EXPECT_EQ(gone_in(second), Lines{});
  EXPECT_NE(second.at(0).note.find("2 entries, but 4 before"), std::string::npos);
  EXPECT_EQ(gone_in(later_round()), Lines{"/pub/widgets-2026-04 widgets-2026-04"});
}

struct BadAnswer {
  const char* name;
  int status;
  Cause failure;
  std::string body;
  std::string final_url;
  const char* says;
};
class BadListingAnswer : public DiscoveryWatchTest, public testing::WithParamInterface<BadAnswer> {};

TEST_P(BadListingAnswer, IsAFaultAndChangesNothing) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {"widgets-2026-04"});
  serve("/sitemap.xml", sitemap({"/a", "/pub/widgets-2026-04"}));
  (void)round();
  ticks += 5min;
  const auto due = watch.take_due(ticks, tokens);
  ASSERT_EQ(due.size(), 1U);
  Observation o = answer(due[0]);
  o.status = GetParam().status;
  o.failure = GetParam().failure;
  o.body = GetParam().body;
  o.digest = "sha256:other";
  if (!GetParam().final_url.empty()) o.final_url = GetParam().final_url;
  const auto outcome = watch.finished(o, ticks);
  ASSERT_TRUE(outcome && outcome->fault);
  EXPECT_NE(to_string(*outcome->fault).find(GetParam().says), std::string::npos) << to_string(*outcome->fault);
  EXPECT_TRUE(to_string(*outcome->fault).starts_with("discovery \"map\""));
  EXPECT_TRUE(outcome->found.empty() && outcome->gone.empty());
  EXPECT_EQ(watch.shown().size(), 1U);
  EXPECT_NE(watch.status().at(0).fault, "");
  EXPECT_EQ(watch.status().at(0).last_success, kStart + ticks - 5min + 200ms);
  // The next good reading finds nothing new, and the match still there.
  const auto next = later_round();
  EXPECT_EQ(found_in(next), Lines{});
  EXPECT_EQ(gone_in(next), Lines{});
  EXPECT_EQ(watch.status().at(0).fault, "");
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, BadListingAnswer,
    testing::Values(
        BadAnswer{"Timeout", 0, Cause::timeout, "", "", "it could not be fetched: timeout"},
        BadAnswer{"CutBody", 200, Cause::too_large, "<urlset>", "", "could not be fetched"},
        BadAnswer{"ServerError", 503, Cause::none, "", "", "the answer is HTTP 503"},
        BadAnswer{"NotFound", 404, Cause::none, "", "", "the answer is HTTP 404"},
        BadAnswer{"AnotherSite", 200, Cause::none, sitemap({"/a"}), "https://login.example.com/", "another site"},
        BadAnswer{"Html", 200, Cause::none, "<!DOCTYPE html><p>Sorry", "", "this is an HTML page"},
        BadAnswer{"Cut", 200, Cause::none, "<urlset><url><loc>https://stats.example.org/a</loc></url>", "",
                  "ends too early"},
        BadAnswer{"Empty", 200, Cause::none, "", "", "it is empty"},
        BadAnswer{"NoEntries", 200, Cause::none, "<urlset></urlset>", "", "it lists nothing at all"},
        BadAnswer{"Entities", 200, Cause::none, "<!DOCTYPE urlset [<!ENTITY a \"b\">]><urlset/>", "", "document type"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST_F(DiscoveryWatchTest, ABaselineIsNotMadeOfWhatCouldNotBeReadWhole) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {});
  serve("/sitemap.xml", "<urlset><url><loc>https://stats.example.org/pub/a</loc></url>");
  EXPECT_NE(fault_in(round()), "");
  serve("/sitemap.xml", sitemap({"/pub/a", "/pub/b"}));
  EXPECT_EQ(found_in(later_round()), Lines{});
}

TEST_F(DiscoveryWatchTest, ChildrenOfAnIndexAreReadWhenTheyChange) {
  adopt({listing("map", ListingKind::sitemap, "/index.xml")}, {"widgets-2026-04"});
  serve("/index.xml", sitemap_index({{"/s1.xml", "2026-05-01"}, {"/s2.xml", "2026-05-01"}}));
  serve("/s1.xml", sitemap({"/pub/a", "/pub/b", "/pub/c", "/pub/d"}));
  serve("/s2.xml", sitemap({"/pub/x"}));
  EXPECT_EQ(found_in(round()), Lines{});
  EXPECT_EQ(asked, (Lines{"/index.xml", "/s1.xml", "/s2.xml"}));
  EXPECT_EQ(found_in(later_round()), Lines{});
  EXPECT_EQ(asked, Lines{"/index.xml"});
  serve("/index.xml", sitemap_index({{"/s1.xml", "2026-05-01"}, {"/s2.xml", "2026-05-02"}}));
  serve("/s2.xml", sitemap({"/pub/x", "/pub/y", "/pub/widgets-2026-04"}));
  EXPECT_EQ(found_in(later_round()), (Lines{"/pub/y new", "/pub/widgets-2026-04 widgets-2026-04!"}));
  EXPECT_EQ(asked, (Lines{"/index.xml", "/s2.xml"}));
}

TEST_F(DiscoveryWatchTest, AChildWhoseLastmodStaysIsReadNowAndThen) {
  adopt({listing("map", ListingKind::sitemap, "/index.xml")}, {"widgets-2026-04"});
  serve("/index.xml", sitemap_index({{"/s1.xml", "2026-05-01"}}));
  serve("/s1.xml", sitemap({"/pub/a", "/pub/b", "/pub/c"}));
  (void)round();
  serve("/s1.xml", sitemap({"/pub/a", "/pub/b", "/pub/c", "/pub/widgets-2026-04"}));
  Lines found;
  int rounds = 0;
  for (; found.empty() && rounds < 20; ++rounds) found = found_in(later_round());
  EXPECT_EQ(found, Lines{"/pub/widgets-2026-04 widgets-2026-04!"});
  EXPECT_EQ(rounds, 12);
}

TEST_F(DiscoveryWatchTest, AChildNamedLaterIsNewAsAWhole) {
  adopt({listing("map", ListingKind::sitemap, "/index.xml")}, {});
  serve("/index.xml", sitemap_index({{"/s1.xml", ""}}));
  serve("/s1.xml", sitemap({"/pub/a"}));
  EXPECT_EQ(found_in(round()), Lines{});
  serve("/index.xml", sitemap_index({{"/s1.xml", ""}, {"/s2.xml", ""}}));
  serve("/s2.xml", sitemap({"/pub/b"}));
  EXPECT_EQ(found_in(later_round()), Lines{"/pub/b new from the start"});
}

TEST_F(DiscoveryWatchTest, AChildThatFailedAtFirstIsStillABaseline) {
  adopt({listing("map", ListingKind::sitemap, "/index.xml")}, {});
  serve("/index.xml", sitemap_index({{"/s1.xml", ""}, {"/s2.xml", ""}}));
  serve("/s1.xml", sitemap({"/pub/a"}));
  const auto first = round();
  EXPECT_NE(fault_in(first).find("a child sitemap: the answer is HTTP 404"), std::string::npos);
  EXPECT_EQ(watch.status().at(0).last_success, std::nullopt);
  serve("/s2.xml", sitemap({"/pub/b"}));
  EXPECT_EQ(found_in(later_round()), Lines{});
  EXPECT_NE(watch.status().at(0).last_success, std::nullopt);
}

TEST_F(DiscoveryWatchTest, AnEntryThatMovesToAnotherChildIsNeitherNewNorGone) {
  adopt({listing("map", ListingKind::sitemap, "/index.xml")}, {"widgets-2026-04"});
  serve("/index.xml", sitemap_index({{"/s1.xml", ""}, {"/s2.xml", ""}}));
  serve("/s1.xml", sitemap({"/pub/widgets-2026-04", "/a", "/b", "/c"}));
  serve("/s2.xml", sitemap({"/x"}));
  (void)round();
  serve("/s1.xml", sitemap({"/a", "/b", "/c"}));
  serve("/s2.xml", sitemap({"/x", "/pub/widgets-2026-04"}));
  const auto second = later_round();
  EXPECT_EQ(found_in(second), Lines{});
  EXPECT_EQ(gone_in(second), Lines{});
}

TEST_F(DiscoveryWatchTest, AChildThatTheIndexDropsTakesItsEntriesWithIt) {
  adopt({listing("map", ListingKind::sitemap, "/index.xml")}, {"widgets-2026-04"});
  serve("/index.xml", sitemap_index({{"/s1.xml", ""}, {"/s2.xml", ""}}));
  serve("/s1.xml", sitemap({"/pub/widgets-2026-04"}));
  serve("/s2.xml", sitemap({"/x"}));
  (void)round();
  serve("/index.xml", sitemap_index({{"/s2.xml", ""}}));
  EXPECT_EQ(gone_in(later_round()), Lines{"/pub/widgets-2026-04 widgets-2026-04"});
}

TEST_F(DiscoveryWatchTest, OnlySoManyChildrenAreFollowed) {
  DiscoveryListing l = listing("map", ListingKind::sitemap, "/index.xml");
  l.follow = 1;
  adopt({l}, {});
  serve("/index.xml", sitemap_index({{"/s1.xml", ""}, {"/s2.xml", ""}}));
  serve("/s1.xml", sitemap({"/pub/a"}));
  const auto first = round();
  EXPECT_EQ(asked, (Lines{"/index.xml", "/s1.xml"}));
  EXPECT_NE(first.at(0).note.find("names 2 sitemaps, of which 1 are followed"), std::string::npos);
}

TEST_F(DiscoveryWatchTest, AnIndexWithinAnIndexIsAFault) {
  adopt({listing("map", ListingKind::sitemap, "/index.xml")}, {});
  serve("/index.xml", sitemap_index({{"/s1.xml", ""}}));
  serve("/s1.xml", sitemap_index({{"/s2.xml", ""}}));
  EXPECT_NE(fault_in(round()).find("a sitemap index within a sitemap index"), std::string::npos);
  EXPECT_EQ(asked, (Lines{"/index.xml", "/s1.xml"}));
}

TEST_F(DiscoveryWatchTest, ATitleAloneCountsOnlyWhereTheConfigSaysSo) {
  DiscoveryListing strict = listing("feed", ListingKind::feed, "/feed.xml");
  adopt({strict}, {"widgets-2026-04"});
  serve("/feed.xml", feed_of({{"/elsewhere/77", "Figures of widgets-2026-04"}}));
  EXPECT_EQ(found_in(round()), Lines{"/elsewhere/77 widgets-2026-04 from the start"});
  DiscoveryListing open = strict;
  open.title_counts = true;
  watch = DiscoveryWatch{};
  adopt({open}, {"widgets-2026-04"});
  EXPECT_EQ(found_in(round()), Lines{"/elsewhere/77 widgets-2026-04! from the start"});
}

TEST_F(DiscoveryWatchTest, AnEntryWhoseTitleChangesIsLookedAtAgain) {
  adopt({listing("feed", ListingKind::feed, "/feed.xml")}, {"widgets-2026-04"});
  serve("/feed.xml", feed_of({{"/x/77", "Coming soon"}}));
  EXPECT_EQ(found_in(round()), Lines{});
  serve("/feed.xml", feed_of({{"/x/77", "Figures of widgets-2026-04"}}));
  EXPECT_EQ(found_in(later_round()), Lines{"/x/77 widgets-2026-04"});
}

TEST_F(DiscoveryWatchTest, AReloadMatchesWhatIsShownAlreadyAgainstTheNewSchedule) {
  const auto map = listing("map", ListingKind::sitemap, "/sitemap.xml");
  adopt({map}, {"widgets-2026-04"});
  serve("/sitemap.xml", sitemap({"/pub/widgets-2026-04", "/pub/rail-2026-04"}));
  EXPECT_EQ(found_in(round()), Lines{"/pub/widgets-2026-04 widgets-2026-04! from the start"});
  adopt({map}, {"widgets-2026-04", "rail-2026-04"});
  EXPECT_EQ(found_in(later_round()), Lines{"/pub/rail-2026-04 rail-2026-04! from the start"});
  EXPECT_EQ(watch.shown().size(), 2U);
}

TEST_F(DiscoveryWatchTest, ARestartKnowsWhatWasThereAndTellsMatchesAgain) {
  const auto map = listing("map", ListingKind::sitemap, "/sitemap.xml");
  adopt({map}, {"widgets-2026-04"});
  serve("/sitemap.xml", sitemap({"/pub/a", "/pub/widgets-2026-04"}));
  (void)round();
  const auto kept = watch.take_changed();
  ASSERT_EQ(kept.size(), 1U);
  EXPECT_TRUE(watch.take_changed().empty());
  watch = DiscoveryWatch{};
  watch.restore(kept);
  adopt({map}, {"widgets-2026-04"});
  serve("/sitemap.xml", sitemap({"/pub/a", "/pub/widgets-2026-04", "/pub/while-down"}));
  EXPECT_EQ(found_in(round()),
            (Lines{"/pub/while-down new from the start", "/pub/widgets-2026-04 widgets-2026-04! from the start"}));
}

TEST_F(DiscoveryWatchTest, AFloodOfNewEntriesIsCountedNotTold) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {});
  serve("/sitemap.xml", sitemap({"/pub/a"}));
  (void)round();
  std::vector<std::string> paths;
  for (int i = 0; i < 500; ++i) paths.push_back("/pub/relaunched/" + std::to_string(i));
  serve("/sitemap.xml", sitemap(paths));
  const auto second = later_round();
  EXPECT_EQ(second.at(0).found.size(), DiscoveryWatch::kMostUnmatched);
  EXPECT_EQ(second.at(0).untold, 400U);
}

TEST_F(DiscoveryWatchTest, EachListingIsAskedAtItsOwnIntervalAndOneRequestAtATime) {
  auto map = listing("map", ListingKind::sitemap, "/sitemap.xml");
  auto feed = listing("feed", ListingKind::feed, "/feed.xml");
  feed.interval = 1min;
  adopt({map, feed}, {});
  auto due = watch.take_due(ticks, tokens);
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].max_body, kLargestFeed);
  EXPECT_EQ(due[1].max_body, kLargestSitemap);
  EXPECT_EQ(watch.next_due(), std::nullopt);
  EXPECT_TRUE(watch.take_due(ticks + 1h, tokens).empty());
  for (const auto& r : due) (void)watch.finished(answer(r), ticks);
  EXPECT_EQ(watch.next_due(), ticks + 1min);
  EXPECT_EQ(watch.take_due(ticks + 1min, tokens).size(), 1U);
}

TEST_F(DiscoveryWatchTest, AnswersOfOthersAndOfListingsThatWentAreNotTaken) {
  adopt({listing("map", ListingKind::sitemap, "/sitemap.xml")}, {});
  Observation other;
  other.token = 999;
  EXPECT_EQ(watch.finished(other, ticks).has_value(), false);
  const auto due = watch.take_due(ticks, tokens);
  adopt({}, {});
  const auto outcome = watch.finished(answer(due.at(0)), ticks);
  ASSERT_TRUE(outcome);
  EXPECT_FALSE(outcome->fault);
  EXPECT_EQ(watch.next_due(), std::nullopt);
}

}  // namespace
}  // namespace embargod
