#include "daemon/watch/trouble_step.h"

#include <algorithm>

#include "daemon/watch/step_parts.h"

namespace embargod {
namespace {

std::string what_of(const Sight& s) { return s.target.id + ": " + s.look.rule; }

/// Live when it may be.
bool is_out(const Sight& s) { return s.verdict == Verdict::on_time || s.verdict == Verdict::wrong_content; }

/// Of the release as announced; another form of a URL is none of its parts.
bool is_listed_part(const Incident& i, const std::string& target) {
  return std::find(i.parts.begin(), i.parts.end(), target) != i.parts.end();
}

bool all_up(const Incident& i) { return std::all_of(i.targets.begin(), i.targets.end(), is_up); }

/// The same trouble once more. `more`: it has come to a further URL, or back to one.
void go_on(Step& out, const Sight& s, const char* more) {
  Incident& i = out.incident;
  if (more != nullptr) out.events.push_back(event(i, s.look.done, more, what_of(s)));
  switch (i.state) {
    case IncidentState::suspected:
      confirm(out, s);
      break;
    case IncidentState::open:
      if (more != nullptr) tell(out, Notice::updated);
      break;
    case IncidentState::contained:
      if (more == nullptr) break;
      i.state = IncidentState::open;
      i.contained.reset();
      out.events.push_back(event(i, s.look.done, "reopened", what_of(s)));
      tell(out, Notice::reopened);
      break;
    case IncidentState::closed:
    case IncidentState::dismissed:
      break;
  }
}

/// One URL is as it should be. `all`: so are the others.
void get_better(Step& out, const Sight& s, const char* what, bool all, const char* end) {
  Incident& i = out.incident;
  out.events.push_back(event(i, s.look.done, what, what_of(s)));
  if (!is_active(i)) return;
  if (all)
    contain(out, s.look.done, "contained", end);
  else
    tell(out, Notice::updated);
}

void come(Step& out, TargetExposure& t, const Sight& s) {
  begin(out, t, s);
  if (s.blind_ended) t.blind += length(*s.blind_ended);
}

/// It was there and is not: after its newest live look, of which the track knows (not every one comes by here), and at
/// or before the first dark one.
void leave(TargetExposure& t, const Sight& s) {
  ExposureSpan& span = t.spans.back();
  if (s.before.last_live && *s.before.last_live > span.last_live_sent - span.last_live_error) {
    span.last_live_sent = *s.before.last_live;
    span.last_live_error = Millis{0};
  }
  end_span(span, s.look);
  if (s.before.gone) {
    span.went_down->latest = s.before.gone->latest;
    span.went_down->earliest = std::min(*span.went_down->earliest, span.went_down->latest);
  }
  t.dark_streak = 1;
  if (s.blind_ended) t.blind += length(*s.blind_ended);
}

// ---- late, incomplete: what is not out ----

void miss_part(Step& out, const Sight& s) {
  TargetExposure* t = find(out.incident, s.target.id);
  const char* more = nullptr;
  if (t == nullptr) {
    join(out.incident, s);
    more = "target_joined";
  } else if (is_up(*t)) {
    leave(*t, s);
    more = "went_down";
  }
  go_on(out, s, more);
}

void step_late(Step& out, const Sight& s) {
  Incident& i = out.incident;
  // A release is late once: what is not there later is incomplete, or a gap.
  if (!is_active(i)) return;
  if (s.verdict == Verdict::late) return miss_part(out, s);
  if (s.verdict == Verdict::incomplete)
    return contain(out, s.look.done, "contained", "a part is out; what is missing still is an incomplete release");
  if (!is_out(s)) return;
  TargetExposure* t = find(i, s.target.id);
  if (t == nullptr) {
    // Not seen dark after the grace, but out only now: what was due did not come before this.
    if (!is_listed_part(i, s.target.id) || s.before.released || s.before.was_early) return;
    t = &join(i, s);
  }
  if (is_up(*t)) return;
  come(out, *t, s);
  get_better(out, s, "went_live", all_up(i), "every URL of the release is live");
}

void step_incomplete(Step& out, const Sight& s) {
  if (s.verdict == Verdict::incomplete) return miss_part(out, s);
  TargetExposure* t = is_out(s) ? find(out.incident, s.target.id) : nullptr;
  if (t == nullptr || is_up(*t)) return;
  come(out, *t, s);
  get_better(out, s, "went_live", all_up(out.incident), "every part of the release is out");
}

// ---- something else than announced: a span is the time that was in public ----

void begin_wrong(Step& out, TargetExposure& t, const Sight& s) {
  come(out, t, s);
  t.first.wrong = s.look.wrong;  // of the newest span: what does not fit may be another thing by now
  // What was announced had been out: the wrong thing took its place after the newest look at the right one.
  InstantBounds& began = t.spans.back().went_live;
  if (s.before.released && !s.before.was_early && s.before.last_live &&
      (!began.earliest || *began.earliest < *s.before.last_live))
    began.earliest = std::min(*s.before.last_live, began.latest);
}

void hit_wrong(Step& out, const Sight& s) {
  TargetExposure* t = find(out.incident, s.target.id);
  if (t != nullptr && is_up(*t)) {
    extend_span(t->spans.back(), s.look);
    if (s.blind_ended) t->blind += length(*s.blind_ended);
    return go_on(out, s, nullptr);
  }
  const char* more = t == nullptr ? "target_joined" : "reappeared";
  begin_wrong(out, t == nullptr ? join(out.incident, s) : *t, s);
  go_on(out, s, more);
}

/// What was wrong is not there any more, and what was announced neither while `dark_streak` counts.
bool is_right(const TargetExposure& t) { return !is_up(t) && t.dark_streak == 0; }

void step_wrong(Step& out, const Sight& s) {
  if (s.verdict == Verdict::wrong_content) return hit_wrong(out, s);
  TargetExposure* t = find(out.incident, s.target.id);
  if (t == nullptr || is_right(*t)) return;
  if (s.verdict == Verdict::on_time) {
    if (is_up(*t)) {
      end_span(t->spans.back(), s.look);
      if (s.blind_ended) t->blind += length(*s.blind_ended);
    }
    t->dark_streak = 0;
    const auto& all = out.incident.targets;
    get_better(out, s, "corrected", std::all_of(all.begin(), all.end(), is_right), "what was announced is out");
  } else if (is_dark(s.look.liveness)) {
    if (!is_up(*t)) {
      ++t->dark_streak;
      return;
    }
    leave(*t, s);
    get_better(out, s, "went_down", false, "");
  }
}

// ---- released, and gone again: spans are the times in public ----

/// From its release, or its newest return, until it went.
void begin_gap(TargetExposure& t, const Sight& s) {
  const TargetTrack& before = s.before;
  const Instant latest = s.look.done + s.look.error;
  ExposureSpan span;
  span.went_down = before.gone.value_or(InstantBounds{before.last_live, latest});
  const Instant seen = span.went_down->earliest.value_or(latest);
  span.went_live = before.back ? *before.back : before.released ? *before.released : InstantBounds{std::nullopt, seen};
  // The clock's error is one at each look: a bound that it set wide must not turn the order round.
  if (span.went_live.earliest) span.went_down->earliest = std::max(seen, *span.went_live.earliest);
  span.ended_by = EndedBy::absence;
  span.last_live_sent = seen;
  span.last_live_done = seen;
  t.spans.push_back(span);
  t.seen_live = true;
  t.dark_streak = before.dark_streak + 1;
  if (s.blind_ended) t.blind += length(*s.blind_ended);
}

void step_gap(Step& out, const Sight& s) {
  Incident& i = out.incident;
  TargetExposure* t = find(i, s.target.id);
  if (s.verdict == Verdict::gap) {
    const char* more = nullptr;
    if (t == nullptr) {
      begin_gap(join(i, s), s);
      more = "target_joined";
    } else if (is_up(*t)) {
      leave(*t, s);
      more = "went_down";
    } else {
      ++t->dark_streak;
    }
    return go_on(out, s, more);
  }
  if (!is_out(s) || t == nullptr || is_up(*t)) return;
  come(out, *t, s);
  get_better(out, s, "reappeared", all_up(i), "every URL that was released is live again");
}

}  // namespace

void open_trouble(Step& out, TargetExposure& t, const Sight& s) {
  switch (out.incident.kind) {
    case IncidentKind::wrong_content:
      return begin_wrong(out, t, s);
    case IncidentKind::gap:
      return begin_gap(t, s);
    case IncidentKind::late:
    case IncidentKind::incomplete:
    case IncidentKind::early:
    case IncidentKind::suspect:
    case IncidentKind::unscheduled:
    case IncidentKind::blind:
    case IncidentKind::drift:
      return;
  }
}

void step_trouble(Step& out, const Sight& s) {
  // Past the caches it may be out, gone or mended before anybody else gets to see that.
  if (s.look.route == Route::bypass) return;
  switch (out.incident.kind) {
    case IncidentKind::late:
      return step_late(out, s);
    case IncidentKind::incomplete:
      return step_incomplete(out, s);
    case IncidentKind::wrong_content:
      return step_wrong(out, s);
    case IncidentKind::gap:
      return step_gap(out, s);
    case IncidentKind::early:
    case IncidentKind::suspect:
    case IncidentKind::unscheduled:
    case IncidentKind::blind:
    case IncidentKind::drift:
      return;
  }
}

}  // namespace embargod
