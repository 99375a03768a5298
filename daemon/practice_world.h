#pragma once
// A small world of the same classes as the real watch (ADR 0016), in which a page of our own may go live early without
// ever appearing among real incidents: prober, engine, store, outbox, and one channel at the end.

#include <functional>
#include <memory>
#include <string>

#include "alerts/notifier.h"
#include "config/types/clock.h"
#include "config/types/result.h"

namespace embargod {

class PracticeWorld {
 public:
  struct Setup {
    std::string folder;        // for its store: emptied before, removed at the end
    std::string release;       // id: "canary"
    std::string title;         // as announced
    std::string external_url;  // for links in its alerts; may be empty
    std::string timezone = "Europe/London";
    Instant due{};  // of its release; the id of its incident follows from it
  };

  /// Errors: as the part says that cannot be built (invalid_input, io, unavailable, ...).
  [[nodiscard]] static Result<std::unique_ptr<PracticeWorld>> build(const Clock& clock, const Setup& setup,
                                                                    std::unique_ptr<Notifier> channel);
  ~PracticeWorld();
  PracticeWorld(const PracticeWorld&) = delete;
  PracticeWorld& operator=(const PracticeWorld&) = delete;

  /// One turn of its engine: at most 200 ms.
  void turn();
  void set_live(bool live);
  [[nodiscard]] bool looked() const;  // every page was looked at once
  /// What was told from memory alone does not count: the store is part of the way.
  [[nodiscard]] bool stored() const;

 private:
  struct Parts;
  explicit PracticeWorld(std::unique_ptr<Parts> parts);
  const std::unique_ptr<Parts> parts_;
};

}  // namespace embargod
