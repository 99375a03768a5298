// What the played web answers: sites, and answers by URL, way and time.

#include <algorithm>
#include <map>
#include <tuple>

#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "daemon/ctl/scenario_reader.h"

namespace embargod {
namespace {

constexpr std::size_t kMaxBody = std::size_t{8} << 20U;
constexpr std::size_t kMaxInline = std::size_t{1} << 20U;
constexpr int kMostTimes = 1'000'000;

constexpr std::array kErrors{Cause::dns,       Cause::connect,       Cause::tls,
                             Cause::timeout,   Cause::reset,         Cause::truncated,
                             Cause::too_large, Cause::redirect_loop, Cause::blocked_address};
constexpr std::array kRoutes{Route::plain, Route::fresh, Route::other_address, Route::ipv4, Route::ipv6, Route::bypass};

struct WireWord {
  const char* word;
  Wire wire;
};
constexpr std::array kWireWords{
    WireWord{"close_early", Wire::close_early},   WireWord{"chunked_cut", Wire::chunked_cut},
    WireWord{"lying_length", Wire::lying_length}, WireWord{"gzip_bomb", Wire::gzip_bomb},
    WireWord{"endless_body", Wire::endless_body}, WireWord{"endless_headers", Wire::endless_headers},
    WireWord{"endless_100", Wire::endless_100},   WireWord{"drip", Wire::drip},
    WireWord{"http_0_9", Wire::http_0_9}};

void read_answer_url(const YamlMap& map, ScenarioAnswer& a) {
  const YamlNode* n = map.need("url");
  if (n == nullptr) return;
  map.text("url", a.url, {.bytes = 8'192});
  if (a.url.empty()) return;
  a.is_prefix = a.url.back() == '*';
  if (a.is_prefix) a.url.pop_back();
  const auto url = parse_url(a.url);
  const std::size_t host = a.url.find("://");
  if (!url)
    map.faults().add(n->at, map.name("url") + ": " + url.error().what, url.error().to_do);
  else if (a.is_prefix && (host == std::string::npos || a.url.find('/', host + 3) == std::string::npos))
    map.faults().add(n->at, map.name("url") + ": a part of a host is no prefix", "write https://host/*");
  else
    a.url = url->text;
}

void read_headers_map(const YamlMap& map, Headers& out) {
  const YamlNode* n = map.find("headers");
  if (n == nullptr) return;
  if (n->kind != YamlNode::Kind::map) {
    map.faults().add(n->at, map.name("headers") + " must be a mapping of names to values");
    return;
  }
  for (const YamlEntry& e : n->entries)
    if (auto text =
            read_text(e.value, map.name("headers") + "." + e.key, map.faults(), {.bytes = 8'192, .may_be_empty = true}))
      out.emplace_back(e.key, std::move(*text));
}

void read_body(const YamlMap& map, const std::string& folder, std::string& out) {
  if (map.has("body") && map.has("body_file"))
    map.faults().add(map.key_at("body_file"), "a body and a body file", "keep one of the two");
  map.text("body", out, {.bytes = kMaxInline, .may_be_empty = true, .may_have_lines = true});
  if (map.find("body_file") != nullptr) {
    std::string file;
    map.text("body_file", file, {.bytes = 4'096});
    if (file.empty()) return;
    auto bytes = read_file(file.starts_with('/') || folder.empty() ? file : folder + "/" + file, kMaxBody);
    if (!bytes)
      map.faults().add(map.find("body_file")->at,
                       "the body file " + in_quotes(file) + " cannot be read: " + bytes.error().what);
    else
      out = std::move(*bytes);
  }
  const YamlNode* n = map.find("body_times");
  if (n == nullptr) return;
  const auto times = read_whole(*n, map.name("body_times"), map.faults(), {1, kMostTimes});
  if (!times) return;
  if (out.size() * static_cast<std::size_t>(*times) > kMaxBody) {
    map.faults().add(n->at, "the body becomes larger than 8 MiB");
    return;
  }
  const std::string once = out;
  for (int i = 1; i < *times; ++i) out += once;
}

void read_error(const YamlMap& map, ScenarioAnswer& a) {
  read_enum(map, "error", kErrors, a.error);
  const bool needs_answer = a.error == Cause::truncated || a.error == Cause::too_large;
  if (a.error && !needs_answer && (map.has("status") || map.has("body") || map.has("body_file")))
    map.faults().add(map.key_at("error"), "an error and an answer", "keep one of the two");
  a.says_nothing = a.error.has_value();
  map.flag("unknown", a.says_nothing);
  const YamlNode* n = map.find("wire");
  if (n == nullptr) return;
  std::vector<std::string> words;
  for (const WireWord& w : kWireWords) words.emplace_back(w.word);
  const auto word = read_word(*n, map.name("wire"), map.faults(), words);
  for (const WireWord& w : kWireWords)
    if (word && *word == w.word) a.wire = w.wire;
  if (!a.error) map.faults().add(n->at, "wire needs an error", "say with error: what comes of it");
}

void read_when(const YamlMap& map, ScenarioAnswer& a) {
  const YamlNode* n = map.find("when");
  if (n == nullptr) return;
  const YamlMap when{*n, scenario_keys().when, "when.", map.faults()};
  if (!when.is_map()) return;
  a.when.emplace();
  when.text("method", a.when->method, {.bytes = 20});
  when.text("header", a.when->header, {.bytes = 100});
  when.text("contains", a.when->contains, {.bytes = 500});
  if (a.when->method.empty() && a.when->header.empty())
    map.faults().add(n->at, "when says nothing", "name a method or a header");
}

void read_cache(const YamlNode& node, ScenarioSite& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().cache, "cache.", faults};
  if (!map.is_map()) return;
  out.cache.emplace();
  read_optional(map, "ttl", out.cache->ttl);
  read_optional(map, "negative_ttl", out.cache->negative_ttl);
  map.duration("stale_if_error", out.cache->stale_if_error, {Millis{0}, kLongestScenario});
  map.text("layer", out.cache->layer, {.bytes = 100});
}

}  // namespace

void read_scenario_site(const YamlNode& node, Scenario& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().site, "sites: ", faults};
  if (!map.is_map()) return;
  ScenarioSite s;
  if (const YamlNode* n = map.need("host", "write host: stats.example.org")) {
    map.text("host", s.host, {.bytes = 300});
    const auto url = parse_url("https://" + s.host + "/");
    if (!url || url->host != s.host)
      faults.add(n->at, in_quotes(s.host) + " is not a host name in lower case");
    else if (std::any_of(out.sites.begin(), out.sites.end(), [&](const auto& o) { return o.host == s.host; }))
      faults.add(n->at, in_quotes(s.host) + " is there twice");
  }
  read_texts(map, "addresses", s.addresses);
  map.text("certificate_issuer", s.certificate_issuer, {.bytes = 300});
  if (const YamlNode* n = map.find("cache")) read_cache(*n, s, faults);
  if (const YamlNode* n = map.find("date_error")) {
    const YamlMap error{*n, scenario_keys().date_error, "date_error.", faults};
    Millis ahead{0};
    Millis behind{0};
    error.duration("ahead", ahead, {Millis{0}, kLongestScenario});
    error.duration("behind", behind, {Millis{0}, kLongestScenario});
    if (error.has("ahead") == error.has("behind"))
      faults.add(n->at, "a Date is ahead or behind", "write ahead: 3s or behind: 3s");
    s.date_error = ahead - behind;
  }
  out.sites.push_back(std::move(s));
}

void read_scenario_answer(const YamlNode& node, const std::string& folder, Scenario& out, FaultBook& faults) {
  const YamlMap map{node, scenario_keys().answer, "answers: ", faults};
  ScenarioAnswer a;
  if (map.is_map()) {
    read_answer_url(map, a);
    a.at = read_at(map);
    read_enum(map, "route", kRoutes, a.route);
    read_when(map, a);
    map.whole("status", a.status, {200, 599});
    read_error(map, a);
    read_headers_map(map, a.headers);
    read_body(map, folder, a.body);
    if (const YamlNode* n = map.find("latency"))
      a.latency = read_duration(*n, map.name("latency"), faults, {Millis{0}, Millis{3'600'000}});
    map.whole("repeat", a.repeat, {1, 1'000'000});
    map.duration("for", a.lasts, {Millis{1}, kLongestScenario});
    map.text("certificate_issuer", a.certificate_issuer, {.bytes = 300});
    if (a.repeat > 0 && a.lasts > Millis{0}) faults.add(map.key_at("for"), "turns by looks and by time");
  }
  out.answers.push_back(std::move(a));
}

void check_turns(const YamlMap& scenario, Scenario& s) {
  const auto& nodes = scenario.list("answers");
  using Key = std::tuple<std::string, bool, std::optional<Route>, std::string, std::string, std::string, Millis>;
  std::map<Key, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < s.answers.size(); ++i) {
    const ScenarioAnswer& a = s.answers[i];
    const AnswerWhen when = a.when.value_or(AnswerWhen{});
    groups[{a.url, a.is_prefix, a.route, when.method, when.header, when.contains, a.at}].push_back(i);
  }
  for (const auto& [key, turns] : groups) {
    const bool by_looks = std::all_of(turns.begin(), turns.end(), [&](auto i) { return s.answers[i].repeat > 0; });
    const bool by_time =
        std::all_of(turns.begin(), turns.end(), [&](auto i) { return s.answers[i].lasts > Millis{0}; });
    if (turns.size() > 1 && !by_looks && !by_time)
      scenario.faults().add(nodes.at(turns.back()).at, "two answers of one URL at the same time",
                            "give each of them repeat or for, and they take turns");
  }
}

}  // namespace embargod
