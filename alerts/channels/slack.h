#pragma once
// Slack, incoming webhook; what understands the same form (Mattermost, Rocket.Chat) works too. Accepted: 200. Rejected:
// 400 (invalid_payload), 410 (channel_is_archived), 413. Retried: all else, 429 after its Retry-After. Slack takes
// about one message a second for each hook.

#include <string>

#include "alerts/http_notifier.h"
#include "alerts/wording.h"
#include "config/settings.h"

namespace embargod {

/// Text only, and literal: no markup, no links or mentions made of what it says, no previews fetched. Pure.
[[nodiscard]] std::string slack_body(const Alert& alert, Instant now, const Wording& words);

/// &, < and > as Slack wants them; "@" at the start of a word becomes a look-alike that mentions nobody. Pure.
[[nodiscard]] std::string slack_escaped(std::string_view text);

class SlackNotifier final : public HttpNotifier {
 public:
  SlackNotifier(std::string name, ChatSettings settings, Wording words);

 private:
  [[nodiscard]] HttpPostRequest request(const Alert& alert, Instant now) const override;
  [[nodiscard]] Receipt judge(HttpAnswer answer) const override;

  ChatSettings settings_;
  Wording words_;
};

}  // namespace embargod
