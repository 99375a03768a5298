// The part of the site that tells where dates come from, and where embargod looks for what nobody announced.

#include <algorithm>

#include "config/lint_report.h"
#include "daemon/web/pages.h"
#include "daemon/web/schedule_api.h"
#include "daemon/web/site.h"

namespace embargod {

WebReply Site::api_schedule_sources(const WebRequest& q, const std::string&) {
  const auto calendars = doors_.reader.calendars();
  if (!calendars) return refusal(calendars.error());
  const auto releases = doors_.reader.releases();
  if (!releases) return refusal(releases.error());
  const auto asked = q.query.find("source");
  const std::string wanted = asked == q.query.end() ? std::string{} : asked->second;
  const auto json = schedule_sources_json({*calendars, *releases, doors_.clock.now()}, wanted);
  return json ? json_reply(200, *json) : refusal(json.error());
}

WebReply Site::page_calendars(const WebRequest&, const std::string&) {
  const auto calendars = doors_.reader.calendars();
  if (!calendars) return refusal(calendars.error());
  return html_reply(200, calendars_page(frame(), *calendars));
}

WebReply Site::api_discovery(const WebRequest&, const std::string&) {
  return json_reply(200, listings_json(doors_.listings ? doors_.listings() : std::vector<ListingStatus>{}));
}

WebReply Site::api_revisions(const WebRequest& q, const std::string& id) {
  const auto revisions = doors_.reader.due_revisions(id);
  if (!revisions) return refusal(revisions.error());
  if (revisions->empty()) {
    const auto releases = doors_.reader.releases();
    if (!releases) return refusal(releases.error());
    const bool is_known =
        std::any_of(releases->begin(), releases->end(), [&id](const StoredRelease& r) { return r.release.id == id; });
    if (!is_known) return not_found(q, "no such release");
  }
  return json_reply(200, revisions_json(*revisions));
}

WebReply Site::api_schedule_lint(const WebRequest&, const std::string&) {
  const auto report = doors_.lint();
  return report == nullptr ? problem(503, "the schedule was not linted yet")
                           : json_reply(200, lint_report_json(*report, -1));
}

WebReply Site::page_lint(const WebRequest&, const std::string&) {
  const auto releases = doors_.reader.releases();
  if (!releases) return refusal(releases.error());
  const auto report = doors_.lint();
  return html_reply(200, lint_page(frame(), {report.get(), *releases}));
}

}  // namespace embargod
