#pragma once
// Sitemaps and sitemap indexes (sitemaps.org 0.9), also gzipped, read as a stream.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"
#include "config/types/url.h"
#include "probes/discovery/finding.h"

namespace embargod {

inline constexpr std::size_t kMostSitemapUrls = 50'000;                 // sitemaps.org's limit
inline constexpr std::size_t kLargestSitemap = std::size_t{50} << 20U;  // the same: bytes, unpacked

/// A sitemap that an index names.
struct ChildSitemap {
  std::string url;      // absolute, on the index's site
  std::string lastmod;  // as given; empty: none
  friend bool operator==(const ChildSitemap&, const ChildSitemap&) = default;
};

/// What one document gave, beside its findings.
struct ListingRead {
  std::size_t entries = 0;             // findings that were passed on
  std::size_t skipped = 0;             // entries without an address that we can read
  std::vector<ChildSitemap> children;  // of a sitemap index, in order, each once
  bool is_index = false;
};

/// Takes a sitemap chunk by chunk; findings go to the sink as they are read, so that memory is flat. Prefixes of other
/// namespaces are passed over, but for a news title and date. One thread.
class SitemapParser {
 public:
  /// `where`: of the document, for relative addresses and to tell which are elsewhere.
  SitemapParser(Url where, FindingSink sink);
  SitemapParser(SitemapParser&&) noexcept;
  SitemapParser& operator=(SitemapParser&&) noexcept;
  ~SitemapParser();

  /// Errors as XmlStream::take, and: no sitemap, over kMostSitemapUrls or kLargestSitemap. What the sink has got by
  /// then is not to be used.
  [[nodiscard]] Result<void> take(std::string_view chunk);
  [[nodiscard]] Result<ListingRead> finish();

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

/// A whole one.
[[nodiscard]] Result<ListingRead> read_sitemap(const Url& where, std::string_view bytes, const FindingSink& sink);

}  // namespace embargod
