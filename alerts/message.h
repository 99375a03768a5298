#pragma once
// A mail as bytes (RFC 5322, 2045, 2047). Pure.

#include <string>
#include <string_view>

#include "config/types/time.h"

namespace embargod {

struct MailMessage {
  std::string from;        // address, or "Name <address>"
  std::string to;          // one address
  std::string subject;     // any text; line breaks and controls are taken out
  std::string message_id;  // "<...@...>"
  std::string thread_id;   // Message-ID of the incident's first step; empty in that step itself
  std::string key;         // X-Embargod-Key
  std::string text;        // UTF-8, '\n'
  std::string html;        // UTF-8
  Instant date{};
  bool urgent = false;
};

/// "multipart/alternative" of both texts, every line ended by CR LF, 7 bits. The same input gives the same bytes.
[[nodiscard]] std::string render_message(const MailMessage& m);

/// The address in "Name <a@example.org>" or "a@example.org". Error invalid_input: no '@', spaces, controls, brackets,
/// over 254 bytes.
[[nodiscard]] Result<std::string> mail_address(std::string_view text);

/// "<32 hex digits@domain of from>": the same for the same `subject_key` and recipient on every node and in every
/// retry.
[[nodiscard]] std::string message_id(std::string_view subject_key, std::string_view to, std::string_view from);

/// The value of a header that carries text: folded ASCII as it is, anything else as RFC 2047 words of at most 75 bytes.
[[nodiscard]] std::string header_text(std::string_view text);

/// RFC 2045 6.7; '\n' becomes CR LF.
[[nodiscard]] std::string quoted_printable(std::string_view text);

/// "Mon, 23 Apr 2018 10:02:16 +0000".
[[nodiscard]] std::string mail_date(Instant t);

}  // namespace embargod
