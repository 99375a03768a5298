#include "probes/route.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "probes/resolver.h"

namespace embargod {
namespace {

struct PinCase {
  const char* name;
  Route route;
  std::vector<std::string> list;
  std::string newest;
  Pin want;
};

Pin at(const std::string& address) { return {Pin::Kind::address, address}; }
const Pin kNowhere{Pin::Kind::no_route, {}};
const Pin kDenied{Pin::Kind::denied, {}};

class PinFor : public testing::TestWithParam<PinCase> {};
TEST_P(PinFor, ChoosesTheAddressThatTheRouteAsksFor) {
  const auto& c = GetParam();
  const auto policy = AddressPolicy::make({"127.0.0.0/8", "fd00::/8"});
  ASSERT_TRUE(policy);
  const Pin got = pin_for(c.route, c.list, c.newest, *policy);
  EXPECT_EQ(got.kind, c.want.kind);
  EXPECT_EQ(got.address, c.want.address);
}
const std::vector<std::string> kFour{"127.0.0.1", "127.0.0.2", "fd00::1", "fd00::2"};
INSTANTIATE_TEST_SUITE_P(
    Routes, PinFor,
    testing::Values(
        PinCase{"PlainUnknown", Route::plain, {}, "", {}}, PinCase{"BypassUnknown", Route::bypass, {}, "", {}},
        PinCase{"PlainFirst", Route::plain, kFour, "127.0.0.2", at("127.0.0.1")},
        PinCase{"FreshFirst", Route::fresh, kFour, "127.0.0.2", at("127.0.0.1")},
        PinCase{"OtherOfTheSameFamily", Route::other_address, kFour, "127.0.0.1", at("127.0.0.2")},
        PinCase{"OtherOfTheSecond", Route::other_address, kFour, "127.0.0.2", at("127.0.0.1")},
        PinCase{"OtherOfV6", Route::other_address, kFour, "fd00::2", at("fd00::1")},
        PinCase{"OtherSpelling", Route::other_address, {"fd00::1"}, "fd00:0::1", kNowhere},
        PinCase{"OtherWithoutALookYet", Route::other_address, kFour, "", at("127.0.0.2")},
        PinCase{"OtherThanOneThatIsGone", Route::other_address, {"127.0.0.9"}, "127.0.0.1", at("127.0.0.9")},
        PinCase{"OtherFamilyIfNoneElse", Route::other_address, {"127.0.0.1", "fd00::1"}, "127.0.0.1", at("fd00::1")},
        PinCase{"OtherOfOne", Route::other_address, {"127.0.0.1"}, "127.0.0.1", kNowhere},
        PinCase{"OtherOfNone", Route::other_address, {}, "127.0.0.1", kNowhere},
        PinCase{
            "OtherSkipsTheDenied", Route::other_address, {"127.0.0.1", "10.0.0.1", "127.0.0.3"}, "", at("127.0.0.3")},
        PinCase{"OtherAllDenied", Route::other_address, {"127.0.0.1", "10.0.0.1"}, "", kDenied},
        PinCase{"V4", Route::ipv4, kFour, "", at("127.0.0.1")}, PinCase{"V6", Route::ipv6, kFour, "", at("fd00::1")},
        PinCase{"NoV4", Route::ipv4, {"fd00::1"}, "", kNowhere},
        PinCase{"NoV6", Route::ipv6, {"127.0.0.1"}, "", kNowhere},
        PinCase{"V6Denied", Route::ipv6, {"::1"}, "", kDenied},
        PinCase{"PlainDenied", Route::plain, {"192.168.0.1"}, "", kDenied}),
    [](const auto& p) { return p.param.name; });

struct QueryCase {
  const char* name;
  const char* url;
  const char* with;
};
class UnseenQuery : public testing::TestWithParam<QueryCase> {};
TEST_P(UnseenQuery, IsAddedAndTakenAwayAgain) {
  const auto url = parse_url(GetParam().url);
  ASSERT_TRUE(url);
  const Url wire = with_query(*url, "embargod=0123456789abcdef");
  EXPECT_EQ(wire.text, GetParam().with);
  EXPECT_EQ("http://stats.example.org" + wire.path_query, GetParam().with);
  EXPECT_EQ(without_query(wire.text, "embargod=0123456789abcdef"), GetParam().url);
}
INSTANTIATE_TEST_SUITE_P(Urls, UnseenQuery,
                         testing::Values(QueryCase{"Path", "http://stats.example.org/a",
                                                   "http://stats.example.org/a?embargod=0123456789abcdef"},
                                         QueryCase{"Query", "http://stats.example.org/a?b=1",
                                                   "http://stats.example.org/a?b=1&embargod=0123456789abcdef"},
                                         QueryCase{"OddQuery", "http://stats.example.org/a?b&&c=?",
                                                   "http://stats.example.org/a?b&&c=?&embargod=0123456789abcdef"}),
                         [](const auto& p) { return p.param.name; });

TEST(UnseenQuery, IsTakenAwayWhereverAServerPutIt) {
  const std::string q = "embargod=0123456789abcdef";
  EXPECT_EQ(without_query("/a?" + q + "&b=1", q), "/a?b=1");
  EXPECT_EQ(without_query("/a?b=1&" + q + "&c=2", q), "/a?b=1&c=2");
  EXPECT_EQ(without_query("/a?" + q + "#part", q), "/a#part");
  EXPECT_EQ(without_query("/a?" + q + "&" + q, q), "/a");
  EXPECT_EQ(without_query("/a?x" + q, q), "/a?x" + q);
  EXPECT_EQ(without_query("/a?" + q + "0", q), "/a?" + q + "0");
  EXPECT_EQ(without_query(q, q), q);
  EXPECT_EQ(without_query("", q), "");
}

TEST(UnseenQuery, DiffersByTokenAndBySalt) {
  const std::string q = unseen_query(1, 2);
  EXPECT_EQ(q.size(), 25U);
  EXPECT_EQ(q.find_first_not_of("0123456789abcdef", 9), std::string::npos);
  EXPECT_EQ(q, unseen_query(1, 2));
  EXPECT_NE(q, unseen_query(1, 3));
  EXPECT_NE(q, unseen_query(2, 2));
  EXPECT_NE(unseen_query(1, 23), unseen_query(12, 3));
}

TEST(Addresses, AreComparedByWhatTheyMean) {
  EXPECT_TRUE(same_address("127.0.0.1", "127.0.0.1"));
  EXPECT_TRUE(same_address("::1", "0:0::1"));
  EXPECT_FALSE(same_address("127.0.0.1", "127.0.0.2"));
  EXPECT_FALSE(same_address("", ""));
  EXPECT_FALSE(same_address("stats.example.org", "stats.example.org"));
  EXPECT_EQ(family_of("192.0.2.1"), Family::ipv4);
  EXPECT_EQ(family_of("2001:db8::1"), Family::ipv6);
  EXPECT_EQ(family_of("[::1]"), Family::none);
  EXPECT_EQ(family_of("2130706433"), Family::none);
}

}  // namespace
}  // namespace embargod
