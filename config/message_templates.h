#pragma once
// alerts.templates: an organisation's own words for what people read, as mustache templates over a fixed list of
// variables (mustache(5); no partials, no other delimiters, nothing unescaped).

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace embargod {

/// Empty: embargod's own words.
struct MessageTemplates {
  std::string subject;  // of mails, and the headline elsewhere
  std::string text;     // the mail's text part
  std::string html;     // the mail's HTML part
  std::string brief;    // what a phone shows: Slack, Teams, ntfy, GOV.UK Notify
  friend bool operator==(const MessageTemplates&, const MessageTemplates&) = default;
};

enum class TemplateUse : std::uint8_t { text, html };

enum class VariableKind : std::uint8_t {
  text,   // {{name}}; as a section it stands for "not empty"
  flag,   // sections only
  lines,  // a section over texts, each {{.}}
  facts,  // a section over pairs: {{label}} and {{value}}
};

struct TemplateVariable {
  std::string_view name;
  VariableKind kind;
};

/// Every variable there is, in the order of CONFIGURATION.md. None carries anything out of a watched page.
[[nodiscard]] const std::vector<TemplateVariable>& template_variables();

struct TemplateFault {
  std::size_t line = 1;
  std::size_t column = 1;  // in bytes
  std::string what;
  std::string to_do;
};

/// The first thing wrong with a template: an unknown variable, a section not closed or closed twice, what is refused.
/// Pure.
[[nodiscard]] std::optional<TemplateFault> template_fault(std::string_view text, TemplateUse use);

}  // namespace embargod
