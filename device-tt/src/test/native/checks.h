// What the tests share: checks, and the calls of the ABI with fewer words.
#ifndef DISTILQA_TT_CHECKS_H
#define DISTILQA_TT_CHECKS_H

#include "distilqa_tt.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace checks {

inline int passed = 0, failed = 0;
inline const char *current = "";

inline void check(bool holds, const std::string &what, int line) {
    if (holds) {
        passed++;
    } else {
        failed++;
        std::printf("FAILED %s, line %d: %s\n", current, line, what.c_str());
    }
}

#define CHECK(condition) check((condition), #condition, __LINE__)
#define CHECK_STATUS(wanted, call) check_status((wanted), (call), #call, __LINE__)
#define OK(call) CHECK_STATUS(DISTILQA_TT_OK, call)

inline std::string error() { return distilqa_tt_last_error(); }

inline void check_status(int wanted, int status, const char *call, int line) {
    check(status == wanted,
          std::string(call) + " gave " + std::to_string(status) + " and not " + std::to_string(wanted) +
              (status != 0 ? ": " + error() : ""),
          line);
}

inline bool says(const std::string &part) {
    const bool found = error().find(part) != std::string::npos;
    if (!found) std::printf("  the message is: %s\n", error().c_str());
    return found;
}

// ---- Calls with fewer words ----------------------------------------------------------------------------------------------

using Floats = std::vector<float>;

inline void set(const char *name, const char *value) {
    const std::string variable = std::string("DISTILQA_TT_EMULATOR_") + name;
    if (value == nullptr)
        unsetenv(variable.c_str());
    else
        setenv(variable.c_str(), value, 1);
}

struct Variable {
    Variable(const char *name, const char *value) : name_(name) { set(name, value); }
    ~Variable() { set(name_, nullptr); }
    const char *name_;
};

inline distilqa_tt_open_options options(uint32_t columns = 1, uint64_t trace_region = 1 << 20, uint32_t timeout_ms = 50) {
    distilqa_tt_open_options result{};
    result.struct_size = sizeof result;
    result.mesh_rows = 1;
    result.mesh_columns = columns;
    result.trace_region_bytes = trace_region;
    result.timeout_ms = timeout_ms;
    result.program_cache = 1;
    return result;
}

// Options that are not to be opened.
inline void refused(int status, const char *message, const std::function<void(distilqa_tt_open_options &)> &change) {
    distilqa_tt_device *device = nullptr;
    auto with = options();
    change(with);
    CHECK_STATUS(status, distilqa_tt_open(&with, &device));
    CHECK(says(message) && device == nullptr);
}

struct Device {
    explicit Device(distilqa_tt_open_options with = options()) { OK(distilqa_tt_open(&with, &handle)); }
    ~Device() { OK(distilqa_tt_close(handle)); }
    operator distilqa_tt_device *() { return handle; }
    distilqa_tt_counters counters() {
        distilqa_tt_counters result{};
        result.struct_size = sizeof result;
        OK(distilqa_tt_read_counters(handle, &result));
        return result;
    }
    distilqa_tt_device *handle = nullptr;
};

inline distilqa_tt_tensor_spec spec(std::vector<uint32_t> shape, uint32_t dtype, uint32_t layout = DISTILQA_TT_TILE,
                             uint32_t memory = DISTILQA_TT_DRAM, uint32_t distribution = DISTILQA_TT_REPLICATE) {
    distilqa_tt_tensor_spec result{};
    result.struct_size = sizeof result;
    result.rank = static_cast<uint32_t>(shape.size());
    std::copy(shape.begin(), shape.end(), result.shape);
    result.dtype = dtype;
    result.layout = layout;
    result.memory = memory;
    result.distribution = distribution;
    return result;
}

inline std::size_t count_of(const distilqa_tt_tensor_spec &spec) {
    std::size_t count = 1;
    for (uint32_t i = 0; i < spec.rank; i++) count *= spec.shape[i];
    return count;
}

inline distilqa_tt_tensor *tensor(distilqa_tt_device *device, const distilqa_tt_tensor_spec &of, const Floats &values) {
    distilqa_tt_tensor *result = nullptr;
    OK(distilqa_tt_tensor_create(device, &of, values.data(), values.size() * 4, &result));
    return result;
}

inline distilqa_tt_tensor *integers(distilqa_tt_device *device, std::vector<uint32_t> shape, const std::vector<uint32_t> &values,
                             uint32_t distribution) {
    distilqa_tt_tensor *result = nullptr;
    const auto of = spec(shape, DISTILQA_TT_UINT32, DISTILQA_TT_ROW_MAJOR, DISTILQA_TT_DRAM, distribution);
    OK(distilqa_tt_tensor_create(device, &of, values.data(), values.size() * 4, &result));
    return result;
}

inline Floats read(distilqa_tt_tensor *tensor) {
    distilqa_tt_tensor_spec of{};
    of.struct_size = sizeof of;
    OK(distilqa_tt_tensor_spec_of(tensor, &of));
    Floats values(count_of(of));
    OK(distilqa_tt_tensor_read(tensor, values.data(), values.size() * 4));
    return values;
}

inline distilqa_tt_compute compute(uint32_t dtype = DISTILQA_TT_BFLOAT16, uint32_t fidelity = DISTILQA_TT_HIFI4, uint32_t fp32 = 0,
                            uint32_t memory = DISTILQA_TT_DRAM, uint32_t packer = 0) {
    distilqa_tt_compute result{};
    result.struct_size = sizeof result;
    result.dtype = dtype;
    result.memory = memory;
    result.math_fidelity = fidelity;
    result.fp32_accumulation = fp32;
    result.packer_l1_accumulation = packer;
    return result;
}

inline Floats random_values(std::size_t count, float spread, unsigned seed) {
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0, spread);
    Floats values(count);
    for (float &value : values) value = normal(random);
    return values;
}

// The root of the mean squared difference, over the root of the mean square of what is wanted.
inline double relative_error(const Floats &values, const std::vector<double> &wanted) {
    double difference = 0, square = 0;
    for (std::size_t i = 0; i < wanted.size(); i++) {
        difference += (values[i] - wanted[i]) * (values[i] - wanted[i]);
        square += wanted[i] * wanted[i];
    }
    return std::sqrt(difference / square);
}

inline bool between(double low, double value, double high) {
    if (!(low <= value && value <= high)) std::printf("  %g is not between %g and %g\n", value, low, high);
    return low <= value && value <= high;
}

}  // namespace checks

#endif
