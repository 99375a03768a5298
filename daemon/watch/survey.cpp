#include "daemon/watch/survey.h"

namespace embargod {
namespace {

constexpr Millis kHourly{3'600'000};
// The second sample comes soon: only two that agree make a soft 404 of a page that does not call itself one.
// Just over the half minute that SitePicture wants between them.
constexpr Millis kSoon{31'000};
constexpr Millis kBelieveAfter{600'000};

}  // namespace

void Survey::adopt(const std::vector<Url>& urls, Millis now_ticks) {
  std::map<std::string, Group> next;
  for (const Url& url : urls) {
    const std::string name = sibling_group(url);
    if (next.contains(name)) continue;
    Group g;
    if (const auto known = groups_.find(name); known != groups_.end())
      g = std::move(known->second);
    else
      g.next = now_ticks;
    g.example = url;
    next.emplace(name, std::move(g));
  }
  groups_ = std::move(next);
  due_.clear();
  for (const auto& [name, g] : groups_)
    if (g.next) due_.emplace(*g.next, name);
}

void Survey::schedule(const std::string& name, Group& g, std::optional<Millis> next) {
  if (g.next) due_.erase({*g.next, name});
  g.next = next;
  if (next) due_.emplace(*next, name);
}

ProbeRequest Survey::request(const std::string& name, Group& g, Urgency urgency, std::uint64_t& tokens) {
  schedule(name, g, std::nullopt);
  g.in_flight = ++tokens;
  tokens_[g.in_flight] = name;
  return ProbeRequest{.token = g.in_flight,
                      .target = "sibling of " + name,
                      .url = sibling_of(g.example, g.in_flight ^ static_cast<std::uint64_t>(++g.samples) << 40U),
                      .urgency = urgency,
                      .route = Route::plain};
}

std::vector<ProbeRequest> Survey::take_due(Millis now_ticks, std::uint64_t& tokens) {
  std::vector<ProbeRequest> out;
  while (!due_.empty() && due_.begin()->first <= now_ticks) {
    const std::string name = due_.begin()->second;
    Group& g = groups_.at(name);
    ++g.routine;
    out.push_back(request(name, g, Urgency::routine, tokens));
  }
  return out;
}

std::optional<Millis> Survey::next_due() const {
  return due_.empty() ? std::nullopt : std::optional<Millis>{due_.begin()->first};
}

ProbeRequest Survey::ask(const Url& url, std::uint64_t& tokens) {
  const std::string name = sibling_group(url);
  Group& g = groups_[name];
  if (g.example.text.empty()) g.example = url;
  return request(name, g, Urgency::incident, tokens);
}

bool Survey::finished(const Observation& o, Millis now_ticks) {
  const auto token = tokens_.find(o.token);
  if (token == tokens_.end()) return false;
  const std::string name = token->second;
  tokens_.erase(token);
  const auto it = groups_.find(name);
  if (it == groups_.end()) return true;
  Group& g = it->second;
  const auto page = Page::parse(o.body, o.content_type);
  g.picture.note(o, page ? &*page : nullptr);
  if (g.in_flight == o.token) {
    g.in_flight = 0;
    schedule(name, g, now_ticks + (g.routine < 2 ? kSoon : kHourly));
  }
  return true;
}

const SitePicture* Survey::picture(const Url& url) const {
  const auto it = groups_.find(sibling_group(url));
  return it == groups_.end() || !it->second.picture.asked() ? nullptr : &it->second.picture;
}

std::optional<std::string> Vouchers::stranger(const Observation& o) {
  if (o.certificate_issuer.empty()) return std::nullopt;
  const auto url = parse_url(o.final_url.empty() ? o.url : o.final_url);
  if (!url) return std::nullopt;
  Known& k = sites_[url->site()];
  if (k.issuer.empty() || k.issuer == o.certificate_issuer) {
    k = Known{.issuer = o.certificate_issuer, .other = {}, .other_since = {}};
    return std::nullopt;
  }
  if (k.other != o.certificate_issuer) {
    k.other = o.certificate_issuer;
    k.other_since = o.sent_ticks;
  }
  if (o.sent_ticks - k.other_since >= kBelieveAfter) {
    k = Known{.issuer = o.certificate_issuer, .other = {}, .other_since = {}};
    return std::nullopt;
  }
  return k.issuer;
}

}  // namespace embargod
