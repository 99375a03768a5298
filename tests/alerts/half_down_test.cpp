// Ten receivers for two virtual hours, half of them down: each is told the beginning once and the end once.

#include <gmock/gmock.h>

#include <array>
#include <cstdio>

#include "tests/alerts/lane_world.h"

namespace embargod {
namespace {

using testing::ElementsAre;

constexpr Millis kHalfDownHours{2 * 3'600'000};
constexpr Millis kHalfDownEnd{90 * 60'000};  // of the incident: while they are still away

struct Channel {
  const char* name;
  bool standing;
  Receipt (*down)();  // null: it is there all the time
};

Receipt in_vain(const char* why) { return {.outcome = Outcome::retry, .detail = why, .retry_after = {}}; }
Receipt busy_for_a_minute() { return {.outcome = Outcome::retry, .detail = "HTTP 429", .retry_after = Millis{60'000}}; }

constexpr std::array<Channel, 10> kTenChannels{{
    {"alertmanager-1", true, nullptr},
    {"alertmanager-2", true, [] { return in_vain("Couldn't connect to server"); }},
    {"webhook-1", false, nullptr},
    {"email-1", false, [] { return in_vain("451 not now"); }},
    {"pagerduty-1", false, nullptr},
    {"slack-1", false, [] { return in_vain("HTTP 503"); }},
    {"teams-1", false, busy_for_a_minute},
    {"ntfy-1", false, nullptr},
    {"govuk-notify-1", false, [] { return in_vain("Timeout was reached"); }},
    {"exec-1", false, nullptr},
}};

TEST(HalfOfTheChannelsDown, EachIsToldOnceOfTheBeginningAndOnceOfTheEnd) {
  std::printf("%-16s %5s %9s %8s %11s\n", "receiver", "sent", "accepted", "retried", "duplicates");
  for (const Channel& c : kTenChannels) {
    ReceiverTraits traits{.name = c.name, .severities = {Severity::page}};
    traits.standing = c.standing;
    LaneWorld w{traits};
    if (c.down != nullptr) w.answer = [&c](const Alert&) { return c.down(); };
    w.add(sample_alert("A", 1, Notice::opened));
    w.run_for(kHalfDownEnd);
    w.add(sample_alert("A", 2, Notice::resolved));
    w.run_for(kHalfDownHours - kHalfDownEnd);
    w.answer = [](const Alert&) { return take(); };
    w.run_for(Millis{30 * 60'000});

    std::map<std::string, int> steps;  // as somebody at the other end counts them
    int accepted = 0;
    for (const Sent& s : w.sent) {
      if (!s.accepted) continue;
      ++accepted;
      ++steps[s.key];
    }
    int repeats = 0;
    for (const auto& [key, n] : steps) repeats += n - 1;
    std::printf("%-16s %5zu %9d %8zu %11d\n", c.name, w.sent.size(), accepted,
                w.sent.size() - static_cast<std::size_t>(accepted), repeats);
    EXPECT_EQ(w.left(), 0) << c.name;
    if (c.standing) {  // it is told the same each minute, and merges it by the labels
      EXPECT_TRUE(steps.contains("A:2")) << c.name;
      continue;
    }
    EXPECT_THAT(w.accepted_keys(), ElementsAre("A:1", "A:2 resolved")) << c.name;
    if (c.down == nullptr) continue;
    // Retried for ever, at first soon and never more often than every few minutes in the end.
    EXPECT_GT(w.sent.size(), 20U) << c.name;
    EXPECT_LT(w.sent.size(), 140U) << c.name;
  }
}

}  // namespace
}  // namespace embargod
