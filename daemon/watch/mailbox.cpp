#include "daemon/watch/mailbox.h"

#include <utility>

namespace embargod {

std::shared_ptr<Mailbox::Letter> Mailbox::post(const Command& c) {
  auto letter = std::make_shared<Letter>(Letter{c, std::nullopt});
  const std::lock_guard lock{mutex_};
  letters_.push_back(letter);
  return letter;
}

Result<void> Mailbox::wait_for(const std::shared_ptr<Letter>& letter, Millis bound) {
  std::unique_lock lock{mutex_};
  if (!answered_.wait_for(lock, bound, [&] { return letter->answer.has_value(); }))
    return fail(Errc::unavailable, "the engine did not answer in time", {},
                "look whether it was done before trying again");
  return *letter->answer;
}

void Mailbox::post(std::shared_ptr<const Plan> plan) {
  const std::lock_guard lock{mutex_};
  plan_ = std::move(plan);
}

std::deque<std::shared_ptr<Mailbox::Letter>> Mailbox::take_letters() {
  const std::lock_guard lock{mutex_};
  return std::exchange(letters_, {});
}

std::shared_ptr<const Plan> Mailbox::take_plan() {
  const std::lock_guard lock{mutex_};
  return std::exchange(plan_, nullptr);
}

void Mailbox::answer(Letter& letter, Result<void> result) {
  const std::lock_guard lock{mutex_};
  letter.answer = std::move(result);
  answered_.notify_all();
}

}  // namespace embargod
