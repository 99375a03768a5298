#pragma once
// The HTTP door: API, pages, metrics and the /-/ endpoints (design.md 5.3), on `web.listen`; metrics and /-/ alone,
// with a port and a pool of their own, on `web.metrics_listen`.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alerts/ack_link.h"
#include "config/lint_report.h"
#include "config/settings.h"
#include "config/types/clock.h"
#include "config/types/result.h"
#include "daemon/watch/command.h"
#include "daemon/watch/discovery_watch.h"
#include "daemon/watch/log.h"
#include "daemon/watch/store.h"
#include "daemon/web/guard.h"

namespace embargod {

/// Each text is one line for people.
struct Health {
  bool healthy = true;
  std::string healthy_text = "healthy";
  bool ready = false;
  std::string ready_text = "starting";
};

/// As asked: `format` and `form` are words that the report part knows or refuses (invalid_input).
struct WebReportRequest {
  std::vector<std::string> incidents;  // not empty; ids are well-formed
  std::string format = "html";
  std::string form = "full";
};

struct RenderedReport {
  std::string type;  // Content-Type
  std::string body;
  std::string file_name;    // suggested; [A-Za-z0-9._-]
  bool is_to_keep = false;  // browsers save it instead of showing it
};

/// What a receiver answered to a test alert.
struct AlertTrial {
  std::string receiver;
  std::string outcome;  // accepted, retried (not now), rejected
  std::string detail;   // one line
  Millis took{0};
};

/// What the web reaches the rest of the daemon through. All are called by several threads at once.
struct WebDoors {
  StoreReader& reader;
  Commands& commands;
  const Clock& clock;
  Log& log;
  std::function<std::string()> metrics;  // text format 0.0.4
  std::function<Health()> health;
  std::function<Checked<void>()> reload;  // false: nothing was changed
  std::function<Result<RenderedReport>(const WebReportRequest&)> report;
  std::function<std::shared_ptr<const LintReport>()> lint;    // null: nothing was linted yet
  std::function<std::vector<ListingStatus>()> listings = {};  // empty: there are none
  /// Blocks for up to 15 s. Errors: not_found, busy, unavailable.
  std::function<Result<AlertTrial>(const std::string& receiver, const std::string& by)> test_alert = {};
  Drills* drills = nullptr;  // null: there are none here
  /// Whose link it is. Error not_found: none of ours. Empty, or links are switched off: none is.
  std::function<Result<AckClaim>(const std::string& token)> ack_link = {};
};

class WebServer {
 public:
  /// For a scraper or two.
  [[nodiscard]] static GuardLimits small_pool() {
    GuardLimits limits;
    limits.threads = 3;
    limits.clients = 16;
    return limits;
  }

  struct Setup {
    WebSettings web;
    std::string zone = "Europe/London";  // for local times that have no zone of their own
    Producer producer;                   // whom to tell
    std::string version;
    GuardLimits limits;
    GuardLimits metrics_limits = small_pool();
  };

  WebServer(Setup setup, WebDoors doors);
  ~WebServer();  // stops
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  /// Binds every address, then serves. Returns them with their real ports, those of `listen` first; each is logged as
  /// msg=listening. Errors: busy if somebody listens there; invalid_input, io. Nothing is served after an error.
  [[nodiscard]] Result<std::vector<std::string>> start();

  /// Returns when no handler runs any more: at once for idle and slow clients; commands wait at most 5 s. Twice is
  /// fine.
  void stop();

 private:
  class Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace embargod
