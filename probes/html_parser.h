#pragma once
// libxml2's HTML parser as a stream of events, with guards where it would take quadratic time. No tree of its own, no
// network, no files.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace embargod {

/// What the page is made of, in order. Implied elements (html, head, body, p) are reported as if they were written.
class HtmlEvents {
 public:
  virtual ~HtmlEvents() = default;
  /// Names in lower case; `attributes` as libxml2 gives them: name, value, name, value, ..., null; null if there are
  /// none. A value may be null.
  virtual void start(const char* name, const unsigned char** attributes) = 0;
  virtual void end(const char* name) = 0;
  virtual void text(std::string_view part) = 0;  // of scripts and styles too; one text may come in several parts
  /// The listener has more than it can take: the parse stops and counts as not read to its end.
  [[nodiscard]] virtual bool full() const = 0;
};

/// How bytes beyond ASCII are to be read. Latin-1: every byte is a character, none is refused.
enum class HtmlBytes : std::uint8_t { utf8, latin1 };

/// False if the page could not be read to its end: over 256 attributes in a tag, end tags times depth beyond what is
/// done in a moment, a parser limit, or `events` is full. NULs end the page: replace them. Memory is flat, time linear.
[[nodiscard]] bool read_html(std::string_view html, HtmlBytes bytes, HtmlEvents& events);

/// Value of one attribute; nullptr: not there. Empty if it has no value.
[[nodiscard]] const char* attribute_of(const unsigned char** attributes, const char* name);

}  // namespace embargod
