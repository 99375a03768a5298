#include "config/key_sets.h"

namespace embargod {

const ConfigKeys& config_keys() {
  static const ConfigKeys keys;
  return keys;
}

const ProfileKeys& profile_keys() {
  static const ProfileKeys keys;
  return keys;
}

const ScheduleKeys& schedule_keys() {
  static const ScheduleKeys keys;
  return keys;
}

std::vector<const KeySet*> all_key_sets() {
  const ConfigKeys& c = config_keys();
  const ProfileKeys& p = profile_keys();
  const ScheduleKeys& s = schedule_keys();
  return {&c.config,     &c.producer,     &c.contact,      &c.head_of_profession,
          &c.polling,    &c.near,         &c.window,       &c.per_host,
          &c.clock,      &c.alerts,       &c.alertmanager, &c.webhook,
          &c.email,      &c.dead_man,     &c.canary,       &c.ack_links,
          &c.pagerduty,  &c.slack,        &c.teams,        &c.ntfy,
          &c.exec,       &c.govuk_notify, &c.storage,      &c.web,
          &p.profile,    &p.condition,    &p.header,       &p.xpath,
          &p.json,       &p.size,         &p.edition,      &p.fingerprint,
          &s.schedule,   &s.release,      &s.url,          &c.lint,
          &s.lead,       &s.former_url,   &c.candidates,   &c.schedule_source,
          &c.title_rule, &s.calendar,     &s.item,         &c.listing,
          &c.route,      &c.route_hours,  &c.escalation,   &c.digest,
          &c.templates};
}

}  // namespace embargod
