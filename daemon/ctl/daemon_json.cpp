#include "daemon/ctl/daemon_json.h"

#include <nlohmann/json.hpp>

#include "daemon/ctl/http_client.h"

namespace embargod {

Result<nlohmann::ordered_json> daemon_json(const std::string& url, const std::string& path) {
  const auto body = body_or_problem(DaemonClient{url}.get(path));
  if (!body) return tl::unexpected{body.error()};
  auto j = nlohmann::ordered_json::parse(*body, nullptr, false);
  if (!j.is_object()) return fail(Errc::corrupt, "the answer is not JSON", url, "see whether --url names an embargod");
  return j;
}

std::string text_at(const nlohmann::ordered_json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

const nlohmann::ordered_json& part(const nlohmann::ordered_json& j, const char* key) {
  static const nlohmann::ordered_json nothing;
  const auto it = j.find(key);
  return it == j.end() ? nothing : *it;
}

}  // namespace embargod
