#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/web/site.h"
#include "tests/daemon/web/fake_reader.h"
#include "tests/daemon/web/real_clock.h"
#include "tests/daemon/web/sample.h"
#include "tests/support/fake_clock.h"

namespace embargod {

/// Everything a site or server needs, standing at 10:30 UTC of the sample.
struct SiteWorld {
  FakeReader reader;
  FakeCommands commands;
  FakeClock clock{kSampleNow};
  NullLog log;
  Health health{.healthy = true, .healthy_text = "healthy", .ready = true, .ready_text = "ready"};
  Faults reload_faults;
  std::vector<WebReportRequest> reports;
  std::shared_ptr<const LintReport> lint;
  WebServer::Setup setup;

  SiteWorld() {
    fill_sample(reader);
    setup.web.listen = {"127.0.0.1:0"};
    setup.web.external_url = "https://embargo.example.org/";
    setup.version = "0.1.0";
    setup.producer.name = "Example Statistics Agency";
    setup.producer.contact = {"Publication team", "publications@example.org", "+44 20 7946 0000"};
    setup.producer.head_of_profession = {"Head of Profession", "hop@example.org", "+44 20 7946 0001"};
  }

  WebDoors doors() { return doors_with(clock); }
  WebDoors doors_with(const Clock& c) {
    return {
        .reader = reader,
        .commands = commands,
        .clock = c,
        .log = log,
        .metrics = [] { return std::string{"# HELP embargod_up Ours.\n# TYPE embargod_up gauge\nembargod_up 1\n"}; },
        .health = [this] { return health; },
        .reload = [this]() -> Checked<void> {
          if (reload_faults.empty()) return {};
          return tl::unexpected{reload_faults};
        },
        .report = [this](const WebReportRequest& q) -> Result<RenderedReport> {
          reports.push_back(q);
          if (q.format != "html" && q.format != "txt") return fail(Errc::invalid_input, "no such format", "format");
          return RenderedReport{.type = "text/html; charset=utf-8", .body = "<p>DRAFT</p>", .file_name = "report.html"};
        },
        .lint = [this] { return lint; }};
  }
};

inline WebRequest get_request(const std::string& path) {
  WebRequest q;
  q.method = "GET";
  q.path = path;
  q.peer = "127.0.0.1";
  q.headers["host"] = "127.0.0.1:9750";
  return q;
}

inline WebRequest post_request(const std::string& path, const std::string& body) {
  WebRequest q = get_request(path);
  q.method = "POST";
  q.body = body;
  q.headers["content-type"] = "application/json";
  return q;
}

}  // namespace embargod
