#include "matmul.h"

#include "formats.h"

#include <algorithm>

namespace distilqa {

namespace {

constexpr std::size_t ROWS = 6;  // of the register block: 6 x 16 floats leave room for operands in 16 AVX registers
constexpr std::size_t BLOCK_TILES = 2;
constexpr std::size_t SUMS = ROWS * Panels::WIDTH;

// Register-wide vectors of 4, 8 and 16 floats. A compiler makes slow code of vectors wider than its registers, so that each
// instruction set has its own.
struct Vector4 {
    typedef float Floats __attribute__((vector_size(16)));
    typedef std::uint32_t Bits __attribute__((vector_size(16)));
    static constexpr std::size_t PER_ROW = 2;  // at a time
};
struct Vector8 {
    typedef float Floats __attribute__((vector_size(32)));
    typedef std::uint32_t Bits __attribute__((vector_size(32)));
    static constexpr std::size_t PER_ROW = 2;
};
struct Vector16 {
    typedef float Floats __attribute__((vector_size(64)));
    typedef std::uint32_t Bits __attribute__((vector_size(64)));
    static constexpr std::size_t PER_ROW = 1;
};

// sums [ROWS, 16] = left [ROWS, depth] * panel [depth, 16]. left holds ROWS values of each inner position side by side; with
// SPLIT their upper parts, and the lower ones in rest.
template <typename Vector, bool SPLIT>
DISTILQA_INLINE void multiply_tile(const float *left, const float *rest, const float *panel, std::size_t depth, float *sums) {
    using Floats = typename Vector::Floats;
    using Bits = typename Vector::Bits;
    constexpr std::size_t LANES = sizeof(Floats) / sizeof(float);
    constexpr std::size_t PER_ROW = Vector::PER_ROW;
    for (std::size_t column = 0; column < Panels::WIDTH; column += PER_ROW * LANES) {
        Floats sum[ROWS * PER_ROW] = {};
        for (std::size_t k = 0; k < depth; k++) {
            Floats right[PER_ROW], upper[PER_ROW];
#pragma GCC unroll 2
            for (std::size_t j = 0; j < PER_ROW; j++) {
                std::memcpy(&right[j], panel + k * Panels::WIDTH + column + j * LANES, sizeof right[j]);
                upper[j] = (Floats)((Bits)right[j] & SRC_A_PASS);
            }
#pragma GCC unroll 12
            for (std::size_t i = 0; i < ROWS * PER_ROW; i++) {
                sum[i] += left[k * ROWS + i / PER_ROW] * right[i % PER_ROW];
                if (SPLIT) sum[i] += rest[k * ROWS + i / PER_ROW] * upper[i % PER_ROW];
            }
        }
#pragma GCC unroll 12
        for (std::size_t i = 0; i < ROWS * PER_ROW; i++)
            std::memcpy(sums + i / PER_ROW * Panels::WIDTH + column + i % PER_ROW * LANES, &sum[i], sizeof sum[i]);
    }
}

// One register block over the whole inner dimension.
template <typename Vector, bool SPLIT>
DISTILQA_INLINE void multiply_block(const float *left, const float *rest, const float *panel, std::size_t inner,
                                    const Accuracy &accuracy, float *sums) {
    float tile[SUMS], destination[SUMS];
    for (std::size_t i = 0; i < SUMS; i++) sums[i] = 0;
    if (accuracy.fp32_accumulation) {
        for (std::size_t k = 0; k < inner; k += TILE) {
            multiply_tile<Vector, SPLIT>(left + k * ROWS, rest + k * ROWS, panel + k * Panels::WIDTH,
                                         std::min(TILE, inner - k), tile);
            for (std::size_t i = 0; i < SUMS; i++) sums[i] += tile[i];
        }
        return;
    }
    const std::size_t block = BLOCK_TILES * TILE;
    const bool in_l1 = accuracy.packer_l1_accumulation && inner > block;
    for (std::size_t start = 0; start < inner; start += block) {
        for (std::size_t i = 0; i < SUMS; i++) destination[i] = in_l1 ? 0.0f : sums[i];
        const std::size_t end = std::min(inner, start + block);
        for (std::size_t k = start; k < end; k += TILE) {
            multiply_tile<Vector, SPLIT>(left + k * ROWS, rest + k * ROWS, panel + k * Panels::WIDTH, std::min(TILE, end - k),
                                         tile);
            for (std::size_t i = 0; i < SUMS; i++) destination[i] = to_bfloat16(destination[i] + tile[i]);
        }
        if (in_l1) {
            for (std::size_t i = 0; i < SUMS; i++) sums[i] = to_bfloat16(sums[i] + destination[i]);
        } else {
            for (std::size_t i = 0; i < SUMS; i++) sums[i] = destination[i];
            if (end < inner && is_block_float(accuracy.result_dtype))
                round_rows(sums, ROWS, Panels::WIDTH, accuracy.result_dtype);
        }
    }
}

// Packed left rows times some panels.
struct Product {
    const float *left;
    const float *rest;
    std::size_t rows;
    const Panels *right;
    std::size_t first;
    std::size_t last;
    const Accuracy *accuracy;
    float *result;
    std::size_t result_stride;
};

template <typename Vector, bool SPLIT> DISTILQA_INLINE void multiply_strip(const Product &p) {
    const std::size_t inner = p.right->inner();
    for (std::size_t panel = p.first; panel < p.last; panel++) {
        const std::size_t width = std::min(Panels::WIDTH, p.right->columns() - panel * Panels::WIDTH);
        for (std::size_t row = 0; row < p.rows; row += ROWS) {
            float sums[SUMS];
            multiply_block<Vector, SPLIT>(p.left + row * inner, p.rest + row * inner, p.right->panel(panel), inner,
                                          *p.accuracy, sums);
            for (std::size_t i = 0; i < std::min(ROWS, p.rows - row); i++)
                std::memcpy(p.result + (row + i) * p.result_stride + panel * Panels::WIDTH, sums + i * Panels::WIDTH,
                            width * sizeof(float));
        }
    }
}

template <typename Vector> DISTILQA_INLINE void multiply_strip(const Product &product, bool split) {
    if (split)
        multiply_strip<Vector, true>(product);
    else
        multiply_strip<Vector, false>(product);
}

void multiply_plain(const Product &product, bool split) { multiply_strip<Vector4>(product, split); }

using Multiply = void (*)(const Product &product, bool split);

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) void multiply_avx2(const Product &product, bool split) {
    multiply_strip<Vector8>(product, split);
}

__attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma"))) void multiply_avx512(const Product &product, bool split) {
    multiply_strip<Vector16>(product, split);
}

Multiply choose() {
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq"))
        return multiply_avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? multiply_avx2 : multiply_plain;
}
#else
Multiply choose() { return multiply_plain; }
#endif

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
    static const Multiply chosen = choose();
    const float *rest = split_ ? lower_.data() : upper_.data();
    chosen({upper_.data(), rest, rows_, &right, first, last, &accuracy, result, result_stride}, split_);
}

}  // namespace distilqa
