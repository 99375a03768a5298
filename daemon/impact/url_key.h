#pragma once

#include <string>
#include <string_view>

namespace embargod {

/// What was asked for, so that two spellings of one address are one (RFC 3986 6.2.2): the path without a trailing
/// slash, unreserved characters decoded, hexadecimal digits in capitals. Pure.
struct UrlKey {
  std::string host;  // small letters, with a port as written; empty: not told
  std::string path;
  std::string query;  // byte for byte
};

/// Of a log's target ("/a/b?c", "https://host/a/b") and, where the log has them apart, its query and host.
[[nodiscard]] UrlKey url_key(std::string_view target, std::string_view query = {}, std::string_view host = {});

/// `path` as UrlKey has it.
[[nodiscard]] std::string path_key(std::string_view path);

/// Whether it is that already: then no copy is needed.
[[nodiscard]] bool is_path_key(std::string_view path);

}  // namespace embargod
