// The part of the site that a link in a message leads to. The link is the authority: whoever was sent it may say "I
// have it", from a phone and through a proxy, and with it what was decided. Nothing else can be done with it, and
// looking changes nothing: mail scanners and chats open every link they carry.

#include <algorithm>

#include "config/text_checks.h"
#include "daemon/watch/incident_step.h"
#include "daemon/web/ack_page.h"
#include "daemon/web/site.h"

namespace embargod {
namespace {

bool was_used(const Incident& i, const AckClaim& claim) {
  return std::find(i.used_links.begin(), i.used_links.end(), claim.id) != i.used_links.end();
}

std::string signed_by(const std::string& name, const AckClaim& claim) {
  const std::string sent_to = "link sent to " + claim.receiver;
  return name.empty() ? sent_to : name + " (" + sent_to + ")";
}

AckState state_for(const Incident& i, const AckClaim& claim, Instant now) {
  if (was_used(i, claim)) return AckState::used;
  if (is_over(i)) return AckState::over;
  return now < claim.expires ? AckState::asks : AckState::expired;
}

}  // namespace

WebReply Site::ack_link_page(AckState state, const Incident* incident, const std::string& receiver,
                             const std::string& fault) const {
  return html_reply(ack_status(state), ack_page(frame(), {state, incident, receiver, fault, nullptr, {}}));
}

WebReply Site::ack_link(const WebRequest& q, const std::string& token) {
  if (!doors_.ack_link) return not_found(q, "there is nothing at this path");
  const bool acts = q.method == "POST";
  if (acts) {
    if (const auto refused = refuse_foreign_form(q, rules_)) return *refused;
  }
  const auto claim = doors_.ack_link(token);
  if (!claim) return ack_link_page(AckState::unknown, nullptr, {}, {});
  const auto incident = doors_.reader.incident(claim->incident);
  if (!incident) return refusal(incident.error());
  if (!*incident) {
    const auto practice = drill(claim->incident);
    return practice ? drill_link(q, *claim, *practice) : ack_link_page(AckState::unknown, nullptr, {}, {});
  }
  const AckState state = state_for(**incident, *claim, doors_.clock.now());
  if (!acts || state != AckState::asks) return ack_link_page(state, &**incident, claim->receiver, {});
  AckForm form;
  if (const auto r = read_ack_form(q.body, form); !r)
    return html_reply(400, ack_page(frame(), {.state = AckState::incomplete,
                                              .incident = &**incident,
                                              .receiver = claim->receiver,
                                              .fault = to_string(r.error()),
                                              .form = form}));
  if (!can_be_taken_down((*incident)->kind)) form.decision.reset();  // the page does not ask for one
  return acknowledge_by_link(*claim, form);
}

/// A drill is acknowledged once, by whom that may be: whether it was this link matters to nobody.
WebReply Site::drill_link(const WebRequest& q, const AckClaim& claim, const DrillRecord& d) {
  const auto page = [&](AckState state, const DrillRecord& now, const std::string& fault = {}) {
    return html_reply(ack_status(state), ack_page(frame(), {state, nullptr, claim.receiver, fault, &now, {}}));
  };
  const AckState state = d.ended                              ? AckState::over
                         : d.acknowledged                     ? AckState::used
                         : doors_.clock.now() < claim.expires ? AckState::asks
                                                              : AckState::expired;
  if (q.method != "POST" || state != AckState::asks) return page(state, d);
  AckForm form;
  if (const auto r = read_ack_form(q.body, form); !r) return page(AckState::incomplete, d, to_string(r.error()));
  const auto done = doors_.drills->acknowledge(d.id, signed_by(form.name, claim));
  const DrillRecord now = drill(d.id).value_or(d);
  if (done) return page(AckState::done, now);
  if (now.ended) return page(AckState::over, now);
  if (now.acknowledged) return page(AckState::used, now);
  return page(AckState::failed, now, "Try again in a moment. " + to_string(done.error()));
}

/// The link is used up by the acknowledgement; only then the decision, which so is made once too.
WebReply Site::acknowledge_by_link(const AckClaim& claim, const AckForm& form) {
  const std::string by = signed_by(form.name, claim);
  Command c{.what = Command::What::acknowledge, .id = claim.incident, .by = by, .reason = form.note};
  c.link = claim.id;
  const auto done = doors_.commands.run(c);
  std::string undecided;
  if (done && form.decision) {
    Command decision{.what = Command::What::decide, .id = claim.incident, .by = by, .reason = form.reason};
    decision.choice = *form.decision;
    if (const auto decided = doors_.commands.run(decision); !decided)
      undecided = "But the decision was not recorded: " + to_string(decided.error());
  }
  const auto incident = doors_.reader.incident(claim.incident);
  if (!incident) return refusal(incident.error());
  if (!*incident) return ack_link_page(AckState::unknown, nullptr, {}, {});
  const Incident& now = **incident;
  if (done) return ack_link_page(AckState::done, &now, claim.receiver, undecided);
  // Another was quicker: with the same link, or to end it.
  const bool over = done.error().code == Errc::not_found || (done.error().code == Errc::conflict && is_over(now));
  if (over) return ack_link_page(AckState::over, &now, claim.receiver, {});
  if (done.error().code == Errc::conflict) return ack_link_page(AckState::used, &now, claim.receiver, {});
  return ack_link_page(AckState::failed, &now, claim.receiver, "Try again in a moment. " + to_string(done.error()));
}

}  // namespace embargod
