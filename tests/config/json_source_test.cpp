#include <gtest/gtest.h>

#include "config/sources/json_tree.h"
#include "tests/config/source_texts.h"

namespace embargod {
namespace {

std::string json_lines(std::string_view json) { return calendar_lines(&make_json_source, json, "c.json"); }

std::string tree_text(const YamlNode& n) {
  std::string s = std::to_string(n.at.line) + ":" + std::to_string(n.at.column);
  if (n.kind == YamlNode::Kind::nothing) s += " null";
  if (n.kind == YamlNode::Kind::scalar) s += n.is_quoted ? " '" + n.text + "'" : " " + n.text;
  if (n.kind == YamlNode::Kind::sequence) {
    s += " [";
    for (const auto& item : n.items) s += " " + tree_text(item);
    s += " ]";
  }
  if (n.kind == YamlNode::Kind::map) {
    s += " {";
    for (const auto& e : n.entries)
      s +=
          " " + std::to_string(e.at.line) + ":" + std::to_string(e.at.column) + " " + e.key + "= " + tree_text(e.value);
    s += " }";
  }
  return s;
}

std::string parsed_json(std::string_view json, YamlLimits limits = kConfigLimits) {
  FaultBook faults{"t.json"};
  const auto node = parse_json_tree(json, limits, faults);
  const std::string told = fault_lines(faults.take());
  return node && told.empty() ? tree_text(*node) : told;
}

TEST(JsonTree, TellsWhereEachValueStands) {
  EXPECT_EQ(parsed_json("{\"a\": [1, -2.5e3,true,\n null , \"x\\\"y\"], \"\xC3\xA9\":{} ,\"b\":[]}"),
            "1:1 { 1:2 a= 1:7 [ 1:8 1 1:11 -2.5e3 1:18 true 2:2 null 2:9 'x\"y' ] 2:18 \xC3\xA9= 2:22 { } "
            "2:26 b= 2:30 [ ] }");
  EXPECT_EQ(parsed_json("\xEF\xBB\xBF[1]"), "1:1 [ 1:2 1 ]");
  EXPECT_EQ(parsed_json("[1,[2,[3]],4]"), "1:1 [ 1:2 1 1:4 [ 1:5 2 1:7 [ 1:8 3 ] ] 1:12 4 ]");
}

TEST(JsonTree, JoinsSurrogates) {
  EXPECT_EQ(parsed_json("\"\\uD83D\\uDE00 \\u00e9 \\/\""), "1:1 '\xF0\x9F\x98\x80 \xC3\xA9 /'");
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

struct BadJson {
  const char* name;
  std::string json;
  const char* want;
};
void PrintTo(const BadJson& c, std::ostream* out) { *out << c.name; }

class JsonTreeFaultTest : public testing::TestWithParam<BadJson> {};
TEST_P(JsonTreeFaultTest, IsOneFaultWithItsPlace) {
  EXPECT_EQ(parsed_json(GetParam().json, {.bytes = 1U << 20U, .nodes = 1000}), std::string{GetParam().want} + "\n");
}

INSTANTIATE_TEST_SUITE_P(
    Bytes, JsonTreeFaultTest,
    testing::Values(
        BadJson{"Cut", "{\"a\": [1,",
                "t.json:1:10: not valid JSON: unexpected end of input; expected '[', '{', or a literal; the text ends "
                "too early: perhaps it was cut"},
        BadJson{
            "CutInText", "{\"a\": \"x",
            "t.json:1:9: not valid JSON: invalid string: missing closing quote; the text ends too early: perhaps it "
            "was cut"},
        BadJson{"TwoValues", "{}\n{}", "t.json:2:1: not valid JSON: unexpected '{'; expected end of input"},
        BadJson{"Comment", "{\n// x\n}", "t.json:2:1: not valid JSON: invalid literal"},
        BadJson{
            "LoneSurrogate", "\"\\uD83D\"",
            "t.json:1:8: not valid JSON: invalid string: surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF"},
        BadJson{"BadUtf8", "[\"\xE9\"]", "t.json:1:4: not valid JSON: invalid string: ill-formed UTF-8 byte"},
        BadJson{"KeyTwice", "{\"a\":1,\n\"a\":2}",
                "t.json:2:1: \"a\" is given twice, first in line 1; keep one of the two"},
        BadJson{"TooDeep", nested(33), "t.json:1:33: nested more than 32 levels deep"},
        BadJson{"FarTooDeep", nested(500'000), "t.json:1:33: nested more than 32 levels deep"},
        BadJson{"HugeNumber", "[" + std::string(5000, '1') + std::string{",1,1"} + "]",
                "t.json:1:5001: not valid JSON: a number is too large"},
        BadJson{"TooLarge", std::string((1U << 20U) + 1, ' '),
                "t.json: larger than 1 MB; split it into several files"}),
    [](const auto& c) { return c.param.name; });

TEST(JsonTree, OfAKeyThatIsGivenTwiceTheFirstIsKept) {
  FaultBook faults{"t.json"};
  const auto node = parse_json_tree(R"({"a": {"b": 1}, "a": {"c": [2]}, "d": 3})", kConfigLimits, faults);
  ASSERT_TRUE(node);
  EXPECT_FALSE(faults.empty());
  EXPECT_EQ(tree_text(*node), "1:1 { 1:2 a= 1:7 { 1:8 b= 1:13 1 } 1:34 d= 1:39 3 }");
}

TEST(JsonTree, TooManyValuesAreOneFault) {
  std::string many = "[0";
  for (int i = 0; i < 1000; ++i) many += ",0";
  EXPECT_EQ(parsed_json(many + "]", {.bytes = 1U << 20U, .nodes = 1000}),
            "t.json:1:2000: more than 1000 values in one file; split it into several files\n");
}

TEST(JsonSource, ReleasesAreJudgedAsThoseOfReleasesYml) {
  EXPECT_EQ(
      json_lines("{\"releases\": [{\"id\": \"x\", \"title\": \"X\", \"due\": \"2030-05-23 09:30\",\n"
                 "  \"urls\": [{\"url\": \"https://stats.example.org/x\", \"role\": \"page\", \"cache_bypass\": true,"
                 " \"live_if\": [{\"status\": 200}]}]}]}"),
      "c.json:1:22 releases[0]: key=x title=\"X\" status=confirmed due=[at 2030-05-23T08:30:00.000Z "
      "zone=Europe/London given=\"2030-05-23 09:30\"] release=x\n"
      "release x of planned: \"X\" confirmed [at 2030-05-23T08:30:00.000Z zone=Europe/London "
      "given=\"2030-05-23 09:30\"]\n"
      "  x/page page generic https://stats.example.org/x\n");
  EXPECT_EQ(
      json_lines("{\"releases\": [{\"id\": \"x\", \"title\": \"X\", \"due\": \"2030-03-31 01:30\",\n"
                 "  \"urls\": [{\"url\": \"ftp://stats.example.org/x\", \"role\": \"paige\"}]}]}"),
      "c.json:1:48: release \"x\": due: 01:30 does not exist on 2030-03-31 in Europe/London, because the clocks go "
      "forward then; write 2030-03-31 01:30+00:00 (01:30 UTC) or 2030-03-31 01:30+01:00 (00:30 UTC)\n"
      "c.json:2:20: release \"x\": urls[0].url: the URL is neither http nor https\n"
      "c.json:2:57: release \"x\": urls[0].role must be page, latest, file, api, listing or announcement, not "
      "\"paige\"; did you mean \"page\"?\n");
}

TEST(JsonSource, ItemsAreEntriesOfTheCalendarOnly) {
  EXPECT_EQ(
      json_lines(
          "{\"items\": [\n"
          " {\"id\": \"cpi-2030-03\", \"title\": \"Consumer prices \\uD83D\\uDE00\", \"due\": \"17 April 2030 7am\",\n"
          "  \"status\": \"postponed\", \"url\": \"https://stats.example.org/calendar/cpi\",\n"
          "  \"former\": \"2030-04-10 07:00\", \"reason\": \"Later data\", \"changed\": \"2030-03-01T10:00:00Z\"},\n"
          " {\"key\": \"M 1\", \"title\": \"Museums\", \"due\": \"May to June 2030\"}]}"),
      "c.json:2:2 items[0]: key=cpi-2030-03 title=\"Consumer prices \xF0\x9F\x98\x80\" status=postponed "
      "due=[at 2030-04-17T06:00:00.000Z zone=Europe/London given=\"17 April 2030 7am\"] "
      "url=https://stats.example.org/calendar/cpi release=cpi-2030-03 "
      "former=[at 2030-04-10T06:00:00.000Z zone=Europe/London given=\"2030-04-10 07:00\"] reason=\"Later data\" "
      "changed=2030-03-01T10:00:00.000Z\n"
      "c.json:5:2 items[1]: key=M 1 title=\"Museums\" status=provisional due=[months 2030-04-30T23:00:00.000Z to "
      "2030-06-30T23:00:00.000Z zone=Europe/London given=\"May to June 2030\"]\n");
}

TEST(JsonSource, AProvisionalItemHasNoInstantWhateverItsDate) {
  const auto calendar = read_calendar(
      &make_json_source,
      R"({"items": [{"id": "x", "title": "X", "status": "provisional", "due": "2030-06-12T09:30:00+01:00"}]})",
      "c.json");
  ASSERT_TRUE(calendar) << fault_lines(calendar.error());
  EXPECT_EQ(due_record(calendar->items[0].due),
            "months 2030-05-31T23:00:00.000Z to 2030-06-30T23:00:00.000Z zone=Europe/London "
            "given=\"2030-06-12T09:30:00+01:00\"");
}

class JsonFaultTest : public testing::TestWithParam<BadJson> {};
TEST_P(JsonFaultTest, SaysWhereAndWhat) { EXPECT_EQ(json_lines(GetParam().json), std::string{GetParam().want} + "\n"); }

INSTANTIATE_TEST_SUITE_P(
    Schema, JsonFaultTest,
    testing::Values(
        BadJson{"NoEntry", R"({"releases": [], "items": []})",
                "c.json: no entry is in it; a calendar without any entry is not believed"},
        BadJson{"Nothing", "{}", "c.json:1:1: neither releases nor items is in it; write {\"items\": [...]}"},
        BadJson{"List", "[]", "c.json:1:1: the calendar must be a mapping (key: value), not a list"},
        BadJson{
            "OtherForm", R"({"items": [{"id": "x", "title": "X", "due": "2030-06"}], "results": []})",
            "c.json:1:58: \"results\" is not a key of the calendar; is this a search of GOV.UK? its format is govuk"},
        BadJson{"MistypedKey", R"({"items": [{"id": "x", "titel": "X", "title": "X", "due": "2030-06"}]})",
                "c.json:1:24: \"titel\" is not a key of an entry; did you mean \"title\"?"},
        BadJson{"NoKey", R"({"items": [{"title": "X", "due": "2030-06"}]})",
                "c.json:1:12: items[0].id is missing; give the entry an id, a key or a url that stays the same"},
        BadJson{"NullDue", R"({"items": [{"id": "x", "title": "X", "due": null}]})",
                "c.json:1:38: items[0].due has no value; give it one, or delete the line"},
        BadJson{
            "NumberDue", R"({"items": [{"id": "x", "title": "X", "due": 1906531200}]})",
            "c.json:1:45: items[0].due: \"1906531200\" is not a date; write it like 2018-04-25 09:30, 25 April 2018 "
            "9:30am, 25 April 2018 (09:30 assumed) or April 2018"},
        BadJson{"ConfirmedMonth", R"({"items": [{"id": "x", "title": "X", "status": "confirmed", "due": "2030-06"}]})",
                "c.json:1:61: items[0].due: \"2030-06\" has no day, so it cannot be confirmed; write \"status\": "
                "\"provisional\""},
        BadJson{"BadChanged", R"({"items": [{"id": "x", "title": "X", "due": "2030-06", "changed": "yesterday"}]})",
                "c.json:1:67: items[0].changed: not an RFC 3339 instant; write it like "
                "2018-04-25T08:30:00Z"},
        BadJson{
            "KeyTwice",
            R"({"items": [{"id": "x", "title": "X", "due": "2030-06"}, {"key": "x", "title": "Y", "due": "2030-06"}]})",
            "c.json:1:57: \"x\" is the key of two entries, first in line 1; give each entry an id of its own"},
        BadJson{"BadUrl", R"({"items": [{"id": "x", "title": "X", "due": "2030-06", "url": "/x"}]})",
                "c.json:1:63: items[0].url: not an absolute URL; begin it with https:// or http://"}),
    [](const auto& c) { return c.param.name; });

}  // namespace
}  // namespace embargod
