#pragma once
// Microsoft Teams: a Workflows URL ("When a Teams webhook request is received"), or an incoming webhook of the older
// kind. Accepted: 202, or 200 with the body "1". Rejected: 400, 413, and a 200 that tells of either. Retried: all else,
// also a 200 that tells of another error; 429 after its Retry-After. A message is at most 28 KB; a hook takes four a
// second.

#include <string>

#include "alerts/http_notifier.h"
#include "alerts/wording.h"
#include "config/settings.h"

namespace embargod {

/// An Adaptive Card of literal text runs, in which Teams looks for no markup. At most 25,000 bytes. Pure.
[[nodiscard]] std::string teams_body(const Alert& alert, Instant now, const Wording& words);

/// What an answer means: the older webhooks say 200 even where they fail, and the failure in the body. Pure.
[[nodiscard]] Receipt judge_teams(HttpAnswer answer);

class TeamsNotifier final : public HttpNotifier {
 public:
  TeamsNotifier(std::string name, ChatSettings settings, Wording words);

 private:
  [[nodiscard]] HttpPostRequest request(const Alert& alert, Instant now) const override;
  [[nodiscard]] Receipt judge(HttpAnswer answer) const override { return judge_teams(std::move(answer)); }

  ChatSettings settings_;
  Wording words_;
};

}  // namespace embargod
