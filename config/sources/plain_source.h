#pragma once
// What the readers of YAML, CSV, iCalendar and JSON files share: one page each, places in it, entries that become
// items. Pure; one thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/read_sections.h"
#include "config/sources/source.h"
#include "config/strict_yaml.h"

namespace embargod {

/// Lines and columns (from 1, in characters) of offsets. Cheap while the offsets only grow. Borrows the text.
class TextPlaces {
 public:
  explicit TextPlaces(std::string_view text);
  [[nodiscard]] YamlPos of(std::size_t offset);

 private:
  std::string_view text_;
  std::size_t begin_ = 0;  // behind a byte order mark
  std::size_t offset_ = 0;
  YamlPos at_{1, 1};
};

/// `text` on one line: line breaks and tabs become blanks, those at its ends go.
[[nodiscard]] std::string as_one_line(std::string_view text);

/// "confirmed", "Provisional", "TENTATIVE", "canceled": in any letter case. Unset: no such word.
[[nodiscard]] std::optional<ItemStatus> item_status_from(std::string_view word);

/// What read_releases() takes for it: a calendar's "published" and "postponed" leave a release confirmed.
[[nodiscard]] ReleaseStatus release_status_of(ItemStatus s);

/// The month of `due`, without an instant: all that a provisional date is good for. `as_given` and zone are kept.
[[nodiscard]] Due month_of_due(Due due);

/// Makes status and due of an item fit: provisional has no instant; a month alone, without a word on its status, is
/// provisional. Returns why they do not fit, or "".
[[nodiscard]] std::string settle_item(CalendarItem& item, bool is_status_given);

/// A reader of a source that is one page.
class PlainSource : public SourceReader {
 public:
  explicit PlainSource(SourceContext context) : context_{std::move(context)}, faults_{context_.where} {}

  [[nodiscard]] Checked<std::vector<std::string>> take(const std::string& url, std::string_view bytes) final;
  [[nodiscard]] Checked<Calendar> finish() final;

 protected:
  /// Fills calendar(), or adds faults. `bytes` is UTF-8 without NULs, less than kLargestSource, and no web page.
  virtual void read(std::string_view bytes) = 0;

  /// Whether a calendar without any item is what somebody meant to write.
  [[nodiscard]] virtual bool may_be_empty() const { return false; }

  [[nodiscard]] const SourceContext& context() const { return context_; }
  [[nodiscard]] FaultBook& faults() { return faults_; }
  [[nodiscard]] Calendar& calendar() { return calendar_; }

  void add_note(YamlPos at, const std::string& text);
  /// A key that is there already and more than kMostItems are faults.
  void add_item(CalendarItem item);
  /// What read_releases() gave: releases, its notes, and an item for each of them.
  void add_releases(SchedulePart part);

 private:
  enum class Stage : std::uint8_t { fresh, taken, void_ };

  SourceContext context_;
  FaultBook faults_;
  Calendar calendar_;
  std::unordered_map<std::string, YamlPos> keys_;
  bool is_full_ = false;  // told once that there are too many items
  Stage stage_ = Stage::fresh;
};

}  // namespace embargod
