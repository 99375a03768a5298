// embargoctl release: changes to the schedule by hand, for teams that do not edit YAML.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "config/edit/release_edit.h"
#include "config/read_sections.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/ctl/commands.h"
#include "daemon/ctl/file_edit.h"
#include "daemon/ctl/http_client.h"
#include "daemon/ctl/recipe_faults.h"

namespace embargod {
namespace {

/// The files that are ours to change: calendars that others keep are theirs.
std::vector<const ScheduleSource*> own_files(const Settings& s) {
  std::vector<const ScheduleSource*> files;
  for (const ScheduleSource& f : s.schedules)
    if (f.is_operators()) files.push_back(&f);
  return files;
}

std::vector<std::string> schedule_names(const std::vector<const ScheduleSource*>& files) {
  std::vector<std::string> names;
  names.reserve(files.size());
  for (const ScheduleSource* f : files) names.push_back(f->name);
  return names;
}

/// The ids of a schedule file, as far as it can be read: its own faults are told when it is the one to be changed.
std::vector<std::string> ids_in(const ScheduleSource& f, const Settings& s) {
  const auto bytes = read_file(f.path, kScheduleLimits.bytes);
  if (!bytes) return {};
  FaultBook ignored{f.name};
  std::vector<std::string> ids;
  for (const Release& r : read_schedule_file(*bytes, {f.name, s.timezone, s.profiles}, ignored).schedule.releases)
    ids.push_back(r.id);
  return ids;
}

/// The file that has the release, or for a new one the only file; `--file` wins.
Result<const ScheduleSource*> file_to_change(const ReleaseChange& c, const Settings& s) {
  const std::vector<const ScheduleSource*> files = own_files(s);
  const std::string names = listed(schedule_names(files));
  if (!c.file.empty()) {
    for (const ScheduleSource* f : files)
      if (f->name == c.file || f->path == c.file) return f;
    return fail(Errc::not_found,
                in_quotes(c.file) + " is not a schedule file of " + s.file + " that can be changed here", "--file",
                files.empty() ? "it has no YAML file" : "it has " + names);
  }
  if (files.empty())
    return fail(Errc::invalid_input,
                "the config has no schedule file that can be changed here: its calendars are others'", s.file,
                "add a releases.yml under schedules, or change the calendar");
  const ScheduleSource* holder = nullptr;
  std::vector<std::string> ids;
  for (const ScheduleSource* f : files) {
    for (std::string& id : ids_in(*f, s)) {
      if (id == c.release.id) holder = f;
      ids.push_back(std::move(id));
    }
  }
  if (holder != nullptr) return holder;
  if (files.size() == 1) return files.front();
  if (c.verb == "add")
    return fail(Errc::invalid_input, "the config has several schedules", s.file,
                "choose one with --file: " + listed(schedule_names(files), " or "));
  return fail(Errc::not_found, "there is no release " + in_quotes(c.release.id) + " in " + names, s.file,
              did_you_mean(c.release.id, ids));
}

/// Ids are unique over all files.
std::optional<Fault> id_elsewhere(const ReleaseChange& c, const Settings& s, const ScheduleSource& file) {
  if (c.verb != "add") return std::nullopt;
  for (const ScheduleSource* f : own_files(s)) {
    const auto ids = f->path == file.path ? std::vector<std::string>{} : ids_in(*f, s);
    if (std::find(ids.begin(), ids.end(), c.release.id) != ids.end())
      return Fault{Errc::conflict, f->name, "release " + in_quotes(c.release.id) + " is there already",
                   "every release needs an id of its own"};
  }
  return std::nullopt;
}

Checked<ScheduleEdit> edited(const ReleaseChange& c, const std::string& yaml, const EditedFile& file,
                             const EditSignature& signature) {
  if (c.verb == "add") return add_release(yaml, file, c.release, signature);
  if (c.verb == "move") return move_release(yaml, file, c.release.id, c.release.due, signature);
  return cancel_release(yaml, file, c.release.id, signature);
}

void print_change(const ScheduleEdit& edit, const ScheduleSource& file, Instant now, std::ostream& out) {
  out << edit.summary << "\n";
  for (const std::string& note : edit.notes) out << "note: " << note << "\n";
  if (edit.after.due.at) {
    out << "due " << local_words(*edit.after.due.at, edit.after.due.zone);
    if (*edit.after.due.at <= now) out << ", which is past: nothing is embargoed any more";
    out << "\n";
  }
  out << "written to " << file.path << "\n";
}

int ask_reload(const std::string& url, Streams io) {
  if (url.empty()) {
    io.out << "The daemon takes it up at its next reload: systemctl reload embargod\n";
    return kExitFine;
  }
  auto reply = DaemonClient{url}.post_json("/-/reload", "{}");
  if (!reply || (reply->status >= 200 && reply->status <= 299)) {
    const auto done = body_or_problem(std::move(reply));
    if (done) {
      io.out << "the daemon has taken it up\n";
      return kExitFine;
    }
    Fault f = done.error();
    f.to_do += std::string{f.to_do.empty() ? "" : "; "} + "the file is changed, but the daemon does not know it yet";
    return complain({f}, io.err);
  }
  Faults all;
  const auto j = nlohmann::json::parse(reply->body, nullptr, false);
  if (j.is_object() && j.contains("faults"))
    for (const auto& f : j["faults"])
      if (f.is_string()) all.push_back({Errc::invalid_input, "", f.get<std::string>(), ""});
  Fault whole = body_or_problem(std::move(reply)).error();
  whole.to_do = "the file is changed, but the daemon keeps the former schedule";
  all.insert(all.begin(), std::move(whole));
  return complain(all, io.err);
}

}  // namespace

int change_release(const ReleaseChange& c, const Clock& clock, Streams io) {
  if (const auto ok = check_zone_data(); !ok) return complain({ok.error()}, io.err);
  const auto settings = load_settings(c.config_file);
  if (!settings) return complain(settings.error(), io.err);
  const auto file = file_to_change(c, *settings);
  if (!file) return complain({file.error()}, io.err);
  if (const auto fault = id_elsewhere(c, *settings, **file)) return complain({*fault}, io.err);
  const auto held = FileEdit::open((*file)->path, kScheduleLimits.bytes);
  if (!held) return complain({held.error()}, io.err);

  const EditedFile where{(*file)->name, settings->timezone, settings->profiles};
  const auto edit = edited(c, held->bytes(), where, {clock.now(), c.by, c.reason});
  if (!edit) return complain(edit.error(), io.err);
  Faults of_profiles;  // which this change does not touch
  if (const Faults faults = recipe_faults(edit->after, compile_profiles(settings->profiles, of_profiles));
      !faults.empty())
    return complain(faults, io.err);
  const auto weaker = weakened_embargo(*edit);
  if (weaker && !c.is_agreed)
    return complain(
        {Fault{Errc::conflict, (*file)->name, "nothing was changed: this " + *weaker, "add --yes if that is meant"}},
        io.err);
  if (const auto done = held->replace(edit->text); !done) return complain({done.error()}, io.err);
  print_change(*edit, **file, clock.now(), io.out);
  if (weaker) io.out << "this " << *weaker << "\n";
  return ask_reload(c.daemon_url, io);
}

int export_schedule(const ScheduleExport& e, Streams io) {
  const std::string path = "/api/v1/schedule?format=" + url_encoded(e.format) + (e.with_urls ? "&urls=include" : "");
  const auto body = body_or_problem(DaemonClient{e.url}.get(path));
  if (!body) return complain({body.error()}, io.err);
  if (e.file.empty()) {
    io.out << *body;
    return kExitFine;
  }
  if (const auto ok = write_file(e.file, *body); !ok) return complain({ok.error()}, io.err);
  return kExitFine;
}

}  // namespace embargod
