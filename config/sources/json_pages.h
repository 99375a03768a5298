#pragma once
// What the readers of public JSON APIs share: pages parsed within limits, and what one reading gathers from them. Pure;
// one thread.

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/sources/source.h"
#include "config/types/result.h"

namespace embargod {

/// One page. Error invalid_input: what parse_api_page() will not take is named with "line:column" (column in
/// characters) in `where`: no JSON, deeper than 64, over 1,000,000 values, a key twice in one object.
[[nodiscard]] Result<nlohmann::json> parse_api_page(std::string_view bytes);

/// What one reading of an API has gathered so far: pages, items, notes and faults, all of them bounded.
class ApiReading {
 public:
  explicit ApiReading(std::string where) : where_{std::move(where)} {}

  /// Takes a page: the first one, or one that was asked for. `label` names it in notes and faults ("page 2"; empty for
  /// the first). Unset: there is a fault now.
  [[nodiscard]] std::optional<nlohmann::json> open(const std::string& url, std::string_view bytes, std::string label);
  /// Wants `url` next. The same one twice, or more than kMostPages in all, is a fault.
  void ask(const std::string& url);
  /// What SourceReader::take() returns: the faults so far, or what was asked for since the last turn.
  [[nodiscard]] Checked<std::vector<std::string>> turn();

  /// What is noted from now on concerns the whole and no page.
  void leave_pages() { label_.clear(); }
  /// "page 2, releases[3]"
  [[nodiscard]] std::string place(const std::string& path) const;
  void note(const std::string& path, const std::string& text);
  void fault(const std::string& path, std::string what, std::string to_do = {});
  [[nodiscard]] bool has_faults() const { return faults_in_all_ > 0; }

  /// Sets the item's `where` and `path`. Items come out by rank, then in the order of adding. A key twice on one page
  /// is a fault; one that an earlier page had is a note, since a list may move while its pages are read.
  void add(CalendarItem item, const std::string& path, std::size_t rank = 0);
  [[nodiscard]] std::size_t pages() const { return pages_; }
  [[nodiscard]] std::size_t items() const { return items_.size(); }
  [[nodiscard]] std::size_t new_on_this_page() const { return new_on_this_page_; }

  /// What SourceReader::finish() returns. No item at all is the fault `when_empty`.
  [[nodiscard]] Checked<Calendar> finish(const Fault& when_empty);

 private:
  struct Ranked {
    std::size_t rank;
    CalendarItem item;
  };
  void keep(Fault fault);
  [[nodiscard]] Faults faults() const;

  std::string where_;
  std::string label_;
  std::size_t pages_ = 0;
  std::size_t bytes_ = 0;
  std::size_t new_on_this_page_ = 0;
  std::set<std::string> awaited_;
  std::set<std::string> asked_ever_;
  std::vector<std::string> asked_now_;
  std::vector<Ranked> items_;
  std::map<std::string, std::size_t> page_of_key_;
  std::vector<std::string> notes_;
  std::size_t notes_in_all_ = 0;
  Faults faults_;
  std::size_t faults_in_all_ = 0;
};

}  // namespace embargod
