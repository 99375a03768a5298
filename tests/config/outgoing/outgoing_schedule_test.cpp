#include "config/outgoing/outgoing_schedule.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "config/read_sections.h"
#include "config/text_checks.h"
#include "config/zone_time.h"
#include "tests/config/outgoing/sample_schedule.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> ics_lines(const std::string& ics) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < ics.size();) {
    const std::size_t end = ics.find("\r\n", at);
    if (end == std::string::npos) {
      ADD_FAILURE() << "no CRLF at the end: " << ics.substr(at);
      return lines;
    }
    lines.push_back(ics.substr(at, end - at));
    at = end + 2;
  }
  return lines;
}

std::string unfolded(std::string ics) {
  for (std::size_t at = 0; (at = ics.find("\r\n ", at)) != std::string::npos;) ics.erase(at, 3);
  for (std::size_t at = 0; (at = ics.find("\r\n", at)) != std::string::npos;) ics.replace(at, 2, "\n");
  return ics;
}

TEST(ScheduleIcs, IsExactlyThis) {
  OutgoingSchedule s = outgoing_sample();
  EXPECT_EQ(unfolded(schedule_ics(s, OutgoingUrls::leave_out)),
            "BEGIN:VCALENDAR\n"
            "VERSION:2.0\n"
            "PRODID:-//embargod//schedule//EN\n"
            "CALSCALE:GREGORIAN\n"
            "METHOD:PUBLISH\n"
            "X-WR-CALNAME:Example Statistics Agency: releases\n"
            "BEGIN:VEVENT\n"
            "UID:cpi-2030-03-b7c96186cbcf@embargod\n"
            "DTSTAMP:20300301T123015Z\n"
            "LAST-MODIFIED:20300301T123015Z\n"
            "SEQUENCE:2\n"
            "STATUS:CONFIRMED\n"
            "SUMMARY:Consumer prices\\; UK\\, March 2030\n"
            "DTSTART:20300417T060000Z\n"
            "DESCRIPTION:Due Wednesday 17 April 2030\\, 07:00 BST.\n"
            "TRANSP:TRANSPARENT\n"
            "X-EMBARGOD-RELEASE:cpi-2030-03\n"
            "END:VEVENT\n"
            "BEGIN:VEVENT\n"
            "UID:prisons-2030-05-b7c96186cbcf@embargod\n"
            "DTSTAMP:20300102T100000Z\n"
            "LAST-MODIFIED:20300102T100000Z\n"
            "SEQUENCE:0\n"
            "STATUS:CONFIRMED\n"
            "SUMMARY:Poblogaeth carchardai \xE2\x80\x93 adroddiad blynyddol\\, gyda thablau ychwanegol "
            "\xC5\xB4\xC5\xB6\xC5\xB4\n"
            "DTSTART;VALUE=DATE:20300523\n"
            "DESCRIPTION:No time was announced\\; 09:30 in Europe/London is assumed.\n"
            "TRANSP:TRANSPARENT\n"
            "X-EMBARGOD-RELEASE:prisons-2030-05\n"
            "END:VEVENT\n"
            "BEGIN:VEVENT\n"
            "UID:migration-2030-q1-b7c96186cbcf@embargod\n"
            "DTSTAMP:20300102T100000Z\n"
            "LAST-MODIFIED:20300102T100000Z\n"
            "SEQUENCE:0\n"
            "STATUS:TENTATIVE\n"
            "SUMMARY:Migration\n"
            "DTSTART;VALUE=DATE:20300601\n"
            "DTEND;VALUE=DATE:20300701\n"
            "DESCRIPTION:Provisional: June 2030\\; the day is not announced yet.\n"
            "X-EMBARGOD-DUE:2030-06\n"
            "TRANSP:TRANSPARENT\n"
            "X-EMBARGOD-RELEASE:migration-2030-q1\n"
            "END:VEVENT\n"
            "BEGIN:VEVENT\n"
            "UID:museums-2029-b7c96186cbcf@embargod\n"
            "DTSTAMP:20300102T100000Z\n"
            "LAST-MODIFIED:20300102T100000Z\n"
            "SEQUENCE:0\n"
            "STATUS:CANCELLED\n"
            "SUMMARY:Museums\n"
            "DTSTART:20300124T093000Z\n"
            "DESCRIPTION:Due Thursday 24 January 2030\\, 09:30 GMT.\n"
            "TRANSP:TRANSPARENT\n"
            "X-EMBARGOD-RELEASE:museums-2029\n"
            "END:VEVENT\n"
            "END:VCALENDAR\n");
}

TEST(ScheduleIcs, FoldsAt75OctetsAndNeverInsideACharacter) {
  for (std::size_t pad = 0; pad < 90; ++pad) {
    OutgoingSchedule s = outgoing_sample();
    std::string title(pad, 'x');
    for (int i = 0; i < 60; ++i) title += i % 2 == 0 ? "\xF0\x9F\x93\x88" : "\xE2\x80\x93";
    s.releases[0].release.title = title;
    const std::string ics = schedule_ics(s, OutgoingUrls::include);
    for (const std::string& line : ics_lines(ics)) {
      EXPECT_LE(line.size(), 75U) << line;
      EXPECT_FALSE(invalid_utf8(line)) << "pad " << pad;
    }
    EXPECT_THAT(unfolded(ics), HasSubstr("\nSUMMARY:" + title + "\n"));
  }
}

TEST(ScheduleIcs, TheUidStaysWhenTheReleaseMovesAndTheSequenceRises) {
  OutgoingSchedule s = outgoing_sample();
  s.releases.resize(1);
  const std::string before = unfolded(schedule_ics(s, OutgoingUrls::leave_out));
  s.releases[0].revision = 4;
  s.releases[0].release.title = "Another title";
  s.releases[0].release.due = read_due("2030-04-18 09:30", "Europe/London").value();
  const std::string after = unfolded(schedule_ics(s, OutgoingUrls::leave_out));
  EXPECT_THAT(before, HasSubstr("UID:cpi-2030-03-b7c96186cbcf@embargod\n"));
  EXPECT_THAT(after, HasSubstr("UID:cpi-2030-03-b7c96186cbcf@embargod\n"));
  EXPECT_THAT(after, HasSubstr("SEQUENCE:3\n"));
  s.producer = "Another Agency";
  EXPECT_THAT(unfolded(schedule_ics(s, OutgoingUrls::leave_out)), Not(HasSubstr("b7c96186cbcf")));
}

TEST(ScheduleIcs, ATitleCannotAddLinesOfItsOwn) {
  OutgoingSchedule s = outgoing_sample();
  s.releases.resize(1);
  s.releases[0].release.title = "x\r\nEND:VEVENT\r\nDTSTART:19990101T000000Z\\n\x07";
  const std::string ics = unfolded(schedule_ics(s, OutgoingUrls::leave_out));
  EXPECT_THAT(ics, HasSubstr("SUMMARY:x\\nEND:VEVENT\\nDTSTART:19990101T000000Z\\\\n\n"));
}

TEST(ScheduleIcs, SeveralMonthsAreAllTheirDays) {
  OutgoingSchedule s = outgoing_sample();
  Due& due = s.releases[2].release.due;
  due.period_end = outgoing_at("2030-07-31T23:00:00Z");
  s.releases = {s.releases[2]};
  const std::string ics = unfolded(schedule_ics(s, OutgoingUrls::leave_out));
  EXPECT_THAT(ics, HasSubstr("DTSTART;VALUE=DATE:20300601\nDTEND;VALUE=DATE:20300801\n"
                             "DESCRIPTION:Provisional: June to July 2030\\; the day is not announced yet.\n"
                             "X-EMBARGOD-DUE:June to July 2030\n"));
}

struct DueTextCase {
  const char* name;
  const char* given;
  const char* zone;
  const char* want;
};
class DueTextTest : public testing::TestWithParam<DueTextCase> {};
TEST_P(DueTextTest, IsReadBackAsTheSameDue) {
  const auto& c = GetParam();
  const Due due = read_due(c.given, c.zone).value();
  EXPECT_EQ(due_text(due), c.want);
  Due again = read_due(due_text(due), c.zone).value();
  again.as_given = due.as_given;
  EXPECT_EQ(again, due);
}
INSTANTIATE_TEST_SUITE_P(
    Forms, DueTextTest,
    testing::Values(DueTextCase{"Summer", "2030-04-17 09:30", "Europe/London", "2030-04-17T09:30:00+01:00"},
                    DueTextCase{"Winter", "2030-01-17 09:30", "Europe/London", "2030-01-17T09:30:00+00:00"},
                    DueTextCase{"Utc", "2030-04-17T06:00Z", "Europe/London", "2030-04-17T07:00:00+01:00"},
                    DueTextCase{"Fraction", "2030-04-17T06:00:00.250Z", "UTC", "2030-04-17T06:00:00.250+00:00"},
                    DueTextCase{"WestOfUtc", "2030-04-17 08:30", "America/New_York", "2030-04-17T08:30:00-04:00"},
                    DueTextCase{"HalfHours", "2030-04-17 08:30", "Asia/Kolkata", "2030-04-17T08:30:00+05:30"},
                    DueTextCase{"NextDayInUtc", "2030-04-17 23:30", "America/New_York", "2030-04-17T23:30:00-04:00"},
                    DueTextCase{"BeforeTheOverlap", "2030-10-27T00:30:00Z", "Europe/London",
                                "2030-10-27T01:30:00+01:00"},
                    DueTextCase{"InTheOverlap", "2030-10-27T01:30:00Z", "Europe/London", "2030-10-27T01:30:00+00:00"},
                    DueTextCase{"DateAlone", "2030-05-23", "Europe/London", "2030-05-23"},
                    DueTextCase{"DateAloneFarEast", "2030-05-23", "Pacific/Auckland", "2030-05-23"},
                    DueTextCase{"Month", "2030-06", "Europe/London", "2030-06"},
                    DueTextCase{"MonthFarEast", "2030-06", "Pacific/Auckland", "2030-06"}),
    [](const auto& c) { return c.param.name; });

TEST(DueText, SeveralMonthsAreNamed) {
  Due due = read_due("2030-11", "Europe/London").value();
  due.period_end = read_due("2030-12", "Europe/London")->period_end;
  EXPECT_EQ(due_text(due), "November to December 2030");
  due.period_end = read_due("2031-01", "Europe/London")->period_end;
  EXPECT_EQ(due_text(due), "November 2030 to January 2031");
}

TEST(ScheduleJson, IsExactlyThis) {
  OutgoingSchedule s = outgoing_sample();
  s.releases.erase(s.releases.begin() + 1);
  EXPECT_EQ(nlohmann::ordered_json::parse(schedule_json(s, OutgoingUrls::leave_out)).dump(),
            R"({"releases":[],"items":[)"
            R"({"id":"cpi-2030-03","title":"Consumer prices; UK, March 2030","due":"2030-04-17T07:00:00+01:00"},)"
            R"({"id":"migration-2030-q1","title":"Migration","due":"2030-06","status":"provisional"},)"
            R"({"id":"museums-2029","title":"Museums","due":"2030-01-24T09:30:00+00:00","status":"cancelled"}]})");
  EXPECT_EQ(
      nlohmann::ordered_json::parse(schedule_json(s, OutgoingUrls::include)).dump(),
      R"({"releases":[{"id":"cpi-2030-03","title":"Consumer prices; UK, March 2030","due":"2030-04-17T07:00:00+01:00","urls":[)"
      R"({"url":"https://stats.example.org/cpi/mar-2030?a=1,2","role":"page","profile":"ons"},)"
      R"({"url":"https://files.example.org/cpi.xlsx","role":"file","name":"tables"},)"
      R"({"url":"https://stats.example.org/cpi/latest","role":"latest","profile":"ees","edition":"March 2030","cache_bypass":false,"negative_ttl":"1m"},)"
      R"({"url":"https://stats.example.org/calendar","role":"listing","title_counts":true}]},)"
      R"({"id":"museums-2029","title":"Museums","due":"2030-01-24T09:30:00+00:00","status":"cancelled","urls":[)"
      R"({"url":"https://stats.example.org/museums","role":"page"}]}],)"
      R"("items":[{"id":"migration-2030-q1","title":"Migration","due":"2030-06","status":"provisional"}]})");
}

TEST(ScheduleJson, ReadsBackAsTheSameReleases) {
  const OutgoingSchedule s = outgoing_sample();
  FaultBook faults{"out.json"};
  const auto tree = parse_strict_yaml(schedule_json(s, OutgoingUrls::include), kScheduleLimits, faults);
  ASSERT_TRUE(tree);
  // Another zone on purpose: only a date alone depends on it.
  const auto part =
      read_releases(tree->entries.at(0).value, {"releases.yml", "Asia/Tokyo", shipped_profiles()}, faults);
  for (const Fault& f : faults.take()) ADD_FAILURE() << to_string(f);
  ASSERT_EQ(part.schedule.releases.size(), 3U);
  for (const Release& r : part.schedule.releases) {
    const auto same = std::find_if(s.releases.begin(), s.releases.end(),
                                   [&r](const OutgoingRelease& o) { return o.release.id == r.id; });
    ASSERT_NE(same, s.releases.end()) << r.id;
    EXPECT_EQ(r.title, same->release.title);
    EXPECT_EQ(r.status, same->release.status);
    EXPECT_EQ(r.targets, same->release.targets);
    EXPECT_EQ(r.due.precision, same->release.due.precision);
    if (r.id != "prisons-2030-05") {
      EXPECT_EQ(r.due.at, same->release.due.at);
    }
  }
}

TEST(ScheduleJson, ADueThatAReleaseCannotSayIsAnItem) {
  OutgoingSchedule s = outgoing_sample();
  s.releases[2].release.targets = s.releases[3].release.targets;
  s.releases[2].release.due.period_end = outgoing_at("2030-07-31T23:00:00Z");
  s.releases = {s.releases[2]};
  const auto j = nlohmann::json::parse(schedule_json(s, OutgoingUrls::include));
  EXPECT_TRUE(j["releases"].empty());
  EXPECT_EQ(j["items"][0]["due"], "June to July 2030");
}

TEST(OutgoingSecrets, NoAddressLeavesUnlessAskedForAndAGuessedOneNever) {
  OutgoingSchedule s = outgoing_sample();
  Target guess = s.releases[0].release.targets[0];
  guess.id = "cpi-2030-03/candidate-4af1";
  guess.url = parse_url("https://files.example.org/guessed.pdf").value();
  s.releases[0].release.targets.insert(s.releases[0].release.targets.begin(), guess);
  for (const std::string& text :
       {schedule_ics(s, OutgoingUrls::leave_out), schedule_json(s, OutgoingUrls::leave_out)}) {
    EXPECT_THAT(unfolded(text), Not(HasSubstr("example.org")));
    EXPECT_THAT(unfolded(text), Not(HasSubstr("http")));
  }
  for (const std::string& text : {schedule_ics(s, OutgoingUrls::include), schedule_json(s, OutgoingUrls::include)}) {
    EXPECT_THAT(unfolded(text), HasSubstr("https://files.example.org/cpi.xlsx"));
    EXPECT_THAT(unfolded(text), Not(HasSubstr("guessed")));
  }
  const std::string ics = unfolded(schedule_ics(s, OutgoingUrls::include));
  EXPECT_THAT(ics, HasSubstr("\nURL:https://stats.example.org/cpi/mar-2030?a=1,2\n"
                             "ATTACH:https://files.example.org/cpi.xlsx\n"));
}

}  // namespace
}  // namespace embargod
