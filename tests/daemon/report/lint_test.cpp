#include "daemon/report/lint.h"

#include <gmock/gmock.h>

#include <functional>

#include "tests/daemon/report/sample_record.h"
#include "tests/daemon/report/trouble_record.h"

namespace embargod {
namespace {

std::vector<std::string> codes_of(const Report& r) {
  std::vector<std::string> codes;
  for (const ReportFinding& f : lint(r))
    if (f.level != ReportFinding::Level::note) codes.push_back(f.code);
  return codes;
}

struct LintCase {
  const char* name;
  std::function<void(Report&)> slip;
  const char* code;
};

SpanFacts& first_span_of(Report& r) { return r.outputs[0].targets[0].spans[0]; }

void state_in(Report& r, const char* label, Piece piece) {
  for (ReportSection& s : r.sections)
    for (ReportField& f : s.fields)
      if (f.label == label) f.statements.push_back({{std::move(piece)}, {}});
}

class LintTest : public testing::TestWithParam<LintCase> {};
TEST_P(LintTest, FindsTheSlip) {
  Report r = make_report(sample_record());
  ASSERT_THAT(codes_of(r), testing::IsEmpty());
  GetParam().slip(r);
  EXPECT_THAT(codes_of(r), testing::Contains(GetParam().code));
}
INSTANTIATE_TEST_SUITE_P(
    Slips, LintTest,
    testing::Values(
        // The reference report: 25.05. and 26.05.2018 for 25.04. and 26.04., "2 days" and "3 days" ahead of 23.04.
        LintCase{"MonthOfTheReferenceReport", [](Report& r) { r.outputs[0].due = at_utc("2018-05-25T08:30:00Z"); },
                 "lead-days"},
        LintCase{"MonthOfTheSecondOutput", [](Report& r) { r.outputs[1].due = at_utc("2018-05-26T08:30:00Z"); },
                 "lead-days"},
        LintCase{"SecondOutputDueOnASaturday", [](Report& r) { r.outputs[1].due = at_utc("2018-05-26T08:30:00Z"); },
                 "due-weekday"},
        LintCase{"DueOnASunday", [](Report& r) { r.outputs[0].due = at_utc("2018-04-29T08:30:00Z"); }, "due-weekday"},
        LintCase{"WrongLeadDays", [](Report& r) { r.outputs[0].lead_days_least = 3; }, "lead-days"},
        LintCase{"WrongLead", [](Report& r) { r.outputs[0].lead->shortest += Millis{1}; }, "lead"},
        LintCase{"WrongLongestLead", [](Report& r) { r.outputs[0].lead->longest = Millis{1}; }, "lead"},
        LintCase{"LeadWithoutDue", [](Report& r) { r.outputs[0].due.reset(); }, "lead-unfounded"},
        LintCase{"ShortestOverLongest", [](Report& r) { first_span_of(r).time_up.shortest = Millis{900'000}; },
                 "time-up-order"},
        LintCase{"TimeUpNotOfTheBounds", [](Report& r) { first_span_of(r).time_up.longest = Millis{899'000}; },
                 "time-up"},
        LintCase{"BoundsCrossed",
                 [](Report& r) { first_span_of(r).went_live.earliest = first_span_of(r).went_live.latest + Millis{1}; },
                 "bounds-order"},
        LintCase{"GoneBeforeItCame",
                 [](Report& r) { first_span_of(r).went_down = InstantBounds{{}, at_utc("2018-04-23T10:00:00Z")}; },
                 "bounds-order"},
        LintCase{"LiveOnlyAfterDue", [](Report& r) { r.outputs[0].due = at_utc("2018-04-23T09:30:00Z"); }, "not-early"},
        LintCase{"SecondSpanBeforeTheFirstEnded",
                 [](Report& r) {
                   auto& spans = r.outputs[0].targets[0].spans;
                   spans[0].went_down.reset();
                   spans[0].time_up.longest.reset();
                   spans.push_back(spans[0]);
                 },
                 "span-order"},
        LintCase{"OtherTitleInTheSchedule", [](Report& r) { r.outputs[0].scheduled_title = "Renamed"; },
                 "title-changed"},
        LintCase{"OtherDueInTheSchedule",
                 [](Report& r) { r.outputs[0].scheduled_due = at_utc("2018-04-27T08:30:00Z"); }, "due-changed"},
        LintCase{"PracticeOfAnotherEdition", [](Report& r) { r.code_edition = "3.0"; }, "edition"},
        LintCase{"InventedDownloads",
                 [](Report& r) { state_in(r, "Views and downloads", {Piece::Kind::ours, "8 views"}); },
                 "invented-figure"},
        LintCase{"InventedAction",
                 [](Report& r) {
                   state_in(r, "Short term, taken or planned", {Piece::Kind::ours, "taken down within 15 minutes"});
                 },
                 "invented-figure"},
        LintCase{"ClaimsExactness",
                 [](Report& r) { state_in(r, "Detected", {Piece::Kind::ours, "It went live at exactly ten."}); },
                 "wording"},
        LintCase{"UnseenUrl",
                 [](Report& r) { state_in(r, "Detected", {Piece::Kind::url, "https://digital.example.org/next"}); },
                 "url-unseen"},
        LintCase{"AccountWithoutTheTimeUp",
                 [](Report& r) {
                   for (auto& s : r.sections)
                     if (s.heading == "Early release") s.fields.clear();
                 },
                 "time-up-text"},
        LintCase{"NoCoverage",
                 [](Report& r) {
                   std::erase_if(r.sections, [](const auto& s) { return s.heading.starts_with("What this"); });
                 },
                 "coverage"}),
    [](const auto& c) { return c.param.name; });

// Outputs of trouble_record(): early, late, incomplete, wrong_content, gap.
class LintTroubleTest : public testing::TestWithParam<LintCase> {};
TEST_P(LintTroubleTest, FindsTheSlip) {
  Report r = make_report(trouble_record());
  ASSERT_THAT(codes_of(r), testing::IsEmpty());
  GetParam().slip(r);
  EXPECT_THAT(codes_of(r), testing::Contains(GetParam().code));
}
INSTANTIATE_TEST_SUITE_P(
    Slips, LintTroubleTest,
    testing::Values(
        LintCase{"LatenessOfAnotherPart", [](Report& r) { r.outputs[1].lead->shortest -= Millis{1}; }, "lead"},
        LintCase{"LatenessBeforeEverythingIsOut", [](Report& r) { r.outputs[2].targets[0].spans.clear(); },
                 "lead-unfounded"},
        LintCase{"LatenessOfTheFirstMissingPart",
                 [](Report& r) {
                   r.outputs[2].lead->shortest = *r.outputs[2].due - r.outputs[2].targets[0].spans[0].went_live.latest;
                 },
                 "lead"},
        LintCase{"ALeadForWrongContent", [](Report& r) { r.outputs[3].lead = Lead{}; }, "lead-unfounded"},
        LintCase{"TimeOfTheWrongContent",
                 [](Report& r) { r.outputs[3].targets[0].spans[0].time_up.longest = Millis{1}; }, "time-up"},
        LintCase{"GapLeftOut", [](Report& r) { r.outputs[4].targets[0].away.clear(); }, "away"},
        LintCase{"GapNotOfTheBounds", [](Report& r) { r.outputs[4].targets[0].away[0].shortest += Millis{1}; }, "away"},
        LintCase{"AccountWithoutTheGap",
                 [](Report& r) {
                   for (auto& s : r.sections)
                     if (s.heading == "Gap after release") s.fields.clear();
                 },
                 "away-text"}),
    [](const auto& c) { return c.param.name; });

TEST(LintTest, SaysWhatTheDatesGive) {
  Report r = make_report(sample_record());
  r.outputs[0].due = at_utc("2018-05-25T08:30:00Z");
  const auto found = lint(r);
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found.front().what,
            "it says 2 days ahead, but from 23 April 2018 to the due date 25 May 2018 there are 32");
}

TEST(LintTest, CountsBlanksAndNotesAnUnverifiedClock) {
  ReportInput in = sample_record();
  in.incidents[0].clock_verified = false;
  std::vector<std::string> notes;
  for (const ReportFinding& f : make_report(in).findings) notes.push_back(f.code + ": " + f.what);
  EXPECT_THAT(notes,
              testing::ElementsAre("clock: the clock was not verified; the bounds are widened by the error assumed",
                                   "blanks: 12 blanks are to be completed before it is filed"));
}

}  // namespace
}  // namespace embargod
