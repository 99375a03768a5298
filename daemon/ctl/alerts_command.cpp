// embargoctl alerts: does a message arrive?

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>

#include "daemon/ctl/commands.h"
#include "daemon/ctl/daemon_json.h"
#include "daemon/ctl/http_client.h"

namespace embargod {

int test_alert(const std::string& url, const std::string& receiver, const std::string& by, Streams io) {
  using Json = nlohmann::ordered_json;
  const Json body{{"by", by}, {"receiver", receiver}};
  constexpr Millis kPatience{25'000};  // the daemon waits for 15 s, and up to 5 s for the record
  const auto reply = body_or_problem(DaemonClient{url, kPatience}.post_json(
      "/api/v1/alerts/test", body.dump(-1, ' ', false, Json::error_handler_t::replace)));
  if (!reply) return complain({reply.error()}, io.err);
  const Json j = Json::parse(*reply, nullptr, false);
  if (!j.is_object() || !part(j, "seconds").is_number())
    return complain({Fault{Errc::corrupt, url, "the answer is not JSON", "see whether --url names an embargod"}},
                    io.err);
  std::array<char, 40> seconds{};
  std::snprintf(seconds.data(), seconds.size(), "%.3f s", part(j, "seconds").get<double>());
  const std::string outcome = text_at(j, "outcome");
  const bool accepted = outcome == "accepted";
  io.out << text_at(j, "receiver") << ": "
         << (accepted                ? "accepted"
             : outcome == "rejected" ? "REJECTED for good"
                                     : "NOT ACCEPTED now")
         << " after " << seconds.data() << ": " << text_at(j, "answer") << "\n";
  if (accepted) io.out << "Now ask the people there whether \"[TEST] ...\" reached them.\n";
  return accepted ? kExitFine : kExitFindings;
}

}  // namespace embargod
