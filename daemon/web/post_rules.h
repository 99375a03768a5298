#pragma once
// What a request must be to change something: from this machine, from no foreign page, and exactly the JSON we know.
// Pure.

#include <optional>
#include <string>
#include <vector>

#include "config/types/result.h"
#include "daemon/watch/command.h"
#include "daemon/web/message.h"

namespace embargod {

struct PostRules {
  std::string external_origin;  // "https://embargo.example.org"; "" if there is none
  bool behind_proxy = false;    // then a loopback peer proves nothing: every user of the proxy has one
};

/// "scheme://host[:port]" of an URL as a browser sends it; "" if it is no http URL.
[[nodiscard]] std::string origin_of(const std::string& url);

/// The reply that refuses (403), or nullopt: the sender may change something. RFC 6454 and Fetch Metadata against
/// forged requests.
[[nodiscard]] std::optional<WebReply> refuse_sender(const WebRequest& q, const PostRules& rules);

/// The reply that refuses (415) a body that is not declared as JSON.
[[nodiscard]] std::optional<WebReply> refuse_content_type(const WebRequest& q);

/// The reply that refuses (403, 415) the form behind a link in a message: the link says who may, so it may come through
/// a proxy and from any machine, but not from a page of another site.
[[nodiscard]] std::optional<WebReply> refuse_foreign_form(const WebRequest& q, const PostRules& rules);

/// What that form holds: "name=...&note=...&decision=take_down&reason=...", each of which may be missing or empty.
struct AckForm {
  std::string name;
  std::string note;
  std::optional<Choice> decision;
  std::string reason;  // of the decision
};
/// Errors invalid_input: over 200 (name) or 2,000 characters, more than one line, no such decision; a decision without
/// name or reason. `into` then holds what could be read, to be shown again.
[[nodiscard]] Result<void> read_ack_form(const std::string& body, AckForm& into);

/// Reads {"by":"...","reason":"..."}, of a baseline also {"fingerprint":"..."}; of a
/// test alert {"by":"...","receiver":"..."}, which becomes the id; of a decision also {"decision":"take_down"} or
/// "let_stand". Error invalid_input: no JSON object,
/// nested too deeply, a member twice or unknown, `by` missing or longer than 200 characters, `reason` longer than 2000
/// or missing where `what` needs one, no `fingerprint` of a baseline, more than one line.
[[nodiscard]] Result<Command> read_command(Command::What what, const std::string& id, const std::string& body);

/// What a rehearsal's planner says, as said: times are not read yet.
struct RehearsalOrder {
  std::string release, by, reason;
  std::string from;             // empty: now
  std::string until;            // empty: by `lasts`
  std::optional<Millis> lasts;  // "for"; unset: by `until`
};
/// Reads {"release":"...","from":"...","until":"...","by":"...","reason":"..."}; in place of `until` "for":"45m";
/// `from` may be missing. Error invalid_input.
[[nodiscard]] Result<RehearsalOrder> read_rehearsal_order(const std::string& body);

/// Reads {"by":"...","impact":{...}}, as `embargoctl impact --record` sends it. Error invalid_input.
struct ImpactOrder {
  std::string by;
  Impact impact;
};
[[nodiscard]] Result<ImpactOrder> read_impact_order(const std::string& body);

/// Reads {"by":"...","field":"cause","text":"..."} of a report's draft; lines of the text are paragraphs, an empty one
/// takes back what was written. Error invalid_input, check_entry() included. `incident` and `at` are left to the
/// caller.
[[nodiscard]] Result<ReportEntry> read_report_entry(const std::string& body);

/// Reads {"incidents":["..."],"form":"full","version":"...","kind":"approved","by":"...","role":"..."}; `form` and
/// `role` may be missing. Error invalid_input.
struct MarkOrder {
  std::vector<std::string> incidents;
  std::string form = "full";
  ReportMark mark;  // `report`, `incident` and `at` are left to the caller
};
[[nodiscard]] Result<MarkOrder> read_mark_order(const std::string& body);

/// Reads {"by":"...","receivers":["..."],"ack_within_seconds":600}; only `by` is required. Error invalid_input.
[[nodiscard]] Result<DrillOrder> read_drill_order(const std::string& body);

}  // namespace embargod
