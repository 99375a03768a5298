#include "daemon/watch/source_watch.h"

#include <algorithm>
#include <set>
#include <utility>

#include "config/settings_reader.h"
#include "daemon/watch/plan.h"
#include "probes/redirect.h"

namespace embargod {
namespace {

constexpr Millis kFirstRetry{30'000};

bool same_source(const ScheduleSource& a, const ScheduleSource& b) {
  return a.path == b.path && a.url == b.url && a.format == b.format;
}

/// Reads the pages of a former run again.
Checked<Calendar> read_again(SourceReader& reader, const std::vector<SourcePage>& pages) {
  for (const SourcePage& page : pages)
    if (const auto more = reader.take(page.url, page.bytes); !more) return tl::unexpected<Faults>{more.error()};
  return reader.finish();
}

/// Whether the answer was given by the site that was asked; a step from http to https on it is none elsewhere.
bool came_from_its_site(const Observation& o) {
  if (o.hops.empty() && o.final_url == o.url) return true;
  const auto asked = parse_url(o.url);
  const auto got = parse_url(o.final_url);
  return asked && got && same_site(*asked, *got);
}

}  // namespace

Fault one_of(const Faults& faults) {
  Fault f = faults.front();
  if (faults.size() > 1) f.what += " (and " + std::to_string(faults.size() - 1) + " more)";
  return f;
}

std::optional<Fault> no_page(const Observation& o, const std::string& where) {
  const auto fault = [&where](std::string what, std::string to_do) {
    return Fault{Errc::unavailable, where, std::move(what), std::move(to_do)};
  };
  if (o.failure != Cause::none)
    return fault(std::string{"could not be read: "} + to_string(o.failure), "look at the site and the way to it");
  if (o.status != 200) return fault("answered " + std::to_string(o.status), "see whether the address is still right");
  if (!came_from_its_site(o))
    return fault("answered by a redirect to another site, which is not believed", "give the address that it has now");
  return std::nullopt;
}

std::string shown_address(const Url& url) {
  return url.scheme + "://" + url.site() + url.path_query.substr(0, url.path_query.find('?'));
}

SourceContext SourceWatch::context_of(const ScheduleSource& s) const {
  return SourceContext{.name = s.name,
                       .where = s.url ? shown_address(*s.url) : s.name,
                       .zone = settings_->timezone,
                       .profiles = settings_->profiles};
}

Checked<void> SourceWatch::adopt(std::shared_ptr<const Settings> settings, Millis now_ticks) {
  std::map<std::string, Source> next;
  Faults faults;
  for (const ScheduleSource& s : settings->schedules) {
    auto rules = TitleRules::make(s.match);
    if (!rules) {
      faults.insert(faults.end(), rules.error().begin(), rules.error().end());
      continue;
    }
    if (s.is_operators()) continue;
    Source& source = next[s.name];
    source.settings = &s;
    source.rules = std::move(*rules);
  }
  if (!faults.empty()) return tl::unexpected<Faults>{std::move(faults)};
  for (auto& [name, source] : next) {
    const auto known = sources_.find(name);
    const bool stays = known != sources_.end() && same_source(*known->second.settings, *source.settings);
    if (stays) {
      source.readings = std::move(known->second.readings);
      source.state = std::move(known->second.state);
      source.failures = known->second.failures;
    } else if (known != sources_.end()) {
      forgotten_.push_back(name);
    }
    source.state.source = name;
    source.state.format = source.settings->format;
    source.state.where = source.settings->url ? shown_address(*source.settings->url) : source.settings->path;
    // A reload reads files again; a URL keeps its pace, but for a reading that was under way.
    const bool keeps_pace = stays && source.settings->url && known->second.next;
    source.next = keeps_pace ? known->second.next : now_ticks;
  }
  for (const auto& [name, source] : sources_)
    if (!next.contains(name)) forgotten_.push_back(name);
  sources_ = std::move(next);
  settings_ = std::move(settings);
  tokens_.clear();
  return {};
}

void SourceWatch::restore(const std::vector<SourceReading>& readings, const std::vector<CalendarState>& states) {
  std::set<std::string> elsewhere;  // read from another place then: what it said there is another calendar's word
  for (const CalendarState& state : states) {
    const auto it = sources_.find(state.source);
    if (it == sources_.end() || it->second.state.where != state.where || it->second.state.format != state.format) {
      elsewhere.insert(state.source);
      forgotten_.push_back(state.source);
      continue;
    }
    it->second.state.last_try = state.last_try;
    it->second.state.last_success = state.last_success;
    it->second.state.fault = state.fault;
  }
  for (const SourceReading& stored : readings) {
    const auto it = sources_.find(stored.source);
    if (it == sources_.end() || elsewhere.contains(stored.source)) continue;
    Source& s = it->second;
    const auto reader = make_source_reader(s.settings->format, context_of(*s.settings));
    auto calendar = read_again(*reader, stored.pages);
    if (calendar) s.readings.push_back({stored, std::move(*calendar)});
  }
}

// ---- asking ----

std::vector<ProbeRequest> SourceWatch::take_due(Millis now_ticks, Instant now, std::uint64_t& tokens) {
  std::vector<ProbeRequest> out;
  for (auto& [name, s] : sources_) {
    if (s.next && *s.next <= now_ticks) {
      begin(s);
      if (!s.settings->url) {
        read_file_of(s, now, now_ticks);
        continue;
      }
      s.wanted.push_back(s.settings->url->text);
    }
    for (const std::string& wanted : std::exchange(s.wanted, {})) {
      auto url = parse_url(wanted);
      if (!url) {
        refuse(s, url.error(), now, now_ticks);
        break;
      }
      const std::uint64_t token = ++tokens;
      tokens_[token] = {name, wanted};
      ++s.in_flight;
      out.push_back(ProbeRequest{.token = token,
                                 .target = "schedule " + name,
                                 .url = std::move(*url),
                                 .urgency = Urgency::routine,
                                 .route = Route::plain,
                                 .max_body = kLargestSource + 1});  // so that too much is told from cut off
    }
  }
  return out;
}

std::optional<Millis> SourceWatch::next_due() const {
  std::optional<Millis> first;
  for (const auto& [name, s] : sources_) {
    if (!s.wanted.empty()) return Millis{0};
    if (s.next && (!first || *s.next < *first)) first = s.next;
  }
  return first;
}

void SourceWatch::begin(Source& s) {
  s.next.reset();
  s.reader = make_source_reader(s.settings->format, context_of(*s.settings));
  s.pages.clear();
  s.wanted.clear();
  s.bytes = 0;
}

void SourceWatch::read_file_of(Source& s, Instant now, Millis now_ticks) {
  s.state.last_try = now;
  auto bytes = read_file(s.settings->path, kLargestSource);
  if (!bytes) return refuse(s, bytes.error(), now, now_ticks);
  take_page(s, s.settings->path, std::move(*bytes), now, now_ticks);
  if (s.reader != nullptr && !s.wanted.empty())
    refuse(s,
           Fault{Errc::unsupported, s.settings->name, "has further pages, which a file cannot have",
                 "save all of it, or read the calendar by its url"},
           now, now_ticks);
}

bool SourceWatch::finished(const Observation& o, Millis now_ticks) {
  const auto token = tokens_.find(o.token);
  if (token == tokens_.end()) return false;
  const auto [name, url] = token->second;
  tokens_.erase(token);
  const auto it = sources_.find(name);
  if (it == sources_.end()) return true;
  Source& s = it->second;
  --s.in_flight;
  if (s.reader == nullptr) return true;  // a page before it was refused
  s.state.last_try = o.done;
  if (const auto fault = no_page(o, context_of(*s.settings).where)) {
    refuse(s, *fault, o.done, now_ticks);
    return true;
  }
  take_page(s, url, o.body, o.done, now_ticks);
  return true;
}

// ---- reading ----

void SourceWatch::take_page(Source& s, const std::string& url, std::string bytes, Instant now, Millis now_ticks) {
  s.bytes += bytes.size();
  if (s.bytes > kLargestSource)
    return refuse(s,
                  Fault{Errc::invalid_input, context_of(*s.settings).where,
                        "is larger than " + std::to_string(kLargestSource >> 20U) + " MiB", "ask for a part of it"},
                  now, now_ticks);
  auto more = s.reader->take(url, bytes);
  if (!more) return refuse(s, one_of(more.error()), now, now_ticks);
  s.pages.push_back({url, std::move(bytes)});
  s.wanted.insert(s.wanted.end(), more->begin(), more->end());
  if (s.wanted.empty() && s.in_flight == 0) finish(s, now, now_ticks);
}

void SourceWatch::finish(Source& s, Instant now, Millis now_ticks) {
  auto calendar = s.reader->finish();
  if (!calendar) return refuse(s, one_of(calendar.error()), now, now_ticks);
  if (calendar->items.empty() && calendar->releases.empty())
    return refuse(s,
                  Fault{Errc::invalid_input, context_of(*s.settings).where, "no entry is in it",
                        "a calendar without any entry is not believed"},
                  now, now_ticks);
  if (const Faults unfit = unwatchable(*settings_, calendar->releases); !unfit.empty())
    return refuse(s, one_of(unfit), now, now_ticks);
  if (s.readings.empty()) return accept(s, std::move(*calendar), now, now_ticks);
  const Shrinkage less = shrinkage(s.readings.front().calendar, *calendar, now);
  if (!less.is_too_much()) return accept(s, std::move(*calendar), now, now_ticks);
  refuse(
      s,
      Fault{Errc::conflict, context_of(*s.settings).where,
            "shows " + std::to_string(less.missing) + " of " + std::to_string(less.coming) + " coming entries no more",
            "if that is meant, give the source another name: its releases then end by your word"},
      now, now_ticks);
}

void SourceWatch::accept(Source& s, Calendar calendar, Instant now, Millis now_ticks) {
  News news;
  news.source = s.settings->name;
  news.is_good = true;
  const bool is_new = s.readings.empty() || !(s.readings.front().calendar == calendar);
  if (is_new) {
    s.readings.insert(s.readings.begin(), Reading{{s.settings->name, now, std::move(s.pages)}, std::move(calendar)});
    news.kept = s.readings.front().stored;
    std::vector<const Calendar*> newer{&s.readings.front().calendar};
    for (auto r = s.readings.begin() + 1; r != s.readings.end();) {
      if (is_still_needed(r->calendar, newer, now)) {
        newer.push_back(&r->calendar);
        ++r;
      } else {
        news.dropped.push_back(r->stored.fetched);
        r = s.readings.erase(r);
      }
    }
  }
  s.reader.reset();
  s.pages.clear();
  s.failures = 0;
  s.state.fault.clear();
  s.state.last_success = now;
  plan_next(s, now_ticks);
  news_.push_back(std::move(news));
}

void SourceWatch::refuse(Source& s, const Fault& fault, Instant now, Millis now_ticks) {
  s.reader.reset();
  s.pages.clear();
  s.wanted.clear();
  ++s.failures;
  s.state.last_try = now;
  s.state.fault = to_string(fault);
  plan_next(s, now_ticks);
  News news;
  news.source = s.settings->name;
  news.fault = s.state.fault;
  news_.push_back(std::move(news));
}

void SourceWatch::plan_next(Source& s, Millis now_ticks) {
  const Millis interval = s.settings->interval;
  if (interval == Millis{0}) {
    s.next.reset();
    return;
  }
  // After a failure sooner, and then ever later, up to the interval.
  Millis wait = interval;
  if (s.failures > 0) wait = std::min(interval, kFirstRetry * (1 << std::min(s.failures - 1, 10)));
  s.next = now_ticks + wait;
}

// ---- what it knows ----

std::vector<CalendarInput> SourceWatch::inputs() const {
  std::vector<CalendarInput> out;
  if (settings_ == nullptr) return out;
  for (const ScheduleSource& settings : settings_->schedules) {
    const auto it = sources_.find(settings.name);
    if (it == sources_.end()) continue;
    CalendarInput in;
    in.source = it->second.settings;
    in.rules = &it->second.rules;
    for (const Reading& r : it->second.readings) in.readings.push_back(&r.calendar);
    out.push_back(std::move(in));
  }
  return out;
}

std::vector<SourceWatch::News> SourceWatch::take_news() { return std::exchange(news_, {}); }

std::vector<std::string> SourceWatch::take_forgotten() { return std::exchange(forgotten_, {}); }

std::vector<CalendarState> SourceWatch::states() const {
  std::vector<CalendarState> out;
  if (settings_ == nullptr) return out;
  for (const ScheduleSource& settings : settings_->schedules)
    if (const auto it = sources_.find(settings.name); it != sources_.end()) out.push_back(it->second.state);
  return out;
}

}  // namespace embargod
