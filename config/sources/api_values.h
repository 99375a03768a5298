#pragma once
// Values of a JSON page as calendars need them: with their path, held to one rule for dates and addresses. Pure; one
// thread.

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/release.h"
#include "config/sources/json_pages.h"
#include "config/types/result.h"
#include "config/types/url.h"

namespace embargod {

/// An object of a page with its path. What is absent or null reads as empty; what has another type is a fault. Borrows.
class ApiObject {
 public:
  ApiObject(const nlohmann::json& value, std::string path, ApiReading& reading);

  [[nodiscard]] const std::string& path() const { return path_; }
  /// "releases[3].uri"
  [[nodiscard]] std::string name(const char* key) const;
  [[nodiscard]] bool has(const char* key) const { return find(key) != nullptr; }
  [[nodiscard]] std::string text(const char* key) const;  // byte for byte
  [[nodiscard]] std::string line(const char* key) const;  // as one printable line of at most 1000 bytes
  [[nodiscard]] bool flag(const char* key) const;
  [[nodiscard]] std::optional<std::size_t> count(const char* key) const;
  /// A whole number, or one in quotes as some APIs write it; an empty text is absent.
  [[nodiscard]] std::optional<int> number_or_text(const char* key) const;
  [[nodiscard]] ApiObject object(const char* key) const;
  [[nodiscard]] const nlohmann::json* list(const char* key) const;  // nullptr: absent or faulty

 private:
  [[nodiscard]] const nlohmann::json* find(const char* key) const;  // nullptr: absent or null

  const nlohmann::json* value_;  // nullptr: reads as an empty object
  std::string path_;
  ApiReading* reading_;
};

/// "2026-06-10T09:30:00+01:00" or `Z`; a date alone is 09:30 assumed. Error invalid_input also for a time without
/// offset: an API that leaves it out may mean UTC or local time.
[[nodiscard]] Result<Due> read_api_due(const std::string& text, const std::string& zone);

/// read_spoken_due() of `text` with its blanks set right; as_given stays as it was.
[[nodiscard]] Result<Due> read_shown_due(const std::string& text, const std::string& zone);

/// What is left of a due that is only provisional: its local month, where it names a day or an instant.
[[nodiscard]] Result<Due> without_instant(const Due& due);

/// No date is known: month precision without a period.
[[nodiscard]] Due no_due(const std::string& zone);

/// The number behind `name=` in the query of `url`.
[[nodiscard]] std::optional<std::size_t> query_number(const Url& url, std::string_view name);

/// `url` with `name=` set to `number` in its query, all else byte for byte.
[[nodiscard]] std::string with_query_number(const Url& url, std::string_view name, std::size_t number);

/// The root of the public site whose entries a source lists: `usual` for a file and for a URL on `usual_hosts` (or
/// below them), else the site of the URL, as on a test site.
[[nodiscard]] Url public_site(const std::string& source_url, const char* usual,
                              const std::vector<std::string>& usual_hosts);

}  // namespace embargod
