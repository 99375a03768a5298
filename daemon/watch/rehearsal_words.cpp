// What is told of a planned rehearsal: that it is one, who planned it and why, and when it stops being one.

#include "config/zone_time.h"
#include "daemon/watch/alert_words.h"

namespace embargod {
namespace {

std::string rehearsed_title(const Incident& i) { return "\"" + i.title + "\""; }

}  // namespace

std::string rehearsal_words(const RehearsalMark& r, const std::string& zone) {
  std::string out = "planned by " + r.by + ", " + window_words(r.from, r.until, zone) + ": " + r.reason;
  if (r.over) out += "; over " + local_words(*r.over, zone) + " while it was still public, because " + r.why_over;
  return out;
}

Sentences say_rehearsal(const Telling& t, const std::string& what, const std::string& why_over) {
  const Incident& i = t.incident;
  const RehearsalMark& r = *i.rehearsal;
  const std::string& zone = t.context.zone;
  const std::string planned =
      r.by + " planned this rehearsal for " + window_words(r.from, r.until, zone) + ": " + r.reason + ".";
  if (is_resolved(t))
    return {kRehearsalMark + ("Over: " + rehearsed_title(i)) + " was public, as planned", planned + " " + why_over};
  return {kRehearsalMark + rehearsed_title(i) + (t.notice == Notice::reopened ? " is public again" : " is public") +
              ", as planned until " + local_time(r.until, zone),
          planned + " No embargo was lifted: when the window ends and it is still public, it is a breach and pages. " +
              what};
}

std::string do_rehearsal(const Telling& t) {
  const RehearsalMark& r = *t.incident.rehearsal;
  if (is_resolved(t))
    return "Ask " + r.by +
           " whether caches and copies of the test publication are clean, and write down what was learnt.";
  return "1. Check with " + r.by +
         " that what is public is the test publication and not the real figures; if not, have it taken down now and "
         "tell the head of profession. 2. Have it taken down, and the CDN purged, before the window ends " +
         local_words(r.until, t.context.zone) + ". 3. Do not open, copy or forward figures.";
}

Sentences say_rehearsal_overrun(const Telling& t) {
  const Incident& i = t.incident;
  const RehearsalMark& r = *i.rehearsal;
  return {kRehearsalMark + ("Over, and " + rehearsed_title(i)) + " is still public: a breach now",
          "The rehearsal that " + r.by + " planned is over because " + r.why_over +
              ", and the release is still public. From here on it is a breach: EmbargoEarly pages for it."};
}

std::string after_rehearsal(const Telling& t) {
  const auto& r = t.incident.rehearsal;
  if (!r || !r->over) return {};
  return "The rehearsal is over and the page is still public: this is a breach now. It was planned by " + r->by +
         " for " + window_words(r->from, r->until, t.context.zone) + ", and ended because " + r->why_over +
         "; whoever acknowledged the rehearsal has not acknowledged this. ";
}

}  // namespace embargod
