// Formats that are literal text with fields between: NCSA's, nginx's log_format, Apache's LogFormat.

#include <algorithm>
#include <utility>
#include <vector>

#include "config/types/ascii.h"
#include "daemon/impact/log_fields.h"

namespace embargod {
namespace {

struct Piece {
  std::string before;  // literal
  LogField field = LogField::ignore;
  std::string name;  // as written, for faults
};

struct Pattern {
  std::vector<Piece> pieces;
  std::string after;
};

bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// "$name" or "${name}" at `at`; moves `at` behind it.
std::string dollar_name(std::string_view pattern, std::size_t& at) {
  const bool braces = at + 1 < pattern.size() && pattern[at + 1] == '{';
  std::size_t end = at + 1 + (braces ? 1 : 0);
  const std::size_t begin = end;
  while (end < pattern.size() && is_name_char(pattern[end])) ++end;
  std::string name{pattern.substr(begin, end - begin)};
  at = end + (braces && end < pattern.size() && pattern[end] == '}' ? 1 : 0);
  return name;
}

struct PercentField {
  LogField field = LogField::ignore;
  std::string argument;   // of %{...}i
  std::string directive;  // the letter behind
};

LogField header_field(std::string_view header) {
  const std::string name = ascii_lowered(header);
  if (name == "referer") return LogField::referrer;
  if (name == "user-agent") return LogField::agent;
  if (name == "host") return LogField::host;
  return LogField::ignore;
}

/// Apache's letters. The address is that of the connection, or mod_remoteip's: %a, not %{c}a.
LogField percent_field(const std::string& argument, char letter) {
  switch (letter) {
    case 'a':
      return argument.empty() ? LogField::client : LogField::ignore;
    case 'h':
      return LogField::client;
    case 't':
      return LogField::time;
    case 'r':
      return LogField::request;
    case 's':
      return LogField::status;
    case 'b':
    case 'B':
    case 'O':
      return LogField::bytes;
    case 'm':
      return LogField::method;
    case 'U':
      return LogField::target;
    case 'q':
      return LogField::query;
    case 'v':
    case 'V':
      return LogField::host;
    case 'i':
      return header_field(argument);
    default:
      return LogField::ignore;
  }
}

/// "%>s", "%{Referer}i", "%h" at `at`; moves `at` behind it. 0: no letter.
char percent_letter(std::string_view pattern, std::size_t& at, std::string& argument) {
  std::size_t i = at + 1;
  while (i < pattern.size() && (pattern[i] == '>' || pattern[i] == '<' || pattern[i] == '!' || pattern[i] == ',' ||
                                (pattern[i] >= '0' && pattern[i] <= '9')))
    ++i;
  if (i < pattern.size() && pattern[i] == '{') {
    const std::size_t end = pattern.find('}', i);
    if (end == std::string_view::npos) return 0;
    argument = std::string{pattern.substr(i + 1, end - i - 1)};
    i = end + 1;
  }
  if (i < pattern.size() && pattern[i] == '^') i += 2;  // %^FB and the like
  if (i >= pattern.size()) return 0;
  at = i + 1;
  return pattern[i];
}

Fault bad_pattern(std::string what, std::string to_do) {
  return {Errc::invalid_input, "the log format", std::move(what), std::move(to_do)};
}

void add_field(Pattern& out, std::string& literal, LogField field, std::string name) {
  out.pieces.push_back({std::move(literal), field, std::move(name)});
  literal.clear();
}

/// Apache writes the time in brackets of its own.
void add_percent(Pattern& out, std::string& literal, char letter, const std::string& argument) {
  const LogField field = percent_field(argument, letter);
  const std::string name = std::string{"%"} + (argument.empty() ? "" : "{" + argument + "}") + letter;
  const bool brackets = letter == 't' && argument.empty();
  if (brackets) literal += '[';
  add_field(out, literal, field, name);
  if (brackets) literal += ']';
}

Result<Pattern> parse_pattern(std::string_view pattern) {
  Pattern out;
  std::string literal;
  std::size_t at = 0;
  while (at < pattern.size()) {
    const char c = pattern[at];
    if (c == '$') {
      std::string name = dollar_name(pattern, at);
      if (name.empty()) return tl::unexpected(bad_pattern("a $ without a name", "write $remote_addr, $status ..."));
      const LogField field = dollar_field(name);
      add_field(out, literal, field, "$" + name);
    } else if (c == '%' && at + 1 < pattern.size() && pattern[at + 1] == '%') {
      literal += '%';
      at += 2;
    } else if (c == '%') {
      std::string argument;
      const char letter = percent_letter(pattern, at, argument);
      if (letter == 0) return tl::unexpected(bad_pattern("a % without a letter", "write %h, %>s, %{Referer}i ..."));
      add_percent(out, literal, letter, argument);
    } else if (c == '\\' && at + 1 < pattern.size() && (pattern[at + 1] == '"' || pattern[at + 1] == 't')) {
      literal += pattern[at + 1] == 't' ? '\t' : '"';
      at += 2;
    } else {
      literal += c;
      ++at;
    }
  }
  out.after = literal;
  return out;
}

std::optional<Fault> fault_of(const Pattern& p) {
  for (std::size_t i = 1; i < p.pieces.size(); ++i)
    if (p.pieces[i].before.empty())
      return bad_pattern(p.pieces[i - 1].name + " and " + p.pieces[i].name + " have nothing between them",
                         "give the format as the server writes it");
  const auto has = [&](LogField f) {
    return std::any_of(p.pieces.begin(), p.pieces.end(), [&](const Piece& piece) { return piece.field == f; });
  };
  if (!has(LogField::time)) return bad_pattern("there is no time in it", "such as $time_local, $time or %t");
  if (!has(LogField::status)) return bad_pattern("there is no status in it", "such as $status or %>s");
  if (!has(LogField::request) && !has(LogField::target))
    return bad_pattern("it does not say what was asked for", "such as $request, $request_uri, %r or %U");
  return std::nullopt;
}

/// The end of a quoted text that begins at `at`: servers write a quote in it as \" or \x22.
std::size_t closing_quote(std::string_view line, std::size_t at) {
  for (std::size_t end = line.find('"', at); end != std::string_view::npos; end = line.find('"', end + 1)) {
    std::size_t slashes = 0;
    while (end > at + slashes && line[end - 1 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 0) return end;
  }
  return std::string_view::npos;
}

class PatternFormat final : public LogFormat {
 public:
  PatternFormat(Pattern pattern, std::string name) : pattern_{std::move(pattern)}, name_{std::move(name)} {}

  [[nodiscard]] const std::string& name() const override { return name_; }

  // What stands behind the last field is not looked at: servers are told to append fields of their own.
  [[nodiscard]] LineKind read(std::string_view line, LogLine& out) override {
    LogTexts texts;
    std::size_t at = 0;
    const auto& pieces = pattern_.pieces;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const std::string& before = pieces[i].before;
      if (line.compare(at, before.size(), before) != 0) return LineKind::unreadable;
      at += before.size();
      const std::string& next = i + 1 < pieces.size() ? pieces[i + 1].before : pattern_.after;
      const std::size_t end = field_end(line, at, before, next);
      if (end == std::string_view::npos) return LineKind::unreadable;
      if (pieces[i].field != LogField::ignore) texts.set(pieces[i].field, line.substr(at, end - at));
      at = end;
    }
    return line_of(texts, memo_, out) ? LineKind::request : LineKind::unreadable;
  }

 private:
  static std::size_t field_end(std::string_view line, std::size_t at, const std::string& before,
                               const std::string& next) {
    if (next.empty()) return line.size();
    if (before.ends_with('"') && next.starts_with('"')) return closing_quote(line, at);
    return next.size() == 1 ? line.find(next.front(), at) : line.find(next, at);
  }

  Pattern pattern_;
  std::string name_;
  LogTimeMemo memo_;
};

}  // namespace

Result<std::unique_ptr<LogFormat>> make_pattern_format(std::string_view pattern, std::string name) {
  auto parsed = parse_pattern(pattern);
  if (!parsed) return tl::unexpected(parsed.error());
  if (auto fault = fault_of(*parsed)) return tl::unexpected(std::move(*fault));
  return std::make_unique<PatternFormat>(std::move(*parsed), std::move(name));
}

}  // namespace embargod
