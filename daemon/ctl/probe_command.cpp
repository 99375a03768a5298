// embargoctl probe: one look, explained rule by rule.

#include <algorithm>
#include <array>
#include <ostream>

#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "daemon/ctl/commands.h"
#include "daemon/ctl/table.h"
#include "daemon/report/render_text.h"
#include "probes/http_prober.h"
#include "probes/liveness.h"

namespace embargod {
namespace {

struct Chosen {
  Target target;
  const Profile* profile = nullptr;
};

const Profile* find_profile(const Settings& s, const std::string& name) {
  const auto it = std::find_if(s.profiles.begin(), s.profiles.end(), [&](const Profile& p) { return p.name == name; });
  return it == s.profiles.end() ? nullptr : &*it;
}

Result<Chosen> choose(const Loaded& loaded, const std::string& what) {
  std::vector<std::string> ids;
  for (const Release& r : loaded.schedule.releases)
    for (const Target& t : r.targets) {
      if (t.id == what || t.url.text == what) return Chosen{t, find_profile(loaded.settings, t.profile)};
      ids.push_back(t.id);
    }
  if (what.find("://") == std::string::npos) {
    std::string to_do = did_you_mean(what, ids);
    if (to_do.empty())
      to_do = "give a target id of the schedule (embargoctl check schedule lists faults in it) or a whole URL";
    return fail(Errc::not_found, "no target of this name is in the schedule", what, to_do);
  }
  auto url = parse_url(what);
  if (!url) return tl::unexpected{url.error()};
  Chosen c;
  c.target.id = "(not in the schedule)";
  c.target.url = std::move(*url);
  c.target.profile = "generic";
  c.profile = find_profile(loaded.settings, "generic");
  return c;
}

std::string timing(Micros us) {
  return us.count() == 0 ? "-"
                         : std::to_string(us.count() / 1000) + "." + std::to_string(us.count() % 1000 / 100) + " ms";
}

void print_answer(const Observation& o, const Chosen& c, std::ostream& out) {
  std::vector<std::vector<std::string>> rows{{"target", c.target.id}, {"url", o.url}, {"profile", c.target.profile}};
  for (const Hop& h : o.hops) rows.push_back({"redirect", std::to_string(h.status) + " to " + h.location});
  if (!o.hops.empty()) rows.push_back({"ended at", o.final_url});
  rows.push_back({"status", o.status == 0 ? "no answer"
                                          : std::to_string(o.status) +
                                                (o.http_version.empty() ? "" : ", HTTP " + o.http_version)});
  if (o.failure != Cause::none)
    rows.push_back(
        {"failure", std::string{to_string(o.failure)} + (o.failure_text.empty() ? "" : ": " + o.failure_text)});
  if (!o.remote_ip.empty()) rows.push_back({"address", o.remote_ip + " port " + std::to_string(o.remote_port)});
  rows.push_back({"body", std::to_string(o.size) + " bytes" + (o.digest.empty() ? "" : ", " + o.digest)});
  rows.push_back({"time", "name " + timing(o.timings.dns) + ", connect " + timing(o.timings.connect) + ", TLS " +
                              timing(o.timings.tls) + ", first byte " + timing(o.timings.first_byte) + ", all " +
                              timing(o.timings.total)});
  rows.push_back({"sent", rfc3339(o.sent)});
  rows.push_back({"complete", rfc3339(o.done)});
  static constexpr std::array kOfNote{"Date",          "Age",          "Cache-Control",  "ETag",
                                      "Last-Modified", "Content-Type", "Content-Length", "Retry-After",
                                      "Server",        "X-Cache",      "Location"};
  for (const char* name : kOfNote)
    if (const std::string* value = find_header(o, name)) rows.push_back({name, *value});
  out << plain_table({}, rows);
}

void print_judgement(const Judgement& j, const std::vector<RuleTrace>& trace, std::ostream& out) {
  std::vector<std::vector<std::string>> rows;
  for (const RuleTrace& t : trace) rows.push_back({t.rule, t.held ? "held" : "not", t.why});
  out << "\n" << plain_table({"RULE", "HELD", "WHY"}, rows) << "\n";
  out << "verdict: " << to_string(j.liveness);
  if (j.cause != Cause::none) out << " (" << to_string(j.cause) << ")";
  out << ", decided by " << printable(j.rule) << "\n";
}

}  // namespace

int probe_command(const std::string& config_file, const std::string& what, const Clock& clock, Streams io) {
  const auto loaded = load_config(config_file);
  if (!loaded) return complain(loaded.error(), io.err);
  const auto chosen = choose(*loaded, what);
  if (!chosen) return complain({chosen.error()}, io.err);
  const auto profile = compile(*chosen->profile);
  if (!profile) return complain(profile.error(), io.err);
  const std::string contact = loaded->settings.producer.contact.email;
  const std::string agent =
      "embargod/" EMBARGOD_VERSION + (contact.empty() ? std::string{} : " (+mailto:" + contact + ")");
  auto prober = make_http_prober(prober_settings(loaded->settings.polling, agent), clock);
  if (!prober) return complain({prober.error()}, io.err);

  (*prober)->start({.token = 1,
                    .target = chosen->target.id,
                    .url = chosen->target.url,
                    .urgency = Urgency::incident,
                    .connection = Connection::fresh});
  std::vector<Observation> seen;
  const Millis give_up = clock.ticks() + loaded->settings.polling.timeout + Millis{5'000};
  while (seen.empty() && clock.ticks() < give_up) seen = (*prober)->wait(Millis{1'000});
  if (seen.empty()) return complain({Fault{Errc::unavailable, what, "the probe did not end", "try again"}}, io.err);

  std::vector<RuleTrace> trace;
  const Judgement j = (*profile)->judge(seen.front(), &trace);
  print_answer(seen.front(), *chosen, io.out);
  print_judgement(j, trace, io.out);
  return kExitFine;
}

}  // namespace embargod
