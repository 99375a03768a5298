// The page of drills: whether a message would arrive, when that was last tried, and what came of it.

#include <array>
#include <cstdio>

#include "config/zone_time.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/page_words.h"
#include "daemon/web/pages.h"

namespace embargod {
namespace {

constexpr int kDrillRefresh = 3;  // seconds, while one is under way

std::string drill_time(const std::optional<Millis>& d) {
  if (!d) return "";
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%.3f s", static_cast<double>(d->count()) / 1000.0);
  return out.data();
}

PageData drill_receipts(const std::vector<DrillReceipt>& receipts) {
  PageData rows = page_list();
  for (const DrillReceipt& r : receipts) {
    PageData d = page_object();
    d.set("receiver", r.receiver);
    d.set("outcome", r.took ? "accepted after " + drill_time(r.took) : "NOT accepted: " + r.outcome);
    d.set("answer", r.answer);
    set_flag(d, "is_bad", !r.took);
    rows.push_back(d);
  }
  return rows;
}

PageData drill_card(const DrillRecord& r, const std::string& zone) {
  PageData d = page_object();
  d.set("id", r.id);
  d.set("began", local_words(r.began, zone));
  d.set("by", r.by);
  d.set("css", !r.ended ? "warn" : has_passed(r) ? "good" : "bad");
  d.set("state", !r.ended ? "Under way" : has_passed(r) ? "Passed" : "Failed");
  set_if(d, "fault", r.fault);
  set_if(d, "detected", drill_time(r.detected));
  d.set("told", drill_receipts(r.told));
  set_flag(d, "is_told", !r.told.empty());
  d.set("cleared", drill_receipts(r.cleared));
  set_flag(d, "is_cleared", !r.cleared.empty());
  if (r.acknowledged)
    set_if(d, "acknowledged",
           "by " + r.acknowledged_by + ", " + drill_time(r.acknowledged) + " after it first arrived");
  else if (!r.ended && r.ack_within > Millis{0})
    set_if(d, "to_acknowledge", "embargoctl ack " + r.id + " --by=NAME");
  else
    set_if(d, "acknowledged", r.ack_within > Millis{0} ? "by nobody" : "was not asked for");
  return d;
}

}  // namespace

std::string drills_page(const PageFrame& frame, const std::vector<DrillRecord>& drills) {
  PageData d = page_object();
  PageData cards = page_list();
  bool is_under_way = false;
  for (const DrillRecord& r : drills) {
    is_under_way = is_under_way || !r.ended;
    cards.push_back(drill_card(r, frame.zone));
  }
  set_flag(d, "none", drills.empty());
  d.set("drills", cards);
  return render_page("drills.mustache", "Drills", frame, {is_under_way ? kDrillRefresh : 0}, d);
}

}  // namespace embargod
