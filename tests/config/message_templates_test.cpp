#include "config/message_templates.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace embargod {
namespace {

using testing::HasSubstr;

std::string fault_of(std::string_view text, TemplateUse use = TemplateUse::text) {
  const auto fault = template_fault(text, use);
  return fault ? std::to_string(fault->line) + ":" + std::to_string(fault->column) + ": " + fault->what + "; " +
                     fault->to_do
               : "";
}

TEST(MessageTemplates, WhatIsGoodHasNoFault) {
  for (const char* good :
       {"", "no variable at all", "{{summary}}", "{{ summary }}", "{{! a note with {braces} }}",
        "{{#due}}Due {{due}}{{/due}}{{^due}}No date{{/due}}", "{{#urls}}{{.}} of {{release}}\n{{/urls}}",
        "{{#facts}}{{label}}: {{value}}\n{{/facts}}", "{{#over}}OVER{{/over}}", "{ {summary} }", "}}"}) {
    EXPECT_EQ(fault_of(good), "") << good;
  }
  EXPECT_EQ(fault_of("<a href=\"{{link}}\">{{summary}}</a>", TemplateUse::html), "");
}

struct FaultCase {
  const char* name;
  const char* text;
  const char* want;
};

class TemplateFaultTest : public testing::TestWithParam<FaultCase> {};
TEST_P(TemplateFaultTest, SaysWhereAndWhatToDo) { EXPECT_EQ(fault_of(GetParam().text), GetParam().want); }
INSTANTIATE_TEST_SUITE_P(
    MessageTemplates, TemplateFaultTest,
    testing::Values(
        FaultCase{"Unknown", "one\ntwo {{badgee}}", "2:5: {{badgee}} is not a variable; did you mean \"badge\"?"},
        FaultCase{"NothingLike", "{{body_of_the_page}}",
                  "1:1: {{body_of_the_page}} is not a variable; CONFIGURATION.md lists them under alerts.templates"},
        FaultCase{"Empty", "{{}}", "1:1: {{}} names no variable; write one between the braces, like {{summary}}"},
        FaultCase{"UnknownSection", "{{#figure}}x{{/figure}}",
                  "1:1: {{figure}} is not a variable; CONFIGURATION.md lists them under alerts.templates"},
        FaultCase{"NotClosed", "a\n{{#due}}{{#link}}{{/link}}",
                  "2:1: the section due is never closed; write {{/due}} where it ends"},
        FaultCase{"ClosedTwice", "{{#due}}{{/due}}{{/due}}", "1:17: {{/due}} closes nothing; open it with {{#due}}"},
        FaultCase{"Crossed", "{{#due}}{{#link}}{{/due}}{{/link}}",
                  "1:18: {{/due}} stands where {{/link}} is due; close the sections in the opposite order"},
        FaultCase{"TagNotClosed", "x {{summary", "1:3: {{ is never closed; write }} where the tag ends"},
        FaultCase{"Unescaped", "{{{summary}}}",
                  "1:1: this tag puts text in as it is, and a title could then write markup; write {{name}}"},
        FaultCase{"UnescapedToo", "{{& summary}}",
                  "1:1: this tag puts text in as it is, and a title could then write markup; write {{name}}"},
        FaultCase{"Partial", "{{> footer}}", "1:1: partials are not known; write all of it into this file"},
        FaultCase{"Delimiters", "{{=<% %>=}}", "1:1: other delimiters are not known; use {{ and }}"},
        FaultCase{"ListAsText", "{{urls}}", "1:1: {{urls}} is a list, not a text; write {{#urls}}{{.}}{{/urls}}"},
        FaultCase{"FactsAsText", "{{facts}}",
                  "1:1: {{facts}} is a list, not a text; write {{#facts}}{{label}}: {{value}}{{/facts}}"},
        FaultCase{"FlagAsText", "{{over}}", "1:1: {{over}} is true or false, not a text; write {{#over}}...{{/over}}"},
        FaultCase{"ListInList", "{{#urls}}{{#facts}}{{/facts}}{{/urls}}",
                  "1:10: {{#facts}} is a list within a list; close the outer list before"},
        FaultCase{"LabelOutside", "{{label}}",
                  "1:1: {{label}} is outside a list of facts; put it into {{#facts}}...{{/facts}}"},
        FaultCase{"DotOutside", "{{#due}}{{.}}{{/due}}",
                  "1:9: {{.}} is outside a list; put it into a section like {{#urls}}...{{/urls}}"}),
    [](const auto& c) { return c.param.name; });

TEST(MessageTemplates, SectionsMayBeTwentyDeep) {
  std::string opened;
  std::string closed;
  for (int i = 0; i < 20; ++i) {
    opened += "{{#due}}";
    closed += "{{/due}}";
  }
  EXPECT_EQ(fault_of(opened + closed), "");
  EXPECT_THAT(fault_of(opened + "{{#due}}{{/due}}" + closed), HasSubstr("1:161: sections are nested deeper than 20"));
}

TEST(MessageTemplates, HtmlTakesAVariableOnlyWhereEscapingHolds) {
  EXPECT_THAT(fault_of("<a href={{link}}>", TemplateUse::html), HasSubstr("1:9: a variable is an attribute's value"));
  EXPECT_THAT(fault_of("<p>\n<SCRIPT>var x = \"{{summary}}\"</SCRIPT>", TemplateUse::html), HasSubstr("2:1: a script"));
  EXPECT_EQ(fault_of("<p>due={{due}}</p>", TemplateUse::html), "");
  EXPECT_EQ(fault_of("<a href={{link}}>", TemplateUse::text), "");
}

/// CONFIGURATION.md has a row for each variable, in the same order, and for no other.
TEST(MessageTemplates, EveryVariableIsDocumented) {
  std::ifstream in{"config/CONFIGURATION.md"};
  std::ostringstream all;
  all << in.rdbuf();
  const std::string text = all.str();
  const std::size_t begin = text.find("| Variable |");
  ASSERT_NE(begin, std::string::npos);
  std::istringstream lines{text.substr(begin, text.find("\n\n", begin) - begin)};
  std::vector<std::string> documented;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("| {{")) documented.push_back(line.substr(4, line.find('}') - 4));
  std::vector<std::string> known;
  for (const TemplateVariable& v : template_variables()) known.emplace_back(v.name);
  EXPECT_EQ(documented, known);
}

}  // namespace
}  // namespace embargod
