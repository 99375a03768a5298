#include "config/edit/yaml_text.h"

#include <algorithm>
#include <array>

namespace embargod {
namespace {

/// Behind the quote that closes the one at `begin`; nullopt if none does.
std::optional<std::size_t> behind_quote(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      const bool is_doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!is_doubled) return i + 1;
      ++i;
    }
  }
  return std::nullopt;
}

}  // namespace

YamlText::YamlText(std::string_view text) : text_{text}, first_{text.starts_with("\xEF\xBB\xBF") ? std::size_t{3} : 0} {
  starts_.push_back(first_);
  for (std::size_t i = first_; i < text.size(); ++i)
    if (text[i] == '\n') starts_.push_back(i + 1);
  const std::size_t end = text.find('\n');
  break_ = end != std::string_view::npos && end > 0 && text[end - 1] == '\r' ? "\r\n" : "\n";
}

std::size_t YamlText::offset(YamlPos at) const {
  if (at.line < 1 || at.column < 1 || static_cast<std::size_t>(at.line) > starts_.size()) return text_.size();
  std::size_t i = starts_[static_cast<std::size_t>(at.line) - 1];
  // Columns count characters, and those behind the first byte of one do not begin another.
  for (int left = at.column - 1; i < text_.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text_[i]) & 0xC0U) != 0x80U;
    if (begins && left == 0) return i;
    if (begins) --left;
  }
  return text_.size();
}

std::optional<ByteRange> YamlText::scalar(const YamlNode& node) const {
  const std::size_t begin = offset(node.at);
  if (node.kind != YamlNode::Kind::scalar || begin >= text_.size()) return std::nullopt;
  if (text_[begin] == '"' || text_[begin] == '\'') {
    const auto end = behind_quote(text_, begin);
    return end ? std::optional{ByteRange{begin, *end}} : std::nullopt;
  }
  if (node.is_quoted || text_.substr(begin, node.text.size()) != node.text) return std::nullopt;
  return ByteRange{begin, begin + node.text.size()};
}

bool YamlText::is_flow(const YamlNode& node) const {
  const std::size_t at = offset(node.at);
  return at < text_.size() && (text_[at] == '{' || text_[at] == '[');
}

std::size_t YamlText::line_begin(std::size_t at) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), at);
  return next == starts_.begin() ? first_ : *(next - 1);
}

std::size_t YamlText::next_line(std::size_t at) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), at);
  return next == starts_.end() ? text_.size() : *next;
}

std::string_view YamlText::line(std::size_t at) const {
  const std::size_t begin = line_begin(at);
  std::string_view l = text_.substr(begin, next_line(at) - begin);
  while (l.ends_with('\n') || l.ends_with('\r')) l.remove_suffix(1);
  return l;
}

bool YamlText::is_last_line_open() const { return text_.size() > first_ && !text_.ends_with('\n'); }

std::string with_edits(std::string_view text, std::vector<TextEdit> edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const TextEdit& a, const TextEdit& b) { return a.where.begin < b.where.begin; });
  std::string out;
  std::size_t at = 0;
  for (const TextEdit& e : edits) {
    out.append(text.substr(at, e.where.begin - at)).append(e.text);
    at = e.where.end;
  }
  return out.append(text.substr(at));
}

bool same_yaml(const YamlNode& a, const YamlNode& b) {
  const auto is_same_entry = [](const YamlEntry& x, const YamlEntry& y) {
    return x.key == y.key && same_yaml(x.value, y.value);
  };
  return a.kind == b.kind && a.text == b.text &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end(), same_yaml) &&
         std::equal(a.entries.begin(), a.entries.end(), b.entries.begin(), b.entries.end(), is_same_entry);
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string yaml_word(std::string_view text) {
  // Words that some reader takes for nothing, a truth value or a number.
  static constexpr std::array<std::string_view, 9> kTaken{"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto may_follow = [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  const bool is_plain = !text.empty() && is_lower(text.front()) && std::all_of(text.begin(), text.end(), may_follow) &&
                        std::find(kTaken.begin(), kTaken.end(), text) == kTaken.end();
  return is_plain ? std::string{text} : double_quoted(text);
}

}  // namespace embargod
