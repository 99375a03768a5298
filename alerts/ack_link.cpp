#include "alerts/ack_link.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "config/types/digest.h"

namespace embargod {
namespace {

constexpr std::size_t kMacBytes = 16;  // of 32: 2^128 guesses, and a link that fits into an SMS
constexpr std::size_t kLongestToken = 200;
constexpr std::string_view kForm = "1";
constexpr char kBetween = '|';  // in no incident id or receiver's name
constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : bytes) {
    group = group << 8U | static_cast<std::uint8_t>(c);
    for (bits += 8; bits >= 6; bits -= 6) out += kAlphabet[group >> (bits - 6) & 0x3FU];
  }
  if (bits > 0) out += kAlphabet[group << (6 - bits) & 0x3FU];
  return out;
}

std::optional<std::string> base64url_bytes(std::string_view text) {
  std::string out;
  std::uint32_t group = 0;
  unsigned bits = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    group = group << 6U | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out += static_cast<char>(group >> bits & 0xFFU);
  }
  if (base64url(out) != text) return std::nullopt;  // one way to write it: no second link from the same bytes
  return out;
}

/// Looks at every byte, wherever the first difference is.
bool is_same_secret(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  unsigned differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    differs |= static_cast<unsigned>(static_cast<std::uint8_t>(a[i]) ^ static_cast<std::uint8_t>(b[i]));
  return differs == 0;
}

std::vector<std::string> fields_of(std::string_view payload) {
  std::vector<std::string> out{std::string{}};
  for (const char c : payload) {
    if (c == kBetween)
      out.emplace_back();
    else
      out.back() += c;
  }
  return out;
}

/// Tells the steps of an incident apart, at the same length for all: keys of reminders are long.
std::string step_mark(const Alert& a) { return hex(sha256(a.key)).substr(0, 8); }

tl::unexpected<Fault> no_link_of_ours() { return fail(Errc::not_found, "no such link"); }

}  // namespace

AckLinks::AckLinks(AckLinkSettings settings, std::string external_url)
    : settings_{std::move(settings)}, external_url_{std::move(external_url)} {
  while (external_url_.ends_with('/')) external_url_.pop_back();
}

std::string AckLinks::mac(std::string_view payload) const {
  // The purpose is signed too: another use of the same key file makes nothing that counts here.
  const Digest d = hmac_sha256(settings_.key.reveal(), "embargod acknowledge link\n" + std::string{payload});
  return {reinterpret_cast<const char*>(d.data()), kMacBytes};
}

std::string AckLinks::token(const AckClaim& claim, const std::string& step) const {
  const auto until = std::chrono::floor<Seconds>(claim.expires).time_since_epoch().count();
  const std::string payload = std::string{kForm} + kBetween + claim.incident + kBetween + step + kBetween +
                              std::to_string(until) + kBetween + claim.receiver;
  return base64url(payload + mac(payload));
}

void AckLinks::add_to(Alert& alert, const std::string& receiver) const {
  // The command to acknowledge with is there exactly while somebody should.
  const bool asks = alert.status == AlertStatus::firing && alert.annotations.contains("acknowledge");
  if (!asks || alert.incident.empty()) return;
  const AckClaim claim{
      .id = {}, .incident = alert.incident, .receiver = receiver, .expires = alert.decided_at + settings_.expires};
  alert.annotations["acknowledge_link"] = external_url_ + "/a/" + token(claim, step_mark(alert));
}

Result<AckClaim> AckLinks::read(std::string_view token) const {
  if (token.size() > kLongestToken) return no_link_of_ours();
  const auto bytes = base64url_bytes(token);
  if (!bytes || bytes->size() <= kMacBytes) return no_link_of_ours();
  const std::string payload = bytes->substr(0, bytes->size() - kMacBytes);
  if (!is_same_secret(mac(payload), std::string_view{*bytes}.substr(payload.size()))) return no_link_of_ours();
  const auto fields = fields_of(payload);
  constexpr std::size_t kFields = 5;
  if (fields.size() != kFields || fields[0] != kForm) return no_link_of_ours();
  std::int64_t until = 0;
  const std::string& number = fields[3];
  if (std::from_chars(number.data(), number.data() + number.size(), until).ec != std::errc{}) return no_link_of_ours();
  return AckClaim{.id = hex(sha256(payload)).substr(0, 16),
                  .incident = fields[1],
                  .receiver = fields[4],
                  .expires = Instant{Seconds{until}}};
}

}  // namespace embargod
