// How full the memories of a chip are.
//
// A tensor is cut into pages, a tile or (row-major) a row each, dealt out over the banks in turn: the compute cores' L1, or
// the DRAM's channels. All banks keep the same free space, so a tensor takes of each what the fullest bank gets. Addresses,
// and thus fragmentation, are not modelled; what a running program needs of L1 is, for matrix products. All chips of a mesh are
// alike.
#ifndef DISTILQA_TT_EMULATOR_MEMORY_H
#define DISTILQA_TT_EMULATOR_MEMORY_H

#include "board.h"
#include "spec.h"

#include <cstdint>
#include <string>
#include <vector>

namespace distilqa {

class Pool {
public:
    Pool(const char *name, std::uint64_t banks, std::uint64_t bank_bytes, std::uint64_t alignment)
        : name_(name), banks_(banks), bank_bytes_(bank_bytes), alignment_(alignment) {}

    // The bytes of each bank that were taken; OUT_OF_MEMORY if they are not there.
    std::uint64_t take(const std::string &what, const Spec &spec, std::uint32_t chips);
    void give_back(std::uint64_t bytes_of_bank, std::uint64_t bytes);

    // OUT_OF_MEMORY unless each bank has so many bytes free.
    void require_free(const char *what, std::uint64_t bytes_of_bank) const;

    // Sets bytes aside for good.
    void reserve(const char *what, std::uint64_t bytes);

    std::uint64_t live() const { return live_; }
    std::uint64_t peak() const { return peak_; }

private:
    const char *name_;
    std::uint64_t banks_;
    std::uint64_t bank_bytes_;
    std::uint64_t alignment_;
    std::uint64_t used_of_bank_ = 0;
    std::uint64_t live_ = 0;
    std::uint64_t peak_ = 0;
};

struct Memory {
    Memory(const Board &board, std::uint64_t trace_region_bytes);

    Pool &of(const Spec &spec) { return spec.memory == 1 ? l1 : dram; }

    Pool dram;
    Pool l1;
};

// A tensor's place on the device, for as long as the object lives.
class Place {
public:
    Place(Memory &memory, const std::string &what, const Spec &spec, std::uint32_t chips);
    ~Place() { pool_->give_back(bytes_of_bank_, bytes_); }
    Place(const Place &) = delete;
    Place &operator=(const Place &) = delete;

private:
    Pool *pool_;
    std::uint64_t bytes_of_bank_;
    std::uint64_t bytes_;
};

}  // namespace distilqa

#endif
