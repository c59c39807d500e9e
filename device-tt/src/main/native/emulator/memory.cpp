#include "memory.h"

#include "error.h"
#include "formats.h"

#include <algorithm>

namespace distilqa {

namespace {

std::uint64_t round_up(std::uint64_t value, std::uint64_t step) { return (value + step - 1) / step * step; }

std::uint64_t bytes_of_value(std::uint32_t dtype) { return dtype == DISTILQA_TT_BFLOAT16 ? 2 : 4; }

}  // namespace

std::string shape_to_string(const std::vector<std::uint64_t> &shape) {
    std::string result = "[";
    for (std::size_t i = 0; i < shape.size(); i++) result += text(i == 0 ? "" : ", ", shape[i]);
    return result + "]";
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
    if (layout != DISTILQA_TT_TILE) return shape.back() * bytes_of_value(dtype);
    switch (dtype) {
        case DISTILQA_TT_BFLOAT8_B: return TILE * TILE + TILE * TILE / BLOCK;
        case DISTILQA_TT_BFLOAT4_B: return TILE * TILE / 2 + TILE * TILE / BLOCK;
        default: return TILE * TILE * bytes_of_value(dtype);
    }
}

std::string Spec::to_string() const {
    return text(name_of_dtype(dtype), " ", name_of_layout(layout), " ", shape_to_string(shape));
}

std::uint64_t Pool::take(const std::string &what, const Spec &spec, std::uint32_t chips) {
    const std::uint64_t pages = spec.pages(chips);
    const std::uint64_t of_bank = (pages + banks_ - 1) / banks_ * round_up(spec.page_bytes(), alignment_);
    const std::uint64_t free = bank_bytes_ - used_of_bank_;
    if (of_bank > free)
        throw Error(DISTILQA_TT_OUT_OF_MEMORY,
                    text(what, ", ", spec.to_string(), ", does not fit into ", name_, ": it needs ", spec.bytes(chips),
                         " bytes of a chip, ", of_bank, " in each of ", banks_, " banks of ", bank_bytes_, ", of which ",
                         free, " are free"));
    used_of_bank_ += of_bank;
    live_ += spec.bytes(chips);
    peak_ = std::max(peak_, live_);
    return of_bank;
}

void Pool::give_back(std::uint64_t bytes_of_bank, std::uint64_t bytes) {
    used_of_bank_ -= bytes_of_bank;
    live_ -= bytes;
}

void Pool::reserve(const char *what, std::uint64_t bytes) {
    const std::uint64_t of_bank = bytes / banks_ + (bytes % banks_ != 0 ? 1 : 0);
    if (of_bank > bank_bytes_ - used_of_bank_)
        throw Error(DISTILQA_TT_OUT_OF_MEMORY, text(what, " of ", bytes, " bytes does not fit into ", name_, " of ",
                                                    banks_ * bank_bytes_, " bytes"));
    used_of_bank_ += of_bank;
}

Memory::Memory(const Board &board, std::uint64_t trace_region_bytes)
    : dram("DRAM", board.dram_banks, board.dram_bytes / board.dram_banks, 32), l1("L1", board.cores(), board.l1_bytes, 16) {
    dram.reserve("a trace region", trace_region_bytes);
}

Place::Place(Memory &memory, const std::string &what, const Spec &spec, std::uint32_t chips)
    : pool_(&memory.of(spec)), bytes_of_bank_(pool_->take(what, spec, chips)), bytes_(spec.bytes(chips)) {}

}  // namespace distilqa
