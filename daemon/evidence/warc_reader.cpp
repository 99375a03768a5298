#include "daemon/evidence/warc_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "config/types/digest.h"
#include "daemon/evidence/gzip.h"

namespace embargod {
namespace {

constexpr std::size_t kMostHead = std::size_t{64} << 10U;
constexpr std::size_t kMostFields = 64;
constexpr std::array<std::string_view, 6> kTypes{"warcinfo", "request", "response", "revisit", "metadata", "resource"};

tl::unexpected<Fault> broken(std::string what) { return fail(Errc::corrupt, std::move(what), "WARC"); }

bool is_name(std::string_view s) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  return !s.empty() && std::all_of(s.begin(), s.end(), allowed);
}

bool is_text(std::string_view s) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  return !s.empty() && std::none_of(s.begin(), s.end(), control);
}

Result<void> read_fields(std::string_view head, WarcRecord& r) {
  while (!head.empty()) {
    const auto end = head.find("\r\n");
    if (end == std::string_view::npos) return broken("a field without its line's end");
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 2);
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos || !is_name(line.substr(0, colon)) || !is_text(line.substr(colon + 2)))
      return broken("a line that is no field");
    const std::string name{line.substr(0, colon)};
    if (name == "WARC-Type") {
      if (!r.type.empty()) return broken("two types");
      r.type = line.substr(colon + 2);
      continue;
    }
    if (r.field(name) != nullptr) return broken("the field " + name + " twice");
    if (r.fields.size() == kMostFields) return broken("more fields than any record of ours has");
    r.fields.emplace_back(name, line.substr(colon + 2));
  }
  if (std::find(kTypes.begin(), kTypes.end(), r.type) == kTypes.end()) return broken("a record of no known type");
  for (const char* needed : {"WARC-Record-ID", "WARC-Date", "WARC-Block-Digest", "Content-Length"})
    if (r.field(needed) == nullptr) return broken(std::string{"no "} + needed);
  return {};
}

Result<std::size_t> length_in(const WarcRecord& r) {
  const std::string& text = *r.field("Content-Length");
  std::size_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc{} || end != text.data() + text.size() || std::to_string(n) != text)
    return broken("a length that is no number");
  return n;
}

Result<void> check_digests(const WarcRecord& r) {
  if (*r.field("WARC-Block-Digest") != "sha256:" + hex(sha256(r.block)))
    return broken("the block is not the one written");
  const std::string* payload = r.field("WARC-Payload-Digest");
  if (payload == nullptr || r.type == "revisit") return {};  // a revisit has no payload of its own
  const std::string_view body = std::string_view{r.block}.substr(http_payload_at(r.block));
  if (*payload != "sha256:" + hex(sha256(body))) return broken("the payload is not the one written");
  return {};
}

}  // namespace

Result<WarcRecord> read_warc_record(std::string_view plain) {
  constexpr std::string_view kVersion = "WARC/1.1\r\n";
  if (!plain.starts_with(kVersion)) return broken("no record of WARC 1.1");
  const auto end = plain.substr(0, kMostHead).find("\r\n\r\n");
  if (end == std::string_view::npos) return broken("a head without end");
  WarcRecord r;
  if (auto read = read_fields(plain.substr(kVersion.size(), end + 2 - kVersion.size()), r); !read)
    return tl::unexpected<Fault>{read.error()};
  const auto length = length_in(r);
  if (!length) return tl::unexpected<Fault>{length.error()};
  const std::string_view rest = plain.substr(end + 4);
  if (rest.size() < 4 || *length != rest.size() - 4) return broken("a length that does not fit");
  if (!rest.ends_with("\r\n\r\n")) return broken("a record without its end");
  r.block = rest.substr(0, *length);
  if (auto checked = check_digests(r); !checked) return tl::unexpected<Fault>{checked.error()};
  return r;
}

Result<std::optional<PlacedRecord>> WarcReader::next() {
  if (offset_ == file_.size()) return std::nullopt;
  const auto member = read_gzip_member(file_.substr(offset_), kMostRecord);
  if (!member) return tl::unexpected<Fault>{member.error()};
  auto record = read_warc_record(member->plain);
  if (!record) return tl::unexpected<Fault>{record.error()};
  PlacedRecord placed{.offset = offset_, .size = member->size, .record = std::move(*record)};
  offset_ += member->size;
  return placed;
}

}  // namespace embargod
