#pragma once
// What one look saw, as WARC records. Pure but for the random record ids.

#include <cstddef>
#include <string>
#include <vector>

#include "daemon/evidence/warc.h"
#include "daemon/watch/evidence_vault.h"
#include "probes/observation.h"

namespace embargod {

/// Who captures.
struct CapturedBy {
  std::string software;       // "embargod/0.1.0"
  std::string operator_name;  // the producer whose site is watched
  std::string user_agent;     // as sent
};

/// An earlier record of the same file with the same payload.
struct EarlierPayload {
  std::string record_id, url, date;
};

struct Capture {
  std::vector<WarcRecord> records;  // the answer first, if there was one; request; metadata
  std::string payload_digest;       // of what the answer's record holds; empty: of a revisit, a cut body, or no answer
};

/// The record that every file begins with.
[[nodiscard]] WarcRecord warcinfo_record(const CapturedBy& by, Instant now);

/// `max_body`: bytes of the body that are kept. `earlier`: a whole body that is already in the file is not kept twice.
///
/// What is true of these records and what is not: the body is without content coding and the head without line breaks
/// inside values, as the client library hands them out, so Content-Encoding, Transfer-Encoding and Content-Length are
/// under X-Orig- names, the usage of other capture tools; the reason phrase is not known; an answer of HTTP/2 is
/// written in the form of HTTP/1.1 with WARC-Protocol: h2; the request is the one asked for, not the bytes sent. The
/// metadata record says so.
[[nodiscard]] Capture capture(const CapturedBy& by, const Observation& o, const TakenFor& taken, std::size_t max_body,
                              const EarlierPayload* earlier);

/// The digest by which a body is known again in a file; empty where it must be kept whole anyway.
[[nodiscard]] std::string whole_payload(const Observation& o, std::size_t max_body);

}  // namespace embargod
