// What pages say of themselves that are no release: challenges, maintenance, sign-in, nothing found.
#include <algorithm>
#include <cctype>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "probes/blocked.h"

namespace embargod {
namespace {

constexpr std::size_t kShortPage = 250;      // words: more than that is content
constexpr std::size_t kShortNotice = 80;     // words: a page that is nothing but a notice
constexpr std::size_t kLongestHeading = 16;  // words

using Words = std::vector<std::string>;

/// Lower-case words of a title, cut where one part of it ends: "Page not found | Example" are two. A curly apostrophe
/// counts as a straight one.
std::vector<Words> parts_of(std::string_view text) {
  std::vector<Words> parts(1);
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) parts.back().push_back(std::move(word));
    word.clear();
  };
  const auto end_part = [&] {
    end_word();
    if (!parts.back().empty()) parts.emplace_back();
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const std::string_view three = text.substr(i, 3);
    const bool ends_word =
        i + 1 == text.size() || text[i + 1] == ' ' || std::ispunct(static_cast<unsigned char>(text[i + 1])) != 0;
    const bool begins_word = i == 0 || text[i - 1] == ' ';
    // Inside a word they are part of an address or a number that it holds.
    const bool spaced = ends_word && (std::string_view{".:!?;,"}.find(c) != std::string_view::npos ||
                                      (begins_word && (c == '-' || c == '/')));
    if (three == "\xE2\x80\x99") {  // right single quotation mark
      word += '\'';
      i += 2;
    } else if (three == "\xE2\x80\x93" || three == "\xE2\x80\x94" || three == "\xE2\x80\xA6") {  // dashes, ellipsis
      end_part();
      i += 2;
    } else if (spaced || std::string_view{"|()[]{}"}.find(c) != std::string_view::npos) {
      end_part();
    } else if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '\'' || static_cast<unsigned char>(c) >= 0x80) {
      word += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    } else {
      end_word();
    }
  }
  end_word();
  if (parts.back().empty()) parts.pop_back();
  return parts;
}

/// Where `phrase` (lower-case words, one blank between) stands in the words of `part`.
bool has_phrase(const Words& part, std::string_view phrase) {
  std::string joined{" "};
  for (const std::string& w : part) joined += w + " ";
  return joined.find(" " + std::string{phrase} + " ") != std::string::npos;
}

bool is_phrase(const Words& part, std::string_view phrase) {
  return has_phrase(part, phrase) &&
         static_cast<std::size_t>(std::count(phrase.begin(), phrase.end(), ' ')) + 1 == part.size();
}

/// How a notice words itself. Statistics have titles too ("Backlog maintenance, England", "Table 404"): what is common
/// in them counts only as a whole part of a title, or beside a word for the site itself.
struct Notice {
  std::initializer_list<const char*> anywhere;  // in a part of the title or heading
  std::initializer_list<const char*> alone;     // as a whole part
  std::initializer_list<const char*> beside;    // in a part that also names one of `subjects`
  std::initializer_list<const char*> subjects;
};

bool says(const Words& part, const Notice& notice) {
  if (part.size() > kLongestHeading) return false;
  const auto has = [&part](const char* p) { return has_phrase(part, p); };
  return std::any_of(notice.anywhere.begin(), notice.anywhere.end(), has) ||
         std::any_of(notice.alone.begin(), notice.alone.end(), [&](const char* p) { return is_phrase(part, p); }) ||
         (std::any_of(notice.beside.begin(), notice.beside.end(), has) &&
          std::any_of(notice.subjects.begin(), notice.subjects.end(), has));
}

bool says(const std::vector<Words>& parts, const Notice& notice) {
  return std::any_of(parts.begin(), parts.end(), [&](const Words& p) { return says(p, notice); });
}

const Notice kNotFound{
    .anywhere = {"page not found",
                 "page cannot be found",
                 "page can't be found",
                 "page could not be found",
                 "page couldn't be found",
                 "page doesn't exist",
                 "page does not exist",
                 "page no longer exists",
                 "page is missing",
                 "page has been removed",
                 "page isn't available",
                 "file not found",
                 "can't find that page",
                 "can't find this page",
                 "cannot find that page",
                 "couldn't find that page",
                 "couldn't find this page",
                 "404 not found",
                 "404 error",
                 "error 404",
                 "http 404",
                 "tudalen heb ei chanfod",
                 "heb ddod o hyd i'r dudalen",
                 "dod o hyd i'r dudalen"},
    .alone = {"404", "not found", "no longer available", "page unavailable", "page missing", "missing page", "410 gone",
              "gone", "this page is gone", "content unavailable", "heb ei ganfod", "nothing found", "nothing here",
              "doesn't exist", "does not exist", "error 410"},
    .beside = {"not found", "cannot be found", "can't be found", "could not be found", "couldn't be found",
               "can't find", "cannot find", "couldn't find", "could not find", "no longer available", "no longer here",
               "doesn't exist", "does not exist", "has been removed", "was not found", "isn't here",
               "no longer exists"},
    .subjects = {"page", "url", "address", "link", "resource", "document", "file you", "file requested",
                 "requested file", "content you", "what you", "you were looking", "you are looking", "you're looking",
                 "you requested"},
};

const Notice kMaintenance{
    .anywhere = {"down for maintenance", "closed for maintenance", "offline for maintenance",
                 "unavailable due to maintenance", "we'll be back soon", "we will be back soon", "back shortly",
                 "we'll be right back", "problem with the service", "problem with this service",
                 "experiencing technical difficulties", "service is unavailable", "site is unavailable",
                 "site is temporarily unavailable", "website is temporarily unavailable",
                 "service is temporarily unavailable"},
    .alone = {"maintenance",
              "maintenance mode",
              "site maintenance",
              "website maintenance",
              "system maintenance",
              "under maintenance",
              "scheduled maintenance",
              "planned maintenance",
              "essential maintenance",
              "routine maintenance",
              "undergoing maintenance",
              "maintenance page",
              "maintenance in progress",
              "scheduled maintenance in progress",
              "temporarily unavailable",
              "service unavailable",
              "service temporarily unavailable",
              "site unavailable",
              "site temporarily unavailable",
              "currently unavailable",
              "be right back",
              "be back soon",
              "technical difficulties",
              "site offline",
              "offline",
              "out of service",
              "503",
              "503 service unavailable",
              "503 service temporarily unavailable"},
    .beside = {"down for maintenance", "under maintenance", "undergoing maintenance", "scheduled maintenance",
               "planned maintenance", "essential maintenance", "routine maintenance", "performing maintenance",
               "temporarily unavailable", "currently unavailable", "temporarily closed", "technical difficulties",
               "maintenance mode"},
    .subjects = {"site", "website", "web site", "portal", "our service", "this service", "our systems", "we", "we're",
                 "server"},
};

const Notice kChallenge{
    .anywhere = {"just a moment",
                 "checking your browser",
                 "checking if the site connection is secure",
                 "verify you are human",
                 "verify you are a human",
                 "verify that you are human",
                 "verifying you are human",
                 "confirm you are human",
                 "are you a robot",
                 "are you human",
                 "not a robot",
                 "not a bot",
                 "pardon our interruption",
                 "human verification",
                 "bot verification",
                 "ddos protection by",
                 "unusual traffic from your",
                 "you have been blocked",
                 "sorry you have been blocked",
                 "complete the security check",
                 "enable javascript and cookies to continue",
                 "request has been blocked",
                 "your request was blocked"},
    .alone = {"attention required",
              "access denied",
              "access to this page has been denied",
              "request blocked",
              "request rejected",
              "the request is blocked",
              "security check",
              "security verification",
              "web page blocked",
              "one moment please",
              "one moment",
              "please wait",
              "robot check",
              "captcha",
              "blocked",
              "forbidden",
              "403 forbidden",
              "403 error",
              "error 403",
              "too many requests",
              "rate limited",
              "performing security verification"},
    .beside = {"security check", "access denied", "has been blocked", "was blocked"},
    .subjects = {"your browser", "your request", "your connection", "web site firewall", "website firewall",
                 "cloudflare"},
};

const Notice kSignIn{
    .anywhere = {"sign in to continue", "log in to continue", "login to continue", "please sign in", "please log in",
                 "sign in to your account", "log in to your account", "you must be logged in"},
    .alone = {"sign in", "log in", "login", "log on", "logon", "signin", "sign on", "single sign on", "account login",
              "user login", "staff login", "authentication required", "mewngofnodi", "authentication"},
    .beside = {"sign in", "log in", "login"},
    .subjects = {"your account", "to continue", "required"},
};

const Notice kPortal{
    .anywhere = {"wi fi login", "wifi login", "wi fi sign in", "wifi sign in", "guest wi fi", "guest wifi",
                 "connect to wi fi", "network login", "network sign in", "web filter violation",
                 "internet access blocked", "blocked by your organisation", "blocked by your organization",
                 "blocked by your administrator", "cache access denied", "the requested url could not be retrieved"},
    .alone = {"captive portal", "hotspot login", "network authentication required", "welcome to our wifi"},
    .beside = {},
    .subjects = {},
};

/// Parts of the title and of the first headings.
std::vector<Words> headlines(const Page& page) {
  std::vector<Words> parts = parts_of(page.title());
  for (const char* path : {"//h1", "(//h2)[1]"}) {
    const auto expression = XPath::make(path);
    if (!expression) continue;
    const auto found = page.find(*expression);
    if (!found) continue;
    const std::size_t most = std::min<std::size_t>(found->size(), 3);
    for (std::size_t i = 0; i < most; ++i)
      for (Words& part : parts_of((*found)[i])) parts.push_back(std::move(part));
  }
  return parts;
}

std::size_t count_words(std::string_view folded) {
  return folded.empty() ? 0 : static_cast<std::size_t>(std::count(folded.begin(), folded.end(), ' ')) + 1;
}

struct NoticeKind {
  const Notice& notice;
  Cause cause;
  const char* rule;
};

}  // namespace

Blocked blocked_by_looks(const Observation& o, const Page* page) {
  if (page == nullptr) return {};
  const std::size_t words = count_words(page->visible_text());
  // What fills a page is content, whatever it is called.
  if (words > kShortPage) return {};
  const auto heads = headlines(*page);
  static const NoticeKind kKinds[] = {
      {kChallenge, Cause::challenge, "engine: a challenge page"},
      {kPortal, Cause::intermediary, "engine: a page of a network on the way"},
      {kMaintenance, Cause::maintenance, "engine: a maintenance page"},
      {kSignIn, Cause::sign_in, "engine: a sign-in page"},
  };
  for (const NoticeKind& kind : kKinds)
    if (says(heads, kind.notice)) return {kind.cause, kind.rule};
  if (page->has_password_field()) return {Cause::sign_in, "engine: a password field"};
  if (words > kShortNotice) return {};
  const auto text = parts_of(page->visible_text());
  for (const NoticeKind& kind : kKinds)
    if (kind.cause != Cause::sign_in && says(text, kind.notice)) return {kind.cause, kind.rule};
  if (find_header(o, "Retry-After") != nullptr) return {Cause::maintenance, "engine: Retry-After on a short page"};
  return {};
}

bool says_not_found(const Page& page) { return says(headlines(page), kNotFound); }

}  // namespace embargod
