#include "daemon/ctl/scenario_prober.h"

#include <algorithm>
#include <set>

#include "config/types/digest.h"
#include "probes/answer.h"
#include "probes/redirect.h"

namespace embargod {
namespace {

constexpr Millis kLatency{80};
constexpr int kMaxHops = 5;

}  // namespace

ScenarioProber::ScenarioProber(const Scenario& scenario, VirtualClock& clock) : scenario_{scenario}, clock_{clock} {
  for (const ScenarioAnswer& a : scenario.answers) answers_[a.url].push_back(&a);
}

ScenarioProber::Hop ScenarioProber::answer_at(const std::string& url, Instant t) const {
  const auto it = answers_.find(url);
  if (it == answers_.end()) return {nullptr, kLatency};
  const auto& list = it->second;
  const auto next =
      std::find_if(list.begin(), list.end(), [&](const ScenarioAnswer* a) { return scenario_.start + a->at > t; });
  if (next == list.begin()) return {nullptr, kLatency};
  const ScenarioAnswer* a = *std::prev(next);
  const Millis usual = a->error == Cause::timeout ? scenario_.settings.polling.timeout : kLatency;
  return {a, a->latency.value_or(usual)};
}

void ScenarioProber::fill(Observation& o, const Hop& hop) const {
  o.headers.clear();
  if (hop.answer == nullptr) {
    o.status = 404;
    o.body = "<!DOCTYPE html><title>Page not found</title>";
    o.headers = {{"Content-Type", "text/html"}};
    return;
  }
  const ScenarioAnswer& a = *hop.answer;
  o.body.clear();
  if (a.error) o.failure = *a.error;
  if (a.error && *a.error != Cause::truncated && *a.error != Cause::too_large) return;
  o.status = a.status;
  o.body = a.body;
  o.headers = a.headers;
  if (find_header(o, "Content-Type") == nullptr) o.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
}

void ScenarioProber::start(ProbeRequest request) {
  ++looks_;
  Observation o;
  o.token = request.token;
  o.target = request.target;
  o.url = request.url.text;
  o.sent = clock_.now();
  o.sent_ticks = clock_.ticks();
  o.http_version = "1.1";
  o.remote_ip = "192.0.2.1";
  o.remote_port = request.url.port;
  o.reused_connection = request.connection == Connection::reuse;

  Url current = request.url;
  std::set<std::string> visited;
  Millis took{0};
  for (;;) {
    visited.insert(current.text);
    const Hop hop = answer_at(current.text, o.sent + took);
    took += hop.latency;
    fill(o, hop);
    const std::string* location = find_header(o, "Location");
    if (o.failure != Cause::none || !is_redirect(o.status) || location == nullptr) break;
    o.hops.push_back({o.status, *location});
    const auto next = resolve(current, *location);
    if (!next || !same_site(current, *next))
      o.failure = Cause::redirect_elsewhere;
    else if (visited.contains(next->text) || static_cast<int>(o.hops.size()) > kMaxHops)
      o.failure = Cause::redirect_loop;
    if (o.failure != Cause::none) break;
    current = *next;
  }
  o.final_url = current.text;
  o.size = o.body.size();
  if (!o.body.empty()) o.digest = "sha256:" + hex(sha256(o.body));
  o.done = o.sent + took;
  o.done_ticks = o.sent_ticks + took;
  o.clock_error = clock_.uncertainty();
  o.timings.total = took;
  read_headers(o);
  finished_.emplace(o.done_ticks, std::move(o));
}

std::vector<Observation> ScenarioProber::wait(Millis up_to) {
  const Millis end = clock_.ticks() + std::max(Millis{0}, up_to);
  const Millis to = finished_.empty() ? end : std::min(end, std::max(finished_.begin()->first, clock_.ticks()));
  clock_.advance(to - clock_.ticks());
  std::vector<Observation> done;
  while (!finished_.empty() && finished_.begin()->first <= clock_.ticks()) {
    done.push_back(std::move(finished_.begin()->second));
    finished_.erase(finished_.begin());
  }
  return done;
}

}  // namespace embargod
