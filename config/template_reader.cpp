// alerts.templates.

#include "config/key_sets.h"
#include "config/read_sections.h"
#include "config/settings_reader.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr std::size_t kLargestTemplate = std::size_t{64} << 10U;

/// The file's text, checked; "" with a fault if it can't be used.
std::string checked_template(const YamlMap& map, std::string_view key, const std::string& folder, TemplateUse use) {
  std::string path;
  map.text(key, path, {.bytes = 4096});
  if (path.empty()) return {};
  const YamlPos at = map.find(key)->at;
  const std::string subject = map.name(key) + ": " + in_quotes(path) + " ";
  auto content = read_file(from_folder(folder, path), kLargestTemplate);
  if (!content) {
    map.faults().add(at, subject + content.error().what, content.error().to_do, content.error().code);
    return {};
  }
  if (const auto bad = invalid_utf8(*content)) {
    map.faults().add(at, subject + "is not UTF-8 at byte " + std::to_string(*bad), "save the file as UTF-8");
    return {};
  }
  std::erase(*content, '\r');
  if (content->find_first_not_of(" \t\n") == std::string::npos) {
    map.faults().add(at, subject + "is empty", "write the template into it, or leave the line out");
    return {};
  }
  if (const auto fault = template_fault(*content, use)) {
    map.faults().add(at,
                     subject + "line " + std::to_string(fault->line) + ", column " + std::to_string(fault->column) +
                         ": " + fault->what,
                     fault->to_do);
    return {};
  }
  return std::move(*content);
}

}  // namespace

void read_templates(const YamlNode& node, const std::string& folder, MessageTemplates& out, FaultBook& faults) {
  const YamlMap map{node, config_keys().templates, "alerts.templates.", faults};
  if (!map.is_map()) return;
  out.subject = checked_template(map, "subject_file", folder, TemplateUse::text);
  out.text = checked_template(map, "text_file", folder, TemplateUse::text);
  out.html = checked_template(map, "html_file", folder, TemplateUse::html);
  out.brief = checked_template(map, "brief_file", folder, TemplateUse::text);
}

}  // namespace embargod
