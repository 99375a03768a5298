#include "daemon/report/written_report.h"

#include <algorithm>
#include <array>
#include <optional>

#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr const char* kBlanks = " \t\r\n\v\f";
constexpr std::size_t kLongestLabel = 90;

std::string trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(kBlanks);
  if (from == std::string_view::npos) return {};
  return std::string{text.substr(from, text.find_last_not_of(kBlanks) + 1 - from)};
}

std::string lower(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

/// What word processors put in place of plain spaces and between letters, made plain; tabs stay.
std::string plain_spaces(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kPlain{{{"\xC2\xA0", " "},
                                                                                        {"\xE2\x80\xAF", " "},
                                                                                        {"\xE2\x80\x87", " "},
                                                                                        {"\xE2\x81\xA0", ""},
                                                                                        {"\xE2\x80\x8B", ""},
                                                                                        {"\xC2\xAD", ""}}};
  std::string out;
  for (std::size_t k = 0; k < text.size();) {
    const auto it = std::find_if(kPlain.begin(), kPlain.end(),
                                 [rest = text.substr(k)](const auto& p) { return rest.starts_with(p.first); });
    out += it == kPlain.end() ? text.substr(k, 1) : it->second;
    k += it == kPlain.end() ? 1 : it->first.size();
  }
  return out;
}

/// Every run of blanks as one space.
std::string single_spaced(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool is_blank = std::string_view{kBlanks}.find(c) != std::string_view::npos;
    if (!is_blank) out += c;
    if (is_blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  return out;
}

struct KnownLabel {
  std::string_view begins;
  WrittenField field;
};

// As the forms of 2009 to 2021 and the log entry have them.
constexpr std::array kKnownLabels{
    KnownLabel{"title and link", WrittenField::title},
    KnownLabel{"title of", WrittenField::title},
    KnownLabel{"person dealing", WrittenField::contact},
    KnownLabel{"contact details", WrittenField::contact},
    KnownLabel{"contact name", WrittenField::contact},
    KnownLabel{"contact person", WrittenField::contact},
    KnownLabel{"name and contact", WrittenField::contact},
    KnownLabel{"head of profession", WrittenField::contact},
    KnownLabel{"lead official", WrittenField::contact},
    KnownLabel{"reported by", WrittenField::contact},
    KnownLabel{"date of report", WrittenField::report_date},
    KnownLabel{"report date", WrittenField::report_date},
    KnownLabel{"date of occurrence", WrittenField::occurrence},
    KnownLabel{"date of breach", WrittenField::occurrence},
    KnownLabel{"date of the breach", WrittenField::occurrence},
    KnownLabel{"link to published", WrittenField::statement},
    KnownLabel{"published statement", WrittenField::statement},
    KnownLabel{"link to statement", WrittenField::statement},
    KnownLabel{"name of producer", WrittenField::other},
    KnownLabel{"producer", WrittenField::other},
    KnownLabel{"relevant principle", WrittenField::other},
    KnownLabel{"pillar", WrittenField::other},
    KnownLabel{"principle", WrittenField::other},
    KnownLabel{"account", WrittenField::other},
    KnownLabel{"circumstances", WrittenField::other},
    KnownLabel{"impact", WrittenField::other},
    KnownLabel{"corrective", WrittenField::other},
    KnownLabel{"short term", WrittenField::other},
    KnownLabel{"longer term", WrittenField::other},
};

std::optional<WrittenField> known_field(const std::string& label) {
  const std::string l = lower(single_spaced(label));
  if (l == "to" || l == "from" || l == "contact") return WrittenField::contact;
  if (l == "title") return WrittenField::title;
  for (const KnownLabel& k : kKnownLabels)
    if (l.starts_with(k.begins)) return k.field;
  return std::nullopt;
}

/// What stands within the details of a person, and ends no field.
bool is_detail_of_person(const std::string& label) {
  const std::string l = lower(label);
  return std::any_of(l.begin(), l.end(), [](char c) { return c != ' '; }) &&
         (l.starts_with("e-mail") || l.starts_with("email") || l.starts_with("tel") || l.starts_with("phone") ||
          l.starts_with("name") || l.starts_with("address") || l.starts_with("mobile"));
}

/// "2.1 Timeline" -> "Timeline"
std::string without_number(const std::string& text) {
  const auto at = text.find_first_not_of("0123456789.");
  if (at == 0 || at == std::string::npos || text[at] != ' ') return text;
  return trimmed(text.substr(at));
}

/// A known label on a line of its own, as forms have it that were saved as text.
bool is_bare_label(const std::string& text) {
  constexpr std::size_t kLongest = 60;
  return text.size() <= kLongest && known_field(without_number(text)) &&
         text.find_first_of("0123456789@.<") == std::string::npos;
}

/// "Date of report: 25 April 2018", with a colon or a tab.
struct SplitLabel {
  std::string label;
  std::string rest;
};
std::optional<SplitLabel> split_label(const std::string& text) {
  const auto at = text.find_first_of(":\t");
  if (at == std::string::npos || at == 0 || at > kLongestLabel) return std::nullopt;
  SplitLabel s{without_number(trimmed(text.substr(0, at))), trimmed(text.substr(at + 1))};
  if (!known_field(s.label)) return std::nullopt;
  return s;
}

class PassageMaker {
 public:
  std::vector<Passage> of(const std::vector<WrittenLine>& lines) {
    for (const WrittenLine& l : lines) take(l);
    end_passage();
    return std::move(made_);
  }

 private:
  void take(const WrittenLine& l) {
    const std::string text = trimmed(plain_spaces(l.text));
    if (text.empty()) return end_passage();
    if (const auto split = l.is_label ? std::nullopt : split_label(text)) {
      begin_field(split->label);
      end_passage();
      if (!split->rest.empty()) append(split->rest, l.number);
      return;
    }
    const bool ends_as_label = text.back() == ':' && text.size() <= kLongestLabel;
    if (l.is_label || ends_as_label || is_bare_label(text)) {
      std::string label = without_number(text);
      if (ends_as_label) label = trimmed(label.substr(0, label.size() - 1));
      end_passage();
      begin_field(label);
      append(text, l.number);
      open_.is_label = true;
      end_passage();
      return;
    }
    if (l.is_first) end_passage();
    append(text, l.number);
    if (l.is_last) end_passage();
  }

  void begin_field(const std::string& label) {
    if (field_ == WrittenField::contact && is_detail_of_person(label)) return;
    end_passage();
    field_ = known_field(label).value_or(WrittenField::other);
  }

  void append(const std::string& text, int line) {
    if (!open_.text.empty()) open_.text += ' ';
    open_.lines.emplace_back(open_.text.size(), line);
    open_.text += single_spaced(text);
  }

  void end_passage() {
    open_.field = field_;
    if (!open_.text.empty()) made_.push_back(std::move(open_));
    open_ = {};
  }

  std::vector<Passage> made_;
  Passage open_;
  WrittenField field_ = WrittenField::other;
};

bool looks_as_html(std::string_view bytes) {
  const std::string begin = lower(trimmed(bytes.substr(0, 512)));
  return begin.starts_with("<!doctype html") || begin.starts_with("<html");
}

}  // namespace

int Passage::line_at(std::size_t offset) const {
  int line = lines.empty() ? 0 : lines.front().second;
  for (const auto& [from, number] : lines)
    if (from <= offset) line = number;
  return line;
}

std::vector<Passage> passages_of(const std::vector<WrittenLine>& lines) { return PassageMaker{}.of(lines); }

Result<WrittenReport> read_written_report(std::string_view bytes, const std::string& file) {
  WrittenReport report;
  report.file = file;
  Result<std::vector<WrittenLine>> lines;
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (bytes.starts_with("PK\x03\x04")) {
    lines = office_lines(bytes);
    report.unit = "paragraph";
  } else if (const auto bad = invalid_utf8(bytes); bad || bytes.find('\0') != std::string_view::npos) {
    return fail(Errc::corrupt, "is neither text in UTF-8 nor a Word or OpenDocument file", file,
                "save it as .docx, .odt, or as text in UTF-8");
  } else if (looks_as_html(bytes)) {
    lines = html_lines(bytes);
    report.unit = "paragraph";
  } else {
    lines = lower(file).ends_with(".md") ? markdown_lines(bytes) : text_lines(bytes);
  }
  if (!lines) {
    Fault f = lines.error();
    f.where = file;
    return tl::unexpected<Fault>{std::move(f)};
  }
  report.passages = passages_of(*lines);
  if (report.passages.empty()) return fail(Errc::invalid_input, "holds no text", file, "name the finished report");
  return report;
}

}  // namespace embargod
