#include "daemon/watch/alert_words.h"

#include <algorithm>
#include <string_view>

#include "daemon/watch/exposure.h"
#include "daemon/watch/stranger_watch.h"

namespace embargod {
namespace {

constexpr const char* kNamelessCache = "a cache";  // TargetExposure::cached_by where no name is told

std::string in_quotes_title(const Incident& i) { return "\"" + i.title + "\""; }

template <class F>
std::vector<std::string> names_where(const Incident& i, F holds) {
  std::vector<std::string> out;
  for (const TargetExposure& t : i.targets)
    if (holds(t)) out.push_back(t.target);
  return out;
}

/// ": 1 of 3 parts is missing"; nothing where there is one part only, or where how many is not on record.
std::string of_parts(const Incident& i, const char* what) {
  const auto n = static_cast<std::size_t>(
      std::count_if(i.targets.begin(), i.targets.end(), [](const TargetExposure& t) { return !is_there(t); }));
  if (i.parts.size() < 2 || n > i.parts.size()) return {};
  return ": " + std::to_string(n) + " of " + std::to_string(i.parts.size()) + " parts " + (n == 1 ? "is " : "are ") +
         what;
}

/// What is still not there, and what answers in its place.
std::string missing_words(const Incident& i) {
  std::vector<std::string> out;
  for (const TargetExposure& t : i.targets) {
    if (is_there(t)) continue;
    out.push_back(t.target + (t.first.liveness == Liveness::suspect
                                  ? " (something answers there, but not what was announced)"
                                  : ""));
  }
  return joined_words(out);
}

std::string lateness_words(const Incident& i) {
  const auto lead = lead_of(i);
  if (!lead) return {};
  // Both ends turn round: the shortest lead is the longest delay.
  const Millis least = lead->longest ? std::max(Millis{0}, -*lead->longest) : Millis{0};
  return bounded({.shortest = least, .longest = -lead->shortest}) + " after due";
}

/// "for at least 3 s and at most 5 s"; one look alone proves a moment only.
std::string up_for(const SpanBounds& up) {
  if (up.shortest <= Millis{0}) return up.longest ? "for at most " + words(*up.longest) : "for how long is not known";
  return "for " + bounded(up);
}

std::string up_words(const Telling& t) {
  std::string out;
  for (const TargetExposure& e : t.incident.targets) {
    bool again = false;
    for (const ExposureSpan& s : e.spans) {
      const auto up = time_up(s, t.now);
      if (!up) continue;
      out += (out.empty() ? "" : "; ") + (again ? "again " : e.target + " was public ") + up_for(*up);
      again = true;
    }
  }
  return out;
}

std::string why_resolved(const Incident& i, const char* else_say) {
  switch (i.state) {
    case IncidentState::dismissed:
      return "Dismissed by " + i.closed_by + ": " + i.closed_reason;
    case IncidentState::closed:
      return "Closed by " + i.closed_by + (i.closed_reason.empty() ? "" : ": " + i.closed_reason);
    case IncidentState::suspected:
    case IncidentState::open:
    case IncidentState::contained:
      break;
  }
  return else_say;
}

/// How the newest exposure ended.
const char* why_contained(const Incident& i) {
  const ExposureSpan* last = nullptr;
  for (const TargetExposure& t : i.targets)
    for (const ExposureSpan& s : t.spans)
      if (s.went_down && (last == nullptr || s.went_down->latest >= last->went_down->latest)) last = &s;
  switch (last == nullptr ? EndedBy::absence : last->ended_by.value_or(EndedBy::absence)) {
    case EndedBy::absence:
      break;
    case EndedBy::due:
      return "The due time has come while it was live";
    case EndedBy::lift:
      return "The embargo was lifted while it was live";
  }
  return "Agreeing looks, three or more in a row, found every URL dark again";
}

// ---- early ----

std::string early_summary(const Incident& i, const std::string& again) {
  const std::string title = in_quotes_title(i);
  switch (public_as(i)) {
    case PublicAs::form:
      return title + " is public" + again + " under another form of its URL";
    case PublicAs::file:
      return (i.targets.size() == 1 ? "A file of " + title + " is public" : "Files of " + title + " are public") +
             again;
    case PublicAs::api:
      return "The data of " + title + " is public" + again + " by its API";
    case PublicAs::listing:
      return "A public listing shows " + title + again;
    case PublicAs::announcement:
      return "The announcement of " + title + " leads to it" + again;
    case PublicAs::page:
      break;
  }
  return title + " is public" + again;
}

/// What its URLs do with what is embargoed.
std::string early_what(const Incident& i) {
  const std::size_t seen = names_where(i, [](const auto& e) { return e.seen_live; }).size();
  const PublicAs as = public_as(i);
  if (as == PublicAs::listing) return "A listing that everybody can read shows or links a release that is";
  if (as == PublicAs::announcement) return "Its announcement links or redirects to a release that is";
  return counted(seen, "public URL") + (seen == 1 ? " answers" : " answer") + " with the content of a release that is";
}

/// What the program's own rules say is meant to be read: "a file of 12 bytes".
std::string reason_of(const std::string& rule) {
  for (const std::string_view own : {"engine: ", "discovery: "})
    if (rule.starts_with(own)) return rule.substr(own.size());
  return "decided by " + rule;
}

std::string early_extras(const Incident& i) {
  std::string out;
  std::vector<std::string> unseen;
  for (const std::string& part : i.parts) {
    const bool seen =
        std::any_of(i.targets.begin(), i.targets.end(), [&](const auto& t) { return t.seen_live && t.target == part; });
    if (!seen) unseen.push_back(part);
  }
  if (!unseen.empty()) out += " Not seen live: " + joined_words(unseen) + ".";
  for (const TargetExposure& t : i.targets) {
    if (!is_form(t) || !t.seen_live) continue;
    const std::string base = t.target.substr(0, t.target.find('+'));
    const bool also = std::none_of(unseen.begin(), unseen.end(), [&](const auto& id) { return id == base; });
    out += " " + base + (also ? " also answers as " : " answers as ") + t.url + ".";
  }
  for (const TargetExposure& t : i.targets)
    if (t.seen_live && !t.candidate_rule.empty())
      out += " " + t.target + " was never announced: embargod guessed its address from a former edition (" +
             t.candidate_rule + ").";
  for (const TargetExposure& t : i.targets)
    if (const std::string listing = listing_of(t.target); !listing.empty() && is_there(t))
      out += " Listing " + listing + " shows it, " + reason_of(t.first.rule) + ".";
  for (const TargetExposure& t : i.targets)
    if (is_there(t) && !t.cached_by.empty())
      out += " " + t.target + ": the origin no longer has it, but " + t.cached_by + " still serves it.";
  return out;
}

Sentences say_early(const Telling& t) {
  const Incident& i = t.incident;
  const std::string title = in_quotes_title(i);
  if (is_resolved(t) && in_rehearsal(i))
    return say_rehearsal(t, {}, why_resolved(i, why_contained(i)) + ". " + up_words(t) + ".");
  if (is_resolved(t))
    return {(i.state == IncidentState::dismissed ? "Dismissed: " + title + " was reported as public before its time"
                                                 : "Over: " + title + " was public before its time"),
            why_resolved(i, why_contained(i)) + ". " + up_words(t) + "."};
  const std::string lead = how_early(t);
  const std::string when = lead.empty() ? "" : ", " + lead;
  const std::string what = early_what(i) + " embargoed until " +
                           (i.due ? stated(*i.due, t.context.zone) : std::string{"it is announced"}) + ".";
  if (in_rehearsal(i)) return say_rehearsal(t, what + early_extras(i), {});
  const std::string before = after_rehearsal(t);
  if (only_in_caches(i)) {
    const std::string layers = joined_words(layers_left(i));
    return {title + " is still served from " + (layers == kNamelessCache ? layers : "cache (" + layers + ")") + when,
            before + what + early_extras(i)};
  }
  return {early_summary(i, t.notice == Notice::reopened ? " again" : "") + when, before + what + early_extras(i)};
}

Sentences say_suspect(const Telling& t) {
  const Incident& i = t.incident;
  const std::string title = in_quotes_title(i);
  if (is_resolved(t))
    return {"Over: something unexpected answered for " + title, why_resolved(i, why_contained(i)) + "."};
  const std::string where = i.targets.empty() ? i.release : i.targets.front().target;
  switch (doubt_of(i)) {
    case Doubt::corrected:
      return {"The former edition of " + title + " was changed before the new one is due",
              where +
                  " shows something else than was approved, but still says that it is the former edition: most often "
                  "a correction."};
    case Doubt::changed:
      return {"The page where " + title + " will be was changed before it is due",
              where +
                  " shows something else than was approved as the former edition, and does not say which edition it "
                  "is: a correction, or the release."};
    case Doubt::shell:
      return {"A page for " + title + " answers, but only a browser could read it",
              where + " answers with scripts and next to no text: embargod cannot tell whether it is the release."};
    case Doubt::file:
      return {"A file of " + title + " answers before its time, but not as that file",
              where + " answers, but: " + reason_of(i.targets.front().first.rule) +
                  ". A placeholder, or the file on its way."};
    case Doubt::other:
      break;
  }
  return {"Something unexpected answers for " + title + " before its time",
          where +
              " answers, but neither as the release nor as a known placeholder. A person must look at the page (not "
              "at figures)."};
}

// ---- after due ----

Sentences say_late(const Telling& t) {
  const Incident& i = t.incident;
  const std::string title = in_quotes_title(i);
  const auto missing = names_where(i, [](const auto& e) { return !is_there(e); });
  const std::string late = lateness_words(i);
  if (is_resolved(t)) {
    if (is_over(i)) return {"Over: " + title + " was late", why_resolved(i, "") + "."};
    if (missing.empty())
      return {title + " is out, " + how_early(t),
              "Every watched URL of the release is live. The last came " + late + "."};
    return {title + " is partly out" + (late.empty() ? "" : ", " + how_early(t)),
            (late.empty() ? std::string{} : "The first of it came " + late + ". ") +
                "Still missing: " + missing_words(i) + ". That goes on as EmbargoIncomplete."};
  }
  const std::string ago = i.due ? " although it was due " + words(t.now - *i.due) + " ago" : "";
  if (missing.size() < i.targets.size())
    return {title + " is only partly out" + ago,
            "The first of it came " + late + ". Not seen out: " + missing_words(i) + "."};
  return {title + " is not public" + ago,
          "Nothing of it was seen public after due. Not seen out: " + missing_words(i) + "."};
}

Sentences say_incomplete(const Telling& t) {
  const Incident& i = t.incident;
  const std::string title = in_quotes_title(i);
  if (is_resolved(t)) {
    if (is_over(i)) return {"Over: " + title + " was incomplete", why_resolved(i, "") + "."};
    return {title + " is complete, " + how_early(t), "The last missing part came " + lateness_words(i) + "."};
  }
  return {title + " is only partly out" + of_parts(i, "missing"),
          "Part of it is public" +
              (i.due ? ", and all of it was due " + stated(*i.due, t.context.zone) : std::string{}) +
              ". Not seen out: " + missing_words(i) + "."};
}

Sentences say_wrong(const Telling& t) {
  const Incident& i = t.incident;
  const std::string title = in_quotes_title(i);
  if (is_resolved(t)) {
    if (is_over(i)) return {"Over: something else than announced was out for " + title, why_resolved(i, "") + "."};
    return {title + ": what was announced is out now", "The other content: " + up_words(t) + "."};
  }
  std::string why;
  for (const TargetExposure& e : i.targets) {
    if (!is_there(e)) continue;
    why += (why.empty() ? "" : "; ") + e.target + ": " + (e.first.wrong.empty() ? e.first.rule : e.first.wrong);
  }
  if (why.empty())
    return {title + ": the wrong content is gone, the right one is not out yet",
            "What was wrong is no longer public. Waiting for what was announced at: " +
                joined_words(names_where(i, [](const auto&) { return true; })) + "."};
  const std::string again = t.notice == Notice::reopened ? " again" : "";
  return {title + ": what is public" + again + " is not what was announced",
          "It is past due, so nothing is early; but readers get something else. What does not fit: " + why + "."};
}

Sentences say_gap(const Telling& t) {
  const Incident& i = t.incident;
  const std::string title = in_quotes_title(i);
  if (is_resolved(t)) {
    if (is_over(i)) return {"Over: " + title + " was gone after its release", why_resolved(i, "") + "."};
    std::string away;
    for (const TargetExposure& e : i.targets)
      for (const SpanBounds& b : times_away(e))
        away += (away.empty() ? "" : "; ") + e.target + " was away for " + bounded(b);
    return {title + " is back", "Every URL that was gone is public again. " + away + "."};
  }
  const std::string again = t.notice == Notice::reopened ? " once more" : "";
  std::string since;
  for (const TargetExposure& e : i.targets) {
    if (is_there(e) || e.spans.empty()) continue;
    const InstantBounds& down = *e.spans.back().went_down;
    since +=
        (since.empty() ? "" : "; ") + e.target + ": " +
        (down.earliest ? "last seen " + stated(*down.earliest, t.context.zone) + ", first missed " : "first missed ") +
        stated(down.latest, t.context.zone);
  }
  return {title + " was released and is gone" + again + of_parts(i, "away"),
          "Three agreeing looks or more found it dark. " + since + "."};
}

/// Entries of public listings: "3 entries", "100 entries or more".
Sentences say_strangers(const Telling& t) {
  const Incident& i = t.incident;
  std::size_t there = 0;
  std::vector<std::string> listings;
  for (const TargetExposure& e : i.targets) {
    if (is_there(e)) ++there;
    const std::string listing = listing_of(e.target);
    if (std::find(listings.begin(), listings.end(), listing) == listings.end()) listings.push_back(listing);
  }
  if (is_resolved(t))
    return {"Over: " + i.site + " listed what no schedule names",
            why_resolved(i, "No listing shows it any more, or the schedule names it now") + "."};
  const std::string many = i.targets.size() < kMostStrangers ? "" : " or more";
  return {i.site + " lists " + (there == 1 ? "1 entry" : std::to_string(there) + " entries") + many +
              " that no schedule names",
          "Seen in: " + joined_words(listings) +
              ". By the address it looks like a release, and it was not there before. embargod has not opened what the "
              "entries lead to."};
}

Sentences say_unscheduled(const Telling& t) {
  const Incident& i = t.incident;
  if (is_of_strangers(i)) return say_strangers(t);
  const std::string title = in_quotes_title(i);
  if (is_resolved(t))
    return {"Over: " + title + " was public without a confirmed date",
            why_resolved(i, why_contained(i)) + ". " + up_words(t) + "."};
  return {title + " is public without a confirmed date",
          "The schedule says cancelled, or provisional for this month, yet the URL answers with the release." +
              early_extras(i)};
}

Sentences say_blind(const Telling& t) {
  const Incident& i = t.incident;
  std::string causes;
  for (const TargetExposure& e : i.targets)
    if (const std::string word = to_string(e.first.cause); causes.find(word) == std::string::npos)
      causes += (causes.empty() ? "" : ", ") + word;
  const Instant from = i.targets.empty() ? i.detected : i.targets.front().first.sent;
  if (is_resolved(t))
    return {"embargod sees " + i.site + " again",
            "It could not tell for " + words(i.closed.value_or(t.now) - from) + " (" + causes +
                "). What was public in that time is not known; the report says so."};
  return {"embargod cannot see " + i.site,
          "No conclusive answer for " + words(t.now - from) + " (" + causes +
              "). An early release would go unnoticed. Affected: " + joined_words(i.affected) + "."};
}

}  // namespace

Sentences sentences_of(const Telling& t) {
  switch (t.incident.kind) {
    case IncidentKind::early:
      return say_early(t);
    case IncidentKind::suspect:
      return say_suspect(t);
    case IncidentKind::late:
      return say_late(t);
    case IncidentKind::incomplete:
      return say_incomplete(t);
    case IncidentKind::wrong_content:
      return say_wrong(t);
    case IncidentKind::gap:
      return say_gap(t);
    case IncidentKind::unscheduled:
      return say_unscheduled(t);
    case IncidentKind::blind:
      return say_blind(t);
    case IncidentKind::drift:
      return say_drift(t, why_resolved(t.incident, "No calendar contradicts it any more"));
  }
  return {};
}

}  // namespace embargod
