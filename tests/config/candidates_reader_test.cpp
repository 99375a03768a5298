#include "config/candidates_reader.h"

#include <gmock/gmock.h>

#include "config/settings_reader.h"
#include "config/url_template.h"
#include "tests/config/golden_faults.h"

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Release read_one(const std::string& more) {
  const auto s = read_schedule(
      "releases:\n  - id: cpi\n    title: CPI\n    due: 2030-04-17 07:00\n"
      "    urls: [{url: \"https://stats.example.org/cpi\", role: page}]\n" +
          more,
      "r.yml", "Europe/London", shipped_profiles());
  EXPECT_TRUE(s) << fault_lines(s);
  return s ? s->releases.at(0) : Release{};
}

TEST(ReadFormerUrls, TakesADayAMonthOrAnInstant) {
  const Release r = read_one(
      "    former_urls:\n"
      "      - {url: \"https://stats.example.org/cpi-feb-2030\", due: 2030-03-20}\n"
      "      - {url: \"https://stats.example.org/cpi-jan-2030\", due: 2030-02, profile: govuk}\n"
      "      - {url: \"https://stats.example.org/cpi-dec-2029\", due: 2030-01-16T07:00Z}\n"
      "    url_templates: [\"https://stats.example.org/cpi-{mon}-{yy}\"]\n");
  ASSERT_EQ(r.former_urls.size(), 3U);
  EXPECT_EQ(r.former_urls[0].url.path_query, "/cpi-feb-2030");
  EXPECT_EQ(r.former_urls[0].due.as_given, "2030-03-20");
  EXPECT_EQ(r.former_urls[0].profile, "");
  EXPECT_EQ(to_string(r.former_urls[0].where), "r.yml:7:9");
  EXPECT_EQ(r.former_urls[1].due.precision, DuePrecision::month);
  EXPECT_EQ(r.former_urls[1].profile, "govuk");
  ASSERT_EQ(r.url_templates.size(), 1U);
  EXPECT_EQ(r.url_templates[0].text, "https://stats.example.org/cpi-{mon}-{yy}");
}

TEST(ReadFormerUrls, RefusesMoreThanAnybodyNeeds) {
  std::string yaml =
      "releases:\n  - id: cpi\n    title: CPI\n    due: 2030-04-17 07:00\n"
      "    urls: [{url: \"https://stats.example.org/cpi\", role: page}]\n    former_urls:\n";
  for (std::size_t i = 0; i <= kMostFormerUrls; ++i)
    yaml += "      - {url: \"https://stats.example.org/cpi-" + std::to_string(i) + "\", due: 2030-03}\n";
  EXPECT_EQ(fault_lines(read_schedule(yaml, "r.yml", "Europe/London", shipped_profiles())),
            "r.yml:6:5: release \"cpi\": former_urls has 51 items; the newest editions are enough: at most 50\n");
}

TEST(ReadCandidates, HasSafeDefaults) {
  const auto s = read_settings("producer: {name: A}\nschedules: [{file: r.yml}]\n", "e.yml", "");
  ASSERT_TRUE(s);
  EXPECT_THAT(s->candidates.hosts, IsEmpty()) << "nothing is guessed anywhere";
  EXPECT_EQ(s->candidates.most, 20);
  EXPECT_EQ(s->candidates.interval, Millis{60'000});
}

TEST(ReadCandidates, TakesHostsWithPorts) {
  const auto s = read_settings(
      "producer: {name: A}\nschedules: [{file: r.yml}]\n"
      "candidates: {hosts: [files.example.org, \"localhost:8080\"], most: 5, interval: 30s}\n",
      "e.yml", "");
  ASSERT_TRUE(s) << to_string(s.error().front());
  EXPECT_THAT(s->candidates.hosts, ElementsAre("files.example.org", "localhost:8080"));
  EXPECT_EQ(s->candidates.most, 5);
  EXPECT_EQ(s->candidates.interval, Millis{30'000});
}

TEST(MayGuessAt, TakesTheSiteAndNothingThatLooksLikeIt) {
  const CandidateSettings own{.hosts = {"files.example.org"}};
  for (const char* yes :
       {"https://files.example.org/a", "http://FILES.example.org:80/a", "https://files.example.org:443"})
    EXPECT_TRUE(may_guess_at(parse_url(yes).value(), own)) << yes;
  for (const char* no : {"https://www.files.example.org/", "https://example.org/files.example.org/",
                         "https://files.example.org.example.net/", "https://files.example.org:8443/"})
    EXPECT_FALSE(may_guess_at(parse_url(no).value(), own)) << no;
}

struct TemplateCase {
  const char* name;
  const char* text;
  TemplateDate date;
  const char* want;
};
class UrlTemplateTest : public testing::TestWithParam<TemplateCase> {};
TEST_P(UrlTemplateTest, IsFilledIn) {
  const auto& c = GetParam();
  const auto got = expand_url_template(std::string{"https://stats.example.org/"} + c.text, c.date);
  ASSERT_TRUE(got) << to_string(got.error());
  EXPECT_EQ(got->path_query, std::string{"/"} + c.want);
}
INSTANTIATE_TEST_SUITE_P(
    Dates, UrlTemplateTest,
    testing::Values(TemplateCase{"Numbers", "{yyyy}{yy}-{m}-{mm}-{d}-{dd}", {2030, 4, 7}, "203030-4-04-7-07"},
                    TemplateCase{
                        "Names", "{month}{Month}{MONTH}{mon}{Mon}{MON}", {2030, 4, 7}, "aprilAprilAPRILaprAprAPR"},
                    TemplateCase{"MonthBefore", "{month-1}-{yyyy-1}", {2030, 1, 7}, "december-2029"},
                    TemplateCase{"MonthsAfter", "{mm+2}-{yy+2}", {2030, 12, 7}, "02-31"},
                    TemplateCase{"Quarter", "{q}{q-1}{q-3}", {2030, 4, 7}, "211"},
                    TemplateCase{"FinancialYearFromApril", "{fy}-{fyfy}", {2030, 4, 7}, "2030-31-3031"},
                    TemplateCase{"FinancialYearToMarch", "{fy}-{fyfy}", {2030, 3, 7}, "2029-30-2930"},
                    TemplateCase{"TurnOfACentury", "{fy}", {2099, 4, 7}, "2099-00"}),
    [](const auto& c) { return c.param.name; });

TEST(UrlTemplate, WithoutADayHasNoDay) {
  const auto got = expand_url_template("https://stats.example.org/{d}", {2030, 4, 0});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, Errc::not_found);
  EXPECT_TRUE(check_url_template("https://stats.example.org/{d}"));
}

}  // namespace
}  // namespace embargod
