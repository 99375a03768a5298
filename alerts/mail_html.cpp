#include <string_view>

#include "alerts/mail_text.h"
#include "alerts/plain_text.h"
#include "config/types/html.h"

namespace embargod {
namespace {

// No background and no text colour but on the badge: mail programs then choose both for light and dark mode.
constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light dark\">"
    "<style>:root{color-scheme:light dark}</style><title>";
constexpr std::string_view kBody =
    "</title></head>\n<body style=\"margin:0;padding:16px\">\n<div style=\"max-width:640px;margin:0 auto;"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:anywhere\">\n";

std::string with_breaks(std::string_view block) {
  std::string out;
  for (const char c : escape_html(block)) {
    if (c == '\n') {
      out += "<br>";
    } else {
      out += c;
    }
  }
  return out;
}

bool is_web_link(std::string_view url) { return url.starts_with("https://") || url.starts_with("http://"); }

std::string link(const std::string& url, std::string_view words) {
  const std::string shown = escape_html(words);
  return is_web_link(url) ? "<a href=\"" + escape_html(url) + "\">" + shown + "</a>" : shown;
}

std::string heading(std::string_view text) {
  return "<h2 style=\"font-size:16px;margin:20px 0 4px\">" + escape_html(text) + "</h2>\n";
}

std::string facts_table(const MailContent& c) {
  if (c.facts.empty()) return {};
  std::string out = "<table role=\"presentation\" style=\"border-collapse:collapse;margin:12px 0;font-size:16px\">\n";
  for (const auto& [label, value] : c.facts) {
    const bool first_asked = label == "Due" || label == "How early" || label == "How late";
    out += "<tr><td style=\"padding:2px 16px 2px 0;vertical-align:top;white-space:nowrap;opacity:.75\">" +
           escape_html(label) + "</td><td style=\"padding:2px 0;vertical-align:top" +
           (first_asked ? ";font-weight:700" : "") + "\">" + escape_html(value) + "</td></tr>\n";
  }
  return out + "</table>\n";
}

std::string where_it_was(const MailContent& c) {
  std::string out;
  if (!c.urls.empty()) {
    out += heading(c.urls_title) + "<p style=\"margin:0\">";
    // Not links: a tap in the dark would open the figures.
    for (const std::string& url : c.urls) out += escape_html(url) + "<br>\n";
    if (c.more_urls > 0) out += "and " + std::to_string(c.more_urls) + " more";
    out += "</p>\n";
  }
  if (!c.not_seen.empty())
    out += heading("Not seen live") + "<p style=\"margin:0\">" + escape_html(c.not_seen) + "</p>\n";
  return out;
}

std::string all_of_them(const MailContent& c) {
  if (c.listed.empty()) return {};
  std::string out = heading("All of them") + "<ul style=\"margin:0;padding-left:20px\">\n";
  for (const std::string& line : c.listed) out += "<li style=\"margin:0 0 8px\">" + escape_html(line) + "</li>\n";
  if (c.more_listed > 0) out += "<li>and " + std::to_string(c.more_listed) + " more: see the link</li>\n";
  return out + "</ul>\n";
}

std::string ways_on(const MailContent& c) {
  std::string out;
  if (is_web_link(c.link))
    out += "<p style=\"margin:20px 0\"><a href=\"" + escape_html(c.link) +
           "\" style=\"display:inline-block;padding:10px 18px;border-radius:6px;background:#1d4ed8;color:#ffffff;"
           "text-decoration:none;font-weight:600\">" +
           (c.listed.empty() ? "Open the incident" : "Open the list of incidents") + "</a></p>\n";
  if (!c.over && is_web_link(c.acknowledge_link))
    out += "<p style=\"margin:20px 0\">" + link(c.acknowledge_link, "Acknowledge: I have it") + "</p>\n";
  if (!c.over && !c.acknowledge.empty())
    out += heading("To acknowledge") +
           "<pre style=\"margin:0;padding:10px;border:1px solid #808080;border-radius:6px;white-space:pre-wrap;"
           "font:14px/1.4 ui-monospace,Menlo,Consolas,monospace\">" +
           escape_html(c.acknowledge) + "</pre>\n";
  if (!c.runbook.empty()) out += "<p style=\"margin:16px 0 0\">" + link(c.runbook, "Runbook") + "</p>\n";
  return out;
}

}  // namespace

std::string mail_html(const MailContent& c) {
  if (!c.own_html.empty()) return c.own_html;
  const std::string_view badge_colour = c.over ? "#166534" : c.page ? "#b91c1c" : "#92400e";
  std::string out{kHead};
  out += escape_html(c.subject);
  out += kBody;
  out +=
      "<p style=\"margin:0 0 8px\"><span style=\"display:inline-block;padding:3px 12px;border-radius:4px;background:";
  out += badge_colour;
  out += ";color:#ffffff;font-weight:700\">" + escape_html(c.badge) + "</span></p>\n";
  out += "<h1 style=\"font-size:22px;line-height:1.3;margin:0 0 8px\">" + escape_html(c.summary) + "</h1>\n";
  if (!c.description.empty()) out += "<p style=\"margin:8px 0\">" + with_breaks(c.description) + "</p>\n";
  out += facts_table(c);
  if (!c.what_to_do.empty())
    out += "<div style=\"border-left:5px solid " + std::string{badge_colour} +
           ";padding:4px 0 4px 14px;margin:16px 0\">" + "<strong>" +
           (c.over ? "What remains to do" : "What to do now") + "</strong><br>" + with_breaks(c.what_to_do) +
           "</div>\n";
  out += where_it_was(c);
  out += all_of_them(c);
  out += ways_on(c);
  out += "<p style=\"margin:28px 0 0;padding-top:8px;border-top:1px solid #808080;font-size:13px;opacity:.75\">";
  for (const std::string& note : c.small_print) out += escape_html(note) + "<br>\n";
  return out + "</p>\n</div></body></html>\n";
}

}  // namespace embargod
