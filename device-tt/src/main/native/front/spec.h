// What a tensor is and how an op computes, as the caller says it: the header's structs, checked.
#ifndef DISTILQA_TT_SPEC_H
#define DISTILQA_TT_SPEC_H

#include "distilqa_tt.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace distilqa {

constexpr std::size_t TILE = 32;
constexpr std::size_t BLOCK = 16;  // values that share an exponent

bool is_block_float(std::uint32_t dtype);
bool is_floating(std::uint32_t dtype);
const char *name_of_dtype(std::uint32_t dtype);
const char *name_of_layout(std::uint32_t layout);
const char *name_of_memory(std::uint32_t memory);

// Of a tile of 32 x 32 values.
std::uint64_t tile_bytes(std::uint32_t dtype);

struct Spec {
    std::vector<std::uint64_t> shape;
    std::uint32_t dtype = 0;
    std::uint32_t layout = 0;
    std::uint32_t memory = 0;
    std::uint32_t distribution = 0;

    // INVALID_ARGUMENT for what makes no sense, on a mesh of so many chips; OUT_OF_MEMORY for what no card holds.
    static Spec checked(const distilqa_tt_tensor_spec &spec, std::uint32_t chips);
    distilqa_tt_tensor_spec to_struct() const;

    std::uint64_t width() const { return shape.back(); }
    std::uint64_t count() const;
    std::uint64_t rows() const { return count() / width(); }
    // The bytes of its values on the host.
    std::uint64_t host_bytes() const { return 4 * count(); }
    // On each chip of a mesh.
    std::uint64_t pages(std::uint32_t chips) const;
    std::uint64_t page_bytes() const;
    std::uint64_t bytes(std::uint32_t chips) const { return pages(chips) * page_bytes(); }
    // On all chips of the mesh together: what is sent there.
    std::uint64_t mesh_bytes(std::uint32_t chips) const { return bytes(chips) * chips; }
    std::string to_string() const;
};

std::string shape_to_string(const std::vector<std::uint64_t> &shape);

struct Compute {
    std::uint32_t dtype = 0;
    std::uint32_t memory = 0;
    std::uint32_t math_fidelity = 0;
    bool fp32_accumulation = false;
    bool packer_l1_accumulation = false;
    bool approximate_math = false;

    static Compute checked(const distilqa_tt_compute &compute);
};

}  // namespace distilqa

#endif
