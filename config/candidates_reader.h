#pragma once
// What a config and a schedule say of guessed URLs. Each reader adds its faults to the FaultBook. Any thread.

#include <string_view>

#include "config/read_sections.h"

namespace embargod {

/// What the last part of a guessed target's id begins with; no announced URL may be called so.
inline constexpr std::string_view kCandidatePrefix = "candidate-";

/// Whether a target's id is that of a guess.
[[nodiscard]] inline bool is_candidate_id(std::string_view target) {
  const std::size_t slash = target.find('/');
  return slash != std::string_view::npos && target.substr(slash + 1).starts_with(kCandidatePrefix);
}

inline constexpr std::size_t kMostFormerUrls = 50;  // of one release; so for templates
inline constexpr int kMostCandidates = 100;

/// The mapping under `candidates:` over the defaults in `out`.
void read_candidates(const YamlNode& node, CandidateSettings& out, FaultBook& faults);

/// `former_urls` and `url_templates` of a release whose due is read already.
void read_former_urls(const YamlMap& release, const ScheduleContext& context, Release& out);

/// Adds a note for each former URL and template on a host that is not in `candidates.hosts`: nothing is derived there.
void note_unlisted_hosts(Schedule& schedule, const CandidateSettings& candidates);

/// Whether guesses may be asked for at this URL's site.
[[nodiscard]] bool may_guess_at(const Url& url, const CandidateSettings& candidates);

}  // namespace embargod
