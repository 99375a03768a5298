#include "probes/expression.h"

#include <cstring>

namespace embargod {
namespace {

constexpr std::size_t kLongest = 1000;
constexpr std::int64_t kMemory = 8 << 20;

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

bool holds_literal(std::string_view text, std::string_view needle) {
  if (text.size() < needle.size()) return false;  // nothing at all may have no address either
  return needle.empty() || memmem(text.data(), text.size(), needle.data(), needle.size()) != nullptr;
}

Result<Expression> Expression::make(const std::string& pattern, Charset charset, const Mark& mark) {
  const std::string where = to_string(mark);
  if (pattern.size() > kLongest)
    return fail(Errc::invalid_input, "the regular expression is longer than 1000 bytes", where, "shorten it");
  if (pattern.empty()) return fail(Errc::invalid_input, "the regular expression is empty", where, "write one");
  RE2::Options options;
  options.set_encoding(charset == Charset::bytes ? RE2::Options::EncodingLatin1 : RE2::Options::EncodingUTF8);
  options.set_max_mem(kMemory);
  options.set_log_errors(false);
  Expression e;
  e.re_ = std::make_unique<RE2>(pattern, options);
  if (!e.re_->ok())
    return fail(Errc::invalid_input, "the regular expression does not compile: " + e.re_->error(), where,
                "RE2 syntax has no look-around and no back-references");
  if (pattern.find_first_of("\\^$.|?*+()[]{}") == std::string::npos) e.literal_ = pattern;
  return e;
}

bool Expression::found_in(std::string_view text) const {
  if (!literal_.empty()) return holds_literal(text, literal_);
  return re_->Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

int Expression::groups() const { return re_->NumberOfCapturingGroups(); }

std::optional<std::string> Expression::capture(std::string_view text) const {
  if (groups() < 1) return std::nullopt;
  re2::StringPiece found[2];
  if (!re_->Match(piece(text), 0, text.size(), RE2::UNANCHORED, found, 2) || found[1].data() == nullptr)
    return std::nullopt;
  return std::string{found[1].data(), found[1].size()};
}

void Expression::blank_out(std::string& text) const { RE2::GlobalReplace(&text, *re_, " "); }

}  // namespace embargod
