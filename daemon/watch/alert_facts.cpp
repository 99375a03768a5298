// The facts that stand in an alert beside its sentences.

#include <algorithm>

#include "config/zone_time.h"
#include "daemon/watch/alert_words.h"
#include "daemon/watch/exposure.h"
#include "daemon/watch/stranger_watch.h"

namespace embargod {
namespace {

constexpr std::size_t kMostToldStrangers = 10;  // addresses in one message; the link has them all

std::string between(const InstantBounds& b, const std::string& zone) {
  if (!b.earliest) return "already live at our first look, " + stated(b.latest, zone) + "; since when is not known";
  if (local_words(*b.earliest, zone) == local_words(b.latest, zone)) {
    constexpr Millis kTenth{100};
    const Millis apart = (b.latest - *b.earliest + kTenth - Millis{1}) / kTenth * kTenth;  // never said shorter
    return stated(*b.earliest, zone) + " or at most " + words(apart) + " later";
  }
  return "not before " + stated(*b.earliest, zone) + ", at the latest " + stated(b.latest, zone);
}

/// Of all URLs: the span that began first.
const ExposureSpan* first_span(const Incident& i) {
  const ExposureSpan* first = nullptr;
  for (const TargetExposure& t : i.targets)
    for (const ExposureSpan& s : t.spans)
      if (first == nullptr || s.went_live.latest < first->went_live.latest) first = &s;
  return first;
}

bool is_family_6(const std::string& path) { return path == "ipv6" || path.find(':') != std::string::npos; }

std::string addresses(const std::vector<std::string>& paths) {
  const auto six = static_cast<std::size_t>(std::count_if(paths.begin(), paths.end(), is_family_6));
  if (paths.size() == 1) return six == 1 ? "one IPv6 address" : "one other address";
  const std::string out = std::to_string(paths.size()) + " other addresses";
  if (six == paths.size()) return out + " (IPv6)";
  return six == 0 ? out : out + " (" + std::to_string(six) + " of them IPv6)";
}

/// "plain, 2 other addresses (1 of them IPv6), past the cache"
std::string ways(const std::vector<std::string>& paths) {
  std::vector<std::string> words;
  std::vector<std::string> at;
  for (const std::string& p : paths)
    if (p != "plain" && p != "bypass") at.push_back(p);
  const auto has = [&](const char* p) { return std::find(paths.begin(), paths.end(), p) != paths.end(); };
  if (has("plain")) words.emplace_back("the plain URL");
  if (!at.empty()) words.push_back(addresses(at));
  if (has("bypass")) words.emplace_back("past the cache");
  return joined_words(words);
}

/// Ways by which any of its URLs is live now, and those by which none is.
struct Ways {
  std::vector<std::string> live, dark;
};
Ways ways_of(const Incident& i) {
  std::vector<std::string> all;
  Ways w;
  for (const TargetExposure& t : i.targets)
    for (const RouteView& v : t.routes)
      if (std::find(all.begin(), all.end(), v.path) == all.end()) all.push_back(v.path);
  for (const std::string& path : all) {
    const bool live = std::any_of(i.targets.begin(), i.targets.end(), [&](const TargetExposure& t) {
      return std::any_of(t.routes.begin(), t.routes.end(),
                         [&](const RouteView& v) { return v.path == path && v.liveness == Liveness::live; });
    });
    (live ? w.live : w.dark).push_back(path);
  }
  return w;
}

std::string confidence_of(const Telling& t) {
  const Incident& i = t.incident;
  int looks = 0;
  for (const TargetExposure& e : i.targets)
    for (const ExposureSpan& s : e.spans) looks += s.looks;
  const bool is_public =
      i.kind == IncidentKind::early || i.kind == IncidentKind::unscheduled || i.kind == IncidentKind::wrong_content;
  switch (i.confidence) {
    case Confidence::seen_once:
      if (i.kind == IncidentKind::gap) return counted(kAbsencesToContain, "agreeing look");
      if (!is_resolved(t)) return "seen once; confirming looks follow within seconds";
      return i.kind == IncidentKind::early || i.kind == IncidentKind::unscheduled
                 ? "seen once, and dark in every look after it"
                 : "seen once";
    case Confidence::suspected:
      return "not certain: something answers that is neither the release nor its absence";
    case Confidence::confirmed:
      return is_public && looks > 1 ? "confirmed by " + counted(static_cast<std::size_t>(looks), "look")
                                    : "confirmed by a second look";
  }
  return {};
}

/// The newest: those before them were told before.
std::string stranger_urls(const Incident& i) {
  std::vector<std::string> urls;
  for (const TargetExposure& t : i.targets)
    if (is_there(t) && std::find(urls.begin(), urls.end(), t.url) == urls.end()) urls.push_back(t.url);
  std::reverse(urls.begin(), urls.end());
  std::string out;
  for (std::size_t k = 0; k < urls.size() && k < kMostToldStrangers; ++k) out += (k == 0 ? "" : "\n") + urls[k];
  if (urls.size() > kMostToldStrangers)
    out += "\n" + std::to_string(urls.size() - kMostToldStrangers) + " more: see the link";
  return out;
}

}  // namespace

std::string stated(Instant t, const std::string& zone) { return local_words(t, zone) + " (" + rfc3339(t) + ")"; }

std::string counted(std::size_t n, const std::string& one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

std::string joined_words(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : ", ") + p;
  return out;
}

std::string bounded(const SpanBounds& b) {
  return "at least " + words(b.shortest) +
         (b.longest ? " and at most " + words(*b.longest) : " (at most is not known)");
}

bool is_there(const TargetExposure& t) { return !t.spans.empty() && !t.spans.back().went_down; }

bool is_form(const TargetExposure& t) { return t.target.find('+') != std::string::npos; }

PublicAs public_as(const Incident& i) {
  const auto all = [&](auto holds) {
    return std::all_of(i.targets.begin(), i.targets.end(),
                       [&](const TargetExposure& t) { return !t.seen_live || holds(t); });
  };
  const auto all_in = [&](Role r) { return all([r](const TargetExposure& t) { return t.role == r; }); };
  if (i.targets.empty()) return PublicAs::page;
  if (all(is_form)) return PublicAs::form;
  if (all_in(Role::file)) return PublicAs::file;
  if (all_in(Role::api)) return PublicAs::api;
  if (all_in(Role::listing)) return PublicAs::listing;
  return all_in(Role::announcement) ? PublicAs::announcement : PublicAs::page;
}

std::vector<std::string> layers_left(const Incident& i) {
  std::vector<std::string> out;
  for (const TargetExposure& t : i.targets)
    if (is_there(t) && !t.cached_by.empty() && std::find(out.begin(), out.end(), t.cached_by) == out.end())
      out.push_back(t.cached_by);
  return out;
}

bool only_in_caches(const Incident& i) {
  bool any = false;
  for (const TargetExposure& t : i.targets) {
    if (!is_there(t)) continue;
    any = true;
    if (t.cached_by.empty()) return false;
  }
  return any;
}

Doubt doubt_of(const Incident& i) {
  if (i.targets.empty()) return Doubt::other;
  const TargetExposure& t = i.targets.front();
  const auto says = [&](const char* words) { return t.first.rule.find(words) != std::string::npos; };
  if (says("changed before release")) return Doubt::corrected;
  if (says("changed from the approved baseline")) return Doubt::changed;
  if (says("only a browser can fill")) return Doubt::shell;
  return t.role == Role::file ? Doubt::file : Doubt::other;
}

std::string how_early(const Telling& t) {
  const IncidentKind k = t.incident.kind;
  const auto lead = lead_of(t.incident);
  if (!lead || !t.incident.due) return {};
  if (k == IncidentKind::late || k == IncidentKind::incomplete) return words(-lead->shortest) + " late";
  return k == IncidentKind::early || k == IncidentKind::suspect ? words(lead->shortest) + " before due" : std::string{};
}

std::string seen_since(const Telling& t) {
  const Incident& i = t.incident;
  if (i.kind == IncidentKind::drift) return drift_seen_since(t);
  if (i.kind == IncidentKind::gap || i.kind == IncidentKind::incomplete || i.kind == IncidentKind::late) return {};
  const ExposureSpan* s = first_span(i);
  return s == nullptr ? std::string{} : between(s->went_live, t.context.zone);
}

std::string gone_since(const Telling& t) {
  if (t.incident.kind != IncidentKind::gap) return {};
  const ExposureSpan* gone = nullptr;
  for (const TargetExposure& e : t.incident.targets)
    for (const ExposureSpan& s : e.spans)
      if (s.went_down && (gone == nullptr || s.went_down->latest > gone->went_down->latest)) gone = &s;
  return gone == nullptr ? std::string{} : between(*gone->went_down, t.context.zone);
}

std::string how_sure(const Telling& t) {
  const Incident& i = t.incident;
  if (i.kind == IncidentKind::blind || i.kind == IncidentKind::drift) return {};
  if (is_of_strangers(i)) return "read in a public listing; what it leads to was not opened";
  std::string sure = confidence_of(t);
  if (i.targets.empty()) return sure;
  const Ways w = ways_of(i);
  const bool names_ways = !is_resolved(t) && w.live.size() + w.dark.size() > 1;
  if (names_ways && !w.live.empty())
    sure += " over " + counted(w.live.size() + w.dark.size(), "way") + "; live by: " + ways(w.live);
  if (names_ways && !w.live.empty() && !w.dark.empty()) sure += "; not by: " + ways(w.dark);
  const Look& first = i.targets.front().first;
  return sure + "; first: HTTP " + std::to_string(first.status) + ", " + std::to_string(first.size) +
         " bytes, decided by " + first.rule + ", seen from one place";
}

std::string urls_of(const Incident& i, SeenLive seen) {
  if (is_of_strangers(i)) return seen == SeenLive::yes ? stranger_urls(i) : std::string{};
  std::string out;
  for (const TargetExposure& t : i.targets) {
    if (t.seen_live != (seen == SeenLive::yes)) continue;
    if (!out.empty()) out += '\n';
    out += t.seen_live ? t.url : t.target;
  }
  return out;
}

}  // namespace embargod
