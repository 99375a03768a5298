#pragma once
// Short words for the tests of judgement: conditions, answers, and a recipe made and asked in one go.

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/profile.h"
#include "config/release.h"
#include "probes/liveness.h"

namespace embargod::judging {

inline Condition of(decltype(Condition::is) is) {
  Condition c;
  c.is = std::move(is);
  return c;
}
inline Condition status(std::vector<int> codes) { return of(StatusIs{std::move(codes)}); }
inline Condition text(const std::string& t) { return of(BodyHas{BodyHas::Where::sent, false, t}); }
inline Condition regex(const std::string& r) { return of(BodyHas{BodyHas::Where::sent, true, r}); }
inline Condition visible(const std::string& t) { return of(BodyHas{BodyHas::Where::visible, false, t}); }
inline Condition visible_regex(const std::string& t) { return of(BodyHas{BodyHas::Where::visible, true, t}); }
inline Condition link(const std::string& l) { return of(AddressIs{AddressIs::Of::link, l}); }
inline Condition redirect(const std::string& l) { return of(AddressIs{AddressIs::Of::redirect, l}); }
inline Condition final_url(const std::string& l) { return of(AddressIs{AddressIs::Of::final_url, l}); }
inline Condition header(const std::string& name, const std::string& contains) {
  return of(HeaderIs{name, {{}, contains, {}}});
}
inline Condition xpath(const std::string& path, ValueTest value = {}) { return of(XPathIs{path, std::move(value)}); }
inline Condition json(const std::string& pointer, ValueTest value = {}) {
  return of(JsonIs{pointer, std::move(value)});
}
inline Condition magic(const std::string& kind) { return of(MagicIs{kind}); }
inline Condition type(const std::string& media_type) { return of(ContentTypeIs{media_type}); }
inline Condition edition(EditionIs::Which which) { return of(EditionIs{which}); }
inline Condition all(std::vector<Condition> c) { return of(AllOf{std::move(c)}); }
inline Condition any(std::vector<Condition> c) { return of(AnyOf{std::move(c)}); }
inline Condition none(Condition c) { return of(NoneOf{{std::move(c)}}); }

inline ValueTest equals(const std::string& s) { return {s, {}, {}}; }
inline ValueTest contains(const std::string& s) { return {{}, s, {}}; }
inline ValueTest matches(const std::string& s) { return {{}, {}, s}; }

/// A recipe with one rule of each group, and no random siblings.
inline Profile every_group() {
  Profile p;
  p.name = "site";
  p.rules.unknown_if = {header("x-wall", "challenge")};
  p.rules.gated_if = {status({401}), header("Location", "/login"), text("Please sign in")};
  p.rules.absent_if = {text("page not found")};
  p.rules.must_not_contain = {text("Table 1")};
  p.rules.stub_if = {text("Upcoming")};
  p.rules.live_if = {all({text("Key facts"), regex("[0-9]+ patients")}), link("files.example.org/")};
  return p;
}

inline Profile plain(const char* name = "plain") {
  Profile p;
  p.name = name;
  return p;
}

inline Observation answered(int code, std::string body, std::string content_type = "text/html") {
  Observation o;
  o.url = o.final_url = "https://stats.example.org/pub/x";
  o.status = code;
  o.body = std::move(body);
  o.size = o.body.size();
  o.content_type = std::move(content_type);
  return o;
}

/// A target of a release that has these other URLs too.
inline Target target_of(Role role, const std::string& url = "https://stats.example.org/pub/x") {
  Target t;
  t.id = "rel/it";
  t.release = "rel";
  t.url = parse_url(url).value();
  t.role = role;
  return t;
}

inline Release release_of(const Target& t, const std::vector<std::pair<Role, std::string>>& others = {}) {
  Release r;
  r.id = "rel";
  r.title = "Widget waits,  April 2030";
  r.targets = {t};
  for (const auto& [role, url] : others) r.targets.push_back(target_of(role, url));
  return r;
}

inline std::unique_ptr<Recipe> recipe_of(const Profile& p, const Target& t, const Release& r) {
  auto book = compile(p);
  if (!book) {
    ADD_FAILURE() << to_string(book.error().at(0));
    return nullptr;
  }
  auto recipe = make_recipe(*book, t, r);
  if (!recipe) {
    ADD_FAILURE() << to_string(recipe.error().at(0));
    return nullptr;
  }
  return std::move(*recipe);
}

inline Judgement judged(const Profile& p, const Target& t, const Observation& o, const Surroundings& around = {},
                        std::vector<RuleTrace>* trace = nullptr) {
  const auto recipe = recipe_of(p, t, release_of(t));
  return recipe == nullptr ? Judgement{} : recipe->judge(o, around, trace);
}

/// Of a page.
inline Judgement judged(const Profile& p, const Observation& o, std::vector<RuleTrace>* trace = nullptr) {
  return judged(p, target_of(Role::page), o, {}, trace);
}

}  // namespace embargod::judging
