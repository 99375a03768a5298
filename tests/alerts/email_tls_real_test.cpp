// TLS and sign-in against a real SMTP server (aiosmtpd).

#include <gtest/gtest.h>

#include "alerts/channels/email.h"
#include "tests/alerts/sample_alerts.h"
#include "tests/support/smtp_sink.h"

namespace embargod {
namespace {

constexpr const char* kRelayPassword = "correct horse";

struct RelayCase {
  const char* name;
  SmtpSink::Tls relay;
  SmtpTls tls;
  const char* username;
  const char* password;
  bool knows_authority;
  Outcome want;
  const char* detail;
};

class EmailTlsTest : public testing::TestWithParam<RelayCase> {};
TEST_P(EmailTlsTest, SendsOnlyAsItWasAsked) {
  ASSERT_TRUE(SmtpSink::installed()) << "Debian's python3-aiosmtpd is not installed";
  const auto& c = GetParam();
  const SmtpSink sink{c.relay};
  EmailSettings settings{
      {"duty@example.org", "second@example.org"}, "embargod@example.org", sink.url(), {Severity::page}, {}};
  settings.tls = c.tls;
  settings.username = c.username;
  settings.password = Secret{c.password};
  if (c.knows_authority) settings.ca_file = sink.ca_file();
  EmailNotifier email{"email-1", settings, {"Europe/London"}};
  const Receipt r = email.deliver({sample_alert("01J", 1, Notice::opened)}, kNoon);
  EXPECT_EQ(r.outcome, c.want) << r.detail;
  EXPECT_NE(r.detail.find(c.detail), std::string::npos) << r.detail;
  EXPECT_EQ(r.detail.find(kRelayPassword), std::string::npos);
  EXPECT_EQ(sink.mails().size(), c.want == Outcome::accepted ? 2U : 0U);
}
constexpr SmtpTls kMust = SmtpTls::required;
constexpr auto kStart = SmtpSink::Tls::starttls;
INSTANTIATE_TEST_SUITE_P(
    Table, EmailTlsTest,
    testing::Values(
        RelayCase{"StartTlsAndSignIn", kStart, kMust, "duty", kRelayPassword, true, Outcome::accepted, "250"},
        RelayCase{"TlsFromTheStart", SmtpSink::Tls::smtps, kMust, "duty", kRelayPassword, true, Outcome::accepted,
                  "250"},
        RelayCase{"WrongPassword", kStart, kMust, "duty", "wrong", true, Outcome::retry, "refuses the sign-in"},
        RelayCase{"NoSignIn", kStart, kMust, "", "", true, Outcome::retry, "SMTP 530"},
        RelayCase{"UnknownAuthority", kStart, kMust, "duty", kRelayPassword, false, Outcome::retry, "certificate"},
        RelayCase{"UnknownAuthorityTlsFromTheStart", SmtpSink::Tls::smtps, kMust, "duty", kRelayPassword, false,
                  Outcome::retry, "certificate"},
        RelayCase{"NoTlsOffered", SmtpSink::Tls::none, kMust, "duty", kRelayPassword, true, Outcome::retry, "SSL"},
        RelayCase{"OfferedNotNeeded", SmtpSink::Tls::none, SmtpTls::offered, "", "", false, Outcome::accepted, "250"},
        RelayCase{"NoneAlthoughWanted", kStart, SmtpTls::none, "", "", false, Outcome::retry, "SMTP 530"}),
    [](const auto& c) { return c.param.name; });

TEST(EmailTls, ASignInThatIsRefusedIsTriedOnceNotForEachMailbox) {
  const SmtpSink sink{kStart};
  EmailSettings settings{
      {"a@example.org", "b@example.org", "c@example.org"}, "embargod@example.org", sink.url(), {}, {}};
  settings.tls = kMust;
  settings.username = "duty";
  settings.password = Secret{"wrong"};
  settings.ca_file = sink.ca_file();
  const Receipt r =
      EmailNotifier{"email-1", settings, {"Europe/London"}}.deliver({sample_alert("01J", 1, Notice::opened)}, kNoon);
  EXPECT_EQ(r.detail.find("b@example.org"), std::string::npos) << r.detail;
}

}  // namespace
}  // namespace embargod
