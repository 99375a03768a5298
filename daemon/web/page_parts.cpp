#include "daemon/web/page_parts.h"

#include <stdexcept>

#include "config/zone_time.h"
#include "daemon/web/assets.h"
#include "daemon/web/page_words.h"

namespace embargod {
namespace {

std::string fill_template(std::string_view name, const PageData& data) {
  kainjow::mustache::mustache page{std::string{asset(name)}};
  std::string text = page.render(data);
  if (!page.is_valid()) throw std::logic_error{"template " + std::string{name} + ": " + page.error_message()};
  return text;
}

}  // namespace

void set_if(PageData& d, const std::string& name, const std::string& text) {
  if (text.empty()) {
    d.set(name, PageData{false});
  } else {
    d.set(name, text);
  }
}

void set_flag(PageData& d, const std::string& name, bool on) { d.set(name, PageData{on}); }

std::string render_page(std::string_view name, const std::string& title, const PageFrame& frame, Refresh refresh,
                        const PageData& data) {
  PageData outer = page_object();
  outer.set("title", title);
  set_if(outer, "refresh", refresh.seconds > 0 ? std::to_string(refresh.seconds) : "");
  set_if(outer, "trouble", frame.trouble);
  set_if(outer, "rehearsal", frame.rehearsal);
  outer.set("content", fill_template(name, data));
  outer.set("now_utc", utc_words(frame.now).substr(0, 19) + " UTC");
  outer.set("now_local", local_words(frame.now, frame.zone));
  outer.set("zone", frame.zone);
  outer.set("version", frame.version);
  outer.set("producer", frame.producer.name);
  return fill_template("layout.mustache", outer);
}

PageData incident_card(const Incident& i, const std::string& zone, Instant now) {
  PageData d = page_object();
  d.set("id", i.id);
  d.set("css", incident_css(i));
  d.set("headline", headline(i, zone, now));
  d.set("subject", subject(i));
  d.set("kind", to_string(i.kind));
  d.set("state", to_string(i.state));
  d.set("detected", utc_words(i.detected).substr(0, 19) + " UTC (" + local_clock(i.detected, zone) + ")");
  set_if(d, "due", i.due ? local_words(*i.due, zone) : "");
  set_flag(d, "unacknowledged", is_active(i) && !i.acknowledged);
  set_if(d, "acknowledged_by", i.acknowledged ? i.acknowledged->by : "");
  return d;
}

}  // namespace embargod
