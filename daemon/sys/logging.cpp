#include "daemon/sys/logging.h"

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <mutex>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

namespace embargod {
namespace {

/// spdlog's own journal sink knows no fields. The text it is handed holds one "FIELD=value" item a line; items have no
/// line breaks.
class JournalSink final : public spdlog::sinks::base_sink<std::mutex> {
 private:
  void sink_it_(const spdlog::details::log_msg& msg) override {
    std::vector<iovec> items;
    const char* at = msg.payload.data();
    const char* const end = at + msg.payload.size();
    while (at < end) {
      const char* stop = std::find(at, end, '\n');
      items.push_back({const_cast<char*>(at), static_cast<std::size_t>(stop - at)});
      at = stop == end ? end : stop + 1;
    }
    ::sd_journal_sendv(items.data(), static_cast<int>(items.size()));
  }
  void flush_() override {}
};

/// True if stderr is the journal's stream (systemd.exec(5), $JOURNAL_STREAM), and not one that a parent process
/// redirected.
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat s{};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &s) != 0) return false;
  return stream == std::to_string(s.st_dev) + ":" + std::to_string(s.st_ino);
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warn:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

class SpdLog final : public Log {
 public:
  SpdLog(const LogSettings& settings, const Clock& clock)
      : clock_{clock},
        format_{settings.format},
        journal_{stderr_is_journal()},
        logger_{"embargod", make_sink(journal_)} {
    logger_.set_level(spdlog_level(settings.level));
    logger_.flush_on(spdlog::level::trace);
    // A log that cannot be written must neither stop the daemon nor print something unescaped.
    logger_.set_error_handler([](const std::string&) {});
  }

  void write(LogLevel level, std::string_view msg, std::initializer_list<Field> fields) override {
    const auto spd_level = spdlog_level(level);
    if (!logger_.should_log(spd_level)) return;
    std::string text;
    if (journal_) {
      for (const auto& item : journal_items(level, msg, fields)) text += item + "\n";
    } else {
      text = format_line(format_, clock_.now(), level, msg, fields);
    }
    logger_.log(spd_level, spdlog::string_view_t{text.data(), text.size()});
  }

 private:
  static spdlog::sink_ptr make_sink(bool journal) {
    if (journal) return std::make_shared<JournalSink>();
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(std::make_unique<spdlog::pattern_formatter>("%v"));
    return sink;
  }

  const Clock& clock_;
  const LogFormat format_;
  const bool journal_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<Log> make_log(const LogSettings& settings, const Clock& clock) {
  return std::make_unique<SpdLog>(settings, clock);
}

}  // namespace embargod
