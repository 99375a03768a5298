#include "daemon/watch/drift_words.h"

#include <gtest/gtest.h>

#include "tests/support/drifts.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

struct DriftWordsCase {
  const char* name;
  Drift drift;
  const char* words;
  const char* in_short;
};

Drift day_only(Millis from_due) {
  Drift d = drift_in("team", DriftKind::later, from_due);
  d.says.precision = DuePrecision::time_assumed;
  return d;
}

Drift quarter() {
  Drift d = month_drift("team", DriftKind::later);
  d.says.period_end = Instant{Millis{1'533'078'000'000}};
  return d;
}

Drift undated() {
  Drift d = drift_in("team", DriftKind::provisional, 0s);
  d.says.at.reset();
  return d;
}

class DriftWordsTest : public testing::TestWithParam<DriftWordsCase> {};
TEST_P(DriftWordsTest, SayWhatItShowsAndHowFarApart) {
  const DriftWordsCase& c = GetParam();
  EXPECT_EQ(drift_words(c.drift, kDue, "Europe/London"), c.words);
  EXPECT_EQ(drift_in_short(drift_incident({c.drift}), "Europe/London"), c.in_short);
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, DriftWordsTest,
    testing::Values(
        DriftWordsCase{"ADayLater", drift_in("team", DriftKind::later, 24h),
                       "shows Thursday 26 April 2018, 09:30 BST, 1 day later", "team shows a date 1 day later"},
        DriftWordsCase{"HoursEarlier", drift_in("team", DriftKind::earlier, -150min),
                       "shows Wednesday 25 April 2018, 07:00 BST, 2 h 30 min earlier",
                       "team shows a date 2 h 30 min earlier"},
        DriftWordsCase{"AcrossAClockChange", drift_in("team", DriftKind::earlier, -32 * 24h + 1h),
                       "shows Saturday 24 March 2018, 09:30 GMT, 32 days earlier", "team shows a date 32 days earlier"},
        DriftWordsCase{"ADateAlone", day_only(72h),
                       "shows Saturday 28 April 2018, 09:30 BST (time assumed), 3 days later",
                       "team shows a date 3 days later"},
        DriftWordsCase{"AMonth", month_drift("team", DriftKind::later),
                       "shows some time in May 2018, later than what is in force", "team shows a later date"},
        DriftWordsCase{"SeveralMonths", quarter(),
                       "shows some time from May 2018 to July 2018, later than what is in force",
                       "team shows a later date"},
        DriftWordsCase{"Published", drift_in("team", DriftKind::published, -48h),
                       "says that it is published already, with the date Monday 23 April 2018, 09:30 BST",
                       "team says that it is published already"},
        DriftWordsCase{"Cancelled", drift_in("team", DriftKind::cancelled, 0s), "says that it is cancelled",
                       "team says that it is cancelled"},
        DriftWordsCase{"Vanished", drift_in("team", DriftKind::vanished, 0s),
                       "no longer shows it; it showed Wednesday 25 April 2018, 09:30 BST", "team no longer shows it"},
        DriftWordsCase{"TakenBack", month_drift("team", DriftKind::provisional),
                       "no longer shows an exact date, but some time in May 2018",
                       "team has taken its exact date back"},
        DriftWordsCase{"Undated", undated(), "no longer shows a date", "team has taken its exact date back"}),
    [](const auto& c) { return c.param.name; });

TEST(DriftInShort, CountsCalendarsNotContradictions) {
  std::vector<Drift> drifts{drift_in("team", DriftKind::later, 24h), drift_in("team", DriftKind::cancelled, 0s)};
  EXPECT_EQ(drift_in_short(drift_incident(drifts), "Europe/London"), "team contradicts its date");
  drifts.push_back(drift_in("ons", DriftKind::vanished, 0s));
  EXPECT_EQ(drift_in_short(drift_incident(drifts), "Europe/London"), "2 calendars contradict its date");
}

struct PlaceCase {
  const char* name;
  const char* where;
  const char* shown;
};

class PlaceInCalendarTest : public testing::TestWithParam<PlaceCase> {};
TEST_P(PlaceInCalendarTest, IsNeverTheUrlThatOpensIt) {
  Drift d;
  d.where = GetParam().where;
  EXPECT_EQ(place_in_calendar(d), GetParam().shown);
}
INSTANTIATE_TEST_SUITE_P(
    Where, PlaceInCalendarTest,
    testing::Values(PlaceCase{"AFile", "team.ics:14:1", "team.ics:14:1"},
                    PlaceCase{"APath", "releases[3]", "releases[3]"},
                    PlaceCase{"AUrl", "https://cal.example.org/owa/5f3c9a/calendar.ics:14:1", "cal.example.org:14:1"},
                    PlaceCase{"AUrlWithAPort", "https://cal.example.org:8443/k3y/c.ics:2:7",
                              "cal.example.org:8443:2:7"},
                    PlaceCase{"AUrlWithoutAPosition", "https://cal.example.org/k3y/c.ics?token=1", "cal.example.org"},
                    PlaceCase{"NoPath", "https://cal.example.org:14:1", "cal.example.org:14:1"},
                    PlaceCase{"WithAPassword", "https://user:pw@cal.example.org/c.ics:2:7", "cal.example.org:2:7"},
                    PlaceCase{"Nothing", "", ""}),
    [](const auto& c) { return c.param.name; });

TEST(CalendarName, OfAnUnnamedListingIsItsAddressWithoutTheQuery) {
  Drift d;
  d.source = "https://www.example.org/upcoming?key=5f3c9a";
  EXPECT_EQ(calendar_name(d), "www.example.org/upcoming");
  d.source = "team calendar";
  EXPECT_EQ(calendar_name(d), "team calendar");
}

}  // namespace
}  // namespace embargod
