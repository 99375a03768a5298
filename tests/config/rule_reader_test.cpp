#include <gtest/gtest.h>

#include "config/settings_reader.h"
#include "tests/config/golden_faults.h"

namespace embargod {
namespace {

/// The one profile of `yaml`, indented by four under `profiles: ours:`.
Profile profile_of(const std::string& yaml) {
  const auto s =
      read_settings("producer: {name: X}\nschedules: [{file: a.yml}]\nprofiles:\n  ours:\n" + yaml, "embargod.yml", "");
  EXPECT_TRUE(s) << fault_lines(s);
  return s ? s->profiles.back() : Profile{};
}

Condition condition_of(const std::string& yaml) {
  const Profile p = profile_of("    live_if: [" + yaml + "]\n");
  EXPECT_EQ(p.rules.live_if.size(), 1U);
  return p.rules.live_if.empty() ? Condition{} : p.rules.live_if[0];
}

struct ConditionCase {
  const char* name;
  const char* yaml;
  Condition want;
};

Condition of(decltype(Condition::is) is) {
  Condition c;
  c.is = std::move(is);
  return c;
}

class ReadCondition : public testing::TestWithParam<ConditionCase> {};
TEST_P(ReadCondition, OfEachKind) { EXPECT_TRUE(condition_of(GetParam().yaml) == GetParam().want) << GetParam().yaml; }
const std::string kDigest = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const std::string kDigestYaml = "{digest: \"" + kDigest + "\"}";
INSTANTIATE_TEST_SUITE_P(
    Kinds, ReadCondition,
    testing::Values(
        ConditionCase{"Status", "{status: 404}", of(StatusIs{{404}})},
        ConditionCase{"Statuses", "{status: [404, 410]}", of(StatusIs{{404, 410}})},
        ConditionCase{"HeaderAtAll", "{header: {name: X-Gate}}", of(HeaderIs{"X-Gate", {}})},
        ConditionCase{"HeaderContains", "{header: {name: X-Gate, contains: shut}}",
                      of(HeaderIs{"X-Gate", {{}, "shut", {}}})},
        ConditionCase{"HeaderEquals", "{header: {name: X-Gate, equals: \"\"}}", of(HeaderIs{"X-Gate", {"", {}, {}}})},
        ConditionCase{"HeaderRegex", "{header: {name: X-Gate, regex: ^s}}", of(HeaderIs{"X-Gate", {{}, {}, "^s"}})},
        ConditionCase{"FinalUrl", "{final_url: example.org/a}",
                      of(AddressIs{AddressIs::Of::final_url, "example.org/a"})},
        ConditionCase{"Redirect", "{redirect: draft.example.org/}",
                      of(AddressIs{AddressIs::Of::redirect, "draft.example.org/"})},
        ConditionCase{"Link", "{link: /files/}", of(AddressIs{AddressIs::Of::link, "/files/"})},
        ConditionCase{"Text", "{text: Upcoming}", of(BodyHas{BodyHas::Where::sent, false, "Upcoming"})},
        ConditionCase{"Regex", "{regex: '(?i)up'}", of(BodyHas{BodyHas::Where::sent, true, "(?i)up"})},
        ConditionCase{"VisibleText", "{visible_text: Up}", of(BodyHas{BodyHas::Where::visible, false, "Up"})},
        ConditionCase{"VisibleRegex", "{visible_regex: U.}", of(BodyHas{BodyHas::Where::visible, true, "U."})},
        ConditionCase{"XPath", "{xpath: //h1}", of(XPathIs{"//h1", {}})},
        ConditionCase{"XPathValue", "{xpath: {path: //h1, equals: A}}", of(XPathIs{"//h1", {"A", {}, {}}})},
        ConditionCase{"Json", "{json: /a/0}", of(JsonIs{"/a/0", {}})},
        ConditionCase{"WholeJson", "{json: \"\"}", of(JsonIs{"", {}})},
        ConditionCase{"JsonValue", "{json: {pointer: /a, regex: ^x}}", of(JsonIs{"/a", {{}, {}, "^x"}})},
        ConditionCase{"ContentType", "{content_type: image/*}", of(ContentTypeIs{"image/*"})},
        ConditionCase{"Magic", "{magic: xlsx}", of(MagicIs{"xlsx"})},
        ConditionCase{"SizeMin", "{size: {min: 10}}", of(SizeIs{10, {}})},
        ConditionCase{"SizeBoth", "{size: {min: 0, max: 7}}", of(SizeIs{0, 7})},
        ConditionCase{"Digest", kDigestYaml.c_str(), of(DigestIs{kDigest})},
        ConditionCase{"Edition", "{edition: later}", of(EditionIs{EditionIs::Which::later})},
        ConditionCase{"All", "{all: [{status: 200}, {text: a}]}",
                      of(AllOf{{of(StatusIs{{200}}), of(BodyHas{BodyHas::Where::sent, false, "a"})}})},
        ConditionCase{"Any", "{any: [{status: 200}]}", of(AnyOf{{of(StatusIs{{200}})}})},
        ConditionCase{"Not", "{not: {any: [{status: 200}]}}", of(NoneOf{{of(AnyOf{{of(StatusIs{{200}})}})}})}),
    [](const auto& p) { return p.param.name; });

TEST(ReadProfiles, KeepsEveryGroupAndItsMarks) {
  const Profile p = profile_of(
      "    unknown_if: [{status: 500}]\n"
      "    gated_if: [{status: 501}]\n"
      "    absent_if:\n"
      "      - {status: 502}\n"
      "      - all:\n"
      "          - {status: 503}\n"
      "          - not: {text: a}\n"
      "    must_not_contain: [{status: 504}]\n"
      "    stub_if: [{status: 505}]\n"
      "    live_if: [{status: 506}]\n"
      "    expect: [{status: 507}, {status: 508}]\n");
  EXPECT_EQ(to_string(p.mark), "embargod.yml:4:3");
  const auto status = [](const Rule& r) { return std::get<StatusIs>(r.is).codes.at(0); };
  EXPECT_EQ(status(p.rules.unknown_if.at(0)), 500);
  EXPECT_EQ(status(p.rules.gated_if.at(0)), 501);
  EXPECT_EQ(status(p.rules.absent_if.at(0)), 502);
  EXPECT_EQ(status(p.rules.must_not_contain.at(0)), 504);
  EXPECT_EQ(status(p.rules.stub_if.at(0)), 505);
  EXPECT_EQ(status(p.rules.live_if.at(0)), 506);
  EXPECT_EQ(status(p.rules.expect.at(1)), 508);
  EXPECT_EQ(to_string(p.rules.absent_if.at(1).mark), "embargod.yml:9:9");
  const auto& all = std::get<AllOf>(p.rules.absent_if[1].is).of;
  EXPECT_EQ(to_string(all.at(0).mark), "embargod.yml:10:13");
  EXPECT_EQ(to_string(std::get<NoneOf>(all.at(1).is).of.at(0).mark), "embargod.yml:11:18");
}

TEST(ReadProfiles, KeepsWhereTheEditionStandsAndWhatToCompare) {
  const Profile p = profile_of(
      "    edition: [{xpath: //h1, regex: '\\((.*)\\)'}, {json: /p}, {header: X-Edition}, {regex: 'Edition (.*)'}]\n"
      "    fingerprint: {ignore: ['[0-9]+ views'], of: [//main, /data]}\n"
      "    variants: [www, slash]\n"
      "    siblings: false\n"
      "    cache_bypass: true\n"
      "    negative_ttl: 5m\n");
  ASSERT_EQ(p.edition.size(), 4U);
  EXPECT_EQ(p.edition[0].xpath, "//h1");
  EXPECT_EQ(p.edition[0].regex, "\\((.*)\\)");
  EXPECT_EQ(p.edition[1].json, "/p");
  EXPECT_EQ(p.edition[2].header, "X-Edition");
  EXPECT_EQ(p.edition[3].regex, "Edition (.*)");
  EXPECT_EQ(to_string(p.edition[1].mark), "embargod.yml:5:49");
  EXPECT_EQ(p.fingerprint.ignore, std::vector<std::string>{"[0-9]+ views"});
  EXPECT_EQ(p.fingerprint.of, (std::vector<std::string>{"//main", "/data"}));
  EXPECT_EQ(p.variants, (std::vector{VariantForm::www, VariantForm::slash}));
  EXPECT_FALSE(p.siblings);
  EXPECT_TRUE(p.cache_bypass);
  EXPECT_EQ(p.negative_ttl, Millis{300'000});
}

TEST(ReadProfiles, AnEmptyProfileAsksSiblingsAndNothingElse) {
  const Profile p = profile_of("    absent_if: []\n");
  EXPECT_TRUE(p.rules == RuleGroups{});
  EXPECT_TRUE(p.siblings);
  EXPECT_FALSE(p.cache_bypass);
  EXPECT_FALSE(p.negative_ttl);
}

std::string nested(int levels) {
  std::string s = "{status: 404}";
  for (int i = 0; i < levels; ++i) s = i % 2 == 0 ? "{not: " + s + "}" : "{all: [" + s + "]}";
  return s;
}

TEST(ReadProfiles, ConditionsNestEightDeep) {
  (void)condition_of(nested(8));
  const auto s = read_settings(
      "producer: {name: X}\nschedules: [{file: a.yml}]\nprofiles:\n  ours:\n    live_if: [" + nested(9) + "]\n",
      "embargod.yml", "");
  ASSERT_FALSE(s);
  EXPECT_NE(fault_lines(s).find(" is nested more than 8 levels deep; write it as several rules"), std::string::npos);
  EXPECT_EQ(s.error().size(), 1U);
}

/// A release with one URL, whose further keys are `more`.
Checked<Schedule> url_with(const std::string& more) {
  return read_schedule(
      "releases:\n  - id: x\n    title: X\n    due: 2030-04-24 09:30\n    urls:\n"
      "      - {url: \"https://stats.example.org/x\", " +
          more + "}\n",
      "releases.yml", "Europe/London", shipped_profiles());
}

TEST(ReadUrls, TakeRulesOfTheirOwn) {
  const auto s = url_with(
      "role: page, profile: govuk, edition: April 2026, cache_bypass: false, negative_ttl: 10m, "
      "stub_if: [{text: soon}], must_not_contain: [{text: Table 1}], expect: [{size: {min: 1000}}]");
  ASSERT_TRUE(s) << fault_lines(s);
  const Target& t = s->releases.at(0).targets.at(0);
  EXPECT_EQ(t.edition, "April 2026");
  EXPECT_EQ(t.cache_bypass, false);
  EXPECT_EQ(t.negative_ttl, Millis{600'000});
  EXPECT_EQ(std::get<BodyHas>(t.rules.stub_if.at(0).is).text, "soon");
  EXPECT_EQ(std::get<BodyHas>(t.rules.must_not_contain.at(0).is).text, "Table 1");
  EXPECT_EQ(std::get<SizeIs>(t.rules.expect.at(0).is).min, 1000U);
  EXPECT_EQ(to_string(t.rules.stub_if[0].mark), "releases.yml:6:145");
  EXPECT_TRUE(s->notes.empty());
}

TEST(ReadUrls, EveryRoleIsTaken) {
  const auto s = read_schedule(
      "releases:\n  - id: x\n    title: X\n    due: 2030-04-24 09:30\n    urls:\n"
      "      - {url: \"https://stats.example.org/1\", role: page}\n"
      "      - {url: \"https://stats.example.org/2\", role: latest, profile: govuk, edition: April 2030}\n"
      "      - {url: \"https://stats.example.org/3\", role: file}\n"
      "      - {url: \"https://stats.example.org/4\", role: api}\n"
      "      - {url: \"https://stats.example.org/5\", role: listing, title_counts: true}\n"
      "      - {url: \"https://stats.example.org/6\", role: announcement}\n",
      "releases.yml", "Europe/London", shipped_profiles());
  ASSERT_TRUE(s) << fault_lines(s);
  std::vector<Role> roles;
  for (const Target& t : s->releases.at(0).targets) roles.push_back(t.role);
  EXPECT_EQ(roles, (std::vector{Role::page, Role::latest, Role::file, Role::api, Role::listing, Role::announcement}));
  EXPECT_TRUE(s->releases[0].targets[4].title_counts);
  EXPECT_TRUE(s->notes.empty());
}

struct NoteCase {
  const char* name;
  const char* more;
  const char* want;
};

class ReadUrlsNotes : public testing::TestWithParam<NoteCase> {};
TEST_P(ReadUrlsNotes, SayWhatAPersonMustDo) {
  const auto s = url_with(GetParam().more);
  ASSERT_TRUE(s) << fault_lines(s);
  EXPECT_EQ(s->notes, std::vector<std::string>{GetParam().want});
}
INSTANTIATE_TEST_SUITE_P(
    Roles, ReadUrlsNotes,
    testing::Values(
        NoteCase{
            "LatestNeedsABaseline", "role: latest",
            "releases.yml:6:9: release \"x\": target \"x/latest\": role latest without an edition: nothing is known "
            "of it until a person approves what it shows now (embargoctl baseline show x/latest)"},
        NoteCase{
            "LatestCouldHaveAnEdition", "role: latest, profile: govuk",
            "releases.yml:6:9: release \"x\": target \"x/latest\": role latest without an edition: nothing is known "
            "of it until a person approves what it shows now (embargoctl baseline show x/latest); profile "
            "\"govuk\" can read editions, so write edition: and the embargoed one"},
        NoteCase{"ALoneListingFindsNothing", "role: listing",
                 "releases.yml:6:7: release \"x\": the listing is looked through for the URLs of the release, and none "
                 "of role page, file or api is given"}),
    [](const auto& p) { return p.param.name; });

}  // namespace
}  // namespace embargod
