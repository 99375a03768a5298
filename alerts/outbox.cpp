#include "alerts/outbox.h"

namespace embargod {

const char* to_string(DeliveryState s) {
  switch (s) {
    case DeliveryState::pending:
      return "pending";
    case DeliveryState::accepted:
      return "accepted";
    case DeliveryState::superseded:
      return "superseded";
  }
  return "?";
}

}  // namespace embargod
