#include "probes/host_budget.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace embargod {
namespace {

constexpr double kWhole = 1.0 - 1e-9;  // one token, but for rounding

}  // namespace

HostBudget::HostBudget(const HostPolicy& policy) : policy_{policy} {
  policy_.rate = std::isfinite(policy_.rate) ? std::max(policy_.rate, 0.001) : 0.001;
  policy_.burst = std::max(policy_.burst, 1);
  policy_.connections = std::max(policy_.connections, 1);
}

HostBudget::Site& HostBudget::site_of(const std::string& name) {
  const auto [it, fresh] = sites_.try_emplace(name);
  if (fresh) it->second.tokens = policy_.burst;
  return it->second;
}

void HostBudget::refill(Site& s, Millis now) const {
  if (now <= s.counted) return;
  s.tokens = std::min(static_cast<double>(policy_.burst), s.tokens + policy_.rate * to_seconds(now - s.counted));
  s.counted = now;
}

std::optional<Millis> HostBudget::ready_at(const Site& s) const {
  if (s.in_flight >= policy_.connections) return std::nullopt;
  Millis at = s.held_until;
  if (s.tokens < kWhole) {
    const double wait = std::ceil((1.0 - s.tokens) / policy_.rate * 1000.0 - 1e-6);
    at = std::max(at, s.counted + Millis{static_cast<std::int64_t>(wait)});
  }
  return at;
}

HostBudget::Ticket HostBudget::pop(Site& s) {
  const auto q = std::find_if(s.queue.rbegin(), s.queue.rend(), [](const auto& d) { return !d.empty(); });
  assert(q != s.queue.rend());
  const Ticket t = q->front();
  q->pop_front();
  --s.waiting;
  return t;
}

void HostBudget::enqueue(const std::string& site, Urgency urgency, Ticket ticket) {
  Site& s = site_of(site);
  s.queue[static_cast<std::size_t>(urgency)].push_back(ticket);
  ++s.waiting;
  ++queued_;
  if (!s.listed) {
    s.listed = true;
    waiting_.push_back(&s);
  }
}

std::optional<HostBudget::Ticket> HostBudget::next(Millis now) {
  for (std::size_t looked = 0; looked < waiting_.size(); ++looked) {
    if (turn_ >= waiting_.size()) turn_ = 0;
    Site& s = *waiting_[turn_];
    refill(s, now);
    const auto at = ready_at(s);
    if (!at || *at > now) {
      ++turn_;
      continue;
    }
    s.tokens -= 1.0;
    ++s.in_flight;
    --queued_;
    const Ticket t = pop(s);
    if (s.waiting == 0) {
      s.listed = false;
      waiting_[turn_] = waiting_.back();
      waiting_.pop_back();
    } else {
      ++turn_;
    }
    return t;
  }
  return std::nullopt;
}

std::optional<Millis> HostBudget::next_start(Millis now) const {
  std::optional<Millis> earliest;
  for (const Site* s : waiting_) {
    const auto at = ready_at(*s);
    if (at && (!earliest || *at < *earliest)) earliest = *at;
  }
  if (earliest && *earliest < now) return now;
  return earliest;
}

void HostBudget::finished(const std::string& site) {
  Site& s = site_of(site);
  assert(s.in_flight > 0);
  --s.in_flight;
}

void HostBudget::charge(const std::string& site, Millis now) {
  Site& s = site_of(site);
  refill(s, now);
  s.tokens -= 1.0;
}

void HostBudget::hold(const std::string& site, Millis until) {
  Site& s = site_of(site);
  if (until <= s.held_until) return;
  s.held_until = until;
  s.tokens = std::min(s.tokens, 1.0);
  s.counted = std::max(s.counted, until);  // nothing is saved up while held
}

}  // namespace embargod
