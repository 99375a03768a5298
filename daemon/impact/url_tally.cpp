#include "daemon/impact/url_tally.h"

#include <algorithm>

namespace embargod {
namespace {

// What an attacker can make of a log must not fill the memory: beyond these, counts are still "at least".
constexpr std::size_t kMostDifferentClients = 2'000'000;
constexpr std::size_t kMostDifferentReferrers = 1'000;
constexpr std::size_t kMostRefusals = 2'000'000;

bool is_get(std::string_view method) { return method.empty() || method == "GET"; }
bool gives_content(int status) { return status == 200 || status == 203 || status == 206; }
bool is_refusal(int status) { return status == 401 || status == 403 || status == 404 || status == 410; }

// A log's time is cut to its resolution: the request came within [at, at + resolution).
bool may_be_in(const ImpactWindow& w, const CountedRequest& r) {
  return (!w.from || r.at + r.resolution > *w.from) && r.at <= w.to;
}
bool is_in(const ImpactWindow& w, const CountedRequest& r) {
  return w.sure_from && w.sure_to && r.at >= *w.sure_from && r.at + r.resolution <= *w.sure_to;
}

// By the monitor it was not public before the end of this.
Instant live_by(const ImpactWindow& w) { return w.sure_from.value_or(w.to); }

std::uint64_t client_key(std::uint64_t hash, ClientClass who) {
  return hash ^ (static_cast<std::uint64_t>(who) * 0x9E3779B97F4A7C15U);
}

std::string hash_text(std::uint64_t hash) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (unsigned shift = 64; shift > 0; shift -= 4) out += kDigits[(hash >> (shift - 4)) & 0x0FU];
  return out;
}

/// "https://www.example.org:8080/a?b" -> "www.example.org:8080". What is no host is nobody's words to repeat.
std::string_view referrer_host(std::string_view referrer) {
  const std::size_t scheme = referrer.find("://");
  if (scheme == std::string_view::npos) return referrer.empty() ? referrer : std::string_view{"(not a URL)"};
  referrer.remove_prefix(scheme + 3);
  referrer = referrer.substr(0, referrer.find_first_of("/?#"));
  const auto odd = [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
             c == ':' || c == '[' || c == ']');
  };
  constexpr std::size_t kLongestHost = 260;
  if (referrer.empty() || referrer.size() > kLongestHost || std::any_of(referrer.begin(), referrer.end(), odd))
    return "(not a URL)";
  return referrer;
}

}  // namespace

void UrlTally::take(const CountedRequest& r) {
  note_start(r);
  note_guess(r);
  const auto& windows = url_->windows;
  if (std::none_of(windows.begin(), windows.end(), [&](const ImpactWindow& w) { return may_be_in(w, r); })) return;
  count_answer(r, std::any_of(windows.begin(), windows.end(), [&](const ImpactWindow& w) { return is_in(w, r); }));
}

void UrlTally::count_answer(const CountedRequest& r, bool is_sure) {
  ImpactCount& c = counts_[static_cast<std::size_t>(r.who)];
  const int digit = r.status / 100;
  ++c.statuses[digit >= 1 && digit <= 5 ? static_cast<std::size_t>(digit) : 0];
  c.bytes += r.bytes;
  if (r.who == ClientClass::own) ++own_;
  if (r.method == "HEAD" && digit == 2) ++c.head;
  if (!is_get(r.method) || !(gives_content(r.status) || r.status == 304)) return;
  if (r.status == 206)
    ++c.partial;
  else if (r.status == 304)
    ++c.not_modified;
  else
    ++(is_sure ? c.whole : c.whole_edge);
  if (Client* known = client(r); known != nullptr && ++known->served == 1) ++c.clients;
  if (r.who == ClientClass::internal || r.who == ClientClass::other) note_referrer(r.referrer);
}

void UrlTally::note_start(const CountedRequest& r) {
  if (r.at > url_->windows.back().to) return;
  if (is_refusal(r.status) && refused_.size() < kMostRefusals) refused_.push_back(r.at);
  if (r.who == ClientClass::own || !is_get(r.method) || !gives_content(r.status)) return;
  if (!first_served_ || r.at < *first_served_) first_served_ = r.at;
}

void UrlTally::note_guess(const CountedRequest& r) {
  if (r.who == ClientClass::own || !is_refusal(r.status) || r.at >= live_by(url_->windows.front())) return;
  if (guessed_ == 0 || r.at < first_guess_) first_guess_ = r.at;
  if (guessed_ == 0 || r.at > last_guess_) last_guess_ = r.at;
  ++guessed_;
  if (Client* known = client(r)) ++known->guesses;
}

UrlTally::Client* UrlTally::client(const CountedRequest& r) {
  const std::uint64_t key = client_key(r.client, r.who);
  auto it = clients_.find(key);
  if (it == clients_.end()) {
    if (clients_.size() >= kMostDifferentClients) return nullptr;
    it = clients_.emplace(key, Client{r.who, 0, 0, r.at, r.at}).first;
  }
  it->second.first = std::min(it->second.first, r.at);
  it->second.last = std::max(it->second.last, r.at);
  return &it->second;
}

void UrlTally::note_referrer(std::string_view referrer) {
  const std::string_view host = referrer_host(referrer);
  const auto it = referrers_.find(host);
  if (it != referrers_.end())
    ++it->second;
  else if (referrers_.size() < kMostDifferentReferrers)
    referrers_.emplace(host, 1);
}

std::optional<ImpactGuesses> UrlTally::guesses() const {
  if (guessed_ == 0) return std::nullopt;
  ImpactGuesses g{guessed_, 0, 0, first_guess_, last_guess_};
  for (const auto& [key, c] : clients_) {
    if (c.guesses == 0) continue;
    ++g.clients;
    if (c.served > 0) ++g.served_later;
  }
  return g;
}

// Only where the log shows that it was not there before. A page that answers 200 all along says nothing of when its
// contents changed.
std::optional<ImpactStart> UrlTally::start() const {
  if (!first_served_) return std::nullopt;
  ImpactStart s{*first_served_, std::nullopt, false};
  for (const Instant t : refused_)
    if (t <= s.first_served && (!s.last_refused || t > *s.last_refused)) s.last_refused = t;
  if (!s.last_refused) return std::nullopt;
  const auto& from = url_->windows.front().from;
  const bool is_before = from && s.first_served + Seconds{1} <= *from;
  // A page may have shown its announcement there; a file has none.
  if (is_before && !url_->is_download) return std::nullopt;
  s.contradicts = is_before;
  return s;
}

std::vector<ImpactReferrer> UrlTally::top_referrers() const {
  std::vector<ImpactReferrer> out;
  out.reserve(referrers_.size());
  for (const auto& [host, requests] : referrers_) out.push_back({host, requests});
  std::stable_sort(out.begin(), out.end(),
                   [](const ImpactReferrer& a, const ImpactReferrer& b) { return a.requests > b.requests; });
  if (out.size() > kMostReferrers) out.resize(kMostReferrers);
  return out;
}

std::vector<ImpactClient> UrlTally::top_clients() const {
  std::vector<ImpactClient> out;
  for (const auto& [key, c] : clients_)
    if (c.who != ClientClass::own)
      out.push_back({hash_text(client_key(key, c.who)), c.who, c.served, c.guesses, c.first, c.last});
  const auto comes_first = [](const ImpactClient& a, const ImpactClient& b) {
    if (a.served != b.served) return a.served > b.served;
    if (a.guesses != b.guesses) return a.guesses > b.guesses;
    if (a.hash != b.hash) return a.hash < b.hash;
    return a.who < b.who;
  };
  const std::size_t most = std::min(out.size(), kMostClients);
  std::partial_sort(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(most), out.end(), comes_first);
  out.resize(most);
  return out;
}

ImpactUrl UrlTally::finish() const {
  ImpactUrl out;
  out.target = url_->target;
  out.url = url_->url;
  out.is_download = url_->is_download;
  out.windows = url_->windows;
  for (std::size_t i = 0; i < kClientClasses; ++i) {
    ImpactCount c = counts_[i];
    c.who = static_cast<ClientClass>(i);
    if (std::any_of(c.statuses.begin(), c.statuses.end(), [](std::uint64_t n) { return n > 0; }))
      out.counts.push_back(c);
  }
  out.guesses = guesses();
  out.start = start();
  out.referrers = top_referrers();
  out.clients = top_clients();
  out.other_hosts = other_hosts_;
  return out;
}

}  // namespace embargod
