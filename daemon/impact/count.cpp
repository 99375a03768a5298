#include "daemon/impact/count.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <unordered_map>

#include "config/types/digest.h"
#include "config/types/url.h"
#include "daemon/impact/client_rules.h"
#include "daemon/impact/log_file.h"
#include "daemon/impact/url_key.h"
#include "daemon/impact/url_tally.h"
#include "probes/address_policy.h"

namespace embargod {
namespace {

constexpr std::size_t kHead = std::size_t{256} << 10U;  // enough lines to tell a format

/// Keyed hashes of addresses. The same address in another spelling has the same hash.
class ClientHasher {
 public:
  explicit ClientHasher(std::string key) : key_{std::move(key)} {}

  std::uint64_t hash(std::string_view address) {
    if (const auto it = known_.find(address); it != known_.end()) return it->second;
    constexpr std::size_t kMostKnown = 100'000;
    if (known_.size() >= kMostKnown) known_.clear();
    std::string canonical{address};
    if (address.find('/') == std::string_view::npos)
      if (const auto parsed = parse_cidr(address))
        canonical.assign(reinterpret_cast<const char*>(parsed->bytes.data()), parsed->bytes.size());
    const Digest d = hmac_sha256(key_, canonical);
    std::uint64_t h = 0;
    for (std::size_t i = 0; i < sizeof h; ++i) h = h << 8U | d[i];
    known_.emplace(address, h);
    return h;
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::string key_;
  std::unordered_map<std::string, std::uint64_t, Hash, std::equal_to<>> known_;
};

/// Finds the URLs that a line asks for.
class UrlFinder {
 public:
  static Result<UrlFinder> make(const std::vector<WatchedUrl>& urls, const std::vector<std::string>& hosts) {
    UrlFinder f;
    for (const std::string& h : hosts) f.hosts_.push_back(url_key("/", {}, h).host);
    for (std::size_t i = 0; i < urls.size(); ++i) {
      const auto url = parse_url(urls[i].url);
      if (!url) return tl::unexpected(url.error());
      UrlKey key = url_key(url->path_query);
      key.host = url->site();
      f.by_path_[key.path].push_back({i, std::move(key)});
    }
    return f;
  }

  enum class Match : std::uint8_t { yes, other_host };
  /// Calls `found(index, match)` for each.
  template <class Found>
  void find(const LogLine& line, const Found& found) const {
    const std::string_view target = line.target;
    const std::size_t mark = target.find('?');
    const std::string_view path = target.substr(0, mark);
    // Nearly every line of a big log ends here.
    if (path.starts_with('/') && is_path_key(path)) {
      const auto it = by_path_.find(path);
      if (it != by_path_.end()) check(it->second, url_key(target, line.query, line.host), found);
      return;
    }
    UrlKey key = url_key(target, line.query, line.host);
    if (const auto it = by_path_.find(key.path); it != by_path_.end()) check(it->second, key, found);
  }

 private:
  struct Place {
    std::size_t index;
    UrlKey key;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };

  // A URL with a query is that one; without, any query of it is the same page ("?utm_source=mail").
  template <class Found>
  void check(const std::vector<Place>& places, const UrlKey& asked, const Found& found) const {
    for (const Place& p : places) {
      if (!p.key.query.empty() && p.key.query != asked.query) continue;
      const bool same = asked.host.empty() || asked.host == p.key.host ||
                        std::find(hosts_.begin(), hosts_.end(), asked.host) != hosts_.end();
      found(p.index, same ? Match::yes : Match::other_host);
    }
  }

  std::unordered_map<std::string, std::vector<Place>, Hash, std::equal_to<>> by_path_;
  std::vector<std::string> hosts_;
};

class LogCounter {
 public:
  LogCounter(const LogInput& log, const CountingRules& rules, UrlFinder finder, ClientRules clients)
      : log_{&log}, finder_{std::move(finder)}, clients_{std::move(clients)}, hasher_{rules.key} {
    for (const WatchedUrl& u : rules.urls) {
      tallies_.emplace_back(u);
      for (const ImpactWindow& w : u.windows) {
        if (!from_ || (w.from && *w.from < *from_)) from_ = w.from;
        if (!to_ || w.to > *to_) to_ = w.to;
      }
    }
    out_.name = log.source;
    out_.is_offset_stated = log.clock_offset.has_value();
    out_.clock_offset = log.clock_offset.value_or(Millis{0});
    out_.resolution = Millis{0};
  }

  Result<void> read(const std::string& path) {
    auto file = LogFile::open(path);
    if (!file) return tl::unexpected(file.error());
    std::string format = log_->format;
    if (format.empty()) {
      auto told = detect_log_format(file->head(kHead));
      if (!told) return tl::unexpected(at(path, told.error()));
      format = std::move(*told);
    }
    auto reader = make_log_format(format, log_->names);
    if (!reader) return tl::unexpected(at(path, reader.error()));
    begin_file(path, (*reader)->name());
    return end_file(path, file->read([&](std::string_view line) { take(**reader, line); }));
  }

  ImpactSource finish() {
    for (const UrlTally& t : tallies_) {
      out_.urls.push_back(t.finish());
      out_.own_requests += t.own_requests();
    }
    if (out_.resolution == Millis{0}) out_.resolution = Seconds{1};
    return std::move(out_);
  }

 private:
  static Fault at(const std::string& path, Fault f) {
    f.where = path + (f.where.empty() ? "" : ": " + f.where);
    return f;
  }

  void begin_file(const std::string& path, const std::string& format) {
    file_ = ImpactFile{};
    file_.name = path == "-" ? "standard input" : std::filesystem::path{path}.filename().string();
    file_.format = format;
    lines_ = 0;
  }

  Result<void> end_file(const std::string& path, const LogFileEnd& end) {
    if (file_.requests == 0 && file_.unreadable > 0)
      return fail(Errc::invalid_input, "none of its " + std::to_string(lines_) + " lines is a request in this format",
                  path, "name the log's format, such as the server's own pattern");
    file_.unreadable += end.long_lines;
    if (end.long_lines > 0 && file_.first_unreadable == 0) file_.first_unreadable = lines_;
    file_.fault = end.fault;
    file_.digest = end.digest;
    out_.files.push_back(std::move(file_));
    return {};
  }

  void take(LogFormat& format, std::string_view text) {
    ++lines_;
    if (text.empty()) return;
    LogLine line;
    switch (format.read(text, line)) {
      case LineKind::directive:
        return;
      case LineKind::unreadable:
        if (file_.unreadable++ == 0) file_.first_unreadable = lines_;
        return;
      case LineKind::request:
        break;
    }
    line.time -= out_.clock_offset;
    note_coverage(line);
    finder_.find(line, [&](std::size_t index, UrlFinder::Match match) {
      if (match == UrlFinder::Match::other_host)
        tallies_[index].other_host();
      else
        count(tallies_[index], line);
    });
  }

  void note_coverage(const LogLine& line) {
    ++file_.requests;
    out_.resolution = std::max(out_.resolution, line.resolution);
    if (!file_.first || line.time < *file_.first) file_.first = line.time;
    if (file_.last && line.time > *file_.last) note_silence(*file_.last, line.time);
    if (!file_.last || line.time > *file_.last) file_.last = line.time;
  }

  void note_silence(Instant begin, Instant end) {
    if (end - begin <= out_.longest_silence || (to_ && begin > *to_) || (from_ && end < *from_)) return;
    out_.longest_silence = end - begin;
    out_.silence_began = begin;
  }

  // Of several addresses of a forwarding header the first is the client's.
  void count(UrlTally& tally, const LogLine& line) {
    const std::string_view client = line.client.substr(0, line.client.find(','));
    CountedRequest r;
    r.at = line.time;
    r.resolution = line.resolution;
    r.who = clients_.classify(client, line.agent);
    r.client = hasher_.hash(client);
    r.method = line.method;
    r.status = line.status;
    r.bytes = static_cast<std::uint64_t>(line.bytes.value_or(0));
    r.referrer = line.referrer;
    tally.take(r);
  }

  const LogInput* log_;
  UrlFinder finder_;
  ClientRules clients_;
  ClientHasher hasher_;
  std::vector<UrlTally> tallies_;
  std::optional<Instant> from_, to_;  // of all windows
  ImpactSource out_;
  ImpactFile file_;
  std::uint64_t lines_ = 0;
};

}  // namespace

std::string key_id_of(std::string_view key) {
  constexpr std::size_t kDigits = 8;
  return hex(sha256(key)).substr(0, kDigits);
}

Result<ImpactSource> count_log(const LogInput& log, const CountingRules& rules) {
  auto clients = ClientRules::make(rules.clients);
  if (!clients) return tl::unexpected(clients.error());
  auto finder = UrlFinder::make(rules.urls, log.hosts);
  if (!finder) return tl::unexpected(finder.error());
  LogCounter counter{log, rules, std::move(*finder), std::move(*clients)};
  for (const std::string& path : log.files)
    if (auto read = counter.read(path); !read) return tl::unexpected(read.error());
  return counter.finish();
}

}  // namespace embargod
