#include "config/sources/api_values.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "config/sources/spoken_dates.h"
#include "config/text_checks.h"
#include "config/types/field_reader.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestApiLine = 1000;

std::string collapsed_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

/// Bytes of the UTF-8 character at `at`; the text is valid.
std::size_t character_size(std::string_view text, std::size_t at) {
  std::size_t n = 1;
  while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0U) == 0x80U) ++n;
  return n;
}

/// Where the value of `name=` in the query of `url` begins and ends, in `url.text`.
std::optional<std::pair<std::size_t, std::size_t>> query_value(const Url& url, std::string_view name) {
  const std::string& text = url.text;
  std::size_t at = text.find('?');
  while (at != std::string::npos) {
    const std::size_t begin = at + 1;
    const std::size_t end = std::min(text.find('&', begin), text.size());
    const std::string_view pair = std::string_view{text}.substr(begin, end - begin);
    if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=')
      return std::pair{begin + name.size() + 1, end};
    at = text.find('&', begin);
  }
  return std::nullopt;
}

/// "2026-06"
std::string year_month(std::chrono::year_month m) {
  const auto month = static_cast<unsigned>(m.month());
  return std::to_string(static_cast<int>(m.year())) + (month < 10 ? "-0" : "-") + std::to_string(month);
}

bool has_offset(const std::string& text) {
  const std::size_t clock = text.find(':');
  return clock != std::string::npos && text.find_first_of("Z+-", clock) != std::string::npos;
}

}  // namespace

ApiObject::ApiObject(const nlohmann::json& value, std::string path, ApiReading& reading)
    : value_{value.is_object() ? &value : nullptr}, path_{std::move(path)}, reading_{&reading} {
  if (value_ == nullptr && !value.is_null())
    reading_->fault(path_, "is " + std::string{value.type_name()} + " where an object is expected");
}

std::string ApiObject::name(const char* key) const { return path_.empty() ? key : path_ + "." + key; }

const nlohmann::json* ApiObject::find(const char* key) const {
  if (value_ == nullptr) return nullptr;
  const auto it = value_->find(key);
  return it == value_->end() || it->is_null() ? nullptr : &*it;
}

std::string ApiObject::text(const char* key) const {
  const auto* v = find(key);
  if (v == nullptr) return {};
  if (v->is_string()) return v->get<std::string>();
  reading_->fault(name(key), "is " + std::string{v->type_name()} + " where text is expected");
  return {};
}

std::string ApiObject::line(const char* key) const {
  std::string given = collapsed_blanks(text(key));
  if (given.size() <= kLongestApiLine && !not_one_line(given)) return given;
  std::string out;
  for (std::size_t at = 0; at < given.size();) {
    const std::string_view character = std::string_view{given}.substr(at, character_size(given, at));
    if (out.size() + character.size() > kLongestApiLine) break;
    if (!not_one_line(character)) out += character;
    at += character.size();
  }
  reading_->note(name(key), "was made one printable line of at most " + std::to_string(kLongestApiLine) + " bytes");
  return collapsed_blanks(out);
}

bool ApiObject::flag(const char* key) const {
  const auto* v = find(key);
  if (v == nullptr) return false;
  if (v->is_boolean()) return v->get<bool>();
  reading_->fault(name(key), "is " + std::string{v->type_name()} + " where true or false is expected");
  return false;
}

std::optional<std::size_t> ApiObject::count(const char* key) const {
  const auto* v = find(key);
  if (v == nullptr) return std::nullopt;
  if (v->is_number_unsigned()) return v->get<std::size_t>();
  reading_->fault(name(key), "is no whole number from 0 on");
  return std::nullopt;
}

std::optional<int> ApiObject::number_or_text(const char* key) const {
  const auto* v = find(key);
  if (v == nullptr || (v->is_string() && v->get_ref<const std::string&>().empty())) return std::nullopt;
  std::string digits;
  if (v->is_number_unsigned()) digits = std::to_string(v->get<std::size_t>());
  if (v->is_string()) digits = v->get<std::string>();
  if (digits.empty() || digits.size() > 4 || !std::all_of(digits.begin(), digits.end(), is_digit)) {
    reading_->fault(name(key), "is no number of a year, month or day");
    return std::nullopt;
  }
  int n = 0;
  for (const char c : digits) n = n * 10 + (c - '0');
  return n;
}

ApiObject ApiObject::object(const char* key) const {
  const auto* v = find(key);
  static const nlohmann::json kNothing;
  return ApiObject{v == nullptr ? kNothing : *v, name(key), *reading_};
}

const nlohmann::json* ApiObject::list(const char* key) const {
  const auto* v = find(key);
  if (v == nullptr || v->is_array()) return v;
  reading_->fault(name(key), "is " + std::string{v->type_name()} + " where a list is expected");
  return nullptr;
}

Result<Due> read_api_due(const std::string& text, const std::string& zone) {
  auto due = read_due(text, zone);
  // The reading for people names both days that slashes may mean.
  if (!due && text.find('/') != std::string::npos) due = read_spoken_due(text, zone);
  if (due && due->precision == DuePrecision::instant && !has_offset(text))
    return fail(Errc::invalid_input, in_quotes(text) + " has neither Z nor an offset: UTC and local time may be meant");
  if (due && !due->at) return fail(Errc::invalid_input, in_quotes(text) + " names no day");
  return due;
}

Result<Due> read_shown_due(const std::string& text, const std::string& zone) {
  auto due = read_spoken_due(collapsed_blanks(text), zone);
  if (due) due->as_given = text;
  return due;
}

Result<Due> without_instant(const Due& due) {
  if (!due.at) return due;
  using std::chrono::months;
  const auto day = std::chrono::floor<std::chrono::days>(*due.at);
  const std::chrono::year_month_day utc{day};
  // Its local month is that of UTC or, at the ends, a neighbour.
  for (const int step : {0, 1, -1}) {
    auto month = read_due(year_month(utc.year() / utc.month() + months{step}), due.zone);
    if (!month) return month;
    if (*month->period_begin > *due.at || *due.at >= *month->period_end) continue;
    month->as_given = due.as_given;
    return month;
  }
  return fail(Errc::invalid_input, in_quotes(due.as_given) + " lies in no month");
}

Due no_due(const std::string& zone) {
  Due due;
  due.precision = DuePrecision::month;
  due.zone = zone;
  return due;
}

std::optional<std::size_t> query_number(const Url& url, std::string_view name) {
  const auto place = query_value(url, name);
  if (!place) return std::nullopt;
  const std::string digits = url.text.substr(place->first, place->second - place->first);
  if (digits.empty() || digits.size() > 9 || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  std::size_t n = 0;
  for (const char c : digits) n = n * 10 + static_cast<std::size_t>(c - '0');
  return n;
}

std::string with_query_number(const Url& url, std::string_view name, std::size_t number) {
  const std::string digits = std::to_string(number);
  if (const auto place = query_value(url, name))
    return url.text.substr(0, place->first) + digits + url.text.substr(place->second);
  const char* joint = url.text.find('?') == std::string::npos ? "?" : "&";
  return url.text + joint + std::string{name} + "=" + digits;
}

Url public_site(const std::string& source_url, const char* usual, const std::vector<std::string>& usual_hosts) {
  Url root = parse_url(usual).value();
  const auto url = parse_url(source_url);
  if (!url) return root;
  const auto is_usual = [&url](const std::string& host) {
    return url->host == host || url->host.ends_with("." + host);
  };
  if (std::any_of(usual_hosts.begin(), usual_hosts.end(), is_usual)) return root;
  return resolve(*url, "/").value_or(root);
}

}  // namespace embargod
