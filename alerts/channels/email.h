#pragma once
// Mail over SMTP: one message for each recipient and step, so that a refusal by one mailbox is seen.

#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "alerts/notifier.h"
#include "alerts/wording.h"
#include "config/settings.h"

namespace embargod {

class LastAddresses;

/// The bytes for one recipient; the same alert gives the same Message-ID in each retry, and the steps of an incident
/// one thread. Pure.
[[nodiscard]] std::string email_message(const Alert& alert, const EmailSettings& settings, const std::string& to,
                                        Instant now, const Wording& words);

/// Who has accepted which step is kept in memory (of the newest 1,000 unfinished steps), so that a retry for one
/// mailbox does not tell the others twice; after a restart it may, with the same Message-ID. Accepted = every mailbox
/// said 250, or some did and the rest refuse for good (5xx, or 4xx for an hour): then the receipt says partly_refused
/// and names them. Retry while any mailbox may still take it. A server that gives no verdict ends the attempt, so that
/// deliver() blocks for 10 s and not for 10 s for each mailbox; the mailbox that was tried least comes first next time.
/// A relay that refuses the sign-in, or whose TLS or certificate is not what is required, is retried: nothing is sent
/// in the clear instead. A password goes out over required TLS only. Where the relay's name cannot be looked up, the
/// address at which it was reached last is asked.
class EmailNotifier final : public Notifier {
 public:
  EmailNotifier(std::string name, EmailSettings settings, Wording words);
  ~EmailNotifier() override;
  EmailNotifier(const EmailNotifier&) = delete;
  EmailNotifier& operator=(const EmailNotifier&) = delete;
  [[nodiscard]] const ReceiverTraits& traits() const override { return traits_; }
  [[nodiscard]] Receipt deliver(const std::vector<Alert>& alerts, Instant now) override;
  void cancel() override { cancelled_ = true; }

 private:
  struct Progress {
    Instant begun{};
    std::set<std::string> accepted;
    std::map<std::string, int> attempts;  // by mailbox
  };
  struct Reply {
    Receipt receipt;
    bool server_refused = false;  // false on failure: no verdict came, the server is away or hangs
  };

  Receipt deliver_one(const Alert& alert, Instant now);
  Reply send(const Alert& alert, const std::string& to, Instant now) const;
  Progress& progress_of(const std::string& key, Instant now);
  void forget(const std::string& key);

  ReceiverTraits traits_;
  EmailSettings settings_;
  Wording words_;
  std::atomic<bool> cancelled_{false};
  std::map<std::string, Progress> progress_;  // by alert key
  std::deque<std::string> order_;             // keys of progress_, oldest first
  std::unique_ptr<LastAddresses> addresses_;  // of the relay, where its certificate is checked or it is on loopback
};

}  // namespace embargod
