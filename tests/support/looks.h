#pragma once
// Short ways to say what tests of the watch say often. Times are offsets from a due instant.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/release.h"
#include "daemon/watch/incident_step.h"

namespace embargod {

/// 25 April 2018, 09:30 in London.
inline const Instant kDue = Instant{Millis{1'524'645'000'000}};

inline Look look_at(Millis sent_from_due, Liveness l, Millis took = Millis{100}, Millis error = Millis{0}) {
  Look look;
  look.sent = kDue + sent_from_due;
  look.done = look.sent + took;
  look.sent_ticks = sent_from_due + std::chrono::hours{1000};
  look.done_ticks = look.sent_ticks + took;
  look.error = error;
  look.liveness = l;
  look.cause = l == Liveness::unknown ? Cause::server_error : Cause::none;
  look.rule = "generic live_if";
  look.status = l == Liveness::live ? 200 : 404;
  look.digest = l == Liveness::live ? "sha256:1111" : "";
  return look;
}

inline Release release_with(const std::vector<std::string>& names) {
  Release r;
  r.id = "therapies-2018-01";
  r.title = "Psychological therapies, January 2018 final";
  r.due.at = kDue;
  r.due.zone = "Europe/London";
  r.due.as_given = "2018-04-25 09:30";
  for (const std::string& name : names) {
    Target t;
    t.id = r.id + "/" + name;
    t.release = r.id;
    t.url.text = "https://stats.example.org/pub/" + name;
    t.url.scheme = "https";
    t.url.host = "stats.example.org";
    t.url.port = 443;
    t.url.path_query = "/pub/" + name;
    t.profile = "generic";
    r.targets.push_back(t);
  }
  return r;
}

/// Follows one release through looks as the engine does: judge, observe, step. No clock, no store.
class Story {
 public:
  explicit Story(Release r) : release_{std::move(r)} {
    for (const Target& t : release_.targets) {
      TargetTrack track;
      track.target = t.id;
      track.release = release_.id;
      track.site = t.url.site();
      track.url = t.url.text;
      tracks_[t.id] = track;
    }
  }

  /// One look at a target; the step of the kind that it opened, else of the first incident there was.
  Step look(std::size_t target, const Look& l) {
    const Target& t = release_.targets.at(target);
    TargetTrack& track = tracks_.at(t.id);
    const TargetTrack before = track;
    Embargo embargo = embargo_of(release_, lifted, Millis{180'000});
    embargo.first_out = first_out();
    verdict = judge({.liveness = l.liveness,
                     .role = t.role,
                     .wrong = !l.wrong.empty(),
                     .released = before.released.has_value(),
                     .dark_streak = is_dark(l.liveness) ? before.dark_streak + 1 : 0},
                    {l.sent, l.done, l.error}, embargo);
    const TrackStep seen = observe(before, l, verdict);
    track = seen.track;
    return take({.release = release_,
                 .target = t,
                 .before = before,
                 .look = l,
                 .verdict = verdict,
                 .blind_ended = seen.blind_ended,
                 .clock_verified = true});
  }

  /// The incident of a kind; fails the test if there is none.
  [[nodiscard]] const Incident& of(IncidentKind kind) const { return incidents.at(kind); }

  [[nodiscard]] const TargetTrack& track(std::size_t target) const {
    return tracks_.at(release_.targets.at(target).id);
  }
  [[nodiscard]] const Release& release() const { return release_; }

  std::optional<Incident> incident;  // the first there was
  std::map<IncidentKind, Incident> incidents;
  std::vector<Notice> notices;
  Verdict verdict = Verdict::held;
  std::optional<Instant> lifted;

 private:
  [[nodiscard]] std::optional<Instant> first_out() const {
    std::optional<Instant> first;
    for (const Target& t : release_.targets)
      if (const auto& out = tracks_.at(t.id).released; out && is_part(t.role))
        first = first ? std::min(*first, out->latest) : out->latest;
    return first;
  }

  Step take(const Sight& sight) {
    Step out;
    if (incident) incidents[incident->kind] = *incident;
    for (auto& [kind, i] : incidents) {
      Step next = step(i, sight);
      i = next.incident;
      notices.insert(notices.end(), next.notices.begin(), next.notices.end());
      if (incident && incident->kind == kind) out = std::move(next);
    }
    if (const auto kind = kind_of(sight.verdict); kind && !incidents.contains(*kind)) {
      out = open_incident(*kind, sight, 1);
      incidents[*kind] = out.incident;
      notices.insert(notices.end(), out.notices.begin(), out.notices.end());
      if (!incident) incident = out.incident;
    }
    if (incident) incident = incidents.at(incident->kind);
    return out;
  }

  Release release_;
  std::map<std::string, TargetTrack> tracks_;
};

}  // namespace embargod
