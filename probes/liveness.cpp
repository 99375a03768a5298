#include "probes/liveness.h"

#include <optional>
#include <utility>

#include "probes/redirect.h"
#include "probes/rules.h"

namespace embargod {
namespace {

Judgement dark(Liveness l, std::string rule) { return {l, Cause::none, std::move(rule)}; }
Judgement unknown(Cause c, std::string rule) { return {Liveness::unknown, c, std::move(rule)}; }

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
      return unknown(Cause::refused, rule);
    case 429:
      return unknown(Cause::throttled, rule);
    default:
      return unknown(status >= 500 && status <= 599 ? Cause::server_error : Cause::odd_status, rule);
  }
}

class RuleBook final : public CompiledProfile {
 public:
  RuleBook(const Profile& p, Faults& faults)
      : name_{p.name},
        unknown_if_{compile_rules(p.name + " unknown_if", p.unknown_if, faults)},
        absent_if_{compile_rules(p.name + " absent_if", p.absent_if, faults)},
        gated_if_{compile_rules(p.name + " gated_if", p.gated_if, faults)},
        stub_if_{compile_rules(p.name + " stub_if", p.stub_if, faults)},
        live_if_{compile_rules(p.name + " live_if", p.live_if, faults)} {}

  const std::string& name() const override { return name_; }

  Judgement judge(const Observation& o, std::vector<RuleTrace>* trace) const override {
    Look look{Evidence{o}, trace};
    Judgement j = decide(look);
    // Rules of the recipe have told of themselves when they were tried.
    if (trace != nullptr && j.rule.starts_with("engine: ")) trace->push_back({j.rule, true, explain(o, j)});
    return j;
  }

 private:
  /// What one judgement carries along.
  struct Look {
    Evidence evidence;
    std::vector<RuleTrace>* trace;
  };

  struct Found {
    const CompiledRule* held = nullptr;
    const CompiledRule* unreadable = nullptr;  // could have held, had the page been readable
  };

  static Found try_group(const std::vector<CompiledRule>& group, Look& look) {
    Found found;
    for (const CompiledRule& rule : group) {
      std::string why;
      const Held h = rule.test(look.evidence, look.trace != nullptr ? &why : nullptr);
      if (look.trace != nullptr) look.trace->push_back({rule.name, h == Held::yes, why});
      if (h == Held::yes) return {&rule, nullptr};
      if (h == Held::unreadable && found.unreadable == nullptr) found.unreadable = &rule;
    }
    return found;
  }

  /// The judgement of a group that was met, or that could not be told; else unset, and the next group is asked.
  static std::optional<Judgement> by_group(const std::vector<CompiledRule>& group, Look& look, Liveness meaning) {
    const Found found = try_group(group, look);
    if (found.held != nullptr)
      return Judgement{meaning, meaning == Liveness::unknown ? Cause::rule : Cause::none, found.held->name};
    if (found.unreadable != nullptr) return unknown(Cause::unreadable, found.unreadable->name);
    return std::nullopt;
  }

  Judgement decide(Look& look) const {
    const Observation& o = look.evidence.seen;
    const bool over_cap = o.failure == Cause::too_large && !o.body.empty();
    if (o.failure != Cause::none && o.failure != Cause::redirect_elsewhere && !over_cap)
      return unknown(o.failure, std::string{"engine: "} + to_string(o.failure));
    if (o.status == 0) return unknown(Cause::reset, "engine: no status");
    if (auto j = by_group(unknown_if_, look, Liveness::unknown)) return *j;
    const auto detour = detour_of(o);
    if (auto j = by_group(gated_if_, look, Liveness::absent)) return *j;
    if (auto j = by_group(absent_if_, look, Liveness::absent)) return *j;
    if (o.status == 404 || o.status == 410) return dark(Liveness::absent, "engine: " + std::to_string(o.status));
    if (detour) return unknown(Cause::redirect_elsewhere, *detour);
    if (o.status < 200 || o.status > 299) return judge_error_status(o.status);
    return judge_success(look, over_cap);
  }

  Judgement judge_success(Look& look, bool over_cap) const {
    const Observation& o = look.evidence.seen;
    if (auto j = by_group(stub_if_, look, Liveness::stub)) return *j;
    if (o.body.empty()) return dark(Liveness::suspect, "engine: empty body");
    if (!live_if_.empty()) {
      if (auto j = by_group(live_if_, look, Liveness::live)) return *j;
      // The marker may stand in what was cut off.
      if (over_cap) return unknown(Cause::too_large, "engine: body over the cap");
      return dark(Liveness::suspect, "engine: no live_if rule matched");
    }
    if (o.status != 200 && o.status != 203) return dark(Liveness::suspect, "engine: " + std::to_string(o.status));
    return dark(Liveness::live, over_cap ? "engine: 200, body over the cap" : "engine: 200");
  }

  static std::string explain(const Observation& o, const Judgement& j) {
    if (!o.failure_text.empty()) return o.failure_text;
    std::string s = "status " + std::to_string(o.status) + ", " + std::to_string(o.size) + " bytes";
    if (!o.hops.empty())
      s += ", after " + std::to_string(o.hops.size()) + (o.hops.size() == 1 ? " redirect" : " redirects");
    if (j.cause != Cause::none) s += std::string{", "} + to_string(j.cause);
    return s;
  }

  std::string name_;
  std::vector<CompiledRule> unknown_if_, absent_if_, gated_if_, stub_if_, live_if_;
};

}  // namespace

Checked<std::unique_ptr<CompiledProfile>> compile(const Profile& profile) {
  Faults faults;
  auto book = std::make_unique<RuleBook>(profile, faults);
  if (!faults.empty()) return tl::unexpected<Faults>{std::move(faults)};
  return book;
}

}  // namespace embargod
