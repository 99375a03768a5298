#include "daemon/report/practices.h"

namespace embargod {
namespace {

enum Label : std::uint8_t { orderly, calendar, changes, access, prerelease, timely, standard_time, concerns };

constexpr int kLabels = 8;

const std::vector<std::string>& labels_2(bool is_first) {
  static const std::vector<std::string> v20{
      "Trustworthiness, T3 Orderly release",
      "T3.1: a specific release date is announced in a 12-month calendar at least four weeks ahead",
      "T3.2: changes to announced dates are agreed by the Head of Profession and announced with reasons",
      "T3.3: access to statistics before their release is limited and recorded",
      "T3.4: pre-release access follows the legislation, and nothing indicates the figures before release",
      "T3.5: statistics are released as soon as they are ready",
      "T3.6: statistics are released at 09:30 on a weekday",
      "T2.7: the Head of Profession reports concerns, including accidental release, at once"};
  static const std::vector<std::string> v21{
      v20[0],
      "T3.1: a specific release date and time is announced in a 12-month calendar at least four weeks ahead",
      v20[2],
      v20[3],
      v20[4],
      v20[5],
      "T3.6: statistics are released at 09:30 on a weekday, or at an alternative time agreed with the regulator",
      v20[7]};
  return is_first ? v20 : v21;
}

const std::vector<std::string>& labels_3() {
  static const std::vector<std::string> v{
      "Standard 3, Be transparent",
      "3.1: the date and time of release are announced in a 12-month calendar at least four weeks ahead",
      "3.2: changes to announced releases are agreed by the Head of Profession and explained",
      "3.3: access before release is limited and listed, with no public hint of the figures",
      "3.4: pre-release access follows the legislation",
      "3.5: statistics are released in a timely way",
      "Standard 3, the standard release time (usually 09:30 on a weekday) that the producer's release practice policy "
      "states",
      "3.11: the producer publishes its own release practice policy"};
  return v;
}

struct Choice {
  std::vector<Label> proposed;
  std::vector<Label> alternatives;
};

Choice choice_for(IncidentKind kind) {
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
    case IncidentKind::blind:
      return {};
  }
  return {};
}

}  // namespace

std::string code_name(std::string_view edition) {
  if (edition == "2.0") return "Code of Practice for Statistics, edition 2.0 (February 2018)";
  if (edition == "2.1") return "Code of Practice for Statistics, edition 2.1 (May 2022)";
  if (edition == "3.0") return "Code of Practice for Statistics, edition 3.0 (2025), Standards for Official Statistics";
  return "Code of Practice for Statistics, edition " + std::string{edition};
}

const std::vector<std::string>& all_practices(std::string_view edition) {
  if (edition == "2.0") return labels_2(true);
  if (edition == "2.1") return labels_2(false);
  return labels_3();
}

Practices practices_for(std::string_view edition, IncidentKind kind) {
  const auto& labels = all_practices(edition);
  static_assert(concerns + 1 == kLabels);
  const Choice choice = choice_for(kind);
  Practices p;
  for (const Label l : choice.proposed) p.proposed.push_back(labels[l]);
  for (const Label l : choice.alternatives) p.alternatives.push_back(labels[l]);
  return p;
}

}  // namespace embargod
