#pragma once
// What lint says of a schedule as a whole, and how it is told to programs. Pure; any thread.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "config/lint.h"

namespace embargod {

/// Where a daemon has its bank holidays from.
struct HolidaysInUse {
  enum class From : std::uint8_t { nowhere, file, url };
  From from = From::nowhere;
  bool has_url = false;                   // one is asked once a day
  std::optional<Instant> last_success{};  // of asking it
  std::string fault{};                    // of asking it last, one line; empty: it went well, or was not asked yet
  friend bool operator==(const HolidaysInUse&, const HolidaysInUse&) = default;
};
[[nodiscard]] const char* to_string(HolidaysInUse::From f);

struct LintReport {
  std::string file;  // empty: all that a daemon watches
  Instant now{};     // what lies in the past was judged by this
  std::string zone;  // of times without an offset
  std::string code_edition;
  std::size_t releases = 0;
  std::size_t not_linted = 0;  // already due, and passed over: silence about them is no judgement
  std::vector<LintFinding> findings;
  std::vector<std::string> notes;  // of the reader, that lint does not say
  std::optional<HolidaysInUse> holidays{};

  [[nodiscard]] std::size_t warnings() const;
};

[[nodiscard]] LintReport lint_report(const Schedule& schedule, const LintFacts& facts, const std::string& zone);

/// `{"file": ..., "now": ..., "findings": [...], ...}`; without "file" or "bank_holidays" where those are unset.
/// `indent` -1: on one line.
[[nodiscard]] std::string lint_report_json(const LintReport& r, int indent);

}  // namespace embargod
