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

// "TT_FATAL @ /long/path/file.cpp:12: condition" and "/long/path/file.cpp:12": the path says nothing to a caller, the file's name
// does.
std::string name_of(std::string_view place) {
    if (const auto at = place.find(" @ "); at != std::string_view::npos) place.remove_prefix(at + 3);
    place = place.substr(0, place.find(": "));
    if (const auto slash = place.rfind('/'); slash != std::string_view::npos) place.remove_prefix(slash + 1);
    return trimmed(place.substr(0, place.find('\n')));
}

// What was said, without the backtrace, whose file names and symbols could be taken for words.
std::string_view said(std::string_view text) { return text.substr(0, text.find("backtrace:")); }

}  // namespace

// TT-Metalium:  TT_FATAL @ file:line: condition, a line "info:", the words, a line "backtrace:", frames.
// UMD in 2026:  the words, a line "Location: file:line", perhaps a line "Condition: condition", numbered frames.
std::string readable(const std::string& text) {
    const std::string_view rest = said(text);
    if (const auto location = rest.find("\nLocation: "); location != std::string_view::npos) {
        const std::string_view place = rest.substr(location + std::string_view("\nLocation: ").size());
        return trimmed(rest.substr(0, location)) + " (" + name_of(place) + ")";
    }
    const auto info = rest.find("info:");
    if (info == std::string_view::npos) return trimmed(rest);
    const std::string_view place = rest.substr(0, info);
    const std::string words = trimmed(rest.substr(info + std::string_view("info:").size()));
    if (words.empty()) return trimmed(rest);
    return place.find(" @ ") == std::string_view::npos ? words : words + " (" + name_of(place) + ")";
}

distilqa_tt_status classify(const std::string& text) {
    std::string lower(said(text));
    lower.resize(std::min(lower.find("\nLocation: "), lower.size()));
    std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
    for (const Rule& rule : RULES) {
        if (lower.find(rule.words) != std::string::npos) return rule.status;
    }
    return DISTILQA_TT_FAILED;
}

}  // namespace distilqa
