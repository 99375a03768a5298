#include "daemon/web/runbook.h"

#include <algorithm>
#include <cctype>

#include "config/types/html.h"

namespace embargod {
namespace {

std::string anchor(std::string_view heading) {
  std::string out;
  for (const char c : heading) {
    const auto u = static_cast<unsigned char>(c);
    if (std::isalnum(u) != 0) out += static_cast<char>(std::tolower(u));
    if (c == ' ') out += '-';
  }
  return out;
}

/// `mark`text`mark` at `at` as <tag>text</tag>; false if it is not one.
bool take_marked(std::string_view text, std::size_t& at, std::string_view mark, std::string_view tag,
                 std::string& out) {
  if (!text.substr(at).starts_with(mark)) return false;
  const std::size_t begin = at + mark.size();
  const std::size_t end = text.find(mark, begin);
  if (end == std::string_view::npos || end == begin) return false;
  out.append("<")
      .append(tag)
      .append(">")
      .append(escape_html(text.substr(begin, end - begin)))
      .append("</")
      .append(tag)
      .append(">");
  at = end + mark.size();
  return true;
}

/// [text](target): a link where it leads within the page, plain text where it leads to a file of the repository.
bool take_link(std::string_view text, std::size_t& at, std::string& out) {
  if (text[at] != '[') return false;
  const std::size_t middle = text.find("](", at);
  const std::size_t end = middle == std::string_view::npos ? middle : text.find(')', middle);
  if (end == std::string_view::npos) return false;
  const std::string_view words = text.substr(at + 1, middle - at - 1);
  const std::string_view target = text.substr(middle + 2, end - middle - 2);
  if (target.starts_with('#'))
    out += "<a href=\"" + escape_html(target) + "\">" + escape_html(words) + "</a>";
  else
    out += escape_html(words);
  at = end + 1;
  return true;
}

std::string inline_html(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (take_marked(text, at, "`", "code", out) || take_marked(text, at, "**", "strong", out) ||
        take_marked(text, at, "*", "em", out) || take_link(text, at, out))
      continue;
    out += escape_html(text.substr(at++, 1));
  }
  return out;
}

class Writer {
 public:
  void line(std::string_view l) {
    if (l.starts_with("#")) return heading(l);
    const std::size_t digits = std::min(l.find_first_not_of("0123456789"), l.size());
    const bool item = digits > 0 && l.substr(digits).starts_with(". ");
    if (l.empty() || item) end_block();
    if (l.empty()) return end_list();
    if (item) {
      if (!in_list_) out_ += "<ol>\n";
      in_list_ = true;
      l.remove_prefix(digits + 2);
    }
    while (l.starts_with(' ')) l.remove_prefix(1);
    block_.append(block_.empty() ? "" : " ").append(l);
  }

  std::string finish() {
    end_block();
    end_list();
    return std::move(out_);
  }

 private:
  void heading(std::string_view l) {
    end_block();
    end_list();
    const std::size_t level = l.find_first_not_of('#');
    if (level == std::string_view::npos || level > 3) return;
    const std::string tag = "h" + std::to_string(level);
    const std::string_view words = l.substr(level + 1);
    out_ += "<" + tag + " id=\"" + anchor(words) + "\">" + inline_html(words) + "</" + tag + ">\n";
  }

  void end_block() {
    if (block_.empty()) return;
    const char* tag = in_list_ ? "li" : "p";
    out_.append("<").append(tag).append(">").append(inline_html(block_)).append("</").append(tag).append(">\n");
    block_.clear();
  }

  void end_list() {
    if (in_list_) out_ += "</ol>\n";
    in_list_ = false;
  }

  std::string out_;
  std::string block_;
  bool in_list_ = false;
};

}  // namespace

std::string runbook_html(std::string_view operations_md) {
  const std::size_t begin = operations_md.find("## At night");
  const std::size_t end = operations_md.find("## Alerts from Prometheus");
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin) return {};
  std::string_view rest = operations_md.substr(begin, end - begin);
  Writer w;
  while (!rest.empty()) {
    const std::size_t eol = std::min(rest.find('\n'), rest.size());
    w.line(rest.substr(0, eol));
    rest.remove_prefix(std::min(eol + 1, rest.size()));
  }
  return w.finish();
}

}  // namespace embargod
