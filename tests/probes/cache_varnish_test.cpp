// What a real cache before a site does to looks: Varnish before nginx.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "probes/freshness.h"
#include "tests/probes/engine_rig.h"
#include "tests/support/nginx.h"
#include "tests/support/temp_folder.h"
#include "tests/support/varnish.h"

namespace embargod {
namespace {

class LookThroughVarnish : public testing::Test {
 protected:
  void start(const std::string& vcl = {}, const std::string& nginx_conf = {}) {
    auto origin = Nginx::start(folder_ / "origin", {nginx_conf, "", false});
    ASSERT_TRUE(origin) << to_string(origin.error());
    origin_ = std::move(*origin);
    auto cache = Varnish::start(folder_ / "cache", origin_->port(), vcl);
    ASSERT_TRUE(cache) << to_string(cache.error());
    cache_ = std::move(*cache);
  }

  Observation look(Route route = Route::plain) { return rig_.probe(cache_->url("/pub/x.html"), route); }

  /// A plain look whose answer is at least `age` old; the last one if that takes too long.
  Observation look_until_age(Seconds age) {
    Observation o;
    EXPECT_TRUE(eventually([&] {
      o = look();
      return o.age && *o.age >= age;
    }));
    return o;
  }

  TempFolder folder_;
  std::unique_ptr<Nginx> origin_;
  std::unique_ptr<Varnish> cache_;
  Rig rig_;
};

TEST_F(LookThroughVarnish, ACachedNotFoundMasksALivePageAndTheBypassFindsIt) {
  start();
  const Observation first = look();
  EXPECT_EQ(first.status, 404);
  EXPECT_EQ(first.age, Seconds{0});
  EXPECT_FALSE(cache_view(first).from_cache);
  ASSERT_TRUE(origin_->put("/pub/x.html", "<p>published</p>"));
  const Observation masked = look_until_age(Seconds{1});
  EXPECT_EQ(masked.status, 404);
  EXPECT_TRUE(cache_view(masked).from_cache);
  EXPECT_EQ(cache_view(masked).layer, "Varnish");
  EXPECT_EQ(cache_view(masked).age, masked.age);
  EXPECT_EQ(look(Route::fresh).status, 404);  // another connection alone does not help
  const Observation found = look(Route::bypass);
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.body, "<p>published</p>");
  EXPECT_FALSE(cache_view(found).from_cache);
  EXPECT_EQ(found.final_url, cache_->url("/pub/x.html"));
  EXPECT_EQ(look().status, 404);  // and it changed nothing for the public
}

TEST_F(LookThroughVarnish, ABypassLookPlantsNoNotFoundOverARelease) {
  start();
  EXPECT_EQ(look(Route::bypass).status, 404);
  ASSERT_TRUE(origin_->put("/pub/x.html", "<p>published</p>"));
  const Observation o = look();
  EXPECT_EQ(o.status, 200);
  EXPECT_FALSE(cache_view(o).from_cache);
}

TEST_F(LookThroughVarnish, AfterATakeDownTheCacheServesOnWithARisingAgeAndTheBypassSaysGone) {
  start();
  ASSERT_TRUE(origin_->put("/pub/x.html", "<p>published</p>"));
  EXPECT_EQ(look().status, 200);
  origin_->remove("/pub/x.html");
  const Observation one = look_until_age(Seconds{1});
  const Observation two = look_until_age(*one.age + Seconds{1});
  for (const Observation* o : {&one, &two}) {
    EXPECT_EQ(o->status, 200);
    EXPECT_EQ(o->body, "<p>published</p>");
    EXPECT_TRUE(cache_view(*o).from_cache);
    EXPECT_EQ(cache_view(*o).layer, "Varnish");
  }
  EXPECT_GT(*two.age, *one.age);
  // The Age dates the copy: made before the take-down, whenever it is read. RFC 9111 4.2.3, whole seconds.
  EXPECT_LE(two.sent - *two.age - Seconds{1}, one.done - *one.age + Seconds{1});
  EXPECT_EQ(look(Route::bypass).status, 404);
  EXPECT_EQ(look().status, 200);
}

TEST_F(LookThroughVarnish, WithTheOriginKilledItServesWhatIsBeyondItsLifetime) {
  start("sub vcl_backend_response { set beresp.ttl = 1s; set beresp.grace = 1h; }", "expires 1s;");
  ASSERT_TRUE(origin_->put("/pub/x.html", "<p>published</p>"));
  const Observation sound = look();
  EXPECT_EQ(sound.status, 200);
  EXPECT_EQ(cache_view(sound).lifetime, Seconds{1});
  EXPECT_FALSE(cache_view(sound).stale);
  origin_->stop();
  const Observation stale = look_until_age(Seconds{3});
  EXPECT_EQ(stale.status, 200);
  EXPECT_EQ(stale.body, "<p>published</p>");
  EXPECT_TRUE(cache_view(stale).stale);
  EXPECT_EQ(cache_view(stale).layer, "Varnish");
  const Observation past_it = look(Route::bypass);
  EXPECT_EQ(past_it.status, 503);  // Varnish's own page
  ASSERT_TRUE(origin_->restart());
  EXPECT_EQ(look(Route::bypass).status, 200);
}

TEST_F(LookThroughVarnish, ACacheThatIgnoresQueriesShowsInTheAgeOfTheBypass) {
  start("import std; sub vcl_recv { set req.url = regsub(req.url, \"\\?.*$\", \"\"); }");
  EXPECT_EQ(look().status, 404);
  ASSERT_TRUE(origin_->put("/pub/x.html", "<p>published</p>"));
  look_until_age(Seconds{1});
  const Observation o = look(Route::bypass);
  EXPECT_EQ(o.status, 404);
  EXPECT_TRUE(cache_view(o).from_cache);  // so nobody takes it for the origin's word
}

}  // namespace
}  // namespace embargod
