#pragma once
// Dates, clock times, leads and durations as people write them in English. Internal to daemon/report. Pure.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/time.h"

namespace embargod {

/// Where in a text something stands.
struct WrittenAt {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct WrittenDate {
  WrittenAt at;
  std::string text;
  std::chrono::year_month_day day;              // the year is 0 where none is written; may be no real day
  std::optional<std::chrono::weekday> weekday;  // as written before it
  std::string misspelt;                         // what stands for its month; empty: the month is spelt well
};
/// "25.04.2018", "25/04/2018", "2018-04-25", "Wednesday 25th April 2018", "25 Arpil 2018", "25 April". British order.
[[nodiscard]] std::vector<WrittenDate> written_dates(std::string_view text);

/// Of times of day: "10:14", "9.30am", "2 pm". The dates are no times: pass a text in which they are blanked out.
struct WrittenTime {
  WrittenAt at;
  int hour = 0;
  int minute = 0;
};
[[nodiscard]] std::vector<WrittenTime> written_times(std::string_view text);

/// "2 days ahead", "one day early", "three working days late": days are negative if late.
struct WrittenLead {
  WrittenAt at;
  std::string text;
  int days = 0;
  bool is_working_days = false;
};
[[nodiscard]] std::vector<WrittenLead> written_leads(std::string_view text);

struct WrittenDuration {
  enum class Claim : std::uint8_t { at_least, at_most, point };
  WrittenAt at;
  std::string text;  // with the words that make it a bound
  Claim claim = Claim::point;
  Millis length{0};
  Millis unit{0};  // of its smallest part: what is written is no finer
};
/// "less than 15 minutes", "at least 13 min 54.0 s", "1 hour and 5 minutes". Not days: those are leads.
[[nodiscard]] std::vector<WrittenDuration> written_durations(std::string_view text);

/// `text` with spaces in place of what stands there: offsets stay.
[[nodiscard]] std::string blanked(std::string text, WrittenAt at);

}  // namespace embargod
