#pragma once

#include <string>

#include "config/types/result.h"

namespace embargod {

/// One line for each fault, as a terminal shows them.
inline std::string fault_lines(const Faults& faults) {
  std::string s;
  for (const auto& f : faults) s += to_string(f) + "\n";
  return s;
}

template <class T>
std::string fault_lines(const Checked<T>& checked) {
  return checked ? std::string{} : fault_lines(checked.error());
}

}  // namespace embargod
