#pragma once
// One listing of the config, ready to read: its expressions compiled.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"
#include "config/types/result.h"
#include "probes/discovery/finding.h"
#include "probes/discovery/sitemap.h"

namespace embargod {

inline constexpr std::size_t kMostListingItems = 5'000;  // of an HTML or JSON listing: those after them are not read

/// Reads the documents of a listing, and knows which addresses look like a release. Immutable; one thread at a time.
class ListingReader {
 public:
  /// Faults carry the config's marks: an XPath, JSON pointer or regular expression that does not compile.
  [[nodiscard]] static Checked<ListingReader> make(const DiscoveryListing& settings);
  ListingReader(ListingReader&&) noexcept;
  ListingReader& operator=(ListingReader&&) noexcept;
  ~ListingReader();

  [[nodiscard]] const DiscoveryListing& settings() const;

  /// Largest body that is asked for, in bytes as they are sent.
  [[nodiscard]] std::size_t most_bytes() const;

  /// `document`: the listing's own URL, or that of a child sitemap. Error: it cannot be read, or an HTML or JSON
  /// listing has not one item (its pattern no longer fits); then what the sink has got is not to be used.
  [[nodiscard]] Result<ListingRead> read(const Url& document, std::string_view body, std::string_view content_type,
                                         const FindingSink& sink) const;

  /// On the listing's own site, and one of `release_like` is found in its address.
  [[nodiscard]] bool looks_like_release(const Finding& f) const;

 private:
  ListingReader();
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace embargod
