// Matrix products as the matrix engine forms them.
//
// Operands. The multiplier takes 7 bits of an activation's mantissa (register SrcB) and 5 of a weight's (SrcA), hidden bits
// included. With hi and lo for the upper bits and the rest, the passes of a product x * w are
//     LOFI   hi(x) hi(w)
//     HIFI2  hi(x) w
//     HIFI3  hi(x) w + lo(x) hi(w)
//     HIFI4  x w
// For operands of at most 8 mantissa bits all of these are exact in float.
//
// Sums. Products are added up in float over a tile's 32 inner positions. With fp32_accumulation, tiles are added in float
// too. Without, the destination register holds bfloat16, and is rounded after each tile. The inner dimension is worked off
// in blocks of two tiles: with packer_l1_accumulation each block starts from zero and is added to the sum in L1 (bfloat16 or
// float32 as the destination); without it the sum goes on in the destination, stored between blocks in the result's dtype if
// the destination is bfloat16. The chip rounds at finer steps, and its block may be longer: this is a model of its sums, not
// a copy.
#ifndef DISTILQA_TT_EMULATOR_MATMUL_H
#define DISTILQA_TT_EMULATOR_MATMUL_H

#include "threads.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace distilqa {

struct Accuracy {
    std::uint32_t math_fidelity = 4;
    bool fp32_accumulation = false;
    bool packer_l1_accumulation = false;
    std::uint32_t result_dtype = 2;
};

// The right-hand operand: panels of 16 columns, each with its inner positions one after the other, zeros after the last
// column. Element (inner, column) is values[inner * inner_stride + column * column_stride].
class Panels {
public:
    static constexpr std::size_t WIDTH = 16;

    void resize(std::size_t inner, std::size_t columns);
    std::size_t count() const { return (columns_ + WIDTH - 1) / WIDTH; }
    void pack(std::size_t panel, const float *values, std::size_t inner_stride, std::size_t column_stride,
              std::uint32_t math_fidelity);
    const float *panel(std::size_t panel) const { return packed_.data() + panel * inner_ * WIDTH; }
    std::size_t inner() const { return inner_; }
    std::size_t columns() const { return columns_; }

private:
    std::size_t inner_ = 0;
    std::size_t columns_ = 0;
    std::vector<float> packed_;
};

// The left-hand operand: some rows, packed for the passes of the multiplier.
class Strip {
public:
    void pack(const float *values, std::size_t stride, std::size_t rows, std::size_t inner, std::uint32_t math_fidelity);

    // result [rows, columns of the panels first to last - 1] = rows * panels: sums as the destination holds them, not yet
    // in the result's dtype. result points to the place of row 0, column 0.
    void multiply(const Panels &right, std::size_t first, std::size_t last, const Accuracy &accuracy, float *result,
                  std::size_t result_stride) const;

private:
    std::size_t rows_ = 0;
    std::size_t inner_ = 0;
    bool split_ = false;
    std::vector<float> upper_;
    std::vector<float> lower_;
};

}  // namespace distilqa

#endif
