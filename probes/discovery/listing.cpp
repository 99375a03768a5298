#include "probes/discovery/listing.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "probes/discovery/feed.h"
#include "probes/expression.h"
#include "probes/html.h"
#include "probes/json_value.h"
#include "probes/page.h"
#include "probes/page_words.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestStated = 200;

/// The four places of an HTML or JSON listing, with what stands for those that the config leaves out.
std::string place_or(const MarkedText& given, const char* otherwise) {
  return given.text.empty() ? otherwise : given.text;
}

std::string cut_to(std::string text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
  text.resize(most);
  return text;
}

}  // namespace

struct ListingReader::Inner {
  DiscoveryListing settings;
  std::string site;                   // host of the canonical address
  std::vector<XPath> paths;           // html: item, link, title, date
  std::vector<std::string> pointers;  // json: the same
  bool has_date = false;
  std::vector<Expression> likenesses;

  void compile_places(Faults& faults) {
    const DiscoveryListing& s = settings;
    has_date = !s.date.text.empty();
    const bool whole_links = s.item.text.empty();
    const std::pair<const MarkedText&, const char*> html[] = {{s.item, "//a[@href]"},
                                                              {s.link, whole_links ? "@href" : ".//a/@href"},
                                                              {s.title, whole_links ? "." : ".//a"},
                                                              {s.date, "false()"}};
    const std::pair<const MarkedText&, const char*> json[] = {
        {s.item, ""}, {s.link, "/link"}, {s.title, "/title"}, {s.date, "/date"}};
    if (s.kind == ListingKind::html)
      for (const auto& [given, otherwise] : html) {
        auto path = XPath::make(place_or(given, otherwise));
        if (path)
          paths.push_back(std::move(*path));
        else
          faults.push_back(
              {path.error().code, to_string(given.mark), "XPath: " + path.error().what, path.error().to_do});
      }
    if (s.kind == ListingKind::json)
      for (const auto& [given, otherwise] : json) {
        pointers.push_back(place_or(given, otherwise));
        if (!is_json_pointer(pointers.back()))
          faults.push_back({Errc::invalid_input, to_string(given.mark), "not a JSON pointer", "begin it with /"});
      }
  }

  /// What an item says, as a finding; false: it has no address.
  bool tell(const Url& base, const std::vector<std::string>& parts, const FindingSink& sink) const {
    auto address = absolute_address(base, parts[0]);
    if (!address) return false;
    Finding f;
    f.url = std::move(*address);
    f.title = cut_to(folded(parts[1]), kLongestTitle);
    if (has_date) f.stated = cut_to(folded(parts[2]), kLongestStated);
    f.elsewhere = host_of_canonical(canonical_address(f.url)) != site;
    sink(f);
    return true;
  }

  Result<ListingRead> tell_all(const Url& base, const std::vector<std::vector<std::string>>& rows,
                               const FindingSink& sink) const {
    ListingRead read;
    for (const auto& row : rows) ++(tell(base, row, sink) ? read.entries : read.skipped);
    if (read.entries > 0) return read;
    return fail(Errc::not_found, rows.empty() ? "no item is found in it" : "no item in it has an address", {},
                rows.empty() ? "check item: the site may have changed its pages" : "check link");
  }

  Result<ListingRead> read_html_listing(const Url& where, std::string_view body, std::string_view content_type,
                                        const FindingSink& sink) const {
    static const auto kBase = XPath::make("//base/@href");
    const auto page = Page::parse(body, content_type);
    if (!page) return fail(Errc::invalid_input, "the page is too large, too deep or too dense to be read");
    auto rows = page->each(paths[0], {&paths[1], &paths[2], &paths[3]}, kMostListingItems);
    if (!rows) return tl::unexpected{rows.error()};
    Url base = where;
    if (const auto given = page->find(*kBase); given && !given->empty())
      if (auto url = resolve(where, given->front())) base = std::move(*url);
    return tell_all(base, *rows, sink);
  }

  Result<ListingRead> read_json_listing(const Url& where, std::string_view body, const FindingSink& sink) const {
    const auto json = JsonBody::parse(body);
    if (!json) return fail(Errc::invalid_input, "this is no JSON, or over 8 MB, too deep or too dense");
    const auto rows = json->each(pointers[0], {pointers[1], pointers[2], pointers[3]}, kMostListingItems);
    if (!rows)
      return fail(Errc::not_found, "nothing, or no list, stands at the pointer of its items", {}, "check item");
    return tell_all(where, *rows, sink);
  }
};

ListingReader::ListingReader() : inner_{std::make_unique<Inner>()} {}
ListingReader::ListingReader(ListingReader&&) noexcept = default;
ListingReader& ListingReader::operator=(ListingReader&&) noexcept = default;
ListingReader::~ListingReader() = default;

Checked<ListingReader> ListingReader::make(const DiscoveryListing& settings) {
  ListingReader reader;
  Inner& in = *reader.inner_;
  in.settings = settings;
  in.site = host_of_canonical(canonical_address(settings.url.text));
  Faults faults;
  in.compile_places(faults);
  for (const MarkedText& like : settings.release_like) {
    auto made = Expression::make(like.text, Charset::utf8, like.mark);
    if (made)
      in.likenesses.push_back(std::move(*made));
    else
      faults.push_back(made.error());
  }
  if (!faults.empty()) return tl::unexpected{std::move(faults)};
  return reader;
}

const DiscoveryListing& ListingReader::settings() const { return inner_->settings; }

std::size_t ListingReader::most_bytes() const {
  switch (inner_->settings.kind) {
    case ListingKind::sitemap:
      return kLargestSitemap;
    case ListingKind::feed:
      return kLargestFeed;
    case ListingKind::html:
    case ListingKind::json:
      return kLargestHtml;
  }
  return kLargestHtml;
}

Result<ListingRead> ListingReader::read(const Url& document, std::string_view body, std::string_view content_type,
                                        const FindingSink& sink) const {
  switch (inner_->settings.kind) {
    case ListingKind::sitemap:
      return read_sitemap(document, body, sink);
    case ListingKind::feed:
      return read_feed(document, body, sink);
    case ListingKind::html:
      return inner_->read_html_listing(document, body, content_type, sink);
    case ListingKind::json:
      return inner_->read_json_listing(document, body, sink);
  }
  return fail(Errc::unsupported, "a kind of listing that is not read");
}

bool ListingReader::looks_like_release(const Finding& f) const {
  return !f.elsewhere && std::any_of(inner_->likenesses.begin(), inner_->likenesses.end(),
                                     [&](const Expression& e) { return e.found_in(f.url); });
}

}  // namespace embargod
