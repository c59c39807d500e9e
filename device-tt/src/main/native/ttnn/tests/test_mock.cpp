// Walks DistilBERT's graph through the ABI on a card that TT-Metalium mocks: no kernel runs and no value is right, but every op's
// checks, programs and allocations are those of a card, circular buffers against tensors in L1 included. That takes fast
// dispatch: with TT_METAL_SLOW_DISPATCH_MODE set TT-Metalium's mock leaves programs out, and this refuses to run. Needs the
// descriptor of an n150 or an n300 in TT_METAL_MOCK_CLUSTER_DESC_PATH; a process sees one board only.
//
//   test_mock         the defaults of the Java side, and each other option once
//   test_mock quick   the defaults at three shapes alone; for a TT-NN that compiles the kernels of a mocked card (0.81.1)
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "distilqa_tt.h"

namespace {

constexpr uint32_t WIDTH = 768;
constexpr uint32_t HIDDEN = 3072;
constexpr uint32_t HEADS = 12;
constexpr uint32_t LAYERS = 6;
constexpr uint32_t TOKENS = 30522;
constexpr uint32_t POSITIONS = 512;
constexpr uint32_t LOGITS = 32;
// Embeddings and their layer norm; in a layer four linears, two layer norms and an attention of three ops; the head.
constexpr uint64_t OPS = 3 + 1 + LAYERS * 9 + 1;

int passed = 0;
int failed = 0;

void check(bool condition, const std::string& what) {
    if (condition) {
        ++passed;
    } else {
        ++failed;
        std::printf("FAIL %s\n", what.c_str());
    }
}

// Frees at the end of its scope, as a caller would.
class Tensor {
public:
    Tensor() = default;
    Tensor(const Tensor&) = delete;
    Tensor& operator=(const Tensor&) = delete;
    Tensor(Tensor&& other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
    Tensor& operator=(Tensor&& other) noexcept {
        if (this != &other) {
            distilqa_tt_tensor_free(handle_);
            handle_ = other.handle_;
            other.handle_ = nullptr;
        }
        return *this;
    }
    ~Tensor() { distilqa_tt_tensor_free(handle_); }

    distilqa_tt_tensor* get() const { return handle_; }
    distilqa_tt_tensor** out() { return &handle_; }

private:
    distilqa_tt_tensor* handle_ = nullptr;
};

struct Failed {};

void must(int32_t status, const std::string& what) {
    if (status == DISTILQA_TT_OK) return;
    std::printf("%s: status %d: %s\n", what.c_str(), static_cast<int>(status), distilqa_tt_last_error());
    throw Failed{};
}

distilqa_tt_tensor_spec spec_of(
    const std::vector<uint32_t>& shape, uint32_t dtype, uint32_t layout, uint32_t distribution) {
    distilqa_tt_tensor_spec spec{};
    spec.struct_size = sizeof spec;
    spec.rank = static_cast<uint32_t>(shape.size());
    std::memcpy(spec.shape, shape.data(), shape.size() * sizeof(uint32_t));
    spec.dtype = dtype;
    spec.layout = layout;
    spec.memory = DISTILQA_TT_DRAM;
    spec.distribution = distribution;
    return spec;
}

Tensor zeros(
    distilqa_tt_device* device, const std::vector<uint32_t>& shape, uint32_t dtype,
    uint32_t layout = DISTILQA_TT_TILE, uint32_t distribution = DISTILQA_TT_REPLICATE) {
    uint64_t count = 1;
    for (const uint32_t dimension : shape) count *= dimension;
    const std::vector<uint32_t> values(count, 0);  // the bits of 0 as float too
    const distilqa_tt_tensor_spec spec = spec_of(shape, dtype, layout, distribution);
    Tensor tensor;
    must(distilqa_tt_tensor_create(device, &spec, values.data(), count * 4, tensor.out()), "create");
    return tensor;
}

distilqa_tt_compute compute_of(uint32_t dtype, uint32_t memory, uint32_t fidelity, uint32_t fp32) {
    distilqa_tt_compute compute{};
    compute.struct_size = sizeof compute;
    compute.dtype = dtype;
    compute.memory = memory;
    compute.math_fidelity = fidelity;
    compute.fp32_accumulation = fp32;
    compute.packer_l1_accumulation = 1;
    return compute;
}

struct Dense {
    Tensor weight;
    Tensor bias;
};

Dense dense(distilqa_tt_device* device, uint32_t in, uint32_t out, uint32_t dtype) {
    return {zeros(device, {in, out}, dtype), zeros(device, {1, out}, DISTILQA_TT_BFLOAT16)};
}

// One layer's weights serve all six: the graph is the same, and values do not matter.
struct Weights {
    Weights(distilqa_tt_device* device, uint32_t dtype) :
        tokens(zeros(device, {TOKENS, WIDTH}, DISTILQA_TT_BFLOAT16, DISTILQA_TT_ROW_MAJOR)),
        positions(zeros(device, {POSITIONS, WIDTH}, DISTILQA_TT_BFLOAT16, DISTILQA_TT_ROW_MAJOR)),
        scale(zeros(device, {1, WIDTH}, DISTILQA_TT_BFLOAT16)),
        shift(zeros(device, {1, WIDTH}, DISTILQA_TT_BFLOAT16)),
        attention_in(dense(device, WIDTH, 3 * WIDTH, dtype)),
        attention_out(dense(device, WIDTH, WIDTH, dtype)),
        up(dense(device, WIDTH, HIDDEN, dtype)),
        down(dense(device, HIDDEN, WIDTH, dtype)),
        head(dense(device, WIDTH, LOGITS, dtype)) {}

    Tensor tokens, positions, scale, shift;
    Dense attention_in, attention_out, up, down, head;
};

Tensor norm(const Tensor& input, const Tensor* residual, const Weights& weights, const distilqa_tt_compute& compute) {
    Tensor result;
    must(distilqa_tt_layer_norm(
             input.get(), residual == nullptr ? nullptr : residual->get(), weights.scale.get(), weights.shift.get(),
             1e-12f, &compute, result.out()),
        "layer_norm");
    return result;
}

Tensor apply(const Tensor& input, const Dense& layer, uint32_t activation, const distilqa_tt_compute& compute) {
    Tensor result;
    must(distilqa_tt_linear(
             input.get(), layer.weight.get(), layer.bias.get(), activation, &compute, result.out()),
        "linear");
    return result;
}

// What the Java side (TtProgram) asks of a run, by default (TtOptions).
struct Options {
    uint32_t weights = DISTILQA_TT_BFLOAT8_B;
    uint32_t mask = DISTILQA_TT_BFLOAT4_B;
    uint32_t activation = DISTILQA_TT_GELU;
    uint32_t result = DISTILQA_TT_BFLOAT16;
    uint32_t memory = DISTILQA_TT_L1;
    uint32_t fidelity = DISTILQA_TT_HIFI2;
    uint32_t fp32 = 1;
};

struct Shape {
    uint32_t batch;  // over all chips
    uint32_t sequence;
    bool masked;
};

struct Inputs {
    Inputs(distilqa_tt_device* device, const Shape& shape, const Options& options) :
        ids(zeros(
            device, {shape.batch, shape.sequence}, DISTILQA_TT_UINT32, DISTILQA_TT_ROW_MAJOR, DISTILQA_TT_SHARD)),
        position_ids(zeros(device, {1, shape.sequence}, DISTILQA_TT_UINT32, DISTILQA_TT_ROW_MAJOR)) {
        if (shape.masked) {
            mask = zeros(
                device, {shape.batch, 1, shape.sequence, shape.sequence}, options.mask, DISTILQA_TT_TILE,
                DISTILQA_TT_SHARD);
        }
    }

    Tensor ids, position_ids, mask;
};

// The logits. Tensors are freed as the Java side frees them: as soon as the last op that reads them is queued.
Tensor forward(const Weights& weights, const Inputs& inputs, const Options& options) {
    const auto compute = compute_of(options.result, options.memory, options.fidelity, options.fp32);
    Tensor embedded;
    must(distilqa_tt_embeddings(
             inputs.ids.get(), inputs.position_ids.get(), weights.tokens.get(), weights.positions.get(), &compute,
             embedded.out()),
        "embeddings");
    Tensor hidden = norm(embedded, nullptr, weights, compute);
    embedded = Tensor();
    for (uint32_t layer = 0; layer < LAYERS; ++layer) {
        Tensor projected = apply(hidden, weights.attention_in, DISTILQA_TT_NONE, compute);
        Tensor context;
        must(distilqa_tt_self_attention(
                 projected.get(), inputs.mask.get(), HEADS, 0.125f, &compute, context.out()),
            "self_attention");
        projected = Tensor();
        Tensor output = apply(context, weights.attention_out, DISTILQA_TT_NONE, compute);
        context = Tensor();
        hidden = norm(output, &hidden, weights, compute);
        output = Tensor();
        Tensor wide = apply(hidden, weights.up, options.activation, compute);
        output = apply(wide, weights.down, DISTILQA_TT_NONE, compute);
        wide = Tensor();
        hidden = norm(output, &hidden, weights, compute);
    }
    auto logits = compute;
    logits.dtype = DISTILQA_TT_BFLOAT16;
    logits.memory = DISTILQA_TT_DRAM;
    return apply(hidden, weights.head, DISTILQA_TT_NONE, logits);
}

distilqa_tt_counters counters_of(distilqa_tt_device* device) {
    distilqa_tt_counters counters{};
    counters.struct_size = sizeof counters;
    must(distilqa_tt_read_counters(device, &counters), "read_counters");
    return counters;
}

uint64_t tile_bytes(uint32_t dtype) {
    switch (dtype) {
        case DISTILQA_TT_BFLOAT16: return 2048;
        case DISTILQA_TT_BFLOAT8_B: return 1088;
        default: return 576;
    }
}

// What WormholePlan (Java) says that a run sends to all chips and gets from them.
void check_bytes(const Shape& shape, const Options& options, const distilqa_tt_counters& before, const distilqa_tt_counters& after) {
    const uint64_t rows = uint64_t{shape.batch} * shape.sequence;
    const uint64_t mask = shape.masked ? rows * shape.sequence / 1024 * tile_bytes(options.mask) : 0;
    check(after.host_to_device_bytes - before.host_to_device_bytes == 4 * rows + mask, "bytes to the card");
    check(after.device_to_host_bytes - before.device_to_host_bytes == rows / 32 * tile_bytes(DISTILQA_TT_BFLOAT16),
        "bytes from the card");
}

// The matrices and biases that WormholePlan says a layer reads from DRAM, as TT-NN's allocator counts them: a tensor's tiles go round the
// banks, of which all are counted like the fullest.
void weights_in_dram(distilqa_tt_device* device, uint32_t dtype) {
    constexpr uint64_t BANKS = 12;
    uint64_t planned = 0, whole_banks = 0;
    std::vector<Dense> layer;
    const uint64_t before = counters_of(device).live_dram_bytes;
    const auto add = [&](uint32_t in, uint32_t out) {
        layer.push_back(dense(device, in, out, dtype));
        const uint64_t tiles = uint64_t{in / 32} * (out / 32), bias = out / 32;
        planned += tiles * tile_bytes(dtype) + bias * tile_bytes(DISTILQA_TT_BFLOAT16);
        const auto rounded = [](uint64_t pages) { return (pages + BANKS - 1) / BANKS * BANKS; };
        whole_banks += rounded(tiles) * tile_bytes(dtype) + rounded(bias) * tile_bytes(DISTILQA_TT_BFLOAT16);
    };
    add(WIDTH, 3 * WIDTH);
    add(WIDTH, WIDTH);
    add(WIDTH, HIDDEN);
    add(HIDDEN, WIDTH);
    const uint64_t counted = counters_of(device).live_dram_bytes - before;
    std::printf("a layer's matrices in DRAM: %llu bytes planned, %llu in whole banks, %llu counted\n",
        static_cast<unsigned long long>(planned), static_cast<unsigned long long>(whole_banks),
        static_cast<unsigned long long>(counted));
    check(counted == whole_banks, "a layer's matrices in DRAM");
}

void run(distilqa_tt_device* device, const Weights& weights, const Shape& shape, const Options& options) {
    const Inputs inputs(device, shape, options);
    const auto before = counters_of(device);
    const std::vector<uint32_t> other(uint64_t{shape.batch} * shape.sequence, 1);
    must(distilqa_tt_tensor_write(inputs.ids.get(), other.data(), other.size() * 4), "write");
    if (shape.masked) {
        const std::vector<float> all(other.size() * shape.sequence, 0);
        must(distilqa_tt_tensor_write(inputs.mask.get(), all.data(), all.size() * 4), "write the mask");
    }
    const Tensor logits = forward(weights, inputs, options);

    distilqa_tt_tensor_spec spec{};
    spec.struct_size = sizeof spec;
    must(distilqa_tt_tensor_spec_of(logits.get(), &spec), "spec_of");
    const bool right = spec.rank == 4 && spec.shape[0] == shape.batch && spec.shape[1] == 1 &&
        spec.shape[2] == shape.sequence && spec.shape[3] == LOGITS && spec.memory == DISTILQA_TT_DRAM;
    check(right, "the logits' shape");
    std::vector<float> read(uint64_t{shape.batch} * shape.sequence * LOGITS);
    must(distilqa_tt_tensor_read(logits.get(), read.data(), read.size() * 4), "read");
    must(distilqa_tt_synchronize(device), "synchronize");
    check_bytes(shape, options, before, counters_of(device));
}

// What must be refused, and leave the device as it was.
void refusals(distilqa_tt_device* device, const Weights& weights) {
    const auto good = compute_of(DISTILQA_TT_BFLOAT16, DISTILQA_TT_DRAM, DISTILQA_TT_HIFI2, 0);
    const auto erratum = compute_of(DISTILQA_TT_BFLOAT16, DISTILQA_TT_DRAM, DISTILQA_TT_HIFI4, 1);
    const Tensor input = zeros(device, {1, 1, 32, WIDTH}, DISTILQA_TT_BFLOAT16);
    const uint64_t before = counters_of(device).live_tensors;
    distilqa_tt_tensor* result = nullptr;
    check(distilqa_tt_layer_norm(
              input.get(), nullptr, weights.scale.get(), weights.shift.get(), 1e-12f, &erratum, &result)
            == DISTILQA_TT_UNSUPPORTED,
        "HiFi4 with float32 accumulation");
    check(distilqa_tt_linear(
              input.get(), weights.down.weight.get(), weights.down.bias.get(), DISTILQA_TT_NONE, &good, &result)
            == DISTILQA_TT_INVALID_ARGUMENT,
        "a weight of another size");
    check(distilqa_tt_linear(nullptr, weights.up.weight.get(), weights.up.bias.get(), DISTILQA_TT_NONE, &good, &result)
            == DISTILQA_TT_INVALID_ARGUMENT,
        "no input");
    auto spec = spec_of({32, 32}, DISTILQA_TT_BFLOAT8_B, DISTILQA_TT_ROW_MAJOR, DISTILQA_TT_REPLICATE);
    const std::vector<float> values(32 * 32);
    check(distilqa_tt_tensor_create(device, &spec, values.data(), values.size() * 4, &result)
            == DISTILQA_TT_INVALID_ARGUMENT,
        "a block float, row-major");
    // More than any board has in all; asked of L1, as host memory for it is affordable.
    spec = spec_of({8192, 16384}, DISTILQA_TT_BFLOAT16, DISTILQA_TT_TILE, DISTILQA_TT_REPLICATE);
    spec.memory = DISTILQA_TT_L1;
    const std::vector<float> many(uint64_t{8192} * 16384);
    check(distilqa_tt_tensor_create(device, &spec, many.data(), many.size() * 4, &result)
            == DISTILQA_TT_OUT_OF_MEMORY,
        "a tensor larger than L1");
    check(result == nullptr, "outputs of refused calls");
    check(counters_of(device).live_tensors == before, "tensors left by refused calls");
}

// Every length of whole tiles, with so many sequences a chip at least, and up to 8: what the Java side makes of batches, and all between.
std::vector<Shape> shapes(uint32_t chips, uint32_t least) {
    std::vector<Shape> all;
    for (const uint32_t sequence : {32u, 64u, 128u, 192u, 256u, 384u, 512u}) {
        for (uint32_t batch = least; batch <= 8; ++batch) {
            for (const bool masked : {false, true}) all.push_back({batch * chips, sequence, masked});
        }
    }
    return all;
}

// Batches of more than 8 a chip up to 4,096 tokens, and the lengths that are no default buckets.
std::vector<Shape> more_shapes(uint32_t chips) {
    std::vector<Shape> all;
    for (uint32_t sequence = 32; sequence <= POSITIONS; sequence += 32) {
        for (const uint32_t batch : {1u, 3u, 8u, 12u, 16u, 24u, 32u, 64u, 128u}) {
            if (batch * sequence <= 4096) all.push_back({batch * chips, sequence, true});
        }
    }
    return all;
}

int combinations = 0;

void sweep(
    distilqa_tt_device* device, const Weights& weights, const std::vector<Shape>& all, const Options& options,
    const std::string& name) {
    const int failures = failed;
    for (const Shape& shape : all) {
        ++combinations;
        const std::string what = name + ", batch " + std::to_string(shape.batch) + ", sequence " +
            std::to_string(shape.sequence) + (shape.masked ? ", masked" : "");
        try {
            const auto before = counters_of(device);
            run(device, weights, shape, options);
            const auto after = counters_of(device);
            check(after.ops - before.ops == OPS, what + ": " + std::to_string(after.ops - before.ops) + " ops");
            check(after.live_tensors == before.live_tensors, what + ": tensors left");
            check(after.live_l1_bytes == before.live_l1_bytes, what + ": L1 left");
            check(after.live_dram_bytes == before.live_dram_bytes, what + ": DRAM left");
            check(after.peak_l1_bytes >= before.peak_l1_bytes, what + ": the peak fell");
        } catch (const Failed&) {
            check(false, what);
        }
    }
    std::printf("%-62s %4zu shapes, %d failures\n", name.c_str(), all.size(), failed - failures);
}

int open_files() {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) count += entry.exists() ? 1 : 0;
    return count;
}

// TT-NN leaves one file open each time a mesh is opened and closed; more would be ours.
void open_and_close(uint32_t chips) {
    constexpr int TIMES = 6;
    distilqa_tt_open_options options{};
    options.struct_size = sizeof options;
    options.mesh_rows = 1;
    options.mesh_columns = chips;
    options.program_cache = 1;
    int settled = 0;
    for (int i = 0; i <= TIMES; ++i) {
        distilqa_tt_device* device = nullptr;
        must(distilqa_tt_open(&options, &device), "open again");
        check(distilqa_tt_close(device) == DISTILQA_TT_OK, "close again");
        if (i == 0) settled = open_files();
    }
    const int left = open_files() - settled;
    std::printf("%d files stay open after %d times more\n", left, TIMES);
    check(left <= TIMES, "files left open");
}

void walk(uint32_t chips, bool quick) {
    distilqa_tt_open_options options{};
    options.struct_size = sizeof options;
    options.mesh_rows = 1;
    options.mesh_columns = chips;
    options.program_cache = 1;
    options.trace_region_bytes = 32 << 20;
    distilqa_tt_device* device = nullptr;
    must(distilqa_tt_open(&options, &device), "open");
    try {
        char facts[2048];
        must(distilqa_tt_facts(device, facts, sizeof facts, nullptr), "facts");
        std::printf("--- %u chips\n%s", static_cast<unsigned>(chips), facts);
        distilqa_tt_device* second = nullptr;
        check(distilqa_tt_open(&options, &second) == DISTILQA_TT_UNAVAILABLE && second == nullptr,
            "a second mesh in one process");
        for (const uint32_t dtype : {DISTILQA_TT_BFLOAT8_B, DISTILQA_TT_BFLOAT16}) {
            const std::string format = dtype == DISTILQA_TT_BFLOAT16 ? "bfloat16 weights" : "bfloat8_b weights";
            const Weights weights(device, dtype);
            Options defaults;
            if (dtype == defaults.weights) weights_in_dram(device, dtype);
            defaults.weights = dtype;
            if (quick) {
                const std::vector<Shape> few = {{chips, 32, true}, {8 * chips, 384, false}, {8 * chips, 384, true}};
                sweep(device, weights, few, defaults, format + ", defaults");
                break;
            }
            sweep(device, weights, shapes(chips, 1), defaults, format + ", defaults");
            sweep(device, weights, more_shapes(chips), defaults, format + ", defaults, other lengths and batches");
            const auto variant = [&](const char* name, auto change) {
                Options changed = defaults;
                change(changed);
                sweep(device, weights, shapes(chips, 8), changed, format + ", " + name);
            };
            variant("hifi4", [](Options& o) { o.fidelity = DISTILQA_TT_HIFI4, o.fp32 = 0; });
            variant("hifi3", [](Options& o) { o.fidelity = DISTILQA_TT_HIFI3; });
            variant("hifi2 without float32 sums", [](Options& o) { o.fp32 = 0; });
            variant("lofi without float32 sums", [](Options& o) { o.fidelity = DISTILQA_TT_LOFI, o.fp32 = 0; });
            variant("bfloat16 mask", [](Options& o) { o.mask = DISTILQA_TT_BFLOAT16; });
            variant("bfloat8_b mask", [](Options& o) { o.mask = DISTILQA_TT_BFLOAT8_B; });
            variant("approximate gelu", [](Options& o) { o.activation = DISTILQA_TT_GELU_APPROXIMATE; });
            variant("bfloat8_b results, hifi3", [](Options& o) { o.result = DISTILQA_TT_BFLOAT8_B, o.fidelity = DISTILQA_TT_HIFI3; });
            variant("in DRAM", [](Options& o) { o.memory = DISTILQA_TT_DRAM; });
            Options eight = defaults;
            eight.result = DISTILQA_TT_BFLOAT8_B;
            sweep(device, weights, shapes(chips, 1), eight, format + ", bfloat8_b results, all shapes");
            sweep(device, weights, more_shapes(chips), eight, format + ", bfloat8_b results, other lengths and batches");
            check(distilqa_tt_trace_begin(device) == DISTILQA_TT_UNSUPPORTED, "a trace of a mocked card");
            if (dtype == DISTILQA_TT_BFLOAT16) refusals(device, weights);
        }
    } catch (const Failed&) {
        check(false, "an error outside the graph");
    }
    check(distilqa_tt_close(device) == DISTILQA_TT_OK, "close");
    open_and_close(chips);
}

}  // namespace

int main(int count, char** arguments) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // what was done before a crash inside TT-NN is told
    if (distilqa_tt_abi_version() != DISTILQA_TT_ABI_VERSION) {
        std::puts("the library is of another ABI version");
        return 2;
    }
    if (std::getenv("TT_METAL_MOCK_CLUSTER_DESC_PATH") == nullptr) {
        std::puts("TT_METAL_MOCK_CLUSTER_DESC_PATH is not set");
        return 2;
    }
    if (std::getenv("TT_METAL_SLOW_DISPATCH_MODE") != nullptr) {
        std::puts("TT_METAL_SLOW_DISPATCH_MODE is set: the mock would check no program");
        return 2;
    }
    const bool quick = count > 1 && std::strcmp(arguments[1], "quick") == 0;
    char machine[2048];
    if (distilqa_tt_describe(machine, sizeof machine, nullptr) != DISTILQA_TT_OK) return 2;
    std::fputs(machine, stdout);
    try {
        walk(1, quick);
        if (std::strstr(machine, "card.0.chips=2") != nullptr) walk(2, quick);
    } catch (const Failed&) {
        check(false, "open");
    }
    std::printf("%d combinations of options and shapes, %d checks passed, %d failed\n", combinations, passed, failed);
    return failed == 0 ? 0 : 1;
}
