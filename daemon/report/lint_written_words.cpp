// Wording of a written report: what is not filled in, not founded, not for readers outside, or left over.

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <set>

#include "config/text_checks.h"
#include "daemon/report/written_passages.h"

namespace embargod {
namespace {

class WordRules {
 public:
  WordRules(const std::vector<ReadPassage>& passages, WrittenFindings& found) : passages_{passages}, found_{found} {}

  void run() {
    static const RE2 kEmail{"(?i)[a-z0-9._%+-]+@[a-z0-9-]+(?:\\.[a-z0-9-]+)+"};
    for (const ReadPassage& p : passages_)
      if (p.source->field == WrittenField::contact)
        for (const WrittenAt& at : matches_of(kEmail, p.words)) contacts_.insert(cut(p.words, at));
    for (const ReadPassage& p : passages_) {
      check_blanks(p);
      check_markup(p);
      check_relative_times(p);
      check_readers(p);
      check_numbers(p);
      if (p.source->field == WrittenField::contact) continue;
      for (const WrittenAt& at : matches_of(kEmail, p.words))
        if (!contacts_.contains(cut(p.words, at)))
          add_personal(p, at, "an e-mail address, " + in_quotes(cut(p.words, at)) + ", outside the contact details");
    }
    check_outputs();
    check_statement();
    check_topics();
  }

 private:
  void add(const char* code, const ReadPassage& p, std::size_t at, std::string text, std::string to_do) {
    found_.push_back({LintLevel::warning, code, p.source->line_at(at), std::move(text), std::move(to_do)});
  }
  void add_personal(const ReadPassage& p, WrittenAt at, const std::string& what) {
    add("personal-data", p, at.begin, "it holds " + what, "leave it out: name roles, not persons");
  }

  void check_blanks(const ReadPassage& p) {
    static const RE2 kBlank{
        "(?i)\\[TO COMPLETE[^\\]]*\\]?|\\[(?:insert|enter|add|tbc|tba|to "
        "follow)[^\\]]*\\]?|\\bTB[CA]\\b|\\?{3,}|\\bX{3,}\\b"};
    for (const WrittenAt& at : matches_of(kBlank, p.source->text))
      add("blank", p, at.begin, "not filled in: " + in_quotes(cut(p.source->text, at)),
          "fill it in, or say why it cannot be");
  }

  void check_markup(const ReadPassage& p) {
    static const RE2 kMarkup{
        "(?i)</?(?:p|br|b|i|u|em|strong|a|div|span|ul|ol|li|table|t[rdh]|h[1-6]|font|sup|sub|img)(?:\\s[^<>]*)?/?>|"
        "&(?:nbsp|amp|lt|gt|quot|apos|[lr][sd]quo|ndash|mdash|pound|#\\d{2,5});"};
    const auto all = matches_of(kMarkup, p.words);
    if (all.empty()) return;
    std::string text = "markup stands in the text: " + in_quotes(cut(p.words, all.front()));
    if (all.size() > 1) text += " and " + std::to_string(all.size() - 1) + " more";
    add("markup", p, all.front().begin, text, "take it out");
  }

  void check_relative_times(const ReadPassage& p) {
    static const RE2 kRelative{
        "(?i)\\b(?:today|yesterday|tomorrow|last night|(?:this|last|next) "
        "(?:week|month|morning|afternoon|evening|year))\\b"};
    for (const WrittenAt& at : matches_of(kRelative, p.words))
      add("relative-time", p, at.begin, in_quotes(cut(p.words, at)) + " means another day to every later reader",
          "write the date");
  }

  /// Who read it is not known from counts: without a rule that tells readers apart it is a guess.
  void check_readers(const ReadPassage& p) {
    static const RE2 kReader{
        "(?i)\\b(?:views?|viewed|viewers?|downloads?|downloaded|access(?:ed|es)?|visit(?:s|ed|ors)?|"
        "seen|saw|read|readers?|users?|hits|traffic|anyone|anybody|nobody|no one)\\b"};
    static const RE2 kSide{
        "(?i)\\b(?:internal(?:ly)?|external(?:ly)?|staff|colleagues|outside (?:of )?(?:the |this |our )?"
        "(?:organisation|office|agency|department))\\b"};
    static const RE2 kGuess{
        "(?i)\\b(?:likely|unlikely|probabl[ey]|presumabl[ey]|believed?|assum\\w+|appears?|seems?|thought|"
        "suggests?|doubtful|confident|no reason to|expected|may well)\\b"};
    static const RE2 kClaim{
        "(?i)\\b(?:views?|downloads?|visits?|hits|readers?|users|requests?|these|those|they|both|all)\\b"
        "[^.]{0,30}\\b(?:were|are|was|came|come)\\b[^.]{0,25}\\b(?:internal|external|staff|colleagues)\\b"};
    static const RE2 kRule{
        "(?i)\\b(?:not established|not known|(?:ip|address|network) ranges?|office network|vpn|signed[- ]in|"
        "logged[- ]in|single sign|rule|source address(?:es)?)\\b"};
    for (const WrittenAt& at : sentences_of(p.words)) {
      const std::string s = cut(p.words, at);
      const bool is_guess = has_match(kReader, s) && has_match(kSide, s) && has_match(kGuess, s);
      if ((!is_guess && !has_match(kClaim, s)) || has_match(kRule, s)) continue;
      add("internal", p, at.begin,
          "who the readers were is claimed without a rule that tells them apart: " + in_quotes(s),
          "state the rule and its source, or write \"not established\"");
    }
  }

  void check_numbers(const ReadPassage& p) {
    static const RE2 kPhone{"(?:\\+\\d{1,3}[\\s-]?(?:\\(0\\)\\s?)?|\\b0)(?:\\d[\\s-]?){8,11}\\d\\b"};
    static const RE2 kToken{"[0-9A-Fa-f:.]{4,45}"};
    // Addresses of the site itself are no person's.
    static const RE2 kSite{
        "(?i)\\b(?:ways to it|(?:edge|web|origin|our) (?:server|node|address)|address of the (?:site|server))\\b"};
    static const RE2 kVersion{"(?i)(?:version|release|v)\\.?\\s*$"};
    if (p.source->field != WrittenField::contact)
      for (const WrittenAt& at : matches_of(kPhone, p.undated))
        add_personal(p, at, "a telephone number, " + in_quotes(cut(p.undated, at)) + ", outside the contact details");
    for (WrittenAt at : matches_of(kToken, p.undated)) {
      while (at.end > at.begin && (p.undated[at.end - 1] == '.' || p.undated[at.end - 1] == ':')) --at.end;
      const std::string token = cut(p.undated, at);
      std::array<unsigned char, 16> address{};
      const bool is_v4 = ::inet_pton(AF_INET, token.c_str(), address.data()) == 1;
      const bool is_v6 = token.size() > 5 && ::inet_pton(AF_INET6, token.c_str(), address.data()) == 1;
      const std::size_t from = at.begin > 12 ? at.begin - 12 : 0;
      const bool is_of_site = has_match(kSite, cut(p.words, sentence_at(p.words, at.begin)));
      if ((is_v4 || is_v6) && !is_of_site && !has_match(kVersion, p.undated.substr(from, at.begin - from)))
        add_personal(p, at, "an IP address, " + in_quotes(token));
    }
  }

  void check_outputs() {
    std::vector<std::string> urls;
    const ReadPassage* first = nullptr;
    std::string everything;
    for (const ReadPassage& p : passages_) {
      everything += p.source->text + "\n";
      if (p.source->field != WrittenField::title || p.source->is_label) continue;
      for (const WrittenAt& at : urls_of(p.source->text)) urls.push_back(cut(p.source->text, at));
      if (first == nullptr) first = &p;
    }
    if (urls.size() < 2) return;
    const bool is_told_apart = std::any_of(urls.begin(), urls.end(), [&everything](const std::string& u) {
      return everything.find(u, everything.find(u) + u.size()) != std::string::npos;
    });
    if (!is_told_apart)
      add("outputs-shared", *first, 0,
          std::to_string(urls.size()) + " outputs or files share one field, and none has an account of its own",
          "give for each URL when it was live, for how long, and its counts");
  }

  void check_statement() {
    static const RE2 kNone{"(?i)^\\s*(?:n/?a|none|no|not applicable|nil|-+)\\s*\\.?\\s*$"};
    for (const ReadPassage& p : passages_)
      if (p.source->field == WrittenField::statement && !p.source->is_label && has_match(kNone, p.source->text))
        add("no-statement", p, 0, "no statement for users is given: " + in_quotes(p.source->text),
            "publish one and give its link, or say why there is none");
  }

  void check_topics() {
    struct Topic {
      const char* name;
      const char* expression;
    };
    static constexpr std::array kTopics{
        Topic{"who found it", "(?i)\\b(?:found|notic|discover|detect|spotted|identif|reported by|alerted|first sight)"},
        Topic{"caches or CDN", "(?i)\\b(?:cache|cdn|purge|edge)"}, Topic{"search engines", "(?i)\\bsearch"},
        Topic{"archives", "(?i)\\barchiv"},
        Topic{"e-mail alerts and feeds", "(?i)\\b(?:e-?mail alert|feeds?\\b|rss|subscri|notification)"}};
    std::vector<std::string> missing;
    for (const Topic& t : kTopics) {
      const RE2 re{t.expression};
      if (std::none_of(passages_.begin(), passages_.end(),
                       [&re](const ReadPassage& p) { return has_match(re, p.words); }))
        missing.emplace_back(t.name);
    }
    if (!missing.empty())
      found_.push_back({LintLevel::note, "not-addressed", 0, "nothing is said of " + listed(missing),
                        "say what is known, or that it was not looked at"});
  }

  const std::vector<ReadPassage>& passages_;
  WrittenFindings& found_;
  std::set<std::string> contacts_;
};

struct Count {
  WrittenAt at;
  int number = 0;
  bool is_download = false;
};

std::vector<Count> counts_in(const std::string& text) {
  static const RE2 kFigure{
      "(?i)\\b\\d[\\d,]*\\s+(?:unique |page |web |file )?(?:page-?)?(?:views?|visits?|hits|downloads?)\\b"};
  std::vector<Count> all;
  for (const WrittenAt& at : matches_of(kFigure, text)) {
    const std::string hit = cut(text, at);
    int n = 0;
    for (const char c : hit) {
      if (c >= '0' && c <= '9' && n < 100'000'000) n = n * 10 + (c - '0');
      if (c == ' ') break;
    }
    all.push_back({at, n, hit.find("ownload") != std::string::npos});
  }
  return all;
}

/// Views and downloads are counted by different means: one page view may lead to none or many downloads.
class CountRules {
 public:
  CountRules(const ReadPassage& p, WrittenFindings& found) : p_{p}, found_{found}, counts_{counts_in(p.undated)} {}

  void run() {
    check_source();
    check_sums();
    check_comparisons();
  }

 private:
  void add(const char* code, std::size_t at, std::string text, std::string to_do) {
    found_.push_back({LintLevel::warning, code, p_.source->line_at(at), std::move(text), std::move(to_do)});
  }

  void check_source() {
    static const RE2 kSource{
        "(?i)\\b(?:analytics|(?:server|access|web|cdn) logs?|log files?|counted (?:by|from|in)|according to|"
        "measured (?:by|with)|matomo|piwik)\\b"};
    if (counts_.empty() || has_match(kSource, p_.words)) return;
    add("count-source", counts_.front().at.begin,
        in_quotes(cut(p_.undated, counts_.front().at)) + " stands without its source",
        "say for each count what counted it, over which period, and whether this monitor's own requests are in it");
  }

  void check_sums() {
    static const RE2 kBoth{
        "(?i)\\b\\d[\\d,]*\\s+(?:page )?(?:views?|visits?|downloads?)\\s*(?:and|or|/|&|plus|\\+)\\s*"
        "(?:views?|visits?|downloads?)\\b"};
    static const RE2 kTotal{"(?i)\\b(?:total(?:s|led)?|altogether|combined|in all|in sum|added together|sum of)\\b"};
    const auto both = matches_of(kBoth, p_.undated);
    for (const WrittenAt& at : both) add_sum(at);
    for (const WrittenAt& s : sentences_of(p_.undated)) {
      const auto [has_views, has_downloads] = kinds_in(s);
      const bool is_noted = std::any_of(both.begin(), both.end(),
                                        [&s](const WrittenAt& b) { return b.begin >= s.begin && b.begin < s.end; });
      if (!is_noted && has_views && has_downloads && has_match(kTotal, cut(p_.undated, s))) add_sum(s);
    }
  }
  void add_sum(WrittenAt at) {
    add("count-sum", at.begin, "views and downloads are added up: " + in_quotes(cut(p_.undated, at)),
        "state each by itself: they count different things");
  }

  void check_comparisons() {
    static const RE2 kCompared{
        "(?i)\\b(?:more|fewer|less|higher|lower)\\b[^.]{0,30}\\b(?:downloads?|views?)\\s+than\\b"};
    for (const WrittenAt& at : matches_of(kCompared, p_.undated))
      add_comparison(at.begin, in_quotes(cut(p_.undated, at)));
    constexpr std::size_t kPair = 40;
    for (std::size_t k = 0; k + 1 < counts_.size(); ++k) {
      const Count& a = counts_[k];
      const Count& b = counts_[k + 1];
      if (a.is_download || !b.is_download || b.number <= a.number || b.at.begin - a.at.end > kPair) continue;
      add_comparison(a.at.begin, in_quotes(cut(p_.undated, {a.at.begin, b.at.end})) + " has more downloads than views");
    }
  }
  void add_comparison(std::size_t at, const std::string& what) {
    add("count-compare", at, what + ", and the two are different counters",
        "say how each was counted: files are also fetched by their own address, by robots, or all of them by one "
        "person");
  }

  [[nodiscard]] std::pair<bool, bool> kinds_in(WrittenAt s) const {
    std::pair<bool, bool> kinds{false, false};
    for (const Count& c : counts_)
      if (c.at.begin >= s.begin && c.at.begin < s.end) (c.is_download ? kinds.second : kinds.first) = true;
    return kinds;
  }

  const ReadPassage& p_;
  WrittenFindings& found_;
  std::vector<Count> counts_;
};

}  // namespace

void lint_written_words(const std::vector<ReadPassage>& passages, WrittenFindings& found) {
  WordRules{passages, found}.run();
}

void lint_written_counts(const std::vector<ReadPassage>& passages, WrittenFindings& found) {
  for (const ReadPassage& p : passages) CountRules{p, found}.run();
}

}  // namespace embargod
