// embargoctl release: changes to the schedule by hand, for teams that do not edit YAML.

#include <algorithm>
#include <map>
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
#include "probes/liveness.h"

namespace embargod {
namespace {

Checked<Settings> settings_of(const std::string& config_file) {
  if (auto ok = check_zone_data(); !ok) return tl::unexpected<Faults>{Faults{ok.error()}};
  const auto yaml = read_file(config_file, kConfigLimits.bytes);
  if (!yaml) return tl::unexpected<Faults>{Faults{yaml.error()}};
  const std::size_t slash = config_file.rfind('/');
  return read_settings(*yaml, config_file, slash == std::string::npos ? std::string{} : config_file.substr(0, slash));
}

std::vector<std::string> schedule_names(const Settings& s) {
  std::vector<std::string> names;
  names.reserve(s.schedules.size());
  for (const ScheduleFile& f : s.schedules) names.push_back(f.name);
  return names;
}

/// The ids of a schedule file, as far as it can be read: its own faults are told when it is the one to be changed.
std::vector<std::string> ids_in(const ScheduleFile& f, const Settings& s) {
  const auto bytes = read_file(f.path, kScheduleLimits.bytes);
  if (!bytes) return {};
  FaultBook ignored{f.name};
  std::vector<std::string> ids;
  for (const Release& r : read_schedule_file(*bytes, {f.name, s.timezone, s.profiles}, ignored).schedule.releases)
    ids.push_back(r.id);
  return ids;
}

/// The file that has the release, or for a new one the only file; `--file` wins.
Result<const ScheduleFile*> file_to_change(const ReleaseChange& c, const Settings& s) {
  if (!c.file.empty()) {
    for (const ScheduleFile& f : s.schedules)
      if (f.name == c.file || f.path == c.file) return &f;
    return fail(Errc::not_found, in_quotes(c.file) + " is not a schedule of " + s.file, "--file",
                "it has " + listed(schedule_names(s)));
  }
  const ScheduleFile* holder = nullptr;
  std::vector<std::string> ids;
  for (const ScheduleFile& f : s.schedules) {
    for (std::string& id : ids_in(f, s)) {
      if (id == c.release.id) holder = &f;
      ids.push_back(std::move(id));
    }
  }
  if (holder != nullptr) return holder;
  if (s.schedules.size() == 1) return &s.schedules.front();
  if (c.verb == "add")
    return fail(Errc::invalid_input, "the config has several schedules", s.file,
                "choose one with --file: " + listed(schedule_names(s), " or "));
  return fail(Errc::not_found, "there is no release " + in_quotes(c.release.id) + " in " + listed(schedule_names(s)),
              s.file, did_you_mean(c.release.id, ids));
}

/// Ids are unique over all files.
std::optional<Fault> id_elsewhere(const ReleaseChange& c, const Settings& s, const ScheduleFile& file) {
  if (c.verb != "add") return std::nullopt;
  for (const ScheduleFile& f : s.schedules) {
    const auto ids = f.path == file.path ? std::vector<std::string>{} : ids_in(f, s);
    if (std::find(ids.begin(), ids.end(), c.release.id) != ids.end())
      return Fault{Errc::conflict, f.name, "release " + in_quotes(c.release.id) + " is there already",
                   "every release needs an id of its own"};
  }
  return std::nullopt;
}

/// What only the compilers of rules know, for the changed release alone.
Faults recipe_faults(const Release& r, const std::vector<Profile>& profiles) {
  Faults all;
  for (const Target& t : r.targets) {
    for (const Profile& p : profiles) {
      if (p.name != t.profile) continue;
      const auto compiled = compile(p);
      if (!compiled) continue;  // a fault of the profile, which this change does not touch
      if (const auto recipe = make_recipe(*compiled, t, r); !recipe)
        all.insert(all.end(), recipe.error().begin(), recipe.error().end());
    }
  }
  return all;
}

Checked<ScheduleEdit> edited(const ReleaseChange& c, const std::string& yaml, const EditedFile& file,
                             const EditSignature& signature) {
  if (c.verb == "add") return add_release(yaml, file, c.release, signature);
  if (c.verb == "move") return move_release(yaml, file, c.release.id, c.release.due, signature);
  return cancel_release(yaml, file, c.release.id, signature);
}

void print_change(const ScheduleEdit& edit, const ScheduleFile& file, Instant now, std::ostream& out) {
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
  const auto settings = settings_of(c.config_file);
  if (!settings) return complain(settings.error(), io.err);
  const auto file = file_to_change(c, *settings);
  if (!file) return complain({file.error()}, io.err);
  if (const auto fault = id_elsewhere(c, *settings, **file)) return complain({*fault}, io.err);
  const auto held = FileEdit::open((*file)->path, kScheduleLimits.bytes);
  if (!held) return complain({held.error()}, io.err);

  const EditedFile where{(*file)->name, settings->timezone, settings->profiles};
  const auto edit = edited(c, held->bytes(), where, {clock.now(), c.by, c.reason});
  if (!edit) return complain(edit.error(), io.err);
  if (const Faults faults = recipe_faults(edit->after, settings->profiles); !faults.empty())
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
