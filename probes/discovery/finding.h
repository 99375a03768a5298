#pragma once
// What a listing shows, and what it has shown before. Pure.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"
#include "config/types/time.h"
#include "config/types/url.h"

namespace embargod {

inline constexpr std::size_t kLongestTitle = 2'000;

/// One entry of a sitemap, feed, listing or search. Texts are one line, as given.
struct Finding {
  std::string url;         // absolute http or https, without a fragment; parse_url() may still refuse an odd one
  std::string title;       // white space folded, cut after kLongestTitle bytes; empty: none
  std::string stated;      // the date that it shows or was published on, as given; empty: none
  std::string lastmod;     // when it says that it changed: an indication, never a bound
  bool elsewhere = false;  // on another site than the listing
  friend bool operator==(const Finding&, const Finding&) = default;
};

/// `lastmod` or a feed's date as an instant (RFC 3339 or RFC 5322); unset: a day alone, or no date. An indication.
[[nodiscard]] std::optional<Instant> instant_indicated(std::string_view text);

/// Takes findings one by one; the object lives for the call only.
using FindingSink = std::function<void(const Finding&)>;

/// `reference` as an absolute address without its fragment; unset: it is no http or https address. Most are absolute
/// already and cost a copy only.
[[nodiscard]] std::optional<std::string> absolute_address(const Url& base, std::string_view reference);

/// The same page under the same name for all usual spellings: no scheme, no www., no usual port, no slash or index.html
/// at its end, no fragment, no campaign keys (utm_...) in the query, escapes of plain characters decoded.
/// "https://www.Example.org/a/?utm_source=x" -> "example.org/a".
[[nodiscard]] std::string canonical_address(std::string_view url);

/// Still the same page, in another dress: of a canonical address the Welsh twin (cy. in front, .cy behind), a printed
/// form, another ending (.pdf, .csv) and another case lead to the same.
[[nodiscard]] std::string plain_form_of(std::string_view canonical);

/// The host of a canonical address, with its port.
[[nodiscard]] std::string_view host_of_canonical(std::string_view canonical);

/// The name of an entry: its listing, canonical address and title. Not safe against somebody who wants two to collide;
/// such a one could as well leave the entry out.
[[nodiscard]] std::uint64_t finding_key(std::string_view listing, std::string_view canonical, std::string_view title);

/// The keys of entries that were seen, 16 to 32 bytes each. Not thread-safe.
class KnownSet {
 public:
  static constexpr std::size_t kMostKnown = 2'000'000;

  [[nodiscard]] bool contains(std::uint64_t key) const;
  void add(std::uint64_t key);  // does nothing where kMostKnown are in it
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] bool full() const { return count_ >= kMostKnown; }

  /// The same set gives the same bytes.
  [[nodiscard]] std::string bytes() const;
  /// Error corrupt: not what bytes() wrote.
  [[nodiscard]] static Result<KnownSet> from_bytes(std::string_view bytes);

 private:
  void grow();
  void put(std::uint64_t key);

  std::vector<std::uint64_t> slots_;  // open addressing, a power of two of them; 0: free
  std::size_t count_ = 0;
};

}  // namespace embargod
