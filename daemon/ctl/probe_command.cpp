// embargoctl probe: one look, explained rule by rule.

#include <algorithm>
#include <array>
#include <optional>
#include <ostream>

#include "config/settings_reader.h"
#include "config/text_checks.h"
#include "daemon/ctl/commands.h"
#include "daemon/ctl/table.h"
#include "daemon/report/render_text.h"
#include "probes/discovery/candidates.h"
#include "probes/evidence.h"
#include "probes/freshness.h"
#include "probes/http_prober.h"
#include "probes/liveness.h"
#include "probes/site_picture.h"

namespace embargod {
namespace {

struct Chosen {
  Target target;
  Release release;
  const Profile* profile = nullptr;
};

const Profile* find_profile(const Settings& s, const std::string& name) {
  const auto it = std::find_if(s.profiles.begin(), s.profiles.end(), [&](const Profile& p) { return p.name == name; });
  return it == s.profiles.end() ? nullptr : &*it;
}

Result<Chosen> choose(const Loaded& loaded, const std::string& what) {
  std::vector<std::string> ids;
  for (const Release& r : loaded.schedule.releases)
    for (const Target& t : r.targets) {
      if (t.id == what || t.url.text == what) return Chosen{t, r, find_profile(loaded.settings, t.profile)};
      ids.push_back(t.id);
    }
  const CandidateMaker guesses{loaded.schedule, loaded.settings.candidates};
  for (const Release& r : loaded.schedule.releases)
    for (const Candidate& c : guesses.of(r).found)
      if (c.target.id == what || c.target.url.text == what)
        return Chosen{c.target, r, find_profile(loaded.settings, c.target.profile)};
  if (what.find("://") == std::string::npos) {
    std::string to_do = did_you_mean(what, ids);
    if (to_do.empty())
      to_do = "give a target id of the schedule (embargoctl check schedule lists faults in it) or a whole URL";
    return fail(Errc::not_found, "no target of this name is in the schedule", what, to_do);
  }
  auto url = parse_url(what);
  if (!url) return tl::unexpected{url.error()};
  Chosen c;
  c.target.id = "(not in the schedule)";
  c.target.url = std::move(*url);
  c.target.profile = "generic";
  c.release.targets = {c.target};
  c.profile = find_profile(loaded.settings, "generic");
  return c;
}

std::string timing(Micros us) {
  return us.count() == 0 ? "-"
                         : std::to_string(us.count() / 1000) + "." + std::to_string(us.count() % 1000 / 100) + " ms";
}

/// The look itself, and one at a random address beside it, to know what the site answers where nothing is.
struct Seen {
  Observation answer;
  std::optional<Observation> sibling;
};

constexpr std::uint64_t kAnswer = 1;
constexpr std::uint64_t kSibling = 2;

Result<Seen> look(Prober& prober, const Chosen& c, bool asks_sibling, const Clock& clock, Millis timeout) {
  prober.start({.token = kAnswer,
                .target = c.target.id,
                .url = c.target.url,
                .urgency = Urgency::incident,
                .route = Route::fresh});
  if (asks_sibling)
    prober.start({.token = kSibling,
                  .target = c.target.id,
                  .url = sibling_of(c.target.url, static_cast<std::uint64_t>(clock.now().time_since_epoch().count())),
                  .urgency = Urgency::window,
                  .route = Route::plain});
  std::optional<Observation> answer;
  std::optional<Observation> sibling;
  const Millis give_up = clock.ticks() + timeout + Millis{5'000};
  while ((!answer || (asks_sibling && !sibling)) && clock.ticks() < give_up)
    for (Observation& o : prober.wait(Millis{1'000})) (o.token == kAnswer ? answer : sibling) = std::move(o);
  if (!answer) return fail(Errc::unavailable, "the probe did not end", c.target.id, "try again");
  return Seen{std::move(*answer), std::move(sibling)};
}

using Rows = std::vector<std::vector<std::string>>;

Rows answer_rows(const Observation& o, const Chosen& c) {
  Rows rows{{"target", c.target.id},
            {"url", o.url},
            {"judged as", std::string{to_string(c.target.role)} + ", profile " + c.target.profile}};
  for (const Hop& h : o.hops) rows.push_back({"redirect", std::to_string(h.status) + " to " + h.location});
  if (!o.hops.empty()) rows.push_back({"ended at", o.final_url});
  rows.push_back({"status", o.status == 0 ? "no answer"
                                          : std::to_string(o.status) +
                                                (o.http_version.empty() ? "" : ", HTTP " + o.http_version)});
  if (o.failure != Cause::none)
    rows.push_back(
        {"failure", std::string{to_string(o.failure)} + (o.failure_text.empty() ? "" : ": " + o.failure_text)});
  if (!o.remote_ip.empty()) rows.push_back({"address", o.remote_ip + " port " + std::to_string(o.remote_port)});
  if (!o.certificate_issuer.empty()) rows.push_back({"certificate by", o.certificate_issuer});
  rows.push_back({"body", std::to_string(o.size) + " bytes" + (o.digest.empty() ? "" : ", " + o.digest)});
  rows.push_back({"time", "name " + timing(o.timings.dns) + ", connect " + timing(o.timings.connect) + ", TLS " +
                              timing(o.timings.tls) + ", first byte " + timing(o.timings.first_byte) + ", all " +
                              timing(o.timings.total)});
  rows.push_back({"sent", rfc3339(o.sent)});
  rows.push_back({"complete", rfc3339(o.done)});
  static constexpr std::array kOfNote{"Date",          "Age",          "Cache-Control",  "ETag",
                                      "Last-Modified", "Content-Type", "Content-Length", "Retry-After",
                                      "Server",        "X-Cache",      "Location"};
  for (const char* name : kOfNote)
    if (const std::string* value = find_header(o, name)) rows.push_back({name, *value});
  return rows;
}

std::string seconds(Seconds s) { return format_duration(Millis{s}); }

std::string cache_words(const Observation& o) {
  if (o.status == 0) return "-";
  const CacheView v = cache_view(o);
  std::string words = v.from_cache      ? "answered by " + (v.layer.empty() ? std::string{"a cache"} : v.layer)
                      : v.layer.empty() ? "no sign of a cache on the way"
                                        : "asked through " + v.layer + ", answered by the origin";
  if (v.age) words += ", " + seconds(*v.age) + " old";
  if (v.stale) words += ", past its lifetime";
  if (v.lifetime)
    words += v.lifetime->count() == 0 ? ", not to be stored" : ", may be kept for " + seconds(*v.lifetime);
  return words;
}

std::string sibling_words(const std::optional<Observation>& o, const Observation& answer, const SitePicture& picture,
                          bool was_asked) {
  if (!was_asked) return "not asked (siblings: false in the profile)";
  if (!o) return "no answer in time";
  if (o->failure != Cause::none) return std::string{"no use: "} + to_string(o->failure);
  std::string words = std::to_string(o->status);
  if (!picture.now()) return words + ", which tells nothing of the site";
  Evidence e{answer};
  return words + (alike(*picture.now(), shape_of(answer, e.page())) ? ", the same answer" : ", another answer");
}

std::string edition_row(const Judgement& j, const Target& t) {
  return (j.edition.empty() ? "none found" : j.edition) + (t.edition.empty() ? "" : "; embargoed: " + t.edition);
}

void print_judgement(const Judgement& j, const std::vector<RuleTrace>& trace, const Recipe& recipe, std::ostream& out) {
  Rows rows;
  for (const RuleTrace& t : trace) rows.push_back({t.rule, t.held ? "held" : "not", t.why});
  out << "\n" << plain_table({"RULE", "HELD", "WHY"}, rows) << "\n";
  out << "verdict: " << to_string(j.liveness);
  if (j.cause != Cause::none) out << " (" << to_string(j.cause) << ")";
  out << ", decided by " << printable(j.rule) << "\n";
  if (j.liveness == Liveness::live)
    out << (j.marked ? "by a positive sign: no other page of the site looks so\n"
                     : "by its status and form alone: the daemon asks beside it once more before it acts\n");
  if (!j.wrong.empty()) out << "content: not what was announced: " << printable(j.wrong) << "\n";
  if (j.cause == Cause::maintenance && j.rule == "engine: the same page at every address")
    out << "note: one look beside it cannot tell a soft 404 from maintenance; the daemon, which asks hourly, can\n";
  if (recipe.needs_baseline())
    out << "note: judged here without a baseline; the daemon knows what was approved: embargoctl baseline show\n";
}

}  // namespace

int probe_command(const std::string& config_file, const std::string& what, const Clock& clock, Streams io) {
  const auto loaded = load_config(config_file);
  if (!loaded) return complain(loaded.error(), io.err);
  const auto chosen = choose(*loaded, what);
  if (!chosen) return complain({chosen.error()}, io.err);
  const auto profile = compile(*chosen->profile);
  if (!profile) return complain(profile.error(), io.err);
  const auto recipe = make_recipe(*profile, chosen->target, chosen->release);
  if (!recipe) return complain(recipe.error(), io.err);
  const std::string contact = loaded->settings.producer.contact.email;
  const std::string agent =
      "embargod/" EMBARGOD_VERSION + (contact.empty() ? std::string{} : " (+mailto:" + contact + ")");
  auto prober = make_http_prober(prober_settings(loaded->settings.polling, agent), clock);
  if (!prober) return complain({prober.error()}, io.err);
  const bool asks_sibling = (*recipe)->asks_siblings();
  const auto seen = look(**prober, *chosen, asks_sibling, clock, loaded->settings.polling.timeout);
  if (!seen) return complain({seen.error()}, io.err);

  SitePicture picture;
  if (seen->sibling) {
    Evidence beside{*seen->sibling};
    picture.note(*seen->sibling, beside.page());
  }
  std::vector<RuleTrace> trace;
  const Judgement j = (*recipe)->judge(seen->answer, {.baseline = nullptr, .picture = &picture}, &trace);
  Rows rows = answer_rows(seen->answer, *chosen);
  rows.push_back({"cache", cache_words(seen->answer)});
  rows.push_back({"beside it", sibling_words(seen->sibling, seen->answer, picture, asks_sibling)});
  rows.push_back({"edition", edition_row(j, chosen->target)});
  if (!j.fingerprint.empty()) rows.push_back({"fingerprint", j.fingerprint});
  io.out << plain_table({}, rows);
  print_judgement(j, trace, **recipe, io.out);
  return kExitFine;
}

}  // namespace embargod
