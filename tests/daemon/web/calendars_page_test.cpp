// The page on which people see where dates come from, and what is matched to nothing.

#include <gmock/gmock.h>

#include "daemon/web/pages.h"
#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

const char* const kHostileEntry = "<script>alert(1)</script>\"'>{{source}}&amp;";

PageFrame calendars_frame() { return {.now = kSampleNow, .zone = "Europe/London", .producer = {}, .version = "0.1.0"}; }

CalendarRow calendar_entry(const std::string& title, const std::string& release) {
  CalendarRow r;
  r.key = r.title = title;
  r.where = "https://calendar.example.org/k3y/cal.ics:14:1";
  r.release = release;
  r.matched_by = release.empty() ? "" : "title";
  r.due.at = kSampleNow + Seconds{86'400};
  r.due.zone = "Europe/London";
  return r;
}

CalendarState read_calendar(std::vector<CalendarRow> rows) {
  CalendarState s;
  s.source = "office calendar";
  s.format = SourceFormat::ics;
  s.where = "https://calendar.example.org/k3y/cal.ics";
  s.last_success = kSampleNow - Seconds{90};
  s.rows = std::move(rows);
  return s;
}

TEST(CalendarsPage, ListsWhatIsMatchedToNothingAndWhoSaysOtherwise) {
  CalendarRow other = calendar_entry("Therapies", "therapies-2018-01");
  other.drift = DriftKind::earlier;
  const std::string html = calendars_page(
      calendars_frame(),
      {read_calendar({calendar_entry("Widgets", ""), calendar_entry("Maternity", "maternity-2018-01"), other})});
  for (const char* want :
       {"Says otherwise in 1", "office calendar", "ics · last read 1 min 30 s ago · 3 entries",
        "1 not matched to any release", "<b>Widgets</b> · Tuesday 24 April 2018, 11:30 BST · confirmed",
        "(calendar.example.org:14:1)", "<b>Therapies</b>: an earlier date; shows Tuesday 24 April 2018, 11:30 BST",
        "<b>Maternity</b> · Tuesday 24 April 2018, 11:30 BST <span class=\"text\">(maternity-2018-01, by title)"})
    EXPECT_NE(html.find(want), std::string::npos) << want << "\n" << html;
  EXPECT_EQ(html.find("k3y"), std::string::npos) << "the path may be the key to the calendar";
}

TEST(CalendarsPage, SaysWhatCouldNotBeReadAndThatNothingIsLostByIt) {
  CalendarState failing = read_calendar({calendar_entry("Maternity", "maternity-2018-01")});
  failing.fault = "answered 503";
  CalendarState never = read_calendar({});
  never.last_success.reset();
  never.fault = "could not be read: dns";
  CalendarState young = never;
  young.fault.clear();
  const auto page = [](const CalendarState& s) { return calendars_page(calendars_frame(), {s}); };
  EXPECT_THAT(page(failing), testing::AllOf(testing::HasSubstr("card bad"), testing::HasSubstr(">Could not be read<"),
                                            testing::HasSubstr("answered 503"),
                                            testing::HasSubstr("Its last good state stays in force."),
                                            testing::HasSubstr("1 in agreement")));
  EXPECT_THAT(page(never), testing::AllOf(testing::HasSubstr(">Could never be read<"),
                                          testing::HasSubstr("Nothing that it announces is known.")));
  EXPECT_THAT(page(read_calendar({calendar_entry("Widgets", "")})),
              testing::HasSubstr(">Read; nothing in it is matched to a release<"));
  EXPECT_THAT(page(young), testing::HasSubstr(">Not read yet<"));
  EXPECT_THAT(calendars_page(calendars_frame(), {}), testing::HasSubstr("No calendar is configured."));
}

TEST(CalendarsPage, WhatIsGoneIsOtherwiseAndNotUnmatched) {
  CalendarRow gone = calendar_entry("Maternity", "maternity-2018-01");
  gone.gone = true;
  gone.drift = DriftKind::vanished;
  const std::string html = calendars_page(calendars_frame(), {read_calendar({gone})});
  EXPECT_THAT(html, testing::AllOf(testing::HasSubstr("<b>Maternity</b>: no longer shown"),
                                   testing::Not(testing::HasSubstr("not matched")),
                                   testing::Not(testing::HasSubstr("in agreement"))));
}

TEST(CalendarsPage, HostileEntriesAreInert) {
  CalendarState s = read_calendar({calendar_entry(kHostileEntry, "")});
  s.source = kHostileEntry;
  s.fault = kHostileEntry;
  s.rows[0].where = kHostileEntry;
  const std::string html = calendars_page(calendars_frame(), {s});
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("<b>&lt;script&gt;"), std::string::npos) << html;
}

}  // namespace
}  // namespace embargod
