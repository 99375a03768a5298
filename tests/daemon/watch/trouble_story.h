#pragma once
// Ways to tell of a release after its due time. Times are offsets from due.

#include "tests/support/looks.h"

namespace embargod {

inline Story three_parts() { return Story{release_with({"page", "tables", "annex"})}; }

inline Look wrong_at(Millis sent, const char* why = "generic expect[0]: magic") {
  Look l = look_at(sent, Liveness::live);
  l.wrong = why;
  return l;
}

inline void look_all(Story& s, Millis sent, Liveness l) {
  for (std::size_t k = 0; k < s.release().targets.size(); ++k) s.look(k, look_at(sent, l));
}

}  // namespace embargod
