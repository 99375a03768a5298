#pragma once
// iCalendar (RFC 5545) as content lines with their places. Not libical: it tells no positions, drops what it does not
// know, and resolves local times in a clock change without a word.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/sources/plain_source.h"

namespace embargod {

/// "DTSTART;TZID=Europe/London:20180425T093000", unfolded.
struct IcsLine {
  std::string name;                                         // in capitals
  std::vector<std::pair<std::string, std::string>> params;  // names in capitals, values without quotes
  std::string value;                                        // as it stands, escapes included
  YamlPos at;
  bool is_property = false;  // else it has no name and colon: what is left of text that should have been folded

  /// "" if there is no such parameter.
  [[nodiscard]] std::string_view param(std::string_view wanted) const;
};

/// Takes the lines of a calendar one by one. CRLF, LF and long lines without folding are taken. Borrows the text.
class IcsLines {
 public:
  explicit IcsLines(std::string_view text);
  /// Empty lines are left out; nullopt at the end.
  [[nodiscard]] std::optional<IcsLine> next();

 private:
  [[nodiscard]] std::string_view physical_line();

  std::string_view rest_;
  int line_ = 0;  // of what physical_line() gave last
};

/// TEXT without its escapes (RFC 5545 3.3.11); a lone backslash stays.
[[nodiscard]] std::string ics_text(std::string_view value);

/// The IANA zone that a TZID means: itself, the last two parts of a path ("/x/20050126_1/Europe/London"), or one of the
/// names of Windows and older programs (CONFIGURATION.md lists them). Error invalid_input: none of these; VTIMEZONE
/// definitions are not used, since they are often wrong or cut off.
[[nodiscard]] Result<std::string> ics_zone(std::string_view tzid);

}  // namespace embargod
