// The card that is emulated: DISTILQA_TT_EMULATOR_BOARD = n150 (unless said otherwise), n300, or none; any other name is
// taken for a board that this library does not support.
#ifndef DISTILQA_TT_EMULATOR_BOARD_H
#define DISTILQA_TT_EMULATOR_BOARD_H

#include <cstdint>
#include <string>

namespace distilqa {

struct Board {
    std::string name;
    bool supported = false;
    std::uint32_t chips = 0;
    std::uint32_t grid_x = 0;  // compute cores, after those that dispatch
    std::uint32_t grid_y = 0;
    std::uint64_t l1_bytes = 0;    // of a core, for buffers
    std::uint64_t dram_bytes = 0;  // of a chip
    std::uint32_t dram_banks = 0;

    std::uint32_t cores() const { return grid_x * grid_y; }
    bool present() const { return chips > 0; }

    static Board from_environment();
};

// Lines "name=value" for distilqa_tt_describe.
std::string describe(const Board &board);

// What describe and facts both say of the library.
std::string describe_library();

}  // namespace distilqa

#endif
