// The daemon's own lint of its schedule: it knows what was announced before, and time alone makes findings come and go.

#include "daemon/watch/lint_watch.h"

#include <gmock/gmock.h>

#include "daemon/watch/holiday_watch.h"
#include "tests/config/sample_holidays.h"
#include "tests/support/watch_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kHolidaysUrl = "https://calendar.example.org/bank-holidays.json?token=k3y";
const Instant kLintStart = kDue - 40 * 24h;

std::vector<std::string> lint_codes_of(const std::shared_ptr<const LintReport>& report) {
  std::vector<std::string> codes;
  for (const LintFinding& f : report->findings)
    if (f.code != "no-file" && f.code != "bank-holidays-unknown") codes.push_back(f.code);
  return codes;
}

Schedule one_release_due(Instant due, const std::string& reason = {}) {
  Release r = release_with({"page"});
  r.due.at = due;
  r.stated.reason = reason;
  return {.releases = {r}, .notes = {}};
}

Schedule provisional_in_april() {
  Release r = release_with({"page"});
  r.status = ReleaseStatus::provisional;
  r.due.at.reset();
  r.due.precision = DuePrecision::month;
  r.due.period_begin = parse_rfc3339("2018-03-31T23:00:00Z").value();
  r.due.period_end = parse_rfc3339("2018-04-30T23:00:00Z").value();
  r.due.as_given = "2018-04";
  return {.releases = {r}, .notes = {}};
}

// ---- when ----

TEST(LintWatch, LintsAtTheStartAtReloadAndOnceAnHour) {
  WatchRig rig{kLintStart, one_release_due(kDue)};
  rig.start();
  ASSERT_NE(rig.engine->lint(), nullptr);
  EXPECT_THAT(lint_codes_of(rig.engine->lint()), IsEmpty());
  EXPECT_THAT(rig.meter.linted, SizeIs(1));
  rig.run_until(kLintStart + 59min);
  EXPECT_THAT(rig.meter.linted, SizeIs(1));
  rig.run_until(kLintStart + 61min);
  EXPECT_THAT(rig.meter.linted, SizeIs(2));
  rig.engine->replace_plan(rig.plan(one_release_due(kDue + 3 * 24h)));  // a Saturday
  rig.run_until(kLintStart + 62min);
  EXPECT_THAT(rig.meter.linted, SizeIs(3));
  EXPECT_THAT(lint_codes_of(rig.engine->lint()), ElementsAre("weekend", "change-reason"));
  EXPECT_THAT(rig.log.text, HasSubstr("lint of the schedule in force warnings=2"));
}

TEST(LintWatch, TimeAloneMakesAFinding) {
  WatchRig rig{parse_rfc3339("2018-04-01T22:30:00Z").value(), provisional_in_april()};
  rig.start();
  EXPECT_THAT(lint_codes_of(rig.engine->lint()), IsEmpty());
  rig.run_until(parse_rfc3339("2018-04-03T00:30:00Z").value());
  EXPECT_THAT(lint_codes_of(rig.engine->lint()), ElementsAre("notice"));
  rig.run_until(parse_rfc3339("2018-05-01T00:30:00Z").value());
  EXPECT_THAT(lint_codes_of(rig.engine->lint()), ElementsAre("provisional-past"));
}

// ---- history ----

TEST(LintWatch, KnowsChangesWithoutAReasonAlsoAfterARestart) {
  WatchRig rig{kLintStart, one_release_due(kDue)};
  rig.run_until(kLintStart + 1min);
  rig.engine->replace_plan(rig.plan(one_release_due(kDue + 24h)));
  rig.run_until(kLintStart + 2min);
  ASSERT_THAT(lint_codes_of(rig.engine->lint()), ElementsAre("change-reason"));
  EXPECT_THAT(rig.engine->lint()->findings.front().text + rig.engine->lint()->findings.back().text,
              HasSubstr("changed from Wednesday 25 April 2018, 09:30 BST to Thursday 26 April 2018, 09:30 BST"));

  // The next run starts by the former file, which is a change back, and then takes the new one: all of it is on record.
  rig.start();
  rig.engine->replace_plan(rig.plan(one_release_due(kDue + 24h)));
  rig.run_until(kLintStart + 4min);
  EXPECT_THAT(lint_codes_of(rig.engine->lint()), ElementsAre("change-reason", "change-reason", "change-reason"));
}

TEST(LintWatch, AReasonThatWasGivenOnceIsRememberedWhenTheNextChangeComes) {
  WatchRig rig{kLintStart, one_release_due(kDue)};
  rig.run_until(kLintStart + 1min);
  rig.engine->replace_plan(rig.plan(one_release_due(kDue + 24h, "Later source data")));
  rig.run_until(kLintStart + 2min);
  EXPECT_THAT(lint_codes_of(rig.engine->lint()), IsEmpty());
  rig.engine->replace_plan(rig.plan(one_release_due(kDue + 48h, "Election")));
  rig.run_until(kLintStart + 3min);
  EXPECT_THAT(lint_codes_of(rig.engine->lint()), IsEmpty());
  rig.engine->replace_plan(rig.plan(one_release_due(kDue + 48h)));
  rig.run_until(kLintStart + 4min);
  EXPECT_THAT(lint_codes_of(rig.engine->lint()), IsEmpty()) << "both reasons are on record";
}

TEST(LintWatch, AnExactDateThatBecameKnownLateIsANote) {
  WatchRig rig{kDue - 27 * 24h, one_release_due(kDue)};
  rig.start();
  ASSERT_THAT(lint_codes_of(rig.engine->lint()), ElementsAre("notice"));
  WatchRig early{kDue - 28 * 24h, one_release_due(kDue)};
  early.start();
  EXPECT_THAT(lint_codes_of(early.engine->lint()), IsEmpty());
  early.run_until(kDue - 27 * 24h);
  EXPECT_THAT(lint_codes_of(early.engine->lint()), IsEmpty()) << "it was known in time, whenever it is asked";
}

// ---- bank holidays ----

ScriptedAnswer list_answer(const std::string& body) { return {.status = 200, .body = body}; }

int asked_for_holidays(const WatchRig& rig) {
  return static_cast<int>(std::count_if(rig.prober.asked.begin(), rig.prober.asked.end(),
                                        [](const auto& a) { return a.url == kHolidaysUrl; }));
}

/// Due on Easter Monday 2018: odd if and only if the list is known.
class HolidayWatchTest : public testing::Test {
 protected:
  HolidayWatchTest() { rig.settings.lint.bank_holidays_url = kHolidaysUrl; }

  bool knows_easter_monday() {
    const auto codes = lint_codes_of(rig.engine->lint());
    return std::find(codes.begin(), codes.end(), "bank-holiday") != codes.end();
  }

  const Instant due = parse_rfc3339("2018-04-02T08:30:00Z").value();
  const Instant start = due - 20 * 24h;
  WatchRig rig{start, one_release_due(due)};
};

TEST_F(HolidayWatchTest, TheListIsHadAtTheStartAndThenOnceADay) {
  rig.prober.answer(kHolidaysUrl, start - 1h, list_answer(kSampleHolidays));
  rig.run_until(start + 1min);
  EXPECT_TRUE(knows_easter_monday());
  EXPECT_EQ(rig.engine->lint()->holidays->from, HolidaysInUse::From::url);
  EXPECT_EQ(asked_for_holidays(rig), 1);
  rig.run_until(start + 23h + 50min);
  EXPECT_EQ(asked_for_holidays(rig), 1);
  rig.run_until(start + 72h + 10min);
  EXPECT_EQ(asked_for_holidays(rig), 4);
  EXPECT_GE(*rig.engine->lint()->holidays->last_success, start + 72h);
  EXPECT_THAT(rig.log.text, Not(HasSubstr("k3y")));
  const StoredState stored = got(rig.store.load());
  ASSERT_THAT(stored.readings, SizeIs(1)) << "only the newest is kept";
  EXPECT_EQ(stored.readings[0].source, kHolidaySource);
  EXPECT_EQ(stored.readings[0].pages.at(0).bytes, kSampleHolidays);
}

TEST_F(HolidayWatchTest, AGoodListOutlivesFailuresAndRestartsAndEachFaultIsToldOnce) {
  rig.prober.answer(kHolidaysUrl, start - 1h, list_answer(kSampleHolidays));
  rig.prober.answer(kHolidaysUrl, start + 1h, {.status = 503});
  rig.prober.answer(kHolidaysUrl, start + 30h, list_answer("{\"england-and-wales\": {\"events\": []}}"));
  rig.run_until(start + 29h);
  EXPECT_TRUE(knows_easter_monday());
  EXPECT_THAT(rig.engine->lint()->holidays->fault,
              HasSubstr("https://calendar.example.org/bank-holidays.json: answered 503"));
  EXPECT_GT(asked_for_holidays(rig), 4) << "sooner than the next day";
  const std::string line = "no list of bank holidays was had";
  const auto first = rig.log.text.find(line);
  ASSERT_NE(first, std::string::npos);
  EXPECT_EQ(rig.log.text.find(line, first + 1), std::string::npos) << rig.log.text;

  rig.start();
  EXPECT_TRUE(knows_easter_monday()) << "from the store, before anybody is asked";
  rig.run_until(start + 54h);
  EXPECT_TRUE(knows_easter_monday());
  EXPECT_THAT(rig.engine->lint()->holidays->fault, HasSubstr("is empty, so every day would count as a working day"));
  EXPECT_THAT(rig.log.text, Not(HasSubstr("k3y")));
}

TEST_F(HolidayWatchTest, AListThatLostANationIsRefused) {
  rig.prober.answer(kHolidaysUrl, start - 1h, list_answer(kSampleHolidays));
  rig.prober.answer(kHolidaysUrl, start + 1h, list_answer(R"({"scotland": {"events": [
    {"title": "New Year's Day", "date": "2018-01-01"}, {"title": "Christmas Day", "date": "2018-12-25"}]}})"));
  rig.run_until(start + 25h);
  EXPECT_TRUE(knows_easter_monday());
  EXPECT_THAT(rig.engine->lint()->holidays->fault, HasSubstr("no longer has this year's bank holidays of England"));
}

TEST_F(HolidayWatchTest, UntilOneIsHadTheFileCounts) {
  rig.settings.lint.bank_holidays_file = "bank-holidays.json";
  rig.settings.lint.bank_holidays = sample_holidays();
  rig.prober.answer(kHolidaysUrl, start - 1h, no_answer());
  rig.run_until(start + 1h);
  EXPECT_TRUE(knows_easter_monday());
  EXPECT_EQ(rig.engine->lint()->holidays->from, HolidaysInUse::From::file);
  EXPECT_THAT(rig.engine->lint()->holidays->fault, HasSubstr("could not be read: timeout"));
}

TEST_F(HolidayWatchTest, WithoutTheAddressWhatItGaveIsForgotten) {
  rig.prober.answer(kHolidaysUrl, start - 1h, list_answer(kSampleHolidays));
  rig.run_until(start + 1min);
  rig.settings.lint.bank_holidays_url = "";
  rig.engine->replace_plan(rig.plan(one_release_due(due)));
  rig.run_until(start + 2min);
  EXPECT_FALSE(knows_easter_monday());
  EXPECT_EQ(rig.engine->lint()->holidays, HolidaysInUse{});
  EXPECT_THAT(got(rig.store.load()).readings, IsEmpty());
  rig.run_until(start + 49h);
  EXPECT_EQ(asked_for_holidays(rig), 1);
}

TEST_F(HolidayWatchTest, AnotherAddressIsAskedAtOnceAndTheFormerListStaysUntilItAnswers) {
  rig.prober.answer(kHolidaysUrl, start - 1h, list_answer(kSampleHolidays));
  rig.run_until(start + 1min);
  rig.settings.lint.bank_holidays_url = "https://elsewhere.example.org/days.json";
  rig.engine->replace_plan(rig.plan(one_release_due(due)));
  rig.run_until(start + 2min);
  EXPECT_TRUE(knows_easter_monday());
  EXPECT_THAT(rig.engine->lint()->holidays->fault, HasSubstr("https://elsewhere.example.org/days.json: answered 404"));
}

}  // namespace
}  // namespace embargod
