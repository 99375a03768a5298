#pragma once
// What the Code of Practice would find odd in a schedule that can be read well. Pure; any thread.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/bank_holidays.h"
#include "config/release.h"
#include "config/settings.h"

namespace embargod {

enum class LintLevel : std::uint8_t { warning, note };
[[nodiscard]] const char* to_string(LintLevel l);

struct LintFinding {
  LintLevel level = LintLevel::warning;
  std::string code;             // one of lint_codes()
  std::string release;          // id; empty: of the schedule as a whole
  std::string practice;         // of the configured edition: "T3.6: statistics are released at 09:30 on a weekday"
  std::string practice_number;  // "T3.6"
  Mark where;
  std::string text;   // what is odd, without the release's name, one line, never a URL
  std::string to_do;  // may be empty
  friend bool operator==(const LintFinding&, const LintFinding&) = default;
};

/// `warning: releases.yml:12:5: [weekend] release "x": Saturday 26 May 2018 is on a weekend; check ...; T3.6`
[[nodiscard]] std::string to_string(const LintFinding& f);

/// Every code that a finding can have, sorted: labels of metrics.
[[nodiscard]] const std::vector<std::string>& lint_codes();

/// A change of the due time that is on record.
struct DueChange {
  Due before;
  Due now;
  Instant seen{};      // when embargod learned of it
  std::string reason;  // as given; empty: none
};

/// What is known of a release beside what its schedule says. All of it may be unknown.
struct ReleaseFacts {
  std::optional<Instant> first_seen;  // when embargod first knew of an exact date: it was announced by then
  std::vector<DueChange> changes;     // oldest first
};

struct LintFacts {
  /// Whether what is already due is held to the rules too. Its dates can no longer be mended.
  enum class Past : std::uint8_t { skip, check };

  Instant now{};
  Past past = Past::skip;
  std::string code_edition = "3.0";
  std::vector<std::string> alternative_times;  // "07:00", local: as good as 09:30
  Nation nation = Nation::england_and_wales;
  BankHolidays holidays;
  std::map<std::string, ReleaseFacts> releases;  // by id
};

/// What a config says of it; nothing on record.
[[nodiscard]] LintFacts lint_facts(const Settings& settings, BankHolidays holidays, Instant now);

/// In the order of the releases. Linear in the schedule.
[[nodiscard]] std::vector<LintFinding> lint_schedule(const Schedule& schedule, const LintFacts& facts);

}  // namespace embargod
