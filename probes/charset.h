#pragma once
// Bytes of a page as UTF-8 text.

#include <cstdint>
#include <string>
#include <string_view>

namespace embargod {

/// The charset is that of the byte order mark, else of the Content-Type, else of a <meta> within the first 4 KB, else
/// UTF-16 if every other one of the first bytes is zero, else UTF-8 if the bytes are valid, else Windows-1252. Names we
/// do not know count as not given. What is broken becomes U+FFFD; control characters become blanks. Linear; the result
/// is at most three times as long. Pure.
[[nodiscard]] std::string to_utf8(std::string_view bytes, std::string_view content_type);

/// UTF-16 by its byte order mark.
[[nodiscard]] bool has_utf16_mark(std::string_view bytes);

void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace embargod
