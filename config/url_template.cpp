#include "config/url_template.h"

#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr int kFarthestMonths = 24;

const std::vector<std::string>& template_names() {
  static const std::vector<std::string> names{"yyyy", "yy",  "m", "mm", "month", "Month", "MONTH", "mon",
                                              "Mon",  "MON", "d", "dd", "q",     "fy",    "fyfy"};
  return names;
}

std::string two_template_digits(int n) { return (n < 10 ? "0" : "") + std::to_string(n); }

std::string template_lower(std::string s) {
  for (char& c : s)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return s;
}
std::string template_upper(std::string s) {
  for (char& c : s)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return s;
}

/// "month-1" as its name and months; unset: not so.
struct TemplateField {
  std::string name;
  int months = 0;
};
std::optional<TemplateField> template_field(std::string_view inside) {
  TemplateField f;
  const std::size_t sign = inside.find_first_of("+-");
  f.name = std::string{inside.substr(0, sign)};
  if (sign == std::string_view::npos) return f;
  const std::string_view digits = inside.substr(sign + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), f.months);
  if (digits.empty() || digits[0] == '-' || read.ec != std::errc{} || read.ptr != digits.data() + digits.size() ||
      f.months > kFarthestMonths)
    return std::nullopt;
  if (inside[sign] == '-') f.months = -f.months;
  return f;
}

/// What stands for a field; unset: a day, and none is known.
std::optional<std::string> field_value(const TemplateField& f, const TemplateDate& date) {
  const int count = 12 * date.year + date.month - 1 + f.months;
  const int year = count / 12;
  const int month = count % 12 + 1;
  std::string name = month_name(std::chrono::month{static_cast<unsigned>(month)});
  const int financial = month < 4 ? year - 1 : year;
  if (f.name == "d" || f.name == "dd") {
    if (date.day == 0) return std::nullopt;
    return f.name == "d" ? std::to_string(date.day) : two_template_digits(date.day);
  }
  if (f.name == "yyyy") return std::to_string(year);
  if (f.name == "yy") return two_template_digits(year % 100);
  if (f.name == "m") return std::to_string(month);
  if (f.name == "mm") return two_template_digits(month);
  if (f.name == "month") return template_lower(name);
  if (f.name == "Month") return name;
  if (f.name == "MONTH") return template_upper(name);
  if (f.name == "mon") return template_lower(name.substr(0, 3));
  if (f.name == "Mon") return name.substr(0, 3);
  if (f.name == "MON") return template_upper(name.substr(0, 3));
  if (f.name == "q") return std::to_string((month - 1) / 3 + 1);
  if (f.name == "fy") return std::to_string(financial) + "-" + two_template_digits((financial + 1) % 100);
  return two_template_digits(financial % 100) + two_template_digits((financial + 1) % 100);  // fyfy
}

Result<TemplateField> known_field(std::string_view inside) {
  const auto f = template_field(inside);
  const auto& names = template_names();
  bool is_known = false;
  for (const std::string& n : names) is_known = is_known || (f && f->name == n);
  if (!f || !is_known) {
    const std::string hint = f ? did_you_mean(f->name, names) : std::string{};
    return fail(Errc::invalid_input, in_quotes("{" + std::string{inside} + "}") + " is no part of a date", {},
                hint.empty() ? "there are " + listed(names) + ", and {month-1} for the month before" : hint);
  }
  if (f->months != 0 && f->name.starts_with('d'))
    return fail(Errc::invalid_input, "a day cannot be moved by months", {}, "write {" + f->name + "}");
  return *f;
}

}  // namespace

Result<Url> expand_url_template(std::string_view text, const TemplateDate& date) {
  std::string out;
  const std::size_t scheme = text.find("://");
  const std::size_t path = scheme == std::string_view::npos ? scheme : text.find('/', scheme + 3);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '}') return fail(Errc::invalid_input, "there is a } without its {");
    if (text[i] != '{') {
      out += text[i++];
      continue;
    }
    const std::size_t end = text.find('}', i);
    if (end == std::string_view::npos) return fail(Errc::invalid_input, "there is a { without its }");
    if (path == std::string_view::npos || i < path)
      return fail(Errc::invalid_input, "a date stands in the host or before it", {},
                  "only path and query may have one");
    const auto field = known_field(text.substr(i + 1, end - i - 1));
    if (!field) return tl::unexpected<Fault>{field.error()};
    const auto value = field_value(*field, date);
    if (!value) return fail(Errc::not_found, "no day is known");
    out += *value;
    i = end + 1;
  }
  return parse_url(out);
}

Result<void> check_url_template(std::string_view text) {
  const auto url = expand_url_template(text, kSampleEdition);
  if (!url) return tl::unexpected<Fault>{url.error()};
  if (text.find('{') == std::string_view::npos)
    return fail(Errc::invalid_input, "has no date left open", {},
                "write it like https://stats.example.org/cpi-{month}-{yyyy}.pdf, or name the URL under urls");
  return {};
}

}  // namespace embargod
