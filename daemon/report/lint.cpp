#include "daemon/report/lint.h"

#include <algorithm>
#include <cctype>

#include "config/zone_time.h"
#include "daemon/report/practices.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

using Level = ReportFinding::Level;

class Linter {
 public:
  explicit Linter(const Report& r) : report_{r} {}

  std::vector<ReportFinding> run() {
    for (const OutputFacts& o : report_.outputs) {
      check_due(o);
      check_lead(o);
      check_drifts(o);
      check_schedule(o);
      for (const TargetFacts& t : o.targets) check_target(o, t);
    }
    check_practices();
    check_statements();
    check_sections();
    say_what_is_open();
    return std::move(found_);
  }

 private:
  void add(Level level, const char* code, const std::string& where, std::string what) {
    found_.push_back({level, code, where, std::move(what)});
  }

  void check_due(const OutputFacts& o) {
    if (!o.due || o.kind == IncidentKind::blind) return;
    const int day = local_weekday(*o.due, report_.zone);
    if (day == 0 || day == 6)
      add(Level::warning, "due-weekday", o.incident,
          "the due date " + local_date(*o.due, report_.zone) + " is a " + (day == 0 ? "Sunday" : "Saturday") +
              ", and releases are due on weekdays: check the day and the month");
  }

  void check_lead(const OutputFacts& o) {
    std::optional<InstantBounds> decides;
    bool is_unbounded = false;
    std::vector<Instant> starts;
    const bool all_came =
        std::all_of(o.targets.begin(), o.targets.end(), [](const TargetFacts& t) { return !t.spans.empty(); });
    const LeadBy by = lead_by(o.kind, all_came);
    const auto comes_first = [by](Instant a, Instant b) { return by == LeadBy::last ? a > b : a < b; };
    for (const TargetFacts& t : o.targets) {
      if (t.spans.empty()) continue;
      const InstantBounds& b = t.spans.front().went_live;
      if (!decides || comes_first(b.latest, decides->latest)) decides = b;
      if (!b.earliest)
        is_unbounded = true;
      else
        starts.push_back(*b.earliest);
    }
    if (!decides || !o.due || by == LeadBy::none) {
      if (o.lead || o.lead_days_least)
        add(Level::error, "lead-unfounded", o.incident,
            "a lead is stated, but nothing on record decides one: no due time, no exposure, or not all of it out");
      return;
    }
    const auto first = std::min_element(starts.begin(), starts.end(), comes_first);
    const std::optional<Instant> earliest = is_unbounded || starts.empty() ? std::nullopt : std::optional{*first};
    check_lead_days(o, decides->latest, earliest);
    if (!o.lead) return;
    if (o.lead->shortest != *o.due - decides->latest)
      add(Level::error, "lead", o.incident, "the stated lead is not the time from first live to due");
    std::optional<Millis> longest;
    if (earliest) longest = *o.due - *earliest;
    if (o.lead->longest != longest)
      add(Level::error, "lead", o.incident, "the stated longest lead is not the time from the last look before to due");
  }

  void check_lead_days(const OutputFacts& o, Instant latest, const std::optional<Instant>& earliest) {
    const auto compare = [&](const std::optional<int>& said, Instant from) {
      const int days = days_between(from, *o.due, report_.zone);
      if (said && *said != days)
        add(Level::error, "lead-days", o.incident,
            "it says " + std::to_string(*said) + " days ahead, but from " + local_date(from, report_.zone) +
                " to the due date " + local_date(*o.due, report_.zone) + " there are " + std::to_string(days));
    };
    compare(o.lead_days_least, latest);
    if (earliest) compare(o.lead_days_most, *earliest);
  }

  void check_drifts(const OutputFacts& o) {
    for (const Drift& x : o.drifts) {
      if (!x.says.at || !o.due) continue;
      // Where only a day is given the time is ours: the day decides.
      const int days = days_between(*o.due, *x.says.at, report_.zone);
      const bool exact = x.says.precision == DuePrecision::instant;
      const bool is_before = exact ? *x.says.at < *o.due : days < 0;
      const bool is_after = exact ? *x.says.at > *o.due : days > 0;
      if ((x.kind == DriftKind::earlier && !is_before) || (x.kind == DriftKind::later && !is_after))
        add(Level::error, "drift-order", o.incident,
            "a date that a calendar showed is called " + std::string{to_string(x.kind)} +
                " than the due time, and is not");
    }
  }

  void check_schedule(const OutputFacts& o) {
    if (o.scheduled_title && *o.scheduled_title != o.title)
      add(Level::warning, "title-changed", o.incident,
          "the schedule now has another title for " + o.release + " than the record of the incident");
    if (o.due && o.scheduled_due && *o.scheduled_due != *o.due)
      add(Level::warning, "due-changed", o.incident,
          "the schedule now says " + due_words(*o.scheduled_due, report_.zone) + ", but the incident was judged by " +
              due_words(*o.due, report_.zone));
  }

  void check_target(const OutputFacts& o, const TargetFacts& t) {
    for (std::size_t k = 0; k < t.spans.size(); ++k) {
      check_span(o, t, t.spans[k]);
      if (k > 0 && t.spans[k].went_live.latest < t.spans[k - 1].went_live.latest)
        add(Level::error, "span-order", t.target, "the exposures are not in the order of time");
      if (k + 1 < t.spans.size() && !t.spans[k].went_down)
        add(Level::error, "span-order", t.target, "an exposure begins while the one before has no end");
    }
    if (o.kind == IncidentKind::gap) check_away(t);
  }

  void check_span(const OutputFacts& o, const TargetFacts& t, const SpanFacts& s) {
    const auto disorder = [](const InstantBounds& b) { return b.earliest && *b.earliest > b.latest; };
    if (disorder(s.went_live) || (s.went_down && disorder(*s.went_down)))
      add(Level::error, "bounds-order", t.target, "the earliest instant of a bound is after its latest");
    if (s.went_down && (s.went_down->latest < s.went_live.latest || (s.went_down->earliest && s.went_live.earliest &&
                                                                     *s.went_down->earliest < *s.went_live.earliest)))
      add(Level::error, "bounds-order", t.target, "it is said to have gone before it came");
    if (o.kind == IncidentKind::early && o.due && s.went_live.latest > *o.due)
      add(Level::error, "not-early", t.target, "it is filed as early, but was first seen live after the due time");
    if (o.kind == IncidentKind::early && o.due && s.went_down && s.went_down->latest > *o.due)
      add(Level::warning, "past-due", t.target, "the time up runs beyond the due time, from which on it was no breach");
    const bool has_time_up =
        o.kind != IncidentKind::late && o.kind != IncidentKind::incomplete && o.kind != IncidentKind::gap;
    if (has_time_up) check_time_up(t, s);
  }

  void check_time_up(const TargetFacts& t, const SpanFacts& s) {
    if (s.time_up.longest && s.time_up.shortest > *s.time_up.longest)
      add(Level::error, "time-up-order", t.target, "the shortest time up is longer than the longest");
    if (!s.went_down) {
      if (s.time_up.longest)
        add(Level::error, "time-up", t.target, "a longest time up is stated for what was not seen to end");
      return;
    }
    const auto up = time_up(s.went_live, s.went_down, s.went_down->latest);
    if (!up || up->shortest != s.time_up.shortest || up->longest != s.time_up.longest)
      add(Level::error, "time-up", t.target, "the stated time up is not what the bounds give");
    else if (!report_.sections.empty() && !says(span_words(s.time_up)))
      add(Level::error, "time-up-text", t.target,
          "the account does not state the time up that the bounds give: " + span_words(s.time_up));
  }

  void check_away(const TargetFacts& t) {
    const std::size_t gaps = t.spans.empty() ? 0 : t.spans.size() - 1;
    if (t.away.size() != gaps) {
      add(Level::error, "away", t.target, "not every gap between its times in public is stated");
      return;
    }
    for (std::size_t k = 0; k < gaps; ++k) {
      const auto& down = t.spans[k].went_down;
      const InstantBounds& back = t.spans[k + 1].went_live;
      if (!down || !down->earliest || !back.earliest) continue;
      const SpanBounds want{.shortest = std::max(Millis{0}, *back.earliest - down->latest),
                            .longest = back.latest - *down->earliest};
      if (t.away[k] != want)
        add(Level::error, "away", t.target, "the stated gap is not what the bounds give");
      else if (!report_.sections.empty() && !says(span_words(want)))
        add(Level::error, "away-text", t.target,
            "the account does not state the gap that the bounds give: " + span_words(want));
    }
  }

  void check_practices() {
    const auto& known = all_practices(report_.code_edition);
    for (const std::string& p : report_.practices)
      if (std::find(known.begin(), known.end(), p) == known.end())
        add(Level::error, "edition", "practices",
            "\"" + p + "\" is not of edition " + report_.code_edition + " of the Code");
  }

  void check_statements() {
    for_each_piece([this](const ReportField& f, const Piece& p) {
      if (p.kind == Piece::Kind::url && !was_seen(p.text))
        add(Level::error, "url-unseen", f.label, "a URL is printed that was not seen live");
      if (p.kind != Piece::Kind::ours) return;
      if (f.is_for_people &&
          std::any_of(p.text.begin(), p.text.end(), [](unsigned char c) { return std::isdigit(c) != 0; }))
        add(Level::error, "invented-figure", f.label, "a figure stands where only people know: \"" + p.text + "\"");
      for (const char* word : {"exactly", " about ", "approximately", "roughly"})
        if (p.text.find(word) != std::string::npos)
          add(Level::error, "wording", f.label,
              "\"" + p.text + "\" claims more or less than bounds can; say at least and at most");
    });
  }

  void check_sections() {
    if (report_.sections.empty()) return;
    const bool has_coverage = std::any_of(report_.sections.begin(), report_.sections.end(), [](const ReportSection& s) {
      return s.heading == "What this monitor could and could not see";
    });
    if (!has_coverage)
      add(Level::error, "coverage", "report", "the section on what could and could not be seen is missing");
  }

  void say_what_is_open() {
    for (const OutputFacts& o : report_.outputs) {
      if (is_active_state(o.state))
        add(Level::note, "unfinished", o.incident, "the incident is still going on; draft again when it is over");
      if (!o.clock_verified)
        add(Level::note, "clock", o.incident,
            "the clock was not verified; the bounds are widened by the error assumed");
    }
    if (report_.blanks > 0)
      add(Level::note, "blanks", "report",
          std::to_string(report_.blanks) + (report_.blanks == 1 ? " blank is" : " blanks are") +
              " to be completed before it is filed");
  }

  static bool is_active_state(IncidentState s) { return s == IncidentState::suspected || s == IncidentState::open; }

  bool was_seen(const std::string& url) const {
    for (const OutputFacts& o : report_.outputs)
      for (const TargetFacts& t : o.targets)
        if (!t.url.empty() && t.url == url) return true;
    return false;
  }

  bool says(const std::string& words) const {
    bool found = false;
    for_each_piece([&](const ReportField&, const Piece& p) {
      found = found || (p.kind == Piece::Kind::ours && p.text.find(words) != std::string::npos);
    });
    return found;
  }

  template <class Do>
  void for_each_piece(Do act) const {
    for (const ReportSection& s : report_.sections)
      for (const ReportField& f : s.fields) {
        for (const Statement& st : f.statements)
          for (const Piece& p : st.pieces) act(f, p);
        if (!f.table) continue;
        for (const auto& row : f.table->rows)
          for (const Statement& c : row)
            for (const Piece& p : c.pieces) act(f, p);
      }
  }

  const Report& report_;
  std::vector<ReportFinding> found_;
};

}  // namespace

std::vector<ReportFinding> lint(const Report& report) { return Linter{report}.run(); }

}  // namespace embargod
