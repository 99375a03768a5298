#include "config/candidates_reader.h"

#include <algorithm>
#include <set>

#include "config/key_sets.h"
#include "config/text_checks.h"
#include "config/url_template.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr Millis kShortestGuessInterval{1'000};
constexpr Millis kLongestGuessInterval{std::int64_t{24} * 3'600'000};

void read_guess_host(const YamlNode& node, std::vector<std::string>& out, FaultBook& faults) {
  const auto text = read_text(node, "an item of candidates.hosts", faults, {.bytes = 300});
  if (!text) return;
  const auto url = parse_url("https://" + *text + "/");
  if (!url || url->site() != *text || text->find('*') != std::string::npos)
    faults.add(node.at, "candidates.hosts: " + in_quotes(*text) + " is not a host name in lower case",
               "write each of your own hosts alone, like files.example.org");
  else if (std::find(out.begin(), out.end(), *text) != out.end())
    faults.add(node.at, "candidates.hosts: " + in_quotes(*text) + " is named twice", "keep one of the two");
  else
    out.push_back(*text);
}

/// The end of what a due leaves open: its instant, or the end of its month.
std::optional<Instant> latest_of(const Due& d) { return d.at ? d.at : d.period_end; }

class FormerUrlReader {
 public:
  FormerUrlReader(const YamlMap& map, const ScheduleContext& context, Release& release)
      : map_{map}, context_{context}, release_{release}, faults_{map.faults()} {}

  void read(YamlPos at) {
    if (!map_.is_map()) return;
    FormerUrl former;
    former.where = faults_.mark(at);
    const bool is_good = read_address(former);
    const bool is_dated = read_date(former);
    read_profile(former);
    if (is_good && is_dated) release_.former_urls.push_back(std::move(former));
  }

 private:
  bool read_address(FormerUrl& former) {
    const auto* n = map_.need("url");
    const auto text = n == nullptr ? std::nullopt : read_text(*n, map_.name("url"), faults_, {.bytes = 8192});
    if (!text) return false;
    auto url = parse_url(*text);
    if (!url) {
      faults_.add(n->at, map_.name("url") + ": " + url.error().what, url.error().to_do);
      return false;
    }
    former.url = std::move(*url);
    return true;
  }

  bool read_date(FormerUrl& former) {
    const auto* n = map_.need("due", "write when that edition came out, like due: 2018-03-21");
    const auto text = n == nullptr ? std::nullopt : read_text(*n, map_.name("due"), faults_, {.bytes = 100});
    if (!text) return false;
    auto due = read_due(*text, context_.zone);
    if (!due) {
      faults_.add(n->at, map_.name("due") + ": " + due.error().what, due.error().to_do, due.error().code);
      return false;
    }
    const auto coming = latest_of(release_.due);
    const auto begins = due->at ? due->at : due->period_begin;
    if (coming && begins && *begins >= *coming) {
      faults_.add(n->at, map_.name("due") + ": " + in_quotes(*text) + " is not before the release's own due time",
                  "former_urls are of editions that are out");
      return false;
    }
    former.due = std::move(*due);
    return true;
  }

  void read_profile(FormerUrl& former) {
    map_.text("profile", former.profile, {.bytes = 100});
    const auto is_it = [&](const Profile& p) { return p.name == former.profile; };
    if (former.profile.empty() || std::any_of(context_.profiles.begin(), context_.profiles.end(), is_it)) return;
    faults_.add(map_.key_at("profile"), map_.name("profile") + ": there is no profile " + in_quotes(former.profile));
  }

  const YamlMap& map_;
  const ScheduleContext& context_;
  Release& release_;
  FaultBook& faults_;
};

void read_template(const YamlNode& node, const std::string& name, Release& out, FaultBook& faults) {
  const auto text = read_text(node, name, faults, {.bytes = 8192});
  if (!text) return;
  if (const auto good = check_url_template(*text); !good)
    faults.add(node.at, name + ": " + good.error().what, good.error().to_do);
  else
    out.url_templates.push_back({*text, faults.mark(node.at)});
}

/// False, and a fault, if there are too many.
bool are_few(const YamlMap& map, std::string_view key, std::size_t n) {
  if (n <= kMostFormerUrls) return true;
  map.faults().add(map.key_at(key), map.name(key) + " has " + std::to_string(n) + " items",
                   "the newest editions are enough: at most " + std::to_string(kMostFormerUrls));
  return false;
}

}  // namespace

void read_candidates(const YamlNode& node, CandidateSettings& out, FaultBook& faults) {
  const YamlMap map{node, config_keys().candidates, "candidates.", faults};
  for (const YamlNode& host : map.list("hosts")) read_guess_host(host, out.hosts, faults);
  map.whole("most", out.most, {1, kMostCandidates});
  map.duration("interval", out.interval, {kShortestGuessInterval, kLongestGuessInterval});
}

void read_former_urls(const YamlMap& release, const ScheduleContext& context, Release& out) {
  FaultBook& faults = release.faults();
  const auto& items = release.list("former_urls");
  if (are_few(release, "former_urls", items.size()))
    for (std::size_t i = 0; i < items.size(); ++i) {
      const YamlMap map{items[i], schedule_keys().former_url,
                        release.name("former_urls") + "[" + std::to_string(i) + "].", faults};
      FormerUrlReader{map, context, out}.read(items[i].at);
    }
  const auto& templates = release.list("url_templates");
  if (are_few(release, "url_templates", templates.size()))
    for (std::size_t i = 0; i < templates.size(); ++i)
      read_template(templates[i], release.name("url_templates") + "[" + std::to_string(i) + "]", out, faults);
}

bool may_guess_at(const Url& url, const CandidateSettings& candidates) {
  return std::find(candidates.hosts.begin(), candidates.hosts.end(), url.site()) != candidates.hosts.end();
}

void note_unlisted_hosts(Schedule& schedule, const CandidateSettings& candidates) {
  std::vector<std::string> notes;
  for (const Release& r : schedule.releases) {
    std::set<std::string> told;
    const auto note = [&](const Mark& where, const Url& url) {
      if (may_guess_at(url, candidates) || !told.insert(url.site()).second) return;
      notes.push_back(to_string(where) + ": release " + in_quotes(r.id) + ": " + url.site() +
                      " is not in candidates.hosts, so no URL of the coming edition is guessed there");
    };
    for (const FormerUrl& f : r.former_urls) note(f.where, f.url);
    for (const UrlTemplate& t : r.url_templates)
      if (const auto url = expand_url_template(t.text, kSampleEdition)) note(t.where, *url);
  }
  for (std::string& n : notes) schedule.notes.push_back(std::move(n));
}

}  // namespace embargod
