#pragma once
// The real engine under virtual time against a scenario: what would have been seen, told and written.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "alerts/alert.h"
#include "config/types/result.h"
#include "daemon/ctl/played_web.h"
#include "daemon/ctl/scenario.h"
#include "daemon/ctl/virtual_clock.h"
#include "daemon/report/report.h"
#include "daemon/store/memory_store.h"
#include "probes/prober.h"

namespace embargod {

/// What came of a scenario. The store holds the whole record.
struct Simulation {
  std::unique_ptr<MemoryStore> store;
  std::vector<Alert> alerts;         // as told, in order
  std::vector<std::string> refused;  // commands that the engine refused, one line each
  std::vector<Incident> incidents;   // oldest first
  std::vector<StoredRelease> releases;
  std::vector<TargetTrack> tracks;
  std::vector<BlindSpan> blind;
  std::vector<Event> events;
  std::vector<std::optional<TargetTrack>> states;  // one for each of scenario.expect.states; unset: no such target
  std::map<std::string, std::int64_t> looks_of;    // by ProbeRequest::target
  std::int64_t looks = 0;
  Instant end{};
};

/// Makes what asks the played web; its waiting must move the clock. Again after each restart.
using ProberMaker = std::function<std::unique_ptr<Prober>(PlayedWeb& web, VirtualClock& clock)>;

/// Runs to the scenario's end. Faults: a profile that does not compile, a store that refuses.
[[nodiscard]] Checked<Simulation> simulate(const Scenario& scenario);
[[nodiscard]] Checked<Simulation> simulate(const Scenario& scenario, const ProberMaker& make_prober);

/// One expectation, and whether it was met.
struct Expectation {
  bool is_met = false;
  std::string text;  // "incident early of therapies-2018-01, closed, 2 days ahead"
  std::string why;   // if not met
};
[[nodiscard]] std::vector<Expectation> check_expectations(const Scenario& scenario, const Simulation& s);

/// Alerts that were to wake people up.
[[nodiscard]] int pages_of(const Simulation& s);

/// The incidents that the report of a simulation is about: the early ones, else all.
[[nodiscard]] std::vector<std::string> reported_incidents(const Simulation& s);

/// The report over reported_incidents(). Empty if there is none.
[[nodiscard]] Result<std::string> simulation_report(const Scenario& scenario, Simulation& s, ReportForm form,
                                                    ReportFormat format);

/// Timeline, alerts and bounds for people. Times in UTC and in the scenario's zone.
[[nodiscard]] std::string simulation_text(const Scenario& scenario, Simulation& s);
[[nodiscard]] std::string expectations_text(const std::vector<Expectation>& all);

}  // namespace embargod
