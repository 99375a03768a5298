// Finished reports as files: what is read of them, and what is no report.

#include <gmock/gmock.h>

#include "daemon/report/lint_written.h"
#include "daemon/report/office_zip.h"
#include "daemon/report/render_text.h"
#include "daemon/report/written_dates.h"
#include "tests/daemon/report/sample_record.h"

namespace embargod {
namespace {

using testing::HasSubstr;

TEST(ReadWrittenReport, ReadsWhatWordProcessorsMakeOfSpacesAndForms) {
  // As LibreOffice saves a form as a page: cells for labels, fonts, lines that are broken anywhere.
  const std::string page =
      "<!DOCTYPE html><html><body><table><tr><td><p><font>Date of\n\treport</font></p></td><td><p>24\xC2\xA0"
      "April "
      "2018</p></td></tr><tr><td><p>Head of Profession or Lead Official</p></td><td><p><font>Ann\n\tExample, </font><b>"
      "hop@example.org</b></p></td></tr><tr><td>Account</td><td>[TO\n\t\tCOMPLETE: it]</td></tr></table></body></html>";
  const auto report = read_written_report(page, "r.html");
  ASSERT_TRUE(report);
  std::vector<std::pair<WrittenField, std::string>> content;
  for (const Passage& p : report->passages)
    if (!p.is_label) content.emplace_back(p.field, p.text);
  const std::vector<std::pair<WrittenField, std::string>> wanted{
      {WrittenField::report_date, "24 April 2018"},
      {WrittenField::contact, "Ann Example, hop@example.org"},
      {WrittenField::other, "[TO COMPLETE: it]"}};
  EXPECT_EQ(content, wanted);
}

TEST(ReadWrittenReport, LeavesOutWhatAReviewerStruckOut) {
  const std::string docx = office_zip(
      {{"word/document.xml",
        "<w:document xmlns:w=\"x\"><w:body><w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r>"
        "</w:del><w:ins><w:r><w:t> and new</w:t></w:r></w:ins></w:p></w:body></w:document>"}});
  const auto report = read_written_report(docx, "r.docx");
  ASSERT_TRUE(report);
  ASSERT_EQ(report->passages.size(), 1U);
  EXPECT_EQ(report->passages[0].text, "kept and new");
}

struct Unreadable {
  const char* name;
  std::string bytes;
  const char* says;
};
class UnreadableTest : public testing::TestWithParam<Unreadable> {};
TEST_P(UnreadableTest, IsAFault) {
  const auto report = read_written_report(GetParam().bytes, "r.docx");
  ASSERT_FALSE(report);
  EXPECT_THAT(to_string(report.error()), testing::AllOf(HasSubstr("r.docx: "), HasSubstr(GetParam().says)));
}
INSTANTIATE_TEST_SUITE_P(
    Files, UnreadableTest,
    testing::Values(
        Unreadable{"Nothing", "", "no text"}, Unreadable{"Spaces", " \n\n", "no text"},
        Unreadable{"Binary", std::string{"\x89PNG\r\n\x1a\n\0\0", 10}, "neither text"},
        Unreadable{"CutArchive", render_docx(make_report(sample_record())).substr(0, 900), "cannot be opened"},
        Unreadable{"AnotherArchive", office_zip({{"xl/workbook.xml", "<x/>"}}), "neither a Word"},
        Unreadable{"BrokenXml", office_zip({{"word/document.xml", "<w:document><w:body>"}}), "cannot be read"},
        Unreadable{"Bomb", office_zip({{"content.xml", std::string(std::size_t{65} << 20U, ' ')}}), "64 MiB"}),
    [](const auto& c) { return c.param.name; });

TEST(ReadIncidentRecords, ReadsWhatTheApiAnswers) {
  const auto records = read_incident_records(
      R"({"items":[{"id":"01A","title":"T","due":"2018-04-25T08:30:00.000Z","targets":[{"spans":[
        {"went_down":{"latest":"x"},"time_up":{"shortest_seconds":834.0,"longest_seconds":866.4}},
        {"went_down":null,"time_up":{"shortest_seconds":1.5,"longest_seconds":2.5}}]}]}],"next":null})");
  ASSERT_TRUE(records);
  ASSERT_EQ(records->size(), 1U);
  const IncidentRecord& r = records->front();
  EXPECT_EQ(r.title, "T");
  EXPECT_EQ(r.due, at_utc("2018-04-25T08:30:00Z"));
  ASSERT_EQ(r.time_up.size(), 2U);
  EXPECT_EQ(r.time_up[0], (SpanBounds{.shortest = Millis{834'000}, .longest = Millis{866'400}}));
  EXPECT_FALSE(r.time_up[1].longest) << "it is still up";
  for (const char* bad : {"", "[]", "{}", "{\"items\":[{\"id\":7}]}", "{\"id\":\"a\",\"targets\":[{\"spans\":[3]}"})
    EXPECT_FALSE(read_incident_records(bad)) << bad;
}

TEST(WrittenDates, AreReadAsPeopleWriteThem) {
  const auto only = [](const char* text) {
    const auto all = written_dates(text);
    return all.size() == 1 ? rfc3339(Instant{std::chrono::sys_days{all[0].day}}).substr(0, 10)
                           : std::to_string(all.size());
  };
  for (const char* text : {"25.04.2018", "25/4/2018", "25-04-2018", "25.04.18", "2018-04-25T10:00:00Z", "25 April 2018",
                           "Wed 25th of April, 2018", "April 25, 2018", "25 Arpil 2018"})
    EXPECT_EQ(only(text), "2018-04-25") << text;
  for (const char* text : {"0.1.0", "1.2.10", "therapies-2018-01-25", "9.30", "20 minutes", "3 views 2018", "T3.6"})
    EXPECT_EQ(only(text), "0") << text;
}

}  // namespace
}  // namespace embargod
