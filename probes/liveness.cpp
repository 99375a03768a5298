#include "probes/liveness.h"

#include <array>
#include <optional>
#include <utility>

#include "probes/blocked.h"
#include "probes/edition_finder.h"
#include "probes/magic.h"
#include "probes/redirect.h"
#include "probes/role_default.h"
#include "probes/rules.h"

namespace embargod {
namespace {

/// The rule to name if the redirects led away from the page itself: such an answer is never live.
std::optional<const char*> detour_of(const Observation& o) {
  if (o.failure == Cause::redirect_elsewhere) return "engine: redirect to another host";
  if (o.hops.empty()) return std::nullopt;
  const auto asked = parse_url(o.url);
  const auto got = parse_url(o.final_url);
  if (!asked || !got) return "engine: redirect to an address that cannot be read";
  if (!same_site(*asked, *got)) return "engine: redirect to another host";
  switch (landing(*asked, *got)) {
    case Landing::itself:
      return std::nullopt;
    case Landing::sign_in:
      return "engine: redirect to a sign-in page";
    case Landing::listing:
      return "engine: redirect back to a listing";
  }
  return std::nullopt;
}

Judgement judge_error_status(int status) {
  const std::string rule = "engine: " + std::to_string(status);
  switch (status) {
    case 401:
    case 403:
    case 407:
    case 451:
      return judged_unknown(Cause::refused, rule);
    case 429:
      return judged_unknown(Cause::throttled, rule);
    default:
      return judged_unknown(status >= 500 && status <= 599 ? Cause::server_error : Cause::odd_status, rule);
  }
}

bool is_success(const Observation& o) { return o.status >= 200 && o.status <= 299; }

class ProfileBook final : public CompiledProfile {
 public:
  ProfileBook(const Profile& p, Faults& faults)
      : profile_{p}, rules{compile_groups(p.name, p.rules, faults)}, editions{EditionFinder::make(p.edition, faults)} {
    auto made = Fingerprinter::make(p.fingerprint, p.mark);
    if (made)
      fingerprinter = std::move(*made);
    else
      faults.insert(faults.end(), made.error().begin(), made.error().end());
  }

  const Profile& profile() const override { return profile_; }

 private:
  Profile profile_;

 public:
  CompiledGroups rules;
  EditionFinder editions;
  std::optional<Fingerprinter> fingerprinter;
};

using Group = std::vector<CompiledRule> CompiledGroups::*;

/// What one judgement carries along.
struct Look {
  /// A rule that could have held, had the answer been readable.
  struct Doubt {
    const CompiledRule* rule;
    Liveness meaning;
  };

  Evidence evidence;
  const Surroundings& around;
  std::vector<RuleTrace>* trace;
  std::vector<Doubt> doubts{};
  bool is_marked = false;        // it says that it is the embargoed edition
  bool is_beyond_doubt = false;  // decided by what no unread rule could change
  std::optional<std::string> fingerprint{};

  const Observation& seen() const { return evidence.seen; }
  bool is_cut() const { return seen().failure == Cause::too_large; }
  void tell(std::string rule, bool held, std::string why) const {
    if (trace != nullptr) trace->push_back({std::move(rule), held, std::move(why)});
  }
};

class TargetRecipe final : public Recipe {
 public:
  TargetRecipe(std::shared_ptr<const ProfileBook> book, const Target& target, const Release& release, Faults& faults)
      : book_{std::move(book)},
        own_{compile_groups(target.id, target.rules, faults)},
        facts_{facts_of(target, release)},
        cache_bypass_{target.cache_bypass.value_or(book_->profile().cache_bypass)} {
    if (target.edition.empty()) return;
    if (const auto edition = read_edition(target.edition)) {
      edition_words_ = target.edition;
      if (!book_->editions.empty()) facts_.embargoed = *edition;
    } else {
      faults.push_back({Errc::invalid_input, "target \"" + target.id + "\"",
                        "the edition \"" + target.edition + "\" names no period and no version",
                        "write it like April 2026, Q1 2026, 2025/26 or v4"});
    }
  }

  Judgement judge(const Observation& o, const Surroundings& around, std::vector<RuleTrace>* trace) const override {
    const bool reads_editions = !book_->editions.empty();
    Look look{.evidence = Evidence{o, reads_editions ? &book_->editions : nullptr,
                                   facts_.embargoed ? &*facts_.embargoed : nullptr},
              .around = around,
              .trace = trace};
    Judgement j = settled(look, decide(look));
    // Rules of the recipe have told of themselves when they were tried.
    if (j.rule.starts_with("engine: ")) look.tell(j.rule, true, explain(o, j));
    describe(look, j);
    return j;
  }

  bool needs_baseline() const override { return facts_.role == Role::latest && !facts_.embargoed; }
  bool may_bypass() const override { return cache_bypass_; }
  bool asks_siblings() const override { return book_->profile().siblings; }

 private:
  /// Own rules first. Rules that could not be told are noted as doubts against any other outcome than `meaning`.
  std::optional<Judgement> by_group(Group group, Look& look, Liveness meaning) const {
    std::vector<Look::Doubt> doubts;
    for (const auto* rules : {&(own_.*group), &(book_->rules.*group)}) {
      for (const CompiledRule& rule : *rules) {
        const Held h = try_rule(rule, look);
        if (h == Held::yes)
          return judgement(meaning, rule.name, meaning == Liveness::unknown ? Cause::rule : Cause::none);
        if (h == Held::unreadable) doubts.push_back({&rule, meaning});
      }
    }
    look.doubts.insert(look.doubts.end(), doubts.begin(), doubts.end());
    return std::nullopt;
  }

  static Held try_rule(const CompiledRule& rule, Look& look) {
    std::string why;
    const Held h = rule.matcher.test(look.evidence, look.trace != nullptr ? &why : nullptr);
    look.tell(rule.name, h == Held::yes, h == Held::unreadable ? "cannot be told: " + why : why);
    return h;
  }

  Judgement decide(Look& look) const {
    const Observation& o = look.seen();
    if (o.no_route) return judged_unknown(Cause::not_polled, "engine: the host has no such address");
    const bool has_cut_body = look.is_cut() && !o.body.empty();
    if (o.failure != Cause::none && o.failure != Cause::redirect_elsewhere && !has_cut_body)
      return judged_unknown(o.failure, std::string{"engine: "} + to_string(o.failure));
    if (o.status == 0) return judged_unknown(Cause::reset, "engine: no status");
    if (const Blocked b = blocked_for_sure(o); b.cause != Cause::none) return judged_unknown(b.cause, b.rule);
    if (auto j = by_group(&CompiledGroups::unknown_if, look, Liveness::unknown)) return *j;
    if (auto j = by_group(&CompiledGroups::gated_if, look, Liveness::absent)) return *j;
    if (auto j = by_group(&CompiledGroups::absent_if, look, Liveness::absent)) return *j;
    if (o.status == 404 || o.status == 410) {
      look.is_beyond_doubt = true;
      return judgement(Liveness::absent, "engine: " + std::to_string(o.status));
    }
    if (auto j = redirected_to_release(look)) return *j;
    if (const auto detour = detour_of(o)) {
      // A site may lead every address that it does not know to its front page or its search.
      if (is_success(o))
        if (auto j = by_picture(look)) return *j;
      return judged_unknown(Cause::redirect_elsewhere, *detour);
    }
    if (!is_success(o)) return judge_error_status(o.status);
    Judgement j = judge_success(look);
    const bool rests_on_rest = j.liveness == Liveness::live || j.liveness == Liveness::suspect;
    if (has_cut_body && rests_on_rest && !j.marked && !is_promised_kind(look))
      return judged_unknown(Cause::too_large, "engine: body over the cap");
    return j;
  }

  /// A file that is too large to be read whole, and begins as its name promises.
  bool is_promised_kind(Look& look) const {
    return facts_.role == Role::file && !facts_.promised.empty() && magic_is(look.evidence.magic(), facts_.promised);
  }

  /// An announcement that leads on to what it announced.
  std::optional<Judgement> redirected_to_release(Look& look) const {
    const Observation& o = look.seen();
    if (facts_.role != Role::announcement || o.hops.empty()) return std::nullopt;
    const bool was_followed = is_success(o) && !o.body.empty();
    if (!was_followed && o.failure != Cause::redirect_elsewhere) return std::nullopt;
    for (const std::string& place : look.evidence.redirects())
      if (is_address_of(facts_.addresses, place)) return judged_live("engine: redirect to a URL of the release", true);
    return std::nullopt;
  }

  Judgement judge_success(Look& look) const {
    const Observation& o = look.seen();
    if (auto j = by_group(&CompiledGroups::must_not_contain, look, Liveness::live)) {
      j->marked = true;
      look.is_beyond_doubt = true;
      return *j;
    }
    if (auto j = by_group(&CompiledGroups::stub_if, look, Liveness::stub)) return *j;
    if (o.body.empty()) return judgement(Liveness::suspect, "engine: empty body");
    if (auto j = by_picture(look)) return *j;
    if (facts_.role == Role::latest) return latest(look);
    if (auto j = by_edition(look)) return *j;
    if (!own_.live_if.empty() || !book_->rules.live_if.empty()) return by_live_if(look);
    if (auto j = by_looks(look)) return *j;
    if (o.status != 200 && o.status != 203) return judgement(Liveness::suspect, "engine: " + std::to_string(o.status));
    return judge_by_role(look.evidence, facts_, look.is_marked);
  }

  std::optional<Judgement> by_picture(Look& look) const {
    if (look.around.picture == nullptr || !asks_siblings()) return std::nullopt;
    // Most sites answer 404 there: the page need not be read to know that it is unlike.
    const auto& beside = look.around.picture->now();
    const bool same_status = beside && beside->status == look.seen().status;
    switch (same_status ? look.around.picture->compare(shape_of(look.seen(), look.evidence.page()))
                        : SitePicture::Likeness::unlike) {
      case SitePicture::Likeness::unlike:
        look.tell("engine: random sibling", false, "the site answers otherwise where nothing is, or is not known");
        return std::nullopt;
      case SitePicture::Likeness::not_found:
        return judgement(Liveness::absent, "engine: soft 404: the site answers the same where nothing is");
      case SitePicture::Likeness::everywhere:
        return judged_unknown(Cause::maintenance, "engine: the same page at every address");
      case SitePicture::Likeness::shell:
        return judgement(Liveness::suspect, "engine: the same page at every address, which only a browser can fill");
    }
    return std::nullopt;
  }

  static std::optional<Judgement> by_looks(Look& look) {
    const Blocked b = blocked_by_looks(look.seen(), look.evidence.page());
    if (b.cause == Cause::none) return std::nullopt;
    return judged_unknown(b.cause, b.rule);
  }

  /// Of pages, files and APIs: the former edition is not what is embargoed; the embargoed one, or a later one, is.
  std::optional<Judgement> by_edition(Look& look) const {
    const bool compares = facts_.role == Role::page || facts_.role == Role::file || facts_.role == Role::api;
    if (!compares || !facts_.embargoed || !look.evidence.edition().edition) return std::nullopt;
    switch (look.evidence.edition().order) {
      case EditionOrder::former:
        return judgement(Liveness::previous_edition, "engine: former edition");
      case EditionOrder::current:
      case EditionOrder::later:
        look.is_marked = true;
        return std::nullopt;
      case EditionOrder::other:
        return std::nullopt;
    }
    return std::nullopt;
  }

  Judgement by_live_if(Look& look) const {
    if (auto j = by_group(&CompiledGroups::live_if, look, Liveness::live)) {
      j->marked = true;
      return *j;
    }
    if (auto j = by_looks(look)) return *j;
    // The marker may stand in what was cut off.
    if (look.is_cut()) return judged_unknown(Cause::too_large, "engine: body over the cap");
    return judgement(Liveness::suspect, "engine: no live_if rule matched");
  }

  /// The former edition looks like the next one, so a profile's live_if says nothing here. The URL's own rules were
  /// written for this release.
  Judgement latest(Look& look) const {
    const int status = look.seen().status;
    if (status != 200 && status != 203) return judgement(Liveness::suspect, "engine: " + std::to_string(status));
    const bool is_former =
        facts_.embargoed && look.evidence.edition().edition && look.evidence.edition().order == EditionOrder::former;
    for (const CompiledRule& rule : own_.live_if) {
      if (is_former) break;
      const Held h = try_rule(rule, look);
      if (h == Held::yes) return judged_live(rule.name, true);
      if (h == Held::unreadable) look.doubts.push_back({&rule, Liveness::live});
    }
    if (const Baseline* b = look.around.baseline)
      look.tell(
          "engine: approved baseline", fingerprint_of(look) == b->fingerprint,
          b->edition.empty() ? "compared by fingerprint" : "compared by fingerprint; its edition is " + b->edition);
    return judge_latest(look.evidence, facts_, look.around.baseline, fingerprint_of(look));
  }

  /// An outcome that a rule could have changed is not known.
  static Judgement settled(const Look& look, Judgement j) {
    if (look.is_beyond_doubt || j.liveness == Liveness::unknown) return j;
    for (const Look::Doubt& d : look.doubts)
      if (d.meaning != j.liveness)
        return judged_unknown(look.is_cut() ? Cause::too_large : Cause::unreadable, d.rule->name);
    return j;
  }

  const std::string& fingerprint_of(Look& look) const {
    if (!look.fingerprint) look.fingerprint = book_->fingerprinter->of(look.seen(), look.evidence.page());
    return *look.fingerprint;
  }

  /// What is told beside the outcome: edition, fingerprint, and whether the content is what was announced. Only where
  /// somebody asks for it, since it costs a parse.
  void describe(Look& look, Judgement& j) const {
    if (!is_success(look.seen()) || look.seen().body.empty()) return;
    const bool is_latest = facts_.role == Role::latest;
    const bool is_noteworthy = j.liveness == Liveness::live || j.liveness == Liveness::suspect || look.trace != nullptr;
    if (!is_latest && !is_noteworthy && j.liveness != Liveness::previous_edition) return;
    if (const EditionSeen& seen = look.evidence.edition(); seen.edition) j.edition = seen.edition->text;
    if (is_latest || is_noteworthy) j.fingerprint = fingerprint_of(look);
    if (j.liveness == Liveness::live) j.wrong = wrong_content(look);
  }

  std::string wrong_content(Look& look) const {
    for (const auto* rules : {&own_.expect, &book_->rules.expect})
      for (const CompiledRule& rule : *rules)
        if (try_rule(rule, look) == Held::no) return rule.name;
    const EditionSeen& seen = look.evidence.edition();
    const bool compares = facts_.role != Role::listing && facts_.role != Role::announcement;
    if (!compares || !facts_.embargoed || !seen.edition) return {};
    if (seen.order != EditionOrder::later && seen.order != EditionOrder::other) return {};
    return "edition " + seen.edition->text + " instead of " + edition_words_;
  }

  static std::string explain(const Observation& o, const Judgement& j) {
    if (!o.failure_text.empty()) return o.failure_text;
    std::string s = "status " + std::to_string(o.status) + ", " + std::to_string(o.size) + " bytes";
    if (!o.hops.empty())
      s += ", after " + std::to_string(o.hops.size()) + (o.hops.size() == 1 ? " redirect" : " redirects");
    if (j.cause != Cause::none) s += std::string{", "} + to_string(j.cause);
    return s;
  }

  std::shared_ptr<const ProfileBook> book_;
  CompiledGroups own_;
  JudgedTarget facts_;
  std::string edition_words_;
  bool cache_bypass_;
};

}  // namespace

Judgement judgement(Liveness l, std::string rule, Cause c) {
  Judgement j;
  j.liveness = l;
  j.cause = c;
  j.rule = std::move(rule);
  return j;
}

Judgement judged_unknown(Cause c, std::string rule) { return judgement(Liveness::unknown, std::move(rule), c); }

Judgement judged_live(std::string rule, bool marked) {
  Judgement j = judgement(Liveness::live, std::move(rule));
  j.marked = marked;
  return j;
}

Checked<std::shared_ptr<const CompiledProfile>> compile(const Profile& profile) {
  Faults faults;
  auto book = std::make_shared<const ProfileBook>(profile, faults);
  if (!faults.empty()) return tl::unexpected<Faults>{std::move(faults)};
  return std::shared_ptr<const CompiledProfile>{std::move(book)};
}

Checked<std::unique_ptr<Recipe>> make_recipe(std::shared_ptr<const CompiledProfile> profile, const Target& target,
                                             const Release& release) {
  Faults faults;
  auto book = std::static_pointer_cast<const ProfileBook>(std::move(profile));  // compile() makes no other kind
  auto recipe = std::make_unique<TargetRecipe>(std::move(book), target, release, faults);
  if (!faults.empty()) return tl::unexpected<Faults>{std::move(faults)};
  return std::unique_ptr<Recipe>{std::move(recipe)};
}

}  // namespace embargod
