// The ops of the graph.
#pragma once

#include "tensor.h"

namespace distilqa {

OwnedTensor embeddings(
    distilqa_tt_tensor& ids, distilqa_tt_tensor& position_ids, distilqa_tt_tensor& token_table,
    distilqa_tt_tensor& position_table, const distilqa_tt_compute& compute);

OwnedTensor layer_norm(
    distilqa_tt_tensor& input, distilqa_tt_tensor* residual, distilqa_tt_tensor& weight, distilqa_tt_tensor& bias,
    float epsilon, const distilqa_tt_compute& compute);

OwnedTensor linear(
    distilqa_tt_tensor& input, distilqa_tt_tensor& weight, distilqa_tt_tensor& bias, uint32_t activation,
    const distilqa_tt_compute& compute);

OwnedTensor self_attention(
    distilqa_tt_tensor& query_key_value, distilqa_tt_tensor* mask, uint32_t heads, float scale,
    const distilqa_tt_compute& compute);

}  // namespace distilqa
