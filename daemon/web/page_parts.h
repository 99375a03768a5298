#pragma once
// What every page has. Included by the page sources alone, since it names the template library.

#include <kainjow/mustache.hpp>

#include <string>
#include <string_view>

#include "daemon/web/pages.h"

namespace embargod {

using PageData = kainjow::mustache::data;

[[nodiscard]] inline PageData page_object() { return PageData{PageData::type::object}; }
[[nodiscard]] inline PageData page_list() { return PageData{PageData::type::list}; }

/// A section that shows only if there is text: {{#name}}...{{name}}...{{/name}}.
void set_if(PageData& d, const std::string& name, const std::string& text);
void set_flag(PageData& d, const std::string& name, bool on);

/// How often the page fetches itself anew; 0 = never.
struct Refresh {
  int seconds = 0;
};

/// Fills the template `name` and the frame around it. Everything but the frame's content is escaped.
[[nodiscard]] std::string render_page(std::string_view name, const std::string& title, const PageFrame& frame,
                                      Refresh refresh, const PageData& data);

/// One incident as the lists show it.
[[nodiscard]] PageData incident_card(const Incident& i, const std::string& zone, Instant now);

}  // namespace embargod
