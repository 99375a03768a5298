#pragma once
// The web of a scenario: who answers a request, and what, at a given time. The same for virtual time and for sockets.

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "daemon/ctl/scenario.h"

namespace embargod {

struct PlayedRequest {
  Url url;
  Route route = Route::plain;
  std::string method = "GET";
  Headers headers{};
};

struct PlayedAnswer {
  const ScenarioAnswer* from = nullptr;  // null: nothing is there, 404
  std::optional<Cause> error;            // instead of an answer, or beside a cut one
  Wire wire = Wire::plain;
  int status = 404;
  Headers headers;
  std::string body;
  Millis latency{0};
  std::string certificate_issuer;
};

/// Borrows the scenario. Times are from its start. Not thread-safe: answers that take turns are counted, and caches
/// fill.
class PlayedWeb {
 public:
  explicit PlayedWeb(const Scenario& scenario);

  /// The address that a request of this route goes to; unset: the host has none of that kind.
  [[nodiscard]] std::optional<std::string> address(const Url& url, Route route) const;

  [[nodiscard]] PlayedAnswer ask(const PlayedRequest& request, Millis at);

  /// The answer whose turn it is at the origin, without taking it; null: none.
  [[nodiscard]] const ScenarioAnswer* next_answer(const PlayedRequest& request, Millis at) const;

 private:
  struct Turns {  // answers of one time
    std::vector<const ScenarioAnswer*> answers;
    int taken = 0;  // looks
  };
  struct Timeline {
    std::string url;
    bool is_prefix = false;
    std::optional<Route> route;
    std::optional<AnswerWhen> when;
    std::map<Millis, Turns> turns;
  };
  struct Copy {
    PlayedAnswer answer;
    Millis stored{0};
    Millis lifetime{0};
  };

  struct Place {  // in timelines_
    std::size_t timeline;
    Millis at;  // key of its turns
  };

  [[nodiscard]] std::optional<Place> find(const PlayedRequest& request, Millis at) const;
  [[nodiscard]] static const ScenarioAnswer* whose_turn(const Turns& turns, Millis since);
  [[nodiscard]] const ScenarioSite* site(const Url& url) const;
  [[nodiscard]] PlayedAnswer at_origin(const PlayedRequest& request, Millis at);
  [[nodiscard]] PlayedAnswer through_cache(const PlayedRequest& request, const ScenarioCache& cache, Millis at);

  const Scenario& scenario_;
  std::vector<Timeline> timelines_;  // the more special first
  std::map<std::string, Copy> copies_;
};

}  // namespace embargod
