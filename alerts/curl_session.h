#pragma once
// What every transfer of ours over libcurl shares. Private to alerts/.

#include <curl/curl.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "config/types/time.h"

namespace embargod {

struct CurlFree {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlFree>;
using CurlList = std::unique_ptr<curl_slist, CurlFree>;

/// Throws std::runtime_error where the option is refused: a build of libcurl without it is a fault to be seen, not an
/// option to lose.
template <class Value>
void set(CURL* c, CURLoption option, Value value) {
  if (const CURLcode rc = curl_easy_setopt(c, option, value); rc != CURLE_OK)
    throw std::runtime_error{std::string{"libcurl refuses an option: "} + curl_easy_strerror(rc)};
}

inline void append(CurlList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc{};
  [[maybe_unused]] curl_slist* const former = list.release();  // now part of the longer one
  list.reset(longer);
}

/// One transfer and what may end it.
struct CurlSession {
  struct Limits {
    const std::atomic<bool>* cancelled;
    CURL* handle;
    Millis deadline;
    std::optional<Millis> lookup{};  // given up after so long without an address; unset: as long as all
    bool lookup_given_up = false;
  };
  std::unique_ptr<Limits> limits;  // outlives the handle, whose last words (QUIT) still ask it
  CurlHandle handle;
  [[nodiscard]] CURL* get() const { return handle.get(); }
};

inline int stop_if_over(void* limits, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& l = *static_cast<CurlSession::Limits*>(limits);
  curl_off_t spent_us = 0;
  curl_easy_getinfo(l.handle, CURLINFO_TOTAL_TIME_T, &spent_us);
  if (l.cancelled->load() || std::chrono::microseconds{spent_us} > l.deadline) return 1;
  curl_off_t lookup_us = 0;
  curl_easy_getinfo(l.handle, CURLINFO_NAMELOOKUP_TIME_T, &lookup_us);
  l.lookup_given_up = l.lookup && lookup_us == 0 && std::chrono::microseconds{spent_us} > *l.lookup;
  return l.lookup_given_up ? 1 : 0;
}

/// A handle with a deadline that holds while a name is looked up too (QUICK_EXIT) and while an SMTP server lets us wait
/// for the answer to QUIT, where CURLOPT_TIMEOUT_MS does not; without signals, proxies or redirects.
inline CurlSession open_session(const char* protocols, Millis deadline, const std::atomic<bool>& cancelled) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  CurlHandle handle{ready == CURLE_OK ? curl_easy_init() : nullptr};
  if (!handle) throw std::runtime_error{"libcurl does not start"};
  CURL* const c = handle.get();
  CurlSession session{std::make_unique<CurlSession::Limits>(CurlSession::Limits{&cancelled, c, deadline}),
                      std::move(handle)};
  set(c, CURLOPT_QUICK_EXIT, 1L);
  set(c, CURLOPT_NOSIGNAL, 1L);
  set(c, CURLOPT_PROTOCOLS_STR, protocols);
  set(c, CURLOPT_REDIR_PROTOCOLS_STR, protocols);
  set(c, CURLOPT_FOLLOWLOCATION, 0L);
  set(c, CURLOPT_PROXY, "");
  set(c, CURLOPT_FORBID_REUSE, 1L);  // closes within the transfer, under its limits
  set(c, CURLOPT_TIMEOUT_MS, static_cast<long>(deadline.count()));
  set(c, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(deadline.count()));
  set(c, CURLOPT_NOPROGRESS, 0L);
  set(c, CURLOPT_XFERINFOFUNCTION, &stop_if_over);
  set(c, CURLOPT_XFERINFODATA, session.limits.get());
  return session;
}

}  // namespace embargod
