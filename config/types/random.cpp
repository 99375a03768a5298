#include "config/types/random.h"

#include <openssl/rand.h>

#include <stdexcept>

namespace embargod {

Digest random_bytes() {
  Digest out{};
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) throw std::runtime_error{"no random bytes to be had"};
  return out;
}

}  // namespace embargod
