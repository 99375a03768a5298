// A sitemap, whole and in chunks. Input: a byte that sets the size of the chunks, then the document.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "probes/discovery/sitemap.h"

namespace {

using namespace embargod;

void must(bool promise) {
  if (!promise) std::abort();
}

struct Read {
  bool good = false;
  std::vector<Finding> findings;
};

Read read_in_chunks(std::string_view bytes, std::size_t chunk) {
  Read out;
  SitemapParser parser{*parse_url("https://stats.example.org/sitemap.xml"),
                       [&out](const Finding& f) { out.findings.push_back(f); }};
  for (std::size_t at = 0; at < bytes.size(); at += chunk)
    if (!parser.take(bytes.substr(at, chunk))) return out;
  const auto end = parser.finish();
  out.good = end.has_value();
  if (end) must(end->entries == out.findings.size() && (!end->is_index || out.findings.empty()));
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes{reinterpret_cast<const char*>(data + 1), size - 1};
  const Read whole = read_in_chunks(bytes, 1U << 20U);
  const Read parts = read_in_chunks(bytes, 1 + data[0]);
  must(whole.good == parts.good);
  if (whole.good) must(whole.findings == parts.findings);
  for (const Finding& f : whole.findings) {
    must(f.url.starts_with("http://") || f.url.starts_with("https://") || f.url.starts_with("HTTP") ||
         f.url.find("://") != std::string::npos);
    must(f.url.find('#') == std::string::npos && f.title.size() <= kLongestTitle);
    const std::string canonical = canonical_address(f.url);
    must(plain_form_of(canonical).size() <= canonical.size());
    must(finding_key("l", canonical, f.title) != 0);
    static_cast<void>(instant_indicated(f.lastmod));
  }
  return 0;
}
