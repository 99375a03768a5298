#include "config/practices.h"

namespace embargod {
namespace {

// In the order of PracticeLabel.
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
      ("Standard 3, the standard release time (usually 09:30 on a weekday) that the producer's release practice policy "
       "states"),
      "3.11: the producer publishes its own release practice policy"};
  return v;
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

const std::string& practice_text(std::string_view edition, PracticeLabel label) {
  return all_practices(edition)[static_cast<std::size_t>(label)];
}

std::string practice_number(std::string_view edition, PracticeLabel label) {
  if (label == PracticeLabel::orderly && (edition == "2.0" || edition == "2.1")) return "T3";
  const std::string& text = practice_text(edition, label);
  return text.substr(0, text.find_first_of(":,"));
}

}  // namespace embargod
