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

void engine(benchmark::State& state, bool tls, Connection connection) {
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
  request.connection = connection;
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

void plain_easy(benchmark::State& state, bool tls, Connection connection) {
  const std::string url = bench_url(tls);
  const std::unique_ptr<CURL, void (*)(CURL*)> easy{curl_easy_init(), &curl_easy_cleanup};
  std::string body;
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &keep);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(easy.get(), CURLOPT_FORBID_REUSE, connection == Connection::fresh ? 1L : 0L);
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

Rule bench_rule(bool regex, const std::string& what) {
  Condition c;
  if (regex) {
    c.regex = what;
  } else {
    c.text = what;
  }
  return Rule{{c}, {}};
}

enum class How { literal, regex, regex_any_case, link };

void judge(benchmark::State& state, How how) {
  Profile p;
  p.name = "bench";
  Condition link;
  link.link = "files.example.org/";
  switch (how) {
    case How::literal:
      p.stub_if = {bench_rule(false, "Upcoming, never published")};
      break;
    case How::regex:
      p.stub_if = {bench_rule(true, "Upcoming, never [a-z]+")};
      break;
    case How::regex_any_case:
      p.stub_if = {bench_rule(true, "(?i)upcoming, never [a-z]+")};
      break;
    case How::link:
      p.stub_if = {Rule{{link}, {}}};
      break;
  }
  const auto book = *compile(p);
  Observation o;
  o.url = o.final_url = "https://stats.example.org/pub/x";
  o.status = 200;
  o.content_type = "text/html";
  o.body = stub_page();
  for (auto _ : state) benchmark::DoNotOptimize(book->judge(o, nullptr));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(o.body.size()));
}

}  // namespace

BENCHMARK_CAPTURE(engine, kept, false, Connection::reuse)->UseRealTime();
BENCHMARK_CAPTURE(plain_easy, kept, false, Connection::reuse)->UseRealTime();
BENCHMARK_CAPTURE(engine, new_each, false, Connection::fresh)->UseRealTime();
BENCHMARK_CAPTURE(plain_easy, new_each, false, Connection::fresh)->UseRealTime();
BENCHMARK_CAPTURE(engine, tls_kept, true, Connection::reuse)->UseRealTime();
BENCHMARK_CAPTURE(plain_easy, tls_kept, true, Connection::reuse)->UseRealTime();
BENCHMARK_CAPTURE(engine, tls_new_each, true, Connection::fresh)->UseRealTime();
BENCHMARK_CAPTURE(plain_easy, tls_new_each, true, Connection::fresh)->UseRealTime();
BENCHMARK_CAPTURE(judge, literal, How::literal);
BENCHMARK_CAPTURE(judge, regex, How::regex);
BENCHMARK_CAPTURE(judge, regex_any_case, How::regex_any_case);
BENCHMARK_CAPTURE(judge, link, How::link);

BENCHMARK_MAIN();
