#include "board.h"

#include "error.h"
#include "faults.h"

#ifndef DISTILQA_VERSION
#define DISTILQA_VERSION "0.2.0"
#endif

namespace distilqa {

Board Board::from_environment() {
    Board board;
    board.name = emulator_variable("BOARD", "n150");
    board.supported = board.name == "n150" || board.name == "n300";
    if (board.name == "none") return board;
    board.chips = board.name == "n300" ? 2 : 1;
    if (!board.supported) return board;
    board.grid_x = 8;
    board.grid_y = board.name == "n300" ? 7 : 8;
    board.l1_bytes = 1395424;
    board.dram_banks = 12;
    board.dram_bytes = 12ULL << 30;
    return board;
}

std::string describe_library() {
    return "library=emulator\nversion=" DISTILQA_VERSION
           "\nemulates=DistilQA's ABI for Wormhole cards and their number formats, not the chip: no answer here is proof of, "
           "and no time a measure of, what a card does\ndriver=\n";
}

std::string describe(const Board &board) {
    std::string lines = describe_library();
    if (!board.present())
        return lines + "cards=0\nusable=0\nreason=no card (DISTILQA_TT_EMULATOR_BOARD=none)\n";
    lines += text("cards=1\ncard.0.board=", board.name, "\ncard.0.chips=", board.chips, "\n");
    if (!board.supported)
        return lines + text("usable=0\nreason=the board ", board.name, " is no Wormhole card (n150 or n300)\n");
    return lines + "usable=1\nreason=\n";
}

}  // namespace distilqa
