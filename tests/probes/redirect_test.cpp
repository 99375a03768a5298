#include "probes/redirect.h"

#include <gtest/gtest.h>

namespace embargod {
namespace {

struct LandingCase {
  const char* name;
  const char* asked;
  const char* got;
  Landing want;
};

class LandingTest : public testing::TestWithParam<LandingCase> {};
TEST_P(LandingTest, TellsThePageFromASignInOrAListing) {
  const auto& c = GetParam();
  const std::string host = "https://stats.example.org";
  EXPECT_EQ(landing(*parse_url(host + c.asked), *parse_url(host + c.got)), c.want);
}
INSTANTIATE_TEST_SUITE_P(
    Paths, LandingTest,
    testing::Values(LandingCase{"Itself", "/pub/x", "/pub/x", Landing::itself},
                    LandingCase{"SlashAdded", "/pub/x", "/pub/x/", Landing::itself},
                    LandingCase{"SlashTaken", "/pub/x/", "/pub/x", Landing::itself},
                    LandingCase{"Case", "/Pub/X", "/pub/x", Landing::itself},
                    LandingCase{"Deeper", "/pub/x", "/pub/x/2018-04", Landing::itself},
                    LandingCase{"Sibling", "/pub/latest", "/pub/2018-04", Landing::itself},
                    LandingCase{"IndexTaken", "/pub/x/index.html", "/pub/x/", Landing::itself},
                    LandingCase{"QueryAdded", "/pub/x", "/pub/x?version=2", Landing::itself},
                    LandingCase{"Parent", "/pub/x", "/pub", Landing::listing},
                    LandingCase{"ParentSlash", "/pub/x", "/pub/", Landing::listing},
                    LandingCase{"ParentIndex", "/pub/x", "/pub/index.php", Landing::listing},
                    LandingCase{"Home", "/pub/x", "/", Landing::listing},
                    LandingCase{"HomeWithQuery", "/pub/x", "/?gone=1", Landing::listing},
                    LandingCase{"HomeAsked", "/", "/", Landing::itself},
                    LandingCase{"Search", "/pub/x", "/search?q=x", Landing::listing},
                    LandingCase{"SearchPage", "/pub/x", "/site/search.aspx", Landing::listing},
                    LandingCase{"SearchResults", "/pub/x", "/search-results", Landing::listing},
                    LandingCase{"ASlugAboutSearches", "/pub/x", "/pub/search-and-rescue-2018", Landing::itself},
                    LandingCase{"SearchAsked", "/search/a", "/search/b", Landing::itself},
                    LandingCase{"Login", "/pub/x", "/login?next=/pub/x", Landing::sign_in},
                    LandingCase{"LoginPage", "/pub/x", "/user/Login.aspx", Landing::sign_in},
                    LandingCase{"SignIn", "/pub/x", "/users/sign-in", Landing::sign_in},
                    LandingCase{"Auth", "/pub/x", "/auth/realms/a", Landing::sign_in},
                    LandingCase{"Sso", "/pub/x", "/sso", Landing::sign_in},
                    LandingCase{"Account", "/pub/x", "/account/new", Landing::sign_in},
                    LandingCase{"NationalAccounts", "/pub/x", "/pub/national-accounts", Landing::itself},
                    LandingCase{"AccountsFolder", "/accounts/x", "/accounts/y", Landing::itself},
                    LandingCase{"AuthorsPage", "/pub/x", "/pub/authors", Landing::itself},
                    LandingCase{"AskedUnderAccount", "/account/x", "/account/y", Landing::itself}),
    [](const auto& p) { return p.param.name; });

struct SiteCase {
  const char* name;
  const char* a;
  const char* b;
  bool want;
};

class SameSiteTest : public testing::TestWithParam<SiteCase> {};
TEST_P(SameSiteTest, IsTheHostAndAChangeOfSchemeAlone) {
  EXPECT_EQ(same_site(*parse_url(GetParam().a), *parse_url(GetParam().b)), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Hosts, SameSiteTest,
    testing::Values(SiteCase{"Same", "https://a.example.org/x", "https://a.example.org/y", true},
                    SiteCase{"CaseOfHost", "https://A.example.org/x", "https://a.EXAMPLE.org/y", true},
                    SiteCase{"ExplicitPort", "https://a.example.org:443/x", "https://a.example.org/y", true},
                    SiteCase{"Upgrade", "http://a.example.org/x", "https://a.example.org/x", true},
                    SiteCase{"UpgradeOddPorts", "http://a.example.org:8080/x", "https://a.example.org:8443/x", true},
                    SiteCase{"Downgrade", "https://a.example.org/x", "http://a.example.org/x", true},
                    SiteCase{"OtherPort", "http://a.example.org:8080/x", "http://a.example.org:9090/x", false},
                    SiteCase{"WwwAdded", "https://example.org/x", "https://www.example.org/x", false},
                    SiteCase{"Subdomain", "https://example.org/x", "https://draft.example.org/x", false},
                    SiteCase{"OtherHost", "https://example.org/x", "https://example.com/x", false}),
    [](const auto& p) { return p.param.name; });

TEST(IsRedirect, OnlyThoseThatCarryALocationToFollow) {
  for (const int s : {301, 302, 303, 307, 308}) EXPECT_TRUE(is_redirect(s)) << s;
  for (const int s : {0, 200, 300, 304, 305, 306, 309, 404}) EXPECT_FALSE(is_redirect(s)) << s;
}

}  // namespace
}  // namespace embargod
