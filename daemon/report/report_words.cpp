#include "daemon/report/report_words.h"

#include <utility>

#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr std::int64_t kTenth = 100;
constexpr std::int64_t kSecondMs = 1'000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;

std::string utc_clock(Instant t) { return rfc3339(t).substr(11, 12); }

std::string utc_date(Instant t) { return local_date(t, "UTC"); }

/// Local wall time to the second; an interval that is rounded outwards still holds the truth.
Instant whole_second(Instant t, Rounding r) {
  const auto down = std::chrono::floor<std::chrono::seconds>(t);
  return r == Rounding::down || down == t ? down : down + std::chrono::seconds{1};
}

std::string local_clock(Instant t, const std::string& zone) {
  const std::string s = local_time(t, zone);
  return s.size() == 5 ? s + ":00" : s;
}

}  // namespace

std::string exact_words(Millis d, Rounding r) {
  std::int64_t ms = d.count();
  const bool negative = ms < 0;
  if (negative) {
    ms = -ms;
    r = r == Rounding::down ? Rounding::up : Rounding::down;
  }
  std::int64_t tenths = ms / kTenth;
  if (r == Rounding::up && ms % kTenth != 0) ++tenths;
  ms = tenths * kTenth;

  std::string s;
  const auto part = [&s](std::int64_t n, const char* unit) {
    if (n == 0 && s.empty()) return;
    s += (s.empty() ? "" : " ") + std::to_string(n) + " " + unit;
  };
  const std::int64_t days = ms / kDayMs;
  part(days, days == 1 ? "day" : "days");
  part(ms % kDayMs / kHourMs, "h");
  part(ms % kHourMs / kMinuteMs, "min");
  const std::int64_t rest = ms % kMinuteMs;
  s += (s.empty() ? "" : " ") + std::to_string(rest / kSecondMs) + "." + std::to_string(rest % kSecondMs / kTenth) +
       " s";
  return negative && tenths != 0 ? "-" + s : s;
}

std::string span_words(const SpanBounds& s) {
  if (!s.longest) return "at least " + exact_words(s.shortest, Rounding::down) + " (no upper bound is known)";
  return "at least " + exact_words(s.shortest, Rounding::down) + " and at most " +
         exact_words(*s.longest, Rounding::up);
}

std::string instant_words(Instant t, const std::string& zone) {
  const Instant second = whole_second(t, Rounding::down);
  const std::string local = local_date(second, zone) == utc_date(t) ? "" : " on " + local_date(second, zone);
  return utc_clock(t) + " UTC on " + utc_date(t) + " (" + local_clock(second, zone) + " " + zone + local + ")";
}

std::string between_words(const InstantBounds& b, const std::string& zone) {
  const Instant from = b.earliest.value_or(b.latest);
  if (utc_date(from) != utc_date(b.latest))
    return "after " + instant_words(from, zone) + " and at or before " + instant_words(b.latest, zone);
  const Instant local_from = whole_second(from, Rounding::down);
  const Instant local_to = whole_second(b.latest, Rounding::up);
  const bool same_day = local_date(local_from, zone) == utc_date(from) && local_date(local_to, zone) == utc_date(from);
  std::string s =
      "after " + utc_clock(from) + " UTC and at or before " + utc_clock(b.latest) + " UTC on " + utc_date(from) + " (";
  s += local_clock(local_from, zone);
  if (!same_day) s += " on " + local_date(local_from, zone);
  s += " to " + local_clock(local_to, zone);
  if (!same_day) s += " on " + local_date(local_to, zone);
  return s + " " + zone + ")";
}

std::string due_words(Instant t, const std::string& zone) {
  static constexpr const char* kDays[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
  std::string s = std::string{kDays[local_weekday(t, zone) % 7]} + " " + local_date(t, zone) + ", " +
                  local_time(t, zone) + " (" + zone + "), which is " + utc_clock(t) + " UTC";
  if (local_date(t, zone) != utc_date(t)) s += " on " + utc_date(t);
  return s;
}

std::string utc_cell(Instant t) {
  const std::string s = rfc3339(t);
  return s.substr(0, 10) + " " + s.substr(11, 12);
}

std::string local_cell(Instant t, const std::string& zone) {
  const Instant second = whole_second(t, Rounding::down);
  return local_date(second, zone) + ", " + local_clock(second, zone);
}

std::string lead_days_words(std::optional<int> least, std::optional<int> most) {
  const auto one = [](int n) {
    const int a = n < 0 ? -n : n;
    return std::to_string(a) + (a == 1 ? " day" : " days");
  };
  if (!least) return "lead not known";
  if (!most) return *least == 0 ? "on the due date itself or earlier" : one(*least) + " or more ahead";
  if (*least == *most) {
    if (*least == 0) return "on the due date itself";
    return one(*least) + (*least > 0 ? " ahead" : " after the due date");
  }
  if (*least >= 0) return std::to_string(*least) + " or " + one(*most) + " ahead";
  return "between " + one(*most) + " and " + one(*least) + " after the due date";
}

const char* cause_words(Cause c) {
  switch (c) {
    case Cause::none:
      return "no conclusive answer";
    case Cause::dns:
      return "the host name could not be resolved";
    case Cause::connect:
      return "no connection could be made";
    case Cause::tls:
      return "the secure connection failed";
    case Cause::timeout:
      return "no answer came in time";
    case Cause::reset:
      return "the connection broke or the answer was not HTTP";
    case Cause::truncated:
      return "answers were cut short";
    case Cause::too_large:
      return "answers were larger than this monitor reads";
    case Cause::server_error:
      return "the site answered with an HTTP 5xx error";
    case Cause::refused:
      return "the site refused access";
    case Cause::throttled:
      return "the site asked for fewer requests (HTTP 429)";
    case Cause::redirect_loop:
      return "redirects did not end";
    case Cause::redirect_elsewhere:
      return "the site redirected to another host or page";
    case Cause::blocked_address:
      return "the host name led to an address that may not be probed";
    case Cause::rule:
      return "the answer was a block or maintenance page";
    case Cause::odd_status:
      return "the answer had a status that no rule speaks of";
    case Cause::unreadable:
      return "the answer could not be read";
    case Cause::not_polled:
      return "this monitor did not look";
    case Cause::challenge:
      return "a bot wall or challenge page answered";
    case Cause::maintenance:
      return "a maintenance page answered";
    case Cause::sign_in:
      return "a sign-in page answered";
    case Cause::intermediary:
      return "something on the way answered, not the site";
    case Cause::certificate:
      return "another authority than before vouched for the site";
    case Cause::no_baseline:
      return "nobody had approved what the former edition looks like";
    case Cause::quiet:
      return "this monitor did not ask, so that no cache would keep a \"not found\" over the announced time";
  }
  return "no conclusive answer";
}

const char* kind_words(IncidentKind k) {
  switch (k) {
    case IncidentKind::early:
      return "Early release";
    case IncidentKind::suspect:
      return "Unexpected content before release";
    case IncidentKind::late:
      return "Late release";
    case IncidentKind::incomplete:
      return "Incomplete release";
    case IncidentKind::wrong_content:
      return "Wrong content";
    case IncidentKind::gap:
      return "Gap after release";
    case IncidentKind::unscheduled:
      return "Unscheduled release";
    case IncidentKind::blind:
      return "Site could not be observed";
    case IncidentKind::drift:
      return "Contradicting dates of release";
  }
  return "Incident";
}

const char* account_heading(const Incident& i) {
  if (!i.rehearsal) return kind_words(i.kind);
  return i.rehearsal->over ? "Early release after a planned rehearsal" : "Planned rehearsal";
}

const char* state_words(IncidentState s) {
  switch (s) {
    case IncidentState::suspected:
      return "suspected: seen once, not yet confirmed";
    case IncidentState::open:
      return "open";
    case IncidentState::contained:
      return "contained";
    case IncidentState::closed:
      return "closed";
    case IncidentState::dismissed:
      return "dismissed by a person";
  }
  return "not known";
}

const char* confidence_words(Confidence c) {
  switch (c) {
    case Confidence::seen_once:
      return "seen once, not confirmed by a second look";
    case Confidence::suspected:
      return "suspected: an unexpected answer that no rule recognises as the release";
    case Confidence::confirmed:
      return "confirmed by a second conclusive look";
  }
  return "not known";
}

std::string event_words(const std::string& what) {
  static const std::pair<const char*, const char*> kWords[] = {
      {"first_sight", "first sight"},
      {"confirmed", "confirmed by a second look"},
      {"target_joined", "another URL"},
      {"went_down", "taken out of sight"},
      {"went_live", "went live"},
      {"contained", "contained"},
      {"reopened", "live again"},
      {"reappeared", "live again"},
      {"due_passed", "announced time came"},
      {"lifted", "embargo ended by a person"},
      {"acknowledged", "acknowledged"},
      {"note", "note"},
      {"decided", "decided"},
      {"acknowledgement_expired", "acknowledgement expired"},
      {"escalated", "the next receivers were told"},
      {"held_for_hours", "its receivers are told in their working hours"},
      {"dismissed", "dismissed"},
      {"closed", "closed"},
      {"clock_step", "clock was set"},
      {"started", "monitor started"},
      {"stopped", "monitor stopped"},
      {"schedule_changed", "schedule changed"},
      {"corrected", "what was announced took its place"},
      {"served_from_cache", "gone, but still served from cache"},
      {"baseline_approved", "baseline approved"},
      {"impact_counted", "requests counted from logs"},
      {"rehearsal_overrun", "the rehearsal was over, and the release still public"},
      {"boundary", "live within the clock error of the announced time"}};
  for (const auto& [word, text] : kWords)
    if (what == word) return text;
  return what;
}

}  // namespace embargod
