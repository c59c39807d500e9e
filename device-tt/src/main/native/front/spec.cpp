#include "spec.h"

#include "error.h"

namespace distilqa {

namespace {

std::uint64_t round_up(std::uint64_t value, std::uint64_t step) { return (value + step - 1) / step * step; }

std::uint64_t bytes_of_value(std::uint32_t dtype) { return dtype == DISTILQA_TT_BFLOAT16 ? 2 : 4; }

void check_flag(std::uint32_t value, const char *name) { require(value <= 1, name, " is ", value, ", neither 0 nor 1"); }

}  // namespace

bool is_block_float(std::uint32_t dtype) { return dtype == DISTILQA_TT_BFLOAT8_B || dtype == DISTILQA_TT_BFLOAT4_B; }

bool is_floating(std::uint32_t dtype) { return dtype != DISTILQA_TT_UINT32; }

const char *name_of_dtype(std::uint32_t dtype) {
    switch (dtype) {
        case DISTILQA_TT_UINT32: return "UINT32";
        case DISTILQA_TT_FLOAT32: return "FLOAT32";
        case DISTILQA_TT_BFLOAT16: return "BFLOAT16";
        case DISTILQA_TT_BFLOAT8_B: return "BFLOAT8_B";
        case DISTILQA_TT_BFLOAT4_B: return "BFLOAT4_B";
        default: return "an unknown dtype";
    }
}

const char *name_of_layout(std::uint32_t layout) { return layout == DISTILQA_TT_TILE ? "TILE" : "ROW_MAJOR"; }

const char *name_of_memory(std::uint32_t memory) { return memory == DISTILQA_TT_L1 ? "L1" : "DRAM"; }

std::uint64_t tile_bytes(std::uint32_t dtype) {
    switch (dtype) {
        case DISTILQA_TT_BFLOAT8_B: return TILE * TILE + TILE * TILE / BLOCK;
        case DISTILQA_TT_BFLOAT4_B: return TILE * TILE / 2 + TILE * TILE / BLOCK;
        default: return TILE * TILE * bytes_of_value(dtype);
    }
}

std::string shape_to_string(const std::vector<std::uint64_t> &shape) {
    std::string result = "[";
    for (std::size_t i = 0; i < shape.size(); i++) result += text(i == 0 ? "" : ", ", shape[i]);
    return result + "]";
}

Spec Spec::checked(const distilqa_tt_tensor_spec &spec, std::uint32_t chips) {
    require(spec.rank >= 1 && spec.rank <= DISTILQA_TT_MAX_RANK, "spec.rank is ", spec.rank, ", not 1 to ",
            DISTILQA_TT_MAX_RANK);
    require(spec.dtype <= DISTILQA_TT_BFLOAT4_B, "spec.dtype is ", spec.dtype, ", which is unknown");
    require(spec.layout <= DISTILQA_TT_TILE, "spec.layout is ", spec.layout, ", which is unknown");
    require(spec.memory <= DISTILQA_TT_L1, "spec.memory is ", spec.memory, ", which is unknown");
    require(spec.distribution <= DISTILQA_TT_SHARD, "spec.distribution is ", spec.distribution, ", which is unknown");
    Spec result{{spec.shape, spec.shape + spec.rank}, spec.dtype, spec.layout, spec.memory, spec.distribution};
    for (const std::uint64_t size : result.shape) require(size > 0, "shape ", shape_to_string(result.shape), " holds a zero");
    require(!is_block_float(spec.dtype) || spec.layout == DISTILQA_TT_TILE, name_of_dtype(spec.dtype),
            " needs the layout TILE");
    if (spec.distribution == DISTILQA_TT_SHARD && chips > 1) {
        require(spec.shape[0] % chips == 0, "dimension 0 of shape ", shape_to_string(result.shape),
                " cannot be split evenly over ", chips, " chips");
        if (spec.rank == 1) throw Error(DISTILQA_TT_UNSUPPORTED, "a tensor of one dimension cannot be sharded");
    }
    result.count();
    return result;
}

distilqa_tt_tensor_spec Spec::to_struct() const {
    distilqa_tt_tensor_spec result{};
    result.rank = static_cast<std::uint32_t>(shape.size());
    for (std::size_t i = 0; i < shape.size(); i++) result.shape[i] = static_cast<std::uint32_t>(shape[i]);
    result.dtype = dtype;
    result.layout = layout;
    result.memory = memory;
    result.distribution = distribution;
    return result;
}

std::uint64_t Spec::count() const {
    constexpr std::uint64_t LARGEST = 1ULL << 40;  // far more than any card holds; what follows cannot overflow
    std::uint64_t count = 1;
    for (const std::uint64_t size : shape) {
        if (size > LARGEST / count)
            throw Error(DISTILQA_TT_OUT_OF_MEMORY, text("no card holds a tensor of shape ", shape_to_string(shape)));
        count *= size;
    }
    return count;
}

std::uint64_t Spec::pages(std::uint32_t chips) const {
    const bool tiles = layout == DISTILQA_TT_TILE;
    const std::size_t rank = shape.size();
    std::uint64_t pages = tiles ? round_up(shape[rank - 1], TILE) / TILE : 1;
    for (std::size_t i = 0; i + 1 < rank; i++) {
        std::uint64_t size = shape[i];
        if (i == 0 && distribution == DISTILQA_TT_SHARD) size /= chips;
        pages *= tiles && i + 2 == rank ? round_up(size, TILE) / TILE : size;
    }
    return pages;
}

std::uint64_t Spec::page_bytes() const {
    return layout == DISTILQA_TT_TILE ? tile_bytes(dtype) : shape.back() * bytes_of_value(dtype);
}

std::string Spec::to_string() const {
    return text(name_of_dtype(dtype), " ", name_of_layout(layout), " ", shape_to_string(shape));
}

Compute Compute::checked(const distilqa_tt_compute &compute) {
    require(compute.dtype == DISTILQA_TT_BFLOAT16 || compute.dtype == DISTILQA_TT_BFLOAT8_B, "compute.dtype is ",
            name_of_dtype(compute.dtype), "; a result is BFLOAT16 or BFLOAT8_B");
    require(compute.memory <= DISTILQA_TT_L1, "compute.memory is ", compute.memory, ", which is unknown");
    require(compute.math_fidelity <= DISTILQA_TT_HIFI4 && compute.math_fidelity != 1, "compute.math_fidelity is ",
            compute.math_fidelity, ", which is unknown");
    check_flag(compute.fp32_accumulation, "compute.fp32_accumulation");
    check_flag(compute.packer_l1_accumulation, "compute.packer_l1_accumulation");
    check_flag(compute.approximate_math, "compute.approximate_math");
    if (compute.math_fidelity == DISTILQA_TT_HIFI4 && compute.fp32_accumulation == 1)
        throw Error(DISTILQA_TT_UNSUPPORTED,
                    "HIFI4 with fp32_accumulation gives wrong sums on Wormhole, by a hardware erratum of its matrix engine "
                    "with float32 destinations; use HIFI3 with it, or HIFI4 without");
    return {compute.dtype,
            compute.memory,
            compute.math_fidelity,
            compute.fp32_accumulation == 1,
            compute.packer_l1_accumulation == 1,
            compute.approximate_math == 1};
}

}  // namespace distilqa
