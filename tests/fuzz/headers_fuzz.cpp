// Header lines of a site through all that reads them: Age, Date, Retry-After, what caches say, signs of walls. Input:
// "<status>\n", header lines, an empty line, the body.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "probes/answer.h"
#include "probes/blocked.h"
#include "probes/freshness.h"

namespace {

using namespace embargod;

constexpr Seconds kMost{std::int64_t{1} << 31U};
const Instant kNow{Millis{1'524'645'000'000}};

std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  Observation o;
  o.done = kNow;
  o.status = static_cast<int>(std::strtoul(std::string{take_line(rest)}.c_str(), nullptr, 10) % 1000);
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    o.headers.emplace_back(std::string{line.substr(0, colon)}, std::string{trimmed(line.substr(colon + 1))});
    const auto hold = parse_retry_after(o.headers.back().second, kNow);
    check(!hold || (*hold >= Millis{0} && *hold <= kLongestHold));
  }
  o.body = std::string{rest};
  read_headers(o);
  check(!o.age || (*o.age >= Seconds{0} && *o.age <= kMost));

  const CacheView v = cache_view(o);
  check(v.age == o.age);
  check(!v.lifetime || (*v.lifetime >= Seconds{0} && *v.lifetime <= kMost));
  check(v.layer.empty() != (v.from_cache || v.stale));
  const auto until = kept_until(o);
  check(!until || (*until >= o.done && *until <= o.done + 2 * kMost));

  const Blocked b = blocked_for_sure(o);
  check((b.cause == Cause::none) == b.rule.empty());
  check(b.rule.empty() || b.rule.starts_with("engine: "));
  return 0;
}
