#include "network.h"
#include "tests.h"

using namespace checks;

extern "C" int distilqa_header_is_c11(void);

void the_header_is_c() {
    CHECK(distilqa_header_is_c11());
    const Variable version("ABI_VERSION", "7");
    CHECK(distilqa_tt_abi_version() == 7);
}

void boards_are_described() {
    std::string lines = lines_of(distilqa_tt_describe);
    CHECK(has(lines, "library=emulator") && has(lines, "cards=1") && has(lines, "card.0.board=n150"));
    CHECK(has(lines, "card.0.chips=1") && has(lines, "usable=1") && has(lines, "driver="));
    CHECK(lines.find("\nemulates=") != std::string::npos && lines.find("not the chip") != std::string::npos);
    {
        const Variable board("BOARD", "n300");
        lines = lines_of(distilqa_tt_describe);
        CHECK(has(lines, "card.0.board=n300") && has(lines, "card.0.chips=2") && has(lines, "usable=1"));
    }
    {
        const Variable board("BOARD", "none");
        lines = lines_of(distilqa_tt_describe);
        CHECK(has(lines, "cards=0") && has(lines, "usable=0") && lines.find("reason=no card") != std::string::npos);
    }
    const Variable board("BOARD", "grayskull-e150");
    lines = lines_of(distilqa_tt_describe);
    CHECK(has(lines, "cards=1") && has(lines, "card.0.board=grayskull-e150") && has(lines, "usable=0"));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_describe(nullptr, 1, nullptr));
}

void boards_that_cannot_be_opened() {
    const auto with = options();
    distilqa_tt_device *device = nullptr;
    {
        const Variable board("BOARD", "none");
        CHECK_STATUS(DISTILQA_TT_UNAVAILABLE, distilqa_tt_open(&with, &device));
        CHECK(says("no card"));
    }
    const Variable board("BOARD", "grayskull-e150");
    CHECK_STATUS(DISTILQA_TT_UNSUPPORTED, distilqa_tt_open(&with, &device));
    CHECK(says("grayskull-e150") && device == nullptr);
}

void options_are_checked() {
    distilqa_tt_device *device = nullptr;
    refused(DISTILQA_TT_INVALID_ARGUMENT, "struct_size", [](auto &with) { with.struct_size = 8; });
    refused(DISTILQA_TT_INVALID_ARGUMENT, "empty", [](auto &with) { with.mesh_columns = 0; });
    refused(DISTILQA_TT_UNSUPPORTED, "1 x 2", [](auto &with) { with.mesh_columns = 2; });
    refused(DISTILQA_TT_UNSUPPORTED, "2 x 1", [](auto &with) { with.mesh_rows = 2; });
    refused(DISTILQA_TT_INVALID_ARGUMENT, "2 device ids", [](auto &with) { with.device_count = 2; });
    refused(DISTILQA_TT_INVALID_ARGUMENT, "device id 1", [](auto &with) { with.device_count = 1, with.device_ids[0] = 1; });
    refused(DISTILQA_TT_INVALID_ARGUMENT, "program_cache", [](auto &with) { with.program_cache = 2; });
    refused(DISTILQA_TT_OUT_OF_MEMORY, "trace region", [](auto &with) { with.trace_region_bytes = 1ULL << 40; });
    {
        const Variable board("BOARD", "n300");
        refused(DISTILQA_TT_INVALID_ARGUMENT, "twice", [](auto &with) { with.mesh_columns = with.device_count = 2; });
        auto with = options(2);
        with.device_count = 2, with.device_ids[0] = 1;
        const Device both(with);
    }
    {
        const Variable fault("FAIL_OP", "soon");
        refused(DISTILQA_TT_INVALID_ARGUMENT, "FAIL_OP=soon", [](auto &) {});
    }
    const auto with = options();
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_open(nullptr, &device));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_open(&with, nullptr));
    OK(distilqa_tt_close(nullptr));
}

void facts_are_of_the_board() {
    const auto facts = [](Device &device) {
        return lines_of([&](char *to, std::size_t room, std::size_t *length) {
            return distilqa_tt_facts(device, to, room, length);
        });
    };
    {
        Device device;
        const std::string lines = facts(device);
        CHECK(has(lines, "board=n150") && has(lines, "chips=1") && has(lines, "grid_x=8") && has(lines, "grid_y=8"));
        CHECK(has(lines, "dram_bytes=12884901888") && has(lines, "l1_bytes=1395424") && has(lines, "library=emulator"));
        CHECK(has(lines, "arch=wormhole_b0"));
    }
    const Variable board("BOARD", "n300");
    {
        Device one;
        CHECK(has(facts(one), "board=n300") && has(facts(one), "chips=1") && has(facts(one), "grid_y=7"));
    }
    Device two(options(2));
    CHECK(has(facts(two), "chips=2"));
}

void bytes_are_counted() {
    Device device;
    struct Case {
        distilqa_tt_tensor_spec of;
        uint64_t bytes;
    };
    uint64_t sent = 0, received = 0;
    for (const Case &c : {Case{spec({1, 33}, B16), 2 * 2048}, Case{spec({3, 40, 70}, B16), 3 * 2 * 3 * 2048},
                          Case{spec({64, 64}, B8), 4 * 1088}, Case{spec({64, 64}, DISTILQA_TT_BFLOAT4_B), 4 * 576},
                          Case{spec({64, 64}, DISTILQA_TT_FLOAT32), 4 * 4096},
                          Case{spec({5, 33}, B16, DISTILQA_TT_ROW_MAJOR), 5 * 66},
                          Case{spec({7}, DISTILQA_TT_FLOAT32, DISTILQA_TT_ROW_MAJOR), 28}, Case{spec({7}, B16), 2048},
                          Case{spec({64, 64}, B8, DISTILQA_TT_TILE, DISTILQA_TT_L1), 4 * 1088}}) {
        distilqa_tt_tensor *made = tensor(device, c.of, Floats(count_of(c.of), 1.0f));
        auto now = device.counters();
        const bool l1 = c.of.memory == DISTILQA_TT_L1;
        CHECK(now.live_tensors == 1 && (l1 ? now.live_l1_bytes : now.live_dram_bytes) == c.bytes);
        CHECK((l1 ? now.live_dram_bytes : now.live_l1_bytes) == 0);
        sent += c.bytes;
        CHECK(now.host_to_device_bytes == sent);
        read(made);
        received += c.bytes;
        CHECK(device.counters().device_to_host_bytes == received);
        OK(distilqa_tt_tensor_free(made));
        now = device.counters();
        CHECK(now.live_tensors == 0 && now.live_l1_bytes == 0 && now.live_dram_bytes == 0);
    }
    CHECK(device.counters().peak_dram_bytes == 3 * 2 * 3 * 2048 && device.counters().peak_l1_bytes == 4 * 1088);

    Network net(device);
    const auto before = device.counters();
    distilqa_tt_tensor *result = nullptr;
    OK(net.run(&result));
    auto now = device.counters();
    CHECK(now.ops == STEPS && now.cached_programs == STEPS && now.live_tensors == before.live_tensors + 1);
    CHECK(now.live_l1_bytes == 2 * 2 * 2048 && now.live_dram_bytes == before.live_dram_bytes);
    // At the attention: embedded and normalized, the three side by side, split, and attended.
    CHECK(now.peak_l1_bytes == (4 + 4 + 12 + 12 + 4) * 2048);
    OK(distilqa_tt_tensor_free(result));
    OK(net.run(&result));
    CHECK(device.counters().ops == 2 * STEPS && device.counters().cached_programs == STEPS);
    OK(net.run(&result, DISTILQA_TT_DRAM));
    CHECK(device.counters().cached_programs == 2 * STEPS);
    OK(distilqa_tt_synchronize(device));
}

void l1_runs_full() {
    Device device;
    // A core has room for 681 bfloat16 tiles of 2048 bytes; 64 cores for 43584.
    std::vector<distilqa_tt_tensor *> made;
    const auto of = spec({32, 32 * 64 * 100}, B16, DISTILQA_TT_TILE, DISTILQA_TT_L1);  // 100 tiles a core
    const Floats values(count_of(of));
    for (int i = 0; i < 6; i++) made.push_back(tensor(device, of, values));
    CHECK(device.counters().live_l1_bytes == 6ULL * 6400 * 2048);
    distilqa_tt_tensor *one_more = nullptr;
    CHECK_STATUS(DISTILQA_TT_OUT_OF_MEMORY, distilqa_tt_tensor_create(device, &of, values.data(), values.size() * 4, &one_more));
    CHECK(says("[32, 204800]") && says("does not fit into L1") && says("13107200 bytes of a chip"));
    CHECK(says("204800 in each of 64 banks of 1395424, of which 166624 are free") && one_more == nullptr);
    CHECK(device.counters().live_tensors == 6 && device.counters().live_l1_bytes == 6ULL * 6400 * 2048);
    const auto fits = spec({32, 32 * 64 * 81}, B16, DISTILQA_TT_TILE, DISTILQA_TT_L1);
    one_more = tensor(device, fits, Floats(count_of(fits)));
    const auto single = spec({32, 32}, B16, DISTILQA_TT_TILE, DISTILQA_TT_L1);  // a page on one bank fills all alike
    distilqa_tt_tensor *last = nullptr;
    CHECK_STATUS(DISTILQA_TT_OUT_OF_MEMORY, distilqa_tt_tensor_create(device, &single, values.data(), 4096, &last));
    OK(distilqa_tt_tensor_free(made.back()));
    OK(distilqa_tt_tensor_create(device, &single, values.data(), 4096, &last));
}

void activations_of_batch_32_do_not_fit_into_l1() {
    const Variable nothing_to_compute("HANG_OP", "1");  // capacity is checked, and the big sums are never formed
    Device device;
    const auto how = compute(B16, DISTILQA_TT_HIFI4, 0, DISTILQA_TT_L1);
    const auto with = [&](uint32_t batch, uint32_t width) {
        return spec({batch, 1, 384, width}, B16, DISTILQA_TT_TILE, DISTILQA_TT_L1);
    };
    distilqa_tt_tensor *hidden = nullptr, *result = nullptr;
    hidden = tensor(device, with(32, 768), Floats(32 * 384 * 768));
    distilqa_tt_tensor *weight = tensor(device, spec({768, 3072}, B8), Floats(768 * 3072)),
                       *bias = tensor(device, spec({1, 3072}, B16), Floats(3072));
    // 36864 tiles are 576 on each of 64 cores; 144 are taken by the 9216 of the input.
    CHECK_STATUS(DISTILQA_TT_OUT_OF_MEMORY, distilqa_tt_linear(hidden, weight, bias, DISTILQA_TT_GELU, &how, &result));
    CHECK(says("linear: the result, BFLOAT16 TILE [32, 1, 384, 3072], does not fit into L1") && says("75497472 bytes"));
    CHECK(says("1179648 in each of 64 banks of 1395424, of which 1100512 are free"));
    const auto before = device.counters();
    result = tensor(device, with(32, 2304), Floats(32 * 384 * 2304));
    distilqa_tt_tensor *attended = nullptr;
    CHECK_STATUS(DISTILQA_TT_OUT_OF_MEMORY, distilqa_tt_self_attention(result, nullptr, 12, 0.125f, &how, &attended));
    CHECK(says("an intermediate result, BFLOAT16 TILE [32, 12, 384, 64]"));
    OK(distilqa_tt_tensor_free(result));
    CHECK(device.counters().live_l1_bytes == before.live_l1_bytes && device.counters().live_tensors == before.live_tensors);
    const auto in_dram = compute(B16, DISTILQA_TT_HIFI4, 0, DISTILQA_TT_DRAM);
    OK(distilqa_tt_linear(hidden, weight, bias, DISTILQA_TT_GELU, &in_dram, &result));
    OK(distilqa_tt_close(device.handle));
    device.handle = nullptr;
    // In bfloat8_b all of it fits an n150's 64 cores, and not an n300's 56.
    for (const char *name : {"n150", "n300"}) {
        const Variable board("BOARD", name);
        Device other;
        const auto half = compute(B8, DISTILQA_TT_HIFI4, 0, DISTILQA_TT_L1);
        auto of = with(32, 768), wide = with(32, 2304);
        of.dtype = wide.dtype = B8;
        tensor(other, of, Floats(32 * 384 * 768));
        distilqa_tt_tensor *qkv = tensor(other, wide, Floats(32 * 384 * 2304)), *result_of = nullptr;
        CHECK_STATUS(std::string(name) == "n150" ? DISTILQA_TT_OK : DISTILQA_TT_OUT_OF_MEMORY,
                     distilqa_tt_self_attention(qkv, nullptr, 12, 0.125f, &half, &result_of));
    }
}

void a_mesh_shares_a_batch() {
    const Variable board("BOARD", "n300");
    Floats alone, shared;
    {
        Device one;
        Network net(one);
        distilqa_tt_tensor *result = nullptr;
        OK(net.run(&result));
        alone = read(result);
    }
    Device two(options(2));
    Network net(two);
    auto now = two.counters();
    // Sharded: ids 256 and mask 4096. Replicated: positions 128, tables 40 and 32 rows of 128, 6 + 2 + 2 tiles, 12 of 1088.
    CHECK(now.host_to_device_bytes == 256 + 2 * 2048 + 2 * (128 + 72 * 128 + 10 * 2048 + 12 * 1088));
    CHECK(now.live_dram_bytes == 128 + 2048 + 128 + 72 * 128 + 10 * 2048 + 12 * 1088);
    distilqa_tt_tensor *result = nullptr;
    OK(net.run(&result));
    now = two.counters();
    CHECK(now.ops == STEPS && now.live_l1_bytes == 2 * 2048);
    shared = read(result);
    CHECK(shared == alone);
    CHECK(two.counters().device_to_host_bytes == 4 * 2048);
    distilqa_tt_tensor *made = nullptr;
    auto of = spec({3, 32}, B16, DISTILQA_TT_TILE, DISTILQA_TT_DRAM, DISTILQA_TT_SHARD);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_create(two, &of, shared.data(), 3 * 32 * 4, &made));
    CHECK(says("[3, 32] cannot be split evenly over 2 chips"));
    // What is spread over the chips and what is not are not mixed.
    const auto how = compute();
    distilqa_tt_tensor *split = tensor(two, spec({2, 1, 32, 64}, B16, 1, 0, DISTILQA_TT_SHARD), Floats(4096)),
                       *whole = tensor(two, spec({2, 1, 32, 64}, B16), Floats(4096));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT,
                 distilqa_tt_layer_norm(split, whole, net.weight, net.bias, 0, &how, &made));
    CHECK(says("residual is replicated"));
    OK(distilqa_tt_layer_norm(whole, nullptr, net.weight, net.bias, 0, &how, &made));
}

void traces_replay() {
    Device device;
    Network net(device);
    distilqa_tt_tensor *first = nullptr, *recorded = nullptr, *result = nullptr;
    OK(net.run(&first));
    const Floats values = read(first);
    const auto before = device.counters();
    OK(distilqa_tt_trace_begin(device));
    OK(net.run(&recorded));
    uint64_t trace = 0;
    OK(distilqa_tt_trace_end(device, &trace));
    CHECK(device.counters().live_traces == 1 && device.counters().live_tensors == before.live_tensors + 1);
    CHECK(device.counters().ops == 2 * STEPS && device.counters().cached_programs == STEPS);
    CHECK(read(recorded) == values);

    std::vector<uint32_t> ids(64);
    for (std::size_t i = 0; i < 64; i++) ids[i] = static_cast<uint32_t>(39 - i % 40);
    OK(distilqa_tt_tensor_write(net.ids, ids.data(), 256));
    CHECK(read(recorded) == values);  // not before a replay
    OK(distilqa_tt_trace_replay(device, trace));
    const Floats others = read(recorded);
    CHECK(others != values);
    CHECK(device.counters().ops == 3 * STEPS && device.counters().replays == 1);
    OK(net.run(&result));
    CHECK(read(result) == others);
    CHECK(read(first) == values);  // a result from before the trace is left alone
    for (int i = 0; i < 3; i++) OK(distilqa_tt_trace_replay(device, trace));
    CHECK(read(recorded) == others && device.counters().replays == 4);

    // What the trace wrote to is its own: freed, it does no harm.
    OK(distilqa_tt_tensor_free(recorded));
    OK(distilqa_tt_trace_replay(device, trace));
    OK(distilqa_tt_trace_release(device, trace));
    CHECK(device.counters().live_traces == 0);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_replay(device, trace));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_release(device, trace));
}

void traces_are_checked() {
    uint64_t trace = 77;
    distilqa_tt_tensor *result = nullptr, *made = nullptr;
    {
        Device device;
        Network net(device);
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_end(device, &trace));
        OK(distilqa_tt_trace_begin(device));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_begin(device));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_end(device, nullptr));
        const auto of = spec({1, 32}, B16);
        const Floats values(64 * 32);
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_create(device, &of, values.data(), 128, &made));
        CHECK(says("while a trace is being captured"));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_write(net.ids, values.data(), 256));
        Floats to(64);
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_read(net.weight, to.data(), 256));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_synchronize(device));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, net.run(&result));
        CHECK(net.last_message.find("has not run with these shapes before") != std::string::npos && result == nullptr);
        CHECK_STATUS(DISTILQA_TT_FAILED, distilqa_tt_trace_end(device, &trace));
        CHECK(says("has not run with these shapes before") && trace == 77);
        OK(net.run(&result));
        OK(distilqa_tt_trace_begin(device));
        OK(distilqa_tt_trace_end(device, &trace));
        OK(distilqa_tt_trace_replay(device, trace));
        OK(distilqa_tt_trace_begin(device));  // closed in the middle
    }
    {
        Device device(options(1, 3 * STEPS * 8192 - 1));
        Network net(device);
        OK(net.run(&result));
        uint64_t traces[2] = {0, 0};
        for (uint64_t &kept : traces) {
            OK(distilqa_tt_trace_begin(device));
            OK(net.run(&result));
            OK(distilqa_tt_trace_end(device, &kept));
        }
        OK(distilqa_tt_trace_begin(device));
        OK(net.run(&result));
        CHECK_STATUS(DISTILQA_TT_OUT_OF_MEMORY, distilqa_tt_trace_end(device, &trace));
        CHECK(says("needs 65536 bytes; of the trace region of 196607, 65535 are free"));
        CHECK(device.counters().live_traces == 2);
        OK(distilqa_tt_trace_release(device, traces[0]));
        OK(distilqa_tt_trace_begin(device));
        OK(net.run(&result));
        OK(distilqa_tt_trace_end(device, &trace));
        OK(distilqa_tt_trace_replay(device, traces[1]));
        OK(distilqa_tt_trace_replay(device, trace));
    }
    {
        Device none(options(1, 0));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_begin(none));
        CHECK(says("a trace region of 0 bytes"));
    }
    auto with = options();
    with.program_cache = 0;
    Device uncached(with);
    Network net(uncached);
    OK(net.run(&result));
    CHECK(uncached.counters().cached_programs == 0);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_begin(uncached));
}

// A run of the network fails, says so and leaves nothing on the device.
static void a_run_fails(Device &device, Network &net, int status, const std::string &message) {
    const auto before = device.counters();
    distilqa_tt_tensor *result = nullptr;
    CHECK_STATUS(status, net.run(&result));
    CHECK(net.last_message.find(message) != std::string::npos && result == nullptr);
    const auto now = device.counters();
    CHECK(now.live_tensors == before.live_tensors && now.live_l1_bytes == 0 && now.live_dram_bytes == before.live_dram_bytes);
}

void allocations_fail_on_demand() {
    for (uint64_t n = 1; n <= 9 + ALLOCATIONS; n++) {
        const Variable fault("FAIL_ALLOCATION", std::to_string(n).c_str());
        if (n <= 9) {
            Device device;
            distilqa_tt_tensor *made = nullptr;
            const auto of = spec({1, 32}, B16);
            const Floats values(32);
            for (uint64_t i = 1; i <= 9; i++)
                CHECK_STATUS(i == n ? DISTILQA_TT_OUT_OF_MEMORY : DISTILQA_TT_OK,
                             distilqa_tt_tensor_create(device, &of, values.data(), 128, &made));
            CHECK(device.counters().live_tensors == 8 && device.counters().live_dram_bytes == 8 * 2048);
            continue;
        }
        Device device;
        Network net(device);
        a_run_fails(device, net, DISTILQA_TT_OUT_OF_MEMORY, "FAIL_ALLOCATION");
        distilqa_tt_tensor *result = nullptr;
        OK(net.run(&result));  // only the n-th fails
    }
}

void ops_fail_on_demand() {
    for (uint64_t n = 1; n <= STEPS; n++) {
        const Variable fault("FAIL_OP", std::to_string(n).c_str());
        Device device;
        Network net(device);
        a_run_fails(device, net, DISTILQA_TT_FAILED, "op " + std::to_string(n));
        CHECK(device.counters().ops == n - 1);
        distilqa_tt_tensor *result = nullptr;
        net.captured(device, &result);
    }
    const Variable fault("FAIL_OP", std::to_string(2 * STEPS + 4).c_str());  // in a replay
    Device device;
    Network net(device);
    distilqa_tt_tensor *result = nullptr, *recorded = nullptr;
    const uint64_t trace = net.captured(device, &recorded);
    CHECK_STATUS(DISTILQA_TT_FAILED, distilqa_tt_trace_replay(device, trace));
    CHECK(device.counters().replays == 0 && device.counters().ops == 2 * STEPS + 3);
    OK(distilqa_tt_trace_replay(device, trace));
    OK(net.run(&result));
    CHECK(read(recorded) == read(result));
}

void a_hanging_device_times_out() {
    for (uint64_t n = 1; n <= STEPS + 1; n++) {
        const Variable fault("HANG_OP", std::to_string(n).c_str());
        Device device;
        Network net(device);
        distilqa_tt_tensor *result = nullptr, *again = nullptr;
        OK(net.run(&result));  // queued
        Floats values(2 * 32 * 64);
        if (n > STEPS) {
            OK(distilqa_tt_tensor_read(result, values.data(), values.size() * 4));
            OK(net.run(&again));
        }
        const auto start = std::chrono::steady_clock::now();
        CHECK_STATUS(DISTILQA_TT_TIMEOUT, distilqa_tt_tensor_read(result, values.data(), values.size() * 4));
        const auto waited = std::chrono::steady_clock::now() - start;
        CHECK(waited >= std::chrono::milliseconds(50) && says("within 50 ms"));
        // Nothing but to free and close.
        CHECK_STATUS(DISTILQA_TT_TIMEOUT, distilqa_tt_synchronize(device));
        CHECK_STATUS(DISTILQA_TT_TIMEOUT, net.run(&again));
        CHECK(net.last_message.find("must be closed") != std::string::npos);
        CHECK_STATUS(DISTILQA_TT_TIMEOUT, distilqa_tt_tensor_write(net.ids, values.data(), 256));
        CHECK_STATUS(DISTILQA_TT_TIMEOUT, distilqa_tt_trace_begin(device));
        char few[4];
        CHECK_STATUS(DISTILQA_TT_TIMEOUT, distilqa_tt_facts(device, few, 4, nullptr));
        OK(distilqa_tt_tensor_free(result));
        CHECK(device.counters().live_l1_bytes == (n > STEPS ? 4u * 2048 : 0u));
        for (auto *made : net.all()) OK(distilqa_tt_tensor_free(made));
        CHECK(device.counters().live_dram_bytes == 0);
    }
}

void a_device_is_lost() {
    for (uint64_t n = 1; n <= STEPS; n++) {
        const Variable fault("LOSE_DEVICE_OP", std::to_string(n).c_str());
        Device device;
        Network net(device);
        a_run_fails(device, net, DISTILQA_TT_DEVICE_LOST, "stopped answering");
        CHECK(device.counters().ops == n - 1);
        distilqa_tt_tensor *result = nullptr;
        CHECK_STATUS(DISTILQA_TT_DEVICE_LOST, distilqa_tt_synchronize(device));
        CHECK_STATUS(DISTILQA_TT_DEVICE_LOST, net.run(&result));
        CHECK_STATUS(DISTILQA_TT_DEVICE_LOST, distilqa_tt_tensor_read(net.weight, nullptr, 0));
        OK(distilqa_tt_tensor_free(net.weight));
    }
    const Variable fault("LOSE_DEVICE_OP", std::to_string(2 * STEPS + 1).c_str());
    Device device;
    Network net(device);
    distilqa_tt_tensor *result = nullptr;
    const uint64_t trace = net.captured(device, &result);
    CHECK_STATUS(DISTILQA_TT_DEVICE_LOST, distilqa_tt_trace_replay(device, trace));
    OK(distilqa_tt_trace_release(device, trace));
    CHECK(device.counters().live_traces == 0);
}

void waits_are_slowed() {
    const Variable slow("SLOW_MS", "30");
    Device device;
    const auto start = std::chrono::steady_clock::now();
    OK(distilqa_tt_synchronize(device));
    CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(30));
}

void a_device_without_traces_goes_on() {
    const Variable fault("NO_TRACES", "1");
    Device device;
    Network net(device);
    distilqa_tt_tensor *result = nullptr;
    OK(net.run(&result));
    CHECK_STATUS(DISTILQA_TT_UNSUPPORTED, distilqa_tt_trace_begin(device));
    OK(net.run(&result));
    OK(distilqa_tt_synchronize(device));
}

void closing_frees_though_it_fails() {
    distilqa_tt_device *device = nullptr;
    const auto with = options();
    {
        const Variable fault("FAIL_CLOSE", "1");
        OK(distilqa_tt_open(&with, &device));
    }
    const auto of = spec({32, 32}, B16);
    distilqa_tt_tensor *made = tensor(device, of, Floats(1024));
    CHECK_STATUS(DISTILQA_TT_FAILED, distilqa_tt_close(device));
    CHECK(says("FAIL_CLOSE"));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_free(made));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_close(device));
    const Device another;  // the process may open a mesh again
}

void circular_buffers_need_l1_too() {
    const Variable nothing_to_compute("HANG_OP", "1");
    Device device;
    const auto how = compute(B16, DISTILQA_TT_HIFI3, 1, DISTILQA_TT_DRAM, 1);
    distilqa_tt_tensor *input = tensor(device, spec({8, 1, 384, 768}, B16), Floats(8 * 384 * 768)),
                       *weight = tensor(device, spec({768, 3072}, B16), Floats(768 * 3072)),
                       *bias = tensor(device, spec({1, 3072}, B16), Floats(3072)), *result = nullptr;
    OK(distilqa_tt_linear(input, weight, bias, DISTILQA_TT_GELU, &how, &result));
    // All of L1 but 200 of the 681 tiles of each core; the circular buffers take 430,080 bytes.
    const auto full = spec({32, 32 * 64 * 481}, B16, DISTILQA_TT_TILE, DISTILQA_TT_L1);
    distilqa_tt_tensor *block = tensor(device, full, Floats(count_of(full)));
    CHECK_STATUS(DISTILQA_TT_OUT_OF_MEMORY, distilqa_tt_linear(input, weight, bias, DISTILQA_TT_GELU, &how, &result));
    CHECK(says("circular buffers of 430080 bytes do not fit into L1 of 1395424 bytes, of which 410336 are free"));
    OK(distilqa_tt_tensor_free(block));
    OK(distilqa_tt_linear(input, weight, bias, DISTILQA_TT_GELU, &how, &result));
}
