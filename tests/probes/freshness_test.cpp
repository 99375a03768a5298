#include "probes/freshness.h"

#include <gtest/gtest.h>

#include "probes/answer.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

const Instant kAnswered{Millis{1'524'645'000'000}};  // Wed, 25 Apr 2018 08:30:00 GMT

Observation answer_with(Headers headers) {
  Observation o;
  o.status = 200;
  o.done = kAnswered;
  o.headers = std::move(headers);
  read_headers(o);
  return o;
}

struct ViewCase {
  const char* name;
  Headers headers;
  bool from_cache;
  bool stale;
  const char* layer;
};

class CacheViewTest : public testing::TestWithParam<ViewCase> {};
TEST_P(CacheViewTest, TellsACachesAnswerFromTheOrigins) {
  const auto& c = GetParam();
  const CacheView v = cache_view(answer_with(c.headers));
  EXPECT_EQ(v.from_cache, c.from_cache);
  EXPECT_EQ(v.stale, c.stale);
  EXPECT_EQ(v.layer, c.layer);
}
INSTANTIATE_TEST_SUITE_P(
    Headers, CacheViewTest,
    testing::Values(
        ViewCase{"Nothing", {}, false, false, ""}, ViewCase{"AgeOverZero", {{"Age", "1"}}, true, false, "a cache"},
        ViewCase{"AgeZero", {{"Age", "0"}}, false, false, ""}, ViewCase{"OddAge", {{"Age", "-5"}}, false, false, ""},
        ViewCase{"AgeTwice", {{"Age", "5"}, {"Age", "6"}}, false, false, ""},
        ViewCase{"XCacheHit", {{"X-Cache", "HIT"}}, true, false, "a cache"},
        ViewCase{"XCacheMiss", {{"X-Cache", "MISS"}}, false, false, ""},
        ViewCase{
            "ShieldHit", {{"X-Cache", "HIT, MISS"}, {"X-Served-By", "cache-lon1, cache-lcy2"}}, true, false, "Fastly"},
        ViewCase{"BothMiss", {{"X-Cache", "MISS, MISS"}, {"X-Served-By", "cache-lon1, cache-lcy2"}}, false, false, ""},
        ViewCase{"HitsCounted", {{"X-Cache-Hits", "0, 3"}}, true, false, "a cache"},
        ViewCase{"NoHitsCounted", {{"X-Cache-Hits", "0, 0"}}, false, false, ""},
        ViewCase{"CloudFrontHit",
                 {{"X-Cache", "Hit from cloudfront"}, {"Via", "1.1 a.cloudfront.net (CloudFront)"}},
                 true,
                 false,
                 "CloudFront"},
        ViewCase{"CloudFrontMiss",
                 {{"X-Cache", "Miss from cloudfront"}, {"Via", "1.1 a.cloudfront.net (CloudFront)"}},
                 false,
                 false,
                 ""},
        ViewCase{"CloudFrontAskedAgain",
                 {{"X-Cache", "RefreshHit from cloudfront"}, {"X-Amz-Cf-Id", "x"}},
                 false,
                 false,
                 ""},
        ViewCase{"CloudFrontPassedAVarnishHit",
                 {{"X-Cache", "Miss from cloudfront"}, {"X-Amz-Cf-Id", "x"}, {"X-Varnish", "12 7"}},
                 true,
                 false,
                 "Varnish"},
        ViewCase{"AkamaiMemoryHit",
                 {{"X-Cache", "TCP_MEM_HIT from a2-1.deploy.akamaitechnologies.com (AkamaiGHost/11)"}},
                 true,
                 false,
                 "Akamai"},
        ViewCase{"AkamaiAskedAgain",
                 {{"X-Cache", "TCP_REFRESH_HIT from a2-1.deploy.akamaitechnologies.com"}},
                 false,
                 false,
                 ""},
        ViewCase{"AkamaiOriginDown",
                 {{"X-Cache", "TCP_REFRESH_FAIL_HIT from a2-1.deploy.akamaitechnologies.com"}},
                 true,
                 true,
                 "Akamai"},
        ViewCase{"SquidHit", {{"X-Cache", "HIT from squid.example.org"}}, true, false, "Squid"},
        ViewCase{"SquidLookupOnly", {{"X-Cache-Lookup", "HIT from proxy.example.org:3128"}}, false, false, ""},
        ViewCase{"CloudflareHit", {{"CF-Cache-Status", "HIT"}, {"CF-Ray", "1-LHR"}}, true, false, "Cloudflare"},
        ViewCase{"CloudflareDynamic", {{"CF-Cache-Status", "DYNAMIC"}, {"Server", "cloudflare"}}, false, false, ""},
        ViewCase{"CloudflareUpdating", {{"CF-Cache-Status", "UPDATING"}}, true, true, "Cloudflare"},
        ViewCase{"CloudflareStale", {{"CF-Cache-Status", "STALE"}}, true, true, "Cloudflare"},
        ViewCase{"CloudflareRevalidated", {{"CF-Cache-Status", "REVALIDATED"}}, false, false, ""},
        ViewCase{"CloudflarePassedAVarnishHit",
                 {{"CF-Cache-Status", "DYNAMIC"}, {"Server", "cloudflare"}, {"X-Varnish", "12 7"}},
                 true,
                 false,
                 "Varnish"},
        ViewCase{"NginxStale", {{"X-Cache-Status", "STALE"}}, true, true, "a cache"},
        ViewCase{"NginxExpired", {{"X-Cache-Status", "EXPIRED"}}, false, false, ""},
        ViewCase{"VarnishHit", {{"X-Varnish", "32770 3"}}, true, false, "Varnish"},
        ViewCase{"VarnishMiss", {{"X-Varnish", "32770"}}, false, false, ""},
        ViewCase{"VarnishViaAndAge", {{"Via", "1.1 varnish (Varnish/7.1)"}, {"Age", "9"}}, true, false, "Varnish"},
        ViewCase{"CacheStatusHit", {{"Cache-Status", "Edge; hit; ttl=376"}}, true, false, "a cache"},
        ViewCase{"CacheStatusStale", {{"Cache-Status", "Edge; hit; ttl=-12"}}, true, true, "a cache"},
        ViewCase{"CacheStatusForwarded", {{"Cache-Status", "Edge; fwd=stale; stored"}}, false, false, ""},
        ViewCase{"CacheStatusSecondHit", {{"Cache-Status", "Shield; hit, Edge; fwd=miss"}}, true, false, "a cache"},
        ViewCase{"QuotedNameHoldsNoHit", {{"Cache-Status", "\"a; hit\"; fwd=miss"}}, false, false, ""},
        ViewCase{"Outlived", {{"Age", "301"}, {"Cache-Control", "max-age=300"}}, true, true, "a cache"},
        ViewCase{"AtItsEnd", {{"Age", "300"}, {"Cache-Control", "max-age=300"}}, true, false, "a cache"},
        ViewCase{"MaxAgeZeroForBrowsersOnly",
                 {{"Age", "300"}, {"Cache-Control", "max-age=0, must-revalidate"}},
                 true,
                 false,
                 "a cache"},
        ViewCase{"Warning110", {{"Warning", "110 - \"Response is Stale\""}}, false, true, "a cache"},
        ViewCase{"Warning199", {{"Warning", "199 - \"110 things\""}}, false, false, ""},
        ViewCase{"AWordLikeHit", {{"X-Cache", "WHITELISTED"}}, false, false, ""},
        ViewCase{"NamesInAnyCase", {{"x-cache", "hit"}}, true, false, "a cache"}),
    [](const auto& p) { return p.param.name; });

struct LifetimeCase {
  const char* name;
  Headers headers;
  std::optional<Seconds> lifetime;
  std::optional<Seconds> kept;  // from the answer on
};

class LifetimeTest : public testing::TestWithParam<LifetimeCase> {};
TEST_P(LifetimeTest, IsThatOfASharedCache) {
  const auto& c = GetParam();
  const Observation o = answer_with(c.headers);
  EXPECT_EQ(cache_view(o).lifetime, c.lifetime);
  const auto until = kept_until(o);
  ASSERT_EQ(until.has_value(), c.kept.has_value());
  if (!until) return;
  EXPECT_EQ(*until - kAnswered, *c.kept);
}
const std::string kThen = "Wed, 25 Apr 2018 08:30:00 GMT";
const std::string kLater = "Wed, 25 Apr 2018 08:40:00 GMT";
INSTANTIATE_TEST_SUITE_P(
    Headers, LifetimeTest,
    testing::Values(
        LifetimeCase{"Nothing", {}, {}, {}},
        LifetimeCase{"MaxAge", {{"Cache-Control", "public, max-age=300"}}, 300s, 300s},
        LifetimeCase{"SharedFirst", {{"Cache-Control", "max-age=300, s-maxage=900"}}, 900s, 900s},
        LifetimeCase{"SharedZero", {{"Cache-Control", "max-age=300, s-maxage=0"}}, 0s, {}},
        LifetimeCase{"LessItsAge", {{"Cache-Control", "max-age=300"}, {"Age", "120"}}, 300s, 180s},
        LifetimeCase{"NeverBeforeNow", {{"Cache-Control", "max-age=300"}, {"Age", "900"}}, 300s, 0s},
        LifetimeCase{
            "StaleWhileRevalidate", {{"Cache-Control", "s-maxage=600, stale-while-revalidate=30"}}, 600s, 630s},
        LifetimeCase{"StaleFromTheStart", {{"Cache-Control", "max-age=0, stale-while-revalidate=60"}}, 0s, 60s},
        LifetimeCase{
            "MustRevalidate", {{"Cache-Control", "max-age=60, must-revalidate, stale-while-revalidate=30"}}, 60s, 60s},
        LifetimeCase{"StaleIfErrorIsNotCounted", {{"Cache-Control", "max-age=60, stale-if-error=86400"}}, 60s, 60s},
        LifetimeCase{"NoStore", {{"Cache-Control", "no-store, max-age=300"}}, 0s, {}},
        LifetimeCase{"Private", {{"Cache-Control", "private, max-age=300"}}, 0s, {}},
        LifetimeCase{"PrivateField", {{"Cache-Control", "private=\"Set-Cookie, X\", max-age=300"}}, 300s, 300s},
        LifetimeCase{"NoCache", {{"Cache-Control", "no-cache, max-age=300"}}, 0s, {}},
        LifetimeCase{"NoCacheField", {{"Cache-Control", "no-cache=\"Set-Cookie\", max-age=300"}}, 300s, 300s},
        LifetimeCase{"Quoted", {{"Cache-Control", "max-age=\"300\""}}, 300s, 300s},
        LifetimeCase{"TwoLines", {{"Cache-Control", "public"}, {"Cache-Control", "max-age=300"}}, 300s, 300s},
        LifetimeCase{"FirstOfTwo", {{"Cache-Control", "max-age=300, max-age=9"}}, 300s, 300s},
        LifetimeCase{"NoNumber", {{"Cache-Control", "max-age=soon"}}, 0s, {}},
        LifetimeCase{"Negative", {{"Cache-Control", "max-age=-1"}}, 0s, {}},
        LifetimeCase{"NoValue", {{"Cache-Control", "max-age"}}, 0s, {}},
        LifetimeCase{
            "Capped", {{"Cache-Control", "max-age=99999999999999999999"}}, Seconds{2147483648}, Seconds{2147483648}},
        LifetimeCase{"Expires", {{"Date", kThen}, {"Expires", kLater}}, 600s, 600s},
        LifetimeCase{"ExpiresWithoutDate", {{"Expires", kLater}}, 600s, 600s},
        LifetimeCase{"ExpiresPast", {{"Date", kLater}, {"Expires", kThen}}, 0s, {}},
        LifetimeCase{"ExpiresZero", {{"Expires", "0"}}, 0s, {}},
        LifetimeCase{"MaxAgeOverExpires", {{"Cache-Control", "max-age=5"}, {"Expires", kLater}}, 5s, 5s},
        LifetimeCase{
            "ForCachesOfTheSite", {{"CDN-Cache-Control", "max-age=3600"}, {"Cache-Control", "no-store"}}, 3600s, 3600s},
        LifetimeCase{
            "Surrogate", {{"Surrogate-Control", "max-age=86400"}, {"Cache-Control", "max-age=0"}}, 86400s, 86400s}),
    [](const auto& p) { return p.param.name; });

}  // namespace
}  // namespace embargod
