// What all file formats have in common.

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/config/source_texts.h"

namespace embargod {
namespace {

TEST(FormatOf, GoesByTheEndingOfThePath) {
  EXPECT_EQ(format_of("releases.yml"), SourceFormat::yaml);
  EXPECT_EQ(format_of("a.csv/releases.yaml"), SourceFormat::yaml);
  EXPECT_EQ(format_of("Plan.CSV"), SourceFormat::csv);
  EXPECT_EQ(format_of("https://stats.example.org/cal.ics?key=a.json"), SourceFormat::ics);
  EXPECT_EQ(format_of("https://stats.example.org/plan.json#x"), SourceFormat::json);
  for (const char* unknown : {"", "releases", "releases.txt", "csv", "https://stats.example.org/?f=x.csv"})
    EXPECT_EQ(format_of(unknown), std::nullopt) << unknown;
}

TEST(SourceWords, AreTheConfigs) {
  EXPECT_STREQ(to_string(SourceFormat::ees), "ees");
  EXPECT_STREQ(to_string(ItemStatus::postponed), "postponed");
}

struct MakerCase {
  const char* name;
  SourceMaker make;
  const char* good;
};
void PrintTo(const MakerCase& c, std::ostream* out) { *out << c.name; }

class PlainSourceTest : public testing::TestWithParam<MakerCase> {
 protected:
  const std::vector<Profile> profiles_ = shipped_profiles();
  std::unique_ptr<SourceReader> reader_ = GetParam().make(SourceContext{"planned", "plan", "Europe/London", profiles_});
};

TEST_P(PlainSourceTest, AsksForNoFurtherPage) {
  const auto more = reader_->take("plan", GetParam().good);
  ASSERT_TRUE(more) << fault_lines(more.error());
  EXPECT_TRUE(more->empty());
  EXPECT_TRUE(reader_->finish());
}

TEST_P(PlainSourceTest, ASecondPageMakesTheReadingVoid) {
  ASSERT_TRUE(reader_->take("plan", GetParam().good));
  EXPECT_EQ(fault_lines(reader_->take("plan/2", GetParam().good)),
            "plan: a second page came (\"plan/2\") for a source of one page\n");
  EXPECT_EQ(fault_lines(reader_->finish()), "plan: nothing was read from it\n");
}

TEST_P(PlainSourceTest, NothingReadIsAFault) {
  EXPECT_EQ(fault_lines(reader_->finish()), "plan: nothing was read from it\n");
}

TEST_P(PlainSourceTest, AnErrorPageIsNoCalendar) {
  EXPECT_EQ(
      fault_lines(reader_->take("plan", "<html><body>502 Bad Gateway</body></html>")),
      "plan:1:1: this is a web page or XML, not a calendar; check the address: perhaps a sign-in or error page is "
      "served there\n");
  EXPECT_FALSE(reader_->finish());
}

TEST_P(PlainSourceTest, EmptyAndHugeAreFaults) {
  EXPECT_EQ(
      fault_lines(GetParam().make(SourceContext{"planned", "plan", "Europe/London", profiles_})->take("plan", "")),
      "plan:1:1: it is empty; a calendar without any entry is not believed\n");
  EXPECT_EQ(fault_lines(reader_->take("plan", std::string(kLargestSource + 1, 'x'))),
            "plan: larger than 16 MB; split it into several sources\n");
}

INSTANTIATE_TEST_SUITE_P(
    Formats, PlainSourceTest,
    testing::Values(MakerCase{"Yaml", &make_yaml_source,
                              "releases:\n  - {id: x, title: X, due: 2030-05-23 09:30, status: cancelled}\n"},
                    MakerCase{"Csv", &make_csv_source, "title,due\nX,2030-05-23 09:30\n"},
                    MakerCase{"Ics", &make_ics_source,
                              "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART:20300610T083000Z\nEND:VEVENT\n"
                              "END:VCALENDAR\n"},
                    MakerCase{"Json", &make_json_source,
                              R"({"items": [{"id": "x", "title": "X", "due": "2030-06"}]})"}),
    [](const auto& c) { return c.param.name; });

TEST(YamlSource, GivesReleasesAndAnItemForEach) {
  EXPECT_EQ(calendar_lines(&make_yaml_source,
                           "releases:\n"
                           "  - id: x\n"
                           "    title: X\n"
                           "    due: 2030-05-23\n"
                           "    urls:\n"
                           "      - {url: \"https://stats.example.org/x\", role: page}\n"
                           "      - {url: \"https://stats.example.org/calendar/x\", role: announcement}\n",
                           "releases.yml"),
            "releases.yml:2:9 releases[0]: key=x title=\"X\" status=confirmed due=[assumed 2030-05-23T08:30:00.000Z "
            "zone=Europe/London given=\"2030-05-23\"] url=https://stats.example.org/calendar/x release=x\n"
            "release x of planned: \"X\" confirmed [assumed 2030-05-23T08:30:00.000Z zone=Europe/London "
            "given=\"2030-05-23\"]\n"
            "  x/page page generic https://stats.example.org/x\n"
            "  x/announcement announcement generic https://stats.example.org/calendar/x\n"
            "note releases.yml:4:10: release \"x\": no time given, 09:30 Europe/London assumed\n");
}

TEST(YamlSource, AnEmptyListByHandIsANote) {
  EXPECT_EQ(calendar_lines(&make_yaml_source, "releases: []\n", "releases.yml"),
            "note releases.yml:1:11: no release is listed, so nothing is watched\n");
}

// Of a list or a table that was cut nothing can be told.
TEST(ACutText, IsAFaultWhereTheFormatHasAnEnd) {
  const std::string json = R"({"items": [{"id": "x", "title": "X", "due": "2030-06"}]})";
  const std::string ics = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART:20300610T083000Z\nEND:VEVENT\nEND:VCALENDAR";
  ASSERT_TRUE(read_calendar(&make_json_source, json, "c"));
  ASSERT_TRUE(read_calendar(&make_ics_source, ics, "c"));
  for (std::size_t n = 0; n < json.size(); ++n)
    EXPECT_FALSE(read_calendar(&make_json_source, json.substr(0, n), "c")) << n;
  for (std::size_t n = 0; n < ics.size(); ++n)
    EXPECT_FALSE(read_calendar(&make_ics_source, ics.substr(0, n), "c")) << n;
}

TEST(TooManyUrls, AreOneFaultInsteadOfALongTime) {
  std::string csv = "id,title,due,url,role,name\n";
  for (int i = 0; i < 1'001; ++i)
    csv += "x,X,2030-05-23 09:30,https://a.example.org/" + std::to_string(i) + ",page,n" + std::to_string(i) + "\n";
  EXPECT_EQ(calendar_lines(&make_csv_source, csv, "c.csv"),
            "c.csv:2:1: release \"x\": urls names more than 1000 addresses; split the release\n");
}

TEST(TooManyEntries, AreOneFault) {
  std::string json = R"({"items": [)";
  std::string ics = "BEGIN:VCALENDAR\n";
  for (int i = 0; i < 20'002; ++i) {
    json += (i == 0 ? "" : ",") + (R"({"key":"k)" + std::to_string(i)) + R"(","title":"X","due":"2030-06"})";
    ics += "BEGIN:VEVENT\nUID:u" + std::to_string(i) + "\nDTSTART:20300610T083000Z\nEND:VEVENT\n";
  }
  EXPECT_NE(calendar_lines(&make_json_source, json + "]}", "c").find("more than 20000 entries"), std::string::npos);
  EXPECT_NE(calendar_lines(&make_ics_source, ics + "END:VCALENDAR\n", "c").find("more than 20000 entries"),
            std::string::npos);
}

/// The instant of the one item, or the faults.
std::string one_instant(SourceMaker make, const std::string& bytes) {
  const auto calendar = read_calendar(make, bytes, "c");
  if (!calendar) return fault_lines(calendar.error());
  return calendar->items.at(0).due.at ? rfc3339(*calendar->items[0].due.at) : "none";
}

// The second opinion is abseil's; the days are those before and after each clock change of London.
TEST(OneInstant, EveryFileFormatGivesTheSameOnBothSidesOfTheClockChanges) {
  absl::TimeZone london;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/London", &london));
  int compared = 0;
  for (int year = 2018; year <= 2030; ++year)
    for (const int month : {3, 10}) {
      absl::CivilDay sunday{year, month, 31};
      while (absl::GetWeekday(sunday) != absl::Weekday::sunday) --sunday;
      for (const absl::CivilDay day : {sunday - 1, sunday + 1})
        for (const int minute : {7 * 60, 9 * 60 + 30, 12 * 60}) {
          const absl::CivilMinute local = absl::CivilMinute{day} + minute;
          const std::string want =
              absl::FormatTime("%Y-%m-%dT%H:%M:%S.000Z", london.At(absl::CivilSecond{local}).pre, absl::UTCTimeZone());
          const std::string basic = absl::FormatTime("%Y%m%dT%H%M%S", absl::FromCivil(local, london), london);
          const std::string utc =
              absl::FormatTime("%Y%m%dT%H%M%SZ", absl::FromCivil(local, london), absl::UTCTimeZone());
          const std::string offset = absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", absl::FromCivil(local, london), london);
          const std::string words = absl::FormatTime("%A %d %B %Y %H:%M", absl::FromCivil(local, london), london);
          const auto ics = [](const std::string& start) {
            return "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u\nDTSTART" + start + "\nEND:VEVENT\nEND:VCALENDAR\n";
          };
          const std::string plain = absl::FormatCivilTime(local);
          EXPECT_EQ(one_instant(&make_ics_source, ics(";TZID=Europe/London:" + basic)), want);
          EXPECT_EQ(one_instant(&make_ics_source, ics(";TZID=GMT Standard Time:" + basic)), want);
          EXPECT_EQ(one_instant(&make_ics_source, ics(":" + basic)), want);
          EXPECT_EQ(one_instant(&make_ics_source, ics(":" + utc)), want);
          EXPECT_EQ(one_instant(&make_csv_source, "title,due\nX," + words + "\n"), want);
          EXPECT_EQ(one_instant(&make_csv_source,
                                "title,date,time\nX," + plain.substr(0, 10) + "," + plain.substr(11) + "\n"),
                    want);
          EXPECT_EQ(
              one_instant(&make_json_source, R"({"items": [{"id": "x", "title": "X", "due": ")" + offset + "\"}]}"),
              want);
          EXPECT_EQ(one_instant(&make_yaml_source,
                                "releases: [{id: x, title: X, due: \"" + plain + "\", status: cancelled}]\n"),
                    want);
          ++compared;
        }
    }
  EXPECT_EQ(compared, 13 * 2 * 2 * 3);
}

}  // namespace
}  // namespace embargod
