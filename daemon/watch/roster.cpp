#include "daemon/watch/roster.h"

#include <algorithm>

namespace embargod {
namespace {

// Timers due within this share a wake-up: two to four times less CPU at low rates (performance.md).
constexpr Millis kShareWakeUp{20};

}  // namespace

void Roster::adopt(const std::shared_ptr<const Plan>& plan, const std::set<std::string>& keep, Millis now_ticks) {
  std::map<std::string, Watched> next;
  for (const Part& p : plan->parts) {
    const Target& t = p.target;
    Watched w;
    if (const auto known = watched_.find(t.id); known != watched_.end()) w = std::move(known->second);
    const bool moved = w.target != nullptr && w.target->url.text != t.url.text;
    if (moved) w = Watched{};  // another URL under an old name: nothing of the old one holds
    w.plan = plan;
    w.release = p.release;
    w.target = &t;
    w.part = &p;
    w.track.target = t.id;
    w.track.release = p.release->id;
    w.track.site = t.url.site();
    w.track.url = t.url.text;
    next.emplace(t.id, std::move(w));
  }
  for (const std::string& id : keep)
    if (const auto old = watched_.find(id);
        old != watched_.end() && !next.contains(id) && old->second.target != nullptr)
      next.emplace(id, std::move(old->second));

  watched_ = std::move(next);
  due_.clear();
  by_release_.clear();
  unlooked_ = 0;
  for (auto& [id, w] : watched_) {
    by_release_[w.track.release].push_back(id);
    if (!w.looked && w.announced()) ++unlooked_;
    if (w.in_flight == 0) schedule(w, std::min(w.next.value_or(now_ticks), now_ticks + w.plan->polling.interval));
  }
}

void Roster::restore(const TargetTrack& track) {
  if (const auto it = watched_.find(track.target); it != watched_.end() && it->second.track.url == track.url) {
    const std::string site = it->second.track.site;
    it->second.track = track;
    it->second.track.site = site;
  }
}

void Roster::restore(const ObservationSpan& span) {
  if (const auto it = watched_.find(span.target); it != watched_.end()) it->second.span = span;
}

void Roster::schedule(Watched& w, std::optional<Millis> at) {
  if (w.next) due_.erase({*w.next, w.track.target});
  w.next = at;
  if (at) due_.emplace(*at, w.track.target);
}

std::vector<Watched*> Roster::take_due(Millis now_ticks) {
  std::vector<Watched*> out;
  while (!due_.empty() && due_.begin()->first <= now_ticks + kShareWakeUp) {
    Watched& w = watched_.at(due_.begin()->second);
    w.planned = due_.begin()->first;
    w.next.reset();
    due_.erase(due_.begin());
    out.push_back(&w);
  }
  return out;
}

std::optional<Millis> Roster::next_due() const {
  return due_.empty() ? std::nullopt : std::optional<Millis>{due_.begin()->first};
}

void Roster::started(Watched& w, std::uint64_t token) {
  w.in_flight = token;
  tokens_[token] = w.track.target;
}

Watched* Roster::finished(std::uint64_t token) {
  const auto t = tokens_.find(token);
  if (t == tokens_.end()) return nullptr;
  const std::string id = t->second;
  tokens_.erase(t);
  const auto it = watched_.find(id);
  // A look at the former URL of a target that was re-pointed in between is nobody's.
  if (it == watched_.end() || it->second.in_flight != token) return nullptr;
  it->second.in_flight = 0;
  return &it->second;
}

std::vector<Watched*> Roster::of_release(const std::string& release) {
  std::vector<Watched*> out;
  if (const auto ids = by_release_.find(release); ids != by_release_.end())
    for (const std::string& id : ids->second) out.push_back(&watched_.at(id));
  return out;
}

void Roster::mark_looked(Watched& w) {
  if (w.looked) return;
  w.looked = true;
  if (w.announced()) --unlooked_;
}

}  // namespace embargod
