// An Impact as JSON and back. Each type names its members once: the writer and the reader walk the same list.

#include <concepts>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <type_traits>

#include "daemon/watch/impact.h"

namespace embargod {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kForm = 1;

template <class T, class U>
concept Is = std::same_as<std::remove_const_t<T>, U>;

void fields(auto& f, Is<ImpactWindow> auto& v) {
  f("from", v.from);
  f("to", v.to);
  f("sure_from", v.sure_from);
  f("sure_to", v.sure_to);
}

void fields(auto& f, Is<ImpactCount> auto& v) {
  f("who", v.who);
  f("whole", v.whole);
  f("whole_edge", v.whole_edge);
  f("partial", v.partial);
  f("not_modified", v.not_modified);
  f("head", v.head);
  f("clients", v.clients);
  f("bytes", v.bytes);
  f("statuses", v.statuses);
}

void fields(auto& f, Is<ImpactGuesses> auto& v) {
  f("requests", v.requests);
  f("clients", v.clients);
  f("served_later", v.served_later);
  f("first", v.first);
  f("last", v.last);
}

void fields(auto& f, Is<ImpactClient> auto& v) {
  f("hash", v.hash);
  f("who", v.who);
  f("served", v.served);
  f("guesses", v.guesses);
  f("first", v.first);
  f("last", v.last);
}

void fields(auto& f, Is<ImpactReferrer> auto& v) {
  f("host", v.host);
  f("requests", v.requests);
}

void fields(auto& f, Is<ImpactStart> auto& v) {
  f("first_served", v.first_served);
  f("last_refused", v.last_refused);
  f("contradicts", v.contradicts);
}

void fields(auto& f, Is<ImpactUrl> auto& v) {
  f("target", v.target);
  f("url", v.url);
  f("is_download", v.is_download);
  f("windows", v.windows);
  f("counts", v.counts);
  f("guesses", v.guesses);
  f("start", v.start);
  f("referrers", v.referrers);
  f("clients", v.clients);
  f("other_hosts", v.other_hosts);
}

void fields(auto& f, Is<ImpactFile> auto& v) {
  f("name", v.name);
  f("format", v.format);
  f("digest", v.digest);
  f("requests", v.requests);
  f("unreadable", v.unreadable);
  f("first_unreadable", v.first_unreadable);
  f("fault", v.fault);
  f("first", v.first);
  f("last", v.last);
}

void fields(auto& f, Is<ImpactSource> auto& v) {
  f("name", v.name);
  f("files", v.files);
  f("clock_offset_ms", v.clock_offset);
  f("is_offset_stated", v.is_offset_stated);
  f("resolution_ms", v.resolution);
  f("longest_silence_ms", v.longest_silence);
  f("silence_began", v.silence_began);
  f("own_requests", v.own_requests);
  f("urls", v.urls);
}

void fields(auto& f, Is<AnalyticsRow> auto& v) {
  f("target", v.target);
  f("page", v.page);
  f("figures", v.figures);
}

void fields(auto& f, Is<AnalyticsExport> auto& v) {
  f("name", v.name);
  f("file", v.file);
  f("digest", v.digest);
  f("period", v.period);
  f("rows", v.rows);
}

void fields(auto& f, Is<ClientRuleTexts> auto& v) {
  f("internal", v.internal);
  f("own", v.own);
  f("crawlers", v.crawlers);
}

void fields(auto& f, Is<Impact> auto& v) {
  f("incident", v.incident);
  f("counted", v.counted);
  f("program", v.program);
  f("key_id", v.key_id);
  f("rules", v.rules);
  f("sources", v.sources);
  f("analytics", v.analytics);
}

class Writer {
 public:
  template <class T>
  void operator()(const char* name, const T& value) {
    json_[name] = value_of(value);
  }

  template <class T>
  [[nodiscard]] static Json object_of(const T& v) {
    Writer w;
    fields(w, v);
    return std::move(w.json_);
  }

 private:
  static Json value_of(const std::string& s) { return s; }
  static Json value_of(bool b) { return b; }
  static Json value_of(std::uint64_t n) { return n; }
  static Json value_of(Instant t) { return rfc3339(t); }
  static Json value_of(Millis d) { return d.count(); }
  static Json value_of(ClientClass c) { return to_string(c); }
  static Json value_of(const std::array<std::uint64_t, 6>& a) { return a; }
  static Json value_of(const std::pair<std::string, std::string>& p) { return Json::array({p.first, p.second}); }
  template <class T>
  static Json value_of(const std::optional<T>& v) {
    return v ? value_of(*v) : Json(nullptr);
  }
  template <class T>
  static Json value_of(const std::vector<T>& list) {
    Json out = Json::array();
    for (const T& v : list) out.push_back(value_of(v));
    return out;
  }
  template <class T>
  static Json value_of(const T& v) {
    return object_of(v);
  }

  Json json_ = Json::object();
};

/// Thrown and caught in this file: says where in the document and what.
struct Odd {
  std::string where;
  std::string what;
};

class Reader {
 public:
  Reader(const Json& j, std::string where) : json_{&j}, where_{std::move(where)} {
    if (!j.is_object()) throw Odd{where_, "an object is expected"};
  }

  template <class T>
  void operator()(const char* name, T& value) {
    const auto it = json_->find(name);
    const std::string place = where_ + "." + name;
    if (it == json_->end()) throw Odd{place, "is missing"};
    known_.insert(name);
    take(*it, place, value);
  }

  void end() const {
    for (const auto& [name, value] : json_->items())
      if (!known_.contains(name)) throw Odd{where_ + "." + name.substr(0, 40), "is not a member here"};
  }

 private:
  static constexpr std::size_t kLongestText = 8'192;
  static constexpr std::size_t kLongestList = 1'000;

  static void take(const Json& j, const std::string& place, std::string& out) {
    if (!j.is_string()) throw Odd{place, "a text is expected"};
    out = j.get<std::string>();
    if (out.size() > kLongestText) throw Odd{place, "is over 8192 bytes"};
  }
  static void take(const Json& j, const std::string& place, bool& out) {
    if (!j.is_boolean()) throw Odd{place, "true or false is expected"};
    out = j.get<bool>();
  }
  static void take(const Json& j, const std::string& place, std::uint64_t& out) {
    // Sums of a few of them must not run over.
    constexpr std::uint64_t kMost = std::uint64_t{1} << 53U;
    if (!j.is_number_unsigned() || j.get<std::uint64_t>() > kMost)
      throw Odd{place, "a whole number from 0 to 2^53 is expected"};
    out = j.get<std::uint64_t>();
  }
  static void take(const Json& j, const std::string& place, Instant& out) {
    const auto t = j.is_string() ? parse_rfc3339(j.get<std::string>()) : fail(Errc::invalid_input, "");
    if (!t) throw Odd{place, "an instant like 2030-04-01T09:00:00.000Z is expected"};
    out = *t;
  }
  static void take(const Json& j, const std::string& place, Millis& out) {
    constexpr std::int64_t kMost = std::int64_t{1} << 45U;
    if (!j.is_number_integer() || j.get<std::int64_t>() > kMost || j.get<std::int64_t>() < -kMost)
      throw Odd{place, "milliseconds are expected"};
    out = Millis{j.get<std::int64_t>()};
  }
  static void take(const Json& j, const std::string& place, ClientClass& out) {
    const auto c = j.is_string() ? client_class_from(j.get<std::string>()) : std::nullopt;
    if (!c) throw Odd{place, "own, internal, crawler or other is expected"};
    out = *c;
  }
  static void take(const Json& j, const std::string& place, std::array<std::uint64_t, 6>& out) {
    if (!j.is_array() || j.size() != out.size()) throw Odd{place, "six counts are expected"};
    for (std::size_t i = 0; i < out.size(); ++i) take(j[i], place, out[i]);
  }
  static void take(const Json& j, const std::string& place, std::pair<std::string, std::string>& out) {
    if (!j.is_array() || j.size() != 2) throw Odd{place, "a column and its text are expected"};
    take(j[0], place, out.first);
    take(j[1], place, out.second);
  }
  template <class T>
  static void take(const Json& j, const std::string& place, std::optional<T>& out) {
    out.reset();
    if (!j.is_null()) take(j, place, out.emplace());
  }
  template <class T>
  static void take(const Json& j, const std::string& place, std::vector<T>& out) {
    if (!j.is_array()) throw Odd{place, "a list is expected"};
    if (j.size() > kLongestList) throw Odd{place, "has over 1000 entries"};
    out.clear();
    for (std::size_t i = 0; i < j.size(); ++i) take(j[i], place + "[" + std::to_string(i) + "]", out.emplace_back());
  }
  template <class T>
  static void take(const Json& j, const std::string& place, T& out) {
    Reader r{j, place};
    fields(r, out);
    r.end();
  }

  const Json* json_;
  std::string where_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace

std::string impact_json(const Impact& i, int indent) {
  Json j = Json::object();
  j["form"] = kForm;
  j.update(Writer::object_of(i));
  return j.dump(indent, ' ', false, Json::error_handler_t::replace) + (indent < 0 ? "" : "\n");
}

Result<Impact> parse_impact(std::string_view json) {
  constexpr int kDeepest = 16;
  const auto shallow = [](int depth, Json::parse_event_t /*event*/, const Json& /*value*/) {
    if (depth > kDeepest) throw Odd{"impact", "is nested too deeply"};
    return true;
  };
  const auto odd = [](const std::string& where, const std::string& what) {
    return fail(Errc::invalid_input, what, where, "give what `embargoctl impact --format=json` wrote, unchanged");
  };
  try {
    Json j = Json::parse(json, shallow, false);
    if (!j.is_object()) return odd("impact", "is no JSON object");
    const auto form = j.find("form");
    if (form == j.end() || !form->is_number_integer() || *form != kForm)
      return odd("impact.form", "is not " + std::to_string(kForm) + ": another version of embargoctl wrote it");
    j.erase("form");
    Impact out;
    Reader r{j, "impact"};
    fields(r, out);
    r.end();
    return out;
  } catch (const Odd& fault) {
    return odd(fault.where, fault.what);
  } catch (const Json::exception&) {
    return odd("impact", "is no JSON that can be read");
  }
}

}  // namespace embargod
