// What we write, our own readers read back: a calendar that another embargod subscribes to.

#include <gtest/gtest.h>

#include "config/sources/source.h"
#include "config/zone_time.h"
#include "tests/config/outgoing/sample_schedule.h"

namespace embargod {
namespace {

Calendar read_back(SourceFormat format, const std::string& bytes) {
  const auto reader =
      make_source_reader(format, {"ours", "https://embargo.example.org/x", "Europe/London", shipped_profiles()});
  const auto more = reader->take("https://embargo.example.org/x", bytes);
  EXPECT_TRUE(more && more->empty()) << (more ? "asks for more" : to_string(more.error().front()));
  auto calendar = reader->finish();
  EXPECT_TRUE(calendar) << to_string(calendar.error().front()) << "\n" << bytes;
  return calendar.value_or(Calendar{});
}

ItemStatus item_status(ReleaseStatus s) {
  switch (s) {
    case ReleaseStatus::provisional:
      return ItemStatus::provisional;
    case ReleaseStatus::confirmed:
      return ItemStatus::confirmed;
    case ReleaseStatus::cancelled:
      return ItemStatus::cancelled;
  }
  return ItemStatus::confirmed;
}

/// The sample, and a release of two months.
OutgoingSchedule wide_sample() {
  OutgoingSchedule s = outgoing_sample();
  OutgoingRelease two_months = s.releases[2];
  two_months.release.id = "prisons-2030";
  two_months.release.due.period_begin = read_due("2030-12", "Europe/London")->period_begin;
  two_months.release.due.period_end = read_due("2031-01", "Europe/London")->period_end;
  s.releases.push_back(two_months);
  return s;
}

struct RoundTripCase {
  const char* name;
  SourceFormat format;
  OutgoingUrls urls;
};
class RoundTripTest : public testing::TestWithParam<RoundTripCase> {};
TEST_P(RoundTripTest, GivesTheSameReleases) {
  const auto& c = GetParam();
  const OutgoingSchedule s = wide_sample();
  const Calendar calendar =
      read_back(c.format, c.format == SourceFormat::ics ? schedule_ics(s, c.urls) : schedule_json(s, c.urls));
  ASSERT_EQ(calendar.items.size(), s.releases.size());
  for (const OutgoingRelease& sent : s.releases) {
    const Release& r = sent.release;
    const auto item = std::find_if(calendar.items.begin(), calendar.items.end(),
                                   [&r](const CalendarItem& i) { return i.release == r.id; });
    ASSERT_NE(item, calendar.items.end()) << r.id;
    EXPECT_EQ(item->title, r.title);
    EXPECT_EQ(item->status, item_status(r.status)) << r.id;
    EXPECT_EQ(item->due.precision, r.due.precision) << r.id;
    EXPECT_EQ(item->due.at, r.due.at) << r.id;
    EXPECT_EQ(item->due.period_begin, r.due.period_begin) << r.id;
    EXPECT_EQ(item->due.period_end, r.due.period_end) << r.id;
  }
  if (c.urls == OutgoingUrls::leave_out) {
    EXPECT_TRUE(calendar.releases.empty());
    for (const CalendarItem& i : calendar.items) EXPECT_EQ(i.url, "");
  } else if (c.format == SourceFormat::json) {
    ASSERT_EQ(calendar.releases.size(), 3U);
    EXPECT_EQ(calendar.releases[0].targets, s.releases[0].release.targets);
  } else {
    EXPECT_EQ(calendar.items[0].url, "https://stats.example.org/cpi/mar-2030?a=1,2");
  }
}
INSTANTIATE_TEST_SUITE_P(Formats, RoundTripTest,
                         testing::Values(RoundTripCase{"Ics", SourceFormat::ics, OutgoingUrls::leave_out},
                                         RoundTripCase{"IcsWithUrls", SourceFormat::ics, OutgoingUrls::include},
                                         RoundTripCase{"Json", SourceFormat::json, OutgoingUrls::leave_out},
                                         RoundTripCase{"JsonWithUrls", SourceFormat::json, OutgoingUrls::include}),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
