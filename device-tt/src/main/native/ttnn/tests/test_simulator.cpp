// Every op and a whole layer against double precision, and a trace against the ops it holds, on a card that computes: the simulator that
// TT_METAL_SIMULATOR names, or a real one. Small shapes; a simulator takes seconds for each op.
//
//   test_simulator         all
//   test_simulator PART    trace, linear, layer_norm, attention, or layer: one of DistilBERT's layers
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
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

Doubles widened(const Floats& values) { return Doubles(values.begin(), values.end()); }

// ---- The ops in double precision --------------------------------------------------------------------------------------------

Doubles linear_of(const Doubles& x, const Doubles& w, const Doubles& b, uint32_t activation) {
    const std::size_t columns = b.size(), inner = w.size() / columns, rows = x.size() / inner;
    Doubles result(rows * columns);
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
            double sum = b[j];
            for (std::size_t k = 0; k < inner; ++k) sum += x[i * inner + k] * w[k * columns + j];
            if (activation == DISTILQA_TT_GELU) sum *= 0.5 * std::erfc(-sum / std::sqrt(2.0));
            if (activation == DISTILQA_TT_RELU) sum = std::max(sum, 0.0);
            result[i * columns + j] = sum;
        }
    }
    return result;
}

// Of x plus r, unless that is empty.
Doubles layer_norm_of(const Doubles& x, const Doubles& r, const Doubles& g, const Doubles& b) {
    const std::size_t width = g.size();
    Doubles result(x.size());
    for (std::size_t first = 0; first < x.size(); first += width) {
        double mean = 0, variance = 0;
        Doubles row(width);
        for (std::size_t j = 0; j < width; ++j) {
            row[j] = x[first + j] + (r.empty() ? 0 : r[first + j]);
            mean += row[j] / width;
        }
        for (const double value : row) variance += (value - mean) * (value - mean) / width;
        for (std::size_t j = 0; j < width; ++j) result[first + j] = (row[j] - mean) / std::sqrt(variance + 1e-12) * g[j] + b[j];
    }
    return result;
}

// One sequence; its first valid tokens are seen.
Doubles attention_of(const Doubles& qkv, std::size_t sequence, std::size_t valid, std::size_t heads, double scale) {
    const std::size_t width = qkv.size() / sequence / 3, size = width / heads;
    Doubles result(sequence * width);
    for (std::size_t h = 0; h < heads; ++h) {
        for (std::size_t i = 0; i < sequence; ++i) {
            const double* query = &qkv[i * 3 * width + h * size];
            Doubles p(valid);
            double sum = 0;
            for (std::size_t j = 0; j < valid; ++j) {
                const double* key = &qkv[j * 3 * width + width + h * size];
                double score = 0;
                for (std::size_t d = 0; d < size; ++d) score += query[d] * key[d];
                sum += p[j] = std::exp(score * scale);
            }
            for (std::size_t j = 0; j < valid; ++j) {
                const double* value = &qkv[j * 3 * width + 2 * width + h * size];
                for (std::size_t d = 0; d < size; ++d) result[i * width + h * size + d] += p[j] / sum * value[d];
            }
        }
    }
    return result;
}

// ---- Each op by itself ------------------------------------------------------------------------------------------------------

void linear(
    Device& device, uint32_t rows, uint32_t inner, uint32_t columns, uint32_t weights, uint32_t activation, uint32_t memory,
    uint32_t fidelity = DISTILQA_TT_HIFI3, uint32_t fp32 = 1) {
    auto* input = random_tensor(device, {1, 1, rows, inner}, B16, 1, 1);
    auto* weight = random_tensor(device, {inner, columns}, weights, 1 / std::sqrt(static_cast<float>(inner)), 2);
    auto* bias = random_tensor(device, {1, columns}, B16, 1, 3);
    // What the device has of them: the values as their formats hold them.
    const Doubles wanted = linear_of(widened(read(input)), widened(read(weight)), widened(read(bias)), activation);
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
    const Doubles wanted = layer_norm_of(
        widened(read(input)), with_residual ? widened(read(residual)) : Doubles(), widened(read(weight)), widened(read(bias)));
    const auto how = compute(B16, DISTILQA_TT_HIFI3, 1, DISTILQA_TT_L1, 1);
    distilqa_tt_tensor* result = nullptr;
    OK(distilqa_tt_layer_norm(input, with_residual ? residual : nullptr, weight, bias, 1e-12f, &how, &result));
    compare(with_residual ? "layer norm with residual" : "layer norm", result, wanted, 0.999);
    for (auto* made : {input, residual, weight, bias}) OK(distilqa_tt_tensor_free(made));
}

// Null where all tokens are seen.
distilqa_tt_tensor* mask_of(Device& device, std::size_t sequence, std::size_t valid, uint32_t dtype) {
    if (valid == sequence) return nullptr;
    Floats seen(sequence * sequence, 0);
    for (std::size_t i = 0; i < sequence; ++i) {
        for (std::size_t j = valid; j < sequence; ++j) seen[i * sequence + j] = -0x1p30f;
    }
    const auto side = static_cast<uint32_t>(sequence);
    return tensor(device, spec({1, 1, side, side}, dtype), seen);
}

void attention(Device& device, uint32_t sequence, uint32_t valid, uint32_t mask_dtype) {
    constexpr uint32_t heads = 2, width = 64;
    auto* input = random_tensor(device, {1, 1, sequence, 3 * width}, B16, 1, 8);
    auto* mask = mask_of(device, sequence, valid, mask_dtype);
    const double scale = 1 / std::sqrt(static_cast<double>(width / heads));
    const Doubles wanted = attention_of(widened(read(input)), sequence, valid, heads, scale);
    const auto how = compute(B16, DISTILQA_TT_HIFI3, 1, DISTILQA_TT_L1, 1);
    distilqa_tt_tensor* result = nullptr;
    OK(distilqa_tt_self_attention(input, mask, heads, static_cast<float>(scale), &how, &result));
    compare("attention over " + std::to_string(valid) + " of " + std::to_string(sequence) +
                (mask == nullptr ? ", no mask" : ", mask " + std::to_string(mask_dtype)),
        result, wanted, 0.999);
    OK(distilqa_tt_tensor_free(input));
    OK(distilqa_tt_tensor_free(mask));
}

// ---- A whole layer ----------------------------------------------------------------------------------------------------------

// A tensor and what it was made of, before its format rounded it.
struct Both {
    distilqa_tt_tensor* tensor;
    Doubles values;
};

Both both(Device& device, std::vector<uint32_t> shape, uint32_t dtype, float mean, float spread, unsigned seed) {
    const auto of = spec(shape, dtype, DISTILQA_TT_TILE);
    Floats values = random_values(count_of(of), spread, seed);
    for (float& value : values) value += mean;
    return {tensor(device, of, values), widened(values)};
}

// One of DistilBERT's layers, its heads 32 wide as the bundled model's, on 41 tokens of 64; against double precision with weights that no
// format has rounded.
void layer(Device& device, uint32_t weights, uint32_t results, uint32_t fidelity) {
    constexpr uint32_t sequence = 64, valid = 41, heads = 4, width = 128, hidden = 512;
    const auto dense = [&](uint32_t in, uint32_t out, unsigned seed) {
        return std::pair(both(device, {in, out}, weights, 0, 2 / std::sqrt(static_cast<float>(in)), seed),
            both(device, {1, out}, B16, 0, 0.1f, seed + 1));
    };
    const auto norm = [&](unsigned seed) {
        return std::pair(both(device, {1, width}, B16, 1, 0.1f, seed), both(device, {1, width}, B16, 0, 0.1f, seed + 1));
    };
    const auto input = both(device, {1, 1, sequence, width}, results, 0, 1, 20);
    const auto in = dense(width, 3 * width, 22), out = dense(width, width, 24), up = dense(width, hidden, 26), down = dense(hidden, width, 28);
    const auto first = norm(30), second = norm(32);
    auto* mask = mask_of(device, sequence, valid, DISTILQA_TT_BFLOAT4_B);
    const double scale = 1 / std::sqrt(static_cast<double>(width / heads));

    const Doubles attended = attention_of(
        linear_of(input.values, in.first.values, in.second.values, DISTILQA_TT_NONE), sequence, valid, heads, scale);
    const Doubles between = layer_norm_of(
        linear_of(attended, out.first.values, out.second.values, DISTILQA_TT_NONE), input.values, first.first.values,
        first.second.values);
    const Doubles wide = linear_of(between, up.first.values, up.second.values, DISTILQA_TT_GELU);
    const Doubles wanted = layer_norm_of(
        linear_of(wide, down.first.values, down.second.values, DISTILQA_TT_NONE), between, second.first.values,
        second.second.values);

    const auto how = compute(results, fidelity, 1, DISTILQA_TT_L1, 1);
    const auto product = [&](distilqa_tt_tensor* x, const auto& by, uint32_t activation) {
        distilqa_tt_tensor* result = nullptr;
        OK(distilqa_tt_linear(x, by.first.tensor, by.second.tensor, activation, &how, &result));
        return result;
    };
    const auto normalized = [&](distilqa_tt_tensor* x, distilqa_tt_tensor* residual, const auto& by) {
        distilqa_tt_tensor* result = nullptr;
        OK(distilqa_tt_layer_norm(x, residual, by.first.tensor, by.second.tensor, 1e-12f, &how, &result));
        return result;
    };
    auto* projected = product(input.tensor, in, DISTILQA_TT_NONE);
    distilqa_tt_tensor* context = nullptr;
    OK(distilqa_tt_self_attention(projected, mask, heads, static_cast<float>(scale), &how, &context));
    auto* output = product(context, out, DISTILQA_TT_NONE);
    auto* middle = normalized(output, input.tensor, first);
    auto* widest = product(middle, up, DISTILQA_TT_GELU);
    auto* narrow = product(widest, down, DISTILQA_TT_NONE);
    compare("a layer, weights " + std::to_string(weights) + ", results " + std::to_string(results) + ", fidelity " + std::to_string(fidelity),
        normalized(narrow, middle, second), wanted, 0.999);
    for (auto* made : {projected, context, output, middle, widest, narrow, mask, input.tensor}) OK(distilqa_tt_tensor_free(made));
    for (const auto* pair : {&in, &out, &up, &down, &first, &second}) {
        OK(distilqa_tt_tensor_free(pair->first.tensor));
        OK(distilqa_tt_tensor_free(pair->second.tensor));
    }
}

// ---- Traces -----------------------------------------------------------------------------------------------------------------

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

int main(int count, char** arguments) {
    const std::vector<std::pair<std::string, std::function<void(Device&)>>> all = {
        {"trace", trace},
        {"linear",
            [](Device& device) {
                linear(device, 32, 64, 192, B16, DISTILQA_TT_NONE, DISTILQA_TT_L1);
                linear(device, 32, 64, 192, B8, DISTILQA_TT_GELU, DISTILQA_TT_L1);
                linear(device, 64, 128, 128, B16, DISTILQA_TT_RELU, DISTILQA_TT_DRAM, DISTILQA_TT_HIFI4, 0);
                linear(device, 320, 64, 32, B16, DISTILQA_TT_NONE, DISTILQA_TT_DRAM);   // for few columns
                linear(device, 256, 96, 256, B16, DISTILQA_TT_GELU, DISTILQA_TT_L1);    // on the grid
                linear(device, 3072, 64, 3072, B16, DISTILQA_TT_NONE, DISTILQA_TT_L1);  // in several blocks a core
            }},
        {"layer_norm",
            [](Device& device) {
                layer_norm(device, false);
                layer_norm(device, true);
            }},
        {"attention",
            [](Device& device) {
                attention(device, 32, 32, B16);
                for (const uint32_t dtype : {B16, B8, static_cast<uint32_t>(DISTILQA_TT_BFLOAT4_B)}) attention(device, 64, 41, dtype);
            }},
        {"layer",
            [](Device& device) {
                layer(device, B8, B16, DISTILQA_TT_HIFI2);  // the Java side's defaults
                layer(device, B8, B8, DISTILQA_TT_HIFI2);
                layer(device, B16, B16, DISTILQA_TT_HIFI3);
            }},
    };
    if (count > 1 && std::none_of(all.begin(), all.end(), [&](const auto& part) { return part.first == arguments[1]; })) {
        std::printf("there is no part %s\n", arguments[1]);
        return 2;
    }
    Device device(options(1, 8 << 20, 600000));
    if (device.handle == nullptr) return 1;
    for (const auto& [name, part] : all) {
        if (count == 1 || name == arguments[1]) part(device);
    }
    std::printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
