#include "daemon/report/practices.h"

namespace embargod {
namespace {

using Label = PracticeLabel;
using enum PracticeLabel;

struct Proposal {
  std::vector<Label> proposed;
  std::vector<Label> alternatives;
};

Proposal choice_for(IncidentKind kind) {
  switch (kind) {
    case IncidentKind::early:
    case IncidentKind::suspect:
      return {{standard_time, access}, {orderly, prerelease, concerns}};
    case IncidentKind::late:
      return {{standard_time, timely}, {orderly, changes}};
    case IncidentKind::incomplete:
      return {{standard_time}, {orderly, timely, calendar, changes}};
    case IncidentKind::wrong_content:
      // What is wrong there may be another release that is still under embargo.
      return {{standard_time}, {orderly, access, calendar, changes}};
    case IncidentKind::gap:
      return {{timely}, {orderly, standard_time}};
    case IncidentKind::unscheduled:
      return {{calendar}, {orderly, changes, access}};
    case IncidentKind::drift:
      // Two dates in public: one of them was changed, or announced, without the other being told.
      return {{changes}, {orderly, calendar}};
    case IncidentKind::blind:
      return {};
  }
  return {};
}

}  // namespace

Practices practices_for(std::string_view edition, IncidentKind kind) {
  const Proposal choice = choice_for(kind);
  Practices p;
  for (const Label l : choice.proposed) p.proposed.push_back(practice_text(edition, l));
  for (const Label l : choice.alternatives) p.alternatives.push_back(practice_text(edition, l));
  return p;
}

}  // namespace embargod
