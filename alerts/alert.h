#pragma once
// One thing to tell people. Labels never change within an alert; everything that changes is an annotation.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/settings.h"
#include "config/types/time.h"

namespace embargod {

enum class AlertStatus : std::uint8_t { firing = 0, resolved = 1 };  // stored; never renumber
[[nodiscard]] const char* to_string(AlertStatus s);

/// Why this step is told. Stored; never renumber.
enum class Notice : std::uint8_t {
  opened = 0,    // first sight
  updated = 1,   // same trouble, better known: only receivers that hold a standing alert get it (Alertmanager)
  reopened = 2,  // it came back after a resolve
  resolved = 3,
  reminder = 4,      // same trouble still: to plain receivers that were told; says nothing where a newer step waits
  acknowledged = 5,  // a person has taken it: only receivers that keep incidents of their own get it (PagerDuty)
};

using Labels = std::map<std::string, std::string>;

struct Alert {
  std::string key;       // "<incident id>:<step>": deduplicates one delivery
  std::string incident;  // incident id; empty for the watchdog
  std::string name;      // alertname: "EmbargoEarly"
  Severity severity = Severity::page;
  AlertStatus status = AlertStatus::firing;
  Notice notice = Notice::opened;
  Labels labels;              // alertname, severity, service and release or site: exactly design.md 5.5
  Labels annotations;         // see daemon/watch/alerting.h for the list
  std::string incident_json;  // design.md 5.3 bytes; "null" for the watchdog
  Instant starts_at{};        // first detection
  Instant decided_at{};       // when this step was decided
  bool durable = true;        // false: the store refused; told from memory (P3)
  friend bool operator==(const Alert&, const Alert&) = default;
};

/// The identity that a standing alert has at its receiver: incident id and alertname.
[[nodiscard]] std::string standing_id(const Alert& a);

}  // namespace embargod
