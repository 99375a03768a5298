#include "daemon/watch/evidence_log.h"

namespace embargod {

Digest leaf_hash(std::string_view salt, std::string_view record) {
  std::string entry{'\0'};
  entry += salt;
  entry += record;
  return sha256(entry);
}

}  // namespace embargod
