#include "daemon/ctl/schedule_compare.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

/// Letters and digits (and whatever is not ASCII) in lower case, one blank between words.
std::string bare_title(const std::string& title) {
  std::string out;
  for (const char c : title) {
    const bool is_kept = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         static_cast<unsigned char>(c) > 127;
    if (is_kept)
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

/// Finds the partner of each entry; no entry is given away twice.
class EntryPartners {
 public:
  explicit EntryPartners(const std::vector<ScheduleEntry>& entries) : entries_{entries}, taken_(entries.size(), false) {
    for (std::size_t k = 0; k < entries.size(); ++k) {
      const ScheduleEntry& e = entries[k];
      if (!e.release.empty()) by_release_.emplace(e.release, k);
      if (!e.key.empty()) by_key_.emplace(e.key, k);
      if (const std::string title = bare_title(e.title); !title.empty()) by_title_.emplace(title, k);
    }
  }

  const ScheduleEntry* take(const ScheduleEntry& like) {
    auto found = free_one(by_release_, like.release, like);
    if (!found) found = free_one(by_key_, like.key, like);
    if (!found) found = free_one(by_title_, bare_title(like.title), like);
    if (!found) return nullptr;
    taken_[*found] = true;
    return &entries_[*found];
  }

  [[nodiscard]] std::vector<const ScheduleEntry*> left() const {
    std::vector<const ScheduleEntry*> out;
    for (std::size_t k = 0; k < entries_.size(); ++k)
      if (!taken_[k]) out.push_back(&entries_[k]);
    return out;
  }

 private:
  using EntryIndex = std::unordered_multimap<std::string, std::size_t>;

  /// One that is free and of no other release: of several the one with the same due, then the first.
  [[nodiscard]] std::optional<std::size_t> free_one(const EntryIndex& index, const std::string& name,
                                                    const ScheduleEntry& like) const {
    std::optional<std::size_t> best;
    const auto [begin, end] = index.equal_range(name);
    for (auto it = begin; it != end; ++it) {
      const std::size_t k = it->second;
      // What belongs to another release of ours is another thing, whatever it is called.
      const std::string& release = entries_[k].release;
      if (taken_[k] || (!release.empty() && !like.release.empty() && release != like.release)) continue;
      const auto rank = [&](std::size_t n) { return std::pair{!is_equal_due(entries_[n].due, like.due), n}; };
      if (!best || rank(k) < rank(*best)) best = k;
    }
    return best;
  }

  const std::vector<ScheduleEntry>& entries_;
  std::vector<bool> taken_;
  EntryIndex by_release_, by_key_, by_title_;
};

std::string name_of_entry(const ScheduleEntry& e) { return e.release.empty() ? e.key : e.release; }

std::string entry_words(const ScheduleEntry& e) { return e.status + ", " + announced_words(e.due); }

/// The URLs of `a` that `b` does not have.
std::vector<std::string> urls_missing_from(const ScheduleEntry& b, const ScheduleEntry& a) {
  std::vector<std::string> out;
  for (const auto& url : a.urls)
    if (std::find(b.urls.begin(), b.urls.end(), url) == b.urls.end()) out.push_back(url);
  return out;
}

void compare_pair(const ScheduleEntry& a, const ScheduleEntry& b, std::vector<ScheduleDifference>& out) {
  const auto add = [&](const char* what, std::string first, std::string second) {
    out.push_back({name_of_entry(a), a.title, what, std::move(first), std::move(second)});
  };
  if (!is_equal_due(a.due, b.due)) add("due", announced_words(a.due), announced_words(b.due));
  if (a.status != b.status) add("status", a.status, b.status);
  if (a.key == b.key && a.title != b.title) add("title", a.title, b.title);
  if (!a.has_urls || !b.has_urls) return;
  const auto gone = urls_missing_from(b, a);
  const auto come = urls_missing_from(a, b);
  if (!gone.empty() || !come.empty()) add("urls", listed(gone, ", "), listed(come, ", "));
}

}  // namespace

std::vector<ScheduleEntry> entries_of(const Calendar& c) {
  std::vector<ScheduleEntry> out;
  std::set<std::string> keys;
  for (const Release& r : c.releases) {
    ScheduleEntry e{.key = r.id,
                    .title = r.title,
                    .release = r.id,
                    .status = to_string(r.status),
                    .due = r.due,
                    .has_urls = true,
                    .urls = {}};
    for (const Target& t : r.targets) e.urls.push_back(t.url.text);
    keys.insert(r.id);
    out.push_back(std::move(e));
  }
  for (const CalendarItem& i : c.items) {
    if (keys.contains(i.key)) continue;
    out.push_back({.key = i.key,
                   .title = i.title,
                   .release = i.release,
                   .status = to_string(i.status),
                   .due = i.due,
                   .has_urls = false,
                   .urls = {}});
  }
  return out;
}

std::vector<ScheduleDifference> compare_schedules(const std::vector<ScheduleEntry>& first,
                                                  const std::vector<ScheduleEntry>& second) {
  std::vector<ScheduleDifference> out;
  EntryPartners partners{second};
  for (const ScheduleEntry& a : first) {
    if (const ScheduleEntry* b = partners.take(a); b != nullptr)
      compare_pair(a, *b, out);
    else
      out.push_back({name_of_entry(a), a.title, "entry", entry_words(a), {}});
  }
  for (const ScheduleEntry* b : partners.left())
    out.push_back({name_of_entry(*b), b->title, "entry", {}, entry_words(*b)});
  return out;
}

bool is_equal_due(const Due& a, const Due& b) {
  if (a.at || b.at) return a.at == b.at;
  return a.period_begin == b.period_begin && a.period_end == b.period_end;
}

std::string announced_words(const Due& due) {
  if (!due.at) return due.as_given.empty() ? "no date" : due.as_given + " (no exact date)";
  return local_words(*due.at, due.zone) + (due.precision == DuePrecision::time_assumed ? " (time assumed)" : "");
}

}  // namespace embargod
