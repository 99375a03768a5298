#include <gtest/gtest.h>

#include "config/settings_reader.h"
#include "tests/config/golden_faults.h"

namespace embargod {
namespace {

Schedule schedule_of(const std::string& yaml) {
  auto schedule = read_schedule(yaml, "releases.yml", "Europe/London", shipped_profiles());
  EXPECT_TRUE(schedule) << fault_lines(schedule);
  return schedule.value_or(Schedule{});
}

/// One release with everything but `due` (and what follows it) given.
std::string release_due(const std::string& due, const std::string& more = "") {
  return "releases:\n  - id: x\n    title: X\n    urls: [{url: \"https://stats.example.org/x\", role: page}]\n    "
         "due: " +
         due + "\n" + more;
}

Instant at(const char* text) { return parse_rfc3339(text).value(); }

TEST(ReadSchedule, ReadsTheReleaseOfTheContract) {
  const Schedule s = schedule_of(
      "releases:\n"
      "  - id: therapies-2018-01\n"
      "    title: \"Psychological therapies, January 2018 final\"\n"
      "    due: 2018-04-25 09:30\n"
      "    status: confirmed\n"
      "    urls:\n"
      "      - {url: \"https://stats.example.org/pub/therapies-jan-2018---final\", role: page, profile: nhs-digital}\n"
      "      - {url: \"https://files.example.org/AB/12CD34/therapies.xlsx\", role: file, name: tables}\n");
  ASSERT_EQ(s.releases.size(), 1U);
  const Release& r = s.releases[0];
  EXPECT_EQ(r.id, "therapies-2018-01");
  EXPECT_EQ(r.title, "Psychological therapies, January 2018 final");
  EXPECT_EQ(r.status, ReleaseStatus::confirmed);
  EXPECT_EQ(r.source, "releases.yml");
  EXPECT_EQ(r.due.precision, DuePrecision::instant);
  EXPECT_EQ(r.due.at, at("2018-04-25T08:30:00Z"));
  EXPECT_EQ(r.due.zone, "Europe/London");
  EXPECT_EQ(r.due.as_given, "2018-04-25 09:30");
  ASSERT_EQ(r.targets.size(), 2U);
  EXPECT_EQ(r.targets[0].id, "therapies-2018-01/page");
  EXPECT_EQ(r.targets[0].release, "therapies-2018-01");
  EXPECT_EQ(r.targets[0].role, Role::page);
  EXPECT_EQ(r.targets[0].profile, "nhs-digital");
  EXPECT_EQ(r.targets[0].url.path_query, "/pub/therapies-jan-2018---final");
  EXPECT_EQ(r.targets[1].id, "therapies-2018-01/tables");
  EXPECT_EQ(r.targets[1].profile, "generic");
  EXPECT_TRUE(s.notes.empty());
}

TEST(ReadSchedule, ADateAloneMeansHalfPastNineAndIsSaid) {
  const Schedule s = schedule_of(release_due("2018-04-25"));
  EXPECT_EQ(s.releases[0].due.precision, DuePrecision::time_assumed);
  EXPECT_EQ(s.releases[0].due.at, at("2018-04-25T08:30:00Z"));
  EXPECT_EQ(s.notes,
            std::vector<std::string>{"releases.yml:5:10: release \"x\": no time given, 09:30 Europe/London assumed"});
}

TEST(ReadSchedule, AWeekendIsSaid) {
  const Schedule s = schedule_of(release_due("2018-05-26 09:30"));
  EXPECT_EQ(s.notes, std::vector<std::string>{"releases.yml:5:10: release \"x\": Saturday 26 May 2018: a release on a "
                                              "weekend needs an agreed alternative time"});
}

TEST(ReadSchedule, TheWeekendIsThatOfTheScheduleZone) {
  // Friday evening in UTC is Saturday in London's summer.
  EXPECT_EQ(schedule_of(release_due("2018-05-25T23:30Z")).notes.size(), 1U);
  EXPECT_EQ(schedule_of(release_due("2018-05-25T22:30Z")).notes.size(), 0U);
}

TEST(ReadSchedule, AProvisionalReleaseHasAMonth) {
  const Schedule s = schedule_of(release_due("2018-04", "    status: provisional\n"));
  const Due& due = s.releases[0].due;
  EXPECT_EQ(s.releases[0].status, ReleaseStatus::provisional);
  EXPECT_EQ(due.precision, DuePrecision::month);
  EXPECT_FALSE(due.at);
  EXPECT_EQ(due.period_begin, at("2018-03-31T23:00:00Z"));
  EXPECT_EQ(due.period_end, at("2018-04-30T23:00:00Z"));
}

TEST(ReadSchedule, ACancelledReleaseKeepsItsDue) {
  EXPECT_EQ(schedule_of(release_due("2018-04-25 09:30", "    status: cancelled\n")).releases[0].due.at,
            at("2018-04-25T08:30:00Z"));
  EXPECT_EQ(schedule_of(release_due("2018-04", "    status: cancelled\n")).releases[0].due.precision,
            DuePrecision::month);
  // Nothing will be released on that weekend.
  EXPECT_TRUE(schedule_of(release_due("2018-05-26 09:30", "    status: cancelled\n")).notes.empty());
}

TEST(ReadSchedule, WhatIsNotConfirmedMayHaveNoUrls) {
  const Schedule s = schedule_of("releases: [{id: x, title: X, due: 2030-04, status: provisional}]\n");
  EXPECT_TRUE(s.releases.at(0).targets.empty());
}

TEST(ReadSchedule, AnEmptyListIsSaid) {
  const Schedule s = schedule_of("releases: []\n");
  EXPECT_EQ(s.notes, std::vector<std::string>{"releases.yml:1:11: no release is listed, so nothing is watched"});
}

TEST(ReadSchedule, TitlesOfFiveHundredBytesAreTaken) {
  const std::string title(500, 't');
  const Schedule s = schedule_of("releases: [{id: x, title: \"" + title + "\", due: 2030-04, status: provisional}]\n");
  EXPECT_EQ(s.releases.at(0).title, title);
}

TEST(ReadSchedule, TitlesKeepMarkupAndWelsh) {
  const Schedule s = schedule_of(
      "releases: [{id: x, title: \"<b>P\xC5\xB5\xC5\xB7s</b> & 'q'\", due: 2030-04, status: provisional}]\n");
  EXPECT_EQ(s.releases.at(0).title, "<b>P\xC5\xB5\xC5\xB7s</b> & 'q'");
}

TEST(ReadSchedule, RolesMayRepeatUnderNames) {
  const Schedule s = schedule_of(
      "releases:\n  - id: x\n    title: X\n    due: 2030-04-24 09:30\n    urls:\n"
      "      - {url: \"https://stats.example.org/1\", role: file, name: tables}\n"
      "      - {url: \"https://stats.example.org/2\", role: file, name: data}\n"
      "      - {url: \"https://stats.example.org/3\", role: file}\n"
      "      - {url: \"https://stats.example.org/4\", role: api}\n");
  std::vector<std::string> ids;
  for (const auto& t : s.releases.at(0).targets) ids.push_back(t.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"x/tables", "x/data", "x/file", "x/api"}));
}

TEST(ReadSchedule, FaultsNeverShowTheUrl) {
  const auto schedule = read_schedule(
      "releases: [{id: x, title: X, due: 2030-04-24 09:30, urls: [{url: "
      "\"https://me:pw@stats.example.org/unpublished\", role: page}]}]\n",
      "releases.yml", "Europe/London", shipped_profiles());
  EXPECT_EQ(fault_lines(schedule).find("unpublished"), std::string::npos);
}

}  // namespace
}  // namespace embargod
