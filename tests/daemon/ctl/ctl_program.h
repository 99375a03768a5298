#pragma once
// Runs embargoctl as it was built.

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/http_sink.h"

namespace embargod {

inline Ran ctl(std::vector<std::string> args) {
  const char* bin = std::getenv("EMBARGOD_BIN_DIR");
  args.insert(args.begin(), std::string{bin == nullptr ? "build/dev/bin" : bin} + "/embargoctl");
  return run_program(args);
}

inline std::string base_of(const HttpSink& sink) { return sink.url(""); }

inline void write_text(const std::string& path, const std::string& text) { std::ofstream{path} << text; }

}  // namespace embargod
