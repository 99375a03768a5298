#include "daemon/watch/calendar_merge.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr std::chrono::hours kKeptAfterDue{24};

/// The first instant at which nothing of it is to come any more; unset: not known.
std::optional<Instant> last_of(const Due& d) { return d.at ? d.at : d.period_end; }

bool is_to_come(const Due& d, Instant now) {
  const auto last = last_of(d);
  return !last || *last > now;
}

}  // namespace

std::optional<DriftKind> contradiction(const Due& says, const Due& in_force) {
  const auto against = [](Instant a, Instant b) {
    return a == b ? std::nullopt : std::optional{a < b ? DriftKind::earlier : DriftKind::later};
  };
  if (says.at && in_force.at) {
    if (says.precision != DuePrecision::time_assumed) return against(*says.at, *in_force.at);
    const int days = days_between(*in_force.at, *says.at, in_force.zone);
    return days == 0 ? std::nullopt : std::optional{days < 0 ? DriftKind::earlier : DriftKind::later};
  }
  const std::optional<Instant> begin = says.at ? says.at : says.period_begin;
  const std::optional<Instant> end = says.at ? says.at : says.period_end;
  const std::optional<Instant> from = in_force.at ? in_force.at : in_force.period_begin;
  const std::optional<Instant> to = in_force.at ? in_force.at : in_force.period_end;
  if (!begin || !end || !from || !to) return std::nullopt;
  const bool is_before = says.at ? *end < *from : *end <= *from;
  const bool is_after = in_force.at ? *begin > *to : *begin >= *to;
  if (is_before) return DriftKind::earlier;
  return is_after ? std::optional{DriftKind::later} : std::nullopt;
}

namespace {

/// Entries, and those of releases that are none yet.
std::vector<CalendarItem> entries_of(const Calendar& c) {
  std::vector<CalendarItem> all = c.items;
  std::set<std::string> named;
  for (const CalendarItem& i : c.items) {
    named.insert(i.key);
    named.insert(i.release);
  }
  for (const Release& r : c.releases) {
    if (named.contains(r.id)) continue;
    CalendarItem item;
    item.key = r.id;
    item.release = r.id;
    item.title = r.title;
    item.due = r.due;
    item.status = r.status == ReleaseStatus::cancelled     ? ItemStatus::cancelled
                  : r.status == ReleaseStatus::provisional ? ItemStatus::provisional
                                                           : ItemStatus::confirmed;
    all.push_back(std::move(item));
  }
  return all;
}

std::set<std::string> keys_of(const Calendar& c) {
  std::set<std::string> keys;
  for (const CalendarItem& i : c.items) keys.insert(i.key);
  for (const Release& r : c.releases) keys.insert(r.id);
  return keys;
}

class Merge {
 public:
  explicit Merge(const MergeFacts& facts) : facts_{facts} {}

  [[nodiscard]] Merged run() {
    out_.schedule = facts_.announced;
    for (const Release& r : facts_.announced.releases) taken_.insert(r.id);
    for (const CalendarInput& c : facts_.calendars) take_releases(c);
    note_revisions();
    const ItemMatcher matcher{out_.schedule};
    for (const Release& r : out_.schedule.releases) by_id_.emplace(r.id, &r);
    for (const CalendarInput& c : facts_.calendars) out_.rows.push_back(rows_of(c, matcher));
    std::sort(out_.drifts.begin(), out_.drifts.end(), [](const Drift& a, const Drift& b) {
      return std::tie(a.release, a.source, a.kind) < std::tie(b.release, b.source, b.kind);
    });
    return std::move(out_);
  }

 private:
  [[nodiscard]] const Release* pinned(const std::string& id) const {
    const auto it = facts_.in_force.find(id);
    return it == facts_.in_force.end() ? nullptr : &it->second;
  }

  // ---- which releases are there ----

  void take_releases(const CalendarInput& c) {
    for (std::size_t age = 0; age < c.readings.size(); ++age) {
      for (const Release& shown : c.readings[age]->releases) {
        if (taken_.contains(shown.id)) continue;
        const Release* before = pinned(shown.id);
        // An older reading counts only for what was in force and has vanished since.
        if (age > 0 && (before == nullptr || is_long_over(*before))) continue;
        add(before == nullptr ? shown : joined(*before, shown), *c.source);
      }
    }
    // Its readings are lost, but not that it is embargoed.
    for (const auto& [id, release] : facts_.in_force)
      if (release.source == c.source->name && !taken_.contains(id) && !is_long_over(release)) add(release, *c.source);
  }

  void add(Release r, const ScheduleSource& source) {
    taken_.insert(r.id);
    r.source = source.name;
    for (Target& t : r.targets) t.release = r.id;
    out_.schedule.releases.push_back(std::move(r));
  }

  [[nodiscard]] bool is_long_over(const Release& r) const {
    const auto last = last_of(r.due);
    return last && *last + kKeptAfterDue <= facts_.now;
  }

  /// What is shown now, by the due that stays in force. While it is embargoed, what was announced of an address holds:
  /// one that is no longer shown is watched on.
  [[nodiscard]] Release joined(const Release& before, const Release& shown) const {
    Release r = shown;
    if (!may_replace(before, shown)) {
      r.due = before.due;
      r.status = before.status;
    }
    const auto end = facts_.embargo_end(before);
    if (end && *end <= facts_.now) return r;
    r.targets = before.targets;
    for (const Target& t : shown.targets) show_target(t, r.targets);
    return r;
  }

  static void show_target(Target shown, std::vector<Target>& targets) {
    const auto same = std::find_if(targets.begin(), targets.end(),
                                   [&shown](const Target& t) { return t.url.text == shown.url.text; });
    if (same != targets.end()) {
      shown.id = same->id;
      shown.role = same->role;  // as an announcement it would be public anyway
      if (!same->edition.empty()) shown.edition = same->edition;
      *same = std::move(shown);
      return;
    }
    const auto is_taken = [&targets](const std::string& id) {
      return std::any_of(targets.begin(), targets.end(), [&id](const Target& t) { return t.id == id; });
    };
    const std::string name = shown.id;
    for (int n = 2; is_taken(shown.id); ++n) shown.id = name + "-" + std::to_string(n);
    targets.push_back(std::move(shown));
  }

  [[nodiscard]] bool may_replace(const Release& before, const Release& shown) const {
    if (shown.status == ReleaseStatus::cancelled) return before.status == ReleaseStatus::cancelled;
    if (before.status == ReleaseStatus::cancelled) return true;
    if (!before.due.at) {  // known by its month so far
      const std::optional<Instant> begin = shown.due.at ? shown.due.at : shown.due.period_begin;
      return begin && before.due.period_begin && *begin >= *before.due.period_begin;
    }
    if (!shown.due.at) return false;
    // The day alone says nothing against the time that was announced for it.
    const bool says_less = shown.due.precision == DuePrecision::time_assumed && shown.due != before.due;
    if (says_less && !contradiction(shown.due, before.due)) return false;
    return *shown.due.at >= *before.due.at && (*shown.due.at == *before.due.at || !facts_.is_live(before.id));
  }

  // ---- what changed ----

  void note_revisions() {
    for (const Release& r : out_.schedule.releases) {
      const Release* before = pinned(r.id);
      const bool same = before != nullptr && before->due == r.due && before->status == r.status;
      if (same) continue;
      DueRevision revision{.release = r.id,
                           .before = std::nullopt,
                           .now = r.due,
                           .status = r.status,
                           .seen = facts_.now,
                           .source = r.source,
                           .reason = reason_of(r)};
      if (before != nullptr) revision.before = before->due;
      out_.revisions.push_back(std::move(revision));
    }
  }

  /// As the release states it, else the entry about it.
  [[nodiscard]] std::string reason_of(const Release& r) const {
    if (!r.stated.reason.empty()) return r.stated.reason;
    for (const CalendarInput& c : facts_.calendars) {
      if (c.source->name != r.source || c.readings.empty()) continue;
      for (const CalendarItem& i : c.readings.front()->items)
        if (i.release == r.id || i.key == r.id) return i.reason;
    }
    return {};
  }

  // ---- who says otherwise ----

  [[nodiscard]] std::vector<CalendarRow> rows_of(const CalendarInput& c, const ItemMatcher& matcher) {
    std::vector<CalendarRow> rows;
    std::set<std::string> keys, releases;
    for (std::size_t age = 0; age < c.readings.size(); ++age) {
      const bool gone = age > 0;
      const std::set<std::string> newer = keys;
      for (const CalendarItem& item : entries_of(*c.readings[age])) {
        if (gone && (newer.contains(item.key) || !is_to_come(item.due, facts_.now))) continue;
        keys.insert(item.key);
        const auto match = matcher.match(item, *c.rules);
        // The same release under another key: it was renamed, not taken away.
        if (gone && (!match || releases.contains(match->release))) continue;
        if (match) releases.insert(match->release);
        rows.push_back(row(*c.source, item, match, gone));
      }
    }
    return rows;
  }

  [[nodiscard]] CalendarRow row(const ScheduleSource& source, const CalendarItem& item,
                                const std::optional<ItemMatch>& match, bool gone) {
    CalendarRow r;
    r.key = item.key;
    r.title = item.title;
    r.url = item.url;
    r.status = item.status;
    r.due = item.due;
    r.reason = item.reason;
    r.where = item.where.line > 0 ? to_string(item.where) : item.path;
    r.gone = gone;
    if (!match) return r;
    r.release = match->release;
    r.matched_by = match->by;
    r.drift = drift_of(item, *by_id_.at(match->release), gone);
    if (r.drift) note_drift(source, r);
    return r;
  }

  [[nodiscard]] std::optional<DriftKind> drift_of(const CalendarItem& item, const Release& r, bool gone) const {
    if (r.status == ReleaseStatus::cancelled) return std::nullopt;
    const auto end = facts_.embargo_end(r);
    if (!is_to_come(r.due, facts_.now) || (end && *end <= facts_.now)) return std::nullopt;
    if (gone) return DriftKind::vanished;
    switch (item.status) {
      case ItemStatus::cancelled:
        return DriftKind::cancelled;
      case ItemStatus::published:
        return DriftKind::published;
      case ItemStatus::provisional:
      case ItemStatus::confirmed:
      case ItemStatus::postponed:
        break;
    }
    if (const auto kind = contradiction(item.due, r.due)) return kind;
    const bool taken_back = r.due.at && !item.due.at && item.key == r.id;
    return taken_back ? std::optional{DriftKind::provisional} : std::nullopt;
  }

  void note_drift(const ScheduleSource& source, const CalendarRow& row) {
    Drift d{.release = row.release,
            .source = source.name,
            .kind = *row.drift,
            .says = row.due,
            .where = row.where,
            .seen = facts_.now};
    for (const Drift& known : facts_.drifts)
      if (same_drift(known, d)) d.seen = known.seen;
    const bool told = std::any_of(out_.drifts.begin(), out_.drifts.end(), [&d](const Drift& other) {
      return other.release == d.release && other.source == d.source && other.kind == d.kind;
    });
    if (!told) out_.drifts.push_back(std::move(d));
  }

  const MergeFacts& facts_;
  Merged out_;
  std::set<std::string> taken_;
  std::map<std::string, const Release*> by_id_;
};

}  // namespace

Merged merge_calendars(const MergeFacts& facts) { return Merge{facts}.run(); }

bool is_still_needed(const Calendar& older, const std::vector<const Calendar*>& newer, Instant now) {
  std::set<std::string> keys;
  for (const Calendar* c : newer) keys.merge(keys_of(*c));
  const auto missing = [&keys, now](const CalendarItem& i) { return !keys.contains(i.key) && is_to_come(i.due, now); };
  const std::vector<CalendarItem> entries = entries_of(older);
  return std::any_of(entries.begin(), entries.end(), missing);
}

Shrinkage shrinkage(const Calendar& before, const Calendar& after, Instant now) {
  const std::set<std::string> keys = keys_of(after);
  Shrinkage s;
  for (const CalendarItem& i : entries_of(before)) {
    if (!is_to_come(i.due, now)) continue;
    ++s.coming;
    if (!keys.contains(i.key)) ++s.missing;
  }
  return s;
}

}  // namespace embargod
