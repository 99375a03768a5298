#pragma once
// A site that a test plays: what each URL answers from an instant on. Moves the test's clock while the engine waits.

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "config/types/digest.h"
#include "probes/prober.h"
#include "tests/support/fake_clock.h"

namespace embargod {

struct ScriptedAnswer {
  int status = 404;  // 0 = no answer
  std::string body = "nothing here";
  Cause failure = Cause::none;
  std::optional<Seconds> age = std::nullopt;
  Headers headers = {};
  std::string issuer = {};    // of the certificate
  std::string location = {};  // the answer came from there by a redirect; with `failure`: it was not followed
};

inline ScriptedAnswer live_answer() { return {.status = 200, .body = "<h1>figures</h1>"}; }
inline ScriptedAnswer no_answer(Cause why = Cause::timeout) { return {.status = 0, .body = "", .failure = why}; }

class ScriptedProber final : public Prober {
 public:
  explicit ScriptedProber(FakeClock& clock, Millis latency = Millis{80}) : clock_{clock}, latency_{latency} {}

  /// From `at` on, `url` answers so; before its first answer 404.
  void answer(const std::string& url, Instant at, ScriptedAnswer a) { script_[url][at] = std::move(a); }

  /// What only this way shows; the others see what answer() says. It makes the way exist.
  void answer_by(Route way, const std::string& url, Instant at, ScriptedAnswer a) {
    script_[key(way, url)][at] = std::move(a);
  }
  /// What every address answers that has no script of its own.
  void everywhere(Instant at, ScriptedAnswer a) { script_["*"][at] = std::move(a); }

  void start(ProbeRequest r) override {
    asked.push_back({r.route, r.url.text, clock_.now()});
    largest_body = std::max(largest_body, r.max_body);
    in_flight_.push_back({std::move(r), clock_.now(), clock_.ticks()});
    ++started;
  }

  [[nodiscard]] std::vector<Observation> wait(Millis up_to) override {
    std::vector<Observation> out;
    Millis step = up_to;
    for (const Flight& f : in_flight_) step = std::min(step, std::max(Millis{0}, f.ticks + latency_ - clock_.ticks()));
    clock_.advance(step);
    for (auto it = in_flight_.begin(); it != in_flight_.end();) {
      if (it->ticks + latency_ > clock_.ticks()) {
        ++it;
        continue;
      }
      out.push_back(observe_url(*it));
      it = in_flight_.erase(it);
    }
    return out;
  }

  void wake() override {}
  [[nodiscard]] std::size_t pending() const override { return in_flight_.size(); }

  struct Asked {
    Route way;
    std::string url;
    Instant at;
  };
  std::vector<Asked> asked;
  int started = 0;
  std::size_t largest_body = 0;  // that was asked for

 private:
  struct Flight {
    ProbeRequest request;
    Instant sent;
    Millis ticks;
  };

  static std::string key(Route way, const std::string& url) {
    return way == Route::plain || way == Route::fresh ? url : std::string{to_string(way)} + " " + url;
  }

  [[nodiscard]] ScriptedAnswer answer_to(const Flight& f) const {
    for (const std::string& name : {key(f.request.route, f.request.url.text), f.request.url.text, std::string{"*"}}) {
      const auto s = script_.find(name);
      if (s == script_.end()) continue;
      const auto it = s->second.upper_bound(f.sent + latency_ / 2);
      if (it != s->second.begin()) return std::prev(it)->second;
    }
    return {};
  }

  [[nodiscard]] bool is_way(const ProbeRequest& r) const {
    switch (r.route) {
      case Route::plain:
      case Route::fresh:
      case Route::bypass:
        return true;
      case Route::other_address:
      case Route::ipv4:
      case Route::ipv6:
        return script_.contains(key(r.route, r.url.text));
    }
    return false;
  }

  static const char* address_of(Route way) {
    if (way == Route::ipv6) return "2001:db8::1";
    return way == Route::other_address ? "192.0.2.2" : "192.0.2.1";
  }

  [[nodiscard]] Observation observe_url(const Flight& f) const {
    const ScriptedAnswer a = answer_to(f);
    Observation o;
    o.token = f.request.token;
    o.target = f.request.target;
    o.route = f.request.route;
    o.no_route = !is_way(f.request);
    o.remote_ip = address_of(o.route);
    o.url = o.final_url = f.request.url.text;
    o.sent = f.sent;
    o.done = f.sent + latency_;
    o.sent_ticks = f.ticks;
    o.done_ticks = f.ticks + latency_;
    o.clock_error = clock_.uncertainty();
    o.status = a.status;
    o.body = a.body;
    o.size = a.body.size();
    if (!a.body.empty()) o.digest = "sha256:" + hex(sha256(a.body));
    o.failure = a.failure;
    o.age = a.age;
    o.headers = a.headers;
    o.certificate_issuer = a.issuer;
    if (!a.location.empty()) o.hops.push_back({301, a.location});
    if (!a.location.empty() && a.failure == Cause::none) o.final_url = a.location;
    return o;
  }

  FakeClock& clock_;
  Millis latency_;
  std::map<std::string, std::map<Instant, ScriptedAnswer>> script_;
  std::vector<Flight> in_flight_;
};

}  // namespace embargod
