#include "daemon/store/incident_codec.h"

#include <concepts>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <type_traits>

namespace embargod {
namespace {

using nlohmann::json;

template <class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

// Each type names its fields once; the writer and the reader both walk that list, so that they cannot drift apart. A
// field that came with a later form is named by since(): documents of forms before it do not have it, and it keeps its
// default when they are read.

void fields(auto& f, Is<InstantBounds> auto& v) {
  f("earliest", v.earliest);
  f("latest", v.latest);
}

void fields(auto& f, Is<Look> auto& v) {
  f("sent", v.sent);
  f("done", v.done);
  f("sent_ticks", v.sent_ticks);
  f("done_ticks", v.done_ticks);
  f("error", v.error);
  f("liveness", v.liveness);
  f("cause", v.cause);
  f("rule", v.rule);
  f("status", v.status);
  f("size", v.size);
  f("digest", v.digest);
  f("age", v.age);
  f("remote_ip", v.remote_ip);
  f.since(2, "route", v.route);
  f.since(2, "from_cache", v.from_cache);
  f.since(2, "layer", v.layer);
  f.since(2, "marked", v.marked);
  f.since(2, "wrong", v.wrong);
  f.since(2, "edition", v.edition);
  f.since(2, "fingerprint", v.fingerprint);
}

void fields(auto& f, Is<ExposureSpan> auto& v) {
  f("went_live", v.went_live);
  f("went_down", v.went_down);
  f("ended_by", v.ended_by);
  f("origin_live", v.origin_live);
  f("origin_down", v.origin_down);
  f("last_live_sent", v.last_live_sent);
  f("last_live_done", v.last_live_done);
  f("last_live_error", v.last_live_error);
  f("last_live_age", v.last_live_age);
  f("looks", v.looks);
  f("longest_gap", v.longest_gap);
}

void fields(auto& f, Is<RouteView> auto& v) {
  f("path", v.path);
  f("liveness", v.liveness);
  f("dark_streak", v.dark_streak);
  f("done", v.done);
  f("from_cache", v.from_cache);
  f("layer", v.layer);
}

void fields(auto& f, Is<TargetExposure> auto& v) {
  f("target", v.target);
  f("url", v.url);
  f("seen_live", v.seen_live);
  f("spans", v.spans);
  f("dark_streak", v.dark_streak);
  f("blind", v.blind);
  f("first", v.first);
  f.since(2, "role", v.role);
  f.since(2, "routes", v.routes);
  f.since(2, "cached_by", v.cached_by);
  f.since(3, "candidate_rule", v.candidate_rule);
}

void fields(auto& f, Is<Acknowledgement> auto& v) {
  f("by", v.by);
  f("at", v.at);
  f("note", v.note);
  f.since(5, "expires", v.expires);
}

void fields(auto& f, Is<Ruling> auto& v) {
  f("by", v.by);
  f("at", v.at);
  f("choice", v.choice);
  f("reason", v.reason);
}

void fields(auto& f, Is<AlertThread> auto& v) {
  f("alert", v.alert);
  f("firing", v.firing);
  f("round", v.round);
  f("tier", v.tier);
  f("reminders", v.reminders);
  f("began", v.began);
  f("waiting_since", v.waiting_since);
  f("reminded", v.reminded);
  f("told", v.told);
  f("cleared", v.cleared);
  f("accepted", v.accepted);
}

void fields(auto& f, Is<Due> auto& v) {
  f("precision", v.precision);
  f("at", v.at);
  f("period_begin", v.period_begin);
  f("period_end", v.period_end);
  f("zone", v.zone);
  f("as_given", v.as_given);
}

void fields(auto& f, Is<Drift> auto& v) {
  f("release", v.release);
  f("source", v.source);
  f("kind", v.kind);
  f("says", v.says);
  f("where", v.where);
  f("seen", v.seen);
}

void fields(auto& f, Is<RehearsalMark> auto& v) {
  f("id", v.id);
  f("by", v.by);
  f("reason", v.reason);
  f("from", v.from);
  f("until", v.until);
  f("over", v.over);
  f("why_over", v.why_over);
}

void fields(auto& f, Is<Incident> auto& v) {
  f("id", v.id);
  f("kind", v.kind);
  f("state", v.state);
  f("confidence", v.confidence);
  f("release", v.release);
  f("site", v.site);
  f("title", v.title);
  f("due", v.due);
  f("ordinal", v.ordinal);
  f("targets", v.targets);
  f("acknowledged", v.acknowledged);
  f("evidence", v.evidence);
  f("detected", v.detected);
  f("contained", v.contained);
  f("closed", v.closed);
  f("closed_by", v.closed_by);
  f("closed_reason", v.closed_reason);
  f("affected", v.affected);
  f.since(2, "parts", v.parts);
  f("near_due", v.near_due);
  f("firing", v.firing);
  f("clock_verified", v.clock_verified);
  f("steps", v.steps);
  f.since(4, "drifts", v.drifts);
  f.since(5, "threads", v.threads);
  f.since(6, "ruling", v.ruling);
  f.since(6, "used_links", v.used_links);
  f.since(7, "rehearsal", v.rehearsal);
}

void fields(auto& f, Is<DarkBefore> auto& v) {
  f("sent", v.sent);
  f("error", v.error);
  f("origin_floor", v.origin_floor);
}

void fields(auto& f, Is<BlindSpan> auto& v) {
  f("target", v.target);
  f("release", v.release);
  f("site", v.site);
  f("from", v.from);
  f("to", v.to);
  f("cause", v.cause);
}

void fields(auto& f, Is<TargetTrack> auto& v) {
  f("target", v.target);
  f("release", v.release);
  f("site", v.site);
  f("url", v.url);
  f("liveness", v.liveness);
  f("cause", v.cause);
  f("rule", v.rule);
  f("status", v.status);
  f("last_look", v.last_look);
  f("last_conclusive", v.last_conclusive);
  f("conclusive", v.conclusive);
  f("dark", v.dark);
  f("blind", v.blind);
  f("released", v.released);
  f("was_early", v.was_early);
  f("muted_by", v.muted_by);
  f("dark_streak", v.dark_streak);
  f.since(2, "edition", v.edition);
  f.since(2, "fingerprint", v.fingerprint);
  f.since(2, "fingerprint_seen", v.fingerprint_seen);
  f.since(2, "size", v.size);
  f.since(2, "last_live", v.last_live);
  f.since(2, "gone", v.gone);
  f.since(2, "back", v.back);
}

void fields(auto& f, Is<Alert> auto& v) {
  f("key", v.key);
  f("incident", v.incident);
  f("name", v.name);
  f("severity", v.severity);
  f("status", v.status);
  f("notice", v.notice);
  f("labels", v.labels);
  f("annotations", v.annotations);
  f("incident_json", v.incident_json);
  f("starts_at", v.starts_at);
  f("decided_at", v.decided_at);
  f("durable", v.durable);
}

void fields(auto& f, Is<Url> auto& v) {
  f("text", v.text);
  f("scheme", v.scheme);
  f("host", v.host);
  f("port", v.port);
  f("path_query", v.path_query);
}

// Not the rules of its own: how a URL is judged belongs to the config, what was announced to the record (recorded()).
void fields(auto& f, Is<Target> auto& v) {
  f("id", v.id);
  f("release", v.release);
  f("url", v.url);
  f("role", v.role);
  f("profile", v.profile);
  f.since(2, "edition", v.edition);
  f.since(2, "title_counts", v.title_counts);
  f.since(2, "change_counts", v.change_counts);
  f.since(2, "cache_bypass", v.cache_bypass);
  f.since(2, "negative_ttl", v.negative_ttl);
}

void fields(auto& f, Is<Release> auto& v) {
  f("id", v.id);
  f("title", v.title);
  f("status", v.status);
  f("due", v.due);
  f("targets", v.targets);
  f("source", v.source);
}

// The highest stored value of each enumeration; reading anything above is a fault.
constexpr int highest(IncidentKind) { return 8; }
constexpr int highest(DriftKind) { return 5; }
constexpr int highest(IncidentState) { return 4; }
constexpr int highest(Choice) { return 1; }
constexpr int highest(Confidence) { return 2; }
constexpr int highest(EndedBy) { return 2; }
constexpr int highest(Liveness) { return 5; }
constexpr int highest(Cause) { return 24; }
constexpr int highest(Route) { return 5; }
constexpr int highest(Severity) { return 2; }
constexpr int highest(AlertStatus) { return 1; }
constexpr int highest(Notice) { return 5; }
constexpr int highest(Role) { return 5; }
constexpr int highest(ReleaseStatus) { return 2; }
constexpr int highest(DuePrecision) { return 2; }

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsDuration = false;
template <class R, class P>
inline constexpr bool kIsDuration<std::chrono::duration<R, P>> = true;
template <class T>
inline constexpr bool kIsPlain = std::is_arithmetic_v<T> || std::is_same_v<T, std::string> || std::is_same_v<T, Labels>;

struct DocumentWriter {
  json out = json::object();

  void operator()(const char* name, const auto& value) { out[name] = write(value); }
  void since(int /*form*/, const char* name, const auto& value) { (*this)(name, value); }

  template <class T>
  static json write(const T& v) {
    if constexpr (kIsPlain<T>) {
      return v;
    } else if constexpr (std::is_enum_v<T>) {
      return static_cast<int>(v);
    } else if constexpr (std::is_same_v<T, Instant>) {
      return v.time_since_epoch().count();
    } else if constexpr (kIsDuration<T>) {
      return v.count();
    } else if constexpr (kIsOptional<T>) {
      return v ? write(*v) : json{};
    } else if constexpr (kIsVector<T>) {
      json list = json::array();
      for (const auto& each : v) list.push_back(write(each));
      return list;
    } else {
      DocumentWriter inner;
      fields(inner, v);
      return std::move(inner.out);
    }
  }
};

struct DocumentReader {
  const json& in;
  std::int64_t form;  // of the document

  void operator()(const char* name, auto& value) { read(in.at(name), value); }
  void since(int first_form, const char* name, auto& value) {
    if (form >= first_form) (*this)(name, value);
  }

  template <class T>
  void read(const json& j, T& v) {
    if constexpr (kIsPlain<T>) {
      // nlohmann converts a number into any arithmetic type and a bool into a number; a document of ours needs neither.
      if constexpr (std::is_same_v<T, bool>) {
        if (!j.is_boolean()) throw std::invalid_argument("not true or false");
      } else if constexpr (std::is_integral_v<T>) {
        if (!j.is_number_integer() || (std::is_unsigned_v<T> && !j.is_number_unsigned()))
          throw std::invalid_argument("not a whole number");
      }
      v = j.get<T>();
    } else if constexpr (std::is_enum_v<T>) {
      const auto number = whole(j);
      if (number < 0 || number > highest(T{})) throw std::out_of_range("unknown word");
      v = static_cast<T>(number);
    } else if constexpr (std::is_same_v<T, Instant>) {
      v = Instant{Millis{whole(j)}};
    } else if constexpr (kIsDuration<T>) {
      v = T{whole(j)};
    } else if constexpr (kIsOptional<T>) {
      if (j.is_null()) {
        v.reset();
      } else {
        read(j, v.emplace());
      }
    } else if constexpr (kIsVector<T>) {
      v.clear();
      for (const auto& each : j.get_ref<const json::array_t&>()) read(each, v.emplace_back());
    } else {
      DocumentReader inner{j, form};
      fields(inner, v);
    }
  }

  static std::int64_t whole(const json& j) {
    if (!j.is_number_integer()) throw std::invalid_argument("not a whole number");
    return j.get<std::int64_t>();
  }
};

template <class T>
std::string encode(const T& value) {
  json document = DocumentWriter::write(value);
  document["v"] = kDocumentForm;
  return document.dump(-1, ' ', false, json::error_handler_t::replace);
}

template <class T>
Result<T> decode(std::string_view text, const char* what) {
  try {
    const json document = json::parse(text);
    const auto form = DocumentReader::whole(document.at("v"));
    if (form < 1) throw std::out_of_range("unknown form");
    if (form > kDocumentForm) {
      return fail(Errc::unsupported,
                  std::string{what} + " is stored in form " + std::to_string(form) +
                      ", this embargod knows forms up to " + std::to_string(kDocumentForm),
                  {}, "use the embargod that wrote it, or a newer one");
    }
    T value{};
    DocumentReader{document, form}.read(document, value);
    return value;
  } catch (const std::exception& e) {
    return fail(Errc::corrupt, std::string{what} + " cannot be read back: " + e.what());
  }
}

}  // namespace

Release recorded(Release r) {
  for (Target& t : r.targets) t.rules = {};
  r.stated = {};
  r.former_urls.clear();
  r.url_templates.clear();
  return r;
}

std::string encode_document(const Incident& i) { return encode(i); }
std::string encode_document(const TargetTrack& t) { return encode(t); }
std::string encode_document(const Alert& a) { return encode(a); }
std::string encode_document(const Release& r) { return encode(r); }

Result<Incident> decode_incident(std::string_view text) { return decode<Incident>(text, "an incident"); }
Result<TargetTrack> decode_track(std::string_view text) { return decode<TargetTrack>(text, "a target's track"); }
Result<Alert> decode_alert(std::string_view text) { return decode<Alert>(text, "an alert"); }
Result<Release> decode_release(std::string_view text) { return decode<Release>(text, "a release"); }

}  // namespace embargod
