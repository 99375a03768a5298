// A table of what can go wrong with a calendar that others keep. Ten releases are announced and watched; then the
// calendar fails, lies or changes its mind. Whatever it does, none of them may be dropped and none lifted: half of the
// pages go public early while it is so, half after a restart in the middle of it, and each must alert.

#include <gmock/gmock.h>

#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>

#include "config/zone_time.h"
#include "tests/support/fed_rig.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// ---- what goes wrong ----

/// The good rows, the first of them changed.
std::string csv_with(const std::function<void(FeedRow&)>& change) {
  auto rows = good_rows();
  change(rows.front());
  return csv_of(rows);
}

std::string csv_due(const std::string& due) {
  return csv_with([&due](FeedRow& r) { r.due = due; });
}

std::string utf16_of(const std::string& ascii) {
  std::string out = "\xFF\xFE";
  for (const char c : ascii) out += {c, '\0'};
  return out;
}

struct FeedFault {
  const char* name;
  SourceFormat format = SourceFormat::csv;
  std::function<ScriptedAnswer()> answer;
  std::vector<const char*> refused_with = {};  // parts of the fault; empty: the reading is taken
  std::optional<DriftKind> drift = {};         // of the first release; a person is told
  const char* due = "2018-04-25 09:30";        // of the first release, in force afterwards
};

void PrintTo(const FeedFault& f, std::ostream* out) { *out << f.name; }

const std::vector<FeedFault>& feed_faults() {
  using F = SourceFormat;
  static const std::vector<FeedFault> kFaults{
      // What comes instead of an answer.
      {"Status500", F::csv, [] { return ScriptedAnswer{.status = 500, .body = "oops"}; }, {"answered 500"}},
      {"Status404", F::csv, [] { return ScriptedAnswer{.status = 404}; }, {"answered 404"}},
      {"Status403", F::csv, [] { return ScriptedAnswer{.status = 403}; }, {"answered 403"}},
      {"Status204", F::csv, [] { return ScriptedAnswer{.status = 204, .body = ""}; }, {"answered 204"}},
      {"Timeout", F::csv, [] { return no_answer(); }, {"timeout"}},
      {"NoName", F::csv, [] { return no_answer(Cause::dns); }, {"dns"}},
      {"Certificate", F::csv, [] { return no_answer(Cause::tls); }, {"tls"}},
      {"Truncated",
       F::csv,
       [] {
         const std::string whole = csv_of(good_rows());
         return ScriptedAnswer{.status = 200, .body = whole.substr(0, whole.size() / 2), .failure = Cause::truncated};
       },
       {"truncated"}},
      {"OverTheCap",
       F::csv,
       [] { return ScriptedAnswer{.status = 200, .body = csv_of(good_rows()), .failure = Cause::too_large}; },
       {"too_large"}},
      {"RedirectNotFollowed",
       F::csv,
       [] {
         return ScriptedAnswer{
             .status = 302, .body = "", .failure = Cause::redirect_elsewhere, .location = "https://login.example.net/"};
       },
       {"redirect_elsewhere"}},
      {"RedirectToAnotherSite",
       F::csv,
       [] {
         return ScriptedAnswer{
             .status = 200, .body = csv_due("2018-05-30 09:30"), .location = "https://copy.example.net/releases.csv"};
       },
       {"redirect", "another site"}},
      // What is no calendar.
      {"WebPage", F::csv, [] { return served("<!doctype html><title>Sign in</title>"); }, {"1:1", "web page"}},
      {"EmptyBody", F::csv, [] { return served(""); }, {"it is empty"}},
      {"HeaderOnly", F::csv, [] { return served(csv_of({})); }, {"no entry"}},
      {"NulBytes", F::csv, [] { return served(csv_of(good_rows()) + std::string(8, '\0')); }, {"12:1", "NUL"}},
      {"Utf16", F::csv, [] { return served(utf16_of(csv_of(good_rows()))); }, {"UTF-16"}},
      {"Windows1252",
       F::csv,
       [] { return served(csv_with([](FeedRow& r) { r.title += " \x96 final"; })); },
       {"not UTF-8"}},
      {"SeventeenMegabytes",
       F::csv,
       [] { return served(csv_of(good_rows()) + std::string(std::size_t{17} << 20U, 'x')); },
       {"larger than 16 M"}},
      {"CutQuote", F::csv, [] { return served(csv_of(good_rows()) + "widgets-11,\"Widget out"); }, {"12:", "quote"}},
      {"ColumnsRenamed",
       F::csv,
       [] { return served(csv_of(good_rows(), "ref,name,when,state,link,kind")); },
       {"1:1", "\"title\" is missing"}},
      {"IdsRenamed",
       F::csv,
       [] {
         auto rows = good_rows();
         for (FeedRow& r : rows) r.id = "new-" + r.id;
         return served(csv_of(rows));
       },
       {"10 of 10"}},
      // What is said of the releases.
      {"HalfTheRowsGone",
       F::csv,
       [] {
         auto rows = good_rows();
         rows.resize(kReleases / 2);
         return served(csv_of(rows));
       },
       {"5 of 10"}},
      {"OneRowMissing",
       F::csv,
       [] {
         auto rows = good_rows();
         rows.erase(rows.begin());
         return served(csv_of(rows));
       },
       {},
       DriftKind::vanished},
      {"EarlierDate", F::csv, [] { return served(csv_due("2018-04-24 09:30")); }, {}, DriftKind::earlier},
      {"EarlierByAMinute", F::csv, [] { return served(csv_due("2018-04-25 09:29")); }, {}, DriftKind::earlier},
      {"DateInThePast", F::csv, [] { return served(csv_due("2018-03-01 09:30")); }, {}, DriftKind::earlier},
      {"LaterDate", F::csv, [] { return served(csv_due("2018-05-02 09:30")); }, {}, {}, "2018-05-02 09:30"},
      {"Cancelled",
       F::csv,
       [] { return served(csv_with([](FeedRow& r) { r.status = "cancelled"; })); },
       {},
       DriftKind::cancelled},
      {"PublishedBeforeDue",
       F::csv,
       [] { return served(csv_with([](FeedRow& r) { r.status = "published"; })); },
       {},
       DriftKind::published},
      {"DowngradedToProvisional",
       F::csv,
       [] {
         return served(csv_with([](FeedRow& r) {
           r.status = "provisional";
           r.due = "April 2018";
         }));
       },
       {},
       DriftKind::provisional},
      {"AnEarlierMonthOnly",
       F::csv,
       [] {
         return served(csv_with([](FeedRow& r) {
           r.status = "provisional";
           r.due = "March 2018";
         }));
       },
       {},
       DriftKind::earlier},
      {"AmbiguousDate", F::csv, [] { return served(csv_due("03/04/2026")); }, {"2:", "3 April 2026", "4 March 2026"}},
      {"ThirtiethOfFebruary", F::csv, [] { return served(csv_due("2018-02-30 09:30")); }, {"2:", "30"}},
      {"HourTwentyFive", F::csv, [] { return served(csv_due("2018-04-25 25:00")); }, {"2:", "25:00"}},
      {"NoDate", F::csv, [] { return served(csv_due("")); }, {"2:"}},
      {"OneIdTwoDates",
       F::csv,
       [] {
         auto rows = good_rows();
         rows.push_back(rows.front());
         rows.back().due = "2018-04-20 09:30";
         return served(csv_of(rows));
       },
       {"12:", "widgets-01", "another due"}},
      // What is said of the pages.
      {"UrlEmpty", F::csv, [] { return served(csv_with([](FeedRow& r) { r.url.clear(); })); }},
      {"EveryUrlEmpty", F::csv,
       [] {
         auto rows = good_rows();
         for (FeedRow& r : rows) r.url.clear();
         return served(csv_of(rows));
       }},
      {"AnotherUrl", F::csv,
       [] { return served(csv_with([](FeedRow& r) { r.url = "https://stats.example.org/x"; })); }},
      {"AnotherRole", F::csv, [] { return served(csv_with([](FeedRow& r) { r.role = "announcement"; })); }},
      // Other formats.
      {"JsonTooDeep", F::json, [] { return served(std::string(100'000, '[')); }, {"deep"}},
      {"JsonCut", F::json, [] { return served(json_of(good_rows()).substr(0, 700)); }, {".example.org/calendar:"}},
      {"JsonEmptyList", F::json, [] { return served("{\"releases\": []}"); }, {"no entry"}},
      {"JsonKeyTwice", F::json, [] { return served(R"({"releases": [], "releases": []})"); }, {"twice"}},
      {"YamlEmptyList", F::yaml, [] { return served("releases: []\n"); }, {"no entry"}},
      {"YamlAliases", F::yaml, [] { return served("a: &a [x, x]\nreleases: [*a, *a]\n"); }, {"1:"}},
      {"YamlRuleThatCannotBeCompiled",
       F::yaml,
       [] {
         std::string yaml = yaml_of(good_rows());
         const std::string urls = "role: page}";
         yaml.insert(yaml.find(urls) + urls.size() - 1, ", live_if: [{regex: \"(\"}]");
         return served(yaml);
       },
       {"6:"}},
      {"IcsEntities",
       F::ics,
       [] {
         return served(
             "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><x>&b;</x>");
       },
       {"XML"}},
      {"IcsCut", F::ics, [] { return served(ics_of(good_rows()).substr(0, 300)); }, {":"}},
      {"IcsEarlierDate",
       F::ics,
       [] {
         const auto rows = good_rows();
         std::string ics = ics_of({rows.begin() + 1, rows.end()});
         ics.insert(ics.find("BEGIN:VEVENT"), event_of(rows.front(), "20180424T093000"));
         return served(ics);
       },
       {},
       DriftKind::earlier},
      {"OnsSaysPublished",
       F::ons,
       [] {
         auto json = nlohmann::json::parse(ons_of(good_rows(), kReleases));
         json["releases"][0]["description"]["published"] = true;
         return served(json.dump());
       },
       {},
       DriftKind::published},
      {"OnsRepeatsItsPage", F::ons, [] { return served(ons_of(good_rows(), 500)); }, {"repeats"}},
      {"OnsPagesWithoutEnd",
       F::ons,
       [] {
         FeedRow first = good_rows().front();
         return served(ons_of({first}, 5'000));
       },
       {"more than 200 pages"}},
      {"OnsNoResults", F::ons, [] { return served(ons_of({}, 0)); }, {"no release"}},
  };
  return kFaults;
}

// ---- the table that is told in the end ----

struct Toll {
  int rows = 0, dropped = 0, lifted = 0;
};
Toll& toll() {
  static Toll t;
  return t;
}

void tell_row(const FeedFault& f, const std::string& said, int dropped, int lifted) {
  ++toll().rows;
  toll().dropped += dropped;
  toll().lifted += lifted;
  std::printf("| %-28s | %-5s | %7d | %6d | %s\n", f.name, to_string(f.format), dropped, lifted, said.c_str());
}

class FeedFaultTest : public testing::TestWithParam<FeedFault> {
 protected:
  static void TearDownTestSuite() {
    std::printf("| %-28s | %-5s | %7d | %6d |\n", (std::to_string(toll().rows) + " feed faults").c_str(), "all",
                toll().dropped, toll().lifted);
    EXPECT_EQ(toll().dropped, 0);
    EXPECT_EQ(toll().lifted, 0);
  }
};

// ---- one row ----

TEST_P(FeedFaultTest, DropsNothingAndLiftsNothing) {
  const FeedFault& f = GetParam();
  FedRig fed{f.format};
  WatchRig& rig = fed.rig;
  ASSERT_EQ(fed.in_schedule().size(), static_cast<std::size_t>(kReleases)) << fed.state().fault;
  ASSERT_EQ(fed.state().fault, "");
  ASSERT_EQ(rig.told(), std::vector<std::string>{});
  const auto good = fed.state().last_success;

  const Instant broken = kDue - 79h;
  rig.prober.answer(fed.url, broken, f.answer());
  if (f.name == std::string{"OnsRepeatsItsPage"}) rig.prober.answer(fed.url + "?offset=10", broken, f.answer());
  if (f.name == std::string{"OnsPagesWithoutEnd"})
    for (int k = 1; k < 300; ++k) {
      FeedRow one = good_rows().front();
      one.id += "-" + std::to_string(k);
      one.title += "-" + std::to_string(k);
      rig.prober.answer(fed.url + "?offset=" + std::to_string(k), broken, served(ons_of({one}, 5'000)));
    }
  rig.run_until(broken + 1h);

  // What was said.
  const CalendarState state = fed.state();
  std::string said = state.fault;
  if (!f.refused_with.empty()) {
    for (const char* words : f.refused_with) EXPECT_THAT(state.fault, HasSubstr(words));
    EXPECT_THAT(state.fault, HasSubstr("cal.example.org"));
    EXPECT_EQ(state.fault.find('\n'), std::string::npos) << "one line";
    EXPECT_LE(*state.last_success, broken) << "it is stale since then";
    EXPECT_GE(*state.last_success, *good);
    EXPECT_THAT(rig.log.text, HasSubstr("its last good state stays source=team fault="));
    EXPECT_EQ(state.rows.size(), static_cast<std::size_t>(kReleases)) << "the last good reading stays";
  } else {
    EXPECT_EQ(state.fault, "");
    EXPECT_GT(*state.last_success, broken);
  }
  const auto drifts = rig.incidents(IncidentKind::drift);
  EXPECT_EQ(drifts.size(), f.drift ? 1U : 0U) << state.fault;
  if (f.drift && !drifts.empty()) {
    EXPECT_EQ(drifts[0].release, id_of(1));
    EXPECT_EQ(drifts[0].drifts.at(0).kind, *f.drift);
    EXPECT_EQ(rig.told(), std::vector<std::string>{"EmbargoScheduleDrift firing"});
    said = std::string{"EmbargoScheduleDrift: "} + to_string(*f.drift);
  }
  const Due want = *read_due(f.due, "Europe/London");
  if (want.at != kDue) said = std::string{"taken: "} + f.due;
  if (said.empty()) said = "nothing: what was announced stays";

  // Half of the pages go public now, half after a restart.
  const Instant first_half = kDue - 77h;
  const Instant second_half = kDue - 76h;
  for (int k = 1; k <= kReleases; ++k) {
    const Instant out = k % 2 == 1 ? first_half : second_half;
    rig.prober.answer(page_of(k), out, live_answer());
    rig.prober.answer(page_of(k), out + 3min, ScriptedAnswer{});
  }
  rig.run_until(first_half + 10min);
  fed.restart();
  rig.run_until(second_half + 10min);

  int dropped = 0;
  int lifted = 0;
  const auto known = fed.in_schedule();
  const auto early = fed.early();
  for (int k = 1; k <= kReleases; ++k) {
    const auto it = known.find(id_of(k));
    if (it == known.end() || !fed.was_asked_since(page_of(k), second_half)) ++dropped;
    const Due due = k == 1 ? want : *read_due("2018-04-25 09:30", "Europe/London");
    if (it == known.end() || it->second.due.at != due.at || it->second.status != ReleaseStatus::confirmed ||
        !early.contains(id_of(k)))
      ++lifted;
  }
  tell_row(f, said, dropped, lifted);
  EXPECT_EQ(dropped, 0);
  EXPECT_EQ(lifted, 0);
}

INSTANTIATE_TEST_SUITE_P(Rows, FeedFaultTest, testing::ValuesIn(feed_faults()),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
