#include "probes/magic.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "tests/support/archive.h"

namespace embargod {
namespace {

const std::string kOle = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const std::string kOdsType = "application/vnd.oasis.opendocument.spreadsheet";
const std::string kOdtType = "application/vnd.oasis.opendocument.text";

std::string office(const std::string& part) {
  return make_zip({{"[Content_Types].xml", "<Types/>"}, {part, "<x/>"}, {"docProps/core.xml", "<x/>"}});
}
std::string open_document(const std::string& type) { return make_zip({{"mimetype", type}, {"content.xml", "<x/>"}}); }

struct MagicCase {
  const char* name;
  std::string body;
  const char* want;
};
class MagicOfTest : public testing::TestWithParam<MagicCase> {};
TEST_P(MagicOfTest, TellsTheKindByTheBytes) { EXPECT_EQ(magic_of(GetParam().body), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(
    Binary, MagicOfTest,
    testing::Values(
        MagicCase{"Empty", "", ""}, MagicCase{"Pdf", "%PDF-1.7\n%\xE2\xE3", "pdf"},
        MagicCase{"Xlsx", office("xl/workbook.xml"), "xlsx"}, MagicCase{"Docx", office("word/document.xml"), "docx"},
        MagicCase{"Slides", office("ppt/presentation.xml"), "zip"}, MagicCase{"Ods", open_document(kOdsType), "ods"},
        MagicCase{"Odt", open_document(kOdtType), "odt"}, MagicCase{"Zip", make_zip({{"a.csv", "1,2"}}), "zip"},
        MagicCase{"EmptyZip", std::string("PK\x05\x06", 4) + std::string(18, '\0'), "zip"},
        MagicCase{"CutXlsx", office("xl/workbook.xml").substr(0, 150), "zip"},
        MagicCase{"Xls", kOle + std::string(100, '\0') + std::string("W\0o\0r\0k\0b\0o\0o\0k\0", 16), "xls"},
        MagicCase{"OldWordFile", kOle + std::string(100, '\0'), ""}, MagicCase{"Gzip", "\x1F\x8B\x08\x01", "gzip"},
        MagicCase{"Png", "\x89PNG\r\n\x1A\n\x01", "png"}, MagicCase{"Jpeg", "\xFF\xD8\xFF\xE0", "jpeg"},
        MagicCase{"Gif", "GIF89a\x01", "gif"},
        MagicCase{"Unknown",
                  std::string("\x7F"
                              "ELF\0",
                              5),
                  ""}),
    [](const auto& p) { return p.param.name; });
INSTANTIATE_TEST_SUITE_P(
    Text, MagicOfTest,
    testing::Values(MagicCase{"Doctype", "\n<!DOCTYPE html><html>", "html"},
                    MagicCase{"HtmlTag", "<HTML lang=en>", "html"}, MagicCase{"HtmlPart", "<div>x</div>", "html"},
                    MagicCase{"CommentFirst", "<!-- x --><html>", "html"},
                    MagicCase{"Xhtml", "<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>", "html"},
                    MagicCase{"HtmlWithMark", "\xEF\xBB\xBF<html>", "html"},
                    MagicCase{"HtmlInUtf16", std::string("\xFF\xFE<\0h\0t\0m\0l\0>\0", 14), "html"},
                    MagicCase{"Xml", "<?xml version=\"1.0\"?><feed>", "xml"},
                    MagicCase{"XmlTable", "<?xml version='1.0'?><table>", "xml"},
                    MagicCase{"XmlWithoutDeclaration", "<rss version='2.0'>", "xml"},
                    MagicCase{"Svg", "<svg xmlns='http://www.w3.org/2000/svg'>", "svg"},
                    MagicCase{"SvgWithDeclaration", "<?xml version='1.0'?><!-- x --><svg>", "svg"},
                    MagicCase{"Json", " {\"a\": [1]}", "json"}, MagicCase{"BrokenJson", "{\"a\": ", "text"},
                    MagicCase{"Csv", "month,sales\nApril,12\n", "csv"},
                    MagicCase{"CsvSemicolons", "a;b;c\r\n1;2;3\r\n", "csv"}, MagicCase{"CsvTabs", "a\tb\n1\t2", "csv"},
                    MagicCase{"CsvQuoted", "a,b\n\"x, y\",2\n", "csv"},
                    MagicCase{"CsvInLatin1", "caf\xE9,b\n1,2\n", "csv"}, MagicCase{"OneLine", "a,b", "text"},
                    MagicCase{"UnevenLines", "a,b\n1,2,3\n", "text"}, MagicCase{"OneColumn", "a\nb\n", "text"},
                    MagicCase{"Text", "Widget sales rose.", "text"}, MagicCase{"LessThan", "< 5 widgets", "text"},
                    MagicCase{"NulInText", std::string("a,b\0\n1,2\n", 9), ""}, MagicCase{"Blanks", " \n\t", ""},
                    MagicCase{"LongCsv",
                              [] {
                                std::string s;
                                while (s.size() < 100'000) s += "2026-04,1234,5678\n";
                                return s;
                              }(),
                              "csv"}),
    [](const auto& p) { return p.param.name; });

struct IsCase {
  const char* found;
  const char* wanted;
  bool want;
};
TEST(MagicIs, TakesTheSameOrAWiderKind) {
  for (const IsCase& c : {IsCase{"xlsx", "xlsx", true}, IsCase{"xlsx", "zip", true}, IsCase{"ods", "zip", true},
                          IsCase{"zip", "xlsx", false}, IsCase{"csv", "text", true}, IsCase{"text", "csv", false},
                          IsCase{"svg", "xml", true}, IsCase{"xml", "svg", false}, IsCase{"html", "text", false},
                          IsCase{"html", "xml", false}, IsCase{"", "", false}, IsCase{"", "text", false}})
    EXPECT_EQ(magic_is(c.found, c.wanted), c.want) << c.found << " as " << c.wanted;
}

TEST(KindOfPath, IsPromisedByTheEnding) {
  const std::vector<std::pair<std::string, std::string>> cases = {{"/a/b.xlsx?x=1", "xlsx"},
                                                                  {"/a/B.PDF", "pdf"},
                                                                  {"/a.jpg", "jpeg"},
                                                                  {"/a.tar.gz", "gzip"},
                                                                  {"/a.htm#x", "html"},
                                                                  {"/notes.txt", "text"},
                                                                  {"/a.tsv", "csv"},
                                                                  {"/feed.atom", "xml"},
                                                                  {"/pub/x", ""},
                                                                  {"/", ""},
                                                                  {"/v1.2/x", ""},
                                                                  {"/a.text", ""},
                                                                  {"/file?uri=/a.xlsx", ""},
                                                                  {"/.xlsx/b", ""},
                                                                  {"/a.xlsx/", ""},
                                                                  {"/april-2026.2", ""},
                                                                  {"/book.xlsm", "xlsx"},
                                                                  {"/widgets.ods", "ods"},
                                                                  {"", ""}};
  for (const auto& [path, kind] : cases) EXPECT_EQ(kind_of_path(path), kind) << path;
}

TEST(MagicKinds, HoldEveryKindThatIsTold) {
  for (const char* path :
       {"/a.pdf", "/a.xls", "/a.docx", "/a.odt", "/a.zip", "/a.csv", "/a.json", "/a.svg", "/a.gif"}) {
    const auto& kinds = magic_kinds();
    EXPECT_NE(std::find(kinds.begin(), kinds.end(), kind_of_path(path)), kinds.end()) << path;
  }
}

}  // namespace
}  // namespace embargod
