// What a report says of a planned rehearsal: first of all that it was one, and whether it ended in a breach.

#include <algorithm>

#include "daemon/report/draft.h"
#include "daemon/report/report_words.h"

namespace embargod {

bool is_all_rehearsal(const Draft& d) {
  return !d.in.incidents.empty() &&
         std::all_of(d.in.incidents.begin(), d.in.incidents.end(), [](const Incident& i) { return in_rehearsal(i); });
}

std::vector<Statement> rehearsal_statements(Draft& d, const Incident& i) {
  if (!i.rehearsal) return {};
  const RehearsalMark& r = *i.rehearsal;
  const std::vector<int> sources{d.cite_incident(i)};
  std::vector<Statement> out;
  out.push_back(stated(
      {ours("Rehearsal planned by "), outside(r.by),
       ours(": from " + instant_words(r.from, d.zone()) + " until " + instant_words(r.until, d.zone()) + ". Reason: "),
       outside(r.reason), ours(r.over ? "." : ". This was a planned test publication.")},
      sources));
  if (!r.over) return out;
  out.push_back(stated({ours("What was public before " + instant_words(*r.over, d.zone()) +
                             " was the planned test publication. The rehearsal was over then, because: "),
                        outside(r.why_over),
                        ours(". The release was still public: from that time on it was public without a plan, and "
                             "before its announced time.")},
                       sources));
  return out;
}

void add_rehearsal_lessons(Draft& d) {
  ReportSection& s = d.section("What the rehearsal showed");
  s.fields.push_back(asked_field(d, "Lessons, and what will be changed", "lessons"));
}

}  // namespace embargod
