#include "probes/discovery/gunzip.h"

#include <zlib.h>

#include <array>

namespace embargod {
namespace {

constexpr int kGzipOnly = 16 + MAX_WBITS;

}  // namespace

bool begins_as_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

struct Gunzip::Inner {
  z_stream stream{};
  bool ready = false;
  bool ended = false;  // a member is complete; another one may follow

  Inner() { ready = inflateInit2(&stream, kGzipOnly) == Z_OK; }
  Inner(const Inner&) = delete;
  Inner& operator=(const Inner&) = delete;
  ~Inner() {
    if (ready) inflateEnd(&stream);
  }
};

Gunzip::Gunzip() : inner_{std::make_unique<Inner>()} {}
Gunzip::Gunzip(Gunzip&&) noexcept = default;
Gunzip& Gunzip::operator=(Gunzip&&) noexcept = default;
Gunzip::~Gunzip() = default;

Result<void> Gunzip::take(std::string_view chunk, const Out& out) {
  Inner& in = *inner_;
  if (!in.ready) return fail(Errc::unavailable, "out of memory");
  z_stream& z = in.stream;
  z.next_in = reinterpret_cast<z_const Bytef*>(const_cast<char*>(chunk.data()));  // it only reads
  z.avail_in = static_cast<uInt>(chunk.size());
  std::array<char, 64U << 10U> room{};
  while (z.avail_in > 0) {
    if (in.ended) {
      if (inflateReset(&z) != Z_OK) return fail(Errc::corrupt, "the gzip data are broken");
      in.ended = false;
    }
    z.next_out = reinterpret_cast<Bytef*>(room.data());
    z.avail_out = static_cast<uInt>(room.size());
    const int rc = inflate(&z, Z_NO_FLUSH);
    if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) return fail(Errc::corrupt, "the gzip data are broken");
    if (const std::size_t made = room.size() - z.avail_out; made > 0)
      if (auto taken = out({room.data(), made}); !taken) return taken;
    in.ended = rc == Z_STREAM_END;
    if (rc == Z_BUF_ERROR) break;
  }
  return {};
}

Result<void> Gunzip::finish() const {
  if (!inner_->ended) return fail(Errc::corrupt, "the gzip data end too early", {}, "it may have been cut on its way");
  return {};
}

}  // namespace embargod
