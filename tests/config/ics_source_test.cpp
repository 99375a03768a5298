#include <gtest/gtest.h>

#include "config/sources/ics_lines.h"
#include "tests/config/source_texts.h"

namespace embargod {
namespace {

std::string ics_lines(std::string_view ics) { return calendar_lines(&make_ics_source, ics, "c.ics"); }

std::string in_calendar(const std::string& events) { return "BEGIN:VCALENDAR\n" + events + "END:VCALENDAR\n"; }

/// One event; `lines` end with \n.
std::string one_event(const std::string& lines) {
  return in_calendar("BEGIN:VEVENT\nUID:u\nSUMMARY:S\n" + lines + "END:VEVENT\n");
}

/// The due of the one event, or the faults.
std::string ics_due_of(const std::string& lines) {
  const auto calendar = read_calendar(&make_ics_source, one_event(lines), "c.ics");
  return calendar ? due_record(calendar->items.at(0).due) : fault_lines(calendar.error());
}

TEST(IcsLines, UnfoldAndTellWhereTheyBegan) {
  IcsLines lines{
      "\xEF\xBB\xBF"
      "A;x=1;Y=\"b:;c\":v\r\n\r\nSUMMARY:caf\xC3\n \xA9 au\r\n\t lait\r\nno property here\nX:"};
  const auto a = lines.next();
  ASSERT_TRUE(a);
  EXPECT_EQ(a->name, "A");
  EXPECT_EQ(a->param("X"), "1");
  EXPECT_EQ(a->param("Y"), "b:;c");
  EXPECT_EQ(a->value, "v");
  EXPECT_EQ(a->at, (YamlPos{1, 1}));
  const auto summary = lines.next();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->value, "caf\xC3\xA9 au lait");
  EXPECT_EQ(summary->at, (YamlPos{3, 1}));
  EXPECT_FALSE(lines.next()->is_property);
  EXPECT_EQ(lines.next()->at, (YamlPos{7, 1}));
  EXPECT_FALSE(lines.next());
}

TEST(IcsLines, ALineOfEndlessParametersIsNoProperty) {
  std::string line = "X";
  for (int i = 0; i < 50; ++i) line += ";A=b";
  const std::string at_most = line + ":v";
  const std::string one_more = line + ";A=b:v";
  EXPECT_TRUE(IcsLines{at_most}.next()->is_property);
  EXPECT_FALSE(IcsLines{one_more}.next()->is_property);
}

TEST(IcsText, UndoesEscapes) { EXPECT_EQ(ics_text("a\\, b\\; c\\\\n\\nd\\x\\"), "a, b; c\\n\nd\\x\\"); }

TEST(IcsSource, ReadsAnEntryWithAllThatItSays) {
  EXPECT_EQ(ics_lines("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:cpi@stats.example.org\r\n"
                      "SUMMARY:Consumer prices\\, March\r\n  2030\r\nDTSTART;TZID=Europe/London:20300417T070000\r\n"
                      "DTEND;TZID=Europe/London:20300417T070000\r\nSTATUS:CONFIRMED\r\n"
                      "URL:https://stats.example.org/calendar/cpi\r\nCOMMENT:Later source\\ndata\r\n"
                      "X-EMBARGOD-RELEASE:cpi-2030-03\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
            "c.ics:3:1 VEVENT 1: key=cpi@stats.example.org title=\"Consumer prices, March 2030\" status=confirmed "
            "due=[at 2030-04-17T06:00:00.000Z zone=Europe/London given=\"20300417T070000\"] "
            "url=https://stats.example.org/calendar/cpi release=cpi-2030-03 reason=\"Later source data\"\n");
}

// The shape of the ONS calendar: other words for STATUS, no folding, no escapes, DTSTART = DTEND, a path as UID.
TEST(IcsSource, TakesWhatPublishersReallyWrite) {
  EXPECT_EQ(
      ics_lines(in_calendar(
          "BEGIN:VTIMEZONE\nTZID:Europe/London\nBEGIN:DAYLIGHT\nDTSTART:19700329T010000\nRRULE:FREQ=YEARLY\n"
          "END:DAYLIGHT\nEND:VTIMEZONE\n"
          "BEGIN:VEVENT\nUID:/releases/widgets\nSUMMARY:Widgets, UK: " +
          std::string(200, 'w') +
          "\nDTSTART:20300610T060000Z\nDTEND:20300610T060000Z\nSTATUS:Postponed\nDESCRIPTION:one\n\nand a line, not "
          "folded\nBEGIN:VALARM\nTRIGGER:-PT1H\nUID:alarm\nEND:VALARM\nEND:VEVENT\n")),
      "c.ics:9:1 VEVENT 1: key=/releases/widgets title=\"Widgets, UK: " + std::string(200, 'w') +
          "\" status=postponed due=[at 2030-06-10T06:00:00.000Z zone=Europe/London given=\"20300610T060000Z\"]\n"
          "note c.ics:17:1: this line is no property and is left out, as are others like it\n");
}

struct IcsDueCase {
  const char* name;
  const char* lines;
  const char* want;
};
void PrintTo(const IcsDueCase& c, std::ostream* out) { *out << c.name; }

class IcsDueTest : public testing::TestWithParam<IcsDueCase> {};
TEST_P(IcsDueTest, IsReadInItsZone) { EXPECT_EQ(ics_due_of(GetParam().lines), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(
    Forms, IcsDueTest,
    testing::Values(
        IcsDueCase{"Utc", "DTSTART:20300610T083000Z\n",
                   "at 2030-06-10T08:30:00.000Z zone=Europe/London given=\"20300610T083000Z\""},
        IcsDueCase{"Floating", "DTSTART:20300610T093000\n",
                   "at 2030-06-10T08:30:00.000Z zone=Europe/London given=\"20300610T093000\""},
        IcsDueCase{"AllDay", "DTSTART;VALUE=DATE:20300610\nDTEND;VALUE=DATE:20300611\n",
                   "assumed 2030-06-10T08:30:00.000Z zone=Europe/London given=\"20300610\""},
        IcsDueCase{"Iana", "DTSTART;TZID=\"America/New_York\":20300610T083000\n",
                   "at 2030-06-10T12:30:00.000Z zone=America/New_York given=\"20300610T083000\""},
        IcsDueCase{"UsEastern", "DTSTART;TZID=US-Eastern:20300610T083000\n",
                   "at 2030-06-10T12:30:00.000Z zone=America/New_York given=\"20300610T083000\""},
        IcsDueCase{"WindowsLondonHasSummerTime", "DTSTART;TZID=GMT Standard Time:20300610T093000\n",
                   "at 2030-06-10T08:30:00.000Z zone=Europe/London given=\"20300610T093000\""},
        IcsDueCase{"WindowsLuxembourg", "DTSTART;TZID=W. Europe Standard Time:20301210T110000\n",
                   "at 2030-12-10T10:00:00.000Z zone=Europe/Berlin given=\"20301210T110000\""},
        IcsDueCase{"PathBeforeTheName", "DTSTART;TZID=/cal.example.org/20300101_1/Europe/London:20300610T093000\n",
                   "at 2030-06-10T08:30:00.000Z zone=Europe/London given=\"20300610T093000\""},
        IcsDueCase{"ProvisionalHasNoInstant", "DTSTART:20300610T083000Z\nSTATUS:TENTATIVE\n",
                   "months 2030-05-31T23:00:00.000Z to 2030-06-30T23:00:00.000Z zone=Europe/London "
                   "given=\"20300610T083000Z\""},
        IcsDueCase{"ProvisionalDays", "DTSTART;VALUE=DATE:20300501\nDTEND;VALUE=DATE:20300701\nSTATUS:Provisional\n",
                   "months 2030-04-30T23:00:00.000Z to 2030-06-30T23:00:00.000Z zone=Europe/London given=\"20300501\""},
        IcsDueCase{"OurOwnMonthsAreNeverADay",
                   "DTSTART;VALUE=DATE:20300501\nSTATUS:CONFIRMED\nX-EMBARGOD-DUE:2030-05\n",
                   "months 2030-04-30T23:00:00.000Z to 2030-05-31T23:00:00.000Z zone=Europe/London given=\"2030-05\""},
        IcsDueCase{"OurOwnMonths",
                   "DTSTART;VALUE=DATE:20300501\nDTEND;VALUE=DATE:20300701\nSTATUS:TENTATIVE\n"
                   "X-EMBARGOD-DUE:May to June 2030\n",
                   "months 2030-04-30T23:00:00.000Z to 2030-06-30T23:00:00.000Z zone=Europe/London "
                   "given=\"May to June 2030\""}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Refused, IcsDueTest,
    testing::Values(
        IcsDueCase{
            "MissingHour", "DTSTART;TZID=GMT Standard Time:20300331T013000\n",
            "c.ics:5:1: VEVENT 1: 01:30 does not exist on 2030-03-31 in Europe/London, because the clocks go "
            "forward then; write 2030-03-31T01:30:00+00:00 (01:30 UTC) or 2030-03-31T01:30:00+01:00 (00:30 UTC)\n"},
        IcsDueCase{
            "DoubledHour", "DTSTART:20181028T013000\n",
            "c.ics:5:1: VEVENT 1: 01:30 comes twice on 2018-10-28 in Europe/London: 00:30 UTC (BST) and 01:30 UTC "
            "(GMT); write 2018-10-28T01:30:00+01:00 (00:30 UTC) or 2018-10-28T01:30:00+00:00 (01:30 UTC)\n"},
        IcsDueCase{"February30", "DTSTART:20300230T093000\n",
                   "c.ics:5:1: VEVENT 1: 2030-02-30 is not a day of the calendar\n"},
        IcsDueCase{"Hour25", "DTSTART:20300610T250000Z\n",
                   "c.ics:5:1: VEVENT 1: \"2030-06-10T25:00:00Z\" has no time from 00:00 to 23:59:59\n"},
        IcsDueCase{"MonthAlone", "DTSTART:2030-06\n",
                   "c.ics:5:1: VEVENT 1: \"2030-06\" is no date with a day; write it like 20180425T093000\n"},
        IcsDueCase{"None", "DTEND:20300610T083000Z\n",
                   "c.ics:2:1: VEVENT 1: it has no DTSTART; give it the date and time of the release\n"},
        IcsDueCase{"UnknownZone", "DTSTART;TZID=Customized Time Zone:20300610T093000\n",
                   "c.ics:5:1: VEVENT 1: TZID \"Customized Time Zone\" is no time zone that is known here; use an IANA "
                   "name such as Europe/London, or UTC times with Z; VTIMEZONE is not read\n"},
        IcsDueCase{
            "ZoneOutsideTheData", "DTSTART;TZID=../../etc/passwd:20300610T093000\n",
            "c.ics:5:1: VEVENT 1: TZID \"../../etc/passwd\" is no time zone that is known here; use an IANA name "
            "such as Europe/London, or UTC times with Z; VTIMEZONE is not read\n"},
        IcsDueCase{
            "Recurring", "DTSTART:20300610T083000Z\nRRULE:FREQ=MONTHLY\n",
            "c.ics:6:1: VEVENT 1: it recurs (RRULE), but a release has one date; write one VEVENT with a UID of its "
            "own for each date\n"}),
    [](const auto& c) { return c.param.name; });

std::string version_of(const char* uid, const char* day, const char* more) {
  return std::string{"BEGIN:VEVENT\nUID:"} + uid + "\nSUMMARY:S\nDTSTART:" + day + "T083000Z\n" + more + "END:VEVENT\n";
}

/// The text of the date that counts.
std::string kept_date(const std::string& events) {
  const auto calendar = read_calendar(&make_ics_source, in_calendar(events), "c.ics");
  if (!calendar) return fault_lines(calendar.error());
  return std::to_string(calendar->items.size()) + " " + calendar->items[0].due.as_given;
}

TEST(IcsSource, OfOneUidTheHighestSequenceCounts) {
  EXPECT_EQ(kept_date(version_of("u", "20300611", "SEQUENCE:10\n") + version_of("u", "20300612", "SEQUENCE:9\n")),
            "1 20300611T083000Z");
  EXPECT_EQ(kept_date(version_of("u", "20300611", "") + version_of("u", "20300612", "SEQUENCE:1\n")),
            "1 20300612T083000Z");
  EXPECT_EQ(kept_date(version_of("u", "20300611", "LAST-MODIFIED:20300102T000000Z\n") +
                      version_of("u", "20300612", "LAST-MODIFIED:20300101T000000Z\n")),
            "1 20300611T083000Z");
  EXPECT_EQ(kept_date(version_of("u", "20300611", "") + version_of("u", "20300611", "")), "1 20300611T083000Z");
  EXPECT_EQ(
      kept_date(version_of("u", "20300611", "") + version_of("u", "20300612", "")),
      "c.ics:7:1: VEVENT 2: its UID \"u\" is that of VEVENT 1, which says something else; raise SEQUENCE with each "
      "change, or give each entry a UID of its own\n");
}

TEST(IcsSource, CancelledIsReadFromStatusAndMethod) {
  const auto status = [](const std::string& ics) {
    const auto calendar = read_calendar(&make_ics_source, ics, "c.ics");
    return calendar ? to_string(calendar->items.at(0).status) : "fault";
  };
  EXPECT_STREQ(status(one_event("DTSTART:20300610T083000Z\nSTATUS:CANCELLED\n")), "cancelled");
  EXPECT_STREQ(status(in_calendar("METHOD:CANCEL\n" + version_of("u", "20300611", ""))), "cancelled");
  EXPECT_STREQ(status(one_event("DTSTART:20300610T083000Z\nSTATUS:Published\n")), "published");
  EXPECT_STREQ(status(one_event("DTSTART:20300610T083000Z\n")), "confirmed");
}

TEST(IcsSource, SaysWhatItAssumed) {
  EXPECT_EQ(ics_lines(in_calendar("BEGIN:VEVENT\nSUMMARY:S\nDTSTART;TZID=US-Eastern:20300610\nDTEND:20300620\n"
                                  "STATUS:Fixed\nSEQUENCE:x\nURL:/relative\nEND:VEVENT\n")),
            "c.ics:2:1 VEVENT 1: key=S title=\"S\" status=confirmed due=[assumed 2030-06-10T13:30:00.000Z "
            "zone=America/New_York given=\"20300610\"]\n"
            "note c.ics:8:1: VEVENT 1: URL is left out: not an absolute URL\n"
            "note c.ics:2:1: VEVENT 1 has no UID; \"S\" stands for it\n"
            "note c.ics:6:1: VEVENT 1: STATUS \"Fixed\" is not known; confirmed is assumed\n"
            "note c.ics:4:1: TZID \"US-Eastern\" is read as America/New_York\n"
            "note c.ics:4:1: VEVENT 1 lasts several days; the first is taken for the date\n"
            "note c.ics:4:1: VEVENT 1: an all-day entry, 09:30 America/New_York assumed\n"
            "note c.ics:2:1: VEVENT 1: SEQUENCE \"x\" is no number and counts as 0\n");
}

struct BadIcs {
  const char* name;
  std::string ics;
  const char* want;
};
void PrintTo(const BadIcs& c, std::ostream* out) { *out << c.name; }

class IcsFaultTest : public testing::TestWithParam<BadIcs> {};
TEST_P(IcsFaultTest, SaysWhereAndWhat) { EXPECT_EQ(ics_lines(GetParam().ics), std::string{GetParam().want} + "\n"); }

INSTANTIATE_TEST_SUITE_P(
    Files, IcsFaultTest,
    testing::Values(
        BadIcs{"NoCalendar", "hello\n",
               "c.ics:1:1: this is no iCalendar: it does not begin with BEGIN:VCALENDAR; check "
               "the address"},
        BadIcs{"PropertyBefore", "UID:x\nBEGIN:VCALENDAR\nEND:VCALENDAR\n",
               "c.ics:1:1: this is no iCalendar: it does not begin with BEGIN:VCALENDAR; check the address"},
        BadIcs{"NoEntry", "BEGIN:VCALENDAR\nEND:VCALENDAR\n",
               "c.ics: no entry is in it; a calendar without any entry is not believed"},
        BadIcs{"Cut", "BEGIN:VCALENDAR\n" + version_of("u", "20300611", ""),
               "c.ics: END:VCALENDAR is missing; the text ends too early: perhaps it was cut"},
        BadIcs{"CutInAnEvent", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\n",
               "c.ics: END:VEVENT is missing; the text ends too early: perhaps it was cut"},
        BadIcs{"EventNotEnded", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nEND:VCALENDAR\n",
               "c.ics:4:1: END:VCALENDAR ends nothing that is open; END:VEVENT is missing before it"},
        BadIcs{"ControlCharacterInAName", "BEGIN:VCALENDAR\nBEGIN:A\x1C\nEND:\xC3\xA9\n",
               "c.ics:3:1: END:?? ends nothing that is open; END:A? is missing before it"},
        BadIcs{"TooDeep", "BEGIN:VCALENDAR\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\n",
               "c.ics:9:1: nested more than 8 levels deep"},
        BadIcs{"NoIdentity", in_calendar("BEGIN:VEVENT\nDTSTART:20300610\nEND:VEVENT\n"),
               "c.ics:2:1: VEVENT 1: it has neither UID nor SUMMARY; give each VEVENT a UID that stays the same"},
        BadIcs{"BadRelease", one_event("DTSTART:20300610T083000Z\nX-EMBARGOD-RELEASE:CPI March\n"),
               "c.ics:6:1: VEVENT 1: \"CPI March\" cannot be the id of a release; use a-z, 0-9 and -, at most 100"},
        BadIcs{"ReversedTitle",
               in_calendar("BEGIN:VEVENT\nUID:u\nSUMMARY:a\xE2\x80\xAE"
                           "b\nDTSTART:20300610T083000Z\nEND:VEVENT\n"),
               "c.ics:4:1: VEVENT 1: SUMMARY holds a character that turns the direction of text (U+202E)"},
        BadIcs{"LongTitle",
               in_calendar("BEGIN:VEVENT\nUID:u\nSUMMARY:" + std::string(501, 'x') +
                           "\nDTSTART:20300610T083000Z\n"
                           "END:VEVENT\n"),
               "c.ics:4:1: VEVENT 1: SUMMARY is longer than 500 bytes"}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
