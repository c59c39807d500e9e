#!/bin/sh
# Builds the emulator with a plain C++ compiler, and runs its own tests.
#   build-emulator.sh OUTPUT_DIRECTORY
# Uses $CXX, else c++, g++ or clang++. Without one it says so and builds nothing; with CI=true that is a failure.
set -eu
out=$1
here=$(cd "$(dirname "$0")" && pwd)
tests=$here/../../test/native

for compiler in "${CXX:-}" c++ g++ clang++; do
    [ -n "$compiler" ] && command -v "$compiler" >/dev/null 2>&1 && break
    compiler=
done
if [ -z "$compiler" ]; then
    echo "notice: there is no C++ compiler; the Wormhole emulator is not built and its tests are skipped" >&2
    [ "${CI:-}" = true ] && exit 1
    exit 0
fi

mkdir -p "$out"
library=$out/libdistilqa_tt_emulator.so
[ "$(uname)" = Darwin ] && library=$out/libdistilqa_tt_emulator.dylib
newest=$(find "$here/emulator" "$here/front" "$here/include" "$tests" -type f -newer "$library" 2>/dev/null | head -n 1 || true)
if [ -f "$library" ] && [ -z "$newest" ]; then
    exit 0
fi

warnings="-Wall -Wextra -Wpedantic -Werror"
# shellcheck disable=SC2086  # the warnings are several options
"$compiler" -std=c++17 -O3 -fPIC -shared -pthread -fvisibility=hidden $warnings \
    -I"$here/include" -I"$here/front" "$here"/front/*.cpp "$here"/emulator/*.cpp -o "$library.new"
mv "$library.new" "$library"
