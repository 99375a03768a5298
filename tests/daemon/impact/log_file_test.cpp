#include "daemon/impact/log_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <fstream>

#include "config/types/digest.h"
#include "tests/support/temp_folder.h"

namespace embargod {
namespace {

using testing::ElementsAre;

std::string gzip(const std::string& text) {
  z_stream z{};
  EXPECT_EQ(::deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(::deflateBound(&z, text.size()) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(::deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  ::deflateEnd(&z);
  return out;
}

std::string zstd(const std::string& text) {
  std::string out(::ZSTD_compressBound(text.size()), '\0');
  out.resize(::ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

class LogFileTest : public testing::Test {
 protected:
  LogFileEnd read(const std::string& bytes) {
    const std::string path = (folder_ / "access.log").string();
    std::ofstream{path, std::ios::binary} << bytes;
    auto file = LogFile::open(path);
    EXPECT_TRUE(file);
    head_ = file->head(64);
    lines_.clear();
    const LogFileEnd end = file->read([this](std::string_view line) { lines_.emplace_back(line); });
    EXPECT_EQ(end.digest, "sha256:" + hex(sha256(bytes)));
    return end;
  }

  TempFolder folder_;
  std::string head_;
  std::vector<std::string> lines_;
};

TEST_F(LogFileTest, LinesOfEveryEndingAndPacking) {
  const std::string text = "one\r\ntwo\n\nfour";
  for (const std::string& bytes : {text, gzip(text), zstd(text)}) {
    const LogFileEnd end = read(bytes);
    EXPECT_THAT(lines_, ElementsAre("one", "two", "", "four"));
    EXPECT_EQ(end.fault, "");
    EXPECT_EQ(end.bytes, text.size());
    EXPECT_EQ(head_, text) << "all of a short file";
  }
  read("");
  EXPECT_THAT(lines_, ElementsAre());
}

TEST_F(LogFileTest, RotatedFilesMayBeJoined) {
  EXPECT_EQ(read(gzip("one\n") + gzip("two\n") + std::string(512, '\0')).fault, "");
  EXPECT_THAT(lines_, ElementsAre("one", "two"));
  EXPECT_EQ(read(zstd("one\n") + zstd("two\n")).fault, "");
  EXPECT_THAT(lines_, ElementsAre("one", "two"));
}

TEST_F(LogFileTest, WhatCameBeforeTheDamageIsKeptAndTheDamageIsSaid) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "line " + std::to_string(i * 7919) + "\n";
  const std::string packed = gzip(text);
  EXPECT_EQ(read(packed.substr(0, packed.size() / 2)).fault, "the gzip data is cut off");
  EXPECT_GT(lines_.size(), 1'000U);
  std::string damaged = packed;
  damaged[packed.size() / 2] = static_cast<char>(~damaged[packed.size() / 2]);
  EXPECT_EQ(read(damaged).fault, "the gzip data is damaged");
  const std::string z = zstd(text);
  EXPECT_EQ(read(z.substr(0, z.size() - 5)).fault, "the zstd data is cut off");
  std::string bad = z;
  bad[z.size() / 2] = static_cast<char>(~bad[z.size() / 2]);
  bad[z.size() / 2 + 1] = static_cast<char>(~bad[z.size() / 2 + 1]);
  bad.resize(bad.size() - 3);
  EXPECT_NE(read(bad).fault, "");
}

TEST_F(LogFileTest, ALineWithoutEndIsLeftOutAndTheNextOneRead) {
  const LogFileEnd end =
      read("one\n" + std::string(3 * kLongestLogLine, 'x') + "\ntwo\n" + std::string(kLongestLogLine + 1, 'y'));
  EXPECT_THAT(lines_, ElementsAre("one", "two"));
  EXPECT_EQ(end.long_lines, 2U);
  read(std::string(kLongestLogLine, 'x') + "\n");
  EXPECT_EQ(lines_.size(), 1U) << "just not too long";
}

// The buffer's end falls into every place of a line.
TEST_F(LogFileTest, LinesAcrossBlocksStayWhole) {
  std::string text;
  std::vector<std::string> want;
  for (int i = 0; text.size() < (std::size_t{5} << 19U); ++i) {
    want.push_back(std::string(static_cast<std::size_t>(i % 97), 'a') + std::to_string(i));
    text += want.back() + "\n";
  }
  read(text);
  EXPECT_EQ(lines_, want);
  EXPECT_TRUE(head_.ends_with('\n'));
  read(gzip(text));
  EXPECT_EQ(lines_, want);
}

TEST_F(LogFileTest, AMemoryBombIsReadInBlocks) {
  const LogFileEnd end = read(gzip(std::string(std::size_t{64} << 20U, 'x')));
  EXPECT_THAT(lines_, ElementsAre());
  EXPECT_EQ(end.long_lines, 1U);
}

TEST(LogFile, WhatCannotBeReadIsSaidWithItsPath) {
  EXPECT_THAT(to_string(LogFile::open("/no/such/access.log").error()), testing::HasSubstr("/no/such/access.log"));
  EXPECT_THAT(to_string(LogFile::open("/").error()), testing::HasSubstr("directory"));
}

}  // namespace
}  // namespace embargod
