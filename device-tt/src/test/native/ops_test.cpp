#include "tests.h"

using namespace checks;

// Ops against a reference in double, on the inputs as rounded to their dtypes.

struct LinearCase {
    uint32_t input, weight, result, fidelity, fp32, packer;
    double low, high;  // of the relative error against exact arithmetic on the rounded inputs
};

void linear_is_as_exact_as_its_formats() {
    Device device;
    const std::size_t rows = 64, inner = 768, columns = 80;
    const Floats x = random_values(rows * inner, 1, 1), w = random_values(inner * columns, 0.05f, 2),
                 b = random_values(columns, 0.5f, 3);
    const uint32_t B16 = DISTILQA_TT_BFLOAT16, B8 = DISTILQA_TT_BFLOAT8_B, B4 = DISTILQA_TT_BFLOAT4_B;
    // A result's own rounding is 0.17 % for bfloat16 (bounds: up to half a unit of 2^-8) and about 0.6 % for bfloat8_b.
    const std::vector<LinearCase> cases{
        {B16, B16, B16, 3, 1, 0, 0.0012, 0.0021}, {B16, B16, B16, 2, 1, 0, 0.0025, 0.006},
        {B16, B16, B16, 0, 1, 0, 0.01, 0.06},     {B16, B16, B16, 4, 0, 0, 0.002, 0.008},
        {B16, B16, B16, 4, 0, 1, 0.002, 0.008},   {B16, B8, B16, 3, 1, 0, 0.0012, 0.0021},
        {B8, B8, B8, 2, 1, 0, 0.004, 0.012},      {B8, B8, B8, 4, 0, 0, 0.006, 0.04},
        {B8, B4, B16, 0, 1, 0, 0.0012, 0.0021},   {B16, B8, B8, 4, 0, 1, 0.004, 0.016},
    };
    for (const LinearCase &c : cases) {
        const Floats xr = rounded(x, inner, c.input), wr = rounded(w, columns, c.weight), br = rounded(b, columns, B16);
        std::vector<double> wanted(rows * columns);
        for (std::size_t i = 0; i < rows; i++)
            for (std::size_t j = 0; j < columns; j++) {
                double sum = br[j];
                for (std::size_t k = 0; k < inner; k++) sum += static_cast<double>(xr[i * inner + k]) * wr[k * columns + j];
                wanted[i * columns + j] = sum;
            }
        distilqa_tt_tensor *input = tensor(device, spec({2, 1, 32, 768}, c.input), x),
                           *weight = tensor(device, spec({768, 80}, c.weight), w),
                           *bias = tensor(device, spec({1, 80}, B16), b), *result = nullptr;
        const auto how = compute(c.result, c.fidelity, c.fp32, DISTILQA_TT_DRAM, c.packer);
        OK(distilqa_tt_linear(input, weight, bias, DISTILQA_TT_NONE, &how, &result));
        const Floats values = read(result);
        const double error = relative_error(values, wanted);
        if (!between(c.low, error, c.high))
            std::printf("  input %u, weight %u, result %u, fidelity %u, fp32 %u, packer %u\n", c.input, c.weight, c.result,
                        c.fidelity, c.fp32, c.packer);
        CHECK(c.low <= error && error <= c.high);
        CHECK(values == rounded(values, columns, c.result));
        for (auto *made : {input, weight, bias, result}) OK(distilqa_tt_tensor_free(made));
    }
}

// One product of one pair of numbers, through a whole linear.
float product(Device &device, float x, float w, uint32_t fidelity, uint32_t fp32) {
    Floats input(32, 0.0f), weight(1, w);
    input[0] = x;
    distilqa_tt_tensor *a = tensor(device, spec({1, 1, 32, 1}, DISTILQA_TT_BFLOAT16), input),
                       *b = tensor(device, spec({1, 1}, DISTILQA_TT_BFLOAT16), weight),
                       *c = tensor(device, spec({1, 1}, DISTILQA_TT_BFLOAT16), {0}), *result = nullptr;
    const auto how = compute(DISTILQA_TT_BFLOAT16, fidelity, fp32);
    OK(distilqa_tt_linear(a, b, c, DISTILQA_TT_NONE, &how, &result));
    return read(result)[0];
}

void fidelity_is_the_bits_of_the_operands() {
    Device device;
    const float x = 1.9921875f;  // 1.1111111 in binary: 1.111111 in the first pass
    const float w = 1.9921875f;  // 1.1111 in the first pass
    CHECK(product(device, x, 1.0f, DISTILQA_TT_LOFI, 0) == 1.984375f);
    CHECK(product(device, x, 1.0f, DISTILQA_TT_HIFI2, 0) == 1.984375f);
    CHECK(product(device, x, 1.0f, DISTILQA_TT_HIFI3, 0) == 1.9921875f);
    CHECK(product(device, 1.0f, w, DISTILQA_TT_LOFI, 0) == 1.9375f);
    CHECK(product(device, 1.0f, w, DISTILQA_TT_HIFI2, 0) == 1.9921875f);
    CHECK(product(device, x, w, DISTILQA_TT_HIFI4, 0) == distilqa::to_bfloat16(x * w));
    CHECK(product(device, x, w, DISTILQA_TT_HIFI3, 1) == distilqa::to_bfloat16(x * w - 0.0078125f * 0.0546875f));
    CHECK(product(device, x, w, DISTILQA_TT_LOFI, 1) == distilqa::to_bfloat16(1.984375f * 1.9375f));
    CHECK(product(device, -x, w, DISTILQA_TT_LOFI, 1) == -distilqa::to_bfloat16(1.984375f * 1.9375f));
}

void sums_are_rounded_after_each_tile_without_fp32_accumulation() {
    Device device;
    // 256 from the first tile, then 1 from each of 3 more: bfloat16 cannot hold 257, and the tie goes back to 256.
    Floats input(32 * 128, 0.0f), weight(128, 1.0f);
    input[0] = 256;
    for (std::size_t tile = 1; tile < 4; tile++) input[tile * 32] = 1;
    distilqa_tt_tensor *a = tensor(device, spec({1, 1, 32, 128}, DISTILQA_TT_BFLOAT16), input),
                       *b = tensor(device, spec({128, 1}, DISTILQA_TT_BFLOAT16), weight),
                       *c = tensor(device, spec({1, 1}, DISTILQA_TT_BFLOAT16), {0}), *result = nullptr;
    auto how = compute();
    OK(distilqa_tt_linear(a, b, c, 0, &how, &result));
    CHECK(read(result)[0] == 256);
    how.packer_l1_accumulation = 1;  // (256 + 1) + (1 + 1), each block of two tiles from zero
    OK(distilqa_tt_linear(a, b, c, 0, &how, &result));
    CHECK(read(result)[0] == 258);
    how = compute(DISTILQA_TT_BFLOAT16, DISTILQA_TT_HIFI3, 1);
    OK(distilqa_tt_linear(a, b, c, 0, &how, &result));
    CHECK(read(result)[0] == 260);  // 259 in float32: a tie, to even
}

void partial_sums_in_block_floats_lose_what_is_small() {
    Device device;
    // Column 1 gets 7 from each of two blocks of the inner dimension, beside 1024 in column 0: steps of 16.
    Floats input(32 * 128, 0.0f), weight(128 * 16, 0.0f);
    input[0] = input[64] = 1;
    weight[0] = 1024, weight[1] = 7, weight[64 * 16 + 1] = 7;
    distilqa_tt_tensor *a = tensor(device, spec({1, 1, 32, 128}, DISTILQA_TT_BFLOAT16), input),
                       *b = tensor(device, spec({128, 16}, DISTILQA_TT_BFLOAT16), weight),
                       *c = tensor(device, spec({1, 16}, DISTILQA_TT_BFLOAT16), Floats(16)), *result = nullptr;
    auto how = compute(DISTILQA_TT_BFLOAT8_B);
    OK(distilqa_tt_linear(a, b, c, 0, &how, &result));
    CHECK(read(result)[0] == 1024 && read(result)[1] == 0);
    how.packer_l1_accumulation = 1;
    OK(distilqa_tt_linear(a, b, c, 0, &how, &result));
    CHECK(read(result)[0] == 1024 && read(result)[1] == 16);
    how = compute(DISTILQA_TT_BFLOAT8_B, DISTILQA_TT_HIFI3, 1);
    OK(distilqa_tt_linear(a, b, c, 0, &how, &result));
    CHECK(read(result)[1] == 16);
}

void activations_are_the_named_functions() {
    Device device;
    Floats input(32 * 32, 0.0f), weight(32 * 32, 0.0f);
    for (std::size_t i = 0; i < 32; i++) weight[i * 33] = 1;
    for (std::size_t i = 0; i < input.size(); i++) input[i] = distilqa::to_bfloat16(-8 + 16 * static_cast<float>(i) / 1023);
    distilqa_tt_tensor *a = tensor(device, spec({1, 1, 32, 32}, DISTILQA_TT_BFLOAT16), input),
                       *b = tensor(device, spec({32, 32}, DISTILQA_TT_BFLOAT16), weight),
                       *c = tensor(device, spec({1, 32}, DISTILQA_TT_BFLOAT16), Floats(32, 0.0f)), *result = nullptr;
    for (const uint32_t fp32 : {0u, 1u}) {
        const auto how = compute(DISTILQA_TT_BFLOAT16, DISTILQA_TT_HIFI3, fp32);
        OK(distilqa_tt_linear(a, b, c, DISTILQA_TT_GELU, &how, &result));
        Floats values = read(result);
        double largest = 0;
        for (std::size_t i = 0; i < values.size(); i++) {
            const double x = input[i], wanted = 0.5 * x * std::erfc(-x / std::sqrt(2.0));
            if (std::fabs(wanted) > 1e-30) largest = std::max(largest, std::fabs(values[i] - wanted) / std::fabs(wanted));
        }
        CHECK(between(0.001, largest, 0.00395));  // half a unit in the last place of bfloat16, also in the tail
        OK(distilqa_tt_linear(a, b, c, DISTILQA_TT_GELU_APPROXIMATE, &how, &result));
        values = read(result);
        largest = 0;
        for (std::size_t i = 0; i < values.size(); i++) {
            const double x = input[i];
            largest = std::max(largest, std::fabs(values[i] - 0.5 * x * std::erfc(-x / std::sqrt(2.0))));
        }
        CHECK(between(0.01, largest, 0.035));
        OK(distilqa_tt_linear(a, b, c, DISTILQA_TT_RELU, &how, &result));
        values = read(result);
        for (std::size_t i = 0; i < values.size(); i++) values[i] -= std::max(input[i], 0.0f);
        CHECK(values == Floats(values.size(), 0.0f));
    }
}

void layer_norm_is_as_exact_as_its_formats() {
    Device device;
    for (const std::size_t width : {768u, 60u}) {
        const std::size_t rows = 64;
        const uint32_t w32 = static_cast<uint32_t>(width);
        const Floats x = random_values(rows * width, 2, 5), r = random_values(rows * width, 1, 6),
                     g = random_values(width, 1, 7), b = random_values(width, 0.3f, 8);
        const uint32_t B16 = DISTILQA_TT_BFLOAT16, B8 = DISTILQA_TT_BFLOAT8_B;
        struct Case {
            uint32_t dtype, fidelity, fp32, residual;
            double low, high;
        };
        for (const Case &c : {Case{B16, 3, 1, 1, 0.0012, 0.0021}, Case{B16, 4, 0, 1, 0.002, 0.012},
                              Case{B16, 4, 0, 0, 0.002, 0.012}, Case{B8, 3, 1, 1, 0.004, 0.014},
                              Case{B16, 0, 0, 1, 0.006, 0.08}, Case{B16, 2, 1, 0, 0.0018, 0.01}}) {
            const Floats xr = rounded(x, width, B16), rr = rounded(r, width, B16), gr = rounded(g, width, B16),
                         br = rounded(b, width, B16);
            std::vector<double> wanted(rows * width);
            for (std::size_t i = 0; i < rows; i++) {
                std::vector<double> row(width);
                double mean = 0, variance = 0;
                for (std::size_t j = 0; j < width; j++) {
                    row[j] = static_cast<double>(xr[i * width + j]) + (c.residual ? rr[i * width + j] : 0.0f);
                    mean += row[j] / static_cast<double>(width);
                }
                for (double value : row) variance += (value - mean) * (value - mean) / static_cast<double>(width);
                for (std::size_t j = 0; j < width; j++)
                    wanted[i * width + j] = (row[j] - mean) / std::sqrt(variance + 1e-12) * gr[j] + br[j];
            }
            distilqa_tt_tensor *input = tensor(device, spec({2, 1, 32, w32}, B16), x),
                               *residual = tensor(device, spec({2, 1, 32, w32}, B16), r),
                               *weight = tensor(device, spec({1, w32}, B16), g),
                               *bias = tensor(device, spec({1, w32}, B16), b), *result = nullptr;
            const auto how = compute(c.dtype, c.fidelity, c.fp32);
            OK(distilqa_tt_layer_norm(input, c.residual ? residual : nullptr, weight, bias, 1e-12f, &how, &result));
            const Floats values = read(result);
            const double error = relative_error(values, wanted);
            if (!between(c.low, error, c.high)) std::printf("  dtype %u, fidelity %u, fp32 %u\n", c.dtype, c.fidelity, c.fp32);
            CHECK(c.low <= error && error <= c.high);
            CHECK(values == rounded(values, width, c.dtype));
            for (auto *made : {input, residual, weight, bias, result}) OK(distilqa_tt_tensor_free(made));
        }
    }
}

std::vector<double> attention_reference(const Floats &qkv, const Floats *mask, std::size_t batch, std::size_t sequence,
                                        std::size_t width, std::size_t heads, double scale) {
    std::vector<double> result(batch * sequence * width);
    const std::size_t size = width / heads;
    for (std::size_t b = 0; b < batch; b++)
        for (std::size_t h = 0; h < heads; h++)
            for (std::size_t i = 0; i < sequence; i++) {
                const float *q = &qkv[(b * sequence + i) * 3 * width + h * size];
                std::vector<double> p(sequence);
                double largest = -1e300, sum = 0;
                for (std::size_t j = 0; j < sequence; j++) {
                    const float *k = &qkv[(b * sequence + j) * 3 * width + width + h * size];
                    for (std::size_t d = 0; d < size; d++) p[j] += static_cast<double>(q[d]) * k[d];
                    p[j] = p[j] * scale + (mask ? (*mask)[(b * sequence + i) * sequence + j] : 0.0f);
                    largest = std::max(largest, p[j]);
                }
                for (double &value : p) sum += value = std::exp(value - largest);
                for (std::size_t j = 0; j < sequence; j++)
                    for (std::size_t d = 0; d < size; d++)
                        result[(b * sequence + i) * width + h * size + d] +=
                            p[j] / sum * qkv[(b * sequence + j) * 3 * width + 2 * width + h * size + d];
            }
    return result;
}

void attention_is_as_exact_as_its_formats() {
    Device device;
    const std::size_t batch = 2, sequence = 160, width = 128, heads = 2;
    const uint32_t B16 = DISTILQA_TT_BFLOAT16, B8 = DISTILQA_TT_BFLOAT8_B, B4 = DISTILQA_TT_BFLOAT4_B;
    const Floats qkv = random_values(batch * sequence * 3 * width, 1, 9);
    Floats mask(batch * sequence * sequence, 0.0f);
    for (std::size_t b = 0; b < batch; b++)
        for (std::size_t i = 0; i < sequence; i++)
            for (std::size_t j = b == 0 ? 100 : 37; j < sequence; j++) mask[(b * sequence + i) * sequence + j] = -1e9f;
    struct Case {
        uint32_t input, mask, dtype, fidelity, fp32, approximate;
        double low, high;
    };
    for (const Case &c : {Case{B16, B16, B16, 3, 1, 0, 0.0015, 0.006}, Case{B8, B8, B8, 2, 1, 0, 0.004, 0.02},
                          Case{B16, B4, B16, 4, 0, 0, 0.002, 0.012}, Case{B16, 99, B16, 4, 0, 0, 0.002, 0.02},
                          Case{B16, B16, B16, 4, 0, 1, 0.003, 0.05}, Case{B16, B16, B16, 0, 0, 0, 0.01, 0.15}}) {
        const bool masked = c.mask != 99;
        distilqa_tt_tensor *input = tensor(device, spec({2, 1, 160, 384}, c.input), qkv), *with = nullptr, *result = nullptr;
        if (masked) with = tensor(device, spec({2, 1, 160, 160}, c.mask), mask);
        auto how = compute(c.dtype, c.fidelity, c.fp32);
        how.approximate_math = c.approximate;
        OK(distilqa_tt_self_attention(input, with, 2, 0.125f, &how, &result));
        const Floats values = read(result);
        const auto wanted = attention_reference(rounded(qkv, 3 * width, c.input), masked ? &mask : nullptr, batch, sequence,
                                                width, heads, 0.125);
        const double error = relative_error(values, wanted);
        if (!between(c.low, error, c.high))
            std::printf("  input %u, mask %u, dtype %u, fidelity %u, fp32 %u, approximate %u\n", c.input, c.mask, c.dtype,
                        c.fidelity, c.fp32, c.approximate);
        CHECK(c.low <= error && error <= c.high);
        CHECK(values == rounded(values, width, c.dtype));
        // What the mask hides has no influence.
        if (masked) {
            Floats other = qkv;
            for (std::size_t j = 101; j < sequence; j++)
                for (std::size_t d = width; d < 3 * width; d++) other[j * 3 * width + d] = 3;
            OK(distilqa_tt_tensor_write(input, other.data(), other.size() * 4));
            OK(distilqa_tt_tensor_free(result));
            OK(distilqa_tt_self_attention(input, with, 2, 0.125f, &how, &result));
            const Floats again = read(result);
            CHECK(std::equal(again.begin(), again.begin() + static_cast<long>(100 * width), values.begin()));
        }
        for (auto *made : {input, with, result}) OK(distilqa_tt_tensor_free(made));
    }
}

void embeddings_add_tokens_and_positions() {
    Device device;
    const Floats tokens = random_values(50 * 64, 1, 11), positions = random_values(40 * 64, 1, 12);
    std::vector<uint32_t> ids(64), places(32);
    for (std::size_t i = 0; i < 64; i++) ids[i] = static_cast<uint32_t>(i * 7 % 50);
    for (std::size_t i = 0; i < 32; i++) places[i] = static_cast<uint32_t>(i);
    distilqa_tt_tensor *a = integers(device, {2, 32}, ids, DISTILQA_TT_SHARD),
                       *b = integers(device, {1, 32}, places, DISTILQA_TT_REPLICATE),
                       *c = tensor(device, spec({50, 64}, DISTILQA_TT_BFLOAT16, DISTILQA_TT_ROW_MAJOR), tokens),
                       *d = tensor(device, spec({40, 64}, DISTILQA_TT_BFLOAT16, DISTILQA_TT_ROW_MAJOR), positions);
    for (const uint32_t dtype : {DISTILQA_TT_BFLOAT16, DISTILQA_TT_BFLOAT8_B}) {
        distilqa_tt_tensor *result = nullptr;
        const auto how = compute(dtype);
        OK(distilqa_tt_embeddings(a, b, c, d, &how, &result));
        Floats wanted(64 * 64);
        for (std::size_t i = 0; i < 64; i++)
            for (std::size_t j = 0; j < 64; j++)
                wanted[i * 64 + j] = distilqa::to_bfloat16(distilqa::to_bfloat16(tokens[ids[i] * 64 + j]) + distilqa::to_bfloat16(positions[i % 32 * 64 + j]));
        CHECK(read(result) == rounded(wanted, 64, dtype));
        distilqa_tt_tensor_spec of{};
        of.struct_size = sizeof of;
        OK(distilqa_tt_tensor_spec_of(result, &of));
        CHECK(of.rank == 4 && of.shape[0] == 2 && of.shape[1] == 1 && of.shape[2] == 32 && of.shape[3] == 64);
        CHECK(of.dtype == dtype && of.layout == DISTILQA_TT_TILE && of.distribution == DISTILQA_TT_SHARD);
    }
    CHECK(device.counters().ops == 6);
    ids[37] = 50;
    OK(distilqa_tt_tensor_write(a, ids.data(), 256));
    distilqa_tt_tensor *result = nullptr;
    const auto how = compute();
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_embeddings(a, b, c, d, &how, &result));
    CHECK(result == nullptr && says("50") && says("[1, 5]"));
}
