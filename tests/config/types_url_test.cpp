#include "config/types/url.h"

#include <gtest/gtest.h>

#include <sstream>

#include "config/types/secret.h"

namespace embargod {
namespace {

struct UrlCase {
  const char* name;
  const char* text;
  const char* site;
  const char* path_query;
};
void PrintTo(const UrlCase& c, std::ostream* out) { *out << c.name; }

class ParseUrlTest : public testing::TestWithParam<UrlCase> {};
TEST_P(ParseUrlTest, KeepsThePathByteForByte) {
  const auto url = parse_url(GetParam().text);
  ASSERT_TRUE(url) << url.error().what;
  EXPECT_EQ(url->site(), GetParam().site);
  EXPECT_EQ(url->path_query, GetParam().path_query);
  EXPECT_EQ(url->text, std::string{GetParam().text}.substr(0, std::string_view{GetParam().text}.find('#')));
}
INSTANTIATE_TEST_SUITE_P(
    Forms, ParseUrlTest,
    testing::Values(
        UrlCase{"Plain", "https://stats.example.org/pub/a", "stats.example.org", "/pub/a"},
        UrlCase{"NoPath", "https://stats.example.org", "stats.example.org", "/"},
        UrlCase{"QueryOnly", "https://stats.example.org?x=1", "stats.example.org", "/?x=1"},
        UrlCase{"ThreeHyphens", "https://stats.example.org/england---january-2018", "stats.example.org",
                "/england---january-2018"},
        UrlCase{"DotSegments", "https://stats.example.org/a/../b/./c", "stats.example.org", "/a/../b/./c"},
        UrlCase{"EncodedDots", "https://stats.example.org/%2e%2E/a%2fb", "stats.example.org", "/%2e%2E/a%2fb"},
        UrlCase{"DoubleSlash", "https://stats.example.org//a//b", "stats.example.org", "//a//b"},
        UrlCase{"UpperCaseHost", "HTTPS://Stats.Example.ORG/Path", "stats.example.org", "/Path"},
        UrlCase{"Port", "http://stats.example.org:8080/", "stats.example.org:8080", "/"},
        UrlCase{"UsualPort", "http://stats.example.org:80/", "stats.example.org", "/"},
        UrlCase{"UsualPortOfTheOther", "https://stats.example.org:80/", "stats.example.org:80", "/"},
        UrlCase{"IPv4", "http://127.0.0.1:9750/x", "127.0.0.1:9750", "/x"},
        UrlCase{"IPv6", "http://[::1]:8080/x", "[::1]:8080", "/x"},
        UrlCase{"Fragment", "https://stats.example.org/a?b=c#top", "stats.example.org", "/a?b=c"},
        UrlCase{"QuestionInQuery", "https://stats.example.org/a?b?c=d/e", "stats.example.org", "/a?b?c=d/e"},
        UrlCase{"AtInPath", "https://stats.example.org/@a:b", "stats.example.org", "/@a:b"},
        UrlCase{"Utf8InPath", "https://stats.example.org/caf\xC3\xA9", "stats.example.org", "/caf\xC3\xA9"}),
    [](const auto& c) { return c.param.name; });

struct BadUrl {
  const char* name;
  std::string text;
  const char* what;
};
void PrintTo(const BadUrl& c, std::ostream* out) { *out << c.name; }

class RefusedUrlTest : public testing::TestWithParam<BadUrl> {};
TEST_P(RefusedUrlTest, IsAFaultThatNeverRepeatsTheUrl) {
  const auto url = parse_url(GetParam().text);
  ASSERT_FALSE(url);
  EXPECT_EQ(url.error().code, Errc::invalid_input);
  EXPECT_EQ(url.error().what, GetParam().what);
  EXPECT_EQ(to_string(url.error()).find("secret"), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(
    Forms, RefusedUrlTest,
    testing::Values(
        BadUrl{"Empty", "", "not an absolute URL"}, BadUrl{"Relative", "/pub/a", "not an absolute URL"},
        BadUrl{"NoScheme", "stats.example.org/a", "not an absolute URL"},
        BadUrl{"HostAndPort", "stats.example.org:80/a", "the URL is neither http nor https"},
        BadUrl{"File", "file:///etc/passwd", "the URL is neither http nor https"},
        BadUrl{"Gopher", "gopher://example.org/", "the URL is neither http nor https"},
        BadUrl{"JavaScript", "javascript:alert(1)", "the URL is neither http nor https"},
        BadUrl{"OneSlash", "http:/example.org/", "the URL has no host"},
        BadUrl{"NoHost", "http:///a", "the URL has no host"},
        BadUrl{"PortWithoutHost", "http://:80/a", "the URL has no host"},
        BadUrl{"User", "http://secret@example.org/", "the URL carries a user or password"},
        BadUrl{"Password", "https://a:secret@example.org/", "the URL carries a user or password"},
        BadUrl{"EmptyUser", "https://@example.org/", "the URL carries a user or password"},
        BadUrl{"Backslash", "http://example.org\\@secret.example.net/", "the URL carries a user or password"},
        BadUrl{"BackslashInHost", "http://example.org\\secret/", "the host holds a character that no host has"},
        BadUrl{"EncodedHost", "http://%31%32%37.0.0.1/", "the host holds a character that no host has"},
        BadUrl{"InternationalHost",
               "http://b\xC3\xBC"
               "cher.example/",
               "the host is not ASCII"},
        BadUrl{"PortTooLarge", "http://example.org:65536/", "the port of the URL is not a number from 1 to 65535"},
        BadUrl{"PortZero", "http://example.org:0/", "the port of the URL is not a number from 1 to 65535"},
        BadUrl{"PortLetters", "http://example.org:http/", "the port of the URL is not a number from 1 to 65535"},
        BadUrl{"BrokenIPv6", "http://[::1/", "not a valid URL"},
        BadUrl{"Space", "http://example.org/a secret", "the URL holds a space"},
        BadUrl{"Newline", "http://example.org/a\r\nHost: x", "the URL holds a control character"},
        BadUrl{"Nul", std::string{"http://example.org/a\0b", 22}, "the URL holds a control character"},
        BadUrl{"TooLong", "http://example.org/" + std::string(8192, 'a'), "the URL is longer than 8192 bytes"}),
    [](const auto& c) { return c.param.name; });

struct ResolveCase {
  const char* name;
  const char* reference;
  const char* want;
};
void PrintTo(const ResolveCase& c, std::ostream* out) { *out << c.name; }

class ResolveTest : public testing::TestWithParam<ResolveCase> {};
TEST_P(ResolveTest, FollowsRfc3986) {
  const auto base = parse_url("http://a/b/c/d;p?q");
  ASSERT_TRUE(base);
  const auto url = resolve(*base, GetParam().reference);
  ASSERT_TRUE(url) << url.error().what;
  EXPECT_EQ(url->text, GetParam().want);
}
// RFC 3986 5.4; "#s" is not there because a fragment is never sent.
INSTANTIATE_TEST_SUITE_P(
    Examples, ResolveTest,
    testing::Values(
        ResolveCase{"Name", "g", "http://a/b/c/g"}, ResolveCase{"Dot", "./g", "http://a/b/c/g"},
        ResolveCase{"Folder", "g/", "http://a/b/c/g/"}, ResolveCase{"Rooted", "/g", "http://a/g"},
        ResolveCase{"OtherHost", "//g", "http://g"}, ResolveCase{"Query", "?y", "http://a/b/c/d;p?y"},
        ResolveCase{"NameAndQuery", "g?y", "http://a/b/c/g?y"}, ResolveCase{"Fragment", "#s", "http://a/b/c/d;p?q"},
        ResolveCase{"NameAndFragment", "g#s", "http://a/b/c/g"}, ResolveCase{"Parameter", ";x", "http://a/b/c/;x"},
        ResolveCase{"Empty", "", "http://a/b/c/d;p?q"}, ResolveCase{"Here", ".", "http://a/b/c/"},
        ResolveCase{"Up", "..", "http://a/b/"}, ResolveCase{"UpName", "../g", "http://a/b/g"},
        ResolveCase{"UpUp", "../..", "http://a/"}, ResolveCase{"UpUpName", "../../g", "http://a/g"},
        ResolveCase{"BeyondTheRoot", "../../../g", "http://a/g"}, ResolveCase{"RootedUp", "/../g", "http://a/g"},
        ResolveCase{"DotAtTheEnd", "g.", "http://a/b/c/g."}, ResolveCase{"DotsInFront", "..g", "http://a/b/c/..g"},
        ResolveCase{"DotInside", "g/./h", "http://a/b/c/g/h"}, ResolveCase{"UpInside", "g;x=1/../y", "http://a/b/c/y"},
        ResolveCase{"UpInQuery", "g?y/../x", "http://a/b/c/g?y/../x"},
        ResolveCase{"Absolute", "https://b/x/../y", "https://b/y"},
        ResolveCase{"OddSlugStays", "a---b%2e%2e/c", "http://a/b/c/a---b%2e%2e/c"},
        ResolveCase{"BlanksAround", " \n g \t", "http://a/b/c/g"},
        ResolveCase{"BlankInside", "my file.xlsx", "http://a/b/c/my%20file.xlsx"}),
    [](const auto& c) { return c.param.name; });

TEST(Resolve, RefusesWhatIsNotTheWeb) {
  const auto base = parse_url("https://stats.example.org/a");
  ASSERT_TRUE(base);
  for (const char* link : {"mailto:duty@example.org", "javascript:void(0)", "data:text/html,x", "file:///etc/passwd",
                           "tel:+442079460000", "//user@example.org/", "//", "a\nb"})
    EXPECT_FALSE(resolve(*base, link)) << link;
}

TEST(Resolve, FromAHostWithoutPath) {
  const auto base = parse_url("https://stats.example.org");
  ASSERT_TRUE(base);
  EXPECT_EQ(resolve(*base, "g")->text, "https://stats.example.org/g");
}

TEST(Secret, PrintsAsStars) {
  const Secret secret{"hook-token"};
  std::ostringstream out;
  out << secret;
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(to_string(secret), "***");
  EXPECT_EQ(secret.reveal(), "hook-token");
}

}  // namespace
}  // namespace embargod
