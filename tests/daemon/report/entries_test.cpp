// What people write into a report, and who approved which version.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "daemon/report/lint.h"
#include "daemon/report/render_text.h"
#include "daemon/report/report.h"
#include "tests/daemon/report/sample_record.h"

namespace embargod {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const Instant kWritten = *parse_rfc3339("2018-04-24T09:00:00Z");

ReportEntry entry(const ReportInput& in, std::size_t incident, const char* field, const char* text) {
  return {in.incidents[incident].id, field, text, kWritten, "Duty officer"};
}

std::string one_line(std::string text) {
  std::string out;
  for (const char c : text)
    if (c != '\n' && !(c == ' ' && out.ends_with(' ')))
      out += c;
    else if (!out.ends_with(' '))
      out += ' ';
  return out;
}

TEST(ReportEntries, ATextTakesThePlaceOfItsBlankWithItsAuthorAsTheSource) {
  ReportInput in = sample_record();
  const int blanks = make_report(in).blanks;
  in.entries = {entry(in, 0, "effect", "draft of it"),
                entry(in, 0, "effect", "None is known.\n\nThe press office was asked.")};
  const Report r = make_report(in);
  EXPECT_EQ(r.blanks, blanks - 1);
  const std::string text = one_line(render_plain(r));
  EXPECT_THAT(text, AllOf(HasSubstr("Effect on trust, markets or decisions: None is known. ["),
                          HasSubstr("The press office was asked. ["), Not(HasSubstr("draft of it")),
                          HasSubstr("written by Duty officer at 2018-04-24T09:00:00.000Z (effect)")));
  in.entries.push_back(entry(in, 0, "effect", ""));
  EXPECT_EQ(make_report(in).blanks, blanks) << "taken back";
}

TEST(ReportEntries, EachIncidentHasItsOwnCauseAndOneTextForAllStandsOnce) {
  ReportInput in = sample_record();
  ASSERT_GE(in.incidents.size(), 2U);
  in.entries = {entry(in, 0, "cause", "A wrong click."), entry(in, 1, "contact", "Nobody."),
                entry(in, 0, "contact", "Nobody."), entry(in, 0, "effect", "One."), entry(in, 1, "effect", "Another.")};
  const std::string text = one_line(render_plain(make_report(in)));
  const auto times = [&](const std::string& what) {
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
  };
  EXPECT_EQ(times("A wrong click."), 1U);
  EXPECT_EQ(times("[TO COMPLETE: how it came about"), 1U) << "of the other incident";
  EXPECT_EQ(times("Nobody."), 1U);
  EXPECT_THAT(text, AllOf(HasSubstr("One. ["), HasSubstr("Another. [")));
}

TEST(ReportEntries, ANoteStandsBesideTheFactsAndChangesNone) {
  ReportInput in = sample_record();
  const Report before = make_report(in);
  in.entries = {entry(in, 0, "note-coverage", "The web team's own monitor agrees."),
                entry(in, 0, "note-account", "By hand."), entry(in, 0, "note-timeline", "All times were checked.")};
  const Report after = make_report(in);
  EXPECT_EQ(after.blanks, before.blanks);
  ASSERT_EQ(after.sections.size(), before.sections.size());
  std::size_t added = 0;
  for (std::size_t s = 0; s < after.sections.size(); ++s) {
    const auto& now = after.sections[s].fields;
    const auto& then = before.sections[s].fields;
    added += now.size() - then.size();
    for (std::size_t f = 0; f < then.size(); ++f) {
      ASSERT_EQ(now[f].statements.size(), then[f].statements.size());
      for (std::size_t k = 0; k < then[f].statements.size(); ++k)
        for (std::size_t p = 0; p < then[f].statements[k].pieces.size(); ++p)
          EXPECT_EQ(now[f].statements[k].pieces[p].text, then[f].statements[k].pieces[p].text);
    }
  }
  EXPECT_EQ(added, 3U);
}

TEST(ReportEntries, MarkupAndControlCharactersStayText) {
  ReportInput in = sample_record();
  in.entries = {entry(in, 0, "effect", "<script>alert(1)</script> [x](http://x) `y`")};
  EXPECT_THAT(render_html(make_report(in)), AllOf(HasSubstr("&lt;script&gt;"), Not(HasSubstr("<script>"))));
  EXPECT_THAT(render_markdown(make_report(in)), Not(HasSubstr("[x](http")));
}

TEST(ReportEntries, EveryFieldOfTheFormCanBeFilledAndThenNoBlankIsLeft) {
  for (const ReportForm form : {ReportForm::full, ReportForm::log_entry}) {
    ReportInput in = sample_record();
    in.form = form;
    for (std::size_t i = 0; i < in.incidents.size(); ++i)
      for (const ReportFieldAsk& f : report_fields()) in.entries.push_back(entry(in, i, f.id, "Written."));
    const Report r = make_report(in);
    EXPECT_EQ(r.blanks, 0) << render_plain(r);
    for (const ReportFinding& f : r.findings) EXPECT_NE(f.level, ReportFinding::Level::error) << f.what;
  }
}

ReportMark marked(ReportMark::Kind kind, const std::string& version) {
  return {"R-1", "01A", version, kind, "N.N. <HoP>", "Head of Profession", kWritten};
}

TEST(ReportMarks, AVersionStaysTheSameWhoeverReadIt) {
  ReportInput in = sample_record();
  const std::string version = make_report(in).version;
  in.marks = {marked(ReportMark::Kind::approved, version), marked(ReportMark::Kind::final, version)};
  EXPECT_EQ(make_report(in).version, version);
  in.looks[2].count += 7;  // it is still looked at
  in.looks[2].last_done += Seconds{14};
  EXPECT_EQ(make_report(in).version, version);
  in.entries = {entry(in, 0, "effect", "x")};
  EXPECT_NE(make_report(in).version, version);
}

TEST(ReportMarks, OnlyTheVeryVersionThatWasMarkedIsFinal) {
  ReportInput in = sample_record();
  const std::string version = make_report(in).version;
  in.marks = {marked(ReportMark::Kind::approved, version)};
  EXPECT_EQ(final_mark(make_report(in)), nullptr);
  in.marks.push_back(marked(ReportMark::Kind::final, version));
  const Report final = make_report(in);
  ASSERT_NE(final_mark(final), nullptr);
  EXPECT_THAT(
      one_line(render_plain(final)),
      AllOf(HasSubstr("FINAL, as marked by N.N. <HoP> (Head of Profession) at 09:00:00.000 UTC on 24 April 2018"),
            HasSubstr("This version was approved by"), Not(HasSubstr("DRAFT"))));
  EXPECT_THAT(render_html(final),
              AllOf(HasSubstr("class=\"final\""), HasSubstr("N.N. &lt;HoP&gt;"), Not(HasSubstr("DRAFT"))));
  EXPECT_EQ(nlohmann::json::parse(render_report_json(final)).at("draft"), false);
  EXPECT_EQ(nlohmann::json::parse(render_report_json(final)).at("marks").size(), 2U);
  in.entries = {entry(in, 0, "effect", "x")};
  const Report changed = make_report(in);
  EXPECT_EQ(final_mark(changed), nullptr);
  EXPECT_THAT(one_line(render_plain(changed)),
              AllOf(HasSubstr("DRAFT, not filed."),
                    HasSubstr("Version " + version + " was marked as final by N.N. <HoP> (Head of Profession)"),
                    HasSubstr("has changed since")));
}

TEST(ReportMarks, AFinalOfficeDocumentHasNoWatermark) {
  ReportInput in = sample_record();
  const std::string draft = render_docx(make_report(in));
  in.marks = {marked(ReportMark::Kind::final, make_report(in).version)};
  EXPECT_NE(render_docx(make_report(in)), draft);
}

}  // namespace
}  // namespace embargod
