#include "probes/variants.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace embargod {
namespace {

struct PathQuery {
  std::string path;
  std::string query;  // with its question mark; empty if there is none
};

PathQuery split_path(const Url& url) {
  const std::size_t question = std::min(url.path_query.find('?'), url.path_query.size());
  return {url.path_query.substr(0, question), url.path_query.substr(question)};
}

std::string_view last_segment(std::string_view path) { return path.substr(path.rfind('/') + 1); }

/// "report.xlsx" is a file; "v1.2" and "a.b-c" are not.
bool names_a_file(std::string_view segment) {
  const std::size_t dot = segment.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return false;
  const std::string_view ending = segment.substr(dot + 1);
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto is_plain = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !ending.empty() && ending.size() <= 5 && std::all_of(ending.begin(), ending.end(), is_plain) &&
         std::any_of(ending.begin(), ending.end(), is_letter);
}

/// Letters of percent escapes are left alone: they are no letters of the name.
std::string lower_path(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path[i] == '%' && i + 2 < path.size()) {
      out += path.substr(i, 3);
      i += 2;
    } else {
      out += path[i] >= 'A' && path[i] <= 'Z' ? static_cast<char>(path[i] - 'A' + 'a') : path[i];
    }
  }
  return out;
}

/// An IP address has no other names. The last label of a name is never a number (RFC 3696 2).
bool is_name(std::string_view host) {
  if (host.find(':') != std::string_view::npos || host.find('.') == std::string_view::npos) return false;
  std::string_view last = host;
  if (last.ends_with('.')) last.remove_suffix(1);
  last = last.substr(last.rfind('.') + 1);
  if (last.empty()) return false;
  return !(last.front() >= '0' && last.front() <= '9');
}

/// "gov.uk", "co.uk": names under such a host belong to other people.
bool is_shared_by_many(std::string_view host) {
  constexpr std::array<std::string_view, 17> kShared{"ac",  "co",  "com", "edu", "gob", "gouv",   "gov", "govt", "ltd",
                                                     "mil", "mod", "net", "nhs", "org", "police", "plc", "sch"};
  const std::size_t dot = host.find('.');
  if (dot == std::string_view::npos) return true;
  if (host.find('.', dot + 1) != std::string_view::npos) return false;
  return std::find(kShared.begin(), kShared.end(), host.substr(0, dot)) != kShared.end();
}

std::optional<std::string> other_www(const std::string& host) {
  constexpr std::string_view kWww = "www.";
  if (!is_name(host)) return std::nullopt;
  if (!host.starts_with(kWww)) return std::string{kWww} + host;
  const std::string rest = host.substr(kWww.size());
  return is_name(rest) ? std::optional{rest} : std::nullopt;
}

std::optional<std::string> welsh_host(const std::string& host) {
  if (!is_name(host) || host.starts_with("cy.")) return std::nullopt;
  const std::string bare = host.starts_with("www.") ? host.substr(4) : host;
  if (!is_name(bare) || bare.starts_with("cy.") || is_shared_by_many(bare)) return std::nullopt;
  return "cy." + bare;
}

/// What a variant may differ in. The path is kept byte for byte but for what the form changes.
struct Pieces {
  std::string scheme, host, port;  // port with its colon, empty if it is the scheme's own
  PathQuery at;

  [[nodiscard]] std::string text() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return scheme + "://" + name + port + at.path + at.query;
  }
};

Pieces pieces_of(const Url& url) {
  Pieces p{.scheme = url.scheme, .host = url.host, .port = {}, .at = split_path(url)};
  const bool usual = url.port == (url.scheme == "http" ? 80 : 443);
  if (!usual) p.port = ":" + std::to_string(url.port);
  return p;
}

/// `path` with `tail` at its end, one slash between.
std::string below(std::string path, std::string_view tail) {
  if (!path.ends_with('/')) path += '/';
  return path.append(tail);
}

/// Path in the other form; unset where the form makes no sense.
std::optional<std::string> other_path(const std::string& path, VariantForm form) {
  const std::string_view last = last_segment(path);
  const bool is_root = path == "/";
  switch (form) {
    case VariantForm::slash:
      if (is_root || names_a_file(last)) return std::nullopt;
      return path.ends_with('/') ? path.substr(0, path.size() - 1) : path + "/";
    case VariantForm::letter_case:
      return lower_path(path);
    case VariantForm::index:
      if (last == "index.html") return path.substr(0, path.size() - last.size());
      if (names_a_file(last)) return std::nullopt;
      return below(path, "index.html");
    case VariantForm::print:
      if (is_root || names_a_file(last) || last == "print") return std::nullopt;
      return below(path, "print");
    case VariantForm::welsh_path: {
      const std::string bare = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
      if (bare.empty() || bare.ends_with('/') || names_a_file(last_segment(bare))) return std::nullopt;
      return bare + ".cy";
    }
    case VariantForm::www:
    case VariantForm::scheme:
    case VariantForm::query:
    case VariantForm::welsh_host:
      break;
  }
  return std::nullopt;
}

/// The address in another form; unset where the form makes no sense.
std::optional<std::string> other_form(Pieces p, VariantForm form) {
  std::optional<std::string> changed;
  switch (form) {
    case VariantForm::www:
    case VariantForm::welsh_host:
      changed = form == VariantForm::www ? other_www(p.host) : welsh_host(p.host);
      if (!changed) return std::nullopt;
      p.host = *changed;
      return p.text();
    case VariantForm::scheme:
      // On a port of its own a server speaks one of the two.
      if (!p.port.empty()) return std::nullopt;
      p.scheme = p.scheme == "https" ? "http" : "https";
      return p.text();
    case VariantForm::query:
      p.at.query += (p.at.query.empty() ? "?" : p.at.query.size() == 1 ? "" : "&");
      p.at.query += "view=full";
      return p.text();
    case VariantForm::slash:
    case VariantForm::letter_case:
    case VariantForm::index:
    case VariantForm::print:
    case VariantForm::welsh_path:
      changed = other_path(p.at.path, form);
      if (!changed) return std::nullopt;
      p.at.path = *changed;
      return p.text();
  }
  return std::nullopt;
}

}  // namespace

std::vector<UrlVariant> variants_of(const Url& url, const std::vector<VariantForm>& forms) {
  std::vector<UrlVariant> list;
  const Pieces own = pieces_of(url);
  for (const VariantForm form : forms) {
    const auto text = other_form(own, form);
    if (!text || *text == own.text()) continue;
    auto other = parse_url(*text);
    if (!other) continue;  // over the longest URL
    const bool known =
        std::any_of(list.begin(), list.end(), [&](const UrlVariant& v) { return v.url.text == other->text; });
    if (!known) list.push_back({form, std::move(*other)});
  }
  return list;
}

}  // namespace embargod
