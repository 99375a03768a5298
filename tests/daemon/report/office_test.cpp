// DOCX and ODT, opened again with libzip and pugixml. That office programs open them is tests/e2e/office_test.py.

#include "daemon/report/office.h"

#include <gmock/gmock.h>
#include <zip.h>

#include <cstdlib>
#include <ctime>
#include <numeric>
#include <pugixml.hpp>
#include <set>

#include "daemon/report/office_zip.h"
#include "daemon/report/render_text.h"
#include "tests/daemon/report/golden_file.h"
#include "tests/daemon/report/sample_record.h"
#include "tests/daemon/report/trouble_record.h"

namespace embargod {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Every part by its name, in the order of the container.
std::vector<std::pair<std::string, std::string>> parts_of(const std::string& bytes) {
  zip_error_t error;
  zip_error_init(&error);
  zip_t* zip =
      zip_open_from_source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error), ZIP_RDONLY, &error);
  if (zip == nullptr) throw std::runtime_error{"no zip archive"};
  std::vector<std::pair<std::string, std::string>> parts;
  for (zip_int64_t k = 0; k < zip_get_num_entries(zip, 0); ++k) {
    zip_stat_t stat;
    zip_stat_index(zip, static_cast<zip_uint64_t>(k), 0, &stat);
    std::string part(stat.size, '\0');
    zip_file_t* file = zip_fopen_index(zip, static_cast<zip_uint64_t>(k), 0);
    EXPECT_EQ(zip_fread(file, part.data(), part.size()), static_cast<zip_int64_t>(part.size()));
    zip_fclose(file);
    parts.emplace_back(stat.name, std::move(part));
  }
  zip_discard(zip);
  return parts;
}

std::string part_of(const std::string& bytes, const std::string& name) {
  for (auto& [part, content] : parts_of(bytes))
    if (part == name) return content;
  ADD_FAILURE() << "there is no part " << name;
  return {};
}

struct TextWalker : pugi::xml_tree_walker {
  std::string text;
  bool for_each(pugi::xml_node& node) override {
    if (node.type() == pugi::node_pcdata) text += node.value();
    if (std::string_view{node.name()} == "text:s") text += ' ';
    return true;
  }
};

/// All text of the document itself, as one line.
std::string office_text_of(const std::string& bytes, ReportFormat format) {
  pugi::xml_document xml;
  const std::string part = part_of(bytes, format == ReportFormat::docx ? "word/document.xml" : "content.xml");
  EXPECT_TRUE(xml.load_buffer(part.data(), part.size(), pugi::parse_default | pugi::parse_ws_pcdata));
  TextWalker walker;
  xml.traverse(walker);
  return walker.text;
}

/// What `attribute` has as its value anywhere in a part.
std::set<std::string> values_of(const std::string& part, const char* attribute) {
  std::set<std::string> found;
  const std::string start = std::string{" "} + attribute + "=\"";
  for (auto at = part.find(start); at != std::string::npos; at = part.find(start, at + 1)) {
    const auto from = at + start.size();
    found.insert(part.substr(from, part.find('"', from) - from));
  }
  return found;
}

/// A line for each paragraph and table, so that a difference can be read.
std::string in_lines(std::string xml) {
  for (const char* tag : {"<w:p>", "<w:tbl>", "<w:sectPr>", "<text:p ", "<text:h ", "<table:table ", "<style:style "})
    for (auto at = xml.find(tag); at != std::string::npos; at = xml.find(tag, at + 2)) xml.insert(at, "\n");
  return xml + "\n";
}

struct OfficeGolden {
  const char* name;
  const char* file;
  ReportInput (*record)();
  ReportForm form;
  ReportFormat format;
};

class OfficeGoldenTest : public testing::TestWithParam<OfficeGolden> {};
TEST_P(OfficeGoldenTest, IsAsOnFile) {
  ReportInput in = GetParam().record();
  in.form = GetParam().form;
  const bool is_docx = GetParam().format == ReportFormat::docx;
  const std::string bytes = render(make_report(in), GetParam().format);
  expect_golden(GetParam().file, in_lines(part_of(bytes, is_docx ? "word/document.xml" : "content.xml")));
}
INSTANTIATE_TEST_SUITE_P(
    Office, OfficeGoldenTest,
    testing::Values(OfficeGolden{"FullDocx", "full.document.xml", &sample_record, ReportForm::full, ReportFormat::docx},
                    OfficeGolden{"FullOdt", "full.content.xml", &sample_record, ReportForm::full, ReportFormat::odt},
                    OfficeGolden{"TroublesLogEntryDocx", "troubles-log-entry.document.xml", &trouble_record,
                                 ReportForm::log_entry, ReportFormat::docx}),
    [](const auto& c) { return c.param.name; });

class OfficeTest : public testing::TestWithParam<ReportFormat> {
 protected:
  static std::string document(const ReportInput& in) { return render(make_report(in), GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(Both, OfficeTest, testing::Values(ReportFormat::docx, ReportFormat::odt),
                         [](const auto& c) { return c.param == ReportFormat::docx ? "Docx" : "Odt"; });

TEST_P(OfficeTest, IsTheSameTwiceAndInEveryTimeZone) {
  const std::string before = document(sample_record());
  const char* zone = ::getenv("TZ");
  const std::string kept = zone == nullptr ? "" : zone;
  for (const char* other : {"Pacific/Kiritimati", "America/St_Johns", "UTC"}) {
    ::setenv("TZ", other, 1);
    ::tzset();
    EXPECT_EQ(document(sample_record()), before) << other;
  }
  kept.empty() ? ::unsetenv("TZ") : ::setenv("TZ", kept.c_str(), 1);
  ::tzset();
}

TEST_P(OfficeTest, HangsOnTheRecordAndTheInstantItWasMadeAlone) {
  ReportInput in = sample_record();
  in.now += Millis{60'000};
  EXPECT_NE(document(in), document(sample_record()));
}

TEST_P(OfficeTest, SaysAllThatTheModelSays) {
  for (const ReportForm form : {ReportForm::full, ReportForm::log_entry}) {
    for (ReportInput in : {sample_record(), trouble_record()}) {
      in.form = form;
      const Report r = make_report(in);
      const std::string text = office_text_of(render(r, GetParam()), GetParam());
      const auto expect_all = [&text](const Statement& s) {
        for (const Piece& p : s.pieces) {
          const std::string shown = p.kind == Piece::Kind::blank ? blank_text(p.text) : p.text;
          EXPECT_THAT(text, HasSubstr(office_text(shown)));
        }
      };
      for (const ReportSection& s : r.sections) {
        EXPECT_THAT(text, HasSubstr(s.heading));
        for (const ReportField& f : s.fields) {
          EXPECT_THAT(text, HasSubstr(f.label));
          for (const Statement& st : f.statements) expect_all(st);
          if (!f.table) continue;
          for (const auto& row : f.table->rows)
            for (const Statement& c : row) expect_all(c);
        }
      }
      for (const ReportSource& s : r.sources)
        EXPECT_THAT(text, HasSubstr("[" + std::to_string(s.number) + "] " + office_text(s.text)));
      for (const ReportFinding& f : r.findings) EXPECT_THAT(text, HasSubstr(office_text(f.what)));
    }
  }
}

TEST_P(OfficeTest, ShowsHostileTitlesAndInterpretsNothing) {
  ReportInput in = sample_record();
  in.incidents[0].title =
      "A <w:p/> & \"title\" ]]> \xE2\x80\xAE"
      "reversed \x07 \xEF\xBF\xBF \xFF  two  spaces ";
  const std::string bytes = document(in);
  for (const auto& [name, part] : parts_of(bytes)) {
    if (!name.ends_with(".xml") && !name.ends_with(".rels")) continue;
    pugi::xml_document xml;
    EXPECT_TRUE(xml.load_buffer(part.data(), part.size())) << name;
    // XML 1.0, 2.2: what no document may hold.
    EXPECT_THAT(part, AllOf(Not(HasSubstr("\x07")), Not(HasSubstr("\xEF\xBF\xBF")), Not(HasSubstr("\xFF")))) << name;
    EXPECT_THAT(part, Not(HasSubstr("\xE2\x80\xAE"))) << name;
  }
  EXPECT_THAT(office_text_of(bytes, GetParam()),
              HasSubstr("A <w:p/> & \"title\" ]]> \\u{202E}reversed   \xEF\xBF\xBD \xEF\xBF\xBD  two  spaces "));
}

TEST_P(OfficeTest, PointsNowhereOutside) {
  for (const auto& [name, part] : parts_of(document(sample_record()))) {
    EXPECT_THAT(part, AllOf(Not(HasSubstr("TargetMode")), Not(HasSubstr("hyperlink")), Not(HasSubstr("xlink:"))))
        << name;
    EXPECT_FALSE(name.ends_with(".bin") || name.find("Basic") != std::string::npos) << name;
    EXPECT_THAT(part, Not(HasSubstr("macroEnabled"))) << name;
  }
}

TEST_P(OfficeTest, KeepsTablesApart) {
  ReportInput in = sample_record();
  const OfficeDocument d = office_document(make_report(in));
  for (std::size_t k = 1; k < d.blocks.size(); ++k)
    EXPECT_FALSE(std::holds_alternative<OfficeTable>(d.blocks[k]) &&
                 std::holds_alternative<OfficeTable>(d.blocks[k - 1]))
        << k;
}

TEST(RenderDocx, UsesOnlyStylesThatItBrings) {
  const std::string bytes = render_docx(make_report(trouble_record()));
  const auto known = values_of(part_of(bytes, "word/styles.xml"), "w:styleId");
  for (const char* part : {"word/document.xml", "word/header1.xml", "word/footer1.xml"}) {
    const std::string xml = part_of(bytes, part);
    for (const char* element : {"w:pStyle", "w:rStyle", "w:tblStyle"}) {
      const std::string start = std::string{"<"} + element + " w:val=\"";
      for (auto at = xml.find(start); at != std::string::npos; at = xml.find(start, at + 1)) {
        const auto from = at + start.size();
        EXPECT_TRUE(known.contains(xml.substr(from, xml.find('"', from) - from))) << xml.substr(at, 60);
      }
    }
  }
}

TEST(RenderOdt, UsesOnlyStylesThatItBrings) {
  const std::string bytes = render_odt(make_report(trouble_record()));
  const std::string content = part_of(bytes, "content.xml");
  const std::string styles = part_of(bytes, "styles.xml");
  auto known = values_of(content, "style:name");
  known.merge(values_of(styles, "style:name"));
  for (const char* attribute : {"text:style-name", "table:style-name", "draw:style-name", "style:parent-style-name"})
    for (const std::string& part : {content, styles})
      for (const std::string& used : values_of(part, attribute)) EXPECT_TRUE(known.contains(used)) << used;
}

TEST(RenderOdt, BeginsWithItsMediaTypeAsItIs) {
  const std::string bytes = render_odt(make_report(sample_record()));
  EXPECT_EQ(parts_of(bytes).front().first, "mimetype");
  // Local file header: 30 bytes, then the name, and no extra field.
  EXPECT_EQ(bytes.substr(30, 47), "mimetypeapplication/vnd.oasis.opendocument.text");
}

TEST(RenderDocx, SaysThatItIsADraftOnEveryPage) {
  const std::string header = part_of(render_docx(make_report(sample_record())), "word/header1.xml");
  EXPECT_THAT(header, AllOf(HasSubstr("DRAFT - not yet reviewed"), HasSubstr("string=\"DRAFT\""),
                            HasSubstr("Report R-0A9A2015D7EE, version ")));
}

TEST(ColumnWidths, FillThePageAndGiveLongWordsTheirRoom) {
  const auto cell = [](const std::string& text) {
    return OfficeTable::Cell{{OfficeStyle::table_text, {{OfficeRun::Kind::plain, text}}}};
  };
  const auto widths = column_widths(
      {{cell("a"), cell("b"), cell("c")}, {cell("therapies-2018-01/page"), cell("1"), cell(std::string(300, 'x'))}});
  EXPECT_EQ(std::accumulate(widths.begin(), widths.end(), 0), kOfficeWidth);
  ASSERT_EQ(widths.size(), 3U);
  EXPECT_GT(widths[0], kOfficeWidth * 22 / 112);
  EXPECT_GT(widths[1], 200);
  const auto equal = column_widths({{cell("a"), cell("a")}});
  EXPECT_NEAR(equal[0], equal[1], 2);
  const auto crowded = column_widths({std::vector<OfficeTable::Cell>(9, cell(std::string(40, 'x')))});
  EXPECT_EQ(std::accumulate(crowded.begin(), crowded.end(), 0), kOfficeWidth);
  EXPECT_GT(crowded.front(), kOfficeWidth / 10);
}

}  // namespace
}  // namespace embargod
