#include "probes/discovery/finding.h"

#include <gtest/gtest.h>

namespace embargod {
namespace {

struct SamePage {
  const char* name;
  const char* url;
  const char* canonical;
};
class CanonicalAddress : public testing::TestWithParam<SamePage> {};
TEST_P(CanonicalAddress, IsOneForAllSpellings) { EXPECT_EQ(canonical_address(GetParam().url), GetParam().canonical); }
INSTANTIATE_TEST_SUITE_P(
    Spellings, CanonicalAddress,
    testing::Values(
        SamePage{"Plain", "https://stats.example.org/a/b", "stats.example.org/a/b"},
        SamePage{"Http", "http://stats.example.org/a/b", "stats.example.org/a/b"},
        SamePage{"Www", "https://www.stats.example.org/a/b", "stats.example.org/a/b"},
        SamePage{"HostCase", "https://Stats.Example.ORG/a/b", "stats.example.org/a/b"},
        SamePage{"PathCaseCounts", "https://stats.example.org/A/b", "stats.example.org/A/b"},
        SamePage{"UsualPort", "https://stats.example.org:443/a/b", "stats.example.org/a/b"},
        SamePage{"OtherPort", "http://stats.example.org:443/a/b", "stats.example.org:443/a/b"},
        SamePage{"Slash", "https://stats.example.org/a/b/", "stats.example.org/a/b"},
        SamePage{"Root", "https://stats.example.org/", "stats.example.org"},
        SamePage{"Index", "https://stats.example.org/a/b/index.html", "stats.example.org/a/b"},
        SamePage{"Fragment", "https://stats.example.org/a/b#c", "stats.example.org/a/b"},
        SamePage{"Campaign", "https://stats.example.org/a/b?utm_source=x&fbclid=y", "stats.example.org/a/b"},
        SamePage{"OtherQuery", "https://stats.example.org/a/b?utm_source=x&id=7", "stats.example.org/a/b?id=7"},
        SamePage{"Escapes", "https://stats.example.org/%61/b%2f%7e", "stats.example.org/a/b%2F~"},
        SamePage{"CutEscape", "https://stats.example.org/a/b%2", "stats.example.org/a/b%2"},
        SamePage{"WwwAlone", "https://www.uk/a", "www.uk/a"}),
    [](const auto& row) { return std::string{row.param.name}; });

TEST(PlainForm, IsOneForTheDressesOfAPage) {
  for (const char* dress :
       {"stats.example.org/pub/x", "cy.stats.example.org/pub/x", "stats.example.org/pub/x.cy",
        "stats.example.org/pub/x.pdf", "stats.example.org/pub/x.csv", "stats.example.org/Pub/X.XLSX",
        "stats.example.org/pub/x.pdf.cy", "stats.example.org/pub/x/print"})
    EXPECT_EQ(plain_form_of(dress), "stats.example.org/pub/x") << dress;
  EXPECT_EQ(plain_form_of("stats.example.org/pub/v1.2"), "stats.example.org/pub/v1.2");
  EXPECT_EQ(plain_form_of("stats.example.org/file?uri=/a/X.xlsx"), "stats.example.org/file?uri=/a/X.xlsx");
  EXPECT_EQ(plain_form_of("stats.example.org"), "stats.example.org");
}

TEST(AbsoluteAddress, PlainOnesAreCopiedOddOnesResolvedOthersRefused) {
  const auto base = parse_url("https://stats.example.org/pub/list");
  EXPECT_EQ(absolute_address(*base, " https://a.example.org/x?y=1#z "), "https://a.example.org/x?y=1");
  EXPECT_EQ(absolute_address(*base, "x y"), "https://stats.example.org/pub/x%20y");
  EXPECT_EQ(absolute_address(*base, "../z"), "https://stats.example.org/z");
  EXPECT_EQ(absolute_address(*base, "https://a.example.org/x/../y"), "https://a.example.org/y");
  EXPECT_EQ(absolute_address(*base, "HTTPS://A.example.org/"), "HTTPS://A.example.org/");
  for (const char* bad : {"", "mailto:a@example.org", "javascript:x()", "https://user@a.example.org/", "https://",
                          "https://a.exa mple.org/"})
    EXPECT_EQ(absolute_address(*base, bad), std::nullopt) << bad;
}

TEST(InstantIndicated, IsReadWhereAnInstantIsGiven) {
  const auto nine_thirty = parse_rfc3339("2026-06-10T08:30:00Z");
  EXPECT_EQ(instant_indicated("2026-06-10T09:30:00+01:00"), *nine_thirty);
  EXPECT_EQ(instant_indicated("2026-06-10T09:30+01:00"), *nine_thirty);
  EXPECT_EQ(instant_indicated("Wed, 10 Jun 2026 08:30:00 GMT"), *nine_thirty);
  EXPECT_EQ(instant_indicated("Wed, 10 Jun 2026 09:30:00 +0100"), *nine_thirty);
  for (const char* none : {"2026-06-10", "", "yesterday", "2026-06-10T09:30", "Wed, 10 Jun 2026 09:30:00 +01"})
    EXPECT_EQ(instant_indicated(none), std::nullopt) << none;
}

TEST(FindingKey, TellsItsPartsApart) {
  const auto key = finding_key("a", "bc", "d");
  EXPECT_EQ(key, finding_key("a", "bc", "d"));
  EXPECT_NE(key, finding_key("ab", "c", "d"));
  EXPECT_NE(key, finding_key("a", "b", "cd"));
  EXPECT_NE(key, finding_key("a", "bc", ""));
}

TEST(KnownSet, HoldsWhatWasAddedAndNothingElse) {
  KnownSet set;
  EXPECT_FALSE(set.contains(7));
  for (std::uint64_t i = 1; i <= 10'000; ++i) set.add(finding_key("l", std::to_string(i), ""));
  for (std::uint64_t i = 1; i <= 10'000; ++i) set.add(finding_key("l", std::to_string(i), ""));
  EXPECT_EQ(set.size(), 10'000U);
  for (std::uint64_t i = 1; i <= 10'000; ++i) ASSERT_TRUE(set.contains(finding_key("l", std::to_string(i), "")));
  for (std::uint64_t i = 10'001; i <= 20'000; ++i) ASSERT_FALSE(set.contains(finding_key("l", std::to_string(i), "")));
}

TEST(KnownSet, ComesBackFromItsBytes) {
  KnownSet set, reversed;
  for (std::uint64_t i = 1; i <= 1'000; ++i) set.add(i << 40U | i);
  for (std::uint64_t i = 1'000; i >= 1; --i) reversed.add(i << 40U | i);
  EXPECT_EQ(set.bytes(), reversed.bytes());
  const auto again = KnownSet::from_bytes(set.bytes());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->size(), 1'000U);
  EXPECT_TRUE(again->contains(std::uint64_t{7} << 40U | 7U));
  EXPECT_EQ(KnownSet::from_bytes(KnownSet{}.bytes())->size(), 0U);
}

TEST(KnownSet, BytesThatItDidNotWriteAreRefused) {
  KnownSet set;
  set.add(1);
  set.add(2);
  const std::string good = set.bytes();
  std::string twice = good;
  twice += good.substr(good.size() - 8);
  for (const std::string& bad : {std::string{}, std::string{"something"}, good.substr(0, good.size() - 1), twice})
    EXPECT_EQ(KnownSet::from_bytes(bad).error().code, Errc::corrupt);
}

}  // namespace
}  // namespace embargod
