#pragma once
// A day or a week of a website, written down: what each URL answers from when on, and what should come of it
// (tests/scenarios/README.md has the YAML).

#include <cstdint>
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

/// How an answer goes wrong on the wire when a scenario is played over sockets. In virtual time `error` alone counts.
enum class Wire : std::uint8_t {
  plain,         // by its `error`: refused, reset, hanging ...
  close_early,   // closed without an answer
  chunked_cut,   // closed inside a chunk
  lying_length,  // fewer bytes than promised
  gzip_bomb,     // a small body that decodes to far more than may be read
  endless_body,
  endless_headers,
  endless_100,  // "100 Continue" for ever
  drip,         // the body byte by byte, without an end
  http_0_9,     // a body without a status line
};

/// Only for requests that say so. In virtual time a request is a GET with a User-Agent and `Accept-Encoding: gzip`.
struct AnswerWhen {
  std::string method;    // "HEAD"; empty: any
  std::string header;    // the request has it; empty: any
  std::string contains;  // a part of its value, case ignored; empty: any
};

/// What one URL, or every URL that begins so, answers from `at` on. Before its first answer: 404.
struct ScenarioAnswer {
  std::string url;             // of a prefix without the `*`
  bool is_prefix = false;      // the longest wins; an exact URL wins over all
  Millis at{0};                // from the scenario's start
  std::optional<Route> route;  // seen this way only; unset: by every way that has no answer of its own
  std::optional<AnswerWhen> when;
  int status = 200;
  std::string body;
  Headers headers;
  std::optional<Cause> error;  // instead of an answer
  Wire wire = Wire::plain;
  std::optional<Millis> latency;  // 80 ms; the polling timeout for `error: timeout`
  // Answers of one URL, way and time take turns: by looks, or by time.
  int repeat = 0;                  // looks; 0: not given
  Millis lasts{0};                 // `for`; 0: not given
  std::string certificate_issuer;  // instead of the site's
  bool says_nothing = false;       // `unknown: true`, or an error: nobody can tell from it whether the page is there
};

/// A shared cache in front of a host: what it may keep, and for how long.
struct ScenarioCache {
  std::optional<Millis> ttl;           // of 200, 203 and 301
  std::optional<Millis> negative_ttl;  // of 404 and 410
  Millis stale_if_error{0};            // a copy so much older is served while the origin fails
  std::string layer = "Varnish";
};

struct ScenarioSite {
  std::string host;                    // as Url::host
  std::vector<std::string> addresses;  // 192.0.2.1
  std::string certificate_issuer;
  std::optional<ScenarioCache> cache;
  std::optional<Millis> date_error;  // every answer carries Date, wrong by so much
};

/// What a person does. Without an incident id the newest unclosed incident of `release` and `kind` is meant.
struct ScenarioCommand {
  Millis at{0};
  Command command;
  std::string release;
  IncidentKind kind = IncidentKind::early;
};

/// A schedule file with other releases is loaded at `at`.
struct ScenarioSchedule {
  Millis at{0};
  Schedule schedule;
};

/// The daemon ends at `at` and is back after `down_for`. The store survives.
struct ScenarioRestart {
  Millis at{0};
  Millis down_for{0};
  bool clean = false;  // it could say that it stops
};

/// The wall clock is set at `at`; ticks go on.
struct ClockStep {
  Millis at{0};
  Millis by{0};
};

struct ExpectedIncident {
  std::string release;  // empty: any, as for `blind`
  IncidentKind kind = IncidentKind::early;
  std::optional<IncidentState> state;
  std::optional<Confidence> confidence;
  std::optional<int> lead_days;                     // local calendar days
  std::optional<int> spans;                         // of the URL with most
  std::optional<int> spans_over;                    // more than so many
  std::optional<EndedBy> ended_by;                  // of the newest span of each URL
  std::optional<Millis> time_up_under;              // the longest time up of each URL is less
  std::optional<Millis> time_up_over;               // the shortest time up of the URL that was up longest is more
  std::optional<bool> start_unknown;                // already live at the first look
  std::optional<std::vector<std::string>> targets;  // exactly these
  std::string cached_by;                            // at some time it was only served from this cache
};

struct ExpectedAlert {
  std::string alertname;
  std::string release;  // empty: any
  std::optional<AlertStatus> status;
  std::optional<int> count;  // how many such are told; else at least one
  std::string says;          // stands in its summary or description
};

/// Blind time of targets, one period or several.
struct ExpectedBlind {
  std::string target;  // empty: any
  std::optional<Cause> cause;
  std::optional<Millis> at_least, at_most;  // the longest such period
};

/// What is known of a target at an instant.
struct ExpectedState {
  std::string target;
  Millis at{0};
  std::optional<Liveness> liveness;
  std::optional<Cause> cause;
  std::optional<std::string> edition;
  std::string rule;  // stands in the rule that decided
};

struct ExpectedEvent {
  std::string what;
  std::string release;   // empty: any
  std::string contains;  // stands in its text
  std::optional<int> count;
};

struct Expectations {
  std::optional<std::vector<ExpectedIncident>> incidents;  // all of them: one more or one less is a finding
  std::vector<ExpectedAlert> alerts;                       // each must be told
  std::vector<std::string> no_alerts;                      // names that must not be told
  std::optional<int> pages;                                // alerts that wake people up
  std::optional<int> pages_at_most;
  std::vector<std::string> released;  // ids of releases that went live on time
  std::vector<ExpectedBlind> blind;
  std::vector<ExpectedState> states;  // by time
  std::vector<ExpectedEvent> events;
};

struct Scenario {
  std::string file;
  std::string name;
  std::vector<std::string> covers;
  Instant start{};
  Millis until{0};
  Millis clock_error{5};
  bool clock_verified = true;
  std::vector<ClockStep> clock_steps;  // by time
  Settings settings;
  Schedule schedule;
  std::vector<ScenarioSchedule> schedules;  // that follow it, by time
  std::vector<ScenarioSite> sites;
  std::vector<ScenarioAnswer> answers;    // by url and route, then time; turns in the file's order
  std::vector<ScenarioCommand> commands;  // by time
  std::vector<ScenarioRestart> restarts;  // by time
  std::optional<Millis> no_alarm;         // what is answered at this time may stand for ever without an alarm
  Expectations expect;
};

/// `name` is how the file is called in faults; body files are read from `folder`. All faults at once, with their
/// places.
[[nodiscard]] Checked<Scenario> read_scenario(std::string_view yaml, const std::string& name,
                                              const std::string& folder);

[[nodiscard]] Checked<Scenario> load_scenario(const std::string& path);

}  // namespace embargod
