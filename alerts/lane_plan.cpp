#include "alerts/lane_plan.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <tuple>

namespace embargod {
namespace {

// The number behind the last colon of "<incident id>:<step>"; -1 if there is none.
int step_of(const Alert& a) {
  const std::size_t digits = a.key.rfind(':') + 1;  // npos + 1 = 0: the key as a whole
  int step = -1;
  const char* const end = a.key.data() + a.key.size();
  const auto [stop, error] = std::from_chars(a.key.data() + digits, end, step);
  return error == std::errc{} && stop == end ? step : -1;
}

// Decided before what the receiver already has. What was told from memory has no row yet: there the steps tell.
bool is_older(const Waiting& w, const HeldAlert& held) {
  if (w.row && held.row) return *w.row < *held.row;
  return w.alert.incident == held.alert.incident && step_of(w.alert) < step_of(held.alert);
}

class LanePlanner {
 public:
  LanePlanner(const LaneView& view, const OutboxTiming& timing) : view_{view}, timing_{timing} {
    plan_.look_again = view.now + timing.idle_poll;
  }

  LanePlan plan() {
    std::map<std::string, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < view_.waiting.size(); ++i) groups[standing_id(view_.waiting[i].alert)].push_back(i);
    if (view_.standing) {
      std::map<std::string, std::size_t> held;
      for (std::size_t i = 0; i < view_.held.size(); ++i) held[standing_id(view_.held[i].alert)] = i;
      for (const auto& [id, index] : held) groups.try_emplace(id);
      for (auto& [id, group] : groups) {
        const auto it = held.find(id);
        plan_standing(std::move(group), it == held.end() ? std::nullopt : std::optional{it->second});
      }
    } else {
      for (const auto& [id, group] : groups) plan_plain(group);
    }
    rank();
    if (view_.digest && !view_.standing) gather_digests(*view_.digest);
    return std::move(plan_);
  }

 private:
  [[nodiscard]] bool firing(std::size_t i) const { return view_.waiting[i].alert.status == AlertStatus::firing; }

  void look_at(Instant t) { plan_.look_again = std::min(plan_.look_again, std::max(t, view_.now)); }

  void send_when_due(PlannedSend send) {
    const Instant at = view_.waiting[send.waiting].next_try;
    // Nobody waits longer than the cap: what lies further ahead was written before the clock was set back.
    if (at <= view_.now || at > view_.now + timing_.backoff_cap) {
      plan_.send.push_back(send);
    } else {
      look_at(at);
    }
  }

  // A reminder says only that the trouble goes on: whatever else waits says that better, and a receiver that was away
  // for hours is reminded once.
  [[nodiscard]] bool says_nothing_new(std::size_t i, const std::vector<std::size_t>& group) const {
    const Notice notice = view_.waiting[i].alert.notice;
    if (notice == Notice::updated) return true;
    if (notice != Notice::reminder) return false;
    return std::any_of(group.begin(), group.end(), [&](std::size_t other) {
      const Notice n = view_.waiting[other].alert.notice;
      return n == Notice::reminder ? other > i : n != Notice::updated;
    });
  }

  void plan_plain(const std::vector<std::size_t>& group) {
    bool head_found = false;
    for (const std::size_t i : group) {
      if (says_nothing_new(i, group)) {
        plan_.supersede.push_back(i);
      } else if (!head_found) {
        head_found = true;
        send_when_due({i});
      }
    }
  }

  void plan_standing(std::vector<std::size_t> group, std::optional<std::size_t> held_index) {
    const HeldAlert* held = held_index ? &view_.held[*held_index] : nullptr;
    const bool held_fires = held != nullptr && held->alert.status == AlertStatus::firing;
    std::erase_if(group, [&](std::size_t i) {
      if (held == nullptr || !is_older(view_.waiting[i], *held)) return false;
      plan_.supersede.push_back(i);
      return true;
    });
    const std::size_t sends_before = plan_.send.size();
    bool resolve_may_go = false;
    if (!group.empty() && firing(group.back())) {
      supersede_all_but(group, {group.back()});
      send_when_due({group.back()});
    } else if (!group.empty()) {
      resolve_may_go = plan_resolve(group, held, held_fires);
    }
    if (held == nullptr || plan_.send.size() > sends_before || resolve_may_go) return;
    const bool repeats = held_fires || (view_.now < held->accepted_at + timing_.resolve_repeat && group.empty());
    if (!repeats) return;
    if (held->next_resend <= view_.now) {
      plan_.resend.push_back(*held_index);
    } else {
      look_at(held->next_resend);
    }
  }

  // The newest step is a resolve. True if it may leave now but for its own retries, so that the firing one is no longer
  // resent.
  bool plan_resolve(const std::vector<std::size_t>& group, const HeldAlert* held, bool held_fires) {
    const std::size_t resolve = group.back();
    const auto last_firing = std::find_if(group.rbegin(), group.rend(), [this](std::size_t i) { return firing(i); });
    if (!held_fires && last_firing != group.rend()) {
      supersede_all_but(group, {*last_firing, resolve});
      send_when_due({*last_firing});
      return false;
    }
    supersede_all_but(group, {resolve});
    if (held == nullptr) {
      send_when_due({resolve, true});
      return false;
    }
    const Instant free_at = held_fires ? held->firing_since + timing_.min_firing : view_.now;
    if (free_at > view_.now) {
      look_at(free_at);
      return false;
    }
    send_when_due({resolve});
    return true;
  }

  void supersede_all_but(const std::vector<std::size_t>& group, const std::vector<std::size_t>& kept) {
    for (const std::size_t i : group)
      if (std::find(kept.begin(), kept.end(), i) == kept.end()) plan_.supersede.push_back(i);
  }

  // What the store does not have goes first; then what was never tried, pages before tickets: a receiver that hangs on
  // one alert costs 10 s each time, and a new page must not wait for all of them.
  void rank() {
    const auto urgency = [this](const PlannedSend& s) {
      const Waiting& w = view_.waiting[s.waiting];
      return std::tuple{w.row.has_value(), w.attempts > 0, w.alert.severity, w.next_try, s.waiting};
    };
    std::sort(plan_.send.begin(), plan_.send.end(),
              [&](const PlannedSend& a, const PlannedSend& b) { return urgency(a) < urgency(b); });
    std::sort(plan_.supersede.begin(), plan_.supersede.end());
  }

  // The first few leave at once. The rest waits for company, by the wall clock of its decision: a clock that was set
  // back holds nothing up.
  void gather_digests(const DigestSettings& rule) {
    const auto room = static_cast<std::size_t>(std::max(0, rule.after - view_.told_lately));
    if (plan_.send.size() <= room) return;
    const std::vector<PlannedSend> rest{plan_.send.begin() + static_cast<std::ptrdiff_t>(room), plan_.send.end()};
    plan_.send.resize(room);
    for (const AlertStatus status : {AlertStatus::firing, AlertStatus::resolved}) {
      std::vector<std::size_t> group;
      Instant leaves = Instant::max();
      for (const PlannedSend& s : rest) {
        const Alert& a = view_.waiting[s.waiting].alert;
        if (a.status != status) continue;
        group.push_back(s.waiting);
        leaves = std::min(leaves, a.decided_at > view_.now ? view_.now : a.decided_at + rule.wait);
      }
      if (group.empty()) continue;
      if (leaves > view_.now)
        look_at(leaves);
      else if (group.size() == 1)
        plan_.send.push_back({group.front()});
      else
        plan_.digests.push_back(std::move(group));
    }
  }

  const LaneView& view_;
  const OutboxTiming& timing_;
  LanePlan plan_;
};

}  // namespace

LanePlan plan_lane(const LaneView& view, const OutboxTiming& timing) { return LanePlanner{view, timing}.plan(); }

}  // namespace embargod
