// From the conditions of the config to matchers.

#include <algorithm>
#include <utility>

#include "config/types/ascii.h"

#include "probes/magic.h"
#include "probes/rules.h"

namespace embargod {
namespace {

std::string in_small_letters(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), ascii_lower);
  return text;
}

/// The host of "Host/Path" in lower case; paths keep theirs.
std::string lower_host(std::string address) {
  const auto end = address.begin() + static_cast<std::ptrdiff_t>(std::min(address.find('/'), address.size()));
  std::transform(address.begin(), end, address.begin(), ascii_lower);
  return address;
}

const char* kind_words(const AddressIs& is) {
  switch (is.of) {
    case AddressIs::Of::final_url:
      return "final_url";
    case AddressIs::Of::redirect:
      return "redirect";
    case AddressIs::Of::link:
      return "link";
  }
  return "?";
}

const char* kind_words(const BodyHas& is) {
  if (is.where == BodyHas::Where::sent) return is.is_regex ? "regex" : "text";
  return is.is_regex ? "visible_regex" : "visible_text";
}

}  // namespace

/// Each kind's part of Matcher::make(): words, cost, and what must compile.
struct Matcher::Compile {
  Matcher& m;
  const Mark& mark;
  Faults& faults;

  void refuse(std::string what, std::string to_do) const {
    faults.push_back({Errc::invalid_input, to_string(mark), std::move(what), std::move(to_do)});
  }
  void take(const char* words, int cost) const {
    m.words_ = words;
    m.cost_ = cost;
  }
  void expression(const std::string& pattern, Charset charset, std::optional<Expression>& out) const {
    auto made = Expression::make(pattern, charset, mark);
    if (made)
      out = std::move(*made);
    else
      faults.push_back(made.error());
  }
  void value(const ValueTest& test, Charset charset, bool ignores_case) const {
    m.value_.test = test;
    m.value_.ignores_case = ignores_case;
    if (test.regex) expression(*test.regex, charset, m.value_.regex);
    if (test.equals.has_value() + test.contains.has_value() + test.regex.has_value() > 1)
      refuse("a value has one test, not several", "keep one of equals, contains and regex");
    if (!ignores_case) return;
    if (m.value_.test.equals) m.value_.test.equals = in_small_letters(*test.equals);
    if (m.value_.test.contains) m.value_.test.contains = in_small_letters(*test.contains);
  }
  void parts(const std::vector<Condition>& of, const char* joint) const {
    if (of.empty()) refuse("the combination is empty", "give it conditions, or remove it");
    for (const Condition& c : of) {
      auto part = Matcher::make(c, faults);
      if (!part) continue;
      const bool nests = std::holds_alternative<AllOf>(c.is) || std::holds_alternative<AnyOf>(c.is);
      const std::string words = nests && of.size() > 1 ? "(" + part->words_ + ")" : part->words_;
      m.words_ += (m.words_.empty() ? "" : joint) + words;
      m.cost_ = std::max(m.cost_, part->cost_);
      const auto dearer = std::upper_bound(m.parts_.begin(), m.parts_.end(), part->cost_,
                                           [](int cost, const Matcher& other) { return cost < other.cost_; });
      m.parts_.insert(dearer, std::move(*part));
    }
  }

  void operator()(const AllOf& is) const { parts(is.of, " and "); }
  void operator()(const AnyOf& is) const { parts(is.of, " or "); }
  void operator()(const NoneOf& is) const {
    if (is.of.size() > 1) refuse("`not` takes one condition", "write {not: {any: [...]}}");
    parts(is.of, " or ");
    const bool nests = m.words_.find(' ') != std::string::npos;
    m.words_ = nests ? "not (" + m.words_ + ")" : "not " + m.words_;
  }
  void operator()(const StatusIs& is) const {
    take("status", 0);
    if (is.codes.empty()) refuse("the condition names no status", "write {status: 404}");
  }
  void operator()(const HeaderIs& is) const {
    take("header", 1);
    if (is.name.empty()) refuse("the condition names no header", "write {header: {name: X-Cache}}");
    value(is.value, Charset::bytes, true);
  }
  void operator()(const AddressIs& is) const {
    take(kind_words(is), is.of == AddressIs::Of::link ? 6 : 1);
    if (is.start.empty()) refuse("the condition names no address", "write host/path, or /path");
    std::get<AddressIs>(m.condition_.is).start = is.start.starts_with('/') ? is.start : lower_host(is.start);
  }
  void operator()(const BodyHas& is) const {
    const bool sent = is.where == BodyHas::Where::sent;
    take(kind_words(is), (sent ? 2 : 6) + (is.is_regex ? 1 : 0));
    if (is.text.empty()) refuse("the condition names no text", "write one, or remove it");
    if (is.is_regex && !is.text.empty()) expression(is.text, sent ? Charset::bytes : Charset::utf8, m.regex_);
  }
  void operator()(const XPathIs& is) const {
    take("xpath", 7);
    auto xpath = XPath::make(is.path);
    if (xpath)
      m.xpath_ = std::move(*xpath);
    else
      refuse(xpath.error().what, xpath.error().to_do);
    value(is.value, Charset::utf8, false);
  }
  void operator()(const JsonIs& is) const {
    take("json", 5);
    if (!is_json_pointer(is.pointer))
      refuse("the condition has no JSON pointer", "write it like /details/state (RFC 6901)");
    value(is.value, Charset::utf8, false);
  }
  void operator()(const ContentTypeIs& is) const {
    take("content_type", 0);
    if (is.media_type.find('/') == std::string::npos)
      refuse("the condition has no media type", "write it like text/html or image/*");
    std::get<ContentTypeIs>(m.condition_.is).media_type = in_small_letters(is.media_type);
  }
  void operator()(const MagicIs& is) const {
    take("magic", 2);
    const auto& kinds = magic_kinds();
    if (std::find(kinds.begin(), kinds.end(), is.kind) != kinds.end()) return;
    std::string known;
    for (const std::string& k : kinds) known += (known.empty() ? "" : ", ") + k;
    refuse("\"" + is.kind + "\" is no kind of body that can be told by its bytes", "the kinds are " + known);
  }
  void operator()(const SizeIs& is) const {
    take("size", 0);
    if (!is.min && !is.max) refuse("the size has no bound", "write {size: {min: 10000}}");
  }
  void operator()(const DigestIs& is) const {
    take("digest", 0);
    if (is.digest.empty()) refuse("the condition names no digest", "write sha256: and 64 hex digits");
  }
  void operator()(const EditionIs&) const { take("edition", 7); }
};

std::optional<Matcher> Matcher::make(const Condition& c, Faults& faults) {
  Matcher m;
  m.condition_.mark = c.mark;
  const std::size_t before = faults.size();
  const bool is_leaf = !std::holds_alternative<AllOf>(c.is) && !std::holds_alternative<AnyOf>(c.is) &&
                       !std::holds_alternative<NoneOf>(c.is);
  if (is_leaf)
    m.condition_.is = c.is;
  else if (std::holds_alternative<AllOf>(c.is))
    m.condition_.is = AllOf{};
  else if (std::holds_alternative<AnyOf>(c.is))
    m.condition_.is = AnyOf{};
  else
    m.condition_.is = NoneOf{};
  std::visit(Compile{m, c.mark, faults}, c.is);
  if (faults.size() != before) return std::nullopt;
  return m;
}

}  // namespace embargod
