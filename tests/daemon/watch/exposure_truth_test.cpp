// Ten thousand simulated exposures: an origin, a shared cache before it, other visitors, our polls by a clock that is
// off. What the program states of each must contain what was true.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "daemon/watch/exposure.h"
#include "daemon/watch/track.h"
#include "probes/answer.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kUsualRows = 10'000;
constexpr std::uint64_t kUsualSeed = 20'180'425;
const Instant kMidnight{Millis{1'524'614'400'000}};

/// splitmix64: the same numbers on every machine.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_{seed} {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
  }
  double unit() { return static_cast<double>(next() >> 11U) / 9007199254740992.0; }
  bool chance(double p) { return unit() < p; }
  Millis between(Millis low, Millis high) {
    return low + Millis{static_cast<std::int64_t>(unit() * static_cast<double>((high - low).count() + 1))};
  }
  /// As often between 1 s and 10 s as between 10 s and 100 s.
  Millis over_magnitudes(Millis low, Millis high) {
    const double ratio = static_cast<double>(high.count()) / static_cast<double>(low.count());
    return Millis{static_cast<std::int64_t>(static_cast<double>(low.count()) * std::pow(ratio, unit()))};
  }

 private:
  std::uint64_t state_;
};

/// Instants here are true time.
struct Origin {
  Instant up, down;
  [[nodiscard]] bool live(Instant t) const { return t >= up && t < down; }
};

struct CacheWays {
  bool caches = false;
  Millis ttl{0}, negative_ttl{0}, stale_while_revalidate{0};
  Millis upstream{0};        // longest time of a fetch
  Millis skew{0};            // of the hop's clock: with the fetch it makes Age at most 2 s too large
  bool counts_late = false;  // Age counts from the answer to the fetch (Varnish), which is later than the copy was made
  bool zero_age = false;     // sends "Age: 0" with a fresh copy, else no Age
  Millis visits{0};          // other people's requests come this far apart
};

struct Served {
  bool live = false;
  Instant at;     // when the edge had this answer
  Instant ready;  // when it has left
  std::optional<Seconds> age;
};

/// One shared cache: an answer is a copy, fetched now or before.
class SharedCache {
 public:
  SharedCache(const Origin& origin, const CacheWays& ways, Dice& dice) : origin_{origin}, ways_{ways}, dice_{dice} {}

  Served serve(Instant t) {
    if (pending_ && pending_->stored <= t) copy_ = std::exchange(pending_, std::nullopt);
    if (!ways_.caches) return answer(fetch(t), t, true);
    if (copy_ && t - copy_->stored < lifetime(*copy_)) return answer(*copy_, t, false);
    const bool stale_allowed = copy_ && t - copy_->stored < lifetime(*copy_) + ways_.stale_while_revalidate;
    const bool waits_for_another = pending_.has_value();
    if (!pending_) pending_ = fetch(t);
    if (stale_allowed) return answer(*copy_, t, false);
    copy_ = std::exchange(pending_, std::nullopt);
    return answer(*copy_, t, !waits_for_another);
  }

  /// Past the cache.
  Served fetch_through(Instant t) { return answer(fetch(t), t, true); }

 private:
  struct Copy {
    bool live = false;
    Instant asked, made, stored;
  };

  Copy fetch(Instant t) {
    const Instant made = t + dice_.between(0ms, ways_.upstream);
    const Instant stored = t + std::max(made - t, dice_.between(0ms, ways_.upstream));
    return {origin_.live(made), t, made, stored};
  }
  [[nodiscard]] Millis lifetime(const Copy& c) const { return c.live ? ways_.ttl : ways_.negative_ttl; }

  /// RFC 9111 4.2.3: Age counts from when the copy was asked for, so that it is never too small: by the book.
  [[nodiscard]] Served answer(const Copy& c, Instant t, bool fetched) {
    Served s{.live = c.live, .at = std::max(t, c.made), .ready = std::max(t, c.stored), .age = {}};
    const Millis age = ways_.counts_late ? s.ready - std::min(c.stored, s.ready) : s.ready - c.asked + ways_.skew;
    if (!fetched || ways_.zero_age) s.age = std::chrono::floor<Seconds>(age);
    return s;
  }

  const Origin& origin_;
  const CacheWays& ways_;
  Dice& dice_;
  std::optional<Copy> copy_, pending_;
};

/// Our clock: within its bound of the truth, which changes as it is set anew.
class CrookedClock {
 public:
  explicit CrookedClock(Dice& dice)
      : dice_{dice}, worst_{dice.over_magnitudes(1ms, 2s)}, often_{dice.chance(0.3) ? 0.5 : 0.05} {
    set();
  }
  void maybe_set() {
    if (dice_.chance(often_)) set();
  }
  [[nodiscard]] Instant reads(Instant truth) const { return truth + off_; }
  [[nodiscard]] Millis error() const { return error_; }

 private:
  void set() {
    error_ = dice_.chance(0.2) ? 0ms : dice_.between(0ms, worst_);
    off_ = dice_.chance(0.2) ? error_ : dice_.between(-error_, error_);
  }

  Dice& dice_;
  Millis worst_;
  double often_;
  Millis error_{0}, off_{0};
};

struct Row {
  std::optional<ExposureSpan> span;
  TargetTrack track;
  Instant due;
  std::optional<Instant> ended_at;  // the embargo, while it was up
  // True instants at this edge, by all its visitors.
  std::optional<Instant> first_live, first_gone;
  std::vector<std::pair<SpanBounds, Millis>> while_up;  // stated and true, at some looks
};

/// One exposure, watched from before it begins until it was seen to be over.
class Watch {
 public:
  explicit Watch(std::uint64_t seed) : dice_{seed} {
    const Millis length = dice_.over_magnitudes(2s, 40min);
    interval_ = dice_.over_magnitudes(std::max<Millis>(1s, length / 50), 2min);
    lead_in_ = interval_ * static_cast<int>(dice_.next() % 9);
    origin.up = kMidnight + lead_in_ + dice_.between(0ms, interval_);
    origin.down = origin.up + length;
    ways.caches = dice_.chance(0.8);
    ways.ttl = dice_.over_magnitudes(1s, 10min);
    ways.negative_ttl = dice_.over_magnitudes(1s, 5min);
    if (dice_.chance(0.4)) ways.stale_while_revalidate = dice_.over_magnitudes(1s, 10min);
    ways.upstream = dice_.over_magnitudes(2ms, 2s);
    ways.skew = dice_.between(0ms, 2s - ways.upstream);
    ways.counts_late = dice_.chance(0.25);
    ways.zero_age = dice_.chance(0.3);
    ways.visits = dice_.over_magnitudes(5s, 10min);
    row.due = kMidnight + 24h;
    const double kind = dice_.unit();
    if (kind < 0.2) row.due = origin.up + dice_.between(-5s, length + 5s);  // it ends the exposure
    if (kind > 0.9) row.due = origin.up - dice_.between(0ms, 1h);           // released at or after due
    bypasses_ = dice_.chance(0.3);
    unknowns_ = dice_.chance(0.5) ? dice_.unit() * 0.4 : 0;
  }

  void run() {
    SharedCache cache{origin, ways, dice_};
    CrookedClock clock{dice_};
    Instant next = kMidnight + dice_.between(0ms, interval_);
    Instant visit = kMidnight - 10min;
    const Instant end = origin.down + ways.ttl + ways.stale_while_revalidate + 4 * interval_ + 1min;
    for (int polls = 0; polls < 600 && next < end; ++polls) {
      for (; visit < next; visit += dice_.between(1ms, 2 * ways.visits)) note(cache.serve(visit));
      clock.maybe_set();
      const Instant done = poll(cache, clock, next, Route::plain);
      if (bypasses_ && row.span && dice_.chance(0.3)) poll(cache, clock, done + 1ms, Route::bypass);
      next = std::max(next + interval_ + dice_.between(-interval_ / 10, interval_ / 10), done + 2s);
      if (row.track.dark_streak >= 3 && (row.span || row.track.released)) break;
    }
    // One who never stops asking: the edge's own history, to the end.
    for (; visit < end + 1h && !row.first_gone; visit += 1s) note(cache.serve(visit));
  }

  Origin origin;
  CacheWays ways;
  Row row;

 private:
  /// Without a cache the edge is the origin.
  void note(const Served& s) {
    if (!ways.caches) {
      row.first_live = origin.up;
      row.first_gone = origin.down;
    }
    if (s.live && !row.first_live) row.first_live = s.at;
    if (!s.live && row.first_live && !row.first_gone) row.first_gone = s.at;
  }

  /// Returns when it was done.
  Instant poll(SharedCache& cache, const CrookedClock& clock, Instant sent, Route route) {
    const Instant arrives = sent + dice_.between(0ms, 400ms);
    const Served s = route == Route::bypass ? cache.fetch_through(arrives) : cache.serve(arrives);
    if (route == Route::plain) note(s);
    const Instant done = s.ready + dice_.between(0ms, 600ms);
    Observation o;
    o.sent = clock.reads(sent);
    o.done = clock.reads(done);
    o.clock_error = clock.error();
    o.status = s.live ? 200 : 404;
    o.route = route;
    if (s.age) o.headers.emplace_back("Age", std::to_string(s.age->count()));
    read_headers(o);
    Judgement j;
    j.liveness = s.live ? Liveness::live : Liveness::absent;
    if (dice_.chance(unknowns_)) j.liveness = Liveness::unknown;
    take(make_look(o, j), done);
    return done;
  }

  void take(const Look& look, Instant truly) {
    const bool before_due = look.done + look.error < row.due;
    const bool after_due = look.sent - look.error >= row.due;
    const bool is_up = row.span && !row.span->went_down;
    if (after_due && is_up) {
      end_span_at(*row.span, row.due, EndedBy::due);
      row.ended_at = row.due;
    }
    if (look.route == Route::bypass) {
      if (is_up && !after_due && is_dark(look.liveness)) end_at_origin(*row.span, look);
      return;
    }
    Verdict verdict = Verdict::held;
    if (look.liveness == Liveness::unknown) verdict = Verdict::inconclusive;
    if (look.liveness == Liveness::live)
      verdict = before_due ? Verdict::early : after_due ? Verdict::on_time : Verdict::inconclusive;
    if (verdict == Verdict::early && row.span && is_up) extend_span(*row.span, look);
    if (verdict == Verdict::early && !row.span) row.span = begin_span(row.track.dark, look);
    if (is_dark(look.liveness) && is_up && !after_due) end_span(*row.span, look);
    row.track = observe(std::move(row.track), look, verdict).track;
    if (row.span && !row.span->went_down && row.first_live)
      if (const auto up = time_up(*row.span, look.done + look.error))
        row.while_up.emplace_back(*up, truly - *row.first_live);
  }

  Dice dice_;
  Millis interval_{0}, lead_in_{0};
  bool bypasses_ = false;
  double unknowns_ = 0;
};

bool holds(const InstantBounds& b, Instant truth) { return (!b.earliest || *b.earliest <= truth) && truth <= b.latest; }
bool holds(const SpanBounds& b, Millis truth) { return b.shortest <= truth && (!b.longest || truth <= *b.longest); }

std::string text(const InstantBounds& b) {
  return (b.earliest ? rfc3339(*b.earliest) : std::string{"?"}) + ".." + rfc3339(b.latest);
}

/// One kind of statement over all rows.
struct Tally {
  int stated = 0, contained = 0;
  std::vector<Millis> widths;
};

/// Counts statements, and fails the test with the row that shows a wrong one.
class Ledger {
 public:
  void instant(const std::string& what, std::uint64_t seed, const InstantBounds& b, Instant truth) {
    Tally& t = tallies_[what];
    if (b.earliest) t.widths.push_back(b.latest - *b.earliest);
    count(t, holds(b, truth), what, seed, text(b) + " truth " + rfc3339(truth));
  }
  void length(const std::string& what, std::uint64_t seed, const SpanBounds& b, Millis truth) {
    Tally& t = tallies_[what];
    if (b.longest) t.widths.push_back(*b.longest - b.shortest);
    count(t, holds(b, truth), what, seed,
          words(b.shortest) + ".." + (b.longest ? words(*b.longest) : "?") + " truth " + words(truth));
  }

  std::string table() {
    std::ostringstream out;
    for (auto& [what, t] : tallies_) {
      std::sort(t.widths.begin(), t.widths.end());
      out << std::left << std::setw(26) << what << std::right << std::setw(8) << t.stated << " stated" << std::setw(8)
          << t.contained << " contain the truth, median width "
          << (t.widths.empty() ? "-" : words(t.widths[t.widths.size() / 2])) << "\n";
    }
    return out.str();
  }
  [[nodiscard]] int wrong() const { return wrong_; }

 private:
  void count(Tally& t, bool right, const std::string& what, std::uint64_t seed, const std::string& said) {
    ++t.stated;
    t.contained += right ? 1 : 0;
    wrong_ += right ? 0 : 1;
    if (!right && wrong_ <= 20) ADD_FAILURE() << what << ", row seed " << seed << ": " << said;
  }

  std::map<std::string, Tally> tallies_;
  int wrong_ = 0;
};

void check_row(Ledger& ledger, std::uint64_t seed, const Watch& w) {
  const Row& row = w.row;
  const Instant cut = row.ended_at.value_or(Instant::max());
  if (row.track.released) ledger.instant("released (as served)", seed, *row.track.released, *row.first_live);
  if (row.track.gone && row.track.released) ledger.instant("gone (as served)", seed, *row.track.gone, *row.first_gone);
  if (!row.span) return;
  const ExposureSpan& s = *row.span;
  const Instant gone = std::min(*row.first_gone, cut);
  ledger.instant("went live, as served", seed, s.went_live, *row.first_live);
  if (s.went_down) {
    ledger.instant("went down, as served", seed, *s.went_down, gone);
    ledger.length("time up, as served", seed, *time_up(s, s.went_down->latest), gone - *row.first_live);
  }
  for (const auto& [stated, truth] : row.while_up)
    ledger.length("time up so far", seed, stated, std::min(truth, *row.first_gone - *row.first_live));
  Incident i;
  i.due = row.due;
  i.targets.resize(1);
  i.targets[0].spans.push_back(s);
  const auto lead = lead_of(i);
  ledger.length("lead on due", seed, {lead->shortest, lead->longest}, row.due - *row.first_live);
  if (s.origin_live) ledger.instant("went live, at the origin", seed, *s.origin_live, w.origin.up);
  if (s.origin_down) ledger.instant("went down, at the origin", seed, *s.origin_down, std::min(w.origin.down, cut));
  if (s.origin_live && s.origin_down)
    ledger.length("time up, at the origin", seed, *time_up(*s.origin_live, s.origin_down, s.origin_down->latest),
                  std::min(w.origin.down, cut) - w.origin.up);
}

/// EMBARGOD_SEED and EMBARGOD_ROWS: other rows, or more of them.
std::uint64_t number_asked(const char* variable, std::uint64_t usual) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : usual;
}

TEST(ExposureTruth, EveryStatedIntervalOfTenThousandExposuresContainsTheTruth) {
  const std::uint64_t first_seed = number_asked("EMBARGOD_SEED", kUsualSeed);
  const std::uint64_t wanted = number_asked("EMBARGOD_ROWS", kUsualRows);
  Dice seeds{first_seed};
  Ledger ledger;
  std::uint64_t rows = 0, unseen = 0;
  std::uint64_t naive_start = 0, naive_end = 0, naive_either = 0;
  while (rows < wanted) {
    const std::uint64_t seed = seeds.next();
    Watch w{seed};
    w.run();
    if (!w.row.span && !w.row.track.released) {
      ++unseen;
      continue;
    }
    ++rows;
    check_row(ledger, seed, w);
    if (!w.row.span) continue;
    // What a monitor that knows no Age would say of the origin: between its own looks, clock error and all.
    const ExposureSpan& s = *w.row.span;
    const bool start = !holds(s.went_live, w.origin.up);
    const bool end =
        s.went_down && !holds(*s.went_down, std::min(w.origin.down, w.row.ended_at.value_or(Instant::max())));
    naive_start += start ? 1 : 0;
    naive_end += end ? 1 : 0;
    naive_either += start || end ? 1 : 0;
  }
  std::cout << "seed " << first_seed << ": " << rows << " exposures seen, " << unseen << " more went unseen\n"
            << ledger.table() << "Age-blind rule, of the origin: " << naive_start << " wrong starts, " << naive_end
            << " wrong ends, " << naive_either << " exposures stated wrongly\n";
  EXPECT_EQ(ledger.wrong(), 0);
  EXPECT_GT(naive_either, rows / 10) << "the simulation has lost its caches";
}

}  // namespace
}  // namespace embargod
