// What came out at last, beside what was public too early: the same bytes, others, or nothing.

#include <algorithm>

#include "daemon/report/draft.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

/// The first live answers at or after due; null: none was seen.
const ObservationSpan* released_span(const Draft& d, const std::string& target, Instant due) {
  const ObservationSpan* first = nullptr;
  for (const ObservationSpan& s : d.in.released)
    if (s.target == target && s.liveness == Liveness::live && s.last_done >= due &&
        (first == nullptr || s.first_sent < first->first_sent))
      first = &s;
  return first;
}

int cite_released(Draft& d, const ObservationSpan& s) {
  return d.cite("looks", s.target + "@" + rfc3339(s.first_sent),
                "looks at " + s.target + " from " + rfc3339(s.first_sent) + " on, as recorded by this monitor");
}

Statement released_statement(Draft& d, const Incident& i, const TargetExposure& t) {
  std::vector<Piece> p{url_piece(t.url)};
  const ObservationSpan* s = released_span(d, t.target, *i.due);
  if (s == nullptr) {
    p.push_back(ours(": not seen live since the announced time."));
    return stated(std::move(p), {d.cite_incident(i)});
  }
  const std::vector<int> sources{d.cite_incident(i), cite_released(d, *s)};
  if (s->first_sent < *i.due) {
    p.push_back(ours(": stayed live from before the announced time; what it held at that time was not compared."));
    return stated(std::move(p), sources);
  }
  if (t.first.digest.empty() || s->digest.empty()) {
    p.push_back(
        ours(": live at " + instant_words(s->first_done, d.zone()) + "; without a digest of both, not compared."));
    return stated(std::move(p), sources);
  }
  const bool is_same = s->digest == t.first.digest;
  std::string text = is_same ? ": the same bytes as those caught early" : ": other bytes than those caught early";
  text += " were served at " + instant_words(s->first_done, d.zone()) + " (digest " + s->digest + ").";
  if (!is_same)
    text +=
        t.role == Role::file ? " The file was changed in between." : " A page may differ by as little as a time stamp.";
  p.push_back(ours(std::move(text)));
  return stated(std::move(p), sources);
}

}  // namespace

std::optional<ReportField> released_field(Draft& d, const Incident& i) {
  if (i.kind != IncidentKind::early || !i.due || *i.due > d.in.now || in_rehearsal(i)) return std::nullopt;
  ReportField f{"What was released at last", {}, {}, false};
  for (const TargetExposure& t : i.targets)
    if (t.seen_live && is_part(t.role)) f.statements.push_back(released_statement(d, i, t));
  if (f.statements.empty()) return std::nullopt;
  return f;
}

}  // namespace embargod
