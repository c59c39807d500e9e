#include "exception.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace distilqa {
namespace {

struct Rule {
    std::string_view words;  // in lower case
    distilqa_tt_status status;
};

// In order: the first whose words occur decides.
constexpr std::array RULES{
    Rule{"out of memory", DISTILQA_TT_OUT_OF_MEMORY},
    Rule{"beyond max l1 size", DISTILQA_TT_OUT_OF_MEMORY},   // circular buffers larger than L1
    Rule{"clash with l1 buffers", DISTILQA_TT_OUT_OF_MEMORY},  // circular buffers and tensors together larger than L1
    Rule{"allocated for trace region", DISTILQA_TT_OUT_OF_MEMORY},
    Rule{"not enough space", DISTILQA_TT_OUT_OF_MEMORY},
    Rule{"bad_alloc", DISTILQA_TT_OUT_OF_MEMORY},
    Rule{"read 0xffffffff", DISTILQA_TT_DEVICE_LOST},  // what a card that fell off the PCIe bus answers
    Rule{"should reset the board", DISTILQA_TT_DEVICE_LOST},
    Rule{"dram training failed", DISTILQA_TT_DEVICE_LOST},
    Rule{"failed to start", DISTILQA_TT_DEVICE_LOST},
    Rule{"timeout", DISTILQA_TT_TIMEOUT},
    Rule{"timed out", DISTILQA_TT_TIMEOUT},
    Rule{"potential hang", DISTILQA_TT_TIMEOUT},
    Rule{"device is unrecoverable", DISTILQA_TT_DEVICE_LOST},
    Rule{"no chips detected", DISTILQA_TT_UNAVAILABLE},
    Rule{"kmd version", DISTILQA_TT_UNAVAILABLE},
    Rule{"running umd requires", DISTILQA_TT_UNAVAILABLE},
    Rule{"running with iommu support requires", DISTILQA_TT_UNAVAILABLE},
    Rule{"firmware update is required", DISTILQA_TT_UNAVAILABLE},
    Rule{"open file descriptor for pci device", DISTILQA_TT_UNAVAILABLE},
    Rule{"/dev/tenstorrent", DISTILQA_TT_UNAVAILABLE},
    Rule{"hugepage", DISTILQA_TT_UNAVAILABLE},
    Rule{"not supported", DISTILQA_TT_UNSUPPORTED},
    Rule{"unsupported", DISTILQA_TT_UNSUPPORTED},
    Rule{"not implemented", DISTILQA_TT_UNSUPPORTED},
};

std::string trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
    return std::string(text);
}

}  // namespace

std::string readable(const std::string& text) {
    std::string_view rest = text;
    if (const auto backtrace = rest.find("backtrace:"); backtrace != std::string_view::npos) {
        rest = rest.substr(0, backtrace);
    }
    const auto info = rest.find("info:");
    if (info == std::string_view::npos) return trimmed(rest);
    std::string_view place = rest.substr(0, info);
    place = place.substr(0, place.find('\n'));
    std::string words = trimmed(rest.substr(info + std::string_view("info:").size()));
    // "TT_FATAL @ /long/path/file.cpp:12: condition": the path says nothing to a caller, the file's name does.
    if (const auto at = place.find(" @ "); at != std::string_view::npos) {
        const auto end = std::min(place.find(": ", at), place.size());
        std::string_view file = place.substr(at + 3, end - at - 3);
        if (const auto slash = file.rfind('/'); slash != std::string_view::npos) file.remove_prefix(slash + 1);
        if (!words.empty()) return words + " (" + std::string(file) + ")";
    }
    return words.empty() ? trimmed(rest) : words;
}

distilqa_tt_status classify(const std::string& text) {
    // Only what was said counts, not the file names and symbols of the backtrace.
    std::string lower = text.substr(0, text.find("backtrace:"));
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const Rule& rule : RULES) {
        if (lower.find(rule.words) != std::string::npos) return rule.status;
    }
    return DISTILQA_TT_FAILED;
}

}  // namespace distilqa
