#include "daemon/web/pages.h"

#include <algorithm>
#include <map>

#include "config/zone_time.h"
#include "daemon/web/assets.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/page_words.h"
#include "daemon/web/runbook.h"

namespace embargod {
namespace {

constexpr int kListRefresh = 10;  // seconds

using TracksById = std::map<std::string, const TargetTrack*>;

std::string last_sure_look(const std::vector<const TargetTrack*>& tracks, std::size_t targets, Instant now) {
  std::optional<Instant> oldest;
  for (const auto* t : tracks) {
    if (!t->last_conclusive) return "a URL without a sure look yet";
    oldest = oldest ? std::min(*oldest, *t->last_conclusive) : *t->last_conclusive;
  }
  if (!oldest || tracks.size() < targets) return "not looked at yet";
  const std::string ago = words(std::max(Millis{0}, now - *oldest)) + " ago";
  return targets == 1 ? "last sure look " + ago
                      : "every URL surely seen within " + words(std::max(Millis{0}, now - *oldest));
}

std::string target_words(const TargetTrack* t) {
  if (t == nullptr || !t->last_look) return "not looked at yet";
  switch (t->liveness) {
    case Liveness::absent:
      return "not there";
    case Liveness::stub:
      return "placeholder";
    case Liveness::previous_edition:
      return "former edition";
    case Liveness::live:
      return "live";
    case Liveness::suspect:
      return "unexpected answer";
    case Liveness::unknown:
      return std::string{"not known: "} + to_string(t->cause);
  }
  return {};
}

PageData target_row(const Target& target, const TracksById& tracks, Instant now) {
  const auto found = tracks.find(target.id);
  const TargetTrack* t = found == tracks.end() ? nullptr : found->second;
  PageData d = page_object();
  d.set("target", target.id);
  d.set("state", target_words(t));
  d.set("sure",
        t != nullptr && t->last_conclusive ? words(std::max(Millis{0}, now - *t->last_conclusive)) + " ago" : "never");
  set_if(d, "blind_for", t != nullptr && t->blind ? words(std::max(Millis{0}, now - t->blind->from)) : "");
  return d;
}

PageData release_card(const StoredRelease& r, const TracksById& all, const Incident* early, Instant now) {
  std::vector<const TargetTrack*> tracks;
  PageData targets = page_list();
  Millis blind{0};
  for (const auto& target : r.release.targets) {
    const auto found = all.find(target.id);
    if (found != all.end()) {
      tracks.push_back(found->second);
      if (found->second->blind) blind = std::max(blind, now - found->second->blind->from);
    }
    targets.push_back(target_row(target, all, now));
  }
  const Light light = release_light(r, tracks, early, now);
  PageData d = page_object();
  d.set("id", r.release.id);
  d.set("title", r.release.title);
  d.set("css", light.css);
  d.set("light", light.words);
  d.set("due", due_words(r.release.due));
  d.set("due_utc", r.release.due.at ? utc_words(*r.release.due.at).substr(0, 16) + " UTC" : "");
  set_if(d, "countdown", r.current && r.release.due.at ? countdown(r.release.due, now) : "");
  set_if(d, "sure",
         r.current && !r.release.targets.empty() ? last_sure_look(tracks, r.release.targets.size(), now) : "");
  const std::string unseen = blind > Millis{0} ? "Cannot be seen for " + words(blind) : std::string{};
  set_if(d, "blind", r.current && light.words != unseen ? unseen : "");
  set_if(d, "early", early == nullptr ? "" : early->id);
  set_flag(d, "has_targets", !r.release.targets.empty());
  d.set("count", std::to_string(r.release.targets.size()) + (r.release.targets.size() == 1 ? " URL" : " URLs"));
  d.set("targets", targets);
  return d;
}

const Incident* early_of(const std::vector<Incident>& incidents, const std::string& release) {
  const auto found = std::find_if(incidents.begin(), incidents.end(), [&release](const Incident& i) {
    return i.kind == IncidentKind::early && i.release == release && is_active(i);
  });
  return found == incidents.end() ? nullptr : &*found;
}

/// What is to come, soonest first; what has come, latest first; what is no longer watched.
struct Shelves {
  std::vector<const StoredRelease*> coming, out, aside;
};

Shelves sort_releases(const std::vector<StoredRelease>& releases, Instant now) {
  Shelves s;
  for (const auto& r : releases) {
    const bool aside = !r.current || r.release.status == ReleaseStatus::cancelled;
    const bool due = r.release.due.at && *r.release.due.at <= now;
    (aside ? s.aside : due ? s.out : s.coming).push_back(&r);
  }
  const auto when = [](const StoredRelease* r) {
    return r->release.due.at.value_or(r->release.due.period_begin.value_or(Instant::max()));
  };
  std::stable_sort(s.coming.begin(), s.coming.end(), [&](const auto* a, const auto* b) { return when(a) < when(b); });
  std::stable_sort(s.out.begin(), s.out.end(), [&](const auto* a, const auto* b) { return when(a) > when(b); });
  return s;
}

void set_warnings(PageData& d, const ReleasesView& view, Instant now) {
  set_if(d, "unhealthy", view.health.healthy ? "" : view.health.healthy_text);
  set_if(d, "starting", view.health.ready ? "" : view.health.ready_text);
  std::size_t blind = 0;
  Millis longest{0};
  for (const auto& t : view.tracks) {
    if (!t.blind) continue;
    ++blind;
    longest = std::max(longest, now - t.blind->from);
  }
  set_if(d, "blind_count", blind == 0 ? "" : std::to_string(blind) + " of " + std::to_string(view.tracks.size()));
  d.set("blind_longest", words(longest));
  set_if(d, "clock", view.clock_verified ? "" : words(view.clock_error));
  const std::size_t odd = view.lint_warnings;
  set_if(d, "odd", odd == 0 ? "" : std::to_string(odd) + (odd == 1 ? " warning" : " warnings"));
}

}  // namespace

std::string releases_page(const PageFrame& frame, const ReleasesView& view) {
  PageData d = page_object();
  set_warnings(d, view, frame.now);
  PageData open = page_list();
  PageData ended = page_list();
  bool any = false;
  bool any_ended = false;
  bool early = false;
  for (const auto& i : view.incidents) {
    if (is_over(i)) continue;
    (is_active(i) ? open : ended).push_back(incident_card(i, frame.zone, frame.now));
    (is_active(i) ? any : any_ended) = true;
    early = early || (is_active(i) && i.kind == IncidentKind::early && !in_rehearsal(i));
  }
  set_flag(d, "has_open", any);
  const bool blind =
      std::any_of(view.tracks.begin(), view.tracks.end(), [](const TargetTrack& t) { return t.blind.has_value(); });
  set_flag(d, "quiet",
           !any && !any_ended && !blind && !view.releases.empty() && view.health.ready && view.health.healthy);
  d.set("open", open);
  set_flag(d, "has_ended", any_ended);
  d.set("ended", ended);
  TracksById tracks;
  for (const auto& t : view.tracks) tracks[t.target] = &t;
  const Shelves shelves = sort_releases(view.releases, frame.now);
  const auto shelf = [&](const char* name, const std::vector<const StoredRelease*>& from) {
    PageData list = page_list();
    for (const auto* r : from)
      list.push_back(release_card(*r, tracks, early_of(view.incidents, r->release.id), frame.now));
    d.set(name, list);
    set_flag(d, std::string{"has_"} + name, !from.empty());
  };
  shelf("coming", shelves.coming);
  shelf("out", shelves.out);
  shelf("aside", shelves.aside);
  set_flag(d, "nothing", view.releases.empty());
  return render_page("releases.mustache",
                     early ? "LIVE EARLY"
                     : any ? "Open incidents"
                           : "Releases",
                     frame, {kListRefresh}, d);
}

std::string incidents_page(const PageFrame& frame, const std::vector<Incident>& incidents) {
  PageData d = page_object();
  PageData open = page_list();
  PageData past = page_list();
  bool any_open = false;
  bool any_past = false;
  for (const auto& i : incidents) {
    (is_over(i) ? past : open).push_back(incident_card(i, frame.zone, frame.now));
    (is_over(i) ? any_past : any_open) = true;
  }
  d.set("open", open);
  d.set("past", past);
  set_flag(d, "has_open", any_open);
  set_flag(d, "has_past", any_past);
  set_flag(d, "nothing", incidents.empty());
  return render_page("incidents.mustache", "Incidents", frame, {kListRefresh}, d);
}

std::string runbook_page(const PageFrame& frame) {
  PageData d = page_object();
  d.set("runbook", runbook_html(asset("OPERATIONS.md")));
  return render_page("runbook.mustache", "What to do", frame, {0}, d);
}

std::string not_found_page(const PageFrame& frame) {
  return render_page("not_found.mustache", "Not found", frame, {0}, page_object());
}

}  // namespace embargod
