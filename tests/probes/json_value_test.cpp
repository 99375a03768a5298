#include "probes/json_value.h"

#include <gtest/gtest.h>

#include <string>

namespace embargod {
namespace {

const char* const kContentJson = R"({
  "title": "Widget sales, \u00a35 \"each\"", "details": {"state": "confirmed", "n": 1.50, "big": 12345678901234567890123,
  "exp": 1e3, "minus": -0, "on": true, "off": false, "none": null, "": "empty key", "a/b": 1, "m~n": 2, " ": 3},
  "list": ["x", {"k": [1, 2]}, []], "twice": 1, "twice": 2
})";

std::string at_pointer(const std::string& pointer, const std::string& text = kContentJson) {
  const auto body = JsonBody::parse(text);
  if (!body) return "NO JSON";
  return body->at(pointer).value_or("NOTHING");
}

struct PointerCase {
  const char* name;
  const char* pointer;
  const char* want;
};
class JsonAtTest : public testing::TestWithParam<PointerCase> {};
TEST_P(JsonAtTest, GivesTheValueAsText) { EXPECT_EQ(at_pointer(GetParam().pointer), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(
    Pointers, JsonAtTest,
    testing::Values(PointerCase{"Text", "/title",
                                "Widget sales, \xC2\xA3"
                                "5 \"each\""},
                    PointerCase{"Nested", "/details/state", "confirmed"},
                    PointerCase{"NumberAsWritten", "/details/n", "1.50"},
                    PointerCase{"NumberBeyondMachines", "/details/big", "12345678901234567890123"},
                    PointerCase{"Exponent", "/details/exp", "1e3"}, PointerCase{"True", "/details/on", "true"},
                    PointerCase{"False", "/details/off", "false"}, PointerCase{"Null", "/details/none", "null"},
                    PointerCase{"EmptyKey", "/details/", "empty key"}, PointerCase{"SlashInAKey", "/details/a~1b", "1"},
                    PointerCase{"TildeInAKey", "/details/m~0n", "2"}, PointerCase{"BlankKey", "/details/ ", "3"},
                    PointerCase{"Element", "/list/0", "x"}, PointerCase{"DeepElement", "/list/1/k/1", "2"},
                    PointerCase{"Array", "/list/1/k", "[1,2]"}, PointerCase{"EmptyArray", "/list/2", "[]"},
                    PointerCase{"LastOfEqualKeys", "/twice", "2"}, PointerCase{"NoKey", "/nothing", "NOTHING"},
                    PointerCase{"BelowAText", "/title/0", "NOTHING"},
                    PointerCase{"BelowAnEmptyArray", "/list/2/0", "NOTHING"},
                    PointerCase{"PastTheEnd", "/list/3", "NOTHING"}, PointerCase{"Dash", "/list/-", "NOTHING"},
                    PointerCase{"LeadingZero", "/list/00", "NOTHING"}, PointerCase{"Sign", "/list/+1", "NOTHING"},
                    PointerCase{"HugeIndex", "/list/99999999999999999999", "NOTHING"},
                    PointerCase{"NoPointer", "title", "NOTHING"}, PointerCase{"OddEscape", "/details/m~2n", "NOTHING"}),
    [](const auto& p) { return p.param.name; });

TEST(JsonAt, GivesObjectsInCanonicalForm) {
  EXPECT_EQ(at_pointer("", R"( { "b" : [ 1 , {"z":null,"a":"x\n\"\\"} ] , "a" : {} , "b2":1.0 } )"),
            R"({"a":{},"b":[1,{"a":"x\u000a\"\\","z":null}],"b2":1.0})");
  EXPECT_EQ(at_pointer("", R"({"a":1,"b":2,"a":3})"), at_pointer("", R"({"b":2,"a":3})"));
  EXPECT_EQ(at_pointer("", "\"text\""), "text");
}

struct ParseCase {
  const char* name;
  std::string text;
  bool readable;
};
class JsonParseTest : public testing::TestWithParam<ParseCase> {};
TEST_P(JsonParseTest, ReadsWholeJsonOnly) {
  EXPECT_EQ(JsonBody::parse(GetParam().text).has_value(), GetParam().readable);
}
std::string nested_arrays(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }
INSTANTIATE_TEST_SUITE_P(
    Texts, JsonParseTest,
    testing::Values(ParseCase{"Object", "{}", true}, ParseCase{"Number", "1", true}, ParseCase{"Empty", "", false},
                    ParseCase{"Blanks", " \n", false}, ParseCase{"Mark", "\xEF\xBB\xBF{}", true},
                    ParseCase{"Cut", "{\"a\": [1, 2", false}, ParseCase{"Rest", "{} x", false},
                    ParseCase{"Html", "<html>", false}, ParseCase{"SingleQuotes", "{'a': 1}", false},
                    ParseCase{"TrailingComma", "[1,]", false}, ParseCase{"Comment", "[1 /* x */]", false},
                    ParseCase{"NotANumber", "NaN", false}, ParseCase{"BrokenUtf8", "\"\xFF\"", false},
                    ParseCase{"HalfAPair", R"("\ud83d")", false}, ParseCase{"NulByte", std::string("{}\0", 3), false},
                    ParseCase{"Utf16", std::string("{\0}\0", 4), false},
                    ParseCase{"Depth200", nested_arrays(200), true}, ParseCase{"Depth201", nested_arrays(201), false},
                    ParseCase{"EightMegabytes", "[]" + std::string((8U << 20U) - 2, ' '), true},
                    ParseCase{"Over", "[]" + std::string((8U << 20U) - 1, ' '), false}),
    [](const auto& p) { return p.param.name; });

TEST(IsJsonPointer, FollowsRfc6901) {
  for (const char* good : {"", "/", "/a", "/a/0", "//", "/a~0b~1c"}) EXPECT_TRUE(is_json_pointer(good)) << good;
  for (const char* bad : {"a", "a/b", "/a~", "/a~2", "#/a", " /a"}) EXPECT_FALSE(is_json_pointer(bad)) << bad;
}

TEST(LooksLikeJson, ByTypeElseByFirstByte) {
  EXPECT_TRUE(looks_like_json("application/json", "x"));
  EXPECT_TRUE(looks_like_json("application/vnd.api+JSON; charset=utf-8", ""));
  EXPECT_TRUE(looks_like_json("", "\xEF\xBB\xBF\n {"));
  EXPECT_TRUE(looks_like_json("text/plain", "[1]"));
  EXPECT_FALSE(looks_like_json("text/html", "{"));
  EXPECT_FALSE(looks_like_json("text/csv", "[a],b"));
  EXPECT_FALSE(looks_like_json("", "<html>"));
  EXPECT_FALSE(looks_like_json("", ""));
}

}  // namespace
}  // namespace embargod
