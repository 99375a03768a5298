#include "daemon/impact/url_key.h"

#include <algorithm>
#include <optional>

#include "config/types/ascii.h"

namespace embargod {
namespace {

bool is_unreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return std::nullopt;
}

char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

}  // namespace

bool is_path_key(std::string_view path) {
  return path.find('%') == std::string_view::npos && (path.size() < 2 || !path.ends_with('/'));
}

std::string path_key(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto high = path[i] == '%' && i + 2 < path.size() ? hex_digit(path[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(path[i + 2]) : std::nullopt;
    if (!low) {
      out += path[i];
      continue;
    }
    const char c = static_cast<char>(*high * 16 + *low);
    if (is_unreserved(c)) {
      out += c;
    } else {
      out += '%';
      out += capital(path[i + 1]);
      out += capital(path[i + 2]);
    }
    i += 2;
  }
  while (out.size() > 1 && out.ends_with('/')) out.pop_back();
  return out;
}

UrlKey url_key(std::string_view target, std::string_view query, std::string_view host) {
  UrlKey key;
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!target.starts_with(scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::size_t end = std::min(target.find_first_of("/?"), target.size());
    host = target.substr(0, end);
    target.remove_prefix(end);
    break;
  }
  const std::size_t mark = target.find('?');
  if (mark != std::string_view::npos) {
    query = target.substr(mark + 1);
    target = target.substr(0, mark);
  }
  if (query.starts_with('?')) query.remove_prefix(1);  // Apache's %q
  key.host = ascii_lowered(host);
  key.path = target.empty() ? "/" : path_key(target);
  key.query = std::string{query};
  return key;
}

}  // namespace embargod
