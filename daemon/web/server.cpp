#include "daemon/web/server.h"

#include <unistd.h>

#include <array>

#include "config/types/url.h"
#include "daemon/web/site.h"

namespace embargod {
namespace {

/// The names under which people may call us, beside loopback and the address itself.
std::vector<std::string> known_hosts(const WebSettings& web, const std::vector<std::string>& listen) {
  std::vector<std::string> names;
  if (const auto url = parse_url(web.external_url)) names.push_back(url->host);
  for (const auto& address : listen) {
    const std::string host = host_of(address);
    if (host.empty() || host == "0.0.0.0" || host == "::") {
      std::array<char, 256> own{};
      if (::gethostname(own.data(), own.size() - 1) == 0) names.push_back(host_of(own.data()));
    } else {
      names.push_back(host);
    }
  }
  std::erase(names, std::string{});
  return names;
}

HardServer::Setup guard_setup(const char* name, const WebSettings& web, const std::vector<std::string>& listen,
                              Site& site, const GuardLimits& limits) {
  return {.name = name,
          .known_hosts = known_hosts(web, listen),
          .handler = [&site](const WebRequest& q) { return site.answer(q); },
          .limits = limits};
}

}  // namespace

class WebServer::Parts {
 public:
  Parts(const Setup& setup, const WebDoors& doors)
      : web{setup.web},
        log{doors.log},
        site{doors, setup, Site::Offer::everything},
        metrics_site{doors, setup, Site::Offer::metrics_only},
        server{guard_setup("web", web, web.listen, site, setup.limits), doors.clock, log},
        metrics_server{guard_setup("metrics", web, web.metrics_listen, metrics_site, setup.metrics_limits), doors.clock,
                       log} {}

  Result<void> bind(HardServer& to, const std::vector<std::string>& addresses, const char* key) {
    for (const auto& address : addresses) {
      auto real = to.listen_on(address);
      if (!real) {
        Fault f = real.error();
        f.where = std::string{key} + " " + f.where;
        return tl::unexpected{f};
      }
      bound.push_back(*real);
      log.info("listening", {{"address", *real}, {"for", key}});
    }
    return {};
  }

  WebSettings web;
  Log& log;
  Site site;
  Site metrics_site;
  HardServer server;
  HardServer metrics_server;
  std::vector<std::string> bound;
};

WebServer::WebServer(Setup setup, WebDoors doors) : parts_{std::make_unique<Parts>(setup, doors)} {}

WebServer::~WebServer() { stop(); }

Result<std::vector<std::string>> WebServer::start() {
  Parts& p = *parts_;
  auto done = p.bind(p.server, p.web.listen, "web.listen");
  if (done) done = p.bind(p.metrics_server, p.web.metrics_listen, "web.metrics_listen");
  if (done) done = p.server.start();
  if (done && !p.web.metrics_listen.empty()) done = p.metrics_server.start();
  if (!done) {
    stop();
    return tl::unexpected{done.error()};
  }
  return p.bound;
}

void WebServer::stop() {
  parts_->server.stop();
  parts_->metrics_server.stop();
}

}  // namespace embargod
