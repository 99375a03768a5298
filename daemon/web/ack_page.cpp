#include "daemon/web/ack_page.h"

#include "config/zone_time.h"
#include "daemon/watch/incident_step.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/page_words.h"

namespace embargod {
namespace {

std::string ack_title(AckState state) {
  switch (state) {
    case AckState::asks:
      return "Do you have this?";
    case AckState::incomplete:
      return "Something is missing";
    case AckState::done:
      return "Recorded: you have it";
    case AckState::used:
      return "This link was used before";
    case AckState::expired:
      return "This link has expired";
    case AckState::over:
      return "This is over already";
    case AckState::failed:
      return "This was not recorded";
    case AckState::unknown:
      return "This link is not known";
  }
  return {};
}

std::string ack_text(const AckView& view) {
  switch (view.state) {
    case AckState::asks:
      return "Pressing the button records that somebody is on it. It takes nothing down.";
    case AckState::incomplete:
      return "Nothing was recorded yet. " + view.fault;
    case AckState::done:
      return view.fault.empty() ? "Now do what the message says." : view.fault;
    case AckState::used:
      return "It works once. Whether somebody has it stands above.";
    case AckState::expired:
      return "Use the link in a newer message, or the command below.";
    case AckState::over:
      return "There is nothing left to acknowledge.";
    case AckState::failed:
      return view.fault;
    case AckState::unknown:
      return "It may have been cut off on its way: open it from the message again. If that does not help, acknowledge "
             "on the machine that runs embargod: embargoctl ack ID --by=NAME.";
  }
  return {};
}

}  // namespace

int ack_status(AckState state) {
  switch (state) {
    case AckState::asks:
    case AckState::done:
      return 200;
    case AckState::incomplete:
      return 400;
    case AckState::used:
      return 409;
    case AckState::expired:
    case AckState::over:
      return 410;
    case AckState::failed:
      return 503;
    case AckState::unknown:
      return 404;
  }
  return 500;
}

std::string ack_page(const PageFrame& frame, const AckView& view) {
  const Incident* i = view.incident;
  PageData d = page_object();
  d.set("title", ack_title(view.state));
  d.set("text", ack_text(view));
  const bool asks = view.state == AckState::asks || view.state == AckState::incomplete;
  set_flag(d, "asks", asks);
  set_flag(d, "may_decide", asks && i != nullptr && can_be_taken_down(i->kind));
  set_if(d, "receiver", view.receiver);
  set_if(d, "id", i == nullptr ? "" : i->id);
  d.set("css", i == nullptr ? "quiet" : incident_css(*i));
  d.set("headline", i == nullptr ? "" : headline(*i, frame.zone, frame.now));
  d.set("subject", i == nullptr ? "" : subject(*i));
  set_if(d, "due", i != nullptr && i->due ? local_words(*i->due, frame.zone) : "");
  set_if(d, "acknowledged_by", i != nullptr && i->acknowledged ? i->acknowledged->by : "");
  d.set("acknowledged_at", i != nullptr && i->acknowledged ? local_words(i->acknowledged->at, frame.zone) : "");
  d.set("name", view.form.name);
  d.set("note", view.form.note);
  d.set("reason", view.form.reason);
  set_flag(d, "takes_down", view.form.decision == Choice::take_down);
  set_flag(d, "lets_stand", view.form.decision == Choice::let_stand);
  set_flag(d, "decides", view.form.decision.has_value());
  set_if(d, "decided_by", i != nullptr && i->ruling ? i->ruling->by : "");
  d.set("decided", i != nullptr && i->ruling ? choice_words(i->ruling->choice) : "");
  set_flag(d, "may_ack", i != nullptr && !is_over(*i));
  if (view.drill != nullptr) {
    const DrillRecord& r = *view.drill;
    set_if(d, "id", r.id);
    d.set("css", "warn");
    d.set("headline", "[DRILL] Only a drill: nothing is public early");
    d.set("subject", "A page of embargod itself; " + r.by + " asked for it");
    set_if(d, "acknowledged_by", r.acknowledged_by);
    d.set("acknowledged_at", r.acknowledged ? words(*r.acknowledged) + " after it first arrived" : "");
    set_flag(d, "may_ack", !r.ended && !r.acknowledged);
  }
  return render_page("ack.mustache", ack_title(view.state), frame, {0}, d);
}

}  // namespace embargod
