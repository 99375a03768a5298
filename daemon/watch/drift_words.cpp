#include "daemon/watch/drift_words.h"

#include <algorithm>
#include <cstdlib>
#include <initializer_list>
#include <set>
#include <string_view>

#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/watch/alert_words.h"

namespace embargod {
namespace {

constexpr std::size_t kMostToldDrifts = 4;  // in one message; the link has them all

/// ":14:1" at the end of a place; empty: none.
std::string_view position_in(std::string_view where) {
  std::size_t begin = where.size();
  for (int part = 0; part < 2; ++part) {
    const std::size_t colon = where.substr(0, begin).rfind(':');
    if (colon == std::string_view::npos || colon + 1 == begin) break;
    const std::string_view digits = where.substr(colon + 1, begin - colon - 1);
    if (digits.find_first_not_of("0123456789") != std::string_view::npos) break;
    begin = colon;
  }
  return where.substr(begin);
}

std::string after_scheme(std::string_view text) {
  const std::size_t scheme = text.find("://");
  return std::string{scheme == std::string_view::npos ? text : text.substr(scheme + 3)};
}

std::string month_of(Instant t, const std::string& zone) {
  const std::string day = local_date(t, zone);  // "1 May 2018"
  return day.substr(day.find(' ') + 1);
}

/// "later", "earlier" and by how much; empty: not that kind, or not known.
std::string moved_by(const Drift& d, const std::optional<Instant>& due, const std::string& zone) {
  const std::string apart = how_far_apart(d, due, zone);
  return apart.empty() ? std::string{} : apart + " " + to_string(d.kind);
}

std::string only_drift_in_short(const Incident& i, const Drift& d, const std::string& zone) {
  std::string who = calendar_name(d);
  switch (d.kind) {
    case DriftKind::earlier:
    case DriftKind::later: {
      const std::string moved = moved_by(d, i.due, zone);
      if (!moved.empty()) return who + " shows a date " + moved;
      return who + (d.kind == DriftKind::earlier ? " shows an earlier date" : " shows a later date");
    }
    case DriftKind::published:
      return who + " says that it is published already";
    case DriftKind::cancelled:
      return who + " says that it is cancelled";
    case DriftKind::vanished:
      return who + " no longer shows it";
    case DriftKind::provisional:
      return who + " has taken its exact date back";
  }
  return who;
}

/// `team (team.ics:14:1) shows Thursday 26 April 2018, 09:30 BST, 1 day later; as written there: "26 April 2018
/// 9:30am"`
std::string drift_sentence(const Incident& i, const Drift& d, const std::string& zone) {
  const std::string place = place_in_calendar(d);
  std::string out = calendar_name(d);
  if (!place.empty() && place != out) out += " (" + place + ")";
  out += " " + drift_words(d, i.due, zone);
  if (!d.says.as_given.empty()) out += "; as written there: " + in_quotes(d.says.as_given);
  return out + ".";
}

bool any_drift(const Incident& i, std::initializer_list<DriftKind> kinds) {
  return std::any_of(i.drifts.begin(), i.drifts.end(),
                     [&](const Drift& d) { return std::find(kinds.begin(), kinds.end(), d.kind) != kinds.end(); });
}

}  // namespace

std::string calendar_name(const Drift& d) {
  const std::string name = after_scheme(d.source);
  return name.size() == d.source.size() ? name : name.substr(0, name.find_first_of("?#"));
}

std::string place_in_calendar(const Drift& d) {
  const std::string rest = after_scheme(d.where);
  if (rest.size() == d.where.size()) return d.where;
  const std::size_t path = rest.find_first_of("/?#");
  std::string host = rest.substr(0, path);
  if (const std::size_t user = host.rfind('@'); user != std::string::npos) host.erase(0, user + 1);
  if (path != std::string::npos) host += position_in(std::string_view{rest}.substr(path));
  return host;
}

std::string date_shown(const Due& says, const std::string& zone) {
  if (says.at)
    return local_words(*says.at, zone) + (says.precision == DuePrecision::time_assumed ? " (time assumed)" : "");
  if (!says.period_begin) return "no date";
  const std::string first = month_of(*says.period_begin, zone);
  const std::string last = says.period_end ? month_of(*says.period_end - Millis{1}, zone) : first;
  return last == first ? "some time in " + first : "some time from " + first + " to " + last;
}

std::string how_far_apart(const Drift& d, const std::optional<Instant>& due, const std::string& zone) {
  if (!d.says.at || !due || *d.says.at == *due) return {};
  // Across a clock change the same time of day is no whole number of days away.
  const int days = std::abs(days_between(*due, *d.says.at, zone));
  const bool in_days =
      d.says.precision == DuePrecision::time_assumed || local_time(*d.says.at, zone) == local_time(*due, zone);
  if (in_days && days != 0) return counted(static_cast<std::size_t>(days), "day");
  return words(*d.says.at > *due ? *d.says.at - *due : *due - *d.says.at);
}

std::string drift_words(const Drift& d, const std::optional<Instant>& due, const std::string& zone) {
  std::string date = date_shown(d.says, zone);
  switch (d.kind) {
    case DriftKind::earlier:
    case DriftKind::later: {
      const std::string moved = moved_by(d, due, zone);
      return "shows " + date + ", " +
             (moved.empty() ? std::string{to_string(d.kind)} + " than what is in force" : moved);
    }
    case DriftKind::published:
      return "says that it is published already" + (d.says.at ? ", with the date " + date : "");
    case DriftKind::cancelled:
      return "says that it is cancelled";
    case DriftKind::vanished:
      return "no longer shows it; it showed " + date;
    case DriftKind::provisional:
      return d.says.at || d.says.period_begin ? "no longer shows an exact date, but " + date : "no longer shows a date";
  }
  return date;
}

std::string drift_in_short(const Incident& i, const std::string& zone) {
  if (i.drifts.empty()) return "no calendar contradicts its date";
  if (i.drifts.size() == 1) return only_drift_in_short(i, i.drifts.front(), zone);
  std::set<std::string> sources;
  for (const Drift& d : i.drifts) sources.insert(d.source);
  if (sources.size() == 1) return calendar_name(i.drifts.front()) + " contradicts its date";
  return counted(sources.size(), "calendar") + " contradict its date";
}

// ---- alerts ----

Sentences say_drift(const Telling& t, const std::string& why_over) {
  const Incident& i = t.incident;
  const std::string title = "\"" + i.title + "\"";
  if (is_resolved(t)) return {"Over: a calendar contradicted the date of " + title, why_over + "."};
  std::string what =
      i.due ? "In force is " + stated(*i.due, t.context.zone) + "." : std::string{"No exact date is in force."};
  for (std::size_t k = 0; k < i.drifts.size() && k < kMostToldDrifts; ++k)
    what += " " + drift_sentence(i, i.drifts[k], t.context.zone);
  if (i.drifts.size() > kMostToldDrifts)
    what += " " + std::to_string(i.drifts.size() - kMostToldDrifts) + " more: see the link.";
  if (any_drift(i, {DriftKind::published})) what += " If a URL of it were seen public, EmbargoEarly would say so.";
  return {title + ": " + drift_in_short(i, t.context.zone),
          what + " embargod has changed nothing: it goes by what is in force."};
}

std::string do_drift(const Incident& i) {
  const std::string id = i.release + " ";
  const std::string who = "--by=NAME --reason=TEXT";
  const std::string config = "--config.file=FILE ";
  int step = 0;
  std::string out;
  const auto add = [&](const std::string& text) {
    out += (step == 0 ? "" : " ") + std::to_string(step + 1) + ". " + text;
    ++step;
  };
  add("Ask the publishing team which date is right.");
  add("If it is the one in force, have the calendar put right before anybody goes by it.");
  if (any_drift(i, {DriftKind::earlier, DriftKind::later, DriftKind::provisional}))
    add("If the release has moved: embargoctl release move " + id + config + "--to=WHEN " + who + ".");
  if (any_drift(i, {DriftKind::cancelled, DriftKind::vanished}))
    add("If it is cancelled: embargoctl release cancel " + id + config + who + ".");
  if (any_drift(i, {DriftKind::published})) add("If it is out on purpose: embargoctl lift " + id + who + ".");
  add("If both may stay as they are, dismiss this with the reason.");
  return out;
}

std::string drift_seen_since(const Telling& t) {
  const auto& all = t.incident.drifts;
  const auto first =
      std::min_element(all.begin(), all.end(), [](const Drift& a, const Drift& b) { return a.seen < b.seen; });
  return first == all.end() ? std::string{} : "first read so " + stated(first->seen, t.context.zone);
}

}  // namespace embargod
