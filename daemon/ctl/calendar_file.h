#pragma once
// A calendar in a file, in any of the forms that a source can have.

#include <optional>
#include <string>

#include "config/settings.h"

namespace embargod {

struct CalendarFile {
  std::string path;
  std::string name{};                    // for what is said of it; empty: the path
  std::optional<SourceFormat> format{};  // unset: by the ending
};

/// Faults carry the position. A calendar that goes on at another address is one: a file holds all of it.
[[nodiscard]] Checked<Calendar> read_calendar_file(const CalendarFile& file, const Settings& settings);

/// "yaml", "csv", ...; unset: no such format.
[[nodiscard]] std::optional<SourceFormat> source_format_from(std::string_view word);

}  // namespace embargod
