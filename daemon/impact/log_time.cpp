#include "daemon/impact/log_time.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>

namespace embargod {
namespace {

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return std::nullopt;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool has(std::string_view text, std::size_t at, char c) { return at < text.size() && text[at] == c; }

struct Civil {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

struct DayTime {
  int hour = 0;
  int minute = 0;
  int second = 0;
};

std::optional<Instant> instant_of(const Civil& c, const DayTime& t) {
  const std::chrono::year_month_day day{std::chrono::year{c.year}, std::chrono::month{c.month},
                                        std::chrono::day{c.day}};
  // 60: a leap second, which POSIX clocks do not have.
  if (!day.ok() || t.hour > 23 || t.minute > 59 || t.second > 60) return std::nullopt;
  return Instant{std::chrono::sys_days{day}} + std::chrono::hours{t.hour} + std::chrono::minutes{t.minute} +
         Seconds{t.second};
}

/// "hh:mm:ss" at `at`.
std::optional<DayTime> day_time(std::string_view text, std::size_t at) {
  const auto h = digits(text, at, 2);
  const auto m = digits(text, at + 3, 2);
  const auto s = digits(text, at + 6, 2);
  if (!h || !m || !s || !has(text, at + 2, ':') || !has(text, at + 5, ':')) return std::nullopt;
  return DayTime{*h, *m, *s};
}

/// "+0100", "-01:30" or "Z", whole.
std::optional<Millis> zone_offset(std::string_view text) {
  if (text == "Z" || text == "z") return Millis{0};
  if (text.size() != 5 && text.size() != 6) return std::nullopt;
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  const bool with_colon = text.size() == 6;
  if (with_colon && text[3] != ':') return std::nullopt;
  const auto h = digits(text, 1, 2);
  const auto m = digits(text, with_colon ? 4 : 3, 2);
  if (!h || !m || *h > 23 || *m > 59) return std::nullopt;
  const Millis offset = std::chrono::hours{*h} + std::chrono::minutes{*m};
  return text[0] == '-' ? -offset : offset;
}

struct Fraction {
  Millis value{0};
  Millis resolution{1'000};
  std::size_t size = 0;  // with the dot
};

/// ".123456" at `at`, or nothing. Cut to milliseconds.
std::optional<Fraction> fraction(std::string_view text, std::size_t at) {
  Fraction f;
  if (!has(text, at, '.') && !has(text, at, ',')) return f;
  std::int64_t value = 0;
  std::int64_t unit = 1'000;
  std::size_t i = at + 1;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
    if (unit == 1) continue;
    unit /= 10;
    value += (text[i] - '0') * unit;
  }
  if (i == at + 1) return std::nullopt;
  return Fraction{Millis{value}, Millis{unit}, i - at};
}

}  // namespace

std::optional<LogTime> clf_time(std::string_view text) {
  constexpr std::size_t kTime = 12;
  constexpr std::size_t kZone = 21;
  if (text.size() != kZone + 5 || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[20] != ' ')
    return std::nullopt;
  const auto day = digits(text, 0, 2);
  const auto year = digits(text, 7, 4);
  const auto time = day_time(text, kTime);
  const auto offset = zone_offset(text.substr(kZone));
  unsigned month = 1;
  while (month <= kMonths.size() && kMonths[month - 1] != text.substr(3, 3)) ++month;
  if (!day || !year || !time || !offset || month > kMonths.size()) return std::nullopt;
  const auto at = instant_of({*year, month, static_cast<unsigned>(*day)}, *time);
  if (!at) return std::nullopt;
  return LogTime{*at - *offset, Seconds{1}};
}

std::optional<LogTime> iso_time(std::string_view text, bool is_utc) {
  constexpr std::size_t kTime = 11;
  constexpr std::size_t kEnd = 19;
  if (text.size() < kEnd || text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' '))
    return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto time = day_time(text, kTime);
  const auto part = fraction(text, kEnd);
  if (!year || !month || !day || !time || !part) return std::nullopt;
  std::string_view zone = text.substr(kEnd + part->size);
  if (zone.starts_with(' ')) zone.remove_prefix(1);
  const auto offset = zone.empty() && is_utc ? std::optional{Millis{0}} : zone_offset(zone);
  const auto at = instant_of({*year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)}, *time);
  if (!offset || !at) return std::nullopt;
  return LogTime{*at + part->value - *offset, part->resolution};
}

std::optional<LogTime> epoch_time(std::string_view text) {
  std::int64_t whole = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (fault != std::errc{} || whole < 0 || !(text[0] >= '0' && text[0] <= '9')) return std::nullopt;
  const auto used = static_cast<std::size_t>(end - text.data());
  constexpr std::int64_t kMostSeconds = 100'000'000'000;  // year 5138; as milliseconds 1973
  if (used < text.size()) {
    const auto part = fraction(text, used);
    if (!part || part->size == 0 || used + part->size != text.size() || whole >= kMostSeconds) return std::nullopt;
    return LogTime{Instant{Seconds{whole}} + part->value, part->resolution};
  }
  if (whole < kMostSeconds) return LogTime{Instant{Seconds{whole}}, Seconds{1}};
  if (whole < kMostSeconds * 1'000) return LogTime{Instant{Millis{whole}}, Millis{1}};
  if (whole < kMostSeconds * 1'000'000) return LogTime{Instant{Millis{whole / 1'000}}, Millis{1}};
  return LogTime{Instant{Millis{whole / 1'000'000}}, Millis{1}};
}

std::optional<LogTime> log_time(std::string_view text) {
  if (text.size() > 3 && text[2] == '/') return clf_time(text);
  if (text.size() > 5 && text[4] == '-') return iso_time(text);
  return epoch_time(text);
}

}  // namespace embargod
