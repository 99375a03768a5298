#include "daemon/evidence/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

namespace embargod {
namespace {

constexpr int kGzipWindow = 15 + 16;  // zlib: the largest window, in a gzip wrapper

Bytef* input_of(std::string_view bytes) {
  // zlib reads only, but its field is not const.
  return const_cast<Bytef*>(
      reinterpret_cast<const Bytef*>(bytes.data()));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

uInt clipped(std::size_t n) { return static_cast<uInt>(std::min<std::size_t>(n, std::numeric_limits<uInt>::max())); }

struct Inflater {
  z_stream z{};
  ~Inflater() { inflateEnd(&z); }
};

}  // namespace

std::string gzip_member(std::string_view plain) {
  assert(plain.size() <= std::numeric_limits<uInt>::max());
  z_stream z{};
  [[maybe_unused]] int rc = deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  assert(rc == Z_OK);
  std::string out(deflateBound(&z, static_cast<uLong>(plain.size())), '\0');
  z.next_in = input_of(plain);
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  rc = deflate(&z, Z_FINISH);
  assert(rc == Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

Result<GzipMember> read_gzip_member(std::string_view bytes, std::size_t most) {
  Inflater in;
  if (inflateInit2(&in.z, kGzipWindow) != Z_OK) return fail(Errc::unavailable, "no memory to unpack with");
  GzipMember out;
  std::array<char, 65'536> chunk{};
  std::size_t given = 0;
  for (;;) {
    if (in.z.avail_in == 0 && given < bytes.size()) {
      in.z.next_in = input_of(bytes.substr(given));
      in.z.avail_in = clipped(bytes.size() - given);
      given += in.z.avail_in;
    }
    in.z.next_out = reinterpret_cast<Bytef*>(chunk.data());
    in.z.avail_out = static_cast<uInt>(chunk.size());
    const int rc = inflate(&in.z, Z_NO_FLUSH);
    const std::size_t got = chunk.size() - in.z.avail_out;
    if (got > most - out.plain.size()) return fail(Errc::unsupported, "a record is larger than is read here");
    out.plain.append(chunk.data(), got);
    if (rc == Z_STREAM_END) break;
    if (rc == Z_BUF_ERROR || (rc == Z_OK && in.z.avail_in == 0 && given == bytes.size() && in.z.avail_out > 0))
      return fail(Errc::out_of_order, "a record ends before it is whole");
    if (rc != Z_OK) return fail(Errc::corrupt, "a record cannot be unpacked");
  }
  out.size = given - in.z.avail_in;
  return out;
}

}  // namespace embargod
