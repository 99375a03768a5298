// Reads a WARC file with warcio and tells what it found, as JSON: an opinion that owes nothing to embargod.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { WARCParser } from "warcio";

const found = [];
const parser = new WARCParser(createReadStream(process.argv[2]), { keepHeadersCase: false });
for await (const record of parser) {
  const payload = await record.readFully(true);
  found.push({
    offset: parser.offset,
    type: record.warcType,
    url: record.warcTargetURI,
    date: record.warcDate,
    version: record.warcHeaders.statusline,
    id: record.warcHeader("WARC-Record-ID"),
    refers: record.warcHeader("WARC-Refers-To"),
    concurrent: record.warcHeader("WARC-Concurrent-To"),
    truncated: record.warcHeader("WARC-Truncated"),
    digest: record.warcPayloadDigest,
    sha256: "sha256:" + createHash("sha256").update(payload).digest("hex"),
    size: payload.length,
    status: record.httpHeaders?.statusline ?? null,
    headers: record.httpHeaders ? Object.fromEntries(record.httpHeaders.headers.entries()) : null,
  });
}
console.log(JSON.stringify(found));
