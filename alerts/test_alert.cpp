#include "alerts/test_alert.h"

#include <utility>

#include "alerts/plain_text.h"

namespace embargod {

Alert make_test_alert(const TestAlertFacts& facts, Instant now) {
  constexpr std::size_t kLongestName = 200;
  const std::string by = clean_line(facts.by, kLongestName);
  Alert a;
  a.key = "test-" + clean_line(facts.receiver, kLongestName) + ":" + std::to_string(now.time_since_epoch().count());
  a.name = kTestAlert;
  a.severity = Severity::info;
  a.labels = {{"alertname", a.name}, {"severity", "info"}, {"service", "embargod"}};
  a.annotations = {{"summary", "[TEST] This is only a test: nothing has happened"},
                   {"description", "[TEST] " + by + " tests the receiver " + clean_line(facts.receiver, kLongestName) +
                                       ". Nothing is public early, and nothing need be done."},
                   {"what_to_do", "Nothing. If you did not expect this test, ask " + by + "."}};
  if (!facts.external_url.empty()) a.annotations["link"] = facts.external_url;
  a.incident_json = "null";
  a.starts_at = now;
  a.decided_at = now;
  return a;
}

Alert make_drill_alert(Alert flown, const std::string& by) {
  constexpr std::size_t kLongestName = 200;
  const std::string who = clean_line(by, kLongestName);
  const bool is_over = flown.status == AlertStatus::resolved;
  Alert a = std::move(flown);
  a.name = kDrillAlert;
  a.labels["alertname"] = a.name;
  auto& said = a.annotations;
  said["summary"] = is_over ? std::string{kDrillMark} + "This drill is over"
                            : std::string{kDrillMark} + "Only a drill: nothing is public early";
  said["description"] = kDrillMark +
                        (is_over ? "The drill that " + who + " asked for is over."
                                 : who +
                                       " asked for this drill: a page of embargod itself went live early, on loopback, "
                                       "to see whether word of it reaches you.") +
                        " Nothing of any release is public.";
  said["what_to_do"] = is_over ? "Nothing." : "Acknowledge it as you would a real one, and nothing else.";
  said.erase("urls");  // of a page that nobody else can reach
  said.erase("runbook_url");
  return a;
}

}  // namespace embargod
