#include "alerts/alert.h"

namespace embargod {

const char* to_string(AlertStatus s) {
  switch (s) {
    case AlertStatus::firing:
      return "firing";
    case AlertStatus::resolved:
      return "resolved";
  }
  return "?";
}

std::string standing_id(const Alert& a) { return a.incident + "/" + a.name; }

}  // namespace embargod
