// embargoctl's commands that ask a running daemon.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <ostream>
#include <string_view>

#include "config/text_checks.h"
#include "daemon/ctl/commands.h"
#include "daemon/ctl/daemon_json.h"
#include "daemon/ctl/http_client.h"
#include "daemon/ctl/table.h"
#include "daemon/report/report_words.h"
#include "daemon/watch/ruling.h"

namespace embargod {
namespace {

using Json = nlohmann::ordered_json;

std::string seconds_words(const Json& j, Rounding r) {
  return j.is_number() ? exact_words(Millis{static_cast<std::int64_t>(j.get<double>() * 1000.0)}, r) : "not known";
}

std::string bounds_words(const Json& b) {
  if (!b.is_object()) return "-";
  const std::string earliest = text_at(b, "earliest");
  return (earliest.empty() ? "at or before " : "after " + earliest + ", at or before ") + text_at(b, "latest");
}

std::string worst_state(const Json& release) {
  std::string states;
  for (const Json& t : part(release, "targets")) {
    const std::string s = text_at(t, "state");
    if (states.find(s) == std::string::npos) states += (states.empty() ? "" : ", ") + s;
  }
  return states;
}

std::string release_note(const Json& r) {
  if (const Json& lift = part(r, "lift"); lift.is_object()) return "lifted by " + text_at(lift, "by");
  if (const Json& released = part(r, "released"); released.is_object())
    return "released by " + text_at(released, "latest");
  return text_at(r, "status") == "confirmed" ? "" : text_at(r, "status");
}

std::string lead_text(const Json& incident) {
  const Json& lead = part(incident, "lead");
  if (!lead.is_object() || !part(lead, "shortest_seconds").is_number()) return "-";
  const double s = part(lead, "shortest_seconds").get<double>();
  const Millis ms{static_cast<std::int64_t>((s < 0 ? -s : s) * 1000.0)};
  return words(ms) + (s < 0 ? " late" : " early");
}

void print_spans(const Json& target, std::vector<std::vector<std::string>>& rows) {
  for (const Json& s : part(target, "spans")) {
    const Json& up = part(s, "time_up");
    const bool ended = part(s, "went_down").is_object();
    std::string time_up = "at least " + seconds_words(part(up, "shortest_seconds"), Rounding::down);
    if (ended && part(up, "longest_seconds").is_number())
      time_up += " and at most " + seconds_words(part(up, "longest_seconds"), Rounding::up);
    rows.push_back({"  went live", bounds_words(part(s, "went_live"))});
    rows.push_back(
        {"  went down", ended ? bounds_words(part(s, "went_down")) + ", by " + text_at(s, "ended_by") : "still up"});
    rows.push_back({"  time up", time_up + " (" + text_at(s, "basis") + ")"});
  }
}

/// As one word for a shell.
std::string shell_word(const std::string& text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/:=";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return out + "'";
}

/// "release/name" in a path: the slash between them stays one.
std::string target_path(const std::string& target) {
  const auto slash = target.find('/');
  if (slash == std::string::npos) return url_encoded(target);
  return url_encoded(target.substr(0, slash)) + "/" + url_encoded(target.substr(slash + 1));
}

/// "Let it stand" is on record; that alone ends no embargo.
std::string still_embargoed(const Json& incident, const std::string& state) {
  const std::string release = text_at(incident, "release");
  if (release.empty() || (state != "open" && state != "suspected")) return {};
  return "The embargo still stands, and so do its alerts. To end it:\n  embargoctl lift " + shell_word(release) +
         " --by=NAME --reason=TEXT\n";
}

/// What a person reads before approving: the state of the target, and what was approved so far.
std::vector<std::vector<std::string>> baseline_rows(const Json& t) {
  const std::string cause = text_at(t, "cause");
  const Json& size = part(t, "size");
  std::vector<std::vector<std::string>> rows{
      {"target", text_at(t, "target")},
      {"role", text_at(t, "role")},
      {"state", text_at(t, "state") + (cause.empty() ? "" : " (" + cause + ")")},
      {"decided by", text_at(t, "rule")},
      {"embargoed edition", text_at(t, "announced_edition")},
      {"edition read", text_at(t, "edition")},
      {"fingerprint", text_at(t, "fingerprint")},
      {"  first seen", text_at(t, "fingerprint_seen")},
      {"  size", size.is_number_unsigned() ? std::to_string(size.get<std::uint64_t>()) + " bytes" : ""}};
  const Json& b = part(t, "baseline");
  if (!b.is_object()) {
    rows.push_back({"approved", "nothing yet"});
    return rows;
  }
  rows.push_back({"approved", text_at(b, "fingerprint")});
  rows.push_back({"  by", text_at(b, "by") + " at " + text_at(b, "approved")});
  rows.push_back({"  edition", text_at(b, "edition")});
  if (!part(b, "applies").is_boolean() || !part(b, "applies").get<bool>())
    rows.push_back({"  note", "does not count: the schedule names another URL since"});
  return rows;
}

/// What to do next, on lines of its own.
std::string baseline_advice(const std::string& url, const Json& t) {
  const std::string fingerprint = text_at(t, "fingerprint");
  if (text_at(t, "role") != "latest") return "Only a target of role latest has a baseline.\n";
  if (fingerprint.empty()) return "No answer could be read yet: there is nothing to approve.\n";
  const Json& b = part(t, "baseline");
  const bool counts = b.is_object() && part(b, "applies").is_boolean() && part(b, "applies").get<bool>();
  if (counts && text_at(b, "fingerprint") == fingerprint) return "What is there now is the approved baseline.\n";
  std::string s = "If what is there now is the former edition, approve it:\n  embargoctl ";
  if (url != kDefaultUrl) s += "--url=" + shell_word(url) + " ";
  return s + "baseline approve " + shell_word(text_at(t, "target")) +
         " --by=NAME --fingerprint=" + shell_word(fingerprint) + "\n";
}

}  // namespace

int list_releases(const std::string& url, Streams io) {
  const auto j = daemon_json(url, "/api/v1/releases");
  if (!j) return complain({j.error()}, io.err);
  std::vector<std::vector<std::string>> rows;
  for (const Json& r : part(*j, "items")) {
    const std::string due = text_at(r, "due");
    rows.push_back({text_at(r, "id"), due.empty() ? text_at(r, "due_as_given") : due, worst_state(r), release_note(r),
                    text_at(r, "title")});
  }
  io.out << plain_table({"RELEASE", "DUE", "STATE", "NOTE", "TITLE"}, rows);
  return kExitFine;
}

int list_incidents(const std::string& url, Streams io) {
  const auto j = daemon_json(url, "/api/v1/incidents");
  if (!j) return complain({j.error()}, io.err);
  std::vector<std::vector<std::string>> rows;
  for (const Json& i : part(*j, "items")) {
    const Json& ack = part(i, "acknowledged");
    const std::string release = text_at(i, "release");
    const Json& rehearsal = part(i, "rehearsal");
    const bool is_rehearsal = rehearsal.is_object() && text_at(rehearsal, "over").empty();
    rows.push_back({text_at(i, "id"), is_rehearsal ? "rehearsal" : text_at(i, "kind"), text_at(i, "state"),
                    release.empty() ? text_at(i, "site") : release, text_at(i, "due"), lead_text(i),
                    ack.is_object() ? text_at(ack, "by") : "-"});
  }
  io.out << plain_table({"ID", "KIND", "STATE", "RELEASE", "DUE", "LEAD", "ACKNOWLEDGED"}, rows);
  return kExitFine;
}

int show_incident(const std::string& url, const std::string& id, Streams io) {
  const auto j = daemon_json(url, "/api/v1/incidents/" + url_encoded(id));
  if (!j) return complain({j.error()}, io.err);
  std::vector<std::vector<std::string>> rows{
      {"id", text_at(*j, "id")},           {"kind", text_at(*j, "kind")},
      {"state", text_at(*j, "state")},     {"confidence", text_at(*j, "confidence")},
      {"release", text_at(*j, "release")}, {"title", text_at(*j, "title")},
      {"due", text_at(*j, "due")},         {"lead", lead_text(*j)}};
  const Json& ack = part(*j, "acknowledged");
  rows.push_back({"acknowledged", ack.is_object()
                                      ? text_at(ack, "by") + " at " + text_at(ack, "at") + " " + text_at(ack, "note")
                                      : "no"});
  if (const std::string expires = ack.is_object() ? text_at(ack, "expires") : ""; !expires.empty())
    rows.push_back({"  expires", expires});
  if (const Json& decision = part(*j, "decision"); decision.is_object())
    rows.push_back({"decision", text_at(decision, "decision") + " by " + text_at(decision, "by") + " at " +
                                    text_at(decision, "at") + " " + text_at(decision, "reason")});
  if (const Json& r = part(*j, "rehearsal"); r.is_object()) {
    rows.push_back({"rehearsal", text_at(r, "id") + " by " + text_at(r, "by") + ", from " + text_at(r, "from") +
                                     " until " + text_at(r, "until") + ": " + text_at(r, "reason")});
    if (const std::string over = text_at(r, "over"); !over.empty())
      rows.push_back({"  over", over + " while it was still public, because " + text_at(r, "why_over") +
                                    ": a breach from there on"});
  }
  rows.push_back({"blind", seconds_words(part(*j, "blind_seconds"), Rounding::up)});
  for (const Json& t : part(*j, "targets")) {
    const std::string u = text_at(t, "url");
    rows.push_back({"target", text_at(t, "target") + (u.empty() ? "" : " " + u)});
    print_spans(t, rows);
  }
  for (const Json& e : part(*j, "evidence"))
    if (e.is_string()) rows.push_back({"evidence", e.get<std::string>()});
  io.out << plain_table({}, rows);
  return kExitFine;
}

int decide(const std::string& url, const Decision& d, Streams io) {
  const std::string kind = d.verb == "lift" ? "releases" : "incidents";
  Json body{{"by", d.by}, {"reason", d.reason}};
  if (!d.choice.empty()) body["decision"] = d.choice;
  const auto reply =
      body_or_problem(DaemonClient{url}.post_json("/api/v1/" + kind + "/" + url_encoded(d.id) + "/" + d.verb,
                                                  body.dump(-1, ' ', false, Json::error_handler_t::replace)));
  if (!reply) return complain({reply.error()}, io.err);
  const Json answer = Json::parse(*reply, nullptr, false);
  const std::string state = answer.is_object() ? text_at(answer, "state") : std::string{};
  io.out << d.verb << " " << d.id << ": done" << (state.empty() ? "" : ", now " + state) << "\n";
  if (d.choice == to_string(Choice::let_stand)) io.out << still_embargoed(answer, state);
  return kExitFine;
}

int show_baseline(const std::string& url, const std::string& target, Streams io) {
  const auto j = daemon_json(url, "/api/v1/targets");
  if (!j) return complain({j.error()}, io.err);
  std::vector<std::string> ids;
  for (const Json& t : part(*j, "items")) {
    ids.push_back(text_at(t, "target"));
    if (ids.back() != target) continue;
    io.out << plain_table({}, baseline_rows(t)) << "\n" << baseline_advice(url, t);
    return kExitFine;
  }
  return complain(
      {Fault{Errc::not_found, in_quotes(target), "nothing was looked at under this id yet", did_you_mean(target, ids)}},
      io.err);
}

int approve_baseline(const std::string& url, const Approval& a, Streams io) {
  const Json body{{"by", a.by}, {"fingerprint", a.fingerprint}, {"reason", a.reason}};
  const auto reply =
      body_or_problem(DaemonClient{url}.post_json("/api/v1/targets/" + target_path(a.target) + "/baseline",
                                                  body.dump(-1, ' ', false, Json::error_handler_t::replace)));
  if (!reply) return complain({reply.error()}, io.err);
  io.out << "baseline of " << a.target << ": " << a.fingerprint << " approved by " << a.by << "\n";
  return kExitFine;
}

int fetch_report(const std::string& url, const ReportOptions& options, Streams io) {
  std::string query;
  for (const std::string& id : options.incidents)
    query += (query.empty() ? "?incident=" : "&incident=") + url_encoded(id);
  const std::string path = "/api/v1/report" + query + "&form=" + url_encoded(options.form) + "&format=";
  const DaemonClient client{url};
  const auto report = body_or_problem(client.get(path + url_encoded(options.format)));
  if (!report) return complain({report.error()}, io.err);
  if (options.file.empty()) {
    io.out << *report;
  } else if (const auto ok = write_file(options.file, *report); !ok) {
    return complain({ok.error()}, io.err);
  }
  const auto checks = body_or_problem(client.get(path + "json"));
  if (!checks) return complain({checks.error()}, io.err);
  Json j = Json::parse(*checks, nullptr, false);
  if (!j.is_object()) j = Json::object();
  int code = kExitFine;
  for (const Json& f : part(j, "findings")) {
    io.err << text_at(f, "level") << ": " << text_at(f, "where") << ": " << text_at(f, "what") << "\n";
    if (text_at(f, "level") == "error") code = kExitFindings;
  }
  return code;
}

}  // namespace embargod
