// How a matrix product is laid over a chip's compute cores: which tiles of the result each core makes, and in what blocks, so
// that its circular buffers fit beside the tensors in L1. Needs nothing of TT-NN, so that it is tested where there is none.
#ifndef DISTILQA_TT_LINEAR_PLAN_H
#define DISTILQA_TT_LINEAR_PLAN_H

#include "spec.h"

#include <cstdint>

namespace distilqa {

// What the circular buffers of one op may take of a core's L1. On an n300 chip, 4,096 tokens of a network 768 wide leave 721,000
// bytes at the widest matrix product (input, residual and result take 674,000 of 1,395,424).
constexpr std::uint64_t CIRCULAR_BUFFER_BYTES = 512 * 1024;

// A product of [rows, inner] by [inner, columns], in tiles, on a grid of cores.
struct LinearShape {
    std::uint32_t rows, inner, columns;
    std::uint32_t grid_x, grid_y;
    // Bytes of a tile: of the input, of the weight, of the result and the bias.
    std::uint32_t input_tile, weight_tile, result_tile, bias_tile;
    bool fp32_accumulation, packer_l1_accumulation;

    // input [batch, 1, sequence, k] by weight [k, n], on one of so many chips, with a bfloat16 bias.
    static LinearShape of(const Spec &input, const Spec &weight, const Compute &compute, std::uint32_t chips,
                          std::uint32_t grid_x, std::uint32_t grid_y);
};

enum class LinearForm {
    GRID,    // a core has some rows and some columns: inputs are sent along the grid's rows, weights along its columns
    COLUMNS, // a core has some columns and all rows: inputs are sent to all cores; for few rows
    ROWS     // a core has some rows and all columns: weights are sent to all cores; for few columns
};

// All sizes in tiles. A core makes core_rows x core_columns of the result, block by block; for a block it goes through the inner
// dimension by block_inner, and adds up subblock by subblock, which is what its destination registers hold.
struct LinearPlan {
    LinearForm form;
    std::uint32_t core_rows, core_columns;
    std::uint32_t block_rows, block_columns, block_inner;
    std::uint32_t subblock_rows, subblock_columns;
    std::uint64_t circular_buffer_bytes;
};

// The circular buffers of a core, as TT-NN's matmul sizes them:
//     input      block_rows * block_inner,    twice if there is more than one step along the inner dimension
//     weight     block_inner * block_columns, likewise
//     bias       block_columns
//     result     block_rows * block_columns
//     sums       block_rows * block_columns in float32 with fp32_accumulation, else in bfloat16 with packer_l1_accumulation,
//                else in the result's format; where that is the result's format they are the result's buffer
// For example 8 x 384 tokens through [768, 3072] on 8 x 8 cores (96, 24 and 96 tiles; bfloat16, float32 sums): a core makes
// 12 x 12 tiles. In one block the result and the sums would take 144 * (2,048 + 4,096) = 884,736 bytes; in blocks of 6 x 6 they
// take 221,184, and with block_inner 4 the whole is 2 * 4 * 12 * 2,048 + 6 * 2,048 + 221,184 = 430,080.
std::uint64_t circular_buffer_bytes(const LinearShape &shape, const LinearPlan &plan);

// The cheapest plan whose circular buffers take at most CIRCULAR_BUFFER_BYTES.
LinearPlan plan_linear(const LinearShape &shape);

}  // namespace distilqa

#endif
