#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>

namespace embargod {

/// Answers time questions on a free loopback port, by a rule of the test's.
class FakeNtpServer {
 public:
  /// `answer` gets the 48 bytes asked and returns what goes back; empty: nothing does.
  explicit FakeNtpServer(std::function<std::string(const std::string&)> answer);
  ~FakeNtpServer();
  FakeNtpServer(const FakeNtpServer&) = delete;
  FakeNtpServer& operator=(const FakeNtpServer&) = delete;

  [[nodiscard]] std::string address() const { return address_; }
  [[nodiscard]] int asked() const { return asked_; }

 private:
  void serve(const std::function<std::string(const std::string&)>& answer);

  int socket_ = -1;
  int stop_ = -1;
  std::string address_;
  std::atomic<int> asked_{0};
  std::thread thread_;
};

/// A well-formed answer to `question` that says our clock is `offset_us` behind.
std::string good_ntp_answer(const std::string& question, std::int64_t offset_us = 0);

/// Writes a big-endian 32-bit word into an answer.
void put_word(std::string& packet, std::size_t at, std::uint32_t value);

}  // namespace embargod
