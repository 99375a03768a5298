// The event of 23 April 2018 with logs of ours: 8 views and no download of one release, 3 views and 14 downloads of the
// other. What is counted is the truth; by what was seen, where the truth lies in seconds that nobody saw.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "daemon/ctl/simulate.h"
#include "daemon/impact/client_rules.h"
#include "daemon/impact/count.h"
#include "daemon/watch/incident_json.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kTherapies = "/statistical/psychological-therapies/january-2018-final";
constexpr const char* kTables = "/AB/12CD34/therapies-jan-2018-final.xlsx";
constexpr const char* kMaternity = "/statistical/maternity-services/england---january-2018-experimental-statistics";
constexpr const char* kData = "/56/78EF90/maternity-jan-2018.csv";

Instant utc(const char* time) { return *parse_rfc3339(std::string{"2018-04-23T"} + time + "Z"); }

/// When each was public, by the scenario's own script.
struct Truth {
  const char* path;
  const char* host;
  Instant from, to;
};
const std::vector<Truth> kTruth{{kTherapies, "digital.example.org", utc("10:12:07"), utc("10:26:17")},
                                {kTables, "files.example.org", utc("10:12:09"), utc("10:26:17")},
                                {kMaternity, "digital.example.org", utc("10:20:31"), utc("10:33:11")},
                                {kData, "files.example.org", utc("10:20:33"), utc("10:33:11")}};

class AprilTest : public testing::Test {
 protected:
  static const Scenario& scenario() {
    static const Scenario kScenario = *load_scenario("tests/scenarios/2018-04-23-two-publications.yml");
    return kScenario;
  }
  /// Played once for all tests.
  static Simulation& simulation() {
    static Simulation played = *simulate(scenario());
    return played;
  }

  void ask(Instant at, const Truth& t, const std::string& client, const std::string& agent = "Mozilla/5.0") {
    const bool is_page = t.path == std::string_view{kTherapies} || t.path == std::string_view{kMaternity};
    const int status = at >= t.from && at < t.to ? 200 : is_page ? 200 : 404;  // a page announces itself all along
    lines_.emplace_back(
        at, fmt::format("{} {} - - [23/Apr/2018:{}{} +0100] \"GET {} HTTP/1.1\" {} 4711 \"-\" \"{}\"\n", t.host, client,
                        local_hour(at), rfc3339(at).substr(13, 6), t.path, status, agent));
  }

  static std::string local_hour(Instant at) { return fmt::format("{:02}", std::stoi(rfc3339(at).substr(11, 2)) + 1); }

  /// The monitor asks, crawlers ask, people ask before and after, and for other things.
  void noise(std::mt19937& random) {
    const auto second = [&](int most) { return Seconds{std::uniform_int_distribution<int>{0, most}(random)}; };
    for (const Truth& t : kTruth) {
      for (Instant at = utc("09:00:00"); at < utc("12:00:00"); at += Seconds{2})
        ask(at, t, "192.0.2.10", "embargod/0.1.0 (+https://digital.example.org/)");
      for (int n = 0; n < 20; ++n) ask(utc("09:00:00") + second(3'600), t, "203.0.113.77");
      for (int n = 0; n < 20; ++n) ask(utc("10:34:00") + second(3'600), t, "203.0.113.78");
      for (int n = 0; n < 5; ++n)
        ask(utc("10:21:10") + second(280), t, "198.51.100.7",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com)");
    }
    const Truth other{"/statistical/other", "digital.example.org", utc("08:00:00"), utc("13:00:00")};
    for (int n = 0; n < 500; ++n) ask(utc("09:00:00") + second(3 * 3'600), other, "203.0.113.5");
  }

  /// `n` requests for a URL at random moments in which it was public.
  void read(std::mt19937& random, const Truth& t, int n, Instant not_before, const std::string& client) {
    const Instant from = std::max(t.from, not_before);
    const auto most = static_cast<int>((t.to - from).count() / 1'000) - 6;
    for (int k = 0; k < n; ++k) ask(from + Seconds{std::uniform_int_distribution<int>{0, most}(random)}, t, client);
  }

  /// Counts what was asked for, of both incidents.
  std::vector<Impact> count() {
    std::stable_sort(lines_.begin(), lines_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const std::string path = (folder_ / "access.log").string();
    {
      std::ofstream file{path, std::ios::binary};
      for (const auto& [at, line] : lines_) file << line;
    }
    std::vector<Impact> out;
    for (const Incident& i : simulation().incidents) {
      const auto watched = watched_incident(incident_json(i, simulation().end), simulation().end);
      EXPECT_TRUE(watched) << to_string(watched.error());
      const CountingRules rules{watched->urls, {{"10.0.0.0/8"}, {"192.0.2.10"}, known_crawlers()}, "a key for tests"};
      const auto source = count_log({"origin", {path}, {}, {}, {}, Millis{0}}, rules);
      EXPECT_TRUE(source) << to_string(source.error());
      out.push_back({i.id, simulation().end, "embargoctl test", key_id_of(rules.key), rules.clients, {*source}, {}});
    }
    return out;
  }

  static const ImpactUrl& url(const std::vector<Impact>& impacts, const char* path) {
    for (const Impact& i : impacts)
      for (const ImpactUrl& u : i.sources[0].urls)
        if (u.url.ends_with(path)) return u;
    throw std::runtime_error{std::string{"not counted: "} + path};
  }

  TempFolder folder_;
  std::vector<std::pair<Instant, std::string>> lines_;
};

// The monitor looked every 30 s: it first saw them live up to half a minute after they were.
TEST_F(AprilTest, WhatWasAskedForWhileItWasSeenLiveIsCountedToTheLastRequest) {
  std::mt19937 random{2018};
  noise(random);
  const Instant seen = utc("10:21:10");
  read(random, kTruth[0], 3, seen, "203.0.113.1");
  read(random, kTruth[0], 5, seen, "10.1.2.3");
  read(random, kTruth[2], 1, seen, "203.0.113.1");
  read(random, kTruth[2], 2, seen, "10.1.2.3");
  read(random, kTruth[3], 10, seen, "203.0.113.1");
  read(random, kTruth[3], 4, seen, "10.1.2.4");
  const auto impacts = count();
  struct Want {
    const char* path;
    std::uint64_t external, internal;
  };
  for (const Want& want : {Want{kTherapies, 3, 5}, Want{kMaternity, 1, 2}, Want{kData, 10, 4}}) {
    const ImpactUrl& u = url(impacts, want.path);
    EXPECT_EQ(figure_of(u, ClientClass::other).least, want.external) << want.path;
    EXPECT_EQ(figure_of(u, ClientClass::other).most, want.external) << want.path;
    EXPECT_EQ(figure_of(u, ClientClass::internal).least, want.internal) << want.path;
    EXPECT_EQ(figure_of(u, ClientClass::crawler).most, 5U) << want.path;
    EXPECT_GT(figure_of(u, ClientClass::own).least, 300U) << want.path;
  }
  const ImpactUrl& tables = url(impacts, kTables);
  EXPECT_EQ(figure_of(tables, ClientClass::other).most, 0U);
  EXPECT_EQ(figure_of(tables, ClientClass::internal).most, 0U);
  ASSERT_TRUE(tables.guesses);
  EXPECT_EQ(tables.guesses->requests, 20U);
  EXPECT_EQ(tables.guesses->clients, 1U);
  EXPECT_EQ(tables.guesses->served_later, 0U);
  for (const Impact& i : impacts) EXPECT_THAT(cautions_of(i), testing::IsEmpty());

  // The report's table says the same, in its own words, and the linter has nothing against it.
  Commit c;
  c.at = simulation().end;
  for (const Impact& i : impacts) c.impacts.push_back({i.incident, simulation().end, "web team", i});
  ASSERT_TRUE(simulation().store->commit(c));
  const auto text = simulation_report(scenario(), simulation(), ReportForm::full, ReportFormat::json);
  ASSERT_TRUE(text) << to_string(text.error());
  const Json report = Json::parse(*text);
  std::map<std::string, std::vector<std::string>> rows;
  std::vector<std::string> head;
  for (const Json& section : report.at("sections"))
    for (const Json& field : section.at("fields")) {
      if (field.at("label") != "Views and downloads") continue;
      head = field.at("table").at("head").get<std::vector<std::string>>();
      for (const Json& row : field.at("table").at("rows")) {
        std::vector<std::string> cells;
        for (const Json& cell : row) cells.push_back(cell.at("text").get<std::string>());
        rows[cells.at(1)] = {cells.at(2), cells.at(3), cells.at(4), cells.at(5)};
      }
    }
  EXPECT_THAT(head, testing::ElementsAre("Log", "URL", "Counted", "External", "Internal", "Known crawlers",
                                         "This monitor", "Different addresses of readers"));
  const std::string site = "https://digital.example.org";
  const std::string files = "https://files.example.org";
  using testing::ElementsAre;
  EXPECT_THAT(rows[site + kTherapies], ElementsAre("views", "3", "5", "5"));
  EXPECT_THAT(rows[site + kMaternity], ElementsAre("views", "1", "2", "5"));
  EXPECT_THAT(rows[files + kData], ElementsAre("downloads", "10", "4", "5"));
  EXPECT_THAT(rows[files + kTables], ElementsAre("downloads", "0", "0", "5"));
  for (const Json& finding : report.at("findings"))
    EXPECT_NE(finding.at("level"), "error") << finding.at("what").get<std::string>();
  for (const ReportForm form : {ReportForm::full, ReportForm::log_entry}) {
    const auto plain = simulation_report(scenario(), simulation(), form, ReportFormat::text);
    ASSERT_TRUE(plain);
    EXPECT_THAT(*plain, testing::HasSubstr("Internal: 10.0.0.0/8; all"));
    EXPECT_THAT(*plain, testing::Not(testing::HasSubstr("203.0.113.")));
  }
}

TEST_F(AprilTest, TheTruthLiesBetweenLeastAndMost) {
  for (unsigned seed = 1; seed <= 60; ++seed) {
    std::mt19937 random{seed};
    lines_.clear();
    const auto few = [&] { return std::uniform_int_distribution<int>{0, 40}(random); };
    std::map<std::string, std::pair<int, int>> want;
    for (const Truth& t : kTruth) {
      want[t.path] = {few(), few()};
      read(random, t, want[t.path].first, t.from, "203.0.113.1");
      read(random, t, want[t.path].second, t.from, "10.1.2.3");
      ask(t.to + Seconds{60}, t, "192.0.2.10", "embargod/0.1.0");
    }
    const auto impacts = count();
    for (const Truth& t : kTruth) {
      const ImpactUrl& u = url(impacts, t.path);
      const auto [external, internal] = want[t.path];
      const auto holds = [](ImpactFigure f, int n) {
        return f.least <= static_cast<std::uint64_t>(n) && static_cast<std::uint64_t>(n) <= f.most;
      };
      EXPECT_TRUE(holds(figure_of(u, ClientClass::other), external)) << seed << " " << t.path;
      EXPECT_TRUE(holds(figure_of(u, ClientClass::internal), internal)) << seed << " " << t.path;
    }
  }
}

}  // namespace
}  // namespace embargod
