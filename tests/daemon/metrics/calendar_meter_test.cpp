// What the metrics tell of calendars that others keep, and of listings.

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "daemon/metrics/prometheus_meter.h"
#include "daemon/watch/discovery_watch.h"

namespace embargod {
namespace {

constexpr Instant kCalendarNoon{Millis{1'524'484'800'000}};

/// Samples that have `containing`, sorted.
std::string calendar_samples(const PrometheusMeter& meter, const std::string& containing) {
  std::istringstream in{meter.expose()};
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);)
    if (!line.starts_with('#') && line.find(containing) != std::string::npos) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const auto& l : lines) out += l + "\n";
  return out;
}

Schedule schedule_from(const std::vector<std::string>& sources) {
  Schedule s;
  for (const auto& source : sources) {
    Release& r = s.releases.emplace_back();
    r.id = "of-" + std::to_string(s.releases.size());
    r.source = source;
  }
  return s;
}

TEST(CalendarMeter, CountsExistFromTheStartAndTheTimeOnlyOnceItHappened) {
  PrometheusMeter meter{"0.1.0"};
  meter.calendars({"ons"});
  EXPECT_EQ(calendar_samples(meter, "source=\"ons\""),
            "embargod_schedule_drifting_items{source=\"ons\"} 0\n"
            "embargod_schedule_items{source=\"ons\"} 0\n"
            "embargod_schedule_unmatched_items{source=\"ons\"} 0\n");
  meter.source("ons", kCalendarNoon);
  meter.calendar("ons", 1'000, 990, 2);
  EXPECT_EQ(calendar_samples(meter, "source=\"ons\""),
            "embargod_schedule_drifting_items{source=\"ons\"} 2\n"
            "embargod_schedule_items{source=\"ons\"} 1000\n"
            "embargod_schedule_last_success_timestamp_seconds{source=\"ons\"} 1524484800\n"
            "embargod_schedule_unmatched_items{source=\"ons\"} 990\n");
}

TEST(ListingMeter, CountsExistFromTheStartAndTheTimeOnlyOnceItHappened) {
  PrometheusMeter meter{"0.1.0"};
  meter.listings({"news", "map"});
  EXPECT_EQ(calendar_samples(meter, "listing=\"news\""),
            "embargod_discovery_failing{listing=\"news\"} 0\n"
            "embargod_discovery_interval_seconds{listing=\"news\"} 0\n"
            "embargod_discovery_known_entries{listing=\"news\"} 0\n"
            "embargod_discovery_matches{listing=\"news\"} 0\n");
  meter.listing({.listing = "news",
                 .interval = Millis{60'000},
                 .last_success = kCalendarNoon,
                 .fault = "503",
                 .known = 12,
                 .matches = 2});
  EXPECT_EQ(calendar_samples(meter, "listing=\"news\""),
            "embargod_discovery_failing{listing=\"news\"} 1\n"
            "embargod_discovery_interval_seconds{listing=\"news\"} 60\n"
            "embargod_discovery_known_entries{listing=\"news\"} 12\n"
            "embargod_discovery_last_success_timestamp_seconds{listing=\"news\"} 1524484800\n"
            "embargod_discovery_matches{listing=\"news\"} 2\n");
  meter.listings({"map"});
  EXPECT_EQ(calendar_samples(meter, "listing=\"news\""), "");
}

TEST(CalendarMeter, TakingTheConfigIsNoSuccessOfACalendar) {
  PrometheusMeter meter{"0.1.0"};
  meter.calendars({"ons"});
  meter.schedule(schedule_from({"releases.yml", "ons"}), kCalendarNoon);
  EXPECT_EQ(calendar_samples(meter, "last_success"),
            "embargod_schedule_last_success_timestamp_seconds{source=\"releases.yml\"} 1524484800\n");
  meter.source("ons", kCalendarNoon);
  meter.schedule(schedule_from({"releases.yml", "ons"}), kCalendarNoon + Seconds{60});
  EXPECT_EQ(calendar_samples(meter, "last_success"),
            "embargod_schedule_last_success_timestamp_seconds{source=\"ons\"} 1524484800\n"
            "embargod_schedule_last_success_timestamp_seconds{source=\"releases.yml\"} 1524484860\n");
}

TEST(CalendarMeter, ACalendarWithoutReleasesKeepsItsTime) {
  PrometheusMeter meter{"0.1.0"};
  meter.calendars({"ons"});
  meter.source("ons", kCalendarNoon);
  meter.schedule(schedule_from({"releases.yml"}), kCalendarNoon);
  EXPECT_EQ(calendar_samples(meter, "last_success_timestamp_seconds{source=\"ons\"}"),
            "embargod_schedule_last_success_timestamp_seconds{source=\"ons\"} 1524484800\n");
}

TEST(CalendarMeter, WhatBelongsToACalendarLeavesWithIt) {
  PrometheusMeter meter{"0.1.0"};
  meter.schedule(schedule_from({"releases.yml"}), kCalendarNoon);
  meter.calendars({"ons", "govuk"});
  meter.source("ons", kCalendarNoon);
  meter.source("govuk", kCalendarNoon);
  meter.calendars({"govuk"});
  EXPECT_EQ(calendar_samples(meter, "\"ons\""), "");
  EXPECT_EQ(calendar_samples(meter, "last_success"),
            "embargod_schedule_last_success_timestamp_seconds{source=\"govuk\"} 1524484800\n"
            "embargod_schedule_last_success_timestamp_seconds{source=\"releases.yml\"} 1524484800\n");
}

}  // namespace
}  // namespace embargod
