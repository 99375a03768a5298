#include "probes/discovery/url_dates.h"

#include <algorithm>
#include <cstdlib>

#include "probes/discovery/url_tokens.h"

namespace embargod {
namespace {

constexpr int kFarthestYear = 3;  // a year farther from the edition's is no date of it
constexpr int kLongestLag = 5;    // months from a month without a year to the due date
constexpr int kFirstUrlYear = 1990;
constexpr int kLastUrlYear = 2037;

/// Reads the tokens from the left; each try_ marks what it knows and says how many tokens that took.
class UrlDateReader {
 public:
  UrlDateReader(std::string_view text, const EditionDay& former)
      : former_{former}, former_year_{former.month / 12}, url_{split_url_text(text), {}} {}

  DatedUrl read() {
    for (std::size_t i = 0; i < url_.tokens.size();) i += std::max<std::size_t>(1, read_at(i));
    give_years();
    join_lone_years();
    return std::move(url_);
  }

 private:
  using Kind = UrlPeriod::Kind;

  std::size_t read_at(std::size_t i) {
    for (const auto reader : {&UrlDateReader::try_folder, &UrlDateReader::try_year_first, &UrlDateReader::try_day_first,
                              &UrlDateReader::try_compact, &UrlDateReader::try_financial, &UrlDateReader::try_quarter,
                              &UrlDateReader::try_month, &UrlDateReader::try_version, &UrlDateReader::try_year})
      if (const std::size_t n = (this->*reader)(i); n > 0) return n;
    return 0;
  }

  [[nodiscard]] std::string_view at(std::size_t i) const {
    return i < url_.tokens.size() ? std::string_view{url_.tokens[i].text} : std::string_view{};
  }
  [[nodiscard]] bool is_joint(std::size_t i) const {
    const auto s = at(i);
    return s == "-" || s == "_" || s == "." || s == "/" || s == "+" || s == "%20" || s == "~";
  }
  /// Digits of one of these lengths; -1 if it is something else.
  [[nodiscard]] int digits(std::size_t i, std::size_t least, std::size_t most) const {
    const auto s = at(i);
    return s.size() >= least && s.size() <= most && is_url_digit(s[0]) ? url_number(s) : -1;
  }
  [[nodiscard]] bool is_near(int year) const {
    return year >= kFirstUrlYear && year <= kLastUrlYear && std::abs(year - former_year_) <= kFarthestYear;
  }
  [[nodiscard]] int year_at(std::size_t i) const {
    const int y = digits(i, 4, 4);
    return is_near(y) ? y : -1;
  }
  [[nodiscard]] int short_year_at(std::size_t i) const {
    const int y = digits(i, 2, 2);
    return y >= 0 && is_near(2000 + y) ? 2000 + y : -1;
  }

  void mark(std::size_t i, UrlPart part) { url_.tokens[i].part = part; }
  UrlPeriod& add(Kind kind, int value, std::vector<std::size_t> tokens) {
    return url_.periods.emplace_back(UrlPeriod{kind, value, std::move(tokens)});
  }
  /// Makes one token of several, so that it is written as one.
  void merge(std::size_t i, std::size_t n, UrlPart part) {
    for (std::size_t k = 1; k < n; ++k) url_.tokens[i].text += url_.tokens[i + k].text;
    const auto first = url_.tokens.begin() + static_cast<std::ptrdiff_t>(i + 1);
    url_.tokens.erase(first, first + static_cast<std::ptrdiff_t>(n - 1));
    mark(i, part);
  }

  /// ".../uploads/2025/03/...", also ".../uploads/sites/2/2025/03/...": the month in which the file was put there.
  std::size_t try_folder(std::size_t i) {
    const int year = at(i) == "/" ? year_at(i + 1) : -1;
    const int month = digits(i + 3, 2, 2);
    if (year < 0 || at(i + 2) != "/" || at(i + 4) != "/" || month < 1 || month > 12) return 0;
    const auto end = url_.tokens.begin() + static_cast<std::ptrdiff_t>(i);
    const bool is_upload = std::any_of(url_.tokens.begin(), end, [](const UrlToken& t) {
      return url_lower(t.text).find("upload") != std::string::npos;
    });
    if (!is_upload) return 0;
    mark(i + 1, UrlPart::year);
    mark(i + 3, UrlPart::month_number);
    add(Kind::folder, 12 * year + month - 1, {i + 1, i + 3});
    return 4;
  }

  /// "2025-03", "2025/03/26".
  std::size_t try_year_first(std::size_t i) {
    const int year = year_at(i);
    const int month = digits(i + 2, 1, 2);
    if (year < 0 || !is_joint(i + 1) || month < 1 || month > 12) return 0;
    if (at(i + 2).size() == 2 && month == (year + 1) % 100) return 0;  // a financial year
    mark(i, UrlPart::year);
    mark(i + 2, UrlPart::month_number);
    const int day = at(i + 3) == at(i + 1) ? digits(i + 4, 1, 2) : -1;
    if (day < 1 || !is_calendar_date(year, month, day)) {
      add(Kind::month, 12 * year + month - 1, {i, i + 2});
      return 3;
    }
    mark(i + 4, UrlPart::day);
    add(Kind::date, calendar_days(year, month, day), {i, i + 2, i + 4});
    return 5;
  }

  /// "26-03-2025", "03-2025".
  std::size_t try_day_first(std::size_t i) {
    const int first = digits(i, 1, 2);
    if (first < 1 || !is_joint(i + 1) || (i > 0 && at(i - 1) == ".")) return 0;
    const int month = digits(i + 2, 1, 2);
    const int year = at(i + 3) == at(i + 1) ? year_at(i + 4) : -1;
    if (year >= 0 && month >= 1 && month <= 12 && is_calendar_date(year, month, first)) {
      mark(i, UrlPart::day);
      mark(i + 2, UrlPart::month_number);
      mark(i + 4, UrlPart::year);
      add(Kind::date, calendar_days(year, month, first), {i, i + 2, i + 4});
      return 5;
    }
    const int only_year = at(i).size() == 2 && at(i + 1) != "/" ? year_at(i + 2) : -1;
    if (only_year < 0 || first > 12) return 0;
    mark(i, UrlPart::month_number);
    mark(i + 2, UrlPart::year);
    add(Kind::month, 12 * only_year + first - 1, {i, i + 2});
    return 3;
  }

  /// "20250326", "26032025", "202503"; of six digits with a day only those of the edition's own date.
  std::size_t try_compact(std::size_t i) {
    if (digits(i, 6, 8) < 0 || at(i).size() == 7) return 0;
    const std::string s{at(i)};
    const auto part = [&](std::size_t from, std::size_t n) { return url_number(s.substr(from, n)); };
    const auto is_date = [&](int y, int m, int d) {
      return is_near(y) && m >= 1 && m <= 12 && is_calendar_date(y, m, d);
    };
    const auto take = [&](UrlPart how, int y, int m, int d) {
      mark(i, how);
      add(Kind::date, calendar_days(y, m, d), {i});
      return std::size_t{1};
    };
    if (s.size() == 8) {
      if (is_date(part(0, 4), part(4, 2), part(6, 2)))
        return take(UrlPart::date_year_first, part(0, 4), part(4, 2), part(6, 2));
      if (is_date(part(4, 4), part(2, 2), part(0, 2)))
        return take(UrlPart::date_day_first, part(4, 4), part(2, 2), part(0, 2));
      return 0;
    }
    const auto is_due = [&](int y, int m, int d) {
      return former_.day == d && former_.month == 12 * (2000 + y) + m - 1 && is_date(2000 + y, m, d);
    };
    if (is_due(part(4, 2), part(2, 2), part(0, 2)))
      return take(UrlPart::date_day_first, 2000 + part(4, 2), part(2, 2), part(0, 2));
    if (is_due(part(0, 2), part(2, 2), part(4, 2)))
      return take(UrlPart::date_year_first, 2000 + part(0, 2), part(2, 2), part(4, 2));
    const int year = part(0, 4);
    const int month = part(4, 2);
    if (!is_near(year) || month < 1 || month > 12 || month == (year + 1) % 100) return 0;
    mark(i, UrlPart::year_month);
    add(Kind::month, 12 * year + month - 1, {i});
    return 1;
  }

  /// How many tokens from `i` on tell a financial year, and its first year.
  [[nodiscard]] std::pair<std::size_t, int> financial_at(std::size_t i) const {
    const int six = digits(i, 6, 6);
    if (six > 0 && is_near(six / 100) && six % 100 == (six / 100 + 1) % 100) return {1, six / 100};
    const int four = digits(i, 4, 4);
    if (four > 0 && !is_near(four) && is_near(2000 + four / 100) && four % 100 == four / 100 + 1)
      return {1, 2000 + four / 100};
    const int year = year_at(i) >= 0 ? year_at(i) : short_year_at(i);
    if (year < 0) return {0, 0};
    std::size_t next = i + 1;
    if (is_joint(next)) ++next;
    if (next > i + 1 && at(next) == "to" && is_joint(next + 1)) next += 2;
    if (next == i + 1 && at(next) == "to") ++next;
    if (next == i + 1) return {0, 0};
    const bool is_short = at(i).size() == 2;
    const int second = digits(next, 2, is_short ? 2 : 4);
    const bool follows = second == (at(next).size() == 4 ? year + 1 : (year + 1) % 100) && at(next).size() != 3;
    return follows ? std::pair{next - i + 1, year} : std::pair{std::size_t{0}, 0};
  }

  std::size_t try_financial(std::size_t i) {
    const auto [n, year] = financial_at(i);
    if (n == 0) return 0;
    merge(i, n, UrlPart::financial_year);
    add(Kind::financial_year, year, {i});
    return 1;
  }

  /// A year or financial year right before token `i` that nothing else needs; it is taken from the periods.
  std::optional<UrlPeriod> take_before(std::size_t i) {
    if (i < 2 || !is_joint(i - 1) || url_.periods.empty()) return std::nullopt;
    UrlPeriod last = url_.periods.back();
    const bool is_lone = last.kind == Kind::year || last.kind == Kind::financial_year;
    if (!is_lone || last.tokens.back() != i - 2) return std::nullopt;
    url_.periods.pop_back();
    return last;
  }

  /// "q1-2025", "quarter-1-2024-25", "2025-q1".
  std::size_t try_quarter(std::size_t i) {
    const std::string word = url_lower(at(i));
    if (word != "q" && word != "qtr" && word != "quarter") return 0;
    const std::size_t n = is_joint(i + 1) && word != "q" ? i + 2 : i + 1;
    const int quarter = digits(n, 1, 1);
    if (quarter < 1 || quarter > 4) return 0;
    const auto before = take_before(i);
    mark(n, UrlPart::quarter);
    std::vector<std::size_t> tokens{n};
    const std::size_t after = is_joint(n + 1) ? n + 2 : n + 1;
    if (before) {
      tokens.push_back(before->tokens.front());
      add(Kind::quarter, 4 * before->value + quarter - 1, std::move(tokens));
      return n - i + 1;
    }
    if (const auto [size, first] = financial_at(after); size > 0) {
      merge(after, size, UrlPart::financial_year);
      tokens.push_back(after);
      add(Kind::quarter, 4 * first + quarter - 1, std::move(tokens));
      return after - i + 1;
    }
    const int year = year_at(after) >= 0 ? year_at(after) : short_year_at(after);
    if (year < 0) {
      without_year_.push_back(url_.periods.size());
      add(Kind::quarter, quarter - 1, std::move(tokens));
      return n - i + 1;
    }
    mark(after, at(after).size() == 4 ? UrlPart::year : UrlPart::short_year);
    tokens.push_back(after);
    add(Kind::quarter, 4 * year + quarter - 1, std::move(tokens));
    return after - i + 1;
  }

  /// The month that the letters are, or end with where a year follows at once: "outputukapril2026".
  std::optional<int> month_at(std::size_t& i) {
    if (at(i).empty() || !is_url_letter(at(i)[0])) return std::nullopt;
    if (const auto m = month_of_word(at(i))) return m;
    if (year_at(i + 1) < 0) return std::nullopt;
    const std::string word = url_lower(at(i));
    for (int m = 0; m < 12; ++m) {
      const std::string name = month_word(m, MonthForm::full);
      if (!word.ends_with(name)) continue;
      std::string& whole = url_.tokens[i].text;
      const std::string tail = whole.substr(whole.size() - name.size());
      whole.resize(whole.size() - name.size());
      ++i;
      url_.tokens.insert(url_.tokens.begin() + static_cast<std::ptrdiff_t>(i), UrlToken{UrlPart::text, tail});
      return m;
    }
    return std::nullopt;
  }

  /// "march-2025", "26-march-2025", "march-26-2025", "mar25", "2025-march", "march".
  std::size_t try_month(std::size_t from) {
    std::size_t i = from;
    const auto month = month_at(i);
    if (!month) return 0;
    mark(i, UrlPart::month_name);
    const std::size_t after = is_joint(i + 1) ? i + 2 : i + 1;
    if (const int year = year_at(after); year >= 0) return add_month(from, i, *month, {after, year, UrlPart::year});
    const std::size_t third = is_joint(after + 1) ? after + 2 : after + 1;
    const int day_after = digits(after, 1, 2);
    if (const int year = year_at(third); year >= 0 && day_after >= 1 && is_calendar_date(year, *month + 1, day_after)) {
      mark(after, UrlPart::day);
      mark(third, UrlPart::year);
      add(Kind::date, calendar_days(year, *month + 1, day_after), {after, i, third});
      return third - from + 1;
    }
    if (const int year = short_year_at(after); year >= 0)
      return add_month(from, i, *month, {after, year, UrlPart::short_year});
    if (const auto before = take_before(i); before && before->kind == Kind::year) {
      add(Kind::month, 12 * before->value + *month, {i, before->tokens.front()});
      return i - from + 1;
    } else if (before) {
      url_.periods.push_back(*before);
    }
    without_year_.push_back(url_.periods.size());
    add(Kind::month, *month, {i});
    return i - from + 1;
  }

  struct YearAfter {
    std::size_t token;
    int year;
    UrlPart part;
  };
  std::size_t add_month(std::size_t from, std::size_t i, int month, const YearAfter& y) {
    mark(y.token, y.part);
    const std::size_t before = i >= 2 && is_joint(i - 1) ? i - 2 : i - 1;
    const int day = i >= 1 && url_.tokens[before].part == UrlPart::text ? digits(before, 1, 2) : -1;
    if (day >= 1 && is_calendar_date(y.year, month + 1, day)) {
      mark(before, UrlPart::day);
      add(Kind::date, calendar_days(y.year, month + 1, day), {before, i, y.token});
    } else {
      add(Kind::month, 12 * y.year + month, {i, y.token});
    }
    return y.token - from + 1;
  }

  /// "v4", "version-2".
  std::size_t try_version(std::size_t i) {
    const std::string word = url_lower(at(i));
    const bool is_word = word == "v" || word == "version" || word == "rev";
    if (!is_word || (i > 0 && !is_joint(i - 1))) return 0;
    const std::size_t n = is_joint(i + 1) && word != "v" ? i + 2 : i + 1;
    if (digits(n, 1, 3) < 0) return 0;
    mark(n, UrlPart::version);
    return n - i + 1;
  }

  std::size_t try_year(std::size_t i) {
    const int year = year_at(i);
    if (year < 0) return 0;
    mark(i, UrlPart::year);
    add(Kind::year, year, {i});
    return 1;
  }

  // ---- what stands apart from its year ----

  /// The year of a month or quarter that tells none: that of the month it leads to ("january-to-march-2025"), a year
  /// elsewhere in the URL, or the one that puts it last before the due date.
  void give_years() {
    for (const std::size_t p : without_year_) {
      UrlPeriod& period = url_.periods[p];
      const UrlPeriod* next = p + 1 < url_.periods.size() ? &url_.periods[p + 1] : nullptr;
      const bool is_lent = std::find(without_year_.begin(), without_year_.end(), p + 1) != without_year_.end();
      if (period.kind == Kind::month && next != nullptr && next->kind == Kind::month && !is_lent) {
        period.value += 12 * ((next->value - period.value) / 12);
      } else if (period.kind == Kind::month) {
        const int lag = ((former_.month - period.value) % 12 + 12) % 12;
        period.value = former_.month - lag;
        if (lag > kLongestLag) forget(period);
      } else {
        const int lag = ((former_.month / 3 - period.value) % 4 + 4) % 4;
        period.value = former_.month / 3 - lag;
        if (const UrlPeriod* year = lone_year(); year != nullptr) period.value = 4 * year->value + period.value % 4;
      }
    }
  }

  [[nodiscard]] const UrlPeriod* lone_year() const {
    const auto it = std::find_if(url_.periods.begin(), url_.periods.end(), [](const UrlPeriod& p) {
      return !p.tokens.empty() && (p.kind == Kind::year || p.kind == Kind::financial_year);
    });
    return it == url_.periods.end() ? nullptr : &*it;
  }

  void forget(UrlPeriod& p) {
    for (const std::size_t t : p.tokens) mark(t, UrlPart::text);
    p.tokens.clear();
  }

  /// A year of its own ("/2025/march-2025.pdf") goes with the month, quarter or day that lies in it.
  void join_lone_years() {
    for (UrlPeriod& year : url_.periods) {
      if (year.kind != Kind::year && year.kind != Kind::financial_year) continue;
      const auto holds = [&](const UrlPeriod& p) {
        const bool of_months = p.kind == Kind::month && !p.tokens.empty();
        if (of_months && year.kind == Kind::year) return p.value / 12 == year.value;
        if (of_months) return financial_year_of(p.value) == year.value;
        return p.kind == Kind::quarter && p.value / 4 == year.value;
      };
      const auto of = std::find_if(url_.periods.begin(), url_.periods.end(), holds);
      if (of == url_.periods.end()) continue;
      of->tokens.insert(of->tokens.end(), year.tokens.begin(), year.tokens.end());
      year.tokens.clear();
    }
    std::erase_if(url_.periods, [](const UrlPeriod& p) { return p.tokens.empty(); });
  }

  EditionDay former_;
  int former_year_;
  DatedUrl url_;
  std::vector<std::size_t> without_year_;  // of url_.periods
};

}  // namespace

DatedUrl read_url_dates(std::string_view path_query, const EditionDay& former) {
  return UrlDateReader{path_query, former}.read();
}

}  // namespace embargod
