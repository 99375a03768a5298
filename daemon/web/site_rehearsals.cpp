// Planned rehearsals: plan one, see what came of each, end one before its time.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "config/zone_time.h"
#include "daemon/web/site.h"

namespace embargod {
namespace {

constexpr int kMostRehearsals = 1'000;

/// Given to the second or not at all: a date alone would silently mean 09:30.
Result<Instant> rehearsal_time(const char* name, const std::string& text, const std::string& zone) {
  const auto due = read_due(text, zone);
  if (!due)
    return fail(Errc::invalid_input, due.error().what, name,
                "write 2030-01-31 10:00, which means " + zone + ", or 2030-01-31T10:00Z");
  if (!due->at || due->precision != DuePrecision::instant)
    return fail(Errc::invalid_input, "a time of day is missing in \"" + text + "\"", name,
                "write 2030-01-31 10:00, which means " + zone);
  return *due->at;
}

}  // namespace

WebReply Site::api_rehearsals(const WebRequest&, const std::string&) {
  const auto known = doors_.reader.rehearsals(kMostRehearsals);
  if (!known) return refusal(known.error());
  std::string items;
  for (const Rehearsal& r : *known) items += (items.empty() ? "" : ",") + rehearsal_json(r, doors_.clock.now());
  return json_reply(200, R"({"items":[)" + items + R"(],"next":null})");
}

WebReply Site::api_rehearsal(int status, const std::string& id) {
  const auto known = doors_.reader.rehearsals(kMostRehearsals);
  if (!known) return refusal(known.error());
  const auto found = std::find_if(known->begin(), known->end(), [&](const Rehearsal& r) { return r.id == id; });
  if (found == known->end()) return problem(404, "no such rehearsal");
  return json_reply(status, rehearsal_json(*found, doors_.clock.now()));
}

WebReply Site::plan_rehearsal(const WebRequest& q, const std::string&) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (const auto refused = refuse_content_type(q)) return *refused;
  const auto order = read_rehearsal_order(q.body);
  if (!order) return refusal(order.error());
  const Instant now = doors_.clock.now();
  const auto from = order->from.empty() ? Result<Instant>{now} : rehearsal_time("from", order->from, zone_);
  if (!from) return refusal(from.error());
  const auto until =
      order->lasts ? Result<Instant>{*from + *order->lasts} : rehearsal_time("until", order->until, zone_);
  if (!until) return refusal(until.error());
  const Rehearsal r{.id = rehearsal_id(order->release, *from, now),
                    .release = order->release,
                    .from = *from,
                    .until = *until,
                    .by = order->by,
                    .reason = order->reason,
                    .planned = now,
                    .cancelled = {},
                    .incident = {},
                    .outcome = {}};
  const auto done = doors_.commands.run(
      {.what = Command::What::plan_rehearsal, .id = r.id, .by = r.by, .reason = r.reason, .rehearsal = r});
  if (!done) return refusal(done.error());
  return json_reply(201, rehearsal_json(r, now));
}

WebReply Site::cancel_rehearsal(const WebRequest& q, const std::string& id) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (const auto refused = refuse_content_type(q)) return *refused;
  const auto command = read_command(Command::What::cancel_rehearsal, id, q.body);
  if (!command) return refusal(command.error());
  const auto done = doors_.commands.run(*command);
  if (!done) return refusal(done.error());
  return api_rehearsal(200, id);
}

WebReply Site::page_rehearsals(const WebRequest&, const std::string&) {
  const auto known = doors_.reader.rehearsals(kMostRehearsals);
  if (!known) return refusal(known.error());
  return html_reply(200, rehearsals_page(frame(), *known));
}

/// For the banner of every page; a store that cannot say is told of elsewhere.
std::string Site::rehearsal_under_way() const {
  constexpr int kNewest = 50;
  const auto known = doors_.reader.rehearsals(kNewest);
  if (!known) return {};
  const Instant now = doors_.clock.now();
  std::string out;
  for (const Rehearsal& r : *known)
    if (std::string_view{rehearsal_state(r, now)} == "open")
      out += (out.empty() ? "" : "; ") + r.release + ", until " + local_words(r.until, zone_) + ", planned by " + r.by +
             ": " + r.reason;
  return out;
}

}  // namespace embargod
