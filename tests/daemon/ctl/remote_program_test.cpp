// What the program says to a daemon, and what it makes of the answers.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "daemon/ctl/http_client.h"
#include "tests/daemon/ctl/ctl_program.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(RemoteCommands, ShowIncidentsAsAnAlignedTable) {
  HttpSink daemon;
  SinkAnswer list;
  list.headers = "Content-Type: application/json\r\n";
  list.body = R"({"items":[{"id":"01A","kind":"early","state":"open","release":"a","due":"2026-03-12T09:30:00.000Z",)"
              R"("lead":{"shortest_seconds":7200.5,"longest_seconds":null},"acknowledged":null}],"next":null})";
  daemon.always(list);
  const Ran r = ctl({"--url=" + base_of(daemon), "incidents"});
  EXPECT_EQ(r.exit_status, 0) << r.output;
  EXPECT_EQ(r.output,
            "ID   KIND   STATE  RELEASE  DUE                       LEAD       ACKNOWLEDGED\n"
            "01A  early  open   a        2026-03-12T09:30:00.000Z  2 h early  -\n");
}

TEST(RemoteCommands, SendADecisionAndShowAProblemAsOneLine) {
  HttpSink daemon;
  SinkAnswer refused;
  refused.status = 409;
  refused.headers = "Content-Type: application/problem+json\r\n";
  refused.body = R"({"type":"about:blank","title":"Conflict","status":409,"detail":"it is already closed"})";
  daemon.always(refused);
  const Ran r = ctl({"--url=" + base_of(daemon), "dismiss", "01A/..", "--by=duty officer", "--reason=a \"test\" page"});
  EXPECT_EQ(r.exit_status, 2);
  EXPECT_THAT(r.output, HasSubstr("the daemon answered 409 Conflict: it is already closed\n"));
  const auto requests = daemon.requests();
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].path, "/api/v1/incidents/01A%2F../dismiss");
  EXPECT_EQ(requests[0].headers.at("content-type"), "application/json");
  EXPECT_EQ(requests[0].body, R"({"by":"duty officer","reason":"a \"test\" page"})");
}

TEST(RemoteCommands, DecideSendsTheChoiceAndSaysThatTheEmbargoStands) {
  HttpSink daemon;
  SinkAnswer done;
  done.headers = "Content-Type: application/json\r\n";
  done.body = R"({"id":"01A","state":"open","release":"cpi-2030-01"})";
  daemon.always(done);
  const Ran r = ctl({"--url=" + base_of(daemon), "decide", "01A", "--let-stand", "--by=HoP", "--reason=out"});
  EXPECT_EQ(r.exit_status, 0) << r.output;
  EXPECT_EQ(r.output,
            "decide 01A: done, now open\nThe embargo still stands, and so do its alerts. To end it:\n"
            "  embargoctl lift cpi-2030-01 --by=NAME --reason=TEXT\n");
  EXPECT_EQ(daemon.requests()[0].path, "/api/v1/incidents/01A/decide");
  EXPECT_EQ(daemon.requests()[0].body, R"({"by":"HoP","reason":"out","decision":"let_stand"})");
  EXPECT_EQ(ctl({"decide", "01A", "--by=HoP", "--reason=out"}).exit_status, 2);
  EXPECT_EQ(ctl({"decide", "01A", "--take-down", "--let-stand", "--by=HoP", "--reason=out"}).exit_status, 2);
}

SinkAnswer targets_answer(const std::string& baseline) {
  SinkAnswer a;
  a.headers = "Content-Type: application/json\r\n";
  a.body = R"({"items":[{"target":"a/page","state":"absent","role":"page"},{"target":"a/latest","state":"unknown",)"
           R"("cause":"no_baseline","role":"latest","rule":"engine: no baseline","edition":"March 2018",)"
           R"("announced_edition":null,"fingerprint":"page:0a","fingerprint_seen":"2018-04-20T08:00:00.000Z",)"
           R"("size":4711,"baseline":)" +
           baseline + "}],\"next\":null}";
  return a;
}

TEST(RemoteCommands, ShowABaselineWithTheCommandThatApprovesIt) {
  HttpSink daemon;
  daemon.always(targets_answer("null"));
  const Ran r = ctl({"--url=" + base_of(daemon), "baseline", "show", "a/latest"});
  EXPECT_EQ(r.exit_status, 0) << r.output;
  EXPECT_EQ(r.output,
            "target             a/latest\n"
            "role               latest\n"
            "state              unknown (no_baseline)\n"
            "decided by         engine: no baseline\n"
            "embargoed edition  -\n"
            "edition read       March 2018\n"
            "fingerprint        page:0a\n"
            "  first seen       2018-04-20T08:00:00.000Z\n"
            "  size             4711 bytes\n"
            "approved           nothing yet\n"
            "\n"
            "If what is there now is the former edition, approve it:\n"
            "  embargoctl --url=" +
                base_of(daemon) + " baseline approve a/latest --by=NAME --fingerprint=page:0a\n");
  const Ran typo = ctl({"--url=" + base_of(daemon), "baseline", "show", "a/lates"});
  EXPECT_EQ(typo.exit_status, 2);
  EXPECT_THAT(typo.output, HasSubstr("did you mean \"a/latest\"?"));
  EXPECT_THAT(ctl({"--url=" + base_of(daemon), "baseline", "show", "a/page"}).output,
              AllOf(HasSubstr("Only a target of role latest"), Not(HasSubstr("--fingerprint"))));
}

TEST(RemoteCommands, ShowABaselineThatStandsThatDiffersAndThatDoesNotCount) {
  const auto shown = [](const char* fingerprint, const char* applies) {
    HttpSink daemon;
    daemon.always(targets_answer(std::string{R"({"fingerprint":")"} + fingerprint +
                                 R"(","edition":"March 2018","approved":"2018-04-21T09:00:00.000Z",)"
                                 R"("by":"officer","applies":)" +
                                 applies + "}"));
    return ctl({"--url=" + base_of(daemon), "baseline", "show", "a/latest"}).output;
  };
  EXPECT_THAT(shown("page:0a", "true"),
              AllOf(HasSubstr("officer at 2018-04-21T09:00:00.000Z\n"),
                    HasSubstr("What is there now is the approved baseline."), Not(HasSubstr("--fingerprint"))));
  EXPECT_THAT(shown("page:0b", "true"),
              AllOf(HasSubstr("approved           page:0b\n"), HasSubstr("--fingerprint=page:0a\n")));
  EXPECT_THAT(shown("page:0a", "false"), AllOf(HasSubstr("another URL since"), HasSubstr("--fingerprint=page:0a\n")));
}

TEST(RemoteCommands, ApproveABaselineByWhatWasShown) {
  HttpSink daemon;
  SinkAnswer moved;
  moved.status = 409;
  moved.headers = "Content-Type: application/problem+json\r\n";
  moved.body = R"({"type":"about:blank","title":"Conflict","status":409,"detail":"the page is another now"})";
  daemon.then({});
  daemon.then(moved);
  const std::vector<std::string> words{
      "--url=" + base_of(daemon), "baseline", "approve", "a/latest", "--by=duty officer", "--fingerprint=page:0a",
      "--reason=as of March"};
  const Ran r = ctl(words);
  EXPECT_EQ(r.exit_status, 0) << r.output;
  EXPECT_EQ(r.output, "baseline of a/latest: page:0a approved by duty officer\n");
  ASSERT_EQ(daemon.requests().size(), 1U);
  EXPECT_EQ(daemon.requests()[0].method, "POST");
  EXPECT_EQ(daemon.requests()[0].path, "/api/v1/targets/a/latest/baseline");
  EXPECT_EQ(daemon.requests()[0].body, R"({"by":"duty officer","fingerprint":"page:0a","reason":"as of March"})");
  const Ran refused = ctl(words);
  EXPECT_EQ(refused.exit_status, 2);
  EXPECT_THAT(refused.output, HasSubstr("409 Conflict: the page is another now"));
}

TEST(RemoteCommands, WriteAReportToAFileAndEndWithOneIfLintFoundErrors) {
  HttpSink daemon;
  SinkAnswer report;
  report.body = "the report\n";
  SinkAnswer checks;
  checks.body = R"({"findings":[{"level":"error","code":"lead-days","where":"01A","what":"it says 2 days ahead"}]})";
  daemon.then(report);
  daemon.then(checks);
  const TempFolder folder;
  const Ran r = ctl({"--url=" + base_of(daemon), "report", "01A", "01B", "--format=md", "--form=log-entry", "-o",
                     folder.path() + "/r.md"});
  EXPECT_EQ(r.exit_status, 1);
  EXPECT_THAT(r.output, HasSubstr("error: 01A: it says 2 days ahead"));
  EXPECT_EQ(slurp(folder.path() + "/r.md"), "the report\n");
  EXPECT_EQ(daemon.requests().at(0).path, "/api/v1/report?incident=01A&incident=01B&form=log-entry&format=md");
}

TEST(RemoteCommands, CheckAReportAgainstAnIncidentOfTheDaemon) {
  HttpSink daemon;
  SinkAnswer incident;
  incident.body = R"({"id":"01A","title":"Example","due":"2018-04-25T08:30:00.000Z","targets":[]})";
  daemon.then(incident);
  const TempFolder folder;
  write_text(folder.path() + "/r.txt", "Example was due on 25 May 2018 and found at 11:13.\n");
  const Ran r = ctl({"--url=" + base_of(daemon), "check", "report", folder.path() + "/r.txt", "--incident=01A"});
  EXPECT_EQ(r.exit_status, 1);
  EXPECT_THAT(r.output, HasSubstr("[due-record] nowhere does it give the due date on record for incident 01A"));
  EXPECT_EQ(daemon.requests().at(0).path, "/api/v1/incidents/01A");
}

TEST(RemoteCommands, ExportTheSchedule) {
  HttpSink daemon;
  SinkAnswer calendar;
  calendar.headers = "Content-Type: text/calendar; charset=utf-8\r\n";
  calendar.body = "BEGIN:VCALENDAR\r\n";
  daemon.always(calendar);
  const TempFolder folder;
  const Ran shown = ctl({"--url=" + base_of(daemon), "schedule", "export", "--format=ics"});
  EXPECT_EQ(shown.exit_status, 0) << shown.output;
  EXPECT_EQ(shown.output, "BEGIN:VCALENDAR\r\n");
  const Ran saved =
      ctl({"--url=" + base_of(daemon), "schedule", "export", "--urls", "-o", folder.path() + "/schedule.json"});
  EXPECT_EQ(saved.exit_status, 0) << saved.output;
  EXPECT_EQ(slurp(folder.path() + "/schedule.json"), "BEGIN:VCALENDAR\r\n");
  EXPECT_EQ(daemon.requests().at(0).path, "/api/v1/schedule?format=ics");
  EXPECT_EQ(daemon.requests().at(1).path, "/api/v1/schedule?format=json&urls=include");
}

TEST(BodyOrProblem, NamesAnAnswerThatIsNoProblem) {
  const auto r = body_or_problem(HttpReply{.status = 502, .content_type = "text/html", .body = "<h1>"});
  ASSERT_FALSE(r);
  EXPECT_EQ(r.error().what, "the daemon answered 502, which no embargod would say here");
}

}  // namespace
}  // namespace embargod
