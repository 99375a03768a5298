#pragma once
// Strict reading of an HTTP/1 request head, before the HTTP library sees a byte of it: cpp-httplib 0.11.4 takes heads
// and bodies whose framing it does not understand (dependencies.md 1.2). Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace embargod {

struct HeadLimits {
  std::size_t head = 16U << 10U;  // bytes of request line and headers
  std::size_t target = 2048;      // bytes of path and query
  std::size_t line = 4096;        // bytes of one header
  int headers = 64;
  std::size_t body = 64U << 10U;  // bytes
};

struct HeadCheck {
  int status = 0;               // 0: taken; else the status to refuse with, and the connection ends
  const char* why = "";         // one line for the client; never a piece of the request
  std::string head;             // rewritten: without what the library must not see
  std::string host;             // lower case, without port and brackets
  std::size_t body = 0;         // bytes that follow the head
  bool wants_continue = false;  // RFC 9110 10.1.1
};

/// `raw` ends with the empty line.
[[nodiscard]] HeadCheck check_head(std::string_view raw, const HeadLimits& limits);

/// Host or host:port, IPv6 in brackets, to the name alone in lower case; "" if it is malformed.
[[nodiscard]] std::string host_of(std::string_view host_and_port);

}  // namespace embargod
