// Every alert word by word, in tests/daemon/watch/golden/alerts.txt. EMBARGOD_UPDATE_GOLDEN=1 writes the file anew; a
// difference leaves alerts.txt.actual in the build folder.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "daemon/watch/alerting.h"
#include "tests/support/drifts.h"

namespace embargod {
namespace {

using namespace std::chrono_literals;

const char* const kGoldenAlerts = "tests/daemon/watch/golden/alerts.txt";

std::string shown(const std::string& name, const Alert& a) {
  std::string out = "== " + name + "\n" + a.name + ", " + to_string(a.severity) + ", " + to_string(a.status) + "\n";
  for (const char* key : {"summary", "description", "what_to_do", "due", "how_early", "seen_since", "gone_since",
                          "how_sure", "urls", "not_seen", "affected"}) {
    const auto it = a.annotations.find(key);
    if (it == a.annotations.end()) continue;
    std::string value = it->second;
    for (std::size_t at = value.find('\n'); at != std::string::npos; at = value.find('\n', at))
      value.replace(at, 1, " | ");
    out += std::string{key} + ": " + value + "\n";
  }
  return out + "\n";
}

/// Collects alerts as the engine would tell them.
class AlertBook {
 public:
  void add(const std::string& name, const Incident& i, Notice n, Instant now) {
    text += shown(name, make_alert(i, n, now, night_));
  }
  std::string text;

 private:
  const AlertContext night_{.zone = "Europe/London", .external_url = "http://127.0.0.1:9750"};
};

Release roles_of_therapies(std::vector<Role> roles) {
  std::vector<std::string> names;
  names.reserve(roles.size());
  for (const Role r : roles) names.emplace_back(to_string(r));
  Release r = release_with(names);
  for (std::size_t k = 0; k < roles.size(); ++k) r.targets[k].role = roles[k];
  return r;
}

Look live_look(Millis sent, const std::string& rule = "generic live_if[0]: xpath") {
  Look l = look_at(sent, Liveness::live);
  l.rule = rule;
  l.size = 20'480;
  return l;
}

Look dark_look(Millis sent) {
  Look l = look_at(sent, Liveness::absent);
  l.rule = "engine: 404";
  return l;
}

Look suspect_look(Millis sent, const std::string& rule, std::uint64_t size) {
  Look l = look_at(sent, Liveness::suspect);
  l.status = 200;
  l.rule = rule;
  l.size = size;
  return l;
}

Look wrong_at_night(Millis sent, const std::string& why) {
  Look l = live_look(sent);
  l.wrong = why;
  return l;
}

Look by(Look l, Route route, const std::string& ip) {
  l.route = route;
  l.remote_ip = ip;
  return l;
}

Story early_story(std::vector<Role> roles, std::size_t which) {
  Story s{roles_of_therapies(std::move(roles))};
  for (std::size_t k = 0; k < s.release().targets.size(); ++k) s.look(k, dark_look(-48h));
  s.look(which, live_look(-48h + 2s));
  return s;
}

void tell_early(AlertBook& told) {
  Story s = early_story({Role::page, Role::file}, 0);
  told.add("early, first sight", *s.incident, Notice::opened, kDue - 48h + 3s);
  s.look(0, live_look(-48h + 4s));
  told.add("early, confirmed", *s.incident, Notice::updated, kDue - 48h + 5s);
  s.look(0, by(live_look(-48h + 5s), Route::other_address, "192.0.2.7"));
  s.look(0, by(live_look(-48h + 5s), Route::ipv6, "2001:db8::7"));
  s.look(0, by(dark_look(-48h + 6s), Route::bypass, "192.0.2.7"));
  told.add("early, several ways, one of which does not show it", *s.incident, Notice::updated, kDue - 48h + 7s);
  for (int k = 0; k < 3; ++k) {
    s.look(0, dark_look(-47h + k * 2s));
    s.look(0, by(dark_look(-47h + k * 2s), Route::other_address, "192.0.2.7"));
    s.look(0, by(dark_look(-47h + k * 2s), Route::ipv6, "2001:db8::7"));
    s.look(0, by(dark_look(-47h + k * 2s), Route::bypass, "192.0.2.7"));
  }
  told.add("early, taken down", *s.incident, Notice::resolved, kDue - 47h + 5s);
  s.look(0, live_look(-46h));
  told.add("early, back again", *s.incident, Notice::reopened, kDue - 46h + 1s);
  Incident due = end_embargo(*s.incident, kDue, EndedBy::due, kDue + 1s).incident;
  told.add("early, still live at due", due, Notice::resolved, kDue + 1s);
  due = end_embargo(*s.incident, kDue - 1h, EndedBy::lift, kDue - 1h).incident;
  told.add("early, lifted", due, Notice::resolved, kDue - 1h);
  due = apply(*s.incident, {Command::What::dismiss, "", "duty officer", "a test page", ""}, kDue - 2h)->incident;
  told.add("early, dismissed", due, Notice::resolved, kDue - 2h);
}

void tell_rehearsal(AlertBook& told) {
  Incident i = *early_story({Role::page}, 0).incident;
  i.rehearsal = RehearsalMark{
      .id = "01R", .by = "Publication team", .reason = "New web platform", .from = kDue - 48h, .until = kDue - 47h};
  told.add("rehearsal, first sight", i, Notice::opened, kDue - 48h + 3s);
  told.add("rehearsal, taken down", close_by_itself(i, kDue - 47h, "").incident, Notice::resolved, kDue - 47h);
  const Incident over = end_rehearsal(i, "its window ended", kDue - 47h).incident;
  told.add("rehearsal, over and still live: the page", over, Notice::opened, kDue - 47h);
}

void tell_early_forms(AlertBook& told) {
  const std::vector<Role> roles{Role::page, Role::file, Role::api, Role::listing, Role::announcement};
  told.add("early, a file alone", *early_story(roles, 1).incident, Notice::opened, kDue - 48h + 3s);
  told.add("early, an API alone", *early_story(roles, 2).incident, Notice::opened, kDue - 48h + 3s);
  told.add("early, a listing alone", *early_story(roles, 3).incident, Notice::opened, kDue - 48h + 3s);
  told.add("early, an announcement alone", *early_story(roles, 4).incident, Notice::opened, kDue - 48h + 3s);

  Story s = early_story({Role::page}, 0);
  Incident form = *s.incident;
  TargetExposure other = form.targets[0];
  other.target += "+www";
  other.url = "https://www.stats.example.org/pub/page";
  form.targets.push_back(other);
  told.add("early, under another form of its URL too", form, Notice::updated, kDue - 48h + 3s);
  form.targets.erase(form.targets.begin());
  told.add("early, under another form of its URL alone", form, Notice::opened, kDue - 48h + 3s);

  Incident cached = *s.incident;
  cached.targets[0].cached_by = "Fastly";
  told.add("early, still served from cache", cached, Notice::updated, kDue - 47h);
  Incident unbounded = *s.incident;
  unbounded.targets[0].spans[0].went_live.earliest.reset();
  told.add("early, live at the first look", unbounded, Notice::opened, kDue - 48h + 3s);
}

void tell_suspect(AlertBook& told) {
  const auto suspect = [&](const char* name, Role role, const std::string& rule, std::uint64_t size) {
    Story s{roles_of_therapies({role})};
    s.look(0, suspect_look(-24h, rule, size));
    told.add(name, *s.incident, Notice::opened, kDue - 24h + 1s);
    for (int k = 1; k <= 3; ++k) s.look(0, dark_look(-24h + k * 2s));
    if (size == 12) told.add("suspect, over", *s.incident, Notice::resolved, kDue - 23h);
  };
  suspect("suspect, a placeholder file", Role::file, "engine: a file of 12 bytes", 12);
  suspect("suspect, another kind of file", Role::file, "engine: HTML where a xlsx file should be", 2'300);
  suspect("suspect, changed before release", Role::latest, "engine: changed before release, edition still March 2018",
          18'000);
  suspect("suspect, a script shell", Role::page, "engine: a page that only a browser can fill", 900);
  suspect("suspect, changed from the baseline", Role::latest, "engine: changed from the approved baseline", 18'000);
  suspect("suspect, no rule matched", Role::page, "engine: no live_if rule matched", 18'000);
}

void tell_late_and_incomplete(AlertBook& told) {
  Story s{roles_of_therapies({Role::page, Role::file, Role::api})};
  for (std::size_t k = 0; k < 3; ++k) s.look(k, dark_look(180s));
  told.add("late, opened", s.of(IncidentKind::late), Notice::opened, kDue + 181s);
  s.look(0, live_look(300s));
  told.add("late, a part is out", s.of(IncidentKind::late), Notice::updated, kDue + 301s);
  s.look(1, dark_look(481s));
  told.add("late, the rest is incomplete", s.of(IncidentKind::late), Notice::resolved, kDue + 482s);
  s.look(2, suspect_look(482s, "engine: empty JSON", 2));
  told.add("incomplete, two parts", s.of(IncidentKind::incomplete), Notice::updated, kDue + 483s);
  s.look(2, live_look(600s));
  told.add("incomplete, one of them came", s.of(IncidentKind::incomplete), Notice::updated, kDue + 601s);
  s.look(1, dark_look(898s));
  s.look(1, live_look(900s));
  told.add("incomplete, complete", s.of(IncidentKind::incomplete), Notice::resolved, kDue + 901s);

  Story one{roles_of_therapies({Role::page})};
  one.look(0, dark_look(200s));
  one.look(0, dark_look(202s));
  told.add("late, confirmed", *one.incident, Notice::updated, kDue + 203s);
  const Incident closed =
      apply(*one.incident, {Command::What::close, "", "duty officer", "moved to May", ""}, kDue + 1h)->incident;
  told.add("late, closed by a person", closed, Notice::resolved, kDue + 1h);
  one.look(0, dark_look(398s));
  one.look(0, live_look(400s));
  told.add("late, out", *one.incident, Notice::resolved, kDue + 401s);
}

void tell_wrong(AlertBook& told) {
  Story s{roles_of_therapies({Role::page, Role::file})};
  s.look(0, dark_look(-2s));
  s.look(0, wrong_at_night(1s, "edition May 2018 instead of January 2018"));
  told.add("wrong content, another edition", s.of(IncidentKind::wrong_content), Notice::opened, kDue + 2s);
  s.look(1, wrong_at_night(3s, "the same bytes as maternity-2018-01/file"));
  told.add("wrong content, two URLs", s.of(IncidentKind::wrong_content), Notice::updated, kDue + 4s);
  s.look(0, dark_look(60s));
  s.look(1, dark_look(61s));
  told.add("wrong content, gone and nothing in its place", s.of(IncidentKind::wrong_content), Notice::updated,
           kDue + 62s);
  s.look(0, live_look(120s));
  s.look(1, live_look(121s));
  told.add("wrong content, right now", s.of(IncidentKind::wrong_content), Notice::resolved, kDue + 122s);
  s.look(1, wrong_at_night(180s, "generic expect[0]: magic"));
  told.add("wrong content, again", s.of(IncidentKind::wrong_content), Notice::reopened, kDue + 181s);
}

void tell_gap(AlertBook& told) {
  Story s{roles_of_therapies({Role::page, Role::file})};
  s.look(0, live_look(1s));
  s.look(1, live_look(1s));
  s.look(0, live_look(1200s));
  for (int k = 0; k < 3; ++k) s.look(0, dark_look(1260s + k * 2s));
  told.add("gap, opened", s.of(IncidentKind::gap), Notice::opened, kDue + 1265s);
  s.look(0, dark_look(8940s));
  s.look(0, live_look(9000s));
  told.add("gap, back", s.of(IncidentKind::gap), Notice::resolved, kDue + 9001s);
  for (int k = 0; k < 3; ++k) s.look(0, dark_look(9060s + k * 2s));
  told.add("gap, once more", s.of(IncidentKind::gap), Notice::reopened, kDue + 9065s);

  Story one{roles_of_therapies({Role::page})};
  one.look(0, live_look(1s));
  for (int k = 0; k < 3; ++k) one.look(0, dark_look(60s + k * 2s));
  told.add("gap, the only part", one.of(IncidentKind::gap), Notice::opened, kDue + 65s);
}

void tell_unscheduled_and_blind(AlertBook& told) {
  Release cancelled = roles_of_therapies({Role::page});
  cancelled.status = ReleaseStatus::cancelled;
  Story s{cancelled};
  s.look(0, live_look(-24h));
  told.add("unscheduled, opened", *s.incident, Notice::opened, kDue - 24h + 1s);
  for (int k = 1; k <= 3; ++k) s.look(0, dark_look(-24h + k * 2s));
  told.add("unscheduled, over", *s.incident, Notice::resolved, kDue - 23h);

  Incident blind;
  blind.kind = IncidentKind::blind;
  blind.state = IncidentState::open;
  blind.confidence = Confidence::confirmed;
  blind.site = "stats.example.org";
  blind.affected = {"maternity-2018-01", "therapies-2018-01"};
  TargetExposure t;
  t.target = "therapies-2018-01/page";
  t.first = look_at(-48h, Liveness::unknown);
  blind.targets = {t};
  told.add("blind, opened", blind, Notice::opened, kDue - 48h + 5min);
  blind.state = IncidentState::closed;
  blind.closed = kDue - 48h + 20min;
  told.add("blind, over", blind, Notice::resolved, kDue - 48h + 20min);
}

void tell_drift(AlertBook& told) {
  const auto opened = [&](const std::string& name, std::vector<Drift> drifts) {
    told.add("drift, " + name, drift_incident(std::move(drifts)), Notice::opened, kDue - 240h);
  };
  opened("a day later", {drift_in("team calendar", DriftKind::later, 24h, "26 April 2018 9:30am")});
  opened("hours earlier", {drift_in("ons", DriftKind::earlier, -150min, "2018-04-25T06:00:00.000Z")});
  opened("published", {drift_in("ons", DriftKind::published, -48h, "2018-04-23T08:30:00.000Z")});
  opened("cancelled", {drift_in("ons", DriftKind::cancelled, 0s, "2018-04-25T08:30:00.000Z")});
  opened("vanished", {drift_in("ons", DriftKind::vanished, 0s, "2018-04-25T08:30:00.000Z")});
  opened("taken back", {month_drift("govuk", DriftKind::provisional)});
  Drift secret = drift_in("shared", DriftKind::later, 24h, "2018-04-26");
  secret.says.precision = DuePrecision::time_assumed;
  secret.where = "https://cal.example.org/owa/k3y/calendar.ics:14:1";
  secret.says.as_given = "2018-04-26\nSecond line \xE2\x80\xAE";
  opened("of a calendar whose URL is its key", {secret});
  std::vector<Drift> many{drift_in("a", DriftKind::later, 24h)};
  for (const char* name : {"b", "c", "d", "e", "f"}) many.push_back(drift_in(name, DriftKind::later, 24h));
  opened("of six calendars", many);
  Incident undated = drift_incident({drift_in("ons", DriftKind::earlier, -48h)});
  undated.due.reset();
  told.add("drift, of a provisional release", undated, Notice::opened, kDue - 240h);
  Incident over =
      close_by_itself(drift_incident({secret}), kDue - 200h, "no calendar contradicts it any more").incident;
  told.add("drift, over", over, Notice::resolved, kDue - 200h);
  over =
      apply(drift_incident({secret}), {Command::What::dismiss, "", "duty officer", "an old calendar", ""}, kDue - 200h)
          ->incident;
  told.add("drift, dismissed", over, Notice::resolved, kDue - 200h);
}

std::string all_alerts() {
  AlertBook told;
  tell_early(told);
  tell_early_forms(told);
  tell_rehearsal(told);
  tell_suspect(told);
  tell_late_and_incomplete(told);
  tell_wrong(told);
  tell_gap(told);
  tell_unscheduled_and_blind(told);
  tell_drift(told);
  return told.text;
}

TEST(AlertWords, AreAsOnFile) {
  const std::string actual = all_alerts();
  if (std::getenv("EMBARGOD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{kGoldenAlerts, std::ios::binary} << actual;
    return;
  }
  std::ifstream in{kGoldenAlerts, std::ios::binary};
  const std::string golden = (std::ostringstream{} << in.rdbuf()).str();
  if (actual == golden) return;
  const char* bin = std::getenv("EMBARGOD_BIN_DIR");
  const auto folder = std::filesystem::path{bin == nullptr ? "." : bin} / ".." / "golden";
  std::filesystem::create_directories(folder);
  std::ofstream{folder / "alerts.txt.actual", std::ios::binary} << actual;
  FAIL() << "compare " << kGoldenAlerts << " with " << folder / "alerts.txt.actual"
         << "; EMBARGOD_UPDATE_GOLDEN=1 takes the new one";
}

TEST(AlertWords, NeverNameAUrlThatWasNotSeen) {
  std::istringstream lines{all_alerts()};
  std::string name;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("== ")) name = line;
    const bool unseen = name.starts_with("== late, opened") || name.starts_with("== late, confirmed") ||
                        name.starts_with("== incomplete, two") || name.starts_with("== drift");
    if (unseen) {
      EXPECT_EQ(line.find("https://"), std::string::npos) << name << ": " << line;
      EXPECT_EQ(line.find("k3y"), std::string::npos) << name << ": " << line;
    }
  }
}

TEST(AlertWords, FitOnALockedPhone) {
  std::istringstream lines{all_alerts()};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("summary: ")) {
      EXPECT_LE(line.size(), 160U) << line;
    }
  }
}

}  // namespace
}  // namespace embargod
