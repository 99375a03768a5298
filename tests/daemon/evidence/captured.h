#pragma once
// A page that was caught, and how tests read it back.

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "config/types/digest.h"
#include "daemon/evidence/warc_reader.h"
#include "daemon/watch/evidence_vault.h"

namespace embargod {

inline constexpr const char* kCase = "01CBYASDG0KJQ1Z0D0TAS2BEEZ";

inline Observation caught_page(const std::string& body) {
  Observation o;
  o.target = "therapies/page";
  o.url = "https://stats.example.org/pub/therapies";
  o.final_url = o.url;
  o.sent = Instant{Millis{1'524'474'000'000}};
  o.done = o.sent + Millis{80};
  o.status = 200;
  o.http_version = "1.1";
  o.headers = {{"Content-Type", "text/html"}, {"Age", "12"}};
  o.remote_ip = "192.0.2.7";
  o.body = body;
  o.size = body.size();
  o.digest = "sha256:" + hex(sha256(body));
  return o;
}

inline TakenFor taken_for_early() {
  TakenFor t;
  t.look.liveness = Liveness::live;
  t.look.rule = "generic live_if[0]: text";
  t.verdict = Verdict::early;
  t.clock_verified = true;
  return t;
}

inline std::string file_text(const std::string& path) {
  const std::ifstream in{path, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// All records of a file; throws if it is not whole.
inline std::vector<PlacedRecord> records_in(const std::string& bytes) {
  std::vector<PlacedRecord> out;
  WarcReader reader{bytes};
  for (auto r = reader.next(); r.value(); r = reader.next()) out.push_back(std::move(**r));
  return out;
}

}  // namespace embargod
