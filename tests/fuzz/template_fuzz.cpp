// Any bytes as a message template: faults with a place, or a template that the library takes and that can be filled.

#include <cstdint>
#include <cstdlib>
#include <kainjow/mustache.hpp>
#include <string>

#include "alerts/mail_text.h"

namespace {

embargod::Alert sample() {
  embargod::Alert a;
  a.key = "01J:1";
  a.incident = "01J";
  a.name = "EmbargoEarly";
  a.labels = {{"alertname", "EmbargoEarly"}, {"release", "a"}};
  a.annotations = {{"summary", "[DRILL] <b>{{due}}</b>"},
                   {"due", "Wednesday"},
                   {"urls", "https://stats.example.org/a\nhttps://stats.example.org/b"}};
  return a;
}

void check(const std::string& text, embargod::TemplateUse use) {
  if (const auto fault = embargod::template_fault(text, use)) {
    if (fault->line == 0 || fault->column == 0 || fault->what.empty() || fault->to_do.empty()) std::abort();
    return;
  }
  if (!kainjow::mustache::mustache{text}.is_valid()) std::abort();
  embargod::MessageTemplates t;
  t.subject = t.text = t.brief = text;
  if (use == embargod::TemplateUse::html) t.html = text;
  const auto c = embargod::mail_content(sample(), embargod::Instant{}, {"UTC", t});
  if (embargod::mail_text(c).find("DRILL") == std::string::npos || c.subject.find("DRILL") == std::string::npos)
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  if (size > (std::size_t{64} << 10U)) return 0;  // the reader's limit
  check(text, embargod::TemplateUse::text);
  check(text, embargod::TemplateUse::html);
  return 0;
}
