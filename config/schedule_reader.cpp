#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "config/candidates_reader.h"
#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/rule_reader.h"
#include "config/schedule_checks.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

std::vector<std::string> profile_names(const std::vector<Profile>& profiles) {
  std::vector<std::string> names;
  names.reserve(profiles.size());
  for (const auto& p : profiles) names.push_back(p.name);
  return names;
}

constexpr std::size_t kMostUrls = 1000;  // of a release: each is compared with all
constexpr const char* kIdRule = "use a-z, 0-9 and -, at most 100 of them";

// Ends of the notes that lint_schedule() has better words for.
constexpr std::string_view kTimeAssumed = " assumed";
constexpr std::string_view kOnWeekend = "a release on a weekend needs an agreed alternative time";
constexpr std::string_view kSharedUrl = " has the same URL, so each is judged by its own due time there";

bool is_public_anyway(Role role) { return role == Role::listing || role == Role::announcement; }

class ReleaseReader {
 public:
  ReleaseReader(const YamlMap& map, const ScheduleContext& context, Schedule& schedule)
      : map_{map}, context_{context}, schedule_{schedule}, faults_{map.faults()} {}

  [[nodiscard]] Release read() {
    read_title();
    read_status();
    read_due_time();
    read_urls();
    read_stated(map_, context_.zone, release_.stated);
    read_former_urls(map_, context_, release_);
    release_.source = context_.source;
    return std::move(release_);
  }

  void set_id(std::string id) { release_.id = std::move(id); }

 private:
  void read_title() {
    (void)map_.need("title", "write the title as it was announced");
    map_.text("title", release_.title);
  }

  void read_status() {
    const auto* n = map_.find("status");
    if (n == nullptr) return;
    const auto word = read_word(*n, map_.name("status"), faults_, {"provisional", "confirmed", "cancelled"});
    is_status_known_ = word.has_value();
    for (const auto s : {ReleaseStatus::provisional, ReleaseStatus::confirmed, ReleaseStatus::cancelled})
      if (word && *word == to_string(s)) release_.status = s;
  }

  void note(YamlPos at, const std::string& text) {
    schedule_.notes.push_back(to_string(faults_.mark(at)) + ": release " + in_quotes(release_.id) + ": " + text);
  }

  void read_due_time() {
    const auto* n = map_.need("due", "write it like due: 2018-04-25 09:30");
    if (n == nullptr) return;
    release_.stated.due.mark = faults_.mark(n->at);
    const auto text = read_text(*n, map_.name("due"), faults_, {.bytes = 100});
    if (!text) return;
    auto due = read_due(*text, context_.zone);
    if (!due) {
      faults_.add(n->at, map_.name("due") + ": " + due.error().what, due.error().to_do, due.error().code);
      return;
    }
    release_.due = std::move(*due);
    const bool is_month = release_.due.precision == DuePrecision::month;
    if (!is_status_known_) {
      // The fault of the status is told; what it would have allowed is not known.
    } else if (release_.status == ReleaseStatus::provisional && !is_month) {
      faults_.add(n->at, map_.name("due") + ": a provisional release has a month only, not " + in_quotes(*text),
                  "write due: " + text->substr(0, 7) + ", or status: confirmed if the date stands");
    } else if (release_.status == ReleaseStatus::confirmed && is_month) {
      faults_.add(n->at, map_.name("due") + ": " + in_quotes(*text) + " is a month without a day",
                  "write the announced day and time, like due: " + *text + "-25 09:30, or add status: provisional");
    }
    if (release_.due.precision == DuePrecision::time_assumed)
      note(n->at, "no time given, 09:30 " + context_.zone + std::string{kTimeAssumed});
    if (release_.due.at && release_.status == ReleaseStatus::confirmed) {
      const int weekday = local_weekday(*release_.due.at, context_.zone);
      const std::string words = local_words(*release_.due.at, context_.zone);
      if (weekday == 0 || weekday == 6) note(n->at, words.substr(0, words.find(',')) + ": " + std::string{kOnWeekend});
    }
  }

  void read_urls() {
    const bool is_watched = release_.status == ReleaseStatus::confirmed;
    const auto* n =
        is_watched ? map_.need("urls", "write the addresses that must stay dark until then") : map_.find("urls");
    if (n == nullptr) return;
    const auto& items = map_.list("urls");
    if (is_watched && n->kind == YamlNode::Kind::sequence && items.empty())
      faults_.add(n->at, map_.name("urls") + " names no address, so nothing would be watched",
                  "write - {url: \"https://...\", role: page}");
    if (items.size() > kMostUrls) {
      faults_.add(n->at, map_.name("urls") + " names more than " + std::to_string(kMostUrls) + " addresses",
                  "split the release");
      return;
    }
    for (std::size_t i = 0; i < items.size(); ++i)
      read_target(YamlMap{items[i], schedule_keys().url, map_.name("urls") + "[" + std::to_string(i) + "].", faults_});
    note_lonely_listings(n->at);
  }

  /// A listing is judged by its links to the release: without an address of its own the release cannot be found in it.
  void note_lonely_listings(YamlPos at) {
    const auto is_linked = [](const Target& t) { return !is_public_anyway(t.role) && t.role != Role::latest; };
    if (std::any_of(release_.targets.begin(), release_.targets.end(), is_linked)) return;
    for (const Target& t : release_.targets)
      if (is_public_anyway(t.role) && !t.title_counts && t.rules.live_if.empty() && t.rules.must_not_contain.empty())
        note(at, std::string{"the "} + to_string(t.role) +
                     " is looked through for the URLs of the release, and none of role page, file or api is given");
  }

  void read_target(const YamlMap& map) {
    if (!map.is_map()) return;
    Target target;
    target.release = release_.id;
    target.profile = "generic";
    target.place.mark = faults_.mark(map.at());
    read_address(map, target);
    const bool is_role_good = read_role(map, target);
    const Profile* profile = read_profile_name(map, target);
    if (is_role_good) read_name(map, target);
    read_judgement(map, target);
    if (is_role_good) check_role_keys(map, target);
    if (is_role_good && profile != nullptr) check_edition(map, target, *profile);
    release_.targets.push_back(std::move(target));
  }

  void read_judgement(const YamlMap& map, Target& target) {
    map.text("edition", target.edition, {.bytes = 100});
    map.flag("title_counts", target.title_counts);
    map.flag("change_counts", target.change_counts);
    if (const auto* n = map.find("cache_bypass"))
      target.cache_bypass = read_flag(*n, map.name("cache_bypass"), faults_);
    if (const auto* n = map.find("negative_ttl"))
      target.negative_ttl = read_duration(*n, map.name("negative_ttl"), faults_, {Millis{0}, kLongestNegativeTtl});
    read_rule_groups(map, target.rules);
  }

  /// Keys that mean something in one role only.
  void check_role_keys(const YamlMap& map, const Target& target) {
    if (map.has("title_counts") && target.role != Role::listing)
      faults_.add(map.key_at("title_counts"),
                  map.name("title_counts") + " is for role listing, not " + to_string(target.role), "delete the line");
    if (map.has("change_counts") && target.role != Role::latest)
      faults_.add(map.key_at("change_counts"),
                  map.name("change_counts") + " is for role latest, not " + to_string(target.role), "delete the line");
    else if (target.change_counts && !target.edition.empty())
      faults_.add(map.key_at("change_counts"),
                  map.name("change_counts") + " is for a URL without an edition; here the edition decides",
                  "delete one of the two");
  }

  /// Whether the edition can be read at all, and what a `latest` URL is judged by without one. What the words of an
  /// edition mean is judged when the recipe is made.
  void check_edition(const YamlMap& map, const Target& target, const Profile& profile) {
    if (!target.edition.empty() && profile.edition.empty())
      faults_.add(map.key_at("edition"),
                  map.name("edition") + ": profile " + in_quotes(profile.name) +
                      " does not say where an answer tells its edition",
                  "use a profile with edition: [...], or write a rule such as live_if: [{visible_text: ...}]");
    if (target.role != Role::latest || !target.edition.empty()) return;
    std::string text = "target " + in_quotes(target.id) +
                       ": role latest without an edition: nothing is known of it until a person approves what it shows "
                       "now (embargoctl baseline show " +
                       target.id + ")";
    if (!profile.edition.empty())
      text += "; profile " + in_quotes(profile.name) + " can read editions, so write edition: and the embargoed one";
    note(map.at(), text);
  }

  void read_address(const YamlMap& map, Target& target) {
    const auto* n = map.need("url");
    if (n == nullptr) return;
    const auto text = read_text(*n, map.name("url"), faults_, {.bytes = 8192});
    if (!text) return;
    auto url = parse_url(*text);
    if (!url) {
      faults_.add(n->at, map.name("url") + ": " + url.error().what, url.error().to_do);
      return;
    }
    const auto is_same = [&](const Target& t) { return same_address(t.url, *url); };
    if (std::any_of(release_.targets.begin(), release_.targets.end(), is_same))
      faults_.add(n->at, map.name("url") + " is in this release already", "keep one of the two");
    target.url = std::move(*url);
  }

  bool read_role(const YamlMap& map, Target& target) {
    const auto* n = map.need("role", "write role: page, latest, file, api, listing or announcement");
    if (n == nullptr) return false;
    const auto word =
        read_word(*n, map.name("role"), faults_, {"page", "latest", "file", "api", "listing", "announcement"});
    if (word) target.role = *role_from(*word);
    return word.has_value();
  }

  /// nullptr if there is no such profile.
  const Profile* read_profile_name(const YamlMap& map, Target& target) {
    map.text("profile", target.profile, {.bytes = 100});
    for (const Profile& p : context_.profiles)
      if (p.name == target.profile) return &p;
    const auto* n = map.find("profile");
    if (n == nullptr || n->text != target.profile) return nullptr;
    const auto names = profile_names(context_.profiles);
    const std::string to_do = did_you_mean(target.profile, names);
    faults_.add(n->at, map.name("profile") + ": there is no profile " + in_quotes(target.profile),
                to_do.empty() ? "the profiles are " + listed(names) : to_do);
    return nullptr;
  }

  /// The last part of the target's id.
  void read_name(const YamlMap& map, Target& target) {
    std::string name;
    map.text("name", name, {.bytes = 200});
    YamlPos at = map.key_at("name");
    if (!name.empty() && !is_id(name)) {
      faults_.add(map.find("name")->at, map.name("name") + ": " + in_quotes(name) + " cannot be a name", kIdRule);
      return;
    }
    if (name.starts_with(kCandidatePrefix)) {
      faults_.add(map.find("name")->at, map.name("name") + ": " + in_quotes(name) + " is how guessed URLs are called",
                  "choose another");
      return;
    }
    const std::string tail = name.empty() ? to_string(target.role) : name;
    target.id = release_.id + "/" + tail;
    const auto is_same = [&](const Target& t) { return t.id == target.id; };
    if (std::none_of(release_.targets.begin(), release_.targets.end(), is_same)) return;
    if (name.empty())
      faults_.add(map.find("role")->at, map.name("role") + ": " + in_quotes(tail) + " occurs twice in this release",
                  "give each a name, for example name: tables");
    else
      faults_.add(at, map.name("name") + ": " + in_quotes(name) + " is taken by another URL of this release",
                  "choose another");
  }

  const YamlMap& map_;
  const ScheduleContext& context_;
  Schedule& schedule_;
  FaultBook& faults_;
  Release release_;
  bool is_status_known_ = true;
};

/// "" and a fault if it cannot be used.
std::string read_release_id(const YamlNode& node, std::size_t index, FaultBook& faults) {
  if (node.kind != YamlNode::Kind::map) return {};
  const std::string name = "releases[" + std::to_string(index) + "].id";
  const auto found =
      std::find_if(node.entries.begin(), node.entries.end(), [](const YamlEntry& e) { return e.key == "id"; });
  if (found == node.entries.end()) {
    faults.add(node.at, name + " is missing", std::string{kIdRule} + ", for example therapies-2018-01");
    return {};
  }
  if (found->value.kind == YamlNode::Kind::nothing) return {};
  const auto id = read_text(found->value, name, faults, {.bytes = 200});
  if (!id) return {};
  if (!is_id(*id)) {
    faults.add(found->value.at, name + ": " + in_quotes(*id) + " cannot be an id", kIdRule);
    return {};
  }
  return *id;
}

}  // namespace

bool same_address(const Url& a, const Url& b) {
  return a.scheme == b.scheme && a.host == b.host && a.port == b.port && a.path_query == b.path_query;
}

std::string whole_address(const Url& url) { return url.scheme + "://" + url.site() + url.path_query; }

void note_shared_urls(Schedule& schedule, const std::vector<Mark>& id_marks) {
  std::unordered_map<std::string, const Release*> first;
  for (std::size_t i = 0; i < schedule.releases.size(); ++i) {
    const Release& release = schedule.releases[i];
    for (const auto& target : release.targets) {
      const auto [it, is_new] = first.emplace(whole_address(target.url), &release);
      if (!is_new && it->second->id != release.id)
        schedule.notes.push_back(to_string(id_marks[i]) + ": target " + in_quotes(target.id) + ": release " +
                                 in_quotes(it->second->id) + std::string{kSharedUrl});
    }
  }
}

bool is_said_by_lint(const std::string& note) {
  return note.ends_with(kTimeAssumed) || note.ends_with(kOnWeekend) || note.ends_with(kSharedUrl);
}

SchedulePart read_releases(const YamlNode& list, const ScheduleContext& context, FaultBook& faults) {
  SchedulePart part;
  const auto* items = read_list(list, "releases", faults);
  if (items == nullptr) return part;
  if (items->empty())
    part.schedule.notes.push_back(to_string(faults.mark(list.at)) + ": no release is listed, so nothing is watched");
  std::unordered_map<std::string, YamlPos> seen;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const YamlNode& node = (*items)[i];
    std::string id = read_release_id(node, i, faults);
    const std::string prefix = id.empty() ? "releases[" + std::to_string(i) + "]." : "release " + in_quotes(id) + ": ";
    const YamlMap map{node, schedule_keys().release, prefix, faults};
    if (!map.is_map()) continue;
    const YamlPos at = map.find("id") == nullptr ? node.at : map.find("id")->at;
    if (const auto [first, is_new] = seen.emplace(id, at); !id.empty() && !is_new)
      faults.add(at,
                 "release " + in_quotes(id) + " is there twice, first in line " + std::to_string(first->second.line),
                 "every release needs an id of its own");
    ReleaseReader reader{map, context, part.schedule};
    reader.set_id(std::move(id));
    part.schedule.releases.push_back(reader.read());
    part.schedule.releases.back().stated.at.mark = faults.mark(at);
    part.id_marks.push_back(faults.mark(at));
  }
  return part;
}

SchedulePart read_schedule_file(std::string_view yaml, const ScheduleContext& context, FaultBook& faults) {
  const auto node = parse_strict_yaml(yaml, kScheduleLimits, faults);
  if (!node) return {};
  const YamlMap map{*node, schedule_keys().schedule, "", faults};
  const auto* list = map.need("releases", "write releases: and a list of them");
  if (list == nullptr) return {};
  return read_releases(*list, context, faults);
}

Checked<Schedule> read_schedule(std::string_view yaml, const std::string& name, const std::string& zone,
                                const std::vector<Profile>& profiles) {
  FaultBook faults{name};
  SchedulePart part = read_schedule_file(yaml, ScheduleContext{name, zone, profiles}, faults);
  if (!faults.empty()) return tl::unexpected<Faults>{faults.take()};
  note_shared_urls(part.schedule, part.id_marks);
  return std::move(part.schedule);
}

}  // namespace embargod
