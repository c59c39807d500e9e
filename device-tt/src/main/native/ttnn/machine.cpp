#include "machine.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace distilqa {
namespace {

namespace fs = std::filesystem;

constexpr const char* WORMHOLE_PCI_ID = "0x401e";

// The first line of a file without its end, or nothing.
std::string line_of(const fs::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back()))) line.pop_back();
    return line;
}

bool numeric(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
}

// "n300s" and "N300" are the n300: the letter after the number tells how it is cooled.
std::string board_of(std::string name) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    if (name.size() == 5 && name.front() == 'n' && !std::isdigit(static_cast<unsigned char>(name.back()))) {
        name.pop_back();
    }
    return name.empty() ? "unknown" : name;
}

void describe_board(InstalledCard& card) {
    if (card.board == "n150" || card.board == "n300") card.wormhole = true;
    card.chips = card.board == "n300" ? 2 : card.board == "n150" ? 1 : 0;
}

InstalledCard card_of(const fs::path& root, const std::string& number) {
    const fs::path node = root / "sys/class/tenstorrent" / ("tenstorrent!" + number);
    // Drivers before 2.0 had the attributes at the PCI device.
    const auto attribute = [&](const char* name) {
        const std::string value = line_of(node / name);
        return value.empty() ? line_of(node / "device" / name) : value;
    };
    InstalledCard card;
    card.board = board_of(attribute("tt_card_type"));
    card.firmware = attribute("tt_fw_bundle_ver");
    describe_board(card);
    const std::string id = line_of(node / "device/device");
    if (!id.empty()) card.wormhole = id == WORMHOLE_PCI_ID;
    return card;
}

// The letters and digits that a text begins with, after blanks and quotes.
std::string word_of(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\"'");
    if (begin == std::string::npos) return "";
    const auto first = text.begin() + static_cast<std::ptrdiff_t>(begin);
    return std::string(first, std::find_if_not(first, text.end(), [](unsigned char c) { return std::isalnum(c); }));
}

// How many chips of each board a descriptor of before 2026 names: one entry "chip: board" for each chip after "boardtype".
std::map<std::string, uint32_t> chips_by_board(std::istream& file) {
    std::map<std::string, uint32_t> chips;
    bool inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("boardtype:", 0) == 0 || line.rfind("chip_to_boardtype:", 0) == 0) {
            inside = true;
            continue;
        }
        if (!inside) continue;
        const auto digit = line.find_first_not_of(" \t");
        const auto colon = line.find(':');
        if (digit == std::string::npos || colon == std::string::npos) break;
        if (!std::isdigit(static_cast<unsigned char>(line[digit]))) break;
        ++chips[board_of(word_of(line.substr(colon + 1)))];
    }
    return chips;
}

// The boards that a cluster descriptor for mocking names. Newer ones have a list "boards", each with its "board_type".
std::vector<InstalledCard> mocked_cards(const fs::path& descriptor) {
    std::ifstream file(descriptor);
    std::stringstream text;
    text << file.rdbuf();
    const std::string words = text.str();
    std::vector<InstalledCard> cards;
    static const std::string KEY = "board_type:";
    for (auto at = words.find(KEY); at != std::string::npos; at = words.find(KEY, at + 1)) {
        InstalledCard card;
        card.board = board_of(word_of(words.substr(at + KEY.size(), 32)));
        describe_board(card);
        cards.push_back(card);
    }
    if (!cards.empty()) return cards;
    for (const auto& [board, count] : chips_by_board(text)) {
        InstalledCard card;
        card.board = board;
        describe_board(card);
        const uint32_t per_card = std::max(card.chips, 1u);
        for (uint32_t left = count; left > 0; left -= std::min(left, per_card)) {
            card.chips = std::min(left, per_card);
            cards.push_back(card);
        }
    }
    return cards;
}

Machine& unusable(Machine& machine, distilqa_tt_status status, std::string reason) {
    machine.status = status;
    machine.reason = std::move(reason);
    return machine;
}

}  // namespace

Machine probe(const std::string& root) {
    Machine machine;
    if (const char* descriptor = std::getenv("TT_METAL_MOCK_CLUSTER_DESC_PATH"); descriptor != nullptr) {
        machine.mocked = true;
        machine.cards = mocked_cards(descriptor);
        return machine;
    }
    if (std::getenv("TT_METAL_SIMULATOR") != nullptr) {
        machine.simulated = true;
        machine.cards.push_back({"simulated", "", 1, true});
        return machine;
    }

    const fs::path base = root.empty() ? "/" : root;
    machine.driver = line_of(base / "sys/module/tenstorrent/version");
    std::error_code error;
    const fs::path devices = base / "dev/tenstorrent";
    if (!fs::is_directory(devices, error)) {
        return unusable(machine, DISTILQA_TT_UNAVAILABLE,
            machine.driver.empty() ? "/dev/tenstorrent is missing: no Tenstorrent card, or no driver for it"
                                   : "/dev/tenstorrent is missing: the driver has found no card");
    }
    std::vector<std::string> numbers;
    for (const auto& entry : fs::directory_iterator(devices, error)) {
        if (numeric(entry.path().filename())) numbers.push_back(entry.path().filename());
    }
    if (numbers.empty()) return unusable(machine, DISTILQA_TT_UNAVAILABLE, "/dev/tenstorrent has no device in it");
    std::sort(numbers.begin(), numbers.end(), [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    bool wormhole = false;
    bool known = true;
    std::string denied;
    for (const std::string& number : numbers) {
        machine.cards.push_back(card_of(base, number));
        wormhole = wormhole || machine.cards.back().wormhole;
        known = known && machine.cards.back().board != "unknown";
        if (::access((devices / number).c_str(), R_OK | W_OK) != 0) denied = "/dev/tenstorrent/" + number;
    }
    if (!denied.empty()) {
        return unusable(machine, DISTILQA_TT_UNAVAILABLE, "no permission to read and write " + denied);
    }
    // A driver too old to name the boards leaves it to TT-Metalium, which looks at the card itself.
    if (!wormhole && known) {
        return unusable(machine, DISTILQA_TT_UNSUPPORTED, "no Wormhole card, but: " + machine.cards.front().board);
    }
    return machine;
}

}  // namespace distilqa
