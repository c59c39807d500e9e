// What the header promises of any library, told by its messages too: the emulator and the TT-NN library on a mocked card are held to
// the same. Values are not looked at: a mocked card has none.
#include "abi_test.h"

#include "network.h"

using namespace checks;

namespace {

void specs_are_checked(Device &device) {
    const auto before = device.counters();
    const Floats values(64 * 64, 1.0f);
    distilqa_tt_tensor *made = nullptr;
    const auto refused = [&](const char *message, distilqa_tt_tensor_spec of, std::size_t bytes) {
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_create(device, &of, values.data(), bytes, &made));
        CHECK(says(message) && made == nullptr);
    };
    auto of = spec({64, 64}, B16);
    refused("16380 bytes of values; shape [64, 64] has 16384", of, 64 * 64 * 4 - 4);
    of.struct_size = 4, refused("struct_size", of, 16384);
    of = spec({64, 64}, 5), refused("dtype is 5", of, 16384);
    of = spec({64, 64}, B16, 2), refused("layout is 2", of, 16384);
    of = spec({64, 64}, B16, 1, 2), refused("memory is 2", of, 16384);
    of = spec({64, 64}, B16, 1, 1, 2), refused("distribution is 2", of, 16384);
    of = spec({64, 0}, B16), refused("[64, 0] holds a zero", of, 0);
    of = spec({64, 64}, B8, DISTILQA_TT_ROW_MAJOR), refused("BFLOAT8_B needs the layout TILE", of, 16384);
    of.rank = 0, refused("rank is 0", of, 16384);
    of.rank = 5, refused("rank is 5", of, 16384);
    of = spec({0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu}, B16);
    CHECK_STATUS(DISTILQA_TT_OUT_OF_MEMORY, distilqa_tt_tensor_create(device, &of, values.data(), 4, &made));
    of = spec({64, 64}, B16);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_create(device, nullptr, values.data(), 16384, &made));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_create(device, &of, nullptr, 16384, &made));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_create(device, &of, values.data(), 16384, nullptr));
    CHECK(device.counters().live_tensors == before.live_tensors);
    CHECK(device.counters().host_to_device_bytes == before.host_to_device_bytes);
    of.struct_size += 8;  // a caller of a later version
    OK(distilqa_tt_tensor_create(device, &of, values.data(), 16384, &made));
    OK(distilqa_tt_tensor_free(made));
}

void handles_are_checked() {
    distilqa_tt_tensor *made = nullptr;
    Floats values(32 * 32);
    {
        Device device;
        made = tensor(device, spec({32, 32}, B16), values);
        OK(distilqa_tt_tensor_free(made));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_read(made, values.data(), 4096));
        CHECK(says("freed"));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_free(made));
        OK(distilqa_tt_tensor_free(nullptr));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_read(nullptr, values.data(), 4096));
        made = tensor(device, spec({32, 32}, B16), values);
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_read(made, values.data(), 4092));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_read(made, nullptr, 4096));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_write(made, nullptr, 4096));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_spec_of(made, nullptr));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_read_counters(device, nullptr));
        CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_synchronize(nullptr));
    }
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_free(made));  // closing freed it
    // The message is the thread's own.
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_synchronize(nullptr));
    std::string other = "?";
    std::thread([&] { other = distilqa_tt_last_error(); }).join();
    CHECK(other.empty() && says("device is null"));
}

void inputs_of_ops_are_checked(Device &device) {
    Network net(device);
    const auto how = compute();
    distilqa_tt_tensor *result = nullptr;
    const auto before = device.counters();
    const auto refused = [&](const char *message, int status, int wanted = DISTILQA_TT_INVALID_ARGUMENT) {
        CHECK_STATUS(wanted, status);
        CHECK(says(message) && result == nullptr);
    };
    const auto made = [&](std::vector<uint32_t> shape, uint32_t dtype = B16, uint32_t layout = DISTILQA_TT_TILE,
                          uint32_t memory = DISTILQA_TT_DRAM) {
        const auto of = spec(shape, dtype, layout, memory);
        return tensor(device, of, Floats(count_of(of), 0.5f));
    };
    const auto linear = [&](distilqa_tt_tensor *x, distilqa_tt_tensor *w, distilqa_tt_tensor *b, uint32_t activation = 0) {
        return distilqa_tt_linear(x, w, b, activation, &how, &result);
    };
    distilqa_tt_tensor *x = made({2, 1, 32, 64}), *freed = made({1, 192});
    OK(distilqa_tt_tensor_free(freed));
    refused("bias is no tensor, or one that was freed", linear(x, net.wide, freed));
    refused("weight is BFLOAT16 TILE [1, 64]", linear(x, net.weight, net.wide_bias));
    refused("wanted is BFLOAT16 TILE [1, 192]", linear(x, net.wide, net.bias));
    refused("[batch, 1, sequence, k]", linear(net.wide, net.wide, net.wide_bias));
    refused("input is BFLOAT16 ROW_MAJOR [40, 64]", linear(net.tokens, net.wide, net.wide_bias));
    refused("FLOAT32", linear(made({2, 1, 32, 64}, DISTILQA_TT_FLOAT32), net.wide, net.wide_bias));
    refused("activation is 4", linear(x, net.wide, net.wide_bias, 4));
    refused("input is null", linear(nullptr, net.wide, net.wide_bias));
    refused("bias is null", linear(x, net.wide, nullptr));
    refused("result is null", distilqa_tt_linear(x, net.wide, net.wide_bias, 0, &how, nullptr));

    const auto norm = [&](distilqa_tt_tensor *in, distilqa_tt_tensor *residual, distilqa_tt_tensor *weight, float epsilon) {
        return distilqa_tt_layer_norm(in, residual, weight, net.bias, epsilon, &how, &result);
    };
    refused("their shapes differ", norm(x, made({1, 1, 64, 64}), net.weight, 0));
    refused("weight is BFLOAT16 TILE [1, 192]", norm(x, nullptr, net.wide_bias, 0));
    refused("epsilon", norm(x, nullptr, net.weight, -1.0f));
    refused("epsilon", norm(x, nullptr, net.weight, std::numeric_limits<float>::quiet_NaN()));
    refused("input is UINT32", norm(net.ids, nullptr, net.weight, 0));
    refused("[batch, 1, sequence, width]", norm(made({64, 64}), nullptr, net.weight, 0));
    OK(norm(x, nullptr, net.weight, 0));  // an epsilon of 0 is a number like others
    OK(distilqa_tt_tensor_free(result));
    result = nullptr;

    distilqa_tt_tensor *qkv = made({2, 1, 32, 192});
    const auto attend = [&](distilqa_tt_tensor *in, distilqa_tt_tensor *mask, uint32_t heads, float scale = 1) {
        return distilqa_tt_self_attention(in, mask, heads, scale, &how, &result);
    };
    refused("not three times 0 heads", attend(qkv, nullptr, 0));
    refused("not three times 5 heads", attend(qkv, nullptr, 5));
    refused("4 heads of 16", attend(qkv, nullptr, 4), DISTILQA_TT_UNSUPPORTED);
    refused("scale", attend(qkv, nullptr, 2, std::numeric_limits<float>::infinity()));
    refused("wanted is [2, 1, 32, 32] in DRAM", attend(qkv, made({1, 1, 32, 32}), 2));
    refused("the sequence must be a multiple of 32", attend(made({2, 1, 40, 192}), nullptr, 2));
    refused("in DRAM", attend(qkv, made({2, 1, 32, 32}, B16, DISTILQA_TT_TILE, DISTILQA_TT_L1), 2));
    refused("mask is FLOAT32", attend(qkv, made({2, 1, 32, 32}, DISTILQA_TT_FLOAT32), 2));

    const auto embed = [&](distilqa_tt_tensor *ids, distilqa_tt_tensor *places, distilqa_tt_tensor *tokens,
                           distilqa_tt_tensor *positions) {
        return distilqa_tt_embeddings(ids, places, tokens, positions, &how, &result);
    };
    refused("ids is BFLOAT16", embed(x, net.places, net.tokens, net.positions));
    refused("multiple of 32",
            embed(integers(device, {2, 33}, std::vector<uint32_t>(66), 1), net.places, net.tokens, net.positions));
    refused("position_ids is UINT32 ROW_MAJOR [2, 32]", embed(net.ids, net.ids, net.tokens, net.positions));
    refused("token_table is BFLOAT16 TILE", embed(net.ids, net.places, made({40, 64}), net.positions));
    refused("in L1",
            embed(net.ids, net.places, made({40, 64}, B16, DISTILQA_TT_ROW_MAJOR, DISTILQA_TT_L1), net.positions));
    refused("widths differ", embed(net.ids, net.places, net.tokens, made({32, 32}, B16, DISTILQA_TT_ROW_MAJOR)));
    refused("too short", embed(net.ids, net.places, net.tokens, made({31, 64}, B16, DISTILQA_TT_ROW_MAJOR)));

    const auto computed = [&](const std::function<void(distilqa_tt_compute &)> &change) {
        auto with = compute();
        change(with);
        return distilqa_tt_linear(x, net.wide, net.wide_bias, 0, &with, &result);
    };
    refused("BFLOAT4_B", computed([](auto &with) { with.dtype = DISTILQA_TT_BFLOAT4_B; }));
    refused("memory is 2", computed([](auto &with) { with.memory = 2; }));
    refused("fidelity is 1", computed([](auto &with) { with.math_fidelity = 1; }));
    refused("fidelity is 5", computed([](auto &with) { with.math_fidelity = 5; }));
    refused("approximate_math is 2", computed([](auto &with) { with.approximate_math = 2; }));
    refused("struct_size", computed([](auto &with) { with.struct_size = 0; }));
    refused("erratum", computed([](auto &with) { with.fp32_accumulation = 1; }), DISTILQA_TT_UNSUPPORTED);
    refused("compute is null", distilqa_tt_linear(x, net.wide, net.wide_bias, 0, nullptr, &result));
    const auto now = device.counters();
    CHECK(now.ops == before.ops + 1 && now.live_tensors > before.live_tensors);

    OK(linear(x, net.wide, net.wide_bias));
    const Floats values(2 * 32 * 192);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_write(result, values.data(), values.size() * 4));
    CHECK(says("result of an op"));
}


void options_are_the_headers() {
    distilqa_tt_device *device = nullptr;
    refused(DISTILQA_TT_INVALID_ARGUMENT, "struct_size", [](auto &with) { with.struct_size = 8; });
    refused(DISTILQA_TT_INVALID_ARGUMENT, "empty", [](auto &with) { with.mesh_columns = 0; });
    refused(DISTILQA_TT_UNSUPPORTED, "2 x 1", [](auto &with) { with.mesh_rows = 2; });
    refused(DISTILQA_TT_INVALID_ARGUMENT, "2 device ids", [](auto &with) { with.device_count = 2; });
    refused(DISTILQA_TT_INVALID_ARGUMENT, "negative", [](auto &with) { with.device_count = 1, with.device_ids[0] = -1; });
    refused(DISTILQA_TT_INVALID_ARGUMENT, "twice", [](auto &with) { with.mesh_columns = with.device_count = 2; });
    refused(DISTILQA_TT_INVALID_ARGUMENT, "program_cache", [](auto &with) { with.program_cache = 2; });
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_open(nullptr, &device));
    const auto with = options();
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_open(&with, nullptr));
    OK(distilqa_tt_close(nullptr));
}

void descriptions_are_lines() {
    const std::string machine = lines_of(distilqa_tt_describe);
    for (const char *name : {"library", "version", "driver", "cards", "card.0.board", "card.0.chips", "usable"})
        CHECK(machine.find(std::string("\n") + name + "=") != std::string::npos);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_describe(nullptr, 1, nullptr));
}

void facts_are_lines(Device &device, uint32_t chips) {
    const std::string lines = lines_of([&](char *to, std::size_t room, std::size_t *length) {
        return distilqa_tt_facts(device, to, room, length);
    });
    CHECK(has(lines, "chips=" + std::to_string(chips)) && has(lines, "arch=wormhole_b0") && has(lines, "grid_x=8"));
    for (const char *name : {"board", "grid_y", "dram_bytes", "l1_bytes", "firmware", "driver", "library", "version"})
        CHECK(lines.find(std::string("\n") + name + "=") != std::string::npos);
}

void one_mesh_is_open_at_a_time(Device &) {
    distilqa_tt_device *second = nullptr;
    const auto with = options();
    CHECK_STATUS(DISTILQA_TT_UNAVAILABLE, distilqa_tt_open(&with, &second));
    CHECK(says("a mesh is open in this process already") && second == nullptr);
}

void what_goes_to_and_fro_is_counted(Device &device) {
    struct Case {
        distilqa_tt_tensor_spec of;
        uint64_t bytes;
    };
    for (const Case &c : {Case{spec({1, 33}, B16), 2 * 2048}, Case{spec({3, 40, 70}, B16), 3 * 2 * 3 * 2048},
                          Case{spec({64, 64}, B8), 4 * 1088}, Case{spec({64, 64}, DISTILQA_TT_BFLOAT4_B), 4 * 576},
                          Case{spec({64, 64}, B8, DISTILQA_TT_TILE, DISTILQA_TT_L1), 4 * 1088}}) {
        const auto before = device.counters();
        distilqa_tt_tensor *made = tensor(device, c.of, Floats(count_of(c.of), 1.0f));
        read(made);
        const auto now = device.counters();
        CHECK(now.live_tensors == before.live_tensors + 1);
        CHECK(now.host_to_device_bytes == before.host_to_device_bytes + c.bytes);
        CHECK(now.device_to_host_bytes == before.device_to_host_bytes + c.bytes);
        OK(distilqa_tt_tensor_free(made));
    }
    Network net(device);
    for (const uint32_t memory : {DISTILQA_TT_L1, DISTILQA_TT_DRAM}) {
        const auto before = device.counters();
        distilqa_tt_tensor *result = nullptr;
        OK(net.run(&result, memory));
        CHECK(device.counters().ops == before.ops + STEPS && device.counters().live_tensors == before.live_tensors + 1);
        OK(distilqa_tt_tensor_free(result));
        CHECK(device.counters().live_tensors == before.live_tensors);
        CHECK(device.counters().live_l1_bytes == before.live_l1_bytes);
    }
    for (distilqa_tt_tensor *made : net.all()) OK(distilqa_tt_tensor_free(made));
}

void captures_are_checked(Device &device, bool everything) {
    Network net(device);
    uint64_t trace = 77;
    distilqa_tt_tensor *result = nullptr, *made = nullptr;
    OK(net.run(&result));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_end(device, &trace));
    CHECK(says("no trace is being captured"));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_replay(device, 99));
    CHECK(says("there is no trace 99"));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_release(device, 99));
    const int status = distilqa_tt_trace_begin(device);
    if (status == DISTILQA_TT_UNSUPPORTED) {
        std::printf("  captures are left out: %s\n", error().c_str());
        CHECK(!everything);
        return;
    }
    CHECK(status == DISTILQA_TT_OK);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_begin(device));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_end(device, nullptr));
    const auto of = spec({1, 32}, B16);
    Floats values(2 * 32 * 64);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_create(device, &of, values.data(), 128, &made));
    CHECK(says("while a trace is being captured"));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_write(net.ids, values.data(), 256));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_read(net.weight, values.data(), 256));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_synchronize(device));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_replay(device, 99));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_release(device, 99));
    const auto before = device.counters();
    OK(net.run(&made));
    OK(distilqa_tt_trace_end(device, &trace));
    CHECK(trace != 77 && device.counters().ops == before.ops + STEPS);
    CHECK(device.counters().live_traces == before.live_traces + 1);
    OK(distilqa_tt_trace_release(device, trace));
    CHECK(device.counters().live_traces == before.live_traces);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_trace_replay(device, trace));
    OK(distilqa_tt_trace_begin(device));  // closed in the middle
}

void a_mesh_wants_its_shards(Device &two) {
    Network net(two);
    distilqa_tt_tensor *made = nullptr;
    const auto how = compute();
    const Floats values(4096);
    auto of = spec({3, 32}, B16, DISTILQA_TT_TILE, DISTILQA_TT_DRAM, DISTILQA_TT_SHARD);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_tensor_create(two, &of, values.data(), 3 * 32 * 4, &made));
    CHECK(says("[3, 32] cannot be split evenly over 2 chips"));
    of = spec({4}, B16, DISTILQA_TT_TILE, DISTILQA_TT_DRAM, DISTILQA_TT_SHARD);
    CHECK_STATUS(DISTILQA_TT_UNSUPPORTED, distilqa_tt_tensor_create(two, &of, values.data(), 16, &made));
    distilqa_tt_tensor *split = tensor(two, spec({2, 1, 32, 64}, B16, 1, 0, DISTILQA_TT_SHARD), values),
                       *whole = tensor(two, spec({2, 1, 32, 64}, B16), values),
                       *unsharded = integers(two, {2, 32}, std::vector<uint32_t>(64), DISTILQA_TT_REPLICATE);
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT, distilqa_tt_layer_norm(split, whole, net.weight, net.bias, 0, &how, &made));
    CHECK(says("residual is replicated; wanted is sharded"));
    CHECK_STATUS(DISTILQA_TT_INVALID_ARGUMENT,
                 distilqa_tt_embeddings(unsharded, net.places, net.tokens, net.positions, &how, &made));
    CHECK(says("ids is replicated; wanted is sharded") && made == nullptr);
    OK(distilqa_tt_layer_norm(whole, nullptr, net.weight, net.bias, 0, &how, &made));
    OK(net.run(&made));
}

}  // namespace

void the_abi_is_kept(bool everything) {
    descriptions_are_lines();
    options_are_the_headers();
    handles_are_checked();
    {
        Device device;
        facts_are_lines(device, 1);
        one_mesh_is_open_at_a_time(device);
        specs_are_checked(device);
        inputs_of_ops_are_checked(device);
        what_goes_to_and_fro_is_counted(device);
        captures_are_checked(device, everything);
    }
    const Variable board("BOARD", "n300");  // which the emulator reads; of a real or mocked card it changes nothing
    if (!has(lines_of(distilqa_tt_describe), "card.0.chips=2")) {
        std::printf("  meshes are left out: there is no card of two chips\n");
        CHECK(!everything);
        return;
    }
    Device two(options(2));
    facts_are_lines(two, 2);
    a_mesh_wants_its_shards(two);
}
