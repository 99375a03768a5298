// Against a real SMTP server (aiosmtpd), read back by Python's mail parser.

#include <gtest/gtest.h>

#include <chrono>
#include <nlohmann/json.hpp>

#include "alerts/channels/email.h"
#include "alerts/message.h"
#include "tests/alerts/sample_alerts.h"
#include "tests/support/smtp_sink.h"

namespace embargod {
namespace {

using nlohmann::json;

class EmailRealTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(SmtpSink::installed()) << "Debian's python3-aiosmtpd is not installed";
    sink_ = std::make_unique<SmtpSink>();
  }
  [[nodiscard]] EmailNotifier notifier(std::vector<std::string> to) const {
    return {"email-1",
            {std::move(to), "Watch <embargod@example.org>", sink_->url(), {Severity::page}, {}},
            {"Europe/London"}};
  }
  /// To whom the stored mails went, in order.
  [[nodiscard]] std::vector<std::string> told() const {
    std::vector<std::string> recipients;
    for (const auto& mail : sink_->mails()) {
      const std::size_t line = mail.envelope.find('\n') + 1;
      recipients.push_back(mail.envelope.substr(line, mail.envelope.find('\n', line) - line));
    }
    return recipients;
  }
  static std::string header(const json& mail, const std::string& name) {
    for (const auto& h : mail.at("headers"))
      if (h[0] == name) return h[1];
    return {};
  }

  std::unique_ptr<SmtpSink> sink_;
  Alert page_ = sample_alert("01J", 1, Notice::opened);
};

using Mailboxes = std::vector<std::string>;

TEST_F(EmailRealTest, BothPartsArriveWholeAndTheStepsMakeOneThread) {
  EmailNotifier email = notifier({"duty@example.org"});
  page_.annotations["description"] = "Ystadegau tŷ\n.\nFrom the 1st line to the last";
  const Receipt receipt = email.deliver({page_}, kNoon);
  ASSERT_EQ(receipt.outcome, Outcome::accepted) << receipt.detail;
  EXPECT_NE(receipt.detail.find("250 2.0.0 stored"), std::string::npos) << receipt.detail;
  ASSERT_EQ(email.deliver({sample_alert("01J", 2, Notice::resolved)}, kNoon).outcome, Outcome::accepted);
  ASSERT_EQ(sink_->mails().size(), 2U);
  EXPECT_EQ(sink_->mails()[0].envelope, "embargod@example.org\nduty@example.org\n");
  const json first = json::parse(parse_mail(sink_->mails()[0].bytes));
  const json second = json::parse(parse_mail(sink_->mails()[1].bytes));
  EXPECT_EQ(first.at("defects"), json::array());
  EXPECT_EQ(first.at("types"), (json{"multipart/alternative", "text/plain", "text/html"}));
  EXPECT_EQ(header(first, "Subject"), "[embargod] EARLY: " + page_.annotations["summary"]);
  EXPECT_EQ(header(first, "Date"), "Mon, 23 Apr 2018 12:00:00 +0000");
  EXPECT_EQ(header(first, "From"), "Watch <embargod@example.org>");
  EXPECT_EQ(header(first, "To"), "duty@example.org");
  EXPECT_EQ(header(first, "X-Embargod-Key"), "01J:1");
  EXPECT_NE(first.at("text").get<std::string>().find("Ystadegau tŷ\n.\nFrom the 1st line to the last\n"),
            std::string::npos);
  EXPECT_NE(first.at("html").get<std::string>().find("Ystadegau tŷ<br>.<br>From"), std::string::npos);
  EXPECT_EQ(header(second, "In-Reply-To"), header(first, "Message-ID"));
  EXPECT_EQ(header(second, "References"), header(first, "Message-ID"));
  EXPECT_NE(header(second, "Message-ID"), header(first, "Message-ID"));
}

TEST_F(EmailRealTest, ARepeatedStepHasTheSameMessageId) {
  EmailNotifier before = notifier({"duty@example.org"});
  EmailNotifier after_restart = notifier({"duty@example.org"});
  ASSERT_EQ(before.deliver({page_}, kNoon).outcome, Outcome::accepted);
  ASSERT_EQ(after_restart.deliver({page_}, kNoon + Seconds{90}).outcome, Outcome::accepted);
  const auto mails = sink_->mails();
  EXPECT_EQ(header(json::parse(parse_mail(mails[0].bytes)), "Message-ID"),
            header(json::parse(parse_mail(mails[1].bytes)), "Message-ID"));
}

TEST_F(EmailRealTest, HostileTextAddsNoHeaderRecipientOrMail) {
  EmailNotifier email = notifier({"duty@example.org"});
  page_.key = "01J:1\r\nBcc: evil@example.org";
  page_.annotations["summary"] =
      "x\r\nBcc: evil@example.org\r\n\r\n.\r\nMAIL FROM:<evil@example.org>\r\n" + std::string(10'000, 'A');
  page_.annotations["description"] = "\r\n.\r\nRSET\r\nMAIL FROM:<evil@example.org>\r\n";
  ASSERT_EQ(email.deliver({page_}, kNoon).outcome, Outcome::accepted);
  ASSERT_EQ(sink_->mails().size(), 1U);
  EXPECT_EQ(told(), Mailboxes{"duty@example.org"});
  const json mail = json::parse(parse_mail(sink_->mails()[0].bytes));
  EXPECT_EQ(header(mail, "Bcc"), "");
  EXPECT_EQ(mail.at("defects"), json::array());
  EXPECT_NE(mail.at("text").get<std::string>().find("RSET\nMAIL FROM"), std::string::npos) << "text, not a command";
}

TEST_F(EmailRealTest, AnAddressWithALineBreakIsNeverSent) {
  EmailNotifier email = notifier({"duty@example.org>\r\nRCPT TO:<evil@example.org"});
  const Receipt receipt = email.deliver({page_}, kNoon);
  EXPECT_EQ(receipt.outcome, Outcome::rejected);
  EXPECT_TRUE(sink_->mails().empty());
}

TEST_F(EmailRealTest, ARefusedMailboxIsSeenAndTheOthersAreToldOnce) {
  sink_->rules("gone@example.org 550 5.1.1 no such mailbox");
  EmailNotifier email = notifier({"gone@example.org", "duty@example.org"});
  const Receipt receipt = email.deliver({page_}, kNoon);
  EXPECT_EQ(receipt.outcome, Outcome::accepted);
  EXPECT_TRUE(receipt.partly_refused);
  EXPECT_EQ(receipt.detail, "1 of 2 mailboxes accepted; gone@example.org: 550 5.1.1 no such mailbox");
  EXPECT_EQ(told(), Mailboxes{"duty@example.org"});
}

TEST_F(EmailRealTest, AMailboxThatSaysLaterIsTriedAgainAlone) {
  sink_->rules("full@example.org 451 4.2.2 mailbox full");
  EmailNotifier email = notifier({"full@example.org", "duty@example.org"});
  const Receipt later = email.deliver({page_}, kNoon);
  EXPECT_EQ(later.outcome, Outcome::retry);
  EXPECT_NE(later.detail.find("451 4.2.2 mailbox full"), std::string::npos) << later.detail;
  EXPECT_EQ(email.deliver({page_}, kNoon + Seconds{1}).outcome, Outcome::retry);
  EXPECT_EQ(told(), Mailboxes{"duty@example.org"});
  sink_->rules("");
  EXPECT_EQ(email.deliver({page_}, kNoon + Seconds{2}).outcome, Outcome::accepted);
  EXPECT_EQ(told(), (Mailboxes{"duty@example.org", "full@example.org"}));
}

TEST_F(EmailRealTest, AfterAnHourOfLaterTheOthersNoLongerWaitForIt) {
  sink_->rules("full@example.org 451 4.2.2 mailbox full");
  EmailNotifier email = notifier({"full@example.org", "duty@example.org"});
  EXPECT_EQ(email.deliver({page_}, kNoon).outcome, Outcome::retry);
  EXPECT_EQ(email.deliver({page_}, kNoon + std::chrono::minutes{59}).outcome, Outcome::retry);
  const Receipt given_up = email.deliver({page_}, kNoon + std::chrono::minutes{60});
  EXPECT_EQ(given_up.outcome, Outcome::accepted);
  EXPECT_TRUE(given_up.partly_refused);
}

struct ReplyCase {
  const char* name;
  const char* rules;
  Outcome want;
  const char* detail;
};

class EmailReplyTest : public EmailRealTest, public testing::WithParamInterface<ReplyCase> {};
TEST_P(EmailReplyTest, SaysWhetherTryingAgainHelps) {
  sink_->rules(GetParam().rules);
  const Receipt receipt = notifier({"duty@example.org"}).deliver({page_}, kNoon);
  EXPECT_EQ(receipt.outcome, GetParam().want);
  EXPECT_NE(receipt.detail.find(GetParam().detail), std::string::npos) << receipt.detail;
  EXPECT_TRUE(sink_->mails().empty());
}
INSTANTIATE_TEST_SUITE_P(
    Table, EmailReplyTest,
    testing::Values(ReplyCase{"EveryMailboxRefuses", "duty@example.org 550 5.1.1 unknown", Outcome::rejected,
                              "550 5.1.1 unknown"},
                    ReplyCase{"EveryMailboxSaysLater", "duty@example.org 450 4.2.0 greylisted", Outcome::retry,
                              "450 4.2.0 greylisted"},
                    ReplyCase{"ContentRefused", "data 554 5.6.0 no", Outcome::rejected, "554 5.6.0 no"},
                    ReplyCase{"ContentLater", "data 451 4.3.0 later", Outcome::retry, "451 4.3.0 later"}),
    [](const auto& c) { return c.param.name; });

TEST_F(EmailRealTest, AServerThatHangsCostsOneDeadlineNotOneForEachMailbox) {
  sink_->rules("hang 60");
  const auto begin = std::chrono::steady_clock::now();
  const Receipt receipt = notifier({"a@example.org", "b@example.org", "c@example.org"}).deliver({page_}, kNoon);
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_EQ(receipt.outcome, Outcome::retry);
  EXPECT_GT(took, std::chrono::seconds{9});
  EXPECT_LT(took, std::chrono::seconds{19});
}

TEST_F(EmailRealTest, AServerThatIsAwayIsRetried) {
  EmailNotifier email = notifier({"duty@example.org"});
  sink_->stop();
  EXPECT_EQ(email.deliver({page_}, kNoon).outcome, Outcome::retry);
}

}  // namespace
}  // namespace embargod
