#include "config/strict_yaml.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>

#include "config/settings_reader.h"
#include "tests/config/golden_faults.h"

namespace embargod {
namespace {

std::string yaml_faults(std::string_view yaml, YamlLimits limits = kConfigLimits) {
  FaultBook faults{"f"};
  (void)parse_strict_yaml(yaml, limits, faults);
  return fault_lines(faults.take());
}

YamlNode parsed(std::string_view yaml) {
  FaultBook faults{"f"};
  auto node = parse_strict_yaml(yaml, kConfigLimits, faults);
  EXPECT_TRUE(faults.empty()) << fault_lines(faults.take());
  return node.value_or(YamlNode{});
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string s;
  for (std::size_t i = 0; i < times; ++i) s += piece;
  return s;
}

TEST(StrictYaml, KeepsScalarsAsTheyAreWritten) {
  const YamlNode node = parsed("[2018-01, 3.0, 010, 09:30, 'no', \"a\\u00e9\"]");
  std::vector<std::string> texts;
  for (const auto& item : node.items) texts.push_back(item.text);
  EXPECT_EQ(texts, (std::vector<std::string>{"2018-01", "3.0", "010", "09:30", "no", "a\xC3\xA9"}));
}

TEST(StrictYaml, CountsLinesAndColumnsAsEditorsDo) {
  const YamlNode node = parsed("# caf\xC3\xA9\n\xC3\xA9\xC3\xA9: [x, {y: z}]\n");
  EXPECT_EQ(node.entries[0].at, (YamlPos{2, 1}));
  EXPECT_EQ(node.entries[0].value.at, (YamlPos{2, 5}));
  EXPECT_EQ(node.entries[0].value.items[1].entries[0].value.at, (YamlPos{2, 13}));
}

TEST(StrictYaml, TakesAByteOrderMark) {
  const YamlNode node = parsed(
      "\xEF\xBB\xBF"
      "a: b\n");
  EXPECT_EQ(node.entries[0].key, "a");
  EXPECT_EQ(node.entries[0].value.at, (YamlPos{1, 4}));
}

TEST(StrictYaml, TakesQuotesThatAreClosed) {
  EXPECT_EQ(parsed("'it''s'").text, "it's");
  EXPECT_EQ(parsed("\"say \\\"x\\\"\"").text, "say \"x\"");
  EXPECT_EQ(parsed("|\n  a \"quote\n").text, "a \"quote\n");
}

struct YamlCase {
  const char* name;
  std::string yaml;
  std::string want;
};
void PrintTo(const YamlCase& c, std::ostream* out) { *out << c.name; }

class RefusedYamlTest : public testing::TestWithParam<YamlCase> {};
TEST_P(RefusedYamlTest, EndsQuicklyWithOneClearFault) {
  const std::clock_t begin = std::clock();
  EXPECT_EQ(yaml_faults(GetParam().yaml), GetParam().want + "\n");
  // Processor time, which a busy machine does not stretch; generous, for sanitizers: what it guards against takes
  // minutes.
  EXPECT_LT((std::clock() - begin) / CLOCKS_PER_SEC, 10);
}

const char* const kAnchors =
    "anchors (&) and aliases (*) are not accepted; write the value out, or put text that begins with & or * in quotes";

INSTANTIATE_TEST_SUITE_P(
    Hostile, RefusedYamlTest,
    testing::Values(
        YamlCase{"Alias", "a: &x [1]\nb: *x\n", "f:1:4: " + std::string{kAnchors}},
        YamlCase{"AliasOfNothing", "a: *x\n",
                 "f:1:4: not valid YAML: the referenced anchor is not defined; "
                 "look at the indentation, colons and quotes of this line and the one before"},
        YamlCase{"Cycle", "a: &a [*a]\n", "f:1:4: " + std::string{kAnchors}},
        YamlCase{"BillionLaughs",
                 "a: &a [lol]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n",
                 "f:1:4: " + std::string{kAnchors}},
        YamlCase{"Tag", "a: !!int 3\n",
                 "f:1:4: tags (!) are not accepted; leave the tag out, or put text that begins with ! in quotes"},
        YamlCase{"OwnTag", "a: !include x.yml\n",
                 "f:1:4: tags (!) are not accepted; leave the tag out, or put text that begins with ! in quotes"},
        YamlCase{"TagOnAMap", "!!set {a}\n",
                 "f:1:1: tags (!) are not accepted; leave the tag out, or put text that begins with ! in quotes"},
        YamlCase{"Depth33", repeated("[", 33) + repeated("]", 33), "f:1:33: nested more than 32 levels deep"},
        YamlCase{"Depth500Lists", repeated("[", 500) + repeated("]", 500), "f:1:33: nested more than 32 levels deep"},
        YamlCase{"Depth500Maps", repeated("{a: ", 500) + "1" + repeated("}", 500),
                 "f:1:129: nested more than 32 levels deep"},
        YamlCase{"Depth500Blocks", repeated("- ", 500) + "1", "f:1:65: nested more than 32 levels deep"},
        YamlCase{"AMillionBrackets", repeated("[", 1'000'000), "f:1:1: a key must be text; write key: value"},
        YamlCase{"TooLarge", repeated("# comment\n", 110'000), "f: larger than 1 MB; split it into several files"},
        YamlCase{"TooManyValues", "[" + repeated("1,", 60'000) + "1]",
                 "f:1:100000: more than 50000 values in one file; split it into several files"},
        YamlCase{"Nul", std::string{"a: 1\nb: \0 2\n", 12},
                 "f:2:4: the file holds a control character here (byte 0); delete it"},
        YamlCase{"Utf16", std::string{"a\0:\0 \0b\0", 8},
                 "f:1:2: the file holds a control character here (byte 0); delete it"},
        YamlCase{"EndOfTransmission", "a: 1\n\x04\nb: 2\n",
                 "f:2:1: the file holds a control character here (byte 4); delete it"},
        YamlCase{"BellInAComment", "a: 1 # \x07\n",
                 "f:1:8: the file holds a control character here (byte 7); delete it"},
        YamlCase{"Latin1", "a: caf\xE9\n", "f:1:7: the file is not valid UTF-8 from here on; save it as UTF-8"},
        YamlCase{"Overlong", "a: \xC0\xAF\n", "f:1:4: the file is not valid UTF-8 from here on; save it as UTF-8"},
        YamlCase{"Surrogate", "a: \xED\xA0\x80\n", "f:1:4: the file is not valid UTF-8 from here on; save it as UTF-8"},
        YamlCase{"SecondDocument", "a: 1\n---\nb: 2\n",
                 "f:2:1: a second document begins here; keep one document per file"},
        YamlCase{"DocumentAfterEnd", "a: 1\n...\nb: 2\n",
                 "f:3:1: a second document begins here; keep one document per file"},
        YamlCase{"OpenDoubleQuote", "a: 1\nb: \"x\nc: 3\n",
                 "f:2:4: the quote that opens here is never closed; close it"},
        YamlCase{"OpenSingleQuote", "a: 'it''s\nb: 2\n", "f:1:4: the quote that opens here is never closed; close it"},
        YamlCase{"EscapedLastQuote", "a: \"x\\\"\n", "f:1:4: the quote that opens here is never closed; close it"},
        YamlCase{"MapAsKey", "{a: 1}: 2\n", "f:1:1: a key must be text; write key: value"},
        YamlCase{"MissingKey", ": 2\n", "f:1:1: a key is missing before the colon"},
        YamlCase{"MergeKey", "<<: {a: 1}\n", "f:1:1: merge keys (<<) are not accepted; write the keys out"},
        YamlCase{"Duplicate", "a: 1\nb: 2\n'a': 3\n",
                 "f:3:1: \"a\" is given twice, first in line 1; keep one of the two"},
        YamlCase{"Empty", "", "f: the file is empty"}, YamlCase{"OnlyComments", "# nothing\n", "f: the file is empty"}),
    [](const auto& c) { return c.param.name; });

TEST(StrictYaml, ManyDuplicatesEndInACount) {
  const std::string got = yaml_faults(repeated("a: 1\n", 1'000));
  EXPECT_EQ(std::count(got.begin(), got.end(), '\n'), 201);
  EXPECT_NE(got.find("f: 799 more faults are not listed\n"), std::string::npos);
}

TEST(StrictYaml, ManyKeysAreReadInTime) {
  std::string yaml;
  for (int i = 0; i < 20'000; ++i) yaml += "key" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(yaml_faults(yaml), "");
}

TEST(ReadSchedule, TenThousandReleasesAreReadInTime) {
  std::string yaml = "releases:\n";
  for (int i = 0; i < 10'000; ++i) {
    const std::string n = std::to_string(i);
    yaml += "  - id: release-" + n + "\n    title: \"Release " + n +
            "\"\n    due: 2030-04-24 09:30\n    urls: [{url: \"https://stats.example.org/" + n + "\", role: page}]\n";
  }
  const auto schedule = read_schedule(yaml, "releases.yml", "Europe/London", shipped_profiles());
  ASSERT_TRUE(schedule) << fault_lines(schedule);
  EXPECT_EQ(schedule->releases.size(), 10'000U);
}

// The values of a mapping, one by one.

struct FlagCase {
  const char* name;
  const char* yaml;
  const char* want;
};
void PrintTo(const FlagCase& c, std::ostream* out) { *out << c.name; }

class ReadFlagTest : public testing::TestWithParam<FlagCase> {};
TEST_P(ReadFlagTest, TakesOnlyTrueAndFalse) {
  FaultBook faults{"f"};
  const auto flag = read_flag(parsed(GetParam().yaml), "web.behind_proxy", faults);
  EXPECT_EQ(flag ? (*flag ? "true" : "false") : fault_lines(faults.take()), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Words, ReadFlagTest,
    testing::Values(
        FlagCase{"True", "true", "true"}, FlagCase{"False", "false", "false"},
        FlagCase{"Yes", "yes",
                 "f:1:1: web.behind_proxy must be true or false, not \"yes\"; write true or false, without quotes\n"},
        FlagCase{"Capital", "True",
                 "f:1:1: web.behind_proxy must be true or false, not \"True\"; write true or false, without quotes\n"},
        FlagCase{"Quoted", "'true'",
                 "f:1:1: web.behind_proxy must be true or false, not \"true\"; write true or false, without quotes\n"},
        FlagCase{"One", "1",
                 "f:1:1: web.behind_proxy must be true or false, not \"1\"; write true or false, without quotes\n"},
        FlagCase{"List", "[true]", "f:1:1: web.behind_proxy must be true or false, not a list\n"}),
    [](const auto& c) { return c.param.name; });

TEST(ReadText, RefusesWordsThatYamlReadsAsSomethingElse) {
  for (const char* word : {"yes", "No", "ON", "off", "true", "False"}) {
    FaultBook faults{"f"};
    EXPECT_FALSE(read_text(parsed(word), "title", faults)) << word;
    EXPECT_EQ(fault_lines(faults.take()), "f:1:1: title must be text, but " + std::string{word} +
                                              " without quotes is a yes/no value in YAML; write \"" + word +
                                              "\" in quotes if it is meant as text\n");
  }
  FaultBook faults{"f"};
  EXPECT_EQ(read_text(parsed("'no'"), "title", faults), "no");
  EXPECT_EQ(read_text(parsed("north"), "title", faults), "north");
}

TEST(ReadWhole, KnowsItsRangeAndRefusesLookAlikes) {
  const auto whole = [](const char* yaml) {
    FaultBook faults{"f"};
    const auto n = read_whole(parsed(yaml), "n", faults, {1, 600});
    return n ? std::to_string(*n) : fault_lines(faults.take());
  };
  EXPECT_EQ(whole("1"), "1");
  EXPECT_EQ(whole("600"), "600");
  for (const char* out : {"0", "601", "-1", "99999999999999999999"})
    EXPECT_NE(whole(out).find("must be between 1 and 600"), std::string::npos) << out;
  for (const char* octal : {"010", "0700", "0o17", "-010"})
    EXPECT_NE(whole(octal).find("is an octal number to some"), std::string::npos) << octal;
  for (const char* no : {"1.5", "0x10", "1_000", "1e3", "ten", "1 0"})
    EXPECT_NE(whole(no).find("must be a whole number"), std::string::npos) << no;
}

TEST(ReadNumber, TakesDecimalsOnly) {
  const auto number = [](const char* yaml) {
    FaultBook faults{"f"};
    return read_number(parsed(yaml), "n", faults, {0.01, 1'000}).value_or(-1);
  };
  EXPECT_EQ(number("0.5"), 0.5);
  EXPECT_EQ(number("3"), 3);
  for (const char* no : {"nan", "inf", ".inf", "1e2", "0", "1001", "0x1", "1,5", "'3'"})
    EXPECT_EQ(number(no), -1) << no;
}

}  // namespace
}  // namespace embargod
