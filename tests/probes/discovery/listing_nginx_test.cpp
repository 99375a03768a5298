// Listings over a real nginx: larger than a page may be, and gzipped at rest.

#include <gtest/gtest.h>

#include <string>

#include "probes/discovery/listing.h"
#include "tests/probes/discovery/discovery_rig.h"
#include "tests/probes/engine_rig.h"
#include "tests/support/nginx.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

class ListingOnNginx : public testing::Test {
 protected:
  void SetUp() override {
    auto started = Nginx::start(folder_.path(), {"", "", false});
    ASSERT_TRUE(started) << to_string(started.error());
    nginx_ = std::move(*started);
  }

  Observation ask(const std::string& path, std::size_t max_body) {
    HttpProberSettings slow = rig_settings();
    slow.timeout = Millis{20'000};
    Rig rig{slow};
    ProbeRequest r;
    r.token = 1;
    r.target = "listing map";
    r.url = *parse_url(nginx_->url(path));
    r.max_body = max_body;
    rig.prober->start(std::move(r));
    auto all = rig.drain();
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? Observation{} : std::move(all.front());
  }

  TempFolder folder_;
  std::unique_ptr<Nginx> nginx_;
};

TEST_F(ListingOnNginx, ASitemapOfFiftyThousandUrlsArrivesWholePlainAndGzipped) {
  const std::string xml = sitemap_of(0, 50'000);
  ASSERT_GT(xml.size(), std::size_t{8} << 20U);
  ASSERT_TRUE(nginx_->put("/sitemap.xml", xml));
  ASSERT_TRUE(nginx_->put("/sitemap.xml.gz", gzipped(xml)));
  for (const char* path : {"/sitemap.xml", "/sitemap.xml.gz"}) {
    DiscoveryListing l;
    l.name = "map";
    l.url = *parse_url(nginx_->url(path));
    l.kind = ListingKind::sitemap;
    const auto reader = ListingReader::make(l);
    ASSERT_TRUE(reader);
    const Observation o = ask(path, reader->most_bytes());
    EXPECT_EQ(o.failure, Cause::none) << path;
    std::size_t found = 0;
    const auto read = reader->read(l.url, o.body, o.content_type, [&found](const Finding&) { ++found; });
    ASSERT_TRUE(read) << path << ": " << to_string(read.error());
    EXPECT_EQ(found, 50'000U);
  }
}

TEST_F(ListingOnNginx, WithoutARoomOfItsOwnTheUsualCapHolds) {
  ASSERT_TRUE(nginx_->put("/sitemap.xml", sitemap_of(0, 50'000)));
  EXPECT_EQ(ask("/sitemap.xml", 0).failure, Cause::too_large);
  EXPECT_EQ(ask("/sitemap.xml", 1'000).body.size(), 1'000U);
}

}  // namespace
}  // namespace embargod
