#include <gtest/gtest.h>

#include "config/sources/csv_table.h"
#include "tests/config/source_texts.h"

namespace embargod {
namespace {

std::string csv_lines(std::string_view csv) { return calendar_lines(&make_csv_source, csv, "c.csv"); }

std::string table_text(std::string_view csv) {
  FaultBook faults{"t.csv"};
  const auto rows = read_csv_table(csv, faults);
  if (!rows) return fault_lines(faults.take());
  std::string s;
  for (const CsvRow& row : *rows) {
    s += std::to_string(row.number);
    for (const CsvCell& cell : row.cells)
      s += "|" + std::to_string(cell.at.line) + ":" + std::to_string(cell.at.column) + " " + cell.text;
    s += "\n";
  }
  return s;
}

TEST(CsvTable, TellsWhereEachValueStands) {
  EXPECT_EQ(table_text("a,bc,d\r\n1, \"x \"\"y\"\"\r\nz\",\r\n\r\n 2 ,\xC3\xA9,3"),
            "1|1:1 a|1:3 bc|1:6 d\n"
            "2|2:1 1|2:4 x \"y\"\r\nz|3:4 \n"
            "3|5:2 2|5:5 \xC3\xA9|5:7 3\n");
}

TEST(CsvTable, TakesWhatExcelExports) {
  const std::string want = "1|1:1 a|1:3 b,c|1:7 d\n2|2:1 1|2:3 2|2:5 \n";
  EXPECT_EQ(table_text("\xEF\xBB\xBF"
                       "a;b,c;d\r\n1;2;\r\n;;\r\n"),
            want);
  EXPECT_EQ(table_text("a\tb,c\td\n1\t2\t\n\t\t"), want);
  EXPECT_EQ(table_text("a;\"b,c\"\r1;2\r"), "1|1:1 a|1:3 b,c\n2|1:9 1|1:11 2\n");
  EXPECT_EQ(table_text("sep=;\r\na;b,c\r\n1;2\r\n"), "1|2:1 a|2:3 b,c\n2|3:1 1|3:3 2\n");
}

TEST(CsvTable, RefusesWhatCannotBeReadSafely) {
  EXPECT_EQ(table_text("a,b\n1,\"x\n2,3\n"),
            "t.csv:2:3: the quotes of the value that begins here are not closed, or have text around them; close them, "
            "and double a quote that stands inside\n");
  EXPECT_EQ(table_text("a,b\n1,x\"y\"\n"),
            "t.csv:2:3: the quotes of the value that begins here are not closed, or have text around them; close them, "
            "and double a quote that stands inside\n");
  EXPECT_EQ(table_text("a,b\n1,\"x" + std::string(1'000'000, '\n')),
            "t.csv:2:3: a value is longer than 10000 bytes; split it, or look for a quote that is not closed\n");
  EXPECT_EQ(table_text("a,b\n1," + std::string(10'001, 'x') + "\n"),
            "t.csv:2:3: a value is longer than 10000 bytes; split it, or look for a quote that is not closed\n");
  EXPECT_EQ(table_text(std::string(200, ',')),
            "t.csv:1:101: a row has more than 100 values; split it, or look for a quote that is not closed\n");
  std::string many;
  for (int i = 0; i < 20'002; ++i) many += "a\n";
  EXPECT_EQ(table_text(many),
            "t.csv:20002:1: more than 20000 rows; split it, or look for a quote that is not closed\n");
  EXPECT_EQ(table_text("sep=x\na\n"),
            "t.csv:1:5: \"sep=\" names no delimiter that is understood; use a comma, a semicolon or a tab\n");
}

TEST(CsvSource, RowsOfOneIdAreTheUrlsOfOneRelease) {
  EXPECT_EQ(
      csv_lines(
          "ID,Title,Date,Time,Status,URL,Role,Name,Profile,Edition,Reason\r\n"
          "cpi-2030-03,\"Consumer prices, March 2030\",17 April 2030,7am,Confirmed,"
          "https://stats.example.org/cpi/mar-2030,page,,,,\r\n"
          "cpi-2030-03,,,,,https://files.example.org/cpi.xlsx,file,tables,,,\r\n"
          "cpi-2030-03,,,,,https://stats.example.org/calendar/cpi,announcement,,govuk-announcement,March 2030,\r\n"),
      "c.csv:2:1 row 2: key=cpi-2030-03 title=\"Consumer prices, March 2030\" status=confirmed "
      "due=[at 2030-04-17T06:00:00.000Z zone=Europe/London given=\"17 April 2030 7am\"] "
      "url=https://stats.example.org/calendar/cpi release=cpi-2030-03\n"
      "release cpi-2030-03 of planned: \"Consumer prices, March 2030\" confirmed "
      "[at 2030-04-17T06:00:00.000Z zone=Europe/London given=\"17 April 2030 7am\"]\n"
      "  cpi-2030-03/page page generic https://stats.example.org/cpi/mar-2030\n"
      "  cpi-2030-03/tables file generic https://files.example.org/cpi.xlsx\n"
      "  cpi-2030-03/announcement announcement govuk-announcement https://stats.example.org/calendar/cpi "
      "edition=March 2030\n");
}

TEST(CsvSource, RowsWithoutIdOrRoleAreEntriesOfTheCalendarOnly) {
  EXPECT_EQ(
      csv_lines("title;due;url;status;wave\n"
                "Museums;2030-05-23;https://stats.example.org/calendar/museums;;2\n"
                "Theatres;May to June 2030;;;\n"
                "Cinemas;2030-05-02 09:30;;postponed;\n"),
      "c.csv:2:1 row 2: key=https://stats.example.org/calendar/museums title=\"Museums\" status=confirmed "
      "due=[assumed 2030-05-23T08:30:00.000Z zone=Europe/London given=\"2030-05-23\"] "
      "url=https://stats.example.org/calendar/museums\n"
      "c.csv:3:1 row 3: key=Theatres title=\"Theatres\" status=provisional due=[months 2030-04-30T23:00:00.000Z to "
      "2030-06-30T23:00:00.000Z zone=Europe/London given=\"May to June 2030\"]\n"
      "c.csv:4:1 row 4: key=Cinemas title=\"Cinemas\" status=postponed due=[at 2030-05-02T08:30:00.000Z "
      "zone=Europe/London given=\"2030-05-02 09:30\"]\n"
      "note c.csv:1:22: column \"wave\" is not read\n"
      "note c.csv:1:1: without a column \"role\" no URL is watched: they only tell which release a row means\n"
      "note c.csv:2:9: row 2: no time given, 09:30 Europe/London assumed\n");
}

TEST(CsvSource, AProvisionalRowHasNoInstantWhateverItsDate) {
  const auto calendar = read_calendar(&make_csv_source,
                                      "id,title,due,status,url,role\n"
                                      "x,X,2030-06-12 09:30,provisional,https://stats.example.org/x,page\n",
                                      "c.csv");
  ASSERT_TRUE(calendar) << fault_lines(calendar.error());
  ASSERT_EQ(calendar->releases.size(), 1U);
  for (const Due* due : {&calendar->items[0].due, &calendar->releases[0].due}) {
    EXPECT_EQ(due->at, std::nullopt);
    EXPECT_EQ(due_record(*due),
              "months 2030-05-31T23:00:00.000Z to 2030-06-30T23:00:00.000Z zone=Europe/London "
              "given=\"2030-06-12 09:30\"");
  }
}

TEST(CsvSource, PublishedBeforeDueLeavesTheReleaseConfirmed) {
  const auto calendar = read_calendar(&make_csv_source,
                                      "id,title,due,status,url,role\n"
                                      "x,X,2030-06-12 09:30,published,https://stats.example.org/x,page\n",
                                      "c.csv");
  ASSERT_TRUE(calendar) << fault_lines(calendar.error());
  EXPECT_EQ(calendar->items[0].status, ItemStatus::published);
  EXPECT_EQ(calendar->releases[0].status, ReleaseStatus::confirmed);
}

TEST(CsvSource, PostponedToAMonthIsWatchedAsProvisional) {
  const auto calendar = read_calendar(
      &make_csv_source, "id,title,due,status,url,role\nx,X,June 2030,postponed,https://a.example.org/,page\n", "c.csv");
  ASSERT_TRUE(calendar) << fault_lines(calendar.error());
  EXPECT_EQ(calendar->items[0].status, ItemStatus::postponed);
  EXPECT_EQ(calendar->releases[0].status, ReleaseStatus::provisional);
}

TEST(CsvSource, AnEmbargoedAddressIsNotInTheItem) {
  const auto calendar = read_calendar(
      &make_csv_source, "id,title,due,url,role\nx,X,2030-06-12 09:30,https://stats.example.org/x,page\n", "c.csv");
  ASSERT_TRUE(calendar);
  EXPECT_EQ(calendar->items[0].url, "");
}

struct BadCsv {
  const char* name;
  std::string csv;
  const char* want;
};
void PrintTo(const BadCsv& c, std::ostream* out) { *out << c.name; }

class CsvFaultTest : public testing::TestWithParam<BadCsv> {};
TEST_P(CsvFaultTest, SaysWhereAndWhat) { EXPECT_EQ(csv_lines(GetParam().csv), std::string{GetParam().want} + "\n"); }

constexpr const char* kToUtf8 = "; save it as UTF-8; in Excel choose CSV UTF-8 (Comma delimited)";
const std::string kCsvLatin =
    std::string{"c.csv:2:4: the text is not UTF-8 from here on; it seems to be windows-1252"} + kToUtf8;
const std::string kCsvUtf16 = std::string{"c.csv:1:1: the text is UTF-16"} + kToUtf8;

INSTANTIATE_TEST_SUITE_P(
    Files, CsvFaultTest,
    testing::Values(
        BadCsv{"Empty", "\xEF\xBB\xBF \r\n", "c.csv:1:1: it is empty; a calendar without any entry is not believed"},
        BadCsv{"HeaderAlone", "id,title,due\n",
               "c.csv: no entry is in it; a calendar without any entry is not believed"},
        BadCsv{"Windows1252", "title,due\nCaf\xE9,2030-05-23\n", kCsvLatin.c_str()},
        BadCsv{"Utf16", "\xFF\xFEt", kCsvUtf16.c_str()},
        BadCsv{"Workbook", "PK\x03\x04zzzz",
               "c.csv:1:1: this is a workbook, not text; save the sheet as CSV UTF-8 (Comma delimited)"},
        BadCsv{
            "SignInPage", "\n<!DOCTYPE html><title>Sign in</title>",
            "c.csv:1:1: this is a web page or XML, not a calendar; check the address: perhaps a sign-in or error page "
            "is served there"},
        BadCsv{"Nul", std::string{"title,due\na\0b,2030-05-23\n", 25},
               "c.csv:2:2: a NUL byte stands here, so this is not text; check the address"},
        BadCsv{
            "NoTitle", "id,due\nx,2030-05-23\n",
            "c.csv:1:1: column \"title\" is missing; the first row names columns of these: id, title, due, date, time, "
            "status, url, role, name, profile, edition and reason"},
        BadCsv{"DueAndDate", "title,due,date\nx,2030-05-23,\n",
               "c.csv:1:1: there are both column \"due\" and column \"date\" or \"time\"; keep due, or date and time"},
        BadCsv{"ColumnTwice", "title,due,Title \nx,2030-05-23,\n",
               "c.csv:1:11: column \"title\" is there twice; rename one of the two"},
        BadCsv{"MoreValuesThanColumns", "title,due\nBread, milk,2030-05-23\n",
               "c.csv:2:13: row 2 has 3 values, but the first row names 2; put a value that holds the delimiter in "
               "quotes"}),
    [](const auto& c) { return c.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Rows, CsvFaultTest,
    testing::Values(
        BadCsv{
            "AmbiguousDate", "title,due\nx,03/04/2026\n",
            "c.csv:2:3: row 2: \"03/04/2026\" can be 3 April 2026 or 4 March 2026; write the month as a word, or the "
            "date like 2018-04-25"},
        BadCsv{"MissingHour", "title,date,time\nx,2030-03-31,01:30\n",
               "c.csv:2:3: row 2: 01:30 does not exist on 2030-03-31 in Europe/London, because the clocks go forward "
               "then; write 2030-03-31 01:30+00:00 (01:30 UTC) or 2030-03-31 01:30+01:00 (00:30 UTC)"},
        BadCsv{
            "NoDate", "title,due\nx,\n",
            "c.csv:2:3: row 2: there is no date; write it like 2018-04-25 09:30, 25 April 2018 9:30am, 25 April 2018 "
            "(09:30 assumed) or April 2018"},
        BadCsv{"ConfirmedMonth", "title,due,status\nx,June 2030,confirmed\n",
               "c.csv:2:3: row 2: \"June 2030\" has no day, so it cannot be confirmed; write status provisional"},
        BadCsv{"UnknownStatus", "title,due,status\nx,2030-05-23 09:30,soon\n",
               "c.csv:2:20: row 2: \"soon\" is not a status; write confirmed, provisional, postponed, cancelled or "
               "published"},
        BadCsv{"BadId", "id,title,due\nCPI March,x,2030-05-23 09:30\n",
               "c.csv:2:1: row 2: \"CPI March\" cannot be an id; use a-z, 0-9 and -, at most 100 of them"},
        BadCsv{"SameTitleTwice", "title,due\nx,2030-05-23 09:30\nx,2030-06-23 09:30\n",
               "c.csv:3:1: \"x\" is the key of two entries, first in line 2; give each entry an id of its own"},
        BadCsv{"RowsDisagree",
               "id,title,due,url,role\nx,X,2030-05-23 09:30,https://a.example.org/,page\n"
               "x,X,2030-05-24 09:30,https://b.example.org/,file\n",
               "c.csv:3:5: row 3 gives release \"x\" another due than row 2; rows of one id are URLs of one release: "
               "write the same, or leave it empty"},
        BadCsv{"IdTwiceWithoutUrl", "id,title,due\nx,X,2030-05-23 09:30\nx,X,2030-05-23 09:30\n",
               "c.csv:3:1: row 3 has the id of row 2 and no URL of its own; give each release an id of its own"},
        BadCsv{"ReleaseRule", "id,title,due,url,role\nx,X,2030-05-23 09:30,https://a.example.org/,paige\n",
               "c.csv:2:45: release \"x\": urls[0].role must be page, latest, file, api, listing or announcement, not "
               "\"paige\"; did you mean \"page\"?"},
        BadCsv{"ReversedUrl", "title,due,url\nX,2030-05-23 09:30,https://a.example.org/\xE2\x80\xAEm\n",
               "c.csv:2:20: row 2: url holds a character that turns the direction of text (U+202E)"},
        BadCsv{"ControlCharacter", "title,due\nx\xE2\x80\xAEy,2030-05-23 09:30\n",
               "c.csv:2:1: row 2: title holds a character that turns the direction of text (U+202E)"}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
