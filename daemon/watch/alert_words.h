#pragma once
// What an alert says, in words for a tired person on a phone at night. No word of a page but its announced title and
// the edition it says it is. Internal to daemon/watch. Pure.

#include <string>
#include <vector>

#include "daemon/watch/alerting.h"
#include "daemon/watch/incident.h"

namespace embargod {

/// One alert in the making: everything its sentences are made of. Borrows.
struct Telling {
  const Incident& incident;
  Notice notice;
  Instant now;
  const AlertContext& context;
};
[[nodiscard]] inline bool is_resolved(const Telling& t) { return t.notice == Notice::resolved; }

/// The summary is what a locked phone shows.
struct Sentences {
  std::string summary;
  std::string description;
};
[[nodiscard]] Sentences sentences_of(const Telling& t);
[[nodiscard]] std::string what_to_do(const Telling& t);  // alert_steps.cpp
/// Of kind drift (drift_words.cpp); `why_over` is said once it is resolved.
[[nodiscard]] Sentences say_drift(const Telling& t, const std::string& why_over);
[[nodiscard]] std::string do_drift(const Incident& i);
[[nodiscard]] std::string drift_seen_since(const Telling& t);

/// Of an early incident in a rehearsal (rehearsal_words.cpp); `what` its URLs answer with, and what else is known.
[[nodiscard]] Sentences say_rehearsal(const Telling& t, const std::string& what, const std::string& why_over);
[[nodiscard]] std::string do_rehearsal(const Telling& t);
/// Its last message where it is still public.
[[nodiscard]] Sentences say_rehearsal_overrun(const Telling& t);
/// What EmbargoEarly says first where a rehearsal went before it; else empty.
[[nodiscard]] std::string after_rehearsal(const Telling& t);

// ---- the facts beside them; empty: nothing to say (alert_facts.cpp) ----

[[nodiscard]] std::string how_early(const Telling& t);  // "2 days before due", "5 min 20 s late"
[[nodiscard]] std::string seen_since(const Telling& t);
[[nodiscard]] std::string gone_since(const Telling& t);  // gap: the newest time it went
[[nodiscard]] std::string how_sure(const Telling& t);    // looks, the ways to the page, and the first look
/// The public URLs, or the ids of those that were not seen; a line each.
enum class SeenLive : std::uint8_t { yes, no };
[[nodiscard]] std::string urls_of(const Incident& i, SeenLive seen);

// ---- words that both share ----

/// "Wednesday 25 April 2018, 09:30 BST (2018-04-25T08:30:00.000Z)"
[[nodiscard]] std::string stated(Instant t, const std::string& zone);
/// "1 look", "3 looks"
[[nodiscard]] std::string counted(std::size_t n, const std::string& one);
/// "a, b, c"
[[nodiscard]] std::string joined_words(const std::vector<std::string>& parts);
/// "at least 3 s and at most 5 s", "at least 3 s (at most is not known)"
[[nodiscard]] std::string bounded(const SpanBounds& b);
[[nodiscard]] bool is_there(const TargetExposure& t);  // in public now, by its newest span
[[nodiscard]] bool is_form(const TargetExposure& t);   // another form of a target's URL: "<target>+www"

/// What is public of an early release: `page` unless all of it is something else.
enum class PublicAs : std::uint8_t { page, file, api, listing, announcement, form };
[[nodiscard]] PublicAs public_as(const Incident& i);

/// The caches that still serve what the origin no longer has; and whether nothing else is left of it.
[[nodiscard]] std::vector<std::string> layers_left(const Incident& i);
[[nodiscard]] bool only_in_caches(const Incident& i);

/// Why the first look was doubted, from the rule that decided.
enum class Doubt : std::uint8_t { corrected, changed, shell, file, other };
[[nodiscard]] Doubt doubt_of(const Incident& i);

}  // namespace embargod
