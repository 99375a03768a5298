// A JSON body and a pointer into it. Input: the pointer, a newline, the body.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "probes/json_value.h"

namespace {

void must(bool promise) {
  if (!promise) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace embargod;
  const std::string_view input{reinterpret_cast<const char*>(data), size};
  const auto end = input.find('\n');
  const std::string pointer{input.substr(0, end)};
  const std::string_view text = end == std::string_view::npos ? std::string_view{} : input.substr(end + 1);
  const bool is_pointer = is_json_pointer(pointer);
  const auto body = JsonBody::parse(text);
  if (!body) return 0;
  const auto found = body->at(pointer);
  must(is_pointer || !found);
  const auto whole = body->at("");
  must(whole.has_value());
  // The canonical form of an object or array is JSON again, and its own canonical form.
  const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (text[first] == '{' || text[first] == '[') {
    const auto again = JsonBody::parse(*whole);
    must(again.has_value());
    must(again->at("") == whole);
    must(again->at(pointer) == found);
  }
  return 0;
}
