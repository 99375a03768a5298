#include "daemon/report/office_parts.h"

namespace embargod {

const char* const kOdtManifest = R"xml(<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
<manifest:file-entry manifest:full-path="/" manifest:version="1.2" manifest:media-type="application/vnd.oasis.opendocument.text"/>
<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>
<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>
</manifest:manifest>)xml";

// What stands in office:document-styles. The watermark's style and the page's are automatic ones, as ODF wants it.
const char* const kOdtStyles =
    R"xml(<office:font-face-decls><style:font-face style:name="Arial" svg:font-family="Arial, 'Liberation Sans'" style:font-family-generic="swiss"/></office:font-face-decls>
<office:styles>
<style:default-style style:family="paragraph"><style:paragraph-properties fo:margin-bottom="4pt" fo:line-height="110%" fo:orphans="2" fo:widows="2" style:tab-stop-distance="1.27cm" style:writing-mode="lr-tb"/><style:text-properties style:font-name="Arial" fo:font-size="10pt" fo:language="en" fo:country="GB" style:use-window-font-color="true"/></style:default-style>
<style:default-style style:family="table"><style:table-properties table:border-model="collapsing"/></style:default-style>
<style:style style:name="Standard" style:family="paragraph" style:class="text"/>
<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Standard" style:next-style-name="Standard" style:class="chapter"><style:paragraph-properties fo:margin-bottom="3pt" fo:line-height="100%" fo:keep-with-next="always"/><style:text-properties fo:font-size="22pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Subtitle" style:family="paragraph" style:parent-style-name="Standard" style:next-style-name="Standard" style:class="chapter"><style:paragraph-properties fo:margin-bottom="8pt"/><style:text-properties fo:color="#505a5f"/></style:style>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:parent-style-name="Standard" style:next-style-name="Standard" style:default-outline-level="1" style:class="text"><style:paragraph-properties fo:margin-top="18pt" fo:margin-bottom="6pt" fo:line-height="100%" fo:keep-with-next="always" fo:keep-together="always" fo:border-bottom="1pt solid #0b0c0c" fo:padding-bottom="2pt"/><style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:parent-style-name="Standard" style:next-style-name="Standard" style:default-outline-level="2" style:class="text"><style:paragraph-properties fo:margin-top="14pt" fo:margin-bottom="5pt" fo:line-height="100%" fo:keep-with-next="always" fo:keep-together="always"/><style:text-properties fo:font-size="11.5pt" fo:font-weight="bold"/></style:style>
<style:style style:name="List_20_Bullet" style:display-name="List Bullet" style:family="paragraph" style:parent-style-name="Standard" style:class="list"><style:paragraph-properties fo:margin-bottom="3pt"/></style:style>
<style:style style:name="Header" style:family="paragraph" style:parent-style-name="Standard" style:class="extra"><style:paragraph-properties fo:margin-bottom="0pt"><style:tab-stops><style:tab-stop style:position="17cm" style:type="right"/></style:tab-stops></style:paragraph-properties><style:text-properties fo:font-size="8pt" fo:color="#505a5f"/></style:style>
<style:style style:name="Footer" style:family="paragraph" style:parent-style-name="Header" style:class="extra"/>
<style:style style:name="Draft_20_notice" style:display-name="Draft notice" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-bottom="8pt" fo:padding="4pt" fo:border="1pt solid #b58840" fo:background-color="#fff7bf"/><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Field_20_label" style:display-name="Field label" style:family="paragraph" style:parent-style-name="Standard" style:next-style-name="Standard"><style:paragraph-properties fo:margin-top="5pt" fo:keep-with-next="always"/><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Form_20_label" style:display-name="Form label" style:family="paragraph" style:parent-style-name="Standard"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Table_20_text" style:display-name="Table text" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-bottom="2pt" fo:line-height="100%"/><style:text-properties fo:font-size="8pt"/></style:style>
<style:style style:name="Table_20_head" style:display-name="Table head" style:family="paragraph" style:parent-style-name="Table_20_text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="Source_20_line" style:display-name="Source line" style:family="paragraph" style:parent-style-name="Standard"><style:paragraph-properties fo:margin-left="0.8cm" fo:text-indent="-0.8cm" fo:margin-bottom="2pt" fo:line-height="100%"/><style:text-properties fo:font-size="8.5pt"/></style:style>
<style:style style:name="To_20_complete" style:display-name="To complete" style:family="text"><style:text-properties fo:font-weight="bold" fo:color="#7a2e00" fo:background-color="#fde9d9"/></style:style>
<style:style style:name="Source_20_mark" style:display-name="Source mark" style:family="text"><style:text-properties fo:color="#505a5f" fo:font-size="7.5pt" fo:language="zxx" fo:country="none"/></style:style>
<style:style style:name="Address" style:family="text"><style:text-properties fo:language="zxx" fo:country="none"/></style:style>
<text:list-style style:name="Bullets"><text:list-level-style-bullet text:level="1" text:bullet-char="&#8226;"><style:list-level-properties text:list-level-position-and-space-mode="label-alignment"><style:list-level-label-alignment text:label-followed-by="listtab" text:list-tab-stop-position="0.5cm" fo:text-indent="-0.5cm" fo:margin-left="0.5cm"/></style:list-level-properties></text:list-level-style-bullet></text:list-style>
</office:styles>
<office:automatic-styles>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" style:print-orientation="portrait" fo:margin-top="1.1cm" fo:margin-bottom="1.1cm" fo:margin-left="2cm" fo:margin-right="2cm"/><style:header-style><style:header-footer-properties fo:min-height="1cm" fo:margin-bottom="0.6cm"/></style:header-style><style:footer-style><style:header-footer-properties fo:min-height="0.9cm" fo:margin-top="0.5cm"/></style:footer-style></style:page-layout>
<style:style style:name="Watermark" style:family="graphic"><style:graphic-properties draw:stroke="none" draw:fill="solid" draw:fill-color="#d8dcde" draw:opacity="50%" draw:auto-grow-height="false" draw:auto-grow-width="false" style:run-through="background" style:wrap="run-through" style:number-wrapped-paragraphs="no-limit" style:vertical-pos="middle" style:vertical-rel="page-content" style:horizontal-pos="center" style:horizontal-rel="page-content" style:flow-with-text="false"/></style:style>
</office:automatic-styles>)xml";

const char* const kOdtCellStyles =
    R"xml(<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:padding-left="0.15cm" fo:padding-right="0.15cm" fo:padding-top="0.1cm" fo:padding-bottom="0cm" fo:border="0.5pt solid #b1b4b6"/></style:style>
<style:style style:name="HeadCell" style:family="table-cell"><style:table-cell-properties fo:padding-left="0.15cm" fo:padding-right="0.15cm" fo:padding-top="0.1cm" fo:padding-bottom="0cm" fo:border="0.5pt solid #b1b4b6" fo:background-color="#f3f2f1"/></style:style>
<style:style style:name="WholeRow" style:family="table-row"><style:table-row-properties fo:keep-together="always"/></style:style>)xml";

}  // namespace embargod
