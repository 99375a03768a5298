#pragma once
// Bytes in, values or all faults out. load_* also open files; nothing here keeps state. Any thread.

#include <optional>
#include <string>
#include <string_view>

#include "config/bank_holidays.h"
#include "config/release.h"
#include "config/settings.h"

namespace embargod {

/// Reads embargod.yml: strict keys, every fault at once, relative paths from the file's folder, secret files read.
/// `name` is how the file is called in faults.
[[nodiscard]] Checked<Settings> read_settings(std::string_view yaml, const std::string& name,
                                              const std::string& folder);

/// Reads one releases.yml. `zone` is the IANA zone of times without an offset; `profiles` are the names that may be
/// used.
[[nodiscard]] Checked<Schedule> read_schedule(std::string_view yaml, const std::string& name, const std::string& zone,
                                              const std::vector<Profile>& profiles);

struct Loaded {
  Settings settings;
  Schedule schedule;  // of all schedule files together; ids unique across them
};

/// Opens and reads the file that `settings` names; none named: none are known. Faults as read_bank_holidays(), or one
/// at the place in the config that names it.
[[nodiscard]] Checked<BankHolidays> load_bank_holidays(const LintSettings& settings);

/// The same of a file, alone: no schedule is opened.
[[nodiscard]] Checked<Settings> load_settings(const std::string& path);

/// What the daemon starts from: the config, its schedules, list of bank holidays, secrets and zone data self-check; all
/// faults of all files.
[[nodiscard]] Checked<Loaded> load_config(const std::string& path);

/// Reads a file of at most `limit` bytes. Error: io or invalid_input, with the path in `where`.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::size_t limit);

/// The recipes that are part of the program, parsed from config/profiles/*.yaml as they were embedded at
/// build time.
[[nodiscard]] const std::vector<Profile>& shipped_profiles();

}  // namespace embargod
