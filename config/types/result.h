#pragma once
// Expected errors are values: network, disk and input return Result<T>; a broken promise of our own asserts.

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace embargod {

enum class Errc : std::uint8_t {
  invalid_input,  // a person or a file said something we cannot take
  not_found,      // the thing named does not exist
  conflict,       // it exists, but its state forbids what was asked
  out_of_order,   // two instants contradict each other
  io,             // disk, socket or another process refused
  busy,           // somebody holds it; trying again later may help
  corrupt,        // what we read back is not what we wrote
  unavailable,    // not to be had now
  unsupported,    // understood, but not offered here
};

/// What went wrong, where, and what to do about it; each part one line, no trailing full stop.
struct Fault {
  Errc code = Errc::invalid_input;
  std::string where;  // "releases.yml:14:10", "release \"cpi-2030-01\"", a file; may be empty
  std::string what;   // "\"intervall\" is not a key here"
  std::string to_do;  // "did you mean \"interval\"?"; may be empty
};

using Faults = std::vector<Fault>;

template <class T>
using Result = tl::expected<T, Fault>;

/// For readers that report every fault at once. The error is never empty.
template <class T>
using Checked = tl::expected<T, Faults>;

[[nodiscard]] inline tl::unexpected<Fault> fail(Errc code, std::string what, std::string where = {},
                                                std::string to_do = {}) {
  return tl::unexpected<Fault>{Fault{code, std::move(where), std::move(what), std::move(to_do)}};
}

/// "where: what; to do", as people read it in a terminal.
[[nodiscard]] inline std::string to_string(const Fault& f) {
  std::string s = f.where.empty() ? f.what : f.where + ": " + f.what;
  if (!f.to_do.empty()) s += "; " + f.to_do;
  return s;
}

}  // namespace embargod
