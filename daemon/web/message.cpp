#include "daemon/web/message.h"

#include <nlohmann/json.hpp>

namespace embargod {

const char* status_title(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Error";
  }
}

WebReply problem(int status, const std::string& detail) {
  nlohmann::ordered_json j;
  j["type"] = "about:blank";
  j["title"] = status_title(status);
  j["status"] = status;
  j["detail"] = detail;
  return {.status = status,
          .type = "application/problem+json",
          .body = j.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace),
          .headers = {}};
}

}  // namespace embargod
