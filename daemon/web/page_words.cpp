#include "daemon/web/page_words.h"

#include <algorithm>
#include <map>
#include <utility>

#include "config/zone_time.h"
#include "daemon/watch/exposure.h"
#include "daemon/watch/stranger_watch.h"

namespace embargod {
namespace {

std::string person(const Person& p) {
  std::string s = p.name;
  for (const std::string* part : {&p.phone, &p.email}) {
    if (!part->empty()) s += (s.empty() ? "" : ", ") + *part;
  }
  return s;
}

std::string ask_team(const Producer& producer) {
  const std::string team = person(producer.contact);
  return "Ask the publication team" + (team.empty() ? "" : " (" + team + ")");
}

std::vector<std::string> early_steps(const Incident& i, const Producer& producer) {
  const std::string head = person(producer.head_of_profession);
  const std::string team = person(producer.contact);
  const bool cached = std::any_of(i.targets.begin(), i.targets.end(), [](const TargetExposure& t) {
    return !t.cached_by.empty() && !t.spans.empty() && !t.spans.back().went_down;
  });
  const std::string asked = team.empty() ? "." : ": " + team + ".";
  return {cached
              ? "Have it purged where it is still served from, as named below; what else is live, have it taken down."
          : is_listed_only(i)
              ? "Have the entry taken out, and what it leads to checked, which embargod did not see public" + asked
              : "Have it taken down now" + asked,
          "Purge it from caches and the search index; then watch this page until it says taken down.",
          "Tell the head of profession" + (head.empty() ? "" : " (" + head + ")") +
              ". Taking it down or letting it stand is a person's decision.",
          "Do not open, copy or forward the figures."};
}

/// Those that must come out: a listing or an announcement counts only where there is nothing else.
std::vector<const TargetTrack*> parts_of(const Release& r, const std::vector<const TargetTrack*>& tracks,
                                         std::size_t& all) {
  const auto counts = [&](const Target& t) { return is_part(t.role); };
  const bool has_parts = std::any_of(r.targets.begin(), r.targets.end(), counts);
  std::vector<const TargetTrack*> parts;
  all = 0;
  for (const Target& t : r.targets) {
    if (has_parts && !counts(t)) continue;
    ++all;
    for (const TargetTrack* k : tracks)
      if (k->target == t.id) parts.push_back(k);
  }
  return parts;
}

std::string due_state(const StoredRelease& r, const std::vector<const TargetTrack*>& every, Light& light) {
  std::size_t all = 0;
  const std::vector<const TargetTrack*> tracks = parts_of(r.release, every, all);
  const auto counted = [&](auto holds) {
    return static_cast<std::size_t>(std::count_if(tracks.begin(), tracks.end(), holds));
  };
  const std::size_t out = counted([](const TargetTrack* t) { return t->released.has_value(); });
  const std::size_t gone =
      counted([](const TargetTrack* t) { return t->gone && t->dark_streak >= kAbsencesToContain; });
  if (out < all || gone > 0) {
    light.css = "warn";
    if (gone > 0) return "Released, but " + std::to_string(gone) + " of " + std::to_string(all) + " gone again";
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

const char* incident_css(const Incident& i) {
  if (is_active(i) && in_rehearsal(i)) return "warn";
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
      if (is_active(i) && in_rehearsal(i))
        return {"Check with " + i.rehearsal->by +
                    " that what is public is the test publication; if not, have it taken down.",
                "Have it taken down, and purged from caches, before the window ends: after that it is a breach."};
      if (is_active(i)) return early_steps(i, producer);
      return {"Check that caches and the search index no longer show it.",
              "Complete the draft report below and file it; close the incident when that is done."};
    case IncidentKind::suspect:
      return {"Look at what the address answers, without forwarding it: a new placeholder, or the release itself?",
              "If it is a new placeholder, add it to the liveness profile; if it is the release, have it taken down."};
    case IncidentKind::late:
      if (is_active(i))
        return {ask_team(producer) + " whether the release is held up, and have users told on the announcement page."};
      return {};
    case IncidentKind::blind:
      if (is_active(i))
        return {
            "Open the site from elsewhere: is it down, or does it refuse this monitor?",
            "While this lasts nobody would notice an early release here: watch the pages by hand before a due time."};
      return {};
    case IncidentKind::incomplete:
      if (is_active(i))
        return {ask_team(producer) + " for the parts that are named below.",
                "If readers can see them and embargod cannot, embargoctl probe says why."};
      return {};
    case IncidentKind::wrong_content:
      if (is_active(i))
        return {ask_team(producer) + " what belongs there; have it replaced or taken down.",
                "Have it purged from caches; do not forward what is there: it may be another release's.",
                "If it is right after all, dismiss this and mend the edition or the expect rule in the schedule."};
      return {};
    case IncidentKind::gap:
      if (is_active(i))
        return {ask_team(producer) + " whether it was withdrawn on purpose.",
                "If so, close this with the reason and have the page say so; else have it put back."};
      return {};
    case IncidentKind::unscheduled:
      if (is_of_strangers(i))
        return {ask_team(producer) + " what the entries below are, and whether they should be public.",
                "If so, put them in the schedule, or dismiss this with the reason.",
                "If not, have them taken down, and out of the listing."};
      return {ask_team(producer) + " what was meant to be out."};
    case IncidentKind::drift:
      return {
          ask_team(producer) + " which date is right.",
          "If it is the one in force, have the calendar put right before anybody goes by it.",
          "If it is the calendar's, have the release moved, cancelled or lifted by name and with the reason: embargod "
          "does none of that by itself.",
          "If both may stay as they are, dismiss this with the reason."};
  }
  return steps;
}

std::string confidence_words(const Incident& i) {
  if (i.kind == IncidentKind::drift) return "as the calendars were last read";
  if (is_of_strangers(i)) return "read in a public listing; what it leads to was not opened";
  switch (i.confidence) {
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
  static const std::map<std::string, std::string> kWords{
      {"first_sight", "First sight"},
      {"confirmed", "Confirmed"},
      {"target_joined", "Another URL joined"},
      {"went_down", "A URL went down"},
      {"contained", "Contained"},
      {"reopened", "Live again"},
      {"due_passed", "Its time came"},
      {"lifted", "Embargo lifted"},
      {"acknowledged", "Acknowledged"},
      {"note", "Note"},
      {"decided", "Decided"},
      {"acknowledgement_expired", "The acknowledgement expired"},
      {"escalated", "The next receivers were told"},
      {"held_for_hours", "Waits for working hours"},
      {"dismissed", "Dismissed"},
      {"closed", "Closed"},
      {"clock_step", "The clock was stepped"},
      {"started", "embargod started"},
      {"stopped", "embargod stopped"},
      {"schedule_changed", "Schedule changed"},
      {"went_live", "A URL went live"},
      {"reappeared", "A URL is there again"},
      {"corrected", "What was announced took its place"},
      {"served_from_cache", "Gone at its origin, still served from cache"},
      {"baseline_approved", "Baseline approved"},
      {"drift_changed", "A calendar says something else"},
      {"rehearsal_planned", "Rehearsal planned"},
      {"rehearsal_cancelled", "Rehearsal cancelled"},
      {"rehearsal_overrun", "The rehearsal is over, and it is still public"},
      {"rehearsal_over", "Rehearsal over"},
      {"boundary", "Live within the clock error of its time"}};
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
  if (early != nullptr && in_rehearsal(*early)) return {"warn", "Live in a planned rehearsal"};
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
