#pragma once
// Which release an entry of a calendar is about. Pure.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/release.h"
#include "config/settings.h"
#include "config/sources/source.h"

namespace embargod {

struct ItemMatch {
  std::string release;
  const char* by = "";  // "id", "url", "title", "rule"
};

/// A source's rules, compiled. Immutable; any thread.
class TitleRules {
 public:
  /// Faults carry the config's marks: RE2 refuses it, or it is too large.
  [[nodiscard]] static Checked<TitleRules> make(const std::vector<TitleRule>& rules);
  TitleRules();
  TitleRules(TitleRules&&) noexcept;
  TitleRules& operator=(TitleRules&&) noexcept;
  ~TitleRules();

  /// The release of the first rule that the title fits; null: none does.
  [[nodiscard]] const std::string* release_of(const std::string& title) const;

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

/// Knows the releases of a schedule by id, address, last part of the address and title.
class ItemMatcher {
 public:
  explicit ItemMatcher(const Schedule& schedule);

  /// By the release that the entry itself or a rule names; by the address of any URL of the release; by the last part
  /// of that address, or the release's id, if it is no common word; by the title as announced, by its plain_title(). A
  /// title or a last part that two releases share decides nothing.
  [[nodiscard]] std::optional<ItemMatch> match(const CalendarItem& item, const TitleRules& rules) const;

 private:
  using Index = std::map<std::string, std::string>;  // to a release id; "": to several

  std::map<std::string, bool> ids_;
  Index addresses_, slugs_, titles_;
};

}  // namespace embargod
