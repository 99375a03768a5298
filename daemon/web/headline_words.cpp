// The one line that says what an incident is.

#include <algorithm>
#include <utility>

#include "config/zone_time.h"
#include "daemon/watch/alert_words.h"
#include "daemon/watch/drift_words.h"
#include "daemon/watch/exposure.h"
#include "daemon/web/page_words.h"

namespace embargod {
namespace {

using Stretch = std::pair<Instant, Instant>;

/// Total length of stretches that may overlap.
Millis covered(std::vector<Stretch> stretches) {
  std::sort(stretches.begin(), stretches.end());
  Millis sum{0};
  std::optional<Instant> upto;
  for (const auto& [from, to] : stretches) {
    const Instant begin = upto ? std::max(*upto, from) : from;
    if (to <= begin) continue;
    sum += to - begin;
    upto = to;
  }
  return sum;
}

std::optional<Instant> first_live(const Incident& i) {
  std::optional<Instant> first;
  for (const auto& t : i.targets) {
    for (const auto& s : t.spans) first = first ? std::min(*first, s.went_live.latest) : s.went_live.latest;
  }
  return first;
}

bool still_up(const Incident& i) {
  return std::any_of(i.targets.begin(), i.targets.end(), [](const TargetExposure& t) {
    return std::any_of(t.spans.begin(), t.spans.end(), [](const ExposureSpan& s) { return !s.went_down; });
  });
}

/// How the last of its exposures ended.
std::optional<EndedBy> ended_by(const Incident& i) {
  std::optional<EndedBy> by;
  Instant last{};
  for (const auto& t : i.targets) {
    for (const auto& s : t.spans) {
      if (s.went_down && s.ended_by && (!by || s.went_down->latest >= last)) {
        by = s.ended_by;
        last = s.went_down->latest;
      }
    }
  }
  return by;
}

Instant blind_from(const Incident& i) {
  Instant from = i.detected;
  for (const auto& t : i.targets) from = std::min(from, t.first.sent);
  return from;
}

/// "Fastly" where nothing but copies in caches is left of it; else empty.
std::string caches_left(const Incident& i) {
  std::string layers;
  for (const TargetExposure& t : i.targets) {
    if (t.spans.empty() || t.spans.back().went_down) continue;
    if (t.cached_by.empty()) return {};
    if (layers.find(t.cached_by) == std::string::npos) layers += (layers.empty() ? "" : ", ") + t.cached_by;
  }
  return layers;
}

std::size_t missing_of(const Incident& i) {
  return static_cast<std::size_t>(std::count_if(i.targets.begin(), i.targets.end(), [](const TargetExposure& t) {
    return t.spans.empty() || t.spans.back().went_down;
  }));
}

/// "1 of 3 parts"; "" where there is one only, or where how many is not on record.
std::string parts_words(const Incident& i) {
  const std::size_t n = missing_of(i);
  return i.parts.size() < 2 || n > i.parts.size()
             ? std::string{}
             : std::to_string(n) + " of " + std::to_string(i.parts.size()) + " parts";
}

/// "between 4 min 58 s and 5 min after its time"; "" if not known.
std::string lateness_words(const Incident& i) {
  const auto lead = lead_of(i);
  if (!lead) return {};
  const Millis least = std::max(Millis{0}, lead->longest ? -*lead->longest : Millis{0});
  return exposure_words({least, -lead->shortest}) + " after its time";
}

std::string early_headline(const Incident& i, const std::string& zone, Instant now) {
  const std::string lead = lead_words(i, zone);
  const std::string when = lead.empty() ? "" : ", " + lead;
  const std::string layers = is_active(i) ? caches_left(i) : std::string{};
  if (!layers.empty()) return "Still served from cache (" + layers + ")" + when;
  const bool listed = is_listed_only(i);
  if (i.state == IncidentState::suspected)
    return (listed ? "Listed at first sight" : "Live at first sight") + when + "; being confirmed";
  if (i.state == IncidentState::open) return (listed ? "Listed in public" : "Live now") + when;
  std::string up = (listed ? "was listed " : "was up ") + exposure_words(public_time(i, now));
  if (still_up(i)) return (listed ? "Closed while listed; " : "Closed while live; ") + up;
  switch (ended_by(i).value_or(EndedBy::absence)) {
    case EndedBy::absence:
      return (listed ? "No longer listed; " : "Taken down; ") + up;
    case EndedBy::lift:
      return "Embargo ended by a person; before that it " + up;
    case EndedBy::due:
      return (listed ? "Stayed listed until its time came; " : "Stayed live until its time came; ") + up + " too early";
  }
  return up;
}

std::string late_headline(const Incident& i, Instant now) {
  const std::size_t missing = missing_of(i);
  const bool partly = missing < i.targets.size();
  if (is_active(i))
    return (partly ? "Only partly out" : "Not out yet") +
           (i.due ? ", " + words(now - *i.due) + " after its time" : std::string{});
  const std::string late = lateness_words(i);
  if (late.empty()) return "No longer late";
  return missing == 0 ? "Came out late, " + late : "The first of it came out " + late + "; the rest is incomplete";
}

std::string incomplete_headline(const Incident& i) {
  const std::string parts = parts_words(i);
  if (is_active(i)) return "Only partly out" + (parts.empty() ? "" : ": " + parts + " missing");
  const std::string late = lateness_words(i);
  return late.empty() ? "No longer incomplete" : "Complete, " + late;
}

std::string wrong_headline(const Incident& i, Instant now) {
  if (is_active(i))
    return still_up(i) ? "Something else than announced is out"
                       : "The wrong content is gone; what was announced is not out";
  return "The right content is out now; something else was up " + exposure_words(public_time(i, now));
}

std::string gap_headline(const Incident& i) {
  const std::string parts = parts_words(i);
  if (is_active(i)) return "Gone again after its release" + (parts.empty() ? "" : ": " + parts);
  std::optional<SpanBounds> longest;
  for (const TargetExposure& t : i.targets)
    for (const SpanBounds& b : times_away(t))
      if (!longest || b.longest > longest->longest) longest = b;
  return longest ? "Back again; it was away " + exposure_words(*longest) : "No longer a gap";
}

}  // namespace

bool is_listed_only(const Incident& i) {
  return public_as(i) == PublicAs::listing || public_as(i) == PublicAs::announcement;
}

SpanBounds public_time(const Incident& i, Instant now) {
  std::vector<Stretch> surely;
  std::vector<Stretch> possibly;
  bool open_start = false;
  for (const auto& t : i.targets) {
    for (const auto& s : t.spans) {
      surely.emplace_back(s.went_live.latest,
                          s.went_down ? s.went_down->earliest.value_or(s.last_live_sent) : s.last_live_sent);
      open_start = open_start || !s.went_live.earliest;
      possibly.emplace_back(s.went_live.earliest.value_or(s.went_live.latest), s.went_down ? s.went_down->latest : now);
    }
  }
  SpanBounds b{.shortest = covered(std::move(surely)), .longest = covered(std::move(possibly))};
  if (open_start) b.longest.reset();
  return b;
}

std::string exposure_words(const SpanBounds& b) {
  if (!b.longest) return "at least " + words(b.shortest);
  if (b.shortest <= Millis{0}) return "for at most " + words(*b.longest);
  return "between " + words(b.shortest) + " and " + words(*b.longest);
}

std::string lead_words(const Incident& i, const std::string& zone) {
  const auto live = first_live(i);
  if (!i.due || !live || *live >= *i.due) return {};
  const int days = days_between(*live, *i.due, zone);
  const std::string much = days > 0 ? std::to_string(days) + (days == 1 ? " day" : " days") : words(*i.due - *live);
  return much + " before its time";
}

std::string headline(const Incident& i, const std::string& zone, Instant now) {
  if (i.state == IncidentState::dismissed) {
    return "Dismissed" + (i.closed_by.empty() ? "" : " by " + i.closed_by) +
           (i.closed_reason.empty() ? "" : ": " + i.closed_reason);
  }
  switch (i.kind) {
    case IncidentKind::early:
      return (in_rehearsal(i) ? kRehearsalMark : "") + early_headline(i, zone, now);
    case IncidentKind::suspect: {
      const std::string lead = lead_words(i, zone);
      return is_active(i) ? "Something unexpected answers" + (lead.empty() ? "" : ", " + lead)
                          : "The unexpected answer is gone";
    }
    case IncidentKind::late:
      return late_headline(i, now);
    case IncidentKind::blind:
      return is_active(i) ? "Cannot see " + i.site + ": nothing is known for " + words(now - blind_from(i))
                          : "Sees " + i.site + " again";
    case IncidentKind::incomplete:
      return incomplete_headline(i);
    case IncidentKind::wrong_content:
      return wrong_headline(i, now);
    case IncidentKind::gap:
      return gap_headline(i);
    case IncidentKind::unscheduled:
      if (i.release.empty())
        return is_active(i) ? "Listed in public, and on no schedule" : "Was listed in public, and on no schedule";
      return is_active(i) ? "Live, and on no schedule" : "Was live, and on no schedule";
    case IncidentKind::drift:
      return is_active(i) ? drift_in_short(i, zone) : "Over: " + i.closed_reason;
  }
  return to_string(i.kind);
}

}  // namespace embargod
