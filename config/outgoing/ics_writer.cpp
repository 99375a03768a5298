#include <algorithm>
#include <array>

#include "config/candidates_reader.h"
#include "config/outgoing/outgoing_schedule.h"
#include "config/types/digest.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestLine = 75;  // octets without the line break (RFC 5545 3.1)

/// "20180425T083000Z"; RFC 5545 knows no fractions of a second.
std::string basic_utc(Instant t) {
  std::string out;
  for (const char c : rfc3339(t).substr(0, 19))
    if (c != '-' && c != ':') out += c;
  return out + "Z";
}

/// "20180425" of "2018-04-25".
std::string basic_day(std::string_view iso) {
  std::string out;
  std::copy_if(iso.begin(), iso.end(), std::back_inserter(out), [](char c) { return c != '-'; });
  return out;
}

/// TEXT (RFC 5545 3.3.11). Control characters are not allowed at all.
std::string escaped_ics(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\\' || c == ';' || c == ',')
      (out += '\\') += c;
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
      out += c;
  }
  return out;
}

const char* status_word(ReleaseStatus s) {
  switch (s) {
    case ReleaseStatus::provisional:
      return "TENTATIVE";
    case ReleaseStatus::confirmed:
      return "CONFIRMED";
    case ReleaseStatus::cancelled:
      return "CANCELLED";
  }
  return "CONFIRMED";
}

class IcsWriter {
 public:
  IcsWriter(const OutgoingSchedule& schedule, OutgoingUrls urls) : schedule_{schedule}, urls_{urls} {}

  [[nodiscard]] std::string write() {
    line("BEGIN", "VCALENDAR");
    line("VERSION", "2.0");
    line("PRODID", "-//embargod//schedule//EN");
    line("CALSCALE", "GREGORIAN");
    line("METHOD", "PUBLISH");
    line("X-WR-CALNAME", escaped_ics(schedule_.producer.empty() ? "Releases" : schedule_.producer + ": releases"));
    for (const OutgoingRelease& r : schedule_.releases) event(r);
    line("END", "VCALENDAR");
    return std::move(out_);
  }

 private:
  /// Folds between characters, so that a reader that decodes line by line sees no half of one.
  void line(std::string_view name, std::string_view value) {
    const std::string whole = std::string{name} + ":" + std::string{value};
    std::string_view rest = whole;
    std::size_t room = kLongestLine;
    while (rest.size() > room) {
      std::size_t cut = room;
      while (cut > 1 && (static_cast<unsigned char>(rest[cut]) & 0xC0U) == 0x80U) --cut;
      out_.append(rest.substr(0, cut)).append("\r\n ");
      rest.remove_prefix(cut);
      room = kLongestLine - 1;  // the blank that marks a folded line counts
    }
    out_.append(rest).append("\r\n");
  }

  void event(const OutgoingRelease& r) {
    line("BEGIN", "VEVENT");
    line("UID", uid(r.release.id));
    line("DTSTAMP", basic_utc(r.changed));
    line("LAST-MODIFIED", basic_utc(r.changed));
    line("SEQUENCE", std::to_string(std::max(0, r.revision - 1)));
    line("STATUS", status_word(r.release.status));
    line("SUMMARY", escaped_ics(r.release.title));
    when(r.release.due);
    line("TRANSP", "TRANSPARENT");
    line("X-EMBARGOD-RELEASE", r.release.id);
    if (urls_ == OutgoingUrls::include) addresses(r.release);
    line("END", "VEVENT");
  }

  /// Another producer may use the same id: calendars tell events apart by UID alone.
  [[nodiscard]] std::string uid(const std::string& id) const {
    return id + "-" + hex(sha256(schedule_.producer)).substr(0, 12) + "@embargod";
  }

  void when(const Due& due) {
    const std::string text = due_text(due);
    switch (due.precision) {
      case DuePrecision::instant:
        if (!due.at) return;
        line("DTSTART", basic_utc(*due.at));
        line("DESCRIPTION", escaped_ics("Due " + local_words(*due.at, due.zone) + "."));
        return;
      case DuePrecision::time_assumed:
        if (!due.at) return;
        line("DTSTART;VALUE=DATE", basic_day(text));
        line("DESCRIPTION", escaped_ics("No time was announced; " + local_time(*due.at, due.zone) + " in " + due.zone +
                                        " is assumed."));
        return;
      case DuePrecision::month:
        months(due, text);
        return;
    }
  }

  /// All days of the months: an event on one of them would look like an announced date.
  void months(const Due& due, const std::string& text) {
    const DayRange days = days_of_period(due);
    if (days.first.empty()) return;
    line("DTSTART;VALUE=DATE", basic_day(days.first));
    line("DTEND;VALUE=DATE", basic_day(days.after));
    const std::string first = local_date(*due.period_begin, due.zone);
    const bool is_one = days.first.substr(0, 7) == days.last.substr(0, 7);
    line("DESCRIPTION", escaped_ics("Provisional: " + (is_one ? first.substr(first.find(' ') + 1) : text) +
                                    "; the day is not announced yet."));
    line("X-EMBARGOD-DUE", escaped_ics(text));
  }

  /// The page as the event's address, the rest attached.
  void addresses(const Release& r) {
    const Target* page = nullptr;
    for (const Target& t : r.targets)
      if (page == nullptr && t.role == Role::page && !is_candidate_id(t.id)) page = &t;
    if (page != nullptr) line("URL", page->url.text);
    for (const Target& t : r.targets)
      if (&t != page && !is_candidate_id(t.id)) line("ATTACH", t.url.text);
  }

  const OutgoingSchedule& schedule_;
  OutgoingUrls urls_;
  std::string out_;
};

}  // namespace

std::string schedule_ics(const OutgoingSchedule& schedule, OutgoingUrls urls) {
  return IcsWriter{schedule, urls}.write();
}

}  // namespace embargod
