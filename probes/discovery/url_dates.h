#pragma once
// The dates in a URL: which of its parts tell an edition, and how the URL of another edition would read. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embargod {

/// When an edition is or was due: a day of the calendar, or a month of which no day is known.
struct EditionDay {
  int month = 0;           // 12 * year + month - 1
  std::optional<int> day;  // 1 to 31
  friend bool operator==(const EditionDay&, const EditionDay&) = default;
};

enum class UrlPart : std::uint8_t {
  text,
  year,             // "2025"
  short_year,       // "25"
  month_name,       // "March", "MAR", "sept"
  month_number,     // "3", "03"
  day,              // "9", "09"
  quarter,          // "1"
  financial_year,   // "2024-25", "2024-to-2025", "202425", "2425"
  year_month,       // "202503"
  date_year_first,  // "20250326", "250326"
  date_day_first,   // "26032025", "260325"
  version,          // "4" of "v4"
};

struct UrlToken {
  UrlPart part = UrlPart::text;
  std::string text;
};

/// A day, month, quarter or year that the URL tells, perhaps in several places.
struct UrlPeriod {
  enum class Kind : std::uint8_t { date, month, quarter, year, financial_year, folder };
  Kind kind = Kind::year;
  int value = 0;                    // date: days since 1970; month, folder: as EditionDay::month; quarter: 4 * year +
                                    // quarter - 1; year, financial_year: the (first) year
  std::vector<std::size_t> tokens;  // that tell it
};

struct DatedUrl {
  std::vector<UrlToken> tokens;  // together: the text
  std::vector<UrlPeriod> periods;
};

/// Reads the path and query of a former edition's URL. Years far from `former` are taken for text ("2015=100"), and so
/// is a month without a year that lies more than half a year before it.
[[nodiscard]] DatedUrl read_url_dates(std::string_view path_query, const EditionDay& former);

/// How far the next edition is from the former one.
struct EditionShift {
  int days = 0;  // where both days are known
  int months = 0;
  int quarters = 0;
  int years = 0;
  friend bool operator==(const EditionShift&, const EditionShift&) = default;
};

/// The likeliest first: by the time between the two, and by the calendar's months where that is something else.
[[nodiscard]] std::vector<EditionShift> edition_shifts(const EditionDay& former, const EditionDay& coming);

/// `p` of the next edition. A folder of uploads is not moved by a shift: see in_folder().
[[nodiscard]] UrlPeriod moved_by(const UrlPeriod& p, const EditionShift& shift);

/// Writes the period into its tokens, in the spelling that they have.
void write_period(std::vector<UrlToken>& tokens, const UrlPeriod& p);

/// "march 2025", "q1 2025", "2025", "2024-25", "2025-03-26", "2025/03".
[[nodiscard]] std::string period_words(const UrlPeriod& p);
[[nodiscard]] const char* period_kind_words(UrlPeriod::Kind k);

[[nodiscard]] std::string joined_tokens(const std::vector<UrlToken>& tokens);

enum class MonthForm : std::uint8_t { full, three_letters, four_letters };  // "september", "sep", "sept"
/// `month` 0 to 11, in lower case. Only September and June and July have four letters of their own.
[[nodiscard]] std::string month_word(int month, MonthForm form);
/// 0 to 11, whatever the case; unset: no month.
[[nodiscard]] std::optional<int> month_of_word(std::string_view word);
/// `word` written in capitals as `like` is: "MAR", "Mar", "mar".
[[nodiscard]] std::string in_case_of(std::string word, std::string_view like);

}  // namespace embargod
