#include "alerts/last_address.h"

#include <gtest/gtest.h>

#include "tests/support/http_sink.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

// RFC 2606: never in the DNS.
std::string at_no_name(const HttpSink& sink) {
  std::string url = sink.url();
  return url.replace(url.find("127.0.0.1"), 9, "receiver.invalid");
}
std::string place_in(const std::string& url) {
  const std::size_t host = url.find("://") + 3;
  return url.substr(host, url.find('/', host) - host);
}

struct Transfer {
  explicit Transfer(std::string to) : url{std::move(to)} {
    set(session.get(), CURLOPT_URL, url.c_str());
    set(session.get(), CURLOPT_POSTFIELDS, "{}");
    set(session.get(), CURLOPT_WRITEFUNCTION, +[](const char*, std::size_t, std::size_t n, void*) { return n; });
  }
  Performed run(LastAddresses& known) { return perform(session, url, PeerProof::none, known); }

  std::atomic<bool> cancelled{false};
  std::string url;
  CurlSession session = open_session("http,https", Millis{10'000}, cancelled);
};

TEST(LastAddress, ServesWhereTheNameIsGone) {
  HttpSink sink;
  LastAddresses known;
  Transfer lost{at_no_name(sink)};
  const Performed without = lost.run(known);
  EXPECT_NE(without.code, CURLE_OK);
  EXPECT_FALSE(without.by_last_address);
  EXPECT_EQ(sink.requests().size(), 0U);

  known.remember(place_in(lost.url), "127.0.0.1");
  const Performed with = Transfer{at_no_name(sink)}.run(known);
  EXPECT_EQ(with.code, CURLE_OK);
  EXPECT_TRUE(with.by_last_address);
  ASSERT_EQ(sink.requests().size(), 1U);
  EXPECT_EQ(sink.requests()[0].body, "{}");
}

TEST(LastAddress, OfAnotherPortIsAnotherReceivers) {
  HttpSink sink;
  LastAddresses known;
  known.remember("receiver.invalid:1", "127.0.0.1");
  EXPECT_FALSE(Transfer{at_no_name(sink)}.run(known).by_last_address);
}

TEST(LastAddress, IsLearnedFromAnAnswerAndNotFromARefusal) {
  LastAddresses known;
  std::string url;
  {
    HttpSink sink;
    url = sink.url();
    url.replace(url.find("127.0.0.1"), 9, "localhost");
    EXPECT_EQ(Transfer{url}.run(known).code, CURLE_OK);
    EXPECT_EQ(known.of(place_in(url)), "127.0.0.1");
    EXPECT_EQ(Transfer{sink.url()}.run(known).code, CURLE_OK);
    EXPECT_FALSE(known.of(place_in(sink.url()))) << "an address needs no look-up";
  }
  LastAddresses none;
  EXPECT_NE(Transfer{url}.run(none).code, CURLE_OK);
  EXPECT_FALSE(none.of(place_in(url)));
}

}  // namespace
}  // namespace embargod
