#pragma once
// Where the nodes of parse_strict_yaml() stand in the bytes that it read, to change single values and keep every other
// byte. Only for text that parse_strict_yaml() accepted. Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/strict_yaml.h"

namespace embargod {

struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;  // behind the last
};

/// Takes out the bytes of `where` and puts `text` there.
struct TextEdit {
  ByteRange where;
  std::string text;
};

/// Borrows the text.
class YamlText {
 public:
  explicit YamlText(std::string_view text);

  /// The text's size if the position is unknown or outside.
  [[nodiscard]] std::size_t offset(YamlPos at) const;
  /// The scalar with its quotes; nullopt if it is none, a block (| or >), or plain over several lines.
  [[nodiscard]] std::optional<ByteRange> scalar(const YamlNode& node) const;
  /// True if a map or a sequence is written in braces or brackets.
  [[nodiscard]] bool is_flow(const YamlNode& node) const;

  /// First byte of the line that holds `at`; a byte order mark belongs to no line.
  [[nodiscard]] std::size_t line_begin(std::size_t at) const;
  /// First byte behind that line with its line break.
  [[nodiscard]] std::size_t next_line(std::size_t at) const;
  /// That line without its line break.
  [[nodiscard]] std::string_view line(std::size_t at) const;

  [[nodiscard]] std::string_view text() const { return text_; }
  /// "\r\n" if the first line ends so.
  [[nodiscard]] const std::string& line_break() const { return break_; }
  /// True if something stands behind the last line break.
  [[nodiscard]] bool is_last_line_open() const;

 private:
  std::string_view text_;
  std::size_t first_;  // behind the byte order mark
  std::vector<std::size_t> starts_;
  std::string break_;
};

/// `edits` may come in any order and must not overlap; those at one place are made in the order given.
[[nodiscard]] std::string with_edits(std::string_view text, std::vector<TextEdit> edits);

/// Same kinds, texts, keys and order; positions and quotes do not count.
[[nodiscard]] bool same_yaml(const YamlNode& a, const YamlNode& b);

/// `text` as a double-quoted scalar. It must be one line (not_one_line()).
[[nodiscard]] std::string double_quoted(std::string_view text);

/// `text` plain where every YAML reader takes it for this text, else double_quoted().
[[nodiscard]] std::string yaml_word(std::string_view text);

}  // namespace embargod
