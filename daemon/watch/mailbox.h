#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "daemon/watch/command.h"
#include "daemon/watch/plan.h"

namespace embargod {

/// Commands and plans on their way to the engine's thread. Any thread.
class Mailbox {
 public:
  /// One command and, once the engine is done with it, the answer.
  struct Letter {
    Command command;
    std::optional<Result<void>> answer;
  };

  /// Leaves a command; wait_for() reads the answer.
  std::shared_ptr<Letter> post(const Command& c);
  [[nodiscard]] Result<void> wait_for(const std::shared_ptr<Letter>& letter, Millis bound);

  void post(std::shared_ptr<const Plan> plan);

  // Engine's side.
  [[nodiscard]] std::deque<std::shared_ptr<Letter>> take_letters();
  [[nodiscard]] std::shared_ptr<const Plan> take_plan();  // null if none came
  void answer(Letter& letter, Result<void> result);

 private:
  std::mutex mutex_;
  std::condition_variable answered_;
  std::deque<std::shared_ptr<Letter>> letters_;
  std::shared_ptr<const Plan> plan_;
};

}  // namespace embargod
