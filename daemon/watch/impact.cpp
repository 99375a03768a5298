#include "daemon/watch/impact.h"

#include <algorithm>

namespace embargod {
namespace {

// A site that is looked at every few seconds has no such silence in its own log.
constexpr Millis kOddSilence{5 * 60'000};

std::optional<Instant> first_of(const ImpactSource& s) {
  std::optional<Instant> first;
  for (const ImpactFile& f : s.files)
    if (f.first && (!first || *f.first < *first)) first = f.first;
  return first;
}

std::optional<Instant> last_of(const ImpactSource& s) {
  std::optional<Instant> last;
  for (const ImpactFile& f : s.files)
    if (f.last && (!last || *f.last > *last)) last = f.last;
  return last;
}

std::string plural(std::uint64_t n, const char* one, const char* many) {
  return std::to_string(n) + " " + (n == 1 ? one : many);
}

class Cautions {
 public:
  std::vector<std::string> of(const Impact& i) {
    for (const ImpactSource& s : i.sources) {
      name_ = s.name;
      files(s);
      coverage(s);
      clock(s);
      for (const ImpactUrl& u : s.urls) url(u);
    }
    return std::move(out_);
  }

 private:
  void say(std::string text) { out_.push_back(name_ + ": " + std::move(text)); }

  void files(const ImpactSource& s) {
    for (const ImpactFile& f : s.files) {
      if (!f.fault.empty()) say(f.name + ": " + f.fault + "; what came before it is counted");
      if (f.unreadable > 0)
        say(f.name + ": " + plural(f.unreadable, "line", "lines") + " could not be read, the first is line " +
            std::to_string(f.first_unreadable));
    }
  }

  void coverage(const ImpactSource& s) {
    const auto first = first_of(s);
    const auto last = last_of(s);
    if (!first || !last) {
      say("there is no request in it at all");
      return;
    }
    std::optional<Instant> from;
    std::optional<Instant> to;
    bool is_open = false;
    for (const ImpactUrl& u : s.urls)
      for (const ImpactWindow& w : u.windows) {
        if (!w.from) is_open = true;
        if (w.from && (!from || *w.from < *from)) from = w.from;
        if (!to || w.to > *to) to = w.to;
      }
    if (is_open)
      say("the monitor does not know since when it was public: requests are counted from the log's first line on, " +
          rfc3339(*first));
    if (from && *first > *from) say("it begins at " + rfc3339(*first) + ", when a URL may have been public already");
    if (to && *last < *to) say("it ends at " + rfc3339(*last) + ", when a URL may still have been public");
    if (s.longest_silence > kOddSilence && s.silence_began)
      say("no request at all for " + words(s.longest_silence) + " from " + rfc3339(*s.silence_began) +
          " on: lines may be missing");
    if (s.own_requests == 0)
      say("none of this monitor's own requests is in it: it may not be the log of the server, or of every server, that "
          "answers the public");
  }

  void clock(const ImpactSource& s) {
    if (!s.is_offset_stated) say("how far its clock was off is not known; it is taken as right");
  }

  void url(const ImpactUrl& u) {
    if (u.start && u.start->contradicts)
      say(u.target + ": it says that the URL was served at " + rfc3339(u.start->first_served) +
          ", when the monitor saw it absent: compare the clocks, or a cache answered one of them");
    if (u.other_hosts > 0)
      say(u.target + ": " + plural(u.other_hosts, "request", "requests") +
          " for the same path at another host not counted");
  }

  std::string name_;
  std::vector<std::string> out_;
};

}  // namespace

const char* to_string(ClientClass c) {
  switch (c) {
    case ClientClass::own:
      return "own";
    case ClientClass::internal:
      return "internal";
    case ClientClass::crawler:
      return "crawler";
    case ClientClass::other:
      return "other";
  }
  return "?";
}

std::optional<ClientClass> client_class_from(std::string_view word) {
  for (const ClientClass c : {ClientClass::own, ClientClass::internal, ClientClass::crawler, ClientClass::other})
    if (word == to_string(c)) return c;
  return std::nullopt;
}

ImpactFigure figure_of(const ImpactUrl& u, ClientClass who) {
  for (const ImpactCount& c : u.counts)
    if (c.who == who) return {c.whole, c.whole + c.whole_edge};
  return {};
}

bool is_external_established(const Impact& i) { return !i.rules.internal.empty(); }

std::string impact_summary(const Impact& i) {
  constexpr std::size_t kLongest = 1'000;
  std::string s;
  for (const ImpactSource& source : i.sources) {
    s += (s.empty() ? "" : "; ") + source.name + ":";
    for (const ImpactUrl& u : source.urls) {
      ImpactFigure all;
      for (const ClientClass who : {ClientClass::internal, ClientClass::other}) {
        const ImpactFigure f = figure_of(u, who);
        all.least += f.least;
        all.most += f.most;
      }
      s += " " + u.target + " at least " + std::to_string(all.least) + (u.is_download ? " downloads" : " views");
    }
  }
  for (const AnalyticsExport& a : i.analytics)
    s += (s.empty() ? "" : "; ") + a.name + ": " + plural(a.rows.size(), "row", "rows");
  if (s.size() > kLongest) s = s.substr(0, kLongest) + " ...";
  return s;
}

std::vector<std::string> cautions_of(const Impact& i) { return Cautions{}.of(i); }

}  // namespace embargod
