#include "probes/answer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace embargod {
namespace {

struct AgeCase {
  const char* name;
  std::vector<std::string> values;
  std::optional<std::int64_t> want;
};

class AgeTest : public testing::TestWithParam<AgeCase> {};
TEST_P(AgeTest, IsOneWholeNumberOfSecondsOrNothing) {
  Observation o;
  for (const auto& v : GetParam().values) o.headers.emplace_back("aGe", v);
  read_headers(o);
  EXPECT_EQ(o.age.has_value(), GetParam().want.has_value());
  if (o.age && GetParam().want) {
    EXPECT_EQ(o.age->count(), *GetParam().want);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Values, AgeTest,
    testing::Values(AgeCase{"Absent", {}, std::nullopt}, AgeCase{"Zero", {"0"}, 0}, AgeCase{"Plain", {"240"}, 240},
                    AgeCase{"Blanks", {" \t240 "}, 240}, AgeCase{"Largest", {"2147483648"}, 2147483648},
                    AgeCase{"OverTheCap", {"2147483649"}, 2147483648},
                    AgeCase{"FarOver", {"99999999999999999999999999"}, 2147483648},
                    AgeCase{"Negative", {"-1"}, std::nullopt}, AgeCase{"Plus", {"+1"}, std::nullopt},
                    AgeCase{"Fraction", {"1.5"}, std::nullopt}, AgeCase{"List", {"1,2"}, std::nullopt},
                    AgeCase{"Twice", {"1", "1"}, std::nullopt}, AgeCase{"Empty", {""}, std::nullopt},
                    AgeCase{"Words", {"12 seconds"}, std::nullopt}),
    [](const auto& p) { return p.param.name; });

struct DateCase {
  const char* name;
  const char* value;
  const char* want;
};

class HttpDateTest : public testing::TestWithParam<DateCase> {};
TEST_P(HttpDateTest, ReadsTheThreeFormsAndNothingElse) {
  const auto got = parse_http_date(GetParam().value);
  EXPECT_EQ(got ? rfc3339(*got) : "none", GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Values, HttpDateTest,
    testing::Values(DateCase{"Fixdate", "Wed, 25 Apr 2018 08:30:00 GMT", "2018-04-25T08:30:00.000Z"},
                    DateCase{"Rfc850", "Wednesday, 25-Apr-18 08:30:00 GMT", "2018-04-25T08:30:00.000Z"},
                    DateCase{"Asctime", "Wed Apr 25 08:30:00 2018", "2018-04-25T08:30:00.000Z"},
                    DateCase{"Empty", "", "none"}, DateCase{"MinusOne", "-1", "none"},
                    DateCase{"Number", "20180425", "none"},
                    DateCase{"NoSuchHour", "Wed, 25 Apr 2018 25:30:00 GMT", "none"},
                    DateCase{"Garbage", "the day after tomorrow at 09:30 o'clock", "none"}),
    [](const auto& p) { return p.param.name; });

struct RetryCase {
  const char* name;
  const char* value;
  std::optional<std::int64_t> seconds;
};

class RetryAfterTest : public testing::TestWithParam<RetryCase> {};
TEST_P(RetryAfterTest, IsSecondsOrADateAndAtMostAnHour) {
  const auto now = *parse_http_date("Wed, 25 Apr 2018 08:30:00 GMT");
  const auto got = parse_retry_after(GetParam().value, now);
  EXPECT_EQ(got.has_value(), GetParam().seconds.has_value());
  if (got && GetParam().seconds) {
    EXPECT_EQ(*got, Seconds{*GetParam().seconds});
  }
}
INSTANTIATE_TEST_SUITE_P(Values, RetryAfterTest,
                         testing::Values(RetryCase{"Zero", "0", 0}, RetryCase{"Seconds", "120", 120},
                                         RetryCase{"AnHour", "3600", 3600}, RetryCase{"OverAnHour", "3601", 3600},
                                         RetryCase{"AWeek", "604800", 3600},
                                         RetryCase{"Overflowing", "99999999999999999999", 3600},
                                         RetryCase{"Date", "Wed, 25 Apr 2018 08:31:30 GMT", 90},
                                         RetryCase{"DatePast", "Wed, 25 Apr 2018 08:29:00 GMT", 0},
                                         RetryCase{"DateTomorrow", "Thu, 26 Apr 2018 08:30:00 GMT", 3600},
                                         RetryCase{"Negative", "-5", std::nullopt},
                                         RetryCase{"Garbage", "soon", std::nullopt},
                                         RetryCase{"Empty", "", std::nullopt}),
                         [](const auto& p) { return p.param.name; });

TEST(ReadHeaders, TakesTheFirstOfEachAndIgnoresCase) {
  Observation o;
  o.headers = {{"etag", "\"one\""},
               {"ETag", "\"two\""},
               {"LAST-MODIFIED", "x"},
               {"content-type", "text/html; charset=utf-8"},
               {"Date", "Wed, 25 Apr 2018 08:30:00 GMT"}};
  read_headers(o);
  EXPECT_EQ(o.etag, "\"one\"");
  EXPECT_EQ(o.last_modified, "x");
  EXPECT_EQ(o.content_type, "text/html; charset=utf-8");
  ASSERT_TRUE(o.date);
  EXPECT_EQ(find_header(o, "X-Absent"), nullptr);
}

TEST(Words, EachLivenessAndCauseHasItsOwn) {
  std::vector<std::string> seen;
  for (int i = 0; i < kLivenessCount; ++i) seen.emplace_back(to_string(static_cast<Liveness>(i)));
  for (int i = 0; i <= static_cast<int>(Cause::not_polled); ++i) seen.emplace_back(to_string(static_cast<Cause>(i)));
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
  EXPECT_EQ(std::count(seen.begin(), seen.end(), "?"), 0);
}

}  // namespace
}  // namespace embargod
