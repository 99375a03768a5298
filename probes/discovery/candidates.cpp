#include "probes/discovery/candidates.h"

#include <algorithm>
#include <map>

#include "config/candidates_reader.h"
#include "config/types/digest.h"
#include "config/url_template.h"
#include "config/zone_time.h"
#include "probes/discovery/url_guesses.h"
#include "probes/discovery/url_tokens.h"
#include "probes/magic.h"

namespace embargod {
namespace {

constexpr std::size_t kIdDigits = 6;
constexpr int kOlderEditionCost = 2;  // what is made of an edition before the newest is that much less likely

/// http and https of one host are one place: who finds the one finds the other.
std::string address_key(const Url& u) { return u.site() + u.path_query; }

/// A calendar day, or the month of a due that has no day.
std::optional<EditionDay> edition_day(const Due& due) {
  const auto at = due.at ? due.at : due.period_begin;
  if (!at) return std::nullopt;
  const auto date = local_day(*at, due.zone);
  EditionDay d;
  d.month = 12 * static_cast<int>(date.year()) + static_cast<int>(static_cast<unsigned>(date.month())) - 1;
  if (due.precision != DuePrecision::month) d.day = static_cast<int>(static_cast<unsigned>(date.day()));
  return d;
}

/// By what the ending promises: a document is a file, all else a page.
Role guessed_role(const Url& url) {
  const std::string kind = kind_of_path(url.path_query);
  return kind.empty() || kind == "html" ? Role::page : Role::file;
}

/// Of the release's own URLs there: the one of the same role, else any.
std::string profile_at(const Release& r, const Url& url, Role role) {
  const Target* found = nullptr;
  for (const Target& t : r.targets) {
    if (t.url.site() != url.site()) continue;
    if (found == nullptr || (t.role == role && found->role != role)) found = &t;
  }
  return found == nullptr ? "generic" : found->profile;
}

/// Guesses of one release, from all that it tells, the cheapest of each URL.
class GuessBook {
 public:
  GuessBook(const Release& r, const CandidateSettings& settings, const std::unordered_set<std::string>& taken)
      : release_{r}, settings_{settings}, taken_{taken} {}

  void from_former(const EditionDay& coming) {
    std::vector<Instant> editions;  // newest first
    editions.reserve(release_.former_urls.size());
    for (const FormerUrl& f : release_.former_urls) editions.push_back(*began(f));
    std::sort(editions.rbegin(), editions.rend());
    editions.erase(std::unique(editions.begin(), editions.end()), editions.end());
    for (std::size_t i = 0; i < release_.former_urls.size(); ++i) {
      const FormerUrl& f = release_.former_urls[i];
      const std::string from = "former_urls[" + std::to_string(i) + "]";
      if (!allowed(f.url, from)) continue;
      const auto age = std::find(editions.begin(), editions.end(), *began(f)) - editions.begin();
      const std::size_t before = guesses_.size();
      for (const UrlGuess& g : guesses_of(f.url.path_query, *edition_day(f.due), coming))
        add(f.url, g, from, {f.profile, static_cast<int>(age) * kOlderEditionCost});
      const bool tells = guesses_.size() > before || agreed_;
      if (!tells) notes_.push_back(from + ": no new URL follows from it");
      agreed_ = false;
    }
  }

  void from_templates(const EditionDay& coming) {
    for (std::size_t i = 0; i < release_.url_templates.size(); ++i) {
      const std::string from = "url_templates[" + std::to_string(i) + "]";
      const auto url = expand_url_template(
          release_.url_templates[i].text,
          {.year = coming.month / 12, .month = coming.month % 12 + 1, .day = coming.day.value_or(0)});
      if (!url)
        notes_.push_back(from + ": " + url.error().what);
      else if (allowed(*url, from))
        add(*url, {url->path_query, "template " + std::to_string(i + 1), -1}, from, {});
    }
  }

  CandidateList take() {
    std::stable_sort(guesses_.begin(), guesses_.end(), [](const Made& a, const Made& b) { return a.cost < b.cost; });
    const auto most = static_cast<std::size_t>(std::max(0, settings_.most));
    if (guesses_.size() > most) guesses_.resize(most);
    CandidateList out;
    out.notes = std::move(notes_);
    for (Made& m : guesses_) out.found.push_back(std::move(m.candidate));
    give_ids(out.found);
    return out;
  }

 private:
  struct Made {
    Candidate candidate;
    int cost = 0;
  };
  struct Manner {
    std::string profile;
    int cost = 0;
  };

  static std::optional<Instant> began(const FormerUrl& f) { return f.due.at ? f.due.at : f.due.period_begin; }

  bool allowed(const Url& url, const std::string& from) {
    if (may_guess_at(url, settings_)) return true;
    notes_.push_back(from + ": " + url.site() + " is not in candidates.hosts");
    return false;
  }

  void add(const Url& base, const UrlGuess& g, const std::string& from, const Manner& how) {
    auto url = parse_url(base.scheme + "://" + site_text(base) + g.path_query);
    if (!url || url->site() != base.site() || taken_.contains(address_key(*url))) return;
    const int cost = g.cost + how.cost;
    if (const auto known = at_.find(address_key(*url)); known != at_.end()) {
      agreed_ = true;
      Made& m = guesses_[known->second];
      if (m.cost <= cost) return;
      m.cost = cost;
      m.candidate.target.candidate_rule = g.rule;
      m.candidate.from = from;
      return;
    }
    at_[address_key(*url)] = guesses_.size();
    Made made;
    made.cost = cost;
    made.candidate.from = from;
    Target& t = made.candidate.target;
    t.release = release_.id;
    t.role = guessed_role(*url);
    t.profile = how.profile.empty() ? profile_at(release_, *url, t.role) : how.profile;
    t.candidate_rule = g.rule;
    t.url = std::move(*url);
    guesses_.push_back(std::move(made));
  }

  /// As written: an IPv6 address in its brackets, a port where it is not the scheme's.
  static std::string site_text(const Url& u) {
    const std::size_t begin = u.text.find("://") + 3;
    const std::size_t end = u.text.find_first_of("/?", begin);
    return u.text.substr(begin, end == std::string::npos ? end : end - begin);
  }

  /// By a digest of release and URL, so that one more or less moves no other.
  void give_ids(std::vector<Candidate>& all) const {
    std::unordered_set<std::string> used;
    for (Candidate& c : all) {
      const std::string digits = hex(sha256(release_.id + "\n" + address_key(c.target.url)));
      std::size_t n = kIdDigits;
      while (!used.insert(digits.substr(0, n)).second && n < digits.size()) ++n;
      c.target.id = release_.id + "/" + std::string{kCandidatePrefix} + digits.substr(0, n);
    }
  }

  const Release& release_;
  const CandidateSettings& settings_;
  const std::unordered_set<std::string>& taken_;
  std::vector<Made> guesses_;
  std::map<std::string, std::size_t> at_;  // of guesses_, by address_key()
  std::vector<std::string> notes_;
  bool agreed_ = false;  // the former URL in hand leads to a guess that another one had led to
};

}  // namespace

CandidateMaker::CandidateMaker(const Schedule& schedule, const CandidateSettings& settings) : settings_{settings} {
  for (const Release& r : schedule.releases) {
    for (const Target& t : r.targets) taken_.insert(address_key(t.url));
    for (const FormerUrl& f : r.former_urls) taken_.insert(address_key(f.url));
  }
}

CandidateList CandidateMaker::of(const Release& r) const {
  const auto coming = edition_day(r.due);
  if (!coming || r.status == ReleaseStatus::cancelled) return {};
  GuessBook book{r, settings_, taken_};
  book.from_former(*coming);
  book.from_templates(*coming);
  return book.take();
}

}  // namespace embargod
