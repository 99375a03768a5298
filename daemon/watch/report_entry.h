#pragma once
// What people put into a report: the text of a blank, a note to a part of it, their approval. Append-only; the newest
// of a field counts, the others are its history. The program's own statements can be annotated, never overwritten.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

/// A field of the form that people fill in. `id` is stable: it is stored and typed.
struct ReportFieldAsk {
  const char* id;    // "cause"
  const char* what;  // "Cause, and the roles of the persons involved"
  const char* asks;  // what to write, as the blank says it
};
/// In the order of the form; notes to the program's own parts ("note-coverage") last.
[[nodiscard]] std::span<const ReportFieldAsk> report_fields();
[[nodiscard]] const ReportFieldAsk* report_field(std::string_view id);  // null: no such field

struct ReportEntry {
  std::string incident;
  std::string field;  // ReportFieldAsk::id
  std::string text;   // several lines are several paragraphs; empty: the blank is back
  Instant at{};
  std::string by;
  friend bool operator==(const ReportEntry&, const ReportEntry&) = default;
};

inline constexpr std::size_t kLongestEntry = 8'000;  // bytes

/// Error invalid_input: no such field, too long, a control or reversing character, invalid UTF-8, `by` empty.
[[nodiscard]] Result<void> check_entry(const ReportEntry& e);

/// Somebody read a version of a report and says so. A report whose record changed since has another version.
struct ReportMark {
  // Stored; never renumber.
  enum class Kind : std::uint8_t { approved = 0, final = 1 };
  std::string report;    // its id
  std::string incident;  // the first of it: the mark goes when that one is retired
  std::string version;
  Kind kind = Kind::approved;
  std::string by;
  std::string role;  // "Head of Profession"
  Instant at{};
  friend bool operator==(const ReportMark&, const ReportMark&) = default;
};
[[nodiscard]] const char* to_string(ReportMark::Kind k);  // "approved", "final"
[[nodiscard]] std::optional<ReportMark::Kind> mark_kind_from(std::string_view word);

}  // namespace embargod
