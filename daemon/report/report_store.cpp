// Collects from the store what a report is made of.

#include <algorithm>
#include <set>

#include "daemon/report/render_text.h"
#include "daemon/report/report.h"

namespace embargod {
namespace {

constexpr std::size_t kMostIncidents = 50;

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

Result<void> collect_incidents(StoreReader& store, const std::vector<std::string>& ids, ReportInput& in) {
  std::set<std::string> seen;
  for (const std::string& id : ids) {
    if (!seen.insert(id).second) continue;
    auto incident = store.incident(id);
    if (!incident) return tl::unexpected{incident.error()};
    if (!*incident)
      return fail(Errc::not_found, "there is no such incident", "incident " + id,
                  "list them with embargoctl incidents");
    in.incidents.push_back(std::move(**incident));
    auto events = store.events(id);
    if (!events) return tl::unexpected{events.error()};
    append(in.events, std::move(*events));
    auto deliveries = store.deliveries(id);
    if (!deliveries) return tl::unexpected{deliveries.error()};
    append(in.deliveries, std::move(*deliveries));
    auto evidence = store.evidence(id);
    if (!evidence) return tl::unexpected{evidence.error()};
    append(in.evidence, std::move(*evidence));
    auto impacts = store.impacts(id);
    if (!impacts) return tl::unexpected{impacts.error()};
    append(in.impacts, std::move(*impacts));
    auto entries = store.entries(id);
    if (!entries) return tl::unexpected{entries.error()};
    append(in.entries, std::move(*entries));
  }
  return {};
}

/// Targets of the incidents and of their releases: one that stayed dark is part of the picture too.
std::set<std::string> targets_of(const ReportInput& in) {
  std::set<std::string> targets;
  for (const Incident& i : in.incidents) {
    for (const TargetExposure& t : i.targets) targets.insert(t.target);
    for (const StoredRelease& r : in.releases)
      if (r.release.id == i.release)
        for (const Target& t : r.release.targets) targets.insert(t.id);
  }
  return targets;
}

}  // namespace

Result<ReportInput> collect_report(StoreReader& store, const ReportSettings& settings, const ReportRequest& request,
                                   Instant now) {
  if (request.incidents.empty())
    return fail(Errc::invalid_input, "no incident is named", "report", "name one or several incident ids");
  if (request.incidents.size() > kMostIncidents)
    return fail(Errc::invalid_input, "more than 50 incidents in one report", "report", "ask for fewer");
  ReportInput in;
  in.settings = settings;
  in.form = request.form;
  in.now = now;
  if (const auto ok = collect_incidents(store, request.incidents, in); !ok) return tl::unexpected{ok.error()};
  auto marks = store.marks(report_id(request.incidents));
  if (!marks) return tl::unexpected{marks.error()};
  in.marks = std::move(*marks);
  auto releases = store.releases();
  if (!releases) return tl::unexpected{releases.error()};
  in.releases = std::move(*releases);

  const ReportWindow window = report_window(in.incidents, now);
  const std::set<std::string> targets = targets_of(in);
  auto blind = store.blind(window.from, window.to);
  if (!blind) return tl::unexpected{blind.error()};
  std::copy_if(blind->begin(), blind->end(), std::back_inserter(in.blind),
               [&](const BlindSpan& b) { return targets.contains(b.target); });
  for (const Incident& i : in.incidents) {
    if (i.kind != IncidentKind::early || !i.due || *i.due > now) continue;
    for (const TargetExposure& t : i.targets) {
      auto spans = store.spans(t.target, *i.due, now);
      if (!spans) return tl::unexpected{spans.error()};
      append(in.released, std::move(*spans));
    }
  }
  for (const std::string& t : targets) {
    auto spans = store.spans(t, window.from, window.to);
    if (!spans) return tl::unexpected{spans.error()};
    append(in.looks, std::move(*spans));
  }
  return in;
}

Result<std::string> report_from_store(StoreReader& store, const ReportSettings& settings, const ReportRequest& request,
                                      Instant now) {
  const auto input = collect_report(store, settings, request, now);
  if (!input) return tl::unexpected{input.error()};
  return render(make_report(*input), request.format);
}

}  // namespace embargod
