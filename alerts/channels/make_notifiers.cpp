#include "alerts/channels/make_notifiers.h"

#include "alerts/channels/alertmanager.h"
#include "alerts/channels/email.h"
#include "alerts/channels/exec.h"
#include "alerts/channels/govuk_notify.h"
#include "alerts/channels/ntfy.h"
#include "alerts/channels/pagerduty.h"
#include "alerts/channels/slack.h"
#include "alerts/channels/teams.h"
#include "alerts/channels/webhook.h"
#include "alerts/digest.h"

namespace embargod {
namespace {

// The config gives every receiver a name; settings made by hand may have none.
std::string name_or(const std::string& name, const char* kind, int n) {
  return name.empty() ? std::string{kind} + "-" + std::to_string(n) : name;
}

using Notifiers = std::vector<std::unique_ptr<Notifier>>;

/// One for each of `settings`, made from its name, itself and `more`.
template <class Channel, class Settings, class... More>
void add_each(Notifiers& out, const char* kind, const std::vector<Settings>& settings, const More&... more) {
  int n = 0;
  for (const Settings& s : settings) out.push_back(std::make_unique<Channel>(name_or(s.name, kind, ++n), s, more...));
}

/// The same for channels that people read.
template <class Channel, class Settings>
void add_read(Notifiers& out, const char* kind, const std::vector<Settings>& settings, const Wording& words,
              const DigestSettings& digest) {
  Notifiers plain;
  add_each<Channel>(plain, kind, settings, words);
  for (auto& notifier : plain) out.push_back(with_digests(std::move(notifier), digest));
}

void add_vendors(const AlertSettings& settings, const Wording& words, Notifiers& out) {
  add_each<PagerDutyNotifier>(out, "pagerduty", settings.pagerduty, words);
  add_read<SlackNotifier>(out, "slack", settings.slack, words, settings.digest);
  add_read<TeamsNotifier>(out, "teams", settings.teams, words, settings.digest);
  add_read<NtfyNotifier>(out, "ntfy", settings.ntfy, words, settings.digest);
  add_each<ExecNotifier>(out, "exec", settings.exec);
  add_read<GovukNotifyNotifier>(out, "govuk-notify", settings.govuk_notify, words, settings.digest);
}

}  // namespace

std::vector<std::unique_ptr<Notifier>> make_notifiers(const AlertSettings& settings, const std::string& zone) {
  const Wording words{zone, settings.templates};
  Notifiers notifiers;
  add_each<AlertmanagerNotifier>(notifiers, "alertmanager", settings.alertmanagers);
  add_each<WebhookNotifier>(notifiers, "webhook", settings.webhooks);
  add_read<EmailNotifier>(notifiers, "email", settings.emails, words, settings.digest);
  add_vendors(settings, words, notifiers);
  return notifiers;
}

}  // namespace embargod
