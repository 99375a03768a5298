#pragma once
// What the conditions of a recipe ask of one answer, read once and only when asked for.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "probes/edition.h"
#include "probes/json_value.h"
#include "probes/observation.h"
#include "probes/page.h"

namespace embargod {

class EditionFinder;

/// The edition that an answer tells.
struct EditionSeen {
  std::optional<Edition> edition;
  EditionOrder order = EditionOrder::other;  // against the embargoed one; of no meaning without one
  bool unreadable = false;                   // none was found, but a place of it could not be read
};

/// Borrows the Observation and what it is made with. One thread.
class Evidence {
 public:
  /// Without `finder` no edition is read; without `embargoed` it is compared with none.
  explicit Evidence(const Observation& o, const EditionFinder* finder = nullptr, const Edition* embargoed = nullptr);

  const Observation& seen;

  enum class Body : std::uint8_t {
    empty,
    html,
    broken_html,  // it says HTML and cannot be read to its end
    text,         // JSON, XML, CSV, plain, or bytes of no known kind
    binary,       // by its first bytes a kind that no browser shows as a page: pdf, zip, pictures
  };
  [[nodiscard]] Body body();

  [[nodiscard]] const Page* page();      // null unless readable HTML
  [[nodiscard]] const JsonBody* json();  // null unless JSON within its limits
  [[nodiscard]] const std::string& magic();

  /// What a reader sees: of HTML its visible text, of other text the text itself, of an empty or binary body nothing.
  /// Unset: HTML that cannot be read.
  [[nodiscard]] std::optional<std::string_view> visible();

  /// The page's links without their scheme ("host/path"); nullptr if the page is unreadable. A body that is no HTML has
  /// none.
  [[nodiscard]] const std::vector<std::string>* links();

  [[nodiscard]] const std::string& site();         // "host" or "host:port" where the redirects ended; "" if odd
  [[nodiscard]] const std::string& asked_site();   // of the address that was asked
  [[nodiscard]] const std::string& final_place();  // where the redirects ended, without its scheme
  [[nodiscard]] const std::vector<std::string>& redirects();  // their targets, absolute, without schemes

  [[nodiscard]] const EditionSeen& edition();

 private:
  void read_addresses();
  void read_links();

  const EditionFinder* finder_;
  const Edition* embargoed_;
  std::optional<Body> body_;
  std::optional<std::string> magic_;
  std::optional<Page> page_;
  bool json_read_ = false;
  std::optional<JsonBody> json_;
  bool links_read_ = false;
  bool links_readable_ = false;
  std::vector<std::string> links_;
  bool addresses_read_ = false;
  std::string site_, asked_site_, final_place_;
  std::vector<std::string> redirects_;
  std::optional<EditionSeen> edition_;
};

/// "host/path?query" of an address, as conditions and links compare it.
[[nodiscard]] std::string without_scheme(const Url& url);

}  // namespace embargod
