// Who asked for it, by logs and web analytics that were counted for the record. Counts are never added up across logs,
// nor views with downloads: each stands with its source.

#include <algorithm>

#include "daemon/report/draft.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

/// The newest of an incident: a count replaces the one before it.
const ImpactRecord* newest_impact(const Draft& d, const std::string& incident) {
  const ImpactRecord* newest = nullptr;
  for (const ImpactRecord& r : d.in.impacts)
    if (r.incident == incident) newest = &r;
  return newest;
}

std::string joined(const std::vector<std::string>& words) {
  std::string s;
  for (const std::string& w : words) s += (s.empty() ? "" : ", ") + w;
  return s;
}

std::string counted_words(std::uint64_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

int cite_log(Draft& d, const ImpactRecord& r, const ImpactSource& s) {
  std::string files;
  for (const ImpactFile& f : s.files)
    files += (files.empty() ? "" : ", ") + f.name + (f.digest.empty() ? "" : " (" + f.digest + ")");
  return d.cite("log", r.incident + "/" + s.name,
                "access log \"" + s.name + "\", counted by " + r.by + " at " + rfc3339(r.at) + ": " + files);
}

int cite_export(Draft& d, const ImpactRecord& r, const AnalyticsExport& a) {
  return d.cite("analytics", r.incident + "/" + a.name,
                "web analytics export \"" + a.name + "\", read by " + r.by + " at " + rfc3339(r.at) + ": " + a.file +
                    " (" + a.digest + ")");
}

std::string figure_words(const ImpactUrl& u, ClientClass who) {
  const ImpactFigure f = figure_of(u, who);
  return std::to_string(f.least) + (f.most > f.least ? " to " + std::to_string(f.most) : "");
}

std::string addresses_words(const ImpactUrl& u) {
  std::uint64_t n = 0;
  for (const ImpactCount& c : u.counts)
    if (c.who == ClientClass::internal || c.who == ClientClass::other) n += c.clients;
  return std::to_string(n);
}

void add_rows(Draft& d, const ImpactRecord& r, ReportTable& table) {
  for (const ImpactSource& s : r.impact.sources) {
    const int log = cite_log(d, r, s);
    for (const ImpactUrl& u : s.urls)
      table.rows.push_back({stated({outside(s.name)}, {log}), stated({url_piece(u.url)}),
                            cell(u.is_download ? "downloads" : "views"), cell(figure_words(u, ClientClass::other)),
                            cell(figure_words(u, ClientClass::internal)), cell(figure_words(u, ClientClass::crawler)),
                            cell(figure_words(u, ClientClass::own)), cell(addresses_words(u))});
  }
}

Statement counting_statement(Draft& d, const Incident& i, const ImpactRecord& r) {
  return stated({ours("For "), outside(i.title), ours(": counted by "), outside(r.by),
                 ours(" at " + instant_words(r.at, d.zone()) + ".")},
                {d.cite_incident(i)});
}

Statement reading_statement() {
  return stated(
      {ours("Every count is \"at least\": what a cache on the way answered is in no log. \"8 to 10\" means that 2 "
            "of them came in the seconds of which it is not known whether the URL was public. Two logs see "
            "the same requests, so they are not added up; neither are views and downloads.")});
}

/// What holds for several incidents is said once, with the sources of each.
void add_once(std::vector<Statement>& out, Statement said) {
  const auto same = [&](const Statement& other) {
    return std::equal(other.pieces.begin(), other.pieces.end(), said.pieces.begin(), said.pieces.end(),
                      [](const Piece& a, const Piece& b) { return a.kind == b.kind && a.text == b.text; });
  };
  const auto known = std::find_if(out.begin(), out.end(), same);
  if (known == out.end())
    out.push_back(std::move(said));
  else
    known->sources.insert(known->sources.end(), said.sources.begin(), said.sources.end());
}

ReportField counts_field(Draft& d, const std::vector<std::pair<const Incident*, const ImpactRecord*>>& counted) {
  ReportField f{"Views and downloads", {}, {}, false};
  bool is_established = true;
  for (const auto& [i, r] : counted) {
    if (r == nullptr) {
      f.statements.push_back(stated({ours("For "), outside(i->title), ours(": not counted from logs.")}));
      for (Statement& s : asked(d, "views", i)) f.statements.push_back(std::move(s));
      continue;
    }
    f.statements.push_back(counting_statement(d, *i, *r));
    is_established = is_established && is_external_established(r->impact);
  }
  f.statements.push_back(reading_statement());
  ReportTable table{{"Log", "URL", "Counted", is_established ? "External" : "Readers (external or internal)",
                     "Internal", "Known crawlers", "This monitor", "Different addresses of readers"},
                    {}};
  for (const auto& [i, r] : counted)
    if (r != nullptr) add_rows(d, *r, table);
  if (!table.rows.empty()) f.table = std::move(table);
  return f;
}

void add_other_answers(Draft& d, const ImpactRecord& r, std::vector<Statement>& out) {
  for (const ImpactSource& s : r.impact.sources)
    for (const ImpactUrl& u : s.urls) {
      std::uint64_t parts = 0;
      std::uint64_t unchanged = 0;
      std::uint64_t bytes = 0;
      for (const ImpactCount& c : u.counts) {
        if (c.who == ClientClass::own) continue;
        parts += c.partial;
        unchanged += c.not_modified;
        bytes += c.bytes;
      }
      if (parts + unchanged + bytes == 0) continue;
      std::string text = ": ";
      if (parts > 0)
        text += counted_words(parts, "request", "requests") + " for a part of it (one download may be many); ";
      if (unchanged > 0)
        text += counted_words(unchanged, "request was", "requests were") + " answered with \"not changed\"; ";
      text += counted_words(bytes, "byte was", "bytes were") + " sent in all.";
      out.push_back(stated({ours("By "), outside(s.name), ours(", "), url_piece(u.url), ours(std::move(text))},
                           {cite_log(d, r, s)}));
    }
}

void add_guesses(Draft& d, const ImpactRecord& r, std::vector<Statement>& out) {
  for (const ImpactSource& s : r.impact.sources)
    for (const ImpactUrl& u : s.urls) {
      if (!u.guesses) continue;
      const ImpactGuesses& g = *u.guesses;
      out.push_back(stated({ours("By "), outside(s.name), ours(", "), url_piece(u.url),
                            ours(": refused " + counted_words(g.requests, "time", "times") + ", to " +
                                 counted_words(g.clients, "address", "addresses") + ", from " +
                                 instant_words(g.first, d.zone()) + " to " + instant_words(g.last, d.zone()) + "; " +
                                 std::to_string(g.served_later) + " of them got it when it was public.")},
                           {cite_log(d, r, s)}));
    }
}

std::string clock_words(const ImpactSource& s) {
  if (!s.is_offset_stated) return ", its clock taken as right";
  if (s.clock_offset == Millis{0}) return ", its clock stated to be right";
  return ", less the stated " + words(s.clock_offset) + " by which its clock was ahead";
}

/// What a log says stands apart from what the monitor saw.
void add_starts(Draft& d, const ImpactRecord& r, std::vector<Statement>& out) {
  for (const ImpactSource& s : r.impact.sources)
    for (const ImpactUrl& u : s.urls) {
      if (!u.start) continue;
      std::string text = ": first served to anybody at " + instant_words(u.start->first_served, d.zone());
      if (u.start->last_refused)
        text += ", last refused before that at " + instant_words(*u.start->last_refused, d.zone());
      text += " (times of that log, to " + words(s.resolution) + clock_words(s) + ")";
      text += u.start->contradicts ? ". This contradicts what the monitor saw." : ".";
      out.push_back(stated({ours("By "), outside(s.name), ours(", "), url_piece(u.url), ours(std::move(text))},
                           {cite_log(d, r, s)}));
    }
}

/// What is known of when it was public changed since: another span, or an end where there was none.
bool is_outdated(const Incident& i, const ImpactUrl& u) {
  for (const TargetExposure& t : i.targets) {
    if (t.target != u.target) continue;
    return t.spans.size() != u.windows.size() ||
           std::any_of(t.spans.begin(), t.spans.end(), [&](const ExposureSpan& span) {
             return std::none_of(u.windows.begin(), u.windows.end(), [&](const ImpactWindow& w) {
               return w.from == span.went_live.earliest && (span.went_down && w.to == span.went_down->latest);
             });
           });
  }
  return true;
}

void add_coverage_of_logs(Draft& d, const Incident& i, const ImpactRecord& r, std::vector<Statement>& out) {
  for (const ImpactSource& s : r.impact.sources)
    for (const ImpactFile& f : s.files) {
      std::string text = ": " + counted_words(f.requests, "request", "requests");
      if (f.first && f.last)
        text += ", " + instant_words(*f.first, d.zone()) + " to " + instant_words(*f.last, d.zone());
      add_once(out, stated({outside(s.name + ", " + f.name), ours(text + ".")}, {cite_log(d, r, s)}));
    }
  for (const ImpactSource& s : r.impact.sources)
    for (const ImpactUrl& u : s.urls)
      if (is_outdated(i, u))
        out.push_back(stated(
            {ours("Beware: what is on record of when "), url_piece(u.url), ours(" was public has changed since "),
             outside(s.name), ours(" was counted, or it was still public then: count again.")},
            {d.cite_incident(i)}));
  for (const std::string& caution : cautions_of(r.impact))
    add_once(out, stated({ours("Beware: "), outside(caution), ours(".")}));
}

void add_rules(Draft& d, const Incident& i, const ImpactRecord& r, std::vector<Statement>& out) {
  const ClientRuleTexts& rules = r.impact.rules;
  std::vector<Piece> p{ours("By address and by what programs call themselves, which may be untrue. Internal: ")};
  if (rules.internal.empty())
    p.push_back(ours("not established, since no rule says which addresses are internal; nobody is called external"));
  else
    p.push_back(outside(joined(rules.internal)));
  p.push_back(ours(rules.internal.empty() ? ". This monitor: User-Agent embargod/..."
                                          : "; all other addresses are called external. This monitor: User-Agent "
                                            "embargod/..."));
  if (!rules.own.empty()) {
    p.push_back(ours(", from "));
    p.push_back(outside(joined(rules.own)));
  }
  p.push_back(ours(". Crawlers: a User-Agent that has one of "));
  p.push_back(outside(joined(rules.crawlers)));
  p.push_back(ours("."));
  add_once(out, stated(std::move(p), {d.cite_incident(i)}));
}

void add_referrers(Draft& d, const ImpactRecord& r, std::vector<Statement>& out) {
  for (const ImpactSource& s : r.impact.sources)
    for (const ImpactUrl& u : s.urls) {
      if (u.referrers.empty()) continue;
      std::string hosts;
      for (const ImpactReferrer& from : u.referrers)
        hosts += (hosts.empty() ? "" : ", ") + (from.host.empty() ? std::string{"none sent"} : from.host) + " (" +
                 std::to_string(from.requests) + ")";
      out.push_back(
          stated({ours("By "), outside(s.name), ours(", "), url_piece(u.url), ours(": "), outside(hosts), ours(".")},
                 {cite_log(d, r, s)}));
    }
}

void add_exports(Draft& d, const ImpactRecord& r, std::vector<Statement>& out) {
  for (const AnalyticsExport& a : r.impact.analytics) {
    const int source = cite_export(d, r, a);
    const std::string period = a.period.empty() ? "the export does not say its period" : "whole days, " + a.period;
    if (a.rows.empty())
      out.push_back(
          stated({outside(a.name), ours(" (" + period + "): none of its rows names a URL of this report.")}, {source}));
    for (const AnalyticsRow& row : a.rows) {
      std::string figures;
      for (const auto& [column, text] : row.figures) {
        if (!figures.empty()) figures += ", ";
        figures.append(column).append(" ").append(text);
      }
      out.push_back(stated(
          {outside(a.name), ours(" (" + period + "), "), outside(row.page), ours(": "), outside(figures), ours(".")},
          {source}));
    }
  }
}

}  // namespace

bool has_impact(const Draft& d) {
  return std::any_of(d.in.incidents.begin(), d.in.incidents.end(),
                     [&](const Incident& i) { return newest_impact(d, i.id) != nullptr; });
}

std::vector<ReportField> impact_fields(Draft& d, ReportForm form) {
  std::vector<std::pair<const Incident*, const ImpactRecord*>> counted;
  counted.reserve(d.in.incidents.size());
  for (const Incident& i : d.in.incidents) counted.emplace_back(&i, newest_impact(d, i.id));
  ReportField others{"Other answers", {}, {}, false};
  ReportField rules{"How readers were told apart", {}, {}, false};
  ReportField guesses{"Asked for before it was public", {}, {}, false};
  ReportField starts{"When it was first served, by the logs", {}, {}, false};
  ReportField from{"Where readers came from (referrers)", {}, {}, false};
  ReportField exports{"Web analytics, as labelled there", {}, {}, false};
  ReportField coverage{"The logs, and what to beware of", {}, {}, false};
  std::vector<ReportField> out{counts_field(d, counted)};
  for (const auto& [i, r] : counted) {
    if (r == nullptr) continue;
    add_other_answers(d, *r, others.statements);
    add_rules(d, *i, *r, rules.statements);
    add_guesses(d, *r, guesses.statements);
    add_starts(d, *r, starts.statements);
    add_referrers(d, *r, from.statements);
    add_exports(d, *r, exports.statements);
    add_coverage_of_logs(d, *i, *r, coverage.statements);
  }
  const bool is_short = form == ReportForm::log_entry;
  for (ReportField* f : {&others, &rules, &guesses, &starts, &from, &exports, &coverage})
    if (!f->statements.empty() && (!is_short || f == &rules || f == &guesses || f == &exports || f == &coverage))
      out.push_back(std::move(*f));
  return out;
}

}  // namespace embargod
