#include "probes/role_default.h"

#include <algorithm>
#include <array>
#include <utility>

#include "probes/blocked.h"
#include "probes/expression.h"
#include "probes/magic.h"

namespace embargod {
namespace {

constexpr std::uint64_t kSmallestFile = 16;

bool is_cut(Evidence& e) { return e.seen.failure == Cause::too_large; }
bool is_html(Evidence& e) { return e.body() == Evidence::Body::html || e.body() == Evidence::Body::broken_html; }

/// Small letters, runs of white space as one blank.
std::string small_and_folded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

/// "www.Example.org/a/?b" as "example.org/a?b".
std::string plain_address(std::string_view place) {
  if (place.starts_with("www.")) place.remove_prefix(4);
  const std::size_t end = std::min(place.find('?'), place.size());
  std::string path{place.substr(0, end)};
  if (path.ends_with('/')) path.pop_back();
  return path + std::string{place.substr(end)};
}

/// What stands behind an address in a text: its end, or more of another address.
bool ends_here(std::string_view rest) {
  if (rest.starts_with("\\/"))
    rest.remove_prefix(2);
  else if (rest.starts_with('/'))
    rest.remove_prefix(1);
  if (rest.empty()) return true;
  const char c = rest.front();
  const bool goes_on = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '%' || c == '~';
  return !goes_on;
}

bool has_address(std::string_view text, const std::string& address) {
  if (address.empty()) return false;
  for (std::size_t at = text.find(address); at != std::string_view::npos; at = text.find(address, at + 1))
    if (ends_here(text.substr(at + address.size()))) return true;
  return false;
}

std::string with_replaced(const std::string& text, std::string_view from, std::string_view to) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t hit = text.find(from); hit != std::string::npos; hit = text.find(from, at)) {
    out.append(text, at, hit - at).append(to);
    at = hit + from.size();
  }
  return out.append(text, at);
}

/// In JSON and XML an address stands as text: whole, escaped, or as a path of the same host in quotes.
bool text_names_release(Evidence& e, const JudgedTarget& t) {
  const std::string_view body = e.seen.body;
  const std::string own = plain_address(e.site());
  return std::any_of(t.addresses.begin(), t.addresses.end(), [&](const std::string& address) {
    std::vector<std::string> forms{address};
    if (address.starts_with(own + "/")) forms.push_back("\"" + address.substr(own.size()));
    return std::any_of(forms.begin(), forms.end(), [&](const std::string& form) {
      return has_address(body, form) || has_address(body, with_replaced(form, "/", "\\/")) ||
             (form.find('&') != std::string::npos && has_address(body, with_replaced(form, "&", "&amp;")));
    });
  });
}

/// For pages of all kinds that nothing else speaks of: blocked and "not found" have been asked already where
/// `is_marked`.
Judgement page_default(Evidence& e, bool is_marked) {
  if (const Page* page = e.page(); page != nullptr && !is_marked) {
    if (says_not_found(*page)) return judgement(Liveness::absent, "engine: the page says that nothing is there");
    if (page->is_script_shell()) return judgement(Liveness::suspect, "engine: a page that only a browser can fill");
  }
  return judged_live(is_cut(e) ? "engine: 200, body over the cap" : "engine: 200", is_marked);
}

bool is_any_of(std::string_view kind, std::initializer_list<std::string_view> kinds) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

/// Whether bytes of kind `magic` can be what a path promises. Of a zip that was cut off the members are not known, and
/// a table of one column is text.
bool keeps_promise(Evidence& e, const std::string& promised) {
  const std::string& magic = e.magic();
  if (magic_is(magic, promised)) return true;
  if (promised == "csv" && magic == "text") return true;
  return is_cut(e) && magic == "zip" && is_any_of(promised, {"xlsx", "ods", "docx", "odt"});
}

Judgement file_default(Evidence& e, const JudgedTarget& t, bool is_marked) {
  std::string promised = t.promised;
  if (promised.empty())
    promised = kind_of_path(e.final_place().substr(std::min(e.final_place().find('/'), e.final_place().size())));
  if (const Page* page = e.page(); page != nullptr && promised != "html" && says_not_found(*page))
    return judgement(Liveness::absent, "engine: the page says that nothing is there");
  if (is_html(e) && !promised.empty() && promised != "html")
    return judgement(Liveness::suspect, "engine: HTML where a " + promised + " file should be");
  if (e.seen.size < kSmallestFile)
    return judgement(Liveness::suspect, "engine: a file of " + std::to_string(e.seen.size) + " bytes");
  if (promised.empty()) return page_default(e, is_marked);
  if (!keeps_promise(e, promised))
    return judgement(Liveness::suspect, "engine: the bytes are " +
                                            (e.magic().empty() ? "of no known kind" : e.magic()) + " where a " +
                                            promised + " file should be");
  if (is_any_of(promised, {"text", "html", "csv", "json", "xml"})) return page_default(e, is_marked);
  return judged_live("engine: 200, the bytes are " + e.magic(), true);
}

Judgement api_default(Evidence& e, bool is_marked) {
  if (const JsonBody* json = e.json()) {
    const std::string all = json->at("").value_or("");
    if (is_any_of(all, {"{}", "[]", "null", ""})) return judgement(Liveness::stub, "engine: empty JSON");
    return judged_live("engine: 200", is_marked);
  }
  const std::string type = small_and_folded(e.seen.content_type);
  const bool too_large = is_cut(e) || e.seen.size > (std::uint64_t{8} << 20U);
  if (too_large && looks_like_json(e.seen.content_type, e.seen.body))
    return judged_live("engine: 200, JSON too large to read", is_marked);
  const bool is_xml = type.find("xml") != std::string::npos && magic_is(e.magic(), "xml");
  const bool is_csv = type.find("csv") != std::string::npos && is_any_of(e.magic(), {"csv", "text"});
  if (is_xml || is_csv) return judged_live("engine: 200", is_marked);
  if (const Page* page = e.page(); page != nullptr && says_not_found(*page))
    return judgement(Liveness::absent, "engine: the page says that nothing is there");
  return judgement(Liveness::suspect, "engine: neither JSON nor XML nor CSV");
}

/// A link to the release, or that there may be one where it could not be seen. Unset: there is none.
std::optional<Judgement> release_in_links(Evidence& e, const JudgedTarget& t) {
  const auto* links = e.links();
  if (links == nullptr) return judged_unknown(Cause::unreadable, "engine: the page could not be parsed");
  if (std::any_of(links->begin(), links->end(), [&](const std::string& l) { return is_address_of(t.addresses, l); }))
    return judged_live("engine: a link to the release", true);
  if (e.body() == Evidence::Body::text && text_names_release(e, t))
    return judged_live("engine: the address of the release", true);
  if (is_cut(e)) return judged_unknown(Cause::too_large, "engine: body over the cap");
  if (const Page* page = e.page(); page != nullptr && page->is_script_shell())
    return judged_unknown(Cause::unreadable, "engine: a page that only a browser can fill");
  return std::nullopt;
}

Judgement listing_default(Evidence& e, const JudgedTarget& t) {
  if (auto j = release_in_links(e, t)) return *j;
  const auto visible = e.visible();
  if (!visible) return judged_unknown(Cause::unreadable, "engine: the page could not be parsed");
  if (t.title.empty() || !holds_literal(small_and_folded(*visible), t.title))
    return judgement(Liveness::stub, "engine: not listed");
  if (t.title_counts) return judged_live("engine: the announced title", true);
  return judgement(Liveness::stub, "engine: title only");
}

}  // namespace

JudgedTarget facts_of(const Target& target, const Release& release) {
  JudgedTarget t;
  t.role = target.role;
  t.promised = kind_of_path(target.url.path_query);
  for (const Target& other : release.targets)
    if (other.role == Role::page || other.role == Role::file || other.role == Role::api)
      t.addresses.push_back(plain_address(without_scheme(other.url)));
  t.title = small_and_folded(release.title);
  t.title_counts = target.title_counts;
  t.change_counts = target.change_counts;
  return t;
}

bool is_address_of(const std::vector<std::string>& addresses, std::string_view place) {
  const std::string plain = plain_address(place);
  const std::string without_query = plain_address(place.substr(0, place.find('?')));
  return std::any_of(addresses.begin(), addresses.end(),
                     [&](const std::string& a) { return a == plain || a == without_query; });
}

Judgement judge_by_role(Evidence& e, const JudgedTarget& t, bool is_marked) {
  switch (t.role) {
    case Role::page:
    case Role::latest:  // judge_latest() has decided
      return page_default(e, is_marked);
    case Role::file:
      return file_default(e, t, is_marked);
    case Role::api:
      return api_default(e, is_marked);
    case Role::listing:
      return listing_default(e, t);
    case Role::announcement:
      if (auto j = release_in_links(e, t)) return *j;
      return judgement(Liveness::stub, "engine: announcement");
  }
  return judged_unknown(Cause::odd_status, "engine: no role");
}

namespace {

/// Of a latest page that is neither the former edition nor the embargoed one: perhaps no page of the site at all.
Judgement odd_latest(Evidence& e, Judgement otherwise) {
  if (const Blocked b = blocked_by_looks(e.seen, e.page()); b.cause != Cause::none)
    return judged_unknown(b.cause, b.rule);
  if (const Page* page = e.page(); page != nullptr && says_not_found(*page))
    return judgement(Liveness::absent, "engine: the page says that nothing is there");
  return otherwise;
}

Judgement latest_by_baseline(Evidence& e, const JudgedTarget& t, const Baseline* baseline,
                             const std::string& fingerprint) {
  if (baseline == nullptr) return odd_latest(e, judged_unknown(Cause::no_baseline, "engine: no approved baseline"));
  if (fingerprint.empty())
    return odd_latest(e, judged_unknown(is_cut(e) ? Cause::too_large : Cause::unreadable, "engine: no fingerprint"));
  if (fingerprint == baseline->fingerprint)
    return judgement(Liveness::previous_edition, "engine: as the approved baseline");
  if (t.change_counts) return odd_latest(e, judged_live("engine: changed from the approved baseline", false));
  return odd_latest(e, judgement(Liveness::suspect, "engine: changed from the approved baseline"));
}

}  // namespace

Judgement judge_latest(Evidence& e, const JudgedTarget& t, const Baseline* baseline, const std::string& fingerprint) {
  if (!t.embargoed) return latest_by_baseline(e, t, baseline, fingerprint);
  const EditionSeen& seen = e.edition();
  if (!seen.edition) {
    if (seen.unreadable)
      return odd_latest(e, judged_unknown(Cause::unreadable, "engine: the edition could not be read"));
    return odd_latest(e, judgement(Liveness::suspect, "engine: no edition found"));
  }
  switch (seen.order) {
    case EditionOrder::former:
      if (baseline != nullptr && !fingerprint.empty() && fingerprint != baseline->fingerprint)
        return judgement(Liveness::suspect, "engine: changed before release, edition still " + seen.edition->text);
      return judgement(Liveness::previous_edition, "engine: former edition");
    case EditionOrder::current:
      return judged_live("engine: the embargoed edition", true);
    case EditionOrder::later:
      return judged_live("engine: a later edition", true);
    case EditionOrder::other:
      return odd_latest(e, judgement(Liveness::suspect, "engine: an edition that cannot be compared"));
  }
  return judgement(Liveness::suspect, "engine: no edition found");
}

}  // namespace embargod
