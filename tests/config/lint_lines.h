#pragma once
// Short ways to lint a few releases and to say what was found.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "config/lint.h"
#include "config/settings_reader.h"
#include "config/zone_time.h"
#include "tests/config/golden_faults.h"
#include "tests/config/sample_holidays.h"

namespace embargod {

inline Instant lint_instant(const char* text) { return parse_rfc3339(text).value(); }

inline LintFacts lint_facts_at(const char* now) {
  LintFacts f;
  f.now = lint_instant(now);
  f.code_edition = "2.0";
  f.holidays = sample_holidays();
  return f;
}

inline Schedule lint_schedule_from(const std::string& yaml) {
  auto schedule = read_schedule(yaml, "releases.yml", "Europe/London", shipped_profiles());
  EXPECT_TRUE(schedule) << fault_lines(schedule);
  return schedule.value_or(Schedule{});
}

/// A page and a file: nothing is odd about its addresses.
inline std::string sound_release(const std::string& id, const std::string& keys) {
  return "  - id: " + id + "\n    title: T\n    urls:\n      - {url: \"https://stats.example.org/" + id +
         "\", role: page}\n      - {url: \"https://stats.example.org/" + id + ".csv\", role: file}\n    " + keys + "\n";
}

inline std::vector<std::string> lint_lines(const std::string& releases, const LintFacts& facts) {
  std::vector<std::string> lines;
  for (const LintFinding& f : lint_schedule(lint_schedule_from("releases:\n" + releases), facts))
    lines.push_back(to_string(f));
  return lines;
}

/// "weekend, time note", in the order found.
inline std::string lint_codes_text(const std::vector<LintFinding>& findings) {
  std::string s;
  for (const LintFinding& f : findings)
    s += (s.empty() ? "" : ", ") + f.code + (f.level == LintLevel::note ? " note" : "");
  return s;
}

inline Due recorded_due(const char* text) { return read_due(text, "Europe/London").value(); }

inline std::string release_with_urls(const std::string& id, const std::string& urls,
                                     const std::string& due = "2018-04-25 09:30") {
  return "  - {id: " + id + ", title: T, due: " + due + ", urls: [" + urls + "]}\n";
}

inline std::string url_line(const std::string& path, const std::string& role) {
  return "{url: \"https://stats.example.org/" + path + "\", role: " + role + "}";
}

}  // namespace embargod
