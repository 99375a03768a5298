// Office Open XML (ECMA-376, transitional), as Word and LibreOffice write it, without macros, links and fields but the
// page numbers.

#include "daemon/report/office.h"
#include "daemon/report/office_parts.h"
#include "daemon/report/office_zip.h"
#include "daemon/report/render_text.h"

namespace embargod {
namespace {

constexpr const char* kWordprocessing = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
constexpr const char* kRelationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

const char* docx_style_id(OfficeStyle s) {
  switch (s) {
    case OfficeStyle::title:
      return "Title";
    case OfficeStyle::subtitle:
      return "Subtitle";
    case OfficeStyle::notice:
      return "DraftNotice";
    case OfficeStyle::heading_1:
      return "Heading1";
    case OfficeStyle::heading_2:
      return "Heading2";
    case OfficeStyle::field_label:
      return "FieldLabel";
    case OfficeStyle::form_label:
      return "FormLabel";
    case OfficeStyle::body:
      return "Normal";
    case OfficeStyle::bullet:
      return "ListBullet";
    case OfficeStyle::table_text:
      return "TableText";
    case OfficeStyle::table_head:
      return "TableHead";
    case OfficeStyle::source:
      return "SourceLine";
  }
  return "Normal";
}

const char* docx_run_style(OfficeRun::Kind k) {
  switch (k) {
    case OfficeRun::Kind::plain:
      return nullptr;
    case OfficeRun::Kind::url:
      return "Address";
    case OfficeRun::Kind::to_complete:
      return "ToComplete";
    case OfficeRun::Kind::source_mark:
      return "SourceMark";
  }
  return nullptr;
}

void add_run(pugi::xml_node p, const OfficeRun& r) {
  pugi::xml_node run = add_element(p, "w:r");
  if (const char* style = docx_run_style(r.kind))
    add_element(add_element(run, "w:rPr"), "w:rStyle", {{"w:val", style}});
  add_xml_text(add_element(run, "w:t", {{"xml:space", "preserve"}}), r.text);
}

pugi::xml_node add_styled(pugi::xml_node parent, const char* style) {
  pugi::xml_node p = add_element(parent, "w:p");
  add_element(add_element(p, "w:pPr"), "w:pStyle", {{"w:val", style}});
  return p;
}

void add_paragraph(pugi::xml_node parent, const OfficeParagraph& paragraph) {
  pugi::xml_node p = add_styled(parent, docx_style_id(paragraph.style));
  for (const OfficeRun& r : paragraph.runs) add_run(p, r);
}

void add_docx_cell(pugi::xml_node row, const OfficeTable::Cell& cell, int width, bool is_shaded) {
  pugi::xml_node c = add_element(row, "w:tc");
  pugi::xml_node properties = add_element(c, "w:tcPr");
  add_element(properties, "w:tcW", {{"w:w", std::to_string(width)}, {"w:type", "dxa"}});
  if (is_shaded) add_element(properties, "w:shd", {{"w:val", "clear"}, {"w:color", "auto"}, {"w:fill", "F3F2F1"}});
  for (const OfficeParagraph& p : cell) add_paragraph(c, p);
}

void add_docx_table(pugi::xml_node body, const OfficeTable& t) {
  pugi::xml_node table = add_element(body, "w:tbl");
  pugi::xml_node properties = add_element(table, "w:tblPr");
  add_element(properties, "w:tblStyle", {{"w:val", "TableGrid"}});
  add_element(properties, "w:tblW", {{"w:w", std::to_string(kOfficeWidth)}, {"w:type", "dxa"}});
  // Fixed, so that a long address is broken instead of widening its column off the page.
  add_element(properties, "w:tblLayout", {{"w:type", "fixed"}});
  pugi::xml_node columns = add_element(table, "w:tblGrid");
  for (const int w : t.widths) add_element(columns, "w:gridCol", {{"w:w", std::to_string(w)}});
  const bool is_grid = t.kind == OfficeTable::Kind::grid;
  for (std::size_t r = 0; r < t.rows.size(); ++r) {
    pugi::xml_node row = add_element(table, "w:tr");
    const bool is_head = is_grid && r == 0;
    if (is_head || stays_whole(t.rows[r])) {
      pugi::xml_node row_properties = add_element(row, "w:trPr");
      add_element(row_properties, "w:cantSplit");
      if (is_head) add_element(row_properties, "w:tblHeader");
    }
    for (std::size_t c = 0; c < t.rows[r].size() && c < t.widths.size(); ++c)
      add_docx_cell(row, t.rows[r][c], t.widths[c], is_grid ? r == 0 : c == 0);
  }
}

void add_section(pugi::xml_node body) {
  pugi::xml_node section = add_element(body, "w:sectPr");
  add_element(section, "w:headerReference", {{"w:type", "default"}, {"r:id", "rId4"}});
  add_element(section, "w:footerReference", {{"w:type", "default"}, {"r:id", "rId5"}});
  add_element(section, "w:pgSz", {{"w:w", "11906"}, {"w:h", "16838"}});
  add_element(section, "w:pgMar",
              {{"w:top", "1361"},
               {"w:right", "1134"},
               {"w:bottom", "1247"},
               {"w:left", "1134"},
               {"w:header", "624"},
               {"w:footer", "624"},
               {"w:gutter", "0"}});
}

std::string docx_document(const OfficeDocument& d) {
  pugi::xml_document xml;
  pugi::xml_node document = add_element(xml, "w:document", {{"xmlns:w", kWordprocessing}, {"xmlns:r", kRelationships}});
  pugi::xml_node body = add_element(document, "w:body");
  for (const OfficeBlock& b : d.blocks) {
    if (const auto* p = std::get_if<OfficeParagraph>(&b)) add_paragraph(body, *p);
    if (const auto* t = std::get_if<OfficeTable>(&b)) add_docx_table(body, *t);
  }
  add_section(body);
  return xml_bytes(xml);
}

/// "DRAFT" across the page, behind the text. Word and LibreOffice know it for a watermark by its id.
void add_watermark(pugi::xml_node paragraph) {
  pugi::xml_node picture = add_element(add_element(paragraph, "w:r"), "w:pict");
  picture.append_buffer(kDocxWatermarkType, std::char_traits<char>::length(kDocxWatermarkType));
  pugi::xml_node shape =
      add_element(picture, "v:shape",
                  {{"id", "PowerPlusWaterMarkObject1"},
                   {"o:spid", "_x0000_s2049"},
                   {"type", "#_x0000_t136"},
                   {"style",
                    "position:absolute;margin-left:0;margin-top:0;width:440pt;height:165pt;rotation:315;"
                    "z-index:-251658752;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
                    "mso-position-vertical:center;mso-position-vertical-relative:margin"},
                   {"o:allowincell", "f"},
                   {"fillcolor", "#d8dcde"},
                   {"stroked", "f"}});
  add_element(shape, "v:fill", {{"opacity", ".5"}});
  add_element(shape, "v:textpath", {{"style", "font-family:\"Arial\";font-size:1pt"}, {"string", "DRAFT"}});
}

std::string docx_header(const OfficeDocument& d) {
  pugi::xml_document xml;
  pugi::xml_node header = add_element(xml, "w:hdr",
                                      {{"xmlns:w", kWordprocessing},
                                       {"xmlns:r", kRelationships},
                                       {"xmlns:v", "urn:schemas-microsoft-com:vml"},
                                       {"xmlns:o", "urn:schemas-microsoft-com:office:office"}});
  pugi::xml_node p = add_styled(header, "Header");
  if (!d.mark.empty()) {
    add_watermark(p);
    add_run(p, {OfficeRun::Kind::to_complete, d.mark});
  }
  add_element(add_element(p, "w:r"), "w:tab");
  add_run(p, {OfficeRun::Kind::plain, d.id});
  return xml_bytes(xml);
}

std::string docx_footer(const OfficeDocument& d) {
  pugi::xml_document xml;
  pugi::xml_node footer = add_element(xml, "w:ftr", {{"xmlns:w", kWordprocessing}, {"xmlns:r", kRelationships}});
  pugi::xml_node p = add_styled(footer, "Footer");
  add_run(p, {OfficeRun::Kind::plain, d.title});
  add_element(add_element(p, "w:r"), "w:tab");
  add_run(p, {OfficeRun::Kind::plain, "Page "});
  add_run(add_element(p, "w:fldSimple", {{"w:instr", " PAGE "}}), {OfficeRun::Kind::plain, "1"});
  add_run(p, {OfficeRun::Kind::plain, " of "});
  add_run(add_element(p, "w:fldSimple", {{"w:instr", " NUMPAGES "}}), {OfficeRun::Kind::plain, "1"});
  return xml_bytes(xml);
}

std::string docx_core_properties(const OfficeDocument& d) {
  pugi::xml_document xml;
  pugi::xml_node core =
      add_element(xml, "cp:coreProperties",
                  {{"xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"},
                   {"xmlns:dc", "http://purl.org/dc/elements/1.1/"},
                   {"xmlns:dcterms", "http://purl.org/dc/terms/"},
                   {"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"}});
  const std::string created = rfc3339(d.created).substr(0, 19) + "Z";
  add_xml_text(add_element(core, "dc:title"), d.title);
  add_xml_text(add_element(core, "dc:creator"), d.creator);
  add_xml_text(add_element(core, "dc:identifier"), d.report_id);
  add_xml_text(add_element(core, "dc:language"), "en-GB");
  add_xml_text(add_element(core, "cp:contentStatus"), d.mark.empty() ? "Final" : "Draft");
  add_xml_text(add_element(core, "cp:version"), d.version);
  add_xml_text(add_element(core, "dcterms:created", {{"xsi:type", "dcterms:W3CDTF"}}), created);
  add_xml_text(add_element(core, "dcterms:modified", {{"xsi:type", "dcterms:W3CDTF"}}), created);
  return xml_bytes(xml);
}

std::string docx_app_properties(const OfficeDocument& d) {
  pugi::xml_document xml;
  pugi::xml_node properties = add_element(
      xml, "Properties", {{"xmlns", "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"}});
  add_xml_text(add_element(properties, "Application"), d.creator);
  return xml_bytes(xml);
}

}  // namespace

std::string render_docx(const Report& r) {
  const OfficeDocument d = office_document(r);
  return office_zip({{"[Content_Types].xml", kDocxContentTypes},
                     {"_rels/.rels", kDocxPackageRelations},
                     {"word/document.xml", docx_document(d)},
                     {"word/_rels/document.xml.rels", kDocxRelations},
                     {"word/styles.xml", kDocxStyles},
                     {"word/numbering.xml", kDocxNumbering},
                     {"word/settings.xml", kDocxSettings},
                     {"word/header1.xml", docx_header(d)},
                     {"word/footer1.xml", docx_footer(d)},
                     {"docProps/core.xml", docx_core_properties(d)},
                     {"docProps/app.xml", docx_app_properties(d)}});
}

}  // namespace embargod
