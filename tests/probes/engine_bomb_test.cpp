// Every answer that is meant to take memory or time, at one prober, with what it took of both.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "tests/probes/engine_rig.h"
#include "tests/support/fault_server.h"

namespace embargod {
namespace {

constexpr std::size_t kBombBody = 1U << 20U;  // the cap
constexpr Millis kBombSlack{500};
constexpr std::size_t kDecoded = 200U << 20U;

// Sanitizers keep freed memory for a while, and their shadow grows with it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long kFlatKb = 600 * 1024;
constexpr Millis kBombDeadline{4'000};
#else
constexpr Millis kBombDeadline{1'000};
constexpr long kFlatKb = 4 * 1024;  // four caps: the body, its copy on the way, and what decoders hold
#endif

/// A figure of /proc/self/status in KB; 0 if there is none.
long memory_kb(const std::string& name) {
  std::ifstream in{"/proc/self/status"};
  for (std::string word; in >> word;) {
    long kb = 0;
    if (word == name + ":" && in >> kb) return kb;
  }
  return 0;
}

/// The peak counts from now on.
void forget_peak() { std::ofstream{"/proc/self/clear_refs"} << 5; }

/// RFC 7932: 200 MB of zeros, as a common encoder writes them at its best level.
std::string brotli_of_zeros() {
  const std::string digits =
      "cfffff7ff82700e2b14020f7fe9ffffffff04f00c4610180eefd3fffffffe19f0088c32200ddfb7ffeffffc33f0110870500baf7fffcffff"
      "877f02200e0b0074effff9ffff0fff04401c1600e8defff3ffff1ffe0980382c00d0bdffe7ffff3ffc1300715800a07bffcfffff7ff82700"
      "e2b00040f7fe9ffffffff04f00c4610180eefd3fffffffe19f0088c30200ddfb7ffeffffc33f0110870500baf7fff9ffff877f02200e0b00"
      "74efff00";
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    out += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return out;
}

/// RFC 8878: 1,600 blocks of "128 KB of this byte", four bytes each. The window is 2^`window_log` bytes.
std::string zstd_of_zeros(unsigned window_log) {
  constexpr unsigned kBlock = 128U << 10U;
  std::string out{"\x28\xB5\x2F\xFD\x00", 5};  // magic, no content size
  out += static_cast<char>((window_log - 10) << 3U);
  for (std::size_t done = 0; done < kDecoded; done += kBlock) {
    const unsigned header = (kBlock << 3U) | (1U << 1U) | (done + kBlock >= kDecoded ? 1U : 0U);
    for (unsigned i = 0; i < 3; ++i) out += static_cast<char>((header >> (8 * i)) & 0xFFU);
    out += '\0';
  }
  return out;
}

struct Bomb {
  std::string name;
  ServerAnswer answer;
  Cause want;
  std::size_t body;     // at most
  long decoder_kb = 0;  // what the coding makes a decoder hold: brotli's window (RFC 7932 9.1)
};

ServerAnswer coded(const std::string& codings, std::string body) {
  return {200, {{"Content-Encoding", codings}, {"Content-Type", "text/html"}}, std::move(body)};
}

ServerAnswer endless(std::vector<std::pair<std::string, std::string>> headers, std::string body, int status = 200) {
  return {status, std::move(headers), std::move(body), Misbehaviour::endless_body, {}};
}

std::vector<Bomb> bombs() {
  const std::vector<std::pair<std::string, std::string>> chunked{{"Transfer-Encoding", "chunked"}};
  const std::string gz = gzip_of_zeros(kDecoded);
  std::string five = gz;
  for (int i = 0; i < 4; ++i) five = gzip_of(five);
  std::string thousand = "gzip";
  for (int i = 1; i < 1'000; ++i) thousand += ", gzip";
  std::string chunks;
  for (int i = 0; i < 10'000; ++i) chunks += "8\r\nxxxxxxxx\r\n";
  std::string trailers = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  for (int i = 0; i < 20'000; ++i) trailers += "X-Trailer-" + std::to_string(i) + ": aaaaaaaaaaaaaaaaaaaaaaaa\r\n";
  const auto drip = [](ServerAnswer a) {
    a.fault = Misbehaviour::drip;
    a.delay = std::chrono::milliseconds{50};
    return a;
  };
  return {
      {"200 MB in gzip", coded("gzip", gz), Cause::too_large, kBombBody},
      {"200 MB in brotli", coded("br", brotli_of_zeros()), Cause::too_large, kBombBody, 16 * 1024},
      {"200 MB in zstd", coded("zstd", zstd_of_zeros(17)), Cause::too_large, kBombBody},
      {"zstd, window of 128 MB", coded("zstd", zstd_of_zeros(27)), Cause::too_large, kBombBody},
      {"zstd, window of 1 GB", coded("zstd", zstd_of_zeros(30)), Cause::truncated, 0},
      {"five codings", coded("gzip, gzip, gzip, gzip, gzip", five), Cause::too_large, kBombBody},
      {"six codings", coded("gzip, gzip, gzip, gzip, gzip, gzip", gzip_of(five)), Cause::truncated, 0},
      {"a thousand codings", coded(thousand, gz), Cause::truncated, 0},
      {"gzip, byte by byte", drip(coded("gzip", gz)), Cause::timeout, kBombBody},
      {"endless body", endless({}, std::string(65'536, 'x')), Cause::too_large, kBombBody},
      {"endless chunks", endless(chunked, chunks), Cause::too_large, kBombBody},
      {"endless chunk extension", endless(chunked, "5;" + std::string(4'096, 'a')), Cause::timeout, 0},
      {"trailer flood", {200, {}, trailers, Misbehaviour::raw, {}}, Cause::too_large, 0},
      {"endless redirect body", endless({{"Location", "/small"}}, std::string(65'536, 'x'), 302), Cause::none, 2},
      {"header flood", {200, {}, "", Misbehaviour::endless_headers, {}}, Cause::too_large, 0},
      {"header line without end", {200, {}, "", Misbehaviour::endless_line, {}}, Cause::too_large, 0},
      {"1xx flood", {200, {}, "", Misbehaviour::endless_100, {}}, Cause::too_large, 0},
      {"slow drip", drip({200, {}, std::string(1'000, 'x')}), Cause::timeout, 100},
      {"silence", {200, {}, "", Misbehaviour::hang, {}}, Cause::timeout, 0},
  };
}

TEST(ProberBombs, LeaveMemoryFlatAndEndInTime) {
  FaultServer server;
  server.script("/small", {{200, {}, "ok"}});
  const std::vector<Bomb> all = bombs();
  EXPECT_LE(all[0].answer.body.size(), 210U << 10U);
  for (std::size_t i = 0; i < all.size(); ++i) server.script("/" + std::to_string(i), {all[i].answer});
  HttpProberSettings s = rig_settings();
  s.max_body = kBombBody;
  s.timeout = kBombDeadline;
  Rig rig{s};
  std::string table = "case                       outcome      wall ms   RSS growth KB (peak)\n";
  long settled = 0;
  // Two rounds fill what is kept for later: buffers, the allocator's arenas, the server's threads.
  for (int round = 0; round < 4; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Bomb& b = all[i];
      forget_peak();
      const long before = memory_kb("VmRSS");
      const Millis begun = rig.clock.ticks();
      const Observation o = rig.probe(server.url("/" + std::to_string(i)));
      const Millis took = rig.clock.ticks() - begun;
      const long grown = std::max(0L, memory_kb("VmHWM") - before);
      EXPECT_EQ(o.failure, b.want) << b.name << ": " << to_string(o.failure) << " " << o.failure_text;
      EXPECT_LE(o.body.size(), b.body) << b.name;
      EXPECT_LE(took, kBombDeadline + kBombSlack) << b.name;
      if (round == 0) continue;
      EXPECT_LE(grown, kFlatKb + b.decoder_kb) << b.name;
      if (round == 3) {
        char line[128];
        std::snprintf(line, sizeof line, "%-26s %-12s %7lld %9ld\n", b.name.c_str(), to_string(o.failure),
                      static_cast<long long>(took.count()), grown);
        table += line;
      }
    }
    if (round == 1) settled = memory_kb("VmRSS");
  }
  const long left = memory_kb("VmRSS") - settled;
  EXPECT_LE(left, kFlatKb);
  std::printf("%sleft after two more rounds of all: %ld KB\n", table.c_str(), left);
  EXPECT_EQ(rig.probe(server.url("/small")).body, "ok");
}

}  // namespace
}  // namespace embargod
