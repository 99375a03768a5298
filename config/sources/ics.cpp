// iCalendar, as calendars really write it.

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "config/sources/ics_lines.h"
#include "config/sources/plain_source.h"
#include "config/sources/spoken_dates.h"
#include "config/text_checks.h"
#include "config/types/url.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

/// The lines of one VEVENT that we read; the last of each name counts.
struct IcsEvent {
  YamlPos at;
  int number = 0;  // in the file, from 1
  std::map<std::string, IcsLine, std::less<>> lines;

  [[nodiscard]] const IcsLine* find(std::string_view name) const {
    const auto it = lines.find(name);
    return it == lines.end() ? nullptr : &it->second;
  }
  [[nodiscard]] std::string_view value(std::string_view name) const {
    const IcsLine* line = find(name);
    return line == nullptr ? std::string_view{} : std::string_view{line->value};
  }
  [[nodiscard]] std::string path() const { return "VEVENT " + std::to_string(number); }
};

constexpr std::array<std::string_view, 16> kReadProperties{"UID",
                                                           "SUMMARY",
                                                           "DTSTART",
                                                           "DTEND",
                                                           "STATUS",
                                                           "URL",
                                                           "SEQUENCE",
                                                           "RRULE",
                                                           "RDATE",
                                                           "DTSTAMP",
                                                           "LAST-MODIFIED",
                                                           "X-EMBARGOD-RELEASE",
                                                           "X-EMBARGOD-DUE",
                                                           "COMMENT",
                                                           "EXRULE",
                                                           "RECURRENCE-ID"};

/// An entry and what decides between two of one UID.
struct IcsEntry {
  CalendarItem item;
  long sequence = 0;
  std::string modified;  // LAST-MODIFIED, else DTSTAMP; UTC in basic form, so the order of texts is that of times
  YamlPos at;
};

class IcsSource final : public PlainSource {
 public:
  using PlainSource::PlainSource;

 private:
  void read(std::string_view bytes) override {
    IcsLines lines{bytes};
    while (auto line = lines.next()) {
      if (!line->is_property) {
        note_stray(*line);
      } else if (line->name == "BEGIN") {
        begin(component_name(line->value), line->at);
      } else if (line->name == "END") {
        if (!end(component_name(line->value), line->at)) return;
      } else if (open_.empty()) {
        faults().add(line->at, "this is no iCalendar: it does not begin with BEGIN:VCALENDAR", "check the address");
        return;
      } else {
        take_line(std::move(*line));
      }
      if (open_.size() > kDeepest) {
        faults().add(line->at, "nested more than " + std::to_string(kDeepest) + " levels deep");
        return;
      }
    }
    if (!has_calendar_)
      faults().add({1, 1}, "this is no iCalendar: it does not begin with BEGIN:VCALENDAR", "check the address");
    else if (!open_.empty())
      faults().add({}, "END:" + open_.back() + " is missing", "the text ends too early: perhaps it was cut");
    for (IcsEntry& entry : entries_) add_item(std::move(entry.item));
  }

  // ---- components ----

  /// The name of a component in capitals, cut and cleaned, since faults show it.
  static std::string component_name(std::string_view value) {
    std::string name;
    for (const char c : value.substr(0, 40)) {
      if (c >= 'a' && c <= 'z')
        name += static_cast<char>(c - 'a' + 'A');
      else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')
        name += c;
      else if (c != ' ' && c != '\t')
        name += '?';
    }
    return name;
  }

  void begin(std::string name, YamlPos at) {
    if (name == "VCALENDAR") {
      has_calendar_ = true;
      is_cancelling_ = false;
    }
    if (name == "VEVENT") {
      event_ = {};
      event_.at = at;
      event_.number = ++events_;
    }
    open_.push_back(std::move(name));
  }

  [[nodiscard]] bool end(const std::string& name, YamlPos at) {
    if (open_.empty() || open_.back() != name) {
      faults().add(at, "END:" + name + " ends nothing that is open" +
                           (open_.empty() ? "" : "; END:" + open_.back() + " is missing before it"));
      return false;
    }
    open_.pop_back();
    if (name != "VEVENT") return true;
    if (entries_.size() > kMostItems) {
      faults().add(at, "more than " + std::to_string(kMostItems) + " entries", "split it");
      return false;
    }
    end_event();
    return true;
  }

  void take_line(IcsLine line) {
    if (open_.size() == 1 && line.name == "METHOD") is_cancelling_ = component_name(line.value) == "CANCEL";
    // Not those of a VALARM in it.
    if (open_.back() != "VEVENT") return;
    if (std::find(kReadProperties.begin(), kReadProperties.end(), line.name) == kReadProperties.end()) return;
    std::string name = line.name;
    event_.lines.insert_or_assign(std::move(name), std::move(line));
  }

  void note_stray(const IcsLine& line) {
    if (!is_stray_told_) add_note(line.at, "this line is no property and is left out, as are others like it");
    is_stray_told_ = true;
  }

  // ---- one event ----

  void fault(const IcsLine* line, const std::string& what, const std::string& to_do) {
    faults().add(line == nullptr ? event_.at : line->at, event_.path() + ": " + what, to_do);
  }

  void end_event() {
    IcsEntry entry;
    CalendarItem& item = entry.item;
    entry.at = event_.at;
    item.path = event_.path();
    item.where = faults().mark(event_.at);
    for (const std::string_view name : {"RRULE", "RDATE", "EXRULE", "RECURRENCE-ID"})
      if (const IcsLine* line = event_.find(name)) {
        fault(line, "it recurs (" + std::string{name} + "), but a release has one date",
              "write one VEVENT with a UID of its own for each date");
        return;
      }
    item.title = text_of("SUMMARY", 500);
    item.reason = text_of("COMMENT", 500);
    read_identity(item);
    read_status(item);
    read_dates(item);
    read_version(entry);
    if (!item.key.empty()) keep(std::move(entry));
  }

  std::string text_of(std::string_view name, std::size_t most) {
    const IcsLine* line = event_.find(name);
    if (line == nullptr) return {};
    std::string text = as_one_line(ics_text(line->value));
    if (const auto why = not_one_line(text)) fault(line, std::string{name} + " holds " + *why, "");
    if (text.size() > most) fault(line, std::string{name} + " is longer than " + std::to_string(most) + " bytes", "");
    return text;
  }

  void read_identity(CalendarItem& item) {
    const std::string uid = text_of("UID", 1000);
    if (const IcsLine* line = event_.find("URL"); line != nullptr && !as_one_line(line->value).empty()) {
      const auto url = parse_url(as_one_line(line->value));
      if (const auto why = not_one_line(line->value))
        add_note(line->at, item.path + ": URL is left out: it holds " + *why);
      else if (url)
        item.url = url->text;
      else
        add_note(line->at, item.path + ": URL is left out: " + url.error().what);
    }
    if (const IcsLine* line = event_.find("X-EMBARGOD-RELEASE")) {
      item.release = as_one_line(line->value);
      if (!is_id(item.release))
        fault(line, in_quotes(item.release) + " cannot be the id of a release", "use a-z, 0-9 and -, at most 100");
    }
    item.key = !uid.empty() ? uid : !item.url.empty() ? item.url : item.title;
    if (item.key.empty())
      fault(nullptr, "it has neither UID nor SUMMARY", "give each VEVENT a UID that stays the same");
    if (uid.empty() && !item.key.empty())
      add_note(event_.at, item.path + " has no UID; " + in_quotes(item.key) + " stands for it");
    if (item.title.empty()) item.title = item.key;
  }

  void read_status(CalendarItem& item) {
    const IcsLine* line = event_.find("STATUS");
    const std::string word = line == nullptr ? "" : as_one_line(ics_text(line->value));
    if (const auto status = item_status_from(word))
      item.status = *status;
    else if (!word.empty())
      add_note(line->at, item.path + ": STATUS " + in_quotes(word) + " is not known; confirmed is assumed");
    if (is_cancelling_) item.status = ItemStatus::cancelled;
  }

  void read_dates(CalendarItem& item) {
    const IcsLine* line = event_.find("DTSTART");
    if (line == nullptr) {
      fault(nullptr, "it has no DTSTART", "give it the date and time of the release");
      return;
    }
    const auto due = date_of(*line);
    if (!due) {
      fault(line, due.error().what, due.error().to_do);
      return;
    }
    item.due = *due;
    read_period(*line, item);
    if (item.due.precision == DuePrecision::month) {
      if (item.status == ItemStatus::confirmed) item.status = ItemStatus::provisional;
      return;
    }
    if (item.due.precision == DuePrecision::time_assumed && item.status != ItemStatus::provisional)
      add_note(line->at, item.path + ": an all-day entry, 09:30 " + item.due.zone + " assumed");
    (void)settle_item(item, true);  // with a day, nothing can be wrong
  }

  /// What our own calendar says of a due of one or more months, and what days without a time mean while provisional.
  void read_period(const IcsLine& start, CalendarItem& item) {
    if (const IcsLine* line = event_.find("X-EMBARGOD-DUE")) {
      const auto due = read_spoken_due(as_one_line(ics_text(line->value)), item.due.zone);
      if (due && due->precision == DuePrecision::month && item.due.precision == DuePrecision::time_assumed)
        item.due = *due;
      return;
    }
    const IcsLine* end = event_.find("DTEND");
    if (end == nullptr || item.due.precision != DuePrecision::time_assumed) return;
    const auto after = date_of(*end);
    if (!after || !after->at || days_between(*item.due.at, *after->at, item.due.zone) <= 1) return;
    if (item.status != ItemStatus::provisional) {
      add_note(start.at, item.path + " lasts several days; the first is taken for the date");
      return;
    }
    Due last = *after;
    *last.at -= std::chrono::hours{24};  // DTEND is the first day behind it
    const auto end_of_last = month_of_due(std::move(last)).period_end;
    item.due = month_of_due(std::move(item.due));
    item.due.period_end = end_of_last;
  }

  /// Local fields are read by our own rules: what the clock change skips or doubles is a fault.
  Result<Due> date_of(const IcsLine& line) {
    const std::string text = as_one_line(line.value);
    std::string zone = context().zone;
    if (const std::string_view tzid = line.param("TZID"); !tzid.empty()) {
      auto known = ics_zone(tzid);
      if (!known) return tl::unexpected<Fault>{known.error()};
      if (*known != tzid && std::find(told_zones_.begin(), told_zones_.end(), tzid) == told_zones_.end() &&
          told_zones_.size() < 50) {
        add_note(line.at, "TZID " + in_quotes(tzid) + " is read as " + *known);
        told_zones_.emplace_back(tzid);
      }
      zone = std::move(*known);
    }
    auto due = read_spoken_due(text, zone);
    if (due && due->precision == DuePrecision::month)
      return fail(Errc::invalid_input, in_quotes(text) + " is no date with a day", {}, "write it like 20180425T093000");
    return due;
  }

  // ---- several of one UID ----

  void read_version(IcsEntry& entry) {
    const std::string text = as_one_line(event_.value("SEQUENCE"));
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), entry.sequence);
    if (!text.empty() && (error != std::errc{} || end != text.data() + text.size() || entry.sequence < 0)) {
      entry.sequence = 0;
      add_note(event_.at, event_.path() + ": SEQUENCE " + in_quotes(text) + " is no number and counts as 0");
    }
    entry.modified = as_one_line(event_.value("LAST-MODIFIED"));
    if (entry.modified.empty()) entry.modified = as_one_line(event_.value("DTSTAMP"));
  }

  void keep(IcsEntry entry) {
    const auto [known, is_new] = by_key_.emplace(entry.item.key, entries_.size());
    if (is_new) {
      entries_.push_back(std::move(entry));
      return;
    }
    IcsEntry& other = entries_[known->second];
    const auto version = [](const IcsEntry& e) { return std::pair<long, const std::string&>{e.sequence, e.modified}; };
    if (version(entry) < version(other)) return;
    if (version(other) < version(entry)) {
      other = std::move(entry);
      return;
    }
    const bool is_same = entry.item.due.at == other.item.due.at && entry.item.status == other.item.status &&
                         entry.item.title == other.item.title;
    if (!is_same)
      fault(nullptr,
            "its UID " + in_quotes(entry.item.key) + " is that of " + other.item.path + ", which says something else",
            "raise SEQUENCE with each change, or give each entry a UID of its own");
  }

  static constexpr std::size_t kDeepest = 8;

  std::vector<std::string> open_;  // components, outermost first
  bool has_calendar_ = false;
  bool is_cancelling_ = false;  // METHOD:CANCEL
  bool is_stray_told_ = false;
  int events_ = 0;
  IcsEvent event_;
  std::vector<IcsEntry> entries_;
  std::map<std::string, std::size_t, std::less<>> by_key_;
  std::vector<std::string> told_zones_;
};

}  // namespace

std::unique_ptr<SourceReader> make_ics_source(SourceContext context) {
  return std::make_unique<IcsSource>(std::move(context));
}

}  // namespace embargod
