// Pages of incidents that were found in listings: nobody saw the release itself public.

#include <gmock/gmock.h>

#include "daemon/web/page_words.h"
#include "daemon/web/pages.h"
#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Incident listed_incident() {
  Incident i = sample_incident();
  i.state = IncidentState::open;
  i.targets.resize(1);
  i.targets[0].target = "therapies-2018-01/listing:news";
  i.targets[0].role = Role::listing;
  i.targets[0].spans[0].went_down.reset();
  i.targets[0].spans[0].ended_by.reset();
  return i;
}

std::string page_of_listed(const Incident& i) {
  return incident_page({kSampleNow, "Europe/London", {}, "0.1.0"}, {i, {}, {}, {}});
}

TEST(ListedPage, SaysThatItIsListedAndNotThatItIsLive) {
  Incident i = listed_incident();
  EXPECT_EQ(headline(i, "Europe/London", kSampleNow), "Listed in public, 2 days before its time");
  EXPECT_THAT(page_of_listed(i), AllOf(HasSubstr("Have the entry taken out"), Not(HasSubstr("Have it taken down now")),
                                       Not(HasSubstr("Live now"))));
  i.state = IncidentState::suspected;
  EXPECT_THAT(headline(i, "Europe/London", kSampleNow), HasSubstr("Listed at first sight"));
  i.targets.push_back(sample_incident().targets[0]);
  EXPECT_THAT(headline(i, "Europe/London", kSampleNow), HasSubstr("Live at first sight")) << "its page is public too";
}

TEST(ListedPage, SaysHowLongItWasListed) {
  Incident i = listed_incident();
  i.state = IncidentState::contained;
  i.targets[0].spans = sample_incident().targets[0].spans;
  EXPECT_EQ(headline(i, "Europe/London", kSampleNow),
            "No longer listed; was listed between 13 min 2 s and 14 min 58 s");
}

TEST(ListedPage, WhatIsOnNoScheduleWasReadAndNotOpened) {
  Incident i = listed_incident();
  i.kind = IncidentKind::unscheduled;
  i.release.clear();
  i.title = i.site = "stats.example.org";
  i.confidence = Confidence::confirmed;
  EXPECT_THAT(page_of_listed(i),
              AllOf(HasSubstr("Listed in public, and on no schedule"), HasSubstr("put them in the schedule"),
                    HasSubstr("what it leads to was not opened"), Not(HasSubstr("confirmed by a second look"))));
}

}  // namespace
}  // namespace embargod
