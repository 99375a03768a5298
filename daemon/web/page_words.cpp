#include "daemon/web/page_words.h"

#include <algorithm>
#include <map>
#include <utility>

#include "config/zone_time.h"
#include "daemon/watch/exposure.h"

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

std::string early_headline(const Incident& i, const std::string& zone, Instant now) {
  const std::string lead = lead_words(i, zone);
  const std::string when = lead.empty() ? "" : ", " + lead;
  if (i.state == IncidentState::suspected) return "Live at first sight" + when + "; being confirmed";
  if (i.state == IncidentState::open) return "Live now" + when;
  const std::string up = "was up " + exposure_words(public_time(i, now));
  if (still_up(i)) return "Closed while live; " + up;
  switch (ended_by(i).value_or(EndedBy::absence)) {
    case EndedBy::absence:
      return "Taken down; " + up;
    case EndedBy::lift:
      return "Embargo ended by a person; before that it " + up;
    case EndedBy::due:
      return "Stayed live until its time came; " + up + " too early";
  }
  return up;
}

std::string late_headline(const Incident& i, Instant now) {
  if (is_active(i)) return "Not out yet" + (i.due ? ", " + words(now - *i.due) + " after its time" : std::string{});
  const auto lead = lead_of(i);
  if (!lead) return "No longer late";
  const Millis least = std::max(Millis{0}, lead->longest ? -*lead->longest : Millis{0});
  return "Came out late, " + exposure_words({least, -lead->shortest}) + " after its time";
}

std::string other_headline(const Incident& i) {
  const bool active = is_active(i);
  switch (i.kind) {
    case IncidentKind::incomplete:
      return active ? "Only partly out" : "Complete now";
    case IncidentKind::wrong_content:
      return active ? "Something else than announced is out" : "The right content is out now";
    case IncidentKind::gap:
      return active ? "Gone again after its release" : "Back again";
    case IncidentKind::unscheduled:
      return active ? "Live, and on no schedule" : "Was live, and on no schedule";
    case IncidentKind::early:
    case IncidentKind::suspect:
    case IncidentKind::late:
    case IncidentKind::blind:
      break;
  }
  return to_string(i.kind);
}

std::string person(const Person& p) {
  std::string s = p.name;
  for (const std::string* part : {&p.phone, &p.email}) {
    if (!part->empty()) s += (s.empty() ? "" : ", ") + *part;
  }
  return s;
}

std::vector<std::string> early_steps(const Producer& producer) {
  const std::string head = person(producer.head_of_profession);
  const std::string team = person(producer.contact);
  return {"Have it taken down now" + (team.empty() ? "." : ": " + team + "."),
          "Purge it from caches and the search index; then watch this page until it says taken down.",
          "Tell the head of profession" + (head.empty() ? "" : " (" + head + ")") +
              ". Taking it down or letting it stand is a person's decision.",
          "Do not open, copy or forward the figures."};
}

std::string due_state(const StoredRelease& r, const std::vector<const TargetTrack*>& tracks, Light& light) {
  const auto out = static_cast<std::size_t>(
      std::count_if(tracks.begin(), tracks.end(), [](const TargetTrack* t) { return t->released.has_value(); }));
  const auto all = r.release.targets.size();
  if (out < all) {
    light.css = "warn";
    if (out > 0) return std::to_string(out) + " of " + std::to_string(all) + " out";
    return "Its time has come; not seen out yet";
  }
  light.css = "good";
  Instant last{};
  for (const auto* t : tracks) last = std::max(last, t->released->latest);
  const std::string& zone = r.release.due.zone;
  const bool same_day = r.release.due.at && days_between(*r.release.due.at, last, zone) == 0;
  return "Released; seen live by " + local_time(last, zone) +
         (same_day ? std::string{} : " on " + local_date(last, zone));
}

}  // namespace

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
      return early_headline(i, zone, now);
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
    case IncidentKind::wrong_content:
    case IncidentKind::gap:
    case IncidentKind::unscheduled:
      return other_headline(i);
  }
  return to_string(i.kind);
}

const char* incident_css(const Incident& i) {
  if (is_active(i))
    return i.kind == IncidentKind::early || (i.kind == IncidentKind::blind && i.near_due) ? "bad" : "warn";
  return i.state == IncidentState::contained ? "good" : "quiet";
}

std::string subject(const Incident& i) {
  if (!i.title.empty()) return i.title;
  return i.release.empty() ? i.site : i.release;
}

std::vector<std::string> what_to_do(const Incident& i, const Producer& producer) {
  if (is_over(i)) return {};
  std::vector<std::string> steps;
  switch (i.kind) {
    case IncidentKind::early:
      if (is_active(i)) return early_steps(producer);
      return {"Check that caches and the search index no longer show it.",
              "Complete the draft report below and file it; close the incident when that is done."};
    case IncidentKind::suspect:
      return {"Look at what the address answers, without forwarding it: a new placeholder, or the release itself?",
              "If it is a new placeholder, add it to the liveness profile; if it is the release, have it taken down."};
    case IncidentKind::late:
      if (is_active(i))
        return {"Ask the publication team" +
                (person(producer.contact).empty() ? "" : " (" + person(producer.contact) + ")") +
                " whether the release is held up, and tell users on the announcement page."};
      return {};
    case IncidentKind::blind:
      if (is_active(i))
        return {
            "Open the site from elsewhere: is it down, or does it refuse this monitor?",
            "While this lasts nobody would notice an early release here: watch the pages by hand before a due time."};
      return {};
    case IncidentKind::incomplete:
    case IncidentKind::wrong_content:
    case IncidentKind::gap:
    case IncidentKind::unscheduled:
      return {"Ask the publication team" +
              (person(producer.contact).empty() ? "" : " (" + person(producer.contact) + ")") +
              " what was meant to be out."};
  }
  return steps;
}

std::string confidence_words(Confidence c) {
  switch (c) {
    case Confidence::seen_once:
      return "seen once; the next looks follow within seconds";
    case Confidence::suspected:
      return "suspected";
    case Confidence::confirmed:
      return "confirmed by a second look";
  }
  return {};
}

std::string timeline_words(const std::string& what) {
  static const std::map<std::string, std::string> kWords{{"first_sight", "First sight"},
                                                         {"confirmed", "Confirmed"},
                                                         {"target_joined", "Another URL joined"},
                                                         {"went_down", "A URL went down"},
                                                         {"contained", "Contained"},
                                                         {"reopened", "Live again"},
                                                         {"due_passed", "Its time came"},
                                                         {"lifted", "Embargo lifted"},
                                                         {"acknowledged", "Acknowledged"},
                                                         {"note", "Note"},
                                                         {"dismissed", "Dismissed"},
                                                         {"closed", "Closed"},
                                                         {"clock_step", "The clock was stepped"},
                                                         {"started", "embargod started"},
                                                         {"stopped", "embargod stopped"},
                                                         {"schedule_changed", "Schedule changed"}};
  const auto found = kWords.find(what);
  return found == kWords.end() ? what : found->second;
}

std::string countdown(const Due& due, Instant now) {
  if (!due.at) return "no due time yet";
  return *due.at > now ? "due in " + words(*due.at - now) : "due " + words(now - *due.at) + " ago";
}

std::string due_words(const Due& due) {
  if (!due.at && due.period_begin) {
    const std::string first_day = local_date(*due.period_begin, due.zone);  // "1 June 2018"
    return "Some time in " + first_day.substr(first_day.find(' ') + 1);
  }
  if (!due.at) return "Some time in " + due.as_given;
  return local_words(*due.at, due.zone) +
         (due.precision == DuePrecision::time_assumed ? " (time assumed: only the date was given)" : "");
}

Light release_light(const StoredRelease& r, const std::vector<const TargetTrack*>& tracks, const Incident* early,
                    Instant now) {
  if (early != nullptr)
    return {"bad", early->state == IncidentState::suspected ? "Live early: being confirmed" : "Live early"};
  if (!r.current) return {"quiet", "No longer in the schedule"};
  if (r.release.status == ReleaseStatus::cancelled) return {"quiet", "Cancelled"};
  if (r.lift) return {"quiet", "Embargo ended by " + r.lift->by + " at " + utc_words(r.lift->at)};
  const bool blind =
      std::any_of(tracks.begin(), tracks.end(), [](const TargetTrack* t) { return t->blind.has_value(); });
  const bool looked =
      std::any_of(tracks.begin(), tracks.end(), [](const TargetTrack* t) { return t->conclusive.has_value(); });
  const bool due = r.release.due.at && *r.release.due.at <= now;
  Light light;
  if (due) {
    light.words = due_state(r, tracks, light);
  } else if (!looked) {
    light = {"warn", "Not seen yet"};
  } else if (tracks.size() < r.release.targets.size()) {
    light = {"warn", "Some URLs were not looked at yet"};
  } else {
    light = {"good", r.release.status == ReleaseStatus::provisional ? "Provisional; not public"
                                                                    : "Not public, as it should be"};
  }
  if (blind && !due && looked) {
    Instant since = Instant::max();
    for (const auto* t : tracks) {
      if (t->blind) since = std::min(since, t->blind->from);
    }
    light = {"warn", "Cannot be seen for " + words(std::max(Millis{0}, now - since))};
  }
  return light;
}

std::string utc_words(Instant t) {
  std::string s = rfc3339(t);
  s[10] = ' ';
  s.pop_back();
  return s + " UTC";
}

std::string local_clock(Instant t, const std::string& zone) {
  std::string clock = local_time(t, zone);
  if (clock.size() == 5) clock += ":00";
  return local_date(t, zone) != local_date(t, "UTC") ? local_date(t, zone) + " " + clock : clock;
}

}  // namespace embargod
