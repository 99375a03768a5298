#pragma once
// A liveness recipe as written: conditions in groups. probes::compile() turns it into matchers. CONFIGURATION.md has
// the YAML of each.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/types/time.h"

namespace embargod {

/// Where something stands in a file, for faults that are found later (a regular expression that RE2 refuses).
struct Mark {
  std::string file;
  int line = 0;    // from 1; 0 = unknown
  int column = 0;  // from 1
  friend bool operator==(const Mark&, const Mark&) = default;
};

[[nodiscard]] std::string to_string(const Mark& m);  // "embargod.yml:12:7"

/// How a value that was found (a header, an element's text, a JSON value) is compared. All unset: it is there at all.
/// At most one is set.
struct ValueTest {
  std::optional<std::string> equals;
  std::optional<std::string> contains;
  std::optional<std::string> regex;  // RE2, found anywhere in it
  friend bool operator==(const ValueTest&, const ValueTest&) = default;
};

// ---- one struct for each kind of condition ----

struct StatusIs {  // {status: 404} or {status: [404, 410]}
  std::vector<int> codes;
  friend bool operator==(const StatusIs&, const StatusIs&) = default;
};
struct HeaderIs {  // {header: {name: cf-mitigated, contains: challenge}}; name, equals and contains ignore case
  std::string name;
  ValueTest value;
  friend bool operator==(const HeaderIs&, const HeaderIs&) = default;
};
/// An absolute address, less its scheme, begins so ("host/path"); "/path" is on the host that was asked.
struct AddressIs {
  enum class Of : std::uint8_t {
    final_url,  // {final_url: "host/path"}: where the redirects ended
    redirect,   // {redirect: "draft-assets.example.org/"}: the target of any redirect on the way
    link,       // {link: "files.example.org/"}: an <a href> of the page
  };
  Of of = Of::link;
  std::string start;
  friend bool operator==(const AddressIs&, const AddressIs&) = default;
};
/// {text: "..."}, {regex: "..."} over the body as sent; {visible_text: "..."}, {visible_regex: "..."} over what a
/// reader sees: no tags, scripts, styles, comments; entities decoded, white space folded, UTF-8.
struct BodyHas {
  enum class Where : std::uint8_t { sent, visible };
  Where where = Where::sent;
  bool is_regex = false;  // else a literal; case counts
  std::string text;
  friend bool operator==(const BodyHas&, const BodyHas&) = default;
};
struct XPathIs {  // {xpath: "//h1"} or {xpath: {path: "//h1", contains: "April 2026"}}: XPath 1.0 over the HTML
  std::string path;
  ValueTest value;  // of any node found; a path that yields a boolean or number holds if it is true or not zero
  friend bool operator==(const XPathIs&, const XPathIs&) = default;
};
struct JsonIs {  // {json: {pointer: "/details/state", equals: confirmed}}: RFC 6901; numbers, true, false, null as text
  std::string pointer;
  ValueTest value;
  friend bool operator==(const JsonIs&, const JsonIs&) = default;
};
struct ContentTypeIs {  // {content_type: text/html}: the media type without parameters; "image/*" for any subtype
  std::string media_type;
  friend bool operator==(const ContentTypeIs&, const ContentTypeIs&) = default;
};
struct MagicIs {  // {magic: xlsx}: what the first bytes (for zip kinds also the members) say the body is;
                  // probes/magic.h
  std::string kind;
  friend bool operator==(const MagicIs&, const MagicIs&) = default;
};
struct SizeIs {  // {size: {min: 10000, max: 5000000}}: decoded bytes
  std::optional<std::uint64_t> min, max;
  friend bool operator==(const SizeIs&, const SizeIs&) = default;
};
struct DigestIs {  // {digest: "sha256:<64 hex>"} of the decoded body
  std::string digest;
  friend bool operator==(const DigestIs&, const DigestIs&) = default;
};
/// {edition: former | current | later | other}: the edition read from the answer, against the target's own
/// (`other`: read, but not comparable). No condition of this kind holds where none could be read.
struct EditionIs {
  enum class Which : std::uint8_t { former, current, later, other };
  Which which = Which::current;
  friend bool operator==(const EditionIs&, const EditionIs&) = default;
};

struct Condition;
struct AllOf {  // {all: [...]}
  std::vector<Condition> of;
  friend bool operator==(const AllOf&, const AllOf&);
};
struct AnyOf {  // {any: [...]}
  std::vector<Condition> of;
  friend bool operator==(const AnyOf&, const AnyOf&);
};
struct NoneOf {  // {not: {...}}: exactly one inside
  std::vector<Condition> of;
  friend bool operator==(const NoneOf&, const NoneOf&);
};

/// One condition or a combination of some. Two are equal if they say the same, wherever they stand.
struct Condition {
  std::variant<AllOf, AnyOf, NoneOf, StatusIs, HeaderIs, AddressIs, BodyHas, XPathIs, JsonIs, ContentTypeIs, MagicIs,
               SizeIs, DigestIs, EditionIs>
      is;
  Mark mark;
  friend bool operator==(const Condition& a, const Condition& b) { return a.is == b.is; }
};
inline bool operator==(const AllOf& a, const AllOf& b) { return a.of == b.of; }
inline bool operator==(const AnyOf& a, const AnyOf& b) { return a.of == b.of; }
inline bool operator==(const NoneOf& a, const NoneOf& b) { return a.of == b.of; }

/// A group holds if any of its rules holds.
using Rule = Condition;

/// The groups of a profile, or of one target: a target's own rules are tried before its profile's.
struct RuleGroups {
  std::vector<Rule> unknown_if;
  std::vector<Rule> gated_if;
  std::vector<Rule> absent_if;
  std::vector<Rule> must_not_contain;  // what no answer may hold before due, stub or not: live
  std::vector<Rule> stub_if;
  std::vector<Rule> live_if;  // empty: the role decides; not empty: a 2xx that matches none is suspect
  std::vector<Rule> expect;   // what the released answer must hold, all of them: else its content is wrong
  friend bool operator==(const RuleGroups&, const RuleGroups&) = default;
};

/// Where an answer says which edition it is: the first that yields one counts. One of the first three is set, `regex`
/// (one capture group) narrows it; alone, `regex` runs over the visible text.
struct EditionSource {
  std::string xpath;   // text of the first node
  std::string json;    // pointer
  std::string header;  // name
  std::string regex;
  Mark mark;
  friend bool operator==(const EditionSource& a, const EditionSource& b) {
    return a.xpath == b.xpath && a.json == b.json && a.header == b.header && a.regex == b.regex;
  }
};

/// What a fingerprint leaves out or is taken of, beyond what it always leaves out (probes/fingerprint.h).
struct FingerprintRules {
  std::vector<std::string> ignore;  // RE2 over the visible text: what matches is dropped
  std::vector<std::string> of;      // XPath (HTML) or JSON pointers; empty: <main>, else the body; the whole JSON
  friend bool operator==(const FingerprintRules&, const FingerprintRules&) = default;
};

/// Other forms of a URL under which the same thing may be public. Stored in configs by name only.
enum class VariantForm : std::uint8_t {
  slash,        // with or without a slash at the end
  letter_case,  // the path in lower case (only where it is not)
  www,          // with or without www.
  scheme,       // http for https and the other way round
  index,        // .../index.html
  print,        // .../print
  query,        // ?view=full: a query key that caches and routers often treat as another page
  welsh_host,   // cy.<host>
  welsh_path,   // <path>.cy
};
[[nodiscard]] const char* to_string(VariantForm v);

struct Profile {
  std::string name;
  RuleGroups rules;
  std::vector<EditionSource> edition;
  FingerprintRules fingerprint;
  std::vector<VariantForm> variants;
  bool siblings = true;                // ask for random siblings, to know what "not found" looks like there
  bool cache_bypass = false;           // the site keeps queries in its cache key and lets us add one
  std::optional<Millis> negative_ttl;  // how long its caches keep a 404; unset: what the answers say
  Mark mark;
};

}  // namespace embargod
