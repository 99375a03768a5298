#pragma once
// What an XPath may cost on one page.

#include <cstddef>
#include <string_view>

namespace embargod {

/// Counts what is done; once it is spent, every loop ends. One thread.
class XBudget {
 public:
  /// True while there is some left.
  bool charge(std::size_t steps) {
    steps_ += steps;
    return !spent();
  }
  bool charge_text(std::string_view looked_at) { return charge(1 + looked_at.size() / kBytesAStep); }
  bool charge_copy(std::string_view kept) { return charge(1 + kept.size() / kCopiedBytesAStep); }
  [[nodiscard]] bool spent() const { return steps_ > kMostSteps; }

 private:
  static constexpr std::size_t kMostSteps = 10'000'000;  // nodes visited
  static constexpr std::size_t kBytesAStep = 16;         // of text: 160 MB in all
  static constexpr std::size_t kCopiedBytesAStep = 4;    // of text that is kept: 40 MB in all
  std::size_t steps_ = 0;
};

}  // namespace embargod
