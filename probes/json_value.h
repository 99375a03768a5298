#pragma once
// Values of a JSON body by RFC 6901 pointer. Pure.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/types/result.h"

namespace embargod {

/// Whether `text` is a JSON pointer: empty, or "/a/b~1c/0".
[[nodiscard]] bool is_json_pointer(std::string_view text);

/// A parsed body. Depth at most 200, size at most 8 MiB.
class JsonBody {
 public:
  [[nodiscard]] static std::optional<JsonBody> parse(std::string_view text);  // unset: no JSON, or beyond the limits
  JsonBody(JsonBody&&) noexcept;
  JsonBody& operator=(JsonBody&&) noexcept;
  ~JsonBody();

  /// The value as text: a string without quotes, numbers, true, false and null as written, objects and arrays in
  /// canonical form (keys sorted, no blanks). Unset: nothing is there.
  [[nodiscard]] std::optional<std::string> at(const std::string& pointer) const;

  /// For each of the first `most` values of the array at `list`: what stands there at each of `parts`: a text, a
  /// number, true or false as text, else "". Unset: there is no array.
  [[nodiscard]] std::optional<std::vector<std::vector<std::string>>> each(const std::string& list,
                                                                          const std::vector<std::string>& parts,
                                                                          std::size_t most) const;

 private:
  JsonBody();
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

[[nodiscard]] bool looks_like_json(std::string_view content_type, std::string_view body);

}  // namespace embargod
