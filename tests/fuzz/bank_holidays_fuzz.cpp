// Any bytes as a list of bank holidays: days or faults, never a crash, a hang or a fault without words.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/bank_holidays.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace embargod;
  const auto days = read_bank_holidays({reinterpret_cast<const char*>(data), size}, "bank-holidays.json");
  if (days) {
    std::size_t n = 0;
    for (const Nation nation : kNations) n += days->count(nation);
    if (n == 0) std::abort();
    return 0;
  }
  if (days.error().empty()) std::abort();
  for (const auto& fault : days.error())
    if (fault.where.empty() || fault.what.empty() || to_string(fault).find('\n') != std::string::npos) std::abort();
  return 0;
}
