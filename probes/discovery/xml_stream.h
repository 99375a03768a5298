#pragma once
// libxml2's XML parser as a stream of events: no tree, no DTD, no entity of the document's own, no network, no files.

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/types/result.h"

namespace embargod {

/// The attributes of one start tag. Lives for the call only.
class XmlAttributes {
 public:
  XmlAttributes(const unsigned char** raw, int count) : raw_{raw}, count_{count} {}
  /// The value of the attribute `name` of the namespace prefix `prefix` ("" = none); unset: it is not there.
  [[nodiscard]] std::optional<std::string> find(std::string_view name, std::string_view prefix = {}) const;

 private:
  const unsigned char** raw_;  // libxml2's: name, prefix, namespace, begin, end
  int count_;
};

/// Views live for the call only.
class XmlEvents {
 public:
  virtual ~XmlEvents() = default;
  virtual void start(std::string_view name, std::string_view space, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view part) = 0;  // one text may come in several parts; CDATA too
  /// Why the listener wants no more of it; unset: it does. Asked after each event.
  [[nodiscard]] virtual std::optional<Fault> refused() const = 0;
};

/// Text that is collected from events, up to a length; white space is folded at the end.
class CollectedText {
 public:
  explicit CollectedText(std::size_t most) : most_{most} {}
  void clear() {
    text_.clear();
    cut_ = false;
  }
  void add(std::string_view part);
  [[nodiscard]] bool is_cut() const { return cut_; }
  [[nodiscard]] std::string line() const;  // folded, valid UTF-8
  [[nodiscard]] const std::string& raw() const { return text_; }

 private:
  std::size_t most_;
  std::string text_;
  bool cut_ = false;
};

/// Parses chunk by chunk, gzip taken off by its first bytes. Memory is flat, time linear in the (unpacked) bytes. A
/// document type declaration is refused at its first word, so there are no entities but XML's own five, and nothing is
/// ever fetched. One thread; `events` is borrowed.
class XmlStream {
 public:
  /// `most`: bytes, unpacked.
  XmlStream(XmlEvents& events, std::size_t most);
  XmlStream(XmlStream&&) noexcept;
  XmlStream& operator=(XmlStream&&) noexcept;
  ~XmlStream();

  /// Error invalid_input or corrupt, with "line L, column C" in `where`: not well-formed, a document type, a tag with
  /// over 256 attributes, too deep, too large, or what the listener refused. After an error nothing more is taken.
  [[nodiscard]] Result<void> take(std::string_view chunk);
  /// Error as take(): it ends too early, or there was nothing.
  [[nodiscard]] Result<void> finish();

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace embargod
