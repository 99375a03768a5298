// embargoctl impact: who asked for what was public too early, from access logs and analytics exports.

#include "daemon/ctl/impact_command.h"

#include <sys/random.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "daemon/ctl/http_client.h"
#include "daemon/ctl/impact_text.h"
#include "daemon/impact/analytics.h"
#include "daemon/impact/client_rules.h"
#include "daemon/impact/count.h"

namespace embargod {
namespace {

constexpr std::size_t kShortestKey = 16;
constexpr std::size_t kLargestIncident = std::size_t{16} << 20U;
constexpr const char* kOnlyLog = "log";

struct Named {
  std::string name;  // empty: none given
  std::string text;
};

bool is_name(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  return !text.empty() && text.size() <= kLongest && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' || c == '-' ||
           c == '_' || c == '.';
  });
}

/// "origin=FILE" -> origin and FILE; what stands before the first '=' is a name only if it looks like one: no path, no
/// pattern.
Named named(const std::string& typed) {
  const std::size_t at = typed.find('=');
  if (at == std::string::npos || !is_name(std::string_view{typed}.substr(0, at))) return {{}, typed};
  return {typed.substr(0, at), typed.substr(at + 1)};
}

/// "1.5s" is not a duration of ours, but what people write of a clock: "1500ms", "-300ms", "2s".
std::optional<Millis> offset_from(std::string_view text) {
  const bool is_behind = text.starts_with('-');
  if (is_behind || text.starts_with('+')) text.remove_prefix(1);
  const auto d = parse_duration(text);
  if (!d) return std::nullopt;
  return is_behind ? -*d : *d;
}

class AskReader {
 public:
  explicit AskReader(const ImpactAsk& ask) : ask_{&ask} {}

  Result<std::vector<LogInput>> read() {
    for (const std::string& typed : ask_->logs) {
      const Named n = named(typed);
      log(n.name.empty() ? kOnlyLog : n.name).files.push_back(n.text);
    }
    each(ask_->formats, "--log-format", [](LogInput& l, const std::string& text) { l.format = text; });
    each(ask_->hosts, "--log-host", [](LogInput& l, const std::string& text) { l.hosts.push_back(text); });
    for (const std::string& typed : ask_->fields) add_field(typed);
    for (const std::string& typed : ask_->offsets) add_offset(typed);
    if (fault_) return tl::unexpected(std::move(*fault_));
    return std::move(logs_);
  }

 private:
  LogInput& log(const std::string& source) {
    const auto it = std::find_if(logs_.begin(), logs_.end(), [&](const LogInput& l) { return l.source == source; });
    if (it != logs_.end()) return *it;
    logs_.push_back({source, {}, {}, {}, {}, std::nullopt});
    return logs_.back();
  }

  /// What is said without a name holds for every log.
  template <class Set>
  void each(const std::vector<std::string>& typed, const char* option, const Set& set) {
    for (const std::string& text : typed) {
      const Named n = named(text);
      apply(n, option, set);
    }
  }

  template <class Set>
  void apply(const Named& n, const char* option, const Set& set) {
    bool is_known = false;
    for (LogInput& l : logs_)
      if (n.name.empty() || l.source == n.name) {
        set(l, n.text);
        is_known = true;
      }
    if (!is_known) refuse(option, "there is no log " + in_quotes(n.name), "name it as in --log=" + n.name + "=FILE");
  }

  void add_field(const std::string& typed) {
    const Named first = named(typed);
    const Named second = named(first.text);
    if (first.name.empty()) {
      refuse("--log-field", in_quotes(typed) + " names no field", "write client=NAME-IN-THE-LOG");
    } else if (second.name.empty()) {
      apply({{}, first.text}, "--log-field", [&](LogInput& l, const std::string& t) { l.names[first.name] = t; });
    } else {
      apply({first.name, second.text}, "--log-field",
            [&](LogInput& l, const std::string& t) { l.names[second.name] = t; });
    }
  }

  void add_offset(const std::string& typed) {
    const Named n = named(typed);
    const auto offset = offset_from(n.text);
    if (!offset) {
      refuse("--clock-offset", in_quotes(n.text) + " is no duration",
             "write 2s or -300ms: by how much the log's clock was ahead");
      return;
    }
    apply(n, "--clock-offset", [&](LogInput& l, const std::string& /*text*/) { l.clock_offset = *offset; });
  }

  void refuse(std::string where, std::string what, std::string to_do) {
    if (!fault_) fault_ = Fault{Errc::invalid_input, std::move(where), std::move(what), std::move(to_do)};
  }

  const ImpactAsk* ask_;
  std::vector<LogInput> logs_;
  std::optional<Fault> fault_;
};

Result<std::string> client_key(const std::string& file) {
  if (file.empty()) {
    std::string key(32, '\0');
    if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size()))
      return fail(Errc::io, "the system gave no random bytes", "getrandom");
    return key;
  }
  auto key = read_file(file, 4'096);
  if (!key) return key;
  while (!key->empty() && (key->back() == '\n' || key->back() == '\r')) key->pop_back();
  if (key->size() < kShortestKey)
    return fail(Errc::invalid_input, "the key is shorter than 16 bytes", file, "make one: openssl rand -hex 32");
  return key;
}

Result<std::string> incident_of(const ImpactAsk& ask) {
  if (!ask.incident_file.empty()) return read_file(ask.incident_file, kLargestIncident);
  if (ask.incident.empty())
    return fail(Errc::invalid_input, "no incident is named", "impact", "give its id, or --incident-file=FILE");
  return body_or_problem(DaemonClient{ask.url}.get("/api/v1/incidents/" + url_encoded(ask.incident)));
}

Result<WatchedIncident> watched(const ImpactAsk& ask, Instant now) {
  const auto json = incident_of(ask);
  if (!json) return tl::unexpected(json.error());
  auto incident = watched_incident(*json, now);
  if (incident && !ask.incident.empty() && incident->id != ask.incident)
    return fail(Errc::invalid_input, "this is incident " + in_quotes(incident->id) + ", not " + in_quotes(ask.incident),
                ask.incident_file, "name the one that is in the file, or none");
  return incident;
}

Result<Impact> counted(const ImpactAsk& ask, const WatchedIncident& incident, Instant now) {
  const auto logs = AskReader{ask}.read();
  if (!logs) return tl::unexpected(logs.error());
  auto key = client_key(ask.key_file);
  if (!key) return tl::unexpected(key.error());
  CountingRules rules{incident.urls, {ask.internal, ask.own, known_crawlers()}, std::move(*key)};
  rules.clients.crawlers.insert(rules.clients.crawlers.end(), ask.crawlers.begin(), ask.crawlers.end());
  Impact out{incident.id, now, "embargoctl " EMBARGOD_VERSION, key_id_of(rules.key), rules.clients, {}, {}};
  for (const LogInput& log : *logs) {
    auto source = count_log(log, rules);
    if (!source) return tl::unexpected(source.error());
    out.sources.push_back(std::move(*source));
  }
  for (const std::string& typed : ask.analytics) {
    const Named n = named(typed);
    auto a = read_analytics_file(n.name.empty() ? "analytics" : n.name, n.text, incident.urls);
    if (!a) return tl::unexpected(a.error());
    out.analytics.push_back(std::move(*a));
  }
  return out;
}

/// The rows of single clients stay with the person who counted: the report has no use for them.
Result<void> recorded(const ImpactAsk& ask, Impact impact) {
  for (ImpactSource& s : impact.sources)
    for (ImpactUrl& u : s.urls) u.clients.clear();
  const std::string by = nlohmann::json(ask.by).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const std::string body = R"({"by":)" + by + R"(,"impact":)" + impact_json(impact, -1) + "}";
  const auto reply = body_or_problem(
      DaemonClient{ask.url}.post_json("/api/v1/incidents/" + url_encoded(impact.incident) + "/impact", body));
  if (!reply) return tl::unexpected(reply.error());
  return {};
}

}  // namespace

const std::vector<std::string>& impact_format_words() {
  static const std::vector<std::string> words{"txt", "json"};
  return words;
}

int count_impact(const ImpactAsk& ask, const Clock& clock, Streams io) {
  if (ask.logs.empty() && ask.analytics.empty())
    return complain(
        {Fault{Errc::invalid_input, "impact", "nothing to count from is named", "give --log=FILE or --analytics=FILE"}},
        io.err);
  if (ask.is_recorded && ask.by.empty())
    return complain({Fault{Errc::invalid_input, "--record", "it is not said who counted", "add --by=NAME"}}, io.err);
  const Instant now = clock.now();
  const auto incident = watched(ask, now);
  if (!incident) return complain({incident.error()}, io.err);
  const auto impact = counted(ask, *incident, now);
  if (!impact) return complain({impact.error()}, io.err);
  const std::string text = ask.format == "json" ? impact_json(*impact) : impact_text(*impact, *incident);
  if (ask.file.empty()) {
    io.out << text;
  } else if (const auto ok = write_file(ask.file, text); !ok) {
    return complain({ok.error()}, io.err);
  }
  if (!ask.is_recorded) return kExitFine;
  if (const auto ok = recorded(ask, *impact); !ok) return complain({ok.error()}, io.err);
  io.err << "recorded for the report of incident " << impact->incident << "\n";
  return kExitFine;
}

}  // namespace embargod
