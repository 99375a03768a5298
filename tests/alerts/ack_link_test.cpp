#include "alerts/ack_link.h"

#include <gtest/gtest.h>

#include <set>

#include "alerts/mail_text.h"
#include "tests/alerts/lane_world.h"
#include "tests/alerts/sample_alerts.h"

namespace embargod {
namespace {

const std::string kAckIncident = "01CBXYRWT04ADMGD0S8249T4YG";
const std::string kAckBase = "https://embargo.example.org/a/";

AckLinks links_of(const std::string& key = std::string(32, 'k')) {
  return AckLinks{{.key = Secret{key}, .expires = Millis{7'200'000}}, "https://embargo.example.org/"};
}

Alert asking_alert(int step = 3) {
  Alert a = sample_alert(kAckIncident, step, Notice::opened);
  a.annotations["acknowledge"] = "embargoctl ack " + kAckIncident + " --by=YOUR-NAME";
  return a;
}

std::string link_in(const Alert& a) {
  const auto it = a.annotations.find("acknowledge_link");
  return it == a.annotations.end() ? std::string{} : it->second;
}

std::string token_for(const AckLinks& links, Alert a, const std::string& receiver) {
  links.add_to(a, receiver);
  const std::string link = link_in(a);
  EXPECT_TRUE(link.starts_with(kAckBase)) << link;
  return link.substr(std::min(link.size(), kAckBase.size()));
}

TEST(AckLinks, SayForWhichIncidentToWhomAndUntilWhen) {
  const AckLinks links = links_of();
  const auto claim = links.read(token_for(links, asking_alert(), "email-1"));
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->incident, kAckIncident);
  EXPECT_EQ(claim->receiver, "email-1");
  EXPECT_EQ(claim->expires, kNoon + Millis{7'200'000});
}

TEST(AckLinks, AreTheSameInEachRetryAndOthersForEachStepAndReceiver) {
  const AckLinks links = links_of();
  EXPECT_EQ(token_for(links, asking_alert(), "email-1"), token_for(links_of(), asking_alert(), "email-1"));
  std::set<std::string> ids;
  for (const int step : {3, 4})
    for (const char* receiver : {"email-1", "ntfy-1"})
      ids.insert(links.read(token_for(links, asking_alert(step), receiver))->id);
  EXPECT_EQ(ids.size(), 4U);
}

TEST(AckLinks, CountOnlyAsTheyWereMade) {
  const AckLinks links = links_of();
  const std::string token = token_for(links, asking_alert(), "email-1");
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string forged = token;
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(links.read(forged)) << "character " << i;
    EXPECT_FALSE(links.read(token.substr(0, i))) << "cut after " << i;
  }
  EXPECT_FALSE(links.read(token + "A"));
  EXPECT_FALSE(links.read(token + "="));
  EXPECT_FALSE(links.read(""));
  EXPECT_FALSE(links.read(std::string(100'000, 'A')));
  const auto other_key = links_of(std::string(32, 'x')).read(token);
  ASSERT_FALSE(other_key);
  EXPECT_EQ(to_string(other_key.error()), to_string(links.read("forged").error())) << "one answer for all";
}

TEST(AckLinks, AreForAlertsThatAskForSomebody) {
  const AckLinks links = links_of();
  Alert taken = asking_alert();
  taken.annotations.erase("acknowledge");
  Alert over = asking_alert();
  over.status = AlertStatus::resolved;
  Alert of_none = asking_alert();
  of_none.incident.clear();
  for (Alert* a : {&taken, &over, &of_none}) {
    links.add_to(*a, "email-1");
    EXPECT_EQ(link_in(*a), "");
  }
}

TEST(AckLinks, FitTheLongestReceiverName) {
  const AckLinks links = links_of();
  Alert reminder = asking_alert();
  reminder.key = kAckIncident + ":EmbargoWrongContent.12.reminder-1234";
  const std::string token = token_for(links, reminder, std::string(60, 'r'));
  EXPECT_LE(token.size(), 200U);
  EXPECT_TRUE(links.read(token));
}

TEST(AckLinks, StandInTheMailButNotOnceItIsOver) {
  Alert a = asking_alert();
  links_of().add_to(a, "email-1");
  EXPECT_NE(mail_text(mail_content(a, kNoon, {"Europe/London"})).find("  " + link_in(a) + "\n"), std::string::npos);
  EXPECT_NE(mail_html(mail_content(a, kNoon, {"Europe/London"})).find("<a href=\"" + link_in(a) + "\">"),
            std::string::npos);
  a.status = AlertStatus::resolved;
  EXPECT_EQ(mail_text(mail_content(a, kNoon, {"Europe/London"})).find(link_in(a)), std::string::npos);
}

/// Remembers what it was given.
class LinkReader final : public Notifier {
 public:
  LinkReader(ReceiverTraits traits, std::vector<std::string>& links) : traits_{std::move(traits)}, links_{links} {}
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant) override {
    for (const Alert& a : alerts) links_.push_back(link_in(a));
    return take();
  }

 private:
  ReceiverTraits traits_;
  std::vector<std::string>& links_;
};

std::vector<std::string> links_delivered_to(const ReceiverTraits& traits) {
  FakeClock clock{kNoon};
  MemoryOutbox outbox;
  EmergencyOutbox emergency;
  std::vector<std::string> got;
  ReceiverLane lane{
      OutboxWorker::Doors{.outbox = outbox,
                          .emergency = emergency,
                          .clock = clock,
                          .report = {},
                          .progress = {},
                          .external_url = {},
                          .address = [](Alert& a, const std::string& receiver) { links_of().add_to(a, receiver); }},
      std::make_unique<LinkReader>(traits, got), OutboxTiming{}, [] { return 0.5; }};
  outbox.add(traits.name, asking_alert());
  lane.turn([] { return false; });
  return got;
}

TEST(ReceiverLaneAddress, GivesEachPlainReceiverItsOwnLinkAndASharedOneNone) {
  const auto plain = links_delivered_to(plain_traits());
  ASSERT_EQ(plain.size(), 1U);
  const auto claim = links_of().read(std::string_view{plain[0]}.substr(kAckBase.size()));
  ASSERT_TRUE(claim);
  EXPECT_EQ(claim->receiver, "webhook-1");
  const auto standing = links_delivered_to(standing_traits());
  ASSERT_FALSE(standing.empty());
  for (const std::string& link : standing) EXPECT_EQ(link, "");
}

}  // namespace
}  // namespace embargod
