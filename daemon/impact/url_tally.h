#pragma once
// What is counted of one URL in one log. Private to daemon/impact.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/impact/count.h"

namespace embargod {

/// A request that a log tells of, as its URL's tally needs it.
struct CountedRequest {
  Instant at{};  // by the log, less its offset
  Millis resolution{1'000};
  ClientClass who = ClientClass::other;
  std::uint64_t client = 0;  // keyed hash of its address
  std::string_view method;
  int status = 0;
  std::uint64_t bytes = 0;
  std::string_view referrer;
};

class UrlTally {
 public:
  explicit UrlTally(const WatchedUrl& url) : url_{&url} {}  // borrowed

  void take(const CountedRequest& r);
  void other_host() { ++other_hosts_; }

  [[nodiscard]] ImpactUrl finish() const;
  /// Of the monitor, within the windows.
  [[nodiscard]] std::uint64_t own_requests() const { return own_; }

 private:
  struct Client {
    ClientClass who = ClientClass::other;
    std::uint64_t served = 0;
    std::uint64_t guesses = 0;
    Instant first{};
    Instant last{};
  };

  void count_answer(const CountedRequest& r, bool is_sure);
  void note_start(const CountedRequest& r);
  void note_guess(const CountedRequest& r);
  Client* client(const CountedRequest& r);
  void note_referrer(std::string_view referrer);
  [[nodiscard]] std::optional<ImpactGuesses> guesses() const;
  [[nodiscard]] std::optional<ImpactStart> start() const;
  [[nodiscard]] std::vector<ImpactReferrer> top_referrers() const;
  [[nodiscard]] std::vector<ImpactClient> top_clients() const;

  const WatchedUrl* url_;
  std::array<ImpactCount, kClientClasses> counts_{};
  std::unordered_map<std::uint64_t, Client> clients_;  // by hash and class
  std::map<std::string, std::uint64_t, std::less<>> referrers_;
  std::vector<Instant> refused_;  // to anybody
  std::optional<Instant> first_served_;
  std::uint64_t guessed_ = 0;
  Instant first_guess_{};
  Instant last_guess_{};
  std::uint64_t own_ = 0;
  std::uint64_t other_hosts_ = 0;
};

}  // namespace embargod
