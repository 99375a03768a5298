#include "probes/redirect.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace embargod {
namespace {

/// Lower-case path segments without empty ones, a folder's index file ("/a/index.html" is "/a") and the query.
std::vector<std::string> segments(const Url& url) {
  std::string path = url.path_query.substr(0, url.path_query.find('?'));
  std::transform(path.begin(), path.end(), path.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  std::vector<std::string> list;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    if (end > at) list.push_back(path.substr(at, end - at));
    at = end + 1;
  }
  if (!list.empty()) {
    const std::string stem = list.back().substr(0, list.back().find('.'));
    if (stem != list.back() && (stem == "index" || stem == "default")) list.pop_back();
  }
  return list;
}

bool has_segment(const std::vector<std::string>& path, std::string_view word) {
  return std::any_of(path.begin(), path.end(), [word](const std::string& s) {
    return s == word || (s.size() > word.size() && s.compare(0, word.size(), word) == 0 && s[word.size()] == '.');
  });
}

template <std::size_t N>
bool gained(const std::vector<std::string>& asked, const std::vector<std::string>& got,
            const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view w) { return has_segment(got, w) && !has_segment(asked, w); });
}

constexpr std::array<std::string_view, 14> kSignInWords{"login",   "log-in", "logon", "signin",      "sign-in",
                                                        "sign_in", "auth",   "oauth", "oauth2",      "sso",
                                                        "account", "saml",   "saml2", "authenticate"};
constexpr std::array<std::string_view, 3> kSearchWords{"search", "search-results", "searchresults"};

}  // namespace

bool same_site(const Url& a, const Url& b) { return a.host == b.host && (a.port == b.port || a.scheme != b.scheme); }

Landing landing(const Url& asked, const Url& final_url) {
  const auto from = segments(asked);
  const auto to = segments(final_url);
  if (gained(from, to, kSignInWords)) return Landing::sign_in;
  if (gained(from, to, kSearchWords)) return Landing::listing;
  if (to.size() < from.size() && std::equal(to.begin(), to.end(), from.begin())) return Landing::listing;
  return Landing::itself;
}

}  // namespace embargod
