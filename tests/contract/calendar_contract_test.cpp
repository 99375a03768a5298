// What every Store and StoreReader must do with what calendars say.

#include <gmock/gmock.h>

#include "tests/contract/store_contract.h"

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Due exact_due(int seconds, const char* as_given = "10 June 2026 9:30am") {
  Due d;
  d.at = noon_plus(seconds);
  d.zone = "Europe/London";
  d.as_given = as_given;
  return d;
}

Due month_due(const char* as_given = "May to June 2026") {
  Due d;
  d.precision = DuePrecision::month;
  d.period_begin = noon_plus(0);
  d.period_end = noon_plus(5'270'400);
  d.zone = "Europe/London";
  d.as_given = as_given;
  return d;
}

CalendarRow matched_row() {
  CalendarRow r;
  r.key = "/releases/therapies";
  r.title = "Therapies: \xE2\x80\x9CJanuary\xE2\x80\x9D; final";
  r.url = "https://stats.example.org/releases/therapies";
  r.status = ItemStatus::postponed;
  r.due = exact_due(86'400);
  r.reason = "Later source data";
  r.where = "releases[3]";
  r.release = "therapies";
  r.matched_by = "url";
  r.drift = DriftKind::earlier;
  r.gone = true;
  return r;
}

CalendarRow unmatched_row() {
  CalendarRow r;
  r.key = "42";
  r.title = "Widgets";
  r.status = ItemStatus::provisional;
  r.due = month_due();
  r.where = "calendar.ics:14:1";
  return r;
}

CalendarState calendar_state(const std::string& source) {
  CalendarState s;
  s.source = source;
  s.format = SourceFormat::ons;
  s.where = "https://api.example.org/v1/search/releases";
  s.last_try = noon_plus(60);
  s.last_success = noon_plus(0);
  s.fault = "503 from api.example.org";
  s.rows = {matched_row(), unmatched_row()};
  return s;
}

CalendarState without_rows(CalendarState s) {
  s.rows.clear();
  return s;
}

SourceReading reading_at(const std::string& source, int fetched, const std::string& bytes = "page") {
  return {source,
          noon_plus(fetched),
          {{"https://api.example.org/?offset=0", bytes}, {"https://api.example.org/?offset=9", ""}}};
}

DueRevision revision_of(const std::string& release, std::optional<Due> before, Due now, int seen) {
  DueRevision r;
  r.release = release;
  r.before = std::move(before);
  r.now = std::move(now);
  r.status = ReleaseStatus::provisional;
  r.seen = noon_plus(seen);
  r.source = "ons";
  r.reason = seen == 0 ? "" : "More time for quality assurance";
  return r;
}

Incident drift_incident(const std::string& release, int ordinal, int dismissed) {
  Incident i = stored_incident(release, ordinal, noon_plus(dismissed - 10));
  i.kind = IncidentKind::drift;
  i.id = incident_id(release, i.due, i.kind, ordinal);
  i.state = IncidentState::dismissed;
  i.closed = noon_plus(dismissed);
  i.closed_by = "officer";
  i.drifts = {{release, "ons", DriftKind::later, exact_due(999'999), "releases[3]", noon_plus(dismissed - 10)}};
  return i;
}

TEST_P(StoreContract, KnowsNoCalendarAtFirst) {
  const auto s = loaded();
  EXPECT_THAT(s.releases, IsEmpty());
  EXPECT_THAT(s.readings, IsEmpty());
  EXPECT_THAT(s.calendars, IsEmpty());
  EXPECT_THAT(s.known, IsEmpty());
  EXPECT_THAT(s.dismissed_drifts, IsEmpty());
  EXPECT_THAT(reader().calendars().value(), IsEmpty());
  EXPECT_THAT(reader().due_revisions("therapies").value(), IsEmpty());
}

TEST_P(StoreContract, KeepsWhatCalendarsSaidOverARestart) {
  const std::string bytes = std::string{"\0\xFF\xFE not text \r\n", 15};
  Commit c = at_noon_plus(0);
  c.readings = {reading_at("ons", 0, bytes)};
  c.calendars = {calendar_state("ons"), without_rows(calendar_state("b.ics"))};
  c.calendars[1].last_success.reset();
  c.calendars[1].last_try.reset();
  c.due_revisions = {revision_of("therapies", std::nullopt, month_due(), 0),
                     revision_of("therapies", month_due(), exact_due(5), 7)};
  c.known = {{"sitemap", bytes}, {"empty", ""}};
  commit(c);
  restart();
  const auto s = loaded();
  EXPECT_THAT(s.readings, ElementsAre(c.readings[0]));
  EXPECT_THAT(s.calendars, ElementsAre(c.calendars[1], without_rows(c.calendars[0]))) << "by source, without rows";
  EXPECT_THAT(s.known, ElementsAre(c.known[1], c.known[0]));
  EXPECT_THAT(s.due_revisions, ElementsAre(c.due_revisions[0], c.due_revisions[1]));
  EXPECT_THAT(reader().calendars().value(), ElementsAre(c.calendars[1], c.calendars[0]));
  EXPECT_THAT(reader().due_revisions("therapies").value(), ElementsAre(c.due_revisions[0], c.due_revisions[1]));
  EXPECT_THAT(reader().due_revisions("other").value(), IsEmpty());
}

TEST_P(StoreContract, ReadingsAreNewestFirstWithinASourceAndDroppedByKey) {
  Commit c = at_noon_plus(0);
  c.readings = {reading_at("b", 0), reading_at("b", 200), reading_at("b", 100), reading_at("a", 50)};
  commit(c);
  EXPECT_THAT(loaded().readings, ElementsAre(c.readings[3], c.readings[1], c.readings[2], c.readings[0]));
  Commit next = at_noon_plus(1);
  next.readings = {reading_at("b", 200, "read again")};
  next.dropped_readings = {{"b", noon_plus(0)}, {"a", noon_plus(0)}};
  commit(next);
  EXPECT_THAT(loaded().readings, ElementsAre(c.readings[3], next.readings[0], c.readings[2]));
}

TEST_P(StoreContract, TheRowsOfACalendarAreReplacedWhole) {
  Commit c = at_noon_plus(0);
  c.calendars = {calendar_state("ons"), calendar_state("other")};
  commit(c);
  CalendarState changed = calendar_state("ons");
  changed.rows = {unmatched_row()};
  changed.fault.clear();
  changed.last_success = noon_plus(90);
  c.calendars = {changed};
  commit(c);
  EXPECT_THAT(reader().calendars().value(), ElementsAre(changed, calendar_state("other")));
  changed.rows = {unmatched_row(), matched_row()};
  c.calendars = {changed};
  commit(c);
  EXPECT_THAT(reader().calendars().value(), ElementsAre(changed, calendar_state("other"))) << "their order counts";
}

TEST_P(StoreContract, ACalendarThatIsConfiguredNoLongerGoesButItsRevisionsStay) {
  Commit c = at_noon_plus(0);
  c.readings = {reading_at("a", 0), reading_at("b", 0)};
  c.calendars = {calendar_state("a"), calendar_state("b")};
  c.due_revisions = {revision_of("therapies", std::nullopt, exact_due(5), 0)};
  commit(c);
  Commit next = at_noon_plus(1);
  next.dropped_calendars = {"a", "never there"};
  commit(next);
  restart();
  EXPECT_THAT(loaded().readings, ElementsAre(c.readings[1]));
  EXPECT_THAT(reader().calendars().value(), ElementsAre(c.calendars[1]));
  EXPECT_THAT(reader().due_revisions("therapies").value(), ElementsAre(c.due_revisions[0]));
}

TEST_P(StoreContract, RevisionsStayInTheOrderInWhichTheyCameAndAreNeverRetired) {
  Commit c = at_noon_plus(0);
  c.due_revisions = {revision_of("a", std::nullopt, exact_due(1), 9), revision_of("b", std::nullopt, exact_due(2), 8),
                     revision_of("a", exact_due(1), exact_due(3), 7)};  // by a clock that was set back
  commit(c);
  Commit again = at_noon_plus(1);
  again.due_revisions = {c.due_revisions[0]};
  commit(again);
  ASSERT_TRUE(store().retire(noon_plus(1'000'000)));
  EXPECT_THAT(reader().due_revisions("a").value(),
              ElementsAre(c.due_revisions[0], c.due_revisions[2], c.due_revisions[0]));
  EXPECT_THAT(loaded().due_revisions,
              ElementsAre(c.due_revisions[0], c.due_revisions[1], c.due_revisions[2], c.due_revisions[0]));
}

TEST_P(StoreContract, RetireKeepsReadingsCalendarsAndListings) {
  Commit c = at_noon_plus(0);
  c.readings = {reading_at("a", 0)};
  c.calendars = {calendar_state("a")};
  c.known = {{"sitemap", "x"}};
  commit(c);
  ASSERT_TRUE(store().retire(noon_plus(1'000'000)));
  EXPECT_THAT(loaded().readings, ElementsAre(c.readings[0]));
  EXPECT_THAT(loaded().known, ElementsAre(c.known[0]));
  EXPECT_THAT(reader().calendars().value(), ElementsAre(c.calendars[0]));
}

TEST_P(StoreContract, AListingIsUpsertedByName) {
  Commit c = at_noon_plus(0);
  c.known = {{"sitemap", "one"}, {"feed", "two"}};
  commit(c);
  c.known = {{"sitemap", "three"}};
  commit(c);
  EXPECT_THAT(loaded().known, ElementsAre(KnownListing{"feed", "two"}, KnownListing{"sitemap", "three"}));
}

TEST_P(StoreContract, LoadsTheReleasesThatWereInForceInTheirOrder) {
  Release ruled = stored_release("b");
  ruled.targets[0].rules.stub_if.emplace_back();
  adopt({ruled, stored_release("a"), stored_release("former")}, 0);
  adopt({ruled, stored_release("a", "Renamed")}, 1);
  restart();
  EXPECT_THAT(loaded().releases, ElementsAre(stored_release("b"), stored_release("a", "Renamed")));
}

TEST_P(StoreContract, LoadsTheNewestDismissedDriftOfEachReleaseWhoseDueIsToCome) {
  const auto due_at = [](Incident i, std::optional<int> due) {
    i.due = due ? std::optional{noon_plus(*due)} : std::nullopt;
    return i;
  };
  Incident by_itself = drift_incident("by-itself", 1, 10);
  by_itself.closed_by = "embargod";
  Incident open = drift_incident("open", 1, 10);
  open.state = IncidentState::open;
  open.closed.reset();
  Incident early = drift_incident("early", 1, 10);
  early.kind = IncidentKind::early;
  Commit c = at_noon_plus(100);
  c.incidents = {drift_incident("a", 1, 10),
                 drift_incident("a", 2, 20),
                 by_itself,
                 open,
                 early,
                 due_at(drift_incident("past", 1, 10), 100),
                 due_at(drift_incident("to-come", 1, 10), 101),
                 due_at(drift_incident("undated", 1, 10), std::nullopt)};
  commit(c);
  restart();
  EXPECT_THAT(loaded().dismissed_drifts, ElementsAre(c.incidents[1], c.incidents[6], c.incidents[7]));
}

TEST_P(StoreContract, KeepsCalendarTextThatLooksLikeSomethingElse) {
  const std::string nasty =
      std::string{"'; DROP TABLE calendars; --\n\t\"\\ "} + '\0' + "\xE2\x80\xAE \xF0\x9F\x98\x80";
  CalendarState s = calendar_state(nasty);
  CalendarRow& r = s.rows[0];
  r.key = r.title = r.url = r.reason = r.where = r.release = r.matched_by = r.due.as_given = s.fault = nasty;
  Commit c = at_noon_plus(0);
  c.calendars = {s};
  c.known = {{nasty, nasty}};
  commit(c);
  restart();
  EXPECT_THAT(reader().calendars().value(), ElementsAre(s));
  EXPECT_THAT(loaded().known, ElementsAre(c.known[0]));
}

}  // namespace
}  // namespace embargod
