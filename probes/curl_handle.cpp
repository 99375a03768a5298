#include "probes/curl_handle.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "config/types/digest.h"
#include "probes/answer.h"
#include "probes/redirect.h"

namespace embargod {
namespace {

constexpr std::size_t kRedirectBody = 64U << 10U;  // of a redirect only the headers matter
constexpr std::size_t kKeptCapacity = 1U << 20U;   // a pooled handle does not sit on a larger buffer
constexpr std::size_t kLongestIssuer = 200;

std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

/// The URL as it goes on the wire: libcurl refuses blanks and would send raw bytes of other encodings as they are.
std::string wire_form(const Url& url) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out = url.scheme + "://";
  out += bracketed(url.host) + ":" + std::to_string(url.port);
  for (const char c : url.path_query) {
    const auto b = static_cast<unsigned char>(c);
    if (b > 0x20 && b < 0x7F) {
      out += c;
    } else {
      out += '%';
      out += kDigits[b >> 4U];
      out += kDigits[b & 0x0FU];
    }
  }
  return out;
}

/// One part of a name, control characters as '?'; "" if it has none.
std::string name_part(const X509_NAME* name, int which) {
  const int at = X509_NAME_get_index_by_NID(name, which, -1);
  if (at < 0) return {};
  unsigned char* text = nullptr;
  const int n = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
  if (n < 0) return {};
  std::string out(reinterpret_cast<const char*>(text), std::min(static_cast<std::size_t>(n), kLongestIssuer));
  OPENSSL_free(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  return out;
}

const char* version_name(long version) {
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_1_1:
      return "1.1";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return "";
  }
}

}  // namespace

std::string find_ca_file() {
  const curl_version_info_data* info = curl_version_info(CURLVERSION_NOW);
  const std::array<const char*, 5> places{info->cainfo, "/etc/ssl/certs/ca-certificates.crt",
                                          "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
                                          "/etc/ssl/ca-bundle.pem"};
  for (const char* place : places)
    if (place != nullptr && access(place, R_OK) == 0) return place;
  return {};
}

Result<std::unique_ptr<CurlHandle>> CurlHandle::make(const CurlSetup& setup, void* owner) {
  CURL* easy = curl_easy_init();
  if (easy == nullptr) return fail(Errc::unavailable, "libcurl gave no handle");
  std::unique_ptr<CurlHandle> handle{new CurlHandle{setup, easy}};
  if (!handle->set_options(owner)) return fail(Errc::unavailable, "this libcurl lacks an option that probes need");
  return handle;
}

bool CurlHandle::set_options(void* owner) {
  bool ok = true;
  const auto set = [&ok, this](CURLoption option, auto value) {
    ok = curl_easy_setopt(easy_.get(), option, value) == CURLE_OK && ok;
  };
  set(CURLOPT_PRIVATE, owner);
  set(CURLOPT_ERRORBUFFER, static_cast<char*>(error_));
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // else a silent name server stops the whole loop until the resolver gives up
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(setup_.connect_timeout.count()));
  // What may be asked, and only that: no redirects of libcurl's own, nothing kept from one answer for the next request.
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_AUTOREFERER, 0L);
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_HTTP09_ALLOWED, 0L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_PIPEWAIT, 0L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_ACCEPT_ENCODING, "");  // all that libcurl can decode
  set(CURLOPT_USERAGENT, setup_.user_agent.c_str());
  // Set, even if to nothing: otherwise http_proxy and no_proxy of the environment decide.
  set(CURLOPT_PROXY, setup_.proxy.c_str());
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  // With a CApath libcurl reads the whole store again for every connection (36 ms); with a file alone it keeps it.
  set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  set(CURLOPT_PROXY_CAPATH, static_cast<char*>(nullptr));
  if (!setup_.ca_file.empty()) {
    set(CURLOPT_CAINFO, setup_.ca_file.c_str());
    set(CURLOPT_PROXY_CAINFO, setup_.ca_file.c_str());
  }
  set(CURLOPT_WRITEFUNCTION, &CurlHandle::on_body);
  set(CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(CURLOPT_HEADERFUNCTION, &CurlHandle::on_header);
  set(CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(CURLOPT_OPENSOCKETFUNCTION, &CurlHandle::on_open);
  set(CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  return ok;
}

Result<void> CurlHandle::prepare(const Url& url, Route route, const std::string& address) {
  body_.clear();
  issuer_.clear();
  header_bytes_ = 0;
  body_cap_ = 0;
  body_over_ = headers_over_ = blocked_ = opened_ = false;
  error_[0] = '\0';
  // Not CURLOPT_RESOLVE: that fills the loop's DNS cache, which a kept connection never asks.
  std::unique_ptr<curl_slist, ListCleanup> connect_to;
  if (!address.empty()) {
    const std::string port = ":" + std::to_string(url.port);
    connect_to.reset(
        curl_slist_append(nullptr, (bracketed(url.host) + port + ":" + bracketed(address) + port).c_str()));
    if (!connect_to) return fail(Errc::unavailable, "libcurl is out of memory");
  }
  const bool fresh = route != Route::plain;
  const bool ok = curl_easy_setopt(raw(), CURLOPT_URL, wire_form(url).c_str()) == CURLE_OK &&
                  curl_easy_setopt(raw(), CURLOPT_CONNECT_TO, connect_to.get()) == CURLE_OK &&
                  curl_easy_setopt(raw(), CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L) == CURLE_OK &&
                  curl_easy_setopt(raw(), CURLOPT_FORBID_REUSE, fresh ? 1L : 0L) == CURLE_OK;
  connect_to_ = std::move(connect_to);
  if (!ok) return fail(Errc::invalid_input, "libcurl cannot take this URL");
  return {};
}

/// The organisation that issued the certificate: an authority signs with several keys, whose names take turns.
void CurlHandle::note_issuer() {
  curl_tlssessioninfo* tls = nullptr;
  if (curl_easy_getinfo(raw(), CURLINFO_TLS_SSL_PTR, &tls) != CURLE_OK || tls == nullptr ||
      tls->backend != CURLSSLBACKEND_OPENSSL || tls->internals == nullptr)
    return;
  const X509* leaf = SSL_get0_peer_certificate(static_cast<const SSL*>(tls->internals));
  if (leaf == nullptr) return;
  const X509_NAME* name = X509_get_issuer_name(leaf);
  issuer_ = name_part(name, NID_organizationName);
  if (issuer_.empty()) issuer_ = name_part(name, NID_commonName);
}

std::size_t CurlHandle::on_body(char* bytes, std::size_t size, std::size_t count, void* self) {
  auto& h = *static_cast<CurlHandle*>(self);
  const std::size_t n = size * count;
  if (h.body_cap_ == 0) {
    const auto status = static_cast<int>(h.number(CURLINFO_RESPONSE_CODE));
    const std::size_t most = h.allowed_body_ != 0 ? h.allowed_body_ : h.setup_.max_body;
    h.body_cap_ = is_redirect(status) ? std::min(kRedirectBody, most) : most;
    curl_off_t promised = -1;
    curl_easy_getinfo(h.raw(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &promised);
    if (promised > 0) h.body_.reserve(std::min({h.body_cap_, static_cast<std::size_t>(promised), kKeptCapacity}));
  }
  const std::size_t room = h.body_cap_ - h.body_.size();
  h.body_.append(bytes, std::min(n, room));
  if (n <= room) return n;
  h.body_over_ = true;
  return 0;
}

std::size_t CurlHandle::on_header(char*, std::size_t size, std::size_t count, void* self) {
  auto& h = *static_cast<CurlHandle*>(self);
  if (h.header_bytes_ == 0) h.note_issuer();  // libcurl tells of the connection only while it is in use
  h.header_bytes_ += size * count;
  if (h.header_bytes_ <= h.setup_.max_header_bytes) return size * count;
  h.headers_over_ = true;
  return 0;
}

curl_socket_t CurlHandle::on_open(void* self, curlsocktype purpose, curl_sockaddr* address) {
  auto& h = *static_cast<CurlHandle*>(self);
  if (purpose != CURLSOCKTYPE_IPCXN) return CURL_SOCKET_BAD;
  if (h.setup_.proxy.empty() && !h.setup_.policy.allows(address->addr)) {
    h.blocked_ = true;
    return CURL_SOCKET_BAD;
  }
  h.opened_ = true;
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

Cause CurlHandle::cause_of(CURLcode code, int status) const {
  if (code == CURLE_OK) return Cause::none;
  if (headers_over_ || body_over_) return Cause::too_large;
  if (blocked_ && !opened_) return Cause::blocked_address;
  const long proxy_status = number(CURLINFO_HTTP_CONNECTCODE);
  if (!setup_.proxy.empty() && proxy_status != 0 && proxy_status / 100 != 2) return Cause::connect;
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return Cause::dns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_PROXY:
      return Cause::connect;
    case CURLE_OPERATION_TIMEDOUT:
      // The step that it stopped in says more than "timeout".
      if (opened_ || number(CURLINFO_NUM_CONNECTS) > 0)
        return time(CURLINFO_CONNECT_TIME_T).count() == 0 ? Cause::connect : Cause::timeout;
      return time(CURLINFO_NAMELOOKUP_TIME_T).count() == 0 ? Cause::dns : Cause::timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_CRL_BADFILE:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_USE_SSL_FAILED:
      return Cause::tls;
    case CURLE_PARTIAL_FILE:
    case CURLE_BAD_CONTENT_ENCODING:
      return Cause::truncated;
    case CURLE_OUT_OF_MEMORY:
      return Cause::too_large;  // what libcurl says of a header line over 100 KB
    default:
      return status == 0 ? Cause::reset : Cause::truncated;
  }
}

Micros CurlHandle::time(CURLINFO what) const {
  curl_off_t t = 0;
  curl_easy_getinfo(raw(), what, &t);
  return Micros{t};
}

long CurlHandle::number(CURLINFO what) const {
  long n = 0;
  curl_easy_getinfo(raw(), what, &n);
  return n;
}

Micros CurlHandle::elapsed() const { return time(CURLINFO_TOTAL_TIME_T); }

void CurlHandle::read_timings(Observation& o) const {
  const Micros before = o.timings.total;  // earlier hops
  const auto at = [before](Micros t) { return t.count() == 0 ? Micros{0} : before + t; };
  if (number(CURLINFO_NUM_CONNECTS) > 0 || o.status == 0) {
    o.timings.dns = at(time(CURLINFO_NAMELOOKUP_TIME_T));
    o.timings.connect = at(time(CURLINFO_CONNECT_TIME_T));
    o.timings.tls = at(time(CURLINFO_APPCONNECT_TIME_T));
  }
  o.timings.first_byte = at(time(CURLINFO_STARTTRANSFER_TIME_T));
  o.timings.total = before + elapsed();
}

void CurlHandle::read_answer(Observation& o) const {
  o.http_version = version_name(number(CURLINFO_HTTP_VERSION));
  curl_header* previous = nullptr;
  while (curl_header* h = curl_easy_nextheader(raw(), CURLH_HEADER, -1, previous)) {
    std::string_view value{h->value};  // of a line without a value libcurl gives its line end
    while (!value.empty() && (value.back() == '\r' || value.back() == '\n')) value.remove_suffix(1);
    o.headers.emplace_back(h->name, value);
    previous = h;
  }
}

void CurlHandle::harvest(CURLcode code, Observation& o) {
  o.headers.clear();  // of an earlier hop
  o.remote_ip.clear();
  o.status = static_cast<int>(number(CURLINFO_RESPONSE_CODE));
  if (o.status / 100 == 1) o.status = 0;  // an interim answer is none
  char* ip = nullptr;
  if (curl_easy_getinfo(raw(), CURLINFO_PRIMARY_IP, &ip) == CURLE_OK && ip != nullptr) o.remote_ip = ip;
  o.remote_port = static_cast<std::uint16_t>(number(CURLINFO_PRIMARY_PORT));
  o.certificate_issuer = issuer_;
  o.reused_connection = o.status != 0 && number(CURLINFO_NUM_CONNECTS) == 0;
  read_timings(o);
  o.failure = cause_of(code, o.status);
  o.failure_text = o.failure == Cause::none ? "" : error_[0] != '\0' ? error_ : curl_easy_strerror(code);
  if (o.failure == Cause::none || !headers_over_) {
    if (o.status != 0) read_answer(o);
    o.body = std::move(body_);
  } else {
    o.failure_text = "more bytes of headers than allowed";  // what came is no answer that a rule could judge
    o.body.clear();
  }
  read_headers(o);
  if (body_over_) o.failure_text = "body over the cap";
  if (blocked_ && o.failure == Cause::blocked_address) o.failure_text = "the address may not be probed";
  body_.clear();
  if (body_.capacity() > kKeptCapacity) body_.shrink_to_fit();
  o.size = o.body.size();
  o.digest = o.body.empty() ? "" : "sha256:" + hex(sha256(o.body));
}

}  // namespace embargod
