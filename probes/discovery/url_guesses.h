#pragma once
// The spellings in which the URL of a coming edition may differ from that of the former one. Inside probes/discovery.

#include <string>
#include <vector>

#include "probes/discovery/url_dates.h"

namespace embargod {

/// A path and query, and how it came about.
struct UrlGuess {
  std::string path_query;
  std::string rule;  // "month: march 2025 -> november 2025, ending: .pdf -> .xlsx"
  int cost = 0;      // 0: the likeliest
};

/// Those of the coming edition: by each shift and, where there is a folder of uploads, for the month of due and the one
/// before; and for the likeliest of them other endings, versions, spellings of months, zero padding and separators. Not
/// sorted; none of a path over 2000 bytes or with more than twelve dates; may hold doubles, and `path_query` itself
/// where nothing in it tells an edition.
[[nodiscard]] std::vector<UrlGuess> guesses_of(std::string_view path_query, const EditionDay& former,
                                               const EditionDay& coming);

}  // namespace embargod
