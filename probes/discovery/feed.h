#pragma once
// Atom (RFC 4287) and RSS 0.9x, 1.0 and 2.0, as a stream. Nothing of an entry's content is kept.

#include <string_view>

#include "config/types/result.h"
#include "config/types/url.h"
#include "probes/discovery/finding.h"
#include "probes/discovery/sitemap.h"

namespace embargod {

inline constexpr std::size_t kMostFeedEntries = 20'000;
inline constexpr std::size_t kLargestFeed = std::size_t{16} << 20U;  // bytes, unpacked

/// An entry gives a finding for its page, and one for each enclosure. `stated` is its date of publication, `lastmod`
/// that of its change. Errors as XmlStream, and: no feed, over the limits; what the sink has got by then is not to be
/// used. Pure.
[[nodiscard]] Result<ListingRead> read_feed(const Url& where, std::string_view bytes, const FindingSink& sink);

}  // namespace embargod
