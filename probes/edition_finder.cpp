#include "probes/edition_finder.h"

namespace embargod {

EditionFinder EditionFinder::make(const std::vector<EditionSource>& sources, Faults& faults) {
  EditionFinder finder;
  for (const EditionSource& source : sources) {
    Place place{source, std::nullopt, std::nullopt};
    const auto refuse = [&](std::string what, std::string to_do) {
      faults.push_back({Errc::invalid_input, to_string(source.mark), std::move(what), std::move(to_do)});
    };
    if (source.xpath.empty() && source.json.empty() && source.header.empty() && source.regex.empty())
      refuse("the place of the edition is empty",
             "write {xpath: \"//h1\"}, {json: /title}, {header: X} or {regex: ...}");
    if (!source.xpath.empty()) {
      if (auto xpath = XPath::make(source.xpath))
        place.xpath = std::move(*xpath);
      else
        refuse(xpath.error().what, xpath.error().to_do);
    }
    if (!source.json.empty() && !is_json_pointer(source.json))
      refuse("the place of the edition is not a JSON pointer", "write it like /details/title (RFC 6901)");
    if (!source.regex.empty()) {
      auto regex = Expression::make(source.regex, source.header.empty() ? Charset::utf8 : Charset::bytes, source.mark);
      if (!regex)
        faults.push_back(regex.error());
      else if (regex->groups() != 1)
        refuse("the regular expression of an edition needs one group", "put ( ) around what names the edition");
      else
        place.regex = std::move(*regex);
    }
    finder.places_.push_back(std::move(place));
  }
  return finder;
}

std::optional<std::string> EditionFinder::text_at(const Place& place, Evidence& e, bool& unreadable) {
  const EditionSource& s = place.source;
  if (place.xpath) {
    if (e.body() == Evidence::Body::broken_html) unreadable = true;
    if (e.page() == nullptr) return std::nullopt;
    const auto found = e.page()->find(*place.xpath);
    if (!found) unreadable = true;
    if (!found || found->empty()) return std::nullopt;
    return found->front();
  }
  if (!s.json.empty()) return e.json() == nullptr ? std::nullopt : e.json()->at(s.json);
  if (!s.header.empty()) {
    const std::string* value = find_header(e.seen, s.header);
    return value == nullptr ? std::nullopt : std::optional{*value};
  }
  const auto text = e.visible();
  if (!text) unreadable = true;
  return text ? std::optional{std::string{*text}} : std::nullopt;
}

EditionSeen EditionFinder::find(Evidence& e) const {
  EditionSeen seen;
  for (const Place& place : places_) {
    auto text = text_at(place, e, seen.unreadable);
    if (text && place.regex) text = place.regex->capture(*text);
    if (text) seen.edition = read_edition(*text);
    if (seen.edition) {
      seen.unreadable = false;
      return seen;
    }
  }
  return seen;
}

}  // namespace embargod
