// Statistics announcements of GOV.UK: /api/search.json gives the list, /api/content/<path> each entry with its date.
// Also one content JSON by itself and, in a file, a list of them.

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "config/sources/api_values.h"
#include "config/sources/json_pages.h"
#include "config/sources/source.h"
#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr std::string_view kAnnouncements = "/government/statistics/announcements/";
constexpr const char* kGovukAddress =
    "use /api/search.json?filter_format=statistics_announcement with filters, or /api/content/<path of an "
    "announcement>";

/// A path as GOV.UK makes them; anything else is not asked for.
bool is_plain_path(std::string_view path) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"/-_.~%"}.find(c) != std::string_view::npos;
  };
  return path.starts_with('/') && path.size() <= 1000 && path.find("//") == std::string_view::npos &&
         path.find("..") == std::string_view::npos && std::all_of(path.begin(), path.end(), is_plain);
}

class GovukSource final : public SourceReader {
 public:
  explicit GovukSource(SourceContext context)
      : context_{std::move(context)}, reading_{context_.where}, site_{parse_url("https://www.gov.uk/").value()} {}

  Checked<std::vector<std::string>> take(const std::string& url, std::string_view bytes) override {
    const bool is_first = reading_.pages() == 0;
    if (is_first) {
      site_ = public_site(url, "https://www.gov.uk/", {"www.gov.uk"});
      is_file_ = !parse_url(url);
    }
    const auto asked = asked_.find(url);
    if (asked != asked_.end()) {
      const auto page = reading_.open(url, bytes, asked->second.path);
      if (page) read_document(ApiObject{*page, "", reading_}, &asked->second);
    } else {
      const auto page = reading_.open(url, bytes, is_first ? "" : "page " + std::to_string(++lists_));
      if (page) read_list_or_document(*page, url, is_first);
    }
    return reading_.turn();
  }

  Checked<Calendar> finish() override {
    reading_.leave_pages();
    if (others_ > 0)
      reading_.note("", "results left out because they are no announcements: " + std::to_string(others_));
    return reading_.finish({Errc::invalid_input, "", "lists no announcement at all",
                            "an empty calendar is taken for an error: GOV.UK gives no results for a misspelt "
                            "organisation or filter, so check the URL"});
  }

 private:
  struct Asked {
    std::string path;   // "/government/statistics/announcements/x"
    std::string title;  // as the list gave it
    std::size_t rank;
  };

  void read_list_or_document(const nlohmann::json& json, const std::string& url, bool is_first) {
    if (json.is_array() && is_first && is_file_) {
      for (std::size_t i = 0; i < json.size(); ++i)
        read_document(ApiObject{json[i], "[" + std::to_string(i) + "]", reading_}, nullptr);
      return;
    }
    const ApiObject page{json, "", reading_};
    if (page.has("results"))
      read_list(page, url);
    else if (is_first && page.has("document_type"))
      read_document(page, nullptr);
    else if (!reading_.has_faults())
      reading_.fault("", "is neither a search result nor a content document", kGovukAddress);
  }

  void read_list(const ApiObject& page, const std::string& url) {
    const auto* results = page.list("results");
    const auto total = page.count("total");
    if (!total && !reading_.has_faults()) reading_.fault("total", "is missing", kGovukAddress);
    if (results == nullptr || reading_.has_faults()) return;
    const auto address = parse_url(url);
    if (!address) {
      if (!results->empty())
        reading_.fault("results", "a saved list has no dates: they stand in the content document of each entry",
                       "save those documents as one list [{...}, {...}], or give the URL of the list");
      return;
    }
    const std::size_t known = listed_.size();
    for (std::size_t i = 0; i < results->size(); ++i)
      read_result(ApiObject{(*results)[i], "results[" + std::to_string(i) + "]", reading_});
    turn_page(*address, results->size(), *total, listed_.size() > known);
  }

  void read_result(const ApiObject& result) {
    const std::string link = result.text("link");
    const bool is_new = listed_.insert(link).second;
    if (!link.starts_with(kAnnouncements)) {
      if (is_new) ++others_;
      return;
    }
    if (!is_plain_path(link)) {
      reading_.fault(result.name("link"), in_quotes(link) + " is no path of an announcement");
      return;
    }
    if (!is_new) return;  // the list moved while it was read
    const std::string document = site_.text + "api/content" + link;
    asked_.emplace(document, Asked{link, result.line("title"), asked_.size()});
    reading_.ask(document);
  }

  void turn_page(const Url& url, std::size_t size, std::size_t total, bool has_new) {
    if (reading_.has_faults()) return;
    const std::size_t start = query_number(url, "start").value_or(0);
    if (lists_ == 1) first_start_ = start;
    // Each entry costs a request: better refused at once than in the middle.
    if (total - std::min(total, first_start_) >= kMostPages) {
      reading_.fault("total",
                     std::to_string(total) + " results need a request each, more than the " +
                         std::to_string(kMostPages) + " that are made",
                     "add filter_organisations or filter_release_timestamp=from:... to the URL");
    } else if (size > 0 && !has_new) {
      reading_.fault("", "repeats what came before, as if start=" + std::to_string(start) + " were not heeded",
                     "read it again later; if it stays so, tell who runs it");
    } else if (start + size < total) {
      if (size == 0)
        reading_.fault("", "is empty at " + std::to_string(start) + " of " + std::to_string(total) + " results",
                       "check count= in the URL, or read it again later");
      else
        reading_.ask(with_query_number(url, "start", start + size));
    }
  }

  void read_document(const ApiObject& document, const Asked* asked) {
    CalendarItem item;
    const std::string base = document.line("base_path");
    item.key = asked != nullptr ? asked->path : base;
    if (!is_plain_path(item.key)) {
      reading_.fault(document.name("base_path"), base.empty() ? "is missing" : in_quotes(base) + " is no path",
                     kGovukAddress);
      return;
    }
    item.title = document.line("title");
    if (item.title.empty() && asked != nullptr) item.title = asked->title;
    item.url = resolve(site_, item.key).value_or(site_).text;
    const std::string type = document.text("document_type");
    if (document.text("schema_name") == "statistics_announcement" || type.ends_with("statistics_announcement")) {
      if (!read_announcement(document, item)) return;
    } else if (!read_published(document, type, item)) {
      return;
    }
    if (item.title.empty()) item.title = item.key;
    const std::string path = asked != nullptr || !document.path().empty() ? document.path() : item.key;
    reading_.add(std::move(item), path, asked != nullptr ? asked->rank : 0);
  }

  /// An announcement gives way to what it announced: by a redirect, or by the publication in its place. Neither says
  /// for when it was due.
  bool read_published(const ApiObject& document, const std::string& type, CalendarItem& item) {
    if (type == "redirect") {
      const auto* redirects = document.list("redirects");
      if (redirects != nullptr && !redirects->empty()) {
        const ApiObject first{redirects->front(), document.name("redirects") + "[0]", reading_};
        if (const auto to = resolve(site_, first.text("destination"))) item.url = to->text;
      }
    } else if (type.ends_with("official_statistics") || type == "national_statistics" ||
               type == "statistical_data_set") {
      if (const auto to = resolve(site_, document.line("base_path"))) item.url = to->text;
    } else {
      reading_.note(document.name("document_type"), in_quotes(type) + " is no announcement and says nothing of a date");
      return false;
    }
    item.status = ItemStatus::published;
    item.due = no_due(context_.zone);
    return true;
  }

  bool read_announcement(const ApiObject& document, CalendarItem& item) {
    const ApiObject details = document.object("details");
    const std::string state = details.text("state");
    if (state == "confirmed") {
      item.status = ItemStatus::confirmed;
    } else if (state == "cancelled") {
      item.status = ItemStatus::cancelled;
    } else if (state.empty()) {
      reading_.fault(details.name("state"), "is missing", kGovukAddress);
      return false;
    } else {
      item.status = ItemStatus::provisional;
      if (state != "provisional")
        reading_.note(details.name("state"), in_quotes(state) + " is not known and was taken for provisional");
    }
    if (!read_date(details, item)) return false;
    read_change(document, details, item);
    return true;
  }

  bool read_date(const ApiObject& details, CalendarItem& item) {
    const std::string display = details.text("display_date");
    const std::string stamp = details.text("release_timestamp");
    const auto shown = read_shown_due(display, context_.zone);
    const auto stamped = read_api_due(stamp, context_.zone);
    if (!stamp.empty() && !stamped) {
      reading_.fault(details.name("release_timestamp"), stamped.error().what, stamped.error().to_do);
      return false;
    }
    if (!shown && !stamped) {
      reading_.fault(details.name("display_date"), display.empty() ? "is missing" : shown.error().what,
                     display.empty() ? kGovukAddress : shown.error().to_do);
      return false;
    }
    if (!shown)
      reading_.note(details.name("display_date"), in_quotes(display) + " cannot be read; release_timestamp was taken");
    // release_timestamp is filled in also where only a month is announced.
    const bool names_a_day = shown ? shown->at.has_value() : item.status != ItemStatus::provisional;
    if (item.status == ItemStatus::provisional || !names_a_day) {
      const auto month = without_instant(shown ? *shown : *stamped);
      if (!month) {
        reading_.fault(details.name("display_date"), month.error().what, month.error().to_do);
        return false;
      }
      if (item.status == ItemStatus::confirmed) {
        reading_.note(details.name("display_date"),
                      in_quotes(display) + " names no day, though confirmed; it was taken for provisional");
        item.status = ItemStatus::provisional;
      }
      item.due = *month;
      return true;
    }
    item.due = stamped ? *stamped : *shown;
    if (shown && stamped) note_difference(details, *shown, *stamped);
    return true;
  }

  /// Readers see display_date and machines release_timestamp: what differs will go wrong for one of them.
  void note_difference(const ApiObject& details, const Due& shown, const Due& stamped) {
    const std::string& zone = context_.zone;
    const bool same = shown.precision == DuePrecision::instant
                          ? shown.at == stamped.at
                          : local_date(*shown.at, zone) == local_date(*stamped.at, zone);
    if (!same)
      reading_.note(details.name("display_date"), in_quotes(shown.as_given) + " is not what release_timestamp says, " +
                                                      local_words(*stamped.at, zone) + "; release_timestamp was taken");
  }

  void read_change(const ApiObject& document, const ApiObject& details, CalendarItem& item) {
    const bool is_cancelled = item.status == ItemStatus::cancelled;
    item.reason = details.line(is_cancelled ? "cancellation_reason" : "latest_change_note");
    const std::string previous = details.text("previous_display_date");
    if (!previous.empty()) {
      const auto former = read_shown_due(previous, context_.zone);
      if (former)
        item.former = *former;
      else
        reading_.note(details.name("previous_display_date"), former.error().what);
    }
    if (!is_cancelled && !item.former && item.reason.empty()) return;
    const ApiObject& holder = is_cancelled ? details : document;
    const char* key = is_cancelled ? "cancelled_at" : "public_updated_at";
    const std::string when = holder.text(key);
    if (when.empty()) return;
    const auto changed = parse_rfc3339(when);
    if (changed)
      item.changed = *changed;
    else
      reading_.note(holder.name(key), changed.error().what);
  }

  SourceContext context_;
  ApiReading reading_;
  Url site_;
  bool is_file_ = false;
  std::size_t lists_ = 1;
  std::size_t first_start_ = 0;
  std::size_t others_ = 0;
  std::set<std::string> listed_;        // links of the results so far
  std::map<std::string, Asked> asked_;  // content documents by URL
};

}  // namespace

std::unique_ptr<SourceReader> make_govuk_source(SourceContext context) {
  return std::make_unique<GovukSource>(std::move(context));
}

}  // namespace embargod
