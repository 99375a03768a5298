#include "probes/observation.h"

#include "probes/answer.h"

namespace embargod {

const char* to_string(Liveness l) {
  switch (l) {
    case Liveness::absent:
      return "absent";
    case Liveness::stub:
      return "stub";
    case Liveness::previous_edition:
      return "previous_edition";
    case Liveness::live:
      return "live";
    case Liveness::suspect:
      return "suspect";
    case Liveness::unknown:
      return "unknown";
  }
  return "?";
}

const char* to_string(Cause c) {
  switch (c) {
    case Cause::none:
      return "none";
    case Cause::dns:
      return "dns";
    case Cause::connect:
      return "connect";
    case Cause::tls:
      return "tls";
    case Cause::timeout:
      return "timeout";
    case Cause::reset:
      return "reset";
    case Cause::truncated:
      return "truncated";
    case Cause::too_large:
      return "too_large";
    case Cause::server_error:
      return "server_error";
    case Cause::refused:
      return "refused";
    case Cause::throttled:
      return "throttled";
    case Cause::redirect_loop:
      return "redirect_loop";
    case Cause::redirect_elsewhere:
      return "redirect_elsewhere";
    case Cause::blocked_address:
      return "blocked_address";
    case Cause::rule:
      return "rule";
    case Cause::odd_status:
      return "odd_status";
    case Cause::unreadable:
      return "unreadable";
    case Cause::not_polled:
      return "not_polled";
    case Cause::challenge:
      return "challenge";
    case Cause::maintenance:
      return "maintenance";
    case Cause::sign_in:
      return "sign_in";
    case Cause::intermediary:
      return "intermediary";
    case Cause::certificate:
      return "certificate";
    case Cause::no_baseline:
      return "no_baseline";
    case Cause::quiet:
      return "quiet";
  }
  return "?";
}

const char* to_string(Route r) {
  switch (r) {
    case Route::plain:
      return "plain";
    case Route::fresh:
      return "fresh";
    case Route::other_address:
      return "other_address";
    case Route::ipv4:
      return "ipv4";
    case Route::ipv6:
      return "ipv6";
    case Route::bypass:
      return "bypass";
  }
  return "?";
}

const std::string* find_header(const Observation& o, std::string_view name) {
  for (const auto& [n, value] : o.headers)
    if (same_word(n, name)) return &value;
  return nullptr;
}

}  // namespace embargod
