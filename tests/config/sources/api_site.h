#pragma once
// A site of pages made by hand, and a reading of it from the first page to the last.

#include <map>
#include <memory>
#include <string>

#include "config/settings_reader.h"
#include "config/sources/source.h"

namespace embargod {

using ApiPages = std::map<std::string, std::string>;  // URL to bytes

inline std::unique_ptr<SourceReader> make_api_source(SourceFormat format, const std::string& where,
                                                     const std::string& zone = "Europe/London") {
  static const std::vector<Profile> profiles;
  SourceContext context{.name = "calendar", .where = where, .zone = zone, .profiles = profiles};
  switch (format) {
    case SourceFormat::ons:
      return make_ons_source(std::move(context));
    case SourceFormat::govuk:
      return make_govuk_source(std::move(context));
    case SourceFormat::ees:
      return make_ees_source(std::move(context));
    case SourceFormat::yaml:
      return make_yaml_source(std::move(context));
    case SourceFormat::ics:
      return make_ics_source(std::move(context));
    case SourceFormat::csv:
    case SourceFormat::json:
      break;
  }
  return nullptr;
}

/// Reads `first` and every page that is asked for. A page that is not there reads as empty bytes.
inline Checked<Calendar> read_api_pages(SourceReader& reader, const std::string& first, const ApiPages& pages) {
  std::vector<std::string> wanted{first};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto page = pages.find(wanted[i]);
    auto more = reader.take(wanted[i], page == pages.end() ? std::string{} : page->second);
    if (!more) return tl::unexpected<Faults>{std::move(more.error())};
    wanted.insert(wanted.end(), more->begin(), more->end());
  }
  return reader.finish();
}

/// "https://api.example.org/list?x=1" as notes and faults call it.
inline std::string where_of(const std::string& url) { return url.substr(0, url.find('?')); }

}  // namespace embargod
