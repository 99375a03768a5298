#include "daemon/impact/url_key.h"

#include <gtest/gtest.h>

namespace embargod {
namespace {

struct KeyCase {
  const char* name;
  const char* target;
  const char* host;
  const char* path;
  const char* query;
};
class UrlKeyTest : public testing::TestWithParam<KeyCase> {};
TEST_P(UrlKeyTest, OneAddressHasOneKey) {
  const UrlKey k = url_key(GetParam().target);
  EXPECT_EQ(k.host, GetParam().host);
  EXPECT_EQ(k.path, GetParam().path);
  EXPECT_EQ(k.query, GetParam().query);
}
INSTANTIATE_TEST_SUITE_P(
    Targets, UrlKeyTest,
    testing::Values(KeyCase{"Plain", "/a/b", "", "/a/b", ""}, KeyCase{"Slash", "/a/b/", "", "/a/b", ""},
                    KeyCase{"Root", "/", "", "/", ""}, KeyCase{"Slashes", "//", "", "/", ""},
                    KeyCase{"Query", "/a?b=c?d", "", "/a", "b=c?d"},
                    KeyCase{"Unreserved", "/%61%2D%7e", "", "/a-~", ""},
                    KeyCase{"Reserved", "/a%2fb%3F", "", "/a%2Fb%3F", ""}, KeyCase{"Broken", "/a%2", "", "/a%2", ""},
                    KeyCase{"OddSlug", "/england---january-2018", "", "/england---january-2018", ""},
                    KeyCase{"Whole", "https://WWW.example.org:8443/a/?b", "www.example.org:8443", "/a", "b"},
                    KeyCase{"WholeWithoutPath", "http://www.example.org?b", "www.example.org", "/", "b"},
                    KeyCase{"Empty", "", "", "/", ""}),
    [](const auto& c) { return c.param.name; });

TEST(UrlKey, QueryAndHostMayStandApart) {
  const UrlKey k = url_key("/a", "?b=c", "Files.Example.org");
  EXPECT_EQ(k.host, "files.example.org");
  EXPECT_EQ(k.query, "b=c");
}

TEST(UrlKey, APathThatIsAKeyIsItsOwn) {
  for (const char* path : {"/", "/a", "/a/b.csv", "/a---b"}) {
    EXPECT_TRUE(is_path_key(path)) << path;
    EXPECT_EQ(path_key(path), path);
  }
  EXPECT_FALSE(is_path_key("/a/"));
  EXPECT_FALSE(is_path_key("/%61"));
}

}  // namespace
}  // namespace embargod
