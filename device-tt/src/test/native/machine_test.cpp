// What the TT-NN library makes of the machine and of TT-NN's exceptions, which needs no TT-NN.
#include "../../main/native/ttnn/exception.h"
#include "../../main/native/ttnn/machine.h"
#include "tests.h"

#include <fstream>

using namespace checks;
using namespace distilqa;

namespace {

std::vector<InstalledCard> cards_of(const std::string &descriptor) {
    const char *file = "descriptor.yaml";
    std::ofstream(file) << descriptor;
    setenv("TT_METAL_MOCK_CLUSTER_DESC_PATH", file, 1);
    const Machine machine = probe();
    unsetenv("TT_METAL_MOCK_CLUSTER_DESC_PATH");
    std::remove(file);
    CHECK(machine.mocked && machine.status == DISTILQA_TT_OK);
    return machine.cards;
}

}  // namespace

void mocked_boards_are_read_in_old_and_new_descriptors() {
    const auto old_n300 = cards_of("chips: {\n}\nboardtype: {\n   0: n300,\n   1: n300,\n}\n");
    CHECK(old_n300.size() == 1 && old_n300[0].board == "n300" && old_n300[0].chips == 2);
    const auto new_n300 = cards_of("chips: {}\nboards: [[{board_id: 72058994491072686}, {board_type: n300}, {chips: [0,1]}]]\n");
    CHECK(new_n300.size() == 1 && new_n300[0].board == "n300" && new_n300[0].chips == 2 && new_n300[0].wormhole);
    const auto new_n150 = cards_of("boards:\n  -\n    - board_id: 7\n    - board_type: n150\n    - chips:\n        - 0\n");
    CHECK(new_n150.size() == 1 && new_n150[0].board == "n150" && new_n150[0].chips == 1);
    const auto two = cards_of("chip_to_boardtype:\n  0: n150\n  1: n150\nharvesting:\n  0: 1\n");
    CHECK(two.size() == 2 && two[1].board == "n150");
    CHECK(cards_of("nothing: here\n").empty());
}

void exceptions_of_tt_nn_become_statuses_and_words() {
    const std::string clash =
        "TT_THROW @ /project/tt_metal/impl/program/program.cpp:914: tt::exception\ninfo:\nStatically allocated circular buffers in "
        "program 7 clash with L1 buffers on core range [(x=0,y=0) - (x=7,y=7)]. L1 buffer allocated at 1130496\nbacktrace:\n --- "
        "timeout_function()\n";
    CHECK(classify(clash) == DISTILQA_TT_OUT_OF_MEMORY);
    CHECK(readable(clash) ==
          "Statically allocated circular buffers in program 7 clash with L1 buffers on core range [(x=0,y=0) - (x=7,y=7)]. L1 "
          "buffer allocated at 1130496 (program.cpp:914)");
    const std::string umd =
        "Timeout of 5 s waiting for the card\nLocation: /umd/device/topology/discovery.cpp:491\nCondition: ready\n 1. "
        "tt::umd::not_supported()\n 2. main\n";
    CHECK(classify(umd) == DISTILQA_TT_TIMEOUT);
    CHECK(readable(umd) == "Timeout of 5 s waiting for the card (discovery.cpp:491)");
    CHECK(classify("Firmware update is required\nLocation: /timeout.cpp:3\n") == DISTILQA_TT_UNAVAILABLE);
    CHECK(classify("something else") == DISTILQA_TT_FAILED && readable(" something else \n") == "something else");
}
