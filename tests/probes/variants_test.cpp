#include "probes/variants.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

namespace embargod {
namespace {

struct VariantCase {
  const char* name;
  VariantForm form;
  const char* url;
  const char* want;  // empty: there is none
};

class VariantsTest : public testing::TestWithParam<VariantCase> {};
TEST_P(VariantsTest, GivesTheOtherFormOrNone) {
  const auto& c = GetParam();
  const auto list = variants_of(*parse_url(c.url), {c.form});
  ASSERT_EQ(list.size(), *c.want == '\0' ? 0U : 1U);
  if (list.empty()) return;
  EXPECT_EQ(list[0].url.text, c.want);
  EXPECT_EQ(list[0].form, c.form);
}

using Form = VariantForm;
INSTANTIATE_TEST_SUITE_P(
    Slash, VariantsTest,
    testing::Values(
        VariantCase{"Added", Form::slash, "https://x.example.org/a/b", "https://x.example.org/a/b/"},
        VariantCase{"Taken", Form::slash, "https://x.example.org/a/b/", "https://x.example.org/a/b"},
        VariantCase{"BeforeTheQuery", Form::slash, "https://x.example.org/a?p=1", "https://x.example.org/a/?p=1"},
        VariantCase{"NotAtHome", Form::slash, "https://x.example.org/", ""},
        VariantCase{"NotAfterAFile", Form::slash, "https://x.example.org/a/b.xlsx", ""},
        VariantCase{"AfterADottedSlug", Form::slash, "https://x.example.org/a/v1.2", "https://x.example.org/a/v1.2/"},
        VariantCase{"ByteForByte", Form::slash, "https://x.example.org/a---b%2e/C%2Fd",
                    "https://x.example.org/a---b%2e/C%2Fd/"},
        VariantCase{"Port", Form::slash, "https://x.example.org:8443/a", "https://x.example.org:8443/a/"},
        VariantCase{"Ipv6", Form::slash, "http://[2001:db8::1]/a", "http://[2001:db8::1]/a/"}),
    [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(
    LetterCase, VariantsTest,
    testing::Values(
        VariantCase{"Lowered", Form::letter_case, "https://x.example.org/A/Widget-Sales",
                    "https://x.example.org/a/widget-sales"},
        VariantCase{"AlreadyLow", Form::letter_case, "https://x.example.org/a/b", ""},
        VariantCase{"EscapesAreNoLetters", Form::letter_case, "https://x.example.org/a%2Fb", ""},
        VariantCase{"EscapesStay", Form::letter_case, "https://x.example.org/A%2Fb", "https://x.example.org/a%2Fb"},
        VariantCase{"QueryStays", Form::letter_case, "https://x.example.org/A?Q=Z", "https://x.example.org/a?Q=Z"},
        VariantCase{"CutEscape", Form::letter_case, "https://x.example.org/A%2", "https://x.example.org/a%2"}),
    [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Www, VariantsTest,
    testing::Values(VariantCase{"Added", Form::www, "https://example.org/a", "https://www.example.org/a"},
                    VariantCase{"Taken", Form::www, "https://www.example.org/a", "https://example.org/a"},
                    VariantCase{"TakenFromAGovernment", Form::www, "https://www.gov.uk/a", "https://gov.uk/a"},
                    VariantCase{"Ipv4", Form::www, "https://192.0.2.7/a", ""},
                    VariantCase{"Ipv4InAnOddForm", Form::www, "http://127.0x1/a", ""},
                    VariantCase{"Ipv6", Form::www, "https://[2001:db8::1]/a", ""},
                    VariantCase{"OneLabel", Form::www, "http://localhost/a", ""},
                    VariantCase{"NotDownToADomainOfAll", Form::www, "https://www.org/a", ""},
                    VariantCase{"AWordThatBeginsSo", Form::www, "https://wwwstats.example.org/a",
                                "https://www.wwwstats.example.org/a"}),
    [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(
    WelshHost, VariantsTest,
    testing::Values(
        VariantCase{"ForWww", Form::welsh_host, "https://www.example.org/a", "https://cy.example.org/a"},
        VariantCase{"ForBare", Form::welsh_host, "https://stats.example.org/a", "https://cy.stats.example.org/a"},
        VariantCase{"AlreadyWelsh", Form::welsh_host, "https://cy.example.org/a", ""},
        VariantCase{"OthersLiveUnderGovUk", Form::welsh_host, "https://www.gov.uk/a", ""},
        VariantCase{"OthersLiveUnderNhsUk", Form::welsh_host, "https://www.nhs.uk/a", ""},
        VariantCase{"UnderADepartment", Form::welsh_host, "https://www.ons.gov.uk/a", "https://cy.ons.gov.uk/a"},
        VariantCase{"Ipv4", Form::welsh_host, "https://192.0.2.7/a", ""},
        VariantCase{"Ipv6", Form::welsh_host, "https://[2001:db8::1]/a", ""}),
    [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Scheme, VariantsTest,
    testing::Values(VariantCase{"ToHttp", Form::scheme, "https://x.example.org/a?b", "http://x.example.org/a?b"},
                    VariantCase{"ToHttps", Form::scheme, "http://x.example.org/a", "https://x.example.org/a"},
                    VariantCase{"UsualPortWritten", Form::scheme, "https://x.example.org:443/a",
                                "http://x.example.org/a"},
                    VariantCase{"PortOfItsOwn", Form::scheme, "https://x.example.org:8443/a", ""}),
    [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Paths, VariantsTest,
    testing::Values(
        VariantCase{"Index", Form::index, "https://x.example.org/a", "https://x.example.org/a/index.html"},
        VariantCase{"IndexOfHome", Form::index, "https://x.example.org/", "https://x.example.org/index.html"},
        VariantCase{"IndexTaken", Form::index, "https://x.example.org/a/index.html", "https://x.example.org/a/"},
        VariantCase{"NoIndexOfAFile", Form::index, "https://x.example.org/a.csv", ""},
        VariantCase{"Print", Form::print, "https://x.example.org/a/", "https://x.example.org/a/print"},
        VariantCase{"PrintAlready", Form::print, "https://x.example.org/a/print", ""},
        VariantCase{"NoPrintOfAFile", Form::print, "https://x.example.org/a.pdf", ""},
        VariantCase{"WelshPath", Form::welsh_path, "https://x.example.org/a?b=1", "https://x.example.org/a.cy?b=1"},
        VariantCase{"WelshPathOfAFolder", Form::welsh_path, "https://x.example.org/a/", "https://x.example.org/a.cy"},
        VariantCase{"WelshPathAlready", Form::welsh_path, "https://x.example.org/a.cy", ""},
        VariantCase{"NoWelshHome", Form::welsh_path, "https://x.example.org/", ""}),
    [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(Query, VariantsTest,
                         testing::Values(VariantCase{"First", Form::query, "https://x.example.org/a",
                                                     "https://x.example.org/a?view=full"},
                                         VariantCase{"Another", Form::query, "https://x.example.org/a?b=1",
                                                     "https://x.example.org/a?b=1&view=full"},
                                         VariantCase{"AfterABareMark", Form::query, "https://x.example.org/a?",
                                                     "https://x.example.org/a?view=full"}),
                         [](const auto& p) { return p.param.name; });

TEST(VariantsOf, KeepTheOrderOfTheFormsAndHaveNoDoubles) {
  const auto list =
      variants_of(*parse_url("https://www.example.org/A"), {Form::scheme, Form::slash, Form::slash, Form::letter_case});
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].form, Form::scheme);
  EXPECT_EQ(list[1].form, Form::slash);
  EXPECT_EQ(list[2].url.text, "https://www.example.org/a");
}

TEST(VariantsOf, LeaveOutWhatIsLongerThanAUrlMayBe) {
  const auto url = *parse_url("https://x.example.org/" + std::string(8192 - 22, 'a'));
  EXPECT_EQ(variants_of(url, {Form::slash, Form::print, Form::query, Form::scheme}).size(), 1U);
}

/// "www." and "cy." are the only names that may be put before a host, or taken from it.
std::string bare(std::string host) {
  for (const char* prefix : {"www.", "cy.", "www."})
    if (host.starts_with(prefix)) host = host.substr(std::string{prefix}.size());
  return host;
}

TEST(VariantsOf, NeverLeaveTheSite) {
  const std::vector<VariantForm> all{Form::slash, Form::letter_case, Form::www,        Form::scheme,    Form::index,
                                     Form::print, Form::query,       Form::welsh_host, Form::welsh_path};
  for (const char* text : {"https://www.example.org/a", "https://cy.example.org/A/b", "http://10.0.0.1/a",
                           "https://a.b.example.org:444/", "https://www.gov.uk/x", "https://example.org./a",
                           "https://example.org//evil.example.com/a", "https://example.org/\\evil.example.com"}) {
    const auto url = parse_url(text);
    if (!url) continue;
    for (const UrlVariant& v : variants_of(*url, all)) {
      EXPECT_EQ(bare(v.url.host), bare(url->host)) << text;
      EXPECT_NE(v.url.text, url->text);
    }
  }
}

}  // namespace
}  // namespace embargod
