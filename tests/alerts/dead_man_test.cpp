#include "alerts/dead_man.h"

#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>

#include "tests/alerts/real_clock.h"
#include "tests/support/http_sink.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr Millis kMinute{60'000};

LifeSigns fresh(Millis now) { return {.engine = now, .stored = now, .looked = now, .untold_since = {}}; }

TEST(LifeSigns, EachSignHasABoundOfItsOwn) {
  const Millis now{1'000'000};
  struct Case {
    Millis LifeSigns::* sign;
    const char* said;
  };
  for (const auto& [sign, said] :
       {Case{&LifeSigns::engine, "engine"}, Case{&LifeSigns::stored, "store"}, Case{&LifeSigns::looked, "outbox"}}) {
    LifeSigns s = fresh(now);
    s.*sign = now - Millis{29'999};
    EXPECT_THAT(why_not_alive(s, now), IsEmpty()) << said;
    s.*sign = now - Millis{30'000};
    EXPECT_THAT(why_not_alive(s, now), HasSubstr(said));
  }
  LifeSigns s = fresh(now);
  s.untold_since = now - Millis{59'999};
  EXPECT_FALSE(is_mute(s, now));
  EXPECT_THAT(why_not_alive(s, now), IsEmpty());
  s.untold_since = now - kMinute;
  EXPECT_TRUE(is_mute(s, now));
  EXPECT_THAT(why_not_alive(s, now), HasSubstr("no receiver has accepted a firing alert for 60 s"));
}

TEST(UntoldWatch, CountsFromTheFirstLookAndForgetsWhatWasTold) {
  UntoldWatch watch;
  EXPECT_EQ(watch.look({"a:1"}, Millis{1'000}), Millis{1'000});
  EXPECT_EQ(watch.look({"a:1", "b:1"}, Millis{5'000}), Millis{1'000});
  EXPECT_EQ(watch.look({"b:1"}, Millis{9'000}), Millis{5'000});
  EXPECT_EQ(watch.look({}, Millis{10'000}), std::nullopt);
  EXPECT_EQ(watch.look({"a:1"}, Millis{11'000}), Millis{11'000});
}

TEST(PingAddress, GoesBehindThePathAndBeforeTheQuery) {
  EXPECT_EQ(ping_address("https://hc.example.org/ping/u", Ping::success), "https://hc.example.org/ping/u");
  EXPECT_EQ(ping_address("https://hc.example.org/ping/u", Ping::start), "https://hc.example.org/ping/u/start");
  EXPECT_EQ(ping_address("https://hc.example.org/ping/u/?create=1", Ping::fail),
            "https://hc.example.org/ping/u/fail?create=1");
}

TEST(DeadManPlan, StartsThenSucceedsEachInterval) {
  DeadManPlan plan{kMinute};
  const LifeSigns at{fresh(Millis{1'000})};
  EXPECT_EQ(plan.next(at, "", Millis{1'000}), Ping::start);
  plan.sent(Ping::start, true, at, Millis{1'000}, 0.5);
  EXPECT_EQ(plan.next(at, "", Millis{1'000}), Ping::success);
  plan.sent(Ping::success, true, at, Millis{1'000}, 0.5);
  EXPECT_EQ(plan.next(fresh(Millis{60'999}), "", Millis{60'999}), std::nullopt);
  EXPECT_EQ(plan.next(fresh(Millis{61'000}), "", Millis{61'000}), Ping::success);
}

TEST(DeadManPlan, IsSilentWhileEitherSignStandsStill) {
  DeadManPlan plan{kMinute};
  const LifeSigns at{fresh(Millis{1'000})};
  plan.sent(Ping::start, true, at, Millis{1'000}, 0.5);
  plan.sent(Ping::success, true, at, Millis{1'000}, 0.5);
  const Millis later{61'000};
  LifeSigns engine_stands = fresh(later);
  engine_stands.engine = Millis{1'000};
  EXPECT_EQ(plan.next(engine_stands, "", later), std::nullopt);
  LifeSigns store_stands = fresh(later);
  store_stands.stored = Millis{1'000};
  EXPECT_EQ(plan.next(store_stands, "", later), std::nullopt);
  EXPECT_EQ(plan.next(fresh(later), "", later), Ping::success);
}

TEST(DeadManPlan, FailsAtOnceAndRecoversAtOnce) {
  DeadManPlan plan{kMinute};
  plan.sent(Ping::success, true, fresh(Millis{1'000}), Millis{1'000}, 0.5);
  EXPECT_EQ(plan.next(fresh(Millis{5'000}), "why", Millis{5'000}), Ping::fail);
  plan.sent(Ping::fail, true, fresh(Millis{5'000}), Millis{5'000}, 0.5);
  EXPECT_EQ(plan.next(fresh(Millis{64'999}), "why", Millis{64'999}), std::nullopt);
  EXPECT_EQ(plan.next(fresh(Millis{65'000}), "why", Millis{65'000}), Ping::fail);
  EXPECT_EQ(plan.next(fresh(Millis{6'000}), "", Millis{6'000}), Ping::success);
}

TEST(DeadManPlan, TriesAgainSoonerThanTheInterval) {
  DeadManPlan plan{kMinute};
  Millis now{1'000};
  for (int k = 0; k < 20; ++k) {
    ASSERT_EQ(plan.next(fresh(now), "", now), Ping::start) << k;
    plan.sent(Ping::start, false, fresh(now), now, 0.99);
    EXPECT_EQ(plan.next(fresh(now), "", now), std::nullopt);
    EXPECT_EQ(plan.next(fresh(now), "why", now), std::nullopt) << "a service that is away is not hammered";
    now += kMinute;
  }
}

/// The real thread against a real service.
class DeadManTest : public testing::Test {
 protected:
  void start(const std::string& url) {
    dead_man_ = std::make_unique<DeadMan>(
        DeadMan::Doors{.clock = clock_,
                       .signs = [this] { return fresh(clock_.ticks()); },
                       .pinged = [this](Instant) { note("pinged"); },
                       .trouble = [this](const std::string& why) { note(why.empty() ? "fine" : why); }},
        DeadManSettings{.url = Secret{url}, .interval = Millis{1'000}});
    dead_man_->start();
  }
  void note(const std::string& what) {
    const std::scoped_lock lock{mutex_};
    told_.push_back(what);
    changed_.notify_all();
  }
  bool wait_for(const std::string& what) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{20},
                             [&] { return std::find(told_.begin(), told_.end(), what) != told_.end(); });
  }

  RealClock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> told_;
  HttpSink sink_;
  std::unique_ptr<DeadMan> dead_man_;
};

TEST_F(DeadManTest, PostsStartThenSuccess) {
  start(sink_.url("/ping/secret-word"));
  ASSERT_TRUE(wait_for("pinged"));
  dead_man_->stop();
  const auto asked = sink_.requests();
  ASSERT_GE(asked.size(), 2U);
  EXPECT_EQ(asked[0].path, "/ping/secret-word/start");
  EXPECT_EQ(asked[1].path, "/ping/secret-word");
  EXPECT_EQ(asked[1].method, "POST");
}

TEST_F(DeadManTest, TroubleIsToldOnceWithoutTheAddressAndSoIsItsEnd) {
  const SinkAnswer gone{.status = 404, .headers = {}, .body = "no check at /ping/secret-word"};
  sink_.then(gone);
  sink_.then(gone);
  start(sink_.url("/ping/secret-word"));
  ASSERT_TRUE(wait_for("fine"));
  dead_man_->stop();
  ASSERT_GE(told_.size(), 2U);
  EXPECT_EQ(told_[0], "HTTP 404");
  EXPECT_EQ(told_[1], "fine");
  for (const std::string& t : told_) EXPECT_THAT(t, Not(HasSubstr("secret-word")));
}

}  // namespace
}  // namespace embargod
