#pragma once
// What single tags, attributes and characters of a page mean to its readers. Pure.

#include <string>
#include <string_view>

namespace embargod {

/// Text as read: white space of any kind folded to single blanks, none at the ends; what has no width is left out.
class FoldedText {
 public:
  void add(std::string_view utf8);
  void part() { blank_ = true; }  // the next text stands apart
  [[nodiscard]] std::string text() && { return std::move(text_); }

 private:
  std::string text_;
  bool blank_ = false;
};

[[nodiscard]] std::string folded(std::string_view utf8);

[[nodiscard]] bool is_unseen_tag(std::string_view tag);  // head, script, style, template, noscript, title, ...
[[nodiscard]] bool is_block_tag(std::string_view tag);   // parts the words around it
[[nodiscard]] bool is_frame_tag(std::string_view tag);   // html, body, main, article: never a banner as a whole
[[nodiscard]] bool is_root_tag(std::string_view tag);    // what scripts render into: div, main, section, my-app

/// "display:none", in any case and spacing.
[[nodiscard]] bool hides_by_style(std::string_view style);

/// Whether an id or class says: cookie or consent banner, emergency or survey banner.
[[nodiscard]] bool names_a_banner(std::string_view id_or_class);

/// Whether `list` holds `token` between blanks, ASCII case ignored.
[[nodiscard]] bool has_token(std::string_view list, std::string_view token);

/// "5; url='/x'" -> "/x"; "" if it names no address.
[[nodiscard]] std::string refresh_address(std::string_view content);

}  // namespace embargod
