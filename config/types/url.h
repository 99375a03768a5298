#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "config/types/result.h"

namespace embargod {

/// An absolute http or https URL. The path and query are kept byte for byte: odd slugs ("a---b", "%2e") are names on
/// real sites.
struct Url {
  std::string text;        // as given, without a fragment
  std::string scheme;      // "http" or "https", lower case
  std::string host;        // lower case; IPv6 without brackets
  std::uint16_t port = 0;  // as written, else the scheme's
  std::string path_query;  // from the first '/', at least "/"

  /// "host" or "host:port" where the port is not the scheme's: the name of the site in labels and budgets.
  [[nodiscard]] std::string site() const;

  friend bool operator==(const Url&, const Url&) = default;
};

/// Error invalid_input: relative, other scheme, user or password in it, control characters, over 8192 bytes. Pure.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

/// Resolves a Location or href against `base` (RFC 3986 5). Errors as parse_url; other schemes are refused. Pure.
[[nodiscard]] Result<Url> resolve(const Url& base, std::string_view reference);

}  // namespace embargod
