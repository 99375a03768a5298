#!/usr/bin/env bash
# tests/check_floors.sh floors|clock_reads [ROOT]
#   floors       every #include "..." goes to its own folder or to a lower floor, and is named from the root
#   clock_reads  only daemon/sys reads a clock; all other code asks the injected Clock
# Prints the faults as file:line: text. Exit: 0 none, 1 faults, 2 usage or nothing to check.
set -euo pipefail

check=${1:-}
root=${2:-$(dirname "$0")/..}
cd "$root"

top=()
for folder in config probes alerts daemon; do
  [[ -d $folder ]] && top+=("$folder")
done
files=()
if ((${#top[@]})); then
  mapfile -d '' files < <(find "${top[@]}" -type f \( -name '*.h' -o -name '*.cpp' \) -print0 | sort -z)
fi
if ((${#files[@]} == 0)); then
  echo "check_floors: no source files under $root" >&2
  exit 2
fi

# Folder (the unit that may include itself) and floor of a path.
read -r -d '' awk_floors <<'AWK' || true
function unit_of(path,   part) {
  split(path, part, "/")
  if (part[1] != "daemon") return part[1]
  return path ~ /^daemon\/[^\/]+$/ ? "daemon" : "daemon/" part[2]
}
function floor_of(unit) { return unit in floor ? floor[unit] : -1 }
BEGIN {
  floor["config"] = 0
  floor["probes"] = floor["alerts"] = 1
  floor["daemon/watch"] = 2
  floor["daemon/store"] = floor["daemon/evidence"] = floor["daemon/report"] = 3
  floor["daemon/impact"] = floor["daemon/metrics"] = floor["daemon/sys"] = 3
  floor["daemon/web"] = floor["daemon/ctl"] = 4
  floor["daemon"] = 5
}
FNR == 1 {
  user = unit_of(FILENAME)
  if (floor_of(user) < 0) { print FILENAME ":1: " user "/ has no floor: name it in tests/check_floors.sh"; faults++ }
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
  split($0, quoted, "\"")
  used = unit_of(quoted[2])
  if (floor_of(used) < 0) {
    print FILENAME ":" FNR ": \"" quoted[2] "\" is not in config/, probes/, alerts/ or daemon/: name headers from the root"
    faults++
  } else if (used != user && floor_of(used) >= floor_of(user)) {
    print FILENAME ":" FNR ": " user " (floor " floor_of(user) ") includes " quoted[2] " (floor " floor_of(used) ")"
    faults++
  }
}
END { exit faults > 0 }
AWK

# Comments may speak of clocks.
read -r -d '' awk_clocks <<'AWK' || true
FILENAME ~ /^daemon\/sys\// { nextfile }
{
  code = $0
  sub(/\/\/.*/, "", code)
  if (code ~ /(system|steady|high_resolution|utc|tai|gps|file)_clock::now|clock_gettime|gettimeofday|timespec_get/ ||
      code ~ /(^|[^A-Za-z0-9_.>])time[ \t]*\([ \t]*(nullptr|NULL|0|&[^)]*)[ \t]*\)/) {
    print FILENAME ":" FNR ": reads a clock: ask the injected Clock (config/types/clock.h)"
    faults++
  }
}
END { exit faults > 0 }
AWK

case $check in
  floors) awk "$awk_floors" "${files[@]}" ;;
  clock_reads) awk "$awk_clocks" "${files[@]}" ;;
  *)
    echo "usage: tests/check_floors.sh floors|clock_reads [ROOT]" >&2
    exit 2
    ;;
esac
