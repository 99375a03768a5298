#include "daemon/ctl/impact_text.h"

#include "config/text_checks.h"
#include "daemon/ctl/table.h"
#include "daemon/report/render_text.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

std::string at_words(Instant t) { return utc_cell(t) + " UTC"; }

std::string count_text(std::uint64_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string who_words(ClientClass who, bool is_established) {
  switch (who) {
    case ClientClass::own:
      return "this monitor";
    case ClientClass::internal:
      return "internal";
    case ClientClass::crawler:
      return "crawlers";
    case ClientClass::other:
      return is_established ? "external" : "readers";
  }
  return "?";
}

std::string figure_text(const ImpactCount& c) {
  std::string s = std::to_string(c.whole);
  if (c.whole_edge > 0) s += " to " + std::to_string(c.whole + c.whole_edge);
  return s;
}

std::string window_text(const ImpactWindow& w) {
  std::string s = "may have been public ";
  s += w.from ? "after " + at_words(*w.from) : std::string{"since before the first look"};
  s += ", until " + at_words(w.to);
  if (w.sure_from && w.sure_to)
    s += "\n            certainly from " + at_words(*w.sure_from) + " to " + at_words(*w.sure_to);
  return s;
}

std::string referrer_text(const ImpactUrl& u) {
  std::string s;
  for (const ImpactReferrer& r : u.referrers)
    s += (s.empty() ? "" : ", ") + (r.host.empty() ? std::string{"(none sent)"} : r.host) + " " +
         std::to_string(r.requests);
  return s;
}

std::string counts_table(const ImpactUrl& u, bool is_established) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(u.counts.size());
  for (const ImpactCount& c : u.counts)
    rows.push_back({"    " + who_words(c.who, is_established), figure_text(c), std::to_string(c.clients),
                    std::to_string(c.partial), std::to_string(c.not_modified), std::to_string(c.head),
                    std::to_string(c.statuses[4] + c.statuses[5]), std::to_string(c.bytes)});
  if (rows.empty()) return "    no request for it while it may have been public\n";
  return plain_table({"    who", u.is_download ? "downloads" : "views", "addresses", "parts (206)", "unchanged (304)",
                      "HEAD", "4xx, 5xx", "bytes"},
                     rows);
}

std::string client_rows(const ImpactUrl& u, bool is_established) {
  std::vector<std::vector<std::string>> rows;
  // Of many that came once each, single rows say nothing.
  const bool are_few = u.clients.size() < kMostClients;
  for (const ImpactClient& c : u.clients)
    if (are_few || c.served + c.guesses > 1)
      rows.push_back({"    " + c.hash, who_words(c.who, is_established), std::to_string(c.served),
                      std::to_string(c.guesses), utc_cell(c.first), utc_cell(c.last)});
  if (rows.empty()) return {};
  return plain_table({"    client (keyed hash)", "who", "got it", "guessed", "first (UTC)", "last (UTC)"}, rows);
}

std::string url_text(const ImpactUrl& u, bool is_established) {
  std::string s = "\n  " + u.target + "  " + printable(u.url) + "\n";
  for (const ImpactWindow& w : u.windows) s += "    " + window_text(w) + "\n";
  s += counts_table(u, is_established);
  if (u.start) {
    s += "    first served to anybody at " + at_words(u.start->first_served);
    if (u.start->last_refused) s += ", last refused at " + at_words(*u.start->last_refused);
    s += u.start->contradicts ? ": CONTRADICTS what the monitor saw\n" : "\n";
  }
  if (u.guesses)
    s += "    asked for before it was public: " + count_text(u.guesses->requests, "request", "requests") + " from " +
         count_text(u.guesses->clients, "address", "addresses") + ", " + at_words(u.guesses->first) + " to " +
         at_words(u.guesses->last) + "; " + std::to_string(u.guesses->served_later) + " of them got it later\n";
  if (!u.referrers.empty()) s += "    came from: " + referrer_text(u) + "\n";
  return s + client_rows(u, is_established);
}

std::string source_text(const ImpactSource& source, bool is_established) {
  std::string s = "\nLOG " + source.name + "\n";
  for (const ImpactFile& f : source.files) {
    s += "  " + printable(f.name) + ": " + f.format + ", " + count_text(f.requests, "request", "requests");
    if (f.first && f.last) s += ", " + at_words(*f.first) + " to " + at_words(*f.last);
    s += "\n";
  }
  if (source.is_offset_stated)
    s += "  clock: " + words(source.clock_offset) + " ahead as stated, taken off every time here\n";
  for (const ImpactUrl& u : source.urls) s += url_text(u, is_established);
  return s;
}

std::string analytics_text(const AnalyticsExport& a) {
  std::string s = "\nANALYTICS " + a.name + " (" + printable(a.file) + ")\n";
  s += a.period.empty() ? "  the export does not say its period\n" : "  whole days, " + a.period + "\n";
  for (const AnalyticsRow& r : a.rows) {
    s += "  " + r.target + "  " + printable(r.page) + ":";
    for (const auto& [column, figure] : r.figures)
      s += (&column == &r.figures.front().first ? " " : ", ") + printable(column) + " " + printable(figure);
    s += "\n";
  }
  if (a.rows.empty()) s += "  none of its rows names a URL of the incident\n";
  return s;
}

std::string rules_text(const Impact& i) {
  std::string s = "\nHOW CLIENTS WERE TOLD APART\n";
  s += "  this monitor: User-Agent embargod/...";
  if (!i.rules.own.empty()) s += ", from " + listed(i.rules.own);
  s += "\n  internal: " + (i.rules.internal.empty() ? std::string{"no rule given"} : listed(i.rules.internal)) + "\n";
  s += "  crawlers: by what they call themselves, " + listed(i.rules.crawlers) + "\n";
  s += is_external_established(i) ? "  external: all others\n"
                                  : "  readers: all others; who of them is external is not established\n";
  return s + "  hashes: HMAC-SHA-256 of the address, key " + i.key_id + "\n";
}

}  // namespace

std::string impact_text(const Impact& impact, const WatchedIncident& incident) {
  const bool is_established = is_external_established(impact);
  std::string s =
      "Impact of incident " + impact.incident + " (" + incident.kind + ")\n" + printable(incident.title) +
      "\nEvery count is \"at least\": what a cache answered is not in a log. Logs are never added up: two of "
      "them see\nthe same requests. Views and downloads are different things.\n";
  const auto cautions = cautions_of(impact);
  if (!cautions.empty()) s += "\nBEFORE YOU RELY ON IT\n";
  for (const std::string& c : cautions) s += "  - " + printable(c) + "\n";
  for (const ImpactSource& source : impact.sources) s += source_text(source, is_established);
  for (const AnalyticsExport& a : impact.analytics) s += analytics_text(a);
  return s + rules_text(impact);
}

}  // namespace embargod
