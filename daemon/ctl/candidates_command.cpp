// embargoctl candidates: what embargod would guess, for a person to look through.

#include <algorithm>
#include <cmath>
#include <map>
#include <ostream>

#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "daemon/ctl/commands.h"
#include "daemon/ctl/table.h"
#include "daemon/report/render_text.h"
#include "probes/discovery/candidates.h"

namespace embargod {
namespace {

std::string guess_count(std::size_t n) { return std::to_string(n) + (n == 1 ? " guess" : " guesses"); }

/// How many requests a minute that is at most for each host, beside what its budget allows.
void print_load(const std::map<std::string, std::size_t>& by_site, const Settings& s, std::ostream& out) {
  for (const auto& [site, n] : by_site) {
    const double a_minute = static_cast<double>(n) * 60'000.0 / static_cast<double>(s.candidates.interval.count());
    const double budget = s.polling.per_host.rate * 60.0;
    out << "note: " << site << ": " << guess_count(n) << ", at most " << std::lround(a_minute)
        << " requests a minute if all their releases are near due; the host's budget is " << std::lround(budget);
    if (a_minute > budget) out << ", which comes first: each guess would be looked at less often";
    out << "\n";
  }
}

}  // namespace

int candidates_command(const std::string& config_file, const std::string& release, Streams io) {
  const auto loaded = load_config(config_file);
  if (!loaded) return complain(loaded.error(), io.err);
  const auto& releases = loaded->schedule.releases;
  const auto is_it = [&](const Release& r) { return r.id == release; };
  if (!release.empty() && std::none_of(releases.begin(), releases.end(), is_it)) {
    std::vector<std::string> ids;
    ids.reserve(releases.size());
    for (const Release& r : releases) ids.push_back(r.id);
    return complain({Fault{Errc::not_found, "release " + in_quotes(release), "the schedule has no such release",
                           did_you_mean(release, ids)}},
                    io.err);
  }
  const CandidateMaker maker{loaded->schedule, loaded->settings.candidates};
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> notes;
  std::map<std::string, std::size_t> by_site;
  for (const Release& r : releases) {
    if (!release.empty() && !is_it(r)) continue;
    const CandidateList list = maker.of(r);
    for (const Candidate& c : list.found) {
      rows.push_back({c.target.id, to_string(c.target.role), c.target.profile, c.target.url.text,
                      c.target.candidate_rule, c.from});
      ++by_site[c.target.url.site()];
    }
    for (const std::string& note : list.notes) notes.push_back("release " + in_quotes(r.id) + ": " + note);
    if (list.found.empty() && !release.empty() && r.former_urls.empty() && r.url_templates.empty())
      notes.push_back("release " + in_quotes(r.id) + ": no former_urls and no url_templates to guess from");
  }
  if (!rows.empty()) io.out << plain_table({"TARGET", "ROLE", "PROFILE", "URL", "RULE", "FROM"}, rows);
  io.out << guess_count(rows.size()) << "\n";
  for (const std::string& note : notes) io.out << "note: " << printable(note) << "\n";
  print_load(by_site, loaded->settings, io.out);
  return kExitFine;
}

}  // namespace embargod
