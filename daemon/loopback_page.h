#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "config/types/result.h"

namespace embargod {

/// One page on 127.0.0.1 and a free port: 404 until it goes live. For ourselves: it holds nothing, and nobody else is
/// told where it is.
class LoopbackPage {
 public:
  /// Error io: no socket is to be had.
  [[nodiscard]] static Result<std::unique_ptr<LoopbackPage>> open();
  ~LoopbackPage();
  LoopbackPage(const LoopbackPage&) = delete;
  LoopbackPage& operator=(const LoopbackPage&) = delete;

  [[nodiscard]] std::string url() const;
  void set_live(bool live) { live_.store(live); }

 private:
  LoopbackPage(int listener, std::uint16_t port);
  void serve();
  void answer(int connection) const;

  const int listener_;
  const std::uint16_t port_;
  std::atomic<bool> live_{false};
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace embargod
