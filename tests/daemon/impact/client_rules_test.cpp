#include "daemon/impact/client_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace embargod {
namespace {

struct ClassCase {
  const char* name;
  const char* address;
  const char* agent;
  ClientClass want;
};
class ClassifyTest : public testing::TestWithParam<ClassCase> {};
TEST_P(ClassifyTest, ByAddressAndByName) {
  const auto rules = ClientRules::make({{"10.0.0.0/8", "2001:db8:1::/48"}, {"192.0.2.10"}, known_crawlers()});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->classify(GetParam().address, GetParam().agent), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Clients, ClassifyTest,
    testing::Values(ClassCase{"Own", "192.0.2.10", "embargod/0.1.0", ClientClass::own},
                    ClassCase{"OwnNameFromElsewhere", "203.0.113.9", "embargod/0.1.0", ClientClass::other},
                    ClassCase{"OwnAddressAnotherName", "192.0.2.10", "curl/7.88", ClientClass::other},
                    ClassCase{"Internal", "10.255.255.255", "Mozilla/5.0", ClientClass::internal},
                    ClassCase{"InternalMapped", "::ffff:10.1.2.3", "Mozilla/5.0", ClientClass::internal},
                    ClassCase{"InternalSix", "2001:db8:1:2::3", "Mozilla/5.0", ClientClass::internal},
                    ClassCase{"JustOutside", "11.0.0.0", "Mozilla/5.0", ClientClass::other},
                    ClassCase{"JustOutsideSix", "2001:db8:2::3", "Mozilla/5.0", ClientClass::other},
                    ClassCase{"InternalCrawler", "10.1.2.3", "Googlebot/2.1", ClientClass::internal},
                    ClassCase{"Crawler", "203.0.113.9", "Mozilla/5.0 (compatible; GoogleBot/2.1)",
                              ClientClass::crawler},
                    ClassCase{"NoAddress", "", "Mozilla/5.0", ClientClass::other},
                    ClassCase{"AddressIsAName", "host.example.org", "", ClientClass::other},
                    ClassCase{"AddressIsARange", "10.0.0.0/8", "", ClientClass::other}),
    [](const auto& c) { return c.param.name; });

TEST(ClientRules, WithoutAnAddressTheNameAloneTellsTheMonitor) {
  const auto rules = ClientRules::make({{}, {}, {}});
  ASSERT_TRUE(rules);
  EXPECT_EQ(rules->classify("203.0.113.9", "embargod/0.1.0 (+https://example.org)"), ClientClass::own);
}

TEST(ClientRules, WhatIsNoRuleIsRefused) {
  EXPECT_THAT(to_string(ClientRules::make({{"10.0.0.0/33"}, {}, {}}).error()), testing::HasSubstr("10.0.0.0/33"));
  EXPECT_THAT(to_string(ClientRules::make({{}, {"here"}, {}}).error()), testing::HasSubstr("here"));
  EXPECT_FALSE(ClientRules::make({{}, {}, {""}}));
}

}  // namespace
}  // namespace embargod
