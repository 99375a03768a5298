#pragma once
// An HTML page read once into a tree, and what rules ask of it. No script runs, nothing is fetched.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"

namespace embargod {

/// A compiled XPath 1.0 expression. Immutable; one thread at a time.
class XPath {
 public:
  /// Error invalid_input: it does not compile, or is over 1,000 bytes.
  [[nodiscard]] static Result<XPath> make(const std::string& expression);
  XPath(XPath&&) noexcept;
  XPath& operator=(XPath&&) noexcept;
  ~XPath();

 private:
  friend class Page;
  XPath();
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

/// Text is UTF-8 with white space folded to single blanks. One thread.
class Page {
 public:
  /// Unset if the page cannot be read to its end: over kLargestHtml, too deep, too dense, a parser limit. Memory stays
  /// within a small multiple of the input, time linear in it. Charset: byte order mark, Content-Type, <meta>, else
  /// UTF-8 where valid, else Windows-1252.
  [[nodiscard]] static std::optional<Page> parse(std::string_view html, std::string_view content_type);
  Page(Page&&) noexcept;
  Page& operator=(Page&&) noexcept;
  ~Page();

  /// What a reader sees: no head, script, style, template, noscript, comments; not what is `hidden`. Title excluded.
  [[nodiscard]] const std::string& visible_text() const;
  /// The same of the main part: <main>, else [role=main], else <article> if there is one alone, else the body.
  [[nodiscard]] const std::string& main_text() const;
  /// The main part less cookie, consent and emergency banners: what a fingerprint is taken of.
  [[nodiscard]] const std::string& settled_text() const;
  [[nodiscard]] const std::string& title() const;
  [[nodiscard]] const std::string& canonical() const;     // <link rel=canonical href>, as written; "" if none
  [[nodiscard]] const std::string& meta_refresh() const;  // address that the page sends its reader to; "" if none
  [[nodiscard]] bool has_password_field() const;
  [[nodiscard]] bool is_script_shell() const;  // scripts, an empty root element, and hardly any text

  /// Texts of the nodes found, in order, at most 1,000; of a boolean, number or string result that one as text, none if
  /// it is false, 0 or "". Error unavailable: a limit was reached.
  [[nodiscard]] Result<std::vector<std::string>> find(const XPath& path) const;

  /// For each of the first `most` nodes that `items` finds: what each of `parts` yields from there, the text of its
  /// first node, "" if there is none. Error unavailable: a limit was reached, one for all of it.
  [[nodiscard]] Result<std::vector<std::vector<std::string>>> each(const XPath& items,
                                                                   const std::vector<const XPath*>& parts,
                                                                   std::size_t most) const;

 private:
  Page();
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace embargod
