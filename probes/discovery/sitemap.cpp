#include "probes/discovery/sitemap.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "probes/discovery/xml_stream.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestLocation = 8'192;
constexpr std::size_t kLongestDateText = 100;

class SitemapEvents final : public XmlEvents {
 public:
  SitemapEvents(Url where, FindingSink sink)
      : where_{std::move(where)}, site_{host_of_canonical(canonical_address(where_.text))}, sink_{std::move(sink)} {}

  void start(std::string_view name, std::string_view space, const XmlAttributes&) override {
    ++depth_;
    into_ = nullptr;
    if (depth_ == 1) return root(name, space);
    const bool own = space == space_;
    if (depth_ == 2) {
      in_entry_ = own && name == (read.is_index ? "sitemap" : "url");
      for (CollectedText* part : {&location_, &changed_, &title_, &stated_}) part->clear();
    } else if (in_entry_ && own && depth_ == 3) {
      if (name == "loc") into_ = &location_;
      if (name == "lastmod") into_ = &changed_;
    } else if (in_entry_ && !own && space.find("sitemap-news") != std::string_view::npos) {
      if (name == "title") into_ = &title_;
      if (name == "publication_date") into_ = &stated_;
    }
  }
  void end(std::string_view) override {
    into_ = nullptr;
    if (depth_-- == 2 && std::exchange(in_entry_, false)) entry();
  }
  void text(std::string_view part) override {
    if (into_ != nullptr) into_->add(part);
  }
  [[nodiscard]] std::optional<Fault> refused() const override { return fault_; }

  ListingRead read;

 private:
  void root(std::string_view name, std::string_view space) {
    space_ = space;
    read.is_index = name == "sitemapindex";
    if (read.is_index || name == "urlset") return;
    const bool feed = name == "rss" || name == "feed" || name == "RDF";
    fault_ = Fault{Errc::invalid_input,
                   {},
                   feed ? "this is a feed, not a sitemap" : "the document is no sitemap: its root is no <urlset>",
                   feed ? "write kind: feed" : "check the address"};
  }

  void entry() {
    if (++seen_ > kMostSitemapUrls) {
      fault_ = Fault{Errc::invalid_input,
                     {},
                     "a sitemap of more than " + std::to_string(kMostSitemapUrls) + " URLs",
                     "split it, as sitemaps.org asks for"};
      return;
    }
    auto address = location_.is_cut() ? std::nullopt : absolute_address(where_, location_.raw());
    if (!address) {
      ++read.skipped;
      return;
    }
    const std::string canonical = canonical_address(*address);
    const bool elsewhere = host_of_canonical(canonical) != site_;
    if (read.is_index) return child(std::move(*address), elsewhere);
    finding_.url = std::move(*address);
    finding_.title = title_.line();
    finding_.stated = stated_.line();
    finding_.lastmod = changed_.line();
    finding_.elsewhere = elsewhere;
    ++read.entries;
    sink_(finding_);
  }

  void child(std::string address, bool elsewhere) {
    if (elsewhere)
      ++read.skipped;
    else if (children_.insert(address).second)
      read.children.push_back({std::move(address), changed_.line()});
  }

  Url where_;
  std::string site_;
  FindingSink sink_;
  std::string space_;
  int depth_ = 0;
  std::size_t seen_ = 0;
  bool in_entry_ = false;
  CollectedText location_{kLongestLocation}, changed_{kLongestDateText}, title_{kLongestTitle},
      stated_{kLongestDateText};
  CollectedText* into_ = nullptr;
  Finding finding_;
  std::unordered_set<std::string> children_;
  std::optional<Fault> fault_;
};

}  // namespace

struct SitemapParser::Inner {
  SitemapEvents events;
  XmlStream stream;

  Inner(Url where, FindingSink sink) : events{std::move(where), std::move(sink)}, stream{events, kLargestSitemap} {}
};

SitemapParser::SitemapParser(Url where, FindingSink sink)
    : inner_{std::make_unique<Inner>(std::move(where), std::move(sink))} {}
SitemapParser::SitemapParser(SitemapParser&&) noexcept = default;
SitemapParser& SitemapParser::operator=(SitemapParser&&) noexcept = default;
SitemapParser::~SitemapParser() = default;

Result<void> SitemapParser::take(std::string_view chunk) { return inner_->stream.take(chunk); }

Result<ListingRead> SitemapParser::finish() {
  if (auto whole = inner_->stream.finish(); !whole) return tl::unexpected{whole.error()};
  return std::move(inner_->events.read);
}

Result<ListingRead> read_sitemap(const Url& where, std::string_view bytes, const FindingSink& sink) {
  SitemapParser parser{where, sink};
  if (auto taken = parser.take(bytes); !taken) return tl::unexpected{taken.error()};
  return parser.finish();
}

}  // namespace embargod
