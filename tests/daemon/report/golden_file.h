#pragma once
// Files of what a renderer wrote. EMBARGOD_UPDATE_GOLDEN=1 writes them anew.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace embargod {

/// Compares `actual` with tests/daemon/report/golden/FILE; a difference fails the case and leaves FILE.actual in the
/// build folder.
inline void expect_golden(const std::string& file, const std::string& actual) {
  const std::string golden = "tests/daemon/report/golden/" + file;
  if (std::getenv("EMBARGOD_UPDATE_GOLDEN") != nullptr) {
    std::ofstream{golden, std::ios::binary} << actual;
    return;
  }
  std::ifstream in{golden, std::ios::binary};
  std::ostringstream on_file;
  on_file << in.rdbuf();
  if (actual == on_file.str()) return;
  const char* bin = std::getenv("EMBARGOD_BIN_DIR");
  const auto folder = std::filesystem::path{bin == nullptr ? "." : bin} / ".." / "golden";
  std::filesystem::create_directories(folder);
  const auto left = folder / (file + ".actual");
  std::ofstream{left, std::ios::binary} << actual;
  ADD_FAILURE() << "compare " << golden << " with " << left << "; EMBARGOD_UPDATE_GOLDEN=1 takes the new one";
}

}  // namespace embargod
