// Any bytes as our JSON: a calendar whose entries keep their promises, or faults with a place; never a crash or a hang.

#include <cstdint>
#include <string_view>

#include "tests/fuzz/source_promises.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  embargod::check_source_promises(&embargod::make_json_source, "c.json",
                                  std::string_view{reinterpret_cast<const char*>(data), size});
  return 0;
}
