#pragma once
// A liveness recipe as written in the config: five groups of conditions. probes::compile() turns it into matchers.

#include <optional>
#include <string>
#include <vector>

namespace embargod {

/// Where something stands in a file, for faults that are found later (a regular expression that RE2 refuses).
struct Mark {
  std::string file;
  int line = 0;    // from 1; 0 = unknown
  int column = 0;  // from 1
  friend bool operator==(const Mark&, const Mark&) = default;
};

[[nodiscard]] std::string to_string(const Mark& m);  // "embargod.yml:12:7"

/// One condition; exactly one of the members is set. All are case-sensitive unless said otherwise.
struct Condition {
  std::vector<int> status;  // {status: 404} or {status: [404, 410]}
  struct Header {
    std::string name;
    std::string contains;
  };
  std::optional<Header> header;      // {header: {name: cf-mitigated, contains: challenge}}; name and value ignore case
  std::optional<std::string> text;   // {text: "Upcoming, not yet published"}: a literal in the body, as sent
  std::optional<std::string> regex;  // {regex: "(?i)page not found"}: RE2 over the body
  std::optional<std::string>
      link;  // {link: "files.digital.nhs.uk/"}: an <a href> whose absolute URL, less its scheme, starts so;
             // "/path" = a path on the page's own host
  Mark mark;
};

/// A group holds if any of its rules holds; a rule (list) holds if all of its conditions hold.
struct Rule {
  std::vector<Condition> all;
  Mark mark;
};

struct Profile {
  std::string name;
  std::vector<Rule> unknown_if;
  std::vector<Rule> absent_if;
  std::vector<Rule> gated_if;
  std::vector<Rule> stub_if;
  std::vector<Rule> live_if;  // empty: a sane 2xx body is live; not empty: 2xx that matches none is suspect
  Mark mark;
};

}  // namespace embargod
