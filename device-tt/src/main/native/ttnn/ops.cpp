#include "ops.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

#include "error.h"
#include "linear_plan.h"

namespace distilqa {
namespace {

constexpr uint32_t TILE = 32;

using Shape4 = std::array<uint32_t, 4>;

bool has_shape(const distilqa_tt_tensor& tensor, std::initializer_list<uint32_t> shape) {
    return tensor.spec.rank == shape.size() && std::equal(shape.begin(), shape.end(), tensor.spec.shape);
}

bool tiled(const distilqa_tt_tensor& tensor) { return tensor.spec.layout == DISTILQA_TT_TILE; }

bool is_floating(const distilqa_tt_tensor& tensor) {
    return tensor.spec.dtype == DISTILQA_TT_BFLOAT16 || tensor.spec.dtype == DISTILQA_TT_BFLOAT8_B ||
        tensor.spec.dtype == DISTILQA_TT_BFLOAT4_B;
}

void require_same_device(const distilqa_tt_tensor& first, std::initializer_list<const distilqa_tt_tensor*> others) {
    for (const distilqa_tt_tensor* other : others) {
        require(other == nullptr || other->device == first.device, "the tensors belong to different devices");
    }
}

// Activations: [batch, 1, sequence, width], tiled.
void require_activation(const distilqa_tt_tensor& tensor, const char* message) {
    require(tensor.spec.rank == 4 && tensor.spec.shape[1] == 1 && tiled(tensor) && is_floating(tensor), message);
}

// Biases and layer norm's parameters: [1, width], tiled bfloat16, the same on each chip.
void require_row(const distilqa_tt_tensor& tensor, uint32_t width, const char* message) {
    require(has_shape(tensor, {1, width}) && tiled(tensor) && tensor.spec.dtype == DISTILQA_TT_BFLOAT16 &&
            tensor.spec.distribution == DISTILQA_TT_REPLICATE,
        message);
}

metal::MathFidelity fidelity(uint32_t value) {
    switch (value) {
        case DISTILQA_TT_LOFI: return metal::MathFidelity::LoFi;
        case DISTILQA_TT_HIFI2: return metal::MathFidelity::HiFi2;
        case DISTILQA_TT_HIFI3: return metal::MathFidelity::HiFi3;
        case DISTILQA_TT_HIFI4: return metal::MathFidelity::HiFi4;
        default: fail(DISTILQA_TT_INVALID_ARGUMENT, "an unknown math fidelity");
    }
}

void validate(const distilqa_tt_compute& compute) {
    fidelity(compute.math_fidelity);
    require(compute.dtype <= DISTILQA_TT_BFLOAT4_B, "an unknown dtype of the result");
    if (compute.dtype != DISTILQA_TT_BFLOAT16 && compute.dtype != DISTILQA_TT_BFLOAT8_B) {
        fail(DISTILQA_TT_UNSUPPORTED, "a result can be BFLOAT16 or BFLOAT8_B only");
    }
    require(compute.memory <= DISTILQA_TT_L1, "an unknown memory of the result");
    require(compute.fp32_accumulation <= 1 && compute.packer_l1_accumulation <= 1 && compute.approximate_math <= 1,
        "a flag is neither 0 nor 1");
    if (compute.math_fidelity == DISTILQA_TT_HIFI4 && compute.fp32_accumulation == 1) {
        fail(DISTILQA_TT_UNSUPPORTED,
            "HIFI4 with float32 accumulation gives wrong results on Wormhole (a hardware erratum); use HIFI3 with it, or "
            "HIFI4 without");
    }
}

ttnn::DeviceComputeKernelConfig kernel_config(const distilqa_tt_compute& compute) {
    validate(compute);
    ttnn::WormholeComputeKernelConfig config;
    config.math_fidelity = fidelity(compute.math_fidelity);
    config.math_approx_mode = compute.approximate_math == 1;
    config.fp32_dest_acc_en = compute.fp32_accumulation == 1;
    config.packer_l1_acc = compute.packer_l1_accumulation == 1;
    return config;
}

// The shape that one chip has of a tensor of this shape and distribution.
Shape4 on_chip(const distilqa_tt_device& device, Shape4 shape, uint32_t distribution) {
    if (distribution == DISTILQA_TT_SHARD) shape[0] /= device.chips();
    return shape;
}

// Another shape for the same tiles: no device op, since the last dimension and whole tiles of the one before stay.
metal::Tensor reshape(const metal::Tensor& tensor, std::initializer_list<uint32_t> shape) {
    return ttnn::reshape(tensor, ttnn::Shape(shape));
}

// Some ops give what their input was. Costs a device op where the caller wants something else.
metal::Tensor converted(distilqa_tt_device& device, metal::Tensor tensor, const distilqa_tt_compute& compute) {
    const ttnn::DataType wanted = data_type(compute.dtype);
    if (tensor.dtype() == wanted) return tensor;
    metal::Tensor result = ttnn::typecast(tensor, wanted, memory_config(compute.memory));
    device.count_ops(1);
    tensor.deallocate(/*force=*/true);
    return result;
}

// How much of the sequence a core takes at a time, in queries and in keys. The op's kernel wants a power of two of tiles;
// a divisor of the sequence leaves nothing to pad. Four tiles keep its circular buffers (at 64 values a head and
// bfloat16: queries 32 KiB, keys and values 64 KiB, scores and mask 96 KiB) far below the 1.3 MiB that a core has.
uint32_t attention_chunk(uint32_t sequence) {
    uint32_t chunk = TILE;
    while (chunk < 4 * TILE && sequence % (2 * chunk) == 0) chunk *= 2;
    return chunk;
}

uint32_t tile_bytes(const metal::Tensor& tensor) {
    switch (tensor.dtype()) {
        case ttnn::DataType::BFLOAT8_B: return 1088;
        case ttnn::DataType::BFLOAT4_B: return 576;
        default: return 2048;
    }
}

std::optional<metal::Activation> activation_of(uint32_t activation) {
    using ttnn::operations::unary::UnaryOpType;
    switch (activation) {
        case DISTILQA_TT_NONE: return std::nullopt;
        case DISTILQA_TT_GELU: return metal::Activation(UnaryOpType::GELU, 0.0f);
        case DISTILQA_TT_GELU_APPROXIMATE: return metal::Activation(UnaryOpType::GELU, 1.0f);
        case DISTILQA_TT_RELU: return metal::Activation(UnaryOpType::RELU);
        default: fail(DISTILQA_TT_INVALID_ARGUMENT, "an unknown activation");
    }
}

// The plan in TT-NN's words.
metal::MatmulProgramConfig program_config(
    const LinearPlan& plan, const tt::tt_metal::CoreCoord& grid, std::optional<metal::Activation> activation) {
    if (plan.form == LinearForm::GRID) {
        metal::MatmulOnGrid config{};
        config.compute_with_storage_grid_size = grid;
        config.in0_block_w = plan.block_inner;
        config.out_subblock_h = plan.subblock_rows;
        config.out_subblock_w = plan.subblock_columns;
        config.out_block_h = plan.block_rows;
        config.out_block_w = plan.block_columns;
        config.per_core_M = plan.core_rows;
        config.per_core_N = plan.core_columns;
        config.transpose_mcast = false;
        config.fused_activation = std::move(activation);
        config.fuse_batch = true;
        return config;
    }
    metal::MatmulInOneDimension config{};
    config.compute_with_storage_grid_size = grid;
    config.in0_block_w = plan.block_inner;
    config.out_subblock_h = plan.subblock_rows;
    config.out_subblock_w = plan.subblock_columns;
    config.out_block_h = plan.block_rows;
    config.out_block_w = plan.block_columns;
    config.per_core_M = plan.core_rows;
    config.per_core_N = plan.core_columns;
    config.fuse_batch = true;
    config.fused_activation = std::move(activation);
    config.mcast_in0 = plan.form == LinearForm::COLUMNS;
    config.gather_in0 = false;
    config.num_global_cb_receivers = 1;
    config.untilize_out = false;
    return config;
}

}  // namespace

OwnedTensor embeddings(
    distilqa_tt_tensor& ids, distilqa_tt_tensor& position_ids, distilqa_tt_tensor& token_table,
    distilqa_tt_tensor& position_table, const distilqa_tt_compute& compute) {
    distilqa_tt_device& device = *ids.device;
    require_same_device(ids, {&position_ids, &token_table, &position_table});
    validate(compute);
    const auto is_ids = [](const distilqa_tt_tensor& tensor) {
        return tensor.spec.rank == 2 && tensor.spec.dtype == DISTILQA_TT_UINT32 && !tiled(tensor);
    };
    require(is_ids(ids), "ids is not UINT32 row-major [batch, sequence]");
    const uint32_t batch = ids.spec.shape[0];
    const uint32_t sequence = ids.spec.shape[1];
    require(sequence % TILE == 0, "the sequence is not a multiple of 32");
    require(is_ids(position_ids) && has_shape(position_ids, {1, sequence}) &&
            position_ids.spec.distribution == DISTILQA_TT_REPLICATE,
        "position_ids is not UINT32 row-major [1, sequence], replicated");
    const auto is_table = [](const distilqa_tt_tensor& tensor) {
        return tensor.spec.rank == 2 && tensor.spec.dtype == DISTILQA_TT_BFLOAT16 && !tiled(tensor) &&
            tensor.spec.memory == DISTILQA_TT_DRAM && tensor.spec.distribution == DISTILQA_TT_REPLICATE;
    };
    require(is_table(token_table) && is_table(position_table), "a table is not BFLOAT16 row-major [rows, width] in DRAM");
    const uint32_t width = token_table.spec.shape[1];
    require(position_table.spec.shape[1] == width, "the tables differ in width");
    require(width % TILE == 0, "the width is not a multiple of 32");
    require(position_table.spec.shape[0] >= sequence, "the sequence is longer than the table of positions");

    const auto memory = memory_config(compute.memory);
    const auto look_up = [&memory](const metal::Tensor& rows, const metal::Tensor& table) {
        return ttnn::embedding(
            rows, table, /*pad_token=*/std::nullopt, ttnn::TILE_LAYOUT, ttnn::prim::EmbeddingsType::GENERIC,
            ttnn::DataType::BFLOAT16, memory);
    };
    metal::Tensor tokens = look_up(ids.value, token_table.value);
    device.count_ops(1);
    metal::Tensor positions = look_up(position_ids.value, position_table.value);
    device.count_ops(1);
    const metal::Tensor sum = ttnn::add(tokens, positions, data_type(compute.dtype), memory);
    device.count_ops(1);
    tokens.deallocate(/*force=*/true);
    positions.deallocate(/*force=*/true);

    const Shape4 shape{batch, 1, sequence, width};
    const Shape4 local = on_chip(device, shape, ids.spec.distribution);
    return wrap(
        device, reshape(sum, {local[0], 1, sequence, width}), shape, compute.memory, ids.spec.distribution);
}

OwnedTensor layer_norm(
    distilqa_tt_tensor& input, distilqa_tt_tensor* residual, distilqa_tt_tensor& weight, distilqa_tt_tensor& bias,
    float epsilon, const distilqa_tt_compute& compute) {
    distilqa_tt_device& device = *input.device;
    require_same_device(input, {residual, &weight, &bias});
    require_activation(input, "input is not [batch, 1, sequence, width], tiled");
    const uint32_t* dimensions = input.spec.shape;
    const Shape4 shape{dimensions[0], 1, dimensions[2], dimensions[3]};
    require_row(weight, shape[3], "weight is not BFLOAT16 tiled [1, width], replicated");
    require_row(bias, shape[3], "bias is not BFLOAT16 tiled [1, width], replicated");
    require(std::isfinite(epsilon) && epsilon > 0, "epsilon is not a positive number");
    if (residual != nullptr) {
        require(has_shape(*residual, {shape[0], 1, shape[2], shape[3]}) && tiled(*residual) && is_floating(*residual) &&
                residual->spec.distribution == input.spec.distribution,
            "residual is not of input's shape and distribution");
    }
    const auto config = kernel_config(compute);
    metal::Tensor result = ttnn::layer_norm(
        input.value, epsilon, weight.value, bias.value,
        residual == nullptr ? std::optional<const metal::Tensor>() : std::optional<const metal::Tensor>(residual->value),
        memory_config(compute.memory), /*program_config=*/std::nullopt, config);
    device.count_ops(1);
    return wrap(
        device, converted(device, std::move(result), compute), shape, compute.memory, input.spec.distribution);
}

OwnedTensor linear(
    distilqa_tt_tensor& input, distilqa_tt_tensor& weight, distilqa_tt_tensor& bias, uint32_t activation,
    const distilqa_tt_compute& compute) {
    distilqa_tt_device& device = *input.device;
    require_same_device(input, {&weight, &bias});
    require_activation(input, "input is not [batch, 1, sequence, k], tiled");
    const uint32_t k = input.spec.shape[3];
    require(weight.spec.rank == 2 && weight.spec.shape[0] == k && tiled(weight) && is_floating(weight) &&
            weight.spec.distribution == DISTILQA_TT_REPLICATE,
        "weight is not [k, n], tiled, replicated, with k as input's last dimension");
    const uint32_t n = weight.spec.shape[1];
    require_row(bias, n, "bias is not BFLOAT16 tiled [1, n], replicated");
    const auto fused = activation_of(activation);
    const auto config = kernel_config(compute);
    const auto grid = device.mesh().compute_with_storage_grid_size();
    const Shape4 local =
        on_chip(device, {input.spec.shape[0], 1, input.spec.shape[2], k}, input.spec.distribution);
    LinearShape tiles{};
    tiles.rows = local[0] * ((local[2] + TILE - 1) / TILE);
    tiles.inner = (k + TILE - 1) / TILE;
    tiles.columns = (n + TILE - 1) / TILE;
    tiles.grid_x = static_cast<uint32_t>(grid.x);
    tiles.grid_y = static_cast<uint32_t>(grid.y);
    tiles.input_tile = tile_bytes(input.value);
    tiles.weight_tile = tile_bytes(weight.value);
    tiles.result_tile = compute.dtype == DISTILQA_TT_BFLOAT8_B ? 1088 : 2048;
    tiles.bias_tile = tile_bytes(bias.value);
    tiles.fp32_accumulation = compute.fp32_accumulation == 1;
    tiles.packer_l1_accumulation = compute.packer_l1_accumulation == 1;
    metal::Tensor result = ttnn::linear(
        input.value, weight.value, bias.value, /*transpose_a=*/false, /*transpose_b=*/false,
        memory_config(compute.memory), data_type(compute.dtype), program_config(plan_linear(tiles), grid, fused),
        /*activation=*/std::nullopt, config);
    device.count_ops(1);
    const Shape4 shape{input.spec.shape[0], 1, input.spec.shape[2], n};
    return wrap(device, std::move(result), shape, compute.memory, input.spec.distribution);
}

OwnedTensor self_attention(
    distilqa_tt_tensor& query_key_value, distilqa_tt_tensor* mask, uint32_t heads, float scale,
    const distilqa_tt_compute& compute) {
    distilqa_tt_device& device = *query_key_value.device;
    require_same_device(query_key_value, {mask});
    require_activation(query_key_value, "query_key_value is not [batch, 1, sequence, 3 * width], tiled");
    const distilqa_tt_tensor_spec& spec = query_key_value.spec;
    const uint32_t batch = spec.shape[0];
    const uint32_t sequence = spec.shape[2];
    require(spec.shape[3] % 3 == 0, "query_key_value's last dimension is not a multiple of 3");
    const uint32_t width = spec.shape[3] / 3;
    require(heads > 0 && width % heads == 0, "the width is not a multiple of the number of heads");
    require(std::isfinite(scale), "scale is not a number");
    require(sequence % TILE == 0, "the sequence is not a multiple of 32");
    if (width / heads % TILE != 0) {
        fail(DISTILQA_TT_UNSUPPORTED, "TT-NN splits heads of a multiple of 32 values only");
    }
    if (mask != nullptr) {
        require(has_shape(*mask, {batch, 1, sequence, sequence}) && tiled(*mask) && is_floating(*mask),
            "mask is not [batch, 1, sequence, sequence], tiled, BFLOAT16, BFLOAT8_B or BFLOAT4_B");
        require(mask->spec.memory == DISTILQA_TT_DRAM, "mask is not in DRAM");
        require(mask->spec.distribution == spec.distribution, "mask is not distributed as query_key_value");
    }
    const auto config = kernel_config(compute);
    const auto memory = memory_config(compute.memory);
    const Shape4 shape{batch, 1, sequence, width};
    const Shape4 local = on_chip(device, shape, spec.distribution);

    auto [query, key, value] = ttnn::transformer::split_query_key_value_and_split_heads(
        reshape(query_key_value.value, {local[0], sequence, 3 * width}), std::optional<metal::Tensor>(), heads,
        std::optional<uint32_t>(), /*transpose_key=*/false, memory);
    device.count_ops(1);

    ttnn::operations::transformer::SDPAProgramConfig program{};
    program.compute_with_storage_grid_size = device.mesh().compute_with_storage_grid_size();
    program.q_chunk_size = attention_chunk(sequence);
    program.k_chunk_size = attention_chunk(sequence);
    program.exp_approx_mode = compute.approximate_math == 1;
    metal::Tensor context = ttnn::transformer::scaled_dot_product_attention(
        query, key, value, mask == nullptr ? std::optional<metal::Tensor>() : std::optional<metal::Tensor>(mask->value),
        /*is_causal=*/false, scale, /*sliding_window_size=*/std::nullopt, memory, program, config);
    device.count_ops(1);
    query.deallocate(/*force=*/true);
    key.deallocate(/*force=*/true);
    value.deallocate(/*force=*/true);

    metal::Tensor joined = ttnn::transformer::concatenate_heads(context, memory);
    device.count_ops(1);
    context.deallocate(/*force=*/true);
    joined = converted(device, std::move(joined), compute);
    return wrap(device, reshape(joined, {local[0], 1, sequence, width}), shape, compute.memory, spec.distribution);
}

}  // namespace distilqa
