// The ops of the graph.
#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include "linear_plan.h"
#include "ttnn_card.h"

namespace distilqa {
namespace {

metal::MathFidelity fidelity(std::uint32_t value) {
    switch (value) {
        case DISTILQA_TT_LOFI: return metal::MathFidelity::LoFi;
        case DISTILQA_TT_HIFI2: return metal::MathFidelity::HiFi2;
        case DISTILQA_TT_HIFI3: return metal::MathFidelity::HiFi3;
        default: return metal::MathFidelity::HiFi4;
    }
}

ttnn::DeviceComputeKernelConfig kernel_config(const Compute& compute) {
    ttnn::WormholeComputeKernelConfig config;
    config.math_fidelity = fidelity(compute.math_fidelity);
    config.math_approx_mode = compute.approximate_math;
    config.fp32_dest_acc_en = compute.fp32_accumulation;
    config.packer_l1_acc = compute.packer_l1_accumulation;
    return config;
}

std::optional<metal::Activation> activation_of(std::uint32_t activation) {
    using ttnn::operations::unary::UnaryOpType;
    switch (activation) {
        case DISTILQA_TT_GELU: return metal::Activation(UnaryOpType::GELU, 0.0f);
        case DISTILQA_TT_GELU_APPROXIMATE: return metal::Activation(UnaryOpType::GELU, 1.0f);
        case DISTILQA_TT_RELU: return metal::Activation(UnaryOpType::RELU);
        default: return std::nullopt;
    }
}

// The plan in TT-NN's words: what its two configurations have in common.
template <typename Config>
Config config_of(
    const LinearPlan& plan, const tt::tt_metal::CoreCoord& grid, std::optional<metal::Activation> activation) {
    Config config{};
    config.compute_with_storage_grid_size = grid;
    config.in0_block_w = plan.block_inner;
    config.out_subblock_h = plan.subblock_rows;
    config.out_subblock_w = plan.subblock_columns;
    config.out_block_h = plan.block_rows;
    config.out_block_w = plan.block_columns;
    config.per_core_M = plan.core_rows;
    config.per_core_N = plan.core_columns;
    config.fused_activation = std::move(activation);
    config.fuse_batch = true;
    return config;
}

metal::MatmulProgramConfig program_config(
    const LinearPlan& plan, const tt::tt_metal::CoreCoord& grid, std::optional<metal::Activation> activation) {
    if (plan.form == LinearForm::GRID) return config_of<metal::MatmulOnGrid>(plan, grid, std::move(activation));
    auto config = config_of<metal::MatmulInOneDimension>(plan, grid, std::move(activation));
    config.mcast_in0 = plan.form == LinearForm::COLUMNS;
    config.num_global_cb_receivers = 1;
    return config;
}

// How much of the sequence a core takes at a time, in queries and in keys. The op's kernel wants a power of two of tiles;
// a divisor of the sequence leaves nothing to pad. Four tiles keep its circular buffers (at 64 values a head and
// bfloat16: queries 32 KiB, keys and values 64 KiB, scores and mask 96 KiB) far below the 1.3 MiB that a core has.
std::uint32_t attention_chunk(std::uint32_t sequence) {
    std::uint32_t chunk = TILE;
    while (chunk < 4 * TILE && sequence % (2 * chunk) == 0) chunk *= 2;
    return chunk;
}

}  // namespace

metal::Tensor TtnnCard::queued(metal::Tensor result) {
    count_ops(1);
    sample_memory();
    return result;
}

// Some ops give what their input was. Costs a device op where the caller wants something else.
metal::Tensor TtnnCard::converted(metal::Tensor tensor, const Compute& compute) {
    const ttnn::DataType wanted = data_type(compute.dtype);
    if (tensor.dtype() == wanted) return tensor;
    metal::Tensor result = queued(ttnn::typecast(tensor, wanted, memory_config(compute.memory)));
    tensor.deallocate(/*force=*/true);
    return result;
}

ttnn::Shape TtnnCard::on_chip(const Spec& spec, std::initializer_list<std::uint64_t> shape) const {
    std::vector<std::uint32_t> sizes(shape.begin(), shape.end());
    if (spec.distribution == DISTILQA_TT_SHARD) sizes.front() /= chips_;
    return ttnn::Shape(ttsl::Span<const std::uint32_t>(sizes.data(), sizes.size()));
}

std::unique_ptr<Values> TtnnCard::embeddings(
    Operand ids, Operand position_ids, Operand token_table, Operand position_table, const Compute& compute,
    const Spec& result) {
    const auto memory = memory_config(compute.memory);
    const auto look_up = [&](const Operand& rows, const Operand& table) {
        return queued(ttnn::embedding(
            tensor(rows), tensor(table), /*pad_token=*/std::nullopt, ttnn::TILE_LAYOUT,
            ttnn::prim::EmbeddingsType::GENERIC, ttnn::DataType::BFLOAT16, memory));
    };
    metal::Tensor tokens = look_up(ids, token_table);
    metal::Tensor positions = look_up(position_ids, position_table);
    const metal::Tensor sum = queued(ttnn::add(tokens, positions, data_type(compute.dtype), memory));
    tokens.deallocate(/*force=*/true);
    positions.deallocate(/*force=*/true);
    // The same tiles: no device op, since the last dimension and whole tiles of the one before stay.
    return held(ttnn::reshape(sum, on_chip(result, {result.shape[0], 1, result.shape[2], result.shape[3]})));
}

std::unique_ptr<Values> TtnnCard::layer_norm(
    Operand input, const Operand* residual, Operand weight, Operand bias, float epsilon, const Compute& compute,
    const Spec& /*result*/) {
    metal::Tensor normalized = queued(ttnn::layer_norm(
        tensor(input), epsilon, tensor(weight), tensor(bias),
        residual == nullptr ? std::optional<const metal::Tensor>() : std::optional<const metal::Tensor>(tensor(*residual)),
        memory_config(compute.memory), /*program_config=*/std::nullopt, kernel_config(compute)));
    return held(converted(std::move(normalized), compute));
}

std::unique_ptr<Values> TtnnCard::linear(
    Operand input, Operand weight, Operand bias, std::uint32_t activation, const Compute& compute,
    const Spec& /*result*/) {
    const auto grid = mesh_->compute_with_storage_grid_size();
    const LinearPlan plan = plan_linear(LinearShape::of(
        input.spec, weight.spec, compute, chips_, static_cast<std::uint32_t>(grid.x),
        static_cast<std::uint32_t>(grid.y)));
    return held(queued(ttnn::linear(
        tensor(input), tensor(weight), tensor(bias), /*transpose_a=*/false, /*transpose_b=*/false,
        memory_config(compute.memory), data_type(compute.dtype),
        program_config(plan, grid, activation_of(activation)), /*activation=*/std::nullopt, kernel_config(compute))));
}

std::unique_ptr<Values> TtnnCard::self_attention(
    Operand query_key_value, const Operand* mask, std::uint32_t heads, float scale, const Compute& compute,
    const Spec& result) {
    const auto memory = memory_config(compute.memory);
    const std::uint64_t batch = result.shape[0];
    const auto sequence = static_cast<std::uint32_t>(result.shape[2]);
    const std::uint64_t width = result.shape[3];

    auto [query, key, value] = ttnn::transformer::split_query_key_value_and_split_heads(
        ttnn::reshape(tensor(query_key_value), on_chip(result, {batch, sequence, 3 * width})),
        std::optional<metal::Tensor>(), heads, std::optional<std::uint32_t>(), /*transpose_key=*/false, memory);
    query = queued(std::move(query));

    ttnn::operations::transformer::SDPAProgramConfig program{};
    program.compute_with_storage_grid_size = mesh_->compute_with_storage_grid_size();
    program.q_chunk_size = attention_chunk(sequence);
    program.k_chunk_size = attention_chunk(sequence);
    program.exp_approx_mode = compute.approximate_math;
    metal::Tensor context = queued(ttnn::transformer::scaled_dot_product_attention(
        query, key, value, mask == nullptr ? std::optional<metal::Tensor>() : std::optional<metal::Tensor>(tensor(*mask)),
        /*is_causal=*/false, scale, /*sliding_window_size=*/std::nullopt, memory, program, kernel_config(compute)));
    query.deallocate(/*force=*/true);
    key.deallocate(/*force=*/true);
    value.deallocate(/*force=*/true);

    metal::Tensor joined = queued(ttnn::transformer::concatenate_heads(context, memory));
    context.deallocate(/*force=*/true);
    joined = converted(std::move(joined), compute);
    return held(ttnn::reshape(joined, on_chip(result, {batch, 1, sequence, width})));
}

}  // namespace distilqa
