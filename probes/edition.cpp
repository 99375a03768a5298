#include "probes/edition.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "probes/edition_words.h"

namespace embargod {
namespace {

constexpr int kMonthsOfYear = 12;

/// Months of one year or over two, whose year may stand elsewhere: "January" in "January to March 2026".
struct Span {
  int first = 0;            // month 0 to 11
  int last = 0;             // may be beyond 11: "October to March" ends in the year after
  std::optional<int> year;  // of `first`
  std::size_t begin = 0;    // words
  std::size_t end = 0;      // one past
  enum class Breadth : std::uint8_t { named, financial_year, bare_year } breadth = Breadth::named;
};

using Words = std::vector<Word>;

/// Reads the words from left to right; each method looks at one place and moves nothing.
class EditionReader {
 public:
  explicit EditionReader(std::string_view text) : text_{text}, words_{edition_words(text)} {}

  std::optional<Edition> latest_period() const {
    std::array<std::optional<Edition>, 3> best;  // by Span::Breadth
    for (std::size_t i = 0; i < words_.size();) {
      const auto span = period_at(i);
      if (!span) {
        ++i;
        continue;
      }
      auto& slot = best[static_cast<std::size_t>(span->breadth)];
      if (Edition e = edition_of(*span); !slot || e.end > slot->end) slot = std::move(e);
      i = span->end;
    }
    const auto& [named, financial, bare] = best;
    if (!named) return financial ? financial : bare;
    // "Referrals in 2025/26: January 2026" is the January edition, and "© 2026" tells less than any month.
    const bool frame = financial && financial->begin <= named->begin && named->end <= financial->end;
    return financial && !frame && financial->end > named->end ? financial : named;
  }

  std::optional<Edition> first_version() const {
    for (std::size_t i = 0; i < words_.size(); ++i)
      if (auto v = version_at(i)) return v;
    return std::nullopt;
  }

 private:
  [[nodiscard]] const Word& word(std::size_t i) const {
    static const Word kNone;
    return i < words_.size() ? words_[i] : kNone;
  }
  [[nodiscard]] bool is(std::size_t i, std::initializer_list<const char*> any) const {
    return std::any_of(any.begin(), any.end(), [&](const char* w) { return word(i).lower == w; });
  }
  /// Between two words of one name: blanks, a comma, a dash or an apostrophe, not the end of a sentence.
  [[nodiscard]] bool joined(std::size_t i) const {
    return i > 0 && i < words_.size() && word(i).gap != Gap::end_of_sentence;
  }
  [[nodiscard]] bool dashed(std::size_t i) const {
    return i < words_.size() && (word(i).gap == Gap::dash || word(i).gap == Gap::spaced_dash);
  }

  [[nodiscard]] std::string text_of(std::size_t begin, std::size_t end) const {
    const std::size_t from = words_[begin].at;
    return std::string{text_.substr(from, words_[end - 1].at + words_[end - 1].lower_length - from)};
  }

  [[nodiscard]] Edition edition_of(const Span& s) const {
    const int start = *s.year * kMonthsOfYear;
    return {Edition::Kind::period, start + s.first, start + s.last, text_of(s.begin, s.end)};
  }

  [[nodiscard]] static bool is_sane_year(int n) { return n >= 1900 && n <= 2199; }
  [[nodiscard]] std::optional<int> year_at(std::size_t i) const {
    const Word& w = word(i);
    if (w.digits != 4 || !is_sane_year(w.number)) return std::nullopt;
    if (w.gap == Gap::figure || word(i + 1).gap == Gap::figure) return std::nullopt;  // "2,026", "20.2026", "2026%"
    return w.number;
  }
  /// "2026", or "26" where a sign shows that it is a year: "Jan-26", "Jan '26".
  [[nodiscard]] std::optional<int> year_after(std::size_t i) const {
    if (!joined(i)) return std::nullopt;
    if (const auto y = year_at(i)) return y;
    const Word& w = word(i);
    const bool short_form = w.digits == 2 && (w.gap == Gap::dash || w.gap == Gap::apostrophe);
    if (!short_form || (w.gap == Gap::dash && word(i + 1).gap == Gap::dash)) return std::nullopt;
    return 2000 + w.number;
  }

  [[nodiscard]] bool is_in_capitals(std::size_t i) const {
    const auto letters = text_.substr(word(i).at, word(i).lower_length);
    return std::all_of(letters.begin(), letters.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  }

  [[nodiscard]] bool is_day(std::size_t i) const {
    const Word& w = word(i);
    return w.digits >= 1 && w.digits <= 2 && w.number >= 1 && w.number <= 31;
  }
  [[nodiscard]] std::size_t after_day(std::size_t i) const {  // i: a day; "25", "25th"
    return is(i + 1, {"st", "nd", "rd", "th"}) && word(i + 1).gap == Gap::none ? i + 2 : i + 1;
  }

  /// "2025/26", "2025-26", "2025/2026", "2025 to 2026": end of it in words.
  [[nodiscard]] std::optional<std::size_t> financial_year_at(std::size_t i) const {
    const auto first = year_at(i);
    if (!first) return std::nullopt;
    std::size_t second = i + 1;
    if (is(second, {"to"})) {
      ++second;
      if (word(second).digits != 4) return std::nullopt;
    } else if (!dashed(second) && word(second).gap != Gap::slash) {
      return std::nullopt;
    }
    const Word& w = word(second);
    const bool follows = (w.digits == 2 && w.number == (*first + 1) % 100) || (w.digits == 4 && w.number == *first + 1);
    if (!follows || goes_on_as_number(second)) return std::nullopt;
    return second + 1;
  }
  /// "2026-27-04" or "2026-04-1234" is no name of a period.
  [[nodiscard]] bool goes_on_as_number(std::size_t i) const {
    const Word& next = word(i + 1);
    return next.digits > 0 && (next.gap == Gap::dash || next.gap == Gap::slash || next.gap == Gap::figure);
  }

  /// "2026-04", "2026-04-25", "25/04/2026", "04/2026".
  [[nodiscard]] std::optional<Span> numeric_date_at(std::size_t i) const {
    const auto month = [](const Word& w) {
      return w.digits == 2 && w.number >= 1 && w.number <= kMonthsOfYear ? std::optional{w.number - 1} : std::nullopt;
    };
    if (looks_like_phone(i)) return std::nullopt;
    if (const auto year = year_at(i)) {
      const auto m = month(word(i + 1));
      if (!m || word(i + 1).gap != Gap::dash) return std::nullopt;
      std::size_t end = i + 2;
      if (word(end).gap == Gap::dash && word(end).digits == 2 && is_day(end)) ++end;
      if (goes_on_as_number(end - 1)) return std::nullopt;
      return Span{*m, *m, year, i, end, Span::Breadth::named};
    }
    std::size_t at = i;
    if (is_day(at) && word(at + 1).gap == Gap::slash && word(at + 2).gap == Gap::slash) ++at;
    const Word& w = word(at);
    if (w.digits < 1 || w.digits > 2 || w.number < 1 || w.number > kMonthsOfYear) return std::nullopt;
    if (word(i).gap == Gap::slash || word(at + 1).gap != Gap::slash || goes_on_as_number(at + 1)) return std::nullopt;
    const auto year = year_at(at + 1);
    if (!year) return std::nullopt;
    return Span{w.number - 1, w.number - 1, year, i, at + 2, Span::Breadth::named};
  }

  /// Digits beside it as in a telephone number: groups of digits with blanks or dashes between, one of which has a plus
  /// or a nought before it, or three and more digits and is no year.
  [[nodiscard]] bool looks_like_phone(std::size_t i) const {
    constexpr std::size_t kMostGroups = 5;
    const auto in_a_row = [](const Word& w) { return w.digits > 0 && (w.gap == Gap::blank || w.gap == Gap::dash); };
    const auto odd = [this](std::size_t k) {
      return word(k).after_plus || (!is_sane_year_word(k) && (word(k).digits >= 3 || word(k).leading_zero));
    };
    if (word(i).after_plus) return true;
    for (std::size_t k = i; k > 0 && i - k < kMostGroups && in_a_row(word(k)) && word(k - 1).digits > 0; --k)
      if (odd(k - 1)) return true;
    return in_a_row(word(i + 1)) && word(i + 1).digits >= 3 && !is_sane_year_word(i + 1);
  }
  [[nodiscard]] bool is_sane_year_word(std::size_t i) const {
    return word(i).digits == 4 && is_sane_year(word(i).number) && !word(i).leading_zero;
  }

  /// A quarter: "Q1", "quarter 1", "first quarter". Months of a calendar year.
  [[nodiscard]] std::optional<Span> quarter_at(std::size_t i) const {
    int n = 0;
    std::size_t end = 0;
    if (is(i, {"q", "quarter", "chwarter"}) && word(i + 1).digits == 1 && joined(i + 1)) {
      n = word(i + 1).number;
      end = i + 2;
    } else if (is(i + 1, {"quarter"})) {
      constexpr std::array kOrdinals = {"first", "second", "third", "fourth"};
      const auto at = std::find(kOrdinals.begin(), kOrdinals.end(), word(i).lower);
      if (at == kOrdinals.end()) return std::nullopt;
      n = static_cast<int>(at - kOrdinals.begin()) + 1;
      end = i + 2;
    }
    if (n < 1 || n > 4) return std::nullopt;
    return Span{3 * (n - 1), 3 * n - 1, std::nullopt, i, end, Span::Breadth::named};
  }

  /// A day, a month or a quarter with its year, if one stands beside it.
  [[nodiscard]] std::optional<Span> atom_at(std::size_t i) const {
    std::size_t at = i;
    if (auto date = numeric_date_at(at)) return date;
    if (auto q = quarter_at(at)) return with_year_after(*q);
    if (const auto year = year_at(at); year && !financial_year_at(at)) {  // "2026 Q1"
      if (auto q = quarter_at(at + 1); q && joined(at + 1)) {
        q->year = year;
        q->begin = i;
        return q;
      }
      // "2026 APR", as time series write it; "in 2026 may ..." and "since 2025, April to June 2026" are none.
      if (const auto month = month_named(word(at + 1).lower); month && joined(at + 1) && is_in_capitals(at + 1))
        return Span{*month, *month, year, i, at + 2, Span::Breadth::named};
      return std::nullopt;
    }
    const bool day_first = is_day(at);
    if (day_first) {
      at = after_day(at);
      if (is(at, {"of"})) ++at;
      if (!joined(at)) return std::nullopt;
    }
    const auto month = month_named(word(at).lower);
    if (!month) return std::nullopt;
    Span span{*month, *month, std::nullopt, i, at + 1, Span::Breadth::named};
    if (!day_first && is_day(span.end) && joined(span.end)) {  // "April 25, 2026"
      const std::size_t behind = after_day(span.end);
      if (year_at(behind) && joined(behind)) span.end = behind;
    }
    return with_year_after(span);
  }

  [[nodiscard]] Span with_year_after(Span span) const {
    std::size_t at = span.end;
    if (is(at, {"of"})) ++at;
    const bool quarter = span.last != span.first;
    if (const auto end = financial_year_at(at); quarter && end && joined(at)) {  // "Q1 2025/26": April to June 2025
      span.year = year_at(at);
      span.first += 3;
      span.last += 3;
      span.end = *end;
    } else if (const auto year = year_after(at)) {
      span.year = year;
      span.end = at + 1;
    }
    return span;
  }

  /// One past the words that join two ends of a period, or 0.
  [[nodiscard]] std::size_t after_connector(const Span& left) const {
    const std::size_t i = left.end;
    if (is(i, {"to", "until", "through", "i", "hyd"})) return is(i + 1, {"at"}) ? i + 2 : i + 1;
    if (is(i, {"and", "a", "ac"})) return is(left.begin - (left.begin > 0 ? 1 : 0), {"between", "rhwng"}) ? i + 1 : 0;
    if (dashed(i) || word(i).gap == Gap::slash) return i;
    return 0;
  }

  [[nodiscard]] std::optional<Span> range_from(const Span& left) const {
    const std::size_t at = after_connector(left);
    if (at == 0) return std::nullopt;
    const auto right = atom_at(at);
    if (!right || !right->year) return std::nullopt;
    const int last = *right->year * kMonthsOfYear + right->last;
    int first = 0;
    if (left.year) {
      first = *left.year * kMonthsOfYear + left.first;
    } else {
      first = *right->year * kMonthsOfYear + left.first;
      if (first > last) first -= kMonthsOfYear;  // "October to March 2026"
    }
    if (first > last) return std::nullopt;
    const int year = first / kMonthsOfYear;
    return Span{first % kMonthsOfYear, last - year * kMonthsOfYear, year, left.begin, right->end, Span::Breadth::named};
  }

  /// "year ending March 2026", "12 months to March 2026", "quarter ending ...": how many months, and where they end.
  struct Lead {
    int months = 0;
    std::size_t end = 0;
  };
  [[nodiscard]] std::optional<Lead> lead_at(std::size_t i) const {
    Lead lead;
    std::size_t at = i;
    if (is(at, {"year", "years"})) {
      lead.months = kMonthsOfYear;
    } else if (is(at, {"quarter"})) {
      lead.months = 3;
    } else if (is(at + 1, {"month", "months"})) {
      constexpr std::array kNumbers = {"one",   "two",   "three", "four", "five",   "six",
                                       "seven", "eight", "nine",  "ten",  "eleven", "twelve"};
      const auto* const n = std::find(kNumbers.begin(), kNumbers.end(), word(at).lower);
      lead.months = n != kNumbers.end() ? static_cast<int>(n - kNumbers.begin()) + 1 : word(at).number;
      ++at;
    } else if (is(at, {"ye", "y"}) && (is(at, {"ye"}) || (is(at + 1, {"e"}) && word(at + 1).gap == Gap::slash))) {
      return Lead{kMonthsOfYear, is(at, {"ye"}) ? at + 1 : at + 2};
    } else if (is(at, {"flwyddyn", "blwyddyn"})) {
      return welsh_year(at);
    }
    if (lead.months < 1 || lead.months > 60 || !is(at + 1, {"ending", "ended", "to", "end", "up"})) return std::nullopt;
    at += 2;
    while (is(at, {"to", "in", "at", "the", "end", "of"})) ++at;
    lead.end = at;
    return lead;
  }
  /// "y flwyddyn hyd at fis Mawrth 2026", "blwyddyn yn diweddu Mawrth 2026", "... a ddaeth i ben ym mis Mawrth 2026".
  [[nodiscard]] std::optional<Lead> welsh_year(std::size_t i) const {
    constexpr std::size_t kMostWords = 8;
    bool ends = false;
    for (std::size_t at = i + 1; at < words_.size() && at < i + kMostWords; ++at) {
      ends = ends || is(at, {"hyd", "diweddu", "ddiweddu", "ben", "gorffen"});
      if (ends && (month_named(word(at).lower) || is_day(at))) return Lead{kMonthsOfYear, at};
    }
    return std::nullopt;
  }

  [[nodiscard]] std::optional<Span> period_at(std::size_t i) const {
    if (const auto lead = lead_at(i)) {
      if (const auto end = atom_at(lead->end); end && end->year && end->first == end->last) {
        const int last = *end->year * kMonthsOfYear + end->last;
        const int first = last - lead->months + 1;
        const int year = first / kMonthsOfYear;
        return Span{first % kMonthsOfYear, last - year * kMonthsOfYear, year, i, end->end, Span::Breadth::named};
      }
    }
    if (const auto atom = atom_at(i)) {
      if (auto range = range_from(*atom)) return range;
      if (atom->year) return atom;
    }
    return year_period_at(i);
  }

  [[nodiscard]] std::optional<Span> year_period_at(std::size_t i) const {
    const auto year = year_at(i);
    if (!year || looks_like_phone(i)) return std::nullopt;
    if (const auto end = financial_year_at(i)) return Span{3, 14, year, i, *end, Span::Breadth::financial_year};
    const bool dated = dashed(i + 1) && (word(i + 1).digits > 0 || is(i + 1, {"w"}));  // "2026-W05" is no year
    const bool of_week = is(i + 1, {"week", "wk", "w"}) || (i >= 2 && is(i - 2, {"week", "wk", "w"}));
    const bool beside_a_number =
        i > 0 && word(i - 1).digits > 0 && word(i).gap != Gap::blank && word(i).gap != Gap::end_of_sentence;
    if (dated || of_week || beside_a_number) return std::nullopt;
    return Span{0, kMonthsOfYear - 1, year, i, i + 1, Span::Breadth::bare_year};
  }

  [[nodiscard]] std::optional<Edition> version_at(std::size_t i) const {
    if (!is(i, {"v", "ver", "version", "edition", "fersiwn", "argraffiad"})) return std::nullopt;
    const Word& n = word(i + 1);
    const bool close = !is(i, {"v"}) || n.gap == Gap::none || n.gap == Gap::figure;  // "v4", "v.4"; not "Smith v 4"
    if (n.digits < 1 || n.digits > 6 || n.gap == Gap::end_of_sentence || !close) return std::nullopt;
    const Word& minor = word(i + 2);
    const bool has_minor = minor.digits >= 1 && minor.digits <= 6 && minor.gap == Gap::figure && minor.after_point;
    const std::size_t end = has_minor ? i + 3 : i + 2;
    return Edition{Edition::Kind::version, n.number, has_minor ? minor.number : 0, text_of(i, end)};
  }

  std::string_view text_;
  Words words_;
};

}  // namespace

std::optional<Edition> read_edition(std::string_view text) {
  const EditionReader reader{text};
  if (auto period = reader.latest_period()) return period;
  return reader.first_version();
}

EditionOrder compare_editions(const Edition& seen, const Edition& embargoed) {
  if (seen.kind != embargoed.kind) return EditionOrder::other;
  if (seen == embargoed) return EditionOrder::current;
  if (seen.kind == Edition::Kind::version) {
    return std::pair{seen.begin, seen.end} < std::pair{embargoed.begin, embargoed.end} ? EditionOrder::former
                                                                                       : EditionOrder::later;
  }
  const auto within = [](const Edition& a, const Edition& b) { return b.begin <= a.begin && a.end <= b.end; };
  if (within(seen, embargoed) || within(embargoed, seen)) return EditionOrder::other;
  return std::pair{seen.end, seen.begin} < std::pair{embargoed.end, embargoed.begin} ? EditionOrder::former
                                                                                     : EditionOrder::later;
}

}  // namespace embargod
