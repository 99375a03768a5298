// Part 2 of the form, URL by URL: between which instants it was public, missing, something else, or gone again.

#include <algorithm>

#include "daemon/report/draft.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

std::string counted_words(int n, const std::string& one) { return std::to_string(n) + " " + one + (n == 1 ? "" : "s"); }

Statement went_live_statement(Draft& d, const Incident& i, const ExposureSpan& s) {
  const int source = d.cite_incident(i);
  if (!s.went_live.earliest)
    return stated({ours("Went live: not known. It was already live when this monitor first looked, by an answer that "
                        "was complete at or before " +
                        instant_words(s.went_live.latest, d.zone()) + ".")},
                  {source});
  const Millis window = s.went_live.latest - *s.went_live.earliest;
  return stated(
      {ours(
          "Went live: " + between_words(s.went_live, d.zone()) +
          ". It was last seen not live by a request sent no earlier than the first of these instants, and " +
          "first seen live by an answer complete no later than the second; both include the clock error (a window of " +
          exact_words(window, Rounding::up) + ").")},
      {source});
}

Statement went_down_statement(Draft& d, const Incident& i, const ExposureSpan& s) {
  const int source = d.cite_incident(i);
  if (!s.went_down)
    return stated({ours("Went down: it was still live at the newest look that this report rests on, an answer to a "
                        "request sent at " +
                        instant_words(s.last_live_sent, d.zone()) + ".")},
                  {source});
  switch (s.ended_by.value_or(EndedBy::absence)) {
    case EndedBy::absence:
      return stated(
          {ours("Went down: " + between_words(*s.went_down, d.zone()) +
                ". It was last seen live by a request sent no earlier than the first of these instants, and " +
                "first seen gone by an answer complete no later than the second.")},
          {source});
    case EndedBy::due:
      return stated({ours("Went down: not before the announced time came. It was last seen live before that time at " +
                          instant_words(s.went_down->earliest.value_or(s.went_down->latest), d.zone()) +
                          "; the time up is counted to the announced time.")},
                    {source});
    case EndedBy::lift:
      return stated({ours("Went down: not before a person ended the embargo at " +
                          instant_words(s.went_down->latest, d.zone()) + "; the time up is counted to that instant.")},
                    {source});
  }
  return {};
}

/// Served copies that say their Age tell more about the publishing system than about what readers got: both are stated.
std::optional<Statement> origin_statement(Draft& d, const Incident& i, const ExposureSpan& s, const TargetExposure& t) {
  if (!s.origin_live) return std::nullopt;
  const bool is_first = &s == &t.spans.front() && t.first.age;
  std::string text = "At the publishing system (server-stated, from the Age of served copies): ";
  if (is_first) text += "the first live copy carried Age " + std::to_string(t.first.age->count()) + ", so ";
  text += "the publishing system had produced the page by " + instant_words(s.origin_live->latest, d.zone());
  if (is_first && t.first.age->count() > 0) text += "; at least one earlier request to that cache had occurred";
  text += ".";
  if (s.origin_live->earliest) text += " It came there " + between_words(*s.origin_live, d.zone()) + ".";
  if (s.origin_down && s.origin_down->earliest)
    text += " By the same reckoning it withdrew the page " + between_words(*s.origin_down, d.zone()) + ".";
  text += " The times above are those of copies as served to this monitor.";
  return stated({ours(text)}, {d.cite_incident(i)});
}

/// After the publishing system no longer had it, copies of it were still served.
std::optional<Statement> leftover_statement(Draft& d, const Incident& i, const ExposureSpan& s,
                                            const TargetExposure& t) {
  const bool is_newest = &s == &t.spans.back();
  if (!s.went_down && is_newest && !t.cached_by.empty())
    return stated({ours("Still served from cache: where no cache is asked the page is gone, but "),
                   outside(t.cached_by), ours(" still served it at the newest look.")},
                  {d.cite_incident(i)});
  const bool both = s.went_down && s.origin_down && s.ended_by.value_or(EndedBy::absence) == EndedBy::absence;
  if (!both || !s.went_down->earliest || !s.origin_down->earliest) return std::nullopt;
  const Millis least = std::max(Millis{0}, *s.went_down->earliest - s.origin_down->latest);
  const Millis most = s.went_down->latest - *s.origin_down->earliest;
  if (least <= Millis{0}) return std::nullopt;
  return stated({ours("Served from cache after the publishing system had withdrawn it: for at least " +
                      exact_words(least, Rounding::down) + " and at most " + exact_words(most, Rounding::up) + ".")},
                {d.cite_incident(i)});
}

void add_exposure(Draft& d, const Incident& i, const TargetExposure& t, std::size_t k, const SpanFacts& facts,
                  std::vector<Statement>& all) {
  const ExposureSpan& s = t.spans[k];
  const int source = d.cite_incident(i);
  all.push_back(went_live_statement(d, i, s));
  all.push_back(went_down_statement(d, i, s));
  std::string up = "Time up: " + (s.went_down ? span_words(facts.time_up)
                                              : "at least " + exact_words(facts.time_up.shortest, Rounding::down) +
                                                    " so far; it was not seen to end");
  if (s.looks == 1) up += "; it was seen live once";
  all.push_back(stated({ours(up + ".")}, {source}));
  if (s.looks > 1)
    all.push_back(stated({ours("Seen live in " + counted_words(s.looks, "look") + ", never more than " +
                               exact_words(s.longest_gap, Rounding::up) +
                               " apart; an interruption shorter than that would not have been seen.")},
                         {source}));
  if (auto origin = origin_statement(d, i, s, t)) all.push_back(std::move(*origin));
  if (auto leftover = leftover_statement(d, i, s, t)) all.push_back(std::move(*leftover));
}

/// What stood where the release should have been, after the grace.
Statement missing_statement(Draft& d, const Incident& i, const TargetExposure& t) {
  const bool is_other = t.first.liveness == Liveness::suspect;
  std::vector<Piece> p{
      ours((is_other ? "Not out as announced, by an answer complete at " : "Not out, by an answer complete at ") +
           instant_words(t.first.done, d.zone()) + ": HTTP " + std::to_string(t.first.status) +
           (is_other ? ", " + std::to_string(t.first.size) + " bytes, not recognised as what was announced"
                     : std::string{}))};
  if (!t.first.rule.empty()) p.insert(p.end(), {ours(", judged by rule "), outside(t.first.rule)});
  p.push_back(ours("."));
  return stated(std::move(p), {d.cite_incident(i)});
}

/// Late, incomplete: when it came.
void add_arrival(Draft& d, const Incident& i, const TargetExposure& t, std::vector<Statement>& all) {
  const bool was_missing = t.first.liveness != Liveness::live;
  if (was_missing) all.push_back(missing_statement(d, i, t));
  if (t.spans.empty())
    all.push_back(stated({ours("Not seen live up to the end of this record.")}, {d.cite_incident(i)}));
  for (const ExposureSpan& s : t.spans) {
    all.push_back(went_live_statement(d, i, s));
    if (s.went_down) all.push_back(went_down_statement(d, i, s));
  }
}

/// Something else than announced: what did not fit, and how long it was there.
void add_wrong(Draft& d, const Incident& i, const TargetExposure& t, std::size_t k, const SpanFacts& facts,
               std::vector<Statement>& all) {
  const ExposureSpan& s = t.spans[k];
  const int source = d.cite_incident(i);
  if (k + 1 == t.spans.size())
    all.push_back(
        stated({ours("What did not fit: "), outside(t.first.wrong.empty() ? t.first.rule : t.first.wrong), ours(".")},
               {source}));
  const std::string began = s.went_live.earliest
                                ? "It came " + between_words(s.went_live, d.zone())
                                : "It was there when this monitor first looked, by an answer complete at or before " +
                                      instant_words(s.went_live.latest, d.zone());
  all.push_back(stated({ours("Something else than announced was public. " + began + ".")}, {source}));
  if (s.went_down)
    all.push_back(stated({ours("It was no longer served " + between_words(*s.went_down, d.zone()) +
                               "; it had been public for " + span_words(facts.time_up) + ".")},
                         {source}));
  else
    all.push_back(
        stated({ours("It was still served at the newest look that this report rests on, an answer to a request "
                     "sent at " +
                     instant_words(s.last_live_sent, d.zone()) + "; that is, for at least " +
                     exact_words(facts.time_up.shortest, Rounding::down) + " so far.")},
               {source}));
}

/// A gap: what lay between its times in public.
void add_gaps(Draft& d, const Incident& i, const TargetExposure& t, const TargetFacts& facts,
              std::vector<Statement>& all) {
  const int source = d.cite_incident(i);
  for (std::size_t k = 0; k < t.spans.size(); ++k) {
    const ExposureSpan& s = t.spans[k];
    if (k == 0) {
      all.push_back(
          stated({ours(s.went_live.earliest
                           ? "Released: it went live " + between_words(s.went_live, d.zone()) + "."
                           : "Released: it was live by " + instant_words(s.went_live.latest, d.zone()) + ".")},
                 {source}));
    }
    if (!s.went_down) continue;
    all.push_back(stated({ours("Gone: " + between_words(*s.went_down, d.zone()) +
                               ". It was last seen live by a request sent no earlier than the first of these instants, "
                               "and first seen gone by an answer complete no later than the second.")},
                         {source}));
    if (k + 1 == t.spans.size()) {
      all.push_back(stated({ours("It was not seen again up to the end of this record.")}, {source}));
      continue;
    }
    const InstantBounds& back = t.spans[k + 1].went_live;
    all.push_back(stated(
        {ours(
            "Back: " + (back.earliest ? between_words(back, d.zone()) : "by " + instant_words(back.latest, d.zone())) +
            ". It was not public for " + span_words(facts.away.at(k)) + ".")},
        {source}));
  }
}

std::string way_words(const std::string& path) {
  if (path == "plain") return "the URL as readers ask for it";
  if (path == "bypass") return "past the cache";
  return "address " + path;
}

/// By which ways it was asked for, and what each showed last.
std::optional<Statement> ways_statement(Draft& d, const Incident& i, const TargetExposure& t) {
  if (t.routes.size() < 2) return std::nullopt;
  std::vector<Piece> p{ours("Ways to it, and what each showed last: ")};
  for (std::size_t k = 0; k < t.routes.size(); ++k) {
    const RouteView& v = t.routes[k];
    p.push_back(ours((k == 0 ? "" : "; ") + way_words(v.path) + ": " +
                     (v.liveness == Liveness::live ? "live"
                      : is_dark(v.liveness)        ? "not live"
                                                   : "not certain") +
                     " at " + instant_words(v.done, d.zone())));
    if (v.from_cache) p.push_back(ours(v.layer.empty() ? " (from a cache" : " (from cache, "));
    if (v.from_cache && !v.layer.empty()) p.push_back(outside(v.layer));
    if (v.from_cache) p.push_back(ours(")"));
  }
  p.push_back(ours("."));
  return stated(std::move(p), {d.cite_incident(i)});
}

}  // namespace

Statement lead_statement(Draft& d, const Incident& i, const OutputFacts& f) {
  const int source = d.cite_incident(i);
  if (!f.lead || !i.due) return stated({ours("How far from the announced time: not known.")}, {source});
  if (i.kind == IncidentKind::late || i.kind == IncidentKind::incomplete) {
    const bool all_came =
        std::all_of(i.targets.begin(), i.targets.end(), [](const TargetExposure& t) { return !t.spans.empty(); });
    const Millis least = f.lead->longest ? -*f.lead->longest : Millis{0};
    const char* which = i.kind == IncidentKind::incomplete ? "The last of the parts that were missing came"
                        : all_came                         ? "The last of its URLs to go live did so"
                                                           : "The first of its URLs to go live did so";
    return stated({ours(which + std::string{" at least "} + exact_words(std::max(Millis{0}, least), Rounding::down) +
                        " and at most " + exact_words(-f.lead->shortest, Rounding::up) + " after the announced time." +
                        (all_came ? "" : " What was missing then is the matter of an incomplete release."))},
                  {source});
  }
  const std::string days = lead_days_words(f.lead_days_least, f.lead_days_most);
  std::string text = "First live " + days + (days.ends_with("ahead") ? " of the due date (local calendar days)" : "") +
                     ": at least " + exact_words(f.lead->shortest, Rounding::down);
  text += f.lead->longest
              ? " and at most " + exact_words(*f.lead->longest, Rounding::up) + " before the announced time."
              : " before the announced time; it was already live at the first look, so no upper bound is known.";
  return stated({ours(text)}, {source});
}

std::vector<Statement> span_statements(Draft& d, const Incident& i, const TargetExposure& t, const TargetFacts& facts) {
  std::vector<Statement> all;
  const int source = d.cite_incident(i);
  const auto each = [&](auto add) {
    if (t.spans.empty()) all.push_back(stated({ours("Not seen live.")}, {source}));
    for (std::size_t k = 0; k < t.spans.size(); ++k) {
      if (t.spans.size() > 1)
        all.push_back(stated({ours((i.kind == IncidentKind::wrong_content ? "Time " : "Exposure ") +
                                   std::to_string(k + 1) + " of " + std::to_string(t.spans.size()) + ":")}));
      add(k);
    }
  };
  switch (i.kind) {
    case IncidentKind::late:
    case IncidentKind::incomplete:
      add_arrival(d, i, t, all);
      break;
    case IncidentKind::gap:
      add_gaps(d, i, t, facts, all);
      break;
    case IncidentKind::wrong_content:
      each([&](std::size_t k) { add_wrong(d, i, t, k, facts.spans[k], all); });
      break;
    case IncidentKind::early:
    case IncidentKind::suspect:
    case IncidentKind::unscheduled:
    case IncidentKind::blind:
    case IncidentKind::drift:
      each([&](std::size_t k) { add_exposure(d, i, t, k, facts.spans[k], all); });
      break;
  }
  if (auto ways = ways_statement(d, i, t)) all.push_back(std::move(*ways));
  if (t.blind > Millis{0})
    all.push_back(stated({ours("Next to these times this URL could not be judged for " +
                               exact_words(t.blind, Rounding::up) + " in all; no statement is made for that time.")},
                         {source}));
  return all;
}

}  // namespace embargod
