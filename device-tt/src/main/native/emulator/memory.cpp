#include "memory.h"

#include "error.h"

#include <algorithm>

namespace distilqa {

namespace {

std::uint64_t round_up(std::uint64_t value, std::uint64_t step) { return (value + step - 1) / step * step; }

}  // namespace

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

void Pool::require_free(const char *what, std::uint64_t bytes_of_bank) const {
    const std::uint64_t free = bank_bytes_ - used_of_bank_;
    if (bytes_of_bank > free)
        throw Error(DISTILQA_TT_OUT_OF_MEMORY, text(what, " of ", bytes_of_bank, " bytes do not fit into ", name_, " of ",
                                                    bank_bytes_, " bytes, of which ", free, " are free"));
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
