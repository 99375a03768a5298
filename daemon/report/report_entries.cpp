// What people put into the report: the texts of blanks and notes.

#include <algorithm>
#include <cassert>

#include "daemon/report/draft.h"
#include "daemon/report/report_words.h"

namespace embargod {
namespace {

/// The newest of a field; null: never written, or taken back.
const ReportEntry* newest_entry(const Draft& d, const std::string& incident, std::string_view field) {
  const ReportEntry* newest = nullptr;
  for (const ReportEntry& e : d.in.entries)
    if (e.incident == incident && e.field == field) newest = &e;
  return newest == nullptr || newest->text.empty() ? nullptr : newest;
}

std::vector<std::string> paragraphs(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (!line.empty()) out.emplace_back(line);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return out;
}

void add_entry(Draft& d, const ReportEntry& e, std::vector<Statement>& out) {
  for (std::string& text : paragraphs(e.text)) out.push_back(stated({outside(std::move(text))}, {d.cite_entry(e)}));
}

ReportSection* section_of(Draft& d, std::string_view heading) {
  for (ReportSection& s : d.report.sections)
    if (s.heading == heading) return &s;
  return nullptr;
}

struct NotePlace {
  const char* field;
  const char* heading;
};
constexpr NotePlace kNotePlaces[] = {{"note-core", "Core information"},
                                     {"note-circumstances", "Circumstances of the breach"},
                                     {"note-timeline", "Timeline"},
                                     {"note-coverage", "What this monitor could and could not see"},
                                     {"note-impact", "Impact of the breach"}};

}  // namespace

int Draft::cite_entry(const ReportEntry& e) {
  return cite("entry", e.incident + "/" + e.field + "@" + rfc3339(e.at),
              "written by " + e.by + " at " + rfc3339(e.at) + " (" + e.field + ")");
}

std::vector<Statement> asked(Draft& d, const char* id, const Incident* of) {
  const ReportFieldAsk* field = report_field(id);
  assert(field != nullptr);
  std::vector<Statement> out;
  std::vector<std::string> said;
  for (const Incident& i : d.in.incidents) {
    if (of != nullptr && of->id != i.id) continue;
    const ReportEntry* e = newest_entry(d, i.id, id);
    // What was written for several incidents at once stands once.
    if (e == nullptr || std::find(said.begin(), said.end(), e->text) != said.end()) continue;
    said.push_back(e->text);
    add_entry(d, *e, out);
  }
  if (out.empty()) out.push_back(stated({Piece{Piece::Kind::blank, field->asks, id}}));
  return out;
}

ReportField asked_field(Draft& d, std::string label, const char* id, const Incident* of) {
  return {std::move(label), asked(d, id, of), {}, true};
}

void add_notes(Draft& d) {
  for (const Incident& i : d.in.incidents) {
    for (const NotePlace& place : kNotePlaces) {
      const ReportEntry* e = newest_entry(d, i.id, place.field);
      ReportSection* s = e == nullptr ? nullptr : section_of(d, place.heading);
      if (s == nullptr) continue;
      ReportField note{"Note", {}, {}, true};
      add_entry(d, *e, note.statements);
      s->fields.push_back(std::move(note));
    }
  }
}

}  // namespace embargod
