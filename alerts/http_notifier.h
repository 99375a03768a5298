#pragma once
// What the channels that take one POST for each step share: each says what to post and which answer is an acceptance.

#include "alerts/http_post.h"
#include "alerts/notifier.h"

namespace embargod {

class HttpNotifier : public Notifier {
 public:
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant now) override;
  void cancel() override { poster_.cancel(); }

 protected:
  explicit HttpNotifier(ReceiverTraits traits) : traits_{std::move(traits)} {}

  [[nodiscard]] virtual HttpPostRequest request(const Alert& alert, Instant now) const = 0;
  [[nodiscard]] virtual Receipt judge(HttpAnswer answer) const = 0;

 private:
  ReceiverTraits traits_;
  HttpPoster poster_;
};

/// The receipt of an answer that only `status` makes an acceptance: any other 2xx comes from something else (a proxy, a
/// sign-in page) and is retried.
[[nodiscard]] Receipt accepted_only_by(int status, HttpAnswer answer);

}  // namespace embargod
