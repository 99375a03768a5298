#include "daemon/watch/discovery_watch.h"

#include <algorithm>

namespace embargod {
namespace {

// A child whose lastmod stays is read all the same now and then: lastmod is an indication only.
constexpr int kRoundsUnread = 12;
constexpr std::size_t kMostMatches = 1'000;  // told of one document
constexpr std::string_view kWasRead = "\x01read";
constexpr std::string_view kIsBaseline =
    "\x01"
    "baseline";

bool counts_by_itself(const DiscoveryListing& l, const Finding& f, const FindingMatch& m) {
  if (m.public_anyway || f.elsewhere) return false;
  return m.by != FoundBy::title || l.title_counts;
}

/// Whether what was known of the old listing holds for the new one.
bool reads_the_same(const DiscoveryListing& a, const DiscoveryListing& b) {
  return a.url == b.url && a.kind == b.kind && a.item.text == b.item.text && a.link.text == b.link.text &&
         a.title.text == b.title.text;
}

/// One page is told once, by whatever titles it is listed.
std::uint64_t stranger_key(const std::string& listing, std::string_view canonical) {
  return finding_key(listing, canonical, "\x01stranger");
}

std::optional<Fault> fault_of_answer(const DiscoveryListing& l, const Observation& o) {
  if (o.failure != Cause::none)
    return Fault{Errc::unavailable, {}, std::string{"it could not be fetched: "} + to_string(o.failure), {}};
  if (o.status != 200) return Fault{Errc::unavailable, {}, "the answer is HTTP " + std::to_string(o.status), {}};
  const std::string& final_url = o.final_url.empty() ? o.url : o.final_url;
  if (host_of_canonical(canonical_address(final_url)) != host_of_canonical(canonical_address(l.url.text)))
    return Fault{Errc::unavailable, {}, "the answer came from another site", {}};
  return std::nullopt;
}

}  // namespace

struct DiscoveryWatch::Reading {
  ListingRead read;
  std::vector<std::uint64_t> fresh;  // keys that are new, as they came
  std::vector<std::pair<std::uint64_t, std::string>>
      touched;                           // keys of matches that are shown already, and their dates
  std::vector<std::uint64_t> strangers;  // keys of unmatched ones that were told
  std::vector<std::pair<std::uint64_t, NewFinding>> matches;
  std::vector<std::pair<std::uint64_t, NewFinding>> unmatched;  // by stranger_key
  std::unordered_set<std::uint64_t> told;                       // one entry may stand in a page twice
  std::size_t untold = 0;
};

Checked<std::shared_ptr<const DiscoveryPlan>> make_discovery_plan(const std::vector<DiscoveryListing>& listings,
                                                                  const Schedule& schedule) {
  std::vector<ListingReader> readers;
  Faults faults;
  for (const DiscoveryListing& l : listings) {
    auto reader = ListingReader::make(l);
    if (reader)
      readers.push_back(std::move(*reader));
    else
      faults.insert(faults.end(), reader.error().begin(), reader.error().end());
  }
  if (!faults.empty()) return tl::unexpected{std::move(faults)};
  return std::make_shared<const DiscoveryPlan>(DiscoveryPlan{std::move(readers), FindingMatcher{schedule}});
}

void DiscoveryWatch::restore(const std::vector<KnownListing>& known) {
  for (const KnownListing& k : known)
    if (auto set = KnownSet::from_bytes(k.bytes)) restored_.insert_or_assign(k.listing, std::move(*set));
}

void DiscoveryWatch::adopt(std::shared_ptr<const DiscoveryPlan> plan, Millis now_ticks) {
  std::map<std::string, State> next;
  for (const ListingReader& reader : plan->listings) {
    const std::string& name = reader.settings().name;
    State s;
    if (const auto old = states_.find(name); old != states_.end()) {
      if (reads_the_same(old->second.settings, reader.settings())) {
        s = std::move(old->second);
        for (auto& [url, document] : s.documents) document.match_all = true;
        // A shorter interval holds at once; a request under way ends as any.
        if (s.next && s.to_ask.empty())
          s.next = std::max(now_ticks, std::min(*s.next, s.round_begun + reader.settings().interval));
      } else {
        s.known = std::move(old->second.known);
        s.next = now_ticks;
      }
    } else {
      if (const auto kept = restored_.find(name); kept != restored_.end()) s.known = kept->second;
      s.next = now_ticks;
    }
    s.reader = &reader;
    s.settings = reader.settings();
    next.emplace(name, std::move(s));
  }
  states_ = std::move(next);
  plan_ = std::move(plan);
}

void DiscoveryWatch::hasten(const std::string& listing, Millis at) {
  const auto it = states_.find(listing);
  if (it == states_.end() || !it->second.next) return;
  it->second.next = std::min(*it->second.next, at);
}

void DiscoveryWatch::hold_stranger(const std::string& listing, const std::string& url, Instant last_seen) {
  const auto it = states_.find(listing);
  if (it == states_.end()) return;
  const std::uint64_t key = stranger_key(listing, canonical_address(url));
  it->second.strangers.try_emplace(
      key, Stranger{.url = url, .document = {}, .round = it->second.round, .seen_sent = last_seen});
}

std::optional<Millis> DiscoveryWatch::next_due() const {
  std::optional<Millis> first;
  for (const auto& [name, s] : states_)
    if (s.next && (!first || *s.next < *first)) first = s.next;
  return first;
}

std::vector<ProbeRequest> DiscoveryWatch::take_due(Millis now_ticks, std::uint64_t& tokens) {
  std::vector<ProbeRequest> out;
  for (auto& [name, s] : states_) {
    if (!s.next || *s.next > now_ticks) continue;
    std::string url = s.settings.url.text;
    if (s.to_ask.empty()) {
      ++s.round;
      s.round_failed = false;
      s.round_begun = now_ticks;
    } else {
      url = std::move(s.to_ask.back());
      s.to_ask.pop_back();
    }
    auto parsed = parse_url(url);
    if (!parsed) continue;  // never: children are parsed before they are planned
    s.next.reset();
    out.push_back({.token = ++tokens,
                   .target = "listing " + name,
                   .url = std::move(*parsed),
                   .urgency = Urgency::routine,
                   .route = Route::plain,
                   .max_body = s.reader->most_bytes()});
    s.in_flight = tokens;
    tokens_[tokens] = {name, std::move(url)};
  }
  return out;
}

std::optional<DiscoveryOutcome> DiscoveryWatch::finished(const Observation& o, Millis now_ticks) {
  const auto token = tokens_.find(o.token);
  if (token == tokens_.end()) return std::nullopt;
  const Asked asked = std::move(token->second);
  tokens_.erase(token);
  const auto it = states_.find(asked.listing);
  // Of a listing that is gone, or that has begun anew under its name.
  if (it == states_.end() || it->second.in_flight != o.token) {
    DiscoveryOutcome none;
    none.listing = asked.listing;
    return none;
  }
  State& s = it->second;
  s.in_flight = 0;
  DiscoveryOutcome out = take(s, asked.document, o);
  s.fault = out.fault ? to_string(*out.fault) : std::string{};
  s.round_failed = s.round_failed || out.fault.has_value();
  if (!s.to_ask.empty()) {
    s.next = now_ticks;
    return out;
  }
  settle_gone(s, o, out);
  out.round_over = true;
  out.round_good = !s.round_failed;
  if (!s.round_failed) s.last_success = o.done;
  s.next = std::max(now_ticks, s.round_begun + s.settings.interval);
  return out;
}

DiscoveryOutcome DiscoveryWatch::take(State& s, const std::string& url, const Observation& o) {
  DiscoveryOutcome out;
  out.listing = s.settings.name;
  const bool is_root = url == s.settings.url.text;
  out.fault = fault_of_answer(s.settings, o);
  if (!out.fault) {
    Document& d = s.documents[url];
    if (!d.match_all && !o.digest.empty() && d.digest == o.digest) {
      out.entries = d.entries;
      touch_all(s, url, o);
    } else {
      read_entries(s, url, o, out);
    }
  }
  if (!out.fault) {
    Document& d = s.documents[url];
    d.rounds_unread = 0;
    d.read_sent = o.sent - o.clock_error;
    d.read_round = s.round;
    for (const auto& [key, shown] : s.shown)
      if (shown.document == url && shown.seen_sent == *d.read_sent) out.still.push_back(shown.what);
    if (is_root) plan_children(s, d, out);
    return out;
  }
  std::string where = "discovery \"" + s.settings.name + "\"";
  if (!is_root) where += ", a child sitemap";
  out.fault->where = out.fault->where.empty() ? where : where + ", " + out.fault->where;
  return out;
}

void DiscoveryWatch::read_entries(State& s, const std::string& url, const Observation& o, DiscoveryOutcome& out) {
  const auto document_url = parse_url(url);
  if (!document_url) return;
  const DiscoveryListing& l = s.settings;
  const Document& d = s.documents[url];
  const bool is_root = url == l.url.text;
  const bool was_read = s.known.contains(finding_key(l.name, kWasRead, url));
  const bool baseline = !was_read && (is_root || s.known.contains(finding_key(l.name, kIsBaseline, url)));
  const Instant latest = o.done + o.clock_error;
  Reading reading;
  const auto sink = [&](const Finding& f) {
    const std::string canonical = canonical_address(f.url);
    const std::uint64_t key = finding_key(l.name, canonical, f.title);
    const bool known = s.known.contains(key);
    const auto shown = s.shown.find(key);
    if (shown != s.shown.end() && !d.match_all) {
      reading.touched.emplace_back(key, f.stated);
      return;
    }
    const std::uint64_t stranger = s.strangers.empty() ? 0 : stranger_key(l.name, canonical);
    const bool is_told = stranger != 0 && s.strangers.contains(stranger);
    if (is_told) reading.strangers.push_back(stranger);
    const bool former =
        s.former.contains(key) || (known && !s.former.empty() && s.former.contains(stranger_key(l.name, canonical)));
    if (known && !former && !d.match_all) return;
    if (!known) reading.fresh.push_back(key);
    auto match = plan_->matcher.match(f);
    const bool looks_new = (!known || former) && !baseline && !is_told && !match && s.reader->looks_like_release(f);
    if (!match && !looks_new) return;
    const std::uint64_t told = match ? key : stranger_key(l.name, canonical);
    if (!reading.told.insert(told).second) return;
    if (shown != s.shown.end() && match == shown->second.what.match) {
      reading.touched.emplace_back(key, f.stated);
      return;
    }
    NewFinding n{
        .listing = l.name,
        .site = l.url.site(),
        .finding = f,
        .match = std::move(match),
        .counts = false,
        .appeared = {.earliest = (known && !former) || baseline ? std::nullopt : d.read_sent, .latest = latest}};
    n.counts = n.match && counts_by_itself(l, f, *n.match);
    if (!n.match && reading.unmatched.size() >= kMostUnmatched) {
      ++reading.untold;
    } else if (!n.match) {
      reading.unmatched.emplace_back(told, std::move(n));
    } else if (reading.matches.size() < kMostMatches) {
      reading.matches.emplace_back(key, std::move(n));
    }
  };
  auto read = s.reader->read(*document_url, o.body, o.content_type, sink);
  if (read && read->is_index && !is_root)
    read = fail(Errc::invalid_input, "a sitemap index within a sitemap index", {}, "name it in discovery itself");
  if (read && read->entries == 0 && !read->is_index) read = fail(Errc::not_found, "it lists nothing at all");
  if (!read) {
    out.fault = read.error();
    return;
  }
  reading.read = std::move(*read);
  keep(s, url, o, std::move(reading), out);
}

void DiscoveryWatch::keep(State& s, const std::string& url, const Observation& o, Reading&& reading,
                          DiscoveryOutcome& out) {
  Document& d = s.documents[url];
  const std::string& name = s.settings.name;
  if (s.known.full()) {
    s.known = KnownSet{};
    out.note = "it has shown more entries than are kept: it begins anew with what it shows now";
  }
  const std::size_t before = s.known.size();
  for (const std::uint64_t key : reading.fresh) s.known.add(key);
  out.fresh = s.known.size() - before;
  const bool first_index = reading.read.is_index && !s.known.contains(finding_key(name, kWasRead, url));
  if (first_index)
    for (const ChildSitemap& c : reading.read.children) s.known.add(finding_key(name, kIsBaseline, c.url));
  s.known.add(finding_key(name, kWasRead, url));
  s.known_changed = s.known_changed || s.known.size() != before;

  out.entries = reading.read.entries;
  out.untold = reading.untold;
  const Instant sent = o.sent - o.clock_error;
  for (auto& [key, finding] : reading.unmatched) {
    s.former.erase(key);
    s.strangers[key] = Stranger{.url = finding.finding.url, .document = url, .round = s.round, .seen_sent = sent};
    out.found.push_back(std::move(finding));
  }
  for (const std::uint64_t key : reading.strangers) {
    const std::string address = std::move(s.strangers.at(key).url);
    s.strangers[key] = Stranger{.url = address, .document = url, .round = s.round, .seen_sent = sent};
  }
  for (auto& [key, finding] : reading.matches) {
    out.found.push_back(finding);
    s.former.erase(key);
    s.strangers.erase(stranger_key(name, canonical_address(finding.finding.url)));
    s.shown[key] = Shown{.what = std::move(finding), .document = url, .round = s.round, .seen_sent = sent};
  }
  for (auto& [key, stated] : reading.touched) {
    Shown& shown = s.shown.at(key);
    shown.what.finding.stated = std::move(stated);
    shown.document = url;
    shown.round = s.round;
    shown.seen_sent = sent;
  }
  // A listing that has lost a third of itself is more likely broken than emptied: what it showed stays until the next
  // reading says the same.
  const bool shrunk = reading.read.entries * 10 < d.entries * 7;
  if (shrunk) {
    out.note = "it shows " + std::to_string(reading.read.entries) + " entries, but " + std::to_string(d.entries) +
               " before: what is missing counts as gone only if the next reading lacks it too";
    for (auto& [key, shown] : s.shown)
      if (shown.document == url) shown.round = s.round;
    for (auto& [key, stranger] : s.strangers)
      if (stranger.document == url) stranger.round = s.round;
  }
  d.entries = reading.read.entries;
  d.children = std::move(reading.read.children);
  d.digest = shrunk ? std::string{} : o.digest;
  d.match_all = false;
}

void DiscoveryWatch::touch_all(State& s, const std::string& url, const Observation& o) {
  for (auto& [key, shown] : s.shown)
    if (shown.document == url) {
      shown.round = s.round;
      shown.seen_sent = o.sent - o.clock_error;
    }
  for (auto& [key, stranger] : s.strangers)
    if (stranger.document == url) {
      stranger.round = s.round;
      stranger.seen_sent = o.sent - o.clock_error;
    }
}

void DiscoveryWatch::plan_children(State& s, const Document& index, DiscoveryOutcome& out) {
  const std::size_t follow = std::min(index.children.size(), static_cast<std::size_t>(s.settings.follow));
  if (follow < index.children.size())
    out.note = "the index names " + std::to_string(index.children.size()) + " sitemaps, of which " +
               std::to_string(follow) + " are followed; raise follow";
  const std::string root = s.settings.url.text;
  std::map<std::string, Document> kept;
  kept.insert(s.documents.extract(root));
  for (std::size_t i = 0; i < follow; ++i) {
    const ChildSitemap& child = kept.at(root).children[i];
    if (child.url == root || !parse_url(child.url)) continue;
    auto known = s.documents.extract(child.url);
    Document d = known.empty() ? Document{} : std::move(known.mapped());
    const bool wanted = d.match_all || d.digest.empty() || child.lastmod.empty() || child.lastmod != d.lastmod ||
                        ++d.rounds_unread >= kRoundsUnread;
    d.lastmod = child.lastmod;
    kept.emplace(child.url, std::move(d));
    if (wanted) s.to_ask.push_back(child.url);
  }
  std::reverse(s.to_ask.begin(), s.to_ask.end());
  s.documents = std::move(kept);
}

/// What stood in `document`, and was seen last in `round`.
bool DiscoveryWatch::is_gone(const State& s, const std::string& document, std::uint64_t round) {
  if (round == s.round) return false;
  const auto it = s.documents.find(document);
  return it == s.documents.end() ? !s.round_failed : it->second.read_round == s.round;
}

/// Only after a round: an entry may have moved from one child to another.
void DiscoveryWatch::settle_gone(State& s, const Observation& o, DiscoveryOutcome& out) {
  for (auto it = s.strangers.begin(); it != s.strangers.end();) {
    const Stranger& stranger = it->second;
    if (!is_gone(s, stranger.document, stranger.round)) {
      ++it;
      continue;
    }
    out.strangers_gone.push_back({.listing = s.settings.name,
                                  .url = stranger.url,
                                  .gone = {.earliest = stranger.seen_sent, .latest = o.done + o.clock_error}});
    s.former.insert(it->first);
    it = s.strangers.erase(it);
  }
  for (auto it = s.shown.begin(); it != s.shown.end();) {
    const Shown& shown = it->second;
    if (!is_gone(s, shown.document, shown.round)) {
      ++it;
      continue;
    }
    out.gone.push_back({.listing = s.settings.name,
                        .release = shown.what.match ? shown.what.match->release : std::string{},
                        .finding = shown.what.finding,
                        .gone = {.earliest = shown.seen_sent, .latest = o.done + o.clock_error}});
    s.former.insert(it->first);
    it = s.shown.erase(it);
  }
}

std::vector<NewFinding> DiscoveryWatch::shown() const {
  std::vector<NewFinding> out;
  for (const auto& [name, s] : states_)
    for (const auto& [key, shown] : s.shown) out.push_back(shown.what);
  return out;
}

std::vector<ListingStatus> DiscoveryWatch::status() const {
  std::vector<ListingStatus> out;
  out.reserve(states_.size());
  for (const auto& [name, s] : states_)
    out.push_back({.listing = name,
                   .kind = s.settings.kind,
                   .interval = s.settings.interval,
                   .last_success = s.last_success,
                   .fault = s.fault,
                   .known = s.known.size(),
                   .matches = s.shown.size()});
  return out;
}

std::vector<KnownListing> DiscoveryWatch::take_changed() {
  std::vector<KnownListing> out;
  for (auto& [name, s] : states_)
    if (s.in_flight == 0 && s.to_ask.empty() && std::exchange(s.known_changed, false))
      out.push_back({name, s.known.bytes()});
  return out;
}

}  // namespace embargod
