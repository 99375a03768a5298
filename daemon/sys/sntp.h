#pragma once
// How wrong is our clock? Asks time servers (RFC 4330, RFC 5905 client); never sets anything.

#include <array>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "config/types/result.h"
#include "config/types/time.h"
#include "daemon/sys/system_clock.h"
#include "daemon/watch/log.h"

namespace embargod {

/// One answer of one server.
struct SntpSample {
  Micros offset{0};  // server minus us
  Micros delay{0};   // round trip, less the server's own time
  Micros root_delay{0};
  Micros root_dispersion{0};
  int stratum = 0;

  /// |offset| + half the paths + root dispersion.
  [[nodiscard]] Micros error() const;
  /// The same without our offset: the truth lies within `offset` -+ this.
  [[nodiscard]] Micros distance() const;
};

/// Instants of one exchange by our wall clock.
struct SntpExchange {
  std::uint64_t nonce = 0;  // what we sent as transmit time stamp: random, so that an answer proves it saw our question
  Micros sent{0};           // since 1970
  Micros received{0};
};

inline constexpr std::size_t kSntpBytes = 48;

/// The question (version 4, client).
[[nodiscard]] std::array<std::uint8_t, kSntpBytes> sntp_request(std::uint64_t nonce);

/// Judges an answer. Pure. Errors: invalid_input (not an answer to this question), unavailable (the server has no good
/// time itself), conflict (a kiss-o'-death: it asks to be left alone; the code is in `what`).
[[nodiscard]] Result<SntpSample> read_sntp(std::string_view packet, const SntpExchange& exchange);

/// Asks "host" or "host:port" (123) once. Blocks for at most `timeout` after the name is resolved. Any thread. Errors
/// as read_sntp, and unavailable where nothing valid came.
[[nodiscard]] Result<SntpSample> query_sntp(const std::string& server, Millis timeout);

/// What several answers say together: the error bound of the stretch on which most servers agree.
struct ClockVerdict {
  Micros error{0};
  bool agreed = false;  // false: no majority agrees, and `error` covers what every server said
};
[[nodiscard]] ClockVerdict combine_sntp(const std::vector<SntpSample>& samples);

/// Keeps a SystemClock's error bound: asks every server each 15 minutes, and soon again after a failure or a step of
/// the clock. Its own thread; owns nothing of the others, which must outlive it.
class ClockDiscipline {
 public:
  struct Timing {
    Millis every{15 * 60'000};
    Millis retry{60'000};  // after a round that no server answered
    Millis look_for_steps{5'000};
    Millis timeout{2'000};               // per question
    int attempts = 3;                    // questions per server and round
    Millis leave_alone{24 * 3'600'000};  // after a kiss-o'-death
  };

  /// Without servers nothing is started, and the clock stays "not verified".
  ClockDiscipline(SystemClock& clock, std::vector<std::string> servers, Log& log);
  ClockDiscipline(SystemClock& clock, std::vector<std::string> servers, Log& log, Timing timing);

  /// Ends the thread. May wait for a resolver that does not answer.
  ~ClockDiscipline();
  ClockDiscipline(const ClockDiscipline&) = delete;
  ClockDiscipline& operator=(const ClockDiscipline&) = delete;

  /// One round now, in the caller's thread: true if servers agreed on a bound. Any thread.
  bool measure();

 private:
  void run();
  [[nodiscard]] std::vector<SntpSample> ask_all();

  SystemClock& clock_;
  const std::vector<std::string> servers_;
  Log& log_;
  const Timing timing_;
  std::mutex round_;                                // one round at a time
  std::map<std::string, Millis> left_alone_until_;  // ticks; under round_
  std::mutex wait_mutex_;
  std::condition_variable_any wait_;
  std::stop_source stop_;
  std::thread thread_;  // last: started when all else is there
};

}  // namespace embargod
