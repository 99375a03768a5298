#include "daemon/watch/incident_step.h"

#include <algorithm>
#include <utility>

#include "daemon/watch/exposure.h"
#include "daemon/watch/step_parts.h"
#include "daemon/watch/trouble_step.h"

namespace embargod {
namespace {

constexpr std::chrono::hours kCloseAfter{24};
constexpr std::chrono::minutes kForgetAddress{10};

bool is_exposure(IncidentKind k) {
  switch (k) {
    case IncidentKind::early:
    case IncidentKind::suspect:
    case IncidentKind::unscheduled:
      return true;
    case IncidentKind::late:
    case IncidentKind::incomplete:
    case IncidentKind::wrong_content:
    case IncidentKind::gap:
    case IncidentKind::blind:
    case IncidentKind::drift:
      return false;
  }
  return false;
}

/// What this way to the page showed, remembered beside the others.
void note_route(TargetExposure& t, const Look& look) {
  // An address that the host no longer has cannot agree any more: while it had it, it was asked twice a minute.
  std::erase_if(t.routes, [&](const RouteView& v) {
    return v.path != "plain" && v.path != "bypass" && v.done + kForgetAddress < look.done;
  });
  const std::string path = path_of(look);
  auto view = std::find_if(t.routes.begin(), t.routes.end(), [&](const RouteView& v) { return v.path == path; });
  if (view == t.routes.end()) {
    view = t.routes.emplace(t.routes.end());
    view->path = path;
  }
  view->liveness = look.liveness;
  view->dark_streak = is_dark(look.liveness) ? view->dark_streak + 1 : 0;
  view->done = look.done;
  view->from_cache = look.from_cache;
  view->layer = look.layer;
  t.dark_streak = view->dark_streak;
  for (const RouteView& v : t.routes) t.dark_streak = std::min(t.dark_streak, v.dark_streak);
}

const RouteView* view_of(const TargetExposure& t, const std::string& path) {
  const auto view = std::find_if(t.routes.begin(), t.routes.end(), [&](const RouteView& v) { return v.path == path; });
  return view == t.routes.end() ? nullptr : &*view;
}

bool live_by_any(const TargetExposure& t) {
  return std::any_of(t.routes.begin(), t.routes.end(), [](const RouteView& v) { return !is_dark(v.liveness); });
}

/// Gone past the caches, still there without: the page is down, its copies are not.
void note_leftover(Step& out, TargetExposure& t, const Look& look) {
  const RouteView* past = view_of(t, "bypass");
  const RouteView* plain = view_of(t, "plain");
  // A cache that takes no notice of queries answers those looks, too: that is not the origin's word.
  const bool leftover =
      past != nullptr && plain != nullptr && is_dark(past->liveness) && !past->from_cache && !is_dark(plain->liveness);
  if (!leftover) {
    t.cached_by.clear();
    return;
  }
  const std::string layer = plain->layer.empty() ? "a cache" : plain->layer;
  if (!t.spans.empty() && !t.spans.back().went_down && look.route == Route::bypass && is_dark(look.liveness))
    end_at_origin(t.spans.back(), look);
  if (t.cached_by == layer) return;
  t.cached_by = layer;
  out.events.push_back(event(out.incident, look.done, "served_from_cache", t.target + ": " + layer));
  if (out.incident.firing) tell(out, Notice::updated);
}

/// A page that goes up and down, or one worker of several that has it: each return doubles what it takes to believe
/// that it is gone, so that people are told a few times and not each time (P23).
int absences_to_contain(const TargetExposure& t) {
  const std::size_t returns = t.spans.empty() ? 0 : t.spans.size() - 1;
  return kAbsencesToContain << std::min<std::size_t>(returns, 4);
}

void hit(Step& out, const Sight& s) {
  Incident& i = out.incident;
  TargetExposure* t = find(i, s.target.id);
  const bool joined = t == nullptr;
  if (joined) t = &join(i, s);
  const bool was_up = is_up(*t);
  if (was_up) {
    extend_span(t->spans.back(), s.look);
    t->dark_streak = 0;
  } else {
    begin(out, *t, s);
  }
  note_route(*t, s.look);
  note_leftover(out, *t, s.look);
  if (s.blind_ended) t->blind += length(*s.blind_ended);

  const std::string what = s.target.id + ": " + s.look.rule;
  switch (i.state) {
    case IncidentState::suspected:
      confirm(out, s);
      break;
    case IncidentState::open:
      if (!was_up) {
        out.events.push_back(event(i, s.look.done, joined ? "target_joined" : "reappeared", what));
        tell(out, Notice::updated);
      }
      break;
    case IncidentState::contained:
      i.state = IncidentState::open;
      if (i.kind != IncidentKind::suspect) i.confidence = Confidence::confirmed;
      i.contained.reset();
      out.events.push_back(event(i, s.look.done, "reopened", what));
      tell(out, Notice::reopened);
      break;
    case IncidentState::closed:
    case IncidentState::dismissed:
      break;
  }
}

void miss(Step& out, const Sight& s) {
  Incident& i = out.incident;
  TargetExposure* t = find(i, s.target.id);
  if (t == nullptr) return;
  note_route(*t, s.look);
  note_leftover(out, *t, s.look);
  // Gone by this way; while it is up by another it is public.
  if (is_up(*t) && !live_by_any(*t)) {
    end_span(t->spans.back(), s.look);
    if (s.blind_ended) t->blind += length(*s.blind_ended);
    out.events.push_back(event(i, s.look.done, "went_down", t->target + ": " + s.look.rule));
  }
  const bool gone = std::all_of(i.targets.begin(), i.targets.end(), [](const TargetExposure& e) {
    return !is_up(e) && e.dark_streak >= absences_to_contain(e);
  });
  if (is_active(i) && gone)
    contain(out, s.look.done, "contained",
            std::to_string(absences_to_contain(*t)) + " agreeing absences of every URL that was live");
}

void step_exposure(Step& out, const Sight& s) {
  if (kind_of(s.verdict) == out.incident.kind)
    hit(out, s);
  else if (is_dark(s.look.liveness))
    miss(out, s);
}

}  // namespace

std::optional<IncidentKind> kind_of(Verdict v) {
  switch (v) {
    case Verdict::early:
      return IncidentKind::early;
    case Verdict::suspect:
      return IncidentKind::suspect;
    case Verdict::late:
      return IncidentKind::late;
    case Verdict::incomplete:
      return IncidentKind::incomplete;
    case Verdict::wrong_content:
      return IncidentKind::wrong_content;
    case Verdict::gap:
      return IncidentKind::gap;
    case Verdict::unscheduled:
      return IncidentKind::unscheduled;
    case Verdict::held:
    case Verdict::on_time:
    case Verdict::inconclusive:
      return std::nullopt;
  }
  return std::nullopt;
}

Step open_incident(IncidentKind kind, const Sight& s, int ordinal) {
  Step out;
  Incident& i = out.incident;
  i.kind = kind;
  i.release = s.release.id;
  i.site = s.target.url.site();
  i.title = s.release.title;
  i.due = s.release.status == ReleaseStatus::provisional && kind == IncidentKind::early ? s.release.due.period_begin
                                                                                        : s.release.due.at;
  i.ordinal = ordinal;
  i.id = incident_id(i.release, i.due, kind, ordinal);
  i.confidence = kind == IncidentKind::suspect ? Confidence::suspected : Confidence::seen_once;
  i.detected = s.look.done;
  i.clock_verified = s.clock_verified;
  if (s.rehearsal != nullptr && kind == IncidentKind::early) i.rehearsal = mark_of(*s.rehearsal);
  for (const Target& part : s.release.targets)
    if (is_part(part.role)) i.parts.push_back(part.id);
  TargetExposure& t = join(i, s);
  if (is_exposure(kind)) {
    begin(out, t, s);
    note_route(t, s.look);
    if (s.blind_ended) t.blind += length(*s.blind_ended);
  } else {
    open_trouble(out, t, s);
  }
  out.events.push_back(event(i, s.look.done, "first_sight", s.target.id + ": " + s.look.rule));
  tell(out, Notice::opened);
  return out;
}

Step step(Incident incident, const Sight& s) {
  Step out;
  out.incident = std::move(incident);
  if (is_over(out.incident)) return out;
  out.incident.clock_verified = out.incident.clock_verified && s.clock_verified;
  if (is_exposure(out.incident.kind))
    step_exposure(out, s);
  else
    step_trouble(out, s);
  return out;
}

Step end_embargo(Incident incident, Instant end, EndedBy by, Instant now) {
  Step out;
  out.incident = std::move(incident);
  if (!is_active(out.incident) || !is_exposure(out.incident.kind)) return out;
  bool up = false;
  for (TargetExposure& t : out.incident.targets) {
    if (!is_up(t)) continue;
    up = true;
    end_span_at(t.spans.back(), end, by);
  }
  const char* how = by == EndedBy::due ? "due_passed" : "lifted";
  contain(out, now, how, up ? "still live when the embargo ended" : "the embargo ended");
  return out;
}

Step close_by_itself(Incident incident, Instant now, const std::string& reason) {
  Step out;
  out.incident = std::move(incident);
  if (is_over(out.incident)) return out;
  out.incident.state = IncidentState::closed;
  out.incident.closed = now;
  out.incident.closed_by = kSelf;
  out.incident.closed_reason = reason;
  out.events.push_back(event(out.incident, now, "closed", reason));
  if (out.incident.firing) tell(out, Notice::resolved);
  return out;
}

Step end_rehearsal(Incident incident, const std::string& why, Instant now) {
  if (in_rehearsal(incident) && incident.state == IncidentState::contained)
    return close_by_itself(std::move(incident), now, "the rehearsal is over, and nothing of it is public");
  Step out;
  out.incident = std::move(incident);
  Incident& i = out.incident;
  if (!in_rehearsal(i) || !is_active(i)) return out;
  if (std::none_of(i.targets.begin(), i.targets.end(), is_up)) return out;
  i.rehearsal->over = now;
  i.rehearsal->why_over = why;
  std::string text = i.rehearsal->id + " is over because " + why + ", and it is still public: a breach from here on";
  if (i.acknowledged) text += "; what " + i.acknowledged->by + " acknowledged was the rehearsal";
  i.acknowledged.reset();
  out.events.push_back(event(i, now, "rehearsal_overrun", text));
  out.rehearsal_over = true;
  tell(out, Notice::opened);
  return out;
}

Result<Step> apply(Incident incident, const Command& c, Instant now) {
  const std::string where = "incident " + incident.id;
  if (c.by.empty()) return fail(Errc::invalid_input, "nobody is named", where, "say who with \"by\"");
  const bool ends = c.what == Command::What::dismiss || c.what == Command::What::close;
  const bool decides = c.what == Command::What::decide;
  const bool needs_reason = c.what == Command::What::dismiss || c.what == Command::What::note || decides;
  if (needs_reason && c.reason.empty())
    return fail(Errc::invalid_input, "no reason is given", where, "say why with \"reason\"");
  if (is_over(incident)) return fail(Errc::conflict, std::string{"it is already "} + to_string(incident.state), where);
  if (ends && incident.kind == IncidentKind::blind)
    return fail(Errc::conflict, "a blind incident ends only with a conclusive look", where,
                "mend the path to the site");
  if (c.what == Command::What::close && incident.kind == IncidentKind::drift)
    return fail(Errc::conflict, "a drift ends when the calendars agree or the due time has come", where,
                "have the calendar put right, or dismiss it with the reason why it may stay");

  if (ends && in_rehearsal(incident) && is_active(incident))
    return fail(Errc::conflict, "it is public in a rehearsal, which is still watched", where,
                "have it taken down, or end the rehearsal: embargoctl rehearsal cancel " + incident.rehearsal->id);

  if (!c.link.empty() &&
      std::find(incident.used_links.begin(), incident.used_links.end(), c.link) != incident.used_links.end())
    return fail(Errc::conflict, "this link was used before", where, "open the incident's page");
  if (decides && !can_be_taken_down(incident.kind))
    return fail(Errc::conflict, "nothing is public here that could be taken down", where,
                "write it down as a note instead");

  Step out;
  out.incident = std::move(incident);
  Incident& i = out.incident;
  switch (c.what) {
    case Command::What::acknowledge:
      i.acknowledged = Acknowledgement{c.by, now, c.reason};
      if (!c.link.empty()) i.used_links.push_back(c.link);
      out.events.push_back(event(i, now, "acknowledged", c.reason, c.by));
      if (i.firing) tell(out, Notice::updated);
      break;
    case Command::What::note:
      out.events.push_back(event(i, now, "note", c.reason, c.by));
      break;
    case Command::What::decide:
      i.ruling = Ruling{.by = c.by, .at = now, .choice = c.choice, .reason = c.reason};
      out.events.push_back(event(i, now, "decided", std::string{choice_words(c.choice)} + ": " + c.reason, c.by));
      if (i.firing) tell(out, Notice::updated);
      break;
    case Command::What::dismiss:
    case Command::What::close:
      i.state = c.what == Command::What::close ? IncidentState::closed : IncidentState::dismissed;
      i.closed = now;
      i.closed_by = c.by;
      i.closed_reason = c.reason;
      out.events.push_back(event(i, now, to_string(i.state), c.reason, c.by));
      if (i.firing) tell(out, Notice::resolved);
      break;
    case Command::What::lift:
      return fail(Errc::invalid_input, "a lift names a release, not an incident", where);
    case Command::What::approve_baseline:
    case Command::What::alert_tested:
    case Command::What::drilled:
    case Command::What::plan_rehearsal:
    case Command::What::cancel_rehearsal:
    case Command::What::count_impact:
    case Command::What::write_report:
    case Command::What::mark_report:
      return fail(Errc::invalid_input, "it concerns no incident", where);
  }
  return out;
}

bool can_be_taken_down(IncidentKind k) { return is_exposure(k) || k == IncidentKind::wrong_content; }

bool may_close(const Incident& i, Instant now) {
  if (i.state != IncidentState::contained || !i.contained) return false;
  const Instant from = i.due ? std::max(*i.due, *i.contained) : *i.contained;
  return now >= from + kCloseAfter;
}

}  // namespace embargod
