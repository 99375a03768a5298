#pragma once
// The links of an HTML page. No script runs, nothing is fetched.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/url.h"

namespace embargod {

/// Largest page that is parsed.
inline constexpr std::size_t kLargestHtml = 8U << 20U;

/// Whether a body is to be read as HTML: its content type says so, or says nothing useful and the body begins like
/// markup.
[[nodiscard]] bool looks_like_html(std::string_view content_type, std::string_view body);

/// The absolute http and https targets of all different <a href>, in order, resolved against <base href> or `page`;
/// hrefs that are no such URL are left out. Bytes that are not ASCII come back as they were sent, whatever the charset.
/// Unset if the page cannot be read to its end (too large, too deep, over 20,000 links, a parser limit): then nothing
/// may be said of a link's absence. Pure; any thread.
[[nodiscard]] std::optional<std::vector<Url>> links_of(std::string_view html, const Url& page);

}  // namespace embargod
