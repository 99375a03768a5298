#include <gmock/gmock.h>

#include <fstream>

#include "config/read_sections.h"
#include "config/schedule_checks.h"
#include "config/settings_reader.h"
#include "tests/config/golden_faults.h"
#include "tests/config/sample_holidays.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

Settings lint_settings(const std::string& lint, const std::string& folder = "") {
  auto s =
      read_settings("producer: {name: Example}\nschedules: [{file: r.yml}]\nlint: " + lint + "\n", "c.yml", folder);
  EXPECT_TRUE(s) << fault_lines(s);
  return s.value_or(Settings{});
}

TEST(ReadLint, ReadsWhatAScheduleIsHeldTo) {
  const Settings s = lint_settings(
      "{alternative_times: [\"07:00\", 12:00, 07:00], nation: scotland, bank_holidays_file: days.json, "
      "bank_holidays_url: \"https://calendar.example.org/bank-holidays.json\"}",
      "/etc/embargod");
  EXPECT_EQ(s.lint.alternative_times, (std::vector<std::string>{"07:00", "12:00"}));
  EXPECT_EQ(s.lint.nation, Nation::scotland);
  EXPECT_EQ(s.lint.bank_holidays_file, "/etc/embargod/days.json");
  EXPECT_EQ(to_string(s.lint.bank_holidays_mark), "c.yml:3:90");
  EXPECT_EQ(s.lint.bank_holidays_url, "https://calendar.example.org/bank-holidays.json");
  const Settings none = lint_settings("{bank_holidays_file: \"\", bank_holidays_url: \"\"}", "/etc/embargod");
  EXPECT_EQ(none.lint.nation, Nation::england_and_wales);
  EXPECT_EQ(none.lint.bank_holidays_file, "");
  EXPECT_EQ(none.lint.bank_holidays_url, "");
}

TEST(ReadStated, KeepsWhatIsSaidBesideTheDate) {
  const auto schedule = read_schedule(
      "releases:\n  - id: x\n    title: X\n    due: 2018-04-25 09:30\n    announced: 2018-03-20\n"
      "    alternative_time: Agreed with the regulator\n    reason: Later source data\n"
      "    lead: {days: 2, from: 2018-04-23}\n    urls: [{url: \"https://stats.example.org/x\", role: page}]\n",
      "r.yml", "Europe/London", shipped_profiles());
  ASSERT_TRUE(schedule) << fault_lines(schedule);
  const Stated& s = schedule->releases.at(0).stated;
  EXPECT_EQ(s.announced, parse_rfc3339("2018-03-20T09:30:00Z").value());
  EXPECT_EQ(s.alternative_time, "Agreed with the regulator");
  EXPECT_EQ(s.reason, "Later source data");
  ASSERT_TRUE(s.lead);
  EXPECT_EQ(s.lead->days, 2);
  EXPECT_EQ(s.lead->from, parse_rfc3339("2018-04-23T08:30:00Z").value());
  EXPECT_EQ(to_string(s.at.mark), "r.yml:2:9");
  EXPECT_EQ(to_string(s.due.mark), "r.yml:4:10");
  EXPECT_EQ(to_string(schedule->releases[0].targets.at(0).place.mark), "r.yml:9:12");
}

TEST(FilePlace, DoesNotMakeTwoReleasesDiffer) {
  const std::string one =
      "  - {id: x, title: X, due: 2018-04-25 09:30, urls: [{url: \"https://a.example.org\", role: page}]}\n";
  const auto a = read_schedule("releases:\n" + one, "a.yml", "Europe/London", shipped_profiles());
  auto b = read_schedule("\n\nreleases:\n" + one, "b.yml", "Europe/London", shipped_profiles());
  ASSERT_TRUE(a && b);
  b->releases[0].source = a->releases[0].source;
  EXPECT_EQ(a->releases, b->releases);
}

TEST(IsSaidByLint, KnowsTheNotesThatLintReplaces) {
  const auto notes = [](const std::string& releases) {
    const auto s = read_schedule("releases:\n" + releases, "r.yml", "Europe/London", shipped_profiles());
    EXPECT_TRUE(s) << fault_lines(s);
    return s.value_or(Schedule{}).notes;
  };
  const auto page = [](const char* id, const char* due, const char* path, const char* role) {
    return std::string{"  - {id: "} + id + ", title: X, due: " + due + ", urls: [{url: \"https://a.example.org/" +
           path + "\", role: " + role + "}]}\n";
  };
  const auto said = notes(page("a", "2018-05-26", "a", "page") + page("b", "2018-05-25 09:30", "a", "page"));
  EXPECT_EQ(said.size(), 3U);
  EXPECT_THAT(said, testing::Each(testing::ResultOf(is_said_by_lint, true)));
  const auto kept = notes(page("a", "2018-05-25 09:30", "a", "latest") + page("b", "2018-05-25 09:30", "b", "listing"));
  EXPECT_EQ(kept.size(), 2U);
  EXPECT_THAT(kept, testing::Each(testing::ResultOf(is_said_by_lint, false)));
}

TEST(LoadConfig, ReadsTheBankHolidaysOrSaysWhyNot) {
  const TempFolder folder;
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream{folder.path() + "/" + name} << text;
  };
  write("r.yml", "releases: []\n");
  write("c.yml", "producer: {name: Example}\nschedules: [{file: r.yml}]\nlint: {bank_holidays_file: days.json}\n");
  const std::string config = folder.path() + "/c.yml";
  EXPECT_EQ(fault_lines(load_config(config)), config + ":3:28: lint.bank_holidays_file: \"" + folder.path() +
                                                  "/days.json\" cannot be read: No such file or directory\n");
  write("days.json", "<html>");
  EXPECT_THAT(fault_lines(load_config(config)), testing::HasSubstr("days.json:1:1: is not JSON from here on"));
  write("days.json", kSampleHolidays);
  const auto loaded = load_config(config);
  ASSERT_TRUE(loaded) << fault_lines(loaded);
  EXPECT_EQ(loaded->settings.lint.bank_holidays.count(Nation::scotland), 4U);
}

}  // namespace
}  // namespace embargod
