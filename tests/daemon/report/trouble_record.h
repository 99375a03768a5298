#pragma once
// A release with three parts that went wrong in every way there is, as the engine would have recorded it: early and
// left in a cache, late, incomplete, something else than announced, and gone again.

#include <string>

#include "daemon/report/report.h"
#include "tests/support/looks.h"

namespace embargod {

inline Look trouble_look(Millis from_due, Liveness l, const std::string& rule) {
  Look look = look_at(from_due, l, Millis{80}, Millis{20});
  look.rule = rule;
  look.size = l == Liveness::live ? 20'480 : 0;
  return look;
}
inline Look there(Millis from_due) { return trouble_look(from_due, Liveness::live, "generic live_if[0]: xpath"); }
inline Look missing(Millis from_due) { return trouble_look(from_due, Liveness::absent, "engine: 404"); }

/// Live early by every way; then gone past the cache, while a cache goes on serving it.
inline Incident cached_early_incident(const Release& r) {
  const auto by = [](Look l, Route route, const char* ip, Seconds age) {
    l.route = route;
    l.remote_ip = ip;
    l.age = age;
    if (route != Route::bypass) {
      l.from_cache = true;
      l.layer = "Varnish";
    }
    return l;
  };
  const Millis t{-86'400'000};
  Story s{r};
  s.look(0, by(missing(t), Route::plain, "192.0.2.7", Seconds{30}));
  s.look(0, by(there(t + Millis{60'000}), Route::plain, "192.0.2.7", Seconds{45}));
  s.look(0, by(there(t + Millis{62'000}), Route::other_address, "192.0.2.8", Seconds{12}));
  s.look(0, by(there(t + Millis{64'000}), Route::bypass, "192.0.2.7", Seconds{0}));
  s.look(0, by(there(t + Millis{120'000}), Route::plain, "192.0.2.7", Seconds{105}));
  s.look(0, by(missing(t + Millis{180'000}), Route::bypass, "192.0.2.7", Seconds{0}));
  s.look(0, by(there(t + Millis{182'000}), Route::plain, "192.0.2.7", Seconds{167}));
  return *s.incident;
}

inline Story trouble_story(const Release& r) {
  Story s{r};
  for (std::size_t k = 0; k < 3; ++k) s.look(k, missing(Millis{-2'000}));
  for (std::size_t k = 0; k < 3; ++k) s.look(k, missing(Millis{181'000}));
  s.look(0, missing(Millis{298'000}));
  s.look(0, there(Millis{300'000}));
  for (std::size_t k = 1; k < 3; ++k) s.look(k, missing(Millis{481'000}));
  Look placeholder = trouble_look(Millis{483'000}, Liveness::suspect, "engine: empty body");
  placeholder.status = 200;
  s.look(2, placeholder);
  Look wrong = there(Millis{600'000});
  wrong.wrong = "the same bytes as maternity-2018-01/tables";
  s.look(1, wrong);
  wrong.sent += Millis{60'000};
  wrong.done += Millis{60'000};
  s.look(1, wrong);
  s.look(1, there(Millis{720'000}));
  s.look(2, missing(Millis{898'000}));
  s.look(2, there(Millis{900'000}));
  s.look(0, there(Millis{3'600'000}));
  for (int k = 0; k < 4; ++k) s.look(0, missing(Millis{3'660'000 + k * 60'000}));
  s.look(0, there(Millis{11'400'000}));
  return s;
}

inline ReportInput trouble_record() {
  Release r = release_with({"page", "tables", "annex"});
  r.source = "releases.yml";
  r.targets[1].role = Role::file;
  r.targets[2].role = Role::file;
  const Story s = trouble_story(r);
  ReportInput in;
  in.incidents = {cached_early_incident(r), s.of(IncidentKind::late), s.of(IncidentKind::incomplete),
                  s.of(IncidentKind::wrong_content), s.of(IncidentKind::gap)};
  StoredRelease stored;
  stored.release = r;
  stored.revision_seen = kDue - std::chrono::hours{100};
  in.releases = {stored};
  in.settings.producer.name = "Example Statistics Agency";
  in.settings.producer.contact = {"Publication team", "publications@example.org", "+44 20 7946 0000"};
  in.settings.code_edition = "3.0";
  in.settings.program = "embargod 0.1.0";
  in.now = kDue + std::chrono::hours{6};
  return in;
}

}  // namespace embargod
