#include "daemon/watch/plan.h"

#include <algorithm>

#include "config/text_checks.h"
#include "daemon/watch/calendar_match.h"
#include "daemon/watch/discovery_watch.h"
#include "probes/discovery/candidates.h"
#include "probes/variants.h"

namespace embargod {
namespace {

using Compiled = std::map<std::string, std::shared_ptr<const CompiledProfile>>;

bool is_in(const Release& r, const Url& url) {
  return std::any_of(r.targets.begin(), r.targets.end(), [&](const Target& t) {
    return t.url.site() == url.site() && t.url.path_query == url.path_query && t.url.scheme == url.scheme;
  });
}

class PartMaker {
 public:
  PartMaker(const Compiled& profiles, Plan& plan, Faults& faults) : profiles_{profiles}, plan_{plan}, faults_{faults} {}

  /// A guess owes nobody an answer, so what is wrong with its recipe is told where that is announced.
  void add_guess(const Release& r, const Target& t) {
    if (const auto profile = profiles_.find(t.profile); profile != profiles_.end()) add_one(r, t, profile->second, {});
  }

  void add(const Release& r, const Target& t) {
    const auto profile = profiles_.find(t.profile);
    if (profile == profiles_.end()) return;  // told of when the schedule was read
    add_one(r, t, profile->second, {});
    // A listing or an announcement is public anyway: its other forms tell nothing new.
    if (t.role == Role::listing || t.role == Role::announcement) return;
    for (UrlVariant& v : variants_of(t.url, profile->second->profile().variants)) {
      if (is_in(r, v.url)) continue;
      Target other = t;
      other.id += std::string{"+"} + to_string(v.form);
      other.url = std::move(v.url);
      add_one(r, other, profile->second, t.id);
    }
  }

 private:
  void add_one(const Release& r, const Target& t, const std::shared_ptr<const CompiledProfile>& profile,
               const std::string& form_of) {
    auto recipe = make_recipe(profile, t, r);
    if (!recipe) {
      if (form_of.empty() && t.candidate_rule.empty())
        faults_.insert(faults_.end(), recipe.error().begin(), recipe.error().end());
      return;
    }
    Part p;
    p.release = &r;
    p.target = t;
    p.recipe = std::move(*recipe);
    p.form_of = form_of;
    p.negative_ttl = t.negative_ttl ? t.negative_ttl : profile->profile().negative_ttl;
    plan_.parts.push_back(std::move(p));
  }

  const Compiled& profiles_;
  Plan& plan_;
  Faults& faults_;
};

Checked<std::shared_ptr<const Plan>> planned(std::shared_ptr<const Settings> shared, Schedule announced,
                                             Schedule schedule, const std::vector<ReceiverTraits>& receivers) {
  auto plan = std::make_shared<Plan>();
  plan->settings = std::move(shared);
  plan->announced = std::move(announced);
  plan->schedule = std::move(schedule);
  const Settings& settings = *plan->settings;
  Faults faults;
  for (const ScheduleSource& s : settings.schedules)
    if (const auto rules = TitleRules::make(s.match); !rules)
      faults.insert(faults.end(), rules.error().begin(), rules.error().end());
  // All are compiled, also those that no target names today: a fault must not wait for the day of a reload.
  Compiled compiled;
  for (const Profile& p : settings.profiles) {
    auto one = compile(p);
    if (one)
      compiled.emplace(p.name, std::move(*one));
    else
      faults.insert(faults.end(), one.error().begin(), one.error().end());
  }
  if (auto discovery = make_discovery_plan(settings.discovery, plan->schedule))
    plan->discovery = std::move(*discovery);
  else
    faults.insert(faults.end(), discovery.error().begin(), discovery.error().end());
  PartMaker maker{compiled, *plan, faults};
  const CandidateMaker guesses{plan->schedule, settings.candidates};
  for (const Release& r : plan->schedule.releases) {
    for (const Target& t : r.targets) maker.add(r, t);
    for (const Candidate& c : guesses.of(r).found) maker.add_guess(r, c.target);
  }
  if (!faults.empty()) return tl::unexpected<Faults>{std::move(faults)};

  plan->polling = settings.polling;
  plan->receivers = receivers;
  plan->candidate_interval = settings.candidates.interval;
  plan->retention = settings.storage.retention;
  plan->context = AlertContext{.zone = settings.timezone,
                               .external_url = settings.web.external_url,
                               .incident_interval = settings.polling.incident_interval,
                               .blind_after = settings.polling.blind_after};
  return std::shared_ptr<const Plan>{std::move(plan)};
}

}  // namespace

Checked<std::shared_ptr<const Plan>> make_plan(const Settings& settings, const Schedule& schedule,
                                               const std::vector<ReceiverTraits>& receivers) {
  return planned(std::make_shared<const Settings>(settings), schedule, schedule, receivers);
}

Checked<std::shared_ptr<const Plan>> with_schedule(const Plan& plan, Schedule schedule) {
  return planned(plan.settings, plan.announced, std::move(schedule), plan.receivers);
}

Faults unwatchable(const Settings& settings, const std::vector<Release>& releases) {
  Faults faults;
  Compiled compiled;
  for (const Release& r : releases)
    for (const Target& t : r.targets) {
      auto known = compiled.find(t.profile);
      if (known == compiled.end()) {
        const auto profile = std::find_if(settings.profiles.begin(), settings.profiles.end(),
                                          [&t](const Profile& p) { return p.name == t.profile; });
        if (profile == settings.profiles.end()) {
          faults.push_back({Errc::invalid_input, to_string(t.place.mark),
                            "there is no profile " + in_quotes(t.profile) + ", which " + t.id + " names",
                            "name one of the config"});
          continue;
        }
        auto one = compile(*profile);
        if (!one) continue;  // told of when the config was read
        known = compiled.emplace(t.profile, std::move(*one)).first;
      }
      if (const auto recipe = make_recipe(known->second, t, r); !recipe)
        faults.insert(faults.end(), recipe.error().begin(), recipe.error().end());
    }
  return faults;
}

}  // namespace embargod
