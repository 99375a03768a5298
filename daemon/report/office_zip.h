#pragma once
// The container of DOCX and ODT, and how their XML is written. Internal to daemon/report. Pure; any thread.

#include <initializer_list>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace embargod {

struct OfficePart {
  enum class Packing : std::uint8_t { deflated, stored };
  std::string name;  // ASCII
  std::string bytes;
  Packing packing = Packing::deflated;
};

/// The parts in their order, all with one fixed time: the same parts give the same bytes, in every time zone. Throws
/// std::bad_alloc, as nothing else can fail in memory.
[[nodiscard]] std::string office_zip(const std::vector<OfficePart>& parts);

using XmlAttributes = std::initializer_list<std::pair<const char*, std::string_view>>;

/// Appends an element; with `text`, its content.
pugi::xml_node add_element(pugi::xml_node parent, const char* name, XmlAttributes attributes = {});
void add_xml_text(pugi::xml_node parent, const std::string& text);
/// UTF-8 with its declaration, no white space added: in documents it would be text.
[[nodiscard]] std::string xml_bytes(const pugi::xml_document& document);

}  // namespace embargod
