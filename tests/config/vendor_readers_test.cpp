#include <gtest/gtest.h>

#include <fstream>

#include "config/settings_reader.h"
#include "tests/config/golden_faults.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

Checked<Settings> with_alerts(const TempFolder& folder, const std::string& alerts) {
  return read_settings(
      "producer: {name: Example Statistics Agency}\nschedules: [{file: releases.yml}]\nalerts:\n" + alerts,
      "embargod.yml", folder.path());
}

TEST(VendorReaders, EachReceiverHasItsNameForRoutesAndItsDefaults) {
  const TempFolder folder;
  std::ofstream{folder / "key"} << "0123456789abcdef\n";
  std::ofstream{folder / "hook"} << "https://hooks.example.org/services/T0/B0/token\n";
  std::ofstream{folder / "notify"}
      << "duty-26785a09-ab16-4eb0-8407-a37497a57506-3a44ec8a-0000-4000-8000-0123456789ab\n";
  const auto s = with_alerts(folder,
                             "  pagerduty: [{routing_key_file: key}]\n"
                             "  slack: [{url_file: hook}, {url_file: hook, name: desk}]\n"
                             "  teams: [{url_file: hook, severities: [page]}]\n"
                             "  ntfy: [{topic: duty, token_file: key}]\n"
                             "  exec: [{command: [/bin/true, --now], timeout: 2s}]\n"
                             "  govuk_notify: [{api_key_file: notify, phone: \"+447700900123\",\n"
                             "                  template_id: 9d751e0e-f929-4891-82a1-a3e1c3c18ee3}]\n"
                             "  routes: [{kinds: [late], receivers: [slack-1, desk, exec-1, govuk-notify-1]}]\n");
  ASSERT_TRUE(s) << fault_lines(s);
  std::vector<std::string> names;
  for (const ReceiverName& r : receiver_names(s->alerts)) names.push_back(r.name);
  EXPECT_EQ(names, (std::vector<std::string>{"pagerduty-1", "slack-1", "desk", "teams-1", "ntfy-1", "exec-1",
                                             "govuk-notify-1"}));
  EXPECT_EQ(s->alerts.pagerduty[0].routing_key.reveal(), "0123456789abcdef");
  EXPECT_EQ(s->alerts.pagerduty[0].url, "https://events.pagerduty.com/v2/enqueue");
  EXPECT_EQ(s->alerts.slack[0].severities, (std::vector<Severity>{Severity::page, Severity::ticket}));
  EXPECT_EQ(s->alerts.teams[0].severities, std::vector<Severity>{Severity::page});
  EXPECT_EQ(s->alerts.ntfy[0].url, "https://ntfy.sh");
  EXPECT_EQ(s->alerts.exec[0].command, (std::vector<std::string>{"/bin/true", "--now"}));
  EXPECT_EQ(s->alerts.exec[0].timeout, Millis{2'000});
  EXPECT_EQ(s->alerts.govuk_notify[0].phone, "+447700900123");
}

struct MailTlsCase {
  const char* name;
  const char* keys;
  const char* smtp;
  SmtpTls want;
};

class MailTlsTest : public testing::TestWithParam<MailTlsCase> {};
TEST_P(MailTlsTest, APasswordOrSmtpsMeansRequired) {
  const TempFolder folder;
  std::ofstream{folder / "password"} << "correct horse\n";
  const auto s = with_alerts(
      folder, std::string{"  emails: [{to: [duty@example.org], from: embargod@example.org"} + GetParam().keys + "}]\n");
  ASSERT_TRUE(s) << fault_lines(s);
  EXPECT_EQ(s->alerts.emails[0].smtp, GetParam().smtp);
  EXPECT_EQ(s->alerts.emails[0].tls, GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Table, MailTlsTest,
    testing::Values(
        MailTlsCase{"Plain", ", smtp: \"smtp://mail.example.org\"", "smtp://mail.example.org:25", SmtpTls::offered},
        MailTlsCase{"Smtps", ", smtp: \"smtps://mail.example.org\"", "smtps://mail.example.org:465", SmtpTls::required},
        MailTlsCase{"SignIn", ", smtp: \"smtp://mail.example.org:587\", username: duty, password_file: password",
                    "smtp://mail.example.org:587", SmtpTls::required},
        MailTlsCase{"None", ", smtp: \"smtp://127.0.0.1\", tls: none", "smtp://127.0.0.1:25", SmtpTls::none}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
