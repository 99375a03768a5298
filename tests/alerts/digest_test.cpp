#include "alerts/digest.h"

#include <gmock/gmock.h>

#include <set>

#include "alerts/brief_text.h"
#include "alerts/mail_text.h"
#include "tests/alerts/lane_world.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr DigestSettings kDigestRule{};

ReceiverTraits read_by_people() {
  ReceiverTraits t{.name = "email-1", .severities = {Severity::page, Severity::ticket}};
  t.digest = kDigestRule;
  return t;
}

std::string nth(int n) { return "01J" + std::string(n < 10 ? "0" : "") + std::to_string(n); }

Alert of_release(int n, Notice notice, Instant at = kNoon) {
  Alert a = sample_alert(nth(n), notice == Notice::resolved ? 2 : 1, notice, at);
  a.labels["release"] = "cpi-" + std::to_string(n);
  a.annotations = {{"summary", "\"Consumer prices " + std::to_string(n) + "\" is public, 2 days before due"},
                   {"what_to_do", "1. Have it taken down."},
                   {"urls", "https://stats.example.org/pub/" + std::to_string(n) + "\nhttps://stats.example.org/more"},
                   {"acknowledge", "embargoctl --url=https://embargo.example.org ack " + nth(n) + " --by=YOUR-NAME"},
                   {"link", "https://embargo.example.org/incidents/" + nth(n)}};
  return a;
}

/// A receiver that people read, and every message that reached them.
struct Reader {
  Reader() {
    world.answer = [this](const Alert& a) {
      if (is_away) return away();
      if (rejects_digests && a.key.starts_with("digest-"))
        return Receipt{.outcome = Outcome::rejected, .detail = "HTTP 413", .retry_after = {}};
      messages.push_back(a);
      at.push_back(world.clock.ticks());
      return take();
    };
  }
  void all(Notice notice, int from = 0, int to = 40) {
    for (int n = from; n < to; ++n) world.add(of_release(n, notice));
  }
  /// How often each incident is named in messages of that status.
  std::map<std::string, int> named(AlertStatus status) {
    std::map<std::string, int> out;
    for (const Alert& a : messages) {
      if (a.status != status) continue;
      const std::string text = mail_text(mail_content(a, kNoon, {"Europe/London"}));
      for (int n = 0; n < 40; ++n)
        if (text.find("cident " + nth(n) + ")") != std::string::npos || a.incident == nth(n)) ++out[nth(n)];
    }
    return out;
  }

  bool is_away = false;
  bool rejects_digests = false;
  std::vector<Alert> messages;
  std::vector<Millis> at;
  LaneWorld world{read_by_people()};
};

TEST(Digest, FortyAtOnceAreSixMessagesAndEachIsNamedOnce) {
  Reader r;
  const Millis began = r.world.clock.ticks();
  r.all(Notice::opened);
  r.world.run_for(2min);
  ASSERT_EQ(r.messages.size(), 6U);
  for (std::size_t n = 0; n < 5; ++n) EXPECT_EQ(r.at[n], began) << "the first are never held";
  EXPECT_LE(r.at[5] - began, Millis{25'000}) << "P10";
  EXPECT_EQ(r.world.left(), 0);
  EXPECT_EQ(r.messages[5].severity, Severity::page);
  const auto firing = r.named(AlertStatus::firing);
  EXPECT_EQ(firing.size(), 40U);
  for (const auto& [id, n] : firing) EXPECT_EQ(n, 1) << id;

  r.messages.clear();
  r.all(Notice::resolved);
  r.world.run_for(2min);
  EXPECT_EQ(r.messages.size(), 6U);
  const auto over = r.named(AlertStatus::resolved);
  EXPECT_EQ(over.size(), 40U);
  for (const auto& [id, n] : over) EXPECT_EQ(n, 1) << id;
  EXPECT_EQ(r.world.left(), 0);
}

TEST(Digest, WhatComesOneByOneIsNeverHeld) {
  Reader r;
  for (int n = 0; n < 30; ++n) {
    const std::size_t before = r.messages.size();
    r.world.add(of_release(n, Notice::opened));
    r.world.run_for(1s);
    EXPECT_EQ(r.messages.size(), before + 1);
    r.world.run_for(14s);
  }
}

TEST(Digest, WhoeverWasAwayIsToldInFewMessages) {
  Reader r;
  r.is_away = true;
  r.all(Notice::opened, 0, 20);
  r.world.run_for(30min);
  r.all(Notice::opened, 20, 40);
  r.world.run_for(30min);
  r.is_away = false;
  r.world.run_for(10min);
  EXPECT_LE(r.messages.size(), 10U);
  EXPECT_EQ(r.named(AlertStatus::firing).size(), 40U);
  EXPECT_EQ(r.world.left(), 0);
}

TEST(Digest, ARetryOfTheSameMembersIsTheSameMessage) {
  std::vector<Alert> members{of_release(1, Notice::opened), of_release(2, Notice::opened),
                             of_release(3, Notice::opened)};
  const Alert digest = make_digest(members);
  std::swap(members[0], members[2]);
  EXPECT_EQ(make_digest(members).key, digest.key);
  members.pop_back();
  EXPECT_NE(make_digest(members).key, digest.key);
}

TEST(Digest, WhereItIsRejectedAsSuchEachIsToldByItself) {
  Reader r;
  r.rejects_digests = true;
  r.all(Notice::opened);
  r.world.run_for(5min);
  EXPECT_EQ(r.messages.size(), 40U);
  EXPECT_EQ(r.world.left(), 0);
}

TEST(Digest, AnEndNeverStandsBesideABeginning) {
  Reader r;
  r.all(Notice::opened, 0, 20);
  r.world.run_for(1min + 1s);
  r.all(Notice::resolved, 0, 20);
  r.all(Notice::opened, 20, 40);
  r.world.run_for(2min);
  int digests = 0;
  for (const Alert& a : r.messages) digests += a.key.starts_with("digest-") ? 1 : 0;
  EXPECT_GE(digests, 2);
  EXPECT_EQ(r.named(AlertStatus::firing).size(), 40U);
  EXPECT_EQ(r.named(AlertStatus::resolved).size(), 20U);
}

TEST(Digest, AClockThatWasSetBackHoldsNothingUp) {
  Reader r;
  for (int n = 0; n < 10; ++n) {
    Alert a = of_release(n, Notice::opened);
    a.decided_at = r.world.clock.now() + 3h;
    r.world.outbox.add("email-1", a);
  }
  r.world.run_for(1s);
  EXPECT_EQ(r.messages.size(), 6U);
}

TEST(Digest, WhatTheStoreRefusedIsAmongIt) {
  Reader r;
  for (int n = 0; n < 40; ++n) r.world.emergency.put(of_release(n, Notice::opened), {"email-1"});
  r.world.run_for(1min);
  EXPECT_EQ(r.messages.size(), 6U);
  EXPECT_TRUE(r.world.emergency.pending("email-1").empty());
}

TEST(DigestText, SaysHowManyWhatToDoAndEachWithItsUrl) {
  std::vector<Alert> members;
  members.reserve(35);
  for (int n = 0; n < 35; ++n) members.push_back(of_release(n, Notice::opened));
  const MailContent c = mail_content(make_digest(members), kNoon, {"Europe/London"});
  EXPECT_EQ(c.subject, "[embargod] EARLY: 35 more releases: cpi-0, cpi-1 and 33 others");
  const std::string text = mail_text(c);
  EXPECT_THAT(text, HasSubstr("WHAT TO DO NOW\n  1. Have it taken down."));
  EXPECT_THAT(text, HasSubstr("- \"Consumer prices 34\" is public, 2 days before due:"));
  EXPECT_THAT(text, HasSubstr("https://stats.example.org/pub/34"));
  EXPECT_THAT(text, HasSubstr("THE INCIDENTS\n  https://embargo.example.org/incidents\n"));
  EXPECT_THAT(text, HasSubstr("embargoctl --url=https://embargo.example.org ack ID --by=YOUR-NAME"));
  const std::string html = mail_html(c);
  EXPECT_THAT(html, HasSubstr("<li style=\"margin:0 0 8px\">&quot;Consumer prices 34&quot;"));
  EXPECT_THAT(html, Not(HasSubstr("href=\"https://stats.example.org")));
  const std::string brief = brief_text(c, 3'000);
  EXPECT_LE(brief.size(), 3'000U);
  EXPECT_THAT(brief, HasSubstr("INCIDENTS:\nhttps://embargo.example.org/incidents\n"));
  EXPECT_THAT(brief, HasSubstr("and 23 more: see the link"));
}

TEST(DigestText, KindsThatDifferAreSeveral) {
  Alert ticket = sample_ticket("01LATE", 1, Notice::opened);
  const Alert a = make_digest({ticket, of_release(1, Notice::opened)});
  EXPECT_EQ(a.name, "EmbargoSeveral");
  EXPECT_EQ(a.severity, Severity::page);
  const MailContent c = mail_content(a, kNoon, {"Europe/London"});
  EXPECT_TRUE(c.subject.starts_with("[embargod] SEVERAL: 2 more releases: ")) << c.subject;
  EXPECT_THAT(c.what_to_do, HasSubstr("Work through the incidents below"));
}

TEST(DigestText, HostileTitlesStayInert) {
  Alert bad = of_release(1, Notice::opened);
  bad.annotations["summary"] = "<img src=x>\r\nBcc: thief@example.org\n\u202e";
  const MailContent c = mail_content(make_digest({bad, of_release(2, Notice::opened)}), kNoon, {"Europe/London"});
  EXPECT_EQ(c.listed.size(), 2U) << "one line each";
  EXPECT_THAT(mail_html(c), Not(HasSubstr("<img")));
  EXPECT_THAT(mail_text(c), Not(HasSubstr("\r")));
}

}  // namespace
}  // namespace embargod
