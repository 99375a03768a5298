#include "probes/blocked.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "probes/answer.h"

namespace embargod {
namespace {

constexpr std::size_t kShortBody = 1'500;  // bytes: a refusal written by a gateway
constexpr std::size_t kWallBody = 12'000;  // bytes: a challenge with its scripts

bool header_has(const Observation& o, std::string_view name, std::string_view text) {
  return std::any_of(o.headers.begin(), o.headers.end(),
                     [&](const auto& h) { return same_word(h.first, name) && contains_word(h.second, text); });
}

bool header_starts(const Observation& o, std::string_view name, std::string_view text) {
  return std::any_of(o.headers.begin(), o.headers.end(), [&](const auto& h) {
    const std::string_view value = trimmed(h.second);
    return same_word(h.first, name) && value.size() >= text.size() && same_word(value.substr(0, text.size()), text);
  });
}

bool has_header(const Observation& o, std::string_view name) { return find_header(o, name) != nullptr; }

/// A refusal: an error that does not say that the page is absent.
bool is_refusal(int status) { return status >= 400 && status != 404 && status != 410; }

/// Server-Timing: "origin; dur=0": the edge answered without asking the origin.
bool origin_not_asked(const Observation& o) {
  return std::any_of(o.headers.begin(), o.headers.end(), [](const auto& h) {
    if (!same_word(h.first, "Server-Timing")) return false;
    std::string value;
    for (const char c : h.second)
      if (c != ' ' && c != '\t') value += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    for (std::size_t at = value.find("origin;dur=0"); at != std::string::npos;
         at = value.find("origin;dur=0", at + 1)) {
      const std::size_t begins = at == 0 ? at : at - 1;
      const std::size_t ends = at + std::string_view{"origin;dur=0"}.size();
      const bool whole_name = at == 0 || value[begins] == ',';
      const bool zero = ends == value.size() || value[ends] == ',' || value[ends] == ';';
      if (whole_name && zero) return true;
    }
    return false;
  });
}

Blocked by_gateway_headers(const Observation& o) {
  const bool brief = o.body.size() < kShortBody;
  if (header_has(o, "cf-mitigated", "challenge")) return {Cause::challenge, "engine: cf-mitigated: challenge"};
  if (has_header(o, "x-amzn-waf-action")) return {Cause::challenge, "engine: x-amzn-waf-action"};
  if (header_starts(o, "Server", "awselb/") && (o.status == 429 || (o.status == 403 && brief)))
    return {Cause::challenge, "engine: refused by the load balancer"};
  // What the edge writes itself, not what it passes on: a 403 of the origin may be a gate that a rule knows.
  if (header_starts(o, "X-Cache", "Error") && header_starts(o, "Server", "CloudFront") && is_refusal(o.status))
    return {Cause::challenge, "engine: refused by CloudFront"};
  const bool uncached = header_has(o, "Cache-Control", "no-cache") || header_has(o, "Pragma", "no-cache");
  const bool page = o.content_type.empty() || contains_word(o.content_type, "html");
  if (header_starts(o, "Server", "AkamaiGHost") && brief && uncached && page &&
      (is_refusal(o.status) || o.status == 200))
    return {Cause::challenge, "engine: refused by Akamai"};
  if (is_refusal(o.status) && o.status < 500 && brief && origin_not_asked(o))
    return {Cause::challenge, "engine: refused before the origin was asked"};
  return {};
}

Blocked by_proxy_headers(const Observation& o) {
  if (has_header(o, "X-Squid-Error")) return {Cause::intermediary, "engine: X-Squid-Error"};
  if (o.status == 511) return {Cause::intermediary, "engine: 511 network sign-in"};
  if (contains_word(o.content_type, "application/captive+json")) return {Cause::intermediary, "engine: captive portal"};
  // As accelerators these pass the origin's Server on; their own name stands on pages that they wrote.
  for (const char* proxy : {"squid", "Zscaler", "BlueCoat", "McAfee Web Gateway"})
    if (header_starts(o, "Server", proxy)) return {Cause::intermediary, "engine: page of a proxy on the way"};
  return {};
}

struct BodySign {
  std::initializer_list<std::string_view> all;  // each somewhere in the body, case ignored
  std::size_t below;                            // bytes
  Cause cause;
  const char* rule;
};

/// Sites that live behind these gateways carry some of the words on every page: hence the sizes.
Blocked by_short_body(const Observation& o) {
  static const BodySign kSigns[] = {
      {{"<title>Just a moment...</title>"}, kWallBody, Cause::challenge, "engine: challenge \"Just a moment\""},
      {{"<title>Attention Required! | Cloudflare</title>"},
       kWallBody,
       Cause::challenge,
       "engine: challenge \"Attention Required\""},
      {{"Incapsula incident ID"}, kWallBody, Cause::challenge, "engine: Incapsula incident"},
      {{"_Incapsula_Resource"}, kShortBody, Cause::challenge, "engine: Incapsula challenge"},
      {{"captcha-delivery.com"}, kShortBody * 2, Cause::challenge, "engine: DataDome challenge"},
      {{"px-captcha"}, kWallBody, Cause::challenge, "engine: captcha"},
      {{"The requested URL was rejected", "support ID"}, kShortBody, Cause::challenge, "engine: refused by a firewall"},
      {{"<WISPAccessGatewayParam"}, kWallBody * 2, Cause::intermediary, "engine: captive portal"},
  };
  for (const BodySign& sign : kSigns) {
    if (o.body.size() >= sign.below) continue;
    const bool all = std::all_of(sign.all.begin(), sign.all.end(),
                                 [&](std::string_view text) { return contains_word(o.body, text); });
    if (all) return {sign.cause, sign.rule};
  }
  return {};
}

}  // namespace

Blocked blocked_for_sure(const Observation& o) {
  Blocked b = by_gateway_headers(o);
  if (b.cause == Cause::none) b = by_proxy_headers(o);
  if (b.cause == Cause::none) b = by_short_body(o);
  return b;
}

}  // namespace embargod
