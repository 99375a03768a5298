#include "probes/evidence.h"

#include <algorithm>
#include <array>

#include "probes/edition_finder.h"
#include "probes/html.h"
#include "probes/magic.h"

namespace embargod {
namespace {

/// Kinds whose bytes leave no doubt, so that nothing about a page or JSON can hold of them.
bool is_binary_kind(std::string_view kind) {
  constexpr std::array<std::string_view, 11> kKinds{"pdf", "zip",  "xlsx", "ods",  "docx", "odt",
                                                    "xls", "gzip", "png",  "jpeg", "gif"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

}  // namespace

std::string without_scheme(const Url& url) { return url.site() + url.path_query; }

Evidence::Evidence(const Observation& o, const EditionFinder* finder, const Edition* embargoed)
    : seen{o}, finder_{finder}, embargoed_{embargoed} {}

const std::string& Evidence::magic() {
  if (!magic_) magic_ = magic_of(seen.body);
  return *magic_;
}

Evidence::Body Evidence::body() {
  if (body_) return *body_;
  if (seen.body.empty()) {
    body_ = Body::empty;
  } else if (is_binary_kind(magic())) {
    body_ = Body::binary;
  } else if (looks_like_html(seen.content_type, seen.body)) {
    page_ = Page::parse(seen.body, seen.content_type);
    body_ = page_ ? Body::html : Body::broken_html;
  } else {
    body_ = Body::text;
  }
  return *body_;
}

const Page* Evidence::page() { return body() == Body::html ? &*page_ : nullptr; }

const JsonBody* Evidence::json() {
  if (!json_read_) {
    json_read_ = true;
    if (!seen.body.empty()) json_ = JsonBody::parse(seen.body);
  }
  return json_ ? &*json_ : nullptr;
}

std::optional<std::string_view> Evidence::visible() {
  switch (body()) {
    case Body::empty:
    case Body::binary:
      return std::string_view{};
    case Body::html:
      return std::string_view{page_->visible_text()};
    case Body::text:
      return std::string_view{seen.body};
    case Body::broken_html:
      return std::nullopt;
  }
  return std::nullopt;
}

const std::vector<std::string>* Evidence::links() {
  read_links();
  return links_readable_ ? &links_ : nullptr;
}

void Evidence::read_links() {
  if (links_read_) return;
  links_read_ = true;
  if (seen.body.empty() || is_binary_kind(magic()) || !looks_like_html(seen.content_type, seen.body)) {
    links_readable_ = true;
    return;
  }
  const auto page = parse_url(seen.final_url.empty() ? seen.url : seen.final_url);
  if (!page) return;
  const auto links = links_of(seen.body, *page);
  if (!links) return;
  links_readable_ = true;
  for (const Url& url : *links) links_.push_back(without_scheme(url));
}

const std::string& Evidence::site() {
  read_addresses();
  return site_;
}

const std::string& Evidence::asked_site() {
  read_addresses();
  return asked_site_;
}

const std::string& Evidence::final_place() {
  read_addresses();
  return final_place_;
}

const std::vector<std::string>& Evidence::redirects() {
  read_addresses();
  return redirects_;
}

void Evidence::read_addresses() {
  if (addresses_read_) return;
  addresses_read_ = true;
  auto here = parse_url(seen.url);
  if (here) asked_site_ = here->site();
  if (const auto end = parse_url(seen.final_url.empty() ? seen.url : seen.final_url)) {
    site_ = end->site();
    final_place_ = without_scheme(*end);
  }
  for (const Hop& hop : seen.hops) {
    if (!here) return;
    here = resolve(*here, hop.location);
    if (here) redirects_.push_back(without_scheme(*here));
  }
}

const EditionSeen& Evidence::edition() {
  if (edition_) return *edition_;
  edition_.emplace();
  if (finder_ == nullptr) return *edition_;
  *edition_ = finder_->find(*this);
  if (edition_->edition && embargoed_ != nullptr) edition_->order = compare_editions(*edition_->edition, *embargoed_);
  return *edition_;
}

}  // namespace embargod
