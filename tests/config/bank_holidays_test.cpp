#include "config/bank_holidays.h"

#include <gtest/gtest.h>

#include "tests/config/golden_faults.h"
#include "tests/config/sample_holidays.h"

namespace embargod {
namespace {

using std::chrono::sys_days;
using std::chrono::year;

TEST(ReadBankHolidays, KeepsTheDaysOfEachNation) {
  const BankHolidays days = sample_holidays();
  EXPECT_EQ(days.count(Nation::england_and_wales), 6U);
  const sys_days andrew{year{2018} / 11 / 30};
  EXPECT_EQ(days.on(Nation::england_and_wales, andrew), nullptr);
  ASSERT_NE(days.on(Nation::scotland, andrew), nullptr);
  EXPECT_EQ(*days.on(Nation::scotland, andrew), "St Andrew's Day");
  EXPECT_EQ(days.on(Nation::scotland, sys_days{year{2019} / 11 / 30}), nullptr);
}

TEST(BankHolidays, KnowsAYearOnlyIfTheListGoesOnToItsEnd) {
  const BankHolidays days = sample_holidays();
  EXPECT_FALSE(days.knows(Nation::england_and_wales, year{2017}));
  EXPECT_TRUE(days.knows(Nation::england_and_wales, year{2018}));
  EXPECT_FALSE(days.knows(Nation::england_and_wales, year{2019}));
  BankHolidays begun;
  begun.add(Nation::scotland, sys_days{year{2030} / 1 / 1}, "New Year's Day");
  EXPECT_FALSE(begun.knows(Nation::scotland, year{2030}));
  begun.add(Nation::scotland, sys_days{year{2030} / 12 / 1}, "A day in December");
  EXPECT_TRUE(begun.knows(Nation::scotland, year{2030}));
  EXPECT_FALSE(begun.knows(Nation::northern_ireland, year{2030}));
  BankHolidays late;
  late.add(Nation::scotland, sys_days{year{2030} / 3 / 29}, "Good Friday");
  late.add(Nation::scotland, sys_days{year{2030} / 12 / 25}, "Christmas Day");
  EXPECT_FALSE(late.knows(Nation::scotland, year{2030}));
}

TEST(ReadBankHolidays, TakesAByteOrderMarkAndPassesOverWhatItDoesNotKnow) {
  EXPECT_TRUE(
      read_bank_holidays("\xEF\xBB\xBF{\"scotland\":{\"events\":[{\"title\":\"X\",\"date\":\"2030-01-01\","
                         "\"bunting\":[{}]}]},\"wales\":7}",
                         "h.json"));
}

struct BadHolidays {
  const char* name;
  std::string json;
  const char* faults;
};
class BadHolidaysTest : public testing::TestWithParam<BadHolidays> {};
TEST_P(BadHolidaysTest, AreRefusedWithTheirPlace) {
  EXPECT_EQ(fault_lines(read_bank_holidays(GetParam().json, "h.json")), GetParam().faults);
}

std::string of_scotland(const std::string& events) { return "{\"scotland\":{\"events\":[" + events + "]}}"; }

#define EMBARGOD_HOLIDAY_FORM                                                                        \
  "; write it like {\"england-and-wales\": {\"events\": [{\"title\": \"New Year's Day\", \"date\": " \
  "\"2030-01-01\"}]}}\n"

INSTANTIATE_TEST_SUITE_P(
    Json, BadHolidaysTest,
    testing::Values(
        BadHolidays{"Empty", "", "h.json:1:1: is not JSON from here on; get the file anew, or see what stands there\n"},
        BadHolidays{"Html", "\n <html>",
                    "h.json:2:2: is not JSON from here on; get the file anew, or see what stands there\n"},
        BadHolidays{"CutOff", "{\"scotland\":{",
                    "h.json:1:14: is not JSON from here on; get the file anew, or see what stands there\n"},
        BadHolidays{"AList", "[]", "h.json: is not a list of bank holidays by nation" EMBARGOD_HOLIDAY_FORM},
        BadHolidays{
            "NoNation", "{\"wales\":{}}",
            "h.json: has none of \"england-and-wales\", \"scotland\" and \"northern-ireland\"" EMBARGOD_HOLIDAY_FORM},
        BadHolidays{"NoEvents", "{\"scotland\":{\"division\":\"scotland\"}}",
                    "h.json: scotland: there is no list \"events\"" EMBARGOD_HOLIDAY_FORM},
        BadHolidays{"NationIsNoMapping", "{\"scotland\":[]}",
                    "h.json: scotland: there is no list \"events\"" EMBARGOD_HOLIDAY_FORM},
        BadHolidays{"EmptyList", of_scotland(""),
                    "h.json: scotland.events: is empty, so every day would count as a working day; get the file anew, "
                    "or leave this nation out\n"},
        BadHolidays{"NoDate", of_scotland(R"({"title":"X"})"),
                    "h.json: scotland.events[0]: needs the texts \"title\" and \"date\"" EMBARGOD_HOLIDAY_FORM},
        BadHolidays{"DateIsANumber", of_scotland(R"({"title":"X","date":20300101})"),
                    "h.json: scotland.events[0]: needs the texts \"title\" and \"date\"" EMBARGOD_HOLIDAY_FORM},
        BadHolidays{"EventIsText", of_scotland(R"("2030-01-01")"),
                    "h.json: scotland.events[0]: needs the texts \"title\" and \"date\"" EMBARGOD_HOLIDAY_FORM},
        BadHolidays{"NoSuchDayAndBritishDate",
                    of_scotland(R"({"title":"X","date":"2030-02-30"},{"title":"Y","date":"01/01/2030"})"),
                    "h.json: scotland.events[0].date: \"2030-02-30\" is not a day of the calendar; write it like "
                    "2030-01-01\n"
                    "h.json: scotland.events[1].date: \"01/01/2030\" is not a day of the calendar; write it like "
                    "2030-01-01\n"},
        BadHolidays{"TitleOfTwoLines", of_scotland(R"({"title":"X\nY","date":"2030-01-01"})"),
                    "h.json: scotland.events[0].title: has a line break\n"},
        BadHolidays{"EmptyTitle", of_scotland(R"({"title":"","date":"2030-01-01"})"),
                    "h.json: scotland.events[0].title: is empty\n"},
        BadHolidays{"Latin1", of_scotland("{\"title\":\"F\xEAte\",\"date\":\"2030-01-01\"}"),
                    "h.json:1:36: is not JSON from here on; get the file anew, or see what stands there\n"},
        BadHolidays{"Deep", std::string(100'000, '['), "h.json: has brackets more than 16 deep" EMBARGOD_HOLIDAY_FORM},
        BadHolidays{"TooLarge", std::string(kLargestBankHolidays + 1, ' '), "h.json: is larger than 1024 KiB\n"}),
    [](const auto& c) { return c.param.name; });

TEST(ReadBankHolidays, EndsWithTooManyEventsAndTooManyFaults) {
  std::string good;
  std::string bad;
  for (int i = 0; i < 2'001; ++i) {
    good += std::string{i == 0 ? "" : ","} + R"({"title":"X","date":"2030-01-01"})";
    bad += std::string{i == 0 ? "" : ","} + "{}";
  }
  EXPECT_EQ(fault_lines(read_bank_holidays(of_scotland(good), "h.json")),
            "h.json: scotland.events: there are more than 2000 bank holidays; leave out what is long past\n");
  const auto refused = read_bank_holidays(of_scotland(bad), "h.json");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().size(), 20U);
}

TEST(Nation, HasTheWordsOfTheFile) {
  for (const Nation n : kNations) EXPECT_EQ(nation_from(to_string(n)), n);
  EXPECT_EQ(nation_from("wales"), std::nullopt);
}

}  // namespace
}  // namespace embargod
