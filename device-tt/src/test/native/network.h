// A small network's parts on a device, and lines "name=value".
#ifndef DISTILQA_TT_NETWORK_H
#define DISTILQA_TT_NETWORK_H

#include "checks.h"

namespace checks {

using Describe = std::function<int(char *, std::size_t, std::size_t *)>;

inline std::string lines_of(const Describe &describe) {
    std::size_t length = 0;
    OK(describe(nullptr, 0, &length));
    std::string lines(length, '?');
    OK(describe(&lines[0], length, nullptr));
    CHECK(lines.back() == 0);
    lines.pop_back();
    CHECK(lines.find('\0') == std::string::npos);
    char few[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    OK(describe(few, 4, &length));
    CHECK(std::string(few) == lines.substr(0, 3) && few[4] == 1);
    return "\n" + lines;
}

inline bool has(const std::string &lines, const std::string &line) { return lines.find("\n" + line + "\n") != std::string::npos; }

inline constexpr uint32_t B16 = DISTILQA_TT_BFLOAT16, B8 = DISTILQA_TT_BFLOAT8_B;

// A small network's parts on a device: 2 sequences of 32, width 64.
struct Network {
    explicit Network(Device &device) {
        std::vector<uint32_t> id(64), place(32);
        for (std::size_t i = 0; i < 64; i++) id[i] = static_cast<uint32_t>(i % 40);
        for (std::size_t i = 0; i < 32; i++) place[i] = static_cast<uint32_t>(i);
        ids = integers(device, {2, 32}, id, DISTILQA_TT_SHARD);
        places = integers(device, {1, 32}, place, DISTILQA_TT_REPLICATE);
        tokens = tensor(device, spec({40, 64}, B16, DISTILQA_TT_ROW_MAJOR), random_values(40 * 64, 1, 1));
        positions = tensor(device, spec({32, 64}, B16, DISTILQA_TT_ROW_MAJOR), random_values(32 * 64, 1, 2));
        weight = tensor(device, spec({1, 64}, B16), random_values(64, 1, 3));
        bias = tensor(device, spec({1, 64}, B16), random_values(64, 1, 4));
        wide = tensor(device, spec({64, 192}, B8), random_values(64 * 192, 0.2f, 5));
        wide_bias = tensor(device, spec({1, 192}, B16), random_values(192, 1, 6));
        mask = tensor(device, spec({2, 1, 32, 32}, B16, DISTILQA_TT_TILE, DISTILQA_TT_DRAM, DISTILQA_TT_SHARD),
                      random_values(2 * 32 * 32, 1, 7));
    }

    std::vector<distilqa_tt_tensor *> all() const {
        return {ids, places, tokens, positions, weight, bias, wide, wide_bias, mask};
    }

    // The first status that is not OK; on OK a result, all before it freed.
    int run(distilqa_tt_tensor **result, uint32_t memory = DISTILQA_TT_L1) {
        const auto how = compute(B16, DISTILQA_TT_HIFI4, 0, memory);
        distilqa_tt_tensor *a = nullptr, *b = nullptr, *c = nullptr, *d = nullptr;
        int status = distilqa_tt_embeddings(ids, places, tokens, positions, &how, &a);
        if (status == 0) status = distilqa_tt_layer_norm(a, nullptr, weight, bias, 1e-12f, &how, &b);
        if (status == 0) status = distilqa_tt_linear(b, wide, wide_bias, DISTILQA_TT_GELU, &how, &c);
        if (status == 0) status = distilqa_tt_self_attention(c, mask, 2, 0.2f, &how, &d);
        const std::string message = distilqa_tt_last_error();
        for (auto *made : {a, b, c}) OK(distilqa_tt_tensor_free(made));
        last_message = message;
        *result = d;
        return status;
    }

    // Runs once, then captures a run: its trace, whose replays write to the result.
    uint64_t captured(Device &device, distilqa_tt_tensor **result) {
        uint64_t trace = 0;
        OK(run(result));
        OK(distilqa_tt_trace_begin(device));
        OK(run(result));
        OK(distilqa_tt_trace_end(device, &trace));
        return trace;
    }

    distilqa_tt_tensor *ids, *places, *tokens, *positions, *weight, *bias, *wide, *wide_bias, *mask;
    std::string last_message;
};

inline constexpr uint64_t STEPS = 8;  // device ops of Network::run: 3 + 1 + 1 + 3
inline constexpr uint64_t ALLOCATIONS = 3 + 1 + 1 + 5;

}  // namespace checks

#endif
