#include "daemon/web/site.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "config/outgoing/outgoing_schedule.h"
#include "config/text_checks.h"
#include "daemon/watch/incident_json.h"
#include "daemon/web/api.h"
#include "daemon/web/assets.h"
#include "daemon/web/pages.h"

namespace embargod {
namespace {

constexpr int kMostIncidents = 1'000;
constexpr std::size_t kMostInReport = 50;
constexpr std::size_t kLongestId = 200;  // a link in a message names an incident, a receiver and more

bool is_web_id(std::string_view s) {
  return !s.empty() && s.size() <= kLongestId && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

/// "release/name", each an id of the schedule.
bool is_target_id(std::string_view s) {
  const auto slash = s.find('/');
  return slash != std::string_view::npos && is_id(s.substr(0, slash)) && is_id(s.substr(slash + 1));
}

/// Does `path` match `pattern`, in which one segment may be "*", or two "**": a target's id? Sets `id` to what stands
/// there.
bool matches(std::string_view path, std::string_view pattern, std::string& id) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return path == pattern;
  const auto head = pattern.substr(0, star);
  const bool is_target = pattern.substr(star).starts_with("**");
  const auto tail = pattern.substr(star + (is_target ? 2 : 1));
  if (path.size() <= head.size() + tail.size() || !path.starts_with(head) || !path.ends_with(tail)) return false;
  const auto middle = path.substr(head.size(), path.size() - head.size() - tail.size());
  if (!(is_target ? is_target_id(middle) : is_web_id(middle))) return false;
  id = middle;
  return true;
}

std::string first_value(const WebRequest& q, const std::string& name, const std::string& otherwise) {
  const auto found = q.query.find(name);
  return found == q.query.end() ? otherwise : found->second;
}

bool wants_page(const WebRequest& q) {
  return !q.path.starts_with("/api/") && !q.path.starts_with("/-/") &&
         q.header("accept").find("text/html") != std::string::npos;
}

int status_of(Errc code) {
  switch (code) {
    case Errc::invalid_input:
      return 400;
    case Errc::not_found:
      return 404;
    case Errc::conflict:
      return 409;
    case Errc::busy:
    case Errc::unavailable:
      return 503;
    case Errc::unsupported:
      return 501;
    case Errc::out_of_order:
    case Errc::io:
    case Errc::corrupt:
      return 500;
  }
  return 500;
}

/// What the list of releases and its page are made of.
struct Record {
  std::vector<StoredRelease> releases;
  std::vector<TargetTrack> tracks;
  std::vector<Incident> incidents;  // newest first
};

Result<Record> read_record(StoreReader& reader) {
  auto releases = reader.releases();
  if (!releases) return tl::unexpected<Fault>{releases.error()};
  auto tracks = reader.tracks();
  if (!tracks) return tl::unexpected<Fault>{tracks.error()};
  auto incidents = reader.incidents(kMostIncidents);
  if (!incidents) return tl::unexpected<Fault>{incidents.error()};
  return Record{std::move(*releases), std::move(*tracks), std::move(*incidents)};
}

}  // namespace

Site::Site(WebDoors doors, const WebServer::Setup& setup, Offer offer)
    : doors_{std::move(doors)},
      offer_{offer},
      rules_{.external_origin = origin_of(setup.web.external_url), .behind_proxy = setup.web.behind_proxy},
      zone_{setup.zone},
      producer_{setup.producer},
      version_{setup.version} {}

const std::vector<Site::Route>& Site::routes() {
  constexpr auto kAll = Offer::everything;
  constexpr auto kMetrics = Offer::metrics_only;
  static const std::vector<Route> kRoutes{
      {"/metrics", "GET", &Site::metrics, kMetrics},
      {"/-/healthy", "GET", &Site::healthy, kMetrics},
      {"/-/ready", "GET", &Site::ready, kMetrics},
      {"/-/reload", "POST", &Site::reload, kMetrics},
      {"/-/reload", "PUT", &Site::reload, kMetrics},
      {"/api/v1/releases", "GET", &Site::api_releases, kAll},
      {"/api/v1/incidents", "GET", &Site::api_incidents, kAll},
      {"/api/v1/incidents/*", "GET", &Site::api_incident, kAll},
      {"/api/v1/targets", "GET", &Site::api_targets, kAll},
      {"/api/v1/blind", "GET", &Site::api_blind, kAll},
      {"/api/v1/schedule", "GET", &Site::api_schedule, kAll},
      {"/api/v1/schedule/sources", "GET", &Site::api_schedule_sources, kAll},
      {"/api/v1/schedule/lint", "GET", &Site::api_schedule_lint, kAll},
      {"/api/v1/discovery", "GET", &Site::api_discovery, kAll},
      {"/api/v1/releases/*/revisions", "GET", &Site::api_revisions, kAll},
      {"/api/v1/report", "GET", &Site::api_report, kAll},
      {"/api/v1/incidents/*/ack", "POST", &Site::acknowledge, kAll},
      {"/api/v1/incidents/*/dismiss", "POST", &Site::dismiss, kAll},
      {"/api/v1/incidents/*/close", "POST", &Site::close, kAll},
      {"/api/v1/incidents/*/note", "POST", &Site::note, kAll},
      {"/api/v1/incidents/*/decide", "POST", &Site::decide, kAll},
      {"/api/v1/report/mark", "POST", &Site::mark_report, kAll},
      {"/api/v1/incidents/*/draft", "GET", &Site::api_draft, kAll},
      {"/api/v1/incidents/*/draft", "POST", &Site::write_draft, kAll},
      {"/api/v1/incidents/*/impact", "GET", &Site::api_impact, kAll},
      {"/api/v1/incidents/*/impact", "POST", &Site::count_impact, kAll},
      {"/api/v1/releases/*/lift", "POST", &Site::lift, kAll},
      {"/api/v1/targets/**/baseline", "POST", &Site::approve_baseline, kAll},
      {"/api/v1/alerts/test", "POST", &Site::test_alert, kAll},
      {"/api/v1/drills", "GET", &Site::api_drills, kAll},
      {"/api/v1/drills", "POST", &Site::begin_drill, kAll},
      {"/api/v1/drills/*", "GET", &Site::api_drill, kAll},
      {"/api/v1/rehearsals", "GET", &Site::api_rehearsals, kAll},
      {"/api/v1/rehearsals", "POST", &Site::plan_rehearsal, kAll},
      {"/api/v1/rehearsals/*/cancel", "POST", &Site::cancel_rehearsal, kAll},
      {"/", "GET", &Site::page_releases, kAll},
      {"/incidents", "GET", &Site::page_incidents, kAll},
      {"/incidents/*", "GET", &Site::page_incident, kAll},
      {"/drills", "GET", &Site::page_drills, kAll},
      {"/rehearsals", "GET", &Site::page_rehearsals, kAll},
      {"/schedule/sources", "GET", &Site::page_calendars, kAll},
      {"/schedule/lint", "GET", &Site::page_lint, kAll},
      {"/runbook", "GET", &Site::page_runbook, kAll},
      {"/a/*", "GET", &Site::ack_link, kAll},
      {"/a/*", "POST", &Site::ack_link, kAll},
      {"/assets/style.css", "GET", &Site::stylesheet, kAll},
  };
  return kRoutes;
}

WebReply Site::answer(const WebRequest& q) {
  const std::string method = q.method == "HEAD" ? "GET" : q.method;
  std::string allow;
  for (const Route& r : routes()) {
    std::string id;
    if ((offer_ == Offer::metrics_only && r.offer == Offer::everything) || !matches(q.path, r.path, id)) continue;
    if (method == r.method) return (this->*r.handler)(q, id);
    if (!allow.empty()) allow += ", ";
    allow += std::string_view{r.method} == "GET" ? "GET, HEAD" : r.method;
  }
  if (allow.empty()) return not_found(q, "there is nothing at this path");
  WebReply refused = problem(405, "this path answers " + allow);
  refused.headers.emplace_back("Allow", allow);
  return refused;
}

PageFrame Site::frame(const std::string& zone) const {
  const Health h = doors_.health ? doors_.health() : Health{};
  return {doors_.clock.now(), zone.empty() ? zone_ : zone,     producer_,
          version_,           h.healthy ? "" : h.healthy_text, rehearsal_under_way()};
}

WebReply Site::not_found(const WebRequest& q, const std::string& what) const {
  if (offer_ == Offer::everything && wants_page(q)) return html_reply(404, not_found_page(frame()));
  return problem(404, what);
}

/// A fault of the store names files and tables: people get its kind, the log gets the rest.
WebReply Site::refusal(const Fault& f) const {
  const int status = status_of(f.code);
  if (status != 500) return problem(status, to_string(f));
  doors_.log.error("request failed", {{"error", to_string(f)}});
  return problem(500, "the record cannot be read; the log says why");
}

WebReply Site::metrics(const WebRequest&, const std::string&) {
  return {.status = 200, .type = "text/plain; version=0.0.4; charset=utf-8", .body = doors_.metrics(), .headers = {}};
}

WebReply Site::healthy(const WebRequest&, const std::string&) {
  const Health h = doors_.health();
  return text_reply(h.healthy ? 200 : 503, h.healthy_text + "\n");
}

WebReply Site::ready(const WebRequest&, const std::string&) {
  const Health h = doors_.health();
  return text_reply(h.ready ? 200 : 503, h.ready_text + "\n");
}

WebReply Site::reload(const WebRequest& q, const std::string&) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (!q.body.empty()) {
    if (const auto refused = refuse_content_type(q)) return *refused;
  }
  const auto done = doors_.reload();
  if (done) return text_reply(200, "reloaded\n");
  nlohmann::ordered_json j{
      {"type", "about:blank"},
      {"title", "The configuration was not reloaded"},
      {"status", 500},
      {"detail", std::to_string(done.error().size()) + " fault(s); the former configuration stays in force"}};
  for (const Fault& f : done.error()) j["faults"].push_back(to_string(f));
  return {.status = 500,
          .type = "application/problem+json",
          .body = j.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
          .headers = {}};
}

WebReply Site::api_releases(const WebRequest&, const std::string&) {
  const auto record = read_record(doors_.reader);
  if (!record) return refusal(record.error());
  return json_reply(200, releases_json(record->releases, record->tracks, record->incidents));
}

WebReply Site::api_release(const std::string& id) {
  const auto record = read_record(doors_.reader);
  if (!record) return refusal(record.error());
  return json_reply(200, release_json(id, record->releases, record->tracks, record->incidents));
}

WebReply Site::api_incidents(const WebRequest& q, const std::string&) {
  const std::string text = first_value(q, "limit", std::to_string(kMostIncidents));
  int limit = 0;
  const auto [end, bad] = std::from_chars(text.data(), text.data() + text.size(), limit);
  if (bad != std::errc{} || end != text.data() + text.size() || limit < 1 || limit > kMostIncidents) {
    return problem(400, "limit: a number from 1 to " + std::to_string(kMostIncidents));
  }
  const auto incidents = doors_.reader.incidents(limit);
  if (!incidents) return refusal(incidents.error());
  return json_reply(200, incidents_json(*incidents, doors_.clock.now()));
}

WebReply Site::api_incident(const WebRequest&, const std::string& id) {
  const auto incident = doors_.reader.incident(id);
  if (!incident) return refusal(incident.error());
  if (!*incident) return problem(404, "no such incident");
  return json_reply(200, incident_json(**incident, doors_.clock.now()));
}

/// Of one target, or of all if `id` is empty.
WebReply Site::api_target(const std::string& id) {
  const Instant now = doors_.clock.now();
  const auto record = read_record(doors_.reader);
  if (!record) return refusal(record.error());
  const auto blind = doors_.reader.blind(now - kBlindWindow, now);
  if (!blind) return refusal(blind.error());
  const auto baselines = doors_.reader.baselines();
  if (!baselines) return refusal(baselines.error());
  const TargetsView view{record->releases, record->tracks, record->incidents, *blind, *baselines, now};
  return json_reply(200, id.empty() ? targets_json(view) : target_json(id, view));
}

WebReply Site::api_targets(const WebRequest&, const std::string&) { return api_target({}); }

WebReply Site::api_blind(const WebRequest& q, const std::string&) {
  const Instant now = doors_.clock.now();
  const std::string to_text = first_value(q, "to", "");
  const auto to = to_text.empty() ? Result<Instant>{now} : parse_rfc3339(to_text);
  if (!to) return problem(400, "to: not an RFC 3339 time such as " + rfc3339(now));
  const std::string from_text = first_value(q, "from", "");
  const auto from = from_text.empty() ? Result<Instant>{*to - kBlindWindow} : parse_rfc3339(from_text);
  if (!from) return problem(400, "from: not an RFC 3339 time such as " + rfc3339(now));
  if (*from > *to) return problem(400, "from lies after to");
  const auto spans = doors_.reader.blind(*from, *to);
  return spans ? json_reply(200, blind_json(*spans, now)) : refusal(spans.error());
}

/// With URLs it is as much of a secret as a command is a power: only for senders that may command.
WebReply Site::api_schedule(const WebRequest& q, const std::string&) {
  const std::string format = first_value(q, "format", "json");
  if (format != "json" && format != "ics") return problem(400, "format: json or ics");
  const std::string urls = first_value(q, "urls", "");
  if (!urls.empty() && urls != "include") return problem(400, "urls: include, or leave it out");
  if (!urls.empty() && refuse_sender(q, rules_))
    return problem(403, "addresses that must stay dark are given out on this machine only; leave urls out");
  const auto releases = doors_.reader.releases();
  if (!releases) return refusal(releases.error());
  const OutgoingSchedule schedule = outgoing_schedule(*releases, producer_.name);
  const OutgoingUrls shown = urls.empty() ? OutgoingUrls::leave_out : OutgoingUrls::include;
  if (format == "json") return json_reply(200, schedule_json(schedule, shown));
  return {.status = 200,
          .type = "text/calendar; charset=utf-8",
          .body = schedule_ics(schedule, shown),
          .headers = {{"Content-Disposition", "inline; filename=\"schedule.ics\""}}};
}

WebReply Site::api_report(const WebRequest& q, const std::string&) {
  WebReportRequest request;
  const auto [first, last] = q.query.equal_range("incident");
  for (auto it = first; it != last; ++it) {
    if (!is_web_id(it->second)) return problem(400, "incident: not an incident id");
    request.incidents.push_back(it->second);
  }
  if (request.incidents.empty()) return problem(400, "incident: name at least one, as ?incident=ID");
  if (request.incidents.size() > kMostInReport)
    return problem(400, "incident: at most " + std::to_string(kMostInReport));
  request.format = first_value(q, "format", request.format);
  request.form = first_value(q, "form", request.form);
  auto report = doors_.report(request);
  if (!report) return refusal(report.error());
  WebReply r{.status = 200, .type = report->type, .body = std::move(report->body), .headers = {}};
  if (!report->file_name.empty())
    r.headers.emplace_back("Content-Disposition", std::string{report->is_to_keep ? "attachment" : "inline"} +
                                                      "; filename=\"" + report->file_name + "\"");
  // A report is one file that people keep: it brings its own style and loads nothing.
  r.headers.emplace_back("Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; "
                         "base-uri 'none'; sandbox");
  return r;
}

WebReply Site::acknowledge(const WebRequest& q, const std::string& id) {
  if (drill(id)) return acknowledge_drill(q, id);  // its messages say how to acknowledge as all do
  return run_command(q, Command::What::acknowledge, id);
}
WebReply Site::dismiss(const WebRequest& q, const std::string& id) {
  return run_command(q, Command::What::dismiss, id);
}
WebReply Site::close(const WebRequest& q, const std::string& id) { return run_command(q, Command::What::close, id); }
WebReply Site::note(const WebRequest& q, const std::string& id) { return run_command(q, Command::What::note, id); }
WebReply Site::decide(const WebRequest& q, const std::string& id) { return run_command(q, Command::What::decide, id); }
WebReply Site::lift(const WebRequest& q, const std::string& id) { return run_command(q, Command::What::lift, id); }

WebReply Site::approve_baseline(const WebRequest& q, const std::string& id) {
  return run_command(q, Command::What::approve_baseline, id);
}

/// Replies with the incident, release or target as it is afterwards.
WebReply Site::run_command(const WebRequest& q, Command::What what, const std::string& id) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (const auto refused = refuse_content_type(q)) return *refused;
  const auto command = read_command(what, id, q.body);
  if (!command) return refusal(command.error());
  const auto done = doors_.commands.run(*command);
  if (!done) return refusal(done.error());
  if (what == Command::What::lift) return api_release(id);
  if (what == Command::What::approve_baseline) return api_target(id);
  return api_incident(q, id);
}

WebReply Site::page_releases(const WebRequest&, const std::string&) {
  const auto record = read_record(doors_.reader);
  if (!record) return refusal(record.error());
  const auto lint = doors_.lint();
  const ReleasesView view{record->releases,
                          record->tracks,
                          record->incidents,
                          doors_.health(),
                          doors_.clock.verified(),
                          doors_.clock.uncertainty(),
                          lint == nullptr ? 0 : lint->warnings()};
  PageFrame page = frame();
  page.trouble.clear();  // the view says it
  return html_reply(200, releases_page(page, view));
}

WebReply Site::page_incidents(const WebRequest&, const std::string&) {
  const auto incidents = doors_.reader.incidents(kMostIncidents);
  if (!incidents) return refusal(incidents.error());
  return html_reply(200, incidents_page(frame(), *incidents));
}

WebReply Site::page_incident(const WebRequest& q, const std::string& id) {
  const auto incident = doors_.reader.incident(id);
  if (!incident) return refusal(incident.error());
  if (!*incident && drill(id)) return page_drills(q, id);  // where the link of its messages leads
  if (!*incident) return not_found(q, "no such incident");
  const auto events = doors_.reader.events(id);
  if (!events) return refusal(events.error());
  const auto deliveries = doors_.reader.deliveries(id);
  if (!deliveries) return refusal(deliveries.error());
  const auto evidence = doors_.reader.evidence(id);
  if (!evidence) return refusal(evidence.error());
  const auto releases = doors_.reader.releases();
  if (!releases) return refusal(releases.error());
  std::string zone = zone_;
  for (const auto& r : *releases) {
    if (r.release.id == (*incident)->release && !r.release.due.zone.empty()) zone = r.release.due.zone;
  }
  return html_reply(200, incident_page(frame(zone), {**incident, *events, *deliveries, *evidence}));
}

WebReply Site::page_runbook(const WebRequest&, const std::string&) { return html_reply(200, runbook_page(frame())); }

WebReply Site::stylesheet(const WebRequest&, const std::string&) {
  return {.status = 200,
          .type = "text/css; charset=utf-8",
          .body = std::string{asset("style.css")},
          .headers = {{"Cache-Control", "max-age=3600"}}};
}

}  // namespace embargod
