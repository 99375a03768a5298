// The page of an incident of kind drift.

#include <gtest/gtest.h>

#include "daemon/web/pages.h"
#include "tests/support/drifts.h"

namespace embargod {
namespace {

const char* const kHostileCalendar = "<script>alert(1)</script>\"'>{{id}}&amp;";

PageFrame drift_frame() { return {.now = kDue, .zone = "Europe/London", .producer = {}, .version = "0.1.0"}; }

TEST(DriftPage, IncidentShowsWhatEachCalendarSaysAndWhatToDo) {
  Incident i = drift_incident({drift_in("ons", DriftKind::later, Millis{86'400'000}, "26 April 2018 9:30am")});
  i.drifts[0].where = "https://cal.example.org/k3y/calendar.ics:14:1";
  const std::string html = incident_page(drift_frame(), {i, {}, {}, {}});
  for (const char* want :
       {"<b>ons</b> shows Thursday 26 April 2018, 09:30 BST, 1 day later; as written there: \"26 April 2018 9:30am\"",
        "cal.example.org:14:1 · first read so 2018-04-15 08:30:00.000 UTC (09:30:00)", "embargod has changed nothing",
        "have the calendar put right before anybody goes by it", "Both dates may stay as they are",
        "as the calendars were last read"}) {
    EXPECT_NE(html.find(want), std::string::npos) << want << "\n" << html;
  }
  for (const char* never : {"k3y", "embargoctl close", "false alarm"})
    EXPECT_EQ(html.find(never), std::string::npos) << never;
}

TEST(DriftPage, HostileWordsOfCalendarsAreInert) {
  Incident i = drift_incident({drift_in(kHostileCalendar, DriftKind::later, Millis{86'400'000}, kHostileCalendar)});
  i.drifts[0].where = kHostileCalendar;
  const std::string html = incident_page(drift_frame(), {i, {}, {}, {}});
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("<b>&lt;script&gt;"), std::string::npos) << html;
}

}  // namespace
}  // namespace embargod
