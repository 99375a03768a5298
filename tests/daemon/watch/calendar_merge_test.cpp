#include "daemon/watch/calendar_merge.h"

#include <gtest/gtest.h>

#include "config/zone_time.h"
#include "tests/support/looks.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

const char* const kZone = "Europe/London";
const Instant kBeforeIt = kDue - 48h;

Due due_of(const std::string& text) { return *read_due(text, kZone); }

Release announced_at(const std::string& due, ReleaseStatus status = ReleaseStatus::confirmed) {
  Release r = release_with({"page"});
  r.due = due_of(due);
  r.status = status;
  return r;
}

CalendarItem entry(const std::string& due, ItemStatus status = ItemStatus::confirmed) {
  CalendarItem i;
  i.key = "uid-1";
  i.title = "Psychological therapies: January 2018 (final)";
  i.url = "https://stats.example.org/pub/page";
  i.due = due_of(due);
  i.status = status;
  return i;
}

/// One merge of the operator's releases, or those pinned, with one calendar.
struct World {
  Schedule announced;
  ScheduleSource source;
  TitleRules rules;
  Calendar newest, older;
  bool has_older = false;
  std::map<std::string, Release> in_force;
  std::vector<Drift> drifts;
  bool live = false;
  std::optional<Instant> lifted;
  Instant now = kBeforeIt;

  World() { source.name = "calendar"; }

  void defines(Release r) {
    r.source = source.name;
    in_force[r.id] = r;
  }
  void announces(const Release& r) {
    announced.releases.push_back(r);
    in_force[r.id] = r;
  }

  [[nodiscard]] Merged merge() const {
    CalendarInput in{&source, &rules, {&newest}};
    if (has_older) in.readings.push_back(&older);
    const std::vector<CalendarInput> calendars{in};
    return merge_calendars({.announced = announced,
                            .calendars = calendars,
                            .in_force = in_force,
                            .drifts = drifts,
                            .is_live = [this](const std::string&) { return live; },
                            .embargo_end = [this](const Release& r) { return lifted ? lifted : r.due.at; },
                            .now = now});
  }
};

// ---- what a calendar may change of a release that it defines ----

struct PinCase {
  const char* name;
  const char* pinned;
  ReleaseStatus pinned_status;
  const char* shown;
  ReleaseStatus shown_status;
  bool live;
  const char* want;  // due in force afterwards
  std::optional<DriftKind> drift;
};

class PinnedDueTest : public testing::TestWithParam<PinCase> {};

TEST_P(PinnedDueTest, IsPostponedOrMadeExactAndNothingElse) {
  const PinCase& c = GetParam();
  World w;
  w.live = c.live;
  w.defines(announced_at(c.pinned, c.pinned_status));
  w.newest.releases = {announced_at(c.shown, c.shown_status)};
  const Merged m = w.merge();
  ASSERT_EQ(m.schedule.releases.size(), 1U);
  EXPECT_EQ(m.schedule.releases[0].due, due_of(c.want));
  const bool changed = std::string{c.want} != c.pinned;
  EXPECT_EQ(m.revisions.size(), changed ? 1U : 0U);
  ASSERT_EQ(m.drifts.size(), c.drift ? 1U : 0U);
  if (c.drift) {
    EXPECT_EQ(m.drifts[0].kind, *c.drift);
    EXPECT_EQ(m.drifts[0].says, due_of(c.shown));
    EXPECT_EQ(m.drifts[0].seen, kBeforeIt);
  }
}

constexpr auto kConfirmed = ReleaseStatus::confirmed;
constexpr auto kProvisional = ReleaseStatus::provisional;

INSTANTIATE_TEST_SUITE_P(
    OfACalendar, PinnedDueTest,
    testing::Values(
        PinCase{"Same", "2018-04-25 09:30", kConfirmed, "2018-04-25 09:30", kConfirmed, false, "2018-04-25 09:30", {}},
        PinCase{"Later", "2018-04-25 09:30", kConfirmed, "2018-05-02 09:30", kConfirmed, false, "2018-05-02 09:30", {}},
        PinCase{"LaterWhileLive", "2018-04-25 09:30", kConfirmed, "2018-05-02 09:30", kConfirmed, true,
                "2018-04-25 09:30", DriftKind::later},
        PinCase{"TheDayAlone", "2018-04-25 07:00", kConfirmed, "2018-04-25", kConfirmed, false, "2018-04-25 07:00", {}},
        PinCase{"ALaterDayAlone", "2018-04-25 07:00", kConfirmed, "2018-04-26", kConfirmed, false, "2018-04-26", {}},
        PinCase{"AMinuteEarlier", "2018-04-25 09:30", kConfirmed, "2018-04-25 09:29", kConfirmed, false,
                "2018-04-25 09:30", DriftKind::earlier},
        PinCase{"AlreadyPast", "2018-04-25 09:30", kConfirmed, "2018-04-20 09:30", kConfirmed, false,
                "2018-04-25 09:30", DriftKind::earlier},
        PinCase{"Cancelled", "2018-04-25 09:30", kConfirmed, "2018-04-25 09:30", ReleaseStatus::cancelled, false,
                "2018-04-25 09:30", DriftKind::cancelled},
        PinCase{"NoLongerExact", "2018-04-25 09:30", kConfirmed, "2018-04", kProvisional, false, "2018-04-25 09:30",
                DriftKind::provisional},
        PinCase{"ALaterMonthOnly", "2018-04-25 09:30", kConfirmed, "2018-06", kProvisional, false, "2018-04-25 09:30",
                DriftKind::later},
        PinCase{"AMonthBecomesADay",
                "2018-04",
                kProvisional,
                "2018-04-25 09:30",
                kConfirmed,
                false,
                "2018-04-25 09:30",
                {}},
        PinCase{"AMonthBecomesALaterDay",
                "2018-04",
                kProvisional,
                "2018-05-02 09:30",
                kConfirmed,
                false,
                "2018-05-02 09:30",
                {}},
        PinCase{"AMonthBecomesAnEarlierDay", "2018-05", kProvisional, "2018-04-25 09:30", kConfirmed, false, "2018-05",
                DriftKind::earlier},
        PinCase{"AnEarlierMonth", "2018-05", kProvisional, "2018-04", kProvisional, false, "2018-05",
                DriftKind::earlier}),
    [](const auto& c) { return c.param.name; });

TEST(MergeCalendars, ANewReleaseComesIntoForceAndIsRecorded) {
  World w;
  w.newest.releases = {announced_at("2018-04-25 09:30")};
  const Merged m = w.merge();
  ASSERT_EQ(m.schedule.releases.size(), 1U);
  EXPECT_EQ(m.schedule.releases[0].source, "calendar");
  ASSERT_EQ(m.revisions.size(), 1U);
  EXPECT_FALSE(m.revisions[0].before);
  EXPECT_EQ(m.revisions[0].source, "calendar");
}

TEST(MergeCalendars, AReleaseThatVanishedStaysByTheReadingThatShowedIt) {
  World w;
  w.defines(announced_at("2018-04-25 09:30"));
  w.older.releases = {announced_at("2018-04-25 09:30")};
  w.older.releases[0].targets[0].rules.live_if.emplace_back();
  w.has_older = true;
  const Merged m = w.merge();
  ASSERT_EQ(m.schedule.releases.size(), 1U);
  EXPECT_EQ(m.schedule.releases[0].targets[0].rules.live_if.size(), 1U);
  ASSERT_EQ(m.drifts.size(), 1U);
  EXPECT_EQ(m.drifts[0].kind, DriftKind::vanished);
}

TEST(MergeCalendars, AReleaseWithoutAnyReadingStaysAsItWasStored) {
  World w;
  w.defines(announced_at("2018-04-25 09:30"));
  EXPECT_EQ(w.merge().schedule.releases.size(), 1U);
  w.now = kDue + 23h;
  EXPECT_EQ(w.merge().schedule.releases.size(), 1U) << "a day after its due";
  w.now = kDue + 25h;
  EXPECT_EQ(w.merge().schedule.releases.size(), 0U);
}

TEST(MergeCalendars, AUrlThatIsNoLongerShownIsWatchedUntilTheEmbargoIsOver) {
  World w;
  Release before = release_with({"page", "tables"});
  before.due = due_of("2018-04-25 09:30");
  w.defines(before);
  w.newest.releases = {announced_at("2018-04-25 09:30")};
  EXPECT_EQ(w.merge().schedule.releases[0].targets.size(), 2U);
  w.now = kDue + 1min;
  EXPECT_EQ(w.merge().schedule.releases[0].targets.size(), 1U);
}

TEST(MergeCalendars, WhatThePersonsFileSaysHoldsAndCalendarsOnlyContradict) {
  World w;
  w.announces(announced_at("2018-04-25 09:30"));
  w.newest.releases = {announced_at("2018-04-30 09:30")};
  const Merged m = w.merge();
  EXPECT_EQ(m.schedule.releases.at(0).due, due_of("2018-04-25 09:30"));
  ASSERT_EQ(m.drifts.size(), 1U);
  EXPECT_EQ(m.drifts[0].kind, DriftKind::later);
}

// ---- entries of calendars against the due in force ----

struct EntryCase {
  const char* name;
  const char* in_force;
  CalendarItem item;
  std::optional<DriftKind> drift;
};

class EntryTest : public testing::TestWithParam<EntryCase> {};

TEST_P(EntryTest, ContradictsOrAgrees) {
  const EntryCase& c = GetParam();
  World w;
  const Due due = due_of(c.in_force);
  w.announces(announced_at(c.in_force, due.at ? kConfirmed : kProvisional));
  w.newest.items = {c.item};
  const Merged m = w.merge();
  EXPECT_EQ(m.schedule.releases.at(0).due, due);
  ASSERT_EQ(m.rows.at(0).size(), 1U);
  EXPECT_EQ(m.rows[0][0].release, "therapies-2018-01");
  EXPECT_EQ(m.rows[0][0].drift, c.drift);
  EXPECT_EQ(m.drifts.size(), c.drift ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    OfACalendar, EntryTest,
    testing::Values(
        EntryCase{"TheSameInstant", "2018-04-25 09:30", entry("2018-04-25T08:30:00Z"), {}},
        EntryCase{"AnHourEarlierInUtc", "2018-04-25 09:30", entry("2018-04-25T07:30:00Z"), DriftKind::earlier},
        EntryCase{"ADayWithoutTime", "2018-04-25 07:00", entry("2018-04-25"), {}},
        EntryCase{"AnotherDayWithoutTime", "2018-04-25 09:30", entry("2018-04-26"), DriftKind::later},
        EntryCase{"ItsMonth", "2018-04-25 09:30", entry("2018-04", ItemStatus::provisional), {}},
        EntryCase{"TheMonthBefore", "2018-04-25 09:30", entry("2018-03", ItemStatus::provisional), DriftKind::earlier},
        EntryCase{"TheMonthAfter", "2018-04-25 09:30", entry("2018-05", ItemStatus::provisional), DriftKind::later},
        EntryCase{"ADayInOurMonth", "2018-04", entry("2018-04-30 09:30"), {}},
        EntryCase{"ADayAfterOurMonth", "2018-04", entry("2018-05-01 09:30"), DriftKind::later},
        EntryCase{"PublishedBeforeDue", "2018-04-25 09:30", entry("2018-04-25 09:30", ItemStatus::published),
                  DriftKind::published},
        EntryCase{"CancelledElsewhere", "2018-04-25 09:30", entry("2018-04-25 09:30", ItemStatus::cancelled),
                  DriftKind::cancelled},
        EntryCase{"PostponedToOurDate", "2018-04-25 09:30", entry("2018-04-25 09:30", ItemStatus::postponed), {}}),
    [](const auto& c) { return c.param.name; });

TEST(MergeCalendars, AnEntryThatVanishesBeforeDueIsADriftAndAfterDueIsNone) {
  World w;
  w.announces(announced_at("2018-04-25 09:30"));
  w.older.items = {entry("2018-04-25 09:30")};
  w.has_older = true;
  const Merged m = w.merge();
  ASSERT_EQ(m.rows[0].size(), 1U);
  EXPECT_TRUE(m.rows[0][0].gone);
  EXPECT_EQ(m.rows[0][0].drift, DriftKind::vanished);
  w.now = kDue + 1min;
  EXPECT_TRUE(w.merge().drifts.empty());
}

TEST(MergeCalendars, AnEntryUnderAnotherKeyWasRenamedNotTakenAway) {
  World w;
  w.announces(announced_at("2018-04-25 09:30"));
  w.older.items = {entry("2018-04-25 09:30")};
  w.has_older = true;
  w.newest.items = {entry("2018-04-25 09:30")};
  w.newest.items[0].key = "uid-2";
  EXPECT_TRUE(w.merge().drifts.empty());
}

TEST(MergeCalendars, ALiftedReleaseDriftsNoMore) {
  World w;
  w.announces(announced_at("2018-04-25 09:30"));
  w.newest.items = {entry("2018-04-20 09:30")};
  EXPECT_EQ(w.merge().drifts.size(), 1U);
  w.lifted = kBeforeIt - 1h;
  EXPECT_TRUE(w.merge().drifts.empty());
}

TEST(MergeCalendars, ADriftKeepsTheInstantAtWhichItWasFirstSeen) {
  World w;
  w.announces(announced_at("2018-04-25 09:30"));
  w.newest.items = {entry("2018-04-20 09:30")};
  w.drifts = w.merge().drifts;
  w.now += 3h;
  EXPECT_EQ(w.merge().drifts.at(0).seen, kBeforeIt);
  w.newest.items = {entry("2018-04-21 09:30")};
  EXPECT_EQ(w.merge().drifts.at(0).seen, kBeforeIt + 3h) << "another date is another contradiction";
}

TEST(MergeCalendars, WhatBelongsToNoReleaseIsListed) {
  World w;
  w.announces(announced_at("2018-04-25 09:30"));
  CalendarItem other = entry("2018-04-27 09:30");
  other.title = "Widgets";
  other.url = "https://stats.example.org/pub/widgets-2018";
  w.newest.items = {other};
  const Merged m = w.merge();
  ASSERT_EQ(m.rows[0].size(), 1U);
  EXPECT_EQ(m.rows[0][0].release, "");
  EXPECT_TRUE(m.drifts.empty());
}

// ---- matching ----

struct MatchCase {
  const char* name;
  const char* title;
  const char* url;
  const char* release;  // named by the entry
  const char* want;     // matched by; "" = not at all
};

class ItemMatchTest : public testing::TestWithParam<MatchCase> {};

TEST_P(ItemMatchTest, GoesByIdRuleAddressAndTitle) {
  const MatchCase& c = GetParam();
  Schedule schedule;
  schedule.releases = {announced_at("2018-04-25 09:30")};
  schedule.releases[0].targets[0].url = *parse_url("https://stats.example.org/pub/therapies-jan-2018");
  const TitleRules rules = *TitleRules::make({{"^IAPT monthly", "therapies-2018-01", Mark{}}});
  CalendarItem item;
  item.key = "k";
  item.title = c.title;
  item.url = c.url;
  item.release = c.release;
  const auto match = ItemMatcher{schedule}.match(item, rules);
  EXPECT_EQ(match ? match->by : "", std::string{c.want});
}

INSTANTIATE_TEST_SUITE_P(
    OfEntries, ItemMatchTest,
    testing::Values(MatchCase{"ItsId", "x", "", "therapies-2018-01", "id"},
                    MatchCase{"AnotherId", "x", "", "therapies-2018-02", ""},
                    MatchCase{"Rule", "IAPT monthly, January", "", "", "rule"},
                    MatchCase{"Address", "x", "https://stats.example.org/pub/therapies-jan-2018", "", "url"},
                    MatchCase{"Slug", "x", "https://calendar.example.org/releases/therapies-jan-2018", "", "url"},
                    MatchCase{"IdAsSlug", "x", "https://calendar.example.org/releases/therapies-2018-01", "", "url"},
                    MatchCase{"CommonWord", "x", "https://calendar.example.org/releases/page", "", ""},
                    MatchCase{"Title", "PSYCHOLOGICAL therapies - January 2018 (final)", "", "", "title"},
                    MatchCase{"AnotherTitle", "Psychological therapies, February 2018 final", "", "", ""}),
    [](const auto& c) { return c.param.name; });

TEST(ItemMatcher, ATitleThatTwoReleasesShareDecidesNothing) {
  Schedule schedule;
  schedule.releases = {announced_at("2018-04-25 09:30"), announced_at("2018-05-25 09:30")};
  schedule.releases[1].id = "therapies-2018-02";
  CalendarItem item = entry("2018-04-25 09:30");
  item.url.clear();
  EXPECT_FALSE(ItemMatcher{schedule}.match(item, TitleRules{}));
}

// ---- too little ----

TEST(Shrinkage, IsTooMuchOverThirtyPercentAndOverOne) {
  Calendar before;
  for (int k = 0; k < 10; ++k) {
    before.items.push_back(entry("2018-04-25 09:30"));
    before.items.back().key = "uid-" + std::to_string(k);
  }
  const auto after = [&](std::size_t kept) {
    Calendar c = before;
    c.items.resize(kept);
    return shrinkage(before, c, kBeforeIt);
  };
  EXPECT_FALSE(after(7).is_too_much());
  EXPECT_TRUE(after(6).is_too_much());
  EXPECT_EQ(after(6).missing, 4U);
  Calendar two = before;
  two.items.resize(2);
  EXPECT_FALSE(shrinkage(two, Calendar{{two.items[0]}, {}, {}}, kBeforeIt).is_too_much());
  EXPECT_FALSE(shrinkage(before, Calendar{}, kDue).is_too_much()) << "what was due is no loss";
}

}  // namespace
}  // namespace embargod
