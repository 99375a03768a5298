#include "daemon/evidence/warc_reader.h"

#include <gmock/gmock.h>

#include "daemon/evidence/capture.h"
#include "daemon/evidence/gzip.h"
#include "tests/daemon/evidence/captured.h"

namespace embargod {
namespace {

const CapturedBy kBy{.software = "embargod/9", .operator_name = "Example Agency", .user_agent = "embargod/9 (test)"};

std::string whole_file() {
  std::string bytes = warc_member(warcinfo_record(kBy, Instant{Millis{1'524'474'000'000}}));
  for (const WarcRecord& r :
       capture(kBy, caught_page("<html>full page</html>"), taken_for_early(), 1000, nullptr).records)
    bytes += warc_member(r);
  return bytes;
}

Result<void> read_all(std::string_view bytes) {
  WarcReader reader{bytes};
  for (;;) {
    auto r = reader.next();
    if (!r) return tl::unexpected<Fault>{r.error()};
    if (!*r) return {};
  }
}

std::string plain_record(const std::string& fields, const std::string& block = "x") {
  return "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2018-04-23T09:00:00.000Z\r\n" +
         fields + "WARC-Block-Digest: sha256:" + hex(sha256(block)) +
         "\r\nContent-Length: " + std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n";
}

TEST(WarcReaderTest, ReadsBackWhatWasWritten) {
  const auto records = records_in(whole_file());
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].record.type, "warcinfo");
  EXPECT_EQ(records[1].record.type, "response");
  EXPECT_EQ(records[2].record.type, "request");
  EXPECT_EQ(records[3].record.type, "metadata");
  EXPECT_EQ(records[1].offset, records[0].size);
}

TEST(WarcReaderTest, NoCutFileReadsAsAWholeOne) {
  const std::string bytes = whole_file();
  std::vector<std::size_t> ends{0};
  for (const auto& r : records_in(bytes)) ends.push_back(r.offset + r.size);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const auto read = read_all(std::string_view{bytes}.substr(0, size));
    const bool at_an_end = std::find(ends.begin(), ends.end(), size) != ends.end();
    EXPECT_EQ(read.has_value(), at_an_end) << size;
    if (!read && !at_an_end) {
      EXPECT_EQ(read.error().code, Errc::out_of_order) << size;
    }
  }
}

/// gzip has bytes of no meaning (time, system), and deflate says one thing in several ways: such a flip is harmless and
/// what is read is the same. Any other is refused. The export bundle's own digest takes care of the rest.
TEST(WarcReaderTest, NoFlippedByteChangesWhatIsRead) {
  const std::string bytes = whole_file();
  const auto as_read = [](const std::vector<PlacedRecord>& records) {
    std::string all;
    for (const auto& r : records) {
      all += r.record.type;
      for (const auto& [name, value] : r.record.fields) all += name + value;
      all += r.record.block;
    }
    return all;
  };
  const std::string truth = as_read(records_in(bytes));
  std::size_t refused = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x55);
    if (!read_all(flipped)) {
      ++refused;
      continue;
    }
    EXPECT_EQ(as_read(records_in(flipped)), truth) << at;
  }
  EXPECT_GT(refused, bytes.size() * 95 / 100);
}

TEST(WarcReaderTest, RefusesWhatIsNoRecordOfOurs) {
  ASSERT_TRUE(read_warc_record(plain_record("")));
  ASSERT_TRUE(read_warc_record(plain_record("X: y\r\n")));
  std::string wrong_length = plain_record("");
  wrong_length.replace(wrong_length.find("Length: 1"), 9, "Length: 2");
  std::string spaced_length = plain_record("");
  spaced_length.replace(spaced_length.find("Length: 1"), 9, "Length: 01");
  std::string wrong_block = plain_record("");
  wrong_block[wrong_block.size() - 5] = 'y';
  std::string no_type = plain_record("");
  no_type.erase(no_type.find("WARC-Type"), 21);
  std::string many;
  for (int i = 0; i < 80; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  for (const std::string& bad :
       {std::string{}, std::string{"WARC/1.0\r\n\r\n"}, std::string{"WARC/1.1\r\n\r\n\r\n\r\n"}, plain_record("") + "z",
        plain_record("X: y\r\nX: z\r\n"), plain_record("x\r\n"), plain_record("X y: z\r\n"),
        plain_record("X: \x01\r\n"), plain_record("X:\r\n"), plain_record("WARC-Type: request\r\n"),
        plain_record("\r\n"), wrong_length, spaced_length, wrong_block, no_type, plain_record(many),
        plain_record("X: " + std::string(70'000, 'y') + "\r\n")}) {
    const auto read = read_warc_record(bad);
    ASSERT_FALSE(read) << bad.substr(0, 200);
    EXPECT_EQ(read.error().code, Errc::corrupt);
  }
}

TEST(WarcReaderTest, ChecksThePayloadToo) {
  const std::string block = "HTTP/1.1 200 \r\n\r\nbody";
  EXPECT_TRUE(read_warc_record(plain_record("WARC-Payload-Digest: sha256:" + hex(sha256("body")) + "\r\n", block)));
  EXPECT_FALSE(read_warc_record(plain_record("WARC-Payload-Digest: sha256:" + hex(sha256("bodY")) + "\r\n", block)));
}

TEST(WarcReaderTest, UnpacksNoMoreThanItsCap) {
  const auto bomb = read_gzip_member(gzip_member(std::string(100'000, 'x')), 99'999);
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().code, Errc::unsupported);
  EXPECT_TRUE(read_gzip_member(gzip_member(std::string(100'000, 'x')), 100'000));
}

}  // namespace
}  // namespace embargod
