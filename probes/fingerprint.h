#pragma once
// What stays the same while a page is the same to its readers. Pure.

#include <memory>
#include <string>
#include <vector>

#include "config/profile.h"
#include "config/types/result.h"
#include "probes/observation.h"
#include "probes/page.h"

namespace embargod {

/// A profile's FingerprintRules, compiled.
class Fingerprinter {
 public:
  /// Errors: an expression that RE2 or XPath refuses, an `of` entry that is neither XPath nor pointer.
  [[nodiscard]] static Checked<Fingerprinter> make(const FingerprintRules& rules, const Mark& mark);
  Fingerprinter(Fingerprinter&&) noexcept;
  Fingerprinter& operator=(Fingerprinter&&) noexcept;
  ~Fingerprinter();

  /// "page:<64 hex>" of the main text of HTML, less dates and times of the request, counters ("1,234 views"), tokens
  /// (long hex and base64 words), cookie and emergency banners; "json:..." of the canonical values; "zip:..." of the
  /// members' names, sizes and CRC-32 in order of name, less document properties (docProps/, meta.xml, settings.xml),
  /// whose times change on each saving; "bytes:..." of anything else. Empty: the body is empty, cut or unreadable, has
  /// no text, or none of the parts that the rules name: two such answers are not to be taken for alike. `page` is the
  /// parsed body if it is HTML and readable, else null.
  [[nodiscard]] std::string of(const Observation& o, const Page* page) const;

 private:
  Fingerprinter();
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace embargod
