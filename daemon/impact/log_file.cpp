#include "daemon/impact/log_file.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <system_error>
#include <vector>

#include "config/types/digest.h"

namespace embargod {

namespace {
constexpr std::size_t kBlock = std::size_t{1} << 20U;
}  // namespace

/// Bytes in order. read() gives 0 at the end; after a fault too, and fault() then says what it was.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  [[nodiscard]] virtual std::size_t read(char* out, std::size_t room) = 0;
  [[nodiscard]] const std::string& fault() const { return fault_; }

 protected:
  void fail_with(std::string fault) { fault_ = std::move(fault); }

 private:
  std::string fault_;
};

/// Takes the digest of what it gives.
class FileBytes final : public ByteSource {
 public:
  /// Takes `fd`, closes it unless it is standard input.
  explicit FileBytes(int fd) : fd_{fd}, digest_{::EVP_MD_CTX_new(), &::EVP_MD_CTX_free} {
    is_digested_ = digest_ && ::EVP_DigestInit_ex(digest_.get(), ::EVP_sha256(), nullptr) == 1;
  }
  ~FileBytes() override {
    if (fd_ != STDIN_FILENO) ::close(fd_);
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  [[nodiscard]] std::size_t read(char* out, std::size_t room) override {
    ssize_t n = 0;
    do n = ::read(fd_, out, room);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
      fail_with("reading stopped: " + std::generic_category().message(errno));
      return 0;
    }
    const auto count = static_cast<std::size_t>(n);
    is_digested_ = is_digested_ && ::EVP_DigestUpdate(digest_.get(), out, count) == 1;
    return count;
  }

  /// Of all that is left too. Empty if that can't be read.
  [[nodiscard]] std::string digest() {
    std::vector<char> rest(kBlock);
    while (fault().empty() && read(rest.data(), rest.size()) > 0) continue;
    Digest d{};
    unsigned size = 0;
    if (!fault().empty() || !is_digested_ || ::EVP_DigestFinal_ex(digest_.get(), d.data(), &size) != 1) return {};
    return "sha256:" + hex(d);
  }

 private:
  int fd_;
  std::unique_ptr<EVP_MD_CTX, decltype(&::EVP_MD_CTX_free)> digest_;
  bool is_digested_ = false;
};

namespace {

/// The bytes of `rest` behind those that were read already to know what the file is.
class ReplayedBytes final : public ByteSource {
 public:
  ReplayedBytes(std::string first, std::unique_ptr<ByteSource> rest)
      : first_{std::move(first)}, rest_{std::move(rest)} {}

  [[nodiscard]] std::size_t read(char* out, std::size_t room) override {
    if (at_ < first_.size()) {
      const std::size_t n = std::min(room, first_.size() - at_);
      std::memcpy(out, first_.data() + at_, n);
      at_ += n;
      return n;
    }
    const std::size_t n = rest_->read(out, room);
    if (n == 0 && !rest_->fault().empty()) fail_with(rest_->fault());
    return n;
  }

 private:
  std::string first_;
  std::size_t at_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

/// Rotated logs are joined with cat: several members make one file.
class GzipBytes final : public ByteSource {
 public:
  explicit GzipBytes(std::unique_ptr<ByteSource> packed) : packed_{std::move(packed)}, in_(kBlock) {
    constexpr int kGzipOnly = 15 + 16;
    is_open_ = ::inflateInit2(&z_, kGzipOnly) == Z_OK;
    if (!is_open_) fail_with("gzip could not be set up");
  }
  ~GzipBytes() override {
    if (is_open_) ::inflateEnd(&z_);
  }
  GzipBytes(const GzipBytes&) = delete;
  GzipBytes& operator=(const GzipBytes&) = delete;

  [[nodiscard]] std::size_t read(char* out, std::size_t room) override {
    if (!is_open_ || is_over_) return 0;
    z_.next_out = reinterpret_cast<Bytef*>(out);
    z_.avail_out = static_cast<uInt>(room);
    while (z_.avail_out == room) {
      if (z_.avail_in == 0 && !refill()) return end();
      if (is_between_ && !begin_member()) return end();
      const int status = ::inflate(&z_, Z_NO_FLUSH);
      if (status == Z_STREAM_END) {
        is_between_ = true;
      } else if (status != Z_OK && status != Z_BUF_ERROR) {
        fail_with("the gzip data is damaged");
        is_over_ = true;
        break;
      }
    }
    return room - z_.avail_out;
  }

 private:
  bool refill() {
    const std::size_t n = packed_->read(in_.data(), in_.size());
    z_.next_in = reinterpret_cast<Bytef*>(in_.data());
    z_.avail_in = static_cast<uInt>(n);
    return n > 0;
  }

  // Zeros behind the last member are padding of tapes and block devices.
  bool begin_member() {
    while (z_.avail_in > 0 && *z_.next_in == 0) {
      ++z_.next_in;
      --z_.avail_in;
    }
    if (z_.avail_in == 0) return false;
    is_between_ = false;
    return ::inflateReset(&z_) == Z_OK;
  }

  std::size_t end() {
    if (!packed_->fault().empty())
      fail_with(packed_->fault());
    else if (!is_between_)
      fail_with("the gzip data is cut off");
    is_over_ = true;
    return 0;
  }

  std::unique_ptr<ByteSource> packed_;
  std::vector<char> in_;
  z_stream z_{};
  bool is_open_ = false;
  bool is_between_ = false;  // members
  bool is_over_ = false;
};

class ZstdBytes final : public ByteSource {
 public:
  explicit ZstdBytes(std::unique_ptr<ByteSource> packed)
      : packed_{std::move(packed)}, in_(kBlock), stream_{::ZSTD_createDCtx(), &::ZSTD_freeDCtx} {
    constexpr int kLargestWindow = 27;  // 128 MiB, as the zstd program's own limit
    if (!stream_ || ::ZSTD_isError(::ZSTD_DCtx_setParameter(stream_.get(), ZSTD_d_windowLogMax, kLargestWindow)) != 0)
      fail_with("zstd could not be set up");
  }

  [[nodiscard]] std::size_t read(char* out, std::size_t room) override {
    if (!fault().empty() || is_over_) return 0;
    ZSTD_outBuffer unpacked{out, room, 0};
    while (unpacked.pos == 0) {
      if (given_.pos == given_.size && !refill()) return end();
      wanted_ = ::ZSTD_decompressStream(stream_.get(), &unpacked, &given_);
      if (::ZSTD_isError(wanted_) != 0) {
        fail_with(std::string{"the zstd data is damaged: "} + ::ZSTD_getErrorName(wanted_));
        break;
      }
    }
    return unpacked.pos;
  }

 private:
  bool refill() {
    const std::size_t n = packed_->read(in_.data(), in_.size());
    given_ = {in_.data(), n, 0};
    return n > 0;
  }

  std::size_t end() {
    if (!packed_->fault().empty())
      fail_with(packed_->fault());
    else if (wanted_ != 0)
      fail_with("the zstd data is cut off");
    is_over_ = true;
    return 0;
  }

  std::unique_ptr<ByteSource> packed_;
  std::vector<char> in_;
  std::unique_ptr<ZSTD_DCtx, decltype(&::ZSTD_freeDCtx)> stream_;
  ZSTD_inBuffer given_{};
  std::size_t wanted_ = 0;  // 0: a frame has ended
  bool is_over_ = false;
};

/// Cuts blocks into lines and hands each on.
class LineCutter {
 public:
  LineCutter(const std::function<void(std::string_view)>& take, LogFileEnd& end) : take_{&take}, end_{&end} {}

  void block(std::string_view bytes) {
    while (!bytes.empty()) {
      const std::size_t at = bytes.find('\n');
      if (at == std::string_view::npos) {
        keep(bytes);
        return;
      }
      const std::string_view piece = bytes.substr(0, at);
      bytes.remove_prefix(at + 1);
      if (is_long_ || !begun_.empty()) {
        keep(piece);
        finish();
      } else {
        hand_on(piece);
      }
    }
  }

  /// A last line without a line break.
  void finish() {
    if (is_long_) {
      ++end_->long_lines;
    } else if (!begun_.empty()) {
      hand_on(begun_);
    }
    begun_.clear();
    is_long_ = false;
  }

 private:
  void keep(std::string_view piece) {
    if (is_long_) return;
    if (begun_.size() + piece.size() > kLongestLogLine) {
      is_long_ = true;
      begun_.clear();
    } else {
      begun_ += piece;
    }
  }

  void hand_on(std::string_view line) {
    if (line.size() > kLongestLogLine) {
      ++end_->long_lines;
      return;
    }
    if (line.ends_with('\r')) line.remove_suffix(1);
    (*take_)(line);
  }

  const std::function<void(std::string_view)>* take_;
  LogFileEnd* end_;
  std::string begun_;
  bool is_long_ = false;
};

}  // namespace

LogFile::LogFile(std::unique_ptr<ByteSource> bytes, FileBytes* file) : bytes_{std::move(bytes)}, file_{file} {}
LogFile::~LogFile() = default;
LogFile::LogFile(LogFile&&) noexcept = default;

Result<LogFile> LogFile::open(const std::string& path) {
  const int fd = path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return fail(Errc::io, "cannot be opened: " + std::generic_category().message(errno), path,
                "give the path of an access log");
  auto owned = std::make_unique<FileBytes>(fd);
  FileBytes* file = owned.get();
  constexpr std::size_t kMagic = 4;
  std::string first(kMagic, '\0');
  std::size_t have = 0;
  while (have < kMagic) {
    const std::size_t n = file->read(first.data() + have, kMagic - have);
    if (n == 0) break;
    have += n;
  }
  if (!file->fault().empty()) return fail(Errc::io, file->fault(), path, "give the path of an access log");
  first.resize(have);
  const bool is_gzip = first.starts_with("\x1f\x8b");
  const bool is_zstd = first == "\x28\xb5\x2f\xfd";
  std::unique_ptr<ByteSource> all = std::make_unique<ReplayedBytes>(std::move(first), std::move(owned));
  if (is_gzip)
    all = std::make_unique<GzipBytes>(std::move(all));
  else if (is_zstd)
    all = std::make_unique<ZstdBytes>(std::move(all));
  return LogFile{std::move(all), file};
}

std::string LogFile::head(std::size_t max_bytes) {
  const std::size_t had = peeked_.size();
  peeked_.resize(std::max(had, max_bytes));
  std::size_t have = had;
  while (have < max_bytes) {
    const std::size_t n = bytes_->read(peeked_.data() + have, max_bytes - have);
    if (n == 0) break;
    have += n;
  }
  peeked_.resize(have);
  if (have < max_bytes) return peeked_;
  return peeked_.substr(0, peeked_.rfind('\n') + 1);  // npos + 1: not one whole line
}

LogFileEnd LogFile::read(const std::function<void(std::string_view line)>& take) {
  LogFileEnd end;
  LineCutter cutter{take, end};
  end.bytes = peeked_.size();
  cutter.block(peeked_);
  peeked_ = {};
  std::vector<char> buffer(kBlock);
  for (;;) {
    const std::size_t n = bytes_->read(buffer.data(), buffer.size());
    if (n == 0) break;
    end.bytes += n;
    cutter.block({buffer.data(), n});
  }
  cutter.finish();
  end.fault = bytes_->fault();
  end.digest = file_->digest();
  return end;
}

}  // namespace embargod
