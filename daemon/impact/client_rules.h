#pragma once
// Whose request it was, as far as an access log tells: by address and by what the program says of itself.

#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"
#include "daemon/watch/impact.h"
#include "probes/address_policy.h"

namespace embargod {

/// Known crawlers and link previews by what they call themselves. A program may lie.
[[nodiscard]] const std::vector<std::string>& known_crawlers();

/// Immutable; any thread.
class ClientRules {
 public:
  /// Error invalid_input: a text that is no CIDR, an empty part.
  [[nodiscard]] static Result<ClientRules> make(ClientRuleTexts texts);

  /// The first that holds of: own (User-Agent "embargod/...", and an address in `own` where any is given), internal,
  /// crawler; else other.
  [[nodiscard]] ClientClass classify(std::string_view address, std::string_view agent) const;

  [[nodiscard]] const ClientRuleTexts& texts() const { return texts_; }

 private:
  ClientRuleTexts texts_;
  std::vector<Cidr> internal_;
  std::vector<Cidr> own_;
  std::vector<std::string> crawlers_;  // in small letters
};

}  // namespace embargod
