// The twelve attacks that cpp-httplib 0.11.4 falls to as it comes (dependencies.md 1.2): each must end in a refusal or
// a cut, cost little memory, and leave /metrics answering meanwhile.

#include <gtest/gtest.h>
#include <zlib.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "daemon/web/guard.h"
#include "tests/daemon/web/real_clock.h"
#include "tests/daemon/web/web_client.h"

namespace embargod {
namespace {

using AttackTime = std::chrono::steady_clock;

constexpr Millis kRequestDeadline{1'000};
constexpr int kMegabyte = 1 << 20;
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr long kMostGrowth = 64L * kMegabyte;  // shadow memory counts too
#else
constexpr long kMostGrowth = 16L * kMegabyte;
#endif
constexpr int kThreads = 8;

long resident_bytes() {
  long pages = 0;
  long resident = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

/// Highest memory while it lives, looked at every 5 ms, above what it was at the start.
class GrowthWatch {
 public:
  GrowthWatch()
      : before_{resident_bytes()}, most_{before_}, thread_{[this] {
          while (!over_) {
            most_ = std::max(most_.load(), resident_bytes());
            ::poll(nullptr, 0, 5);
          }
        }} {}
  ~GrowthWatch() { end(); }
  GrowthWatch(const GrowthWatch&) = delete;
  GrowthWatch& operator=(const GrowthWatch&) = delete;
  long end() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
    return most_ - before_;
  }

 private:
  long before_;
  std::atomic<long> most_;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// Asks for /metrics every 20 ms while it lives; the slowest answer counts, a refusal as a failure.
class Scraper {
 public:
  explicit Scraper(int port)
      : thread_{[this, port] {
          do {
            const auto begin = AttackTime::now();
            const int status = ask(port, "GET", "/metrics").status;
            const auto took = std::chrono::duration_cast<Millis>(AttackTime::now() - begin);
            slowest_ = std::max(slowest_.load(), took.count());
            ++asked_;
            if (status != 200) ++failed_;
            ::poll(nullptr, 0, 20);
          } while (!over_);
        }} {}
  ~Scraper() { end(); }
  Scraper(const Scraper&) = delete;
  Scraper& operator=(const Scraper&) = delete;
  void end() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }
  [[nodiscard]] Millis slowest() const { return Millis{slowest_}; }
  [[nodiscard]] int asked() const { return asked_; }
  [[nodiscard]] int failed() const { return failed_; }

 private:
  std::atomic<std::int64_t> slowest_{0};
  std::atomic<int> asked_{0};
  std::atomic<int> failed_{0};
  std::atomic<bool> over_{false};
  std::thread thread_;
};

/// Pours `times` x `piece` after `head` until the other end has enough of it; the status it gave, 0 if it just cut.
int pour(int port, const std::string& head, const std::string& piece, int times) {
  WebClient client{port};
  bool taken = client.send(head);
  for (int i = 0; taken && i < times; ++i) taken = client.send(piece);
  return client.reply(Millis{5'000}).status;
}

std::string gzipped_zeros(std::size_t size) {
  z_stream z{};
  deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out;
  const std::string zeros(65'536, '\0');
  char buffer[65'536];
  for (std::size_t done = 0; done < size; done += zeros.size()) {
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zeros.data()));
    z.avail_in = static_cast<uInt>(zeros.size());
    const int flush = done + zeros.size() >= size ? Z_FINISH : Z_NO_FLUSH;
    do {
      z.next_out = reinterpret_cast<Bytef*>(buffer);
      z.avail_out = sizeof buffer;
      deflate(&z, flush);
      out.append(buffer, sizeof buffer - z.avail_out);
    } while (z.avail_out == 0);
  }
  deflateEnd(&z);
  return out;
}

const std::string kGet = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n";
const std::string kPost = "POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

int long_line(int port) { return pour(port, "", std::string(kMegabyte, 'a'), 64); }
int many_headers(int port) {
  std::string thousand;
  for (int i = 0; i < 1'000; ++i) thousand += "X-" + std::to_string(i) + ": v\r\n";
  return pour(port, kGet, thousand, 300);
}
/// Few bytes, but more header lines than anybody needs: the count is a limit of its own.
int hundred_headers(int port) {
  std::string hundred;
  for (int i = 0; i < 100; ++i) hundred += "X-" + std::to_string(i) + ": v\r\n";
  return pour(port, kGet, hundred + "\r\n", 1);
}
int chunked_body(int port) {
  return pour(port, kPost + "Transfer-Encoding: chunked\r\n\r\n", "100000\r\n" + std::string(kMegabyte, 'x') + "\r\n",
              64);
}
int endless_chunk_size(int port) {
  return pour(port, kPost + "Transfer-Encoding: chunked\r\n\r\n", std::string(kMegabyte, '1'), 64);
}
int gzip_bomb(int port) {
  const std::string bomb = gzipped_zeros(60U << 20U);
  return pour(port, kPost + "Content-Encoding: gzip\r\nContent-Length: " + std::to_string(bomb.size()) + "\r\n\r\n",
              bomb, 1);
}
int throwing_handler(int port) {
  const RawReply r = ask(port, "GET", "/throw");
  return r.raw.find("secret") == std::string::npos && r.raw.find("EXCEPTION") == std::string::npos ? r.status : -1;
}
int forged_address(int port) {
  const RawReply r = ask(port, "GET", "/peer", "REMOTE_ADDR: 10.9.9.9\r\nREMOTE_PORT: 1\r\nLOCAL_ADDR: 10.9.9.9\r\n");
  return r.body.find("10.9.9.9") == std::string::npos ? r.status : -1;
}
int overlapping_ranges(int port) {
  std::string range = "Range: bytes=0-";
  for (int i = 0; i < 1'000; ++i) range += ",0-";
  const RawReply r = ask(port, "GET", "/megabyte", range + "\r\n");
  return r.body.size() == static_cast<std::size_t>(kMegabyte) ? r.status : -1;
}
int regex_bait(int port) { return ask(port, "GET", "/" + std::string(26, 'a') + "1").status; }
int long_uri(int port) { return ask(port, "GET", "/" + std::string(8'000, 'a')).status; }
int length_and_chunks(int port) {
  return pour(port, kPost + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "", 0);
}
int no_host(int port) { return pour(port, "GET /metrics HTTP/1.1\r\n\r\n", "", 0); }
int wide_multipart(int port) {
  return pour(port,
              "POST /api HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; "
              "boundary=b\r\nContent-Length: 1048700\r\n\r\n"
              "--b\r\nContent-Disposition: form-data; name=\"",
              std::string(kMegabyte, 'n'), 1);
}
/// One byte at a time from as many clients as there are threads, for longer than the deadline. 0: all were cut.
int slow_clients(int port) {
  std::vector<WebClient> clients;
  clients.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i) clients.emplace_back(port);
  const auto begin = AttackTime::now();
  const std::string request = kGet + std::string(1'000, 'x');
  for (std::size_t at = 0; AttackTime::now() - begin < kRequestDeadline * 2; ++at) {
    for (auto& c : clients) (void)c.send(request.substr(at % request.size(), 1));
    ::poll(nullptr, 0, 50);
  }
  for (auto& c : clients) {
    if (!c.closed_within(Millis{2'000})) return -1;
  }
  return 0;
}

struct Attack {
  const char* name;
  int (*run)(int port);
  std::vector<int> outcomes;  // 0 = the connection was cut
};

class AttacksTest : public testing::TestWithParam<Attack> {};

TEST_P(AttacksTest, EndsInARefusalAndCostsLittle) {
  const RealClock clock;
  NullLog log;
  GuardLimits limits;
  limits.first_byte = limits.request = kRequestDeadline;
  limits.threads = kThreads;
  HardServer server{{.name = "attacked",
                     .known_hosts = {},
                     .handler =
                         [](const WebRequest& q) {
                           static const std::string kLarge(static_cast<std::size_t>(kMegabyte), 'x');
                           if (q.path == "/throw") throw std::runtime_error{"secret db path /var/lib"};
                           if (q.path == "/megabyte") return text_reply(200, kLarge);
                           if (q.path == "/metrics") return text_reply(200, "embargod_up 1\n");
                           if (q.path != "/peer") return problem(404, "nothing");
                           std::string seen = q.peer;
                           for (const auto& [name, value] : q.headers) seen += name + value;
                           return text_reply(200, seen);
                         },
                     .limits = limits},
                    clock,
                    log};
  const auto address = server.listen_on("127.0.0.1:0");
  ASSERT_TRUE(address);
  ASSERT_TRUE(server.start());
  const int port = port_in(*address);
  ASSERT_EQ(ask(port, "GET", "/megabyte").status, 200);  // what is allocated once, whatever happens

  GrowthWatch growth;
  Scraper scraper{port};
  const auto begin = AttackTime::now();
  const int outcome = GetParam().run(port);
  const auto took = std::chrono::duration_cast<Millis>(AttackTime::now() - begin);
  scraper.end();
  const long grown = growth.end();

  std::printf("attack %-20s -> %-4s %6lld ms, memory +%5.1f MB, /metrics asked %3d times, slowest %5lld ms\n",
              GetParam().name, outcome == 0 ? "cut" : std::to_string(outcome).c_str(),
              static_cast<long long>(took.count()), static_cast<double>(grown) / kMegabyte, scraper.asked(),
              static_cast<long long>(scraper.slowest().count()));
  EXPECT_NE(std::find(GetParam().outcomes.begin(), GetParam().outcomes.end(), outcome), GetParam().outcomes.end())
      << outcome;
  EXPECT_LE(grown, kMostGrowth);
  EXPECT_EQ(scraper.failed(), 0);
  EXPECT_LE(scraper.slowest(), kRequestDeadline + Millis{1'000});
  EXPECT_EQ(ask(port, "GET", "/metrics").status, 200);
}

// A client that goes on sending after the refusal may find the connection reset before it has read why: then 0.
INSTANTIATE_TEST_SUITE_P(
    Httplib, AttacksTest,
    testing::Values(Attack{"EndlessLine", &long_line, {414, 0}}, Attack{"ManyHeaders", &many_headers, {431, 0}},
                    Attack{"HundredHeaders", &hundred_headers, {431}}, Attack{"ChunkedBody", &chunked_body, {411, 0}},
                    Attack{"EndlessChunkSize", &endless_chunk_size, {411, 0}}, Attack{"GzipBomb", &gzip_bomb, {415, 0}},
                    Attack{"ThrowingHandler", &throwing_handler, {500}},
                    Attack{"ForgedAddress", &forged_address, {200}},
                    Attack{"OverlappingRanges", &overlapping_ranges, {200}}, Attack{"RegexBait", &regex_bait, {404}},
                    Attack{"SlowClients", &slow_clients, {0}}, Attack{"LengthAndChunks", &length_and_chunks, {400}},
                    Attack{"NoHost", &no_host, {400}}, Attack{"LongUri", &long_uri, {414}},
                    Attack{"WideMultipart", &wide_multipart, {413, 0}}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
