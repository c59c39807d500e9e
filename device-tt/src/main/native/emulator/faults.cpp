#include "faults.h"

#include "error.h"

#include <cerrno>
#include <cstdlib>

namespace distilqa {

namespace {

std::uint64_t number(const char *name) {
    const std::string value = emulator_variable(name, "0");
    char *end = nullptr;
    errno = 0;
    const unsigned long long parsed = std::strtoull(value.c_str(), &end, 10);
    require(errno == 0 && *end == 0 && value[0] >= '0' && value[0] <= '9', "DISTILQA_TT_EMULATOR_", name, "=", value,
            " is no whole number");
    return parsed;
}

}  // namespace

std::string emulator_variable(const char *name, const std::string &otherwise) {
    const char *value = std::getenv((std::string("DISTILQA_TT_EMULATOR_") + name).c_str());
    return value == nullptr || *value == 0 ? otherwise : value;
}

Faults Faults::from_environment() {
    Faults faults;
    faults.fail_allocation = number("FAIL_ALLOCATION");
    faults.fail_op = number("FAIL_OP");
    faults.hang_op = number("HANG_OP");
    faults.lose_device_op = number("LOSE_DEVICE_OP");
    faults.slow_ms = number("SLOW_MS");
    faults.slow_open_ms = number("SLOW_OPEN_MS");
    faults.fail_close = number("FAIL_CLOSE") != 0;
    faults.no_traces = number("NO_TRACES") != 0;
    return faults;
}

std::int32_t abi_version_from_environment(std::int32_t otherwise) {
    const char *value = std::getenv("DISTILQA_TT_EMULATOR_ABI_VERSION");
    if (value == nullptr || *value == 0) return otherwise;
    return static_cast<std::int32_t>(std::strtol(value, nullptr, 10));
}

}  // namespace distilqa
