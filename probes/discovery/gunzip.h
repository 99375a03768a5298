#pragma once
// gzip, taken off chunk by chunk: sitemaps are often kept as .xml.gz, which no Content-Encoding tells of.

#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

#include "config/types/result.h"

namespace embargod {

/// Whether bytes begin as gzip does (RFC 1952).
[[nodiscard]] bool begins_as_gzip(std::string_view bytes);

/// Memory is flat whatever the bytes unpack to. One thread.
class Gunzip {
 public:
  using Out = std::function<Result<void>(std::string_view)>;
  Gunzip();
  Gunzip(Gunzip&&) noexcept;
  Gunzip& operator=(Gunzip&&) noexcept;
  ~Gunzip();

  /// Passes on what `chunk` unpacks to, in pieces. Error corrupt: no gzip; else what `out` refused.
  [[nodiscard]] Result<void> take(std::string_view chunk, const Out& out);
  /// Error corrupt: it ends too early.
  [[nodiscard]] Result<void> finish() const;

 private:
  struct Inner;
  std::unique_ptr<Inner> inner_;
};

}  // namespace embargod
