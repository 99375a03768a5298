#include "probes/charset.h"

#include <gtest/gtest.h>

#include <string>

namespace embargod {
namespace {

std::string utf16(const std::string& ascii, bool low_first) {
  std::string wide;
  for (const char c : ascii) wide += low_first ? std::string{c, '\0'} : std::string{'\0', c};
  return wide;
}

const std::string kPounds = "\xC2\xA3";      // U+00A3 in UTF-8
const std::string kBroken = "\xEF\xBF\xBD";  // U+FFFD

struct CharsetCase {
  const char* name;
  std::string bytes;
  const char* content_type;
  std::string want;
};

class ToUtf8Test : public testing::TestWithParam<CharsetCase> {};
TEST_P(ToUtf8Test, TakesTheCharsetFromTheFirstThatNamesOne) {
  EXPECT_EQ(to_utf8(GetParam().bytes, GetParam().content_type), GetParam().want);
}
INSTANTIATE_TEST_SUITE_P(
    Bytes, ToUtf8Test,
    testing::Values(
        CharsetCase{"Empty", "", "", ""}, CharsetCase{"ValidUtf8", kPounds + "5", "", kPounds + "5"},
        CharsetCase{"ElseWindows1252",
                    "\xA3"
                    "5 \x80",
                    "", kPounds + "5 \xE2\x82\xAC"},
        CharsetCase{"MarkGoesBeforeTheHeader", "\xEF\xBB\xBF" + kPounds, "text/html; charset=iso-8859-1", kPounds},
        CharsetCase{"HeaderGoesBeforeMeta", "<meta charset=utf-8>\xA3", "text/html; charset=ISO-8859-1",
                    "<meta charset=utf-8>" + kPounds},
        CharsetCase{"HeaderWithQuotes", "\xA3", "text/html; charset=\"windows-1252\"", kPounds},
        CharsetCase{"Latin1MeansWindows1252", "\x93x\x94", "text/html; charset=latin1", "\xE2\x80\x9Cx\xE2\x80\x9D"},
        CharsetCase{"MetaGoesBeforeTheGuess", "<META CHARSET='windows-1252'>" + kPounds, "text/html",
                    "<META CHARSET='windows-1252'>\xC3\x82\xC2\xA3"},
        CharsetCase{"MetaHttpEquiv", "<meta http-equiv=content-type content=\"text/html; charset=latin1\">\xA3", "",
                    "<meta http-equiv=content-type content=\"text/html; charset=latin1\">" + kPounds},
        CharsetCase{"MetaBeyondFourKilobytes", std::string(5000, ' ') + "<meta charset=latin1>" + kPounds, "",
                    std::string(5000, ' ') + "<meta charset=latin1>" + kPounds},
        CharsetCase{"MetaThatCannotBeTrue", "<meta charset=utf-16>" + kPounds, "", "<meta charset=utf-16>" + kPounds},
        CharsetCase{"UnknownNameIsNone", kPounds, "text/html; charset=klingon", kPounds},
        CharsetCase{"Utf8ThatIsNone", "a\xFFz\xC3", "text/html; charset=utf-8", "a" + kBroken + "z" + kBroken},
        CharsetCase{"OverlongAndSurrogate", "\xC0\xAF\xED\xA0\x80", "text/html; charset=utf-8",
                    kBroken + kBroken + kBroken + kBroken + kBroken},
        CharsetCase{"Utf16LowFirst", "\xFF\xFE" + utf16("<p>ok", true), "", "<p>ok"},
        CharsetCase{"Utf16HighFirst", "\xFE\xFF" + utf16("<p>ok", false), "text/html; charset=utf-8", "<p>ok"},
        CharsetCase{"Utf16ByHeader", utf16("<p>ok", false), "text/html; charset=utf-16be", "<p>ok"},
        CharsetCase{"Utf16ByItsZeros", utf16("<p>ok", true), "text/html", "<p>ok"},
        CharsetCase{"Utf16HighFirstByItsZeros", utf16("<p>ok", false), "", "<p>ok"},
        CharsetCase{"Utf16Pair", std::string("\xFF\xFE\x3D\xD8\x00\xDE", 6), "", "\xF0\x9F\x98\x80"},
        CharsetCase{"Utf16HalfAPair", std::string("\xFF\xFE\x3D\xD8x\0", 6), "", kBroken + "x"},
        CharsetCase{"Utf16OddByte", std::string("\xFF\xFEx\0y", 5), "", "x"},
        CharsetCase{"ControlsBecomeBlanks", std::string("a\0b\x01\tc\n", 7), "", "a b \tc\n"},
        CharsetCase{"NoCharacter", "\xEF\xBF\xBF", "", kBroken}),
    [](const auto& p) { return p.param.name; });

}  // namespace
}  // namespace embargod
