#pragma once
// One libcurl easy handle with every rule that probes need, and what it received. Handles are pooled and used again.

#include <curl/curl.h>

#include <cstddef>
#include <memory>
#include <string>

#include "config/types/result.h"
#include "config/types/url.h"
#include "probes/address_policy.h"
#include "probes/observation.h"
#include "probes/prober.h"

namespace embargod {

/// What all handles of one prober share; outlives them.
struct CurlSetup {
  std::size_t max_body = 0;          // decoded bytes
  std::size_t max_header_bytes = 0;  // of all answers of one request, 1xx included
  Millis connect_timeout{0};         // the prober's own deadline is earlier; this one only bounds a lost handle
  std::string proxy;  // "" = none. With a proxy the socket goes to the proxy and the name is resolved there, so
                      // the policy sees the proxy's address only, which is exempt: the proxy must restrict where
                      // it connects to. Hosts written as an address are still checked, by the prober.
  std::string user_agent;
  std::string ca_file;  // PEM bundle
  AddressPolicy policy;
};

/// The first of the usual CA bundles that can be read; "" if there is none (every TLS probe then fails as `tls`).
[[nodiscard]] std::string find_ca_file();

/// Not thread-safe. `setup` is borrowed.
class CurlHandle {
 public:
  /// Error unavailable: libcurl is out of memory or lacks an option.
  [[nodiscard]] static Result<std::unique_ptr<CurlHandle>> make(const CurlSetup& setup, void* owner);

  /// Readies the next request; forgets what was received. `owner` of make() is what CURLINFO_PRIVATE gives.
  /// `address`: connect there instead of where the host's name leads; "" = free. Every route but plain gets a new
  /// connection. Error invalid_input: libcurl cannot take the URL.
  [[nodiscard]] Result<void> prepare(const Url& url, Route route, const std::string& address);

  /// Decoded bytes that the next requests may yield; 0: those of the setup.
  void allow_body(std::size_t bytes) { allowed_body_ = bytes; }

  /// Moves what was received by a transfer that ended with `code` into `o`: status, headers, body, timings, peer,
  /// failure.
  void harvest(CURLcode code, Observation& o);

  /// Microseconds that the last transfer took.
  [[nodiscard]] Micros elapsed() const;

  [[nodiscard]] CURL* raw() const { return easy_.get(); }

 private:
  struct Cleanup {
    void operator()(CURL* e) const { curl_easy_cleanup(e); }
  };
  struct ListCleanup {
    void operator()(curl_slist* l) const { curl_slist_free_all(l); }
  };

  CurlHandle(const CurlSetup& setup, CURL* easy) : setup_{setup}, easy_{easy} {}
  [[nodiscard]] bool set_options(void* owner);
  [[nodiscard]] Cause cause_of(CURLcode code, int status) const;
  void read_answer(Observation& o) const;
  void read_timings(Observation& o) const;
  [[nodiscard]] Micros time(CURLINFO what) const;
  [[nodiscard]] long number(CURLINFO what) const;

  void note_issuer();

  static std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* self);
  static curl_socket_t on_open(void* self, curlsocktype purpose, curl_sockaddr* address);

  const CurlSetup& setup_;
  std::unique_ptr<CURL, Cleanup> easy_;
  std::unique_ptr<curl_slist, ListCleanup> connect_to_;
  std::string issuer_;  // of this answer's certificate
  std::string body_;
  std::size_t header_bytes_ = 0;
  std::size_t body_cap_ = 0;  // for this answer; 0 = not yet known
  std::size_t allowed_body_ = 0;
  bool body_over_ = false;
  bool headers_over_ = false;
  bool blocked_ = false;  // the policy denied an address
  bool opened_ = false;   // it allowed one
  char error_[CURL_ERROR_SIZE] = {};
};

}  // namespace embargod
