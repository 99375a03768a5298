// The release calendar of the Office for National Statistics: pages of its release search, /v1/search/releases.

#include <nlohmann/json.hpp>

#include "config/sources/api_values.h"
#include "config/sources/json_pages.h"
#include "config/sources/source.h"
#include "config/text_checks.h"

namespace embargod {
namespace {

constexpr const char* kOnsReadAgain = "read it again later; if it stays so, tell who runs it";
constexpr const char* kOnsAddress =
    "use the address of the release search: /v1/search/releases?release-type=type-upcoming";

class OnsSource final : public SourceReader {
 public:
  explicit OnsSource(SourceContext context)
      : context_{std::move(context)}, reading_{context_.where}, site_{parse_url("https://www.ons.gov.uk/").value()} {}

  Checked<std::vector<std::string>> take(const std::string& url, std::string_view bytes) override {
    if (reading_.pages() == 0) site_ = public_site(url, "https://www.ons.gov.uk/", {"ons.gov.uk"});
    const std::size_t number = reading_.pages() + 1;
    const auto page = reading_.open(url, bytes, number == 1 ? "" : "page " + std::to_string(number));
    if (page) read_page(*page, url);
    return reading_.turn();
  }

  Checked<Calendar> finish() override {
    reading_.leave_pages();
    if (!reading_.has_faults() && reading_.items() > 0 && reading_.items() < promised_)
      reading_.note("", std::to_string(promised_) + " releases are promised, " + std::to_string(reading_.items()) +
                            " were given");
    return reading_.finish({Errc::invalid_input, "", "lists no release at all",
                            "an empty calendar is taken for an error: check the filters in its URL"});
  }

 private:
  void read_page(const nlohmann::json& json, const std::string& url) {
    const ApiObject page{json, "", reading_};
    const auto* releases = page.list("releases");
    if (releases == nullptr) {
      if (!reading_.has_faults()) reading_.fault("", "has no list \"releases\"", kOnsAddress);
      return;
    }
    for (std::size_t i = 0; i < releases->size(); ++i)
      read_release(ApiObject{(*releases)[i], "releases[" + std::to_string(i) + "]", reading_});
    const auto total = page.object("breakdown").count("total");
    if (!total) {
      reading_.note("", "does not say how many releases there are in all (breakdown.total)");
      return;
    }
    turn_page(url, releases->size(), *total);
  }

  /// Asks for what follows `size` entries of `total`.
  void turn_page(const std::string& url, std::size_t size, std::size_t total) {
    const auto address = parse_url(url);
    const std::size_t offset = address ? query_number(*address, "offset").value_or(0) : 0;
    if (reading_.pages() == 1) first_offset_ = offset;
    promised_ = total - std::min(total, first_offset_);
    if (total > kMostItems) {
      reading_.fault(
          "breakdown.total",
          std::to_string(total) + " releases are more than the " + std::to_string(kMostItems) + " that are read",
          "set fromDate and toDate in the URL");
    } else if (size > 0 && reading_.new_on_this_page() == 0 && !reading_.has_faults()) {
      reading_.fault("", "repeats what came before, as if offset=" + std::to_string(offset) + " were not heeded",
                     kOnsReadAgain);
    } else if (offset + size < total && address) {
      if (size == 0)
        reading_.fault("", "is empty at " + std::to_string(offset) + " of " + std::to_string(total) + " releases",
                       kOnsReadAgain);
      else
        reading_.ask(with_query_number(*address, "offset", offset + size));
    }
  }

  void read_release(const ApiObject& entry) {
    const ApiObject about = entry.object("description");
    CalendarItem item;
    item.key = entry.line("uri");
    item.title = about.line("title");
    if (item.key.empty()) reading_.fault(entry.name("uri"), "is missing");
    if (item.title.empty()) reading_.fault(about.name("title"), "is missing");
    if (const auto url = resolve(site_, item.key); url && !item.key.empty())
      item.url = url->text;
    else if (!item.key.empty())
      reading_.fault(entry.name("uri"), url.error().what);
    read_changes(entry, item);
    if (!read_date(about, item)) return;
    read_status(about, item);
    if (item.status == ItemStatus::provisional) make_provisional(about, item);
    if (!item.key.empty()) reading_.add(std::move(item), entry.path());
  }

  /// The newest change stands last.
  void read_changes(const ApiObject& entry, CalendarItem& item) {
    const auto* changes = entry.list("date_changes");
    if (changes == nullptr || changes->empty()) return;
    const std::string path = entry.name("date_changes") + "[" + std::to_string(changes->size() - 1) + "]";
    const ApiObject change{changes->back(), path, reading_};
    item.reason = change.line("change_notice");
    const std::string text = change.text("previous_date");
    if (text.empty()) return;
    const auto former = read_api_due(text, context_.zone);
    if (former)
      item.former = *former;
    else
      reading_.note(change.name("previous_date"), former.error().what);
  }

  bool read_date(const ApiObject& about, CalendarItem& item) {
    const std::string text = about.text("release_date");
    const auto due = read_api_due(text, context_.zone);
    if (due) {
      item.due = *due;
      return true;
    }
    // A provisional entry may have words alone.
    if (text.empty() && is_provisional(about) && !about.text("provisional_date").empty()) {
      item.due = no_due(context_.zone);
      return true;
    }
    if (text.empty())
      reading_.fault(about.name("release_date"), "is missing");
    else
      reading_.fault(about.name("release_date"), due.error().what, due.error().to_do);
    return false;
  }

  [[nodiscard]] static bool is_provisional(const ApiObject& about) {
    return !about.flag("cancelled") && !about.flag("published") && !about.flag("finalised");
  }

  /// The order is ONS's own: an entry may be published and cancelled at once, and then is cancelled.
  static void read_status(const ApiObject& about, CalendarItem& item) {
    const bool earlier = item.former && item.former->at && item.due.at && *item.due.at < *item.former->at;
    const bool later = item.former && item.former->at && item.due.at && *item.due.at > *item.former->at;
    if (about.flag("cancelled"))
      item.status = ItemStatus::cancelled;
    else if (about.flag("published"))
      item.status = ItemStatus::published;
    else if (!about.flag("finalised"))
      item.status = ItemStatus::provisional;
    else if (later || (about.flag("postponed") && !earlier))
      item.status = ItemStatus::postponed;
    else
      item.status = ItemStatus::confirmed;
  }

  /// Its words are what was announced; the release_date beside them is filled in by machine and never an instant.
  void make_provisional(const ApiObject& about, CalendarItem& item) {
    const std::string words = about.text("provisional_date");
    if (!words.empty()) {
      const auto shown = read_shown_due(words, context_.zone);
      const auto month = shown ? without_instant(*shown) : shown;
      if (month) {
        item.due = *month;
        return;
      }
      reading_.note(about.name("provisional_date"),
                    in_quotes(words) + " is no date that can be read" +
                        (item.due.at ? "; the month of release_date was taken" : "; no date was taken"));
    }
    if (!item.due.at) {
      item.due.as_given = words;
      return;
    }
    const auto month = without_instant(item.due);
    if (month)
      item.due = *month;
    else
      reading_.fault(about.name("release_date"), month.error().what, month.error().to_do);
  }

  SourceContext context_;
  ApiReading reading_;
  Url site_;
  std::size_t first_offset_ = 0;
  std::size_t promised_ = 0;
};

}  // namespace

std::unique_ptr<SourceReader> make_ons_source(SourceContext context) {
  return std::make_unique<OnsSource>(std::move(context));
}

}  // namespace embargod
