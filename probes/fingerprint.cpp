#include "probes/fingerprint.h"

#include <array>
#include <utility>

#include "config/types/digest.h"
#include "probes/expression.h"
#include "probes/html.h"
#include "probes/json_value.h"
#include "probes/zip_members.h"

namespace embargod {
namespace {

// What changes on a page by itself. A time of day alone is left alone, since waiting times are figures too ("12:30");
// so is a date alone, since it may be that of the publication.
const char* const kTimeOfDay =
    R"((?:\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\b\.?)?|\d{1,2}(?:\.\d{2})? ?[ap]\.?m\b\.?))"
    R"((?: ?(?:UTC|GMT|BST|Z|[+-]\d{2}:?\d{2})\b)?)";
const char* const kDay =
    R"((?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? )?(?:\d{1,2}(?:st|nd|rd|th)? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*,? \d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}))";

const std::vector<Expression>& passing_things() {
  static const std::vector<Expression> kList = [] {
    const std::string time = kTimeOfDay, day = kDay;
    const std::string moment = "(?:" + day + "(?:,? (?:at )?" + time + ")?|" + time + "(?:,? (?:on )?" + day + ")?)";
    const std::string join = "(?: ?:)?(?: (?:on|at|as at|is))? ?";
    std::vector<Expression> list;
    for (
        const std::string& pattern : std::initializer_list<std::string>{
            // Instants: "2026-04-25T09:31:07Z", "25 April 2026, 09:31", "09:31 on 25 April 2026".
            R"(\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)",
            "(?i)\\b" + day + ",? (?:at |- )?" + time,
            "(?i)\\b" + time + ",? (?:on )?" + day,
            // When the page was made for us.
            R"((?i)\b(?:page |report )?(?:generated|rendered|retrieved|accessed|printed|served|loaded|fetched))" +
                join + moment,
            R"((?i)\b(?:today is|today's date|current (?:date|time|date and time)|time now|server time|local time))" +
                join + moment,
            R"((?i)\b(?:page |last )*(?:updated|refreshed|checked|modified))" + join + time,
            R"((?i)\b\d+ (?:seconds?|minutes?|hours?|days?|weeks?|months?) ago\b)",
            // Counters.
            R"((?i)\b\d[\d,.]*[km]? (?:page ?)?(?:views?|downloads|hits|shares|likes)\b)",
            R"((?i)\b(?:page ?views?|views|downloads|hits|visitor number|shares|likes): ?\d[\d,.]*[km]?\b)",
            R"((?i)\b(?:viewed|downloaded|shared|read) \d[\d,.]* times\b)",
            R"((?i)\b\d[\d,.]* (?:people|users|visitors|readers)(?: are)?(?: currently)? (?:viewing|reading|online)(?: this)?(?: page)?(?: now)?)",
            // Tokens and identifiers of a request.
            R"((?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b)",
            R"((?i)\b[0-9a-f]{16,}\b)",
        })
      list.push_back(Expression::make(pattern, Charset::utf8, Mark{}).value());
    return list;
  }();
  return kList;
}

/// A long word of base64: letters of both cases and digits, without anything a word or an address would have.
bool is_token_word(std::string_view word) {
  constexpr std::size_t kShortest = 24;
  if (word.size() < kShortest) return false;
  bool lower = false, upper = false, digit = false;
  for (const char c : word) {
    if (c >= 'a' && c <= 'z') {
      lower = true;
    } else if (c >= 'A' && c <= 'Z') {
      upper = true;
    } else if (c >= '0' && c <= '9') {
      digit = true;
    } else if (c != '+' && c != '/' && c != '=' && c != '-' && c != '_') {
      return false;
    }
  }
  return lower && upper && digit;
}

/// Words with one blank between, less tokens.
std::string without_tokens(std::string_view text) {
  std::string out;
  for (std::size_t i = text.find_first_not_of(' '); i != std::string_view::npos; i = text.find_first_not_of(' ', i)) {
    const auto end = std::min(text.find(' ', i), text.size());
    const std::string_view word = text.substr(i, end - i);
    i = end;
    if (is_token_word(word)) continue;
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

std::string sealed(const char* kind, std::string_view content) {
  return std::string{kind} + ":" + hex(sha256(content));
}

std::string zip_content(const std::vector<ZipMember>& members) {
  std::string content;
  for (const ZipMember& m : members) {
    if (m.name.starts_with("docProps/") || m.name == "meta.xml" || m.name == "settings.xml") continue;
    content += m.name;
    content += '\0';
    content += std::to_string(m.size) + " " + std::to_string(m.crc) + "\n";
  }
  return content;
}

}  // namespace

struct Fingerprinter::Inner {
  std::vector<Expression> ignore;
  std::vector<XPath> paths;
  std::vector<std::string> pointers;
  bool parts = false;  // of parts only

  [[nodiscard]] std::string settled(std::string text) const {
    for (const Expression& e : ignore) e.blank_out(text);
    for (const Expression& e : passing_things()) e.blank_out(text);
    return without_tokens(text);
  }

  /// Empty: there is nothing to compare by, or a part cannot be had.
  [[nodiscard]] std::string of_page(const Page& page) const {
    if (!parts) {
      const std::string text = settled(page.settled_text());
      return text.empty() ? std::string{} : sealed("page", text);
    }
    std::string all;
    for (const XPath& path : paths) {
      const auto found = page.find(path);
      if (!found) return {};
      for (const std::string& text : *found) all += settled(text) + "\n";
      if (!found->empty()) all += "\f";
    }
    return all.empty() ? std::string{} : sealed("page", all);
  }

  [[nodiscard]] std::string of_json(const JsonBody& json) const {
    if (!parts) return sealed("json", json.at("").value_or(""));
    std::string all;
    for (const std::string& pointer : pointers)
      if (const auto value = json.at(pointer)) all += pointer + "\n" + *value + "\n";
    return all.empty() ? std::string{} : sealed("json", all);
  }
};

Fingerprinter::Fingerprinter() : inner_{std::make_unique<Inner>()} {}
Fingerprinter::Fingerprinter(Fingerprinter&&) noexcept = default;
Fingerprinter& Fingerprinter::operator=(Fingerprinter&&) noexcept = default;
Fingerprinter::~Fingerprinter() = default;

Checked<Fingerprinter> Fingerprinter::make(const FingerprintRules& rules, const Mark& mark) {
  Fingerprinter f;
  Faults faults;
  for (const std::string& pattern : rules.ignore) {
    auto e = Expression::make(pattern, Charset::utf8, mark);
    if (e)
      f.inner_->ignore.push_back(std::move(*e));
    else
      faults.push_back(e.error());
  }
  for (const std::string& part : rules.of) {
    auto path = XPath::make(part);
    if (!path && !is_json_pointer(part))
      faults.push_back({Errc::invalid_input, to_string(mark), path.error().what, "write an XPath or a JSON pointer"});
    if (path) f.inner_->paths.push_back(std::move(*path));
    if (is_json_pointer(part)) f.inner_->pointers.push_back(part);
  }
  f.inner_->parts = !rules.of.empty();
  if (!faults.empty()) return tl::unexpected{std::move(faults)};
  return f;
}

std::string Fingerprinter::of(const Observation& o, const Page* page) const {
  if (o.body.empty() || o.failure != Cause::none) return {};
  if (page != nullptr) return inner_->of_page(*page);
  if (looks_like_html(o.content_type, o.body)) return {};
  if (looks_like_json(o.content_type, o.body)) {
    const auto json = JsonBody::parse(o.body);
    return json ? inner_->of_json(*json) : std::string{};
  }
  if (o.body.starts_with("PK\x03\x04")) {
    const auto members = zip_members(o.body);
    return members ? sealed("zip", zip_content(*members)) : std::string{};
  }
  return sealed("bytes", o.body);
}

}  // namespace embargod
