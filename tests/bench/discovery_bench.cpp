// A sitemap of 50,000 URLs (10 MB): our reader beside pugixml's tree, time and peak memory. Each runs in a process of
// its own, so that the peak is its own.
#include <benchmark/benchmark.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <pugixml.hpp>
#include <string>

#include "daemon/watch/discovery_watch.h"
#include "probes/discovery/sitemap.h"
#include "tests/probes/discovery/discovery_rig.h"

namespace {

using namespace embargod;

constexpr std::size_t kUrls = 50'000;

const std::string& big_sitemap() {
  static const std::string kXml = sitemap_of(0, kUrls);
  return kXml;
}

std::size_t ours(const std::string& xml) {
  std::size_t bytes = 0;
  const auto read = read_sitemap(*parse_url(kListingSite + "/sitemap.xml"), xml,
                                 [&bytes](const Finding& f) { bytes += f.url.size(); });
  return read ? bytes : 0;
}

std::size_t pugi(const std::string& xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) return 0;
  std::size_t bytes = 0;
  for (const auto url : document.child("urlset").children("url"))
    bytes += std::string_view{url.child_value("loc")}.size();
  return bytes;
}

std::size_t kib_of(const char* key) {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(key)) return std::stoul(line.substr(line.find_first_of("0123456789")));
  return 0;
}

/// What the peak of a child that reads once lies above its start, in KiB.
template <class Read>
std::size_t peak_of(Read read) {
  (void)big_sitemap();
  int ends[2] = {-1, -1};
  if (pipe(ends) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) {
    malloc_trim(0);
    std::ofstream{"/proc/self/clear_refs"} << "5";  // the peak begins anew (proc(5))
    const std::size_t before = kib_of("VmRSS:");
    const bool good = read(big_sitemap()) != 0;
    const std::size_t peak = kib_of("VmHWM:") - before;
    const bool told = write(ends[1], &peak, sizeof peak) == static_cast<ssize_t>(sizeof peak);
    _exit(good && told ? 0 : 1);
  }
  std::size_t peak = 0;
  int status = 0;
  if (child < 0 || ::read(ends[0], &peak, sizeof peak) != static_cast<ssize_t>(sizeof peak) ||
      waitpid(child, &status, 0) != child || status != 0)
    std::abort();
  close(ends[0]);
  close(ends[1]);
  return peak;
}

template <class Read>
void sitemap_bench(benchmark::State& state, Read read) {
  const std::size_t peak = peak_of(read);
  for (auto _ : state) benchmark::DoNotOptimize(read(big_sitemap()));
  state.counters["peak_MB"] = static_cast<double>(peak) / 1024;
  state.counters["document_MB"] = static_cast<double>(big_sitemap().size()) / 1e6;
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(kUrls));
}

/// The whole poll: reading, telling what is new (10 of 50,000), matching it.
void one_poll(benchmark::State& state) {
  DiscoveryListing l;
  l.name = "map";
  l.url = *parse_url(kListingSite + "/sitemap.xml");
  l.release_like = {{"/statistics/", {}}};
  const auto plan = make_discovery_plan({l}, Schedule{});
  std::uint64_t tokens = 0;
  Millis ticks{0};
  DiscoveryWatch watch;
  watch.adopt(*plan, ticks);
  std::size_t first = 0;
  for (auto _ : state) {
    state.PauseTiming();
    Observation o;
    o.token = watch.take_due(ticks, tokens).at(0).token;
    o.url = o.final_url = l.url.text;
    o.status = 200;
    o.body = sitemap_of(first, kUrls);
    o.digest = std::to_string(first);
    state.ResumeTiming();
    const auto outcome = watch.finished(o, ticks);
    state.PauseTiming();
    if (!outcome || outcome->fault || (first > 0 && outcome->found.size() != 10)) state.SkipWithError("not found");
    first += 10;
    ticks += l.interval;
    state.ResumeTiming();
  }
}

BENCHMARK_CAPTURE(sitemap_bench, embargod, ours)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sitemap_bench, pugixml_dom, pugi)->Unit(benchmark::kMillisecond);
BENCHMARK(one_poll)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
