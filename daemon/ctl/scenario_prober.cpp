#include "daemon/ctl/scenario_prober.h"

#include <algorithm>
#include <set>

#include "config/types/digest.h"
#include "probes/answer.h"
#include "probes/redirect.h"

namespace embargod {
namespace {

constexpr int kMaxHops = 5;

void fill(Observation& o, PlayedAnswer a) {
  o.headers.clear();
  o.body.clear();
  o.status = 0;
  o.certificate_issuer = std::move(a.certificate_issuer);
  if (a.error) o.failure = *a.error;
  if (a.error && *a.error != Cause::truncated && *a.error != Cause::too_large) return;
  o.status = a.status;
  o.headers = std::move(a.headers);
  o.body = std::move(a.body);
}

}  // namespace

// ---- virtual time ----

Observation VirtualTimeProber::begin(const ProbeRequest& request) const {
  Observation o;
  o.token = request.token;
  o.target = request.target;
  o.url = request.url.text;
  o.final_url = request.url.text;
  o.route = request.route;
  o.reused_connection = request.route == Route::plain;
  o.sent = clock_.now();
  o.sent_ticks = clock_.ticks();
  return o;
}

void VirtualTimeProber::finish(Observation o, Millis took) {
  o.done = o.sent + took;
  o.done_ticks = o.sent_ticks + took;
  o.clock_error = clock_.uncertainty();
  o.timings.total = took;
  finished_.emplace(o.done_ticks, std::move(o));
}

std::vector<Observation> VirtualTimeProber::wait(Millis up_to) {
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

// ---- answers ----

void ScenarioProber::start(ProbeRequest request) {
  Observation o = begin(request);
  const auto address = web_.address(request.url, request.route);
  if (!address) {
    o.no_route = true;
    finish(std::move(o), Millis{0});
    return;
  }
  o.http_version = "1.1";
  o.remote_ip = *address;
  o.remote_port = request.url.port;

  Url current = request.url;
  std::set<std::string> visited;
  Millis took{0};
  for (;;) {
    visited.insert(current.text);
    PlayedAnswer a = web_.ask(
        {.url = current, .route = request.route, .headers = {{"User-Agent", "embargod"}, {"Accept-Encoding", "gzip"}}},
        o.sent_ticks + took);
    took += a.latency;
    fill(o, std::move(a));
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
  read_headers(o);
  finish(std::move(o), took);
}

}  // namespace embargod
