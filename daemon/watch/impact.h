#pragma once
// Who asked for what was public too early, as far as access logs and web analytics tell. A value: embargoctl counts,
// the store keeps, the report states it.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"
#include "config/types/time.h"

namespace embargod {

/// Whose request it was, by the rules that stand beside the counts. `other` is external only where a rule says who is
/// internal; else nothing is established.
enum class ClientClass : std::uint8_t { own, internal, crawler, other };
inline constexpr std::size_t kClientClasses = 4;
[[nodiscard]] const char* to_string(ClientClass c);
[[nodiscard]] std::optional<ClientClass> client_class_from(std::string_view word);

/// When a URL may have been public by the record of the monitor, and when it certainly was. Clock errors are in them.
struct ImpactWindow {
  std::optional<Instant> from;  // unset: since before our first look
  Instant to{};
  std::optional<Instant> sure_from;  // both unset: never certainly
  std::optional<Instant> sure_to;
  friend bool operator==(const ImpactWindow&, const ImpactWindow&) = default;
};

/// Requests of one class of clients for one URL within its windows. All are "at least": a cache on the way answers
/// without the log's knowledge.
struct ImpactCount {
  ClientClass who = ClientClass::other;
  std::uint64_t whole = 0;                  // GET answered in full (200, 203) while it certainly was public
  std::uint64_t whole_edge = 0;             // the same in the seconds of which nobody knows
  std::uint64_t partial = 0;                // 206: one download may be many of them
  std::uint64_t not_modified = 0;           // 304: the reader had it already
  std::uint64_t head = 0;                   // HEAD answered with 2xx
  std::uint64_t clients = 0;                // different addresses that got any of it (200, 203, 206, 304)
  std::uint64_t bytes = 0;                  // sent, of all requests here
  std::array<std::uint64_t, 6> statuses{};  // by first digit: [0] odd ones, [1] 1xx ... [5] 5xx
  friend bool operator==(const ImpactCount&, const ImpactCount&) = default;
};

/// Requests that were refused (401, 403, 404, 410) before the URL went live: somebody knew or guessed the address.
/// Without the monitor's own.
struct ImpactGuesses {
  std::uint64_t requests = 0;
  std::uint64_t clients = 0;
  std::uint64_t served_later = 0;  // of these clients, so many got it when it was public
  Instant first{};
  Instant last{};
  friend bool operator==(const ImpactGuesses&, const ImpactGuesses&) = default;
};

/// One client, by a keyed hash of its address: the same one in every count made with the same key, and nobody's name.
struct ImpactClient {
  std::string hash;  // 16 hexadecimal digits
  ClientClass who = ClientClass::other;
  std::uint64_t served = 0;   // requests that got it
  std::uint64_t guesses = 0;  // requests refused before it went live
  Instant first{};            // of either
  Instant last{};
  friend bool operator==(const ImpactClient&, const ImpactClient&) = default;
};

struct ImpactReferrer {
  std::string host;  // "www.example.org"; empty: none was sent
  std::uint64_t requests = 0;
  friend bool operator==(const ImpactReferrer&, const ImpactReferrer&) = default;
};

/// What a log itself says of when a URL went live. Not the monitor's: by the log's clock, less the stated offset.
struct ImpactStart {
  Instant first_served{};               // first 2xx to anybody but the monitor
  std::optional<Instant> last_refused;  // before that, to anybody: it was not there then
  bool contradicts = false;             // served when the monitor saw it absent: a cache, a clock, or another page
  friend bool operator==(const ImpactStart&, const ImpactStart&) = default;
};

struct ImpactUrl {
  std::string target;
  std::string url;
  bool is_download = false;  // a file: what counts are downloads, else views
  std::vector<ImpactWindow> windows;
  std::vector<ImpactCount> counts;  // by class; those without a request are left out
  std::optional<ImpactGuesses> guesses;
  std::optional<ImpactStart> start;
  std::vector<ImpactReferrer> referrers;  // of readers: no crawlers; most first, at most kMostReferrers
  std::vector<ImpactClient> clients;      // most first, at most kMostClients; own ones are left out
  std::uint64_t other_hosts = 0;          // requests for the same path at another host: not counted
  friend bool operator==(const ImpactUrl&, const ImpactUrl&) = default;
};
inline constexpr std::size_t kMostReferrers = 10;
inline constexpr std::size_t kMostClients = 20;

struct ImpactFile {
  std::string name;    // without folders
  std::string format;  // as read
  std::string digest;  // "sha256:..." of its bytes as they lay there
  std::uint64_t requests = 0;
  std::uint64_t unreadable = 0;        // lines
  std::uint64_t first_unreadable = 0;  // its line number; 0: none
  std::string fault;                   // "the gzip data is cut off": what came before counts; empty: whole
  std::optional<Instant> first, last;  // requests
  friend bool operator==(const ImpactFile&, const ImpactFile&) = default;
};

/// One log: its files are parts of one record and are added up. Two sources never are: they see the same requests.
struct ImpactSource {
  std::string name;  // "origin", "CDN"
  std::vector<ImpactFile> files;
  Millis clock_offset{0};  // by which the log's clock is ahead; taken off every time here
  bool is_offset_stated = false;
  Millis resolution{1'000};              // of its times
  Millis longest_silence{0};             // between two requests of a file while a URL may have been public
  std::optional<Instant> silence_began;  // the longest one
  std::uint64_t own_requests = 0;        // the monitor's, for the URLs, within the windows
  std::vector<ImpactUrl> urls;
  friend bool operator==(const ImpactSource&, const ImpactSource&) = default;
};

/// A row of a web analytics export that names one of the URLs: labelled as there, never added to a log's counts.
struct AnalyticsRow {
  std::string target;
  std::string page;                                          // as written there
  std::vector<std::pair<std::string, std::string>> figures;  // column and text: {"Views", "8"}
  friend bool operator==(const AnalyticsRow&, const AnalyticsRow&) = default;
};

struct AnalyticsExport {
  std::string name;  // "GA4"
  std::string file;
  std::string digest;
  std::string period;  // "2018-04-23 to 2018-04-23", as it says; empty: it does not
  std::vector<AnalyticsRow> rows;
  friend bool operator==(const AnalyticsExport&, const AnalyticsExport&) = default;
};

/// The rules by which clients were told apart, as given.
struct ClientRuleTexts {
  std::vector<std::string> internal;  // CIDRs
  std::vector<std::string> own;       // CIDRs of the monitor; empty: its User-Agent alone tells
  std::vector<std::string> crawlers;  // parts of User-Agents, any case
  friend bool operator==(const ClientRuleTexts&, const ClientRuleTexts&) = default;
};

struct Impact {
  std::string incident;
  Instant counted{};
  std::string program;  // "embargoctl 0.1.0"
  std::string key_id;   // first digits of the digest of the key that clients are hashed with
  ClientRuleTexts rules;
  std::vector<ImpactSource> sources;
  std::vector<AnalyticsExport> analytics;
  friend bool operator==(const Impact&, const Impact&) = default;
};

/// A count that somebody put on the incident's record.
struct ImpactRecord {
  std::string incident;
  Instant at{};
  std::string by;
  Impact impact;
  friend bool operator==(const ImpactRecord&, const ImpactRecord&) = default;
};

/// Views, or downloads of a file: [least, most] of one class; crawlers and the monitor are classes of their own.
struct ImpactFigure {
  std::uint64_t least = 0;
  std::uint64_t most = 0;
};
[[nodiscard]] ImpactFigure figure_of(const ImpactUrl& u, ClientClass who);
[[nodiscard]] bool is_external_established(const Impact& i);

/// What people must know before they rely on the counts, a line each: silence, a log that begins too late, no request
/// of the monitor, times that contradict. In the order of sources.
[[nodiscard]] std::vector<std::string> cautions_of(const Impact& i);

/// One line for the record: "origin: therapies-2018-01/page 8 views; therapies-2018-01/tables 0 downloads".
[[nodiscard]] std::string impact_summary(const Impact& i);

/// `indent` blanks a level; -1: one line. Pure.
[[nodiscard]] std::string impact_json(const Impact& i, int indent = 2);
/// Exactly what impact_json() writes, strictly: an unknown, missing or odd member is an error with its place.
[[nodiscard]] Result<Impact> parse_impact(std::string_view json);

}  // namespace embargod
