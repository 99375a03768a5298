#include "config/sources/json_pages.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr std::size_t kDeepestApiPage = 64;
constexpr std::size_t kMostApiValues = 1'000'000;  // 16 bytes and more each: "[0,0,0..." is not to grow without end
constexpr std::size_t kMostApiNotes = 100;
constexpr std::size_t kMostApiFaults = 20;
constexpr const char* kNotThisApi = "open the URL in a browser: it may be a login, an error or another API";

/// A first pass over the events, before memory is spent on a tree. Says why it stopped.
class ApiPageCheck final : public nlohmann::json_sax<nlohmann::json> {
 public:
  std::string why;                      // a limit that was hit; empty: the JSON is wrong at `error_at`
  std::optional<std::size_t> error_at;  // byte behind which it goes wrong

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    keys_.emplace_back();
    return value() && open();
  }
  bool end_object() override {
    keys_.pop_back();
    --depth_;
    return true;
  }
  bool start_array(std::size_t) override { return value() && open(); }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool key(string_t& k) override {
    if (!keys_.back().insert(k).second) return stop("the key " + in_quotes(k) + " stands twice in one object");
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    error_at = position;
    return false;
  }

 private:
  bool stop(std::string reason) {
    why = std::move(reason);
    return false;
  }
  bool value() {
    return ++values_ <= kMostApiValues || stop("more than " + std::to_string(kMostApiValues) + " values");
  }
  bool open() {
    return ++depth_ <= kDeepestApiPage || stop("nested deeper than " + std::to_string(kDeepestApiPage) + " levels");
  }

  std::size_t values_ = 0;
  std::size_t depth_ = 0;
  std::vector<std::set<std::string>> keys_;  // of the open objects
};

/// "3:17" of the byte at `at`, the column in characters.
std::string line_and_column(std::string_view bytes, std::size_t at) {
  at = std::min(at, bytes.size());
  const std::string_view before = bytes.substr(0, at);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const auto is_first_byte = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  const auto column =
      1 + std::count_if(before.begin() + static_cast<std::ptrdiff_t>(begin), before.end(), is_first_byte);
  return std::to_string(line) + ":" + std::to_string(column);
}

/// Why bytes that are no JSON are none, for people who have to find the right address.
std::optional<Fault> not_json_at_all(std::string_view bytes) {
  const auto fault = [](std::string what, std::string at, std::string to_do) {
    return Fault{Errc::invalid_input, std::move(at), std::move(what), std::move(to_do)};
  };
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return fault("is empty, not JSON", "1:1", kNotThisApi);
  if (bytes[first] == '<') return fault("is HTML or XML, not JSON", line_and_column(bytes, first), kNotThisApi);
  // nlohmann takes a NUL for the end and leaves what follows unread.
  const std::size_t nul = bytes.find('\0');
  const auto bad = invalid_utf8(bytes);
  if (nul != std::string_view::npos || bad)
    return fault("is not JSON in UTF-8", line_and_column(bytes, std::min(nul, bad.value_or(bytes.size()))),
                 "save it as UTF-8, the only encoding that JSON has");
  return std::nullopt;
}

}  // namespace

Result<nlohmann::json> parse_api_page(std::string_view bytes) {
  if (auto fault = not_json_at_all(bytes)) return tl::unexpected<Fault>{std::move(*fault)};
  ApiPageCheck check;
  try {
    if (nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &check)) return nlohmann::json::parse(bytes);
  } catch (const nlohmann::json::exception&) {
    if (check.why.empty()) check.why = "cannot be read as JSON";
  }
  if (!check.why.empty()) return fail(Errc::invalid_input, check.why, "", "no such page is an answer of this API");
  const std::size_t behind = check.error_at.value_or(0);
  const std::size_t at = behind == 0 ? 0 : behind - 1;
  if (at >= bytes.size())
    return fail(Errc::invalid_input, "ends in the middle of the JSON", line_and_column(bytes, bytes.size()),
                "it was cut off on its way: read it again");
  return fail(Errc::invalid_input, "is not JSON from here on", line_and_column(bytes, at), kNotThisApi);
}

std::optional<nlohmann::json> ApiReading::open(const std::string& url, std::string_view bytes, std::string label) {
  const bool expected = pages_ == 0 || awaited_.erase(url) == 1;
  label_ = std::move(label);
  new_on_this_page_ = 0;
  ++pages_;
  bytes_ += bytes.size();
  if (!expected) {
    fault("", "this page was not asked for, or came twice");
    return std::nullopt;
  }
  if (bytes_ > kLargestSource) {
    fault("", "the pages hold more than " + std::to_string(kLargestSource >> 20U) + " MiB together",
          "ask for fewer entries: by date, or by organisation");
    return std::nullopt;
  }
  auto page = parse_api_page(bytes);
  if (page) return std::move(*page);
  Fault f = std::move(page.error());
  const std::string position = f.where.empty() ? "" : ":" + f.where;
  f.where = where_ + (label_.empty() ? "" : ": " + label_) + position;
  keep(std::move(f));
  return std::nullopt;
}

void ApiReading::ask(const std::string& url) {
  if (pages_ + awaited_.size() >= kMostPages) {
    fault("", "more than " + std::to_string(kMostPages) + " pages",
          "ask for larger pages, or for fewer entries: by date, or by organisation");
  } else if (!asked_ever_.insert(url).second) {
    fault("", "leads back to a page that was read already", "read it again later; if it stays so, tell who runs it");
  } else {
    awaited_.insert(url);
    asked_now_.push_back(url);
  }
}

Checked<std::vector<std::string>> ApiReading::turn() {
  if (has_faults()) return tl::unexpected<Faults>{faults()};
  return std::exchange(asked_now_, {});
}

std::string ApiReading::place(const std::string& path) const {
  if (label_.empty() || path.empty()) return label_ + path;
  return label_ + ", " + path;
}

void ApiReading::note(const std::string& path, const std::string& text) {
  const std::string at = place(path);
  if (++notes_in_all_ <= kMostApiNotes) notes_.push_back(where_ + ": " + (at.empty() ? "" : at + ": ") + text);
}

void ApiReading::fault(const std::string& path, std::string what, std::string to_do) {
  const std::string at = place(path);
  keep({Errc::invalid_input, where_ + (at.empty() ? "" : ": " + at), std::move(what), std::move(to_do)});
}

void ApiReading::keep(Fault fault) {
  if (++faults_in_all_ <= kMostApiFaults) faults_.push_back(std::move(fault));
}

Faults ApiReading::faults() const {
  Faults all = faults_;
  if (faults_in_all_ > faults_.size())
    all.push_back({Errc::invalid_input, where_,
                   "and " + std::to_string(faults_in_all_ - faults_.size()) + " further faults", ""});
  return all;
}

void ApiReading::add(CalendarItem item, const std::string& path, std::size_t rank) {
  const auto [known, is_new] = page_of_key_.emplace(item.key, pages_);
  if (!is_new) {
    if (known->second == pages_)
      fault(path, in_quotes(item.key) + " stands twice", "read it again later; if it stays so, tell who runs it");
    else
      note(path, in_quotes(item.key) + " stood on an earlier page too: the list moved while it was read");
    return;
  }
  if (items_.size() >= kMostItems) {
    fault(path, "more than " + std::to_string(kMostItems) + " entries", "ask for fewer: by date, or by organisation");
    return;
  }
  ++new_on_this_page_;
  item.where = Mark{where_, 0, 0};
  item.path = place(path);
  items_.push_back({rank, std::move(item)});
}

Checked<Calendar> ApiReading::finish(const Fault& when_empty) {
  leave_pages();
  if (!has_faults() && (pages_ == 0 || !awaited_.empty()))
    fault("", "was not read to its end: " + std::to_string(awaited_.size()) + " pages are missing");
  if (!has_faults() && items_.empty()) fault("", when_empty.what, when_empty.to_do);
  if (has_faults()) return tl::unexpected<Faults>{faults()};
  std::stable_sort(items_.begin(), items_.end(), [](const Ranked& a, const Ranked& b) { return a.rank < b.rank; });
  Calendar calendar;
  calendar.items.reserve(items_.size());
  for (Ranked& r : items_) calendar.items.push_back(std::move(r.item));
  items_.clear();
  calendar.notes = std::move(notes_);
  if (notes_in_all_ > calendar.notes.size())
    calendar.notes.push_back(where_ + ": and " + std::to_string(notes_in_all_ - calendar.notes.size()) +
                             " further notes");
  return calendar;
}

}  // namespace embargod
