#include "config/edit/yaml_text.h"

#include <gtest/gtest.h>

namespace embargod {
namespace {

YamlNode tree_of(const std::string& yaml) {
  FaultBook faults{"x.yml"};
  auto tree = parse_strict_yaml(yaml, kConfigLimits, faults);
  for (const Fault& f : faults.take()) ADD_FAILURE() << to_string(f);
  return tree.value_or(YamlNode{});
}

struct ScalarCase {
  const char* name;
  const char* yaml;  // of one key, whose value is looked for
  const char* want;  // nullptr: it must not be found
};
class ScalarTest : public testing::TestWithParam<ScalarCase> {};
TEST_P(ScalarTest, IsFoundWithItsQuotes) {
  const std::string yaml = GetParam().yaml;
  const YamlText text{yaml};
  const YamlNode tree = tree_of(yaml);
  const auto range = text.scalar(tree.entries.at(0).value);
  ASSERT_EQ(range.has_value(), GetParam().want != nullptr);
  if (range) {
    EXPECT_EQ(yaml.substr(range->begin, range->end - range->begin), GetParam().want);
  }
}
INSTANTIATE_TEST_SUITE_P(
    Styles, ScalarTest,
    testing::Values(ScalarCase{"Plain", "due: 2030-04-17 09:30  # said\n", "2030-04-17 09:30"},
                    ScalarCase{"Double", "due: \"a \\\" b\" # x\n", "\"a \\\" b\""},
                    ScalarCase{"Single", "due: 'it''s' # x\n", "'it''s'"},
                    ScalarCase{"BehindUmlauts", "\xC3\xA4\xC3\xB6\xE2\x80\x93: x\n", "x"},
                    ScalarCase{"BehindAMark",
                               "\xEF\xBB\xBF"
                               "due: x\n",
                               "x"},
                    ScalarCase{"Flow", "{due: 2030-04-17 09:30, a: b}\n", "2030-04-17 09:30"},
                    ScalarCase{"CarriageReturns", "due: x\r\nb: c\r\n", "x"},
                    ScalarCase{"NextLine", "due:\n  x\n", "x"}, ScalarCase{"LastByte", "due: x", "x"},
                    ScalarCase{"QuotedOverLines", "due: \"a\n  b\"\n", "\"a\n  b\""},
                    ScalarCase{"PlainOverLines", "due: a\n  b\n", nullptr},
                    ScalarCase{"Block", "due: |\n  x\n", nullptr}, ScalarCase{"Folded", "due: >-\n  x\n", nullptr},
                    ScalarCase{"Map", "due: {a: b}\n", nullptr}, ScalarCase{"Nothing", "due:\n", nullptr}),
    [](const auto& c) { return c.param.name; });

TEST(YamlText, LinesBeginBehindABreakAndTheByteOrderMark) {
  const YamlText text{
      "\xEF\xBB\xBF"
      "ab\r\ncd"};
  EXPECT_EQ(text.line_begin(4), 3U);
  EXPECT_EQ(text.next_line(4), 7U);
  EXPECT_EQ(text.line(4), "ab");
  EXPECT_EQ(text.line(8), "cd");
  EXPECT_EQ(text.next_line(8), 9U);
  EXPECT_EQ(text.line_break(), "\r\n");
  EXPECT_TRUE(text.is_last_line_open());
  EXPECT_EQ(text.offset({9, 1}), 9U);
  EXPECT_EQ(text.offset({}), 9U);
  EXPECT_FALSE(YamlText{""}.is_last_line_open());
}

TEST(WithEdits, KeepsTheOrderAtOnePlace) {
  EXPECT_EQ(with_edits("abc", {{{2, 3}, "C"}, {{1, 1}, "1"}, {{1, 1}, "2"}}), "a12bC");
}

struct WordCase {
  const char* name;
  const char* text;
  const char* want;
};
class YamlWordTest : public testing::TestWithParam<WordCase> {};
TEST_P(YamlWordTest, ReadsBackAsTheText) {
  EXPECT_EQ(yaml_word(GetParam().text), GetParam().want);
  const YamlNode value = tree_of("k: " + yaml_word(GetParam().text)).entries.at(0).value;
  EXPECT_EQ(value.kind, YamlNode::Kind::scalar);
  EXPECT_EQ(value.text, GetParam().text);
}
INSTANTIATE_TEST_SUITE_P(Words, YamlWordTest,
                         testing::Values(WordCase{"Id", "cpi-2030-03", "cpi-2030-03"},
                                         WordCase{"Null", "null", "\"null\""}, WordCase{"Truth", "yes", "\"yes\""},
                                         WordCase{"Number", "2030", "\"2030\""}, WordCase{"Dash", "-", "\"-\""},
                                         WordCase{"Empty", "", "\"\""}, WordCase{"Quote", "a\"b\\c", "\"a\\\"b\\\\c\""},
                                         WordCase{"Colon", "a: b # c", "\"a: b # c\""}),
                         [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
