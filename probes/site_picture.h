#pragma once
// What a site answers at addresses that cannot exist. It decides soft 404s, and tells a maintenance page from a
// release. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/types/time.h"
#include "config/types/url.h"
#include "probes/observation.h"
#include "probes/page.h"

namespace embargod {

/// An answer in outline. Two pages of one kind that differ in an address or a token have alike outlines.
struct AnswerShape {
  int status = 0;
  std::string landing;  // where redirects ended, less the asked-for last path segment; "" if there were none
  std::string title;
  std::string canonical;
  std::uint64_t simhash = 0;  // of the main text
  std::size_t words = 0;      // in it
  std::string digest;         // of the body, for what is no HTML and for pages without words
  bool says_not_found = false;
  bool says_maintenance = false;  // it says so, or sends Retry-After
  bool script_shell = false;
  friend bool operator==(const AnswerShape&, const AnswerShape&) = default;
};

/// `page` is null where the body is no readable HTML.
[[nodiscard]] AnswerShape shape_of(const Observation& o, const Page* page);
[[nodiscard]] bool alike(const AnswerShape& a, const AnswerShape& b);

/// An address beside `url` that cannot exist: same folder, same ending, same case, a random last segment from `salt`.
[[nodiscard]] Url sibling_of(const Url& url, std::uint64_t salt);

/// URLs whose siblings tell the same: site, folder and ending.
[[nodiscard]] std::string sibling_group(const Url& url);

/// What siblings of one group answered. Values; one thread.
class SitePicture {
 public:
  /// Errors and unknown answers (5xx, 403, 429, blocked) are no picture: they are dropped, and `asked` alone moves.
  void note(const Observation& o, const Page* page);

  enum class Likeness : std::uint8_t {
    unlike,      // the site answers otherwise where nothing is, or is not known
    not_found,   // like what it answers where nothing is: a soft 404
    everywhere,  // like what it answers at every address now, but not before: maintenance, portal
    shell,       // a page that only a browser can fill, at every address
  };
  [[nodiscard]] Likeness compare(const AnswerShape& seen) const;

  [[nodiscard]] std::optional<Instant> asked() const { return asked_; }  // when the newest sibling was sent
  [[nodiscard]] const std::optional<AnswerShape>& now() const { return now_; }

 private:
  /// The site's way to answer, as against a passing disturbance. Needs `now_`.
  [[nodiscard]] bool is_settled() const;

  std::optional<Instant> asked_;
  std::optional<AnswerShape> now_;
  std::optional<AnswerShape> before_;  // the settled answer that `now_` took the place of, until that is settled too
  Instant since_{};                    // when `now_` was first seen
  Instant last_{};                     // when it was last seen
  bool settled_ = false;               // `now_` was settled before a disturbance that is over
};

}  // namespace embargod
