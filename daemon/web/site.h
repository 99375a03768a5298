#pragma once
// From a request to its reply: the table of routes and what stands behind each. Any thread.

#include <optional>
#include <string>

#include "daemon/web/ack_page.h"
#include "daemon/web/message.h"
#include "daemon/web/pages.h"
#include "daemon/web/post_rules.h"
#include "daemon/web/server.h"

namespace embargod {

class Site {
 public:
  enum class Offer { everything, metrics_only };

  Site(WebDoors doors, const WebServer::Setup& setup, Offer offer);

  [[nodiscard]] WebReply answer(const WebRequest& q);

 private:
  using Handler = WebReply (Site::*)(const WebRequest& q, const std::string& id);
  struct Route {
    const char* path;    // "*" stands for one id, "**" for a target's: release/name
    const char* method;  // "GET" answers HEAD too
    Handler handler;
    Offer offer;  // the least that includes it
  };
  static const std::vector<Route>& routes();

  WebReply metrics(const WebRequest& q, const std::string& id);
  WebReply healthy(const WebRequest& q, const std::string& id);
  WebReply ready(const WebRequest& q, const std::string& id);
  WebReply reload(const WebRequest& q, const std::string& id);
  WebReply api_releases(const WebRequest& q, const std::string& id);
  WebReply api_incidents(const WebRequest& q, const std::string& id);
  WebReply api_incident(const WebRequest& q, const std::string& id);
  WebReply api_targets(const WebRequest& q, const std::string& id);
  WebReply api_blind(const WebRequest& q, const std::string& id);
  WebReply api_schedule(const WebRequest& q, const std::string& id);
  WebReply api_schedule_sources(const WebRequest& q, const std::string& id);
  WebReply api_schedule_lint(const WebRequest& q, const std::string& id);
  WebReply api_discovery(const WebRequest& q, const std::string& id);
  WebReply api_revisions(const WebRequest& q, const std::string& id);
  WebReply api_report(const WebRequest& q, const std::string& id);
  WebReply acknowledge(const WebRequest& q, const std::string& id);
  WebReply dismiss(const WebRequest& q, const std::string& id);
  WebReply close(const WebRequest& q, const std::string& id);
  WebReply note(const WebRequest& q, const std::string& id);
  WebReply decide(const WebRequest& q, const std::string& id);
  WebReply lift(const WebRequest& q, const std::string& id);
  WebReply test_alert(const WebRequest& q, const std::string& id);
  WebReply api_drills(const WebRequest& q, const std::string& id);
  WebReply api_drill(const WebRequest& q, const std::string& id);
  WebReply begin_drill(const WebRequest& q, const std::string& id);
  WebReply page_drills(const WebRequest& q, const std::string& id);
  WebReply api_rehearsals(const WebRequest& q, const std::string& id);
  WebReply plan_rehearsal(const WebRequest& q, const std::string& id);
  WebReply cancel_rehearsal(const WebRequest& q, const std::string& id);
  WebReply page_rehearsals(const WebRequest& q, const std::string& id);
  WebReply approve_baseline(const WebRequest& q, const std::string& id);
  WebReply api_draft(const WebRequest& q, const std::string& id);
  WebReply write_draft(const WebRequest& q, const std::string& id);
  WebReply mark_report(const WebRequest& q, const std::string& id);
  WebReply api_impact(const WebRequest& q, const std::string& id);
  WebReply count_impact(const WebRequest& q, const std::string& id);
  WebReply page_releases(const WebRequest& q, const std::string& id);
  WebReply page_incidents(const WebRequest& q, const std::string& id);
  WebReply page_incident(const WebRequest& q, const std::string& id);
  WebReply page_calendars(const WebRequest& q, const std::string& id);
  WebReply page_lint(const WebRequest& q, const std::string& id);
  WebReply page_runbook(const WebRequest& q, const std::string& id);
  WebReply ack_link(const WebRequest& q, const std::string& token);
  WebReply stylesheet(const WebRequest& q, const std::string& id);

  WebReply api_release(const std::string& id);
  WebReply api_rehearsal(int status, const std::string& id);
  [[nodiscard]] std::string rehearsal_under_way() const;  // for people; empty: none
  [[nodiscard]] std::optional<DrillRecord> drill(const std::string& id);
  WebReply acknowledge_drill(const WebRequest& q, const std::string& id);
  WebReply api_target(const std::string& id);
  WebReply run_command(const WebRequest& q, Command::What what, const std::string& id);
  WebReply acknowledge_by_link(const AckClaim& claim, const AckForm& form);
  WebReply drill_link(const WebRequest& q, const AckClaim& claim, const DrillRecord& d);
  [[nodiscard]] WebReply ack_link_page(AckState state, const Incident* incident, const std::string& receiver,
                                       const std::string& fault) const;
  [[nodiscard]] PageFrame frame(const std::string& zone = {}) const;  // empty: the site's own
  WebReply refusal(const Fault& f) const;
  WebReply not_found(const WebRequest& q, const std::string& what) const;

  WebDoors doors_;
  Offer offer_;
  PostRules rules_;
  std::string zone_;
  Producer producer_;
  std::string version_;
};

}  // namespace embargod
