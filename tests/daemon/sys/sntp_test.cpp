#include "daemon/sys/sntp.h"

#include <gmock/gmock.h>

#include <mutex>

#include "tests/daemon/sys/fake_ntp_server.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

constexpr Millis kPatience{400};

class MemoryLog final : public Log {
 public:
  void write(LogLevel, std::string_view msg, std::initializer_list<Field>) override {
    const std::lock_guard lock{mutex_};
    lines_.emplace_back(msg);
  }
  std::vector<std::string> lines() const {
    const std::lock_guard lock{mutex_};
    return lines_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

ClockDiscipline::Timing quick_timing() {
  ClockDiscipline::Timing t;
  t.timeout = kPatience;
  t.attempts = 1;
  return t;
}

TEST(SntpQuery, TakesAGoodAnswer) {
  const FakeNtpServer server{[](const std::string& q) { return good_ntp_answer(q, 250'000); }};
  const auto s = query_sntp(server.address(), 5s);
  ASSERT_TRUE(s) << to_string(s.error());
  EXPECT_EQ(s->stratum, 2);
  EXPECT_NEAR(static_cast<double>(s->offset.count()), 250'000, 50'000);
  EXPECT_NEAR(static_cast<double>(s->root_delay.count()), 9'995, 20);
  EXPECT_NEAR(static_cast<double>(s->root_dispersion.count()), 20'004, 20);
  EXPECT_GE(s->error(), s->distance() + 200ms);
  EXPECT_GE(s->distance(), 25ms);
}

TEST(SntpQuery, AsksAsAClientWithARandomStamp) {
  std::mutex mutex;
  std::vector<std::string> questions;
  const FakeNtpServer server{[&](const std::string& q) {
    const std::lock_guard lock{mutex};
    questions.push_back(q);
    return good_ntp_answer(q);
  }};
  ASSERT_TRUE(query_sntp(server.address(), 5s));
  ASSERT_TRUE(query_sntp(server.address(), 5s));
  const std::lock_guard lock{mutex};
  ASSERT_EQ(questions.size(), 2U);
  EXPECT_EQ(questions[0].substr(0, 40), "\x23" + std::string(39, '\0')) << "nothing of ours is told";
  EXPECT_NE(questions[0].substr(40), questions[1].substr(40));
}

struct BadAnswer {
  const char* name;
  std::string (*spoil)(std::string answer);
  Errc want;
  const char* says;
};

class BadAnswerTest : public testing::TestWithParam<BadAnswer> {};

TEST_P(BadAnswerTest, IsNotTaken) {
  const FakeNtpServer server{[](const std::string& q) { return GetParam().spoil(good_ntp_answer(q)); }};
  const auto s = query_sntp(server.address(), kPatience);
  ASSERT_FALSE(s);
  EXPECT_EQ(s.error().code, GetParam().want);
  EXPECT_THAT(s.error().what, testing::HasSubstr(GetParam().says));
  EXPECT_EQ(s.error().where, server.address());
}

INSTANTIATE_TEST_SUITE_P(
    Sntp, BadAnswerTest,
    testing::Values(BadAnswer{"Silent", [](std::string) { return std::string{}; }, Errc::unavailable, "no answer"},
                    BadAnswer{"WrongOrigin",
                              [](std::string p) {
                                p[31] = static_cast<char>(p[31] ^ 1);
                                return p;
                              },
                              Errc::unavailable, "origin time stamp"},
                    BadAnswer{"Short", [](std::string p) { return p.substr(0, 47); }, Errc::unavailable, "shorter"},
                    BadAnswer{"ClientMode",
                              [](std::string p) {
                                p[0] = 0x23;
                                return p;
                              },
                              Errc::unavailable, "mode"},
                    BadAnswer{"VersionZero",
                              [](std::string p) {
                                p[0] = 0x04;
                                return p;
                              },
                              Errc::unavailable, "version"},
                    BadAnswer{"Unsynchronised",
                              [](std::string p) {
                                p[0] = static_cast<char>(0xE4);
                                return p;
                              },
                              Errc::unavailable, "not synchronised"},
                    BadAnswer{"Stratum16",
                              [](std::string p) {
                                p[1] = 16;
                                return p;
                              },
                              Errc::unavailable, "not synchronised"},
                    BadAnswer{"KissOfDeath",
                              [](std::string p) {
                                p[1] = 0;
                                p.replace(12, 4, "DENY");
                                return p;
                              },
                              Errc::conflict, "kiss-o'-death DENY"},
                    BadAnswer{"OddKiss",
                              [](std::string p) {
                                p[1] = 0;
                                p.replace(12, 4, "\n\x1Bx\xFF");
                                return p;
                              },
                              Errc::conflict, "kiss-o'-death ????"},
                    BadAnswer{"RootDispersion",
                              [](std::string p) {
                                put_word(p, 8, 0xFFFF0000U);
                                return p;
                              },
                              Errc::unavailable, "16 s or more"},
                    BadAnswer{"RootDelay",
                              [](std::string p) {
                                put_word(p, 4, 0x80000000U);
                                return p;
                              },
                              Errc::unavailable, "16 s or more"},
                    BadAnswer{"NoTime",
                              [](std::string p) {
                                p.replace(40, 8, std::string(8, '\0'));
                                return p;
                              },
                              Errc::unavailable, "states no time"},
                    BadAnswer{"TimeRunsBack",
                              [](std::string p) {
                                p[35] = static_cast<char>(p[35] + 1);
                                return p;
                              },
                              Errc::unavailable, "contradict"}),
    [](const auto& p) { return p.param.name; });

TEST(SntpQuery, AForgedAnswerBeforeTheRealOneDoesNotHide) {
  const FakeNtpServer server{[](const std::string& q) { return good_ntp_answer(q); }};
  std::string forged = good_ntp_answer(std::string(48, 'x'));
  EXPECT_EQ(read_sntp(forged, {1, 0us, 0us}).error().code, Errc::invalid_input) << "the caller goes on waiting";
  EXPECT_TRUE(query_sntp(server.address(), 5s));
}

TEST(SntpQuery, ARefusedPortFailsAtOnce) {
  std::string address;
  {
    const FakeNtpServer gone{[](const std::string&) { return std::string{}; }};
    address = gone.address();
  }
  const auto s = query_sntp(address, 30s);
  ASSERT_FALSE(s);
  EXPECT_EQ(s.error().code, Errc::unavailable);
}

/// Packet of a server at `received`/`sent` seconds and fractions since 1900.
std::string packet_at(std::uint64_t nonce, std::uint64_t received, std::uint64_t sent) {
  std::string p(48, '\0');
  p[0] = 0x24;
  p[1] = 1;
  put_word(p, 24, static_cast<std::uint32_t>(nonce >> 32U));
  put_word(p, 28, static_cast<std::uint32_t>(nonce));
  put_word(p, 32, static_cast<std::uint32_t>(received >> 32U));
  put_word(p, 36, static_cast<std::uint32_t>(received));
  put_word(p, 40, static_cast<std::uint32_t>(sent >> 32U));
  put_word(p, 44, static_cast<std::uint32_t>(sent));
  return p;
}

TEST(ReadSntp, ComputesOffsetAndDelay) {
  // We sent at 100.0 s and heard at 100.3 s; the server heard at 101.1 s and sent at 101.2 s.
  constexpr std::uint64_t kBase = 2'208'988'800U;
  const auto stamp = [](std::uint64_t seconds, std::uint64_t tenths) {
    return ((kBase + seconds) << 32U) | ((tenths << 32U) / 10U);
  };
  const auto s = read_sntp(packet_at(42, stamp(101, 1), stamp(101, 2)), {42, 100'000'000us, 100'300'000us});
  ASSERT_TRUE(s) << to_string(s.error());
  EXPECT_NEAR(static_cast<double>(s->offset.count()), 1'000'000, 3);
  EXPECT_NEAR(static_cast<double>(s->delay.count()), 200'000, 3);
  EXPECT_NEAR(static_cast<double>(s->error().count()), 1'100'000, 5);
}

TEST(ReadSntp, IsRightAcrossTheEndOfTheEraIn2036) {
  // 2036-02-07 06:28:15 UTC is the last second of era 0; the server is one second ahead of us, in era 1.
  constexpr std::int64_t kLastSecond = 0xFFFFFFFFLL - 2'208'988'800LL;
  const auto s = read_sntp(packet_at(7, std::uint64_t{1}, std::uint64_t{2}),
                           {7, Micros{kLastSecond * 1'000'000}, Micros{kLastSecond * 1'000'000 + 100}});
  ASSERT_TRUE(s) << to_string(s.error());
  EXPECT_NEAR(static_cast<double>(s->offset.count()), 1'000'000, 200);
}

struct CombineCase {
  const char* name;
  std::vector<std::pair<int, int>> offsets_and_delays_ms;  // distance is half the delay
  bool agreed;
  double error_ms;
};

class CombineTest : public testing::TestWithParam<CombineCase> {};

TEST_P(CombineTest, TakesTheStretchThatMostAllow) {
  std::vector<SntpSample> samples;
  for (const auto& [offset, delay] : GetParam().offsets_and_delays_ms) {
    SntpSample s;
    s.offset = Millis{offset};
    s.delay = Millis{delay};
    samples.push_back(s);
  }
  const auto v = combine_sntp(samples);
  EXPECT_EQ(v.agreed, GetParam().agreed);
  EXPECT_NEAR(static_cast<double>(v.error.count()) / 1'000, GetParam().error_ms, 0.01);
}

INSTANTIATE_TEST_SUITE_P(
    Sntp, CombineTest,
    testing::Values(CombineCase{"Nobody", {}, false, 0}, CombineCase{"One", {{5, 20}}, true, 15},
                    CombineCase{"OneBehind", {{-5, 20}}, true, 15},
                    CombineCase{"TwoNarrowEachOther", {{5, 20}, {0, 4}}, true, 2},
                    CombineCase{"TwoContradict", {{0, 10}, {3'600'000, 10}}, false, 3'600'005},
                    CombineCase{"TwoOutvoteALiar", {{1, 10}, {2, 10}, {3'600'000, 10}}, true, 6},
                    CombineCase{"OneLiarOfTwoPairs", {{0, 10}, {0, 10}, {900, 10}, {900, 10}}, false, 905}),
    [](const auto& p) { return p.param.name; });

TEST(ClockDiscipline, VerifiesTheClock) {
  const FakeNtpServer server{[](const std::string& q) { return good_ntp_answer(q, 100'000); }};
  SystemClock clock{1s};
  MemoryLog log;
  EXPECT_EQ(clock.uncertainty(), 1s);
  EXPECT_FALSE(clock.verified());
  ClockDiscipline discipline{clock, {server.address()}, log, quick_timing()};
  EXPECT_TRUE(discipline.measure());
  EXPECT_TRUE(clock.verified());
  EXPECT_GE(clock.uncertainty(), 100ms);
  EXPECT_LT(clock.uncertainty(), 900ms);
  EXPECT_THAT(log.lines(), testing::ElementsAre("clock is verified"));
}

TEST(ClockDiscipline, AsksByItself) {
  const FakeNtpServer server{[](const std::string& q) { return good_ntp_answer(q); }};
  SystemClock clock{1s};
  NullLog log;
  const ClockDiscipline discipline{clock, {server.address()}, log};
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!clock.verified() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_TRUE(clock.verified());
}

TEST(ClockDiscipline, ASilentServerLeavesTheClockUnverified) {
  const FakeNtpServer server{[](const std::string&) { return std::string{}; }};
  SystemClock clock{1s};
  MemoryLog log;
  ClockDiscipline discipline{clock, {server.address()}, log, quick_timing()};
  EXPECT_FALSE(discipline.measure());
  EXPECT_FALSE(clock.verified());
  EXPECT_EQ(clock.uncertainty(), 1s);
  EXPECT_THAT(log.lines(), testing::Contains("time server gives no time"));
}

TEST(ClockDiscipline, ServersThatContradictEachOtherDoNotVerify) {
  const FakeNtpServer honest{[](const std::string& q) { return good_ntp_answer(q); }};
  const FakeNtpServer liar{[](const std::string& q) { return good_ntp_answer(q, 7'000'000); }};
  SystemClock clock{1s};
  NullLog log;
  ClockDiscipline discipline{clock, {honest.address(), liar.address()}, log, quick_timing()};
  EXPECT_FALSE(discipline.measure());
  EXPECT_FALSE(clock.verified());
  EXPECT_GE(clock.uncertainty(), 6'900ms) << "the widest that any of them says";
}

TEST(ClockDiscipline, LeavesAServerAloneThatAsksForIt) {
  const FakeNtpServer server{[](const std::string& q) {
    std::string p = good_ntp_answer(q);
    p[1] = 0;
    p.replace(12, 4, "RATE");
    return p;
  }};
  SystemClock clock{1s};
  NullLog log;
  auto timing = quick_timing();
  timing.attempts = 3;
  ClockDiscipline discipline{clock, {server.address()}, log, timing};
  for (int n = 0; n < 5; ++n) EXPECT_FALSE(discipline.measure());
  EXPECT_EQ(server.asked(), 1);
}

TEST(ClockDiscipline, WithoutServersNothingRuns) {
  SystemClock clock{3s};
  NullLog log;
  ClockDiscipline discipline{clock, {}, log};
  EXPECT_FALSE(discipline.measure());
  EXPECT_EQ(clock.uncertainty(), 3s);
}

}  // namespace
}  // namespace embargod
