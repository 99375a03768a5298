#pragma once
// Which release an entry of a listing belongs to. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/release.h"
#include "probes/discovery/finding.h"

namespace embargod {

/// Why an entry is thought to be a release's, the surest first.
enum class FoundBy : std::uint8_t {
  url,    // the address of one of its targets
  alias,  // the same in another dress: Welsh twin, printed form, another ending, another case
  slug,   // the last part of its address, elsewhere on the same site
  title,  // its announced title
};
[[nodiscard]] const char* to_string(FoundBy by);

struct FindingMatch {
  std::string release;
  std::string target;  // of the address; of slug: the one that has it; empty: by title
  FoundBy by = FoundBy::url;
  /// The address is public before due too (role latest, listing or announcement), or is that of several releases: that
  /// it is listed says nothing of the embargo.
  bool public_anyway = false;
  friend bool operator==(const FindingMatch&, const FindingMatch&) = default;
};

/// A title as its words, in one spelling: small letters without accents, "m4" for May, Mai and mis Mai, years by two
/// digits, without punctuation and small words of English and Welsh. "Rail & road: Jan to Mar 2026" -> "rail road m0 m2
/// 26".
[[nodiscard]] std::string plain_title(std::string_view title);

/// Whether words of plain_title name an edition (a number or a month) beside something else. Titles and slugs that do
/// not are those of every edition, and so match none.
[[nodiscard]] bool names_one_edition(std::string_view plain_title);

/// Immutable; any thread. Copies what it needs of the schedule.
class FindingMatcher {
 public:
  explicit FindingMatcher(const Schedule& schedule);

  /// The surest match; unset: it is no release's. What fits several releases alike matches none, but for an address.
  [[nodiscard]] std::optional<FindingMatch> match(const Finding& f) const;

 private:
  struct Place {
    std::size_t release = 0;  // in releases_
    std::string target;
    Role role = Role::page;
    bool shared = false;  // by several releases
  };
  struct AsGiven {  // look-up by view
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  using Places = std::unordered_map<std::string, Place, AsGiven, std::equal_to<>>;

  void add(const Target& t, std::size_t release);
  static void put(Places& places, std::string key, const Place& place);
  [[nodiscard]] std::optional<FindingMatch> by_address(std::string_view canonical) const;
  [[nodiscard]] std::optional<FindingMatch> by_title(const Finding& f) const;

  std::vector<std::string> releases_;  // ids
  Places addresses_;                   // by canonical address
  Places dresses_;                     // by plain_form_of it
  Places slugs_;                       // by "host slug"
  Places titles_;                      // by plain_title
};

}  // namespace embargod
