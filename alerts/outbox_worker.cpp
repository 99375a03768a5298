#include "alerts/outbox_worker.h"

#include <algorithm>
#include <condition_variable>
#include <random>
#include <thread>
#include <utility>

#include "alerts/receiver_lane.h"

namespace embargod {
namespace {

std::function<double()> jitter() {
  return [engine = std::minstd_rand{std::random_device{}()}]() mutable {
    return std::uniform_real_distribution<double>{0.0, 1.0}(engine);
  };
}

}  // namespace

/// A receiver's thread around its ReceiverLane.
class OutboxWorker::Lane {
 public:
  Lane(const Doors& doors, std::unique_ptr<Notifier> notifier, const OutboxTiming& timing)
      : name_{notifier->traits().name}, core_{doors, std::move(notifier), timing, jitter()} {}
  ~Lane() { stop(); }
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }

  void start() {
    thread_ = std::jthread{[this] { run(); }};
  }

  void poke() {
    const std::scoped_lock lock{mutex_};
    poked_ = true;
    woken_.notify_all();
  }

  void swap(std::unique_ptr<Notifier> notifier) {
    core_.swap(std::move(notifier));
    poke();
  }

  Result<Trial> try_out(const Alert& alert, Millis bound) {
    std::unique_lock lock{mutex_};
    if (job_) return fail(Errc::busy, "another test is under way there", "receiver " + name_, "wait for its end");
    const auto job = job_ = std::make_shared<Job>(Job{alert, false, std::nullopt});
    poked_ = true;
    woken_.notify_all();
    woken_.wait_for(lock, bound, [&] { return job->done || stopping_ || ended_ || refusing_; });
    if (job_ == job && !job->taken) job_.reset();  // never to be sent
    if (job->done) return *job->done;
    return fail(Errc::unavailable,
                job->taken ? "it was sent, but the receiver did not answer in time"
                           : "it was not sent: other deliveries are under way, or the daemon stops",
                "receiver " + name_, "see the log for what the receiver answers");
  }

  void refuse_trials() {
    const std::scoped_lock lock{mutex_};
    refusing_ = true;
    woken_.notify_all();
  }

  /// No further turn; the delivery under way is finished.
  void retire() {
    const std::scoped_lock lock{mutex_};
    stopping_ = true;
    woken_.notify_all();
  }

  void drain() {
    const std::scoped_lock lock{mutex_};
    draining_ = poked_ = true;
    woken_.notify_all();
  }

  /// False if it still delivers after `bound`.
  bool wait_ended(Millis bound) {
    if (!thread_.joinable()) return true;
    std::unique_lock lock{mutex_};
    return woken_.wait_for(lock, bound, [this] { return ended_; });
  }

  /// True if the last look left nothing to tell.
  [[nodiscard]] bool empty() {
    const std::scoped_lock lock{mutex_};
    return left_ == 0;
  }

  /// Returns within about a second.
  void stop() {
    if (!thread_.joinable()) return;
    retire();
    if (!wait_ended(Millis{0})) core_.cancel();
    thread_.join();
  }

 private:
  struct Job {
    Alert alert;
    bool taken = false;
    std::optional<Trial> done;
  };

  void run() {
    std::unique_lock lock{mutex_};
    while (!stopping_) {
      poked_ = false;
      const bool last = draining_;
      if (job_ && !job_->taken) try_now(lock);
      lock.unlock();
      const Turn turn = core_.turn([this] { return asked(); });
      lock.lock();
      left_ = turn.left;
      if (last && !poked_ && turn.accepted == 0) break;  // what is left would only fail again
      if (turn.wait > Millis{0}) woken_.wait_for(lock, turn.wait, [this] { return poked_ || stopping_; });
    }
    ended_ = true;
    woken_.notify_all();
  }

  void try_now(std::unique_lock<std::mutex>& lock) {
    const std::shared_ptr<Job> job = job_;
    job->taken = true;
    lock.unlock();
    const Trial trial = core_.try_out(job->alert);
    lock.lock();
    job->done = trial;
    job_.reset();
    woken_.notify_all();
  }

  bool asked() {
    const std::scoped_lock lock{mutex_};
    return poked_ || stopping_;
  }

  const std::string name_;
  ReceiverLane core_;
  std::mutex mutex_;  // the flags below
  std::condition_variable woken_;
  bool poked_ = false;
  bool draining_ = false;
  bool stopping_ = false;
  bool ended_ = false;
  bool refusing_ = false;
  std::shared_ptr<Job> job_;
  std::size_t left_ = 0;
  std::jthread thread_;
};

OutboxWorker::OutboxWorker(Doors doors, std::vector<std::unique_ptr<Notifier>> notifiers, OutboxTiming timing)
    : doors_{std::move(doors)}, timing_{timing} {
  for (auto& notifier : notifiers) lanes_.push_back(make_lane(std::move(notifier)));
}

OutboxWorker::~OutboxWorker() { drain_and_stop(Millis{0}); }

std::shared_ptr<OutboxWorker::Lane> OutboxWorker::make_lane(std::unique_ptr<Notifier> notifier) const {
  return std::make_shared<Lane>(doors_, std::move(notifier), timing_);
}

void OutboxWorker::start() {
  const std::scoped_lock life{life_};
  if (stopped_ || std::exchange(started_, true)) return;
  for (const auto& lane : lanes_) lane->start();
}

void OutboxWorker::poke() {
  const std::scoped_lock lock{mutex_};
  for (const auto& lane : lanes_) lane->poke();
}

Result<Trial> OutboxWorker::try_out(const std::string& receiver, const Alert& alert, Millis bound) {
  std::shared_ptr<Lane> lane;
  std::string known;
  {
    const std::scoped_lock lock{mutex_};
    for (const auto& l : lanes_) {
      known += (known.empty() ? "" : ", ") + l->name();
      if (l->name() == receiver) lane = l;
    }
  }
  if (lane) return lane->try_out(alert, bound);
  return fail(Errc::not_found, "there is no such receiver", "receiver \"" + receiver + "\"",
              known.empty() ? "none is configured under alerts" : "there are " + known);
}

void OutboxWorker::refuse_trials() {
  const std::scoped_lock lock{mutex_};
  for (const auto& lane : lanes_) lane->refuse_trials();
}

void OutboxWorker::replace(std::vector<std::unique_ptr<Notifier>> notifiers) {
  const std::scoped_lock life{life_};
  if (stopped_) return;
  std::erase_if(retired_, [](const auto& lane) { return lane->wait_ended(Millis{0}); });
  std::vector<std::shared_ptr<Lane>> old;
  {
    const std::scoped_lock lock{mutex_};
    old.swap(lanes_);
  }
  std::vector<std::shared_ptr<Lane>> lanes;
  for (auto& notifier : notifiers) {
    const std::string name = notifier->traits().name;
    const auto same = [&](const auto& lane) { return lane && lane->name() == name; };
    if (const auto it = std::find_if(old.begin(), old.end(), same); it != old.end()) {
      (*it)->swap(std::move(notifier));
      lanes.push_back(std::move(*it));
      continue;
    }
    constexpr Millis kLongestDelivery{15'000};
    for (const auto& lane : retired_)
      if (same(lane)) lane->wait_ended(kLongestDelivery);  // two threads of one receiver would tell twice
    lanes.push_back(make_lane(std::move(notifier)));
    if (started_) lanes.back()->start();
  }
  for (auto& lane : old) {
    if (!lane) continue;
    lane->retire();
    retired_.push_back(std::move(lane));
  }
  for (const auto& lane : lanes) lane->poke();  // a poke may have come while nobody was listed
  const std::scoped_lock lock{mutex_};
  lanes_ = std::move(lanes);
}

bool OutboxWorker::drain_and_stop(Millis bound) {
  const std::scoped_lock life{life_};
  if (std::exchange(stopped_, true)) return drained_;
  const Millis deadline = doors_.clock.ticks() + bound;
  if (started_ && bound > Millis{0}) {
    for (const auto& lane : lanes_) lane->drain();
    for (const auto& lane : lanes_)
      drained_ = lane->wait_ended(std::max(Millis{0}, deadline - doors_.clock.ticks())) && drained_;
  }
  for (const auto& lane : lanes_) {
    drained_ = lane->empty() && drained_;
    lane->retire();
  }
  std::vector<std::shared_ptr<Lane>> ending;
  {
    const std::scoped_lock lock{mutex_};
    ending.swap(lanes_);
  }
  ending.clear();
  retired_.clear();
  return drained_;
}

}  // namespace embargod
