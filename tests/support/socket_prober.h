#pragma once
// Plays a scenario over real sockets while time is virtual: every look is a real request of the real prober to a server
// of ours that answers what the scenario says at that virtual time; then the look is dated back into virtual time.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/ctl/scenario_prober.h"
#include "tests/support/played_origin.h"

namespace embargod {

/// Hosts keep their names, and get loopback addresses. https is asked as http, with another path for what is http in
/// the scenario. Answers that are errors may cost real time: each is really played for the first `kRealErrors` looks
/// that meet it, and repeated from the last one after that. Certificates are the scenario's word. One thread.
class SocketProber final : public VirtualTimeProber {
 public:
  static constexpr int kRealErrors = 20;

  /// `web` must be that of `scenario`; both are borrowed. `timeout` is real time.
  SocketProber(const Scenario& scenario, PlayedWeb& web, VirtualClock& clock, Millis timeout);
  ~SocketProber() override;

  void start(ProbeRequest request) override;

  [[nodiscard]] std::int64_t real_looks() const { return real_looks_; }

 private:
  class RealClock;
  class LoopbackResolver;
  /// What the look under way has met.
  struct Walk {
    ProbeRequest request;
    Millis at{0};
    std::optional<PlayedAnswer> first;  // asked for already
    Millis took{0};
    std::vector<std::string> locations;
    std::string issuer;
  };
  using ErrorKey = std::tuple<const ScenarioAnswer*, std::string, Route>;
  struct PlayedError {
    int looks = 0;
    Observation last;
  };

  PlayedAnswer serve(const WireRequest& r);
  Observation really(Prober& prober, ProbeRequest request);
  [[nodiscard]] ProbeRequest wire_request(const ProbeRequest& r, std::optional<Cause> error) const;
  [[nodiscard]] std::string wire(const Url& url) const;
  [[nodiscard]] std::string unwire(const std::string& url) const;
  void take_home(Observation& o, const ProbeRequest& r);
  [[nodiscard]] std::unique_ptr<Prober> make_prober(Millis timeout);
  std::string loopback_of(const std::string& address);
  std::string played_address(const std::string& loopback, const Url& url);

  const Scenario& scenario_;
  PlayedWeb& web_;
  bool has_conditions_ = false;
  std::unique_ptr<RealClock> real_clock_;
  std::map<std::string, std::string> loopback_;  // by played address
  PlayedOrigin origin_;
  std::shared_ptr<LoopbackResolver> resolver_;
  Millis timeout_;
  std::unique_ptr<Prober> healthy_;  // with a long timeout: a busy machine must not make answers unknown
  std::unique_ptr<Prober> erroneous_;
  Walk walk_;
  std::map<ErrorKey, PlayedError> errors_;
  std::int64_t real_looks_ = 0;
};

}  // namespace embargod
