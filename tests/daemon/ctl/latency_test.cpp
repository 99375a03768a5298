#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "alerts/http_post.h"
#include "daemon/ctl/latency_text.h"
#include "daemon/watch/latency.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

Schedule urls_at_one_site(int releases, int urls) {
  Schedule s;
  for (int r = 0; r < releases; ++r) {
    Release release;
    release.due.at = Instant{std::chrono::hours{24 * r}};
    for (int u = 0; u < urls; ++u) {
      Target t;
      t.url = parse_url("https://stats.example.org/" + std::to_string(r) + "/" + std::to_string(u)).value();
      release.targets.push_back(std::move(t));
    }
    s.releases.push_back(std::move(release));
  }
  return s;
}

std::vector<Millis> totals(const Polling& polling, const Schedule& schedule) {
  std::vector<Millis> out;
  for (const LatencyPhase& p : latency_phases(polling, schedule)) out.push_back(p.total());
  return out;
}

TEST(LatencyPhases, AddUpEveryStepOfEachPhase) {
  // 10 s the answer, 5 s a sibling, 1 s the record, 1 s the outbox, 10 s the receiver.
  EXPECT_EQ(totals(Polling{}, urls_at_one_site(1, 1)), (std::vector<Millis>{60s + 27s, 15s + 27s, 2s + 27s}));
  Polling quick;
  quick.timeout = 3s;
  EXPECT_EQ(totals(quick, {}), (std::vector<Millis>{60s + 20s, 15s + 20s, 2s + 20s}));
  EXPECT_EQ(kDeliveryDeadline, HttpPostRequest{}.deadline);
}

TEST(LatencyPhases, ABudgetThatIsSlowerThanTheIntervalWins) {
  Polling polling;
  polling.per_host.rate = 1;
  const auto fits = latency_phases(polling, urls_at_one_site(30, 2));
  EXPECT_EQ(fits[0].wait, 60s);
  EXPECT_EQ(fits[2].wait, 2s);
  EXPECT_FALSE(fits[0].budget || fits[1].budget || fits[2].budget);
  const auto over = latency_phases(polling, urls_at_one_site(30, 3));
  EXPECT_EQ(over[0].wait, 90s) << "all URLs of the site";
  EXPECT_EQ(over[1].wait, 15s);
  EXPECT_EQ(over[2].wait, 3s) << "those of one due instant";
  EXPECT_TRUE(over[0].budget && !over[1].budget && over[2].budget);
}

TEST(LatencyWarnings, BeginAboveTheBound) {
  const auto phases = latency_phases(Polling{}, {});
  EXPECT_THAT(latency_warnings(phases, 87s), IsEmpty());
  const auto far = latency_warnings(phases, 87s - 1ms);
  ASSERT_EQ(far.size(), 1U);
  EXPECT_THAT(far[0], AllOf(HasSubstr("far from due"), HasSubstr("1m27s"), HasSubstr("shorten polling.interval")));
  EXPECT_EQ(latency_warnings(phases, 28s).size(), 3U);
  EXPECT_THAT(latency_warnings(phases, AlertSettings{}.latency_bound), IsEmpty()) << "the defaults fit each other";
  Polling crowded;
  crowded.per_host.rate = 0.01;
  EXPECT_THAT(latency_warnings(latency_phases(crowded, urls_at_one_site(1, 2)), 90s).at(0),
              AllOf(HasSubstr("polling.per_host.rate"), HasSubstr("3m20s")));
}

TEST(LatencyText, HasARowForEachReceiverAndSaysWhatIsNotInIt) {
  const std::vector<Severity> all{Severity::page, Severity::ticket, Severity::info};
  const std::string text = latency_text(latency_phases(Polling{}, {}), Polling{},
                                        {{.name = "alertmanager-1", .severities = all, .standing = true},
                                         {.name = "webhook-1", .severities = all},
                                         {.name = "email-1", .severities = {Severity::ticket}}});
  EXPECT_THAT(text, AllOf(HasSubstr("from 1d before"), HasSubstr("from 15m before"), HasSubstr("1m27s"),
                          HasSubstr("plus group_wait of its route there"), HasSubstr("CDN")));
  EXPECT_THAT(text.substr(text.find("webhook-1")), HasSubstr("29s"));
  EXPECT_THAT(text.substr(text.find("email-1")), HasSubstr("not told of it"));
  EXPECT_THAT(text.substr(text.find("webhook-1"), 60), Not(HasSubstr("group_wait")));
}

}  // namespace
}  // namespace embargod
