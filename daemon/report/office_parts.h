#pragma once
// The parts of office documents that are the same in every report: styles, relationships, settings. Internal to
// daemon/report.

namespace embargod {

// ECMA-376: [Content_Types].xml, _rels/.rels, word/_rels/document.xml.rels, and of word/ the parts of these names.
extern const char* const kDocxContentTypes;
extern const char* const kDocxPackageRelations;
extern const char* const kDocxRelations;
extern const char* const kDocxStyles;
extern const char* const kDocxNumbering;
extern const char* const kDocxSettings;
/// The shape type that a watermark's text is set in (VML, WordArt "plain text").
extern const char* const kDocxWatermarkType;

// OpenDocument 1.2: META-INF/manifest.xml; in styles.xml what stands before the master page, and in content.xml the
// styles of its tables' cells.
extern const char* const kOdtManifest;
extern const char* const kOdtStyles;
extern const char* const kOdtCellStyles;

}  // namespace embargod
