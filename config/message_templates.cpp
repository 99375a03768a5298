#include "config/message_templates.h"

#include <algorithm>

#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";
constexpr std::size_t kDeepest = 20;

std::vector<std::string> names_of_all() {
  std::vector<std::string> names;
  for (const TemplateVariable& v : template_variables()) names.emplace_back(v.name);
  return names;
}

const TemplateVariable* variable(std::string_view name) {
  const auto& all = template_variables();
  const auto found = std::find_if(all.begin(), all.end(), [&](const TemplateVariable& v) { return v.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string shown(std::string_view name) { return "{{" + std::string{name} + "}}"; }

struct TagFault {
  std::string what;
  std::string to_do;
};

bool is_list(VariableKind k) { return k == VariableKind::lines || k == VariableKind::facts; }

/// What stands open around the place that is looked at.
class OpenSections {
 public:
  [[nodiscard]] bool empty() const { return names_.empty(); }
  [[nodiscard]] const std::string& innermost() const { return names_.back(); }

  std::optional<TagFault> open(const TemplateVariable& v, bool when_there) {
    const std::string name{v.name};
    if (names_.size() == kDeepest)
      return TagFault{"sections are nested deeper than " + std::to_string(kDeepest), "close some of them before"};
    // Lists within lists multiply: a short template could keep a receiver busy for hours.
    if (when_there && is_list(v.kind) && (is_inside(VariableKind::lines) || is_inside(VariableKind::facts)))
      return TagFault{shown("#" + name) + " is a list within a list", "close the outer list before"};
    names_.push_back(name);
    return std::nullopt;
  }

  std::optional<TagFault> close(std::string_view name) {
    if (names_.empty())
      return TagFault{shown("/" + std::string{name}) + " closes nothing",
                      "open it with " + shown("#" + std::string{name})};
    if (names_.back() != name)
      return TagFault{shown("/" + std::string{name}) + " stands where " + shown("/" + names_.back()) + " is due",
                      "close the sections in the opposite order"};
    names_.pop_back();
    return std::nullopt;
  }

  [[nodiscard]] bool is_inside(VariableKind kind) const {
    return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
      const TemplateVariable* v = variable(name);
      return v != nullptr && v->kind == kind;
    });
  }

 private:
  std::vector<std::string> names_;
};

std::optional<TagFault> unknown(std::string_view name) {
  if (name.empty()) return TagFault{"{{}} names no variable", "write one between the braces, like {{summary}}"};
  const std::string guess = did_you_mean(name, names_of_all());
  return TagFault{shown(name) + " is not a variable",
                  guess.empty() ? "CONFIGURATION.md lists them under alerts.templates" : guess};
}

/// {{name}} where a text is put.
std::optional<TagFault> value_fault(std::string_view name, const OpenSections& open) {
  if (name == "label" || name == "value")
    return open.is_inside(VariableKind::facts) ? std::nullopt
                                               : std::optional{TagFault{shown(name) + " is outside a list of facts",
                                                                        "put it into {{#facts}}...{{/facts}}"}};
  if (name == ".")
    return open.is_inside(VariableKind::lines)
               ? std::nullopt
               : std::optional{TagFault{"{{.}} is outside a list", "put it into a section like {{#urls}}...{{/urls}}"}};
  const TemplateVariable* v = variable(name);
  if (v == nullptr) return unknown(name);
  const std::string section = shown("#" + std::string{name}) + "..." + shown("/" + std::string{name});
  switch (v->kind) {
    case VariableKind::text:
      return std::nullopt;
    case VariableKind::flag:
      return TagFault{shown(name) + " is true or false, not a text", "write " + section};
    case VariableKind::lines:
    case VariableKind::facts:
      return TagFault{shown(name) + " is a list, not a text",
                      "write " + shown("#" + std::string{name}) +
                          (v->kind == VariableKind::facts ? "{{label}}: {{value}}" : "{{.}}") +
                          shown("/" + std::string{name})};
  }
  return std::nullopt;
}

std::optional<TagFault> tag_fault(std::string_view tag, OpenSections& open) {
  const char sigil = tag.empty() ? ' ' : tag.front();
  const std::string_view rest = tag.empty() ? tag : trimmed(tag.substr(1));
  switch (sigil) {
    case '!':
      return std::nullopt;
    case '{':
    case '&':
      return TagFault{"this tag puts text in as it is, and a title could then write markup", "write {{name}}"};
    case '>':
      return TagFault{"partials are not known", "write all of it into this file"};
    case '=':
      return TagFault{"other delimiters are not known", "use {{ and }}"};
    case '#':
    case '^':
      if (const TemplateVariable* v = variable(rest); v != nullptr) return open.open(*v, sigil == '#');
      return unknown(rest);
    case '/':
      return open.close(rest);
    default:
      return value_fault(trimmed(tag), open);
  }
}

TemplateFault placed(std::string_view text, std::size_t at, TagFault fault) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line_start = before.rfind('\n');
  TemplateFault out;
  out.line = 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
  out.column = line_start == std::string_view::npos ? at + 1 : at - line_start;
  out.what = std::move(fault.what);
  out.to_do = std::move(fault.to_do);
  return out;
}

// Escaping keeps a value inside text and quoted attributes, and nowhere else.
std::optional<TagFault> place_fault(std::string_view before) {
  const std::size_t opened = before.rfind('<');
  const std::size_t closed = before.rfind('>');
  const bool in_a_tag = opened != std::string_view::npos && (closed == std::string_view::npos || closed < opened);
  if (in_a_tag && before.ends_with('='))
    return TagFault{"a variable is an attribute's value without quotes", R"(put it between quotes: href="{{link}}")"};
  return std::nullopt;
}

std::optional<TemplateFault> script_fault(std::string_view text) {
  constexpr std::string_view kScript = "<script";
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; };
  const auto* found = std::search(text.begin(), text.end(), kScript.begin(), kScript.end(), same);
  if (found == text.end()) return std::nullopt;
  return placed(text, static_cast<std::size_t>(found - text.begin()),
                {"a script has no place in a mail", "leave it out: mail programs do not run it"});
}

}  // namespace

const std::vector<TemplateVariable>& template_variables() {
  using enum VariableKind;
  static const std::vector<TemplateVariable> all{
      {"subject", text},
      {"badge", text},
      {"summary", text},
      {"description", text},
      {"due", text},
      {"how_early", text},
      {"seen_since", text},
      {"gone_since", text},
      {"how_sure", text},
      {"affected", text},
      {"rehearsal", text},
      {"taken_by", text},
      {"decided", text},
      {"facts", facts},
      {"what_to_do", text},
      {"urls", lines},
      {"more_urls", text},
      {"not_seen", text},
      {"listed", lines},
      {"more_listed", text},
      {"link", text},
      {"runbook", text},
      {"acknowledge_link", text},
      {"acknowledge", text},
      {"small_print", lines},
      {"incident", text},
      {"release", text},
      {"site", text},
      {"alertname", text},
      {"severity", text},
      {"page", flag},
      {"over", flag},
  };
  return all;
}

std::optional<TemplateFault> template_fault(std::string_view text, TemplateUse use) {
  OpenSections open;
  std::vector<std::size_t> opened_at;
  for (std::size_t at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at)) {
    const std::size_t end = text.find(kClose, at + kOpen.size());
    if (end == std::string_view::npos) return placed(text, at, {"{{ is never closed", "write }} where the tag ends"});
    const std::string_view tag = trimmed(text.substr(at + kOpen.size(), end - at - kOpen.size()));
    if (use == TemplateUse::html && !tag.starts_with('!'))
      if (auto fault = place_fault(text.substr(0, at))) return placed(text, at, std::move(*fault));
    if (auto fault = tag_fault(tag, open)) return placed(text, at, std::move(*fault));
    if (tag.starts_with('#') || tag.starts_with('^')) opened_at.push_back(at);
    if (tag.starts_with('/')) opened_at.pop_back();
    at = end + kClose.size();
  }
  if (!open.empty())
    return placed(text, opened_at.back(),
                  {"the section " + open.innermost() + " is never closed",
                   "write " + shown("/" + open.innermost()) + " where it ends"});
  return use == TemplateUse::html ? script_fault(text) : std::nullopt;
}

}  // namespace embargod
