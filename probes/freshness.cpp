#include "probes/freshness.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "probes/answer.h"

namespace embargod {
namespace {

constexpr std::int64_t kMostSeconds = std::int64_t{1} << 31U;  // RFC 9111 1.2.2

bool has_header(const Observation& o, std::string_view name) { return find_header(o, name) != nullptr; }

/// Splits at `at` outside of quoted strings; parts are trimmed, empty ones left out.
std::vector<std::string_view> split_list(std::string_view text, char at) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  bool quoted = false;
  const auto take = [&](std::size_t end) {
    const std::string_view part = trimmed(text.substr(begin, end - begin));
    if (!part.empty()) parts.push_back(part);
    begin = end + 1;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quoted && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == at) {
      take(i);
    }
  }
  take(text.size());
  return parts;
}

/// The members of a list header, over all its lines (RFC 9110 5.3).
std::vector<std::string_view> members_of(const Observation& o, std::string_view name) {
  std::vector<std::string_view> all;
  for (const auto& [key, value] : o.headers) {
    if (!same_word(key, name)) continue;
    for (const std::string_view part : split_list(value, ',')) all.push_back(part);
  }
  return all;
}

/// "name=value" or "name": the parts, quotes around the value taken off.
struct Directive {
  std::string_view name;
  std::optional<std::string_view> value;
};

Directive directive_of(std::string_view text) {
  const std::size_t equals = text.find('=');
  Directive d{trimmed(text.substr(0, equals)), std::nullopt};
  if (equals == std::string_view::npos) return d;
  std::string_view value = trimmed(text.substr(equals + 1));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  d.value = value;
  return d;
}

/// What Cache-Control and its relatives say to a shared cache.
struct Orders {
  bool never_stored = false;  // no-store, private
  bool always_asks = false;   // no-cache
  bool never_stale = false;   // must-revalidate, proxy-revalidate
  std::optional<Seconds> s_maxage, max_age, stale_while_revalidate;
};

/// RFC 9111 4.2.1: of two values the first counts; one that is no number makes the answer stale at once.
void take_seconds(std::optional<Seconds>& out, const Directive& d) {
  if (!out) out = parse_age(d.value.value_or("")).value_or(Seconds{0});
}

Orders orders_in(const Observation& o, std::string_view header) {
  Orders orders;
  for (const std::string_view member : members_of(o, header)) {
    const Directive d = directive_of(member);
    // With a value, private and no-cache speak of single header fields only.
    if (same_word(d.name, "no-store") || (same_word(d.name, "private") && !d.value)) orders.never_stored = true;
    if (same_word(d.name, "no-cache") && !d.value) orders.always_asks = true;
    if (same_word(d.name, "must-revalidate") || same_word(d.name, "proxy-revalidate")) orders.never_stale = true;
    if (same_word(d.name, "s-maxage")) take_seconds(orders.s_maxage, d);
    if (same_word(d.name, "max-age")) take_seconds(orders.max_age, d);
    if (same_word(d.name, "stale-while-revalidate")) take_seconds(orders.stale_while_revalidate, d);
  }
  return orders;
}

/// A field meant for caches of a site's own (RFC 9213) overrules Cache-Control for them.
Orders orders_of(const Observation& o) {
  for (const char* header : {"CDN-Cache-Control", "Surrogate-Control"})
    if (has_header(o, header)) return orders_in(o, header);
  return orders_in(o, "Cache-Control");
}

std::optional<Seconds> expires_in(const Observation& o) {
  const std::string* expires = find_header(o, "Expires");
  if (expires == nullptr) return std::nullopt;
  // RFC 9111 5.3: a value that is no date, "0" above all, lies in the past.
  const auto at = parse_http_date(*expires);
  if (!at) return Seconds{0};
  const auto left = std::chrono::floor<Seconds>(*at - o.date.value_or(o.done));
  return std::clamp(left, Seconds{0}, Seconds{kMostSeconds});
}

std::optional<Seconds> lifetime_of(const Observation& o, const Orders& orders) {
  if (orders.never_stored || orders.always_asks) return Seconds{0};
  if (orders.s_maxage) return orders.s_maxage;
  if (orders.max_age) return orders.max_age;
  return expires_in(o);
}

bool ends_with_word(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && same_word(text.substr(text.size() - end.size()), end);
}

bool starts_with_word(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && same_word(text.substr(0, start.size()), start);
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \t;")); }

/// What one word of a cache about itself means: "HIT", "TCP_MEM_HIT", "RefreshHit", "STALE", "REVALIDATED" ...
struct Told {
  bool hit = false;
  bool stale = false;
};

Told told_by(std::string_view word) {
  // The origin was asked and vouched for the copy: that is its own answer.
  if (same_word(word, "RefreshHit") || ends_with_word(word, "REFRESH_HIT")) return {};
  if (same_word(word, "STALE") || same_word(word, "UPDATING") || ends_with_word(word, "REFRESH_FAIL_HIT") ||
      same_word(word, "HIT-STALE"))
    return {true, true};
  return {starts_with_word(word, "HIT") || ends_with_word(word, "HIT"), false};
}

/// Headers in which a cache says of itself what it did, a word for each cache on the way.
constexpr const char* kWordHeaders[]{"CF-Cache-Status", "X-Cache",   "X-Cache-Status", "X-Proxy-Cache",
                                     "X-Cache-Remote",  "CDN-Cache", "X-CDN-Cache",    "X-Nginx-Cache"};

Told told_in(const Observation& o, std::string_view header) {
  Told all;
  for (const std::string_view member : members_of(o, header)) {
    const Told one = told_by(first_word(member));
    all.hit = all.hit || one.hit;
    all.stale = all.stale || one.stale;
  }
  return all;
}

/// RFC 9211: "ExampleCache; hit; ttl=-12".
Told cache_status(const Observation& o) {
  Told all;
  for (const std::string_view member : members_of(o, "Cache-Status")) {
    bool hit = false;
    bool below = false;
    const auto params = split_list(member, ';');
    for (std::size_t i = 1; i < params.size(); ++i) {
      const Directive d = directive_of(params[i]);
      if (same_word(d.name, "hit")) hit = !d.value || *d.value == "?1";
      if (same_word(d.name, "ttl")) below = d.value && d.value->starts_with('-');
    }
    all.hit = all.hit || hit;
    all.stale = all.stale || (hit && below);
  }
  return all;
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// "X-Cache-Hits: 0, 3".
bool counted_hits(const Observation& o) {
  const auto hits = members_of(o, "X-Cache-Hits");
  return std::any_of(hits.begin(), hits.end(), [](std::string_view n) {
    return is_number(n) && n.find_first_not_of('0') != std::string_view::npos;
  });
}

/// Varnish names the request, and after it the request that had filled the cache, if that was another one.
bool varnish_hit(const Observation& o) {
  const std::string* ids = find_header(o, "X-Varnish");
  if (ids == nullptr) return false;
  const std::string_view text = trimmed(*ids);
  const std::size_t blank = text.find(' ');
  return blank != std::string_view::npos && is_number(text.substr(0, blank)) &&
         is_number(trimmed(text.substr(blank + 1)));
}

/// RFC 7234 5.5: 110 response is stale, 111 revalidation failed.
bool warned(const Observation& o) {
  const auto warnings = members_of(o, "Warning");
  return std::any_of(warnings.begin(), warnings.end(), [](std::string_view w) {
    const std::string_view code = first_word(w);
    return code == "110" || code == "111";
  });
}

bool mentions(const Observation& o, std::string_view header, std::string_view word) {
  return std::any_of(o.headers.begin(), o.headers.end(),
                     [&](const auto& h) { return same_word(h.first, header) && contains_word(h.second, word); });
}

/// The layer that holds the copy. With several on the way, one that says that it did not answer from its cache is none.
std::string layer_of(const Observation& o) {
  const bool cloudflare_passed = has_header(o, "CF-Cache-Status") && !told_in(o, "CF-Cache-Status").hit;
  if (!cloudflare_passed && (has_header(o, "CF-Cache-Status") || mentions(o, "Server", "cloudflare")))
    return "Cloudflare";
  const bool cloudfront =
      has_header(o, "X-Amz-Cf-Id") || has_header(o, "X-Amz-Cf-Pop") || mentions(o, "Via", "cloudfront");
  const bool cloudfront_passed = mentions(o, "X-Cache", "from cloudfront") && !told_in(o, "X-Cache").hit;
  if (cloudfront && !cloudfront_passed) return "CloudFront";
  if (has_header(o, "X-Served-By") && mentions(o, "X-Served-By", "cache-")) return "Fastly";
  if (mentions(o, "Server", "AkamaiGHost") || mentions(o, "X-Cache", "akamai") || has_header(o, "X-Akamai-Request-ID"))
    return "Akamai";
  if (has_header(o, "X-Azure-Ref")) return "Azure Front Door";
  if (has_header(o, "X-Varnish") || mentions(o, "Via", "varnish")) return "Varnish";
  if (mentions(o, "Via", "google")) return "Google";
  if (mentions(o, "X-Cache", "squid") || mentions(o, "Via", "squid")) return "Squid";
  return "a cache";
}

}  // namespace

CacheView cache_view(const Observation& o) {
  CacheView view;
  view.age = o.age;
  view.lifetime = lifetime_of(o, orders_of(o));
  Told told = cache_status(o);
  for (const char* header : kWordHeaders) {
    const Told one = told_in(o, header);
    told.hit = told.hit || one.hit;
    told.stale = told.stale || one.stale;
  }
  const bool aged = view.age && *view.age > Seconds{0};
  view.from_cache = aged || told.hit || counted_hits(o) || varnish_hit(o);
  // A lifetime of nothing is what many caches tell browsers of copies that they keep themselves: no sign of staleness.
  const bool outlived = aged && view.lifetime && *view.lifetime > Seconds{0} && *view.age > *view.lifetime;
  view.stale = told.stale || warned(o) || outlived;
  if (view.from_cache || view.stale) view.layer = layer_of(o);
  return view;
}

std::optional<Instant> kept_until(const Observation& o) {
  const Orders orders = orders_of(o);
  const auto lifetime = lifetime_of(o, orders);
  if (!lifetime || orders.never_stored || orders.always_asks) return std::nullopt;
  Seconds keep = *lifetime;
  // Stale copies are served while a newer one is fetched. `stale-if-error` is not counted: that takes a failing origin.
  if (!orders.never_stale) keep += orders.stale_while_revalidate.value_or(Seconds{0});
  if (keep == Seconds{0}) return std::nullopt;
  return std::max(o.done, o.done + keep - o.age.value_or(Seconds{0}));
}

}  // namespace embargod
