#include "daemon/watch/track.h"

#include <algorithm>

namespace embargod {

bool continues(const ObservationSpan& span, const Look& look) {
  return span.liveness == look.liveness && span.cause == look.cause && span.status == look.status &&
         span.rule == look.rule;
}

ObservationSpan begin_observation_span(const std::string& target, const Look& look) {
  return ObservationSpan{.target = target,
                         .liveness = look.liveness,
                         .cause = look.cause,
                         .status = look.status,
                         .rule = look.rule,
                         .digest = look.digest,
                         .first_sent = look.sent,
                         .first_done = look.done,
                         .last_sent = look.sent,
                         .last_done = look.done,
                         .count = 1,
                         .longest_gap = Millis{0},
                         .worst_error = look.error,
                         .last_age = look.age};
}

void extend_observation_span(ObservationSpan& span, const Look& look) {
  span.longest_gap = std::max(span.longest_gap, look.done - span.last_done);
  span.last_sent = look.sent;
  span.last_done = look.done;
  span.worst_error = std::max(span.worst_error, look.error);
  span.last_age = look.age;
  ++span.count;
}

namespace {

void note_dark(TargetTrack& track, const Look& look) {
  const Instant origin = made_after(look.sent, look.age, look.error);
  track.dark.origin_floor = track.dark.origin_floor ? std::max(*track.dark.origin_floor, origin) : origin;
  track.dark.sent = look.sent;
  track.dark.error = look.error;
  ++track.dark_streak;
}

/// A release that was out and is dark now. One dark look may be a hiccup of the site: the verdict waits for more.
void note_gone(TargetTrack& track, const Look& look) {
  if (look.liveness == Liveness::live) {
    if (track.gone && track.dark_streak >= kAbsencesToContain && track.dark.sent)
      track.back =
          InstantBounds{std::min(*track.dark.sent - track.dark.error, look.sent - look.error), look.done + look.error};
    track.gone.reset();
  } else if (is_dark(look.liveness) && track.released && !track.gone) {
    const Instant latest = look.done + look.error;
    track.gone = InstantBounds{std::min(track.last_live.value_or(track.released->latest), latest), latest};
  }
}

/// What a person closed while this was gone stays closed until it is there again; anything else until it is gone.
bool mutes_a_gap(const TargetTrack& track) { return track.muted_by.starts_with("gap:"); }

void note_content(TargetTrack& track, const Look& look) {
  if (!look.edition.empty()) track.edition = look.edition;
  if (look.fingerprint.empty()) return;
  if (look.fingerprint != track.fingerprint) track.fingerprint_seen = look.done;
  track.fingerprint = look.fingerprint;
  track.size = look.size;
}

void start_blind(TargetTrack& track, const Look& look, Instant from) {
  if (track.blind) return;
  track.blind = BlindSpan{.target = track.target,
                          .release = track.release,
                          .site = track.site,
                          .from = from,
                          .to = std::nullopt,
                          .cause = look.cause};
}

}  // namespace

TrackStep observe(TargetTrack track, const Look& look, Verdict verdict) {
  TrackStep step;
  track.liveness = look.liveness;
  track.cause = look.cause;
  track.rule = look.rule;
  track.status = look.status;
  track.last_look = look.done;
  if (look.liveness == Liveness::unknown) {
    // What was not recognised may still be what a person is asked to approve.
    if (look.cause == Cause::no_baseline) note_content(track, look);
    // Keeping quiet was our choice; that the site cannot be seen now is another matter, and somebody's to mend.
    if (track.blind && track.blind->cause == Cause::quiet) {
      step.blind_ended = std::move(track.blind);
      step.blind_ended->to = std::max(look.sent, step.blind_ended->from);
      track.blind.reset();
      start_blind(track, look, look.sent);
    }
    start_blind(track, look, track.last_conclusive.value_or(look.sent));
    step.track = std::move(track);
    return step;
  }
  if (track.blind) {
    step.blind_ended = std::move(track.blind);
    step.blind_ended->to = std::max(look.sent, step.blind_ended->from);
    track.blind.reset();
  }
  // A suspect answer is an answer: the site could be seen, although it does not say whether the release is out.
  track.last_conclusive = look.done;
  if (is_conclusive(look.liveness)) track.conclusive = look.liveness;
  track.was_early = !is_dark(look.liveness) && (track.was_early || verdict == Verdict::early);
  if (verdict == Verdict::on_time && !track.released && !track.was_early) {
    track.released = InstantBounds{std::nullopt, look.done + look.error};
    if (track.dark.sent) track.released->earliest = *track.dark.sent - track.dark.error;
  }
  note_content(track, look);
  note_gone(track, look);
  if (look.liveness == Liveness::live) track.last_live = look.sent - look.error;
  if (is_dark(look.liveness)) {
    note_dark(track, look);
    if (track.dark_streak >= kAbsencesToContain && !mutes_a_gap(track)) track.muted_by.clear();
  } else {
    if (look.liveness == Liveness::live && mutes_a_gap(track)) track.muted_by.clear();
    track.dark_streak = 0;
  }
  step.track = std::move(track);
  return step;
}

}  // namespace embargod
