#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace embargod {

/// A value that must not reach a log, a dump or an alert: it prints as ***. Ask for it by name where it is used.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_{std::move(value)} {}

  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

  friend bool operator==(const Secret&, const Secret&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }
  friend std::string to_string(const Secret&) { return "***"; }

 private:
  std::string value_;
};

}  // namespace embargod
