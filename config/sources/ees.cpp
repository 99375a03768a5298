// The next release of one publication of the Department for Education's statistics service, /api/publications/<slug>.

#include <nlohmann/json.hpp>

#include "config/sources/api_values.h"
#include "config/sources/json_pages.h"
#include "config/sources/source.h"
#include "config/sources/spoken_dates.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr const char* kEesAddress =
    "use the address of one publication on the content host: /api/publications/<publication>";

class EesSource final : public SourceReader {
 public:
  explicit EesSource(SourceContext context) : context_{std::move(context)}, reading_{context_.where} {}

  Checked<std::vector<std::string>> take(const std::string& url, std::string_view bytes) override {
    const auto page = reading_.open(url, bytes, "");
    if (page) read_publication(ApiObject{*page, "", reading_}, url);
    return reading_.turn();
  }

  Checked<Calendar> finish() override {
    return reading_.finish({Errc::invalid_input, "", "nextReleaseDate is empty: no next release is announced",
                            "once the publication is finished, delete this source"});
  }

 private:
  void read_publication(const ApiObject& page, const std::string& url) {
    const std::string slug = page.line("slug");
    CalendarItem item;
    item.title = page.line("title");
    if (slug.empty() || item.title.empty()) {
      if (!reading_.has_faults()) reading_.fault(slug.empty() ? "slug" : "title", "is missing", kEesAddress);
      return;
    }
    if (!page.has("nextReleaseDate")) return;
    // The date moves on to the next edition once one is out: with the newest edition in its key, that is a new entry
    // and not a change of the old one.
    const std::string latest = page.object("latestRelease").line("slug");
    item.key = latest.empty() ? slug : slug + "/after/" + latest;
    const Url site = public_site(url, "https://explore-education-statistics.service.gov.uk/",
                                 {"explore-education-statistics.service.gov.uk"});
    const auto address = resolve(site, "/find-statistics/" + slug);
    if (!address) {
      reading_.fault("slug", in_quotes(slug) + " is no name of a page");
      return;
    }
    item.url = address->text;
    if (read_partial(page.object("nextReleaseDate"), item)) reading_.add(std::move(item), "nextReleaseDate");
  }

  bool read_partial(const ApiObject& date, CalendarItem& item) {
    const auto year = date.number_or_text("year");
    const auto month = date.number_or_text("month");
    const auto day = date.number_or_text("day");
    if (reading_.has_faults()) return false;
    if (!year) {
      reading_.fault(date.name("year"), "is missing");
      return false;
    }
    if (day && !month) {
      reading_.fault(date.name("month"), "is missing, though a day is given");
      return false;
    }
    std::string as_given = std::to_string(*year);
    for (const auto& part : {month, day})
      if (part) as_given += (*part < 10 ? "-0" : "-") + std::to_string(*part);
    auto due = partial_due(*year, month, day, context_.zone, as_given);
    if (!due) {
      reading_.fault(date.path(), due.error().what, due.error().to_do);
      return false;
    }
    item.due = std::move(*due);
    item.status = item.due.at ? ItemStatus::confirmed : ItemStatus::provisional;
    return true;
  }

  SourceContext context_;
  ApiReading reading_;
};

}  // namespace

std::unique_ptr<SourceReader> make_ees_source(SourceContext context) {
  return std::make_unique<EesSource>(std::move(context));
}

}  // namespace embargod
