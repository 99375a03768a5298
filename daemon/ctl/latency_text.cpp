#include "daemon/ctl/latency_text.h"

#include <algorithm>

#include "daemon/ctl/table.h"

namespace embargod {
namespace {

using Phases = std::array<LatencyPhase, 3>;

/// Whole seconds, rounded up: a bound that is stated must hold.
std::string up_to(Millis d) { return format_duration(std::chrono::ceil<Seconds>(d)); }

std::string when(LatencyPhase::Name name) {
  switch (name) {
    case LatencyPhase::Name::far:
      return "far from due";
    case LatencyPhase::Name::near:
      return "near due";
    case LatencyPhase::Name::window:
      return "around due";
  }
  return {};
}

std::string interval_key(LatencyPhase::Name name) {
  switch (name) {
    case LatencyPhase::Name::far:
      return "polling.interval";
    case LatencyPhase::Name::near:
      return "polling.near.interval";
    case LatencyPhase::Name::window:
      return "polling.window.interval";
  }
  return {};
}

std::vector<std::string> step_row(std::string step, const Phases& phases, Millis LatencyPhase::* part) {
  std::vector<std::string> row{std::move(step)};
  for (const LatencyPhase& p : phases) row.push_back(up_to(p.*part));
  return row;
}

std::vector<std::string> receiver_row(const ReceiverTraits& r, const Phases& phases) {
  const bool pages = std::find(r.severities.begin(), r.severities.end(), Severity::page) != r.severities.end();
  if (!pages) return {r.name, "-", "-", "-", "not told of it: page is not among its severities"};
  std::vector<std::string> row{r.name};
  for (const LatencyPhase& p : phases) row.push_back(up_to(p.total()));
  row.emplace_back(r.standing ? "plus group_wait of its route there" : "");
  return row;
}

}  // namespace

std::string latency_text(const Phases& phases, const Polling& polling, const std::vector<ReceiverTraits>& receivers) {
  const std::vector<std::string> head{"far from due", "from " + format_duration(polling.near.within) + " before",
                                      "from " + format_duration(polling.window.before) + " before"};
  const auto headed = [&head](std::string first) {
    std::vector<std::string> row{std::move(first)};
    row.insert(row.end(), head.begin(), head.end());
    return row;
  };
  std::string out = "At worst, from going live early until it is told:\n";
  out += plain_table(headed("step"), {step_row("until the next look", phases, &LatencyPhase::wait),
                                      step_row("its answer (polling.timeout)", phases, &LatencyPhase::answer),
                                      step_row("first sight held for a sibling", phases, &LatencyPhase::hold),
                                      step_row("judged and recorded", phases, &LatencyPhase::record),
                                      step_row("the receiver's thread looks", phases, &LatencyPhase::outbox),
                                      step_row("the receiver accepts", phases, &LatencyPhase::delivery)});
  auto receiver_head = headed("receiver");
  receiver_head.emplace_back("");
  std::vector<std::vector<std::string>> rows;
  rows.reserve(receivers.size());
  for (const ReceiverTraits& r : receivers) rows.push_back(receiver_row(r, phases));
  out += "\n" + plain_table(receiver_head, rows);
  const auto reads =
      std::find_if(receivers.begin(), receivers.end(), [](const auto& r) { return r.digest.has_value(); });
  if (reads != receivers.end())
    out += "note: beyond " + std::to_string(reads->digest->after) + " messages in " +
           format_duration(reads->digest->within) + " to one receiver that people read, what comes is held up to " +
           up_to(reads->digest->wait) + " longer, and told in one message (alerts.digest).\n";
  return out +
         "note: not in it, since embargod cannot know: for how long a cache of the site (CDN) goes on saying \"not "
         "found\", and how long a receiver takes to reach a person. A look that fails adds its interval and its answer "
         "once more; an answer still on its way adds polling.timeout.\n";
}

std::vector<std::string> latency_warnings(const Phases& phases, Millis bound) {
  std::vector<std::string> out;
  for (const LatencyPhase& p : phases) {
    if (p.total() <= bound) continue;
    const std::string mend =
        p.budget ? "polling.per_host.rate lets a round of the busiest site take " + up_to(p.wait) + ": raise it"
                 : "shorten " + interval_key(p.name) + " or polling.timeout";
    out.push_back(when(p.name) + ", telling of an early release can take " + up_to(p.total()) +
                  ", longer than alerts.latency_bound (" + format_duration(bound) + "); " + mend +
                  ", or raise the bound");
  }
  return out;
}

}  // namespace embargod
