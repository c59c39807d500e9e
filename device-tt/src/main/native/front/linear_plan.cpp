#include "linear_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace distilqa {
namespace {

// Tiles that half the destination registers hold, the other half being packed meanwhile.
std::uint32_t destination_tiles(const LinearShape &shape) { return shape.fp32_accumulation ? 4 : 8; }

std::uint32_t ceiling(std::uint32_t value, std::uint32_t divisor) { return (value + divisor - 1) / divisor; }

std::vector<std::uint32_t> divisors(std::uint32_t value) {
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 1; i <= value; i++)
        if (value % i == 0) all.push_back(i);
    return all;
}

// How many tiles of a dimension a core may have: as few as the cores along it allow, or a few more, since a prime number of tiles
// has no blocks.
std::vector<std::uint32_t> shares(std::uint32_t tiles, std::uint32_t cores) {
    const std::uint32_t least = ceiling(tiles, cores);
    std::vector<std::uint32_t> all;
    for (std::uint32_t share = least; share <= least + least / 8; share++) all.push_back(share);
    return all;
}

// The subblock that reads the fewest tiles for each product.
void choose_subblock(const LinearShape &shape, LinearPlan &plan) {
    double best = std::numeric_limits<double>::infinity();
    for (const std::uint32_t rows : divisors(plan.block_rows))
        for (const std::uint32_t columns : divisors(plan.block_columns)) {
            if (rows * columns > destination_tiles(shape)) continue;
            const double reads = 1.0 / rows + 1.0 / columns;
            if (reads >= best) continue;
            best = reads;
            plan.subblock_rows = rows;
            plan.subblock_columns = columns;
        }
}

// The busiest core's work in products of two tiles, for comparing plans of one shape; no prediction of a time. At HiFi3 a product
// takes 48 cycles. To read a tile into the matrix engine or pack a partial sum takes about as long; to bring one from another core
// or DRAM, 2,048 bytes at some 24 a cycle, twice that. The tiles of the first step are waited for, later ones come meanwhile.
double cost(const LinearShape &shape, const LinearPlan &plan) {
    const double tiles = static_cast<double>(plan.core_rows) * plan.core_columns;
    const double products = tiles * shape.inner;
    const double read = products * (1.0 / plan.subblock_rows + 1.0 / plan.subblock_columns);
    const double packed = tiles * shape.inner / plan.block_inner;
    const double brought = static_cast<double>(shape.inner) *
                           (plan.core_rows * (plan.core_columns / plan.block_columns) +
                            plan.core_columns * (plan.core_rows / plan.block_rows));
    const double waited_for = static_cast<double>(plan.block_inner) * (plan.block_rows + plan.block_columns);
    return products + read + packed + 2 * brought + 2 * waited_for;
}

// The best blocks for what a core makes; block_rows is 0 if none fit.
LinearPlan choose_blocks(const LinearShape &shape, LinearPlan plan) {
    LinearPlan best = plan;
    best.block_rows = 0;
    double least = std::numeric_limits<double>::infinity();
    for (const std::uint32_t rows : divisors(plan.core_rows))
        for (const std::uint32_t columns : divisors(plan.core_columns))
            for (const std::uint32_t inner : divisors(shape.inner)) {
                plan.block_rows = rows;
                plan.block_columns = columns;
                plan.block_inner = inner;
                plan.circular_buffer_bytes = circular_buffer_bytes(shape, plan);
                if (plan.circular_buffer_bytes > CIRCULAR_BUFFER_BYTES) break;
                choose_subblock(shape, plan);
                const double now = cost(shape, plan);
                if (now >= least) continue;
                least = now;
                best = plan;
            }
    return best;
}

}  // namespace

LinearShape LinearShape::of(const Spec &input, const Spec &weight, const Compute &compute, std::uint32_t chips,
                            std::uint32_t grid_x, std::uint32_t grid_y) {
    const auto tile = [](std::uint32_t dtype) { return static_cast<std::uint32_t>(tile_bytes(dtype)); };
    const auto tiles = [](std::uint64_t values) { return static_cast<std::uint32_t>((values + TILE - 1) / TILE); };
    LinearShape shape{};
    shape.columns = tiles(weight.width());
    shape.inner = tiles(input.width());
    shape.rows = static_cast<std::uint32_t>(input.pages(chips)) / shape.inner;
    shape.grid_x = grid_x;
    shape.grid_y = grid_y;
    shape.input_tile = tile(input.dtype);
    shape.weight_tile = tile(weight.dtype);
    shape.result_tile = tile(compute.dtype);
    shape.bias_tile = tile(DISTILQA_TT_BFLOAT16);
    shape.fp32_accumulation = compute.fp32_accumulation;
    shape.packer_l1_accumulation = compute.packer_l1_accumulation;
    return shape;
}

std::uint64_t circular_buffer_bytes(const LinearShape &shape, const LinearPlan &plan) {
    const std::uint64_t depth = plan.block_inner < shape.inner ? 2 : 1;
    const std::uint64_t block = std::uint64_t{plan.block_rows} * plan.block_columns;
    const std::uint64_t sum_tile = shape.fp32_accumulation        ? tile_bytes(DISTILQA_TT_FLOAT32)
                                   : shape.packer_l1_accumulation ? tile_bytes(DISTILQA_TT_BFLOAT16)
                                                                  : shape.result_tile;
    const std::uint64_t sums = sum_tile == shape.result_tile ? 0 : block * sum_tile;
    return depth * plan.block_inner *
               (std::uint64_t{plan.block_rows} * shape.input_tile + std::uint64_t{plan.block_columns} * shape.weight_tile) +
           std::uint64_t{plan.block_columns} * shape.bias_tile + block * shape.result_tile + sums;
}

LinearPlan plan_linear(const LinearShape &shape) {
    const std::uint32_t cores = shape.grid_x * shape.grid_y;
    LinearPlan best{};
    double least = std::numeric_limits<double>::infinity();
    const auto consider = [&](LinearForm form, std::uint32_t rows, std::uint32_t columns) {
        LinearPlan plan{};
        plan.form = form;
        plan.core_rows = rows;
        plan.core_columns = columns;
        plan = choose_blocks(shape, plan);
        if (plan.block_rows == 0) return;
        const double now = cost(shape, plan);
        if (now >= least) return;
        least = now;
        best = plan;
    };
    for (const std::uint32_t rows : shares(shape.rows, shape.grid_y))
        for (const std::uint32_t columns : shares(shape.columns, shape.grid_x)) consider(LinearForm::GRID, rows, columns);
    for (const std::uint32_t columns : shares(shape.columns, cores)) consider(LinearForm::COLUMNS, shape.rows, columns);
    for (const std::uint32_t rows : shares(shape.rows, cores)) consider(LinearForm::ROWS, rows, shape.columns);
    return best;
}

}  // namespace distilqa
