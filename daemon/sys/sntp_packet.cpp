// What an SNTP packet says, and what several say together. Pure.

#include <algorithm>
#include <string>

#include "daemon/sys/sntp.h"

namespace embargod {
namespace {

constexpr std::uint64_t kUnixEpochInNtp = 2'208'988'800U;  // seconds from 1900 to 1970
constexpr Micros kWorstRoot{16'000'000};                   // RFC 5905: MAXDISP

std::uint32_t word_at(std::string_view p, std::size_t at) {
  std::uint32_t v = 0;
  for (std::size_t i = 0; i < 4; ++i) v = (v << 8U) | static_cast<unsigned char>(p[at + i]);
  return v;
}

std::uint64_t stamp_at(std::string_view p, std::size_t at) {
  return (std::uint64_t{word_at(p, at)} << 32U) | word_at(p, at + 4);
}

std::uint64_t ntp_stamp(Micros since_1970) {
  const auto us = static_cast<std::uint64_t>(since_1970.count());
  return ((us / 1'000'000 + kUnixEpochInNtp) << 32U) | ((us % 1'000'000 << 32U) / 1'000'000);
}

/// a - b. Modulo 2^32 s, so that it is right across 2036 as long as both are within 68 years.
Micros difference(std::uint64_t a, std::uint64_t b) {
  const auto d = static_cast<std::int64_t>(a - b);
  const std::int64_t seconds = d >> 32U;
  const auto fraction = static_cast<std::int64_t>(static_cast<std::uint64_t>(d) & 0xFFFFFFFFU);
  return Micros{seconds * 1'000'000 + ((fraction * 1'000'000) >> 32U)};
}

/// 16.16 fixed-point seconds, rounded up: a bound.
Micros short_format(std::uint32_t v) {
  return Micros{static_cast<std::int64_t>((std::uint64_t{v} * 1'000'000 + 0xFFFF) >> 16U)};
}

std::string kiss_code(std::string_view packet) {
  std::string code;
  for (const char c : packet.substr(12, 4)) code += c >= 'A' && c <= 'Z' ? c : '?';
  return code;
}

Micros magnitude(Micros d) { return d < Micros{0} ? -d : d; }

}  // namespace

Micros SntpSample::distance() const { return delay / 2 + root_delay / 2 + root_dispersion + Micros{1}; }

Micros SntpSample::error() const { return magnitude(offset) + distance(); }

std::array<std::uint8_t, kSntpBytes> sntp_request(std::uint64_t nonce) {
  std::array<std::uint8_t, kSntpBytes> p{};
  p[0] = 0x23;  // leap 0, version 4, mode 3 (client)
  for (std::size_t i = 0; i < 8; ++i) p[40 + i] = static_cast<std::uint8_t>(nonce >> (56U - 8U * i));
  return p;
}

Result<SntpSample> read_sntp(std::string_view packet, const SntpExchange& exchange) {
  const auto foreign = [](const char* what) { return fail(Errc::invalid_input, what); };
  if (packet.size() < kSntpBytes) return foreign("shorter than a time packet");
  const auto first = static_cast<unsigned char>(packet[0]);
  const int leap = first >> 6U;
  const int version = (first >> 3U) & 7U;
  const int mode = first & 7U;
  if (mode != 4) return foreign("not a server's answer (mode)");
  if (version < 1 || version > 4) return foreign("an unknown version");
  if (stamp_at(packet, 24) != exchange.nonce) return foreign("answers another question (origin time stamp)");
  const int stratum = static_cast<unsigned char>(packet[1]);
  if (stratum == 0) return fail(Errc::conflict, "kiss-o'-death " + kiss_code(packet));
  const auto no_time = [](const char* what) { return fail(Errc::unavailable, what); };
  if (leap == 3 || stratum > 15) return no_time("the server is not synchronised itself");

  const std::uint64_t server_received = stamp_at(packet, 32);
  const std::uint64_t server_sent = stamp_at(packet, 40);
  if (server_received == 0 || server_sent == 0) return no_time("the server states no time");
  SntpSample s;
  s.stratum = stratum;
  s.root_delay = short_format(word_at(packet, 4));
  s.root_dispersion = short_format(word_at(packet, 8));
  if (s.root_delay / 2 + s.root_dispersion >= kWorstRoot) return no_time("the server's own error is 16 s or more");
  const Micros at_server = difference(server_sent, server_received);
  const Micros round_trip = exchange.received - exchange.sent;
  if (at_server < Micros{0} || at_server > round_trip + Micros{1'000})
    return no_time("the server's times contradict each other");
  s.delay = std::max(Micros{0}, round_trip - at_server);
  s.offset =
      (difference(server_received, ntp_stamp(exchange.sent)) + difference(server_sent, ntp_stamp(exchange.received))) /
      2;
  return s;
}

ClockVerdict combine_sntp(const std::vector<SntpSample>& samples) {
  ClockVerdict v;
  for (const auto& s : samples) v.error = std::max(v.error, s.error());
  // Marzullo: the stretch of offsets that most servers allow begins at the lower end of one of them.
  std::size_t most = 0;
  Micros agreed_error{0};
  for (const auto& begin : samples) {
    const Micros low = begin.offset - begin.distance();
    Micros high = begin.offset + begin.distance();
    std::size_t count = 0;
    for (const auto& s : samples) {
      if (s.offset - s.distance() > low || s.offset + s.distance() < low) continue;
      ++count;
      high = std::min(high, s.offset + s.distance());
    }
    const Micros error = std::max(magnitude(low), magnitude(high));
    if (count > most || (count == most && error > agreed_error)) {
      most = count;
      agreed_error = error;
    }
  }
  v.agreed = most * 2 > samples.size();
  if (v.agreed) v.error = agreed_error;
  return v;
}

}  // namespace embargod
