#include "daemon/report/draft.h"

#include <algorithm>

#include "daemon/report/report_words.h"

namespace embargod {

int Draft::cite(const std::string& kind, const std::string& id, const std::string& text) {
  const auto it = std::find_if(report.sources.begin(), report.sources.end(),
                               [&](const ReportSource& s) { return s.kind == kind && s.id == id; });
  if (it != report.sources.end()) return it->number;
  const int number = static_cast<int>(report.sources.size()) + 1;
  report.sources.push_back({number, kind, id, text});
  return number;
}

int Draft::cite_incident(const Incident& i) {
  return cite("incident", i.id, "incident " + i.id + " (" + to_string(i.kind) + "), as recorded by this monitor");
}

int Draft::cite_release(const std::string& id) {
  const StoredRelease* r = release(id);
  if (r == nullptr) return 0;
  std::string text =
      "schedule, release " + id + ", revision " + std::to_string(r->revision) + " read at " + rfc3339(r->revision_seen);
  if (!r->release.source.empty()) text += " from " + r->release.source;
  return cite("schedule", id, text);
}

int Draft::cite_event(std::size_t index) {
  const Event& e = in.events[index];
  const auto ordinal = 1 + std::count_if(in.events.begin(), in.events.begin() + static_cast<std::ptrdiff_t>(index),
                                         [&](const Event& other) { return other.incident == e.incident; });
  const std::string id = e.incident + "#" + std::to_string(ordinal);
  return cite("event", id, "event " + id + ": " + event_words(e.what) + " at " + rfc3339(e.at));
}

int Draft::cite_config() { return cite("config", "settings", "settings of this monitor"); }

const StoredRelease* Draft::release(const std::string& id) const {
  const auto it =
      std::find_if(in.releases.begin(), in.releases.end(), [&](const StoredRelease& r) { return r.release.id == id; });
  return it == in.releases.end() ? nullptr : &*it;
}

ReportSection& Draft::section(std::string heading) {
  ++main_;
  sub_ = 0;
  report.sections.push_back({std::to_string(main_), std::move(heading), {}, {}});
  return report.sections.back();
}

ReportSection& Draft::subsection(std::string heading) {
  ++sub_;
  report.sections.push_back({std::to_string(main_) + "." + std::to_string(sub_), std::move(heading), {}, {}});
  return report.sections.back();
}

Statement stated(std::vector<Piece> pieces, std::vector<int> sources) {
  std::erase(sources, 0);
  return {std::move(pieces), std::move(sources)};
}

Statement person_statement(const Person& p, const std::string& prompt, int source) {
  std::string text;
  for (const std::string* part : {&p.name, &p.email, &p.phone})
    if (!part->empty()) text += (text.empty() ? "" : ", ") + *part;
  if (text.empty()) return stated({blank(prompt)});
  return stated({outside(text)}, {source});
}

}  // namespace embargod
