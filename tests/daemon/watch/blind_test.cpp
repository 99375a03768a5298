#include <gtest/gtest.h>

#include "daemon/watch/blind_watch.h"
#include "daemon/watch/track.h"
#include "tests/support/looks.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

TEST(Observe, BlindTimeRunsFromTheLastConclusiveAnswerToTheNextRequest) {
  Story s{release_with({"page"})};
  s.look(0, look_at(-600s, Liveness::absent));
  s.look(0, look_at(-570s, Liveness::unknown));
  ASSERT_TRUE(s.track(0).blind);
  EXPECT_EQ(s.track(0).blind->from, kDue - 600s + 100ms);
  s.look(0, look_at(-540s, Liveness::unknown));
  const Look seen = look_at(-510s, Liveness::absent);
  const TrackStep step = observe(s.track(0), seen, Verdict::held);
  ASSERT_TRUE(step.blind_ended);
  EXPECT_EQ(step.blind_ended->to, kDue - 510s);
  EXPECT_FALSE(step.track.blind);
}

struct Site {
  TargetTrack page, file;
  std::vector<BlindSight> sights(std::optional<Instant> due = kDue) const { return {{&page, due}, {&file, due}}; }
};

Site site_blind_since(Millis from) {
  Site s;
  s.page.target = "r/page";
  s.file.target = "r/file";
  for (TargetTrack* t : {&s.page, &s.file}) {
    t->release = "r";
    t->site = "stats.example.org";
    t->blind = BlindSpan{
        .target = t->target, .release = "r", .site = t->site, .from = kDue + from, .to = {}, .cause = Cause::timeout};
  }
  return s;
}

TEST(WatchBlind, AlertsOnceForTheSiteWhenTheTimeIsUpAndNotBefore) {
  const Site s = site_blind_since(-30h);
  EXPECT_FALSE(watch_blind({}, "stats.example.org", s.sights(), kDue - 30h + 5min - 1ms, 5min, 1));
  const auto step = watch_blind({}, "stats.example.org", s.sights(), kDue - 30h + 5min, 5min, 1);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->step.notices, std::vector{Notice::opened});
  EXPECT_TRUE(step->near_due.empty());
  EXPECT_EQ(step->step.incident.targets.size(), 2U);
  EXPECT_EQ(step->step.incident.affected, std::vector<std::string>{"r"});
  EXPECT_FALSE(watch_blind(step->step.incident, "stats.example.org", s.sights(), kDue - 29h, 5min, 2));
}

TEST(WatchBlind, ALookAtEachUrlResolvesIt) {
  Site s = site_blind_since(-30h);
  const auto opened = watch_blind({}, "stats.example.org", s.sights(), kDue - 29h, 5min, 1);
  s.page.blind.reset();
  EXPECT_FALSE(watch_blind(opened->step.incident, "stats.example.org", s.sights(), kDue - 28h, 5min, 2));
  s.file.blind.reset();
  const auto closed = watch_blind(opened->step.incident, "stats.example.org", s.sights(), kDue - 28h, 5min, 2);
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->step.notices, std::vector{Notice::resolved});
  EXPECT_EQ(closed->step.incident.state, IncidentState::closed);
  EXPECT_EQ(closed->step.incident.targets.at(0).blind, 2h);
}

TEST(WatchBlind, PagesWithinAnHourOfADueAndStopsAtIt) {
  const Site s = site_blind_since(-2h);
  const auto far = watch_blind({}, "stats.example.org", s.sights(), kDue - 1h - 1ms, 5min, 1);
  ASSERT_TRUE(far);
  EXPECT_TRUE(far->near_due.empty());
  const auto near = watch_blind(far->step.incident, "stats.example.org", s.sights(), kDue - 1h, 5min, 2);
  ASSERT_TRUE(near);
  EXPECT_EQ(near->near_due, std::vector{Notice::opened});
  EXPECT_TRUE(near->step.notices.empty());
  const auto due = watch_blind(near->step.incident, "stats.example.org", s.sights(), kDue, 5min, 2);
  ASSERT_TRUE(due);
  EXPECT_EQ(due->near_due, std::vector{Notice::resolved});
  EXPECT_FALSE(is_over(due->step.incident));
}

}  // namespace
}  // namespace embargod
