#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace embargod {

enum class LogLevel : std::uint8_t { debug = 0, info = 1, warn = 2, error = 3 };

/// One structured line per event. Any thread. Info is a change a person acts on; URLs at debug only; never a body or
/// secret.
class Log {
 public:
  using Field = std::pair<std::string_view, std::string>;
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view msg, std::initializer_list<Field> fields) = 0;

  void debug(std::string_view m, std::initializer_list<Field> f = {}) { write(LogLevel::debug, m, f); }
  void info(std::string_view m, std::initializer_list<Field> f = {}) { write(LogLevel::info, m, f); }
  void warn(std::string_view m, std::initializer_list<Field> f = {}) { write(LogLevel::warn, m, f); }
  void error(std::string_view m, std::initializer_list<Field> f = {}) { write(LogLevel::error, m, f); }
};

/// For tests and tools that need none.
class NullLog final : public Log {
 public:
  void write(LogLevel, std::string_view, std::initializer_list<Field>) override {}
};

}  // namespace embargod
