#include "daemon/impact/client_rules.h"

#include <algorithm>
#include <utility>

#include "config/types/ascii.h"

namespace embargod {
namespace {

constexpr std::string_view kOurAgent = "embargod/";

bool mentions(std::string_view text, std::string_view small_part) {
  return std::search(text.begin(), text.end(), small_part.begin(), small_part.end(),
                     [](char a, char b) { return ascii_lower(a) == b; }) != text.end();
}

bool is_in(const Cidr& range, const Cidr& address) {
  for (int bit = 0; bit < range.bits; bit += 8) {
    const auto i = static_cast<std::size_t>(bit / 8);
    const int used = std::min(8, range.bits - bit);
    const auto mask = static_cast<std::uint8_t>(0xFF00U >> static_cast<unsigned>(used));
    if ((range.bytes[i] & mask) != (address.bytes[i] & mask)) return false;
  }
  return true;
}

bool is_in(const std::vector<Cidr>& ranges, std::string_view address) {
  if (ranges.empty() || address.empty() || address.find('/') != std::string_view::npos) return false;
  const auto parsed = parse_cidr(address);
  return parsed && std::any_of(ranges.begin(), ranges.end(), [&](const Cidr& r) { return is_in(r, *parsed); });
}

Result<std::vector<Cidr>> parsed(const std::vector<std::string>& texts) {
  std::vector<Cidr> out;
  for (const std::string& text : texts) {
    auto range = parse_cidr(text);
    if (!range) return tl::unexpected(range.error());
    out.push_back(*range);
  }
  return out;
}

}  // namespace

const std::vector<std::string>& known_crawlers() {
  static const std::vector<std::string> names{"googlebot",
                                              "bingbot",
                                              "yandexbot",
                                              "baiduspider",
                                              "duckduckbot",
                                              "applebot",
                                              "petalbot",
                                              "ahrefsbot",
                                              "semrushbot",
                                              "mj12bot",
                                              "dotbot",
                                              "gptbot",
                                              "claudebot",
                                              "ccbot",
                                              "bytespider",
                                              "amazonbot",
                                              "facebookexternalhit",
                                              "twitterbot",
                                              "linkedinbot",
                                              "slackbot",
                                              "archive.org_bot",
                                              "ia_archiver",
                                              "uptimerobot",
                                              "crawler",
                                              "spider"};
  return names;
}

Result<ClientRules> ClientRules::make(ClientRuleTexts texts) {
  ClientRules rules;
  auto internal = parsed(texts.internal);
  if (!internal) return tl::unexpected(internal.error());
  auto own = parsed(texts.own);
  if (!own) return tl::unexpected(own.error());
  for (const std::string& name : texts.crawlers) {
    if (name.empty())
      return fail(Errc::invalid_input, "a crawler's name is empty", "", "give a part of its User-Agent");
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
    rules.crawlers_.push_back(std::move(lower));
  }
  rules.internal_ = std::move(*internal);
  rules.own_ = std::move(*own);
  rules.texts_ = std::move(texts);
  return rules;
}

ClientClass ClientRules::classify(std::string_view address, std::string_view agent) const {
  if (agent.starts_with(kOurAgent) && (own_.empty() || is_in(own_, address))) return ClientClass::own;
  if (is_in(internal_, address)) return ClientClass::internal;
  const bool is_crawler =
      std::any_of(crawlers_.begin(), crawlers_.end(), [&](const std::string& name) { return mentions(agent, name); });
  return is_crawler ? ClientClass::crawler : ClientClass::other;
}

}  // namespace embargod
