// embargoctl schedule: what it shows of a daemon's answers, and where two schedules differ.

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "daemon/ctl/commands.h"
#include "daemon/ctl/schedule_compare.h"
#include "tests/support/http_sink.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// What a command printed.
struct Said {
  int code = 0;
  std::string out, err;
};

template <class Command>
Said said_by(Command command) {
  std::ostringstream out;
  std::ostringstream err;
  const int code = command(Streams{out, err});
  return {code, out.str(), err.str()};
}

SinkAnswer json_answer(const std::string& body) {
  SinkAnswer a;
  a.headers = "Content-Type: application/json\r\n";
  a.body = body;
  return a;
}

SinkAnswer items_answer(const std::string& items) { return json_answer(R"({"items":[)" + items + R"(],"next":null})"); }

std::string due_json(const std::string& as_given, const std::string& at) {
  return R"({"as_given":")" + as_given + R"(","at":)" + (at.empty() ? "null" : '"' + at + '"') + R"(,"precision":")" +
         (at.empty() ? "month" : "instant") + R"(","zone":"Europe/London","period":null})";
}

std::string row_json(const std::string& key, const std::string& release, const std::string& due,
                     const std::string& more = {}) {
  return R"({"key":")" + key + R"(","title":"Title of )" + key + R"(","status":"confirmed","due":)" + due +
         R"(,"where":"row 7","release":)" + (release.empty() ? "null" : '"' + release + '"') + more + "}";
}

const std::string kJuneNine = due_json("9 June 2026 9:30am", "2026-06-09T08:30:00.000Z");
const std::string kJuneTen = due_json("10 June 2026 9:30am", "2026-06-10T08:30:00.000Z");

std::string own_source() {
  return R"({"source":"releases.yml","own":true,"format":"yaml","items":1,"rows":[)" +
         row_json("cpi-2026-05", "cpi-2026-05", kJuneTen) + "]}";
}

std::string calendar_source() {
  return R"({"source":"ons","own":false,"format":"ons","last_success":"2026-05-01T09:00:00.000Z","age_seconds":5400.0,)"
         R"("fault":"503 from api.example.org","items":3,"unmatched":1,"drifting":1,"rows":[)" +
         row_json("/releases/cpi", "cpi-2026-05", kJuneNine, R"(,"drift":"earlier","matched_by":"title")") + "," +
         row_json("/releases/widgets", "", due_json("June 2026", "")) + "," +
         row_json("/releases/old", "old-2026", kJuneTen, R"(,"gone":true)") + "]}";
}

const char* const kReleases =
    R"({"id":"cpi-2026-05","title":"Consumer prices","status":"confirmed","due":"2026-06-10T08:30:00.000Z",)"
    R"("due_as_given":"2026-06-10 09:30","zone":"Europe/London","lift":null,"current":true})";

const std::string kRevisions =
    R"({"revision":1,"release":"cpi-2026-05","before":null,"now":)" + due_json("2026-06", "") +
    R"(,"status":"provisional","seen":"2026-03-01T09:00:00.000Z","source":"releases.yml","reason":null},)"
    R"({"revision":2,"release":"cpi-2026-05","before":null,"now":)" +
    kJuneTen +
    R"(,"status":"confirmed","seen":"2026-04-01T09:00:00.000Z","source":"releases.yml","reason":"Date confirmed"})";

TEST(ScheduleShowCommand, TellsTheSourcesWhoContradictsAndWhatIsOfNoRelease) {
  HttpSink daemon;
  daemon.always(items_answer(own_source() + "," + calendar_source()));
  const Said s = said_by([&](Streams io) { return show_schedule({.url = daemon.url("")}, io); });
  EXPECT_EQ(s.code, 0) << s.err;
  EXPECT_EQ(
      s.out,
      "SOURCE        FORMAT  LAST SUCCESS              AGE         ITEMS  UNMATCHED  DRIFTING  FAULT\n"
      "releases.yml  yaml    own file                  -           1      -          -         -\n"
      "ons           ons     2026-05-01T09:00:00.000Z  1 h 30 min  3      1          1         503 from "
      "api.example.org\n"
      "\n"
      "Calendars that contradict the due in force. Nothing was changed: correct the calendar, or move the release.\n"
      "RELEASE      SOURCE  KIND     IT SHOWS                        WHERE\n"
      "cpi-2026-05  ons     earlier  Tuesday 9 June 2026, 09:30 BST  row 7\n"
      "\n"
      "Entries that belong to no release\n"
      "SOURCE  TITLE                       IT SHOWS                   WHERE\n"
      "ons     Title of /releases/widgets  June 2026 (no exact date)  row 7\n");
  EXPECT_EQ(daemon.requests().at(0).path, "/api/v1/schedule/sources");
}

TEST(ScheduleShowCommand, ShowsTheFirstUnmatchedEntriesAndHowManyMore) {
  std::string rows;
  for (int n = 0; n < 13; ++n) rows += (n == 0 ? "" : ",") + row_json("w" + std::to_string(n), "", kJuneTen);
  HttpSink daemon;
  daemon.always(items_answer(R"({"source":"ons","rows":[)" + rows + "]}"));
  const Said s = said_by([&](Streams io) { return show_schedule({.url = daemon.url("")}, io); });
  EXPECT_THAT(s.out,
              AllOf(HasSubstr("Title of w9 "), Not(HasSubstr("Title of w10")), HasSubstr("and 3 more: see --json")));
}

TEST(ScheduleShowCommand, OfAReleaseTellsDueRevisionsAndWhatEachCalendarSays) {
  HttpSink daemon;
  daemon.then(items_answer(own_source() + "," + calendar_source()));
  daemon.then(items_answer(kReleases));
  daemon.then(items_answer(kRevisions));
  const Said s =
      said_by([&](Streams io) { return show_schedule({.url = daemon.url(""), .release = "cpi-2026-05"}, io); });
  EXPECT_EQ(s.code, 0) << s.err;
  EXPECT_EQ(s.out,
            "release       cpi-2026-05\n"
            "title         Consumer prices\n"
            "status        confirmed\n"
            "due in force  Wednesday 10 June 2026, 09:30 BST\n"
            "as given      2026-06-10 09:30\n"
            "lifted        no\n"
            "\n"
            "REVISION  SEEN                      DUE                                STATUS       SOURCE        REASON\n"
            "1         2026-03-01T09:00:00.000Z  2026-06 (no exact date)            provisional  releases.yml  -\n"
            "2         2026-04-01T09:00:00.000Z  Wednesday 10 June 2026, 09:30 BST  confirmed    releases.yml  Date "
            "confirmed\n"
            "\n"
            "SOURCE        STATUS     IT SHOWS                           DRIFT    MATCHED BY  WHERE\n"
            "releases.yml  confirmed  Wednesday 10 June 2026, 09:30 BST  -        -           row 7\n"
            "ons           confirmed  Tuesday 9 June 2026, 09:30 BST     earlier  title       row 7\n");
  ASSERT_EQ(daemon.requests().size(), 3U);
  EXPECT_EQ(daemon.requests()[2].path, "/api/v1/releases/cpi-2026-05/revisions");
}

TEST(ScheduleShowCommand, AnUnknownReleaseSaysWhatWasMeant) {
  HttpSink daemon;
  daemon.then(items_answer(""));
  daemon.then(items_answer(kReleases));
  const Said s =
      said_by([&](Streams io) { return show_schedule({.url = daemon.url(""), .release = "cpi-2026-06"}, io); });
  EXPECT_EQ(s.code, 2);
  EXPECT_THAT(s.err, HasSubstr("did you mean \"cpi-2026-05\"?"));
}

TEST(ScheduleShowCommand, AsJsonKeepsAll) {
  HttpSink daemon;
  daemon.always(items_answer(own_source() + "," + calendar_source()));
  const Said all = said_by([&](Streams io) { return show_schedule({.url = daemon.url(""), .is_json = true}, io); });
  EXPECT_EQ(nlohmann::json::parse(all.out)["items"][1]["rows"].size(), 3U);
  daemon.then(items_answer(calendar_source()));
  daemon.then(items_answer(kReleases));
  daemon.then(items_answer(kRevisions));
  const Said one = said_by([&](Streams io) {
    return show_schedule({.url = daemon.url(""), .release = "cpi-2026-05", .is_json = true}, io);
  });
  const auto j = nlohmann::json::parse(one.out);
  EXPECT_EQ(j["release"]["id"], "cpi-2026-05");
  EXPECT_EQ(j["revisions"].size(), 2U);
  ASSERT_EQ(j["sources"].size(), 1U);
  EXPECT_EQ(j["sources"][0]["source"], "ons");
  EXPECT_EQ(j["sources"][0]["drift"], "earlier");
}

TEST(ScheduleDiffCommand, TwoSourcesThatDifferEndWithOne) {
  HttpSink daemon;
  daemon.then(items_answer(own_source()));
  daemon.then(items_answer(calendar_source()));
  const Said s = said_by(
      [&](Streams io) { return diff_schedule({.url = daemon.url(""), .first = "releases.yml", .second = "ons"}, io); });
  EXPECT_EQ(s.code, 1) << s.err;
  EXPECT_EQ(s.out,
            "ENTRY              WHAT   releases.yml                       ons                                   TITLE\n"
            "cpi-2026-05        due    Wednesday 10 June 2026, 09:30 BST  Tuesday 9 June 2026, 09:30 BST        Title "
            "of cpi-2026-05\n"
            "/releases/widgets  entry  -                                  confirmed, June 2026 (no exact date)  Title "
            "of /releases/widgets\n");
  EXPECT_EQ(daemon.requests().at(1).path, "/api/v1/schedule/sources?source=ons");
}

TEST(ScheduleDiffCommand, TwoSourcesThatAgreeEndWithZero) {
  HttpSink daemon;
  daemon.always(items_answer(own_source()));
  const Said s =
      said_by([&](Streams io) { return diff_schedule({.url = daemon.url(""), .first = "a", .second = "b"}, io); });
  EXPECT_EQ(s.code, 0);
  EXPECT_EQ(s.out, "no difference\n");
}

TEST(ScheduleDiffCommand, TwoRevisionsByNumber) {
  HttpSink daemon;
  daemon.always(items_answer(kRevisions));
  ScheduleDiff d{.url = daemon.url(""), .first = "1", .second = "2", .release = "cpi-2026-05", .is_json = true};
  const Said s = said_by([&](Streams io) { return diff_schedule(d, io); });
  EXPECT_EQ(s.code, 1) << s.err;
  const auto found = nlohmann::json::parse(s.out)["differences"];
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0]["what"], "due");
  EXPECT_EQ(found[0]["first"], "2026-06 (no exact date)");
  EXPECT_EQ(found[1]["what"], "status");
  EXPECT_EQ(found[1]["second"], "confirmed");
  d.second = "1";
  EXPECT_EQ(said_by([&](Streams io) { return diff_schedule(d, io); }).code, 0);
  for (const char* wrong : {"3", "0", "-1", "two", ""}) {
    d.second = wrong;
    const Said refused = said_by([&](Streams io) { return diff_schedule(d, io); });
    EXPECT_EQ(refused.code, 2) << wrong;
    EXPECT_THAT(refused.err, HasSubstr("revision")) << wrong;
  }
}

TEST(ScheduleDiffCommand, AnUnknownSourceIsAFault) {
  HttpSink daemon;
  SinkAnswer unknown;
  unknown.status = 404;
  unknown.headers = "Content-Type: application/problem+json\r\n";
  unknown.body =
      R"({"type":"about:blank","title":"Not Found","status":404,"detail":"no schedule source has this name"})";
  daemon.always(unknown);
  const Said s = said_by(
      [&](Streams io) { return diff_schedule({.url = daemon.url(""), .first = "old.yml", .second = "new.yml"}, io); });
  EXPECT_EQ(s.code, 2);
  EXPECT_THAT(s.err,
              AllOf(HasSubstr("no schedule source has this name"), HasSubstr("--config.file"), HasSubstr("2 faults")));
}

class ScheduleDiffFiles : public testing::Test {
 protected:
  void SetUp() override { write("c.yml", "producer: {name: Example}\nschedules: [{file: releases.yml}]\n"); }
  void write(const std::string& name, const std::string& text) { std::ofstream{path(name)} << text; }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.path() + "/" + name; }
  [[nodiscard]] Said diff(const std::string& a, const std::string& b) const {
    return said_by([&](Streams io) {
      return diff_schedule({.url = {}, .first = a, .second = b, .config_file = path("c.yml")}, io);
    });
  }
  static std::string yaml_of(const std::string& id, const std::string& due, const std::string& url) {
    return "releases:\n  - {id: " + id + ", title: T, due: " + due + ", urls: [{url: \"" + url + "\", role: page}]}\n";
  }

  TempFolder folder_;
};

TEST_F(ScheduleDiffFiles, TellDueAndUrlsOfTwoFiles) {
  write("old.yml", yaml_of("a", "2036-03-12 09:30", "https://stats.example.org/a"));
  write("new.yml", yaml_of("a", "2036-03-13 09:30", "https://stats.example.org/b"));
  const Said s = diff(path("old.yml"), path("new.yml"));
  EXPECT_EQ(s.code, 1) << s.err;
  EXPECT_THAT(s.out, AllOf(HasSubstr("Wednesday 12 March 2036, 09:30 GMT"), HasSubstr("Thursday 13 March 2036"),
                           HasSubstr("urls"), HasSubstr("https://stats.example.org/b")));
  EXPECT_EQ(diff(path("old.yml"), path("old.yml")).code, 0);
}

TEST_F(ScheduleDiffFiles, AScheduleOfTheConfigMayBeNamed) {
  write("releases.yml", yaml_of("a", "2036-03-12 09:30", "https://stats.example.org/a"));
  write("new.yml", yaml_of("b", "2036-03-12 09:30", "https://stats.example.org/a"));
  const Said s = diff("releases.yml", path("new.yml"));
  EXPECT_EQ(s.code, 1) << s.err;
}

TEST_F(ScheduleDiffFiles, ASourceOfTheConfigIsReadInItsOwnForm) {
  write("c.yml",
        "producer: {name: Example}\nschedules: [{file: releases.yml}, {file: team.txt, name: team, format: csv}]\n");
  write("releases.yml", yaml_of("a", "2036-03-12 09:30", "https://stats.example.org/a"));
  write("team.txt", "id,title,due\na,T,13 March 2036 9:30am\n");
  const Said s = diff("releases.yml", "team");
  EXPECT_EQ(s.code, 1) << s.err;
  EXPECT_THAT(s.out, AllOf(HasSubstr("Wednesday 12 March 2036, 09:30 GMT"), HasSubstr("Thursday 13 March 2036")));
}

TEST_F(ScheduleDiffFiles, FaultsOfBothFilesAreToldWithTheirPlace) {
  write("bad.yml", "releases:\n  - {id: a, title: T, due: 2036-02-30}\n");
  const Said s = diff(path("bad.yml"), path("none.yml"));
  EXPECT_EQ(s.code, 2);
  EXPECT_THAT(s.err, AllOf(HasSubstr("bad.yml:2:"), HasSubstr("none.yml")));
  const Said odd = diff(path("c.yml") + ".bak", path("none.yml"));
  EXPECT_THAT(odd.err, HasSubstr("the format cannot be told"));
}

ScheduleEntry entry(const std::string& key, const std::string& release, const char* due, const char* title = "T") {
  ScheduleEntry e;
  e.key = key;
  e.release = release;
  e.title = title;
  e.status = "confirmed";
  e.due.at = parse_rfc3339(due).value();
  e.due.zone = "Europe/London";
  return e;
}

const char* const kTenth = "2026-06-10T08:30:00Z";
const char* const kNinth = "2026-06-09T08:30:00Z";

struct PairCase {
  const char* name;
  ScheduleEntry a, b;
  std::vector<std::string> want;  // what differs
};
class CompareSchedulesTest : public testing::TestWithParam<PairCase> {};
TEST_P(CompareSchedulesTest, PairsWhatBelongsTogether) {
  const auto& c = GetParam();
  std::vector<std::string> got;
  for (const auto& d : compare_schedules({c.a}, {c.b})) got.push_back(d.what);
  EXPECT_EQ(got, c.want);
}
INSTANTIATE_TEST_SUITE_P(
    By, CompareSchedulesTest,
    testing::Values(
        PairCase{"Release", entry("k", "r", kTenth, "One"), entry("other", "r", kTenth, "Two"), {}},
        PairCase{"ReleaseOtherDue", entry("k", "r", kTenth), entry("other", "r", kNinth), {"due"}},
        PairCase{"Key", entry("k", "", kTenth), entry("k", "", kNinth), {"due"}},
        PairCase{"KeyOtherTitle", entry("k", "", kTenth, "One"), entry("k", "", kTenth, "Two"), {"title"}},
        PairCase{"KeyWhereOneIsMatched", entry("r", "r", kTenth), entry("r", "", kTenth), {}},
        PairCase{"Title", entry("1", "", kTenth, "GDP, UK: April"), entry("2", "", kNinth, "gdp UK April"), {"due"}},
        PairCase{"OtherTitle", entry("1", "", kTenth, "GDP"), entry("2", "", kTenth, "CPI"), {"entry", "entry"}},
        PairCase{"SameTitleOfOtherReleases", entry("1", "r", kTenth), entry("2", "s", kTenth), {"entry", "entry"}}),
    [](const auto& c) { return c.param.name; });

TEST(CompareSchedules, GivesNoEntryAwayTwiceAndPrefersTheSameDue) {
  const std::vector<ScheduleEntry> one{entry("1", "r", kNinth)};
  const std::vector<ScheduleEntry> two{entry("a", "r", kTenth), entry("b", "r", kNinth)};
  const auto found = compare_schedules(one, two);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0], (ScheduleDifference{"r", "T", "entry", "", "confirmed, Wednesday 10 June 2026, 09:30 BST"}));
  EXPECT_THAT(compare_schedules({}, {}), IsEmpty());
}

TEST(CompareSchedules, HowADateWasWrittenIsNoDifference) {
  ScheduleEntry a = entry("k", "r", kTenth);
  ScheduleEntry b = a;
  b.due.precision = DuePrecision::time_assumed;
  b.due.as_given = "2026-06-10";
  EXPECT_THAT(compare_schedules({a}, {b}), IsEmpty());
  a.due.at.reset();
  EXPECT_EQ(compare_schedules({a}, {b}).size(), 1U);
  b.due.at.reset();
  EXPECT_THAT(compare_schedules({a}, {b}), IsEmpty());
  b.due.period_end = parse_rfc3339(kTenth).value();
  EXPECT_EQ(compare_schedules({a}, {b}).size(), 1U);
}

TEST(CompareSchedules, EntriesOfACalendarAreItsReleasesThenItsOtherItems) {
  Calendar c;
  Release r;
  r.id = "a";
  r.title = "A";
  r.targets.resize(1);
  r.targets[0].url.text = "https://stats.example.org/a";
  c.releases = {r};
  CalendarItem same;
  same.key = "a";
  CalendarItem other;
  other.key = "b";
  other.status = ItemStatus::published;
  c.items = {same, other};
  const auto entries = entries_of(c);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_THAT(entries[0].urls, ElementsAre("https://stats.example.org/a"));
  EXPECT_EQ(entries[1].key, "b");
  EXPECT_EQ(entries[1].status, "published");
}

}  // namespace
}  // namespace embargod
