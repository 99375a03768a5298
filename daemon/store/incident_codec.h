#pragma once
// Values to JSON documents for storage and back; every field but a URL's own rules, losslessly (outside text that is
// not UTF-8 is mended first). A document carries its form ("v"): what a newer program wrote is refused, never half
// read; what an older one wrote has the defaults of the fields that came later. Pure. Errors: unsupported (a newer
// form), corrupt (not a document of ours).

#include <string>
#include <string_view>

#include "alerts/alert.h"
#include "config/release.h"
#include "daemon/watch/incident.h"
#include "daemon/watch/track.h"

namespace embargod {

inline constexpr int kDocumentForm = 7;

/// What of a release is kept: all but the rules of its URLs, which say how the answers are read, and what guesses are
/// made of. Both are the config's to tell; a rule that is mended makes no new revision of what was announced.
[[nodiscard]] Release recorded(Release r);

[[nodiscard]] std::string encode_document(const Incident& i);
[[nodiscard]] std::string encode_document(const TargetTrack& t);
[[nodiscard]] std::string encode_document(const Alert& a);
[[nodiscard]] std::string encode_document(const Release& r);

[[nodiscard]] Result<Incident> decode_incident(std::string_view text);
[[nodiscard]] Result<TargetTrack> decode_track(std::string_view text);
[[nodiscard]] Result<Alert> decode_alert(std::string_view text);
[[nodiscard]] Result<Release> decode_release(std::string_view text);

}  // namespace embargod
