// The link in a message, as a phone, a scanner and a forger use it.

#include <gtest/gtest.h>

#include "tests/daemon/web/site_fixture.h"

namespace embargod {
namespace {

const char* const kAckToken = "MXwwMUhaWEszSjVOOFFXRVJUWTIwMThBUFIyM3w0fDE1MjQ0ODQ4MDB8ZW1haWwtMQ";

class AckLinkTest : public testing::Test {
 protected:
  AckLinkTest() {
    Incident& i = world_.reader.all_incidents[0];
    i.id = kSampleIncident;
    i.state = IncidentState::open;
    i.contained.reset();
    i.targets[0].spans[0].went_down.reset();
    WebDoors doors = world_.doors();
    doors.ack_link = [this](const std::string& token) -> Result<AckClaim> {
      if (token != kAckToken) return fail(Errc::not_found, "no such link");
      return claim_;
    };
    site_ = std::make_unique<Site>(doors, world_.setup, Site::Offer::everything);
  }

  WebReply get(const std::string& token = kAckToken) { return site_->answer(get_request("/a/" + token)); }
  WebRequest form(const std::string& body) {
    WebRequest q = post_request(std::string{"/a/"} + kAckToken, body);
    q.headers["content-type"] = "application/x-www-form-urlencoded";
    return q;
  }
  WebReply press(const std::string& body = "name=") { return site_->answer(form(body)); }
  Incident& incident() { return world_.reader.all_incidents[0]; }

  SiteWorld world_;
  AckClaim claim_{.id = "0a1b", .incident = kSampleIncident, .receiver = "email-1", .expires = kSampleNow + Millis{1}};
  std::unique_ptr<Site> site_;
};

TEST_F(AckLinkTest, LookingChangesNothing) {
  for (const char* method : {"GET", "HEAD"}) {
    WebRequest q = get_request(std::string{"/a/"} + kAckToken);
    q.method = method;
    const WebReply r = site_->answer(q);
    EXPECT_EQ(r.status, 200);
    EXPECT_NE(r.body.find("<form method=\"post\">"), std::string::npos);
    EXPECT_NE(r.body.find("I have it"), std::string::npos);
    EXPECT_EQ(r.body.find("https://stats.example.org"), std::string::npos) << "the link may have been passed on";
    EXPECT_EQ(r.body.find(kAckToken), std::string::npos);
  }
  EXPECT_TRUE(world_.commands.seen().empty());
}

TEST_F(AckLinkTest, TheButtonAcknowledgesInTheNameOfTheReceiver) {
  const WebReply r = press();
  EXPECT_EQ(r.status, 200);
  EXPECT_NE(r.body.find("Recorded: you have it"), std::string::npos);
  ASSERT_EQ(world_.commands.seen().size(), 1U);
  const Command c = world_.commands.seen()[0];
  EXPECT_EQ(c.what, Command::What::acknowledge);
  EXPECT_EQ(c.id, kSampleIncident);
  EXPECT_EQ(c.by, "link sent to email-1");
  EXPECT_EQ(c.link, "0a1b");
}

TEST_F(AckLinkTest, ANameIsTakenIfGiven) {
  EXPECT_EQ(press("x=1&name=+Zo%c3%ab+%26+Sam+&y").status, 200);
  EXPECT_EQ(world_.commands.seen().back().by, "Zo\xc3\xab & Sam (link sent to email-1)");
  EXPECT_EQ(press("name=a%0ab").status, 400);
  EXPECT_EQ(press("name=" + std::string(201, 'n')).status, 400);
  EXPECT_EQ(world_.commands.seen().size(), 1U);
}

TEST_F(AckLinkTest, ANoteAndADecisionGoOnRecordWithIt) {
  const WebReply r = press("name=HoP&note=calling+the+CMS+team&decision=take_down&reason=wrong+figures");
  EXPECT_EQ(r.status, 200);
  ASSERT_EQ(world_.commands.seen().size(), 2U);
  const Command ack = world_.commands.seen()[0];
  EXPECT_EQ(ack.what, Command::What::acknowledge);
  EXPECT_EQ(ack.reason, "calling the CMS team");
  EXPECT_EQ(ack.link, "0a1b");
  const Command decided = world_.commands.seen()[1];
  EXPECT_EQ(decided.what, Command::What::decide);
  EXPECT_EQ(decided.by, "HoP (link sent to email-1)");
  EXPECT_EQ(decided.choice, Choice::take_down);
  EXPECT_EQ(decided.reason, "wrong figures");
  EXPECT_EQ(decided.link, "");
}

TEST_F(AckLinkTest, ADecisionWithoutNameOrReasonRecordsNothingAndKeepsWhatWasTyped) {
  const struct {
    const char* body;
    const char* says;
  } cases[] = {{"name=&decision=let_stand&reason=all+have+it", "name: is missing"},
               {"name=Ho%22P&decision=let_stand&reason=", "reason: is missing"},
               {"name=HoP&decision=burn&reason=x", "decision: is not known"}};
  for (const auto& c : cases) {
    const WebReply r = press(c.body);
    EXPECT_EQ(r.status, 400);
    EXPECT_NE(r.body.find("Nothing was recorded yet"), std::string::npos);
    EXPECT_NE(r.body.find(c.says), std::string::npos) << r.body;
    EXPECT_NE(r.body.find("I have it"), std::string::npos) << "it can be put right here";
  }
  const WebReply kept = press(cases[1].body);
  EXPECT_NE(kept.body.find("value=\"Ho&quot;P\""), std::string::npos);
  EXPECT_NE(kept.body.find("value=\"let_stand\" selected"), std::string::npos);
  EXPECT_TRUE(world_.commands.seen().empty());
}

TEST_F(AckLinkTest, WhereNothingIsPublicNobodyIsAskedToDecide) {
  EXPECT_NE(get().body.find("name=\"decision\""), std::string::npos);
  incident().kind = IncidentKind::late;
  EXPECT_EQ(get().body.find("name=\"decision\""), std::string::npos);
  EXPECT_EQ(press("name=HoP&decision=take_down&reason=x").status, 200);
  ASSERT_EQ(world_.commands.seen().size(), 1U);
  EXPECT_EQ(world_.commands.seen()[0].what, Command::What::acknowledge);
}

TEST_F(AckLinkTest, APhoneBehindAProxyMayPressIt) {
  world_.setup.web.behind_proxy = true;
  WebRequest q = form("name=");
  q.headers["x-forwarded-for"] = "203.0.113.9";
  q.headers["origin"] = "null";  // what a browser sends from a page that says no-referrer
  q.headers["sec-fetch-site"] = "same-origin";
  EXPECT_EQ(site_->answer(q).status, 200);
  q.headers["origin"] = "https://embargo.example.org";
  EXPECT_EQ(site_->answer(q).status, 200);
  WebRequest api = post_request(std::string{"/api/v1/incidents/"} + kSampleIncident + "/ack", R"({"by":"a"})");
  api.headers["x-forwarded-for"] = "203.0.113.9";
  EXPECT_EQ(site_->answer(api).status, 403) << "the exception is the link's alone";
}

TEST_F(AckLinkTest, APageOfAnotherSiteMayNot) {
  const struct {
    const char* header;
    const char* value;
    int status;
  } cases[] = {{"origin", "https://evil.example", 403},
               {"sec-fetch-site", "cross-site", 403},
               {"sec-fetch-site", "same-site", 403},
               {"content-type", "application/json", 415},
               {"content-type", "text/plain", 415}};
  for (const auto& c : cases) {
    WebRequest q = form("name=");
    q.headers[c.header] = c.value;
    EXPECT_EQ(site_->answer(q).status, c.status) << c.header << ": " << c.value;
  }
  EXPECT_TRUE(world_.commands.seen().empty());
}

TEST_F(AckLinkTest, WhatIsForgedAndWhatNamesNothingLookTheSame) {
  const WebReply forged = get("forged");
  claim_.incident = "01NOTTHERE";
  const WebReply nowhere = get();
  EXPECT_EQ(forged.status, 404);
  EXPECT_EQ(nowhere.status, 404);
  EXPECT_EQ(forged.body, nowhere.body);
  EXPECT_EQ(press().status, 404);
  EXPECT_TRUE(world_.commands.seen().empty());
}

TEST_F(AckLinkTest, ExpiredUsedAndOverSaySoAndDoNothing) {
  claim_.expires = kSampleNow;
  EXPECT_EQ(get().status, 410);
  EXPECT_NE(get().body.find("This link has expired"), std::string::npos);
  EXPECT_EQ(press().status, 410);
  claim_.expires = kSampleNow + Millis{1};
  incident().used_links = {"other", "0a1b"};
  incident().acknowledged = Acknowledgement{.by = "Duty officer", .at = kSampleNow, .note = {}};
  EXPECT_EQ(get().status, 409);
  EXPECT_NE(press().body.find("Acknowledged by Duty officer"), std::string::npos);
  incident().used_links = {"other"};
  incident().state = IncidentState::closed;
  EXPECT_EQ(get().status, 410);
  EXPECT_NE(press().body.find("This is over already"), std::string::npos);
  EXPECT_TRUE(world_.commands.seen().empty());
}

TEST_F(AckLinkTest, OfTwoWhoPressAtOnceTheSlowerIsTold) {
  world_.commands.refuse_with(Fault{Errc::conflict, "", "this link was used before", ""});
  EXPECT_EQ(press().status, 409);
  world_.commands.refuse_with(Fault{Errc::not_found, "", "no unclosed incident has this id", ""});
  EXPECT_EQ(press().status, 410);
  world_.commands.refuse_with(Fault{Errc::unavailable, "", "the engine is busy", ""});
  const WebReply r = press();
  EXPECT_EQ(r.status, 503);
  EXPECT_NE(r.body.find("This was not recorded"), std::string::npos);
}

TEST_F(AckLinkTest, WithoutTheSettingThereIsNothingAtThatPath) {
  Site off{world_.doors(), world_.setup, Site::Offer::everything};
  EXPECT_EQ(off.answer(get_request(std::string{"/a/"} + kAckToken)).status, 404);
  EXPECT_EQ(off.answer(form("name=")).status, 404);
  EXPECT_TRUE(world_.commands.seen().empty());
}

}  // namespace
}  // namespace embargod
