#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "config/settings_reader.h"
#include "config/types/digest.h"
#include "tests/probes/profile_case.h"

namespace embargod {
namespace {

constexpr Instant kAsked{Millis{1'780'000'000'000}};

/// Bodies of a few words stand in the row itself.
bool is_inline(const std::string& page) { return page.starts_with('<') || page.starts_with('{'); }

std::string page_text(const std::string& file) {
  if (is_inline(file)) return file;
  std::ifstream in{"tests/probes/profile_pages/" + file, std::ios::binary};
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>{in}, {}};
}

std::string media_type(const std::string& file) {
  static const std::map<std::string, std::string> kTypes{{"html", "text/html; charset=utf-8"},
                                                         {"json", "application/json; charset=utf-8"},
                                                         {"csv", "text/csv"},
                                                         {"pdf", "application/pdf"},
                                                         {"xml", "application/xml"},
                                                         {"xls", "application/vnd.ms-excel"},
                                                         {"zip", "application/zip"}};
  if (is_inline(file)) return kTypes.at(file.starts_with('<') ? "html" : "json");
  const auto found = kTypes.find(file.substr(file.find_last_of('.') + 1));
  return found == kTypes.end() ? "" : found->second;
}

/// Hosts of the last hop and of the URL; a location without a host stays on it.
bool leaves_site(const std::string& url, const std::string& location) {
  const auto from = parse_url(url);
  const auto to = parse_url(location);
  return from && to && from->host != to->host;
}

Observation answer_of(const ProfileCase& c, const std::string& page) {
  Observation o;
  o.url = o.final_url = c.url;
  o.hops = c.hops;
  o.status = c.status;
  o.sent = o.done = kAsked;
  if (!c.hops.empty()) {
    const std::string& location = c.hops.back().location;
    if (leaves_site(c.url, location)) {
      o.failure = Cause::redirect_elsewhere;
      o.status = c.hops.back().status;
    } else {
      o.final_url = location;
    }
  }
  o.headers = c.headers;
  if (page.empty()) return o;
  o.content_type = media_type(page);
  o.headers.emplace_back("Content-Type", o.content_type);
  o.body = page_text(page);
  o.size = o.body.size();
  o.digest = "sha256:" + hex(sha256(o.body));
  return o;
}

std::shared_ptr<const CompiledProfile> compiled(const std::string& name) {
  static std::map<std::string, std::shared_ptr<const CompiledProfile>> done;
  auto& slot = done[name];
  if (slot != nullptr) return slot;
  for (const Profile& p : shipped_profiles()) {
    if (p.name != name) continue;
    auto book = compile(p);
    if (book) return slot = *book;
    for (const Fault& f : book.error()) ADD_FAILURE() << to_string(f);
  }
  return nullptr;
}

std::unique_ptr<Recipe> recipe_of(const ProfileCase& c) {
  const auto profile = compiled(c.profile);
  if (profile == nullptr) return nullptr;
  Release release;
  release.id = "widgets";
  release.title = "Widget sales, January to March 2026";
  const auto target = [&](const std::string& url, const std::string& name) {
    Target t;
    t.id = "widgets/" + name;
    t.release = release.id;
    t.url = parse_url(url).value();
    t.profile = c.profile;
    return t;
  };
  Target asked = target(c.url, "asked");
  asked.role = c.role;
  asked.edition = c.edition;
  asked.rules = c.rules;
  release.targets.push_back(asked);
  for (const auto& url : c.also) release.targets.push_back(target(url, "also"));
  auto recipe = make_recipe(profile, asked, release);
  if (recipe) return std::move(*recipe);
  for (const Fault& f : recipe.error()) ADD_FAILURE() << to_string(f);
  return nullptr;
}

std::string trace_text(const std::vector<RuleTrace>& trace) {
  std::string s;
  for (const auto& t : trace) s += (t.held ? "  yes " : "  no  ") + t.rule + "  (" + t.why + ")\n";
  return s;
}

}  // namespace

Condition says(const std::string& path, const std::string& words) {
  XPathIs is;
  is.path = path;
  is.value.contains = words;
  return Condition{std::move(is), {}};
}

TEST_P(ProfileTest, JudgesWhatTheSiteAnswers) {
  const ProfileCase& c = GetParam();
  const auto recipe = recipe_of(c);
  ASSERT_NE(recipe, nullptr);
  std::optional<Baseline> baseline;
  if (!c.baseline.empty()) {
    ProfileCase former = c;
    former.hops.clear();
    former.status = 200;
    const auto j = recipe->judge(answer_of(former, c.baseline), {}, nullptr);
    ASSERT_NE(j.fingerprint, "") << c.baseline;
    baseline = Baseline{"widgets/asked", c.url, j.fingerprint, j.edition, kAsked, kAsked, "Head of Profession"};
  }
  std::vector<RuleTrace> trace;
  const auto j = recipe->judge(answer_of(c, c.page), {baseline ? &*baseline : nullptr, nullptr}, &trace);
  SCOPED_TRACE("edition \"" + j.edition + "\", rule \"" + j.rule + "\", wrong \"" + j.wrong + "\"\n" +
               trace_text(trace));
  EXPECT_STREQ(to_string(j.liveness), to_string(c.want));
  EXPECT_STREQ(to_string(j.cause), to_string(c.cause));
  EXPECT_EQ(j.rule.substr(0, c.rule.size()), c.rule);
  EXPECT_EQ(j.marked, c.marked);
  EXPECT_EQ(!j.wrong.empty(), c.wrong);
}

TEST(ShippedProfile, CompilesWithAllItsRules) {
  std::set<std::string> names;
  for (const Profile& p : shipped_profiles()) {
    names.insert(p.name);
    EXPECT_NE(compiled(p.name), nullptr) << p.name;
  }
  const std::set<std::string> want{"generic", "nhs-digital", "nhs-england",    "govuk", "govuk-announcement",
                                   "ons",     "ees",         "ukhsa-dashboard"};
  EXPECT_EQ(names, want);
}

// What CONFIGURATION.md recommends, as a whole config: every profile with the roles it is made for.
TEST(ShippedProfile, LoadsInAConfigWithItsRoles) {
  const auto loaded = load_config("tests/config/profile_examples/embargod.yml");
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  std::set<std::string> used;
  for (const Release& release : loaded->schedule.releases) {
    for (const Target& target : release.targets) {
      used.insert(target.profile);
      const auto recipe = make_recipe(compiled(target.profile), target, release);
      EXPECT_TRUE(recipe) << target.id << ": " << (recipe ? "" : to_string(recipe.error().front()));
    }
  }
  EXPECT_EQ(used.size(), shipped_profiles().size());
}

// A query of ours may only be added where the site keeps queries in its cache key, and never where one opens a draft.
TEST(ShippedProfile, AddsAQueryOnlyOnTheSiteThatDocumentsIt) {
  for (const Profile& p : shipped_profiles()) {
    EXPECT_EQ(p.cache_bypass, p.name.starts_with("govuk")) << p.name;
    EXPECT_EQ(std::count(p.variants.begin(), p.variants.end(), VariantForm::query), 0) << p.name;
  }
}

TEST(ShippedProfile, KnowsTheTwinsThatTheSiteReallyHas) {
  const std::map<std::string, std::vector<VariantForm>> want{{"govuk", {VariantForm::welsh_path}},
                                                             {"govuk-announcement", {VariantForm::welsh_path}},
                                                             {"ons", {VariantForm::welsh_host}},
                                                             {"nhs-england", {VariantForm::slash, VariantForm::www}},
                                                             {"ees", {}},
                                                             {"ukhsa-dashboard", {}},
                                                             {"nhs-digital", {}}};
  for (const Profile& p : shipped_profiles()) {
    const auto found = want.find(p.name);
    if (found == want.end()) continue;
    EXPECT_EQ(p.variants, found->second) << p.name;
  }
}

}  // namespace embargod
