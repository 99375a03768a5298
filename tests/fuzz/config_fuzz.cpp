// Any bytes as embargod.yml and as releases.yml: an answer or faults, never a crash, a hang or a fault without a place.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "config/settings_reader.h"

namespace {

void check_faults(const embargod::Faults& faults) {
  if (faults.empty()) std::abort();
  for (const auto& fault : faults)
    if (fault.where.empty() || fault.what.empty() || to_string(fault).find('\n') != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view yaml{reinterpret_cast<const char*>(data), size};
  // No such folder: a fuzzer must not open what secret_file names.
  const auto settings = embargod::read_settings(yaml, "embargod.yml", "/nonexistent");
  if (!settings) check_faults(settings.error());
  const auto schedule = embargod::read_schedule(yaml, "releases.yml", "Europe/London", embargod::shipped_profiles());
  if (!schedule) check_faults(schedule.error());
  return 0;
}
