#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "config/types/clock.h"
#include "probes/prober.h"
#include "probes/resolver.h"

namespace embargod {

struct HttpProberSettings {
  Millis timeout{10'000};            // one absolute deadline per probe, redirects included
  std::size_t max_body = 8U << 20U;  // decoded bytes
  std::size_t max_header_bytes = 64U << 10U;
  int max_hops = 5;
  HostPolicy per_host;
  std::vector<std::string> allow_addresses;  // CIDRs of non-public ranges that may be probed
  std::string proxy;                         // "" = none; the environment's is ignored
  std::string user_agent;                    // "embargod/0.1.0 (+mailto:publications@example.org)"
  std::string ca_file;                       // PEM bundle; "" = the system's
  // Null: the system's resolver, which only the routes to a chosen address ask. One that is given decides for every
  // look: plain ones too go to its first address, and where it has none wherever libcurl finds the host.
  std::shared_ptr<Resolver> resolver;
};

[[nodiscard]] HttpProberSettings prober_settings(const Polling& p, const std::string& user_agent);

/// One libcurl multi handle on epoll, pooled easy handles, own redirect walk, a budget per host. Every request is a
/// whole, unconditional GET (no Range, no If-None-Match: a validator may lie) of the scheme that is written (no HSTS),
/// without cookies and without Cache-Control: what anybody gets, from whatever cache. The timeout runs from the moment
/// a request leaves the budget's queue. A 429 or 503 with Retry-After holds the whole site, for an hour at most. With a
/// proxy, the proxy resolves the names: `allow_addresses` then guards only hosts that are written as an address, and
/// where else probes may go is the proxy's to restrict, and no address can be chosen (no_route). Where one must be
/// chosen, the look waits for the host's addresses before it queues, for `timeout` at most, and without them is
/// unknown, `dns`. A bypass look tells its URLs without the query that was added. `clock` must run: a clock that stands
/// still never ends a wait(). Error unavailable: libcurl or epoll could not be set up; invalid_input: a CIDR that does
/// not parse.
[[nodiscard]] Result<std::unique_ptr<Prober>> make_http_prober(const HttpProberSettings& settings, const Clock& clock);

}  // namespace embargod
