// What is known of the machine and its cards without opening one: from the driver's files, never from the card itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "distilqa_tt.h"

namespace distilqa {

struct InstalledCard {
    std::string board;     // "n150", "n300", "unknown", ...
    std::string firmware;  // of the bundle flashed; empty if the driver does not say
    uint32_t chips = 0;    // 0 if unknown
    bool wormhole = false;
};

struct Machine {
    std::string driver;  // the kernel module's version; empty without one
    std::vector<InstalledCard> cards;
    distilqa_tt_status status = DISTILQA_TT_OK;  // else what opening a device gives
    std::string reason;                          // why it gives that
    bool mocked = false;                         // TT-Metalium plays a card: it computes nothing
    bool simulated = false;                      // TT-Metalium computes on a simulator
};

// root is put before each path looked at; for tests.
Machine probe(const std::string& root = "");

}  // namespace distilqa
