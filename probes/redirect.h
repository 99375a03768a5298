#pragma once
// Where redirects lead. Pure.

#include <cstdint>

#include "config/types/url.h"

namespace embargod {

/// 301, 302, 303, 307, 308: an answer whose Location is to be followed.
[[nodiscard]] constexpr bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// The same host, and the same port unless the scheme changes (http to https). "www." makes another host: whether two
/// hosts carry the same site is for the schedule to say.
[[nodiscard]] bool same_site(const Url& a, const Url& b);

/// What kind of place a followed redirect ended at, seen from the URL that was asked for.
enum class Landing : std::uint8_t {
  itself,   // the same or a sibling page, a deeper one, another name of it
  sign_in,  // a path with a segment like login or sso that the URL asked for does not have
  listing,  // the home page, an ancestor of the path, or a search page
};
[[nodiscard]] Landing landing(const Url& asked, const Url& final_url);

}  // namespace embargod
