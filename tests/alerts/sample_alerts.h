#pragma once

#include <chrono>
#include <string>

#include "alerts/alert.h"

namespace embargod {

inline const Instant kNoon = Instant{std::chrono::sys_days{std::chrono::year{2018} / 4 / 23} + std::chrono::hours{12}};

inline Alert sample_alert(const std::string& incident, int step, Notice notice, Instant at = kNoon) {
  Alert a;
  a.key = incident + ":" + std::to_string(step);
  a.incident = incident;
  a.name = "EmbargoEarly";
  a.severity = Severity::page;
  a.status = notice == Notice::resolved ? AlertStatus::resolved : AlertStatus::firing;
  a.notice = notice;
  a.labels = {
      {"alertname", "EmbargoEarly"}, {"severity", "page"}, {"service", "embargod"}, {"release", "therapies-2018-01"}};
  a.annotations = {{"summary", "Psychological therapies, January 2018 final — public 2 days before due"},
                   {"link", "http://127.0.0.1:9750/incidents/" + incident}};
  a.incident_json = R"({"id":")" + incident + R"("})";
  a.starts_at = at;
  a.decided_at = at;
  return a;
}

inline Alert sample_ticket(const std::string& incident, int step, Notice notice, Instant at = kNoon) {
  Alert a = sample_alert(incident, step, notice, at);
  a.name = a.labels["alertname"] = "EmbargoLate";
  a.severity = Severity::ticket;
  a.labels["severity"] = "ticket";
  return a;
}

}  // namespace embargod
