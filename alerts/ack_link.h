#pragma once
// The link in a message by which whoever reads it says "I have it", with nothing but a phone: signed, for one incident
// and one receiver, for a while. What it names is readable by its holder; only the daemon can make one.

#include <string>
#include <string_view>

#include "alerts/alert.h"
#include "config/ack_link_settings.h"
#include "config/types/result.h"

namespace embargod {

/// What a link that we made says.
struct AckClaim {
  std::string id;  // of this link: the same for the same alert and receiver; not enough to make the link
  std::string incident;
  std::string receiver;  // to whom it was sent
  Instant expires{};     // whole seconds; no longer good from here on
};

/// Constant over its life: any thread.
class AckLinks {
 public:
  AckLinks(AckLinkSettings settings, std::string external_url);

  /// Adds the annotation `acknowledge_link` to this receiver's own copy of a firing alert that nobody has acknowledged
  /// yet; any other is left alone. The same alert and receiver give the same link in every retry.
  void add_to(Alert& alert, const std::string& receiver) const;

  /// Error not_found for whatever was not made with this key: the same for all, in the same time but for its length.
  /// Whether it has expired is for the caller to see.
  [[nodiscard]] Result<AckClaim> read(std::string_view token) const;

 private:
  [[nodiscard]] std::string token(const AckClaim& claim, const std::string& step) const;
  [[nodiscard]] std::string mac(std::string_view payload) const;

  AckLinkSettings settings_;
  std::string external_url_;  // without a slash at its end
};

}  // namespace embargod
