#pragma once
// One release of every kind that a calendar must tell apart.

#include "config/outgoing/outgoing_schedule.h"
#include "config/settings_reader.h"

namespace embargod {

inline constexpr const char* kOutgoingYaml =
    "releases:\n"
    "  - id: cpi-2030-03\n"
    "    title: \"Consumer prices; UK, March 2030\"\n"
    "    due: 2030-04-17T07:00+01:00\n"
    "    urls:\n"
    "      - {url: \"https://stats.example.org/cpi/mar-2030?a=1,2\", role: page, profile: ons}\n"
    "      - {url: \"https://files.example.org/cpi.xlsx\", role: file, name: tables}\n"
    "      - {url: \"https://stats.example.org/cpi/latest\", role: latest, edition: \"March 2030\", profile: ees,\n"
    "         cache_bypass: false, negative_ttl: 1m}\n"
    "      - {url: \"https://stats.example.org/calendar\", role: listing, title_counts: true}\n"
    "  - id: prisons-2030-05\n"
    "    title: \"Poblogaeth carchardai \xE2\x80\x93 adroddiad blynyddol, gyda thablau ychwanegol "
    "\xC5\xB4\xC5\xB6\xC5\xB4\"\n"
    "    due: 2030-05-23\n"
    "    urls: [{url: \"https://stats.example.org/prisons\", role: page}]\n"
    "  - id: migration-2030-q1\n"
    "    title: Migration\n"
    "    due: 2030-06\n"
    "    status: provisional\n"
    "  - id: museums-2029\n"
    "    title: Museums\n"
    "    due: 2030-01-24 09:30\n"
    "    status: cancelled\n"
    "    urls: [{url: \"https://stats.example.org/museums\", role: page}]\n";

inline Instant outgoing_at(const char* text) { return parse_rfc3339(text).value(); }

inline OutgoingSchedule outgoing_sample() {
  const Schedule s = read_schedule(kOutgoingYaml, "releases.yml", "Europe/London", shipped_profiles()).value();
  OutgoingSchedule out{.producer = "Example Statistics Agency", .releases = {}};
  for (const Release& r : s.releases)
    out.releases.push_back({.release = r, .revision = 1, .changed = outgoing_at("2030-01-02T10:00:00Z")});
  out.releases[0].revision = 3;
  out.releases[0].changed = outgoing_at("2030-03-01T12:30:15.250Z");
  return out;
}

}  // namespace embargod
