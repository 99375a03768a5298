// embargoctl schedule show: where dates come from, and who contradicts them.

#include <nlohmann/json.hpp>
#include <ostream>

#include "config/text_checks.h"
#include "config/zone_time.h"
#include "daemon/ctl/commands.h"
#include "daemon/ctl/daemon_json.h"
#include "daemon/ctl/http_client.h"
#include "daemon/ctl/schedule_answers.h"
#include "daemon/ctl/schedule_compare.h"
#include "daemon/ctl/table.h"

namespace embargod {
namespace {

using ScheduleJson = nlohmann::ordered_json;
using TableRows = std::vector<std::vector<std::string>>;

// Of one source; a calendar of a whole statistics office has hundreds that are none of ours.
constexpr int kMostUnmatchedShown = 10;

std::string count_in(const ScheduleJson& j, const char* key) {
  const ScheduleJson& n = part(j, key);
  return n.is_number_integer() ? std::to_string(n.get<std::int64_t>()) : std::string{};
}

std::string source_age(const ScheduleJson& source) {
  const ScheduleJson& age = part(source, "age_seconds");
  return age.is_number() ? words(Millis{static_cast<std::int64_t>(age.get<double>() * 1000.0)}) : std::string{};
}

bool says_yes(const ScheduleJson& j, const char* key) {
  const ScheduleJson& value = part(j, key);
  return value.is_boolean() && value.get<bool>();
}

void print_sources(const ScheduleJson& sources, std::ostream& out) {
  TableRows rows;
  for (const ScheduleJson& s : sources) {
    if (says_yes(s, "own"))
      rows.push_back({text_at(s, "source"), text_at(s, "format"), "own file", "", count_in(s, "items"), "", "", ""});
    else
      rows.push_back({text_at(s, "source"), text_at(s, "format"), text_at(s, "last_success"), source_age(s),
                      count_in(s, "items"), count_in(s, "unmatched"), count_in(s, "drifting"), text_at(s, "fault")});
  }
  out << plain_table({"SOURCE", "FORMAT", "LAST SUCCESS", "AGE", "ITEMS", "UNMATCHED", "DRIFTING", "FAULT"}, rows);
}

void print_drifts(const ScheduleJson& sources, std::ostream& out) {
  TableRows rows;
  for (const ScheduleJson& s : sources)
    for (const ScheduleJson& r : part(s, "rows"))
      if (const std::string drift = text_at(r, "drift"); !drift.empty())
        rows.push_back({text_at(r, "release"), text_at(s, "source"), drift, announced_words(due_of(part(r, "due"))),
                        text_at(r, "where")});
  if (rows.empty()) return;
  out << "\nCalendars that contradict the due in force. Nothing was changed: correct the calendar, or move the "
         "release.\n"
      << plain_table({"RELEASE", "SOURCE", "KIND", "IT SHOWS", "WHERE"}, rows);
}

void print_unmatched(const ScheduleJson& sources, std::ostream& out) {
  TableRows rows;
  for (const ScheduleJson& s : sources) {
    int shown = 0;
    int more = 0;
    for (const ScheduleJson& r : part(s, "rows")) {
      if (!text_at(r, "release").empty() || says_yes(r, "gone")) continue;
      if (shown++ < kMostUnmatchedShown)
        rows.push_back(
            {text_at(s, "source"), text_at(r, "title"), announced_words(due_of(part(r, "due"))), text_at(r, "where")});
      else
        ++more;
    }
    if (more > 0) rows.push_back({text_at(s, "source"), "and " + std::to_string(more) + " more: see --json", "", ""});
  }
  if (rows.empty()) return;
  out << "\nEntries that belong to no release\n" << plain_table({"SOURCE", "TITLE", "IT SHOWS", "WHERE"}, rows);
}

/// What every calendar says of one release, each row with its `source`.
ScheduleJson rows_about(const ScheduleJson& sources, const std::string& release) {
  ScheduleJson out = ScheduleJson::array();
  for (const ScheduleJson& s : sources)
    for (const ScheduleJson& r : part(s, "rows")) {
      if (text_at(r, "release") != release) continue;
      ScheduleJson row{{"source", text_at(s, "source")}};
      row.update(r);
      out.push_back(std::move(row));
    }
  return out;
}

void print_release(const ScheduleJson& release, const ScheduleJson& revisions, const ScheduleJson& said,
                   std::ostream& out) {
  const ScheduleJson& lift = part(release, "lift");
  const auto due = parse_rfc3339(text_at(release, "due"));
  const std::string given = text_at(release, "due_as_given");
  out << plain_table(
      {},
      {{"release", text_at(release, "id")},
       {"title", text_at(release, "title")},
       {"status", text_at(release, "status") + (says_yes(release, "current") ? "" : ", no longer in the schedule")},
       {"due in force", due ? local_words(*due, text_at(release, "zone")) : given + " (no exact date)"},
       {"as given", given},
       {"lifted", lift.is_object() ? text_at(lift, "at") + " by " + text_at(lift, "by") + ": " + text_at(lift, "reason")
                                   : "no"}});
  TableRows rows;
  for (const ScheduleJson& r : revisions)
    rows.push_back({count_in(r, "revision"), text_at(r, "seen"), announced_words(due_of(part(r, "now"))),
                    text_at(r, "status"), text_at(r, "source"), text_at(r, "reason")});
  if (!rows.empty()) out << "\n" << plain_table({"REVISION", "SEEN", "DUE", "STATUS", "SOURCE", "REASON"}, rows);
  rows.clear();
  for (const ScheduleJson& r : said)
    rows.push_back({text_at(r, "source"), text_at(r, "status") + (says_yes(r, "gone") ? ", gone" : ""),
                    announced_words(due_of(part(r, "due"))), text_at(r, "drift"), text_at(r, "matched_by"),
                    text_at(r, "where")});
  if (!rows.empty()) out << "\n" << plain_table({"SOURCE", "STATUS", "IT SHOWS", "DRIFT", "MATCHED BY", "WHERE"}, rows);
}

int show_release(const ScheduleShow& show, const ScheduleJson& sources, Streams io) {
  const auto releases = daemon_json(show.url, "/api/v1/releases");
  if (!releases) return complain({releases.error()}, io.err);
  std::vector<std::string> ids;
  for (const ScheduleJson& r : part(*releases, "items")) {
    ids.push_back(text_at(r, "id"));
    if (ids.back() != show.release) continue;
    const auto revisions = daemon_json(show.url, "/api/v1/releases/" + url_encoded(show.release) + "/revisions");
    if (!revisions) return complain({revisions.error()}, io.err);
    const ScheduleJson said = rows_about(sources, show.release);
    if (show.is_json)
      io.out << ScheduleJson{{"release", r}, {"revisions", part(*revisions, "items")}, {"sources", said}}.dump(
                    2, ' ', false, ScheduleJson::error_handler_t::replace)
             << "\n";
    else
      print_release(r, part(*revisions, "items"), said, io.out);
    return kExitFine;
  }
  return complain({Fault{Errc::not_found, in_quotes(show.release), "the schedule has no release of this id",
                         did_you_mean(show.release, ids)}},
                  io.err);
}

}  // namespace

int show_schedule(const ScheduleShow& show, Streams io) {
  const auto answer = daemon_json(show.url, "/api/v1/schedule/sources");
  if (!answer) return complain({answer.error()}, io.err);
  const ScheduleJson& sources = part(*answer, "items");
  if (!show.release.empty()) return show_release(show, sources, io);
  if (show.is_json) {
    io.out << answer->dump(2, ' ', false, ScheduleJson::error_handler_t::replace) << "\n";
    return kExitFine;
  }
  print_sources(sources, io.out);
  print_drifts(sources, io.out);
  print_unmatched(sources, io.out);
  return kExitFine;
}

}  // namespace embargod
