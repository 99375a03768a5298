#pragma once
// An alert in the few lines that a phone shows: what is live, due when, since when, what to do, how to acknowledge.
// Plain text, cleaned; each channel makes its own markup harmless.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/mail_text.h"

namespace embargod {

/// A heading and its lines. The first section is the headline alone.
struct BriefSection {
  std::string title;  // "DO NOW"; may be empty
  std::string body;   // lines, '\n' between
  friend bool operator==(const BriefSection&, const BriefSection&) = default;
};

/// "EARLY: Consumer prices, March 2030: page public 2 days before due"; the badge once.
[[nodiscard]] std::string headline(const MailContent& c);

/// In the order of need: headline, the facts, what to do, what is live, how to acknowledge, more words, links. What
/// would go over `max_bytes` altogether is left out from the end; the section that is cut ends in "…". Pure.
[[nodiscard]] std::vector<BriefSection> brief_sections(const MailContent& c, std::size_t max_bytes);

/// The sections as text, an empty line between them; at most `max_bytes`. Pure.
[[nodiscard]] std::string brief_text(const MailContent& c, std::size_t max_bytes);

/// At most `max_bytes` of UTF-8 in whole characters, "…" at the end if anything is missing. Pure.
[[nodiscard]] std::string cut_to_bytes(std::string text, std::size_t max_bytes);

/// http and https links only, else "": what a channel makes clickable.
[[nodiscard]] std::string web_link(const std::string& url);

}  // namespace embargod
