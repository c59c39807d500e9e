#!/bin/sh
# Builds the library for the tile unit (AMX) with a plain C++ compiler, on Linux on x86-64; the processor need not have the unit.
#   build-tiles.sh OUTPUT_DIRECTORY
# Uses $CXX, else c++, g++ or clang++. Without one, or with one that does not know the unit (GCC before 11, Clang before 12), it
# says so and builds nothing: the device then does everything with oneDNN. With CI=true that is a failure.
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)
[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || exit 0

without() {
    echo "notice: $1; the library for the processor's tile unit is not built, and oneDNN does its work" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 0
}

for compiler in "${CXX:-}" c++ g++ clang++; do
    [ -n "$compiler" ] && command -v "$compiler" >/dev/null 2>&1 && break
    compiler=
done
[ -n "$compiler" ] || without "there is no C++ compiler"

library=$out/libdistilqa_tiles.so
newest=$(find "$here" -type f -newer "$library" 2>/dev/null | head -n 1 || true)
if [ -f "$library" ] && [ -z "$newest" ]; then
    exit 0
fi
mkdir -p "$out"

instructions="-mavx512f -mavx512bw -mavx512vl -mavx512dq -mavx512bf16 -mfma -mamx-tile -mamx-int8 -mamx-bf16"
# shellcheck disable=SC2086  # the instructions are several options
echo | "$compiler" $instructions -x c++ -fsyntax-only - 2>/dev/null || without "$compiler does not know the tile unit's instructions"

# GCC's own headers for AVX-512 make it warn of values that may be uninitialised.
# shellcheck disable=SC2086
"$compiler" -std=c++17 -O3 $instructions -fPIC -shared -fvisibility=hidden -fno-exceptions -fno-rtti -fno-math-errno -Wall -Wextra -Wpedantic -Werror \
    -Wno-maybe-uninitialized -Wno-uninitialized -Wno-unknown-warning-option -Wl,--as-needed "$here/tiles.cpp" -o "$library.new"
mv "$library.new" "$library"
