#include "alerts/outbox_worker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <thread>

#include "alerts/test_alert.h"
#include "tests/alerts/real_clock.h"
#include "tests/alerts/sample_alerts.h"
#include "tests/support/child_process.h"
#include "tests/support/memory_outbox.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

/// What a receiver did, seen from the test's thread.
struct Log {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> keys;
  bool hang = false;
  bool cancelled = false;
  bool refuse = false;
  std::atomic<int> inside{0};
  std::atomic<int> most_inside{0};

  std::size_t count() {
    const std::scoped_lock lock{mutex};
    return keys.size();
  }
  void set(bool Log::* flag, bool value) {
    const std::scoped_lock lock{mutex};
    this->*flag = value;
    changed.notify_all();
  }
};

class LoggingNotifier final : public Notifier {
 public:
  LoggingNotifier(std::string name, std::shared_ptr<Log> log) : log_{std::move(log)} {
    traits_.name = std::move(name);
    traits_.severities = {Severity::page, Severity::ticket};
  }
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant) override {
    const int inside = ++log_->inside;
    log_->most_inside = std::max(log_->most_inside.load(), inside);
    std::unique_lock lock{log_->mutex};
    log_->changed.wait(lock, [this] { return !log_->hang || log_->cancelled; });
    --log_->inside;
    if (log_->cancelled || log_->refuse) return {};
    for (const Alert& a : alerts) log_->keys.push_back(a.key);
    return {.outcome = Outcome::accepted, .detail = {}, .retry_after = {}};
  }
  void cancel() override { log_->set(&Log::cancelled, true); }

 private:
  ReceiverTraits traits_;
  std::shared_ptr<Log> log_;
};

class OutboxWorkerTest : public testing::Test {
 protected:
  OutboxWorker make_worker(std::vector<std::unique_ptr<Notifier>> notifiers) {
    OutboxTiming timing;
    timing.backoff_first = 20ms;
    timing.backoff_cap = 100ms;
    timing.idle_poll = 20ms;
    return {{outbox_, emergency_, clock_, [this](const DeliveryReport&) { ++reports_; }, [] { return true; }, ""},
            std::move(notifiers),
            timing};
  }
  static std::vector<std::unique_ptr<Notifier>> one(const std::string& name, const std::shared_ptr<Log>& log) {
    std::vector<std::unique_ptr<Notifier>> v;
    v.push_back(std::make_unique<LoggingNotifier>(name, log));
    return v;
  }

  RealClock clock_;
  MemoryOutbox outbox_;
  EmergencyOutbox emergency_;
  std::atomic<int> reports_{0};
};

TEST_F(OutboxWorkerTest, AHangingReceiverDelaysNoOther) {
  const auto stuck = std::make_shared<Log>();
  const auto fine = std::make_shared<Log>();
  stuck->hang = true;
  auto notifiers = one("webhook-1", stuck);
  notifiers.push_back(std::make_unique<LoggingNotifier>("webhook-2", fine));
  OutboxWorker worker = make_worker(std::move(notifiers));
  worker.start();
  for (int i = 1; i <= 20; ++i)
    for (const char* receiver : {"webhook-1", "webhook-2"})
      outbox_.add(receiver, sample_alert("A" + std::to_string(i), 1, Notice::opened));
  worker.poke();
  EXPECT_TRUE(eventually([&] { return fine->count() == 20; }));
  EXPECT_EQ(stuck->count(), 0U);
  stuck->set(&Log::hang, false);
  EXPECT_TRUE(eventually([&] { return stuck->count() == 20; }));
  EXPECT_TRUE(worker.drain_and_stop(5s));
}

TEST_F(OutboxWorkerTest, RowsFromManyThreadsAreEachToldOnce) {
  const auto log = std::make_shared<Log>();
  OutboxWorker worker = make_worker(one("webhook-1", log));
  worker.start();
  {
    std::vector<std::jthread> writers;
    writers.reserve(4);
    for (int t = 0; t < 4; ++t)
      writers.emplace_back([&, t] {
        for (int i = 0; i < 50; ++i) {
          outbox_.add("webhook-1", sample_alert("T" + std::to_string(t) + "-" + std::to_string(i), 1, Notice::opened));
          worker.poke();
        }
      });
  }
  EXPECT_TRUE(worker.drain_and_stop(10s));
  EXPECT_EQ(log->count(), 200U);
  EXPECT_EQ(outbox_.pending_count().value(), 0);
  EXPECT_EQ(reports_, 200);
}

TEST_F(OutboxWorkerTest, ATrialGoesThroughTheReceiversOwnLaneAndIsNotStored) {
  const auto log = std::make_shared<Log>();
  auto worker = make_worker(one("webhook-1", log));
  worker.start();
  const Alert test = make_test_alert({.by = "Duty officer", .receiver = "webhook-1", .external_url = ""}, clock_.now());
  const auto trial = worker.try_out("webhook-1", test, 10s);
  ASSERT_TRUE(trial);
  EXPECT_EQ(trial->receipt.outcome, Outcome::accepted);
  EXPECT_EQ(log->keys, std::vector<std::string>{test.key});
  EXPECT_TRUE(outbox_.rows().empty());
  const auto unknown = worker.try_out("webhok", test, 10s);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, Errc::not_found);
  EXPECT_EQ(unknown.error().to_do, "there are webhook-1");
}

TEST_F(OutboxWorkerTest, ATrialOfAReceiverThatHangsIsGivenUp) {
  const auto log = std::make_shared<Log>();
  log->set(&Log::hang, true);
  auto worker = make_worker(one("webhook-1", log));
  worker.start();
  const Alert test = make_test_alert({.by = "Duty officer", .receiver = "webhook-1", .external_url = ""}, clock_.now());
  const auto late = worker.try_out("webhook-1", test, 50ms);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::unavailable);
  EXPECT_EQ(worker.try_out("webhook-1", test, 50ms).error().code, Errc::busy) << "the first is still under way";
  log->set(&Log::hang, false);
}

TEST(TestAlert, CannotBeTakenForAnIncident) {
  const Alert a =
      make_test_alert({.by = "Duty\nofficer", .receiver = "webhook-1", .external_url = "http://e"}, Instant{});
  EXPECT_EQ(a.name, "EmbargodTest");
  EXPECT_EQ(a.incident, "");
  EXPECT_EQ(a.incident_json, "null");
  EXPECT_EQ(a.severity, Severity::info);
  EXPECT_EQ(a.labels, (Labels{{"alertname", "EmbargodTest"}, {"severity", "info"}, {"service", "embargod"}}));
  EXPECT_TRUE(a.annotations.at("summary").starts_with("[TEST]"));
  EXPECT_EQ(a.annotations.at("description").find('\n'), std::string::npos);
}

TEST_F(OutboxWorkerTest, NewRowsAreFoundWithoutAPoke) {
  const auto log = std::make_shared<Log>();
  OutboxWorker worker = make_worker(one("webhook-1", log));
  worker.start();
  outbox_.add("webhook-1", sample_alert("A", 1, Notice::opened));
  EXPECT_TRUE(eventually([&] { return log->count() == 1; }));
}

TEST_F(OutboxWorkerTest, DrainSaysWhatIsLeftAndDoesNotWaitForTheHopeless) {
  const auto log = std::make_shared<Log>();
  log->refuse = true;
  OutboxWorker worker = make_worker(one("webhook-1", log));
  worker.start();
  outbox_.add("webhook-1", sample_alert("A", 1, Notice::opened));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(worker.drain_and_stop(60s));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 20s);
  EXPECT_FALSE(worker.drain_and_stop(60s)) << "the same answer again";
}

TEST_F(OutboxWorkerTest, AHangingReceiverIsCutOffAtTheBound) {
  const auto log = std::make_shared<Log>();
  log->hang = true;
  OutboxWorker worker = make_worker(one("webhook-1", log));
  worker.start();
  outbox_.add("webhook-1", sample_alert("A", 1, Notice::opened));
  worker.poke();
  ASSERT_TRUE(eventually([&] { return log->inside == 1; }));
  EXPECT_FALSE(worker.drain_and_stop(50ms));
  EXPECT_TRUE(log->cancelled);
}

TEST_F(OutboxWorkerTest, ReplaceKeepsWhatWaitsAndNeverRunsAReceiverTwice) {
  const auto first = std::make_shared<Log>();
  const auto second = std::make_shared<Log>();
  first->hang = true;
  OutboxWorker worker = make_worker(one("webhook-1", first));
  worker.start();
  outbox_.add("webhook-1", sample_alert("A", 1, Notice::opened));
  outbox_.add("webhook-1", sample_alert("B", 1, Notice::opened));
  worker.poke();
  ASSERT_TRUE(eventually([&] { return first->inside == 1; }));
  worker.replace(one("webhook-1", second));
  EXPECT_EQ(second->count(), 0U) << "the delivery under way is finished first";
  first->set(&Log::hang, false);
  EXPECT_TRUE(eventually([&] { return second->count() == 1; }));
  EXPECT_EQ(first->count(), 1U);
  EXPECT_TRUE(worker.drain_and_stop(5s));
}

TEST_F(OutboxWorkerTest, RowsOfARemovedReceiverStayUntilItIsBack) {
  const auto log = std::make_shared<Log>();
  OutboxWorker worker = make_worker(one("webhook-1", std::make_shared<Log>()));
  worker.start();
  worker.replace({});
  outbox_.add("webhook-1", sample_alert("A", 1, Notice::opened));
  worker.poke();
  EXPECT_EQ(outbox_.pending_count().value(), 1);
  worker.replace(one("webhook-1", log));
  EXPECT_TRUE(eventually([&] { return log->count() == 1; }));
}

TEST_F(OutboxWorkerTest, StopsWithoutEverHavingStarted) {
  OutboxWorker worker = make_worker(one("webhook-1", std::make_shared<Log>()));
  worker.poke();
  EXPECT_TRUE(worker.drain_and_stop(1s));
  worker.start();
}

TEST_F(OutboxWorkerTest, TheEmergencyPathNeedsNoStore) {
  const auto log = std::make_shared<Log>();
  outbox_.refuse_reads(true);
  outbox_.refuse_marks(true);
  OutboxWorker worker = make_worker(one("webhook-1", log));
  worker.start();
  emergency_.put(sample_alert("A", 1, Notice::opened), {"webhook-1"});
  worker.poke();
  EXPECT_TRUE(eventually([&] { return log->count() == 1; }));
  EXPECT_TRUE(emergency_.was_accepted("webhook-1", "A:1"));
}

}  // namespace
}  // namespace embargod
