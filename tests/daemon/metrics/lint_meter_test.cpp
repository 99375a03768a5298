// What the metrics tell of lint and of the list of bank holidays.

#include <gmock/gmock.h>

#include "daemon/metrics/prometheus_meter.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Instant kLintNoon{Millis{1'524'484'800'000}};

LintReport report_with(const std::vector<std::pair<LintLevel, std::string>>& findings) {
  LintReport r;
  r.now = kLintNoon;
  for (const auto& [level, code] : findings) {
    LintFinding& f = r.findings.emplace_back();
    f.level = level;
    f.code = code;
    f.release = "never-a-label";
  }
  return r;
}

TEST(LintMeter, EveryKindOfFindingExistsFromTheStartWithZero) {
  const PrometheusMeter meter{"0.1.0"};
  const std::string text = meter.expose();
  for (const std::string& code : lint_codes())
    for (const char* severity : {"warning", "note"})
      EXPECT_THAT(
          text, HasSubstr("embargod_schedule_lint_findings{code=\"" + code + "\",severity=\"" + severity + "\"} 0\n"));
  EXPECT_THAT(text, Not(HasSubstr("embargod_schedule_lint_timestamp_seconds ")));
  EXPECT_THAT(text, HasSubstr("embargod_bank_holidays_url_configured 0\n"));
}

TEST(LintMeter, CountsWhatIsFoundNowAndNamesNoRelease) {
  PrometheusMeter meter{"0.1.0"};
  meter.lint(
      report_with({{LintLevel::warning, "weekend"}, {LintLevel::warning, "weekend"}, {LintLevel::note, "notice"}}));
  std::string text = meter.expose();
  EXPECT_THAT(text, HasSubstr("embargod_schedule_lint_findings{code=\"weekend\",severity=\"warning\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("embargod_schedule_lint_findings{code=\"notice\",severity=\"note\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("embargod_schedule_lint_timestamp_seconds 1524484800\n"));
  EXPECT_THAT(text, Not(HasSubstr("never-a-label")));
  meter.lint(report_with({}));
  EXPECT_THAT(meter.expose(), HasSubstr("embargod_schedule_lint_findings{code=\"weekend\",severity=\"warning\"} 0\n"));
}

TEST(LintMeter, TheAgeOfTheListOfBankHolidaysIsThereOnceItWasHadAndWhileAnAddressIsSet) {
  PrometheusMeter meter{"0.1.0"};
  LintReport r = report_with({});
  r.holidays = HolidaysInUse{.has_url = true};
  meter.lint(r);
  EXPECT_THAT(meter.expose(), HasSubstr("embargod_bank_holidays_url_configured 1\n"));
  EXPECT_THAT(meter.expose(), Not(HasSubstr("embargod_bank_holidays_last_success_timestamp_seconds ")));
  r.holidays->last_success = kLintNoon;
  meter.lint(r);
  EXPECT_THAT(meter.expose(), HasSubstr("embargod_bank_holidays_last_success_timestamp_seconds 1524484800\n"));
  r.holidays = HolidaysInUse{};
  meter.lint(r);
  EXPECT_THAT(meter.expose(), Not(HasSubstr("embargod_bank_holidays_last_success_timestamp_seconds ")));
}

}  // namespace
}  // namespace embargod
