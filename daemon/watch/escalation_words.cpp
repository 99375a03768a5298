#include "daemon/watch/escalation_words.h"

#include <chrono>

namespace embargod {
namespace {

/// Whole minutes: that is what a reminder is about.
std::string minutes_words(Millis d) {
  const auto minutes = std::chrono::floor<std::chrono::minutes>(d);
  return minutes < std::chrono::minutes{1} ? "less than a minute" : words(minutes);
}

std::string still_words(const Alert& a, const Incident& i, Instant now) {
  const std::string so_long = minutes_words(now - i.detected);
  return (i.kind == IncidentKind::blind ? "still out of sight, "
          : a.name == "EmbargoEarly"    ? "still live, "
                                        : "still so, ") +
         so_long;
}

std::string capital(std::string s) {
  if (!s.empty() && s[0] >= 'a' && s[0] <= 'z') s[0] = static_cast<char>(s[0] - 'a' + 'A');
  return s;
}

void add_sentence(Alert& a, const std::string& sentence) {
  std::string& text = a.annotations["description"];
  text += (text.empty() ? "" : " ") + sentence;
}

}  // namespace

std::string joined_names(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& n : names) out += (out.empty() ? "" : ", ") + n;
  return out;
}

void say_escalated(Alert& a, const AlertThread& before, bool undelivered, Instant now) {
  const std::string waited = minutes_words(now - before.waiting_since);
  const std::string why = undelivered ? "nothing was accepted by the receivers before you within " + waited
                                      : "nobody has acknowledged it within " + waited;
  a.annotations["escalated"] = why + "; told before: " + joined_names(before.told);
  add_sentence(a, "You are told because " + why + " (told before: " + joined_names(before.told) + ").");
}

void say_reminder(Alert& a, const Incident& i, Instant now) {
  a.annotations["summary"] = capital(still_words(a, i, now)) + ": " + a.annotations["summary"];
  add_sentence(a, "Nobody has acknowledged it.");
}

void say_acknowledgement_over(Alert& a, const Acknowledgement& over, const Incident& i, Instant now) {
  a.annotations["summary"] = "No longer acknowledged, " + still_words(a, i, now) + ": " + a.annotations["summary"];
  add_sentence(a, over.by + " acknowledged it " + minutes_words(now - over.at) +
                      " ago; that has expired. Acknowledge it again if you have it.");
}

}  // namespace embargod
