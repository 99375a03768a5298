#pragma once
// What a request must be to change something: from this machine, from no foreign page, and exactly the JSON we know.
// Pure.

#include <optional>
#include <string>
#include <vector>

#include "config/types/result.h"
#include "daemon/watch/command.h"
#include "daemon/web/message.h"

namespace embargod {

struct PostRules {
  std::string external_origin;  // "https://embargo.example.org"; "" if there is none
  bool behind_proxy = false;    // then a loopback peer proves nothing: every user of the proxy has one
};

/// "scheme://host[:port]" of an URL as a browser sends it; "" if it is no http URL.
[[nodiscard]] std::string origin_of(const std::string& url);

/// The reply that refuses (403), or nullopt: the sender may change something. RFC 6454 and Fetch Metadata against
/// forged requests.
[[nodiscard]] std::optional<WebReply> refuse_sender(const WebRequest& q, const PostRules& rules);

/// The reply that refuses (415) a body that is not declared as JSON.
[[nodiscard]] std::optional<WebReply> refuse_content_type(const WebRequest& q);

/// Reads {"by":"...","reason":"..."}, of a baseline also {"fingerprint":"..."}. Error invalid_input: no JSON object,
/// nested too deeply, a member twice or unknown, `by` missing or longer than 200 characters, `reason` longer than 2000
/// or missing where `what` needs one, no `fingerprint` of a baseline, more than one line.
[[nodiscard]] Result<Command> read_command(Command::What what, const std::string& id, const std::string& body);

}  // namespace embargod
