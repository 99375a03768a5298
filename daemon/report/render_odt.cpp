// OpenDocument text (ISO/IEC 26300, version 1.2), without scripts, links and fields but the page numbers.

#include "daemon/report/office.h"
#include "daemon/report/office_parts.h"
#include "daemon/report/office_zip.h"
#include "daemon/report/render_text.h"

namespace embargod {
namespace {

pugi::xml_node add_odf_root(pugi::xml_document& xml, const char* name) {
  return add_element(xml, name,
                     {{"xmlns:office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"},
                      {"xmlns:style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"},
                      {"xmlns:text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"},
                      {"xmlns:table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"},
                      {"xmlns:draw", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"},
                      {"xmlns:fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"},
                      {"xmlns:svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"},
                      {"xmlns:meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"},
                      {"xmlns:dc", "http://purl.org/dc/elements/1.1/"},
                      {"office:version", "1.2"}});
}

const char* odt_style_name(OfficeStyle s) {
  switch (s) {
    case OfficeStyle::title:
      return "Title";
    case OfficeStyle::subtitle:
      return "Subtitle";
    case OfficeStyle::notice:
      return "Draft_20_notice";
    case OfficeStyle::heading_1:
      return "Heading_20_1";
    case OfficeStyle::heading_2:
      return "Heading_20_2";
    case OfficeStyle::field_label:
      return "Field_20_label";
    case OfficeStyle::form_label:
      return "Form_20_label";
    case OfficeStyle::body:
      return "Standard";
    case OfficeStyle::bullet:
      return "List_20_Bullet";
    case OfficeStyle::table_text:
      return "Table_20_text";
    case OfficeStyle::table_head:
      return "Table_20_head";
    case OfficeStyle::source:
      return "Source_20_line";
  }
  return "Standard";
}

const char* odt_run_style(OfficeRun::Kind k) {
  switch (k) {
    case OfficeRun::Kind::plain:
      return nullptr;
    case OfficeRun::Kind::url:
      return "Address";
    case OfficeRun::Kind::to_complete:
      return "To_20_complete";
    case OfficeRun::Kind::source_mark:
      return "Source_20_mark";
  }
  return nullptr;
}

/// A space after a space, or where a run begins or ends, is text here only as an element of its own (part 1, 6.1.3).
void add_odt_text(pugi::xml_node parent, const std::string& text) {
  std::string plain;
  const auto flush = [&] {
    if (!plain.empty()) add_xml_text(parent, plain);
    plain.clear();
  };
  for (std::size_t k = 0; k < text.size(); ++k) {
    const bool at_edge = k == 0 || k + 1 == text.size() || text[k - 1] == ' ';
    if (text[k] == ' ' && at_edge) {
      flush();
      add_element(parent, "text:s");
    } else {
      plain += text[k];
    }
  }
  flush();
}

void add_odt_run(pugi::xml_node p, const OfficeRun& r) {
  const char* style = odt_run_style(r.kind);
  add_odt_text(style == nullptr ? p : add_element(p, "text:span", {{"text:style-name", style}}), r.text);
}

void add_odt_paragraph(pugi::xml_node parent, const OfficeParagraph& paragraph) {
  const char* style = odt_style_name(paragraph.style);
  const bool is_main = paragraph.style == OfficeStyle::heading_1;
  pugi::xml_node p =
      is_main || paragraph.style == OfficeStyle::heading_2
          ? add_element(parent, "text:h", {{"text:style-name", style}, {"text:outline-level", is_main ? "1" : "2"}})
          : add_element(parent, "text:p", {{"text:style-name", style}});
  for (const OfficeRun& r : paragraph.runs) add_odt_run(p, r);
}

/// Bullets that follow each other are one list.
void add_odt_or_listed(pugi::xml_node parent, const OfficeParagraph& paragraph) {
  if (paragraph.style != OfficeStyle::bullet) return add_odt_paragraph(parent, paragraph);
  pugi::xml_node list = parent.last_child();
  if (std::string_view{list.name()} != "text:list")
    list = add_element(parent, "text:list", {{"text:style-name", "Bullets"}});
  add_odt_paragraph(add_element(list, "text:list-item"), paragraph);
}

std::string centimetres(int twentieths_of_a_point) {
  // 567 of them are a centimetre; thousandths are exact enough, and free of any locale.
  const int thousandths = twentieths_of_a_point * 1'000 / 567;
  std::string fraction = std::to_string(thousandths % 1'000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return std::to_string(thousandths / 1'000) + "." + fraction + "cm";
}

std::string table_name(std::size_t number) { return "Table" + std::to_string(number); }
std::string column_name(std::size_t number, std::size_t column) {
  return table_name(number) + "." + std::to_string(column + 1);
}

void add_table_styles(pugi::xml_node styles, const OfficeTable& t, std::size_t number) {
  pugi::xml_node table =
      add_element(styles, "style:style", {{"style:name", table_name(number)}, {"style:family", "table"}});
  add_element(table, "style:table-properties",
              {{"style:width", centimetres(kOfficeWidth)}, {"table:align", "left"}, {"fo:margin-bottom", "0.1cm"}});
  for (std::size_t c = 0; c < t.widths.size(); ++c) {
    pugi::xml_node column =
        add_element(styles, "style:style", {{"style:name", column_name(number, c)}, {"style:family", "table-column"}});
    add_element(column, "style:table-column-properties", {{"style:column-width", centimetres(t.widths[c])}});
  }
}

void add_odt_table(pugi::xml_node body, const OfficeTable& t, std::size_t number) {
  pugi::xml_node table =
      add_element(body, "table:table", {{"table:name", table_name(number)}, {"table:style-name", table_name(number)}});
  for (std::size_t c = 0; c < t.widths.size(); ++c)
    add_element(table, "table:table-column", {{"table:style-name", column_name(number, c)}});
  const bool is_grid = t.kind == OfficeTable::Kind::grid;
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    pugi::xml_node parent = is_grid && r == 0 ? add_element(table, "table:table-header-rows") : table;
    pugi::xml_node row = add_element(parent, "table:table-row");
    if (stays_whole(t.rows[r])) row.append_attribute("table:style-name").set_value("WholeRow");
    for (std::size_t c = 0; c < t.rows[r].size() && c < t.widths.size(); ++c) {
      const bool is_shaded = is_grid ? r == 0 : c == 0;
      pugi::xml_node cell =
          add_element(row, "table:table-cell",
                      {{"table:style-name", is_shaded ? "HeadCell" : "Cell"}, {"office:value-type", "string"}});
      for (const OfficeParagraph& p : t.rows[r][c]) add_odt_or_listed(cell, p);
    }
  }
}

std::string odt_content(const OfficeDocument& d) {
  pugi::xml_document xml;
  pugi::xml_node content = add_odf_root(xml, "office:document-content");
  pugi::xml_node styles = add_element(content, "office:automatic-styles");
  styles.append_buffer(kOdtCellStyles, std::char_traits<char>::length(kOdtCellStyles));
  pugi::xml_node text = add_element(add_element(content, "office:body"), "office:text");
  std::size_t tables = 0;
  for (const OfficeBlock& b : d.blocks) {
    if (const auto* p = std::get_if<OfficeParagraph>(&b)) add_odt_or_listed(text, *p);
    if (const auto* t = std::get_if<OfficeTable>(&b)) {
      ++tables;
      add_table_styles(styles, *t, tables);
      add_odt_table(text, *t, tables);
    }
  }
  return xml_bytes(xml);
}

/// "DRAFT" across the page, behind the text; LibreOffice knows it for a watermark by its name.
void add_odt_watermark(pugi::xml_node paragraph) {
  pugi::xml_node shape = add_element(paragraph, "draw:custom-shape",
                                     {{"text:anchor-type", "char"},
                                      {"draw:z-index", "0"},
                                      {"draw:name", "PowerPlusWaterMarkObject1"},
                                      {"draw:style-name", "Watermark"},
                                      {"svg:width", "15.5cm"},
                                      {"svg:height", "5.2cm"},
                                      {"draw:transform", "rotate (0.785398) translate (1.2cm 16.7cm)"}});
  add_xml_text(add_element(shape, "text:p"), "DRAFT");
  add_element(shape, "draw:enhanced-geometry",
              {{"draw:text-path", "true"},
               {"draw:text-path-mode", "shape"},
               {"draw:text-path-scale", "path"},
               {"svg:viewBox", "0 0 21600 21600"},
               {"draw:text-areas", "0 0 21600 21600"},
               {"draw:type", "fontwork-plain-text"},
               {"draw:modifiers", "10800"},
               {"draw:enhanced-path", "M 0 0 L 21600 0 N M 0 21600 L 21600 21600 N"}});
}

std::string odt_styles(const OfficeDocument& d) {
  pugi::xml_document xml;
  pugi::xml_node styles = add_odf_root(xml, "office:document-styles");
  styles.append_buffer(kOdtStyles, std::char_traits<char>::length(kOdtStyles));
  pugi::xml_node page = add_element(add_element(styles, "office:master-styles"), "style:master-page",
                                    {{"style:name", "Standard"}, {"style:page-layout-name", "A4"}});
  pugi::xml_node head = add_element(add_element(page, "style:header"), "text:p", {{"text:style-name", "Header"}});
  if (!d.mark.empty()) {
    add_odt_watermark(head);
    add_odt_run(head, {OfficeRun::Kind::to_complete, d.mark});
  }
  add_element(head, "text:tab");
  add_odt_run(head, {OfficeRun::Kind::plain, d.id});
  pugi::xml_node foot = add_element(add_element(page, "style:footer"), "text:p", {{"text:style-name", "Footer"}});
  add_odt_run(foot, {OfficeRun::Kind::plain, d.title});
  add_element(foot, "text:tab");
  add_odt_run(foot, {OfficeRun::Kind::plain, "Page "});
  add_xml_text(add_element(foot, "text:page-number", {{"text:select-page", "current"}}), "1");
  add_odt_run(foot, {OfficeRun::Kind::plain, " of "});
  add_xml_text(add_element(foot, "text:page-count"), "1");
  return xml_bytes(xml);
}

std::string odt_meta(const OfficeDocument& d) {
  pugi::xml_document xml;
  pugi::xml_node meta = add_element(add_odf_root(xml, "office:document-meta"), "office:meta");
  const std::string created = rfc3339(d.created).substr(0, 19);
  add_xml_text(add_element(meta, "meta:generator"), d.creator);
  add_xml_text(add_element(meta, "dc:title"), d.title);
  add_xml_text(add_element(meta, "meta:initial-creator"), d.creator);
  add_xml_text(add_element(meta, "dc:creator"), d.creator);
  add_xml_text(add_element(meta, "meta:creation-date"), created);
  add_xml_text(add_element(meta, "dc:date"), created);
  add_xml_text(add_element(meta, "dc:language"), "en-GB");
  add_xml_text(add_element(meta, "meta:user-defined", {{"meta:name", "Report"}}), d.report_id);
  add_xml_text(add_element(meta, "meta:user-defined", {{"meta:name", "Version"}}), d.version);
  add_xml_text(add_element(meta, "meta:user-defined", {{"meta:name", "Status"}}), d.mark.empty() ? "Final" : "Draft");
  return xml_bytes(xml);
}

}  // namespace

std::string render_odt(const Report& r) {
  const OfficeDocument d = office_document(r);
  // First and as it is, so that the kind of file can be told from its first bytes (part 3, 3.3).
  return office_zip({{"mimetype", report_media_type(ReportFormat::odt), OfficePart::Packing::stored},
                     {"META-INF/manifest.xml", kOdtManifest},
                     {"content.xml", odt_content(d)},
                     {"styles.xml", odt_styles(d)},
                     {"meta.xml", odt_meta(d)}});
}

}  // namespace embargod
