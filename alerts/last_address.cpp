#include "alerts/last_address.h"

#include <algorithm>

namespace embargod {
namespace {

constexpr Millis kLookupPatience{5'000};
constexpr Millis kLeastLeft{1'000};

struct UrlFree {
  void operator()(CURLU* u) const { curl_url_cleanup(u); }
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return {};
  std::string out{text};
  curl_free(text);
  return out;
}

/// "host:port"; empty: no URL that needs a look-up.
std::string place_of(const std::string& url) {
  const std::unique_ptr<CURLU, UrlFree> parts{curl_url()};
  // smtp and smtps are among the schemes that libcurl knows the ports of.
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  const std::string host = part_of(parts.get(), CURLUPART_HOST);
  const std::string port = part_of(parts.get(), CURLUPART_PORT);
  const bool literal = host.starts_with('[') || host.find_first_not_of("0123456789.") == std::string::npos;
  return literal || port.empty() ? std::string{} : host + ":" + port;
}

bool is_loopback(const std::string& address) { return address.starts_with("127.") || address == "::1"; }

std::string address_of(CURL* c) {
  const char* address = nullptr;
  if (curl_easy_getinfo(c, CURLINFO_PRIMARY_IP, &address) != CURLE_OK || address == nullptr) return {};
  return address;
}

Millis spent(CURL* c) {
  curl_off_t us = 0;
  curl_easy_getinfo(c, CURLINFO_TOTAL_TIME_T, &us);
  return std::chrono::duration_cast<Millis>(std::chrono::microseconds{us});
}

}  // namespace

void LastAddresses::remember(const std::string& place, const std::string& address) {
  const std::lock_guard lock{mutex_};
  known_[place] = address;
}

std::optional<std::string> LastAddresses::of(const std::string& place) const {
  const std::lock_guard lock{mutex_};
  const auto it = known_.find(place);
  return it == known_.end() ? std::nullopt : std::optional{it->second};
}

Performed perform(const CurlSession& session, const std::string& url, PeerProof proof, LastAddresses& known) {
  CURL* const c = session.get();
  const std::string place = place_of(url);
  const auto last = place.empty() ? std::nullopt : known.of(place);
  if (last) session.limits->lookup = kLookupPatience;
  Performed out{.code = curl_easy_perform(c)};
  const bool not_found = out.code == CURLE_COULDNT_RESOLVE_HOST || session.limits->lookup_given_up;
  CurlList pinned;
  if (last && not_found && !session.limits->cancelled->load()) {
    append(pinned, place + ":" + *last);
    session.limits->lookup.reset();
    session.limits->lookup_given_up = false;
    set(c, CURLOPT_RESOLVE, pinned.get());
    set(c, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max(kLeastLeft, session.limits->deadline - spent(c)).count()));
    out = {.code = curl_easy_perform(c), .by_last_address = true};
    set(c, CURLOPT_RESOLVE, static_cast<curl_slist*>(nullptr));  // the list ends here
  }
  const std::string address = address_of(c);
  const bool proven = proof == PeerProof::certificate || is_loopback(address);
  if (out.code == CURLE_OK && !place.empty() && !address.empty() && proven) known.remember(place, address);
  return out;
}

}  // namespace embargod
