#include "alerts/plain_text.h"

#include "config/types/html.h"

#include <gtest/gtest.h>

namespace embargod {
namespace {

struct CleanCase {
  const char* name;
  std::string text;
  std::string want;
};

class CleanLineTest : public testing::TestWithParam<CleanCase> {};
TEST_P(CleanLineTest, GivesOneHarmlessLine) { EXPECT_EQ(clean_line(GetParam().text, 20), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(Table, CleanLineTest,
                         testing::Values(CleanCase{"Plain", "Retail prices", "Retail prices"},
                                         CleanCase{"HeaderInjection", "Title\r\nBcc: x@y", "Title Bcc: x@y"},
                                         CleanCase{"Nul", std::string("a\0b", 3), "a b"},
                                         CleanCase{"C1Control",
                                                   "a\xC2\x85"
                                                   "b",
                                                   "a b"},
                                         CleanCase{"LineSeparator",
                                                   "a\xE2\x80\xA8"
                                                   "b",
                                                   "a b"},
                                         CleanCase{"BidiOverride",
                                                   "\xE2\x80\xAE"
                                                   "cilbup\xE2\x80\xAC",
                                                   "cilbup"},
                                         CleanCase{"BidiIsolate", "\xE2\x81\xA6x\xE2\x81\xA9", "x"},
                                         CleanCase{"ZeroWidth",
                                                   "a\xE2\x80\x8B"
                                                   "b",
                                                   "ab"},
                                         CleanCase{"Welsh", "Ystadegau tŷ", "Ystadegau tŷ"},
                                         CleanCase{"BadByte",
                                                   "a\xFF"
                                                   "b",
                                                   "a\xEF\xBF\xBD"
                                                   "b"},
                                         CleanCase{"Overlong", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
                                         CleanCase{"Surrogate", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
                                         CleanCase{"CutInside", "a\xE2\x82", "a\xEF\xBF\xBD\xEF\xBF\xBD"},
                                         CleanCase{"Spaces", "  a \t  b  ", "a b"},
                                         CleanCase{"AtTheLimit", std::string(20, 'x'), std::string(20, 'x')},
                                         CleanCase{"OverTheLimit", std::string(21, 'x'), std::string(20, 'x') + "…"},
                                         CleanCase{"LimitCountsCharacters", "ŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷ",
                                                   "ŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷŷ"}),
                         [](const auto& c) { return c.param.name; });

TEST(CleanBlockTest, KeepsLineBreaksAsOne) { EXPECT_EQ(clean_block("a\r\nb\rc\nd\n", 100), "a\nb\nc\nd"); }

TEST(EscapeHtmlTest, LeavesNoMarkup) {
  EXPECT_EQ(escape_html("<a href=\"x\" onclick='y'>&"), "&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;");
}

TEST(HeaderTokenTest, DropsAllThatCouldEndAHeader) { EXPECT_EQ(header_token("01J\r\nX: y\0ŷ"), "01JX:y"); }

}  // namespace
}  // namespace embargod
