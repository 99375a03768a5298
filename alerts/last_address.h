#pragma once
// Where a receiver was reached last, for the time in which its name cannot be looked up. Private to alerts/.

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "alerts/curl_session.h"

namespace embargod {

/// Any thread. Kept in memory: what a restart needs, it looks up.
class LastAddresses {
 public:
  /// `place` = "host:port" as it is configured; `address` = an IP address in text.
  void remember(const std::string& place, const std::string& address);
  [[nodiscard]] std::optional<std::string> of(const std::string& place) const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> known_;
};

/// Whether who answers proves to be who was asked.
enum class PeerProof { certificate, none };

struct Performed {
  CURLcode code = CURLE_OK;
  bool by_last_address = false;  // the name could not be looked up
};

/// What a receipt adds then.
inline constexpr const char* kByLastAddress = " (by its last known address: its name cannot be looked up)";

/// curl_easy_perform(); where the name is not found, or not within five seconds, once more at the last known address.
/// An address is remembered, and used, only where the certificate is checked or on loopback: another may own it by now.
/// The session's URL is `url`; nothing of the body may have been sent before the connection stands.
[[nodiscard]] Performed perform(const CurlSession& session, const std::string& url, PeerProof proof,
                                LastAddresses& known);

}  // namespace embargod
