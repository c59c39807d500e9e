#include "ops.h"

#include "error.h"
#include "formats.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace distilqa {

namespace {

constexpr std::size_t STRIP_ROWS = 96;

DISTILQA_INLINE float stored(float value, bool fp32) { return fp32 ? value : to_bfloat16(value); }

// ---- Layer norm ----------------------------------------------------------------------------------------------------------

// a * b as the elementwise multiplier forms it, a in SrcA and b in SrcB; see matmul.h.
template <std::uint32_t FIDELITY> DISTILQA_INLINE float product(float a, float b) {
    a = keep(a, TF32);
    b = keep(b, TF32);
    if (FIDELITY == 4) return a * b;
    const float upper = keep(b, SRC_B_PASS);
    if (FIDELITY == 0) return keep(a, SRC_A_PASS) * upper;
    if (FIDELITY == 2) return a * upper;
    return a * upper + keep(a, SRC_A_PASS) * (b - upper);
}

// The sum of value(0) to value(width - 1), tile by tile.
template <typename Value> DISTILQA_INLINE float sum_by_tiles(std::size_t width, bool fp32, const Value &value) {
    float sum = 0;
    std::size_t column = 0;
    for (; column + TILE <= width; column += TILE) {
        float lanes[BLOCK];
        for (std::size_t i = 0; i < BLOCK; i++) lanes[i] = value(column + i) + value(column + BLOCK + i);
        for (std::size_t half = BLOCK / 2; half > 0; half /= 2)
            for (std::size_t i = 0; i < half; i++) lanes[i] += lanes[i + half];
        sum = stored(sum + lanes[0], fp32);
    }
    if (column < width) {
        float rest = 0;
        for (; column < width; column++) rest += value(column);
        sum = stored(sum + rest, fp32);
    }
    return sum;
}

template <std::uint32_t FIDELITY, bool FP32>
DISTILQA_INLINE void normalize_row(const float *input, const float *residual, const float *weight, const float *bias,
                                   std::size_t width, float epsilon, float *result) {
    for (std::size_t i = 0; i < width; i++) result[i] = residual == nullptr ? input[i] : stored(input[i] + residual[i], FP32);
    const float share = 1.0f / static_cast<float>(width);
    const float mean = stored(sum_by_tiles(width, FP32, [&](std::size_t i) { return result[i]; }) * share, FP32);
    for (std::size_t i = 0; i < width; i++) result[i] = stored(result[i] - mean, FP32);
    const float squares = sum_by_tiles(width, FP32, [&](std::size_t i) { return product<FIDELITY>(result[i], result[i]); });
    const float variance = stored(squares * share, FP32);
    const float scale = stored(1.0f / std::sqrt(variance + epsilon), FP32);
    for (std::size_t i = 0; i < width; i++) {
        const float normal = stored(product<FIDELITY>(result[i], scale), FP32);
        const float weighted = stored(product<FIDELITY>(normal, weight[i]), FP32);
        result[i] = stored(weighted + bias[i], FP32);
    }
}

DISTILQA_CLONES void normalize(const float *input, const float *residual, const float *weight, const float *bias,
                               std::size_t width, float epsilon, std::uint32_t fidelity, bool fp32, float *result) {
    if (fp32 && fidelity == 0) return normalize_row<0, true>(input, residual, weight, bias, width, epsilon, result);
    if (fp32 && fidelity == 2) return normalize_row<2, true>(input, residual, weight, bias, width, epsilon, result);
    if (fp32) return normalize_row<3, true>(input, residual, weight, bias, width, epsilon, result);
    if (fidelity == 0) return normalize_row<0, false>(input, residual, weight, bias, width, epsilon, result);
    if (fidelity == 2) return normalize_row<2, false>(input, residual, weight, bias, width, epsilon, result);
    if (fidelity == 3) return normalize_row<3, false>(input, residual, weight, bias, width, epsilon, result);
    normalize_row<4, false>(input, residual, weight, bias, width, epsilon, result);
}

// ---- Activations ---------------------------------------------------------------------------------------------------------

DISTILQA_INLINE float gelu(float x) { return 0.5f * x * std::erfc(-x * 0.70710678f); }

// The chip's table of six straight lines for gelu(x) - x / 2 over |x|.
DISTILQA_INLINE float gelu_approximate(float x) {
    const float size = std::fabs(x);
    float slope = 0.192749f, start = -0.000104427f;
    slope = size >= 0.5f ? 0.493896f : slope, start = size >= 0.5f ? -0.1604f : start;
    slope = size >= 1.0f ? 0.618652f : slope, start = size >= 1.0f ? -0.279541f : start;
    slope = size >= 1.5f ? 0.609863f : slope, start = size >= 1.5f ? -0.263428f : start;
    slope = size >= 2.0f ? 0.540039f : slope, start = size >= 2.0f ? -0.119385f : start;
    slope = size >= 3.0f ? 0.5f : slope, start = size >= 3.0f ? 0.0f : start;
    return 0.5f * x + (slope * size + start);
}

// gelu of every bfloat16, by its upper half.
const float *gelu_table() {
    static const std::vector<float> table = [] {
        std::vector<float> values(1u << 16);
        for (std::uint32_t i = 0; i < values.size(); i++) values[i] = to_bfloat16(gelu(float_of(i << 16)));
        return values;
    }();
    return table.data();
}

DISTILQA_CLONES void add_bias(float *values, const float *bias, std::size_t count, bool fp32) {
    for (std::size_t i = 0; i < count; i++) values[i] = stored(values[i] + bias[i], fp32);
}

DISTILQA_CLONES void apply_relu(float *values, std::size_t count) {
    for (std::size_t i = 0; i < count; i++) values[i] = values[i] < 0.0f ? 0.0f : values[i];
}

DISTILQA_CLONES void apply_gelu_approximate(float *values, std::size_t count, bool fp32) {
    for (std::size_t i = 0; i < count; i++) values[i] = stored(gelu_approximate(values[i]), fp32);
}

void apply_activation(float *values, std::size_t count, std::uint32_t activation, bool fp32) {
    if (activation == DISTILQA_TT_RELU) apply_relu(values, count);
    if (activation == DISTILQA_TT_GELU_APPROXIMATE) apply_gelu_approximate(values, count, fp32);
    if (activation == DISTILQA_TT_GELU && fp32)
        for (std::size_t i = 0; i < count; i++) values[i] = gelu(values[i]);
    if (activation == DISTILQA_TT_GELU && !fp32) {
        const float *table = gelu_table();
        for (std::size_t i = 0; i < count; i++) values[i] = table[bits_of(values[i]) >> 16];
    }
}

// ---- Softmax -------------------------------------------------------------------------------------------------------------

// e^x for x <= 0 to within 2 units in the last place; 0 where that is subnormal.
DISTILQA_INLINE float exponential(float x) {
    constexpr float MAGIC = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number
    const float bounded = x < -87.0f ? -87.0f : x;
    const float shifted = bounded * 1.44269504f + MAGIC;
    const float power = shifted - MAGIC;
    const float rest = (bounded - power * 0.693359375f) - power * -2.12194440e-4f;
    float y = 1.98412698e-4f;
    y = y * rest + 1.38888889e-3f;
    y = y * rest + 8.33333333e-3f;
    y = y * rest + 4.16666667e-2f;
    y = y * rest + 1.66666667e-1f;
    y = y * rest + 0.5f;
    y = y * rest + 1.0f;
    y = y * rest + 1.0f;
    const float scale = float_of((bits_of(shifted) - bits_of(MAGIC) + 127u) << 23);
    const float result = y * scale;
    return x < -87.0f ? 0.0f : result;
}

// The chip's fast e^x: x / ln 2 in steps of 1 / 256, put where a float has its exponent and upper mantissa.
DISTILQA_INLINE float exponential_approximate(float x) {
    const float bounded = x < -88.0f ? -88.0f : x;
    const std::uint32_t steps = bits_of((bounded * 369.32993f + 32500.818f) + 12582912.0f) - bits_of(12582912.0f);
    return x < -88.0f ? 0.0f : (x != x ? x : float_of(steps << 15));
}

DISTILQA_CLONES void softmax_row(float *scores, const float *mask, std::size_t count, float scale, bool approximate,
                                 float *inverse) {
    float largest[BLOCK];
    for (std::size_t i = 0; i < BLOCK; i++) largest[i] = -std::numeric_limits<float>::infinity();
    if (mask == nullptr)
        for (std::size_t i = 0; i < count; i++) scores[i] = to_bfloat16(scores[i]) * scale;
    else
        for (std::size_t i = 0; i < count; i++) scores[i] = to_bfloat16(to_bfloat16(scores[i]) * scale + mask[i]);
    std::size_t full = 0;
    for (; full + BLOCK <= count; full += BLOCK)
        for (std::size_t i = 0; i < BLOCK; i++)
            largest[i] = scores[full + i] > largest[i] ? scores[full + i] : largest[i];
    for (std::size_t i = full; i < count; i++) largest[0] = std::max(largest[0], scores[i]);
    const float top = *std::max_element(largest, largest + BLOCK);
    if (approximate)
        for (std::size_t i = 0; i < count; i++) scores[i] = to_bfloat16(exponential_approximate(scores[i] - top));
    else
        for (std::size_t i = 0; i < count; i++) scores[i] = to_bfloat16(exponential(scores[i] - top));
    const float sum = sum_by_tiles(count, true, [&](std::size_t i) { return scores[i]; });
    *inverse = to_bfloat16(1.0f / to_bfloat16(sum));
}

DISTILQA_CLONES void scale_row(float *values, std::size_t count, float factor, bool fp32) {
    for (std::size_t i = 0; i < count; i++) values[i] = stored(to_bfloat16(values[i]) * factor, fp32);
}

}  // namespace

void embeddings(Threads &threads, const std::uint32_t *ids, const std::uint32_t *position_ids, const float *tokens,
                std::size_t token_rows, const float *positions, std::size_t position_rows, std::size_t batch,
                std::size_t sequence, std::size_t width, const Compute &compute, float *result) {
    for (std::size_t i = 0; i < batch * sequence; i++)
        require(ids[i] < token_rows, "the id ", ids[i], " at [", i / sequence, ", ", i % sequence,
                "] is outside the token table of ", token_rows, " rows");
    for (std::size_t i = 0; i < sequence; i++)
        require(position_ids[i] < position_rows, "the id ", position_ids[i], " at [0, ", i,
                "] is outside the position table of ", position_rows, " rows");
    threads.each(batch, [&](std::size_t row) {
        for (std::size_t i = 0; i < sequence; i++) {
            const float *token = tokens + ids[row * sequence + i] * width;
            const float *position = positions + position_ids[i] * width;
            float *to = result + (row * sequence + i) * width;
            std::copy(token, token + width, to);
            add_bias(to, position, width, compute.fp32_accumulation);
        }
        round_rows(result + row * sequence * width, sequence, width, compute.dtype);
    });
}

void layer_norm(Threads &threads, const float *input, const float *residual, const float *weight, const float *bias,
                std::size_t rows, std::size_t width, float epsilon, const Compute &compute, float *result) {
    const std::size_t strips = (rows + STRIP_ROWS - 1) / STRIP_ROWS;
    threads.each(strips, [&](std::size_t strip) {
        const std::size_t first = strip * STRIP_ROWS;
        const std::size_t last = std::min(rows, first + STRIP_ROWS);
        for (std::size_t row = first; row < last; row++)
            normalize(input + row * width, residual == nullptr ? nullptr : residual + row * width, weight, bias, width,
                      epsilon, compute.math_fidelity, compute.fp32_accumulation, result + row * width);
        round_rows(result + first * width, last - first, width, compute.dtype);
    });
}

void linear(Threads &threads, const float *input, std::size_t rows, std::size_t inner, const float *weight,
            std::size_t columns, const float *bias, std::uint32_t activation, const Compute &compute, float *result) {
    const Accuracy accuracy{compute.math_fidelity, compute.fp32_accumulation, compute.packer_l1_accumulation, compute.dtype};
    Panels panels;
    panels.resize(inner, columns);
    threads.each(panels.count(), [&](std::size_t panel) { panels.pack(panel, weight, columns, 1, compute.math_fidelity); });
    const std::size_t strips = (rows + STRIP_ROWS - 1) / STRIP_ROWS;
    const std::size_t groups = std::min<std::size_t>(panels.count(), strips < 8 ? 8 / strips : 1);
    threads.each(strips * groups, [&](std::size_t part) {
        const std::size_t first = part / groups * STRIP_ROWS;
        const std::size_t count = std::min(rows - first, STRIP_ROWS);
        const std::size_t first_panel = part % groups * panels.count() / groups;
        const std::size_t last_panel = (part % groups + 1) * panels.count() / groups;
        const std::size_t column = first_panel * Panels::WIDTH;
        const std::size_t width = std::min(columns, last_panel * Panels::WIDTH) - column;
        Strip strip;
        strip.pack(input + first * inner, inner, count, inner, compute.math_fidelity);
        strip.multiply(panels, first_panel, last_panel, accuracy, result + first * columns, columns);
        for (std::size_t row = first; row < first + count; row++) {
            float *values = result + row * columns + column;
            add_bias(values, bias + column, width, compute.fp32_accumulation);
            apply_activation(values, width, activation, compute.fp32_accumulation);
            round_rows(values, 1, width, compute.dtype);
        }
    });
}

void self_attention(Threads &threads, const float *query_key_value, const float *mask, std::size_t batch,
                    std::size_t sequence, std::size_t width, std::size_t heads, float scale, const Compute &compute,
                    float *result) {
    const Accuracy accuracy{compute.math_fidelity, compute.fp32_accumulation, false, DISTILQA_TT_BFLOAT16};
    const std::size_t size = width / heads;
    const std::size_t stride = 3 * width;
    threads.each(batch * heads, [&](std::size_t part) {
        const std::size_t item = part / heads;
        const std::size_t column = part % heads * size;
        const float *queries = query_key_value + item * sequence * stride + column;
        const float *keys = queries + width;
        const float *values = keys + width;
        float *to = result + item * sequence * width + column;
        Panels transposed_keys, value_panels;
        transposed_keys.resize(size, sequence);
        for (std::size_t i = 0; i < transposed_keys.count(); i++)
            transposed_keys.pack(i, keys, 1, stride, compute.math_fidelity);
        value_panels.resize(sequence, size);
        for (std::size_t i = 0; i < value_panels.count(); i++)
            value_panels.pack(i, values, stride, 1, compute.math_fidelity);
        std::vector<float> scores(STRIP_ROWS * sequence);
        float inverses[STRIP_ROWS];
        Strip strip;
        for (std::size_t first = 0; first < sequence; first += STRIP_ROWS) {
            const std::size_t count = std::min(sequence - first, STRIP_ROWS);
            strip.pack(queries + first * stride, stride, count, size, compute.math_fidelity);
            strip.multiply(transposed_keys, 0, transposed_keys.count(), accuracy, scores.data(), sequence);
            for (std::size_t row = 0; row < count; row++)
                softmax_row(scores.data() + row * sequence,
                            mask == nullptr ? nullptr : mask + (item * sequence + first + row) * sequence, sequence, scale,
                            compute.approximate_math, inverses + row);
            strip.pack(scores.data(), sequence, count, sequence, compute.math_fidelity);
            strip.multiply(value_panels, 0, value_panels.count(), accuracy, to + first * width, width);
            for (std::size_t row = first; row < first + count; row++) {
                scale_row(to + row * width, size, inverses[row - first], compute.fp32_accumulation);
                round_rows(to + row * width, 1, size, compute.dtype);
            }
        }
    });
}

}  // namespace distilqa
