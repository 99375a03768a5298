// A calendar in a spreadsheet. Columns by name; several rows of one id are several URLs of one release.

#include <algorithm>
#include <array>
#include <map>

#include "config/key_sets.h"
#include "config/sources/csv_table.h"
#include "config/sources/plain_source.h"
#include "config/sources/spoken_dates.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

/// Indexes, as the header row gives them their places.
struct CsvColumn {
  enum : std::uint8_t { id, title, due, date, time, status, url, role, name, profile, edition, reason, count };
};
constexpr std::array<std::string_view, CsvColumn::count> kCsvNames{
    "id", "title", "due", "date", "time", "status", "url", "role", "name", "profile", "edition", "reason"};

/// "Due " and "DUE" are the column due.
std::string column_name(std::string_view header) {
  std::string name;
  for (const char c : header)
    if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return name;
}

YamlNode csv_scalar(std::string text, YamlPos at) {
  YamlNode n;
  n.kind = YamlNode::Kind::scalar;
  n.is_quoted = true;
  n.at = at;
  n.text = std::move(text);
  return n;
}

YamlNode csv_node(YamlNode::Kind kind, YamlPos at) {
  YamlNode n;
  n.kind = kind;
  n.at = at;
  return n;
}

void add_csv_key(YamlNode& map, std::string_view key, YamlNode value) {
  const YamlPos at = value.at;
  map.entries.push_back({std::string{key}, at, std::move(value)});
}

/// The rows of one release, or the one row of an entry without an id.
struct CsvGroup {
  CalendarItem item;
  std::vector<const CsvRow*> rows;  // the first one is in `item`
  bool is_good = true;              // its date and status could be read
};

class CsvSource final : public PlainSource {
 public:
  using PlainSource::PlainSource;

 private:
  void read(std::string_view bytes) override {
    const auto rows = read_csv_table(bytes, faults());
    if (!rows || !read_header(*rows)) return;
    std::vector<CsvGroup> groups;
    std::map<std::string, std::size_t, std::less<>> by_id;
    for (std::size_t i = 1; i < rows->size(); ++i) {
      const CsvRow& row = (*rows)[i];
      if (!check_width(row)) continue;
      const std::string& id = text_of(row, CsvColumn::id);
      const auto known = id.empty() ? by_id.end() : by_id.find(id);
      if (known != by_id.end()) {
        join(groups[known->second], row);
        continue;
      }
      if (!id.empty()) by_id.emplace(id, groups.size());
      groups.push_back(first_of_group(row));
    }
    std::vector<CsvGroup*> watched;
    for (CsvGroup& group : groups)
      if (is_watched(group)) watched.push_back(&group);
    add_watched(watched);
    for (CsvGroup& group : groups)
      if (!group.item.key.empty()) add_item(std::move(group.item));
  }

  // ---- the header ----

  [[nodiscard]] bool read_header(const std::vector<CsvRow>& rows) {
    column_.fill(-1);
    if (rows.empty()) {
      faults().add({1, 1}, "it has no row", "begin with a row of column names");
      return false;
    }
    width_ = rows[0].cells.size();
    for (std::size_t i = 0; i < width_; ++i) {
      const CsvCell& cell = rows[0].cells[i];
      const std::string name = column_name(cell.text);
      if (name.empty()) continue;
      const auto* const found = std::find(kCsvNames.begin(), kCsvNames.end(), name);
      if (found == kCsvNames.end()) {
        add_note(cell.at, "column " + in_quotes(cell.text) + " is not read");
        continue;
      }
      int& column = column_[static_cast<std::size_t>(found - kCsvNames.begin())];
      if (column >= 0) faults().add(cell.at, "column " + in_quotes(name) + " is there twice", "rename one of the two");
      column = static_cast<int>(i);
    }
    check_columns(rows[0].at);
    return faults().empty();
  }

  void check_columns(YamlPos at) {
    const std::string names = listed(std::vector<std::string>{kCsvNames.begin(), kCsvNames.end()});
    if (!has(CsvColumn::title))
      faults().add(at, "column \"title\" is missing", "the first row names columns of these: " + names);
    if (!has(CsvColumn::due) && !has(CsvColumn::date))
      faults().add(at, "column \"due\" is missing", "add due, or date and time; the columns are " + names);
    if (has(CsvColumn::due) && (has(CsvColumn::date) || has(CsvColumn::time)))
      faults().add(at, "there are both column \"due\" and column \"date\" or \"time\"", "keep due, or date and time");
    if (has(CsvColumn::url) && !has(CsvColumn::role))
      add_note(at, "without a column \"role\" no URL is watched: they only tell which release a row means");
  }

  [[nodiscard]] bool has(std::size_t c) const { return column_[c] >= 0; }

  /// nullptr if the row does not reach so far.
  [[nodiscard]] const CsvCell* cell_of(const CsvRow& row, std::size_t c) const {
    if (column_[c] < 0 || static_cast<std::size_t>(column_[c]) >= row.cells.size()) return nullptr;
    return &row.cells[static_cast<std::size_t>(column_[c])];
  }
  [[nodiscard]] const std::string& text_of(const CsvRow& row, std::size_t c) const {
    static const std::string kNone;
    const CsvCell* cell = cell_of(row, c);
    return cell == nullptr ? kNone : cell->text;
  }
  [[nodiscard]] YamlPos place_of_cell(const CsvRow& row, std::size_t c) const {
    const CsvCell* cell = cell_of(row, c);
    return cell == nullptr ? row.at : cell->at;
  }

  // ---- rows ----

  static std::string row_words(const CsvRow& row) { return "row " + std::to_string(row.number); }

  [[nodiscard]] bool check_width(const CsvRow& row) {
    for (std::size_t i = width_; i < row.cells.size(); ++i) {
      if (row.cells[i].text.empty()) continue;
      faults().add(row.cells[i].at,
                   row_words(row) + " has " + std::to_string(row.cells.size()) + " values, but the first row names " +
                       std::to_string(width_),
                   "put a value that holds the delimiter in quotes");
      return false;
    }
    return true;
  }

  CsvGroup first_of_group(const CsvRow& row) {
    CsvGroup group;
    group.rows.push_back(&row);
    CalendarItem& item = group.item;
    item.path = row_words(row);
    item.where = faults().mark(row.at);
    item.release = text_of(row, CsvColumn::id);
    item.title = line_of(row, CsvColumn::title);
    item.reason = line_of(row, CsvColumn::reason);
    if (!item.release.empty() && !is_id(item.release))
      faults().add(place_of_cell(row, CsvColumn::id),
                   row_words(row) + ": " + in_quotes(item.release) + " cannot be an id",
                   "use a-z, 0-9 and -, at most 100 of them");
    if (item.title.empty())
      faults().add(place_of_cell(row, CsvColumn::title), row_words(row) + " has no title",
                   "write the title as it was announced");
    read_url(row, item);
    item.key = !item.release.empty() ? item.release : !item.url.empty() ? item.url : item.title;
    read_when(row, group);
    return group;
  }

  std::string line_of(const CsvRow& row, std::size_t c) {
    constexpr std::size_t kLongestLine = 500;
    std::string line = as_one_line(text_of(row, c));
    const auto why = not_one_line(line);
    if (why) faults().add(place_of_cell(row, c), row_words(row) + ": " + std::string{kCsvNames[c]} + " holds " + *why);
    if (line.size() > kLongestLine)
      faults().add(place_of_cell(row, c), row_words(row) + ": " + std::string{kCsvNames[c]} + " is longer than " +
                                              std::to_string(kLongestLine) + " bytes");
    return line;
  }

  void read_url(const CsvRow& row, CalendarItem& item) {
    const std::string& text = text_of(row, CsvColumn::url);
    if (text.empty()) return;
    const auto url = parse_url(text);
    if (const auto why = not_one_line(text))
      faults().add(place_of_cell(row, CsvColumn::url), row_words(row) + ": url holds " + *why);
    else if (url)
      item.url = url->text;
    else
      faults().add(place_of_cell(row, CsvColumn::url), row_words(row) + ": " + url.error().what, url.error().to_do);
  }

  /// "2018-04-25", or with what is in the column time behind it.
  [[nodiscard]] std::string date_text(const CsvRow& row) const {
    if (has(CsvColumn::due)) return as_one_line(text_of(row, CsvColumn::due));
    const std::string time = as_one_line(text_of(row, CsvColumn::time));
    return as_one_line(text_of(row, CsvColumn::date)) + (time.empty() ? "" : " " + time);
  }

  void read_when(const CsvRow& row, CsvGroup& group) {
    CalendarItem& item = group.item;
    const std::string& word = text_of(row, CsvColumn::status);
    const auto status = item_status_from(word);
    if (!word.empty() && !status) {
      group.is_good = false;
      faults().add(place_of_cell(row, CsvColumn::status), row_words(row) + ": " + in_quotes(word) + " is not a status",
                   "write confirmed, provisional, postponed, cancelled or published");
    }
    item.status = status.value_or(ItemStatus::confirmed);
    const std::size_t column = has(CsvColumn::due) ? CsvColumn::due : CsvColumn::date;
    auto due = read_spoken_due(date_text(row), context().zone);
    std::string why;
    if (due) {
      item.due = std::move(*due);
      if (item.due.precision == DuePrecision::time_assumed && item.status != ItemStatus::provisional)
        add_note(place_of_cell(row, column), row_words(row) + ": no time given, 09:30 " + item.due.zone + " assumed");
      why = settle_item(item, !word.empty());
      if (!why.empty())
        faults().add(place_of_cell(row, column), row_words(row) + ": " + why, "write status provisional");
    } else {
      faults().add(place_of_cell(row, column), row_words(row) + ": " + due.error().what, due.error().to_do);
    }
    if (!due || !why.empty()) group.is_good = false;
  }

  /// A further row of a release may leave out what the first one says, but not say something else.
  void join(CsvGroup& group, const CsvRow& row) {
    const CsvRow& first = *group.rows.front();
    for (const std::size_t c :
         {CsvColumn::title, CsvColumn::due, CsvColumn::date, CsvColumn::time, CsvColumn::status, CsvColumn::reason})
      if (!text_of(row, c).empty() && text_of(row, c) != text_of(first, c))
        faults().add(place_of_cell(row, c),
                     row_words(row) + " gives release " + in_quotes(group.item.release) + " another " +
                         std::string{kCsvNames[c]} + " than " + row_words(first),
                     "rows of one id are URLs of one release: write the same, or leave it empty");
    if (text_of(row, CsvColumn::url).empty())
      faults().add(row.at, row_words(row) + " has the id of " + row_words(first) + " and no URL of its own",
                   "give each release an id of its own");
    group.rows.push_back(&row);
  }

  // ---- releases ----

  [[nodiscard]] bool is_watched(const CsvGroup& group) const {
    if (!group.is_good || group.item.release.empty() || !has(CsvColumn::role)) return false;
    return std::any_of(group.rows.begin(), group.rows.end(),
                       [&](const CsvRow* row) { return !text_of(*row, CsvColumn::url).empty(); });
  }

  /// What read_releases() takes for the date that was read: it knows fewer forms.
  [[nodiscard]] static std::string plain_due(const Due& due) {
    if (due.at) return rfc3339(*due.at);
    // Far enough from midnight to be in that month in every zone.
    return due.period_begin ? rfc3339(*due.period_begin + std::chrono::hours{36}).substr(0, 7) : "";
  }

  [[nodiscard]] YamlNode release_node(const CsvGroup& group) const {
    const CsvRow& first = *group.rows.front();
    YamlNode node = csv_node(YamlNode::Kind::map, first.at);
    add_csv_key(node, "id", csv_scalar(group.item.release, place_of_cell(first, CsvColumn::id)));
    add_csv_key(node, "title", csv_scalar(group.item.title, place_of_cell(first, CsvColumn::title)));
    add_csv_key(node, "due",
                csv_scalar(plain_due(group.item.due),
                           place_of_cell(first, has(CsvColumn::due) ? CsvColumn::due : CsvColumn::date)));
    // "Postponed to June" has no day yet.
    const bool is_month = group.item.due.precision == DuePrecision::month;
    ReleaseStatus status = release_status_of(group.item.status);
    if (is_month && status == ReleaseStatus::confirmed) status = ReleaseStatus::provisional;
    add_csv_key(node, "status", csv_scalar(to_string(status), place_of_cell(first, CsvColumn::status)));
    YamlNode urls = csv_node(YamlNode::Kind::sequence, first.at);
    for (const CsvRow* row : group.rows) {
      if (text_of(*row, CsvColumn::url).empty()) continue;
      YamlNode url = csv_node(YamlNode::Kind::map, place_of_cell(*row, CsvColumn::url));
      for (const std::size_t c :
           {CsvColumn::url, CsvColumn::role, CsvColumn::name, CsvColumn::profile, CsvColumn::edition})
        if (!text_of(*row, c).empty())
          add_csv_key(url, kCsvNames[c], csv_scalar(text_of(*row, c), place_of_cell(*row, c)));
      urls.items.push_back(std::move(url));
    }
    add_csv_key(node, "urls", std::move(urls));
    return node;
  }

  void add_watched(const std::vector<CsvGroup*>& groups) {
    if (groups.empty()) return;
    YamlNode list = csv_node(YamlNode::Kind::sequence, {1, 1});
    for (const CsvGroup* group : groups) list.items.push_back(release_node(*group));
    SchedulePart part =
        read_releases(list, ScheduleContext{context().name, context().zone, context().profiles}, faults());
    for (std::size_t i = 0; i < part.schedule.releases.size() && i < groups.size(); ++i) {
      CsvGroup& group = *groups[i];
      Release& release = part.schedule.releases[i];
      release.due = group.item.due;  // with the text as it stands in the file
      release.stated.reason = group.item.reason;
      group.item.url.clear();  // only what is public anyway is shown
      for (const Target& t : release.targets)
        if (t.role == Role::announcement && group.item.url.empty()) group.item.url = t.url.text;
      calendar().releases.push_back(std::move(release));
    }
    for (auto& note : part.schedule.notes) calendar().notes.push_back(std::move(note));
  }

  std::array<int, CsvColumn::count> column_{};  // of each name; -1: not there
  std::size_t width_ = 0;
};

}  // namespace

std::unique_ptr<SourceReader> make_csv_source(SourceContext context) {
  return std::make_unique<CsvSource>(std::move(context));
}

}  // namespace embargod
