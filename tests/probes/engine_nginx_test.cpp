// The prober against a real nginx: TLS, HTTP/2, compression, files that change.

#include <gtest/gtest.h>

#include <string>

#include "tests/probes/engine_rig.h"
#include "tests/support/nginx.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

constexpr const char* kServer = R"(
  gzip on; gzip_types text/html text/plain; gzip_min_length 100;
  location = /old { return 301 /new.html; }
  location = /up { return 302 https://127.0.0.1:@TLS_PORT@/new.html; }
  location = /walled { return 444; }
  location = /limited { add_header Retry-After 120 always; return 429; }
)";

class ProberOnNginx : public testing::Test {
 protected:
  void SetUp() override {
    auto started = Nginx::start(folder_.path(), {kServer, "", true});
    ASSERT_TRUE(started) << to_string(started.error());
    nginx_ = std::move(*started);
    ASSERT_TRUE(nginx_->put("/new.html", "<p>the page</p>" + std::string(5'000, 'x')));
  }
  [[nodiscard]] HttpProberSettings trusting() const {
    HttpProberSettings s = rig_settings();
    s.ca_file = nginx_->certificate().string();
    return s;
  }

  TempFolder folder_;
  std::unique_ptr<Nginx> nginx_;
};

TEST_F(ProberOnNginx, SeesAFileComeAndGo) {
  Rig rig;
  EXPECT_EQ(rig.probe(nginx_->url("/pub/x.html")).status, 404);
  ASSERT_TRUE(nginx_->put("/pub/x.html", "<p>published</p>"));
  const Observation there = rig.probe(nginx_->url("/pub/x.html"));
  EXPECT_EQ(there.status, 200);
  EXPECT_EQ(there.body, "<p>published</p>");
  EXPECT_FALSE(there.etag.empty());
  EXPECT_TRUE(there.date);
  nginx_->remove("/pub/x.html");
  EXPECT_EQ(rig.probe(nginx_->url("/pub/x.html")).status, 404);
}

TEST_F(ProberOnNginx, DecodesWhatIsCompressed) {
  Rig rig;
  const Observation o = rig.probe(nginx_->url("/new.html"));
  ASSERT_NE(find_header(o, "Content-Encoding"), nullptr);
  EXPECT_EQ(*find_header(o, "Content-Encoding"), "gzip");
  EXPECT_EQ(o.body.size(), 5'015U);
}

TEST_F(ProberOnNginx, ASelfSignedCertificateIsATlsFailure) {
  Rig rig;
  const Observation o = rig.probe(nginx_->tls_url("/new.html"));
  EXPECT_EQ(o.failure, Cause::tls) << o.failure_text;
  EXPECT_EQ(o.status, 0);
  EXPECT_TRUE(o.body.empty());
}

TEST_F(ProberOnNginx, SpeaksHttp2OverTlsAndKeepsTheConnection) {
  Rig rig{trusting()};
  const Observation first = rig.probe(nginx_->tls_url("/new.html"));
  EXPECT_EQ(first.failure, Cause::none) << first.failure_text;
  EXPECT_EQ(first.http_version, "2");
  EXPECT_GT(first.timings.tls, first.timings.connect);
  const Observation second = rig.probe(nginx_->tls_url("/none"));
  EXPECT_EQ(second.status, 404);
  EXPECT_TRUE(second.reused_connection);
  const Observation fresh = rig.probe(nginx_->tls_url("/new.html"), Route::fresh);
  EXPECT_FALSE(fresh.reused_connection);
  EXPECT_GT(fresh.timings.tls.count(), 0);
}

TEST_F(ProberOnNginx, ACertificateForAnotherNameIsATlsFailure) {
  Rig rig{trusting()};
  const Observation o = rig.probe("https://127.0.0.2:" + std::to_string(nginx_->tls_port()) + "/new.html");
  EXPECT_NE(o.failure, Cause::none);
  Rig by_name{trusting()};
  EXPECT_EQ(by_name.probe("https://localhost:" + std::to_string(nginx_->tls_port()) + "/new.html").status, 200);
}

TEST_F(ProberOnNginx, FollowsItsRedirectsAndTheUpgradeToTls) {
  Rig rig{trusting()};
  const Observation o = rig.probe(nginx_->url("/old"));
  EXPECT_EQ(o.status, 200);
  ASSERT_EQ(o.hops.size(), 1U);
  EXPECT_EQ(o.hops[0].status, 301);
  const Observation up = rig.probe(nginx_->url("/up"));
  EXPECT_EQ(up.status, 200) << up.failure_text;
  EXPECT_EQ(up.final_url, nginx_->tls_url("/new.html"));
}

TEST_F(ProberOnNginx, AServerThatClosesWithoutAWordIsReset) {
  Rig rig;
  EXPECT_EQ(rig.probe(nginx_->url("/walled")).failure, Cause::reset);
}

TEST_F(ProberOnNginx, AStoppedServerIsConnectAndComesBack) {
  Rig rig;
  EXPECT_EQ(rig.probe(nginx_->url("/new.html")).status, 200);
  nginx_->stop();
  EXPECT_EQ(rig.probe(nginx_->url("/new.html")).failure, Cause::connect);
  ASSERT_TRUE(nginx_->restart());
  EXPECT_EQ(rig.probe(nginx_->url("/new.html")).status, 200);
}

TEST_F(ProberOnNginx, ManyOverOneHttp2ConnectionAllCome) {
  HttpProberSettings s = trusting();
  s.per_host.connections = 8;
  Rig rig{s};
  for (int i = 0; i < 300; ++i) rig.start(nginx_->tls_url(i % 3 == 0 ? "/none" : "/new.html"));
  const auto all = rig.drain();
  EXPECT_EQ(all.size(), 300U);
  for (const Observation& o : all) ASSERT_EQ(o.failure, Cause::none) << o.failure_text;
}

}  // namespace
}  // namespace embargod
