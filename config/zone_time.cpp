#include "config/zone_time.h"

#include <date/tz.h>

#include <array>
#include <cstdio>
#include <stdexcept>

#include "config/text_checks.h"
#include "config/types/field_reader.h"
#include "config/zone_check.h"

namespace embargod {
namespace {

constexpr int kFirstYear = 1990;
constexpr int kLastYear = 2037;  // zone data of the host ends with it, without an error (see check_zone_data)

/// nullptr if the zone or all zone data is missing.
const date::time_zone* find_zone(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return nullptr;
  }
}

date::sys_seconds whole_seconds(Instant t) { return std::chrono::floor<Seconds>(t); }

/// An instant as clocks in the zone show it; UTC if the zone is unknown.
struct LocalView {
  std::chrono::year_month_day date;
  std::chrono::weekday weekday;
  std::chrono::hh_mm_ss<Millis> clock;
  std::string abbreviation;
};

LocalView local_view(Instant t, const std::string& zone) {
  Millis offset{0};
  std::string abbreviation = "UTC";
  if (const auto* z = find_zone(zone)) {
    const date::sys_info info = z->get_info(whole_seconds(t));
    offset = info.offset;
    abbreviation = info.abbrev;
    // Zones without letters are called by their offset: "-03".
    if (abbreviation.starts_with('+') || abbreviation.starts_with('-')) abbreviation.insert(0, "UTC");
  }
  const Instant shifted = t + offset;  // local time, written as if it were UTC
  const auto day = std::chrono::floor<std::chrono::days>(shifted);
  return {std::chrono::year_month_day{day}, std::chrono::weekday{day}, std::chrono::hh_mm_ss<Millis>{shifted - day},
          abbreviation};
}

std::string two_digits(std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); }

std::string clock_words(const std::chrono::hh_mm_ss<Millis>& clock) {
  std::string s = two_digits(clock.hours().count()) + ":" + two_digits(clock.minutes().count());
  if (clock.seconds().count() != 0 || clock.subseconds().count() != 0) s += ":" + two_digits(clock.seconds().count());
  return s;
}

std::string utc_clock(date::sys_seconds t) {
  return clock_words(std::chrono::hh_mm_ss<Millis>{t - std::chrono::floor<std::chrono::days>(t)});
}

std::string offset_words(Seconds offset) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
  const auto size = minutes < 0 ? -minutes : minutes;
  return (minutes < 0 ? "-" : "+") + two_digits(size / 60) + ":" + two_digits(size % 60);
}

constexpr const char* kDueForms =
    "write it like 2018-04-25 09:30, 2018-04-25T09:30+01:00, 2018-04-25 (09:30 assumed) or 2018-04";

tl::unexpected<Fault> refuse_due(std::string what, std::string to_do = kDueForms) {
  return fail(Errc::invalid_input, std::move(what), {}, std::move(to_do));
}

/// What was written, before any zone is applied.
struct DueText {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0;
  bool has_day = false;
  bool has_clock = false;
  std::optional<int> offset_minutes;
};

Result<DueText> split_due(std::string_view text) {
  const auto refuse = [&](std::string_view why = "is not a date and time") {
    return refuse_due(in_quotes(text) + " " + std::string{why});
  };
  DueText d;
  FieldReader in{text};
  if (!in.digits(4, d.year) || !in.one_of("-") || !in.digits(2, d.month)) return refuse();
  if (in.rest.empty()) return d;
  if (!in.one_of("-") || !in.digits(2, d.day)) return refuse();
  d.has_day = true;
  if (in.rest.empty()) return d;
  if (!in.one_of("T ") || !in.digits(2, d.hour) || !in.one_of(":") || !in.digits(2, d.minute)) return refuse();
  if (in.rest.starts_with(':') && (!in.one_of(":") || !in.digits(2, d.second) || !in.fraction(d.ms))) return refuse();
  d.has_clock = true;
  if (in.rest.empty()) return d;
  if (in.rest.size() > 1 && in.rest.front() == ' ') in.rest.remove_prefix(1);
  int offset = 0;
  if (in.one_of("Z"))
    d.offset_minutes = 0;
  else if (in.offset(offset))
    d.offset_minutes = offset;
  else
    return refuse("has something behind the time that is neither Z nor an offset like +01:00");
  if (!in.rest.empty()) return refuse("has something behind the offset");
  return d;
}

std::optional<Fault> check_fields(const DueText& d, std::string_view text) {
  const auto fault = [](std::string what, std::string to_do = {}) {
    return refuse_due(std::move(what), std::move(to_do)).value();
  };
  if (d.year < kFirstYear || d.year > kLastYear)
    return fault(in_quotes(text) + " is not in the years " + std::to_string(kFirstYear) + " to " +
                 std::to_string(kLastYear));
  if (d.month < 1 || d.month > 12) return fault(in_quotes(text) + " has no month from 01 to 12", kDueForms);
  const std::chrono::year_month_day date{std::chrono::year{d.year}, std::chrono::month{static_cast<unsigned>(d.month)},
                                         std::chrono::day{static_cast<unsigned>(d.day)}};
  if (d.has_day && !date.ok()) return fault(std::string{text.substr(0, 10)} + " is not a day of the calendar");
  if (d.hour > 23 || d.minute > 59 || d.second > 59)
    return fault(in_quotes(text) + " has no time from 00:00 to 23:59:59");
  return std::nullopt;
}

date::local_seconds local_seconds(const DueText& d) {
  const date::local_days day{date::year{d.year} / d.month / (d.has_day ? d.day : 1)};
  return day + std::chrono::hours{d.hour} + std::chrono::minutes{d.minute} + Seconds{d.second};
}

/// The first instant of a local day; where a clock change swallows midnight, the day begins at the change.
Instant first_of_day(const date::time_zone& zone, date::local_days day) {
  const date::local_info info = zone.get_info(date::local_seconds{day});
  if (info.result == date::local_info::nonexistent) return info.first.end;
  return date::sys_seconds{(date::local_seconds{day} - info.first.offset).time_since_epoch()};
}

/// "2018-10-28 01:30", the date and time as written, to put an offset behind.
std::string without_zone(std::string_view text) { return std::string{text.substr(0, text.find_last_not_of(' ') + 1)}; }

Result<Instant> local_to_instant(const DueText& d, std::string_view text, const date::time_zone& zone) {
  const date::local_seconds local = local_seconds(d);
  const date::local_info info = zone.get_info(local);
  const auto utc = [&](const date::sys_info& side) {
    return date::sys_seconds{(local - side.offset).time_since_epoch()};
  };
  if (info.result == date::local_info::unique) return utc(info.first) + Millis{d.ms};

  const std::string date{text.substr(0, 10)};
  const std::string clock = clock_words(
      std::chrono::hh_mm_ss<Millis>{std::chrono::hours{d.hour} + std::chrono::minutes{d.minute} + Seconds{d.second}});
  const std::string written = d.has_clock ? without_zone(text) : date + " " + clock;
  const auto choice = [&](const date::sys_info& side) {
    return written + offset_words(side.offset) + " (" + utc_clock(utc(side)) + " UTC)";
  };
  const std::string to_do = "write " + choice(info.first) + " or " + choice(info.second);
  if (info.result == date::local_info::nonexistent)
    return refuse_due(
        clock + " does not exist on " + date + " in " + zone.name() + ", because the clocks go forward then", to_do);
  return refuse_due(clock + " comes twice on " + date + " in " + zone.name() + ": " + utc_clock(utc(info.first)) +
                        " UTC (" + info.first.abbrev + ") and " + utc_clock(utc(info.second)) + " UTC (" +
                        info.second.abbrev + ")",
                    to_do);
}

}  // namespace

Result<void> check_london(const LondonOffset& offset_at) {
  using namespace std::chrono;
  struct Known {
    sys_seconds at;
    minutes offset;
  };
  // The last Sundays of March and October at 01:00 UTC (Summer Time Order 2002), a second before and at the change.
  const auto at = [](int y, unsigned m, unsigned d, int h, Seconds s = Seconds{0}) -> sys_seconds {
    return sys_days{year{y} / month{m} / day{d}} + hours{h} + s;
  };
  const std::array<Known, 14> known{{{at(2018, 4, 25, 8), 60min},
                                     {at(2018, 10, 28, 1, -1s), 60min},
                                     {at(2018, 10, 28, 1), 0min},
                                     {at(2026, 3, 29, 1, -1s), 0min},
                                     {at(2026, 3, 29, 1), 60min},
                                     {at(2026, 10, 25, 1), 0min},
                                     {at(2027, 3, 27, 9), 0min},
                                     {at(2030, 3, 31, 1), 60min},
                                     {at(2030, 10, 27, 1), 0min},
                                     {at(2033, 1, 15, 9), 0min},
                                     {at(2036, 3, 30, 1, -1s), 0min},
                                     {at(2036, 3, 30, 1), 60min},
                                     {at(2036, 10, 26, 1, -1s), 60min},
                                     {at(2036, 10, 26, 1), 0min}}};
  const char* to_do = "install the distribution's tzdata package, whose files are complete (zic -b fat)";
  for (const auto& k : known) {
    const auto offset = offset_at(k.at);
    if (!offset) return fail(Errc::unavailable, "the host has no time zone data for Europe/London", {}, to_do);
    if (*offset != k.offset)
      return fail(Errc::unavailable,
                  "the host's time zone data is wrong: Europe/London at " + rfc3339(k.at) + " is " +
                      offset_words(k.offset) + ", but the data says " + offset_words(*offset),
                  {}, to_do);
  }
  return {};
}

Result<void> check_zone_data() {
  const auto* london = find_zone("Europe/London");
  return check_london([london](Instant t) -> std::optional<std::chrono::minutes> {
    if (london == nullptr) return std::nullopt;
    return std::chrono::floor<std::chrono::minutes>(london->get_info(whole_seconds(t)).offset);
  });
}

Result<void> check_zone(const std::string& zone) {
  if (find_zone(zone) != nullptr) return {};
  return fail(Errc::invalid_input, in_quotes(zone) + " is not a time zone that this host knows", {},
              "write an IANA name such as Europe/London or UTC");
}

Result<Due> read_due(std::string_view text, const std::string& zone) {
  const auto fields = split_due(text);
  if (!fields) return tl::unexpected<Fault>{fields.error()};
  DueText d = *fields;
  if (auto fault = check_fields(d, text)) return tl::unexpected<Fault>{std::move(*fault)};
  const auto* z = find_zone(zone);
  if (z == nullptr) return tl::unexpected<Fault>{check_zone(zone).error()};

  Due due;
  due.zone = zone;
  due.as_given = text;
  if (!d.has_day) {
    const date::year_month month{date::year{d.year}, date::month{static_cast<unsigned>(d.month)}};
    due.precision = DuePrecision::month;
    due.period_begin = first_of_day(*z, date::local_days{month / 1});
    due.period_end = first_of_day(*z, date::local_days{(month + date::months{1}) / 1});
    return due;
  }
  if (d.offset_minutes) {
    const auto as_utc = local_seconds(d).time_since_epoch();
    due.at = Instant{as_utc + Millis{d.ms} - std::chrono::minutes{*d.offset_minutes}};
  } else {
    if (!d.has_clock) {
      due.precision = DuePrecision::time_assumed;
      d.hour = 9;
      d.minute = 30;
    }
    const auto at = local_to_instant(d, text, *z);
    if (!at) return tl::unexpected<Fault>{at.error()};
    due.at = *at;
  }
  // An offset can carry the last evening of 2037 into 2038.
  const Instant end = std::chrono::sys_days{std::chrono::year{kLastYear + 1} / std::chrono::January / 1};
  if (*due.at >= end) return refuse_due(in_quotes(text) + " lies after 2037 in UTC", "");
  return due;
}

std::string month_name(std::chrono::month m) {
  constexpr std::array<const char*, 12> names{"January", "February", "March",     "April",   "May",      "June",
                                              "July",    "August",   "September", "October", "November", "December"};
  return names.at(static_cast<unsigned>(m) - 1);
}

std::string weekday_name(std::chrono::weekday d) {
  constexpr std::array<const char*, 7> names{"Sunday",   "Monday", "Tuesday", "Wednesday",
                                             "Thursday", "Friday", "Saturday"};
  return names.at(d.c_encoding());
}

std::string date_words(const std::chrono::year_month_day& d) {
  return std::to_string(static_cast<unsigned>(d.day())) + " " + month_name(d.month()) + " " +
         std::to_string(static_cast<int>(d.year()));
}

std::string month_words(Instant t, const std::string& zone) {
  const std::chrono::year_month_day d = local_day(t, zone);
  return month_name(d.month()) + " " + std::to_string(static_cast<int>(d.year()));
}

std::string local_words(Instant t, const std::string& zone) {
  const LocalView v = local_view(t, zone);
  return weekday_name(v.weekday) + " " + date_words(v.date) + ", " + clock_words(v.clock) + " " + v.abbreviation;
}

std::string local_date(Instant t, const std::string& zone) { return date_words(local_view(t, zone).date); }

std::string local_time(Instant t, const std::string& zone) { return clock_words(local_view(t, zone).clock); }

std::string local_rfc3339(Instant t, const std::string& zone) {
  const auto* z = find_zone(zone);
  const Seconds offset = z == nullptr ? Seconds{0} : z->get_info(whole_seconds(t)).offset;
  std::string s = rfc3339(t + offset);
  s.pop_back();  // the Z
  if (s.ends_with(".000")) s.resize(s.size() - 4);
  return s + (z == nullptr ? "Z" : offset_words(offset));
}

int days_between(Instant from, Instant to, const std::string& zone) {
  using std::chrono::sys_days;
  return static_cast<int>((sys_days{local_view(to, zone).date} - sys_days{local_view(from, zone).date}).count());
}

std::chrono::year_month_day local_day(Instant t, const std::string& zone) { return local_view(t, zone).date; }

bool comes_twice(Instant t, const std::string& zone) {
  const auto* z = find_zone(zone);
  if (z == nullptr) return false;
  const date::sys_seconds at = whole_seconds(t);
  const date::local_seconds local{(at + z->get_info(at).offset).time_since_epoch()};
  return z->get_info(local).result == date::local_info::ambiguous;
}

int local_weekday(Instant t, const std::string& zone) {
  return static_cast<int>(local_view(t, zone).weekday.c_encoding());
}

}  // namespace embargod
