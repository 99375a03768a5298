#include "probes/address_policy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <vector>

namespace embargod {
namespace {

bool policy_allows(const std::vector<std::string>& allow, const std::string& ip) {
  const auto policy = AddressPolicy::make(allow);
  EXPECT_TRUE(policy);
  sockaddr_storage storage{};
  auto* v4 = reinterpret_cast<sockaddr_in*>(&storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&storage);
  if (inet_pton(AF_INET, ip.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
  } else {
    EXPECT_EQ(inet_pton(AF_INET6, ip.c_str(), &v6->sin6_addr), 1) << ip;
    v6->sin6_family = AF_INET6;
  }
  return policy->allows(*reinterpret_cast<const sockaddr*>(&storage));
}

struct AddressCase {
  const char* name;
  std::vector<std::string> allow;
  const char* ip;
  bool want;
};

class AddressPolicyTest : public testing::TestWithParam<AddressCase> {};
TEST_P(AddressPolicyTest, AllowsPublicAddressesAndWhatIsListed) {
  const auto& c = GetParam();
  EXPECT_EQ(policy_allows(c.allow, c.ip), c.want) << c.ip;
}

INSTANTIATE_TEST_SUITE_P(
    V4, AddressPolicyTest,
    testing::Values(
        AddressCase{"Public", {}, "93.184.216.34", true}, AddressCase{"ThisNetwork", {}, "0.0.0.0", false},
        AddressCase{"Ten", {}, "10.255.255.255", false}, AddressCase{"AfterTen", {}, "11.0.0.0", true},
        AddressCase{"BeforeShared", {}, "100.63.255.255", true}, AddressCase{"SharedFirst", {}, "100.64.0.0", false},
        AddressCase{"SharedLast", {}, "100.127.255.255", false}, AddressCase{"AfterShared", {}, "100.128.0.0", true},
        AddressCase{"Loopback", {}, "127.0.0.1", false}, AddressCase{"LoopbackLast", {}, "127.255.255.255", false},
        AddressCase{"Metadata", {}, "169.254.169.254", false}, AddressCase{"Before172", {}, "172.15.255.255", true},
        AddressCase{"First172", {}, "172.16.0.0", false}, AddressCase{"Last172", {}, "172.31.255.255", false},
        AddressCase{"After172", {}, "172.32.0.0", true}, AddressCase{"Private192", {}, "192.168.1.1", false},
        AddressCase{"Documentation", {}, "203.0.113.9", false}, AddressCase{"Benchmark", {}, "198.19.255.255", false},
        AddressCase{"Multicast", {}, "224.0.0.1", false}, AddressCase{"Reserved", {}, "240.0.0.1", false},
        AddressCase{"Broadcast", {}, "255.255.255.255", false},
        AddressCase{"LoopbackListed", {"127.0.0.0/8"}, "127.0.0.1", true},
        AddressCase{"OtherRangeListed", {"127.0.0.0/8"}, "10.0.0.1", false},
        AddressCase{"OneAddressListed", {"10.1.2.3"}, "10.1.2.3", true},
        AddressCase{"ItsNeighbour", {"10.1.2.3"}, "10.1.2.4", false},
        AddressCase{"PrefixEndsInsideAByte", {"10.8.0.0/13"}, "10.15.255.255", true},
        AddressCase{"JustOutsideThatPrefix", {"10.8.0.0/13"}, "10.16.0.0", false}),
    [](const auto& p) { return p.param.name; });

INSTANTIATE_TEST_SUITE_P(
    V6, AddressPolicyTest,
    testing::Values(AddressCase{"Public6", {}, "2606:2800:220:1::1", true},
                    AddressCase{"Unspecified6", {}, "::", false}, AddressCase{"Loopback6", {}, "::1", false},
                    AddressCase{"LinkLocal6", {}, "fe80::1", false},
                    AddressCase{"UniqueLocal6", {}, "fd00:ec2::254", false},
                    AddressCase{"Multicast6", {}, "ff02::1", false},
                    AddressCase{"Documentation6", {}, "2001:db8::1", false},
                    AddressCase{"MappedLoopback", {}, "::ffff:127.0.0.1", false},
                    AddressCase{"MappedPublic", {}, "::ffff:93.184.216.34", false},
                    AddressCase{"CompatibleLoopback", {}, "::127.0.0.1", false},
                    AddressCase{"SixToFourOfPrivate", {}, "2002:0a00:0001::1", false},
                    AddressCase{"SixToFourOfPublic", {}, "2002:5db8:d822::1", true},
                    AddressCase{"Nat64OfMetadata", {}, "64:ff9b::169.254.169.254", false},
                    AddressCase{"Nat64OfPublic", {}, "64:ff9b::93.184.216.34", true},
                    AddressCase{"LocalNat64", {}, "64:ff9b:1::a00:1", false},
                    AddressCase{"TeredoOfPrivate", {}, "2001:0:4136:e378:8000:63bf:f5ff:fffe", false},
                    AddressCase{"SiteLocal6", {}, "fec0::1", false},
                    AddressCase{"UniqueLocalListed", {"fd00::/8"}, "fd12::1", true},
                    AddressCase{"LoopbackListed6", {"::1"}, "::1", true},
                    AddressCase{"MappedIsTheListedV4", {"127.0.0.0/8"}, "::ffff:127.0.0.1", true}),
    [](const auto& p) { return p.param.name; });

TEST(AddressPolicyMake, RefusesWhatIsNoRange) {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0", "fd00::/129",
                           "localhost", "10.0.0.0/8/8", " 10.0.0.0/8", "::1/0008"})
    EXPECT_FALSE(AddressPolicy::make({text})) << text;
  const auto bad = AddressPolicy::make({"127.0.0.0/8", "nowhere"});
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, Errc::invalid_input);
  EXPECT_EQ(bad.error().what, "\"nowhere\" is not an address range");
}

TEST(AddressPolicyMake, TakesEverySizeOfPrefix) {
  for (const char* text :
       {"0.0.0.0/0", "10.0.0.0/8", "10.0.0.1/8", "1.2.3.4/32", "1.2.3.4", "::/0", "fd00::/8", "::1/128"})
    EXPECT_TRUE(AddressPolicy::make({text})) << text;
}

TEST(AddressPolicyLiteral, SeesThroughOddSpellingsAndLeavesNamesAlone) {
  const auto policy = *AddressPolicy::make({});
  for (const char* host :
       {"127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "10.0.0.1", "::1", "fe80::1%eth0"})
    EXPECT_TRUE(policy.denies_literal(host)) << host;
  for (const char* host :
       {"stats.example.org", "93.184.216.34", "localhost", "2606:2800:220:1::1", "127.0.0.1.example.org"})
    EXPECT_FALSE(policy.denies_literal(host)) << host;
}

TEST(AddressPolicyTestOther, DeniesOtherFamilies) {
  sockaddr local{};
  local.sa_family = AF_UNIX;
  EXPECT_FALSE(AddressPolicy::make({"::/0"})->allows(local));
}

}  // namespace
}  // namespace embargod
