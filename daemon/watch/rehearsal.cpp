#include "daemon/watch/rehearsal.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "config/zone_time.h"
#include "daemon/watch/incident.h"

namespace embargod {
namespace {

using RehearsalJson = nlohmann::ordered_json;

constexpr std::size_t kLongestRehearsalName = 200;
constexpr std::size_t kLongestRehearsalReason = 500;

bool is_one_line(const std::string& s) {
  return std::none_of(s.begin(), s.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Result<void> check_rehearsal_text(const std::string& name, const std::string& text, std::size_t most,
                                  const std::string& where) {
  if (text.find_first_not_of(' ') == std::string::npos)
    return fail(Errc::invalid_input, "no \"" + name + "\" is given", where, "say who plans it, and why");
  if (text.size() > most || !is_one_line(text))
    return fail(Errc::invalid_input, "\"" + name + "\" is not one line of at most " + std::to_string(most) + " bytes",
                where, "shorten it");
  return {};
}

Result<void> check_window(const Rehearsal& r, Instant now, const std::string& where) {
  if (r.until <= r.from)
    return fail(Errc::invalid_input, "its window ends before it begins", where, "give an end after its beginning");
  if (r.until - r.from > kLongestRehearsal)
    return fail(Errc::invalid_input, "its window lasts " + words(r.until - r.from), where,
                "a window lasts 4 h at most: plan two");
  if (r.from + kRehearsalPast < now)
    return fail(Errc::invalid_input, "its window began " + words(now - r.from) + " ago", where,
                "what was seen before it was planned stays what it was: let it begin now or later");
  if (r.until <= now)
    return fail(Errc::invalid_input, "its window is over already", where, "give an end that is still to come");
  if (r.from > now + kRehearsalAhead)
    return fail(Errc::invalid_input, "its window begins in " + words(r.from - now), where,
                "plan it within the 30 days before it");
  return {};
}

Result<void> check_release(const Rehearsal& r, const RehearsalFacts& facts, const std::string& where) {
  if (facts.release == nullptr)
    return fail(Errc::not_found, "the schedule has no such release", where, "see embargoctl releases");
  const Release& release = *facts.release;
  if (facts.is_lifted)
    return fail(Errc::conflict, "its embargo was lifted", where, "it may be public; there is nothing to rehearse");
  if (release.status == ReleaseStatus::cancelled)
    return fail(Errc::conflict, "it is cancelled", where, "rehearse with a release that is announced");
  if (!release.due.at)
    return fail(Errc::conflict, "its due time is not known yet", where,
                "announce its date first, or rehearse with another release");
  if (*release.due.at <= facts.now)
    return fail(Errc::conflict, "its due time has passed", where, "it may be public; there is nothing to rehearse");
  if (r.until + kRehearsalBeforeDue > *release.due.at)
    return fail(Errc::conflict,
                "its window ends " + local_words(r.until, facts.zone) + ", the release is due " +
                    local_words(*release.due.at, facts.zone),
                where,
                "let it end at least 30 min before due: nearer to it nobody can tell a test from the real thing");
  return {};
}

RehearsalJson instant_json(Instant t) { return rfc3339(t); }

Instant rehearsal_instant(const RehearsalJson& j) {
  const auto t = parse_rfc3339(j.get<std::string>());
  if (!t) throw std::invalid_argument("not a time");
  return *t;
}

RehearsalJson document_of(const Rehearsal& r) {
  RehearsalJson j{{"id", r.id},
                  {"release", r.release},
                  {"from", instant_json(r.from)},
                  {"until", instant_json(r.until)},
                  {"by", r.by},
                  {"reason", r.reason},
                  {"planned_at", instant_json(r.planned)},
                  {"cancelled", nullptr},
                  {"incident", r.incident.empty() ? RehearsalJson(nullptr) : RehearsalJson(r.incident)},
                  {"outcome", nullptr}};
  if (r.cancelled)
    j["cancelled"] = {{"by", r.cancelled->by}, {"at", instant_json(r.cancelled->at)}, {"reason", r.cancelled->reason}};
  if (r.outcome) j["outcome"] = {{"at", instant_json(r.outcome->at)}, {"text", r.outcome->text}};
  return j;
}

std::string line_of(const RehearsalJson& j) { return j.dump(-1, ' ', false, RehearsalJson::error_handler_t::replace); }

}  // namespace

RehearsalMark mark_of(const Rehearsal& r) {
  return {.id = r.id, .by = r.by, .reason = r.reason, .from = r.from, .until = r.until};
}

const char* rehearsal_state(const Rehearsal& r, Instant now) {
  if (r.cancelled) return "cancelled";
  if (r.outcome || now >= r.until) return "over";
  return now < r.from ? "planned" : "open";
}

bool covers(const Rehearsal& r, const Release* release, Instant sent, Instant done) {
  return sent >= r.from && why_rehearsal_is_over(r, release, done).empty();
}

std::string why_rehearsal_is_over(const Rehearsal& r, const Release* release, Instant now) {
  if (r.cancelled) return r.cancelled->by + " cancelled it: " + r.cancelled->reason;
  if (now >= r.until) return "its window ended";
  if (release == nullptr) return "the schedule no longer has the release";
  if (release->status == ReleaseStatus::cancelled) return "the release was cancelled";
  if (!release->due.at) return "the release has no known due time any more";
  if (*release->due.at < r.until + kRehearsalBeforeDue)
    return "the release is due less than 30 min after its window now";
  return {};
}

Result<void> may_plan(const Rehearsal& r, const RehearsalFacts& facts, const std::vector<Rehearsal>& known) {
  const std::string where = "rehearsal of " + (r.release.empty() ? std::string{"nothing"} : r.release);
  if (auto ok = check_rehearsal_text("by", r.by, kLongestRehearsalName, where); !ok) return ok;
  if (auto ok = check_rehearsal_text("reason", r.reason, kLongestRehearsalReason, where); !ok) return ok;
  if (auto ok = check_window(r, facts.now, where); !ok) return ok;
  if (auto ok = check_release(r, facts, where); !ok) return ok;
  for (const Rehearsal& other : known) {
    const bool overlaps = other.release == r.release && !is_over(other) && r.from < other.until && other.from < r.until;
    if (overlaps)
      return fail(
          Errc::conflict,
          "rehearsal " + other.id + " of it is planned for " + window_words(other.from, other.until, facts.zone), where,
          "cancel that one first, or choose another time");
  }
  return {};
}

std::string rehearsal_id(const std::string& release, Instant from, Instant planned) {
  return incident_id("rehearsal " + release + " " + rfc3339(planned), from, IncidentKind::early, 1);
}

std::string rehearsal_json(const Rehearsal& r) { return line_of(document_of(r)); }

std::string rehearsal_json(const Rehearsal& r, Instant now) {
  RehearsalJson j = document_of(r);
  j["state"] = rehearsal_state(r, now);
  return line_of(j);
}

Result<Rehearsal> read_rehearsal(std::string_view json) {
  try {
    const RehearsalJson j = RehearsalJson::parse(json);
    Rehearsal r;
    r.id = j.at("id");
    r.release = j.at("release");
    r.from = rehearsal_instant(j.at("from"));
    r.until = rehearsal_instant(j.at("until"));
    r.by = j.at("by");
    r.reason = j.at("reason");
    r.planned = rehearsal_instant(j.at("planned_at"));
    if (const RehearsalJson& c = j.at("cancelled"); !c.is_null())
      r.cancelled = RehearsalCancel{.by = c.at("by"), .at = rehearsal_instant(c.at("at")), .reason = c.at("reason")};
    if (const RehearsalJson& i = j.at("incident"); !i.is_null()) r.incident = i;
    if (const RehearsalJson& o = j.at("outcome"); !o.is_null())
      r.outcome = RehearsalOutcome{.at = rehearsal_instant(o.at("at")), .text = o.at("text")};
    return r;
  } catch (const std::exception& e) {
    return fail(Errc::corrupt, e.what(), "the record of a rehearsal");
  }
}

std::string window_words(Instant from, Instant until, const std::string& zone) {
  const bool same_day = local_date(from, zone) == local_date(until, zone);
  return local_words(from, zone) + " to " + (same_day ? local_time(until, zone) : local_words(until, zone));
}

}  // namespace embargod
