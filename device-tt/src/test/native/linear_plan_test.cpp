#include "linear_plan.h"
#include "tests.h"

using namespace checks;
using namespace distilqa;

namespace {

struct Format {
    std::uint32_t weights, result;
    bool fp32, packer;
};

LinearShape shape_of(std::uint32_t tokens, std::uint32_t k, std::uint32_t n, std::uint32_t grid_y, const Format &format) {
    Compute compute;
    compute.dtype = format.result;
    compute.fp32_accumulation = format.fp32;
    compute.packer_l1_accumulation = format.packer;
    const Spec input{{1, 1, tokens, k}, format.result, DISTILQA_TT_TILE, DISTILQA_TT_L1, DISTILQA_TT_REPLICATE};
    const Spec weight{{k, n}, format.weights, DISTILQA_TT_TILE, DISTILQA_TT_DRAM, DISTILQA_TT_REPLICATE};
    return LinearShape::of(input, weight, compute, 1, 8, grid_y);
}

// What TT-NN's matmul demands of a program configuration, and what the plan promises.
void check_plan(const LinearShape &shape, const LinearPlan &plan) {
    const auto ceiling = [](std::uint32_t value, std::uint32_t by) { return (value + by - 1) / by; };
    const std::uint32_t down = ceiling(shape.rows, plan.core_rows), across = ceiling(shape.columns, plan.core_columns);
    bool good = plan.core_rows > 0 && plan.core_columns > 0;
    if (plan.form == LinearForm::GRID) good = good && down <= shape.grid_y && across <= shape.grid_x;
    if (plan.form == LinearForm::COLUMNS) good = good && down == 1 && across <= shape.grid_x * shape.grid_y;
    if (plan.form == LinearForm::ROWS) good = good && across == 1 && down <= shape.grid_x * shape.grid_y;
    good = good && plan.core_rows % plan.block_rows == 0 && plan.core_columns % plan.block_columns == 0;
    good = good && shape.inner % plan.block_inner == 0;
    good = good && plan.block_rows % plan.subblock_rows == 0 && plan.block_columns % plan.subblock_columns == 0;
    good = good && plan.subblock_rows * plan.subblock_columns <= (shape.fp32_accumulation ? 4u : 8u);
    good = good && plan.circular_buffer_bytes == circular_buffer_bytes(shape, plan);
    good = good && plan.circular_buffer_bytes <= CIRCULAR_BUFFER_BYTES;
    CHECK(good);
    if (!good) std::printf("  %u x %u x %u tiles on %u x %u\n", shape.rows, shape.inner, shape.columns, shape.grid_x, shape.grid_y);
}

}  // namespace

void linear_plans_fit_every_shape() {
    const std::uint32_t B16 = DISTILQA_TT_BFLOAT16, B8 = DISTILQA_TT_BFLOAT8_B;
    const std::uint32_t widths[][2] = {{768, 2304}, {768, 768},   {768, 3072}, {3072, 768},  {768, 32},    {32, 32},
                                       {64, 192},   {1024, 3072}, {1024, 1024}, {1024, 4096}, {4096, 1024}, {320, 1312}};
    for (const std::uint32_t grid_y : {7u, 8u})
        for (const auto &width : widths)
            for (const Format &format : {Format{B16, B16, true, true}, Format{B8, B16, true, true}, Format{B16, B16, false, true},
                                         Format{B8, B8, false, false}, Format{B8, B8, true, true}})
                for (std::uint32_t tokens = 32; tokens <= 16384; tokens += tokens < 4096 ? 32 : 1024) {
                    const LinearShape shape = shape_of(tokens, width[0], width[1], grid_y, format);
                    check_plan(shape, plan_linear(shape));
                }
}

void linear_plans_use_the_cores() {
    const Format defaults{DISTILQA_TT_BFLOAT16, DISTILQA_TT_BFLOAT16, true, true};
    const auto plan = [&](std::uint32_t tokens, std::uint32_t k, std::uint32_t n, std::uint32_t grid_y) {
        return plan_linear(shape_of(tokens, k, n, grid_y, defaults));
    };
    // The example of linear_plan.h.
    const LinearPlan up = plan(8 * 384, 768, 3072, 8);
    CHECK(up.form == LinearForm::GRID && up.core_rows == 12 && up.core_columns == 12);
    CHECK(up.block_rows == 6 && up.block_columns == 6 && up.block_inner == 4);
    CHECK(up.subblock_rows == 2 && up.subblock_columns == 2 && up.circular_buffer_bytes == 430080);
    // 128 rows of tiles on 7 rows of cores would be 19 each, a prime number.
    CHECK(plan(8 * 512, 768, 3072, 7).core_rows == 20);
    // One sentence has few rows, the head few columns: all cores are used all the same.
    CHECK(plan(32, 768, 2304, 8).form == LinearForm::COLUMNS && plan(32, 768, 2304, 8).core_columns == 2);
    CHECK(plan(8 * 384, 768, 32, 8).form == LinearForm::ROWS && plan(8 * 384, 768, 32, 8).core_rows == 2);
}
