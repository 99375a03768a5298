// A name server that never answers (dependencies: QUICK_EXIT) must not stop the other probes.

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>

#include "tests/probes/engine_rig.h"
#include "tests/support/fault_server.h"
#include "tests/support/nginx.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

/// A UDP socket on port 53 of a loopback address of this process's own, which reads nothing.
class SilentResolver {
 public:
  SilentResolver() {
    const auto pid = static_cast<unsigned>(getpid());
    for (unsigned i = 0; i < 64 && fd_ < 0; ++i) {
      address_ = "127." + std::to_string(64 + i) + "." + std::to_string((pid >> 8U) & 0xFFU) + "." +
                 std::to_string((pid & 0x7FU) + 1);
      const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      sockaddr_in in{};
      in.sin_family = AF_INET;
      in.sin_port = htons(53);
      inet_pton(AF_INET, address_.c_str(), &in.sin_addr);
      if (bind(fd, reinterpret_cast<sockaddr*>(&in), sizeof in) == 0) {
        fd_ = fd;
      } else {
        close(fd);
      }
    }
  }
  ~SilentResolver() { close(fd_); }
  SilentResolver(const SilentResolver&) = delete;
  SilentResolver& operator=(const SilentResolver&) = delete;
  [[nodiscard]] bool ready() const { return fd_ >= 0; }
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  int fd_ = -1;
  std::string address_;
};

/// Only the calling thread, and threads that it starts, see the other resolv.conf. Returns what failed, or "".
std::string enter_black_hole(const std::string& resolv_conf) {
  if (unshare(CLONE_NEWNS) != 0) return std::string{"unshare: "} + std::strerror(errno);
  if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
    return std::string{"private: "} + std::strerror(errno);
  if (mount(resolv_conf.c_str(), "/etc/resolv.conf", nullptr, MS_BIND, nullptr) != 0)
    return std::string{"bind: "} + std::strerror(errno);
  return {};
}

struct BlackHoleResult {
  std::string setup;
  int answered = 0;
  int sound = 0;
  Millis longest_wait{0};
  std::vector<Observation> lost;
};

BlackHoleResult probe_beside_a_black_hole(const std::string& resolv_conf, const std::string& good_url) {
  BlackHoleResult r;
  r.setup = enter_black_hole(resolv_conf);
  if (!r.setup.empty()) return r;
  HttpProberSettings s = rig_settings();
  s.timeout = Millis{500};
  Rig rig{s};
  const Millis begin = rig.clock.ticks();
  Millis next_good = begin;
  Millis next_lost = begin;
  int asked = 0;
  while (rig.clock.ticks() < begin + Millis{3'000} || rig.prober->pending() > 0) {
    const Millis now = rig.clock.ticks();
    if (now >= next_good && now < begin + Millis{2'500}) {
      rig.start(good_url);
      next_good = now + Millis{25};
    }
    if (now >= next_lost && now < begin + Millis{2'000}) {
      rig.start("http://stats.example.org/pub/x", ++asked % 2 == 0 ? Route::plain : Route::other_address);
      next_lost = now + Millis{200};
    }
    const auto finished = rig.prober->wait(Millis{20});
    r.longest_wait = std::max(r.longest_wait, rig.clock.ticks() - now);
    for (const Observation& o : finished) {
      if (o.url == good_url) {
        ++r.answered;
        r.sound += o.failure == Cause::none ? 1 : 0;
      } else {
        r.lost.push_back(o);
      }
    }
  }
  const Millis before_end = rig.clock.ticks();
  rig.prober.reset();
  r.longest_wait = std::max(r.longest_wait, rig.clock.ticks() - before_end);
  return r;
}

TEST(ProberDns, ASilentNameServerDelaysNoOtherProbe) {
  FaultServer server;
  server.script("/x", {{200, {}, "ok"}});
  SilentResolver resolver;
  ASSERT_TRUE(resolver.ready()) << "needs CAP_NET_BIND_SERVICE (root) for port 53 on a loopback address";
  const TempFolder folder;
  const std::string conf = (folder / "resolv.conf").string();
  std::ofstream{conf} << "nameserver " << resolver.address() << "\noptions timeout:3 attempts:2\n";
  BlackHoleResult r;
  std::thread apart{
      [&] { r = probe_beside_a_black_hole(conf, server.url("/x")); }};  // its mount namespace ends with it
  apart.join();
  ASSERT_EQ(r.setup, "") << "needs CAP_SYS_ADMIN (root) for a mount namespace";
  ASSERT_GE(r.lost.size(), 5U);
  for (const Observation& o : r.lost) {
    if (o.route == Route::other_address) {
      EXPECT_EQ(o.failure, Cause::dns) << o.failure_text;  // told when it gave up: nothing was sent
      continue;
    }
    EXPECT_EQ(o.failure, Cause::dns) << o.failure_text;
    EXPECT_GE(o.done_ticks - o.sent_ticks, Millis{450});
    EXPECT_LE(o.done_ticks - o.sent_ticks, Millis{1'500});
  }
  EXPECT_GE(r.answered, 50);
  EXPECT_EQ(r.sound, r.answered);
  EXPECT_LT(r.longest_wait, Millis{1'000});  // 8 s without QUICK_EXIT
}

}  // namespace
}  // namespace embargod
