// The part of the site that proves that alerts arrive.

#include <nlohmann/json.hpp>

#include "daemon/web/site.h"

namespace embargod {

WebReply Site::test_alert(const WebRequest& q, const std::string&) {
  if (const auto refused = refuse_sender(q, rules_)) return *refused;
  if (const auto refused = refuse_content_type(q)) return *refused;
  const auto command = read_command(Command::What::alert_tested, {}, q.body);
  if (!command) return refusal(command.error());
  if (!doors_.test_alert) return problem(501, "there is nothing here that sends alerts");
  const auto trial = doors_.test_alert(command->id, command->by);
  if (!trial) return refusal(trial.error());
  const nlohmann::ordered_json j{{"receiver", trial->receiver},
                                 {"outcome", trial->outcome},
                                 {"answer", trial->detail},
                                 {"seconds", static_cast<double>(trial->took.count()) / 1000.0}};
  return json_reply(200, j.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace embargod
