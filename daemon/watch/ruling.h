#pragma once
// What the responsible person decided about something that is public: to take it down, or to let it stand. Values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/types/time.h"

namespace embargod {

enum class Choice : std::uint8_t { take_down = 0, let_stand = 1 };  // stored; never renumber

[[nodiscard]] const char* to_string(Choice c);                           // "take_down", "let_stand"
[[nodiscard]] const char* choice_words(Choice c);                        // "take it down", "let it stand"
[[nodiscard]] std::optional<Choice> choice_from(std::string_view word);  // as to_string gives them

/// It changes no state by itself: the embargo of what is let stand ends with a lift.
struct Ruling {
  std::string by;
  Instant at{};
  Choice choice = Choice::take_down;
  std::string reason;  // one line, never empty
  friend bool operator==(const Ruling&, const Ruling&) = default;
};

}  // namespace embargod
