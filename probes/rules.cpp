#include "probes/rules.h"

#include <algorithm>
#include <type_traits>

#include "config/types/ascii.h"
#include "probes/answer.h"
#include "probes/magic.h"

namespace embargod {
namespace {

Held held(bool yes) { return yes ? Held::yes : Held::no; }

std::string media_type(std::string_view content_type) {
  return ascii_lowered(trimmed(content_type.substr(0, content_type.find(';'))));
}

const char* edition_words(EditionIs::Which which) {
  switch (which) {
    case EditionIs::Which::former:
      return "former";
    case EditionIs::Which::current:
      return "current";
    case EditionIs::Which::later:
      return "later";
    case EditionIs::Which::other:
      return "other";
  }
  return "?";
}

EditionIs::Which which_of(EditionOrder order) {
  switch (order) {
    case EditionOrder::former:
      return EditionIs::Which::former;
    case EditionOrder::current:
      return EditionIs::Which::current;
    case EditionOrder::later:
      return EditionIs::Which::later;
    case EditionOrder::other:
      return EditionIs::Which::other;
  }
  return EditionIs::Which::other;
}

// What a person reads in a trace. Never what the page says: a trace may be pasted into a ticket before due.

std::string explained(const StatusIs&, Held, Evidence& e) { return "the status is " + std::to_string(e.seen.status); }
std::string explained(const HeaderIs& is, Held h, Evidence& e) {
  if (h == Held::yes) return "header " + is.name + " fits";
  return "header " + is.name + (find_header(e.seen, is.name) == nullptr ? " is absent" : " does not fit");
}
std::string explained(const AddressIs& is, Held h, Evidence& e) {
  switch (is.of) {
    case AddressIs::Of::final_url:
      return h == Held::yes ? "the answer came from there" : "the answer came from elsewhere";
    case AddressIs::Of::redirect:
      if (e.seen.hops.empty()) return "there was no redirect";
      return h == Held::yes ? "a redirect led there" : "no redirect led there";
    case AddressIs::Of::link:
      if (h == Held::unreadable) return "the page could not be parsed";
      return h == Held::yes ? "the page has such a link" : "the page has no such link";
  }
  return {};
}
std::string explained(const BodyHas& is, Held h, Evidence&) {
  if (h == Held::unreadable) return "the page could not be parsed";
  const std::string what = is.where == BodyHas::Where::sent ? "the body " : "the visible text ";
  if (is.is_regex) return what + (h == Held::yes ? "matches" : "does not match");
  return what + (h == Held::yes ? "has it" : "does not have it");
}
std::string explained(const XPathIs&, Held h, Evidence& e) {
  if (h == Held::unreadable) return e.page() == nullptr ? "the body is no readable HTML" : "the path reached a limit";
  return h == Held::yes ? "the path finds it" : "the path does not find it";
}
std::string explained(const JsonIs&, Held h, Evidence&) {
  if (h == Held::unreadable) return "the body is no readable JSON";
  return h == Held::yes ? "the value is there" : "the value is absent or another";
}
std::string explained(const ContentTypeIs&, Held, Evidence& e) {
  const std::string type = media_type(e.seen.content_type);
  return type.empty() ? "no content type was sent" : "the content type is " + type.substr(0, 60);
}
std::string explained(const MagicIs&, Held, Evidence& e) {
  return e.magic().empty() ? "the bytes are of no known kind" : "the bytes are " + e.magic();
}
std::string explained(const SizeIs&, Held, Evidence& e) {
  return "the body has " + std::to_string(e.seen.size) + " bytes";
}
std::string explained(const DigestIs&, Held h, Evidence&) {
  return h == Held::yes ? "the body has this digest" : "the body has another digest";
}
std::string explained(const EditionIs&, Held h, Evidence& e) {
  if (h == Held::unreadable) return "the places of the edition could not be read";
  const EditionSeen& seen = e.edition();
  return seen.edition ? std::string{"the edition is "} + edition_words(which_of(seen.order)) : "no edition was found";
}

}  // namespace

bool Matcher::Value::fits(std::string_view text) const {
  if (test.equals) return ignores_case ? ascii_lowered(trimmed(text)) == *test.equals : text == *test.equals;
  if (test.contains) return ignores_case ? contains_word(text, *test.contains) : holds_literal(text, *test.contains);
  return !regex || regex->found_in(text);
}

Held Matcher::test(Evidence& e, std::string* why) const {
  return parts_.empty() ? test_leaf(e, why) : test_parts(e, why);
}

Held Matcher::test_parts(Evidence& e, std::string* why) const {
  const Held decisive = std::holds_alternative<AllOf>(condition_.is) ? Held::no : Held::yes;
  Held result = decisive == Held::no ? Held::yes : Held::no;
  for (const Matcher& part : parts_) {
    const Held one = part.test(e, why);
    if (one == Held::unreadable) result = one;
    if (one != decisive) continue;
    result = one;
    break;
  }
  if (!std::holds_alternative<NoneOf>(condition_.is) || result == Held::unreadable) return result;
  return held(result == Held::no);
}

Held Matcher::test_leaf(Evidence& e, std::string* why) const {
  return std::visit(
      [&](const auto& is) {
        using Kind = std::decay_t<decltype(is)>;
        if constexpr (std::is_same_v<Kind, AllOf> || std::is_same_v<Kind, AnyOf> || std::is_same_v<Kind, NoneOf>) {
          return Held::no;  // make() refuses an empty combination
        } else {
          const Held result = holds(is, e);
          if (why != nullptr) *why += (why->empty() ? "" : "; ") + explained(is, result, e);
          return result;
        }
      },
      condition_.is);
}

Held Matcher::holds(const StatusIs& is, Evidence& e) const {
  return held(std::find(is.codes.begin(), is.codes.end(), e.seen.status) != is.codes.end());
}

Held Matcher::holds(const HeaderIs& is, Evidence& e) const {
  return held(std::any_of(e.seen.headers.begin(), e.seen.headers.end(),
                          [&](const auto& h) { return same_word(h.first, is.name) && value_.fits(h.second); }));
}

Held Matcher::holds(const AddressIs& is, Evidence& e) const {
  const auto starts = [&](const std::string& site) { return is.start.starts_with('/') ? site + is.start : is.start; };
  if (is.of == AddressIs::Of::final_url) return held(e.final_place().starts_with(starts(e.asked_site())));
  const bool of_links = is.of == AddressIs::Of::link;
  const auto* places = of_links ? e.links() : &e.redirects();
  if (places == nullptr) return Held::unreadable;
  const std::string wanted = starts(of_links ? e.site() : e.asked_site());
  return held(std::any_of(places->begin(), places->end(), [&](const std::string& p) { return p.starts_with(wanted); }));
}

Held Matcher::holds(const BodyHas& is, Evidence& e) const {
  std::string_view text = e.seen.body;
  if (is.where == BodyHas::Where::visible) {
    const auto visible = e.visible();
    if (!visible) return Held::unreadable;
    text = *visible;
  }
  return held(regex_ ? regex_->found_in(text) : holds_literal(text, is.text));
}

Held Matcher::holds(const XPathIs&, Evidence& e) const {
  switch (e.body()) {
    case Evidence::Body::empty:
    case Evidence::Body::binary:
      return Held::no;
    case Evidence::Body::text:
    case Evidence::Body::broken_html:
      return Held::unreadable;
    case Evidence::Body::html:
      break;
  }
  const auto found = e.page()->find(*xpath_);
  if (!found) return Held::unreadable;
  return held(std::any_of(found->begin(), found->end(), [&](const std::string& t) { return value_.fits(t); }));
}

Held Matcher::holds(const JsonIs& is, Evidence& e) const {
  if (e.seen.body.empty()) return Held::no;
  const JsonBody* json = e.json();
  if (json == nullptr) return e.body() == Evidence::Body::binary ? Held::no : Held::unreadable;
  const auto value = json->at(is.pointer);
  return held(value && value_.fits(*value));
}

Held Matcher::holds(const ContentTypeIs& is, Evidence& e) const {
  const std::string type = media_type(e.seen.content_type);
  if (is.media_type.ends_with("/*"))
    return held(type.starts_with(std::string_view{is.media_type}.substr(0, is.media_type.size() - 1)));
  return held(type == is.media_type);
}

Held Matcher::holds(const MagicIs& is, Evidence& e) const { return held(magic_is(e.magic(), is.kind)); }

Held Matcher::holds(const SizeIs& is, Evidence& e) const {
  return held((!is.min || e.seen.size >= *is.min) && (!is.max || e.seen.size <= *is.max));
}

Held Matcher::holds(const DigestIs& is, Evidence& e) const { return held(e.seen.digest == is.digest); }

Held Matcher::holds(const EditionIs& is, Evidence& e) const {
  const EditionSeen& seen = e.edition();
  if (!seen.edition) return seen.unreadable ? Held::unreadable : Held::no;
  return held(which_of(seen.order) == is.which);
}

CompiledGroups compile_groups(const std::string& owner, const RuleGroups& groups, Faults& faults) {
  const auto compiled = [&](const char* group, const std::vector<Rule>& rules) {
    std::vector<CompiledRule> out;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      auto m = Matcher::make(rules[i], faults);
      if (!m) continue;
      std::string name = owner + " " + group + "[" + std::to_string(i) + "]: " + m->words();
      out.push_back({std::move(name), std::move(*m)});
    }
    return out;
  };
  return {.unknown_if = compiled("unknown_if", groups.unknown_if),
          .gated_if = compiled("gated_if", groups.gated_if),
          .absent_if = compiled("absent_if", groups.absent_if),
          .must_not_contain = compiled("must_not_contain", groups.must_not_contain),
          .stub_if = compiled("stub_if", groups.stub_if),
          .live_if = compiled("live_if", groups.live_if),
          .expect = compiled("expect", groups.expect)};
}

}  // namespace embargod
