#include "emulated_card.h"

#include "formats.h"
#include "linear_plan.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

namespace distilqa {

namespace {

constexpr std::uint32_t LONGEST_HANG_MS = 10000;  // of a wait without a timeout, which on a card would never end

std::uint32_t checked_chips(const Board &board, const distilqa_tt_open_options &options) {
    if (!board.present()) throw Error(DISTILQA_TT_UNAVAILABLE, "no card (DISTILQA_TT_EMULATOR_BOARD=none)");
    if (!board.supported)
        throw Error(DISTILQA_TT_UNSUPPORTED, text("the board ", board.name, " is no Wormhole card (n150 or n300)"));
    const std::uint32_t chips = options.mesh_columns;
    if (chips > board.chips)
        throw Error(DISTILQA_TT_UNSUPPORTED,
                    text("a mesh of 1 x ", chips, " chips; the ", board.name, " card has ", board.chips));
    for (std::uint32_t i = 0; i < options.device_count; i++)
        require(static_cast<std::uint32_t>(options.device_ids[i]) < board.chips, "device id ", options.device_ids[i],
                "; the ", board.name, " card's chips are 0 to ", board.chips - 1);
    return chips;
}

void store_values(Threads &threads, const Spec &spec, Storage &storage, const void *values) {
    if (storage.integers) {
        std::memcpy(storage.integers.get(), values, spec.count() * sizeof(std::uint32_t));
        return;
    }
    float *to = storage.floats.get();
    const std::uint64_t rows = spec.rows(), width = spec.width();
    constexpr std::uint64_t PART = 1024;
    threads.each((rows + PART - 1) / PART, [&](std::size_t part) {
        const std::uint64_t first = part * PART, count = std::min(PART, rows - first);
        std::memcpy(to + first * width, static_cast<const float *>(values) + first * width, count * width * sizeof(float));
        round_rows(to + first * width, count, width, spec.dtype);
    });
}

// ---- Programs ------------------------------------------------------------------------------------------------------------

std::string say(const Spec &spec) { return text(spec.to_string(), " in ", name_of_memory(spec.memory)); }

std::string say(const Compute &compute) {
    return text(" to ", name_of_dtype(compute.dtype), " in ", name_of_memory(compute.memory), ", fidelity ",
                compute.math_fidelity, compute.fp32_accumulation ? ", fp32" : "", compute.packer_l1_accumulation ? ", l1" : "",
                compute.approximate_math ? ", approximate" : "");
}

}  // namespace

Storage::Storage(std::uint64_t count, bool whole_numbers) : capacity(count) {
    if (whole_numbers)
        integers.reset(new std::uint32_t[count]);
    else
        floats.reset(new float[count]);
}

// ---- The card ------------------------------------------------------------------------------------------------------------

// What a tensor holds. The result of an op that was captured gives its storage to the rest of the capture when it is freed.
class EmulatedCard::Held final : public Values {
public:
    Held(EmulatedCard &card, std::shared_ptr<Storage> storage, std::unique_ptr<Place> place, std::uint64_t capture)
        : card_(card), storage_(std::move(storage)), place_(std::move(place)), capture_(capture) {}
    ~Held() override {
        if (card_.capture_ && capture_ == card_.captures_) card_.reusable_.push_back(storage_);
    }

    const std::shared_ptr<Storage> &storage() const { return storage_; }

private:
    EmulatedCard &card_;
    std::shared_ptr<Storage> storage_;
    std::unique_ptr<Place> place_;
    std::uint64_t capture_;  // 0 for none
};

std::unique_ptr<Card> open_card(const distilqa_tt_open_options &options) { return std::make_unique<EmulatedCard>(options); }

EmulatedCard::EmulatedCard(const distilqa_tt_open_options &options)
    : board_(Board::from_environment()),
      faults_(Faults::from_environment()),
      chips_(checked_chips(board_, options)),
      timeout_ms_(options.timeout_ms),
      program_cache_(options.program_cache != 0),
      trace_region_bytes_(options.trace_region_bytes),
      memory_(board_, options.trace_region_bytes) {
    if (faults_.slow_open_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(faults_.slow_open_ms));
}

void EmulatedCard::close(bool) {
    if (faults_.fail_close) throw Error(DISTILQA_TT_FAILED, "closing was to fail (DISTILQA_TT_EMULATOR_FAIL_CLOSE)");
}

const std::shared_ptr<Storage> &EmulatedCard::storage(const Operand &operand) {
    return static_cast<Held &>(operand.values).storage();
}

std::unique_ptr<Place> EmulatedCard::allocate(const std::string &what, const Spec &spec) {
    if (++allocations_ == faults_.fail_allocation)
        throw Error(DISTILQA_TT_OUT_OF_MEMORY, text(what, ", ", spec.to_string(), ", does not fit into ",
                                                    name_of_memory(spec.memory), ": allocation ", allocations_,
                                                    " was to fail (DISTILQA_TT_EMULATOR_FAIL_ALLOCATION)"));
    return std::make_unique<Place>(memory_, what, spec, chips_);
}

std::unique_ptr<Values> EmulatedCard::create(const Spec &spec, const void *values) {
    std::unique_ptr<Place> place = allocate("the tensor", spec);
    auto storage = std::make_shared<Storage>(spec.count(), spec.dtype == DISTILQA_TT_UINT32);
    store_values(threads_, spec, *storage, values);
    return std::make_unique<Held>(*this, std::move(storage), std::move(place), 0);
}

void EmulatedCard::write(const Spec &spec, Values &to, const void *values) {
    store_values(threads_, spec, *static_cast<Held &>(to).storage(), values);
}

void EmulatedCard::read(const Spec &spec, Values &from, void *values) {
    wait();
    const Storage &storage = *static_cast<Held &>(from).storage();
    std::memcpy(values, storage.integers ? static_cast<const void *>(storage.integers.get()) : storage.floats.get(),
                spec.host_bytes());
}

// ---- Queue ---------------------------------------------------------------------------------------------------------------

void EmulatedCard::wait() {
    if (faults_.slow_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(faults_.slow_ms));
    if (!hung_) return;
    const std::uint32_t limit = timeout_ms_ > 0 ? timeout_ms_ : LONGEST_HANG_MS;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit);
    while (std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    throw Error(DISTILQA_TT_TIMEOUT, text("the device did not finish within ", limit, " ms"));
}

void EmulatedCard::start_step() {
    const std::uint64_t step = ++steps_started_;
    if (faults_.lose_device_op != 0 && step >= faults_.lose_device_op)
        throw Error(DISTILQA_TT_DEVICE_LOST,
                    text("the device stopped answering at op ", step, " (DISTILQA_TT_EMULATOR_LOSE_DEVICE_OP)"));
    if (step == faults_.fail_op)
        throw Error(DISTILQA_TT_FAILED, text("op ", step, " of the device was to fail (DISTILQA_TT_EMULATOR_FAIL_OP)"));
    if (faults_.hang_op != 0 && step >= faults_.hang_op) hung_ = true;
    count_ops(1);
}

std::shared_ptr<Storage> EmulatedCard::storage_of_result(std::uint64_t count) {
    auto best = reusable_.end();
    for (auto i = reusable_.begin(); capture_ && i != reusable_.end(); ++i)
        if ((*i)->capacity >= count && (best == reusable_.end() || (*i)->capacity < (*best)->capacity)) best = i;
    if (best == reusable_.end()) return std::make_shared<Storage>(count, false);
    std::shared_ptr<Storage> storage = *best;
    reusable_.erase(best);
    return storage;
}

std::unique_ptr<Values> EmulatedCard::queue(const Op &op) {
    if (capture_)
        for (const Step &step : op.steps)
            require(programs_.count(step.program) > 0,
                    "it has not run with these shapes before the trace was begun: ", step.program);
    std::vector<std::unique_ptr<Place>> places;
    std::vector<std::size_t> last_uses;
    std::unique_ptr<Place> place;
    for (std::size_t i = 0; i < op.steps.size(); i++) {
        const Step &step = op.steps[i];
        for (const Spec &output : step.outputs) {
            places.push_back(allocate("an intermediate result", output));
            last_uses.push_back(step.last_use);
        }
        if (i + 1 == op.steps.size()) place = allocate("the result", op.result);
        memory_.l1.require_free("circular buffers", step.circular_buffer_bytes);
        start_step();
        if (program_cache_) programs_.insert(step.program);
        for (std::size_t j = 0; j < places.size(); j++)
            if (last_uses[j] == i) places[j].reset();
    }
    std::shared_ptr<Storage> storage = storage_of_result(op.result.count());
    if (!hung_) op.compute(storage->floats.get());
    if (capture_) {
        capture_->ops.push_back({op.steps.size(), [compute = op.compute, storage] { compute(storage->floats.get()); }});
        capture_->bytes += op.steps.size() * TRACE_BYTES_OF_STEP;
    }
    return std::make_unique<Held>(*this, std::move(storage), std::move(place), capture_ ? captures_ : 0);
}

// ---- Ops -----------------------------------------------------------------------------------------------------------------

std::unique_ptr<Values> EmulatedCard::embeddings(Operand ids, Operand position_ids, Operand token_table,
                                                 Operand position_table, const Compute &compute, const Spec &result) {
    const std::uint64_t batch = result.shape[0], sequence = result.shape[2], width = result.width();
    Op op;
    op.result = result;
    Spec looked_up = result;
    looked_up.dtype = DISTILQA_TT_BFLOAT16;
    Spec looked_up_positions = looked_up;
    looked_up_positions.shape = {1, 1, sequence, width};
    looked_up_positions.distribution = DISTILQA_TT_REPLICATE;
    op.steps = {{text("embedding ", say(ids.spec), " of ", say(token_table.spec), say(compute)), {looked_up}, 2},
                {text("embedding ", say(position_ids.spec), " of ", say(position_table.spec), say(compute)),
                 {looked_up_positions},
                 2},
                {text("add ", say(looked_up), " and ", say(looked_up_positions), say(compute)), {}, 2}};
    op.compute = [this, a = storage(ids), b = storage(position_ids), c = storage(token_table), d = storage(position_table),
                  rows = token_table.spec.shape[0], positions = position_table.spec.shape[0], batch, sequence, width,
                  compute](float *to) {
        distilqa::embeddings(threads_, a->integers.get(), b->integers.get(), c->floats.get(), rows, d->floats.get(), positions,
                             batch, sequence, width, compute, to);
    };
    return queue(op);
}

std::unique_ptr<Values> EmulatedCard::layer_norm(Operand input, const Operand *residual, Operand weight, Operand bias,
                                                 float epsilon, const Compute &compute, const Spec &result) {
    Op op;
    op.result = result;
    op.steps = {{text("layer_norm ", say(input.spec), residual == nullptr ? "" : " plus " + say(residual->spec), ", epsilon ",
                      epsilon, say(compute)),
                 {},
                 0}};
    op.compute = [this, a = storage(input), b = residual == nullptr ? nullptr : storage(*residual), c = storage(weight),
                  d = storage(bias), rows = input.spec.rows(), width = input.spec.width(), epsilon, compute](float *to) {
        distilqa::layer_norm(threads_, a->floats.get(), b ? b->floats.get() : nullptr, c->floats.get(), d->floats.get(), rows,
                             width, epsilon, compute, to);
    };
    return queue(op);
}

std::unique_ptr<Values> EmulatedCard::linear(Operand input, Operand weight, Operand bias, std::uint32_t activation,
                                             const Compute &compute, const Spec &result) {
    const LinearShape shape = LinearShape::of(input.spec, weight.spec, compute, chips_, board_.grid_x, board_.grid_y);
    Op op;
    op.result = result;
    op.steps = {{text("linear ", say(input.spec), " by ", say(weight.spec), ", activation ", activation, say(compute)),
                 {},
                 0,
                 plan_linear(shape).circular_buffer_bytes}};
    op.compute = [this, a = storage(input), b = storage(weight), c = storage(bias), rows = input.spec.rows(),
                  inner = input.spec.width(), columns = weight.spec.width(), activation, compute](float *to) {
        distilqa::linear(threads_, a->floats.get(), rows, inner, b->floats.get(), columns, c->floats.get(), activation, compute,
                         to);
    };
    return queue(op);
}

std::unique_ptr<Values> EmulatedCard::self_attention(Operand query_key_value, const Operand *mask, std::uint32_t heads,
                                                     float scale, const Compute &compute, const Spec &result) {
    const Spec &in = query_key_value.spec;
    const std::uint64_t batch = in.shape[0], sequence = in.shape[2], width = result.width();
    Op op;
    op.result = result;
    const Spec head{{batch, heads, sequence, width / heads}, in.dtype, DISTILQA_TT_TILE, compute.memory, in.distribution};
    Spec attended = head;
    attended.dtype = compute.dtype;
    op.steps = {{text("split_heads ", say(in), " into ", heads, say(compute)), {head, head, head}, 1},
                {text("attention ", say(head), mask == nullptr ? "" : " with " + say(mask->spec), ", scale ", scale,
                      say(compute)),
                 {attended},
                 2},
                {text("concatenate_heads ", say(attended), say(compute)), {}, 2}};
    op.compute = [this, a = storage(query_key_value), b = mask == nullptr ? nullptr : storage(*mask), batch, sequence, width,
                  heads, scale, compute](float *to) {
        distilqa::self_attention(threads_, a->floats.get(), b ? b->floats.get() : nullptr, batch, sequence, width, heads, scale,
                                 compute, to);
    };
    return queue(op);
}

// ---- Traces --------------------------------------------------------------------------------------------------------------

void EmulatedCard::capture_begin() {
    if (faults_.no_traces)
        throw Error(DISTILQA_TT_UNSUPPORTED, "this card captures no traces (DISTILQA_TT_EMULATOR_NO_TRACES)");
    capture_ = std::make_unique<Trace>();
    captures_++;
}

std::uint64_t EmulatedCard::capture_end(bool keep) {
    const std::unique_ptr<Trace> trace = std::move(capture_);
    reusable_.clear();
    if (!keep) return 0;
    const std::uint64_t free = trace_region_bytes_ - trace_region_used_;
    if (trace->bytes > free)
        throw Error(DISTILQA_TT_OUT_OF_MEMORY, text("a trace of ", trace->ops.size(), " ops needs ", trace->bytes,
                                                    " bytes; of the trace region of ", trace_region_bytes_, ", ", free,
                                                    " are free"));
    trace_region_used_ += trace->bytes;
    traces_.emplace(next_trace_, std::move(*trace));
    return next_trace_++;
}

void EmulatedCard::replay(std::uint64_t trace) {
    for (const Recorded &op : traces_.at(trace).ops) {
        for (std::size_t i = 0; i < op.steps; i++) start_step();
        if (!hung_) op.compute();
    }
}

void EmulatedCard::release(std::uint64_t trace) {
    const auto found = traces_.find(trace);
    trace_region_used_ -= found->second.bytes;
    traces_.erase(found);
}

// ---- Facts ---------------------------------------------------------------------------------------------------------------

std::string EmulatedCard::facts() const {
    return describe_library() + text("arch=wormhole_b0\nfirmware=\nboard=", board_.name, "\nchips=", chips_,
                                     "\ngrid_x=", board_.grid_x, "\ngrid_y=", board_.grid_y,
                                     "\ndram_bytes=", board_.dram_bytes, "\nl1_bytes=", board_.l1_bytes, "\n");
}

MemoryUse EmulatedCard::memory() {
    return {memory_.dram.live(), memory_.l1.live(), memory_.dram.peak(), memory_.l1.peak()};
}

// ---- The library ---------------------------------------------------------------------------------------------------------

std::int32_t abi_version() { return abi_version_from_environment(DISTILQA_TT_ABI_VERSION); }

std::string describe() { return describe(Board::from_environment()); }

Error translated(const std::exception &exception) { return Error(DISTILQA_TT_FAILED, exception.what()); }

}  // namespace distilqa
