#include "daemon/report/report.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "daemon/report/practices.h"
#include "daemon/report/render_text.h"
#include "daemon/store/memory_store.h"
#include "tests/daemon/report/sample_record.h"
#include "tests/daemon/report/trouble_record.h"
#include "tests/support/drifts.h"

namespace embargod {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string flat(const std::string& wrapped_text) {
  std::string out;
  for (const char c : wrapped_text) {
    if ((c == ' ' || c == '\n') && !out.empty() && out.back() == ' ') continue;
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string text_of(const ReportInput& in) { return flat(render_plain(make_report(in))); }

int level_count(const Report& r, ReportFinding::Level l) {
  return static_cast<int>(
      std::count_if(r.findings.begin(), r.findings.end(), [l](const ReportFinding& f) { return f.level == l; }));
}

TEST(MakeReport, StatesDueDatesAndLeadInLocalDays) {
  EXPECT_THAT(
      text_of(sample_record()),
      AllOf(HasSubstr("Wednesday 25 April 2018, 09:30 (Europe/London), which is 08:30:00.000 UTC"),
            HasSubstr("Thursday 26 April 2018, 09:30 (Europe/London)"),
            HasSubstr("First live 2 days ahead of the due date"), HasSubstr("First live 3 days ahead of the due date"),
            HasSubstr(
                "at least 1 day 22 h 17 min 38.7 s and at most 1 day 22 h 18 min 8.9 s before the announced time")));
}

TEST(MakeReport, StatesTheTimeUpWithBothEndsAndNeverRoundsIntoAClaim) {
  EXPECT_THAT(text_of(sample_record()), AllOf(HasSubstr("Time up: at least 13 min 54.0 s and at most 14 min 26.4 s"),
                                              HasSubstr("after 10:11:51.100 UTC and at or before 10:12:21.220 UTC on "
                                                        "23 April 2018 (11:11:51 to 11:12:22 Europe/London)"),
                                              Not(HasSubstr("exactly")), Not(HasSubstr(" about "))));
}

TEST(MakeReport, StatesWhatWasDecidedInTheAccountAndAmongTheActions) {
  ReportInput in = sample_record();
  in.incidents[0].ruling = Ruling{"HoP", at_utc("2018-04-23T10:17:00Z"), Choice::take_down, "wrong figures"};
  const Report r = make_report(in);
  EXPECT_EQ(level_count(r, ReportFinding::Level::error), 0);
  EXPECT_EQ(r.blanks, 12) << "what was done stays for people to say";
  EXPECT_THAT(text_of(in), AllOf(HasSubstr("Decided by HoP at 10:17:00.000 UTC on 23 April 2018"),
                                 HasSubstr("to take it down: wrong figures"),
                                 HasSubstr("HoP decided to take it down, because: wrong figures")));
}

TEST(MakeReport, LeavesCauseImpactAndActionsBlank) {
  const Report r = make_report(sample_record());
  EXPECT_EQ(r.blanks, 12);
  EXPECT_THAT(text_of(sample_record()),
              AllOf(HasSubstr("Views and downloads: not measured by this monitor; [TO COMPLETE:"),
                    HasSubstr("Cause, and the roles of the persons involved: [TO COMPLETE:"),
                    HasSubstr("Link to published statement: [TO COMPLETE:")));
  for (const ReportSection& s : r.sections)
    for (const ReportField& f : s.fields) {
      if (!f.is_for_people) continue;
      for (const Statement& st : f.statements)
        for (const Piece& p : st.pieces)
          if (p.kind != Piece::Kind::blank) {
            EXPECT_EQ(p.text.find_first_of("0123456789"), std::string::npos) << f.label << ": " << p.text;
          }
    }
}

TEST(MakeReport, HasItsCoverageSectionWithBlindTimeClockIntervalAndOwnRequests) {
  EXPECT_THAT(text_of(sample_record()),
              AllOf(HasSubstr("What this monitor could and could not see"), HasSubstr("2018-04-23 01:05:10.000"),
                    HasSubstr("1 min 30.0 s"), HasSubstr("the site answered with an HTTP 5xx error"),
                    HasSubstr("no statement is made for them"), HasSubstr("99.8 %"), HasSubstr("30.1 s"),
                    HasSubstr("Clock verified"), HasSubstr("Set to 1m; 15s within 1d"),
                    HasSubstr("therapies-2018-01/page: 412 requests were answered with the live content"),
                    HasSubstr("embargod/0.1.0 (+mailto:publications@example.org)")));
}

TEST(MakeReport, SaysWhenTheClockWasNotVerified) {
  ReportInput in = sample_record();
  in.incidents[0].clock_verified = false;
  EXPECT_THAT(text_of(in), HasSubstr("Clock not verified"));
}

TEST(MakeReport, SaysPlainlyThatItIsStillUp) {
  ReportInput in = sample_record();
  ExposureSpan& s = in.incidents[0].targets[0].spans[0];
  s.went_down.reset();
  s.ended_by.reset();
  in.incidents[0].state = IncidentState::open;
  in.incidents[0].contained.reset();
  const std::string text = text_of(in);
  EXPECT_THAT(text, AllOf(HasSubstr("it was still live at the newest look"),
                          HasSubstr("so far; it was not seen to end"), HasSubstr("the incident is still going on")));
  EXPECT_FALSE(make_report(in).outputs[0].targets[0].spans[0].time_up.longest);
}

TEST(MakeReport, SaysPlainlyThatTheStartIsUnknown) {
  ReportInput in = sample_record();
  in.incidents[0].targets[0].spans[0].went_live.earliest.reset();
  EXPECT_THAT(text_of(in), AllOf(HasSubstr("Went live: not known. It was already live when this monitor first looked"),
                                 HasSubstr("2 days or more ahead"), HasSubstr("(no upper bound is known)")));
  EXPECT_EQ(level_count(make_report(in), ReportFinding::Level::error), 0);
}

TEST(MakeReport, SeparatesServedCopiesFromThePublishingSystem) {
  ReportInput in = sample_record();
  TargetExposure& t = in.incidents[0].targets[0];
  t.first.age = Seconds{240};
  t.spans[0].origin_live = InstantBounds{{}, at_utc("2018-04-23T10:08:23.220Z")};
  EXPECT_THAT(text_of(in),
              AllOf(HasSubstr("carried Age 240, so the publishing system had produced the page by 10:08:23.220 UTC"),
                    HasSubstr("at least one earlier request to that cache had occurred"),
                    HasSubstr("The times above are those of copies as served to this monitor")));
}

TEST(MakeReport, StatesBothEndsAtThePublishingSystemBesideTheTimesAsServed) {
  EXPECT_THAT(text_of(trouble_record()),
              AllOf(HasSubstr("Went live: after 08:29:59.980 UTC and at or before 08:31:00.100 UTC on 24 April 2018"),
                    HasSubstr("carried Age 45, so the publishing system had produced the page by 08:30:17.100 UTC"),
                    HasSubstr("It came there after 08:29:26.980 UTC and at or before 08:30:17.100 UTC")));
}

TEST(MakeReport, SaysWhichCacheStillServesItAndWhatEachWayShows) {
  EXPECT_THAT(text_of(trouble_record()),
              AllOf(HasSubstr("Still served from cache: where no cache is asked the page is gone, but Varnish still "
                              "served it at the newest look."),
                    HasSubstr("address 192.0.2.8: live at 08:31:02.080 UTC"),
                    HasSubstr("past the cache: not live at 08:33:00.080 UTC")));
}

TEST(MakeReport, SaysForHowLongCachesServedWhatWasWithdrawn) {
  ReportInput in = sample_record();
  ExposureSpan& s = in.incidents[0].targets[0].spans[0];
  s.origin_live = s.went_live;
  s.origin_down = InstantBounds{at_utc("2018-04-23T10:20:00Z"), at_utc("2018-04-23T10:20:02Z")};
  EXPECT_THAT(text_of(in),
              HasSubstr("Served from cache after the publishing system had withdrawn it: for at least 6 min "
                        "13.3 s and at most 6 min 17.5 s."));
  s.origin_down->latest = at_utc("2018-04-23T10:26:16Z");
  EXPECT_THAT(text_of(in), Not(HasSubstr("Served from cache after"))) << "it may have gone everywhere at once";
}

TEST(MakeReport, TellsLateIncompleteWrongContentAndGapApart) {
  EXPECT_THAT(
      text_of(trouble_record()),
      AllOf(HasSubstr("The first of its URLs to go live did so at least 4 min 57.9 s and at most 5 min 0.1 s after the "
                      "announced time. What was missing then is the matter of an incomplete release."),
            HasSubstr("The last of the parts that were missing came at least 14 min 57.9 s and at most 15 min 0.1 s"),
            HasSubstr("What did not fit: the same bytes as maternity-2018-01/tables."),
            HasSubstr("it had been public for at least 59.8 s and at most 3 min 59.2 s"),
            HasSubstr("It was not public for at least 2 min 59.8 s and at most 2 h 10 min 0.2 s")));
}

TEST(MakeReport, ALateReleaseWhoseLastUrlIsOutIsAsLateAsThat) {
  ReportInput in = trouble_record();
  in.incidents = {in.incidents[1]};
  for (TargetExposure& t : in.incidents[0].targets) t.spans = in.incidents[0].targets[0].spans;
  in.incidents[0].targets[2].spans[0].went_live = {kDue + Millis{400'000}, kDue + Millis{402'000}};
  EXPECT_THAT(text_of(in),
              HasSubstr("The last of its URLs to go live did so at least 6 min 40.0 s and at most 6 min 42.0 "
                        "s after the announced time."));
  EXPECT_EQ(level_count(make_report(in), ReportFinding::Level::error), 0);
}

TEST(MakeReport, WhatIsStillGoneOrWrongHasNoEnd) {
  ReportInput in = trouble_record();
  Incident& gap = in.incidents[4];
  gap.targets[0].spans.pop_back();
  gap.state = IncidentState::open;
  gap.contained.reset();
  Incident& wrong = in.incidents[3];
  wrong.targets[0].spans[0].went_down.reset();
  wrong.targets[0].spans[0].ended_by.reset();
  EXPECT_THAT(text_of(in), AllOf(HasSubstr("It was not seen again up to the end of this record."),
                                 HasSubstr("It was still served at the newest look that this report rests on")));
  EXPECT_EQ(level_count(make_report(in), ReportFinding::Level::error), 0);
}

TEST(Practices, EveryKindOfEveryEditionHasLabelsOfThatEdition) {
  for (const char* edition : {"2.0", "2.1", "3.0"})
    for (int k = 0; k < kIncidentKindCount; ++k) {
      const auto kind = static_cast<IncidentKind>(k);
      const Practices p = practices_for(edition, kind);
      EXPECT_EQ(p.proposed.empty(), kind == IncidentKind::blind) << edition << " " << to_string(kind);
      const auto& known = all_practices(edition);
      for (const auto* list : {&p.proposed, &p.alternatives})
        for (const std::string& label : *list)
          EXPECT_NE(std::find(known.begin(), known.end(), label), known.end()) << label;
    }
}

ReportInput drift_record() {
  ReportInput in = trouble_record();
  in.incidents = {drift_incident({drift_in("ons", DriftKind::later, Millis{86'400'000}, "2018-04-26T08:30:00.000Z"),
                                  month_drift("team", DriftKind::provisional)})};
  return in;
}

TEST(MakeReport, SaysWhatEachCalendarShowedInsteadOfTheAnnouncedTime) {
  const ReportInput in = drift_record();
  EXPECT_THAT(
      text_of(in),
      AllOf(HasSubstr("2.1 Contradicting dates of release: Psychological therapies, January 2018 final"),
            HasSubstr("Due Wednesday 25 April 2018, 09:30 (Europe/London)"),
            HasSubstr("ons shows Thursday 26 April 2018, 09:30 BST, 1 day later; as written there: "
                      "\"2018-04-26T08:30:00.000Z\". First read so at"),
            HasSubstr("team no longer shows an exact date, but some time in May 2018; as written there: \"May 2018\"."),
            HasSubstr("First sight: a calendar that was read by"), Not(HasSubstr("was seen live")),
            Not(HasSubstr("Confidence:"))));
  EXPECT_EQ(level_count(make_report(in), ReportFinding::Level::error), 0);
  ReportInput entry = in;
  entry.form = ReportForm::log_entry;
  EXPECT_THAT(text_of(entry), AllOf(HasSubstr("ons shows Thursday 26 April 2018"), HasSubstr("State: open."),
                                    Not(HasSubstr("Confidence:"))));
  EXPECT_THAT(render(make_report(in), ReportFormat::json),
              AllOf(HasSubstr("\"drifts\": ["), HasSubstr("\"as_given\": \"May 2018\"")));
}

TEST(MakeReport, ProposesThePracticeOfDateChangesForAContradiction) {
  for (const auto& [edition, label] :
       {std::pair{"2.0", "Proposed: T3.2: changes to announced dates"}, std::pair{"2.1", "Proposed: T3.2: changes"},
        std::pair{"3.0", "Proposed: 3.2: changes to announced releases"}}) {
    ReportInput in = drift_record();
    in.settings.code_edition = edition;
    EXPECT_THAT(text_of(in), HasSubstr(label));
  }
}

TEST(MakeReport, ADateThatIsCalledLaterAndIsNotIsFound) {
  ReportInput in = drift_record();
  in.incidents[0].drifts[0].kind = DriftKind::earlier;
  EXPECT_EQ(level_count(make_report(in), ReportFinding::Level::error), 1);
}

TEST(MakeReport, StatesHowADueTimeOrAPersonEndedIt) {
  ReportInput in = sample_record();
  ExposureSpan& s = in.incidents[0].targets[0].spans[0];
  s.ended_by = EndedBy::due;
  s.went_down = InstantBounds{at_utc("2018-04-25T08:29:58Z"), at_utc("2018-04-25T08:30:00Z")};
  in.now = at_utc("2018-04-25T10:00:00Z");
  EXPECT_THAT(text_of(in), HasSubstr("Went down: not before the announced time came"));
  s.ended_by = EndedBy::lift;
  in.releases[0].lift =
      Lift{"therapies-2018-01", at_utc("2018-04-25T08:30:00Z"), "Head of Profession", "released to everybody"};
  EXPECT_THAT(text_of(in), AllOf(HasSubstr("not before a person ended the embargo"),
                                 HasSubstr("Ended by Head of Profession at"), HasSubstr("released to everybody")));
}

TEST(MakeReport, PrintsNoUrlThatWasNotSeenLive) {
  ReportInput in = sample_record();
  in.incidents[0].kind = IncidentKind::late;
  in.incidents[0].targets[0].seen_live = false;
  in.incidents[0].targets[0].spans.clear();
  const std::string url = in.incidents[0].targets[0].url;
  for (const ReportFormat f : {ReportFormat::markdown, ReportFormat::html, ReportFormat::text, ReportFormat::json})
    EXPECT_EQ(render(make_report(in), f).find(url), std::string::npos);
}

TEST(MakeReport, GivesEveryComputedStatementOfTheAccountASource) {
  const Report r = make_report(sample_record());
  for (const ReportSection& s : r.sections) {
    if (s.heading != "Early release") continue;
    for (const ReportField& f : s.fields)
      for (const Statement& st : f.statements) EXPECT_TRUE(f.is_for_people || !st.sources.empty()) << f.label;
  }
  for (std::size_t k = 0; k < r.sources.size(); ++k) EXPECT_EQ(r.sources[k].number, static_cast<int>(k) + 1);
}

TEST(MakeReport, IsTheSameForTheSameRecordAndItsVersionDoesNotHangOnTheDay) {
  const Report a = make_report(sample_record());
  EXPECT_EQ(render_html(a), render_html(make_report(sample_record())));
  ReportInput later = sample_record();
  later.now += Millis{26 * 3'600'000};
  const Report b = make_report(later);
  EXPECT_EQ(a.id, b.id);
  EXPECT_EQ(a.version, b.version);
  later.incidents[0].acknowledged.reset();
  EXPECT_EQ(a.id, make_report(later).id);
  EXPECT_NE(a.version, make_report(later).version);
}

TEST(MakeReport, LogEntryIsShortButKeepsBoundsCoverageAndBlanks) {
  ReportInput in = sample_record();
  in.form = ReportForm::log_entry;
  const Report r = make_report(in);
  EXPECT_THAT(flat(render_plain(r)),
              AllOf(HasSubstr("Log entry for the Head of Profession"),
                    HasSubstr("at least 13 min 54.0 s and at most 14 min 26.4 s"),
                    HasSubstr("What this monitor could and could not see"),
                    HasSubstr("whether the regulator is to have a formal report"), Not(HasSubstr("Timeline"))));
  EXPECT_EQ(level_count(r, ReportFinding::Level::error), 0);
}

struct EditionCase {
  const char* name;
  const char* edition;
  const char* proposed;
};
class EditionTest : public testing::TestWithParam<EditionCase> {};
TEST_P(EditionTest, ProposesPracticesOfThatEditionOnly) {
  ReportInput in = sample_record();
  in.settings.code_edition = GetParam().edition;
  EXPECT_THAT(text_of(in),
              AllOf(HasSubstr(std::string{"edition "} + GetParam().edition), HasSubstr(GetParam().proposed)));
  EXPECT_EQ(level_count(make_report(in), ReportFinding::Level::error), 0);
}
INSTANTIATE_TEST_SUITE_P(
    Code, EditionTest,
    testing::Values(EditionCase{"E2018", "2.0", "Proposed: T3.6: statistics are released at 09:30 on a weekday."},
                    EditionCase{"E2022", "2.1", "or at an alternative time agreed with the regulator"},
                    EditionCase{"E2025", "3.0", "Proposed: 3.3: access before release is limited and listed"}),
    [](const auto& c) { return c.param.name; });

TEST(ReportFromStore, NamesTheIncidentThatIsNotThereAndRefusesNone) {
  MemoryStore store;
  const auto none = report_from_store(store, {}, {}, at_utc("2018-04-23T14:00:00Z"));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, Errc::invalid_input);
  const auto missing = report_from_store(store, {}, {.incidents = {"01NOSUCH"}}, at_utc("2018-04-23T14:00:00Z"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::not_found);
  EXPECT_THAT(to_string(missing.error()), HasSubstr("01NOSUCH"));
}

TEST(ReportFromStore, CollectsWhatTheStoreHolds) {
  const ReportInput in = sample_record();
  MemoryStore store;
  Commit c;
  c.at = in.now;
  c.incidents = in.incidents;
  c.events = in.events;
  c.spans = in.looks;
  c.blind = in.blind;
  ASSERT_TRUE(store.commit(c));
  const auto text = report_from_store(
      store, in.settings, {.incidents = {in.incidents[0].id, in.incidents[1].id, in.incidents[0].id}}, in.now);
  ASSERT_TRUE(text);
  EXPECT_THAT(flat(*text),
              AllOf(HasSubstr("2.2 Early release: Maternity services"), Not(HasSubstr("2.3 Early release")),
                    HasSubstr("412 requests"), HasSubstr("HTTP 5xx")));
}

TEST(ReportWords, FormatsAndFormsAreReadByName) {
  EXPECT_EQ(report_format_from("html"), ReportFormat::html);
  EXPECT_EQ(report_format_from("odt"), ReportFormat::odt);
  EXPECT_FALSE(report_format_from("doc"));
  EXPECT_EQ(report_form_from("log-entry"), ReportForm::log_entry);
  EXPECT_FALSE(report_form_from("log_entry"));
}

}  // namespace
}  // namespace embargod
