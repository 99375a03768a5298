#pragma once

#include <string>
#include <vector>

#include "config/types/clock.h"
#include "daemon/ctl/commands.h"

namespace embargod {

/// `embargoctl impact`. Options as typed: those of one log may begin with its name, "origin=/var/log/access.log".
struct ImpactAsk {
  std::string url;            // where the daemon listens
  std::string incident;       // id
  std::string incident_file;  // the incident as the API gave it; empty: ask the daemon
  std::vector<std::string> logs, formats, fields, hosts, offsets;
  std::vector<std::string> analytics;
  std::vector<std::string> internal, own, crawlers;
  std::string key_file;        // empty: a new key, which nobody keeps
  std::string format = "txt";  // txt, json
  std::string file;            // empty: to `out`
  bool is_recorded = false;    // for the report, by `by`
  std::string by;
};
[[nodiscard]] const std::vector<std::string>& impact_format_words();

int count_impact(const ImpactAsk& ask, const Clock& clock, Streams io);

}  // namespace embargod
