// The page of rehearsals: what is planned, what is under way, and what came of those that are over.

#include "config/zone_time.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/page_words.h"
#include "daemon/web/pages.h"

namespace embargod {
namespace {

constexpr int kRehearsalRefresh = 15;  // seconds, while one is planned or under way

const char* rehearsal_css(const std::string& state, const Rehearsal& r) {
  if (state == "open") return "warn";
  if (state == "over") return r.incident.empty() ? "warn" : "good";
  return "quiet";
}

std::string rehearsal_heading(const std::string& state) {
  if (state == "open") return "Under way";
  if (state == "over") return "Over";
  return state == "cancelled" ? "Cancelled" : "Planned";
}

PageData rehearsal_card(const Rehearsal& r, const std::string& zone, Instant now) {
  const std::string state = rehearsal_state(r, now);
  PageData d = page_object();
  d.set("id", r.id);
  d.set("css", rehearsal_css(state, r));
  d.set("state", rehearsal_heading(state));
  d.set("release", r.release);
  d.set("window", window_words(r.from, r.until, zone));
  d.set("by", r.by);
  d.set("planned", local_words(r.planned, zone));
  d.set("reason", r.reason);
  set_if(d, "incident", r.incident);
  set_if(d, "outcome", r.outcome ? r.outcome->text : "");
  set_if(d, "cancelled",
         r.cancelled ? "by " + r.cancelled->by + ", " + local_words(r.cancelled->at, zone) + ": " + r.cancelled->reason
                     : "");
  set_flag(d, "may_cancel", state == "open" || state == "planned");
  return d;
}

}  // namespace

std::string rehearsals_page(const PageFrame& frame, const std::vector<Rehearsal>& rehearsals) {
  PageData d = page_object();
  PageData cards = page_list();
  bool is_awaited = false;
  for (const Rehearsal& r : rehearsals) {
    is_awaited = is_awaited || !is_over(r);
    cards.push_back(rehearsal_card(r, frame.zone, frame.now));
  }
  set_flag(d, "none", rehearsals.empty());
  d.set("rehearsals", cards);
  return render_page("rehearsals.mustache", "Rehearsals", frame, {is_awaited ? kRehearsalRefresh : 0}, d);
}

}  // namespace embargod
