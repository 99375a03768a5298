#pragma once

#include "config/types/digest.h"

namespace embargod {

/// 32 bytes that nobody can guess. Throws std::runtime_error if the system has none to give. Any thread.
[[nodiscard]] Digest random_bytes();

}  // namespace embargod
