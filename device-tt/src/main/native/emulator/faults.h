// Faults on demand, for tests of what a caller does about them. Read from the environment when a device is opened; numbers
// count from 1, and 0 or nothing means never.
//
//   DISTILQA_TT_EMULATOR_FAIL_ALLOCATION=n  the n-th allocation on the device finds no memory
//   DISTILQA_TT_EMULATOR_FAIL_OP=n          the n-th device op fails
//   DISTILQA_TT_EMULATOR_HANG_OP=n          the n-th device op never finishes; waits end with a timeout
//   DISTILQA_TT_EMULATOR_LOSE_DEVICE_OP=n   the device stops answering at the n-th device op
//   DISTILQA_TT_EMULATOR_SLOW_MS=n          each wait for the device takes n milliseconds more
//   DISTILQA_TT_EMULATOR_SLOW_OPEN_MS=n     opening takes n milliseconds more
//   DISTILQA_TT_EMULATOR_FAIL_CLOSE=1       closing fails, after all was freed
//   DISTILQA_TT_EMULATOR_NO_TRACES=1        traces are not supported, as under TT-Metalium's slow dispatch
//   DISTILQA_TT_EMULATOR_ABI_VERSION=v      what distilqa_tt_abi_version returns
#ifndef DISTILQA_TT_EMULATOR_FAULTS_H
#define DISTILQA_TT_EMULATOR_FAULTS_H

#include <cstdint>
#include <string>

namespace distilqa {

struct Faults {
    std::uint64_t fail_allocation = 0;
    std::uint64_t fail_op = 0;
    std::uint64_t hang_op = 0;
    std::uint64_t lose_device_op = 0;
    std::uint64_t slow_ms = 0;
    std::uint64_t slow_open_ms = 0;
    bool fail_close = false;
    bool no_traces = false;

    static Faults from_environment();
};

std::int32_t abi_version_from_environment(std::int32_t otherwise);

// The variable DISTILQA_TT_EMULATOR_<name>, or the other value where it is unset or empty.
std::string emulator_variable(const char *name, const std::string &otherwise);

}  // namespace distilqa

#endif
