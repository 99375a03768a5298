// What came of a drill: passed or not, in words, and as the store keeps it.

#include "daemon/watch/drills.h"

#include <gtest/gtest.h>

#include "tests/support/drills.h"

namespace embargod {
namespace {

const Instant kDrillNoon = *parse_rfc3339("2026-11-23T12:00:00.000Z");

TEST(DrillPassed, OnlyWhenAllThatWasAskedForCame) {
  const DrillRecord good = passed_drill(kDrillNoon);
  EXPECT_TRUE(has_passed(good));
  DrillRecord r = good;
  r.ended.reset();
  EXPECT_FALSE(has_passed(r)) << "under way";
  r = good;
  r.fault = "the page of the drill was never looked at";
  EXPECT_FALSE(has_passed(r));
  r = good;
  r.told.clear();
  EXPECT_FALSE(has_passed(r)) << "nobody was told";
  r = good;
  r.told[1].outcome = "retried";
  EXPECT_FALSE(has_passed(r));
  r = good;
  r.cleared[0].outcome = "rejected";
  EXPECT_FALSE(has_passed(r)) << "nobody may be left with an alarm";
  r = good;
  r.acknowledged.reset();
  EXPECT_FALSE(has_passed(r));
  r.ack_within = Millis{0};
  EXPECT_TRUE(has_passed(r)) << "nobody was waited for";
}

TEST(DrillSummary, IsOneLineForPeople) {
  DrillRecord r = passed_drill(kDrillNoon);
  EXPECT_EQ(
      drill_summary(r),
      "passed; found after 0.400 s; am after 0.700 s; mail after 0.900 s; acknowledged by On call after 30.000 s");
  r.told[1] = {.receiver = "mail", .outcome = "retried", .answer = "451", .took = {}};
  r.cleared[0] = {.receiver = "am", .outcome = "no answer", .answer = "", .took = {}};
  r.acknowledged.reset();
  EXPECT_EQ(drill_summary(r),
            "FAILED; found after 0.400 s; am after 0.700 s; mail: retried; all-clear to am: no answer; acknowledged by "
            "nobody");
  r = DrillRecord{};
  EXPECT_EQ(drill_summary(r), "under way");
  r.ended = kDrillNoon;
  r.fault = "embargod was stopped";
  EXPECT_EQ(drill_summary(r), "FAILED: embargod was stopped");
}

TEST(DrillJson, ComesBackAsItWas) {
  DrillRecord bare;
  bare.id = "01E";
  bare.began = kDrillNoon;
  DrillRecord odd = passed_drill(kDrillNoon);
  odd.by = "\xE2\x80\xAE<b>\"quoted\"";
  odd.told[0].took.reset();
  odd.fault = "line\nbreak";
  for (const DrillRecord& r : {passed_drill(kDrillNoon), bare, odd}) {
    const auto back = read_drill(drill_json(r));
    ASSERT_TRUE(back) << to_string(back.error());
    EXPECT_EQ(*back, r);
  }
  EXPECT_EQ(drill_json(passed_drill(kDrillNoon)),
            R"({"id":"01D","by":"Duty officer","state":"passed","began":"2026-11-23T12:00:00.000Z",)"
            R"("ended":"2026-11-23T12:00:40.000Z","detected_seconds":0.4,"told":[)"
            R"({"receiver":"am","outcome":"accepted","answer":"HTTP 200","seconds":0.7},)"
            R"({"receiver":"mail","outcome":"accepted","answer":"250","seconds":0.9}],"ack_within_seconds":60.0,)"
            R"("acknowledged":{"by":"On call","seconds":30.0},"all_clear":[)"
            R"({"receiver":"am","outcome":"accepted","answer":"HTTP 200","seconds":0.7},)"
            R"({"receiver":"mail","outcome":"accepted","answer":"250","seconds":0.9}],"fault":""})");
}

TEST(DrillJson, WhatIsNoRecordIsCorrupt) {
  for (const char* text : {"", "{", "[]", "{}", R"({"id":7})", R"({"id":"a","by":"b","began":"yesterday"})"}) {
    const auto r = read_drill(text);
    ASSERT_FALSE(r) << text;
    EXPECT_EQ(r.error().code, Errc::corrupt);
  }
}

}  // namespace
}  // namespace embargod
