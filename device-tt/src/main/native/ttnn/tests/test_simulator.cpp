// Every op against double precision, and a trace against the ops it holds, on a card that computes: the simulator that
// TT_METAL_SIMULATOR names, or a real one. Small shapes; a simulator takes seconds for each op.
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "checks.h"

using namespace checks;

namespace {

constexpr uint32_t B16 = DISTILQA_TT_BFLOAT16, B8 = DISTILQA_TT_BFLOAT8_B;
using Doubles = std::vector<double>;

double correlation(const Floats& values, const Doubles& wanted) {
    double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
    const double n = static_cast<double>(wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        x += values[i], y += wanted[i];
        xx += static_cast<double>(values[i]) * values[i], yy += wanted[i] * wanted[i];
        xy += static_cast<double>(values[i]) * wanted[i];
    }
    return (n * xy - x * y) / std::sqrt((n * xx - x * x) * (n * yy - y * y));
}

void compare(const std::string& what, distilqa_tt_tensor* result, const Doubles& wanted, double least) {
    static auto before = std::chrono::steady_clock::now();
    const double measured = result == nullptr ? 0 : correlation(read(result), wanted);
    const auto now = std::chrono::steady_clock::now();
    std::printf("%-72s %.6f (%.1f s)\n", what.c_str(), measured, std::chrono::duration<double>(now - before).count());
    std::fflush(stdout);
    before = now;
    CHECK(measured >= least);
    OK(distilqa_tt_tensor_free(result));
}

distilqa_tt_tensor* random_tensor(
    Device& device, std::vector<uint32_t> shape, uint32_t dtype, float spread, unsigned seed, uint32_t layout = DISTILQA_TT_TILE) {
    const auto of = spec(shape, dtype, layout);
    return tensor(device, of, random_values(count_of(of), spread, seed));
}

void linear(
    Device& device, uint32_t rows, uint32_t inner, uint32_t columns, uint32_t weights, uint32_t activation, uint32_t memory,
    uint32_t fidelity = DISTILQA_TT_HIFI3, uint32_t fp32 = 1) {
    auto* input = random_tensor(device, {1, 1, rows, inner}, B16, 1, 1);
    auto* weight = random_tensor(device, {inner, columns}, weights, 1 / std::sqrt(static_cast<float>(inner)), 2);
    auto* bias = random_tensor(device, {1, columns}, B16, 1, 3);
    // What the device has of them: the values as their formats hold them.
    const Floats x = read(input), w = read(weight), b = read(bias);
    Doubles wanted(std::size_t{rows} * columns);
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
            double sum = b[j];
            for (std::size_t k = 0; k < inner; ++k) sum += static_cast<double>(x[i * inner + k]) * w[k * columns + j];
            if (activation == DISTILQA_TT_GELU) sum *= 0.5 * std::erfc(-sum / std::sqrt(2.0));
            if (activation == DISTILQA_TT_RELU) sum = std::max(sum, 0.0);
            wanted[i * columns + j] = sum;
        }
    }
    const auto how = compute(B16, fidelity, fp32, memory, 1);
    distilqa_tt_tensor* result = nullptr;
    OK(distilqa_tt_linear(input, weight, bias, activation, &how, &result));
    compare("linear " + std::to_string(rows) + " x " + std::to_string(inner) + " x " + std::to_string(columns) + ", weights " +
                std::to_string(weights) + ", activation " + std::to_string(activation) + ", fidelity " + std::to_string(fidelity),
        result, wanted, 0.999);
    for (auto* made : {input, weight, bias}) OK(distilqa_tt_tensor_free(made));
}

void layer_norm(Device& device, bool with_residual) {
    constexpr uint32_t rows = 64, width = 128;
    auto* input = random_tensor(device, {1, 1, rows, width}, B16, 2, 4);
    auto* residual = random_tensor(device, {1, 1, rows, width}, B16, 1, 5);
    auto* weight = random_tensor(device, {1, width}, B16, 1, 6);
    auto* bias = random_tensor(device, {1, width}, B16, 1, 7);
    Floats x = read(input);
    const Floats r = read(residual), g = read(weight), b = read(bias);
    Doubles wanted(x.size());
    for (std::size_t i = 0; i < rows; ++i) {
        double mean = 0, variance = 0;
        Doubles row(width);
        for (std::size_t j = 0; j < width; ++j) {
            row[j] = static_cast<double>(x[i * width + j]) + (with_residual ? r[i * width + j] : 0);
            mean += row[j] / width;
        }
        for (const double value : row) variance += (value - mean) * (value - mean) / width;
        for (std::size_t j = 0; j < width; ++j) wanted[i * width + j] = (row[j] - mean) / std::sqrt(variance + 1e-12) * g[j] + b[j];
    }
    const auto how = compute(B16, DISTILQA_TT_HIFI3, 1, DISTILQA_TT_L1, 1);
    distilqa_tt_tensor* result = nullptr;
    OK(distilqa_tt_layer_norm(input, with_residual ? residual : nullptr, weight, bias, 1e-12f, &how, &result));
    compare(with_residual ? "layer norm with residual" : "layer norm", result, wanted, 0.999);
    for (auto* made : {input, residual, weight, bias}) OK(distilqa_tt_tensor_free(made));
}

void attention(Device& device, uint32_t sequence, uint32_t valid, uint32_t mask_dtype) {
    constexpr std::size_t heads = 2, size = 32, width = heads * size;
    auto* input = random_tensor(device, {1, 1, sequence, 3 * width}, B16, 1, 8);
    Floats seen(std::size_t{sequence} * sequence, 0);
    for (std::size_t i = 0; i < sequence; ++i) {
        for (std::size_t j = valid; j < sequence; ++j) seen[i * sequence + j] = -0x1p30f;
    }
    auto* mask = valid == sequence ? nullptr : tensor(device, spec({1, 1, sequence, sequence}, mask_dtype), seen);
    const Floats qkv = read(input);
    const double scale = 1 / std::sqrt(static_cast<double>(size));
    Doubles wanted(sequence * width);
    for (std::size_t h = 0; h < heads; ++h) {
        for (std::size_t i = 0; i < sequence; ++i) {
            Doubles p(valid);
            double sum = 0;
            for (std::size_t j = 0; j < valid; ++j) {
                double score = 0;
                for (std::size_t d = 0; d < size; ++d) {
                    score += static_cast<double>(qkv[i * 3 * width + h * size + d]) * qkv[j * 3 * width + width + h * size + d];
                }
                sum += p[j] = std::exp(score * scale);
            }
            for (std::size_t j = 0; j < valid; ++j) {
                for (std::size_t d = 0; d < size; ++d) {
                    wanted[i * width + h * size + d] += p[j] / sum * qkv[j * 3 * width + 2 * width + h * size + d];
                }
            }
        }
    }
    const auto how = compute(B16, DISTILQA_TT_HIFI3, 1, DISTILQA_TT_L1, 1);
    distilqa_tt_tensor* result = nullptr;
    OK(distilqa_tt_self_attention(input, mask, heads, static_cast<float>(scale), &how, &result));
    compare("attention over " + std::to_string(valid) + " of " + std::to_string(sequence) + ", mask " + std::to_string(mask_dtype), result, wanted, 0.999);
    OK(distilqa_tt_tensor_free(input));
    OK(distilqa_tt_tensor_free(mask));
}

// Embeddings, layer norm, a product and attention: op by op, captured, and replayed with other ids.
void trace(Device& device) {
    constexpr uint32_t sequence = 32, width = 64, rows = 50;
    std::vector<uint32_t> first(sequence), second(sequence), places(sequence);
    for (uint32_t i = 0; i < sequence; ++i) first[i] = i * 7 % rows, second[i] = i * 11 % rows, places[i] = i;
    auto* ids = integers(device, {1, sequence}, first, DISTILQA_TT_SHARD);
    auto* positions = integers(device, {1, sequence}, places, DISTILQA_TT_REPLICATE);
    auto* tokens = random_tensor(device, {rows, width}, B16, 1, 9, DISTILQA_TT_ROW_MAJOR);
    auto* table = random_tensor(device, {sequence, width}, B16, 1, 10, DISTILQA_TT_ROW_MAJOR);
    auto* scale = random_tensor(device, {1, width}, B16, 1, 11);
    auto* shift = random_tensor(device, {1, width}, B16, 1, 12);
    auto* weight = random_tensor(device, {width, 3 * width}, B16, 0.2f, 13);
    auto* bias = random_tensor(device, {1, 3 * width}, B16, 1, 14);
    const auto how = compute(B16, DISTILQA_TT_HIFI3, 1, DISTILQA_TT_L1, 1);
    const auto run = [&] {
        distilqa_tt_tensor *a = nullptr, *b = nullptr, *c = nullptr, *d = nullptr;
        OK(distilqa_tt_embeddings(ids, positions, tokens, table, &how, &a));
        OK(distilqa_tt_layer_norm(a, nullptr, scale, shift, 1e-12f, &how, &b));
        OK(distilqa_tt_linear(b, weight, bias, DISTILQA_TT_GELU, &how, &c));
        OK(distilqa_tt_self_attention(c, nullptr, 2, 0.2f, &how, &d));
        for (auto* made : {a, b, c}) OK(distilqa_tt_tensor_free(made));
        return d;
    };
    const auto values_of = [&](const std::vector<uint32_t>& values) {
        OK(distilqa_tt_tensor_write(ids, values.data(), values.size() * 4));
        distilqa_tt_tensor* result = run();
        const Floats read_back = read(result);
        OK(distilqa_tt_tensor_free(result));
        return read_back;
    };
    const Floats of_second = values_of(second), of_first = values_of(first);
    CHECK(of_first != of_second);
    const int status = distilqa_tt_trace_begin(device);
    if (status == DISTILQA_TT_UNSUPPORTED) {
        std::printf("traces are left out: %s\n", error().c_str());
        return;
    }
    CHECK(status == DISTILQA_TT_OK);
    distilqa_tt_tensor* recorded = run();
    uint64_t handle = 0;
    OK(distilqa_tt_trace_end(device, &handle));
    CHECK(read(recorded) == of_first);
    OK(distilqa_tt_tensor_write(ids, second.data(), second.size() * 4));
    OK(distilqa_tt_trace_replay(device, handle));
    CHECK(read(recorded) == of_second);
    OK(distilqa_tt_tensor_write(ids, first.data(), first.size() * 4));
    OK(distilqa_tt_trace_replay(device, handle));
    const bool equal = read(recorded) == of_first;
    CHECK(equal);
    OK(distilqa_tt_trace_release(device, handle));
    std::printf("a trace, captured and replayed with other ids: %s op by op\n", equal ? "bit-equal to" : "differs from");
}

}  // namespace

int main() {
    Device device(options(1, 8 << 20, 600000));
    if (device.handle == nullptr) return 1;
    trace(device);
    linear(device, 32, 64, 192, B16, DISTILQA_TT_NONE, DISTILQA_TT_L1);
    linear(device, 32, 64, 192, B8, DISTILQA_TT_GELU, DISTILQA_TT_L1);
    linear(device, 64, 128, 128, B16, DISTILQA_TT_RELU, DISTILQA_TT_DRAM, DISTILQA_TT_HIFI4, 0);
    linear(device, 320, 64, 32, B16, DISTILQA_TT_NONE, DISTILQA_TT_DRAM);        // for few columns
    linear(device, 256, 96, 256, B16, DISTILQA_TT_GELU, DISTILQA_TT_L1);         // on the grid
    linear(device, 3072, 64, 3072, B16, DISTILQA_TT_NONE, DISTILQA_TT_L1);       // in several blocks a core
    layer_norm(device, false);
    layer_norm(device, true);
    for (const uint32_t dtype : {B16, B8, static_cast<uint32_t>(DISTILQA_TT_BFLOAT4_B)}) attention(device, 64, 41, dtype);
    attention(device, 32, 32, B16);
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
