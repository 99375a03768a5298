#include "config/bank_holidays.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "config/text_checks.h"
#include "config/types/field_reader.h"

namespace embargod {
namespace {

constexpr int kDeepestHolidayJson = 16;
constexpr std::size_t kMostHolidays = 2'000;
constexpr std::size_t kMostHolidayFaults = 20;
constexpr const char* kHolidayForm =
    "write it like {\"england-and-wales\": {\"events\": [{\"title\": \"New Year's Day\", \"date\": \"2030-01-01\"}]}}";

/// Levels of brackets outside of strings: the parser's tree is only built where it cannot grow deep.
int holiday_json_depth(std::string_view json) {
  int depth = 0;
  int deepest = 0;
  bool in_text = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (in_text) {
      if (c == '\\') ++i;
      if (c == '"') in_text = false;
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{' || c == '[') {
      deepest = std::max(deepest, ++depth);
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return deepest;
}

/// ":3:14" of a byte.
std::string holiday_json_place(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return ":" + std::to_string(line) + ":" + std::to_string(before.size() - begin + 1);
}

std::optional<BankHolidays::Day> read_holiday_date(std::string_view text) {
  FieldReader in{text};
  int year = 0;
  int month = 0;
  int day = 0;
  if (!in.digits(4, year) || !in.one_of("-") || !in.digits(2, month) || !in.one_of("-") || !in.digits(2, day) ||
      !in.rest.empty())
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return BankHolidays::Day{date};
}

class HolidayReader {
 public:
  explicit HolidayReader(const std::string& name) : name_{name} {}

  void read(const nlohmann::json& root) {
    if (!root.is_object()) return fault("", "is not a list of bank holidays by nation", kHolidayForm);
    bool has_nation = false;
    for (const Nation n : kNations) {
      const auto found = root.find(to_string(n));
      if (found == root.end()) continue;
      has_nation = true;
      read_nation(n, *found);
    }
    if (!has_nation)
      fault("", "has none of \"england-and-wales\", \"scotland\" and \"northern-ireland\"", kHolidayForm);
  }

  Checked<BankHolidays> take() {
    if (!faults_.empty()) return tl::unexpected<Faults>{std::move(faults_)};
    return std::move(holidays_);
  }

 private:
  void fault(const std::string& path, std::string what, std::string to_do = {}) {
    if (faults_.size() < kMostHolidayFaults)
      faults_.push_back(
          {Errc::invalid_input, name_, path.empty() ? std::move(what) : path + ": " + what, std::move(to_do)});
  }

  void read_nation(Nation n, const nlohmann::json& division) {
    const std::string path = to_string(n);
    const auto events = division.is_object() ? division.find("events") : division.end();
    if (events == division.end() || !events->is_array())
      return fault(path, "there is no list \"events\"", kHolidayForm);
    if (events->empty())
      return fault(path + ".events", "is empty, so every day would count as a working day",
                   "get the file anew, or leave this nation out");
    for (std::size_t i = 0; i < events->size(); ++i) {
      if (++seen_ > kMostHolidays)
        return fault(path + ".events", "there are more than " + std::to_string(kMostHolidays) + " bank holidays",
                     "leave out what is long past");
      read_event(n, (*events)[i], path + ".events[" + std::to_string(i) + "]");
    }
  }

  void read_event(Nation n, const nlohmann::json& event, const std::string& path) {
    const auto text_of = [&](const char* key) -> const std::string* {
      if (!event.is_object()) return nullptr;
      const auto found = event.find(key);
      return found == event.end() ? nullptr : found->get_ptr<const std::string*>();
    };
    const std::string* date = text_of("date");
    const std::string* title = text_of("title");
    if (date == nullptr || title == nullptr) return fault(path, "needs the texts \"title\" and \"date\"", kHolidayForm);
    if (const auto why = not_one_line(*title); why || title->empty() || title->size() > 200)
      return fault(path + ".title",
                   why ? "has " + *why : std::string{title->empty() ? "is empty" : "is longer than 200 bytes"});
    const auto day = read_holiday_date(*date);
    if (!day)
      return fault(path + ".date", in_quotes(*date) + " is not a day of the calendar", "write it like 2030-01-01");
    holidays_.add(n, *day, *title);
  }

  const std::string& name_;
  BankHolidays holidays_;
  std::size_t seen_ = 0;
  Faults faults_;
};

}  // namespace

const char* to_string(Nation n) {
  switch (n) {
    case Nation::england_and_wales:
      return "england-and-wales";
    case Nation::scotland:
      return "scotland";
    case Nation::northern_ireland:
      return "northern-ireland";
  }
  return "?";
}

const char* nation_name(Nation n) {
  switch (n) {
    case Nation::england_and_wales:
      return "England and Wales";
    case Nation::scotland:
      return "Scotland";
    case Nation::northern_ireland:
      return "Northern Ireland";
  }
  return "?";
}

std::optional<Nation> nation_from(std::string_view word) {
  for (const Nation n : kNations)
    if (word == to_string(n)) return n;
  return std::nullopt;
}

const std::string* BankHolidays::on(Nation n, Day day) const {
  const auto& days = days_[index_of(n)];
  const auto found = days.find(day);
  return found == days.end() ? nullptr : &found->second;
}

bool BankHolidays::knows(Nation n, std::chrono::year year) const {
  const auto& days = days_[index_of(n)];
  if (days.empty()) return false;
  // Every nation has days in January and in December: a list without them is not whole for that year.
  return days.begin()->first <= Day{year / std::chrono::January / 31} &&
         days.rbegin()->first >= Day{year / std::chrono::December / 1};
}

Checked<BankHolidays> read_bank_holidays(std::string_view json, const std::string& name) {
  const auto refuse = [&](std::string what, std::string to_do, const std::string& place = {}) {
    return tl::unexpected<Faults>{Faults{{Errc::invalid_input, name + place, std::move(what), std::move(to_do)}}};
  };
  if (json.size() > kLargestBankHolidays)
    return refuse("is larger than " + std::to_string(kLargestBankHolidays >> 10U) + " KiB", "");
  if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
  if (holiday_json_depth(json) > kDeepestHolidayJson)
    return refuse("has brackets more than " + std::to_string(kDeepestHolidayJson) + " deep", kHolidayForm);
  try {
    HolidayReader reader{name};
    reader.read(nlohmann::json::parse(json));
    return reader.take();
  } catch (const nlohmann::json::parse_error& e) {
    return refuse("is not JSON from here on", "get the file anew, or see what stands there",
                  holiday_json_place(json, e.byte == 0 ? 0 : e.byte - 1));
  } catch (const nlohmann::json::exception&) {
    return refuse("cannot be read as JSON", "get the file anew");
  }
}

}  // namespace embargod
