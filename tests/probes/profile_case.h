#pragma once
// One row of a profile's table: an answer of the site, and what the recipe must make of it. The pages are in
// profile_pages/, written for these tests: fictional statistics of example offices that carry the structural marks of
// the real systems.

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "config/release.h"
#include "probes/liveness.h"

namespace embargod {

struct ProfileCase {
  const char* name;
  std::string profile;
  std::string url;
  Role role = Role::page;
  int status = 200;
  std::string page;  // file of profile_pages/, or HTML or JSON itself; empty: no body
  Headers headers{};
  std::vector<Hop> hops{};          // the last one was refused if it leads to another host, else followed
  std::string edition{};            // the embargoed one
  std::string baseline{};           // file of profile_pages/ that a person approved
  RuleGroups rules{};               // of the target
  std::vector<std::string> also{};  // other addresses of the release
  Liveness want = Liveness::unknown;
  Cause cause = Cause::none;
  std::string rule{};   // the outcome's rule begins so
  bool marked = false;  // live by a positive sign
  bool wrong = false;   // live, but not what was announced
};

inline void PrintTo(const ProfileCase& c, std::ostream* out) { *out << c.profile << " " << c.name; }

class ProfileTest : public testing::TestWithParam<ProfileCase> {};

inline constexpr auto kCaseName = [](const testing::TestParamInfo<ProfileCase>& p) -> std::string {
  return p.param.name;
};

/// {xpath: {path: `path`, contains: `words`}}
[[nodiscard]] Condition says(const std::string& path, const std::string& words);

[[nodiscard]] inline RuleGroups expecting(Condition c) {
  RuleGroups groups;
  groups.expect.push_back(std::move(c));
  return groups;
}

inline const Headers kChallenge{{"cf-mitigated", "challenge"}, {"server", "cloudflare"}};

}  // namespace embargod
