#!/usr/bin/env bash
# tests/check_floors_test.sh [CMAKE]: the checks of the floors refuse what they should, in scripts and in CMake.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cmake=${1:-cmake}
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
faults=0

# expect STATUS CHECK FILE LINE: a tree with FILE holding LINE gets STATUS from CHECK.
expect() {
  local want=$1 check=$2 file=$3 line=$4 got=0
  rm -rf "$tree/src"
  mkdir -p "$tree/src/$(dirname "$file")"
  printf '#pragma once\n%s\n' "$line" >"$tree/src/$file"
  "$here/check_floors.sh" "$check" "$tree/src" >"$tree/out" 2>&1 || got=$?
  if [[ $got != "$want" ]] || { [[ $want == 1 ]] && ! grep -qF "$file:" "$tree/out"; }; then
    echo "$check: $file with '$line': exit $got, want $want" >&2
    cat "$tree/out" >&2
    faults=$((faults + 1))
  fi
}

expect 0 floors config/types/url.cpp '#include "config/types/url.h"'
expect 1 floors config/release.h '#include "probes/prober.h"'
expect 0 floors probes/discovery/feed.h '#include "config/types/url.h"'
expect 1 floors probes/html.cpp '#include "alerts/alert.h"'
expect 1 floors alerts/channels/email.cpp '#include "daemon/watch/incident.h"'
expect 0 floors daemon/watch/engine.h '#include "alerts/outbox.h"'
expect 1 floors daemon/watch/engine.cpp '#include "daemon/store/sqlite_store.h"'
expect 0 floors daemon/store/sqlite_store.cpp '#include "daemon/watch/store.h"'
expect 1 floors daemon/report/report.cpp '#include "daemon/evidence/vault.h"'
expect 1 floors daemon/report/report.cpp '  #  include "daemon/web/api.h"'
expect 1 floors daemon/ctl/main.cpp '#include "daemon/web/api.h"'
expect 0 floors daemon/wiring.cpp '#include "daemon/web/api.h"'
expect 0 floors daemon/main.cpp '#include "daemon/wiring.h"'
expect 1 floors daemon/web/api.cpp '#include "daemon/wiring.h"'
expect 1 floors daemon/web/api.cpp '#include "api.h"'
expect 1 floors daemon/web/api.cpp '#include "tests/support/fake_clock.h"'
expect 1 floors daemon/novel/api.cpp ''
expect 2 floors elsewhere/a.cpp ''

expect 0 clock_reads daemon/sys/system_clock.cpp 'auto t = std::chrono::system_clock::now();'
expect 1 clock_reads daemon/watch/engine.cpp 'auto t = std::chrono::system_clock::now();'
expect 1 clock_reads probes/http_prober.cpp 'auto t = std::chrono::steady_clock::now();'
expect 1 clock_reads alerts/backoff.cpp 'auto t = time(nullptr);'
expect 1 clock_reads alerts/backoff.cpp 'auto t = std::time(&now);'
expect 1 clock_reads config/lint.cpp 'clock_gettime(CLOCK_REALTIME, &ts);'
expect 0 clock_reads config/lint.cpp '// unlike system_clock::now() this can be stepped'
expect 0 clock_reads config/lint.cpp 'auto t = clock.now() + up_time(0);'
expect 2 clock_reads elsewhere/a.cpp ''

# expect_cmake STATUS USER_FLOOR USED_FLOOR: a library of one floor that links one of another.
expect_cmake() {
  local want=$1 got=0
  rm -rf "$tree/cmake"
  mkdir -p "$tree/cmake"
  cat >"$tree/cmake/CMakeLists.txt" <<CMAKE
cmake_minimum_required(VERSION 3.25)
project(floors LANGUAGES NONE)
include("$here/../cmake/EmbargodLibrary.cmake")
embargod_library(user FLOOR $2 PUBLIC embargod::used)  # before the other: order does not matter
embargod_library(used FLOOR $3)
CMAKE
  "$cmake" -G Ninja -S "$tree/cmake" -B "$tree/cmake/build" >"$tree/out" 2>&1 || got=$?
  if [[ $got != "$want" ]] || { [[ $want == 1 ]] && ! grep -q 'embargod_user.*embargod_used' "$tree/out"; }; then
    echo "embargod_library: floor $2 links floor $3: exit $got, want $want" >&2
    cat "$tree/out" >&2
    faults=$((faults + 1))
  fi
}

expect_cmake 0 2 1
expect_cmake 0 5 0
expect_cmake 1 1 1
expect_cmake 1 1 2

exit $((faults > 0))
