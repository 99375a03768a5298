#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/impact/count.h"

namespace embargod {
namespace {

const Instant kNow = *parse_rfc3339("2018-04-23T12:00:00Z");

constexpr const char* kIncident = R"({
 "id":"01K","kind":"early","title":"A","targets":[
  {"target":"a/page","url":"https://www.example.org/a","role":"page","spans":[
    {"went_live":{"earliest":"2018-04-23T10:12:05.000Z","latest":"2018-04-23T10:12:08.000Z"},
     "went_down":{"earliest":"2018-04-23T10:26:14.000Z","latest":"2018-04-23T10:26:18.000Z"},
     "time_up":{"shortest_seconds":846.0,"longest_seconds":853.0},"basis":"as_served","ended_by":"absence"},
    {"went_live":{"earliest":"2018-04-23T10:11:00.000Z","latest":"2018-04-23T10:12:08.000Z"},"went_down":null,
     "time_up":{"shortest_seconds":1.0,"longest_seconds":null},"basis":"at_origin","ended_by":null}]},
  {"target":"a/tables","url":"https://files.example.org/a.csv","role":"file","spans":[
    {"went_live":{"earliest":null,"latest":"2018-04-23T10:12:09.000Z"},"went_down":null,
     "time_up":{"shortest_seconds":30.5,"longest_seconds":null},"basis":"as_served","ended_by":null}]},
  {"target":"a/unseen","url":null,"role":"file","spans":[]}]})";

TEST(WatchedIncident, HasTheWindowsOfWhatWasSeenLive) {
  const auto w = watched_incident(kIncident, kNow);
  ASSERT_TRUE(w) << to_string(w.error());
  EXPECT_EQ(w->id, "01K");
  ASSERT_EQ(w->urls.size(), 2U);
  EXPECT_FALSE(w->urls[0].is_download);
  ASSERT_EQ(w->urls[0].windows.size(), 1U) << "as served only";
  const ImpactWindow& page = w->urls[0].windows[0];
  EXPECT_EQ(rfc3339(*page.from), "2018-04-23T10:12:05.000Z");
  EXPECT_EQ(rfc3339(page.to), "2018-04-23T10:26:18.000Z");
  EXPECT_EQ(rfc3339(*page.sure_from), "2018-04-23T10:12:08.000Z");
  EXPECT_EQ(rfc3339(*page.sure_to), "2018-04-23T10:26:14.000Z");
  EXPECT_TRUE(w->urls[1].is_download);
  const ImpactWindow& file = w->urls[1].windows[0];
  EXPECT_FALSE(file.from) << "live at the first look";
  EXPECT_EQ(file.to, kNow) << "still up";
  EXPECT_EQ(rfc3339(*file.sure_to), "2018-04-23T10:12:39.500Z");
}

TEST(WatchedIncident, WhatIsNoneIsRefused) {
  for (const char* json : {"", "[]", "{}", R"({"id":"01K"})", R"({"id":"01K","targets":[1]})"})
    EXPECT_EQ(watched_incident(json, kNow).error().code, Errc::invalid_input) << json;
  EXPECT_EQ(
      watched_incident(R"({"id":"01K","targets":[)" + std::string(3'000, '[') + std::string(3'000, ']') + "]}", kNow)
          .error()
          .code,
      Errc::invalid_input);
  EXPECT_EQ(watched_incident(R"({"id":"01K","targets":[]})", kNow).error().code, Errc::not_found);
}

}  // namespace
}  // namespace embargod
