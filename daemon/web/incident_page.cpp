#include <algorithm>

#include "config/zone_time.h"
#include "daemon/watch/drift_words.h"
#include "daemon/watch/exposure.h"
#include "daemon/watch/incident_step.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/page_words.h"
#include "daemon/web/pages.h"

namespace embargod {
namespace {

constexpr int kActiveRefresh = 20;  // seconds

std::string moment(Instant t, const std::string& zone) { return utc_words(t) + " (" + local_clock(t, zone) + ")"; }

/// Both ends of what polling can tell.
std::string bounds_words(const InstantBounds& b, const std::string& zone) {
  if (!b.earliest) return "before our first look, which ended " + moment(b.latest, zone);
  return "after " + moment(*b.earliest, zone) + ", at or before " + moment(b.latest, zone);
}

std::string ended_words(EndedBy by) {
  switch (by) {
    case EndedBy::absence:
      return "it was gone";
    case EndedBy::lift:
      return "a person ended the embargo";
    case EndedBy::due:
      return "its time came";
  }
  return {};
}

PageData span_data(const ExposureSpan& s, const std::string& zone, Instant now) {
  PageData d = page_object();
  d.set("live", bounds_words(s.went_live, zone));
  set_if(d, "down", s.went_down ? bounds_words(*s.went_down, zone) : "");
  set_if(d, "ended_by", s.ended_by ? ended_words(*s.ended_by) : "");
  set_flag(d, "up", !s.went_down);
  const auto up = time_up(s, now);
  d.set("least", up ? words(up->shortest) : "not known");
  d.set("most", up && up->longest ? words(*up->longest) : "not known: it was live at our first look");
  d.set("looks", std::to_string(s.looks));
  set_if(d, "gap", s.looks > 1 ? words(s.longest_gap) : "");
  set_if(d, "origin", s.origin_live ? bounds_words(*s.origin_live, zone) : "");
  set_if(d, "origin_gone", s.origin_down ? bounds_words(*s.origin_down, zone) : "");
  return d;
}

std::string way_words(const std::string& path) {
  if (path == "plain") return "As readers ask for it";
  return path == "bypass" ? "Past the cache" : "At address " + path;
}

PageData way_data(const RouteView& v) {
  PageData d = page_object();
  d.set("way", way_words(v.path));
  const std::string cache = !v.from_cache ? "" : v.layer.empty() ? ", from a cache" : ", from cache (" + v.layer + ")";
  d.set("shows", std::string{v.liveness == Liveness::live ? "live"
                             : is_dark(v.liveness)        ? "not live"
                                                          : "not certain"} +
                     cache + ", " + utc_words(v.done));
  return d;
}

/// A gap lies between two times in public.
PageData away_data(const TargetExposure& t) {
  PageData list = page_list();
  for (const SpanBounds& b : times_away(t)) {
    PageData d = page_object();
    d.set("least", words(b.shortest));
    d.set("most", b.longest ? words(*b.longest) : "not known");
    list.push_back(d);
  }
  return list;
}

PageData target_data(const TargetExposure& t, IncidentKind kind, const std::string& zone, Instant now) {
  PageData d = page_object();
  d.set("target", t.target);
  set_if(d, "url", t.seen_live ? t.url : "");
  PageData spans = page_list();
  for (const auto& s : t.spans) spans.push_back(span_data(s, zone, now));
  d.set("spans", spans);
  set_flag(d, "no_spans", t.spans.empty());
  set_if(d, "rule", t.first.rule);
  set_if(d, "status", t.first.status == 0 ? "" : std::to_string(t.first.status));
  set_if(d, "blind", t.blind > Millis{0} ? words(t.blind) : "");
  set_if(d, "wrong", t.first.wrong);
  const bool is_up = !t.spans.empty() && !t.spans.back().went_down;
  set_if(d, "cached", is_up ? t.cached_by : "");
  const bool is_gap = kind == IncidentKind::gap;
  set_flag(d, "is_gap", is_gap);
  d.set("away", is_gap ? away_data(t) : page_list());
  PageData ways = page_list();
  for (const RouteView& v : t.routes) ways.push_back(way_data(v));
  d.set("ways", ways);
  set_flag(d, "has_ways", t.routes.size() > 1);
  return d;
}

PageData drift_data(const Drift& d, const Incident& i, const std::string& zone) {
  PageData p = page_object();
  p.set("source", calendar_name(d));
  p.set("says", drift_words(d, i.due, zone));
  set_if(p, "as_given", d.says.as_given);
  const std::string place = place_in_calendar(d);
  set_if(p, "place", place == calendar_name(d) ? "" : place);
  p.set("since", moment(d.seen, zone));
  return p;
}

PageData event_data(const Event& e, const std::string& zone) {
  PageData d = page_object();
  d.set("utc", utc_words(e.at));
  d.set("local", local_clock(e.at, zone));
  d.set("what", timeline_words(e.what));
  set_if(d, "by", e.by == "embargod" ? "" : e.by);
  set_if(d, "text", e.text);
  return d;
}

std::string delivery_words(const DeliveryRow& r) {
  switch (r.state) {
    case DeliveryState::accepted:
      return "accepted";
    case DeliveryState::superseded:
      return "replaced by a newer step";
    case DeliveryState::pending:
      return r.attempts == 0
                 ? "waiting"
                 : "not accepted yet, " + std::to_string(r.attempts) + (r.attempts == 1 ? " try" : " tries");
  }
  return {};
}

PageData delivery_data(const DeliveryRow& r) {
  PageData d = page_object();
  d.set("receiver", r.receiver);
  d.set("alertname", r.alertname);
  d.set("status", to_string(r.status));
  d.set("state", delivery_words(r));
  d.set("css", r.state == DeliveryState::pending && r.attempts > 0 ? "bad" : "quiet");
  d.set("decided", utc_words(r.decided_at));
  set_if(d, "accepted", r.accepted_at ? utc_words(*r.accepted_at) : "");
  set_if(d, "detail", r.detail);
  return d;
}

PageData evidence_data(const EvidenceRow& e) {
  PageData d = page_object();
  d.set("target", e.target);
  d.set("digest", e.digest);
  d.set("size", std::to_string(e.size) + (e.size == 1 ? " byte" : " bytes"));
  d.set("status", std::to_string(e.status));
  d.set("done", utc_words(e.done));
  return d;
}

template <class T, class F>
void set_rows(PageData& d, const std::string& name, const std::vector<T>& from, F make) {
  PageData list = page_list();
  for (const auto& x : from) list.push_back(make(x));
  d.set(name, list);
  set_flag(d, "has_" + name, !from.empty());
}

void set_decisions(PageData& d, const Incident& i, const std::string& zone) {
  set_flag(d, "unacknowledged", is_active(i) && !i.acknowledged);
  set_flag(d, "may_close", !is_over(i));
  set_flag(d, "may_stay", i.kind == IncidentKind::drift);
  set_if(d, "may_lift",
         is_active(i) && (i.kind == IncidentKind::early || i.kind == IncidentKind::suspect) ? i.release : "");
  set_if(d, "acknowledged_by", i.acknowledged ? i.acknowledged->by : "");
  d.set("acknowledged_at", i.acknowledged ? moment(i.acknowledged->at, zone) : "");
  set_if(d, "acknowledged_expires",
         i.acknowledged && i.acknowledged->expires && !is_over(i) ? moment(*i.acknowledged->expires, zone) : "");
  set_if(d, "acknowledged_note", i.acknowledged ? i.acknowledged->note : "");
  set_flag(d, "may_decide", can_be_taken_down(i.kind));
  set_if(d, "decision", i.ruling ? choice_words(i.ruling->choice) : "");
  d.set("decision_by", i.ruling ? i.ruling->by : "");
  d.set("decision_at", i.ruling ? moment(i.ruling->at, zone) : "");
  d.set("decision_reason", i.ruling ? i.ruling->reason : "");
  set_if(d, "stands_under", i.ruling && i.ruling->choice == Choice::let_stand && is_active(i) ? i.release : "");
  set_if(d, "closed_by", i.closed ? (i.closed_by.empty() ? "embargod" : i.closed_by) : "");
  d.set("closed_at", i.closed ? moment(*i.closed, zone) : "");
  set_if(d, "closed_reason", i.closed_reason);
}

}  // namespace

std::string incident_page(const PageFrame& frame, const IncidentView& view) {
  const Incident& i = view.incident;
  const std::string& zone = frame.zone;
  PageData d = page_object();
  d.set("id", i.id);
  d.set("css", incident_css(i));
  d.set("headline", headline(i, zone, frame.now));
  d.set("subject", subject(i));
  d.set("kind", to_string(i.kind));
  d.set("state", to_string(i.state));
  d.set("zone", zone);
  set_if(d, "release", i.release);
  set_if(d, "site", i.site);
  set_if(d, "due", i.due ? local_words(*i.due, zone) : "");
  d.set("due_utc", i.due ? utc_words(*i.due) : "");
  d.set("detected", moment(i.detected, zone));
  d.set("confidence", confidence_words(i));
  set_if(d, "contained", i.contained ? moment(*i.contained, zone) : "");
  set_flag(d, "clock_unverified", !i.clock_verified);
  set_decisions(d, i, zone);
  set_if(d, "rehearsal", i.rehearsal ? rehearsal_words(*i.rehearsal, zone) : "");
  d.set("rehearsal_id", i.rehearsal ? i.rehearsal->id : "");
  set_if(d, "may_cancel", in_rehearsal(i) && is_active(i) ? i.rehearsal->id : "");
  set_rows(d, "steps", what_to_do(i, frame.producer), [](const std::string& s) {
    PageData step = page_object();
    step.set("step", s);
    return step;
  });
  set_rows(d, "targets", i.targets, [&](const TargetExposure& t) { return target_data(t, i.kind, zone, frame.now); });
  set_rows(d, "drifts", i.drifts, [&](const Drift& x) { return drift_data(x, i, zone); });
  set_rows(d, "events", view.events, [&](const Event& e) { return event_data(e, zone); });
  set_rows(d, "deliveries", view.deliveries, delivery_data);
  set_rows(d, "evidence", view.evidence, evidence_data);
  set_rows(d, "affected", i.affected, [](const std::string& id) {
    PageData row = page_object();
    row.set("affected_id", id);
    return row;
  });
  return render_page("incident.mustache", headline(i, zone, frame.now), frame, {is_over(i) ? 0 : kActiveRefresh}, d);
}

}  // namespace embargod
