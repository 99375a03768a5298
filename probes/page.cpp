#include "probes/page.h"

#include <algorithm>
#include <array>
#include <unordered_set>
#include <utility>

#include "probes/answer.h"
#include "probes/charset.h"
#include "probes/html.h"
#include "probes/page_tree.h"
#include "probes/page_words.h"
#include "probes/xpath_budget.h"
#include "probes/xpath_eval.h"

namespace embargod {
namespace {

constexpr std::size_t kMostFound = 1000;
constexpr std::size_t kMostFoundBytes = 32U << 20U;  // a thousand nested elements repeat the page's text
constexpr std::size_t kHardlyAnyText = 200;

/// Marks once what each name means, so that a walk compares numbers.
struct TagKinds {
  std::vector<bool> unseen, block, banner_free;

  explicit TagKinds(const PageTree& tree)
      : unseen(tree.name_count()), block(tree.name_count()), banner_free(tree.name_count()) {
    for (std::uint32_t i = 0; i < tree.name_count(); ++i) {
      unseen[i] = is_unseen_tag(tree.name_of(i));
      block[i] = is_block_tag(tree.name_of(i));
      banner_free[i] = is_frame_tag(tree.name_of(i));
    }
  }
};

enum class Banners : std::uint8_t { kept, dropped };

struct Reader {
  const PageTree& tree;
  TagKinds kinds;

  [[nodiscard]] bool is_hidden(NodeIndex i) const {
    if (kinds.unseen[tree.node(i).name]) return true;
    for (std::uint32_t a = tree.node(i).attributes; a < tree.attributes_end(i); ++a) {
      const auto& attribute = tree.attributes()[a];
      const std::string_view name = tree.name_of(attribute.name);
      if (name == "hidden" || (name == "style" && hides_by_style(tree.value_of(attribute)))) return true;
    }
    return false;
  }
  [[nodiscard]] bool is_banner(NodeIndex i) const {
    if (kinds.banner_free[tree.node(i).name]) return false;
    for (const char* name : {"id", "class"})
      if (const auto value = tree.attribute(i, name); value && names_a_banner(*value)) return true;
    return false;
  }

  /// The text of a subtree as read: block elements part words, inline ones do not.
  [[nodiscard]] std::string text(NodeIndex from, Banners banners) const {
    FoldedText out;
    std::vector<NodeIndex> block_ends;  // of the open block elements
    const NodeIndex end = tree.node(from).end;
    for (NodeIndex i = from; i < end;) {
      while (!block_ends.empty() && block_ends.back() <= i) {
        block_ends.pop_back();
        out.part();
      }
      if (tree.is_text(i)) {
        out.add(tree.text_of(i));
      } else if (tree.is_element(i)) {
        const bool dropped = i != from && banners == Banners::dropped && is_banner(i);
        if (dropped || is_hidden(i)) {
          if (kinds.block[tree.node(i).name]) out.part();
          i = tree.node(i).end;
          continue;
        }
        if (kinds.block[tree.node(i).name]) {
          out.part();
          block_ends.push_back(tree.node(i).end);
        }
      }
      ++i;
    }
    return std::move(out).text();
  }
};

/// What one pass over the page finds beside its text.
struct Landmarks {
  std::string title, canonical, refresh;
  std::optional<NodeIndex> body, main, role_main, article;
  int articles = 0;
  bool password = false, scripts = false;
};

void read_meta(const PageTree& tree, NodeIndex i, Landmarks& l) {
  const auto equivalent = tree.attribute(i, "http-equiv");
  const auto content = tree.attribute(i, "content");
  if (l.refresh.empty() && equivalent && content && same_word(trimmed(*equivalent), "refresh"))
    l.refresh = refresh_address(*content);
}

void read_landmark(const PageTree& tree, NodeIndex i, bool first_title, Landmarks& l) {
  const std::string_view tag = tree.tag(i);
  if (tag == "title" && first_title && l.title.empty()) l.title = folded(tree.text_of(i));
  if (tag == "meta") read_meta(tree, i, l);
  if (tag == "link" && l.canonical.empty()) {
    const auto rel = tree.attribute(i, "rel");
    if (rel && has_token(*rel, "canonical")) l.canonical = std::string{trimmed(tree.attribute(i, "href").value_or(""))};
  }
  if (tag == "body" && !l.body) l.body = i;
  if (tag == "main" && !l.main) l.main = i;
  if (!l.role_main && same_word(tree.attribute(i, "role").value_or(""), "main")) l.role_main = i;
  if (tag == "article" && ++l.articles == 1) l.article = i;
  if (tag == "input" && same_word(trimmed(tree.attribute(i, "type").value_or("")), "password")) l.password = true;
}

Landmarks find_landmarks(const Reader& reader) {
  const PageTree& tree = reader.tree;
  Landmarks l;
  for (NodeIndex i = 0; i < tree.nodes().size();) {
    if (!tree.is_element(i)) {
      ++i;
      continue;
    }
    const std::string_view tag = tree.tag(i);
    l.scripts = l.scripts || tag == "script";
    // A title of the head or the body is one; that of a drawing is not. The head is hidden, yet its metas count.
    const bool in_head = tag == "head" || tag == "title" || tag == "meta" || tag == "link" || tag == "base";
    if (!in_head && reader.is_hidden(i)) {
      i = tree.node(i).end;
      continue;
    }
    const std::string_view parent = tree.tag(tree.node(i).parent);
    read_landmark(tree, i, parent == "head" || parent == "html" || parent == "body", l);
    ++i;
  }
  return l;
}

/// A child of the body that scripts are to fill: it shows nothing and holds nothing to look at.
bool has_empty_root(const PageTree& tree, const TagKinds& kinds, NodeIndex body) {
  static constexpr std::array kSights = {"img", "svg", "canvas", "video", "iframe", "object", "embed", "form", "input"};
  for (NodeIndex i = body + 1; i < tree.node(body).end; i = tree.node(i).end) {
    if (!tree.is_element(i) || kinds.unseen[tree.node(i).name] || !is_root_tag(tree.tag(i))) continue;
    bool sight = !folded(tree.text_of(i)).empty();
    for (NodeIndex k = i; !sight && k < tree.node(i).end; ++k)
      sight = tree.is_element(k) && std::find(kSights.begin(), kSights.end(), tree.tag(k)) != kSights.end();
    if (!sight) return true;
  }
  return false;
}

}  // namespace

struct XPath::Inner {
  XPathProgram program;
};

XPath::XPath() = default;
XPath::XPath(XPath&&) noexcept = default;
XPath& XPath::operator=(XPath&&) noexcept = default;
XPath::~XPath() = default;

Result<XPath> XPath::make(const std::string& expression) {
  auto program = compile_xpath(expression);
  if (!program) return tl::unexpected{program.error()};
  XPath path;
  path.inner_ = std::make_unique<Inner>(Inner{std::move(*program)});
  return path;
}

struct Page::Inner {
  PageTree tree;
  Landmarks marks;
  std::string visible;
  std::optional<std::string> main, settled;  // unset: the same as the one before
  bool shell = false;
};

Page::Page() : inner_{std::make_unique<Inner>()} {}
Page::Page(Page&&) noexcept = default;
Page& Page::operator=(Page&&) noexcept = default;
Page::~Page() = default;

std::optional<Page> Page::parse(std::string_view html, std::string_view content_type) {
  if (html.size() > kLargestHtml) return std::nullopt;
  Page page;
  Inner& in = *page.inner_;
  if (!read_html(to_utf8(html, content_type), HtmlBytes::utf8, in.tree)) return std::nullopt;
  in.tree.finish();
  const Reader reader{in.tree, TagKinds{in.tree}};
  in.marks = find_landmarks(reader);
  in.visible = reader.text(PageTree::kRoot, Banners::kept);
  auto main = in.marks.main ? in.marks.main : in.marks.role_main;
  if (!main && in.marks.articles == 1) main = in.marks.article;
  if (main) in.main = reader.text(*main, Banners::kept);
  std::string settled = reader.text(main.value_or(PageTree::kRoot), Banners::dropped);
  // Empty where all of it is about cookies.
  if (!settled.empty() && settled != page.main_text()) in.settled = std::move(settled);
  in.shell = in.marks.scripts && in.visible.size() < kHardlyAnyText && in.marks.body &&
             has_empty_root(in.tree, reader.kinds, *in.marks.body);
  return page;
}

const std::string& Page::visible_text() const { return inner_->visible; }
const std::string& Page::main_text() const { return inner_->main ? *inner_->main : inner_->visible; }
const std::string& Page::settled_text() const { return inner_->settled ? *inner_->settled : main_text(); }
const std::string& Page::title() const { return inner_->marks.title; }
const std::string& Page::canonical() const { return inner_->marks.canonical; }
const std::string& Page::meta_refresh() const { return inner_->marks.refresh; }
bool Page::has_password_field() const { return inner_->marks.password; }
bool Page::is_script_shell() const { return inner_->shell; }

Result<std::vector<std::string>> Page::find(const XPath& path) const {
  auto value = evaluate_xpath(path.inner_->program, inner_->tree);
  if (!value) return tl::unexpected{value.error()};
  std::vector<std::string> texts;
  if (const auto* nodes = std::get_if<XNodeSet>(&*value)) {
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < nodes->size() && i < kMostFound; ++i) {
      const std::string_view text = xpath_string(inner_->tree, (*nodes)[i]);
      bytes += text.size();
      if (bytes > kMostFoundBytes) return fail(Errc::unavailable, "the XPath finds too much text");
      texts.push_back(folded(text));
    }
  } else if (auto text = folded(xpath_to_text(*value, inner_->tree)); xpath_holds(*value)) {
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<std::vector<std::vector<std::string>>> Page::each(const XPath& items, const std::vector<const XPath*>& parts,
                                                         std::size_t most) const {
  const PageTree& tree = inner_->tree;
  XBudget budget;
  auto found = evaluate_xpath(items.inner_->program, tree, XNode{PageTree::kRoot, 0}, budget);
  if (!found) return tl::unexpected{found.error()};
  std::vector<std::vector<std::string>> rows;
  const auto* nodes = std::get_if<XNodeSet>(&*found);
  for (std::size_t i = 0; nodes != nullptr && i < nodes->size() && i < most; ++i) {
    std::vector<std::string>& row = rows.emplace_back();
    for (const XPath* part : parts) {
      auto value = evaluate_xpath(part->inner_->program, tree, (*nodes)[i], budget);
      if (!value) return tl::unexpected{value.error()};
      const auto* set = std::get_if<XNodeSet>(&*value);
      if (set != nullptr ? set->empty() : !xpath_holds(*value)) {
        row.emplace_back();
        continue;
      }
      const std::string text = set != nullptr ? std::string{} : xpath_to_text(*value, tree);
      const std::string_view view = set != nullptr ? xpath_string(tree, set->front()) : std::string_view{text};
      if (!budget.charge_copy(view)) return fail(Errc::unavailable, "the XPath finds too much text");
      row.push_back(folded(view));
    }
  }
  return rows;
}

}  // namespace embargod
