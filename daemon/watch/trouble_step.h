#pragma once
// What goes wrong once a release may be public: it is late, incomplete, something else than announced, or gone again.
// Pure; called by incident_step.cpp.

#include "daemon/watch/incident_step.h"

namespace embargod {

/// First sight: `t` has joined the incident that `out` holds. Gives it the time in public that is known so far.
void open_trouble(Step& out, TargetExposure& t, const Sight& s);

/// One more look at a release with an unclosed incident of these kinds.
void step_trouble(Step& out, const Sight& s);

}  // namespace embargod
