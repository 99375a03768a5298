#include "config/edit/release_edit.h"

#include <gmock/gmock.h>

#include <functional>

#include "config/key_sets.h"
#include "config/settings_reader.h"

namespace embargod {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const EditSignature kSigned{parse_rfc3339("2030-01-02T09:00:41Z").value(), "Release manager", "more time for checks"};

EditedFile our_file() { return {"releases.yml", "Europe/London", shipped_profiles()}; }

NewRelease sample_addition() {
  return {
      .id = "wages-2030-05",
      .title = "Wages \"real\", May 2030",
      .due = "2030-05-15 07:00",
      .status = "",
      .targets = {
          {.url = "https://stats.example.org/wages", .role = "page", .name = "", .profile = "ons", .edition = ""},
          {.url = "https://files.example.org/w.csv", .role = "file", .name = "data", .profile = "", .edition = ""}}};
}

std::string told(const Checked<ScheduleEdit>& edit) {
  std::string s;
  if (!edit)
    for (const Fault& f : edit.error()) s += to_string(f) + "\n";
  return s;
}

/// The line that a reason takes where releases have that key.
std::string reason_line(const std::string& indent) {
  const auto& keys = schedule_keys().release.keys;
  return std::find(keys.begin(), keys.end(), "reason") == keys.end() ? ""
                                                                     : indent + "reason: \"more time for checks\"\n";
}
std::string reason_in_flow() {
  const std::string line = reason_line(", ");
  return line.substr(0, line.find('\n'));
}

const std::string kBlock =
    "# What was announced.\n"
    "releases:\n"
    "  # Prices come first.\n"
    "  - id: cpi-2030-03   # a label\n"
    "    title: \"Consumer prices\"\n"
    "    due: 2030-04-17 09:30   # agreed\n"
    "    urls:\n"
    "      - {url: \"https://stats.example.org/cpi\", role: page}\n"
    "\n"
    "  - {id: gdp-2030-q1, title: GDP, due: '2030-05-10 09:30', urls: [{url: \"https://stats.example.org/gdp\", role: "
    "page}]}\n"
    "\n"
    "  - id: migration-2030-q1\n"
    "    status: provisional    # until May\n"
    "    title: Migration\n"
    "    due: 2030-06\n"
    "    urls:\n"
    "      - {url: \"https://stats.example.org/migration\", role: page}\n"
    "# end of the list\n";

std::string replaced(std::string text, const std::string& old, const std::string& now) {
  const auto at = text.find(old);
  if (at == std::string::npos) ADD_FAILURE() << old << " is not in the text";
  return at == std::string::npos ? text : text.replace(at, old.size(), now);
}

TEST(MoveRelease, ChangesTheDueAndSignsAboveTheRelease) {
  const auto edit = move_release(kBlock, our_file(), "cpi-2030-03", "2030-04-24 09:30", kSigned);
  ASSERT_TRUE(edit) << told(edit);
  EXPECT_EQ(edit->text,
            replaced(replaced(kBlock, "    due: 2030-04-17 09:30   # agreed\n",
                              "    due: 2030-04-24 09:30   # agreed\n" + reason_line("    ")),
                     "  - id: cpi",
                     "  # 2030-01-02T09:00Z moved by Release manager from 2030-04-17 09:30 to 2030-04-24 09:30: more "
                     "time for checks\n  - id: cpi"));
  EXPECT_EQ(edit->summary, "moved cpi-2030-03 from 2030-04-17 09:30 to 2030-04-24 09:30");
  EXPECT_EQ(edit->before->due.as_given, "2030-04-17 09:30");
  EXPECT_EQ(edit->after.due.at, parse_rfc3339("2030-04-24T08:30:00Z").value());
  EXPECT_FALSE(weakened_embargo(*edit));
}

TEST(MoveRelease, KeepsBracesAndQuotes) {
  const auto edit = move_release(kBlock, our_file(), "gdp-2030-q1", "2030-05-11 09:30", kSigned);
  ASSERT_TRUE(edit) << told(edit);
  EXPECT_THAT(edit->text, HasSubstr("more time for checks\n  - {id: gdp-2030-q1, title: GDP, due: '2030-05-11 09:30'" +
                                    reason_in_flow() + ", urls"));
  EXPECT_THAT(edit->notes, ElementsAre(HasSubstr("Saturday")));
}

TEST(MoveRelease, ADayConfirmsAProvisionalRelease) {
  const auto edit = move_release(kBlock, our_file(), "migration-2030-q1", "2030-06-20", kSigned);
  ASSERT_TRUE(edit) << told(edit);
  EXPECT_THAT(edit->text, HasSubstr("    status: confirmed    # until May\n"));
  EXPECT_EQ(edit->after.status, ReleaseStatus::confirmed);
  EXPECT_EQ(edit->after.due.precision, DuePrecision::time_assumed);
  EXPECT_THAT(edit->notes, ElementsAre(HasSubstr("09:30 Europe/London assumed")));
  EXPECT_FALSE(weakened_embargo(*edit));
}

TEST(MoveRelease, AMonthMakesItProvisionalAgainAndThatWeakens) {
  for (const char* id : {"cpi-2030-03", "gdp-2030-q1"}) {
    const auto edit = move_release(kBlock, our_file(), id, "2030-07", kSigned);
    ASSERT_TRUE(edit) << told(edit);
    EXPECT_EQ(edit->after.status, ReleaseStatus::provisional);
    EXPECT_FALSE(edit->after.due.at);
    EXPECT_THAT(weakened_embargo(*edit).value_or(""), HasSubstr("takes back the announced time"));
  }
}

struct WeakerCase {
  const char* name;
  const char* to;
  const char* says;  // nullptr: it does not weaken
};
class WeakenedEmbargoTest : public testing::TestWithParam<WeakerCase> {};
TEST_P(WeakenedEmbargoTest, IsAnyEarlierInstant) {
  const auto edit = move_release(kBlock, our_file(), "cpi-2030-03", GetParam().to, kSigned);
  ASSERT_TRUE(edit) << told(edit);
  const auto weaker = weakened_embargo(*edit);
  ASSERT_EQ(weaker.has_value(), GetParam().says != nullptr);
  if (weaker) {
    EXPECT_THAT(*weaker, HasSubstr(GetParam().says));
  }
}
INSTANTIATE_TEST_SUITE_P(
    Around, WeakenedEmbargoTest,
    testing::Values(WeakerCase{"DayBefore", "2030-04-16 09:30",
                               "ends the embargo of cpi-2030-03 1 day earlier: at Tuesday 16 April 2030, 09:30 BST "
                               "instead of Wednesday 17 April 2030, 09:30 BST"},
                    WeakerCase{"MinuteBefore", "2030-04-17 09:29", "1 min"},
                    WeakerCase{"SameInstantNoTime", "2030-04-17", nullptr},
                    WeakerCase{"MinuteAfter", "2030-04-17 09:31", nullptr},
                    WeakerCase{"EarlierByOffset", "2030-04-17T09:30+02:00", "1 h"}),
    [](const auto& c) { return c.param.name; });

TEST(CancelRelease, AddsAStatusOrChangesIt) {
  const auto block = cancel_release(kBlock, our_file(), "cpi-2030-03", kSigned);
  ASSERT_TRUE(block) << told(block);
  EXPECT_THAT(block->text, HasSubstr("    due: 2030-04-17 09:30   # agreed\n    status: cancelled\n" +
                                     reason_line("    ") + "    urls:\n"));
  EXPECT_THAT(block->text, HasSubstr("  # 2030-01-02T09:00Z cancelled by Release manager: more time for checks\n"));
  const auto flow = cancel_release(kBlock, our_file(), "gdp-2030-q1", kSigned);
  ASSERT_TRUE(flow) << told(flow);
  EXPECT_THAT(flow->text, HasSubstr("due: '2030-05-10 09:30', status: cancelled" + reason_in_flow() + ", urls"));
  const auto changed = cancel_release(kBlock, our_file(), "migration-2030-q1", kSigned);
  ASSERT_TRUE(changed) << told(changed);
  EXPECT_THAT(changed->text, HasSubstr("    status: cancelled    # until May\n"));
  EXPECT_FALSE(weakened_embargo(*block));
}

TEST(AddRelease, ComesLastAndApartAsTheOthersDo) {
  const auto edit = add_release(kBlock, our_file(), sample_addition(), kSigned);
  ASSERT_TRUE(edit) << told(edit);
  EXPECT_EQ(edit->text, kBlock +
                            "\n"
                            "  # 2030-01-02T09:00Z added by Release manager: more time for checks\n"
                            "  - id: wages-2030-05\n"
                            "    title: \"Wages \\\"real\\\", May 2030\"\n"
                            "    due: 2030-05-15 07:00\n"
                            "    urls:\n"
                            "      - {url: \"https://stats.example.org/wages\", role: page, profile: ons}\n"
                            "      - {url: \"https://files.example.org/w.csv\", role: file, name: data}\n");
  EXPECT_FALSE(edit->before);
  EXPECT_EQ(edit->after.title, "Wages \"real\", May 2030");
  EXPECT_EQ(edit->after.targets.at(1).id, "wages-2030-05/data");
}

TEST(AddRelease, AMonthIsProvisional) {
  NewRelease r = sample_addition();
  r.due = "2030-05";
  r.targets.clear();
  const auto edit = add_release(kBlock, our_file(), r, kSigned);
  ASSERT_TRUE(edit) << told(edit);
  EXPECT_EQ(edit->after.status, ReleaseStatus::provisional);
}

struct PlaceCase {
  const char* name;
  std::string yaml;
  std::string head;  // what stands before the new release's comment
  std::string tail;  // and behind its last line
};
class AddPlaceTest : public testing::TestWithParam<PlaceCase> {};
TEST_P(AddPlaceTest, KeepsWhatStandsAround) {
  NewRelease r = sample_addition();
  r.targets.resize(1);
  const auto edit = add_release(GetParam().yaml, our_file(), r, kSigned);
  ASSERT_TRUE(edit) << told(edit);
  const std::size_t begin = edit->text.find('#', GetParam().head.size());
  const std::size_t end = edit->text.find("profile: ons}") + 13;
  EXPECT_EQ(edit->text.substr(0, begin), GetParam().head);
  EXPECT_EQ(edit->text.substr(end), GetParam().tail);
}
const std::string kOne =
    "{id: a, title: A, due: 2030-03-12 09:30, urls: [{url: \"https://stats.example.org/a\", role: page}]}";
INSTANTIATE_TEST_SUITE_P(
    Forms, AddPlaceTest,
    testing::Values(PlaceCase{"EmptyList", "releases: []\n", "releases:\n  ", "\n"},
                    PlaceCase{"EmptyListWithComment", "releases: [ ]  # none yet\n# more\n",
                              "releases:  # none yet\n  ", "\n# more\n"},
                    PlaceCase{"EmptyListWithoutBreak", "releases: []", "releases:\n  ", ""},
                    PlaceCase{"NoList", "releases:\n", "releases:\n  ", "\n"},
                    PlaceCase{"OneInBraces", "releases:\n- " + kOne + "\n", "releases:\n- " + kOne + "\n", "\n"},
                    PlaceCase{"OpenLastLine", "releases:\n  - " + kOne, "releases:\n  - " + kOne + "\n  ", ""},
                    PlaceCase{"Crlf", "releases:\r\n   - " + kOne + "\r\n", "releases:\r\n   - " + kOne + "\r\n   ",
                              "\r\n"}),
    [](const auto& c) { return c.param.name; });

struct RefusedCase {
  const char* name;
  std::function<Checked<ScheduleEdit>()> run;
  Errc code;
  const char* says;
};
class RefusedEditTest : public testing::TestWithParam<RefusedCase> {};
TEST_P(RefusedEditTest, SaysWhatAndWhere) {
  const auto edit = GetParam().run();
  ASSERT_FALSE(edit) << edit->text;
  EXPECT_EQ(edit.error().front().code, GetParam().code);
  EXPECT_THAT(told(edit), HasSubstr(GetParam().says));
}

Checked<ScheduleEdit> moved(const std::string& yaml, const std::string& id, const std::string& due) {
  return move_release(yaml, our_file(), id, due, kSigned);
}
Checked<ScheduleEdit> added(const std::function<void(NewRelease&)>& change, const std::string& yaml = kBlock) {
  NewRelease r = sample_addition();
  change(r);
  return add_release(yaml, our_file(), r, kSigned);
}
Checked<ScheduleEdit> signed_with(const std::string& by, const std::string& reason) {
  return cancel_release(kBlock, our_file(), "cpi-2030-03", {kSigned.at, by, reason});
}
INSTANTIATE_TEST_SUITE_P(
    Cases, RefusedEditTest,
    testing::Values(
        RefusedCase{"NoSuchRelease", [] { return moved(kBlock, "cpi-2030-04", "2030-05-01 09:30"); }, Errc::not_found,
                    "releases.yml: there is no release \"cpi-2030-04\"; did you mean \"cpi-2030-03\"?"},
        RefusedCase{"SameDue", [] { return moved(kBlock, "cpi-2030-03", "2030-04-17T08:30Z"); }, Errc::conflict,
                    "due at 2030-04-17 09:30 already"},
        RefusedCase{"NoDate", [] { return moved(kBlock, "cpi-2030-03", "tomorrow"); }, Errc::invalid_input,
                    "due: \"tomorrow\" is not a date and time"},
        RefusedCase{"MissingHour", [] { return moved(kBlock, "cpi-2030-03", "2030-03-31 01:30"); }, Errc::invalid_input,
                    "does not exist"},
        RefusedCase{"MoreYaml", [] { return moved(kBlock, "cpi-2030-03", "2030-04-18 09:30\n    status: cancelled"); },
                    Errc::invalid_input, "due: "},
        RefusedCase{"FileHasFaults", [] { return moved("releases:\n  - {id: a}\n", "a", "2030-04-18 09:30"); },
                    Errc::invalid_input, "releases.yml:2:5: release \"a\": title is missing"},
        RefusedCase{"NoYaml", [] { return moved("a: [", "a", "2030-04-18 09:30"); }, Errc::invalid_input,
                    "releases.yml:1:"},
        RefusedCase{"TwiceCancelled",
                    [] {
                      const auto once = cancel_release(kBlock, our_file(), "cpi-2030-03", kSigned);
                      return cancel_release(once->text, our_file(), "cpi-2030-03", kSigned);
                    },
                    Errc::conflict, "cancelled already"},
        RefusedCase{"MoveACancelled",
                    [] {
                      const auto once = cancel_release(kBlock, our_file(), "cpi-2030-03", kSigned);
                      return moved(once->text, "cpi-2030-03", "2030-04-18 09:30");
                    },
                    Errc::conflict, "is cancelled"},
        RefusedCase{"ConfirmedWithoutUrls",
                    [] {
                      return moved("releases:\n  - {id: a, title: A, due: 2030-06, status: provisional}\n", "a",
                                   "2030-06-10 09:30");
                    },
                    Errc::invalid_input, "nothing was changed: what would come of it has faults"},
        RefusedCase{"DueOverLines",
                    [] {
                      return moved(
                          "releases:\n  - id: a\n    title: A\n    status: provisional\n    due: |-\n      2030-06\n",
                          "a", "2030-07");
                    },
                    Errc::unsupported, "releases.yml:5:5: this is written in a way"},
        RefusedCase{"SignedByNobody", [] { return signed_with(" ", "x"); }, Errc::invalid_input, "by: is missing"},
        RefusedCase{"NoReason", [] { return signed_with("x", ""); }, Errc::invalid_input, "reason: is missing"},
        RefusedCase{"ReasonOverLines", [] { return signed_with("x", "a\nreleases: []"); }, Errc::invalid_input,
                    "a line break"},
        RefusedCase{"LongReason", [] { return signed_with("x", std::string(501, 'x')); }, Errc::invalid_input,
                    "longer than 500"},
        RefusedCase{"IdTaken", [] { return added([](NewRelease& r) { r.id = "gdp-2030-q1"; }); }, Errc::conflict,
                    "is there already"},
        RefusedCase{"BadId", [] { return added([](NewRelease& r) { r.id = "A b"; }); }, Errc::invalid_input,
                    "cannot be an id"},
        RefusedCase{"NoTitle", [] { return added([](NewRelease& r) { r.title = ""; }); }, Errc::invalid_input,
                    "title: is missing"},
        RefusedCase{"BadUrl", [] { return added([](NewRelease& r) { r.targets[0].url = "stats.example.org"; }); },
                    Errc::invalid_input, "target: "},
        RefusedCase{"BadRole", [] { return added([](NewRelease& r) { r.targets[0].role = "pge"; }); },
                    Errc::invalid_input, "pge"},
        RefusedCase{"NoSuchProfile", [] { return added([](NewRelease& r) { r.targets[0].profile = "onz"; }); },
                    Errc::invalid_input, "there is no profile \"onz\""},
        RefusedCase{"NothingWatched", [] { return added([](NewRelease& r) { r.targets.clear(); }); },
                    Errc::invalid_input, "urls is missing"},
        RefusedCase{"ListInBrackets", [] { return added([](NewRelease&) {}, "releases: [" + kOne + "]\n"); },
                    Errc::unsupported, "releases.yml:1:11: this is written in a way"},
        RefusedCase{"AllInBraces", [] { return added([](NewRelease&) {}, "{releases: []}\n"); }, Errc::unsupported,
                    "with an editor"}),
    [](const auto& c) { return c.param.name; });

TEST(MoveRelease, WorksInAListInBrackets) {
  const std::string yaml = "releases: [" + kOne + "]\n";
  const auto edit = moved(yaml, "a", "2030-03-13 09:30");
  ASSERT_TRUE(edit) << told(edit);
  EXPECT_EQ(
      edit->text,
      "# 2030-01-02T09:00Z moved by Release manager from 2030-03-12 09:30 to 2030-03-13 09:30: more time for checks\n" +
          replaced(yaml, "2030-03-12 09:30", "2030-03-13 09:30" + reason_in_flow()));
}

TEST(MoveRelease, IsNotSignedInsideATextOfSeveralLines) {
  // A comment above the second release would stand inside the first one's title.
  const std::string yaml =
      "releases: [{id: b, due: 2030-01-17 09:30, urls: [{url: \"https://stats.example.org/b\", role: page}], title: "
      "\"B\n"
      "  b\"}, " +
      kOne + "]\n";
  const auto edit = moved(yaml, "a", "2030-03-13 09:30");
  ASSERT_FALSE(edit) << edit->text;
  EXPECT_EQ(edit.error().front().code, Errc::unsupported);
}

}  // namespace
}  // namespace embargod
