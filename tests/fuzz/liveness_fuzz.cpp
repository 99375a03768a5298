// Bytes of a site through everything that reads them: header values, then the judgement by the shipped recipes and by
// links. Input: "<status> <failure> <hops>\n", header lines, an empty line, the body.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings_reader.h"
#include "probes/answer.h"
#include "probes/html.h"
#include "probes/liveness.h"

namespace {

using namespace embargod;

std::vector<std::unique_ptr<CompiledProfile>> make_recipes() {
  std::vector<std::unique_ptr<CompiledProfile>> list;
  for (const Profile& p : shipped_profiles()) list.push_back(*compile(p));
  Profile links;
  links.name = "links";
  Condition stub;
  stub.link = "/soon";
  Condition live;
  live.link = "files.example.org/";
  links.stub_if = {Rule{{stub}, {}}};
  links.live_if = {Rule{{live}, {}}};
  list.push_back(*compile(links));
  return list;
}

std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

Observation observation_of(std::string_view rest) {
  Observation o;
  o.url = o.final_url = "https://stats.example.org/pub/x";
  const std::string first{take_line(rest)};
  char* end = nullptr;
  o.status = static_cast<int>(std::strtol(first.c_str(), &end, 10) % 1000);
  o.failure = static_cast<Cause>(static_cast<unsigned long>(std::strtol(end, &end, 10)) % 18);
  if (std::strtol(end, nullptr, 10) > 0) o.hops.push_back({302, "elsewhere"});
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    o.headers.emplace_back(std::string{line.substr(0, colon)}, std::string{trimmed(line.substr(colon + 1))});
  }
  if (!o.hops.empty())
    if (const std::string* location = find_header(o, "Location"))
      if (const auto to = resolve(*parse_url(o.url), *location)) o.final_url = to->text;
  o.body = std::string{rest};
  o.size = o.body.size();
  read_headers(o);
  return o;
}

void must(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kRecipes = make_recipes();
  const Observation o = observation_of({reinterpret_cast<const char*>(data), size});
  must(!o.age || (o.age->count() >= 0 && o.age->count() <= (std::int64_t{1} << 31U)));
  if (const std::string* value = find_header(o, "Retry-After")) {
    const auto hold = parse_retry_after(*value, o.date.value_or(Instant{}));
    must(!hold || (*hold >= Millis{0} && *hold <= kLongestHold));
  }
  for (const auto& recipe : kRecipes) {
    std::vector<RuleTrace> trace;
    const Judgement j = recipe->judge(o, &trace);
    must(!j.rule.empty());
    must((j.liveness == Liveness::unknown) == (j.cause != Cause::none));
    if (j.liveness == Liveness::live) {
      must(o.status >= 200 && o.status <= 299 && !o.body.empty());
      must(o.failure == Cause::none || o.failure == Cause::too_large);
    }
    const Judgement untraced = recipe->judge(o, nullptr);
    must(untraced.liveness == j.liveness && untraced.rule == j.rule);
  }
  return 0;
}
