#include "daemon/ctl/played_web.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "probes/answer.h"

namespace embargod {
namespace {

constexpr Millis kLatency{80};
constexpr const char* kOnlyAddress = "192.0.2.1";

bool is_v6(const std::string& address) { return address.find(':') != std::string::npos; }

const std::string* header_of(const Headers& headers, std::string_view name) {
  for (const auto& [n, value] : headers)
    if (same_word(n, name)) return &value;
  return nullptr;
}

bool applies(const AnswerWhen& when, const PlayedRequest& r) {
  if (!when.method.empty() && when.method != r.method) return false;
  if (when.header.empty()) return true;
  const std::string* value = header_of(r.headers, when.header);
  return value != nullptr && (when.contains.empty() || contains_word(*value, when.contains));
}

/// RFC 9110 5.6.7.
std::string http_date(Instant t) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss<Seconds> time{std::chrono::floor<Seconds>(t - day)};
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT",
                kDays.at(std::chrono::weekday{day}.c_encoding()), static_cast<unsigned>(date.day()),
                kMonths.at(static_cast<unsigned>(date.month()) - 1), static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text;
}

bool fails(const PlayedAnswer& a) { return a.error.has_value() || a.status >= 500; }

std::optional<Millis> lifetime(const PlayedAnswer& a, const ScenarioCache& cache) {
  if (a.error) return std::nullopt;
  if (a.status == 200 || a.status == 203 || a.status == 301) return cache.ttl;
  if (a.status == 404 || a.status == 410) return cache.negative_ttl;
  return std::nullopt;
}

enum class Served { fresh_copy, stale_copy, from_origin };

/// What caches of that name write into an answer.
void sign(PlayedAnswer& a, const ScenarioCache& cache, Served how, Millis age) {
  const bool hit = how != Served::from_origin;
  a.headers.emplace_back("Age", std::to_string(std::chrono::duration_cast<Seconds>(age).count()));
  if (cache.layer == "Varnish") {
    a.headers.emplace_back("Via", "1.1 varnish (Varnish/7.1)");
    a.headers.emplace_back("X-Varnish", hit ? "65540 32771" : "65540");
  } else if (cache.layer == "Cloudflare") {
    a.headers.emplace_back("CF-Cache-Status", how == Served::stale_copy ? "STALE" : hit ? "HIT" : "MISS");
    a.headers.emplace_back("CF-RAY", "8f0000000000aaaa-LHR");
  } else if (cache.layer == "CloudFront") {
    a.headers.emplace_back("X-Cache", hit ? "Hit from cloudfront" : "Miss from cloudfront");
    a.headers.emplace_back("Via", "1.1 0123456789abcdef.cloudfront.net (CloudFront)");
  } else if (cache.layer == "Fastly") {
    a.headers.emplace_back("X-Cache", hit ? "HIT" : "MISS");
    a.headers.emplace_back("X-Served-By", "cache-lcy-eglc8600000-LCY");
  } else {
    a.headers.emplace_back("X-Cache", hit ? "HIT" : "MISS");
  }
}

}  // namespace

PlayedWeb::PlayedWeb(const Scenario& scenario) : scenario_{scenario} {
  for (const ScenarioAnswer& a : scenario.answers) {
    const auto same = [&](const Timeline& t) {
      const AnswerWhen x = t.when.value_or(AnswerWhen{});
      const AnswerWhen y = a.when.value_or(AnswerWhen{});
      return t.url == a.url && t.is_prefix == a.is_prefix && t.route == a.route &&
             t.when.has_value() == a.when.has_value() &&
             std::tie(x.method, x.header, x.contains) == std::tie(y.method, y.header, y.contains);
    };
    auto t = std::find_if(timelines_.begin(), timelines_.end(), same);
    if (t == timelines_.end())
      t = timelines_.insert(timelines_.end(), Timeline{a.url, a.is_prefix, a.route, a.when, {}});
    t->turns[a.at].answers.push_back(&a);
  }
  // An exact URL before prefixes, longer prefixes first; a way or a condition of its own before the answer for all.
  std::stable_sort(timelines_.begin(), timelines_.end(), [](const Timeline& a, const Timeline& b) {
    if (a.is_prefix != b.is_prefix) return b.is_prefix;
    if (a.url.size() != b.url.size()) return a.url.size() > b.url.size();
    if (a.when.has_value() != b.when.has_value()) return a.when.has_value();
    return a.route.has_value() && !b.route.has_value();
  });
}

const ScenarioSite* PlayedWeb::site(const Url& url) const {
  const auto it = std::find_if(scenario_.sites.begin(), scenario_.sites.end(),
                               [&](const ScenarioSite& s) { return s.host == url.host; });
  return it == scenario_.sites.end() ? nullptr : &*it;
}

std::optional<std::string> PlayedWeb::address(const Url& url, Route route) const {
  static const std::vector<std::string> kOne{kOnlyAddress};
  const ScenarioSite* s = site(url);
  const auto& all = s == nullptr || s->addresses.empty() ? kOne : s->addresses;
  const std::string& first = all.front();
  const auto find = [&](auto fits) -> std::optional<std::string> {
    const auto it = std::find_if(all.begin(), all.end(), fits);
    return it == all.end() ? std::nullopt : std::optional{*it};
  };
  switch (route) {
    case Route::plain:
    case Route::fresh:
    case Route::bypass:
      return first;
    case Route::ipv4:
      return find([](const std::string& a) { return !is_v6(a); });
    case Route::ipv6:
      return find(is_v6);
    case Route::other_address:
      if (auto same = find([&](const std::string& a) { return a != first && is_v6(a) == is_v6(first); })) return same;
      return find([&](const std::string& a) { return a != first; });
  }
  return std::nullopt;
}

std::optional<PlayedWeb::Place> PlayedWeb::find(const PlayedRequest& r, Millis at) const {
  for (std::size_t i = 0; i < timelines_.size(); ++i) {
    const Timeline& t = timelines_[i];
    if (t.is_prefix ? !r.url.text.starts_with(t.url) : r.url.text != t.url) continue;
    if (t.route && *t.route != r.route) continue;
    if (t.when && !applies(*t.when, r)) continue;
    const auto next = t.turns.upper_bound(at);
    if (next != t.turns.begin()) return Place{i, std::prev(next)->first};
  }
  return std::nullopt;
}

const ScenarioAnswer* PlayedWeb::whose_turn(const Turns& turns, Millis since) {
  Millis around{0};
  int looks = 0;
  for (const ScenarioAnswer* a : turns.answers) {
    around += a->lasts;
    looks += a->repeat;
  }
  Millis time = around > Millis{0} ? since % around : Millis{0};
  int taken = looks > 0 ? turns.taken % looks : 0;
  for (const ScenarioAnswer* a : turns.answers) {
    if (around > Millis{0} ? time < a->lasts : taken < std::max(a->repeat, 1)) return a;
    time -= a->lasts;
    taken -= a->repeat;
  }
  return turns.answers.back();
}

const ScenarioAnswer* PlayedWeb::next_answer(const PlayedRequest& request, Millis at) const {
  const auto place = find(request, at);
  return place ? whose_turn(timelines_[place->timeline].turns.at(place->at), at - place->at) : nullptr;
}

PlayedAnswer PlayedWeb::at_origin(const PlayedRequest& request, Millis at) {
  PlayedAnswer out;
  out.latency = kLatency;
  const ScenarioSite* s = site(request.url);
  if (s != nullptr) out.certificate_issuer = s->certificate_issuer;
  const auto place = find(request, at);
  if (!place) {
    out.body = "<!DOCTYPE html><title>Page not found</title><h1>Page not found</h1>";
    out.headers = {{"Content-Type", "text/html"}};
  } else {
    Turns& turns = timelines_[place->timeline].turns.at(place->at);
    const ScenarioAnswer& a = *whose_turn(turns, at - place->at);
    ++turns.taken;
    out.from = &a;
    out.error = a.error;
    out.wire = a.wire;
    out.status = a.status;
    out.headers = a.headers;
    out.body = a.body;
    if (header_of(out.headers, "Content-Type") == nullptr)
      out.headers.emplace_back("Content-Type", "text/html; charset=utf-8");
    if (!a.certificate_issuer.empty()) out.certificate_issuer = a.certificate_issuer;
    out.latency = a.latency.value_or(a.error == Cause::timeout ? scenario_.settings.polling.timeout : kLatency);
  }
  if (s != nullptr && s->date_error)
    out.headers.emplace_back("Date", http_date(scenario_.start + at + out.latency + *s->date_error));
  return out;
}

PlayedAnswer PlayedWeb::through_cache(const PlayedRequest& request, const ScenarioCache& cache, Millis at) {
  const std::string key = address(request.url, request.route).value_or("") + " " + request.url.text;
  const auto held = copies_.find(key);
  if (held != copies_.end() && at - held->second.stored < held->second.lifetime) {
    PlayedAnswer out = held->second.answer;
    sign(out, cache, Served::fresh_copy, at - held->second.stored);
    return out;
  }
  PlayedAnswer out = at_origin(request, at);
  if (fails(out) && held != copies_.end() && at - held->second.stored < held->second.lifetime + cache.stale_if_error) {
    out = held->second.answer;
    sign(out, cache, Served::stale_copy, at - held->second.stored);
    return out;
  }
  if (const auto keep = lifetime(out, cache)) {
    if (header_of(out.headers, "Cache-Control") == nullptr)
      out.headers.emplace_back("Cache-Control",
                               "max-age=" + std::to_string(std::chrono::duration_cast<Seconds>(*keep).count()));
    copies_[key] = Copy{.answer = out, .stored = at, .lifetime = *keep};
  }
  if (!out.error) sign(out, cache, Served::from_origin, Millis{0});
  return out;
}

PlayedAnswer PlayedWeb::ask(const PlayedRequest& request, Millis at) {
  const ScenarioSite* s = site(request.url);
  if (s == nullptr || !s->cache || request.route == Route::bypass || request.method != "GET")
    return at_origin(request, at);
  return through_cache(request, *s->cache, at);
}

}  // namespace embargod
