#include "daemon/impact/analytics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const std::vector<WatchedUrl> kUrls{{"a/page", "https://www.example.org/pub/a---b", false, {}},
                                    {"a/tables", "https://files.example.org/t/a.csv", true, {}}};

// The shape of Google Analytics 4's own export, with figures of ours.
constexpr const char* kPages =
    "# ----------------------------------------\n"
    "# Pages and screens: Page path and screen class\n"
    "# Start date: 20180423\n"
    "# End date: 20180424\n"
    "# ----------------------------------------\n"
    "\n"
    "Page path and screen class,Views,Active users,Average engagement time per active user\n"
    "/pub/other,\"1,204\",903,12.5\n"
    "/pub/a---b,8,5,31.25\n"
    "/pub/a---b/,1,1,2\n";

TEST(Analytics, RowsOfTheUrlsAreKeptAsLabelled) {
  const auto a = read_analytics(kPages, kUrls);
  ASSERT_TRUE(a) << to_string(a.error());
  EXPECT_EQ(a->period, "2018-04-23 to 2018-04-24");
  ASSERT_EQ(a->rows.size(), 2U);
  EXPECT_EQ(a->rows[0].target, "a/page");
  EXPECT_THAT(a->rows[0].figures, ElementsAre(Pair("Views", "8"), Pair("Active users", "5"),
                                              Pair("Average engagement time per active user", "31.25")));
  EXPECT_EQ(a->rows[1].page, "/pub/a---b/");
}

TEST(Analytics, AnExportMayHoldSeveralTables) {
  const auto a = read_analytics(
      "# Start date: 20180423\n# End date: 20180423\nDate,Users\n20180423,9\n"
      "# ------\nFile name,Event name,Event count\n/t/a.csv,file_download,14\nfiles.example.org/t/a.csv,click,2\n",
      kUrls);
  ASSERT_TRUE(a) << to_string(a.error());
  ASSERT_EQ(a->rows.size(), 2U);
  EXPECT_EQ(a->rows[0].target, "a/tables");
  EXPECT_THAT(a->rows[0].figures, ElementsAre(Pair("Event count", "14")));
}

TEST(Analytics, AnotherHostIsAnotherPage) {
  const auto a = read_analytics(
      "Page location,Views\nhttps://www.example.org/pub/a---b?x=1,3\n"
      "https://test.example.org/pub/a---b,9\n",
      kUrls);
  ASSERT_TRUE(a);
  ASSERT_EQ(a->rows.size(), 1U);
  EXPECT_EQ(a->period, "");
}

TEST(Analytics, WhatCannotBeReadIsSaid) {
  EXPECT_THAT(to_string(read_analytics("", kUrls).error()), HasSubstr("no table"));
  EXPECT_THAT(to_string(read_analytics("Date,Users\n1,2\n", kUrls).error()), HasSubstr("names pages"));
  EXPECT_THAT(to_string(read_analytics("# x\nPage path,Views\n\"/a,8\n", kUrls).error()), HasSubstr("line 2"));
  EXPECT_THAT(to_string(read_analytics("Page path,Views\n/a\xFF,8\n", kUrls).error()), HasSubstr("UTF-8"));
  EXPECT_THAT(to_string(read_analytics_file("GA4", "/no/such.csv", kUrls).error()), HasSubstr("/no/such.csv"));
  EXPECT_THAT(read_analytics("Page path,Views\n/elsewhere,8\n", kUrls)->rows, IsEmpty());
}

}  // namespace
}  // namespace embargod
