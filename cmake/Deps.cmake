# Every third-party library, in one place. Debian 12's packages only (deploy/install-deps); nothing is vendored.
# All are imported targets, so their headers are SYSTEM. What has no CMake package here gets an embargod:: alias.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

find_package(CURL REQUIRED)                 # CURL::libcurl
find_package(yaml-cpp REQUIRED)             # yaml-cpp (0.7 has no yaml-cpp:: namespace)
find_package(fmt REQUIRED)                  # fmt::fmt
find_package(spdlog REQUIRED)               # spdlog::spdlog
# Only the core: its HTTP server and push client are not used.
find_package(prometheus-cpp REQUIRED COMPONENTS core)  # prometheus-cpp::core
find_package(SQLite3 REQUIRED)              # SQLite::SQLite3
find_package(SQLiteCpp REQUIRED)            # SQLiteCpp
find_package(nlohmann_json REQUIRED)        # nlohmann_json::nlohmann_json
find_package(LibXml2 REQUIRED)              # LibXml2::LibXml2
find_package(CLI11 REQUIRED)                # CLI11::CLI11
find_package(date REQUIRED)                 # date::date, date::date-tz
find_package(tl-expected REQUIRED)          # tl::expected
find_package(OpenSSL REQUIRED)              # OpenSSL::Crypto
find_package(ZLIB REQUIRED)                 # ZLIB::ZLIB
find_package(pugixml REQUIRED)              # pugixml::pugixml

pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
add_library(embargod::re2 ALIAS PkgConfig::RE2)

# Not its CMake package, which wants the zip tools too.
pkg_check_modules(LIBZIP REQUIRED IMPORTED_TARGET libzip)
add_library(embargod::zip ALIAS PkgConfig::LIBZIP)

pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
add_library(embargod::zstd ALIAS PkgConfig::ZSTD)

pkg_check_modules(SYSTEMD REQUIRED IMPORTED_TARGET libsystemd)
add_library(embargod::systemd ALIAS PkgConfig::SYSTEMD)

# Always through this target: the pkg-config flags are part of the library's ABI (sizeof(Request) differs without them).
pkg_check_modules(HTTPLIB REQUIRED IMPORTED_TARGET cpp-httplib)
add_library(embargod::httplib INTERFACE IMPORTED)
target_link_libraries(embargod::httplib INTERFACE PkgConfig::HTTPLIB Threads::Threads)

find_path(EMBARGOD_MUSTACHE_INCLUDE kainjow/mustache.hpp REQUIRED)  # #include <kainjow/mustache.hpp>
add_library(embargod::mustache INTERFACE IMPORTED)
target_include_directories(embargod::mustache SYSTEM INTERFACE ${EMBARGOD_MUSTACHE_INCLUDE})

find_path(EMBARGOD_CSV_INCLUDE csv.h REQUIRED)
find_library(EMBARGOD_CSV_LIBRARY csv REQUIRED)
add_library(embargod::csv INTERFACE IMPORTED)
target_include_directories(embargod::csv SYSTEM INTERFACE ${EMBARGOD_CSV_INCLUDE})
target_link_libraries(embargod::csv INTERFACE ${EMBARGOD_CSV_LIBRARY})

if(BUILD_TESTING)
  find_package(GTest REQUIRED)              # GTest::gtest, GTest::gmock, GTest::gmock_main
  find_package(benchmark REQUIRED)          # benchmark::benchmark
  # From `install-deps --test`: the programs can be built without, the tests that use them cannot.
  find_package(rapidcheck QUIET)            # rapidcheck, rapidcheck_gtest
  find_package(absl QUIET)                  # absl::time, the oracle for time zones
endif()
