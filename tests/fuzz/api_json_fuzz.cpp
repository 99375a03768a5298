// The readers of public JSON APIs. Input: a letter for the API (o, g, e), then pages divided by a line "---". The first
// comes from a site, or from a file if the letter is a capital.
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/sources/source.h"
#include "config/text_checks.h"
#include "config/types/url.h"

namespace {

using namespace embargod;

void must(bool promise) {
  if (!promise) std::abort();
}

std::vector<std::string_view> pages_of(std::string_view input) {
  constexpr std::string_view kDivider = "\n---\n";
  std::vector<std::string_view> pages;
  for (;;) {
    const auto end = input.find(kDivider);
    pages.push_back(input.substr(0, end));
    if (end == std::string_view::npos) return pages;
    input.remove_prefix(end + kDivider.size());
  }
}

void check_calendar(const Calendar& calendar) {
  must(!calendar.items.empty() && calendar.items.size() <= kMostItems);
  std::set<std::string> keys;
  for (const CalendarItem& item : calendar.items) {
    must(!item.key.empty() && keys.insert(item.key).second);
    must(!not_one_line(item.title) && !item.title.empty());
    must(!not_one_line(item.reason));
    must(parse_url(item.url).has_value());
    must(item.status != ItemStatus::provisional || !item.due.at);
    must(item.due.period_begin.has_value() == item.due.period_end.has_value());
    must(item.due.at || item.due.precision == DuePrecision::month);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const std::vector<Profile> profiles;
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  const auto pages = pages_of(input.substr(1));
  SourceContext context{.name = "calendar", .where = "calendar", .zone = "Europe/London", .profiles = profiles};
  const char api = static_cast<char>(input[0] | 0x20);
  const bool is_file = input[0] == 'O' || input[0] == 'G' || input[0] == 'E';
  const auto reader = api == 'o'   ? make_ons_source(std::move(context))
                      : api == 'g' ? make_govuk_source(std::move(context))
                                   : make_ees_source(std::move(context));
  std::deque<std::string> wanted{is_file ? "calendar.json" : "https://api.example.org/list?limit=2"};
  for (std::size_t taken = 0; !wanted.empty(); ++taken) {
    must(taken < kMostPages);
    const auto more = reader->take(wanted.front(), pages[taken % pages.size()]);
    if (!more) {
      must(!more.error().empty());
      must(!reader->finish());
      return 0;
    }
    wanted.pop_front();
    for (const std::string& url : *more) {
      must(!is_file && parse_url(url).value().site() == "api.example.org");
      wanted.push_back(url);
    }
  }
  if (const auto calendar = reader->finish()) check_calendar(*calendar);
  return 0;
}
