// After due: late, incomplete, something else than announced, gone again. Looks take 100 ms; due is kDue, the grace 3
// min.

#include "daemon/watch/trouble_step.h"

#include <gtest/gtest.h>

#include "daemon/watch/exposure.h"
#include "tests/daemon/watch/trouble_story.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

// ---- late ----

TEST(Late, TheLastUrlThatComesResolvesItAndDecidesTheLateness) {
  Story s = three_parts();
  look_all(s, 180s, Liveness::absent);
  s.look(0, look_at(200s, Liveness::live));
  s.look(1, look_at(210s, Liveness::live));
  EXPECT_TRUE(is_active(s.of(IncidentKind::late)));
  s.look(2, look_at(220s, Liveness::live));
  const Incident& i = s.of(IncidentKind::late);
  EXPECT_EQ(i.state, IncidentState::contained);
  EXPECT_EQ(s.notices.back(), Notice::resolved);
  ASSERT_TRUE(lead_of(i));
  EXPECT_EQ(lead_of(i)->shortest, -220s - 100ms);
  EXPECT_EQ(lead_of(i)->longest, -180s);
  EXPECT_FALSE(s.incidents.contains(IncidentKind::incomplete));
}

TEST(Late, WhatIsMissingOnceAPartIsOutIsAnIncompleteReleaseAndTheLatenessIsThatOfTheFirst) {
  Story s = three_parts();
  look_all(s, 180s, Liveness::absent);
  s.look(0, look_at(240s, Liveness::live));  // answered at 240.1 s: its own grace ends at 420.1 s
  s.look(2, look_at(260s, Liveness::live));
  s.look(1, look_at(420s, Liveness::absent));
  EXPECT_TRUE(is_active(s.of(IncidentKind::late)));
  s.look(1, look_at(420s + 100ms, Liveness::absent));
  const Incident& late = s.of(IncidentKind::late);
  EXPECT_EQ(late.state, IncidentState::contained);
  EXPECT_EQ(late.contained, kDue + 420s + 200ms);
  const Incident& incomplete = s.of(IncidentKind::incomplete);
  EXPECT_EQ(incomplete.state, IncidentState::suspected);
  ASSERT_EQ(incomplete.targets.size(), 1U);
  EXPECT_EQ(incomplete.targets[0].target, "therapies-2018-01/tables");
  ASSERT_TRUE(lead_of(late));
  EXPECT_EQ(lead_of(late)->shortest, -240s - 100ms);
  EXPECT_EQ(lead_of(late)->longest, -180s);

  const Incident before = late;
  s.look(1, look_at(600s, Liveness::live));
  EXPECT_EQ(s.of(IncidentKind::late), before) << "what comes now is the incomplete incident's";
  EXPECT_EQ(s.of(IncidentKind::incomplete).state, IncidentState::contained);
}

TEST(Late, APartThatWasNotSeenDarkAfterTheGraceCountsWhenItComes) {
  Story s = three_parts();
  s.look(1, look_at(-10s, Liveness::absent));
  s.look(0, look_at(180s, Liveness::absent));
  s.look(1, look_at(200s, Liveness::live));
  const Incident& i = s.of(IncidentKind::late);
  ASSERT_EQ(i.targets.size(), 2U);
  EXPECT_EQ(i.targets[1].spans.at(0).went_live, (InstantBounds{kDue - 10s, kDue + 200s + 100ms}));
  EXPECT_TRUE(is_active(i));
}

TEST(Late, AnotherFormOfAUrlIsNoPartOfIt) {
  Story s = three_parts();
  s.look(0, look_at(180s, Liveness::absent));
  Incident i = s.of(IncidentKind::late);
  Target form = s.release().targets[0];
  form.id += "+www";
  const TargetTrack track;
  const Look live = look_at(200s, Liveness::live);
  const Step next = step(i, {.release = s.release(),
                             .target = form,
                             .before = track,
                             .look = live,
                             .verdict = Verdict::on_time,
                             .blind_ended = {},
                             .clock_verified = true});
  EXPECT_EQ(next.incident.targets.size(), 1U);
}

// ---- incomplete ----

Story partly_out() {
  Story s = three_parts();
  look_all(s, -2s, Liveness::absent);
  s.look(0, look_at(0s, Liveness::live));
  return s;
}

TEST(Incomplete, OpensWhereAPartIsMissingThreeMinutesAfterTheFirstAndKnowsAllParts) {
  Story s = partly_out();
  s.look(1, look_at(180s, Liveness::absent));
  EXPECT_TRUE(s.incidents.empty());
  s.look(1, look_at(180s + 100ms, Liveness::absent));
  ASSERT_TRUE(s.incidents.contains(IncidentKind::incomplete));
  const Incident& i = s.of(IncidentKind::incomplete);
  EXPECT_EQ(i.parts, (std::vector<std::string>{"therapies-2018-01/page", "therapies-2018-01/tables",
                                               "therapies-2018-01/annex"}));
  EXPECT_EQ(i.due, kDue);
  EXPECT_EQ(i.state, IncidentState::suspected);
  EXPECT_FALSE(i.targets[0].seen_live);
  EXPECT_TRUE(i.targets[0].spans.empty());
  EXPECT_FALSE(s.incidents.contains(IncidentKind::late));
}

TEST(Incomplete, TheSecondLookConfirmsAndAnotherMissingPartJoins) {
  Story s = partly_out();
  s.look(1, look_at(181s, Liveness::absent));
  s.look(1, look_at(183s, Liveness::unknown));
  EXPECT_EQ(s.of(IncidentKind::incomplete).state, IncidentState::suspected);
  s.look(1, look_at(185s, Liveness::absent));
  EXPECT_EQ(s.of(IncidentKind::incomplete).state, IncidentState::open);
  EXPECT_EQ(s.of(IncidentKind::incomplete).confidence, Confidence::confirmed);
  s.look(2, look_at(186s, Liveness::absent));
  EXPECT_EQ(s.of(IncidentKind::incomplete).targets.size(), 2U);
  EXPECT_EQ(s.notices, (std::vector{Notice::opened, Notice::updated, Notice::updated}));
}

TEST(Incomplete, TheLastMissingPartResolvesItAndItsLatenessStays) {
  Story s = partly_out();
  s.look(1, look_at(181s, Liveness::absent));
  s.look(2, look_at(182s, Liveness::absent));
  s.look(1, look_at(240s, Liveness::live));
  EXPECT_TRUE(is_active(s.of(IncidentKind::incomplete)));
  EXPECT_FALSE(lead_of(s.of(IncidentKind::incomplete)));
  s.look(2, look_at(300s, Liveness::absent));
  s.look(2, look_at(302s, Liveness::live));
  const Incident& i = s.of(IncidentKind::incomplete);
  EXPECT_EQ(i.state, IncidentState::contained);
  EXPECT_EQ(s.notices.back(), Notice::resolved);
  EXPECT_EQ(i.targets[1].spans.at(0).went_live, (InstantBounds{kDue + 300s, kDue + 302s + 100ms}));
  ASSERT_TRUE(lead_of(i));
  EXPECT_EQ(lead_of(i)->shortest, -302s - 100ms);
  EXPECT_EQ(lead_of(i)->longest, -300s);
}

TEST(Incomplete, AListingThatIsLiveIsNoPartAndOneThatIsNotIsNotMissing) {
  Release r = release_with({"page", "listing"});
  r.targets[1].role = Role::listing;
  Story s{r};
  s.look(1, look_at(1s, Liveness::live));
  s.look(0, look_at(181s, Liveness::absent));
  EXPECT_EQ(s.verdict, Verdict::late) << "a link is not the release";
  s.look(0, look_at(190s, Liveness::live));
  s.look(1, look_at(500s, Liveness::stub));
  EXPECT_EQ(s.verdict, Verdict::held);
  EXPECT_EQ(s.of(IncidentKind::late).parts, std::vector<std::string>{"therapies-2018-01/page"});
}

TEST(Incomplete, APlaceholderIsAsGoodAsMissing) {
  Story s = partly_out();
  s.look(1, look_at(100s, Liveness::suspect));
  EXPECT_TRUE(s.incidents.empty());
  s.look(1, look_at(181s, Liveness::suspect));
  ASSERT_TRUE(s.incidents.contains(IncidentKind::incomplete));
  EXPECT_EQ(s.of(IncidentKind::incomplete).targets[0].first.liveness, Liveness::suspect);
}

TEST(Incomplete, AWrongFileThatIsWithdrawnIsMissingAgain) {
  Story s = partly_out();
  s.look(1, look_at(181s, Liveness::absent));
  s.look(2, look_at(181s, Liveness::live));
  s.look(1, wrong_at(200s));
  EXPECT_EQ(s.of(IncidentKind::incomplete).state, IncidentState::contained);
  s.look(1, look_at(300s, Liveness::absent));
  EXPECT_EQ(s.of(IncidentKind::incomplete).state, IncidentState::open);
  const ExposureSpan& span = s.of(IncidentKind::incomplete).targets[0].spans.at(0);
  EXPECT_EQ(span.went_down, (InstantBounds{kDue + 200s, kDue + 300s + 100ms}));
  s.look(1, look_at(310s, Liveness::live));
  EXPECT_EQ(s.of(IncidentKind::incomplete).state, IncidentState::contained);
  EXPECT_EQ(s.of(IncidentKind::incomplete).targets[0].spans.size(), 2U);
}

// ---- wrong content ----

TEST(WrongContent, ItsSpanIsTheTimeTheWrongThingWasPublic) {
  Story s = three_parts();
  s.look(0, look_at(-2s, Liveness::absent));
  const Step first = s.look(0, wrong_at(1s));
  EXPECT_TRUE(first.new_exposure) << "the answer is kept";
  const Incident& i = s.of(IncidentKind::wrong_content);
  EXPECT_EQ(i.state, IncidentState::suspected);
  EXPECT_TRUE(i.targets[0].seen_live);
  EXPECT_EQ(i.targets[0].first.wrong, "generic expect[0]: magic");
  s.look(0, wrong_at(3s));
  EXPECT_EQ(i.state, IncidentState::open);
  s.look(0, wrong_at(5s));
  EXPECT_EQ(i.targets[0].spans.at(0).looks, 3);
  s.look(0, look_at(7s, Liveness::live));
  EXPECT_EQ(i.state, IncidentState::contained);
  const ExposureSpan& span = i.targets[0].spans.at(0);
  EXPECT_EQ(span.went_live, (InstantBounds{kDue - 2s, kDue + 1s + 100ms}));
  EXPECT_EQ(span.went_down, (InstantBounds{kDue + 5s, kDue + 7s + 100ms}));
  EXPECT_EQ(s.notices, (std::vector{Notice::opened, Notice::updated, Notice::resolved}));
  EXPECT_FALSE(lead_of(i));
}

TEST(WrongContent, WhatTookThePlaceOfTheRightThingCameAfterTheNewestRightLook) {
  Story s = three_parts();
  s.look(0, look_at(-2s, Liveness::absent));
  s.look(0, look_at(1s, Liveness::live, 100ms, 50ms));
  s.look(0, look_at(60s, Liveness::live, 100ms, 50ms));
  s.look(0, wrong_at(120s));
  EXPECT_EQ(s.of(IncidentKind::wrong_content).targets[0].spans.at(0).went_live,
            (InstantBounds{kDue + 60s - 50ms, kDue + 120s + 100ms}));
}

TEST(WrongContent, TakingItDownDoesNotResolveItButTheRightThingDoes) {
  Story s{release_with({"page"})};
  s.look(0, wrong_at(1s));
  s.look(0, wrong_at(3s));
  for (const Millis t : {5s, 7s, 9s, 11s}) s.look(0, look_at(t, Liveness::absent));
  const Incident& i = s.of(IncidentKind::wrong_content);
  EXPECT_EQ(i.state, IncidentState::open);
  EXPECT_EQ(i.targets[0].spans.at(0).went_down, (InstantBounds{kDue + 3s, kDue + 5s + 100ms}));
  s.look(0, look_at(60s, Liveness::live));
  EXPECT_EQ(i.state, IncidentState::contained);
}

TEST(WrongContent, EveryUrlOfItMustBeRight) {
  Story s = three_parts();
  s.look(0, wrong_at(1s, "the same bytes as therapies-2018-01/tables"));
  s.look(1, wrong_at(1s, "the same bytes as therapies-2018-01/page"));
  s.look(0, look_at(5s, Liveness::live));
  EXPECT_TRUE(is_active(s.of(IncidentKind::wrong_content)));
  s.look(1, look_at(6s, Liveness::live));
  EXPECT_EQ(s.of(IncidentKind::wrong_content).state, IncidentState::contained);
}

TEST(WrongContent, ComingBackReopensIt) {
  Story s{release_with({"page"})};
  s.look(0, wrong_at(1s));
  s.look(0, look_at(3s, Liveness::live));
  s.look(0, wrong_at(5s));
  const Incident& i = s.of(IncidentKind::wrong_content);
  EXPECT_EQ(i.state, IncidentState::open);
  EXPECT_EQ(s.notices.back(), Notice::reopened);
  ASSERT_EQ(i.targets[0].spans.size(), 2U);
  EXPECT_EQ(i.targets[0].spans[1].went_live, (InstantBounds{kDue + 3s, kDue + 5s + 100ms}));
}

TEST(WrongContent, UnknownChangesNothing) {
  Story s{release_with({"page"})};
  s.look(0, wrong_at(1s));
  const Incident before = s.of(IncidentKind::wrong_content);
  s.look(0, look_at(3s, Liveness::unknown));
  s.look(0, look_at(5s, Liveness::suspect));
  EXPECT_EQ(s.of(IncidentKind::wrong_content), before);
}

}  // namespace
}  // namespace embargod
