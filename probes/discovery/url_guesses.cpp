#include "probes/discovery/url_guesses.h"

#include <algorithm>
#include <array>
#include <utility>

#include "probes/discovery/url_tokens.h"

namespace embargod {
namespace {

// What makes a guess less likely; the least comes first. Sums, so that two small doubts weigh as one larger.
constexpr int kOtherFolderCost = 1;
constexpr int kOtherShiftCost = 3;
constexpr int kEndingCost = 4;
constexpr int kNextVersionCost = 5;
constexpr int kPaddingCost = 7;
constexpr int kMonthFormCost = 8;
constexpr int kFinalCost = 10;
constexpr int kCopyCost = 11;
constexpr int kSeparatorCost = 12;
constexpr int kSmallLettersCost = 13;

// A URL with more is no file of an edition, and would cost time.
constexpr std::size_t kLongestGuessedPath = 2'000;
constexpr std::size_t kMostPeriods = 12;

constexpr std::array<const char*, 4> kGuessedEndings{".pdf", ".xlsx", ".csv", ".ods"};

/// A URL in the making: what was done to it so far.
struct Draft {
  std::vector<UrlToken> tokens;
  std::vector<std::string> rules;
  int cost = 0;

  [[nodiscard]] Draft with(std::string rule, int more) const {
    Draft d = *this;
    d.rules.push_back(std::move(rule));
    d.cost += more;
    return d;
  }
};

std::string change_words(const std::string& what, const std::string& from, const std::string& to) {
  return what + ": " + from + " -> " + to;
}

Draft shifted_draft(const DatedUrl& url, const EditionShift& shift) {
  Draft d{url.tokens, {}, 0};
  for (const UrlPeriod& p : url.periods) {
    const UrlPeriod next = moved_by(p, shift);
    if (next.value == p.value) continue;
    write_period(d.tokens, next);
    std::string rule = change_words(period_kind_words(p.kind), period_words(p), period_words(next));
    if (std::find(d.rules.begin(), d.rules.end(), rule) == d.rules.end()) d.rules.push_back(std::move(rule));
  }
  return d;
}

/// The folder for the month of due and for the one before, the way the former edition was uploaded first.
std::vector<Draft> folder_drafts(const Draft& d, const DatedUrl& url, const EditionDay& former,
                                 const EditionDay& coming) {
  const auto is_folder = [](const UrlPeriod& p) { return p.kind == UrlPeriod::Kind::folder; };
  const auto folder = std::find_if(url.periods.begin(), url.periods.end(), is_folder);
  if (folder == url.periods.end()) return {d};
  const bool was_month_before = former.month - folder->value == 1;
  std::vector<Draft> out;
  for (const int lag : {0, 1}) {
    UrlPeriod next = *folder;
    next.value = coming.month - lag;
    const bool is_usual = (lag == 1) == was_month_before;
    Draft one =
        d.with(change_words("folder", period_words(*folder), period_words(next)), is_usual ? 0 : kOtherFolderCost);
    write_period(one.tokens, next);
    out.push_back(std::move(one));
  }
  return out;
}

// ---- other spellings ----

/// Tokens of the file's name: behind the last '/', before the query.
struct NameRange {
  std::size_t begin = 0, end = 0;
};
NameRange name_range(const std::vector<UrlToken>& tokens) {
  NameRange r;
  while (r.end < tokens.size() && tokens[r.end].text != "?") ++r.end;
  for (r.begin = r.end; r.begin > 0 && tokens[r.begin - 1].text != "/"; --r.begin) {
  }
  return r;
}

/// Where the ending's dot is, else `end`.
std::size_t ending_at(const std::vector<UrlToken>& tokens, const NameRange& name) {
  for (std::size_t i = name.end; i > name.begin; --i)
    if (tokens[i - 1].text == ".") return i - 1;
  return name.end;
}

std::string text_between(const std::vector<UrlToken>& tokens, std::size_t begin, std::size_t end) {
  std::string out;
  for (std::size_t i = begin; i < end; ++i) out += tokens[i].text;
  return out;
}

void add_endings(const Draft& d, std::vector<Draft>& out) {
  const NameRange name = name_range(d.tokens);
  const std::size_t dot = ending_at(d.tokens, name);
  const std::string now = url_lower(text_between(d.tokens, dot, name.end));
  const bool is_document = now == ".xls" || now == ".doc" || now == ".docx" || now == ".odt" || now == ".zip" ||
                           std::find(kGuessedEndings.begin(), kGuessedEndings.end(), now) != kGuessedEndings.end();
  if (!is_document) return;
  int more = 0;
  for (const std::string ending : kGuessedEndings) {
    if (ending == now) continue;
    Draft one = d.with(change_words("ending", now, ending), kEndingCost + more++ / 2);
    one.tokens.resize(dot + 1);
    one.tokens.push_back({UrlPart::text, ending.substr(1)});
    one.tokens.insert(one.tokens.end(), d.tokens.begin() + static_cast<std::ptrdiff_t>(name.end), d.tokens.end());
    out.push_back(std::move(one));
  }
}

void add_versions(const Draft& d, std::vector<Draft>& out) {
  for (std::size_t i = 0; i < d.tokens.size(); ++i) {
    if (d.tokens[i].part != UrlPart::version) continue;
    const std::string now = d.tokens[i].text;
    const int n = url_number(now);
    int more = 0;
    for (const int next : {n + 1, 1, n - 1, n + 2}) {
      if (next < 1 || next == n || (next == 1 && more > 1)) continue;
      const std::string digits = std::to_string(next);
      const std::string text =
          digits.size() < now.size() && now[0] == '0' ? std::string(now.size() - digits.size(), '0') + digits : digits;
      Draft one = d.with(change_words("version", "v" + now, "v" + text), kNextVersionCost + more++);
      one.tokens[i].text = text;
      out.push_back(std::move(one));
    }
  }
}

/// "-final" at the end of the name, or without it; and the "-1" that an upload of the same name gets.
void add_tails(const Draft& d, std::vector<Draft>& out) {
  const NameRange name = name_range(d.tokens);
  const std::size_t dot = ending_at(d.tokens, name);
  if (dot == name.end || dot < name.begin + 2) return;
  const std::string joint = text_between(d.tokens, name.begin, dot).find('_') != std::string::npos ? "_" : "-";
  const auto at_dot = static_cast<std::ptrdiff_t>(dot);
  if (url_lower(d.tokens[dot - 1].text) == "final") {
    Draft one = d.with(change_words("ending of the name", d.tokens[dot - 2].text + "final", "none"), kFinalCost);
    one.tokens.erase(one.tokens.begin() + at_dot - 2, one.tokens.begin() + at_dot);
    out.push_back(std::move(one));
    return;
  }
  const auto add = [&](const std::string& tail, int cost) {
    Draft one = d.with(change_words("ending of the name", "none", tail), cost);
    one.tokens.insert(one.tokens.begin() + at_dot, UrlToken{UrlPart::text, tail});
    out.push_back(std::move(one));
  };
  add(joint + "final", kFinalCost);
  const auto is_upload = [](const UrlToken& t) { return url_lower(t.text).find("upload") != std::string::npos; };
  if (std::any_of(d.tokens.begin(), d.tokens.end(), is_upload)) add("-1", kCopyCost);
}

void add_padding(const Draft& d, std::vector<Draft>& out) {
  Draft one = d;
  std::string from;
  std::string to;
  for (UrlToken& t : one.tokens) {
    const bool is_number = t.part == UrlPart::month_number || t.part == UrlPart::day;
    if (!is_number || url_number(t.text) > 9) continue;
    if (from.empty()) from = t.text;
    t.text = t.text.size() == 1 ? "0" + t.text : t.text.substr(1);
    if (to.empty()) to = t.text;
  }
  if (!from.empty()) {
    one.rules.push_back(change_words("zero padding", from, to));
    one.cost += kPaddingCost;
    out.push_back(std::move(one));
  }
}

/// The month in full, in letters, as a number.
void add_month_forms(const Draft& d, std::vector<Draft>& out) {
  const auto is_name = [](const UrlToken& t) { return t.part == UrlPart::month_name; };
  const auto first = std::find_if(d.tokens.begin(), d.tokens.end(), is_name);
  if (first == d.tokens.end()) return;
  std::vector<std::string> said{first->text};
  int more = 0;
  const auto add = [&](const auto& written) {
    Draft one = d;
    for (UrlToken& t : one.tokens)
      if (is_name(t))
        if (const auto m = month_of_word(t.text)) t.text = written(*m, t.text);
    const auto now = std::find_if(one.tokens.begin(), one.tokens.end(), is_name)->text;
    if (std::find(said.begin(), said.end(), now) != said.end()) return;
    one.rules.push_back(change_words("month written as", first->text, now));
    one.cost += kMonthFormCost + more++;
    said.push_back(now);
    out.push_back(std::move(one));
  };
  for (const MonthForm form : {MonthForm::three_letters, MonthForm::full, MonthForm::four_letters})
    add([form](int m, const std::string& like) { return in_case_of(month_word(m, form), like); });
  add([](int m, const std::string&) { return (m < 9 ? "0" : "") + std::to_string(m + 1); });
}

/// Other joints between the words of the file's name.
void add_separators(const Draft& d, std::vector<Draft>& out) {
  const NameRange name = name_range(d.tokens);
  const std::size_t dot = ending_at(d.tokens, name);
  const auto swap = [&](const std::string& from, const std::string& to, int cost) {
    Draft one = d.with(change_words("separator", from, to), cost);
    bool any = false;
    for (std::size_t i = name.begin; i < dot; ++i)
      if (one.tokens[i].text == from) {
        one.tokens[i].text = to;
        any = true;
      }
    if (any) out.push_back(std::move(one));
  };
  swap("-", "_", kSeparatorCost);
  swap("_", "-", kSeparatorCost);
  swap("%20", "-", kSeparatorCost);
  swap("-", "%20", kSeparatorCost + 2);
}

void add_small_letters(const Draft& d, std::vector<Draft>& out) {
  const NameRange name = name_range(d.tokens);
  Draft one = d.with("letters: all small", kSmallLettersCost);
  bool any = false;
  for (std::size_t i = name.begin; i < name.end; ++i) {
    std::string small = d.tokens[i].text.starts_with('%') ? d.tokens[i].text : url_lower(d.tokens[i].text);
    any = any || small != d.tokens[i].text;
    one.tokens[i].text = std::move(small);
  }
  if (any) out.push_back(std::move(one));
}

UrlGuess guess_of(const Draft& d) {
  std::string rule;
  for (const std::string& r : d.rules) rule += (rule.empty() ? "" : ", ") + r;
  return {joined_tokens(d.tokens), std::move(rule), d.cost};
}

}  // namespace

std::vector<UrlGuess> guesses_of(std::string_view path_query, const EditionDay& former, const EditionDay& coming) {
  if (path_query.size() > kLongestGuessedPath) return {};
  const DatedUrl url = read_url_dates(path_query, former);
  if (url.periods.size() > kMostPeriods) return {};
  const bool has_version =
      std::any_of(url.tokens.begin(), url.tokens.end(), [](const UrlToken& t) { return t.part == UrlPart::version; });
  std::vector<Draft> drafts;
  int cost = 0;
  for (const EditionShift& shift : edition_shifts(former, coming)) {
    for (Draft& d : folder_drafts(shifted_draft(url, shift), url, former, coming)) {
      d.cost += cost;
      drafts.push_back(std::move(d));
    }
    cost += kOtherShiftCost;
  }
  // Other spellings of a URL that tells no edition are other URLs of the former one.
  if (url.periods.empty() && !has_version) return {};
  const Draft likeliest =
      *std::min_element(drafts.begin(), drafts.end(), [](const Draft& a, const Draft& b) { return a.cost < b.cost; });
  if (!url.periods.empty())
    for (const auto add :
         {&add_endings, &add_tails, &add_padding, &add_month_forms, &add_separators, &add_small_letters})
      add(likeliest, drafts);
  add_versions(likeliest, drafts);
  std::vector<UrlGuess> out;
  out.reserve(drafts.size());
  for (const Draft& d : drafts) out.push_back(guess_of(d));
  return out;
}

}  // namespace embargod
