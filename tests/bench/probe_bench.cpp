// Probes a second against a local nginx, beside the plainest libcurl loop that could do the same; and what a judgement
// costs.
#include <benchmark/benchmark.h>
#include <curl/curl.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>

#include "config/types/clock.h"
#include "probes/http_prober.h"
#include "probes/liveness.h"
#include "tests/support/nginx.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace embargod;

class BenchClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now());
  }
  [[nodiscard]] Millis ticks() const override {
    return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  }
  [[nodiscard]] Millis uncertainty() const override { return Millis{0}; }
  [[nodiscard]] bool verified() const override { return true; }
};

/// 30 KB, the marker in its middle.
std::string stub_page() {
  std::string page = "<html><body>";
  while (page.size() < 15'000) page += "<p>Lorem ipsum dolor sit amet <a href=\"/pub/other\">consectetur</a></p>\n";
  page += "<p>(Upcoming, not yet published)</p>";
  while (page.size() < 30'000) page += "<p>Lorem ipsum dolor sit amet <a href=\"/pub/other\">consectetur</a></p>\n";
  return page;
}

Nginx& site() {
  static const TempFolder folder;
  static const std::unique_ptr<Nginx> nginx = [] {
    auto started = Nginx::start(folder.path(), {"", "", true});
    if (!started || !(*started)->put("/stub.html", stub_page())) {
      std::cerr << (started ? "cannot write" : to_string(started.error())) << "\n";
      std::exit(1);
    }
    return std::move(*started);
  }();
  return *nginx;
}

std::string bench_url(bool tls) { return tls ? site().tls_url("/stub.html") : site().url("/stub.html"); }

void engine(benchmark::State& state, bool tls, Route route) {
  const std::string url = bench_url(tls);
  HttpProberSettings s;
  s.per_host = HostPolicy{1e9, 1'000'000'000, 16};
  s.allow_addresses = {"127.0.0.0/8"};
  s.user_agent = "embargod/bench";
  s.ca_file = tls ? site().certificate().string() : "";
  const BenchClock clock;
  const auto prober = *make_http_prober(s, clock);
  ProbeRequest request;
  request.url = *parse_url(url);
  request.route = route;
  std::int64_t sound = 0;
  for (int i = 0; i < 16; ++i) prober->start(request);
  for (auto _ : state) {
    std::size_t n = 0;
    while (n < 64) {  // a batch, so that the loop is never without work in flight
      for (const Observation& o : prober->wait(Millis{1'000})) {
        sound += o.status == 200 && o.body.size() > 30'000 ? 1 : 0;
        ++n;
        prober->start(request);
      }
    }
  }
  state.counters["probes/s"] = benchmark::Counter(static_cast<double>(sound), benchmark::Counter::kIsRate);
}

std::size_t keep(char* bytes, std::size_t size, std::size_t n, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * n);
  return size * n;
}

void plain_easy(benchmark::State& state, bool tls, Route route) {
  const std::string url = bench_url(tls);
  const std::unique_ptr<CURL, void (*)(CURL*)> easy{curl_easy_init(), &curl_easy_cleanup};
  std::string body;
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &keep);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(easy.get(), CURLOPT_FORBID_REUSE, route == Route::fresh ? 1L : 0L);
  if (tls) curl_easy_setopt(easy.get(), CURLOPT_CAINFO, site().certificate().c_str());
  std::int64_t sound = 0;
  for (auto _ : state) {
    for (int i = 0; i < 64; ++i) {
      body.clear();
      sound += curl_easy_perform(easy.get()) == CURLE_OK && body.size() > 30'000 ? 1 : 0;
    }
  }
  state.counters["probes/s"] = benchmark::Counter(static_cast<double>(sound), benchmark::Counter::kIsRate);
}

Condition body_has(bool is_regex, const std::string& what, BodyHas::Where where = BodyHas::Where::sent) {
  Condition c;
  c.is = BodyHas{where, is_regex, what};
  return c;
}

enum class How { literal, regex, regex_any_case, link, visible, xpath };

Condition bench_condition(How how) {
  Condition c;
  switch (how) {
    case How::literal:
      return body_has(false, "Upcoming, never published");
    case How::regex:
      return body_has(true, "Upcoming, never [a-z]+");
    case How::regex_any_case:
      return body_has(true, "(?i)upcoming, never [a-z]+");
    case How::visible:
      return body_has(false, "Upcoming, never published", BodyHas::Where::visible);
    case How::link:
      c.is = AddressIs{AddressIs::Of::link, "files.example.org/"};
      return c;
    case How::xpath:
      c.is = XPathIs{"//h1[@class='never']", {}};
      return c;
  }
  return c;
}

/// A stub is recognised by its text, after the condition has been tried in vain.
void judge(benchmark::State& state, How how) {
  Profile p;
  p.name = "bench";
  p.rules.absent_if = {bench_condition(how)};
  p.rules.stub_if = {body_has(false, "<")};
  Target t;
  t.id = "bench/page";
  t.url = *parse_url("https://stats.example.org/pub/x");
  const auto recipe = *make_recipe(*compile(p), t, Release{});
  Observation o;
  o.url = o.final_url = t.url.text;
  o.status = 200;
  o.content_type = "text/html";
  o.body = stub_page();
  for (auto _ : state) benchmark::DoNotOptimize(recipe->judge(o, {}, nullptr));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(o.body.size()));
}

}  // namespace

BENCHMARK_CAPTURE(engine, kept, false, Route::plain)->UseRealTime();
BENCHMARK_CAPTURE(plain_easy, kept, false, Route::plain)->UseRealTime();
BENCHMARK_CAPTURE(engine, new_each, false, Route::fresh)->UseRealTime();
BENCHMARK_CAPTURE(plain_easy, new_each, false, Route::fresh)->UseRealTime();
BENCHMARK_CAPTURE(engine, tls_kept, true, Route::plain)->UseRealTime();
BENCHMARK_CAPTURE(plain_easy, tls_kept, true, Route::plain)->UseRealTime();
BENCHMARK_CAPTURE(engine, tls_new_each, true, Route::fresh)->UseRealTime();
BENCHMARK_CAPTURE(plain_easy, tls_new_each, true, Route::fresh)->UseRealTime();
BENCHMARK_CAPTURE(judge, literal, How::literal);
BENCHMARK_CAPTURE(judge, regex, How::regex);
BENCHMARK_CAPTURE(judge, regex_any_case, How::regex_any_case);
BENCHMARK_CAPTURE(judge, link, How::link);
BENCHMARK_CAPTURE(judge, visible, How::visible);
BENCHMARK_CAPTURE(judge, xpath, How::xpath);

BENCHMARK_MAIN();
