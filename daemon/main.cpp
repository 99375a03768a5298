// The command line of the daemon (design.md 5.1): options to values, nothing else.

#include <getopt.h>

#include <array>
#include <iostream>
#include <string>

#include "config/network_names.h"
#include "daemon/wiring.h"

namespace {

constexpr const char* kHelp = R"(embargod watches, from outside, that nothing embargoed is public before its time.

Usage: embargod --config.file=FILE [options]

  --config.file=FILE                config to run by (embargod.yml); required
  --config.check                    read config, schedules, profiles and secret files, print every fault, and end
  --storage.path=DIR                state folder, instead of storage.path in the file
  --web.listen-address=HOST:PORT    address of pages, API and metrics, instead of web.listen; may be repeated
  --log.level=LEVEL                 debug, info (default), warn, error
  --log.format=FORMAT               logfmt (default), json
  --version                         print the version and end
  --help                            print this and end

SIGHUP reads config and schedules again and keeps the old ones if anything is wrong with the new.
SIGTERM and SIGINT deliver what is pending, then stop.
Exit codes: 0 clean stop, 1 failure while running, 2 config or usage.
)";

enum Flag : int {
  config_file_flag = 256,
  config_check_flag,
  storage_path_flag,
  listen_flag,
  log_level_flag,
  log_format_flag,
  version_flag,
  help_flag
};

int usage(const std::string& what) {
  std::cerr << "embargod: " << what << "; see embargod --help\n";
  return embargod::kExitConfig;
}

/// A value that was given but is not one of the words.
int unknown_word(const char* flag, const char* value, const char* words) {
  return usage(std::string{"--"} + flag + "=" + value + " is not known: it is one of " + words);
}

}  // namespace

int main(int argc, char** argv) {
  static constexpr std::array<option, 9> kFlags{{{"config.file", required_argument, nullptr, config_file_flag},
                                                 {"config.check", no_argument, nullptr, config_check_flag},
                                                 {"storage.path", required_argument, nullptr, storage_path_flag},
                                                 {"web.listen-address", required_argument, nullptr, listen_flag},
                                                 {"log.level", required_argument, nullptr, log_level_flag},
                                                 {"log.format", required_argument, nullptr, log_format_flag},
                                                 {"version", no_argument, nullptr, version_flag},
                                                 {"help", no_argument, nullptr, help_flag},
                                                 {nullptr, 0, nullptr, 0}}};
  embargod::Options options;
  opterr = 0;
  for (int flag = 0; (flag = getopt_long(argc, argv, "", kFlags.data(), nullptr)) != -1;) {
    switch (flag) {
      case config_file_flag:
        options.config_file = optarg;
        break;
      case config_check_flag:
        options.check_config = true;
        break;
      case storage_path_flag:
        options.storage_path = optarg;
        break;
      case listen_flag:
        options.listen.emplace_back(optarg);
        break;
      case log_level_flag: {
        const auto level = embargod::log_level_from(optarg);
        if (!level) return unknown_word("log.level", optarg, "debug, info, warn, error");
        options.log.level = *level;
        break;
      }
      case log_format_flag: {
        const auto format = embargod::log_format_from(optarg);
        if (!format) return unknown_word("log.format", optarg, "logfmt, json");
        options.log.format = *format;
        break;
      }
      case version_flag:
        std::cout << "embargod " << EMBARGOD_VERSION << '\n';
        return embargod::kExitOk;
      case help_flag:
        std::cout << kHelp;
        return embargod::kExitOk;
      default:
        return usage(std::string{"\""} + argv[optind - 1] + "\" is not an option here, or lacks its value");
    }
  }
  if (optind < argc) return usage(std::string{"\""} + argv[optind] + "\" is not expected");
  if (options.config_file.empty()) return usage("--config.file=FILE is required");
  return embargod::run(options);
}
