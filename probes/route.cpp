#include "probes/route.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "config/types/digest.h"
#include "probes/resolver.h"

namespace embargod {
namespace {

bool may_be_probed(const std::string& address, const AddressPolicy& policy) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1)
    return policy.allows(reinterpret_cast<const sockaddr&>(v4));
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  return inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1 &&
         policy.allows(reinterpret_cast<const sockaddr&>(v6));
}

Pin first_allowed(const std::vector<std::string>& list, const AddressPolicy& policy) {
  if (list.empty()) return {Pin::Kind::no_route, {}};
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& a) { return may_be_probed(a, policy); });
  return found == list.end() ? Pin{Pin::Kind::denied, {}} : Pin{Pin::Kind::address, *found};
}

std::vector<std::string> of_family(const std::vector<std::string>& list, Family family) {
  std::vector<std::string> out;
  std::copy_if(list.begin(), list.end(), std::back_inserter(out),
               [family](const auto& a) { return family_of(a) == family; });
  return out;
}

std::vector<std::string> others(const std::vector<std::string>& list, const std::string& newest) {
  if (list.empty()) return {};
  const std::string& had = newest.empty() ? list.front() : newest;
  std::vector<std::string> out;
  for (const bool in_family : {true, false})
    std::copy_if(list.begin(), list.end(), std::back_inserter(out),
                 [&](const auto& a) { return !same_address(a, had) && (family_of(a) == family_of(had)) == in_family; });
  return out;
}

}  // namespace

Pin pin_for(Route route, const std::vector<std::string>& list, const std::string& newest, const AddressPolicy& policy) {
  switch (route) {
    case Route::plain:
    case Route::fresh:
    case Route::bypass:
      return list.empty() ? Pin{} : first_allowed(list, policy);
    case Route::other_address:
      return first_allowed(others(list, newest), policy);
    case Route::ipv4:
      return first_allowed(of_family(list, Family::ipv4), policy);
    case Route::ipv6:
      return first_allowed(of_family(list, Family::ipv6), policy);
  }
  return {};
}

std::string unseen_query(std::uint64_t salt, std::uint64_t token) {
  return "embargod=" + hex(sha256(std::to_string(salt) + " " + std::to_string(token))).substr(0, 16);
}

Url with_query(Url url, const std::string& query) {
  const char joint = url.path_query.find('?') == std::string::npos ? '?' : '&';
  url.path_query += joint + query;
  url.text = url.text + joint + query;
  return url;
}

std::string without_query(std::string text, const std::string& query) {
  for (std::size_t at = text.find(query); at != std::string::npos; at = text.find(query, at)) {
    const std::size_t end = at + query.size();
    const bool alone = at > 0 && (text[at - 1] == '?' || text[at - 1] == '&');
    const bool ends = end == text.size() || text[end] == '&' || text[end] == '#';
    if (!alone || !ends) {
      at = end;
    } else if (end < text.size() && text[end] == '&') {
      text.erase(at, query.size() + 1);
    } else {
      text.erase(--at, query.size() + 1);
    }
  }
  return text;
}

}  // namespace embargod
