#pragma once
// A day or a week of a website, written down: what each URL answers from when on, and what should come of it
// (design.md 5.2).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/alert.h"
#include "config/release.h"
#include "config/settings.h"
#include "config/types/result.h"
#include "daemon/watch/command.h"
#include "daemon/watch/incident.h"
#include "probes/observation.h"

namespace embargod {

/// What one URL answers from `at` on. Before its first answer: 404.
struct ScenarioAnswer {
  std::string url;
  Millis at{0};  // from the scenario's start
  int status = 200;
  std::string body;
  Headers headers;
  std::optional<Cause> error;     // instead of an answer
  std::optional<Millis> latency;  // 80 ms; the polling timeout for `error: timeout`
};

/// What a person does. Without an incident id the newest unclosed incident of `release` and `kind` is meant.
struct ScenarioCommand {
  Millis at{0};
  Command command;
  std::string release;
  IncidentKind kind = IncidentKind::early;
};

struct ExpectedIncident {
  std::string release;  // empty: any, as for `blind`
  IncidentKind kind = IncidentKind::early;
  std::optional<IncidentState> state;
  std::optional<int> lead_days;         // local calendar days
  std::optional<int> spans;             // of the URL with most
  std::optional<EndedBy> ended_by;      // of the newest span of each URL
  std::optional<Millis> time_up_under;  // the longest time up of each URL is less
  std::optional<bool> start_unknown;    // already live at the first look
};

struct ExpectedAlert {
  std::string alertname;
  std::string release;  // empty: any
  std::optional<AlertStatus> status;
  std::optional<int> count;  // how many such are told; else at least one
};

struct Expectations {
  std::optional<std::vector<ExpectedIncident>> incidents;  // all of them: one more or one less is a finding
  std::vector<ExpectedAlert> alerts;                       // each must be told
  std::vector<std::string> no_alerts;                      // names that must not be told
  std::vector<std::string> released;                       // ids of releases that went live on time
  std::optional<Millis> blind;                             // the longest blind period lasts at least so long
};

struct Scenario {
  std::string file;
  std::string name;
  std::vector<std::string> covers;
  Instant start{};
  Millis until{0};
  Millis clock_error{5};
  bool clock_verified = true;
  Settings settings;
  Schedule schedule;
  std::vector<ScenarioAnswer> answers;    // by url, then time
  std::vector<ScenarioCommand> commands;  // by time
  Expectations expect;
};

/// `name` is how the file is called in faults; body files are read from `folder`. All faults at once, with their
/// places.
[[nodiscard]] Checked<Scenario> read_scenario(std::string_view yaml, const std::string& name,
                                              const std::string& folder);

[[nodiscard]] Checked<Scenario> load_scenario(const std::string& path);

}  // namespace embargod
