#include "matmul.h"

#include "formats.h"

#include <algorithm>

namespace distilqa {

namespace {

constexpr std::size_t ROWS = 6;  // of the register block; 6 x 16 floats leave room for operands in 16 AVX registers
constexpr std::size_t BLOCK_TILES = 2;

typedef float Vector __attribute__((vector_size(64)));
typedef std::uint32_t Bits __attribute__((vector_size(64)));

DISTILQA_INLINE void load(Vector &vector, const float *from) { std::memcpy(&vector, from, sizeof vector); }
DISTILQA_INLINE void store(const Vector &vector, float *to) { std::memcpy(to, &vector, sizeof vector); }

DISTILQA_INLINE void round_vector(Vector &vector) {
    Bits bits = (Bits)vector;
    const Bits nan = (Bits)((bits & 0x7FFFFFFFu) > 0x7F800000u);
    bits = (bits + 0x7FFFu + ((bits >> 16) & 1u)) & 0xFFFF0000u;
    bits = (bits & ~nan) | (nan & 0x7FC00000u);
    vector = (Vector)bits;
}

// sums [ROWS] += left [ROWS, depth] * panel [depth, 16]. left holds ROWS values of each inner position side by side; with
// SPLIT their upper parts, and the lower ones in rest.
template <bool SPLIT>
DISTILQA_INLINE void add_products(const float *left, const float *rest, const float *panel, std::size_t depth, Vector *sums) {
    Vector a = sums[0], b = sums[1], c = sums[2], d = sums[3], e = sums[4], f = sums[5];
    for (std::size_t k = 0; k < depth; k++) {
        Vector right;
        load(right, panel + k * Panels::WIDTH);
        const float *x = left + k * ROWS;
        a += x[0] * right;
        b += x[1] * right;
        c += x[2] * right;
        d += x[3] * right;
        e += x[4] * right;
        f += x[5] * right;
        if (SPLIT) {
            const Vector upper = (Vector)((Bits)right & SRC_A_PASS);
            const float *y = rest + k * ROWS;
            a += y[0] * upper;
            b += y[1] * upper;
            c += y[2] * upper;
            d += y[3] * upper;
            e += y[4] * upper;
            f += y[5] * upper;
        }
    }
    sums[0] = a, sums[1] = b, sums[2] = c, sums[3] = d, sums[4] = e, sums[5] = f;
}

template <bool SPLIT>
DISTILQA_INLINE void multiply_block(const float *left, const float *rest, const float *panel, std::size_t inner,
                                    const Accuracy &accuracy, Vector *sums) {
    for (std::size_t i = 0; i < ROWS; i++) sums[i] = Vector{};
    if (accuracy.fp32_accumulation) {
        for (std::size_t k = 0; k < inner; k += TILE) {
            Vector tile[ROWS] = {};
            add_products<SPLIT>(left + k * ROWS, rest + k * ROWS, panel + k * Panels::WIDTH, std::min(TILE, inner - k), tile);
            for (std::size_t i = 0; i < ROWS; i++) sums[i] += tile[i];
        }
        return;
    }
    const std::size_t block = BLOCK_TILES * TILE;
    const bool in_l1 = accuracy.packer_l1_accumulation && inner > block;
    for (std::size_t start = 0; start < inner; start += block) {
        Vector destination[ROWS];
        for (std::size_t i = 0; i < ROWS; i++) destination[i] = in_l1 ? Vector{} : sums[i];
        const std::size_t end = std::min(inner, start + block);
        for (std::size_t k = start; k < end; k += TILE) {
            Vector tile[ROWS] = {};
            add_products<SPLIT>(left + k * ROWS, rest + k * ROWS, panel + k * Panels::WIDTH, std::min(TILE, end - k), tile);
            for (std::size_t i = 0; i < ROWS; i++) {
                destination[i] += tile[i];
                round_vector(destination[i]);
            }
        }
        for (std::size_t i = 0; i < ROWS; i++) {
            if (in_l1) {
                sums[i] += destination[i];
                round_vector(sums[i]);
            } else {
                sums[i] = destination[i];
                if (end < inner && is_block_float(accuracy.result_dtype)) {
                    float stored[BLOCK];
                    store(sums[i], stored);
                    round_block(stored, BLOCK, 7);
                    load(sums[i], stored);
                }
            }
        }
    }
}

// Packed left rows times some panels.
template <bool SPLIT>
DISTILQA_INLINE void multiply_strips(const float *left, const float *rest, std::size_t rows, const Panels &right,
                                     std::size_t first, std::size_t last, const Accuracy &accuracy, float *result,
                                     std::size_t result_stride) {
    const std::size_t inner = right.inner();
    for (std::size_t panel = first; panel < last; panel++) {
        const std::size_t width = std::min(Panels::WIDTH, right.columns() - panel * Panels::WIDTH);
        for (std::size_t row = 0; row < rows; row += ROWS) {
            Vector sums[ROWS];
            multiply_block<SPLIT>(left + row * inner, rest + row * inner, right.panel(panel), inner, accuracy, sums);
            for (std::size_t i = 0; i < std::min(ROWS, rows - row); i++) {
                float *to = result + (row + i) * result_stride + panel * Panels::WIDTH;
                if (width == Panels::WIDTH) {
                    store(sums[i], to);
                } else {
                    float values[Panels::WIDTH];
                    store(sums[i], values);
                    std::copy(values, values + width, to);
                }
            }
        }
    }
}

DISTILQA_CLONES void multiply_whole(const float *left, std::size_t rows, const Panels &right, std::size_t first,
                                    std::size_t last, const Accuracy &accuracy, float *result, std::size_t result_stride) {
    multiply_strips<false>(left, left, rows, right, first, last, accuracy, result, result_stride);
}

DISTILQA_CLONES void multiply_split(const float *left, const float *rest, std::size_t rows, const Panels &right,
                                    std::size_t first, std::size_t last, const Accuracy &accuracy, float *result,
                                    std::size_t result_stride) {
    multiply_strips<true>(left, rest, rows, right, first, last, accuracy, result, result_stride);
}

}  // namespace

void Panels::resize(std::size_t inner, std::size_t columns) {
    inner_ = inner;
    columns_ = columns;
    packed_.resize(count() * inner * WIDTH);
}

void Panels::pack(std::size_t panel, const float *values, std::size_t inner_stride, std::size_t column_stride,
                  std::uint32_t math_fidelity) {
    const std::uint32_t mask = math_fidelity < 2 ? SRC_A_PASS : ~0u;
    const std::size_t first = panel * WIDTH;
    const std::size_t width = std::min(WIDTH, columns_ - first);
    float *to = packed_.data() + panel * inner_ * WIDTH;
    for (std::size_t k = 0; k < inner_; k++, to += WIDTH) {
        const float *from = values + k * inner_stride + first * column_stride;
        for (std::size_t j = 0; j < width; j++) to[j] = keep(from[j * column_stride], mask);
        for (std::size_t j = width; j < WIDTH; j++) to[j] = 0;
    }
}

void Strip::pack(const float *values, std::size_t stride, std::size_t rows, std::size_t inner, std::uint32_t math_fidelity) {
    const std::size_t padded = (rows + ROWS - 1) / ROWS * ROWS;
    const std::uint32_t mask = math_fidelity < 4 ? SRC_B_PASS : ~0u;
    rows_ = rows;
    inner_ = inner;
    upper_.resize(padded * inner);
    lower_.resize(math_fidelity == 3 ? padded * inner : 0);
    std::uint32_t any_lower = 0;
    for (std::size_t row = 0; row < padded; row++) {
        const std::size_t start = row / ROWS * ROWS * inner + row % ROWS;
        for (std::size_t k = 0; k < inner; k++) {
            const float value = row < rows ? values[row * stride + k] : 0.0f;
            const float kept = keep(value, mask);
            upper_[start + k * ROWS] = kept;
            any_lower |= bits_of(value) & ~mask;
            if (math_fidelity == 3) lower_[start + k * ROWS] = kept == value ? 0.0f : value - kept;
        }
    }
    split_ = math_fidelity == 3 && any_lower != 0;
}

void Strip::multiply(const Panels &right, std::size_t first, std::size_t last, const Accuracy &accuracy, float *result,
                     std::size_t result_stride) const {
    if (split_)
        multiply_split(upper_.data(), lower_.data(), rows_, right, first, last, accuracy, result, result_stride);
    else
        multiply_whole(upper_.data(), rows_, right, first, last, accuracy, result, result_stride);
}

}  // namespace distilqa
