// embargoctl rehearsal: plan a window in which a release is expected to go live as a test, list them, end one.

#include <nlohmann/json.hpp>
#include <ostream>

#include "daemon/ctl/commands.h"
#include "daemon/ctl/daemon_json.h"
#include "daemon/ctl/http_client.h"
#include "daemon/ctl/table.h"
#include "daemon/watch/rehearsal.h"

namespace embargod {
namespace {

using RehearsalAnswer = nlohmann::ordered_json;

std::string posted_line(const RehearsalAnswer& j) {
  return j.dump(-1, ' ', false, RehearsalAnswer::error_handler_t::replace);
}

std::string what_came(const RehearsalAnswer& r) {
  if (const RehearsalAnswer& c = part(r, "cancelled"); c.is_object())
    return "by " + text_at(c, "by") + ": " + text_at(c, "reason");
  if (const RehearsalAnswer& o = part(r, "outcome"); o.is_object()) return text_at(o, "text");
  const std::string incident = text_at(r, "incident");
  return incident.empty() ? "" : "live: incident " + incident;
}

}  // namespace

int plan_rehearsal(const RehearsalAsk& ask, Streams io) {
  if (ask.until.empty() == ask.lasts.empty())
    return complain({Fault{Errc::invalid_input, "rehearsal plan", "say when it ends, once",
                           "give either --until=TIME or --for=DURATION"}},
                    io.err);
  RehearsalAnswer body{{"release", ask.release}, {"by", ask.by}, {"reason", ask.reason}};
  if (!ask.from.empty()) body["from"] = ask.from;
  if (!ask.until.empty()) body["until"] = ask.until;
  if (!ask.lasts.empty()) body["for"] = ask.lasts;
  const auto reply = body_or_problem(DaemonClient{ask.url}.post_json("/api/v1/rehearsals", posted_line(body)));
  if (!reply) return complain({reply.error()}, io.err);
  const auto planned = read_rehearsal(*reply);
  if (!planned) return complain({planned.error()}, io.err);
  io.out
      << "rehearsal " << planned->id << " of " << planned->release << ": planned from " << rfc3339(planned->from)
      << " until " << rfc3339(planned->until) << "\n"
      << "No embargo is lifted. In that time word of it is marked [REHEARSAL], as a ticket; still public at its end, "
         "it pages.\n"
      << "To end it before: embargoctl rehearsal cancel " << planned->id << " --by=NAME --reason=TEXT\n";
  return kExitFine;
}

int list_rehearsals(const std::string& url, bool as_json, Streams io) {
  const auto j = daemon_json(url, "/api/v1/rehearsals");
  if (!j) return complain({j.error()}, io.err);
  if (as_json) {
    io.out << j->dump(2, ' ', false, RehearsalAnswer::error_handler_t::replace) << "\n";
    return kExitFine;
  }
  std::vector<std::vector<std::string>> rows;
  for (const RehearsalAnswer& r : part(*j, "items"))
    rows.push_back({text_at(r, "id"), text_at(r, "state"), text_at(r, "release"), text_at(r, "from"),
                    text_at(r, "until"), text_at(r, "by"), text_at(r, "reason"), what_came(r)});
  if (rows.empty()) {
    io.out << "No rehearsal is on record. See rehearsal plan --help.\n";
    return kExitFine;
  }
  io.out << plain_table({"ID", "STATE", "RELEASE", "FROM", "UNTIL", "BY", "REASON", "RESULT"}, rows);
  return kExitFine;
}

int cancel_rehearsal(const std::string& url, const Decision& d, Streams io) {
  const RehearsalAnswer body{{"by", d.by}, {"reason", d.reason}};
  const auto reply = body_or_problem(
      DaemonClient{url}.post_json("/api/v1/rehearsals/" + url_encoded(d.id) + "/cancel", posted_line(body)));
  if (!reply) return complain({reply.error()}, io.err);
  io.out << "rehearsal " << d.id << ": cancelled; what is public of its release from now on is a breach\n";
  return kExitFine;
}

}  // namespace embargod
