// The program itself: exit codes and messages.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "daemon/ctl/table.h"
#include "tests/daemon/ctl/ctl_program.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct UsageCase {
  const char* name;
  std::vector<std::string> args;
  int code;
  const char* says;
};
class UsageTest : public testing::TestWithParam<UsageCase> {};
TEST_P(UsageTest, EndsWithItsCodeAndSaysWhy) {
  const Ran r = ctl(GetParam().args);
  EXPECT_EQ(r.exit_status, GetParam().code) << r.output;
  EXPECT_THAT(r.output, HasSubstr(GetParam().says));
}
INSTANTIATE_TEST_SUITE_P(
    CommandLine, UsageTest,
    testing::Values(
        UsageCase{"Help", {"--help"}, 0, "simulate"},
        UsageCase{"HelpOfACommand", {"simulate", "--help"}, 0, "--report"},
        UsageCase{"Version", {"--version"}, 0, "embargoctl "}, UsageCase{"Nothing", {}, 2, "--help"},
        UsageCase{"Typo", {"simulat", "x"}, 2, "did you mean \"simulate\"?"},
        UsageCase{"TypoBelow", {"check", "confg", "x"}, 2, "did you mean \"config\"?"},
        UsageCase{"NotACommandYet", {"onboard"}, 2, "is not a command"},
        UsageCase{"UnknownFormat", {"report", "X", "--format=pdf"}, 2, "there are md, html, txt, json, docx and odt"},
        UsageCase{"WordAmongText",
                  {"simulate", "tests/scenarios/2018-04-23-two-publications.yml", "--format=docx"},
                  2,
                  "name it with --report"},
        UsageCase{"UnknownForm", {"report", "X", "--form=ful"}, 2, "did you mean \"full\"?"},
        UsageCase{"HelpOfBaseline", {"baseline", "--help"}, 0, "approve"},
        UsageCase{"HelpOfApproval", {"baseline", "approve", "--help"}, 0, "--fingerprint"},
        UsageCase{"ApprovalUnseen", {"baseline", "approve", "a/latest", "--by=me"}, 2, "--fingerprint"},
        UsageCase{"ApprovalByNobody", {"baseline", "approve", "a/latest", "--fingerprint=x"}, 2, "--by"},
        UsageCase{"BaselineAlone", {"baseline"}, 2, "embargoctl --help"},
        UsageCase{"TypoInBaseline", {"baseline", "aprove", "x"}, 2, "did you mean \"approve\"?"},
        UsageCase{"HelpOfSchedule", {"schedule", "--help"}, 0, "diff"},
        UsageCase{"ScheduleAlone", {"schedule"}, 2, "embargoctl --help"},
        UsageCase{"TypoInSchedule", {"schedule", "shwo"}, 2, "did you mean \"show\"?"},
        UsageCase{"DiffOfOne", {"schedule", "diff", "a"}, 2, "B is required"},
        UsageCase{"DiffTwoWays",
                  {"schedule", "diff", "1", "2", "--release=a", "--config.file=c.yml"},
                  2,
                  "exclude each other"},
        UsageCase{"NoName", {"ack", "X"}, 2, "--by"}, UsageCase{"NoReason", {"lift", "X", "--by=me"}, 2, "--reason"},
        UsageCase{"HelpOfExport", {"schedule", "export", "--help"}, 0, "--urls"},
        UsageCase{"ExportFormat", {"schedule", "export", "--format=isc"}, 2, "did you mean \"ics\"?"},
        UsageCase{"HelpOfAdd", {"release", "add", "--help"}, 0, "--target"},
        UsageCase{
            "MovedByNobody", {"release", "move", "a", "--config.file=x", "--to=2030-01", "--reason=x"}, 2, "--by"},
        UsageCase{
            "MovedForNothing", {"release", "move", "a", "--config.file=x", "--to=2030-01", "--by=x"}, 2, "--reason"},
        UsageCase{"CancelTakesNoDate", {"release", "cancel", "a", "--to=2030-01"}, 2, "embargoctl --help"},
        UsageCase{"TargetWithoutRole",
                  {"release", "add", "a", "--config.file=x", "--due=2030-01", "--title=A", "--by=x", "--reason=x",
                   "--target=https"},
                  2,
                  "ROLE=URL"},
        UsageCase{"ProfileOfNoTarget",
                  {"release", "add", "a", "--config.file=x", "--due=2030-01", "--title=A", "--by=x", "--reason=x",
                   "--target=page=https://a.example.org/", "--profile=tables=ons"},
                  2,
                  "one of the targets"},
        UsageCase{"MissingFile", {"check", "config", "/nonexistent/embargod.yml"}, 2, "/nonexistent/embargod.yml"},
        UsageCase{"MissingScenario", {"simulate", "/nonexistent.yml"}, 2, "/nonexistent.yml"},
        UsageCase{"HttpsUrl", {"--url=https://127.0.0.1:1", "incidents"}, 2, "plain http"},
        UsageCase{"NobodyThere", {"--url=http://127.0.0.1:1", "incidents"}, 2, "systemctl status embargod"}),
    [](const auto& c) { return c.param.name; });

TEST(CheckCommand, TellsFineFromFaults) {
  const TempFolder folder;
  write_text(folder.path() + "/releases.yml",
             "releases:\n  - {id: a, title: A, due: 2026-03-12, urls: [{url: \"https://stats.example.org/a\", role: "
             "page}]}\n");
  write_text(folder.path() + "/good.yml", "producer: {name: Example}\nschedules: [{file: releases.yml}]\n");
  write_text(folder.path() + "/bad.yml",
             "producer: {nam: Example}\nschedules: [{file: releases.yml}]\npolling: {intervall: 1s}\n");
  const Ran good = ctl({"check", "config", folder.path() + "/good.yml"});
  EXPECT_EQ(good.exit_status, 0) << good.output;
  EXPECT_THAT(good.output,
              AllOf(HasSubstr("1 release with 1 URL"), HasSubstr("09:30"), HasSubstr("nobody would be told")));
  const Ran bad = ctl({"check", "config", folder.path() + "/bad.yml"});
  EXPECT_EQ(bad.exit_status, 2);
  EXPECT_THAT(bad.output, AllOf(HasSubstr("bad.yml:1:"), HasSubstr("bad.yml:3:"),
                                HasSubstr("did you mean \"interval\"?"), HasSubstr("faults")));
  const Ran schedule = ctl({"check", "schedule", folder.path() + "/releases.yml", "--timezone=America/New_York"});
  EXPECT_EQ(schedule.exit_status, 0) << schedule.output;
  EXPECT_THAT(schedule.output, HasSubstr("America/New_York"));
  EXPECT_EQ(ctl({"check", "schedule", folder.path() + "/releases.yml", "--timezone=Mars/Base"}).exit_status, 2);
}

/// The schedule of the reference report as it printed the dates, with a config of its time.
void write_typed_dates(const TempFolder& folder) {
  const auto release = [](const char* id, const char* due, const char* lead) {
    return std::string{"  - {id: "} + id + ", title: T, due: " + due + ", lead: {days: " + lead +
           ", from: 2018-04-23}, urls: [{url: \"https://stats.example.org/" + id + "\", role: page}]}\n";
  };
  write_text(folder.path() + "/releases.yml", "releases:\n" + release("therapies", "2018-05-25 09:30", "2") +
                                                  release("maternity", "2018-05-26 09:30", "3"));
  write_text(folder.path() + "/days.json",
             R"({"england-and-wales":{"events":[{"title":"New Year's Day","date":"2018-01-01"},)"
             R"({"title":"Christmas Day","date":"2018-12-25"}]}})");
  write_text(folder.path() + "/c.yml",
             "producer: {name: Example}\nschedules: [{file: releases.yml}]\ncode_edition: \"2.0\"\n"
             "lint: {bank_holidays_file: days.json}\n");
}

TEST(CheckSchedule, EndsWithOneForWarningsAndNamesThePractice) {
  const TempFolder folder;
  write_typed_dates(folder);
  const std::string file = folder.path() + "/releases.yml";
  const std::vector<std::string> words{"check", "schedule", file, "--config.file=" + folder.path() + "/c.yml"};
  const auto at = [&](const char* now, std::vector<std::string> more = {}) {
    std::vector<std::string> args = words;
    args.push_back(std::string{"--now="} + now);
    args.insert(args.end(), more.begin(), more.end());
    return ctl(args);
  };
  const Ran r = at("2018-04-25T15:00:00Z");
  EXPECT_EQ(r.exit_status, 1) << r.output;
  EXPECT_THAT(
      r.output,
      AllOf(HasSubstr("warning: " + file + ":2:36: [lead] release \"therapies\": Friday 25 May 2018"),
            HasSubstr("the month May is wrong, with April all of it agrees"),
            HasSubstr("[weekend] release \"maternity\": Saturday 26 May 2018 is on a weekend"), HasSubstr("; T3.6\n"),
            HasSubstr("releases.yml: 3 warnings: 2 releases with 2 URLs, times without an offset read "
                      "in Europe/London, practices of edition 2.0 of the Code\n")));
  EXPECT_THAT(r.output, AllOf(Not(HasSubstr("needs an agreed alternative time")), Not(HasSubstr("not held"))));

  const Ran later = at("2018-06-01T09:00:00Z");
  EXPECT_EQ(later.exit_status, 0) << later.output;
  EXPECT_THAT(later.output, AllOf(HasSubstr("releases.yml: fine: 2 releases"),
                                  HasSubstr("2 releases already due and not held to the Code; --past does")));
  EXPECT_EQ(at("2018-06-01T09:00:00Z", {"--past"}).exit_status, 1);
}

TEST(CheckSchedule, ReadsCalendarsOfOtherForms) {
  const TempFolder folder;
  const std::string csv = folder.path() + "/team.csv";
  write_text(csv,
             "id,title,due,url,role\na,A,2030-04-24 09:30,https://stats.example.org/a,page\nb,B,2030-04-25 09:30,,\n");
  const Ran fine = ctl({"check", "schedule", csv, "--now=2030-03-01T09:00:00Z"});
  EXPECT_EQ(fine.exit_status, 0) << fine.output;
  EXPECT_THAT(fine.output, AllOf(HasSubstr("team.csv: 1 entry without URLs to watch"),
                                 HasSubstr("team.csv: fine: 1 release with 1 URL")));
  write_text(csv, "id,title,due,url,role\na,A,03/04/2026,https://stats.example.org/a,page\n");
  const Ran broken = ctl({"check", "schedule", csv});
  EXPECT_EQ(broken.exit_status, 2) << broken.output;
  EXPECT_THAT(broken.output, HasSubstr("team.csv:2:5: row 2: \"03/04/2026\" can be 3 April 2026 or 4 March 2026"));
  const std::string ons = folder.path() + "/saved.txt";
  write_text(ons, "{}");
  const Ran named = ctl({"check", "schedule", ons, "--format=ons"});
  EXPECT_THAT(named.output, HasSubstr("has no list \"releases\""));
  EXPECT_THAT(ctl({"check", "schedule", ons, "--format=xml"}).output, HasSubstr("\"xml\" is not offered"));
}

TEST(CheckReport, EndsWithOneForFindingsAndTwoForFaults) {
  const TempFolder folder;
  const std::string file = folder.path() + "/finished.txt";
  const std::string start =
      "Date of occurrence: 23 April 2018\nAccount\nIt was due on 25 April 2018 and went live 2 days ahead, at 11:12. ";
  write_text(file, start + "It was found at 11:13.\n");
  const Ran fine = ctl({"check", "report", file});
  EXPECT_EQ(fine.exit_status, 0) << fine.output;
  EXPECT_THAT(fine.output, AllOf(HasSubstr("note: " + file + ": [not-addressed] nothing is said of caches"),
                                 HasSubstr("finished.txt: fine: "), HasSubstr("no bank holidays are known here")));
  write_text(file, start + "It was live for less than 5 minutes. [TO COMPLETE: why]\n");
  const Ran odd = ctl({"check", "report", file});
  EXPECT_EQ(odd.exit_status, 1) << odd.output;
  EXPECT_THAT(odd.output, AllOf(HasSubstr("finished.txt:3: [blank] not filled in: \"[TO COMPLETE: why]\""),
                                HasSubstr("1 warning: ")));
  const std::string incident = folder.path() + "/incident.json";
  write_text(incident, R"({"id":"01A","title":"Example","due":"2018-04-26T08:30:00.000Z","targets":[{"spans":[
    {"went_down":{},"time_up":{"shortest_seconds":834.0,"longest_seconds":866.4}}]}]})");
  const Ran held = ctl({"check", "report", file, "--incident-json=" + incident});
  EXPECT_EQ(held.exit_status, 1);
  EXPECT_THAT(held.output, AllOf(HasSubstr("[duration]"), HasSubstr("[due-record]"), HasSubstr("[title]"),
                                 HasSubstr("1 incident on record")));
  const Ran as_json = ctl({"check", "report", file, "--json"});
  EXPECT_EQ(nlohmann::json::parse(as_json.output).at("findings").size(), 2U) << as_json.output;
  write_text(incident, "[]");
  EXPECT_EQ(ctl({"check", "report", file, "--incident-json=" + incident}).exit_status, 2);
  EXPECT_EQ(ctl({"check", "report", folder.path() + "/none.docx"}).exit_status, 2);
}

TEST(CheckReport, KnowsTheBankHolidaysOfTheConfig) {
  const TempFolder folder;
  write_text(folder.path() + "/days.json",
             R"({"england-and-wales":{"events":[{"title":"Early May bank holiday","date":"2018-05-07"}]}})");
  write_text(folder.path() + "/releases.yml", "releases: []\n");
  write_text(folder.path() + "/c.yml",
             "producer: {name: Example Statistics}\nschedules: [{file: releases.yml}]\ncode_edition: \"2.0\"\n"
             "lint: {bank_holidays_file: days.json}\n");
  const std::string file = folder.path() + "/finished.txt";
  write_text(file,
             "Date of occurrence: 23 April 2018\nIt was due on 7 May 2018 and found at 11:13. Practice: Standard 3\n");
  const Ran r = ctl({"check", "report", file, "--config.file=" + folder.path() + "/c.yml"});
  EXPECT_EQ(r.exit_status, 1) << r.output;
  EXPECT_THAT(r.output, AllOf(HasSubstr("[due-holiday]"), HasSubstr("goes by edition 2.0"),
                              HasSubstr("the bank holidays of England and Wales"), Not(HasSubstr("no bank holidays"))));
}

TEST(CheckConfig, WarnsOfCalendarsInFilesAndOfTheirRules) {
  const TempFolder folder;
  const auto config = [&](const std::string& more) {
    write_text(folder.path() + "/c.yml", "producer: {name: Example Statistics}\nschedules:\n  - file: releases.yml\n" +
                                             std::string{"  - file: team.csv\n    name: team\n"} + more);
    return ctl({"check", "config", folder.path() + "/c.yml"});
  };
  write_text(folder.path() + "/releases.yml", "releases: []\n");
  write_text(folder.path() + "/team.csv", "id,title,due\na,A,2030-04-24 09:30\n");
  const Ran fine = config("");
  EXPECT_EQ(fine.exit_status, 0) << fine.output;
  EXPECT_THAT(fine.output, AllOf(HasSubstr("team: 1 entry, 0 releases to watch"), HasSubstr("c.yml: fine")));
  write_text(folder.path() + "/team.csv", "id,title,due\na,A,2030-02-30\n");
  const Ran broken = config("");
  EXPECT_EQ(broken.exit_status, 1) << broken.output;
  EXPECT_THAT(broken.output, AllOf(HasSubstr("warning: team:2:5: row 2: 2030-02-30 is not a day of the calendar"),
                                   HasSubstr("c.yml: 1 warning: ")));
  const Ran rule = config("    match: [{title: \"(\", release: a}]\n");
  EXPECT_EQ(rule.exit_status, 2) << rule.output;
  EXPECT_THAT(rule.output, HasSubstr("c.yml:6:13"));
}

TEST(CheckSchedule, PrintsFindingsAsJson) {
  const TempFolder folder;
  write_typed_dates(folder);
  const Ran r = ctl({"check", "schedule", folder.path() + "/releases.yml", "--config.file=" + folder.path() + "/c.yml",
                     "--now=2018-04-25T15:00:00Z", "--json"});
  EXPECT_EQ(r.exit_status, 1) << r.output;
  const auto json = nlohmann::json::parse(r.output, nullptr, false);
  ASSERT_TRUE(json.is_object()) << r.output;
  EXPECT_EQ(json.at("now"), "2018-04-25T15:00:00.000Z");
  EXPECT_EQ(json.at("code_edition"), "2.0");
  EXPECT_EQ(json.at("warnings"), 3);
  const auto weekend = json.at("/findings/2"_json_pointer);
  EXPECT_EQ(weekend.at("code"), "weekend");
  EXPECT_EQ(weekend.at("release"), "maternity");
  EXPECT_EQ(weekend.at("practice"), "T3.6: statistics are released at 09:30 on a weekday");
  EXPECT_EQ(weekend.at("practice_number"), "T3.6");
  EXPECT_EQ(weekend.at("/where/line"_json_pointer), 3);
}

TEST(CheckSchedule, EndsWithNothingForNotesAndWithTwoForFaults) {
  const TempFolder folder;
  write_typed_dates(folder);
  const std::string file = folder.path() + "/releases.yml";
  write_text(file,
             "releases: [{id: a, title: A, due: 2018-04-25 09:30, urls: [{url: \"https://stats.example.org/a\", role: "
             "page}]}]\n");
  const Ran notes = ctl({"check", "schedule", file, "--now=2018-03-01T09:00:00Z"});
  EXPECT_EQ(notes.exit_status, 0) << notes.output;
  EXPECT_THAT(notes.output, AllOf(HasSubstr("note: " + file + ":1:17: [no-file]"), HasSubstr("[bank-holidays-unknown]"),
                                  HasSubstr("releases.yml: fine: 1 release with 1 URL")));
  EXPECT_EQ(ctl({"check", "schedule", file, "--now=yesterday"}).exit_status, 2);
  write_text(folder.path() + "/days.json", "{}");
  for (const char* what : {"config", "schedule"}) {
    const std::string config = folder.path() + "/c.yml";
    const Ran broken = std::string_view{what} == "config" ? ctl({"check", "config", config})
                                                          : ctl({"check", "schedule", file, "--config.file=" + config});
    EXPECT_EQ(broken.exit_status, 2) << broken.output;
    EXPECT_THAT(broken.output, HasSubstr("days.json: has none of \"england-and-wales\""));
  }
}

TEST(CheckCommand, CompilesTheRulesOfEveryUrl) {
  const TempFolder folder;
  write_text(
      folder.path() + "/releases.yml",
      "releases:\n  - {id: a, title: A, due: 2036-03-12 09:30, urls: [{url: \"https://stats.example.org/a\", role: "
      "page, profile: ours, edition: next, stub_if: [{regex: \"(\"}]}]}\n");
  write_text(folder.path() + "/c.yml",
             "producer: {name: Example}\nschedules: [{file: releases.yml}]\nprofiles:\n  ours: {edition: [{xpath: "
             "\"//h1\"}], live_if: [{magic: xslx}]}\n");
  const Ran config = ctl({"check", "config", folder.path() + "/c.yml"});
  EXPECT_EQ(config.exit_status, 2);
  EXPECT_THAT(config.output, AllOf(HasSubstr("c.yml:4:"), HasSubstr("\"xslx\" is no kind"), HasSubstr("1 fault")));
  write_text(folder.path() + "/c.yml",
             "producer: {name: Example}\nschedules: [{file: releases.yml}]\nprofiles:\n  ours: {edition: [{xpath: "
             "\"//h1\"}]}\n");
  for (const Ran& r :
       {ctl({"check", "config", folder.path() + "/c.yml"}),
        ctl({"check", "schedule", folder.path() + "/releases.yml", "--config.file=" + folder.path() + "/c.yml"})}) {
    EXPECT_EQ(r.exit_status, 2);
    EXPECT_THAT(r.output,
                AllOf(HasSubstr("releases.yml:2:"), HasSubstr("does not compile"),
                      HasSubstr("the edition \"next\" names no period and no version"), HasSubstr("2 faults")));
  }
}

TEST(ProbeCommand, ExplainsRuleByRule) {
  HttpSink site;
  SinkAnswer stub;
  stub.headers = "Content-Type: text/html\r\nAge: 7\r\n";
  stub.body = "<p>(Upcoming, not yet published)</p>";
  site.always(stub);
  const TempFolder folder;
  write_text(folder.path() + "/releases.yml",
             "releases:\n  - {id: a, title: A, due: 2036-03-12 09:30, urls: [{url: \"" + site.url("/a") +
                 "\", role: page, profile: nhs-digital}]}\n");
  write_text(
      folder.path() + "/c.yml",
      "producer: {name: Example}\nschedules: [{file: releases.yml}]\npolling: {allow_addresses: [\"127.0.0.0/8\"]}\n");
  const Ran r = ctl({"probe", "--config.file=" + folder.path() + "/c.yml", "a/page"});
  EXPECT_EQ(r.exit_status, 0) << r.output;
  EXPECT_THAT(r.output, AllOf(HasSubstr("nhs-digital stub_if[0]: text"), HasSubstr("held"), HasSubstr("Age"),
                              HasSubstr("verdict: stub, decided by")));
  EXPECT_THAT(r.output, AllOf(HasSubstr("page, profile nhs-digital"), HasSubstr("7s old"),
                              HasSubstr("beside it       200, the same answer")));
  const Ran typo = ctl({"probe", "--config.file=" + folder.path() + "/c.yml", "a/pge"});
  EXPECT_EQ(typo.exit_status, 2);
  EXPECT_THAT(typo.output, HasSubstr("did you mean \"a/page\"?"));
}

TEST(SimulateProgram, EndsWithOneIfAnExpectationIsNotMet) {
  const TempFolder folder;
  const std::string day = "name: x\nstart: 2026-03-12T06:00:00Z\nuntil: 10m\nreleases: []\n";
  write_text(folder.path() + "/met.yml", day + "expect: {incidents: []}\n");
  write_text(folder.path() + "/unmet.yml", day + "expect: {alerts: [{alertname: EmbargoEarly}]}\n");
  EXPECT_EQ(ctl({"simulate", folder.path() + "/met.yml"}).exit_status, 0);
  const Ran unmet = ctl({"simulate", "--quiet", folder.path() + "/unmet.yml"});
  EXPECT_EQ(unmet.exit_status, 1);
  EXPECT_THAT(unmet.output, HasSubstr("NOT MET"));
}

TEST(ReleaseProgram, AddsMovesAndCancelsFromTheCommandLine) {
  const TempFolder folder;
  write_text(folder.path() + "/releases.yml", "# ours\nreleases: []\n");
  write_text(folder.path() + "/c.yml", "producer: {name: Example}\nschedules: [{file: releases.yml}]\n");
  const std::vector<std::string> who{"--config.file=" + folder.path() + "/c.yml", "--by=Release manager", "--reason=x"};
  const auto run = [&who](std::vector<std::string> args) {
    args.insert(args.end(), who.begin(), who.end());
    return ctl(args);
  };
  const Ran added = run({"release", "add", "gdp-2036-q1", "--title=GDP", "--due=2036-05-14 07:00",
                         "--target=page=https://stats.example.org/gdp?a=b",
                         "--target=file:data=https://files.example.org/g.csv", "--profile=page=ons"});
  EXPECT_EQ(added.exit_status, 0) << added.output;
  EXPECT_EQ(run({"release", "move", "gdp-2036-q1", "--to=2036-05-13 07:00"}).exit_status, 2) << "needs --yes";
  EXPECT_EQ(run({"release", "move", "gdp-2036-q1", "--to=2036-05-13 07:00", "--yes"}).exit_status, 0);
  EXPECT_EQ(run({"release", "cancel", "gdp-2036-q1"}).exit_status, 0);
  EXPECT_THAT(slurp(folder.path() + "/releases.yml"),
              AllOf(HasSubstr("# ours\nreleases:\n  # "), HasSubstr("added by Release manager: x\n  # "),
                    HasSubstr("Z moved by Release manager from 2036-05-14 07:00 to 2036-05-13 07:00: x\n  # "),
                    HasSubstr("Z cancelled by Release manager: x\n  - id: gdp-2036-q1\n    title: \"GDP\"\n    due: "
                              "2036-05-13 07:00\n    status: cancelled\n"),
                    HasSubstr("- {url: \"https://stats.example.org/gdp?a=b\", role: page, profile: ons}\n"),
                    HasSubstr("- {url: \"https://files.example.org/g.csv\", role: file, name: data}\n")));
}

std::string folder_with_guesses(const TempFolder& folder) {
  write_text(folder.path() + "/releases.yml",
             "releases:\n"
             "  - id: outlook\n"
             "    title: Outlook\n"
             "    due: 2025-11-26 12:30\n"
             "    urls: [{url: \"https://stats.example.org/outlook\", role: page}]\n"
             "    former_urls:\n"
             "      - {url: \"https://stats.example.org/outlook-march-2025.pdf\", due: 2025-03-26}\n"
             "      - {url: \"https://files.example.org/outlook-march-2025.pdf\", due: 2025-03-26}\n"
             "  - {id: other, title: Other, due: 2025-11-27 09:30, urls: [{url: \"https://stats.example.org/b\", role: "
             "page}]}\n");
  write_text(folder.path() + "/embargod.yml",
             "producer: {name: Example}\nschedules: [{file: releases.yml}]\n"
             "candidates: {hosts: [stats.example.org], most: 3, interval: 1s}\npolling: {per_host: {rate: 1}}\n");
  return "--config.file=" + folder.path() + "/embargod.yml";
}

TEST(CandidatesCommand, ShowsTheGuessesTheirRulesAndWhatTheyCost) {
  const TempFolder folder;
  const std::string config = folder_with_guesses(folder);
  const Ran all = ctl({"candidates", config});
  EXPECT_EQ(all.exit_status, 0) << all.output;
  EXPECT_THAT(all.output, AllOf(HasSubstr("https://stats.example.org/outlook-november-2025.pdf"),
                                HasSubstr("month: march 2025 -> november 2025"), HasSubstr("outlook/candidate-"),
                                HasSubstr("3 guesses\n"), HasSubstr("files.example.org is not in candidates.hosts"),
                                HasSubstr("at most 180 requests a minute"),
                                HasSubstr("the host's budget is 60, which comes first")));
  EXPECT_THAT(all.output, Not(HasSubstr("files.example.org/")));
  const Ran none = ctl({"candidates", config, "other"});
  EXPECT_EQ(none.exit_status, 0);
  EXPECT_THAT(none.output, AllOf(HasSubstr("0 guesses"), HasSubstr("no former_urls and no url_templates")));
  const Ran typo = ctl({"candidates", config, "outlok"});
  EXPECT_EQ(typo.exit_status, 2);
  EXPECT_THAT(typo.output, HasSubstr("did you mean \"outlook\"?"));
  EXPECT_THAT(ctl({"check", "config", folder.path() + "/embargod.yml"}).output,
              HasSubstr("releases.yml:8:9: release \"outlook\": files.example.org is not in candidates.hosts"));
}

TEST(PlainTable, AlignsByCharactersAndLetsNoControlCharactersThrough) {
  EXPECT_EQ(plain_table({"A", "B"}, {{"\xC5\xB5", "x"}, {"", "y\x1b[2J"}}), "A  B\n\xC5\xB5  x\n-  y [2J\n");
}

}  // namespace
}  // namespace embargod
