// The page of what lint says about the schedule in force.

#include <algorithm>
#include <map>

#include "config/zone_time.h"
#include "daemon/web/page_parts.h"
#include "daemon/web/page_words.h"
#include "daemon/web/pages.h"

namespace embargod {
namespace {

constexpr int kLintRefresh = 60;  // seconds

std::string lint_count(std::size_t n, const std::string& one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

/// Findings are written as parts of a line: here each is a sentence of its own.
std::string as_sentence(std::string text) {
  if (text.empty()) return text;
  if (text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text + ".";
}

PageData finding_row(const LintFinding& f) {
  PageData d = page_object();
  set_flag(d, "is_warning", f.level == LintLevel::warning);
  d.set("text", as_sentence(f.text));
  set_if(d, "to_do", as_sentence(f.to_do));
  d.set("practice", f.practice);
  set_if(d, "where", f.where.file.empty() ? "" : to_string(f.where));
  d.set("code", f.code);
  return d;
}

/// All findings of one release, warnings first; of the schedule as a whole if its id is empty.
struct LintCard {
  std::string release;
  std::vector<const LintFinding*> findings;

  [[nodiscard]] bool has_warning() const { return findings.front()->level == LintLevel::warning; }
};

std::vector<LintCard> lint_cards(const std::vector<LintFinding>& findings) {
  std::vector<LintCard> cards;
  std::map<std::string, std::size_t> at;
  for (const LintFinding& f : findings) {
    const auto [card, is_new] = at.emplace(f.release, cards.size());
    if (is_new) cards.push_back({f.release, {}});
    cards[card->second].findings.push_back(&f);
  }
  for (LintCard& c : cards)
    std::stable_sort(c.findings.begin(), c.findings.end(),
                     [](const LintFinding* a, const LintFinding* b) { return a->level < b->level; });
  return cards;
}

/// "no-file, notice"
std::string codes_of(const LintCard& card) {
  std::string codes;
  for (const LintFinding* f : card.findings) codes += (codes.empty() ? "" : ", ") + f->code;
  return codes;
}

PageData card_data(const LintCard& card, const Release* release) {
  PageData d = page_object();
  set_if(d, "id", card.release);
  d.set("title", card.release.empty() ? "The schedule as a whole" : release == nullptr ? card.release : release->title);
  d.set("due", release == nullptr ? "" : due_words(release->due));
  d.set("count", lint_count(card.findings.size(), "note"));
  d.set("codes", codes_of(card));
  PageData rows = page_list();
  for (const LintFinding* f : card.findings) rows.push_back(finding_row(*f));
  d.set("findings", rows);
  return d;
}

std::string summary_words(const LintReport& r) {
  const std::size_t warnings = r.warnings();
  const std::size_t notes = r.findings.size() - warnings;
  if (warnings == 0 && notes == 0) return "Nothing odd was found.";
  if (notes == 0) return lint_count(warnings, "warning") + ".";
  return (warnings == 0 ? "No warning, " : lint_count(warnings, "warning") + ", ") + lint_count(notes, "note") + ".";
}

std::string scope_words(const LintReport& r) {
  std::string s =
      lint_count(r.releases - r.not_linted, "release") + " held to edition " + r.code_edition + " of the Code";
  if (r.not_linted > 0) s += "; " + std::to_string(r.not_linted) + " already due and not held to it";
  return s + ".";
}

std::string holidays_words(const HolidaysInUse& h, Instant now) {
  switch (h.from) {
    case HolidaysInUse::From::nowhere:
      return h.has_url ? "No list of bank holidays was had from its address yet."
                       : "No list of bank holidays is configured.";
    case HolidaysInUse::From::file:
      return std::string{"Bank holidays are those of the configured file"} +
             (h.has_url ? ", as none was had from the address yet." : ".");
    case HolidaysInUse::From::url:
      return "Bank holidays were had from the configured address " +
             (h.last_success ? words(std::max(Millis{0}, now - *h.last_success)) + " ago." : "before.");
  }
  return {};
}

}  // namespace

std::string lint_page(const PageFrame& frame, const LintView& view) {
  PageData d = page_object();
  set_flag(d, "not_yet", view.report == nullptr);
  const LintReport none;
  const LintReport& r = view.report == nullptr ? none : *view.report;
  const HolidaysInUse holidays = r.holidays.value_or(HolidaysInUse{});
  std::map<std::string, const Release*> releases;
  for (const StoredRelease& s : view.releases) releases.emplace(s.release.id, &s.release);
  PageData warnings = page_list();
  PageData notes = page_list();
  bool has_notes = false;
  for (const LintCard& card : lint_cards(r.findings)) {
    const auto known = releases.find(card.release);
    (card.has_warning() ? warnings : notes)
        .push_back(card_data(card, known == releases.end() ? nullptr : known->second));
    has_notes = has_notes || !card.has_warning();
  }
  PageData said = page_list();
  for (const std::string& note : r.notes) {
    PageData row = page_object();
    row.set("text", note);
    said.push_back(row);
  }
  set_if(d, "summary", view.report == nullptr ? "" : summary_words(r));
  d.set("scope", scope_words(r));
  d.set("css", r.warnings() > 0 ? "warn" : r.findings.empty() ? "good" : "quiet");
  set_if(d, "holidays_fault", holidays.fault);
  d.set("holidays", holidays_words(holidays, frame.now));
  set_flag(d, "has_warnings", r.warnings() > 0);
  d.set("warnings", warnings);
  set_flag(d, "has_notes", has_notes);
  d.set("notes", notes);
  set_flag(d, "has_said", !r.notes.empty());
  d.set("said", said);
  set_if(d, "checked", view.report == nullptr ? "" : local_words(r.now, frame.zone));
  return render_page("lint.mustache", "Schedule check", frame, {kLintRefresh}, d);
}

}  // namespace embargod
