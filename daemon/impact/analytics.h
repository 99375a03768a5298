#pragma once
// Exports of web analytics: what they say of a URL, as labelled there. Other methods, other periods: shown beside the
// counts of logs, never added to them.

#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"
#include "daemon/impact/count.h"
#include "daemon/watch/impact.h"

namespace embargod {

inline constexpr std::size_t kLargestAnalytics = std::size_t{64} << 20U;

/// A CSV (RFC 4180) as Google Analytics 4 exports it: lines that begin with '#' (the period is read from them), a head
/// with a column of pages ("Page path and screen class", "Page location", "Page path + query string", "File name",
/// "Link URL", ...), a row for each page. Rows that name none of `urls` are left out. Errors: invalid_input with the
/// line. Pure.
[[nodiscard]] Result<AnalyticsExport> read_analytics(std::string_view csv, const std::vector<WatchedUrl>& urls);

/// The same of a file; name, file and digest are filled. Errors: io too.
[[nodiscard]] Result<AnalyticsExport> read_analytics_file(const std::string& name, const std::string& path,
                                                          const std::vector<WatchedUrl>& urls);

}  // namespace embargod
