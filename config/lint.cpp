#include "config/lint.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "config/lint_dates.h"
#include "config/practices.h"
#include "config/schedule_checks.h"
#include "config/text_checks.h"
#include "config/zone_time.h"

namespace embargod {
namespace {

constexpr int kNoticeDays = 28;  // "at least four weeks ahead"

bool is_embargoed_itself(Role role) {
  return role == Role::page || role == Role::latest || role == Role::file || role == Role::api;
}

class ScheduleLinter {
 public:
  ScheduleLinter(const Schedule& schedule, const LintFacts& facts)
      : schedule_{schedule}, facts_{facts}, slips_{schedule, facts} {}

  std::vector<LintFinding> run() {
    std::unordered_map<std::string, const Target*> first;
    for (const Release& r : schedule_.releases) {
      release_ = &r;
      const auto found = facts_.releases.find(r.id);
      on_record_ = found == facts_.releases.end() ? nullptr : &found->second;
      check_announcement();
      if (r.status == ReleaseStatus::provisional) check_window();
      if (r.due.at && r.status == ReleaseStatus::confirmed && !is_past()) {
        check_day();
        check_clock();
        check_notice();
        check_lead();
      }
      if (!is_past()) check_changes();
      if (!is_past()) check_targets();
      check_shared(first);
    }
    say_which_years_are_unknown();
    return std::move(found_);
  }

 private:
  struct Words {
    std::string text, to_do;
  };

  void add(LintLevel level, const char* code, PracticeLabel practice, Words words, const Mark& where) {
    found_.push_back({.level = level,
                      .code = code,
                      .release = release_->id,
                      .practice = practice_text(facts_.code_edition, practice),
                      .practice_number = practice_number(facts_.code_edition, practice),
                      .where = where,
                      .text = std::move(words.text),
                      .to_do = std::move(words.to_do)});
  }
  void add_due(LintLevel level, const char* code, PracticeLabel practice, Words words) {
    add(level, code, practice, std::move(words), release_->stated.due.mark);
  }

  [[nodiscard]] const std::string& zone() const { return release_->due.zone; }
  [[nodiscard]] Instant due() const { return *release_->due.at; }
  [[nodiscard]] bool is_past() const {
    return facts_.past == LintFacts::Past::skip && release_->due.at && *release_->due.at < facts_.now;
  }
  [[nodiscard]] std::string day_words(Instant t) const { return lint_day_words(t, zone()); }

  // ---- the day and the time ----

  void check_day() {
    if (release_->due.precision == DuePrecision::time_assumed)
      add_due(LintLevel::note, "time-assumed", PracticeLabel::calendar,
              {"no time is given, 09:30 " + zone() + " is assumed", "announce the time and write it here"});
    check_holidays();
    if (!release_->stated.alternative_time.empty()) return;  // on record, with a reason
    const int weekday = local_weekday(due(), zone());
    if (weekday == 0 || weekday == 6)
      add_due(LintLevel::warning, "weekend", PracticeLabel::standard_time,
              {day_words(due()) + " is on a weekend",
               "check the day and the month, or write alternative_time: and why this day was agreed"});
    const std::string time = local_time(due(), zone());
    const auto& others = facts_.alternative_times;
    if (time != "09:30" && std::find(others.begin(), others.end(), time) == others.end())
      add_due(LintLevel::warning, "time", PracticeLabel::standard_time,
              {"it is due at " + time + " " + zone() + ", which is neither 09:30 nor one of lint.alternative_times",
               "check the time, or write alternative_time: and why this one was agreed"});
  }

  void check_holidays() {
    const auto date = local_day(due(), zone());
    const std::string* own = facts_.holidays.on(facts_.nation, date);
    if (own != nullptr && release_->stated.alternative_time.empty())
      add_due(LintLevel::warning, "bank-holiday", PracticeLabel::standard_time,
              {day_words(due()) + " is a bank holiday in " + nation_name(facts_.nation) + " (" + *own + ")",
               "move it to a working day, or write alternative_time: and why this day was agreed"});
    if (!facts_.holidays.knows(facts_.nation, date.year())) unknown_years_[date.year()] = release_->stated.due.mark;
    if (own != nullptr) return;
    std::vector<std::string> elsewhere;
    for (const Nation n : kNations)
      if (facts_.holidays.on(n, date) != nullptr) elsewhere.emplace_back(nation_name(n));
    if (!elsewhere.empty())
      add_due(LintLevel::note, "bank-holiday-elsewhere", PracticeLabel::standard_time,
              {day_words(due()) + " is a bank holiday in " + listed(elsewhere), "see that nobody is missed there"});
  }

  void say_which_years_are_unknown() {
    if (unknown_years_.empty()) return;
    std::vector<std::string> years;
    years.reserve(unknown_years_.size());
    for (const auto& [year, mark] : unknown_years_) years.push_back(std::to_string(static_cast<int>(year)));
    Release whole;
    release_ = &whole;
    add(LintLevel::note, "bank-holidays-unknown", PracticeLabel::standard_time,
        {std::string{"the bank holidays of "} + nation_name(facts_.nation) + " are not known for " + listed(years) +
             ", so days of it are not held against them",
         "name a list with lint.bank_holidays_file, or bring it up to date"},
        unknown_years_.begin()->second);
  }

  void check_clock() {
    if (comes_twice(due(), zone()))
      add_due(LintLevel::warning, "clock-change", PracticeLabel::calendar,
              {local_time(due(), zone()) + " comes twice on " + local_date(due(), zone()) + " in " + zone() +
                   ", because the clocks go back then",
               "choose another time, or see that everybody who announces it writes the offset"});
    const auto other = other_reading(release_->due);
    if (!other) return;
    add_due(LintLevel::warning, other->is_missing_hour ? "clock-change" : "offset", PracticeLabel::calendar,
            {other->text, "write the local time without an offset, or correct one of the two"});
  }

  // ---- when it was announced ----

  void check_announcement() {
    const auto& announced = release_->stated.announced;
    if (!announced) return;
    const std::string day = local_date(*announced, zone());
    if (release_->due.at && *announced > *release_->due.at)
      add_due(LintLevel::warning, "announced-order", PracticeLabel::calendar,
              {"it is said to be announced on " + day + ", after its due day " + local_date(due(), zone()),
               "check the days and the years of both"});
    else if (days_between(facts_.now, *announced, zone()) > 0)
      add(LintLevel::warning, "announced-order", PracticeLabel::calendar,
          {"it is said to be announced on " + day + ", which is still to come", "check the day and the year"},
          release_->stated.at.mark);
  }

  void check_notice() {
    const auto& announced = release_->stated.announced;
    if (announced && *announced > due()) return;
    const auto& seen = on_record_ == nullptr ? std::nullopt : on_record_->first_seen;
    if (!announced && (!seen || !on_record_->changes.empty())) return;
    const Instant from = announced ? *announced : *seen;
    const int days = days_between(from, due(), zone());
    if (days >= kNoticeDays) return;
    const std::string ahead = days == 1 ? "1 day" : std::to_string(days) + " days";
    if (announced)
      add_due(LintLevel::warning, "notice", PracticeLabel::calendar,
              {"it was announced on " + local_date(from, zone()) + ", " + ahead +
                   " ahead, and an exact date is announced at least four weeks ahead",
               "move it to " + local_date(from + std::chrono::days{kNoticeDays}, zone()) +
                   " or later, or be ready to say why the notice is short"});
    else
      add_due(LintLevel::note, "notice", PracticeLabel::calendar,
              {"its exact date is known here since " + local_date(from, zone()) + ", " + ahead +
                   " ahead: whether it was announced four weeks ahead is not known",
               "write announced: and the day on which it was"});
  }

  void check_window() {
    const Due& d = release_->due;
    if (!d.period_begin || !d.period_end) return;
    const Instant last = *d.period_end - Millis{1};
    if (facts_.now >= *d.period_end) {
      add_due(LintLevel::warning, "provisional-past", PracticeLabel::changes,
              {"it was announced for " + month_words(last, zone()) + ", which is over, and is still provisional",
               "write the date that it has, or status: cancelled with a reason"});
      return;
    }
    const Instant last_day = last_working_day(last);
    if (days_between(facts_.now, last_day, zone()) < kNoticeDays)
      add_due(LintLevel::warning, "notice", PracticeLabel::calendar,
              {"no exact date is announced, and four weeks' notice of a day in " + month_words(last, zone()) +
                   " can no longer be given",
               "announce the date, or move it to a later month"});
  }

  [[nodiscard]] Instant last_working_day(Instant t) const {
    for (int k = 0; k < 10; ++k, t -= std::chrono::days{1}) {
      const int weekday = local_weekday(t, zone());
      const bool is_free = facts_.holidays.on(facts_.nation, local_day(t, zone())) != nullptr;
      if (weekday != 0 && weekday != 6 && !is_free) break;
    }
    return t;
  }

  void check_lead() {
    if (auto slip = slips_.of(*release_))
      add(LintLevel::warning, "lead", PracticeLabel::calendar, {std::move(slip->text), std::move(slip->to_do)},
          release_->stated.due.mark);
  }

  // ---- changes ----

  void check_changes() {
    const std::string& reason = release_->stated.reason;
    if (release_->status == ReleaseStatus::cancelled && reason.empty())
      add(LintLevel::note, "change-reason", PracticeLabel::changes,
          {"it is cancelled, and no reason is given", "write reason:"}, release_->stated.at.mark);
    if (on_record_ == nullptr) return;
    const auto& changes = on_record_->changes;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      const DueChange& c = changes[i];
      const bool is_newest = i + 1 == changes.size();
      if (!is_change_of_date(c.before, c.now) || !c.reason.empty() || (is_newest && !reason.empty())) continue;
      add_due(LintLevel::warning, "change-reason", PracticeLabel::changes,
              {"its date was changed from " + due_text(c.before) + " to " + due_text(c.now) + " (known here since " +
                   local_date(c.seen, zone()) + "), and no reason is given",
               "write reason: as it was announced"});
    }
  }

  [[nodiscard]] std::string due_text(const Due& d) const {
    if (d.at) return local_words(*d.at, zone());
    return d.period_end ? month_words(*d.period_end - Millis{1}, zone()) : d.as_given;
  }

  // ---- addresses ----

  void check_targets() {
    const auto& targets = release_->targets;
    const bool is_confirmed = release_->status == ReleaseStatus::confirmed;
    if (targets.empty()) {
      add(is_confirmed ? LintLevel::warning : LintLevel::note, "url-missing", PracticeLabel::access,
          {"no address is known, so nothing of it is watched", "write the addresses under urls:"},
          release_->stated.at.mark);
      return;
    }
    const auto any = [&](auto holds) { return std::any_of(targets.begin(), targets.end(), holds); };
    if (!any([](const Target& t) { return is_embargoed_itself(t.role); })) {
      const bool can_tell = any([](const Target& t) {
        return t.title_counts || !t.rules.live_if.empty() || !t.rules.must_not_contain.empty();
      });
      add(is_confirmed && !can_tell ? LintLevel::warning : LintLevel::note, "url-missing", PracticeLabel::access,
          {"only listings and announcements are watched, none of what is under embargo itself",
           "add the address of its page, file or API"},
          release_->stated.at.mark);
    }
    if (!any([](const Target& t) { return t.role == Role::file || t.role == Role::api; }) &&
        release_->status != ReleaseStatus::cancelled)
      add(LintLevel::note, "no-file", PracticeLabel::orderly,
          {"no file is watched, and files can be public before their page is",
           "add the addresses of its files, if it has any"},
          release_->stated.at.mark);
  }

  /// A page, file or announcement of two releases: the one that comes out first is taken for an early other.
  void check_shared(std::unordered_map<std::string, const Target*>& first) {
    for (const Target& t : release_->targets) {
      if (t.role == Role::latest || t.role == Role::listing) continue;
      const auto [it, is_new] = first.emplace(whole_address(t.url), &t);
      if (is_new || it->second->release == t.release || is_past()) continue;
      add(release_->status == ReleaseStatus::confirmed ? LintLevel::warning : LintLevel::note, "duplicate-url",
          PracticeLabel::access,
          {"target " + in_quotes(t.id) + " has the address of target " + in_quotes(it->second->id) +
               ", and each is judged by its own due time there",
           "give each release its own address, or use role latest and an edition"},
          t.place.mark);
    }
  }

  const Schedule& schedule_;
  const LintFacts& facts_;
  const LeadSlips slips_;
  const Release* release_ = nullptr;
  const ReleaseFacts* on_record_ = nullptr;
  std::map<std::chrono::year, Mark> unknown_years_;
  std::vector<LintFinding> found_;
};

}  // namespace

const char* to_string(LintLevel l) {
  switch (l) {
    case LintLevel::warning:
      return "warning";
    case LintLevel::note:
      return "note";
  }
  return "?";
}

std::string to_string(const LintFinding& f) {
  std::string s = std::string{to_string(f.level)} + ": ";
  if (!f.where.file.empty()) s += to_string(f.where) + ": ";
  s += "[" + f.code + "] ";
  if (!f.release.empty()) s += "release " + in_quotes(f.release) + ": ";
  s += f.text;
  if (!f.to_do.empty()) s += "; " + f.to_do;
  return s + "; " + f.practice_number;
}

const std::vector<std::string>& lint_codes() {
  static const std::vector<std::string> codes{"announced-order",
                                              "bank-holiday",
                                              "bank-holiday-elsewhere",
                                              "bank-holidays-unknown",
                                              "change-reason",
                                              "clock-change",
                                              "duplicate-url",
                                              "lead",
                                              "no-file",
                                              "notice",
                                              "offset",
                                              "provisional-past",
                                              "time",
                                              "time-assumed",
                                              "url-missing",
                                              "weekend"};
  return codes;
}

LintFacts lint_facts(const Settings& settings, BankHolidays holidays, Instant now) {
  LintFacts f;
  f.now = now;
  f.code_edition = settings.code_edition;
  f.alternative_times = settings.lint.alternative_times;
  f.nation = settings.lint.nation;
  f.holidays = std::move(holidays);
  return f;
}

std::vector<LintFinding> lint_schedule(const Schedule& schedule, const LintFacts& facts) {
  return ScheduleLinter{schedule, facts}.run();
}

}  // namespace embargod
