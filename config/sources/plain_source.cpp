#include "config/sources/plain_source.h"

#include <algorithm>
#include <array>

#include "config/sources/spoken_dates.h"
#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// What some bytes are instead of a calendar, by their beginning; what is "" if nothing speaks against them.
struct ForeignBytes {
  std::string_view what;
  std::string_view to_do;
};

ForeignBytes foreign_bytes(std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    return {"the text is UTF-16", "save it as UTF-8; in Excel choose CSV UTF-8 (Comma delimited)"};
  if (bytes.starts_with("PK\x03\x04") || bytes.starts_with("\xD0\xCF\x11\xE0"))
    return {"this is a workbook, not text", "save the sheet as CSV UTF-8 (Comma delimited)"};
  if (bytes.starts_with("\x1F\x8B")) return {"the bytes are compressed (gzip)", "give the file as plain text"};
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {"it is empty", "a calendar without any entry is not believed"};
  if (bytes[first] == '<')
    return {"this is a web page or XML, not a calendar",
            "check the address: perhaps a sign-in or error page is served there"};
  return {};
}

struct StatusWord {
  std::string_view word;
  ItemStatus status;
};
constexpr std::array kStatusWords{
    StatusWord{"provisional", ItemStatus::provisional}, StatusWord{"tentative", ItemStatus::provisional},
    StatusWord{"confirmed", ItemStatus::confirmed},     StatusWord{"postponed", ItemStatus::postponed},
    StatusWord{"cancelled", ItemStatus::cancelled},     StatusWord{"canceled", ItemStatus::cancelled},
    StatusWord{"published", ItemStatus::published}};

ItemStatus item_status_of(ReleaseStatus s) {
  switch (s) {
    case ReleaseStatus::provisional:
      return ItemStatus::provisional;
    case ReleaseStatus::confirmed:
      return ItemStatus::confirmed;
    case ReleaseStatus::cancelled:
      return ItemStatus::cancelled;
  }
  return ItemStatus::confirmed;
}

}  // namespace

TextPlaces::TextPlaces(std::string_view text)
    : text_{text}, begin_{text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0}, offset_{begin_} {}

YamlPos TextPlaces::of(std::size_t offset) {
  if (offset < offset_) {
    offset_ = begin_;
    at_ = {1, 1};
  }
  for (const std::size_t end = std::min(offset, text_.size()); offset_ < end; ++offset_) {
    if (text_[offset_] == '\n')
      at_ = {at_.line + 1, 1};
    else if ((static_cast<unsigned char>(text_[offset_]) & 0xC0U) != 0x80U)
      ++at_.column;
  }
  return at_;
}

std::string as_one_line(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  std::string line{text.substr(first, text.find_last_not_of(kBlanks) - first + 1)};
  std::replace_if(line.begin(), line.end(), [](char c) { return c == '\t' || c == '\r' || c == '\n'; }, ' ');
  return line;
}

std::optional<ItemStatus> item_status_from(std::string_view word) {
  std::string lower;
  for (const char c : word.substr(0, 20)) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto* const found =
      std::find_if(kStatusWords.begin(), kStatusWords.end(), [&](const StatusWord& w) { return w.word == lower; });
  if (found == kStatusWords.end()) return std::nullopt;
  return found->status;
}

ReleaseStatus release_status_of(ItemStatus s) {
  switch (s) {
    case ItemStatus::provisional:
      return ReleaseStatus::provisional;
    case ItemStatus::cancelled:
      return ReleaseStatus::cancelled;
    case ItemStatus::confirmed:
    case ItemStatus::postponed:
    case ItemStatus::published:
      return ReleaseStatus::confirmed;
  }
  return ReleaseStatus::confirmed;
}

Due month_of_due(Due due) {
  if (!due.at) return due;
  const std::string day = local_date(*due.at, due.zone);  // "25 April 2018"
  const auto month = read_spoken_due(std::string_view{day}.substr(day.find(' ') + 1), due.zone);
  due.at.reset();
  due.precision = DuePrecision::month;
  if (month) {
    due.period_begin = month->period_begin;
    due.period_end = month->period_end;
  }
  return due;
}

std::string settle_item(CalendarItem& item, bool is_status_given) {
  const bool is_month = item.due.precision == DuePrecision::month;
  if (is_month && !is_status_given) item.status = ItemStatus::provisional;
  if (item.status == ItemStatus::provisional) item.due = month_of_due(std::move(item.due));
  if (is_month && item.status == ItemStatus::confirmed)
    return in_quotes(item.due.as_given) + " has no day, so it cannot be confirmed";
  return {};
}

Checked<std::vector<std::string>> PlainSource::take(const std::string& url, std::string_view bytes) {
  if (stage_ != Stage::fresh) {
    faults_.add({}, "a second page came (" + in_quotes(url) + ") for a source of one page");
  } else if (bytes.size() > kLargestSource) {
    faults_.add({}, "larger than " + std::to_string(kLargestSource >> 20U) + " MB", "split it into several sources");
  } else if (const ForeignBytes foreign = foreign_bytes(bytes); !foreign.what.empty()) {
    faults_.add({1, 1}, std::string{foreign.what}, std::string{foreign.to_do});
  } else if (const auto bad = invalid_utf8(bytes)) {
    faults_.add(TextPlaces{bytes}.of(*bad), "the text is not UTF-8 from here on; it seems to be windows-1252",
                "save it as UTF-8; in Excel choose CSV UTF-8 (Comma delimited)");
  } else if (const std::size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    faults_.add(TextPlaces{bytes}.of(nul), "a NUL byte stands here, so this is not text", "check the address");
  } else {
    read(bytes);
  }
  stage_ = faults_.empty() ? Stage::taken : Stage::void_;
  if (stage_ == Stage::void_) {
    calendar_ = {};
    return tl::unexpected<Faults>{faults_.take()};
  }
  return std::vector<std::string>{};
}

Checked<Calendar> PlainSource::finish() {
  const auto refuse = [&](std::string what, std::string to_do) {
    return tl::unexpected<Faults>{Faults{{Errc::invalid_input, context_.where, std::move(what), std::move(to_do)}}};
  };
  if (stage_ != Stage::taken) return refuse("nothing was read from it", "");
  if (calendar_.items.empty() && !may_be_empty())
    return refuse("no entry is in it", "a calendar without any entry is not believed");
  return std::move(calendar_);
}

void PlainSource::add_note(YamlPos at, const std::string& text) {
  constexpr std::size_t kMostNotes = 1000;
  if (calendar_.notes.size() < kMostNotes) calendar_.notes.push_back(to_string(faults_.mark(at)) + ": " + text);
}

void PlainSource::add_item(CalendarItem item) {
  const YamlPos at{item.where.line, item.where.column};
  if (calendar_.items.size() >= kMostItems) {
    if (!is_full_) faults_.add(at, "more than " + std::to_string(kMostItems) + " entries", "split it");
    is_full_ = true;
    return;
  }
  if (const auto [first, is_new] = keys_.emplace(item.key, at); !is_new) {
    faults_.add(at,
                in_quotes(item.key) + " is the key of two entries, first in line " + std::to_string(first->second.line),
                "give each entry an id of its own");
    return;
  }
  calendar_.items.push_back(std::move(item));
}

void PlainSource::add_releases(SchedulePart part) {
  for (std::size_t i = 0; i < part.schedule.releases.size(); ++i) {
    const Release& release = part.schedule.releases[i];
    if (release.id.empty()) continue;  // its fault is told
    CalendarItem item;
    item.key = item.release = release.id;
    item.title = release.title;
    // Only what is public anyway: an item is shown to people, and the other addresses are embargoed.
    for (const Target& t : release.targets)
      if (t.role == Role::announcement && item.url.empty()) item.url = t.url.text;
    item.status = item_status_of(release.status);
    item.due = release.due;
    item.where = part.id_marks[i];
    item.path = "releases[" + std::to_string(i) + "]";
    add_item(std::move(item));
  }
  for (auto& note : part.schedule.notes) calendar_.notes.push_back(std::move(note));
  for (auto& release : part.schedule.releases) calendar_.releases.push_back(std::move(release));
}

}  // namespace embargod
