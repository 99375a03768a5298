#pragma once
// A drill flies through a practice world as the canary does, and then on through the real channels: from a page that
// goes live to the person who acknowledges.

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "alerts/alert.h"
#include "alerts/outbox_worker.h"
#include "config/types/clock.h"
#include "config/types/result.h"
#include "daemon/watch/drills.h"

namespace embargod {

class DrillGround final : public Drills {
 public:
  struct Frame {
    std::string external_url;  // for links; may be empty
    std::string timezone;
  };
  struct Doors {
    const Clock& clock;
    std::string folder;  // of the practice world; removed after each drill
    std::function<Frame()> frame;
    /// Those asked for, or all that pages go to, in the config's order. Errors: not_found, and names the known ones.
    std::function<Result<std::vector<std::string>>(const std::vector<std::string>& asked)> receivers;
    std::function<Result<Trial>(const std::string& receiver, const Alert&, Millis bound)> send;  // any thread
    std::function<void(const DrillRecord&)> ended;                                               // its own thread
    std::function<Result<std::vector<DrillRecord>>(int limit)> stored;                           // newest first
  };

  explicit DrillGround(Doors doors);
  ~DrillGround() override;  // stops
  DrillGround(const DrillGround&) = delete;
  DrillGround& operator=(const DrillGround&) = delete;

  [[nodiscard]] Result<std::string> begin(const DrillOrder& order) override;
  [[nodiscard]] Result<void> acknowledge(const std::string& id, const std::string& by) override;
  [[nodiscard]] Result<std::vector<DrillRecord>> newest(int limit) override;

  /// Ends the one under way, whose record says so, and takes no more: within about 15 s, the bound of a message under
  /// way. Twice is fine.
  void stop();

 private:
  class Flight;
  void run(Instant due, const std::vector<std::string>& receivers);
  [[nodiscard]] bool stopping();
  [[nodiscard]] DrillRecord current();
  void note(const std::function<void(DrillRecord&)>& change);

  const Doors doors_;
  std::mutex life_;   // begin and stop, one at a time
  std::mutex mutex_;  // the next three
  std::optional<DrillRecord> current_;
  std::optional<Millis> first_accepted_;  // ticks
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace embargod
