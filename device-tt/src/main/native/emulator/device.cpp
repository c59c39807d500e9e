#include "device.h"

#include "formats.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

using namespace distilqa;

namespace {

constexpr std::uint32_t LONGEST_HANG_MS = 10000;  // of a wait without a timeout, which on a card would never end

std::uint32_t checked_chips(const Board &board, const distilqa_tt_open_options &options) {
    if (!board.present()) throw Error(DISTILQA_TT_UNAVAILABLE, "no card (DISTILQA_TT_EMULATOR_BOARD=none)");
    if (!board.supported)
        throw Error(DISTILQA_TT_UNSUPPORTED, text("the board ", board.name, " is no Wormhole card (n150 or n300)"));
    const std::uint64_t chips = static_cast<std::uint64_t>(options.mesh_rows) * options.mesh_columns;
    require(chips > 0, "a mesh of ", options.mesh_rows, " x ", options.mesh_columns, " chips is empty");
    if (options.mesh_rows != 1 || chips > board.chips)
        throw Error(DISTILQA_TT_UNSUPPORTED, text("a mesh of ", options.mesh_rows, " x ", options.mesh_columns,
                                                  " chips; the ", board.name, " card has ", board.chips));
    require(options.device_count == 0 || options.device_count == chips, options.device_count, " device ids for a mesh of ",
            chips, " chips");
    for (std::uint32_t i = 0; i < options.device_count; i++) {
        const std::int32_t id = options.device_ids[i];
        require(id >= 0 && static_cast<std::uint32_t>(id) < board.chips, "device id ", id, "; the ", board.name,
                " card's chips are 0 to ", board.chips - 1);
        for (std::uint32_t j = 0; j < i; j++) require(options.device_ids[j] != id, "device id ", id, " is given twice");
    }
    require(options.program_cache <= 1, "program_cache is ", options.program_cache, ", neither 0 nor 1");
    return static_cast<std::uint32_t>(chips);
}

}  // namespace

Storage::Storage(std::uint64_t count, bool whole_numbers) : capacity(count) {
    if (whole_numbers)
        integers.reset(new std::uint32_t[count]);
    else
        floats.reset(new float[count]);
}

distilqa_tt_device::distilqa_tt_device(const distilqa_tt_open_options &options)
    : board_(Board::from_environment()),
      faults_(Faults::from_environment()),
      chips_(checked_chips(board_, options)),
      timeout_ms_(options.timeout_ms),
      program_cache_(options.program_cache != 0),
      trace_region_bytes_(options.trace_region_bytes),
      memory_(board_, options.trace_region_bytes) {}

void distilqa_tt_device::check_usable() const {
    if (given_up_ != DISTILQA_TT_OK) throw Error(given_up_, given_up_message_ + "; the device must be closed");
}

void distilqa_tt_device::check_not_capturing(const char *what) const {
    require(!capture_, what, " while a trace is being captured");
}

void distilqa_tt_device::give_up(distilqa_tt_status status, const std::string &message) {
    given_up_ = status;
    given_up_message_ = message;
    throw Error(status, message);
}

std::unique_ptr<Place> distilqa_tt_device::allocate(const std::string &what, const Spec &spec) {
    if (++allocations_ == faults_.fail_allocation)
        throw Error(DISTILQA_TT_OUT_OF_MEMORY, text(what, ", ", spec.to_string(), ", does not fit into ",
                                                    name_of_memory(spec.memory), ": allocation ", allocations_,
                                                    " was to fail (DISTILQA_TT_EMULATOR_FAIL_ALLOCATION)"));
    return std::make_unique<Place>(memory_, what, spec, chips_);
}

distilqa_tt_tensor *distilqa_tt_device::add(distilqa_tt_tensor tensor) {
    auto owned = std::make_unique<distilqa_tt_tensor>(std::move(tensor));
    distilqa_tt_tensor *handle = owned.get();
    tensors_.emplace(handle, std::move(owned));
    return handle;
}

// ---- Tensors -------------------------------------------------------------------------------------------------------------

namespace {

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

}  // namespace

distilqa_tt_tensor *distilqa_tt_device::create(const Spec &spec, const void *values, std::uint64_t bytes) {
    check_not_capturing("a tensor cannot be created");
    require(bytes == 4 * spec.count(), bytes, " bytes of values; shape ", shape_to_string(spec.shape), " has ",
            4 * spec.count());
    std::unique_ptr<Place> place = allocate("the tensor", spec);
    auto storage = std::make_shared<Storage>(spec.count(), spec.dtype == DISTILQA_TT_UINT32);
    store_values(threads_, spec, *storage, values);
    distilqa_tt_tensor *tensor = add({this, spec, std::move(storage), std::move(place), true, false});
    host_to_device_bytes_ += spec.mesh_bytes(chips_);
    return tensor;
}

void distilqa_tt_device::write(distilqa_tt_tensor &tensor, const void *values, std::uint64_t bytes) {
    check_not_capturing("a tensor cannot be written");
    require(tensor.from_host, "the tensor is the result of an op; only one made by distilqa_tt_tensor_create is written");
    require(bytes == 4 * tensor.spec.count(), bytes, " bytes of values; shape ", shape_to_string(tensor.spec.shape), " has ",
            4 * tensor.spec.count());
    store_values(threads_, tensor.spec, *tensor.storage, values);
    host_to_device_bytes_ += tensor.spec.mesh_bytes(chips_);
}

void distilqa_tt_device::read(distilqa_tt_tensor &tensor, void *values, std::uint64_t bytes) {
    check_not_capturing("a tensor cannot be read");
    require(bytes == 4 * tensor.spec.count(), "room for ", bytes, " bytes; shape ", shape_to_string(tensor.spec.shape),
            " has ", 4 * tensor.spec.count());
    wait();
    const Storage &storage = *tensor.storage;
    std::memcpy(values, storage.integers ? static_cast<const void *>(storage.integers.get()) : storage.floats.get(), bytes);
    // A replicated tensor is read from one chip, a sharded one from all.
    device_to_host_bytes_ +=
        tensor.spec.distribution == DISTILQA_TT_SHARD ? tensor.spec.mesh_bytes(chips_) : tensor.spec.bytes(chips_);
}

void distilqa_tt_device::free(distilqa_tt_tensor *tensor) {
    if (capture_ && tensor->captured) reusable_.push_back(tensor->storage);
    tensors_.erase(tensor);
}

// ---- Queue ---------------------------------------------------------------------------------------------------------------

void distilqa_tt_device::wait() {
    if (faults_.slow_ms > 0) std::this_thread::sleep_for(std::chrono::milliseconds(faults_.slow_ms));
    if (!hung_) return;
    const std::uint32_t limit = timeout_ms_ > 0 ? timeout_ms_ : LONGEST_HANG_MS;
    const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit);
    while (std::chrono::steady_clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    give_up(DISTILQA_TT_TIMEOUT, text("the device did not finish within ", limit, " ms"));
}

void distilqa_tt_device::synchronize() {
    check_not_capturing("the device cannot be waited for");
    wait();
}

void distilqa_tt_device::start_step() {
    const std::uint64_t step = ++steps_started_;
    if (faults_.lose_device_op != 0 && step >= faults_.lose_device_op)
        give_up(DISTILQA_TT_DEVICE_LOST,
                text("the device stopped answering at op ", step, " (DISTILQA_TT_EMULATOR_LOSE_DEVICE_OP)"));
    if (step == faults_.fail_op)
        throw Error(DISTILQA_TT_FAILED, text("op ", step, " of the device was to fail (DISTILQA_TT_EMULATOR_FAIL_OP)"));
    if (faults_.hang_op != 0 && step >= faults_.hang_op) hung_ = true;
    ops_++;
}

std::shared_ptr<Storage> distilqa_tt_device::storage_of_result(std::uint64_t count) {
    auto best = reusable_.end();
    for (auto i = reusable_.begin(); capture_ && i != reusable_.end(); ++i)
        if ((*i)->capacity >= count && (best == reusable_.end() || (*i)->capacity < (*best)->capacity)) best = i;
    if (best == reusable_.end()) return std::make_shared<Storage>(count, false);
    std::shared_ptr<Storage> storage = *best;
    reusable_.erase(best);
    return storage;
}

distilqa_tt_tensor *distilqa_tt_device::queue(const Op &op) {
    try {
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
        return add({this, op.result, std::move(storage), std::move(place), false, capture_ != nullptr});
    } catch (const std::exception &exception) {
        if (capture_ && capture_failure_.empty()) capture_failure_ = exception.what();
        throw;
    }
}

// ---- Traces --------------------------------------------------------------------------------------------------------------

void distilqa_tt_device::trace_begin() {
    check_not_capturing("a trace cannot be begun");
    require(program_cache_, "traces need compiled programs, and the device was opened with program_cache 0");
    if (trace_region_bytes_ == 0)
        throw Error(DISTILQA_TT_OUT_OF_MEMORY, "the device was opened with a trace region of 0 bytes");
    capture_ = std::make_unique<Trace>();
}

std::uint64_t distilqa_tt_device::trace_end() {
    require(capture_ != nullptr, "no trace is being captured");
    const std::unique_ptr<Trace> trace = std::move(capture_);
    const std::string failure = std::move(capture_failure_);
    capture_failure_.clear();
    reusable_.clear();
    for (const auto &tensor : tensors_) tensor.second->captured = false;
    if (!failure.empty())
        throw Error(DISTILQA_TT_FAILED, "an op failed while the trace was captured, which is dropped: " + failure);
    const std::uint64_t free = trace_region_bytes_ - trace_region_used_;
    if (trace->bytes > free)
        throw Error(DISTILQA_TT_OUT_OF_MEMORY, text("a trace of ", trace->ops.size(), " ops needs ", trace->bytes,
                                                    " bytes; of the trace region of ", trace_region_bytes_, ", ", free,
                                                    " are free"));
    const std::uint64_t id = next_trace_;
    trace_region_used_ += traces_.emplace(id, std::move(*trace)).first->second.bytes;
    next_trace_++;
    return id;
}

void distilqa_tt_device::trace_replay(std::uint64_t trace) {
    check_not_capturing("a trace cannot be replayed");
    const auto found = traces_.find(trace);
    require(found != traces_.end(), "there is no trace ", trace);
    for (const Recorded &op : found->second.ops) {
        for (std::size_t i = 0; i < op.steps; i++) start_step();
        if (!hung_) op.compute();
    }
    replays_++;
}

void distilqa_tt_device::trace_release(std::uint64_t trace) {
    const auto found = traces_.find(trace);
    require(found != traces_.end(), "there is no trace ", trace);
    trace_region_used_ -= found->second.bytes;
    traces_.erase(found);
}

// ---- Facts ---------------------------------------------------------------------------------------------------------------

std::string distilqa_tt_device::facts() const {
    return describe_library() + text("arch=wormhole_b0\nfirmware=\nboard=", board_.name, "\nchips=", chips_,
                                     "\ngrid_x=", board_.grid_x, "\ngrid_y=", board_.grid_y,
                                     "\ndram_bytes=", board_.dram_bytes, "\nl1_bytes=", board_.l1_bytes, "\n");
}

void distilqa_tt_device::read_counters(distilqa_tt_counters &counters) const {
    counters.reserved = 0;
    counters.ops = ops_;
    counters.host_to_device_bytes = host_to_device_bytes_;
    counters.device_to_host_bytes = device_to_host_bytes_;
    counters.live_tensors = tensors_.size();
    counters.live_dram_bytes = memory_.dram.live();
    counters.live_l1_bytes = memory_.l1.live();
    counters.peak_dram_bytes = memory_.dram.peak();
    counters.peak_l1_bytes = memory_.l1.peak();
    counters.live_traces = traces_.size();
    counters.replays = replays_;
    counters.cached_programs = programs_.size();
}
