// embargoctl schedule diff: two sources, two revisions, or two files.

#include <charconv>
#include <nlohmann/json.hpp>
#include <ostream>

#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/ctl/calendar_file.h"
#include "daemon/ctl/commands.h"
#include "daemon/ctl/daemon_json.h"
#include "daemon/ctl/http_client.h"
#include "daemon/ctl/schedule_answers.h"
#include "daemon/ctl/schedule_compare.h"
#include "daemon/ctl/table.h"

namespace embargod {
namespace {

using DiffJson = nlohmann::ordered_json;
using Entries = std::vector<ScheduleEntry>;

tl::unexpected<Faults> diff_fault(Fault f) { return tl::unexpected<Faults>{Faults{std::move(f)}}; }

std::optional<Instant> diff_instant(const DiffJson& j, const char* key) {
  const auto t = parse_rfc3339(text_at(j, key));
  return t ? std::optional{*t} : std::nullopt;
}

Checked<Entries> source_entries(const std::string& url, const std::string& name) {
  const auto answer = daemon_json(url, "/api/v1/schedule/sources?source=" + url_encoded(name));
  if (!answer) {
    Fault f = answer.error();
    if (f.to_do.empty() && f.code == Errc::not_found) f.to_do = "to compare two files add --config.file=embargod.yml";
    return diff_fault(std::move(f));
  }
  const DiffJson& items = part(*answer, "items");
  if (!items.is_array() || items.empty()) return diff_fault({Errc::corrupt, url, "the answer names no source", {}});
  return entries_of_source(items.front());
}

Result<std::size_t> revision_number(const std::string& typed) {
  std::size_t n = 0;
  const auto [end, bad] = std::from_chars(typed.data(), typed.data() + typed.size(), n);
  if (bad != std::errc{} || end != typed.data() + typed.size() || n == 0)
    return fail(Errc::invalid_input, "not the number of a revision", in_quotes(typed),
                "see embargoctl schedule show RELEASE");
  return n;
}

/// The revision as a schedule of one entry.
Checked<Entries> revision_entries(const DiffJson& revisions, const std::string& typed) {
  const auto number = revision_number(typed);
  if (!number) return diff_fault(number.error());
  if (!revisions.is_array() || *number > revisions.size())
    return diff_fault({Errc::not_found, "revision " + typed, "there is no such revision",
                       "the newest is " + std::to_string(revisions.size())});
  const DiffJson& r = revisions[*number - 1];
  return Entries{{.key = text_at(r, "release"),
                  .title = {},
                  .release = text_at(r, "release"),
                  .status = text_at(r, "status"),
                  .due = due_of(part(r, "now")),
                  .has_urls = false,
                  .urls = {}}};
}

Checked<Settings> settings_to_compare(const std::string& config_file) {
  const auto zones = check_zone_data();
  if (!zones) return diff_fault(zones.error());
  const auto yaml = read_file(config_file, std::size_t{1} << 20U);
  if (!yaml) return diff_fault(yaml.error());
  const std::size_t slash = config_file.rfind('/');
  return read_settings(*yaml, config_file, slash == std::string::npos ? std::string{} : config_file.substr(0, slash));
}

/// `typed`: a file, or a schedule of the config by its name.
Checked<Entries> file_entries(const std::string& typed, const Settings& settings) {
  CalendarFile file{.path = typed, .name = typed};
  for (const auto& s : settings.schedules) {
    if (s.name != typed) continue;
    file.path = s.path;
    file.format = s.format;
  }
  if (file.path.empty())
    return diff_fault({Errc::unsupported, in_quotes(typed), "this schedule is read from a URL",
                       "leave --config.file out to compare what the daemon has read"});
  const auto calendar = read_calendar_file(file, settings);
  if (!calendar) return tl::unexpected{calendar.error()};
  return entries_of(*calendar);
}

struct Compared {
  Entries first, second;
};

Checked<Compared> both_sides(Checked<Entries> first, Checked<Entries> second) {
  if (first && second) return Compared{std::move(*first), std::move(*second)};
  Faults all;
  for (const auto* side : {&first, &second})
    if (!*side) all.insert(all.end(), side->error().begin(), side->error().end());
  return tl::unexpected{std::move(all)};
}

Checked<Compared> read_both(const ScheduleDiff& d) {
  if (!d.release.empty()) {
    const auto answer = daemon_json(d.url, "/api/v1/releases/" + url_encoded(d.release) + "/revisions");
    if (!answer) return diff_fault(answer.error());
    const DiffJson& revisions = part(*answer, "items");
    auto first = revision_entries(revisions, d.first);
    return both_sides(std::move(first), revision_entries(revisions, d.second));
  }
  if (!d.config_file.empty()) {
    const auto settings = settings_to_compare(d.config_file);
    if (!settings) return tl::unexpected{settings.error()};
    auto first = file_entries(d.first, *settings);
    return both_sides(std::move(first), file_entries(d.second, *settings));
  }
  auto first = source_entries(d.url, d.first);
  return both_sides(std::move(first), source_entries(d.url, d.second));
}

void print_differences(const ScheduleDiff& d, const std::vector<ScheduleDifference>& found, std::ostream& out) {
  if (found.empty()) {
    out << "no difference\n";
    return;
  }
  std::vector<std::vector<std::string>> rows;
  rows.reserve(found.size());
  for (const auto& f : found) rows.push_back({f.entry, f.what, f.first, f.second, f.title});
  const std::string place = d.release.empty() ? "" : "revision ";
  out << plain_table({"ENTRY", "WHAT", place + d.first, place + d.second, "TITLE"}, rows);
}

void print_differences_json(const ScheduleDiff& d, const std::vector<ScheduleDifference>& found, std::ostream& out) {
  DiffJson list = DiffJson::array();
  for (const auto& f : found)
    list.push_back({{"entry", f.entry},
                    {"title", f.title},
                    {"what", f.what},
                    {"first", f.first.empty() ? DiffJson(nullptr) : DiffJson(f.first)},
                    {"second", f.second.empty() ? DiffJson(nullptr) : DiffJson(f.second)}});
  const DiffJson answer{{"first", d.first}, {"second", d.second}, {"differences", std::move(list)}};
  out << answer.dump(2, ' ', false, DiffJson::error_handler_t::replace) << "\n";
}

}  // namespace

Due due_of(const nlohmann::ordered_json& due) {
  Due out;
  out.as_given = text_at(due, "as_given");
  out.zone = text_at(due, "zone");
  out.at = diff_instant(due, "at");
  const DiffJson& period = part(due, "period");
  out.period_begin = diff_instant(period, "begin");
  out.period_end = diff_instant(period, "end");
  const std::string precision = text_at(due, "precision");
  if (precision == "time_assumed") out.precision = DuePrecision::time_assumed;
  if (precision == "month") out.precision = DuePrecision::month;
  return out;
}

std::vector<ScheduleEntry> entries_of_source(const nlohmann::ordered_json& source) {
  Entries out;
  for (const DiffJson& r : part(source, "rows")) {
    const DiffJson& gone = part(r, "gone");
    if (gone.is_boolean() && gone.get<bool>()) continue;
    out.push_back({.key = text_at(r, "key"),
                   .title = text_at(r, "title"),
                   .release = text_at(r, "release"),
                   .status = text_at(r, "status"),
                   .due = due_of(part(r, "due")),
                   .has_urls = false,
                   .urls = {}});
  }
  return out;
}

int diff_schedule(const ScheduleDiff& d, Streams io) {
  const auto compared = read_both(d);
  if (!compared) return complain(compared.error(), io.err);
  const auto found = compare_schedules(compared->first, compared->second);
  if (d.is_json)
    print_differences_json(d, found, io.out);
  else
    print_differences(d, found, io.out);
  return found.empty() ? kExitFine : kExitFindings;
}

}  // namespace embargod
