#pragma once
// Reading listings in tests, and saying what was found.

#include <zlib.h>

#include <string>
#include <utility>
#include <vector>

#include "config/types/result.h"
#include "probes/discovery/finding.h"
#include "probes/discovery/sitemap.h"

namespace embargod {

inline const std::string kListingSite = "https://stats.example.org";

/// What a reader gave: a line for each finding, "URL | title | stated | lastmod", "elsewhere " in front where it is so.
struct FoundLines {
  std::vector<std::string> lines;
  std::string fault;  // "" if it could be read
  ListingRead read;
};

inline std::string line_of(const Finding& f) {
  return (f.elsewhere ? "elsewhere " : "") + f.url + " | " + f.title + " | " + f.stated + " | " + f.lastmod;
}

/// `read(sink)` yields a Result<ListingRead>.
template <class Read>
[[nodiscard]] FoundLines lines_found(const Read& read) {
  FoundLines out;
  auto result = read([&out](const Finding& f) { out.lines.push_back(line_of(f)); });
  if (result)
    out.read = std::move(*result);
  else
    out.fault = to_string(result.error());
  return out;
}

[[nodiscard]] inline std::string gzipped(const std::string& bytes) {
  z_stream z{};
  if (deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string copy = bytes;
  std::string out(deflateBound(&z, bytes.size()) + 100, '\0');
  z.next_in = reinterpret_cast<Bytef*>(copy.data());
  z.avail_in = static_cast<uInt>(copy.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  (void)deflate(&z, Z_FINISH);
  out.resize(out.size() - z.avail_out);
  deflateEnd(&z);
  return out;
}

/// A sitemap of `count` URLs, numbered from `first`: 200 bytes each.
[[nodiscard]] inline std::string sitemap_of(std::size_t first, std::size_t count) {
  std::string xml =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n";
  for (std::size_t i = first; i < first + count; ++i)
    xml += "  <url><loc>" + kListingSite + "/statistics/some-topic/the-publication-of-series-" + std::to_string(i) +
           "</loc><lastmod>2026-05-01T08:30:00+00:00</lastmod><changefreq>monthly</changefreq><priority>0.5</priority>"
           "</url>\n";
  return xml + "</urlset>\n";
}

}  // namespace embargod
