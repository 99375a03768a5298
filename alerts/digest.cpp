#include "alerts/digest.h"

#include <algorithm>
#include <string>
#include <utility>

#include "alerts/plain_text.h"
#include "config/types/digest.h"

namespace embargod {
namespace {

constexpr const char* kMixed = "EmbargoSeveral";
constexpr std::size_t kNamed = 2;  // in the headline
constexpr std::size_t kSummaryChars = 300;

std::string annotation_of(const Alert& a, const char* name) {
  const auto it = a.annotations.find(name);
  return it == a.annotations.end() ? std::string{} : it->second;
}

/// The value that all share; else empty.
template <class F>
std::string common(const std::vector<Alert>& members, F value) {
  const std::string first = value(members.front());
  return std::all_of(members.begin(), members.end(), [&](const Alert& a) { return value(a) == first; }) ? first
                                                                                                        : std::string{};
}

std::string scope_of(const Alert& a) {
  for (const char* label : {"release", "site"})
    if (const auto it = a.labels.find(label); it != a.labels.end()) return it->second;
  return a.incident;
}

/// "35 more releases: cpi-2030-03, gdp-2030-q1 and 33 others"
std::string digest_summary(const std::vector<Alert>& members) {
  const bool releases = std::all_of(members.begin(), members.end(), [](const Alert& a) {
    return a.labels.contains("release") && a.name.starts_with("Embargo");
  });
  std::string out = std::to_string(members.size()) + (releases ? " more releases: " : " more alerts: ");
  const std::size_t named = members.size() == kNamed + 1 ? members.size() : std::min(members.size(), kNamed);
  for (std::size_t i = 0; i < named; ++i) out += (i == 0 ? "" : ", ") + scope_of(members[i]);
  const std::size_t others = members.size() - named;
  return others == 0 ? out : out + " and " + std::to_string(others) + " others";
}

std::string line_of(const Alert& a) {
  std::string out = clean_line(annotation_of(a, "summary"), kSummaryChars);
  constexpr std::string_view kOver = "Over: ";
  if (out.starts_with(kOver)) out.erase(0, kOver.size());
  const std::string urls = annotation_of(a, "urls");
  const std::string first = urls.substr(0, urls.find('\n'));
  if (!first.empty()) out += ": " + first;
  return out + " (incident " + a.incident + ")";
}

std::string listed(const std::vector<Alert>& members) {
  std::string out;
  for (const Alert& a : members) out += (out.empty() ? "" : "\n") + line_of(a);
  return out;
}

/// "https://embargo.example.org/incidents/01J..." -> "https://embargo.example.org/incidents"
std::string list_of_incidents(const Alert& a) {
  const std::string link = annotation_of(a, "link");
  return link.ends_with("/" + a.incident) ? link.substr(0, link.size() - a.incident.size() - 1) : link;
}

std::string acknowledge_each(const Alert& a) {
  std::string out = annotation_of(a, "acknowledge");
  const std::size_t at = a.incident.empty() ? std::string::npos : out.find(a.incident);
  return at == std::string::npos ? std::string{} : out.replace(at, a.incident.size(), "ID");
}

std::string digest_key(const std::vector<Alert>& members) {
  std::vector<std::string> keys;
  keys.reserve(members.size());
  for (const Alert& a : members) keys.push_back(a.key);
  std::sort(keys.begin(), keys.end());
  std::string all;
  for (const std::string& k : keys) all += k + "\n";
  constexpr std::size_t kEnough = 24;
  return "digest-" + hex(sha256(all)).substr(0, kEnough);
}

class DigestTaker final : public Notifier {
 public:
  DigestTaker(std::unique_ptr<Notifier> inner, const DigestSettings& rule)
      : inner_{std::move(inner)}, traits_{inner_->traits()} {
    traits_.digest = rule;
  }
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant now) override {
    return inner_->deliver(alerts, now);
  }
  void cancel() override { inner_->cancel(); }

 private:
  const std::unique_ptr<Notifier> inner_;
  ReceiverTraits traits_;
};

}  // namespace

Alert make_digest(const std::vector<Alert>& members) {
  Alert out = members.front();
  out.key = digest_key(members);
  out.incident = out.key;
  out.notice = out.status == AlertStatus::resolved ? Notice::resolved : Notice::opened;
  const std::string name = common(members, [](const Alert& a) { return a.name; });
  out.name = name.empty() ? kMixed : name;
  out.incident_json = "null";
  out.labels = {{"alertname", out.name}, {"service", "embargod"}};
  const auto common_note = [&](const char* key) {
    return common(members, [key](const Alert& a) { return annotation_of(a, key); });
  };
  std::string what = common_note("what_to_do");
  if (what.empty() && out.status == AlertStatus::firing)
    what =
        "Work through the incidents below; what to do stands on the page of each, and in the messages that came before "
        "this one.";
  Labels notes{{"summary", digest_summary(members)},
               {"description",
                "So much came within a minute that the rest is told in this one message. Each is an incident of its "
                "own, with its own page."},
               {"what_to_do", std::move(what)},
               {"due", common_note("due")},
               {"listed", listed(members)},
               {"link", list_of_incidents(members.front())},
               {"runbook_url", common_note("runbook_url")},
               {"clock", common_note("clock")}};
  if (out.status == AlertStatus::firing) notes["acknowledge"] = acknowledge_each(members.front());
  std::erase_if(notes, [](const auto& n) { return n.second.empty(); });
  out.annotations = std::move(notes);
  for (const Alert& a : members) {
    out.severity = std::min(out.severity, a.severity);  // page comes first
    out.starts_at = std::min(out.starts_at, a.starts_at);
    out.decided_at = std::max(out.decided_at, a.decided_at);
    out.durable = out.durable && a.durable;
  }
  out.labels["severity"] = to_string(out.severity);
  return out;
}

std::unique_ptr<Notifier> with_digests(std::unique_ptr<Notifier> notifier, const DigestSettings& rule) {
  if (rule.after == 0) return notifier;
  return std::make_unique<DigestTaker>(std::move(notifier), rule);
}

}  // namespace embargod
