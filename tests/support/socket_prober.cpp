#include "tests/support/socket_prober.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "probes/answer.h"
#include "probes/http_prober.h"
#include "probes/redirect.h"
#include "probes/resolver.h"

namespace embargod {
namespace {

constexpr Millis kHealthyTimeout{20'000};
constexpr std::size_t kMaxBody = std::size_t{1} << 20U;
constexpr const char* kHttpPath = "/~http";
constexpr int kIdleTurns = 20;

/// Without the query that the prober adds to pass caches by.
std::string without_bypass(std::string target) {
  const std::size_t at = target.find("embargod=");
  if (at == std::string::npos || at == 0) return target;
  return target.erase(at - 1);
}

}  // namespace

class SocketProber::RealClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }
  [[nodiscard]] Millis ticks() const override {
    return std::chrono::duration_cast<Millis>(std::chrono::steady_clock::now().time_since_epoch());
  }
  [[nodiscard]] Millis uncertainty() const override { return Millis{0}; }
  [[nodiscard]] bool verified() const override { return true; }
};

/// The addresses that the scenario gives a host, as loopback ones. Names under .invalid are left to the real resolver.
class SocketProber::LoopbackResolver final : public Resolver {
 public:
  explicit LoopbackResolver(SocketProber& owner) : owner_{owner} {}

  std::optional<HostAddresses> addresses(const std::string& host, Millis) override {
    if (host.ends_with(".invalid")) return HostAddresses{};
    const auto site = std::find_if(owner_.scenario_.sites.begin(), owner_.scenario_.sites.end(),
                                   [&](const ScenarioSite& s) { return s.host == host; });
    HostAddresses out;
    if (site != owner_.scenario_.sites.end())
      for (const std::string& a : site->addresses) out.list.push_back(owner_.loopback_of(a));
    if (out.list.empty()) out.list.push_back(owner_.loopback_of("192.0.2.1"));
    return out;
  }

 private:
  SocketProber& owner_;
};

SocketProber::SocketProber(const Scenario& scenario, PlayedWeb& web, VirtualClock& clock, Millis timeout)
    : VirtualTimeProber{clock},
      scenario_{scenario},
      web_{web},
      has_conditions_{std::any_of(scenario.answers.begin(), scenario.answers.end(),
                                  [](const ScenarioAnswer& a) { return a.when.has_value(); })},
      real_clock_{std::make_unique<RealClock>()},
      origin_{[this](const WireRequest& r) { return serve(r); }},
      resolver_{std::make_shared<LoopbackResolver>(*this)},
      timeout_{timeout},
      healthy_{make_prober(kHealthyTimeout)},
      erroneous_{make_prober(timeout)} {}

SocketProber::~SocketProber() = default;

std::unique_ptr<Prober> SocketProber::make_prober(Millis timeout) {
  HttpProberSettings s;
  s.timeout = timeout;
  s.max_body = kMaxBody;
  s.per_host = HostPolicy{100'000, 100'000, 64};
  s.allow_addresses = {"127.0.0.0/8", "::1/128"};
  s.user_agent = "embargod/test (+mailto:publications@example.org)";
  s.resolver = resolver_;
  auto made = make_http_prober(s, *real_clock_);
  if (made) return std::move(*made);
  std::fprintf(stderr, "socket_prober: %s\n", to_string(made.error()).c_str());
  std::abort();
}

std::string SocketProber::loopback_of(const std::string& address) {
  const auto known = loopback_.find(address);
  if (known != loopback_.end()) return known->second;
  const std::string real =
      address.find(':') != std::string::npos ? "::1" : "127.0.0." + std::to_string(10 + loopback_.size());
  loopback_[address] = real;
  origin_.listen_at(real);
  return real;
}

std::string SocketProber::played_address(const std::string& loopback, const Url& url) {
  for (const ScenarioSite& s : scenario_.sites)
    if (s.host == url.host)
      for (const std::string& a : s.addresses)
        if (loopback_of(a) == loopback) return a;
  return "192.0.2.1";
}

// ---- both names of a URL ----

std::string SocketProber::wire(const Url& url) const {
  const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  return "http://" + host + ":" + std::to_string(origin_.port()) + (url.scheme == "http" ? kHttpPath : "") +
         url.path_query;
}

std::string SocketProber::unwire(const std::string& text) const {
  const auto url = parse_url(text);
  if (!url) return text;
  std::string path = url->path_query;
  const bool is_http = path.starts_with(std::string{kHttpPath} + "/");
  if (is_http) path.erase(0, std::char_traits<char>::length(kHttpPath));
  return (is_http ? "http://" : "https://") + url->host + path;
}

ProbeRequest SocketProber::wire_request(const ProbeRequest& r, std::optional<Cause> error) const {
  ProbeRequest out = r;
  std::string url = wire(r.url);
  const std::string port = ":" + std::to_string(origin_.port());
  if (error == Cause::connect) url.replace(url.find(port), port.size(), ":" + std::to_string(origin_.closed_port()));
  if (error == Cause::dns) url.replace(url.find(port), port.size(), ".invalid" + port);
  if (error == Cause::tls) url.replace(0, 4, "https");
  if (error == Cause::blocked_address) url = "http://10.255.255.254" + r.url.path_query;
  out.url = parse_url(url).value();
  return out;
}

// ---- one look ----

PlayedAnswer SocketProber::serve(const WireRequest& r) {
  PlayedRequest asked;
  const std::string target = walk_.request.route == Route::bypass ? without_bypass(r.target) : r.target;
  asked.url = parse_url(unwire("http://" + r.host + target)).value_or(walk_.request.url);
  asked.route = walk_.request.route;
  asked.method = r.method;
  asked.headers = r.headers;
  const bool use_first = walk_.first && !has_conditions_ && asked.url.text == walk_.request.url.text;
  PlayedAnswer a = use_first ? *walk_.first : web_.ask(asked, walk_.at + walk_.took);
  walk_.first.reset();
  walk_.took += a.latency;
  walk_.issuer = a.certificate_issuer;
  if (!is_redirect(a.status)) return a;
  for (auto& [name, value] : a.headers) {
    if (!same_word(name, "Location")) continue;
    walk_.locations.push_back(value);
    if (const auto to = resolve(asked.url, value)) value = wire(*to);
  }
  return a;
}

Observation SocketProber::really(Prober& prober, ProbeRequest request) {
  ++real_looks_;
  prober.start(std::move(request));
  for (int idle = 0;; ++idle) {
    std::vector<Observation> done = prober.wait(Millis{0});
    if (!done.empty()) return std::move(done.front());
    origin_.pump(Millis{idle < kIdleTurns ? 0 : 1});
  }
}

/// Back into the scenario's names.
void SocketProber::take_home(Observation& o, const ProbeRequest& r) {
  o.url = r.url.text;
  o.final_url = o.hops.empty() ? r.url.text : unwire(o.final_url);
  for (std::size_t i = 0; i < o.hops.size() && i < walk_.locations.size(); ++i) o.hops[i].location = walk_.locations[i];
  for (auto& [name, value] : o.headers)
    if (same_word(name, "Location") && !walk_.locations.empty()) value = walk_.locations.back();
  if (!o.remote_ip.empty()) o.remote_ip = played_address(o.remote_ip, r.url);
  o.remote_port = r.url.port;
  o.certificate_issuer = walk_.issuer;
}

void SocketProber::start(ProbeRequest request) {
  const Observation dates = begin(request);
  walk_ = Walk{.request = request, .at = dates.sent_ticks, .first = {}, .took = {}, .locations = {}, .issuer = {}};
  Observation o;
  if (web_.address(request.url, request.route)) {
    PlayedAnswer first = web_.ask({.url = request.url,
                                   .route = request.route,
                                   .headers = {{"User-Agent", "embargod"}, {"Accept-Encoding", "gzip"}}},
                                  dates.sent_ticks);
    const ErrorKey key{first.from, request.url.text, request.route};
    const bool fails = first.error.has_value();
    const Millis took = first.latency;
    if (fails && errors_[key].looks >= kRealErrors) {
      o = errors_[key].last;
    } else {
      const ProbeRequest real = wire_request(request, first.error);
      walk_.first = std::move(first);
      o = really(fails ? *erroneous_ : *healthy_, real);
      take_home(o, request);
      if (fails) {
        ++errors_[key].looks;
        errors_[key].last = o;
      }
    }
    if (fails) walk_.took = took;
  } else {
    o = really(*healthy_, wire_request(request, {}));
    take_home(o, request);
  }
  // A Retry-After is obeyed in real time: the next look is another prober's, at once.
  if ((o.status == 429 || o.status == 503) && find_header(o, "Retry-After") != nullptr)
    healthy_ = make_prober(kHealthyTimeout);
  o.token = dates.token;
  o.target = dates.target;
  o.sent = dates.sent;
  o.sent_ticks = dates.sent_ticks;
  finish(std::move(o), walk_.took);
}

}  // namespace embargod
