#include "daemon/watch/holiday_watch.h"

#include <algorithm>
#include <utility>

#include "daemon/watch/source_watch.h"

namespace embargod {
namespace {

constexpr Millis kHolidaysEvery{std::int64_t{24} * 3'600'000};
constexpr Millis kFirstHolidayRetry{60'000};

/// A nation whose days of this year were known and no longer are: such a list would turn its holidays into working
/// days.
std::optional<Nation> lost_nation(const BankHolidays& before, const BankHolidays& after, Instant now) {
  const auto year = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(now)}.year();
  for (const Nation n : kNations)
    if (before.knows(n, year) && !after.knows(n, year)) return n;
  return std::nullopt;
}

}  // namespace

void HolidayWatch::adopt(const LintSettings& lint, Millis now_ticks) {
  of_file_ = lint.bank_holidays;
  has_file_ = !lint.bank_holidays_file.empty();
  const auto parsed = lint.bank_holidays_url.empty() ? std::nullopt : std::optional{parse_url(lint.bank_holidays_url)};
  const std::optional<Url> url = parsed && *parsed ? std::optional<Url>{**parsed} : std::nullopt;
  if (url == url_) return;
  url_ = url;
  token_ = 0;
  failures_ = 0;
  fault_.clear();
  next_ = url_ ? std::optional{now_ticks} : std::nullopt;
  if (!url_) forget();
}

/// Nobody keeps the list up to date any more.
void HolidayWatch::forget() {
  fetched_.reset();
  if (!last_success_) return;
  news().kept.reset();
  news().dropped.push_back(*std::exchange(last_success_, std::nullopt));
}

void HolidayWatch::restore(const std::vector<SourceReading>& readings) {
  for (const SourceReading& r : readings) {
    if (r.source != kHolidaySource || last_success_) continue;
    last_success_ = r.fetched;
    if (!url_) return forget();
    if (r.pages.empty()) continue;
    if (auto list = read_bank_holidays(r.pages.front().bytes, kHolidaySource)) fetched_ = std::move(*list);
  }
}

std::optional<ProbeRequest> HolidayWatch::take_due(Millis now_ticks, std::uint64_t& tokens) {
  if (!next_ || *next_ > now_ticks) return std::nullopt;
  next_.reset();
  token_ = ++tokens;
  return ProbeRequest{.token = token_,
                      .target = "bank holidays",
                      .url = *url_,
                      .urgency = Urgency::routine,
                      .route = Route::plain,
                      .max_body = kLargestBankHolidays};
}

bool HolidayWatch::finished(const Observation& o, Millis now_ticks) {
  if (token_ == 0 || o.token != token_) return false;
  token_ = 0;
  const bool is_first = !last_success_;
  const std::optional<Fault> fault = take(o);
  const std::string text = fault ? to_string(*fault) : std::string{};
  News& news = this->news();
  news.is_told = news.is_told || text != fault_ || (is_first && !fault);
  news.fault = fault_ = text;
  failures_ = fault ? failures_ + 1 : 0;
  // After a failure sooner, and then ever later, up to a day.
  next_ = now_ticks +
          (fault ? std::min(kHolidaysEvery, kFirstHolidayRetry * (1 << std::min(failures_ - 1, 10))) : kHolidaysEvery);
  return true;
}

/// Unset: it is the list now.
std::optional<Fault> HolidayWatch::take(const Observation& o) {
  const std::string where = shown_address(*url_);
  if (auto fault = no_page(o, where)) return fault;
  auto list = read_bank_holidays(o.body, where);
  if (!list) return one_of(list.error());
  if (const auto lost = lost_nation(this->list(), *list, o.done))
    return Fault{Errc::conflict, where,
                 std::string{"no longer has this year's bank holidays of "} + nation_name(*lost) +
                     ", which were known until now",
                 "see whether the address is still right"};
  fetched_ = std::move(*list);
  if (last_success_ && *last_success_ != o.done) news().dropped.push_back(*last_success_);
  last_success_ = o.done;
  news().kept = SourceReading{kHolidaySource, o.done, {{url_->text, o.body}}};
  return std::nullopt;
}

HolidaysInUse HolidayWatch::in_use() const {
  HolidaysInUse h;
  h.from = fetched_ ? HolidaysInUse::From::url : has_file_ ? HolidaysInUse::From::file : HolidaysInUse::From::nowhere;
  h.has_url = url_.has_value();
  h.last_success = last_success_;
  h.fault = fault_;
  return h;
}

HolidayWatch::News& HolidayWatch::news() { return news_ ? *news_ : news_.emplace(); }

std::optional<HolidayWatch::News> HolidayWatch::take_news() { return std::exchange(news_, std::nullopt); }

}  // namespace embargod
