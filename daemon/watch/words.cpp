// The contract's words for our enumerations; a switch without default, so that a new enumerator cannot be forgotten.

#include "daemon/watch/incident.h"
#include "daemon/watch/verdict.h"

namespace embargod {

const char* to_string(Verdict v) {
  switch (v) {
    case Verdict::held:
      return "held";
    case Verdict::early:
      return "early";
    case Verdict::suspect:
      return "suspect";
    case Verdict::on_time:
      return "on_time";
    case Verdict::late:
      return "late";
    case Verdict::incomplete:
      return "incomplete";
    case Verdict::wrong_content:
      return "wrong_content";
    case Verdict::gap:
      return "gap";
    case Verdict::unscheduled:
      return "unscheduled";
    case Verdict::inconclusive:
      return "inconclusive";
  }
  return "?";
}

const char* to_string(IncidentKind k) {
  switch (k) {
    case IncidentKind::early:
      return "early";
    case IncidentKind::suspect:
      return "suspect";
    case IncidentKind::late:
      return "late";
    case IncidentKind::incomplete:
      return "incomplete";
    case IncidentKind::wrong_content:
      return "wrong_content";
    case IncidentKind::gap:
      return "gap";
    case IncidentKind::unscheduled:
      return "unscheduled";
    case IncidentKind::blind:
      return "blind";
    case IncidentKind::drift:
      return "drift";
  }
  return "?";
}

const char* to_string(IncidentState s) {
  switch (s) {
    case IncidentState::suspected:
      return "suspected";
    case IncidentState::open:
      return "open";
    case IncidentState::contained:
      return "contained";
    case IncidentState::closed:
      return "closed";
    case IncidentState::dismissed:
      return "dismissed";
  }
  return "?";
}

const char* to_string(Confidence c) {
  switch (c) {
    case Confidence::seen_once:
      return "seen_once";
    case Confidence::suspected:
      return "suspected";
    case Confidence::confirmed:
      return "confirmed";
  }
  return "?";
}

const char* to_string(EndedBy e) {
  switch (e) {
    case EndedBy::absence:
      return "absence";
    case EndedBy::lift:
      return "lift";
    case EndedBy::due:
      return "due";
  }
  return "?";
}

const char* to_string(Basis b) {
  switch (b) {
    case Basis::as_served:
      return "as_served";
    case Basis::at_origin:
      return "at_origin";
  }
  return "?";
}

const char* to_string(Choice c) {
  switch (c) {
    case Choice::take_down:
      return "take_down";
    case Choice::let_stand:
      return "let_stand";
  }
  return "?";
}

const char* choice_words(Choice c) {
  switch (c) {
    case Choice::take_down:
      return "take it down";
    case Choice::let_stand:
      return "let it stand";
  }
  return "?";
}

std::optional<Choice> choice_from(std::string_view word) {
  for (const Choice c : {Choice::take_down, Choice::let_stand})
    if (word == to_string(c)) return c;
  return std::nullopt;
}

}  // namespace embargod
