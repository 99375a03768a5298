#pragma once
// Outside text (titles, URLs, answers of servers) made harmless for mails, headers and log lines.

#include <cstddef>
#include <string>
#include <string_view>

namespace embargod {

/// One line of valid UTF-8: controls and line breaks become single spaces, bidirectional controls and other invisible
/// characters go, bad bytes become U+FFFD; cut after `max_chars` characters with "…". Pure.
[[nodiscard]] std::string clean_line(std::string_view text, std::size_t max_chars);

/// The same with '\n' kept (CR LF and CR become '\n'). Pure.
[[nodiscard]] std::string clean_block(std::string_view text, std::size_t max_chars);

/// a to z as A to Z, for headings of ours. Pure.
[[nodiscard]] std::string capitals(std::string text);

/// Printable ASCII only, everything else dropped: for header values that are ours (keys, addresses). Pure.
[[nodiscard]] std::string header_token(std::string_view text);

}  // namespace embargod
