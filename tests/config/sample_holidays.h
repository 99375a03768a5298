#pragma once

#include <gtest/gtest.h>

#include "config/bank_holidays.h"

namespace embargod {

/// Some bank holidays of 2018, in the form in which GOV.UK lists them.
inline constexpr const char* kSampleHolidays = R"({
  "england-and-wales": {"division": "england-and-wales", "events": [
    {"title": "New Year's Day", "date": "2018-01-01", "notes": "", "bunting": true},
    {"title": "Good Friday", "date": "2018-03-30", "notes": "", "bunting": false},
    {"title": "Easter Monday", "date": "2018-04-02", "notes": "", "bunting": true},
    {"title": "Early May bank holiday", "date": "2018-05-07", "notes": "", "bunting": true},
    {"title": "Spring bank holiday", "date": "2018-05-28", "notes": "", "bunting": true},
    {"title": "Christmas Day", "date": "2018-12-25", "notes": "", "bunting": true}]},
  "scotland": {"division": "scotland", "events": [
    {"title": "New Year's Day", "date": "2018-01-01", "notes": "", "bunting": true},
    {"title": "2nd January", "date": "2018-01-02", "notes": "", "bunting": true},
    {"title": "St Andrew's Day", "date": "2018-11-30", "notes": "", "bunting": true},
    {"title": "Christmas Day", "date": "2018-12-25", "notes": "", "bunting": true}]},
  "northern-ireland": {"division": "northern-ireland", "events": [
    {"title": "New Year's Day", "date": "2018-01-01", "notes": "", "bunting": true},
    {"title": "Battle of the Boyne", "date": "2018-07-12", "notes": "", "bunting": false},
    {"title": "Christmas Day", "date": "2018-12-25", "notes": "", "bunting": true}]}
})";

inline BankHolidays sample_holidays() {
  auto read = read_bank_holidays(kSampleHolidays, "bank-holidays.json");
  EXPECT_TRUE(read);
  return read ? *read : BankHolidays{};
}

}  // namespace embargod
