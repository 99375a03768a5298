#pragma once
// GOV.UK Notify: one e-mail or text message by a template of the service. Accepted: 201. Rejected: 400 (template,
// recipient, personalisation), 403 (key), 413. Retried: all else: 429 (the rate, or the day's limit, told without a
// Retry-After) and 5xx. Notify does not look at `reference` for repetitions: an answer that was lost on the way makes a
// second message, which is why a receiver has one recipient.

#include <string>

#include "alerts/http_notifier.h"
#include "alerts/wording.h"
#include "config/settings.h"

namespace embargod {

/// The parts of "<name>-<service id>-<secret>", the last two UUIDs.
struct GovukNotifyKey {
  std::string service;
  Secret secret;
};
/// Error invalid_input, without the key. Pure.
[[nodiscard]] Result<GovukNotifyKey> parse_govuk_notify_key(const Secret& key);

/// JWT (RFC 7519) signed with HS256: {"iss": service, "iat": now}. Notify takes it for 30 s. Pure.
[[nodiscard]] std::string govuk_notify_token(const GovukNotifyKey& key, Instant now);

/// What the template may name: ((subject)), ((message)) (all of it), ((text)) (the least, in at most 400 bytes: for a
/// text message),
/// ((status)), ((summary)), ((due)), ((how_early)), ((seen_since)), ((how_sure)), ((urls)), ((what_to_do)),
/// ((acknowledge)), ((link)), ((runbook)). All are always there; one without a value is "-". Pure.
[[nodiscard]] std::string govuk_notify_body(const Alert& alert, const GovukNotifySettings& settings, Instant now,
                                            const Wording& words);

class GovukNotifyNotifier final : public HttpNotifier {
 public:
  GovukNotifyNotifier(std::string name, GovukNotifySettings settings, Wording words);

 private:
  [[nodiscard]] HttpPostRequest request(const Alert& alert, Instant now) const override;
  [[nodiscard]] Receipt judge(HttpAnswer answer) const override;

  GovukNotifySettings settings_;
  GovukNotifyKey key_;
  Wording words_;
};

}  // namespace embargod
