#include "alerts/mail_text.h"

#include <gtest/gtest.h>

#include "alerts/message.h"
#include "tests/alerts/sample_alerts.h"

namespace embargod {
namespace {

Alert full_alert() {
  Alert a = sample_alert("01J", 1, Notice::opened);
  a.annotations = {
      {"summary", "Psychological therapies, January 2018 final — public 2 days before due"},
      {"description", "The page answered with the full publication before the announced time."},
      {"what_to_do", "1. Take the page down. 2. Tell the head of profession."},
      {"due", "Wednesday 25 April 2018, 09:30 BST"},
      {"how_early", "1 day 20 h"},
      {"seen_since", "between 13:00:02 and 13:00:04 BST"},
      {"how_sure", "Confirmed by 3 looks"},
      {"urls", "https://stats.example.org/pub/therapies-jan-2018\nhttps://files.example.org/AB/12CD34/therapies.xlsx"},
      {"link", "http://127.0.0.1:9750/incidents/01J"},
      {"runbook_url", "https://runbooks.example.org/early"},
      {"acknowledge", "embargoctl ack 01J --by=NAME"},
      {"clock", "Clock verified to 12 ms."}};
  return a;
}

MailContent content_of(const Alert& a) { return mail_content(a, kNoon, {"Europe/London"}); }

TEST(MailText, SaysWhatDueSinceWhenHowSureAndWhatToDo) {
  const MailContent c = content_of(full_alert());
  EXPECT_EQ(c.subject, "[embargod] EARLY: Psychological therapies, January 2018 final — public 2 days before due");
  const std::string text = mail_text(c);
  EXPECT_TRUE(
      text.starts_with("EARLY: Psychological therapies, January 2018 final — public 2 days before\ndue\n"
                       "\nThe page answered with the full publication before the announced time.\n"
                       "\nDue          Wednesday 25 April 2018, 09:30 BST\n"
                       "How early    1 day 20 h\n"
                       "Seen since   between 13:00:02 and 13:00:04 BST\n"
                       "How sure     Confirmed by 3 looks\n"
                       "\nWHAT TO DO NOW\n  1. Take the page down.\n  2. Tell the head of profession.\n"
                       "\nSEEN LIVE\n  https://stats.example.org/pub/therapies-jan-2018\n"))
      << text;
  EXPECT_NE(text.find("\nTO ACKNOWLEDGE\n  embargoctl ack 01J --by=NAME\n"), std::string::npos);
  EXPECT_NE(text.find("\n-- \nClock verified to 12 ms.\nSent "), std::string::npos);
}

TEST(MailText, OfAGapTheUrlsAreThoseThatShouldBeThere) {
  Alert a = full_alert();
  a.name = "EmbargoGap";
  EXPECT_NE(mail_text(content_of(a)).find("\nSEEN LIVE BEFORE, AWAY NOW\n  https://"), std::string::npos);
  a.status = AlertStatus::resolved;
  EXPECT_NE(mail_text(content_of(a)).find("\nWAS AWAY\n  https://"), std::string::npos);
}

struct SubjectCase {
  const char* name;
  const char* alertname;
  Notice notice;
  const char* summary;
  const char* want;
};

class MailSubjectTest : public testing::TestWithParam<SubjectCase> {};
TEST_P(MailSubjectTest, BeginsWithWhatHappened) {
  const auto& c = GetParam();
  Alert a = sample_alert("01J", 1, c.notice);
  a.name = c.alertname;
  a.annotations = {{"summary", c.summary}};
  EXPECT_EQ(content_of(a).subject, c.want);
}
INSTANTIATE_TEST_SUITE_P(
    Table, MailSubjectTest,
    testing::Values(
        SubjectCase{"Early", "EmbargoEarly", Notice::opened, "Title", "[embargod] EARLY: Title"},
        SubjectCase{"SaidAlready", "EmbargoEarly", Notice::opened, "Early: Title", "[embargod] Early: Title"},
        SubjectCase{"Again", "EmbargoEarly", Notice::reopened, "Title", "[embargod] EARLY, AGAIN: Title"},
        SubjectCase{"Ended", "EmbargoEarly", Notice::resolved, "Title", "[embargod] ENDED, was EARLY: Title"},
        SubjectCase{"OverIsSaidOnce", "EmbargoEarly", Notice::resolved, "Over: Title",
                    "[embargod] ENDED, was EARLY: Title"},
        SubjectCase{"Words", "EmbargoBlindNearDue", Notice::opened, "x", "[embargod] BLIND NEAR DUE: x"},
        SubjectCase{"WrongContent", "EmbargoWrongContent", Notice::opened, "x", "[embargod] WRONG CONTENT: x"},
        SubjectCase{"Injected", "EmbargoEarly", Notice::opened, "x\r\nBcc: y", "[embargod] EARLY: x Bcc: y"},
        SubjectCase{"NoSummary", "EmbargoLate", Notice::opened, "", "[embargod] LATE: EmbargoLate"}),
    [](const auto& c) { return c.param.name; });

TEST(MailText, MissingPartsLeaveNoEmptyHeadings) {
  Alert a = full_alert();
  a.annotations = {{"summary", "Title"}};
  const std::string text = mail_text(content_of(a));
  for (const char* heading : {"WHAT TO DO", "SEEN LIVE", "TO ACKNOWLEDGE", "RUNBOOK", "THE INCIDENT"})
    EXPECT_EQ(text.find(heading), std::string::npos) << text;
  EXPECT_NE(text.find("Release      therapies-2018-01\n"), std::string::npos) << text;
  const std::string html = mail_html(content_of(a));
  EXPECT_EQ(html.find("Acknowledge"), std::string::npos);
}

TEST(MailText, AResolveSaysWhatEndedAndAsksForNoAcknowledgement) {
  Alert a = full_alert();
  a.status = AlertStatus::resolved;
  a.notice = Notice::resolved;
  a.annotations["description"] = "Taken down after at least 14 min 11 s, at most 14 min 14 s.";
  const std::string text = mail_text(content_of(a));
  EXPECT_TRUE(text.starts_with("ENDED, was EARLY: ")) << text;
  EXPECT_NE(text.find("at least 14 min 11 s"), std::string::npos);
  EXPECT_NE(text.find("WAS LIVE"), std::string::npos);
  EXPECT_EQ(text.find("TO ACKNOWLEDGE"), std::string::npos);
  EXPECT_NE(mail_html(content_of(a)).find("#166534"), std::string::npos) << "not red any more";
}

TEST(MailText, SaysWhenItWasToldFromMemory) {
  Alert a = full_alert();
  a.durable = false;
  EXPECT_NE(mail_text(content_of(a)).find("not yet written to disk"), std::string::npos);
  a.annotations["durable"] = "Not yet durable: the database is locked.";
  EXPECT_NE(mail_text(content_of(a)).find("the database is locked"), std::string::npos);
}

TEST(MailText, HostileAnnotationsStayInert) {
  Alert a = full_alert();
  const std::string evil = "<script>alert(1)</script>\"'\r\n.\r\n\xE2\x80\xAE" + std::string(10'000, 'W') + "\xFF";
  for (auto& [key, value] : a.annotations) value = evil;
  a.annotations["link"] = "javascript:alert(1)";
  a.annotations["runbook_url"] = "https://x.example.org/\"><img src=x onerror=alert(1)>";
  a.annotations["urls"] = "javascript:alert(2)\nhttps://ok.example.org/?a=1&b=2";
  const MailContent c = content_of(a);
  EXPECT_LE(c.subject.size(), 200U);
  EXPECT_EQ(c.subject.find_first_of("\r\n"), std::string::npos);
  const std::string html = mail_html(c);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("<img"), std::string::npos);
  EXPECT_EQ(html.find("href=\"javascript"), std::string::npos);
  EXPECT_EQ(html.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_NE(html.find("https://ok.example.org/?a=1&amp;b=2<br>"), std::string::npos);
  EXPECT_EQ(html.find("href=\"https://ok.example.org"), std::string::npos) << "to be read, not to be opened by a tap";
  EXPECT_LT(html.size(), 40'000U);
  const std::string text = mail_text(c);
  EXPECT_EQ(quoted_printable(text).find("\n."), std::string::npos) << "SMTP's end of data";
  EXPECT_LT(text.size(), 20'000U);
}

TEST(MailText, ALateReleaseIsLateAndUnseenTargetsAreNamed) {
  Alert a = full_alert();
  a.annotations["how_early"] = "3 min 2 s late";
  a.annotations["not_seen"] = "therapies-2018-01/tables\ntherapies-2018-01/page";
  a.annotations["clock"] = "verified against a time server";
  const std::string text = mail_text(content_of(a));
  EXPECT_NE(text.find("How late     3 min 2 s late\n"), std::string::npos) << text;
  EXPECT_NE(text.find("NOT SEEN LIVE\n  therapies-2018-01/tables, therapies-2018-01/page\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("\nClock verified against a time server\n"), std::string::npos) << text;
}

TEST(MailText, ExactInstantsAndTheFirstLooksParticularsAreSmallPrint) {
  Alert a = full_alert();
  a.annotations["due"] = "Wednesday 25 April 2018, 09:30 BST (2018-04-25T08:30:00.000Z)";
  a.annotations["how_sure"] = "seen once; first: HTTP 200, 48211 bytes";
  const std::string text = mail_text(content_of(a));
  EXPECT_NE(text.find("Due          Wednesday 25 April 2018, 09:30 BST\n"), std::string::npos) << text;
  EXPECT_NE(text.find("How sure     seen once\n"), std::string::npos) << text;
  const std::string small = text.substr(text.find("\n-- \n"));
  EXPECT_NE(small.find("Due: Wednesday 25 April 2018, 09:30 BST (2018-04-25T08:30:00.000Z)\n"), std::string::npos)
      << small;
  EXPECT_NE(small.find("First look: HTTP 200, 48211 bytes.\n"), std::string::npos) << small;
}

TEST(MailText, ManyUrlsAreCutAndCounted) {
  Alert a = full_alert();
  std::string& urls = a.annotations["urls"];
  urls.clear();
  for (int i = 0; i < 14; ++i) urls += "https://files.example.org/" + std::to_string(i) + ".xlsx\n";
  const MailContent c = content_of(a);
  EXPECT_EQ(c.urls.size(), 10U);
  EXPECT_EQ(c.more_urls, 4U);
  EXPECT_NE(mail_text(c).find("  https://files.example.org/9.xlsx\n  and 4 more\n"), std::string::npos) << mail_text(c);
  EXPECT_NE(mail_html(c).find("and 4 more"), std::string::npos);
}

}  // namespace
}  // namespace embargod
