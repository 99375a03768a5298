// Bytes of a site through everything that reads them: header values, then the judgement by the shipped recipes and by
// conditions of every kind. Input: "<status> <failure> <hops>\n", header lines, an empty line, the body.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings_reader.h"
#include "probes/answer.h"
#include "probes/evidence.h"
#include "probes/liveness.h"

namespace {

using namespace embargod;

Condition condition(decltype(Condition::is) is) {
  Condition c;
  c.is = std::move(is);
  return c;
}

/// Every kind of condition, in groups that are all asked.
Profile of_every_kind() {
  Profile p;
  p.name = "kinds";
  p.rules.gated_if = {
      condition(AllOf{{condition(NoneOf{{condition(AnyOf{{condition(JsonIs{"/a/0", {{}, "x", {}}}),
                                                          condition(XPathIs{"//h1[2]", {{}, {}, "a+b"}})}})}}),
                       condition(HeaderIs{"X-Gate", {{}, {}, "^s"}}), condition(SizeIs{5, 50})}}),
      condition(AddressIs{AddressIs::Of::redirect, "draft.example.org/"}),
      condition(AddressIs{AddressIs::Of::final_url, "/soon"})};
  p.rules.must_not_contain = {condition(BodyHas{BodyHas::Where::visible, true, "(?i)table [0-9]+b"}),
                              condition(DigestIs{"sha256:00"})};
  p.rules.stub_if = {condition(AddressIs{AddressIs::Of::link, "/soon"}), condition(EditionIs{})};
  p.rules.expect = {condition(MagicIs{"zip"}), condition(ContentTypeIs{"text/*"})};
  p.edition = {{"//h1", "", "", "", {}},
               {"", "/p", "", "", {}},
               {"", "", "X-Edition", "v(.*)", {}},
               {"", "", "", "for ([A-Z].*) 20", {}}};
  p.fingerprint = {{"[0-9]+ views"}, {"//main", "/data"}};
  return p;
}

constexpr std::array kEveryRole{Role::page, Role::latest, Role::file, Role::api, Role::listing, Role::announcement};
constexpr std::size_t kRoles = kEveryRole.size();

/// Of each profile one recipe a role, in the order of kEveryRole.
std::vector<std::unique_ptr<Recipe>> make_recipes() {
  std::vector<std::unique_ptr<Recipe>> list;
  std::vector<Profile> profiles = shipped_profiles();
  profiles.push_back(of_every_kind());
  Release release;
  release.id = "r";
  release.title = "Widget waits";
  for (const char* url : {"https://stats.example.org/pub/x", "https://files.example.org/x.xlsx"}) {
    Target t;
    t.id = "r/" + std::to_string(release.targets.size());
    t.url = *parse_url(url);
    release.targets.push_back(t);
  }
  for (const Profile& p : profiles) {
    const auto book = *compile(p);
    for (const Role role : kEveryRole) {
      Target t = release.targets[role == Role::file ? 1 : 0];
      t.role = role;
      t.edition = role == Role::listing ? "" : "April 2030";
      t.title_counts = true;
      list.push_back(*make_recipe(book, t, release));
    }
  }
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
  o.failure = static_cast<Cause>(static_cast<unsigned long>(std::strtol(end, &end, 10)) % 25);
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
  SitePicture picture;
  {
    Evidence e{o};
    picture.note(o, e.page());
  }
  Baseline baseline;
  baseline.fingerprint = "page:0";
  // Each input is judged by every profile in one role, and all roles come in turn: 200 judgements would be slow.
  const std::size_t role = (o.body.size() + static_cast<std::size_t>(o.status)) % kRoles;
  const Surroundings around =
      o.headers.size() % 2 == 0 ? Surroundings{.baseline = &baseline, .picture = &picture} : Surroundings{};
  for (std::size_t i = role; i < kRecipes.size(); i += kRoles) {
    const Recipe& recipe = *kRecipes[i];
    std::vector<RuleTrace> trace;
    const Judgement j = recipe.judge(o, around, &trace);
    must(!j.rule.empty());
    must((j.liveness == Liveness::unknown) == (j.cause != Cause::none));
    if (j.liveness == Liveness::live) {
      must((o.status >= 200 && o.status <= 299 && !o.body.empty()) || o.failure == Cause::redirect_elsewhere);
      must(o.failure == Cause::none || o.failure == Cause::too_large || o.failure == Cause::redirect_elsewhere);
    } else {
      must(!j.marked && j.wrong.empty());
    }
    const Judgement untraced = recipe.judge(o, around, nullptr);
    must(untraced.liveness == j.liveness && untraced.rule == j.rule && untraced.wrong == j.wrong);
  }
  return 0;
}
