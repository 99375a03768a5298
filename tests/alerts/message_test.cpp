#include "alerts/message.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/alerts/sample_alerts.h"
#include "tests/support/smtp_sink.h"

namespace embargod {
namespace {

using nlohmann::json;

MailMessage plain_message() {
  return {.from = "embargod@example.org",
          .to = "duty@example.org",
          .subject = "A subject",
          .message_id = "<1@example.org>",
          .thread_id = {},
          .key = "01J:1",
          .text = "text\n",
          .html = "<p>html</p>\n",
          .date = kNoon,
          .urgent = false};
}

TEST(MailDate, IsRfc5322) {
  EXPECT_EQ(mail_date(kNoon + Millis{16'870}), "Mon, 23 Apr 2018 12:00:16 +0000");
  EXPECT_EQ(mail_date(kNoon - std::chrono::days{22}), "Sun, 01 Apr 2018 12:00:00 +0000");
}

struct TextCase {
  const char* name;
  std::string text;
  std::string want;
};

class HeaderTextTest : public testing::TestWithParam<TextCase> {};
TEST_P(HeaderTextTest, IsFoldedOrEncoded) { EXPECT_EQ(header_text(GetParam().text), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(
    Table, HeaderTextTest,
    testing::Values(TextCase{"Ascii", "Retail prices", "Retail prices"},
                    TextCase{"Folded",
                             "[embargod] EARLY: Psychological therapies, January 2018 final, public before due",
                             "[embargod] EARLY: Psychological therapies, January 2018 final,\r\n public before due"},
                    TextCase{"Dash", "a — b", "=?UTF-8?B?YSDigJQgYg==?="},
                    TextCase{"CharactersStayWhole", std::string(44, 'a') + "ŷ",
                             "=?UTF-8?B?"
                             "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="
                             "?=\r\n =?UTF-8?B?xbc=?="},
                    TextCase{"LooksEncoded", "=?UTF-8?Q?hi?=", "=?UTF-8?B?PT9VVEYtOD9RP2hpPz0=?="},
                    TextCase{"Injection", "x\r\nBcc: y@example.org", "x Bcc: y@example.org"}),
    [](const auto& c) { return c.param.name; });

class QuotedPrintableTest : public testing::TestWithParam<TextCase> {};
TEST_P(QuotedPrintableTest, IsSevenBitsInShortLines) { EXPECT_EQ(quoted_printable(GetParam().text), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(
    Table, QuotedPrintableTest,
    testing::Values(TextCase{"Plain", "a b", "a b\r\n"}, TextCase{"Equals", "a=b", "a=3Db\r\n"},
                    TextCase{"Utf8", "ŷ", "=C5=B7\r\n"}, TextCase{"Lines", "a\nb", "a\r\nb\r\n"},
                    TextCase{"SpaceAtEnd", "a \nb ", "a=20\r\nb=20\r\n"},
                    TextCase{"LoneDot", "a\n.\n", "a\r\n=2E\r\n\r\n"}, TextCase{"FromLine", "From x", "=46rom x\r\n"},
                    TextCase{"Width75", std::string(75, 'x'), std::string(75, 'x') + "\r\n"},
                    TextCase{"Width76", std::string(76, 'x'), std::string(75, 'x') + "=\r\nx\r\n"}),
    [](const auto& c) { return c.param.name; });

TEST(MailAddress, TakesPlainAndNamed) {
  EXPECT_EQ(mail_address("duty@example.org").value(), "duty@example.org");
  EXPECT_EQ(mail_address("Duty Officer <duty@example.org>").value(), "duty@example.org");
  for (const char* bad :
       {"", "duty", "@example.org", "duty@", "a b@example.org", "a@example.org\r\nRCPT TO:<b@example.org>",
        "<a@example.org> x", "a@example.org,b@example.org", "a@example.org>"})
    EXPECT_FALSE(mail_address(bad)) << bad;
}

TEST(MessageId, IsStableAndDiffersByStepAndRecipient) {
  const std::string id = message_id("01J:1", "duty@example.org", "Watch <embargod@stats.example.org>");
  EXPECT_EQ(id, message_id("01J:1", "duty@example.org", "Watch <embargod@stats.example.org>"));
  EXPECT_EQ(id.size(), std::string("<@stats.example.org>").size() + 32);
  EXPECT_TRUE(id.ends_with("@stats.example.org>"));
  EXPECT_NE(id, message_id("01J:2", "duty@example.org", "embargod@stats.example.org"));
  EXPECT_NE(id, message_id("01J:1", "other@example.org", "embargod@stats.example.org"));
}

TEST(RenderMessage, IsTheSameBytesTwiceAndSevenBit) {
  MailMessage m = plain_message();
  m.text = "Ystadegau tŷ\n";
  const std::string bytes = render_message(m);
  EXPECT_EQ(bytes, render_message(m));
  for (const char c : bytes) ASSERT_TRUE(c == '\r' || c == '\n' || (c >= 0x20 && c < 0x7F));
}

TEST(RenderMessage, ReadsBackWithAnotherParser) {
  ASSERT_TRUE(SmtpSink::installed()) << "Debian's python3-aiosmtpd is not installed";
  MailMessage m = plain_message();
  m.from = "Wächter <embargod@example.org>";
  m.subject = "EARLY: Ystadegau tŷ — " + std::string(200, 'x') + "\r\nBcc: evil@example.org";
  m.thread_id = "<0@example.org>";
  m.text = "Ystadegau tŷ =3D\n.\nFrom here " + std::string(2'000, 'y') + "\n";
  m.html = "<p>tŷ</p>\n";
  m.urgent = true;
  const json mail = json::parse(parse_mail(render_message(m)));
  std::map<std::string, std::string> headers;
  for (const auto& h : mail.at("headers")) headers[h[0]] = h[1];
  EXPECT_EQ(headers.size(), mail.at("headers").size()) << "no header twice";
  EXPECT_EQ(headers.count("Bcc"), 0U);
  EXPECT_TRUE(headers["Subject"].starts_with("EARLY: Ystadegau tŷ — xxx")) << headers["Subject"];
  EXPECT_TRUE(headers["Subject"].ends_with("x Bcc: evil@example.org"));
  EXPECT_EQ(headers["From"], "Wächter <embargod@example.org>");
  EXPECT_EQ(headers["Auto-Submitted"], "auto-generated");
  EXPECT_EQ(headers["In-Reply-To"], "<0@example.org>");
  EXPECT_EQ(headers["References"], "<0@example.org>");
  EXPECT_EQ(headers["Importance"], "high");
  EXPECT_EQ(mail.at("text").get<std::string>().substr(0, m.text.size()), m.text);
  EXPECT_EQ(mail.at("html").get<std::string>().substr(0, m.html.size()), m.html);
  EXPECT_EQ(mail.at("types"), (json{"multipart/alternative", "text/plain", "text/html"}));
  EXPECT_EQ(mail.at("defects"), json::array());
  EXPECT_LE(mail.at("longest_line").get<int>(), 100);
  EXPECT_TRUE(mail.at("seven_bit").get<bool>());
}

}  // namespace
}  // namespace embargod
