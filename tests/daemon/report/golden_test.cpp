// The report word by word.

#include <gtest/gtest.h>

#include "daemon/report/render_text.h"
#include "tests/daemon/report/golden_file.h"
#include "tests/daemon/report/sample_record.h"
#include "tests/daemon/report/trouble_record.h"

namespace embargod {
namespace {

/// A rehearsal that went as planned.
ReportInput rehearsal_record() {
  ReportInput in = sample_record();
  in.incidents.resize(1);
  in.incidents[0].rehearsal = RehearsalMark{.id = "01R",
                                            .by = "Publication team",
                                            .reason = "New web platform",
                                            .from = at_utc("2018-04-23T10:10:00Z"),
                                            .until = at_utc("2018-04-23T10:45:00Z")};
  return in;
}

/// One whose window ended while the release was public.
ReportInput overrun_record() {
  ReportInput in = rehearsal_record();
  RehearsalMark& r = *in.incidents[0].rehearsal;
  r.until = at_utc("2018-04-23T10:20:00Z");
  r.over = r.until;
  r.why_over = "its window ended";
  return in;
}

struct GoldenCase {
  const char* name;
  const char* file;
  ReportInput (*record)();
  ReportForm form;
  ReportFormat format;
};

class GoldenReportTest : public testing::TestWithParam<GoldenCase> {};
TEST_P(GoldenReportTest, IsAsOnFile) {
  ReportInput in = GetParam().record();
  in.form = GetParam().form;
  expect_golden(GetParam().file, render(make_report(in), GetParam().format));
}
INSTANTIATE_TEST_SUITE_P(
    Reports, GoldenReportTest,
    testing::Values(
        GoldenCase{"FullText", "full.txt", &sample_record, ReportForm::full, ReportFormat::text},
        GoldenCase{"FullMarkdown", "full.md", &sample_record, ReportForm::full, ReportFormat::markdown},
        GoldenCase{"FullHtml", "full.html", &sample_record, ReportForm::full, ReportFormat::html},
        GoldenCase{"FullJson", "full.json", &sample_record, ReportForm::full, ReportFormat::json},
        GoldenCase{"LogEntryText", "log-entry.txt", &sample_record, ReportForm::log_entry, ReportFormat::text},
        GoldenCase{"RehearsalText", "rehearsal.txt", &rehearsal_record, ReportForm::full, ReportFormat::text},
        GoldenCase{"OverrunText", "rehearsal-overrun.txt", &overrun_record, ReportForm::full, ReportFormat::text},
        GoldenCase{"OverrunLogEntryText", "rehearsal-overrun-log-entry.txt", &overrun_record, ReportForm::log_entry,
                   ReportFormat::text},
        GoldenCase{"TroublesText", "troubles.txt", &trouble_record, ReportForm::full, ReportFormat::text},
        GoldenCase{"TroublesJson", "troubles.json", &trouble_record, ReportForm::full, ReportFormat::json},
        GoldenCase{"TroublesLogEntryText", "troubles-log-entry.txt", &trouble_record, ReportForm::log_entry,
                   ReportFormat::text}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
