#include "daemon/web/http_head.h"

#include <gtest/gtest.h>

namespace embargod {
namespace {

struct HeadCase {
  const char* name;
  std::string raw;
  int status;
};

std::string repeated(const std::string& what, int n) {
  std::string s;
  for (int i = 0; i < n; ++i) s += what;
  return s;
}

class CheckHeadTest : public testing::TestWithParam<HeadCase> {};
TEST_P(CheckHeadTest, TakesOnlyWhatHasOneMeaning) {
  const auto& c = GetParam();
  EXPECT_EQ(check_head(c.raw, {}).status, c.status) << check_head(c.raw, {}).why;
}

const std::string kHost = "Host: localhost\r\n";

INSTANTIATE_TEST_SUITE_P(
    Heads, CheckHeadTest,
    testing::Values(
        HeadCase{"Plain", "GET / HTTP/1.1\r\n" + kHost + "\r\n", 0},
        HeadCase{"OldVersion", "GET / HTTP/1.0\r\n" + kHost + "\r\n", 0},
        HeadCase{"NewVersion", "GET / HTTP/2.0\r\n" + kHost + "\r\n", 505},
        HeadCase{"NoVersion", "GET /\r\n" + kHost + "\r\n", 400},
        HeadCase{"LowerCaseMethod", "get / HTTP/1.1\r\n" + kHost + "\r\n", 400},
        HeadCase{"UnknownMethod", "BREW / HTTP/1.1\r\n" + kHost + "\r\n", 501},
        HeadCase{"AbsoluteTarget", "GET http://evil.example/ HTTP/1.1\r\n" + kHost + "\r\n", 400},
        HeadCase{"TargetWithBlank", "GET /a b HTTP/1.1\r\n" + kHost + "\r\n", 400},
        HeadCase{"TargetWithControl", "GET /a\x01 HTTP/1.1\r\n" + kHost + "\r\n", 400},
        HeadCase{"TargetAtLimit", "GET /" + std::string(2047, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n", 0},
        HeadCase{"TargetOverLimit", "GET /" + std::string(2048, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n", 414},
        HeadCase{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        HeadCase{"TwoHosts", "GET / HTTP/1.1\r\n" + kHost + "host: evil.example\r\n\r\n", 400},
        HeadCase{"OddHost", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        HeadCase{"EmptyHost", "GET / HTTP/1.1\r\nHost: \r\n\r\n", 400},
        HeadCase{"FoldedLine", "GET / HTTP/1.1\r\n" + kHost + "A: b\r\n c\r\n\r\n", 400},
        HeadCase{"BlankBeforeColon", "GET / HTTP/1.1\r\n" + kHost + "Content-Length : 5\r\n\r\n", 400},
        HeadCase{"BareLineFeed", "GET / HTTP/1.1\r\n" + kHost + "A: b\nContent-Length: 5\r\n\r\n", 400},
        HeadCase{"NulInHeader", "GET / HTTP/1.1\r\n" + kHost + std::string{"A: b\0c\r\n\r\n", 10}, 400},
        HeadCase{"Headers64", "GET / HTTP/1.1\r\n" + kHost + repeated("A: b\r\n", 63) + "\r\n", 0},
        HeadCase{"Headers65", "GET / HTTP/1.1\r\n" + kHost + repeated("A: b\r\n", 64) + "\r\n", 431},
        HeadCase{"LongHeader", "GET / HTTP/1.1\r\n" + kHost + "A: " + std::string(4096, 'b') + "\r\n\r\n", 431},
        HeadCase{"LongHead",
                 "GET / HTTP/1.1\r\n" + kHost + repeated("A: " + std::string(4000, 'b') + "\r\n", 5) + "\r\n", 431},
        HeadCase{"LengthAndChunks",
                 "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        HeadCase{"Chunks", "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n", 411},
        HeadCase{"TwoLengths", "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", 400},
        HeadCase{"SignedLength", "POST / HTTP/1.1\r\n" + kHost + "Content-Length: +5\r\n\r\n", 400},
        HeadCase{"HexLength", "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 0x5\r\n\r\n", 400},
        HeadCase{"HugeLength", "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 99999999999999999999999\r\n\r\n", 413},
        HeadCase{"BodyAtLimit", "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 65536\r\n\r\n", 0},
        HeadCase{"BodyOverLimit", "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 65537\r\n\r\n", 413},
        HeadCase{"BodyOnGet", "GET / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\n\r\n", 400},
        HeadCase{"CompressedBody",
                 "POST / HTTP/1.1\r\n" + kHost + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n", 415},
        HeadCase{"IdentityBody",
                 "POST / HTTP/1.1\r\n" + kHost + "Content-Encoding: identity\r\nContent-Length: 5\r\n\r\n", 415},
        HeadCase{"OddExpectation", "POST / HTTP/1.1\r\n" + kHost + "Expect: 200-ok\r\nContent-Length: 5\r\n\r\n", 417},
        HeadCase{"TwoOrigins", "POST / HTTP/1.1\r\n" + kHost + "Origin: a\r\nOrigin: b\r\n\r\n", 400}),
    [](const auto& c) { return c.param.name; });

TEST(CheckHeadTest, HidesWhatTheLibraryWouldActOn) {
  const auto c = check_head("GET / HTTP/1.1\r\n" + kHost +
                                "Range: bytes=0-1,0-1\r\nREMOTE_ADDR: 10.9.9.9\r\nLOCAL_PORT: 1\r\nUpgrade: h2c\r\n"
                                "Accept-Encoding: br, gzip;q=0.5\r\nUser-Agent: x\r\n\r\n",
                            {});
  ASSERT_EQ(c.status, 0);
  EXPECT_EQ(c.head,
            "GET / HTTP/1.1\r\nhost: localhost\r\nuser-agent: x\r\naccept-encoding: gzip\r\ncontent-length: 0\r\n\r\n");
}

TEST(CheckHeadTest, OffersNoCompressionThatTheClientRefuses) {
  EXPECT_EQ(check_head("GET / HTTP/1.1\r\n" + kHost + "Accept-Encoding: gzip;q=0, br\r\n\r\n", {}).head.find("gzip"),
            std::string::npos);
}

TEST(CheckHeadTest, KeepsTheWordsAboutTheConnectionInTheLibrarysSpelling) {
  EXPECT_NE(check_head("GET / HTTP/1.1\r\n" + kHost + "Connection: Close\r\n\r\n", {}).head.find("connection: close"),
            std::string::npos);
  EXPECT_NE(check_head("GET / HTTP/1.0\r\n" + kHost + "Connection: keep-alive\r\n\r\n", {})
                .head.find("connection: Keep-Alive"),
            std::string::npos);
}

struct HostCase {
  const char* name;
  const char* text;
  const char* want;
};
class HostOfTest : public testing::TestWithParam<HostCase> {};
TEST_P(HostOfTest, GivesTheNameAlone) { EXPECT_EQ(host_of(GetParam().text), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(Hosts, HostOfTest,
                         testing::Values(HostCase{"Name", "LocalHost", "localhost"},
                                         HostCase{"WithPort", "a.example:9750", "a.example"},
                                         HostCase{"V6", "[::1]:9750", "::1"}, HostCase{"V6Alone", "[::1]", "::1"},
                                         HostCase{"OddPort", "a:b", ""}, HostCase{"UserPart", "a@b", ""},
                                         HostCase{"Open", "[::1", ""}, HostCase{"AfterBracket", "[::1]x", ""}),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
