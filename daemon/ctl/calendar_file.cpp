#include "daemon/ctl/calendar_file.h"

#include "config/settings_reader.h"

namespace embargod {
namespace {

tl::unexpected<Faults> calendar_file_fault(Fault f) { return tl::unexpected<Faults>{Faults{std::move(f)}}; }

}  // namespace

Checked<Calendar> read_calendar_file(const CalendarFile& file, const Settings& settings) {
  const std::string& name = file.name.empty() ? file.path : file.name;
  const auto format = file.format ? file.format : format_of(file.path);
  if (!format)
    return calendar_file_fault({Errc::invalid_input, file.path, "the format cannot be told from the ending",
                                "name the file .yml, .csv, .ics or .json"});
  const auto bytes = read_file(file.path, kLargestSource);
  if (!bytes) return calendar_file_fault(bytes.error());
  const auto reader = make_source_reader(
      *format, SourceContext{.name = name, .where = name, .zone = settings.timezone, .profiles = settings.profiles});
  const auto further = reader->take(file.path, *bytes);
  if (!further) return tl::unexpected<Faults>{further.error()};
  if (!further->empty())
    return calendar_file_fault({Errc::unsupported, name, "it has further pages, which a file cannot have",
                                "save all of it, or read the calendar by its url"});
  return reader->finish();
}

std::optional<SourceFormat> source_format_from(std::string_view word) {
  for (const auto f : {SourceFormat::yaml, SourceFormat::csv, SourceFormat::ics, SourceFormat::json, SourceFormat::ons,
                       SourceFormat::govuk, SourceFormat::ees})
    if (word == to_string(f)) return f;
  return std::nullopt;
}

}  // namespace embargod
