#include "alerts/dead_man.h"

#include <exception>
#include <random>
#include <utility>

#include "alerts/backoff.h"

namespace embargod {
namespace {

constexpr Millis kLook{1'000};
constexpr BackoffRange kPingAgain{Millis{1'000}, Millis{60'000}};

Millis interval_of(const std::optional<DeadManSettings>& s) { return s ? s->interval : DeadManSettings{}.interval; }

/// Without what the service answered: a page that says "not found" repeats the address, which is a secret.
std::string without_answer(const std::string& detail) { return detail.substr(0, detail.find(": ")); }

}  // namespace

std::string ping_address(const std::string& url, Ping ping) {
  if (ping == Ping::success) return url;
  const std::size_t end = std::min(url.find('?'), url.size());
  std::string path = url.substr(0, end);
  while (path.ends_with('/')) path.pop_back();
  return path + (ping == Ping::start ? "/start" : "/fail") + url.substr(end);
}

std::optional<Ping> DeadManPlan::next(const LifeSigns& signs, const std::string& why_not, Millis now) const {
  const bool fails = !why_not.empty();
  const bool turned = last_ && (*last_ == Ping::fail) != fails;
  if (now < due_ && !(turned && failures_ == 0)) return std::nullopt;
  if (fails) return Ping::fail;
  if (!last_) return Ping::start;
  const bool got_on = signs.engine > engine_ && signs.stored > stored_;
  return got_on ? std::optional{Ping::success} : std::nullopt;
}

void DeadManPlan::sent(Ping ping, bool accepted, const LifeSigns& signs, Millis now, double random) {
  if (!accepted) {
    due_ = now + std::min(backoff(++failures_, random, kPingAgain), interval_);
    return;
  }
  failures_ = 0;
  last_ = ping;
  due_ = ping == Ping::start ? now : now + interval_;  // the first success follows the start at once
  if (ping != Ping::success) return;
  engine_ = signs.engine;
  stored_ = signs.stored;
}

DeadMan::DeadMan(Doors doors, std::optional<DeadManSettings> settings)
    : doors_{std::move(doors)}, settings_{std::move(settings)}, plan_{interval_of(settings_)} {}

DeadMan::~DeadMan() { stop(); }

void DeadMan::start() {
  if (!thread_.joinable()) thread_ = std::thread{[this] { run(); }};
}

void DeadMan::replace(std::optional<DeadManSettings> settings) {
  const std::scoped_lock lock{mutex_};
  const bool same = settings && settings_ && settings->url == settings_->url;
  settings_ = std::move(settings);
  if (same)
    plan_.set_interval(interval_of(settings_));
  else
    plan_ = DeadManPlan{interval_of(settings_)};
  failing_ = failing_ && same;
  woken_.notify_all();
}

void DeadMan::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock{mutex_};
    stopping_ = true;
    woken_.notify_all();
  }
  poster_.cancel();
  thread_.join();
}

void DeadMan::run() {
  std::unique_lock lock{mutex_};
  while (!stopping_) {
    if (settings_) {
      const LifeSigns signs = doors_.signs();
      const Millis now = doors_.clock.ticks();
      const std::string why_not = why_not_alive(signs, now);
      if (const auto what = plan_.next(signs, why_not, now)) ping(*what, why_not, signs, lock);
    }
    woken_.wait_for(lock, kLook, [this] { return stopping_; });
  }
}

void DeadMan::ping(Ping what, const std::string& why_not, const LifeSigns& signs, std::unique_lock<std::mutex>& lock) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  const Secret url = settings_->url;
  lock.unlock();
  Receipt receipt;
  try {
    receipt = poster_.post({.url = ping_address(url.reveal(), what),
                            .body = why_not,
                            .headers = {"Content-Type: text/plain; charset=utf-8"}});
  } catch (const std::exception&) {
    receipt.detail = "internal error";  // the text of an exception may name the address
  }
  const bool accepted = receipt.outcome == Outcome::accepted;
  lock.lock();
  if (stopping_ || !settings_ || settings_->url != url) return;
  plan_.sent(what, accepted, signs, doors_.clock.ticks(), std::uniform_real_distribution<double>{0.0, 1.0}(random));
  if (accepted && what == Ping::success) doors_.pinged(doors_.clock.now());
  if (accepted != failing_) return;  // nothing new
  failing_ = !accepted;
  doors_.trouble(accepted ? std::string{} : without_answer(receipt.detail));
}

}  // namespace embargod
