#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <unordered_map>

#include "config/candidates_reader.h"
#include "config/read_sections.h"
#include "config/schedule_checks.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : fd_{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return {};
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Joins the operator's own files into one; faults of each go to `all`. What others keep is read while it can be had,
/// and its faults stop nothing.
Schedule read_all_schedules(const Settings& settings, Faults& all) {
  Schedule joined;
  std::vector<Mark> marks;
  std::unordered_map<std::string, std::size_t> first;
  for (const auto& file : settings.schedules) {
    if (!file.is_operators()) continue;
    const auto bytes = read_file(file.path, kScheduleLimits.bytes);
    if (!bytes) {
      all.push_back({bytes.error().code, to_string(file.mark),
                     "the schedule " + in_quotes(file.name) + " " + bytes.error().what, bytes.error().to_do});
      continue;
    }
    FaultBook faults{file.name};
    SchedulePart part =
        read_schedule_file(*bytes, ScheduleContext{file.name, settings.timezone, settings.profiles}, faults);
    for (auto& fault : faults.take()) all.push_back(std::move(fault));
    for (std::size_t i = 0; i < part.schedule.releases.size(); ++i) {
      Release& release = part.schedule.releases[i];
      const auto [it, is_new] = first.emplace(release.id, marks.size());
      if (!is_new && !release.id.empty() && marks[it->second].file != file.name)
        all.push_back({Errc::invalid_input, to_string(part.id_marks[i]),
                       "release " + in_quotes(release.id) + " is in " + to_string(marks[it->second]) + " already",
                       "every release needs an id of its own"});
      joined.releases.push_back(std::move(release));
      marks.push_back(part.id_marks[i]);
    }
    for (auto& note : part.schedule.notes) joined.notes.push_back(std::move(note));
  }
  note_shared_urls(joined, marks);
  note_unlisted_hosts(joined, settings.candidates);
  return joined;
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
  const auto refuse = [&](int error) {
    return fail(Errc::io, std::string{"cannot be read: "} + std::strerror(error), path);
  };
  const OpenFile file{path};
  if (file.fd() < 0) return refuse(errno);
  std::string content;
  std::string chunk(std::size_t{64} << 10U, '\0');
  for (;;) {
    const ssize_t n = ::read(file.fd(), chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return refuse(errno);
    if (n == 0) return content;
    content.append(chunk, 0, static_cast<std::size_t>(n));
    if (content.size() > limit)
      return fail(Errc::invalid_input, "is larger than " + std::to_string(limit >> 10U) + " KiB", path);
  }
}

Checked<BankHolidays> load_bank_holidays(const LintSettings& settings) {
  if (settings.bank_holidays_file.empty()) return BankHolidays{};
  const auto bytes = read_file(settings.bank_holidays_file, kLargestBankHolidays);
  if (bytes) return read_bank_holidays(*bytes, settings.bank_holidays_file);
  return tl::unexpected<Faults>{
      Faults{{bytes.error().code, to_string(settings.bank_holidays_mark),
              "lint.bank_holidays_file: " + in_quotes(settings.bank_holidays_file) + " " + bytes.error().what,
              bytes.error().to_do}}};
}

Checked<Settings> load_settings(const std::string& path) {
  const auto bytes = read_file(path, kConfigLimits.bytes);
  if (!bytes) return tl::unexpected<Faults>{Faults{bytes.error()}};
  return read_settings(*bytes, path, folder_of(path));
}

Checked<Loaded> load_config(const std::string& path) {
  Faults all;
  if (const auto zones = check_zone_data(); !zones) all.push_back(zones.error());
  const auto bytes = read_file(path, kConfigLimits.bytes);
  if (!bytes) {
    all.push_back(bytes.error());
    return tl::unexpected<Faults>{std::move(all)};
  }
  Loaded loaded;
  loaded.settings.file = path;
  loaded.settings.profiles = shipped_profiles();
  FaultBook faults{path};
  if (const auto node = parse_strict_yaml(*bytes, kConfigLimits, faults)) {
    read_settings_map(*node, Completeness::whole_config, folder_of(path), loaded.settings, faults);
  }
  for (auto& fault : faults.take()) all.push_back(std::move(fault));
  loaded.schedule = read_all_schedules(loaded.settings, all);
  if (auto holidays = load_bank_holidays(loaded.settings.lint))
    loaded.settings.lint.bank_holidays = std::move(*holidays);
  else
    for (auto& fault : holidays.error()) all.push_back(std::move(fault));
  if (!all.empty()) return tl::unexpected<Faults>{std::move(all)};
  return loaded;
}

}  // namespace embargod
