#include "alerts/own_words.h"

#include <gmock/gmock.h>

#include "alerts/brief_text.h"
#include "alerts/channels/slack.h"
#include "alerts/digest.h"
#include "tests/alerts/channel_samples.h"

namespace embargod {
namespace {

using testing::HasSubstr;
using testing::Not;

Wording in_words(MessageTemplates templates) { return {"Europe/London", std::move(templates)}; }

MailContent told(const Alert& a, MessageTemplates templates) {
  return mail_content(a, kNoon, in_words(std::move(templates)));
}

Alert marked(const std::string& mark) {
  Alert a = early_alert(1, Notice::opened);
  a.annotations["summary"] = "[" + mark + "] Therapies, January 2018: public 2 days before due";
  return a;
}

MessageTemplates only(std::string MessageTemplates::* which, const std::string& text) {
  MessageTemplates t;
  t.*which = text;
  return t;
}

/// A template that shows every variable there is, in the way its kind is shown.
std::string template_of_all() {
  std::string out;
  for (const TemplateVariable& v : template_variables()) {
    const std::string name{v.name};
    const std::string inner = v.kind == VariableKind::text    ? "{{" + name + "}}"
                              : v.kind == VariableKind::flag  ? "yes"
                              : v.kind == VariableKind::lines ? "<{{.}}>"
                                                              : "<{{label}}={{value}}>";
    for (const std::string_view part :
         {v.name, std::string_view{": {{#"}, v.name, std::string_view{"}}"}, std::string_view{inner},
          std::string_view{"{{/"}, v.name, std::string_view{"}}{{^"}, v.name, std::string_view{"}}none{{/"}, v.name,
          std::string_view{"}}\n"}})
      out += part;
  }
  return out;
}

TEST(OwnWords, WithoutTemplatesNothingChanges) {
  const MailContent c = told(early_alert(1, Notice::opened), {});
  EXPECT_EQ(c.own_text + c.own_html + c.own_brief, "");
  EXPECT_THAT(mail_text(c), HasSubstr("WHAT TO DO NOW"));
}

TEST(OwnWords, EachTemplateStandsWhereOursWould) {
  const MailContent c = told(early_alert(1, Notice::opened), {.subject = "Agency: {{badge}} {{release}}\n",
                                                              .text = "Text about {{summary}}\n",
                                                              .html = "<body><p>{{summary}}</p></body>",
                                                              .brief = "Brief: due {{due}}\n"});
  EXPECT_EQ(c.subject, "Agency: EARLY therapies-2018-01");
  EXPECT_EQ(mail_text(c), "Text about " + c.summary + "\n");
  EXPECT_EQ(mail_html(c), "<body><p>" + c.summary + "</p></body>");
  EXPECT_EQ(brief_text(c, 3'000), "Agency: EARLY therapies-2018-01\n\nBrief: due Wednesday 25 April 2018, 09:30 BST");
  const std::string cut = brief_text(c, 60);
  EXPECT_LE(cut.size(), 60U);
  EXPECT_TRUE(cut.ends_with("…")) << cut;
}

TEST(OwnWords, EveryVariableCanBeShown) {
  Alert a = early_alert(1, Notice::opened);
  a.annotations["not_seen"] = "https://stats.example.org/other";
  const std::string text = mail_text(told(a, only(&MessageTemplates::text, template_of_all())));
  for (const char* line :
       {"badge: EARLY\n", "release: therapies-2018-01\n", "site: none\n", "incident: 01J8ZQ4T3N\n",
        "alertname: EmbargoEarly\n", "severity: page\n", "page: yes\n", "over: none\n", "more_urls: none\n",
        "urls: <https://stats.example.org/therapies-2018-01>\n", "how_early: 2 days before due\n", "gone_since: none\n",
        "facts: <Due=Wednesday 25 April 2018, 09:30 BST><How early=2 days before due><Seen since=10:02:14 to ",
        "not_seen: https://stats.example.org/other\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

TEST(OwnWords, TextIsPutInAsItIsAndHtmlIsEscaped) {
  Alert a = early_alert(1, Notice::opened);
  a.annotations["summary"] = "<b>\"Fish & chips\"</b> {{due}} {{{urls}}}";
  const MailContent c = told(a, {.subject = "",
                                 .text = "{{summary}}",
                                 .html = "<p title=\"{{summary}}\">{{#urls}}{{.}}{{/urls}}</p>",
                                 .brief = ""});
  EXPECT_EQ(mail_text(c), "<b>\"Fish & chips\"</b> {{due}} {{{urls}}}") << "what a title says is no template";
  EXPECT_THAT(mail_html(c),
              HasSubstr("<p title=\"&lt;b&gt;&quot;Fish &amp; chips&quot;&lt;/b&gt; {{due}} {{{urls}}}\">"));
}

TEST(OwnWords, OneSubjectIsOneLine) {
  Alert a = early_alert(1, Notice::opened);
  a.annotations["summary"] = "A\r\nBcc: thief@example.org";
  EXPECT_EQ(told(a, only(&MessageTemplates::subject, "{{badge}}\n{{summary}}\r\nBcc: x\n")).subject,
            "EARLY A Bcc: thief@example.org Bcc: x");
}

TEST(OwnWords, WhatSaysNothingOrTooMuchLeavesOurs) {
  const Alert a = early_alert(1, Notice::opened);
  const std::string repeated = "{{#facts}}" + std::string(70'000, 'x') + "{{/facts}}";  // of three
  for (const std::string& text : {std::string{"{{#over}}only when over{{/over}}"}, repeated}) {
    const MailContent c = told(a, {.subject = text, .text = text, .html = text, .brief = text});
    const MailContent ours = told(a, {});
    EXPECT_EQ(c.subject, ours.subject);
    EXPECT_EQ(mail_text(c), mail_text(ours));
    EXPECT_EQ(mail_html(c), mail_html(ours));
    EXPECT_EQ(brief_text(c, 3'000), brief_text(ours, 3'000));
  }
}

TEST(OwnWords, AMarkIsNeverLost) {
  const MessageTemplates silent{.subject = "LATEST of {{release}}",
                                .text = "Take it down.\n",
                                .html = "<html><body class=\"a\">Take it down.</body></html>",
                                .brief = "Take it down."};
  const MailContent drill = told(marked("DRILL"), silent);
  EXPECT_EQ(drill.subject, "[DRILL] LATEST of therapies-2018-01");
  EXPECT_EQ(mail_text(drill), "[DRILL]\n\nTake it down.\n");
  EXPECT_EQ(mail_html(drill), "<html><body class=\"a\"><p><strong>[DRILL]</strong></p>\nTake it down.</body></html>");
  EXPECT_THAT(brief_text(drill, 1'000), HasSubstr("[DRILL]\nTake it down."));
  EXPECT_EQ(told(marked("TEST"), silent).subject, "[TEST] LATEST of therapies-2018-01") << "LATEST is no mark";
  EXPECT_EQ(mail_text(told(marked("REHEARSAL"), only(&MessageTemplates::text, "{{badge}}: {{summary}}"))).substr(0, 11),
            "REHEARSAL: ");
  EXPECT_THAT(mail_text(told(early_alert(1, Notice::opened), silent)), Not(HasSubstr("[")));
}

TEST(OwnWords, ThoseOfADigestNameEachIncident) {
  Alert other = early_alert(1, Notice::opened);
  other.key = "01K:1";
  other.incident = "01K";
  other.labels["release"] = "prices-2018-01";
  const Alert both = make_digest({early_alert(1, Notice::opened), other});
  const std::string text =
      mail_text(told(both, only(&MessageTemplates::text, "{{summary}}\n{{#listed}}* {{.}}\n{{/listed}}")));
  EXPECT_THAT(text, HasSubstr("\n* "));
  EXPECT_EQ(std::count(text.begin(), text.end(), '*'), 2);
}

TEST(OwnWords, ChannelsMakeTheirMarkupHarmlessInThemToo) {
  const std::string body = slack_body(early_alert(1, Notice::opened), kNoon,
                                      in_words(only(&MessageTemplates::brief, "<!channel> & {{release}}")));
  EXPECT_THAT(body, HasSubstr("&lt;!channel&gt; &amp; therapies-2018-01"));
}

}  // namespace
}  // namespace embargod
