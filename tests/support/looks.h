#pragma once
// Short ways to say what tests of the watch say often. Times are offsets from a due instant.

#include <string>

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

  /// One look at a target; the step of the incident of that kind, if there is one.
  Step look(std::size_t target, const Look& l) {
    const Target& t = release_.targets.at(target);
    TargetTrack& track = tracks_.at(t.id);
    verdict = judge(l.liveness, {l.sent, l.done, l.error}, embargo_of(release_, std::nullopt, Millis{180'000}));
    const TargetTrack before = track;
    const TrackStep seen = observe(before, l, verdict);
    track = seen.track;
    const Sight sight{.release = release_,
                      .target = t,
                      .before = before,
                      .look = l,
                      .verdict = verdict,
                      .blind_ended = seen.blind_ended,
                      .clock_verified = true};
    Step out;
    if (incident) {
      out = step(*incident, sight);
    } else if (const auto kind = kind_of(verdict)) {
      out = open_incident(*kind, sight, 1);
    } else {
      return out;
    }
    incident = out.incident;
    for (const Notice n : out.notices) notices.push_back(n);
    return out;
  }

  [[nodiscard]] const TargetTrack& track(std::size_t target) const {
    return tracks_.at(release_.targets.at(target).id);
  }
  [[nodiscard]] const Release& release() const { return release_; }

  std::optional<Incident> incident;
  std::vector<Notice> notices;
  Verdict verdict = Verdict::held;

 private:
  Release release_;
  std::map<std::string, TargetTrack> tracks_;
};

}  // namespace embargod
