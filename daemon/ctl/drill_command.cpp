// embargoctl drill: from a page that goes live to the person who acknowledges, told as it happens.

#include <array>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "daemon/ctl/commands.h"
#include "daemon/ctl/daemon_json.h"
#include "daemon/ctl/http_client.h"
#include "daemon/watch/drills.h"

namespace embargod {
namespace {

using DrillJson = nlohmann::ordered_json;

std::string drill_took(Millis d) {
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%.3f s", static_cast<double>(d.count()) / 1000.0);
  return out.data();
}

void tell_receipts(const char* what, const std::vector<DrillReceipt>& receipts, std::ostream& out) {
  for (const DrillReceipt& r : receipts)
    out << what << " " << r.receiver << ": "
        << (r.took ? "accepted after " + drill_took(*r.took) : "NOT ACCEPTED (" + r.outcome + ")") << ": " << r.answer
        << "\n";
}

/// Tells what is new since the last look.
class DrillTeller {
 public:
  explicit DrillTeller(std::ostream& out) : out_{out} {}

  void tell(const DrillRecord& now) {
    if (now.detected && !before_.detected)
      out_ << "found: " << drill_took(*now.detected) << " after the page went live\n";
    if (!now.told.empty() && before_.told.empty()) {
      tell_receipts("alarm to", now.told, out_);
      if (now.ack_within > Millis{0} && !now.acknowledged && !now.ended)
        out_ << "Somebody who got it should acknowledge now, within " << format_duration(now.ack_within)
             << ": embargoctl ack " << now.id << " --by=NAME\n";
    }
    if (now.acknowledged && !before_.acknowledged)
      out_ << "acknowledged: by " << now.acknowledged_by << ", " << drill_took(*now.acknowledged)
           << " after it first arrived\n";
    if (!now.cleared.empty() && before_.cleared.empty()) tell_receipts("all-clear to", now.cleared, out_);
    out_.flush();
    before_ = now;
  }

 private:
  std::ostream& out_;
  DrillRecord before_;
};

Result<DrillRecord> drill_now(const std::string& url, const std::string& id) {
  const auto reply = body_or_problem(DaemonClient{url}.get("/api/v1/drills/" + url_encoded(id)));
  if (!reply) return tl::unexpected<Fault>{reply.error()};
  return read_drill(*reply);
}

}  // namespace

int run_drill(const DrillAsk& ask, Streams io) {
  constexpr std::chrono::milliseconds kBetween{250};
  const auto ack_within = parse_duration(ask.ack_within);
  if (!ack_within || *ack_within < Millis{0} || *ack_within > kLongestDrill)
    return complain({Fault{Errc::invalid_input, "--ack-within", "\"" + ask.ack_within + "\" is no duration up to 1h",
                           "write 30s, 10m or 1h; 0s waits for nobody"}},
                    io.err);
  const DrillJson body{{"by", ask.by},
                       {"receivers", ask.receivers},
                       {"ack_within_seconds", static_cast<double>(ack_within->count()) / 1000.0}};
  const auto begun = body_or_problem(DaemonClient{ask.url}.post_json(
      "/api/v1/drills", body.dump(-1, ' ', false, DrillJson::error_handler_t::replace)));
  if (!begun) return complain({begun.error()}, io.err);
  const DrillJson j = DrillJson::parse(*begun, nullptr, false);
  const std::string id = j.is_object() ? text_at(j, "id") : std::string{};
  if (id.empty())
    return complain({Fault{Errc::corrupt, ask.url, "the answer names no drill", "see whether --url names an embargod"}},
                    io.err);
  io.out << "drill " << id << ": a page of embargod itself goes live\n";
  io.out.flush();
  DrillTeller teller{io.out};
  while (true) {
    const auto now = drill_now(ask.url, id);
    if (!now) return complain({now.error()}, io.err);
    teller.tell(*now);
    if (now->ended) {
      io.out << drill_summary(*now) << "\n";
      return has_passed(*now) ? kExitFine : kExitFindings;
    }
    std::this_thread::sleep_for(kBetween);
  }
}

int list_drills(const std::string& url, Streams io) {
  const auto j = daemon_json(url, "/api/v1/drills");
  if (!j) return complain({j.error()}, io.err);
  bool is_first = true;
  for (const DrillJson& item : part(*j, "items")) {
    const auto r = read_drill(item.dump());
    if (!r) return complain({r.error()}, io.err);
    io.out << rfc3339(r->began) << "  " << r->id << "  by " << r->by << ": " << drill_summary(*r) << "\n";
    is_first = false;
  }
  if (is_first) io.out << "No drill is on record: nobody knows whether a message would arrive. See drill --help.\n";
  return kExitFine;
}

}  // namespace embargod
