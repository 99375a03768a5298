#pragma once
// The parts of the readers, for files that hold a piece of a config or a schedule (scenarios). Each adds its faults to
// a FaultBook and returns the best it could make of the rest, so that one run shows every fault. Any thread.

#include <string>
#include <vector>

#include "config/release.h"
#include "config/settings.h"
#include "config/strict_yaml.h"

namespace embargod {

/// Whether `producer` and `schedules` must be there.
enum class Completeness : std::uint8_t { whole_config, part_of_one };

/// The mapping of embargod.yml over the defaults in `out`. Relative paths are from `folder`; secret files are read.
void read_settings_map(const YamlNode& node, Completeness completeness, const std::string& folder, Settings& out,
                       FaultBook& faults);

void read_polling(const YamlNode& node, Polling& out, FaultBook& faults);
void read_alerts(const YamlNode& node, const std::string& folder, AlertSettings& out, FaultBook& faults);
/// `routes` and `escalation`, whose receivers must be among those in `out`.
void read_routes(const YamlMap& alerts, AlertSettings& out);
void read_escalation(const YamlMap& alerts, AlertSettings& out);
/// The address is never repeated in a fault: it is a secret. Left unset if it is faulty.
void read_dead_man(const YamlNode& node, const std::string& folder, std::optional<DeadManSettings>& out,
                   FaultBook& faults);
/// The files are opened and checked; what is at fault stays empty.
void read_templates(const YamlNode& node, const std::string& folder, MessageTemplates& out, FaultBook& faults);
void read_canary(const YamlNode& node, Millis& interval, FaultBook& faults);

/// The sources under `schedules:`. Files are not opened.
void read_schedule_sources(const YamlMap& config, const std::string& folder, std::vector<ScheduleSource>& out);

/// `path` as it is opened: relative ones are from `folder`.
[[nodiscard]] std::string from_folder(const std::string& folder, const std::string& path);
/// The bank holiday file is not opened: load_bank_holidays() does.
void read_lint(const YamlNode& node, const std::string& folder, LintSettings& out, FaultBook& faults);

/// The keys of a release that only lint and the record look at. Times without an offset are in `zone`.
void read_stated(const YamlMap& release, const std::string& zone, Stated& out);
/// The list under `discovery:`. Names are unique in the result.
void read_discovery(const YamlNode& list, std::vector<DiscoveryListing>& out, FaultBook& faults);

/// Appends the profiles of a `{NAME: {...}}` mapping to `out`. A name that is in `out` already is a fault.
void read_profiles(const YamlNode& node, std::vector<Profile>& out, FaultBook& faults);

struct ScheduleContext {
  std::string source;                    // Release::source
  std::string zone;                      // of times without an offset
  const std::vector<Profile>& profiles;  // that may be named
};

struct SchedulePart {
  Schedule schedule;
  std::vector<Mark> id_marks;  // of schedule.releases, in the same order
};

/// The list under `releases:`. Ids are unique in the result.
[[nodiscard]] SchedulePart read_releases(const YamlNode& list, const ScheduleContext& context, FaultBook& faults);

/// A whole releases.yml.
[[nodiscard]] SchedulePart read_schedule_file(std::string_view yaml, const ScheduleContext& context, FaultBook& faults);

}  // namespace embargod
