#include "probes/discovery/feed.h"

#include <utility>
#include <vector>

#include "probes/discovery/xml_stream.h"
#include "probes/page.h"

namespace embargod {
namespace {

constexpr std::size_t kLongestFeedLink = 8'192;
constexpr std::size_t kLongestFeedDate = 100;
constexpr std::size_t kMostEnclosures = 20;  // of one entry
constexpr std::string_view kAtom = "http://www.w3.org/2005/Atom";

/// Titles are often HTML within XML: "Rail &amp;amp; road", "<b>New</b>: rail".
std::string as_read(const std::string& title) {
  if (title.find_first_of("&<") == std::string::npos) return title;
  const auto page = Page::parse(title, "text/html; charset=utf-8");
  return page ? page->visible_text() : title;
}

class FeedEvents final : public XmlEvents {
 public:
  FeedEvents(const Url& where, const FindingSink& sink)
      : where_{where}, site_{host_of_canonical(canonical_address(where.text))}, sink_{sink} {}

  void start(std::string_view name, std::string_view space, const XmlAttributes& attributes) override {
    ++depth_;
    if (depth_ == 1) root(name, space);
    if (const auto base = attributes.find("base", "xml")) rebase(*base);
    if (in_entry_at_ == 0) {
      if (depth_ > 1 && depth_ <= 4 && name == (atom_ ? "entry" : "item")) begin_entry(attributes);
      return;
    }
    if (depth_ != in_entry_at_ + 1) return;  // of a title in XHTML the text within counts, of all else nothing
    into_ = nullptr;
    const bool own = space.empty() || space == space_ || space == kAtom || space.find("purl.org") != std::string::npos;
    if (own) part(name, space, attributes);
  }

  void end(std::string_view) override {
    if (in_entry_at_ != 0 && depth_ == in_entry_at_ + 1) into_ = nullptr;
    if (in_entry_at_ != 0 && depth_ == in_entry_at_) {
      end_entry();
      in_entry_at_ = 0;
    }
    while (!bases_.empty() && bases_.back().first >= depth_) bases_.pop_back();
    --depth_;
  }

  void text(std::string_view part) override {
    if (into_ != nullptr) into_->add(part);
  }
  [[nodiscard]] std::optional<Fault> refused() const override { return fault_; }

  ListingRead read;

 private:
  void root(std::string_view name, std::string_view space) {
    space_ = space;
    atom_ = name == "feed";
    if (atom_ || name == "rss" || name == "RDF") return;
    const bool sitemap = name == "urlset" || name == "sitemapindex";
    fault_ =
        Fault{Errc::invalid_input,
              {},
              sitemap ? "this is a sitemap, not a feed" : "the document is no feed: its root is no <feed> or <rss>",
              sitemap ? "write kind: sitemap" : "check the address"};
  }

  [[nodiscard]] const Url& base() const { return bases_.empty() ? where_ : bases_.back().second; }
  void rebase(const std::string& to) {
    if (auto url = resolve(base(), to)) bases_.emplace_back(depth_, std::move(*url));
  }

  void begin_entry(const XmlAttributes& attributes) {
    in_entry_at_ = depth_;
    link_.reset();
    enclosures_.clear();
    for (CollectedText* t : {&title_, &link_text_, &id_, &published_, &updated_}) t->clear();
    into_ = nullptr;
    permanent_id_ = !atom_;
    if (const auto about = attributes.find("about", "rdf")) link_ = absolute_address(base(), *about);
  }

  void part(std::string_view name, std::string_view space, const XmlAttributes& attributes) {
    if (name == "link" && (atom_ || space == kAtom)) return atom_link(attributes);
    if (name == "enclosure") {
      if (const auto url = attributes.find("url")) enclose(*url);
      return;
    }
    if (name == "title") into_ = &title_;
    if (name == "link") into_ = &link_text_;
    if (name == "guid") {
      into_ = &id_;
      permanent_id_ = attributes.find("isPermaLink").value_or("true") == "true";
    }
    if (name == "published" || name == "pubDate" || name == "date") into_ = &published_;
    if (name == "updated") into_ = &updated_;
  }

  void atom_link(const XmlAttributes& attributes) {
    const auto href = attributes.find("href");
    if (!href) return;
    const std::string rel = attributes.find("rel").value_or("alternate");
    if (rel == "enclosure") enclose(*href);
    if (rel == "alternate" && !link_) link_ = absolute_address(base(), *href);
  }

  void enclose(const std::string& reference) {
    if (enclosures_.size() >= kMostEnclosures) return;
    if (auto url = absolute_address(base(), reference)) enclosures_.push_back(std::move(*url));
  }

  void end_entry() {
    if (++seen_ > kMostFeedEntries) {
      fault_ =
          Fault{Errc::invalid_input, {}, "a feed of more than " + std::to_string(kMostFeedEntries) + " entries", {}};
      return;
    }
    if (!link_text_.is_cut() && !link_text_.line().empty()) link_ = absolute_address(base(), link_text_.line());
    if (!link_ && permanent_id_ && !id_.is_cut()) link_ = absolute_address(base(), id_.line());
    Finding f;
    f.title = as_read(title_.line());
    f.stated = published_.line();
    f.lastmod = updated_.line();
    if (!link_ && enclosures_.empty()) ++read.skipped;
    if (link_) tell(f, std::move(*link_));
    for (std::string& url : enclosures_) tell(f, std::move(url));
  }

  void tell(Finding& f, std::string url) {
    f.url = std::move(url);
    f.elsewhere = host_of_canonical(canonical_address(f.url)) != site_;
    ++read.entries;
    sink_(f);
  }

  const Url& where_;
  std::string site_;
  const FindingSink& sink_;
  std::string space_;
  bool atom_ = false;
  int depth_ = 0;
  int in_entry_at_ = 0;                     // depth of the open entry; 0: none
  std::vector<std::pair<int, Url>> bases_;  // xml:base, by the depth that set it
  std::size_t seen_ = 0;
  CollectedText title_{kLongestTitle}, link_text_{kLongestFeedLink}, id_{kLongestFeedLink},
      published_{kLongestFeedDate}, updated_{kLongestFeedDate};
  CollectedText* into_ = nullptr;
  std::optional<std::string> link_;
  bool permanent_id_ = false;
  std::vector<std::string> enclosures_;
  std::optional<Fault> fault_;
};

}  // namespace

Result<ListingRead> read_feed(const Url& where, std::string_view bytes, const FindingSink& sink) {
  FeedEvents events{where, sink};
  XmlStream stream{events, kLargestFeed};
  if (auto taken = stream.take(bytes); !taken) return tl::unexpected{taken.error()};
  if (auto whole = stream.finish(); !whole) return tl::unexpected{whole.error()};
  return std::move(events.read);
}

}  // namespace embargod
