// A feed, and its entries against a schedule.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "probes/discovery/feed.h"
#include "probes/discovery/matcher.h"

namespace {

using namespace embargod;

void must(bool promise) {
  if (!promise) std::abort();
}

FindingMatcher small_matcher() {
  Target t;
  t.id = "widgets-2026-04/page";
  t.release = "widgets-2026-04";
  t.url = *parse_url("https://stats.example.org/pub/widget-sales-april-2026.xlsx");
  Release r;
  r.id = t.release;
  r.title = "Widget sales, April 2026";
  r.targets = {t};
  Schedule s;
  s.releases = {r};
  return FindingMatcher{s};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const FindingMatcher kMatcher = small_matcher();
  static const auto kWhere = parse_url("https://stats.example.org/feeds/new.xml");
  std::size_t told = 0;
  const auto read = read_feed(*kWhere, {reinterpret_cast<const char*>(data), size}, [&told](const Finding& f) {
    ++told;
    must(!f.url.empty() && f.url.find('#') == std::string::npos);
    must(f.title.find('\n') == std::string::npos);
    const auto m = kMatcher.match(f);
    must(!m || m->release == "widgets-2026-04");
    must(plain_title(f.title).size() <= 4 * kLongestTitle);
  });
  if (read) must(read->entries == told);
  return 0;
}
