#include "device.h"

#include <utility>

using namespace distilqa;

distilqa_tt_device::distilqa_tt_device(const distilqa_tt_open_options &options, std::unique_ptr<Card> card)
    : card_(std::move(card)), program_cache_(options.program_cache != 0), trace_region_(options.trace_region_bytes > 0) {}

void distilqa_tt_device::close() {
    std::exception_ptr first;
    const auto attempt = [&first](const auto &body) {
        try {
            body();
        } catch (...) {
            if (first == nullptr) first = std::current_exception();
        }
    };
    const bool lost = given_up_ != DISTILQA_TT_OK;
    if (capturing_) attempt([this] { card_->capture_end(/*keep=*/false); });
    for (const auto &trace : traces_) attempt([this, id = trace.second] { card_->release(id); });
    traces_.clear();
    tensors_.clear();
    attempt([this, lost] { card_->close(lost); });
    card_.reset();
    if (first != nullptr && !lost) std::rethrow_exception(first);
}

void distilqa_tt_device::check_usable() const {
    if (given_up_ != DISTILQA_TT_OK) throw Error(given_up_, given_up_message_ + "; the device must be closed");
}

void distilqa_tt_device::check_not_capturing(const char *what) const {
    require(!capturing_, what, " while a trace is being captured");
}

void distilqa_tt_device::note(const Error &error) {
    if (given_up_ == DISTILQA_TT_OK && (error.status() == DISTILQA_TT_TIMEOUT || error.status() == DISTILQA_TT_DEVICE_LOST)) {
        given_up_ = error.status();
        given_up_message_ = error.what();
    }
}

distilqa_tt_tensor *distilqa_tt_device::add(distilqa_tt_tensor tensor) {
    auto owned = std::make_unique<distilqa_tt_tensor>(std::move(tensor));
    distilqa_tt_tensor *handle = owned.get();
    tensors_.emplace(handle, std::move(owned));
    return handle;
}

distilqa_tt_tensor *distilqa_tt_device::create(const distilqa_tt_tensor_spec &wanted, const void *values,
                                               std::uint64_t bytes) {
    check_not_capturing("a tensor cannot be created");
    Spec spec = Spec::checked(wanted, chips());
    require(bytes == spec.host_bytes(), bytes, " bytes of values; shape ", shape_to_string(spec.shape), " has ",
            spec.host_bytes());
    std::unique_ptr<Values> placed = card_->create(spec, values);
    host_to_device_bytes_ += spec.mesh_bytes(chips());
    return add({this, std::move(spec), std::move(placed), true});
}

void distilqa_tt_device::write(distilqa_tt_tensor &tensor, const void *values, std::uint64_t bytes) {
    check_not_capturing("a tensor cannot be written");
    require(tensor.from_host, "the tensor is the result of an op; only one made by distilqa_tt_tensor_create is written");
    require(bytes == tensor.spec.host_bytes(), bytes, " bytes of values; shape ", shape_to_string(tensor.spec.shape), " has ",
            tensor.spec.host_bytes());
    card_->write(tensor.spec, *tensor.values, values);
    host_to_device_bytes_ += tensor.spec.mesh_bytes(chips());
}

void distilqa_tt_device::read(distilqa_tt_tensor &tensor, void *values, std::uint64_t bytes) {
    check_not_capturing("a tensor cannot be read");
    require(bytes == tensor.spec.host_bytes(), "room for ", bytes, " bytes; shape ", shape_to_string(tensor.spec.shape),
            " has ", tensor.spec.host_bytes());
    card_->read(tensor.spec, *tensor.values, values);
    // A replicated tensor is read from one chip, a sharded one from all.
    device_to_host_bytes_ += tensor.spec.distribution == DISTILQA_TT_SHARD ? tensor.spec.mesh_bytes(chips())
                                                                           : tensor.spec.bytes(chips());
}

void distilqa_tt_device::free(distilqa_tt_tensor *tensor) { tensors_.erase(tensor); }

void distilqa_tt_device::synchronize() {
    check_not_capturing("the device cannot be waited for");
    card_->synchronize();
}

distilqa_tt_tensor *distilqa_tt_device::queue(Spec result,
                                              const std::function<std::unique_ptr<Values>(const Spec &)> &op) {
    try {
        std::unique_ptr<Values> values = op(result);
        return add({this, std::move(result), std::move(values), false});
    } catch (const std::exception &exception) {
        if (capturing_ && capture_failure_.empty()) capture_failure_ = as_error(exception).what();
        throw;
    }
}

void distilqa_tt_device::trace_begin() {
    check_not_capturing("a trace cannot be begun");
    require(program_cache_, "traces need compiled programs, and the device was opened with program_cache 0");
    require(trace_region_, "the device was opened with a trace region of 0 bytes");
    card_->capture_begin();
    capturing_ = true;
    capture_failure_.clear();
}

std::uint64_t distilqa_tt_device::trace_end() {
    require(capturing_, "no trace is being captured");
    capturing_ = false;
    if (!capture_failure_.empty()) {
        card_->capture_end(/*keep=*/false);
        throw Error(DISTILQA_TT_FAILED, "an op failed while the trace was captured, which is dropped: " + capture_failure_);
    }
    const std::uint64_t recorded = card_->capture_end(/*keep=*/true);
    traces_.emplace(next_trace_, recorded);
    return next_trace_++;
}

std::uint64_t distilqa_tt_device::card_trace(std::uint64_t trace) const {
    const auto found = traces_.find(trace);
    require(found != traces_.end(), "there is no trace ", trace);
    return found->second;
}

void distilqa_tt_device::trace_replay(std::uint64_t trace) {
    check_not_capturing("a trace cannot be replayed");
    card_->replay(card_trace(trace));
    replays_++;
}

void distilqa_tt_device::trace_release(std::uint64_t trace) {
    check_not_capturing("a trace cannot be released");
    const std::uint64_t recorded = card_trace(trace);
    traces_.erase(trace);
    card_->release(recorded);
}

distilqa_tt_counters distilqa_tt_device::counters() {
    const MemoryUse memory = card_->memory();
    distilqa_tt_counters counters{};
    counters.ops = card_->ops();
    counters.host_to_device_bytes = host_to_device_bytes_;
    counters.device_to_host_bytes = device_to_host_bytes_;
    counters.live_tensors = tensors_.size();
    counters.live_dram_bytes = memory.live_dram_bytes;
    counters.live_l1_bytes = memory.live_l1_bytes;
    counters.peak_dram_bytes = memory.peak_dram_bytes;
    counters.peak_l1_bytes = memory.peak_l1_bytes;
    counters.live_traces = traces_.size();
    counters.replays = replays_;
    counters.cached_programs = card_->cached_programs();
    return counters;
}
