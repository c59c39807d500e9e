// The maths of the ops, on row-major floats without padding. Results are rounded to the dtype of the computation.
//
// Where an intermediate value passes a register or buffer of the chip it is rounded as there: to bfloat16, unless
// fp32_accumulation keeps it in float32.
#ifndef DISTILQA_TT_EMULATOR_OPS_H
#define DISTILQA_TT_EMULATOR_OPS_H

#include "matmul.h"
#include "spec.h"
#include "threads.h"

#include <cstddef>
#include <cstdint>

namespace distilqa {

// tokens[ids] + positions[position_ids]; throws if an id is outside its table.
void embeddings(Threads &threads, const std::uint32_t *ids, const std::uint32_t *position_ids, const float *tokens,
                std::size_t token_rows, const float *positions, std::size_t position_rows, std::size_t batch,
                std::size_t sequence, std::size_t width, const Compute &compute, float *result);

// residual may be null. Mean and variance are sums over tiles of 32 columns.
void layer_norm(Threads &threads, const float *input, const float *residual, const float *weight, const float *bias,
                std::size_t rows, std::size_t width, float epsilon, const Compute &compute, float *result);

void linear(Threads &threads, const float *input, std::size_t rows, std::size_t inner, const float *weight,
            std::size_t columns, const float *bias, std::uint32_t activation, const Compute &compute, float *result);

// mask may be null. Scores, probabilities (not yet divided by their sum), sums and products are bfloat16, as in TT-NN's
// kernel, which works through the keys in chunks; here a row's largest score is known from the start.
void self_attention(Threads &threads, const float *query_key_value, const float *mask, std::size_t batch,
                    std::size_t sequence, std::size_t width, std::size_t heads, float scale, const Compute &compute,
                    float *result);

}  // namespace distilqa

#endif
