#pragma once
// Small judgements about text that people wrote: is it one printable line, what did they mean, how to show it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embargod {

/// Offset of the first byte that is not valid UTF-8 (RFC 3629: no surrogates, no overlong forms); nullopt if all is.
[[nodiscard]] std::optional<std::size_t> invalid_utf8(std::string_view text);

/// Why `text` is not one plain line: "a control character (U+0007)", "a character that reverses text (U+202E)",
/// "invalid UTF-8"; nullopt if it is. Such characters make a title read as another one in a mail or a terminal.
[[nodiscard]] std::optional<std::string> not_one_line(std::string_view text);

/// `text` in quotes for a fault: control and reversing characters as \u{..}, cut after 80 bytes.
[[nodiscard]] std::string in_quotes(std::string_view text);

/// [a-z0-9-]{1,100}: what ids, names and metric labels are made of.
[[nodiscard]] bool is_id(std::string_view text);

/// The one of `words` that is nearest to `typed`, if it is near enough to be meant.
[[nodiscard]] std::optional<std::string> nearest(std::string_view typed, const std::vector<std::string>& words);

/// `did you mean "interval"?`, or "" if nothing is near.
[[nodiscard]] std::string did_you_mean(std::string_view typed, const std::vector<std::string>& words);

/// "a, b and c"
[[nodiscard]] std::string listed(const std::vector<std::string>& words, std::string_view last_joint = " and ");

}  // namespace embargod
