#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/sys/logging.h"

namespace embargod {

/// The command line of embargod; a flag beats the file.
struct Options {
  std::string config_file;
  bool check_config = false;
  std::optional<std::string> storage_path;
  std::vector<std::string> listen;  // not empty: instead of web.listen
  LogSettings log;
};

inline constexpr int kExitOk = 0;
inline constexpr int kExitFailure = 1;  // at run time
inline constexpr int kExitConfig = 2;   // config or usage

/// Builds the daemon from its parts and runs it until a signal. The only function that names concrete classes.
[[nodiscard]] int run(const Options& options);

}  // namespace embargod
