#include "config/types/time.h"

#include <array>
#include <cstdint>
#include <cstdio>
#include <limits>

#include "config/types/field_reader.h"

namespace embargod {
namespace {

constexpr std::int64_t kMsPerSecond = 1'000;
constexpr std::int64_t kMsPerMinute = 60 * kMsPerSecond;
constexpr std::int64_t kMsPerHour = 60 * kMsPerMinute;
constexpr std::int64_t kMsPerDay = 24 * kMsPerHour;

struct DurationUnit {
  std::string_view name;
  std::int64_t ms;
};
constexpr std::array<DurationUnit, 5> kUnits{
    {{"d", kMsPerDay}, {"h", kMsPerHour}, {"m", kMsPerMinute}, {"s", kMsPerSecond}, {"ms", 1}}};

/// Longest duration we read: beyond any use, and far from overflow in every sum.
constexpr std::int64_t kLongest = std::int64_t{100} * 366 * kMsPerDay;

std::string number_with(std::int64_t n, const char* unit) { return std::to_string(n) + " " + unit; }

}  // namespace

std::string rfc3339(Instant t) {
  using namespace std::chrono;
  // Four-digit years are all that RFC 3339 has; nothing we measure lies beyond.
  const Instant lowest = sys_days{year{0} / January / 1};
  const Instant highest = sys_days{year{10'000} / January / 1} - Millis{1};
  if (t < lowest) t = lowest;
  if (t > highest) t = highest;
  const sys_days day = floor<days>(t);
  const year_month_day ymd{day};
  const hh_mm_ss<Millis> clock{t - day};
  std::array<char, 40> buffer{};
  const int n =
      std::snprintf(buffer.data(), buffer.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(ymd.year()),
                    static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {buffer.data(), static_cast<std::size_t>(n)};
}

Result<Instant> parse_rfc3339(std::string_view text) {
  using namespace std::chrono;
  const auto refuse = [] {
    return fail(Errc::invalid_input, "not an RFC 3339 instant", {}, "write it like 2018-04-25T08:30:00Z");
  };
  FieldReader in{text};
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0;
  if (!in.digits(4, y) || !in.one_of("-") || !in.digits(2, mo) || !in.one_of("-") || !in.digits(2, d) ||
      !in.one_of("Tt"))
    return refuse();
  if (!in.digits(2, h) || !in.one_of(":") || !in.digits(2, mi) || !in.one_of(":") || !in.digits(2, s) ||
      !in.fraction(ms))
    return refuse();
  const year_month_day date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!date.ok() || h > 23 || mi > 59 || s > 59) return refuse();
  int offset = 0;
  if (!in.one_of("Zz") && !in.offset(offset)) return refuse();
  if (!in.rest.empty()) return refuse();
  return Instant{sys_days{date} + hours{h} + minutes{mi} + seconds{s} + Millis{ms} - minutes{offset}};
}

Result<Millis> parse_duration(std::string_view text) {
  const auto refuse = [&](const char* what) {
    return fail(Errc::invalid_input, what, {}, "write a number with a unit, for example 500ms, 30s, 5m, 1h30m or 400d");
  };
  if (text.empty()) return refuse("a duration is missing");
  std::int64_t total = 0;
  std::size_t next_unit = 0;  // units come once each, the larger first
  while (!text.empty()) {
    std::int64_t value = 0;
    std::size_t n = 0;
    while (n < text.size() && is_digit(text[n])) {
      value = value * 10 + (text[n] - '0');
      if (value > kLongest) return refuse("the duration is too long");
      ++n;
    }
    if (n == 0) return refuse("not a duration");
    text.remove_prefix(n);
    std::size_t letters = 0;
    while (letters < text.size() && text[letters] >= 'a' && text[letters] <= 'z') ++letters;
    const std::string_view word = text.substr(0, letters);
    if (word.empty()) return refuse("the duration has no unit");
    while (next_unit < kUnits.size() && kUnits[next_unit].name != word) ++next_unit;
    if (next_unit == kUnits.size()) return refuse("not a duration");
    if (value > kLongest / kUnits[next_unit].ms) return refuse("the duration is too long");
    total += value * kUnits[next_unit].ms;
    if (total > kLongest) return refuse("the duration is too long");
    ++next_unit;
    text.remove_prefix(letters);
  }
  return Millis{total};
}

std::string format_duration(Millis d) {
  if (d.count() == 0) return "0s";
  // The sign is for people only: no setting is negative.
  std::string s = d.count() < 0 ? "-" : "";
  std::uint64_t left =
      d.count() < 0 ? 0 - static_cast<std::uint64_t>(d.count()) : static_cast<std::uint64_t>(d.count());
  for (const auto& unit : kUnits) {
    const auto size = static_cast<std::uint64_t>(unit.ms);
    if (left >= size) s += std::to_string(left / size) + std::string{unit.name};
    left %= size;
  }
  return s;
}

std::string words(Millis d) {
  constexpr std::int64_t kLimit = std::numeric_limits<std::int64_t>::max() / 2;
  std::int64_t ms = d.count();
  const bool negative = ms < 0;
  if (ms < -kLimit) ms = -kLimit;
  if (ms > kLimit) ms = kLimit;
  if (negative) ms = -ms;

  const auto rounded = [](std::int64_t value, std::int64_t to) { return (value + to / 2) / to * to; };
  std::string s;
  const auto part = [&s](std::int64_t n, const char* unit) {
    if (n == 0) return;
    if (!s.empty()) s += " ";
    s += number_with(n, unit);
  };
  if (ms < 100) {
    s = ms == 0 ? "0 s" : number_with(ms, "ms");
  } else if (rounded(ms, 100) < 10 * kMsPerSecond) {
    const std::int64_t tenths = rounded(ms, 100) / 100;
    s = std::to_string(tenths / 10) + (tenths % 10 == 0 ? "" : "." + std::to_string(tenths % 10)) + " s";
  } else if (rounded(ms, kMsPerSecond) < kMsPerHour) {
    const std::int64_t v = rounded(ms, kMsPerSecond);
    part(v / kMsPerMinute, "min");
    part(v % kMsPerMinute / kMsPerSecond, "s");
  } else {
    const std::int64_t v = rounded(ms, ms < 7 * kMsPerDay ? kMsPerMinute : kMsPerHour);
    const std::int64_t days = v / kMsPerDay;
    part(days, days == 1 ? "day" : "days");
    part(v % kMsPerDay / kMsPerHour, "h");
    part(v % kMsPerHour / kMsPerMinute, "min");
  }
  return negative && s != "0 s" ? "-" + s : s;
}

}  // namespace embargod
