#include "probes/http_prober.h"

#include <algorithm>
#include <list>
#include <map>
#include <optional>
#include <random>
#include <unordered_map>
#include <utility>

#include "probes/answer.h"
#include "probes/curl_handle.h"
#include "probes/curl_loop.h"
#include "probes/host_budget.h"
#include "probes/redirect.h"
#include "probes/route.h"

namespace embargod {
namespace {

constexpr Millis kAskResolverAgain{10};

std::uint64_t random_salt() {
  std::random_device source;
  return (static_cast<std::uint64_t>(source()) << 32U) | source();
}

/// A request whose host's addresses are being looked up.
struct Unrouted {
  ProbeRequest request;
  Millis deadline{0};
};

/// A request that waits for its site's budget.
struct Queued {
  ProbeRequest request;
  std::string pin;  // the address to connect to; "" = free
};

/// One probe in flight, over all its hops. Pooled with its handle.
struct Transfer {
  std::unique_ptr<CurlHandle> handle;
  ProbeRequest request;
  std::string pin;     // holds on every hop: a walk never leaves its host
  std::string bypass;  // the query that is added on the wire; "" = none
  std::string site;
  Url current;  // the hop under way, without that query
  std::vector<std::string> visited;
  Observation seen;
  Millis deadline{0};
  std::list<Transfer>::iterator self;
};

class HttpProber final : public Prober {
 public:
  HttpProber(const HttpProberSettings& settings, const Clock& clock, CurlSetup setup, std::unique_ptr<CurlLoop> loop)
      : settings_{settings},
        clock_{clock},
        setup_{std::move(setup)},
        resolver_{settings.resolver ? settings.resolver : make_system_resolver()},
        salt_{random_salt()},
        budget_{settings.per_host},
        loop_{std::move(loop)} {}

  ~HttpProber() override {
    for (Transfer& t : active_) loop_->remove(t.handle->raw());
  }

  void start(ProbeRequest request) override {
    if (!needs_address(request.route)) return enqueue(std::move(request), {});
    const Millis now = clock_.ticks();
    unrouted_.push_back({std::move(request), now + settings_.timeout});
    find_routes(now);
  }

  std::vector<Observation> wait(Millis up_to) override {
    const Millis end = clock_.ticks() + up_to;
    for (bool turned = false, woken = false;; turned = true) {
      const Millis now = clock_.ticks();
      expire(now);
      find_routes(now);
      launch(now);
      if (!finished_.empty() || woken || (turned && now >= end)) break;
      woken = loop_->turn(std::max(Millis{0}, next_event(now, end) - now));
      for (const Completion& c : loop_->completions()) on_complete(c);
    }
    return std::exchange(finished_, {});
  }

  void wake() override { loop_->wake(); }

  std::size_t pending() const override { return unrouted_.size() + queued_.size() + active_.size() + finished_.size(); }

 private:
  Millis next_event(Millis now, Millis end) const {
    Millis next = end;
    if (!active_.empty()) next = std::min(next, active_.front().deadline);
    if (const auto start = budget_.next_start(now)) next = std::min(next, *start);
    if (!unrouted_.empty()) next = std::min(next, now + kAskResolverAgain);
    return next;
  }

  bool needs_address(Route route) const {
    const bool chosen = route == Route::other_address || route == Route::ipv4 || route == Route::ipv6;
    return chosen || (settings_.resolver && settings_.proxy.empty());
  }

  std::optional<HostAddresses> addresses_of(const std::string& host, Millis now) {
    if (!settings_.proxy.empty()) return HostAddresses{};  // the proxy chooses
    if (family_of(host) != Family::none) return HostAddresses{{host}, {}};
    return resolver_->addresses(host, now);
  }

  void find_routes(Millis now) {
    for (auto u = unrouted_.begin(); u != unrouted_.end();) {
      auto known = addresses_of(u->request.url.host, now);
      if (!known && now < u->deadline) {
        ++u;
        continue;
      }
      ProbeRequest request = std::move(u->request);
      u = unrouted_.erase(u);
      if (!known) known = HostAddresses{{}, "the resolver did not answer in time"};
      if (known->failure.empty()) {
        take_route(std::move(request), known->list);
      } else {
        answer_unasked(request, Cause::dns, known->failure);
      }
    }
  }

  void take_route(ProbeRequest request, const std::vector<std::string>& addresses) {
    const auto newest = newest_plain_.find(request.url.site());
    Pin pin = pin_for(request.route, addresses, newest == newest_plain_.end() ? "" : newest->second, setup_.policy);
    if (pin.kind == Pin::Kind::no_route) return answer_unasked(request, Cause::none, {});
    if (pin.kind == Pin::Kind::denied)
      return answer_unasked(request, Cause::blocked_address, "the address may not be probed");
    enqueue(std::move(request), std::move(pin.address));
  }

  void enqueue(ProbeRequest request, std::string pin) {
    const HostBudget::Ticket ticket = next_ticket_++;
    budget_.enqueue(request.url.site(), request.urgency, ticket);
    queued_.emplace(ticket, Queued{std::move(request), std::move(pin)});
  }

  /// Nothing left this machine. Without a cause: there is no such route.
  void answer_unasked(const ProbeRequest& request, Cause cause, const std::string& why) {
    Observation o = blank(request, clock_.ticks());
    o.no_route = cause == Cause::none;
    o.failure = cause;
    o.failure_text = why;
    o.final_url = o.url;
    o.done = o.sent;
    o.done_ticks = o.sent_ticks;
    o.clock_error = clock_.uncertainty();
    finished_.push_back(std::move(o));
  }

  Observation blank(const ProbeRequest& request, Millis now) const {
    Observation o;
    o.token = request.token;
    o.target = request.target;
    o.url = request.url.text;
    o.route = request.route;
    o.sent = clock_.now();
    o.sent_ticks = now;
    return o;
  }

  void launch(Millis now) {
    while (const auto ticket = budget_.next(now)) {
      auto node = queued_.extract(*ticket);
      begin(std::move(node.mapped()), now);
    }
  }

  /// All probes have the same timeout, so active_ is in order of deadlines.
  void expire(Millis now) {
    while (!active_.empty() && active_.front().deadline <= now) {
      Transfer& t = active_.front();
      loop_->remove(t.handle->raw());
      t.handle->harvest(CURLE_OPERATION_TIMEDOUT, t.seen);
      if (t.seen.failure_text.empty()) t.seen.failure_text = "no complete answer in time";
      finish(t);
    }
  }

  void begin(Queued next, Millis now) {
    if (idle_.empty()) {
      idle_.emplace_back();
      idle_.back().self = std::prev(idle_.end());
    }
    active_.splice(active_.end(), idle_, idle_.begin());
    Transfer& t = active_.back();
    t.request = std::move(next.request);
    t.pin = std::move(next.pin);
    t.bypass = t.request.route == Route::bypass ? unseen_query(salt_, t.request.token) : std::string{};
    t.site = t.request.url.site();
    t.current = t.request.url;
    t.visited.clear();
    t.deadline = now + settings_.timeout;
    t.seen = blank(t.request, now);
    if (!t.handle) {
      auto handle = CurlHandle::make(setup_, &t);
      if (!handle) return give_up(t, Cause::connect, handle.error().what);
      t.handle = std::move(*handle);
    }
    t.handle->allow_body(t.request.max_body);
    begin_hop(t);
  }

  void begin_hop(Transfer& t) {
    t.visited.push_back(t.current.text);
    // Behind a proxy no socket of ours opens to the host, so at least an address that is written out is looked at here.
    if (setup_.policy.denies_literal(t.current.host))
      return give_up(t, Cause::blocked_address, "the address may not be probed");
    const Url wire = t.bypass.empty() ? t.current : with_query(t.current, t.bypass);
    if (!t.handle->prepare(wire, t.request.route, t.pin))
      return give_up(t, Cause::connect, "libcurl cannot take this URL");
    if (!loop_->add(t.handle->raw())) give_up(t, Cause::connect, "libcurl took no further transfer");
  }

  void on_complete(const Completion& c) {
    Transfer* t = nullptr;
    curl_easy_getinfo(c.easy, CURLINFO_PRIVATE, &t);
    loop_->remove(c.easy);
    t->handle->harvest(c.code, t->seen);
    if (t->seen.status != 0 && !t->pin.empty() && !same_address(t->seen.remote_ip, t->pin))
      return give_up(*t, Cause::reset, "another address answered than the one asked for");
    // Of a redirect the headers are all that counts: one with an endless body is still a redirect.
    const bool whole = t->seen.failure == Cause::none || (t->seen.failure == Cause::too_large && !t->seen.body.empty());
    const std::string* location = find_header(t->seen, "Location");
    if (whole && is_redirect(t->seen.status) && location != nullptr) return redirect(*t, *location);
    finish(*t);
  }

  void redirect(Transfer& t, const std::string& sent_location) {
    const std::string location = t.bypass.empty() ? sent_location : without_query(sent_location, t.bypass);
    t.seen.hops.push_back({t.seen.status, location});
    t.seen.failure = Cause::none;
    t.seen.failure_text.clear();
    auto next = resolve(t.current, location);
    if (!next) return give_up(t, Cause::redirect_elsewhere, next.error().what);
    if (!same_site(t.current, *next)) return give_up(t, Cause::redirect_elsewhere, "redirect to another host");
    if (std::find(t.visited.begin(), t.visited.end(), next->text) != t.visited.end())
      return give_up(t, Cause::redirect_loop, "redirect to a URL already visited");
    if (static_cast<int>(t.seen.hops.size()) > settings_.max_hops)
      return give_up(t, Cause::redirect_loop, "more redirects than allowed");
    budget_.charge(t.site, clock_.ticks());
    t.current = std::move(*next);
    begin_hop(t);
  }

  void give_up(Transfer& t, Cause cause, const std::string& why) {
    t.seen.failure = cause;
    t.seen.failure_text = why;
    finish(t);
  }

  void finish(Transfer& t) {
    Observation& o = t.seen;
    o.done = clock_.now();
    o.done_ticks = clock_.ticks();
    o.clock_error = clock_.uncertainty();
    o.final_url = t.current.text;
    budget_.finished(t.site);
    if (o.route == Route::plain && o.status != 0 && !o.remote_ip.empty()) newest_plain_[t.site] = o.remote_ip;
    if (o.status == 429 || o.status == 503) {
      const std::string* value = find_header(o, "Retry-After");
      const auto hold = value != nullptr ? parse_retry_after(*value, o.date.value_or(o.done)) : std::nullopt;
      if (hold) budget_.hold(t.site, o.done_ticks + *hold);
    }
    finished_.push_back(std::move(o));
    idle_.splice(idle_.end(), active_, t.self);
  }

  const HttpProberSettings settings_;
  const Clock& clock_;
  const CurlSetup setup_;  // the handles borrow it
  const std::shared_ptr<Resolver> resolver_;
  const std::uint64_t salt_;
  std::list<Unrouted> unrouted_;                     // oldest first
  std::map<std::string, std::string> newest_plain_;  // by site: the address that answered
  HostBudget budget_;
  std::unordered_map<HostBudget::Ticket, Queued> queued_;
  HostBudget::Ticket next_ticket_ = 0;
  std::unique_ptr<CurlLoop> loop_;  // outlived by no transfer: see the destructor
  std::list<Transfer> active_;      // oldest first
  std::list<Transfer> idle_;
  std::vector<Observation> finished_;
};

}  // namespace

HttpProberSettings prober_settings(const Polling& p, const std::string& user_agent) {
  HttpProberSettings s;
  s.timeout = p.timeout;
  s.per_host = p.per_host;
  s.allow_addresses = p.allow_addresses;
  s.proxy = p.proxy;
  s.user_agent = user_agent;
  return s;
}

Result<std::unique_ptr<Prober>> make_http_prober(const HttpProberSettings& settings, const Clock& clock) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kReady != CURLE_OK) return fail(Errc::unavailable, "libcurl could not be set up");
  auto policy = AddressPolicy::make(settings.allow_addresses);
  if (!policy) return tl::unexpected<Fault>{policy.error()};
  auto loop = CurlLoop::make(clock, std::max(settings.per_host.connections, 1));
  if (!loop) return tl::unexpected<Fault>{loop.error()};
  CurlSetup setup;
  setup.max_body = std::max<std::size_t>(settings.max_body, 1);
  setup.max_header_bytes = settings.max_header_bytes;
  setup.connect_timeout = settings.timeout;
  setup.proxy = settings.proxy;
  setup.user_agent = settings.user_agent;
  setup.ca_file = settings.ca_file.empty() ? find_ca_file() : settings.ca_file;
  setup.policy = std::move(*policy);
  return std::make_unique<HttpProber>(settings, clock, std::move(setup), std::move(*loop));
}

}  // namespace embargod
