#include "daemon/drill.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <future>
#include <memory>
#include <utility>

#include "alerts/test_alert.h"
#include "daemon/practice_world.h"
#include "daemon/watch/incident.h"

namespace embargod {
namespace {

constexpr Millis kFindBound{30'000};   // from going live until word of it is at the channel
constexpr Millis kTellBound{30'000};   // P10: every reachable receiver has accepted by then
constexpr Millis kTrialBound{15'000};  // a delivery under way at that receiver, and then ours
constexpr Millis kBetweenTrials{1'000};
constexpr std::chrono::hours kAhead{7 * 24};
constexpr const char* kRelease = "drill";

/// Where the practice world's channel ends: the newest alert of each status, for the drill to take on.
class Landing {
 public:
  void put(const Alert& a) {
    const std::lock_guard lock{mutex_};
    (a.status == AlertStatus::firing ? firing_ : resolved_) = a;
  }
  [[nodiscard]] std::optional<Alert> get(AlertStatus s) {
    const std::lock_guard lock{mutex_};
    return s == AlertStatus::firing ? firing_ : resolved_;
  }

 private:
  std::mutex mutex_;
  std::optional<Alert> firing_, resolved_;
};

class LandingNotifier final : public Notifier {
 public:
  explicit LandingNotifier(std::shared_ptr<Landing> landing) : landing_{std::move(landing)} {}
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant) override {
    for (const Alert& a : alerts)
      if (a.name == "EmbargoEarly") landing_->put(a);
    return {.outcome = Outcome::accepted, .detail = "landed", .retry_after = {}};
  }

 private:
  const ReceiverTraits traits_{.name = "drill", .severities = {Severity::page}};
  const std::shared_ptr<Landing> landing_;
};

}  // namespace

/// One drill under way. Its steps run on the drill's thread; the messages leave on a thread each.
class DrillGround::Flight {
 public:
  Flight(DrillGround& ground, Instant due) : ground_{ground}, clock_{ground.doors_.clock}, due_{due} {}

  /// Until the page is live and word of it is at the channel.
  Result<Alert> find(const Frame& frame) {
    auto world = PracticeWorld::build(clock_,
                                      {.folder = ground_.doors_.folder,
                                       .release = kRelease,
                                       .title = "[DRILL] A page of embargod itself",
                                       .external_url = frame.external_url,
                                       .timezone = frame.timezone,
                                       .due = due_},
                                      std::make_unique<LandingNotifier>(landing_));
    if (!world) return tl::unexpected<Fault>{world.error()};
    world_ = std::move(*world);
    Millis deadline = clock_.ticks() + kFindBound;
    while (!world_->looked() && !late(deadline)) world_->turn();
    if (!world_->looked()) return broken_off("the page of the drill was never looked at");
    world_->set_live(true);
    live_ = clock_.ticks();
    deadline = live_ + kFindBound;
    auto found = landing_->get(AlertStatus::firing);
    for (; !found && !late(deadline); found = landing_->get(AlertStatus::firing)) world_->turn();
    if (!found) return broken_off("the page went live, and no word of it came through");
    if (!world_->stored()) return broken_off("word came through, but the store refused it");
    ground_.note([&](DrillRecord& r) { r.detected = clock_.ticks() - live_; });
    return *found;
  }

  /// To all at once; the page stays live meanwhile. Seconds count from `since`.
  std::vector<DrillReceipt> tell(const Alert& alert, const std::vector<std::string>& receivers, Millis since) {
    std::vector<std::future<DrillReceipt>> sendings;
    sendings.reserve(receivers.size());
    for (const std::string& name : receivers)
      sendings.push_back(
          std::async(std::launch::async, [this, &alert, &name, since] { return tell_one(alert, name, since); }));
    std::vector<DrillReceipt> out;
    out.reserve(sendings.size());
    for (auto& sending : sendings) {
      while (sending.wait_for(std::chrono::seconds{0}) != std::future_status::ready) world_->turn();
      out.push_back(sending.get());
    }
    return out;
  }

  void wait_for_ack(Millis bound) {
    const Millis deadline = clock_.ticks() + bound;
    while (!ground_.current().acknowledged && !late(deadline)) world_->turn();
  }

  Result<Alert> withdraw() {
    world_->set_live(false);
    withdrawn_ = clock_.ticks();
    const Millis deadline = withdrawn_ + kFindBound;
    auto over = landing_->get(AlertStatus::resolved);
    for (; !over && !late(deadline); over = landing_->get(AlertStatus::resolved)) world_->turn();
    if (!over) return broken_off("the page was withdrawn, and no word of it came through");
    return *over;
  }

  [[nodiscard]] Millis live() const { return live_; }
  [[nodiscard]] Millis withdrawn() const { return withdrawn_; }

 private:
  [[nodiscard]] bool late(Millis deadline) const { return clock_.ticks() >= deadline || ground_.stopping(); }

  tl::unexpected<Fault> broken_off(const std::string& why) const {
    return fail(Errc::unavailable, ground_.stopping() ? "embargod was stopped" : why, "drill");
  }

  DrillReceipt tell_one(const Alert& alert, const std::string& receiver, Millis since) {
    DrillReceipt out{.receiver = receiver, .outcome = "no answer", .answer = {}, .took = {}};
    const Millis deadline = clock_.ticks() + kTellBound;
    while (true) {
      const auto trial = ground_.doors_.send(receiver, alert, kTrialBound);
      out.answer = trial ? trial->receipt.detail : trial.error().what;
      if (trial && trial->receipt.outcome == Outcome::accepted) {
        const Millis now = clock_.ticks();
        out.outcome = "accepted";
        out.took = now - since;
        const std::lock_guard lock{ground_.mutex_};
        if (!ground_.first_accepted_) ground_.first_accepted_ = now;
        return out;
      }
      out.outcome = !trial ? "no answer" : trial->receipt.outcome == Outcome::rejected ? "rejected" : "retried";
      if (out.outcome == "rejected" || late(deadline - kBetweenTrials)) return out;
      const Millis again = clock_.ticks() + kBetweenTrials;
      while (!late(again)) std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
  }

  DrillGround& ground_;
  const Clock& clock_;
  const Instant due_;
  const std::shared_ptr<Landing> landing_ = std::make_shared<Landing>();
  std::unique_ptr<PracticeWorld> world_;
  Millis live_{0}, withdrawn_{0};  // ticks
};

DrillGround::DrillGround(Doors doors) : doors_{std::move(doors)} {}

DrillGround::~DrillGround() { stop(); }

Result<std::string> DrillGround::begin(const DrillOrder& order) {
  const std::lock_guard one_at_a_time{life_};
  auto receivers = doors_.receivers(order.receivers);
  if (!receivers) return tl::unexpected<Fault>{receivers.error()};
  if (receivers->empty())
    return fail(Errc::not_found, "no receiver takes pages", "receivers", "name one, or add one to alerts");
  const Instant began = doors_.clock.now();
  const Instant due = began + kAhead;
  DrillRecord record;
  record.id = incident_id(kRelease, due, IncidentKind::early, 1);
  record.by = order.by;
  record.began = began;
  record.ack_within = std::clamp(order.ack_within, Millis{0}, kLongestDrill);
  {
    const std::lock_guard lock{mutex_};
    if (stopping_) return fail(Errc::unavailable, "embargod is stopping", "drill");
    if (current_) return fail(Errc::busy, "drill " + current_->id + " is under way", "drill", "wait until it is over");
    current_ = record;
    first_accepted_.reset();
  }
  if (thread_.joinable()) thread_.join();  // of the last one, which has nothing left to do
  thread_ = std::thread{[this, due, names = std::move(*receivers)] { run(due, names); }};
  return record.id;
}

void DrillGround::run(Instant due, const std::vector<std::string>& receivers) {
  const auto flown = [&]() -> Result<void> {
    try {
      const DrillRecord order = current();
      Flight flight{*this, due};
      const auto alarm = flight.find(doors_.frame());
      if (!alarm) return tl::unexpected<Fault>{alarm.error()};
      auto told = flight.tell(make_drill_alert(*alarm, order.by), receivers, flight.live());
      std::vector<std::string> knowing;
      for (const DrillReceipt& r : told)
        if (r.took) knowing.push_back(r.receiver);
      note([&](DrillRecord& r) { r.told = std::move(told); });
      if (!knowing.empty()) flight.wait_for_ack(order.ack_within);
      const auto over = flight.withdraw();
      if (!over) return tl::unexpected<Fault>{over.error()};
      auto cleared = flight.tell(make_drill_alert(*over, order.by), knowing, flight.withdrawn());
      note([&](DrillRecord& r) { r.cleared = std::move(cleared); });
      return {};
    } catch (const std::exception& e) {
      return fail(Errc::unavailable, e.what(), "drill");
    }
  }();
  note([&](DrillRecord& r) {
    r.ended = doors_.clock.now();
    if (!flown) r.fault = flown.error().what;
  });
  doors_.ended(current());
  const std::lock_guard lock{mutex_};
  current_.reset();
}

Result<void> DrillGround::acknowledge(const std::string& id, const std::string& by) {
  {
    const std::lock_guard lock{mutex_};
    if (current_ && current_->id == id) {
      if (current_->acknowledged)
        return fail(Errc::conflict, "this drill was acknowledged by " + current_->acknowledged_by + " already", id);
      if (!first_accepted_) return fail(Errc::conflict, "no receiver has accepted this drill yet", id, "try again");
      current_->acknowledged_by = by;
      current_->acknowledged = doors_.clock.ticks() - *first_accepted_;
      return {};
    }
  }
  const auto known = doors_.stored(100);
  if (!known) return tl::unexpected<Fault>{known.error()};
  const bool is_known = std::any_of(known->begin(), known->end(), [&](const DrillRecord& r) { return r.id == id; });
  if (is_known) return fail(Errc::conflict, "this drill is over", id);
  return fail(Errc::not_found, "there is no such drill", id);
}

Result<std::vector<DrillRecord>> DrillGround::newest(int limit) {
  std::vector<DrillRecord> out;
  {
    const std::lock_guard lock{mutex_};
    if (current_) out.push_back(*current_);
  }
  auto stored = doors_.stored(limit);
  if (!stored) return tl::unexpected<Fault>{stored.error()};
  for (DrillRecord& r : *stored)
    if (out.empty() || out.front().id != r.id) out.push_back(std::move(r));
  return out;
}

void DrillGround::stop() {
  const std::lock_guard one_at_a_time{life_};
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool DrillGround::stopping() {
  const std::lock_guard lock{mutex_};
  return stopping_;
}

DrillRecord DrillGround::current() {
  const std::lock_guard lock{mutex_};
  return current_.value_or(DrillRecord{});
}

void DrillGround::note(const std::function<void(DrillRecord&)>& change) {
  const std::lock_guard lock{mutex_};
  if (current_) change(*current_);
}

}  // namespace embargod
