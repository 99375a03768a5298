// One release, announced in four places in four ways of writing time, is due at one instant: on the days around every
// change of the clocks, held to the time zones of another library.

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/config/golden_faults.h"
#include "tests/config/sources/api_site.h"

namespace embargod {
namespace {

struct LocalDue {
  absl::CivilSecond local;
  absl::Time at;
};

absl::TimeZone absl_london() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/London", &zone));
  return zone;
}

/// 07:00, 09:30 and 12:00 from the day before to the day after both changes of each year.
std::vector<LocalDue> dues_around_clock_changes() {
  const absl::TimeZone london = absl_london();
  std::vector<LocalDue> dues;
  absl::TimeZone::CivilTransition change;
  absl::Time t = absl::FromCivil(absl::CivilSecond{2018, 1, 1}, london);
  while (london.NextTransition(t, &change) && change.from.year() <= 2030) {
    t = absl::FromCivil(absl::CivilDay{change.from} + 2, london);
    for (const int step : {-1, 0, 1}) {
      const absl::CivilDay day = absl::CivilDay{change.from} + step;
      for (const int minutes : {7 * 60, 9 * 60 + 30, 12 * 60}) {
        const absl::CivilSecond local{day.year(), day.month(), day.day(), 0, minutes};
        dues.push_back({local, absl::FromCivil(local, london)});
      }
    }
  }
  return dues;
}

std::string in_local(const LocalDue& d, const char* format) { return absl::FormatTime(format, d.at, absl_london()); }

std::string as_ons(const std::vector<LocalDue>& dues) {
  std::string s = R"({"breakdown": {"total": )" + std::to_string(dues.size()) + R"(}, "releases": [)";
  for (std::size_t i = 0; i < dues.size(); ++i)
    s += std::string{i == 0 ? "" : ","} + R"({"uri": "/releases/r)" + std::to_string(i) +
         R"(", "description": {"title": "R", "finalised": true, "release_date": ")" +
         absl::FormatTime("%Y-%m-%dT%H:%M:%S.000Z", dues[i].at, absl::UTCTimeZone()) + R"("}})";
  return s + "]}";
}

std::string as_govuk(const std::vector<LocalDue>& dues) {
  std::string s = "[";
  for (std::size_t i = 0; i < dues.size(); ++i)
    s +=
        std::string{i == 0 ? "" : ","} +
        R"({"document_type": "official_statistics_announcement", "title": "R", "base_path": "/government/statistics/)" +
        "announcements/r" + std::to_string(i) + R"(", "details": {"state": "confirmed", "display_date": ")" +
        std::to_string(dues[i].local.day()) + in_local(dues[i], " %B %Y %H:%M") + R"(", "release_timestamp": ")" +
        in_local(dues[i], "%Y-%m-%dT%H:%M:%S%Ez") + R"("}})";
  return s + "]";
}

std::string as_ics(const std::vector<LocalDue>& dues) {
  std::string s = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example.org//calendar//EN\r\n";
  for (std::size_t i = 0; i < dues.size(); ++i)
    s += "BEGIN:VEVENT\r\nUID:r" + std::to_string(i) + "@example.org\r\nDTSTAMP:20180101T000000Z\r\nSUMMARY:R\r\n" +
         "DTSTART;TZID=Europe/London:" + in_local(dues[i], "%Y%m%dT%H%M%S") + "\r\nEND:VEVENT\r\n";
  return s + "END:VCALENDAR\r\n";
}

std::string as_yaml(const std::vector<LocalDue>& dues) {
  std::string s = "releases:\n";
  for (std::size_t i = 0; i < dues.size(); ++i)
    s += "  - id: r" + std::to_string(i) + "\n    title: R\n    due: " + in_local(dues[i], "%Y-%m-%d %H:%M") +
         "\n    urls:\n      - {url: \"https://stats.example.org/r" + std::to_string(i) + "\", role: page}\n";
  return s;
}

struct OneInstantCase {
  const char* name;
  SourceFormat format;
  std::string (*write)(const std::vector<LocalDue>&);
};
void PrintTo(const OneInstantCase& c, std::ostream* out) { *out << c.name; }

class OneInstantTest : public testing::TestWithParam<OneInstantCase> {};
TEST_P(OneInstantTest, IsReadOnBothSidesOfEveryClockChangeFrom2018To2030) {
  const auto dues = dues_around_clock_changes();
  ASSERT_EQ(dues.size(), 13U * 2U * 3U * 3U);
  const auto calendar = read_api_pages(*make_api_source(GetParam().format, "calendar"), "calendar",
                                       {{"calendar", GetParam().write(dues)}});
  ASSERT_TRUE(calendar) << fault_lines(calendar);
  ASSERT_EQ(calendar->items.size(), dues.size());
  for (std::size_t i = 0; i < dues.size(); ++i) {
    const CalendarItem& item = calendar->items[i];
    EXPECT_EQ(item.status, ItemStatus::confirmed);
    EXPECT_EQ(item.due.precision, DuePrecision::instant);
    ASSERT_TRUE(item.due.at);
    EXPECT_EQ(rfc3339(*item.due.at), rfc3339(Instant{Millis{absl::ToUnixMillis(dues[i].at)}}))
        << absl::FormatCivilTime(dues[i].local);
  }
  // Where a source gives the time twice, both agree.
  if (GetParam().format == SourceFormat::govuk) {
    EXPECT_EQ(calendar->notes, std::vector<std::string>{});
  }
}

INSTANTIATE_TEST_SUITE_P(Writings, OneInstantTest,
                         testing::Values(OneInstantCase{"OnsInUtc", SourceFormat::ons, as_ons},
                                         OneInstantCase{"GovukWithOffset", SourceFormat::govuk, as_govuk},
                                         OneInstantCase{"IcsWithZone", SourceFormat::ics, as_ics},
                                         OneInstantCase{"YamlLocal", SourceFormat::yaml, as_yaml}),
                         [](const auto& c) { return c.param.name; });

TEST(OneInstant, TheOracleHasBothOffsets) {
  const auto dues = dues_around_clock_changes();
  std::size_t summer = 0;
  for (const LocalDue& d : dues) summer += in_local(d, "%Ez") == "+01:00" ? 1 : 0;
  EXPECT_GT(summer, 100U);
  EXPECT_LT(summer, dues.size() - 100U);
}

}  // namespace
}  // namespace embargod
