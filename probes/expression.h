#pragma once
// Regular expressions of the config, compiled within bounds of size and memory.

#include <re2/re2.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "config/profile.h"
#include "config/types/result.h"

namespace embargod {

/// Bodies come in any charset and are matched as bytes; texts that were decoded are UTF-8.
enum class Charset : std::uint8_t { bytes, utf8 };

/// Matches in time linear in the text. Immutable; any thread.
class Expression {
 public:
  /// Error invalid_input with `mark`: over 1,000 bytes, RE2 refuses it, or it would take over 8 MiB.
  [[nodiscard]] static Result<Expression> make(const std::string& pattern, Charset charset, const Mark& mark);

  [[nodiscard]] bool found_in(std::string_view text) const;

  [[nodiscard]] int groups() const;
  /// The first capture group of the first match; unset if there is no match or the group took no part in it.
  [[nodiscard]] std::optional<std::string> capture(std::string_view text) const;

  /// Puts a blank in place of each match.
  void blank_out(std::string& text) const;

 private:
  std::string literal_;  // the whole pattern, where it is one: found without RE2
  std::unique_ptr<RE2> re_;
};

/// Whether `needle` stands in `text`. Linear time.
[[nodiscard]] bool holds_literal(std::string_view text, std::string_view needle);

}  // namespace embargod
