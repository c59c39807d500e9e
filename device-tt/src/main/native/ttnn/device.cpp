#include "device.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <set>
#include <vector>

#include "error.h"
#include "tensor.h"

#ifndef DISTILQA_VERSION
#define DISTILQA_VERSION "unknown"
#endif
#ifndef DISTILQA_TTNN_VERSION
#define DISTILQA_TTNN_VERSION "unknown"
#endif

using tt::tt_metal::ClusterType;
using tt::tt_metal::DispatchCoreConfig;
using tt::tt_metal::DispatchCoreType;

namespace distilqa {
namespace {
int open_meshes = 0;

// TT-Metalium keeps one context for all devices of a process; opening and closing change it.
std::mutex& context_mutex() {
    static std::mutex mutex;
    return mutex;
}

// TT-Metalium reads its limit once, from the environment, when the process first touches a device: so the first open of
// a process decides. Whole seconds, since a fraction would be read by the locale's rules. A limit set by the user stays.
void set_timeout(uint32_t milliseconds) {
    if (milliseconds == 0) return;
    const std::string seconds = std::to_string((uint64_t{milliseconds} + 999) / 1000);
    ::setenv("TT_METAL_OPERATION_TIMEOUT_SECONDS", seconds.c_str(), /*overwrite=*/0);
}

// On boards with two chips dispatch can run on idle Ethernet cores, which leaves all Tensix cores for computing; an n150
// has none, and gives a row of Tensix cores to it.
DispatchCoreConfig dispatch_of(ClusterType cluster) {
    switch (cluster) {
        case ClusterType::N300:
        case ClusterType::T3K:
        case ClusterType::N300_2x2: return DispatchCoreConfig(DispatchCoreType::ETH);
        default: return DispatchCoreConfig(DispatchCoreType::WORKER);
    }
}

const char* board_of(ClusterType cluster) {
    switch (cluster) {
        case ClusterType::N150: return "n150";
        case ClusterType::N300:
        case ClusterType::T3K:
        case ClusterType::N300_2x2: return "n300";
        case ClusterType::GALAXY:
        case ClusterType::TG: return "galaxy";
        default: return "unknown";
    }
}

std::vector<int> ids_of(const distilqa_tt_open_options& options) {
    const uint64_t chips = uint64_t{options.mesh_rows} * options.mesh_columns;
    require(chips >= 1 && chips <= DISTILQA_TT_MAX_DEVICES, "mesh_rows * mesh_columns is not 1 to 32");
    require(options.device_count == 0 || options.device_count == chips,
        "device_count is neither 0 nor mesh_rows * mesh_columns");
    require(options.program_cache <= 1, "program_cache is neither 0 nor 1");
    const std::vector<int> ids(options.device_ids, options.device_ids + options.device_count);
    for (const int id : ids) require(id >= 0, "a device id is negative");
    require(std::set<int>(ids.begin(), ids.end()).size() == ids.size(), "a device id is given twice");
    return ids;
}

}  // namespace

std::string library_version() { return DISTILQA_VERSION; }
std::string ttnn_version() { return DISTILQA_TTNN_VERSION; }

}  // namespace distilqa

using distilqa::fail;
using distilqa::require;

distilqa_tt_device::distilqa_tt_device(const distilqa_tt_open_options& options) {
    const std::vector<int> ids = distilqa::ids_of(options);
    machine_ = distilqa::probe();
    if (machine_.status != DISTILQA_TT_OK) fail(machine_.status, machine_.reason);

    const std::lock_guard lock(distilqa::context_mutex());
    if (distilqa::open_meshes > 0) fail(DISTILQA_TT_UNAVAILABLE, "one mesh per process");
    distilqa::set_timeout(options.timeout_ms);
    const ClusterType cluster = tt::tt_metal::GetClusterType();
    mesh_ = ttnn::distributed::open_mesh_device(
        ttnn::MeshShape(options.mesh_rows, options.mesh_columns),
        DEFAULT_L1_SMALL_SIZE,
        options.trace_region_bytes,
        /*num_command_queues=*/1,
        distilqa::dispatch_of(cluster),
        /*offset=*/std::nullopt,
        ids);
    try {
        if (mesh_->arch() != tt::ARCH::WORMHOLE_B0) {
            fail(DISTILQA_TT_UNSUPPORTED, "the card is no Wormhole");
        }
        chips_ = static_cast<uint32_t>(mesh_->num_devices());
        trace_region_ = options.trace_region_bytes;
        if (options.program_cache == 1) {
            mesh_->enable_program_cache();
        } else {
            mesh_->disable_and_clear_program_cache();
        }
        board_ = distilqa::board_of(cluster);
        if (board_ == "unknown" && !machine_.cards.empty()) board_ = machine_.cards.front().board;
        if (!machine_.cards.empty()) firmware_ = machine_.cards.front().firmware;
        sample_memory();
        ++distilqa::open_meshes;
    } catch (...) {
        distilqa::guard([this] { ttnn::distributed::close_mesh_device(mesh_); });
        throw;
    }
}

distilqa_tt_device::~distilqa_tt_device() {
    if (mesh_ != nullptr) distilqa::guard([this] { close(); });
}

void distilqa_tt_device::close() {
    if (mesh_ == nullptr) return;
    std::exception_ptr first;
    const auto attempt = [&first](auto&& body) {
        try {
            body();
        } catch (...) {
            if (first == nullptr) first = std::current_exception();
        }
    };
    if (capture_.has_value()) attempt([this] { abandon_capture(); });
    // A device that hangs would make each wait time out anew.
    if (broken_ == DISTILQA_TT_OK) attempt([this] { synchronize(); });
    for (const auto& [_, trace] : traces_) {
        attempt([this, id = trace.id] { ttnn::operations::trace::release_trace(mesh_.get(), id); });
    }
    traces_.clear();
    for (distilqa_tt_tensor* tensor : tensors_) {
        attempt([tensor] { tensor->value.deallocate(/*force=*/true); });
        delete tensor;
    }
    tensors_.clear();
    {
        const std::lock_guard lock(distilqa::context_mutex());
        attempt([this] { ttnn::distributed::close_mesh_device(mesh_); });
        attempt([this] { mesh_.reset(); });
        --distilqa::open_meshes;
    }
    if (first != nullptr && broken_ == DISTILQA_TT_OK) std::rethrow_exception(first);
}

void distilqa_tt_device::require_usable() const {
    if (broken_ == DISTILQA_TT_TIMEOUT) fail(broken_, "the device did not finish in time before; it must be closed");
    if (broken_ != DISTILQA_TT_OK) fail(broken_, "the device stopped answering before; it must be closed");
}

void distilqa_tt_device::note(int32_t status) noexcept {
    if (status == DISTILQA_TT_TIMEOUT || status == DISTILQA_TT_DEVICE_LOST) {
        broken_ = static_cast<distilqa_tt_status>(status);
    }
}

void distilqa_tt_device::require_not_capturing(const char* what) const {
    if (capture_.has_value()) {
        fail(DISTILQA_TT_INVALID_ARGUMENT, std::string(what) + " while a trace is being captured");
    }
}

void distilqa_tt_device::count_ops(uint64_t ops) {
    ops_ += ops;
    if (capture_.has_value()) capture_->ops += ops;
    sample_memory();
}

// Buffers lie at the same addresses in all chips of a mesh, and in all banks of a chip, so one bank stands for all.
uint64_t distilqa_tt_device::used(distilqa::metal::BufferType type) const {
    const auto& allocator = distilqa::metal::allocator_of(*mesh_);
    return uint64_t{allocator.get_statistics(type).total_allocated_bytes} * allocator.get_num_banks(type);
}

void distilqa_tt_device::sample_memory() {
    peak_dram_ = std::max(peak_dram_, used(distilqa::metal::BufferType::DRAM));
    peak_l1_ = std::max(peak_l1_, used(distilqa::metal::BufferType::L1));
}

void distilqa_tt_device::synchronize() {
    require_not_capturing("synchronize");
    mesh_->mesh_command_queue().finish();
}

std::string distilqa_tt_device::facts() const {
    const auto& allocator = distilqa::metal::allocator_of(*mesh_);
    const auto bank = [&allocator](distilqa::metal::BufferType type) {
        return static_cast<uint64_t>(allocator.get_bank_size(type));
    };
    const uint64_t dram = bank(distilqa::metal::BufferType::DRAM) *
        allocator.get_num_banks(distilqa::metal::BufferType::DRAM);
    const auto grid = mesh_->compute_with_storage_grid_size();
    std::string text;
    const auto put = [&text](const char* name, const std::string& value) {
        text += std::string(name) + "=" + value + "\n";
    };
    put("board", board_);
    put("chips", std::to_string(chips_));
    put("grid_x", std::to_string(grid.x));
    put("grid_y", std::to_string(grid.y));
    put("dram_bytes", std::to_string(dram));
    put("l1_bytes", std::to_string(bank(distilqa::metal::BufferType::L1)));
    put("arch", "wormhole_b0");
    put("firmware", firmware_);
    put("driver", machine_.driver);
    put("library", "ttnn");
    put("version", distilqa::library_version());
    put("ttnn", distilqa::ttnn_version());
    return text;
}

distilqa_tt_counters distilqa_tt_device::counters() {
    sample_memory();
    distilqa_tt_counters counters{};
    counters.struct_size = sizeof counters;
    counters.ops = ops_;
    counters.host_to_device_bytes = uploaded_;
    counters.device_to_host_bytes = downloaded_;
    counters.live_tensors = tensors_.size();
    counters.live_dram_bytes = used(distilqa::metal::BufferType::DRAM);
    counters.live_l1_bytes = used(distilqa::metal::BufferType::L1);
    counters.peak_dram_bytes = peak_dram_;
    counters.peak_l1_bytes = peak_l1_;
    counters.live_traces = traces_.size();
    counters.replays = replays_;
    counters.cached_programs = mesh_->num_program_cache_entries();
    return counters;
}

void distilqa_tt_device::trace_begin() {
    require(!capture_.has_value(), "a trace is being captured already");
    require(trace_region_ > 0, "the device was opened without a trace region");
    capture_ = Trace{ttnn::operations::trace::begin_trace_capture(mesh_.get(), std::nullopt), 0};
}

uint64_t distilqa_tt_device::trace_end() {
    require(capture_.has_value(), "no trace is being captured");
    const Trace trace = *capture_;
    capture_.reset();
    const uint64_t bytes = distilqa::metal::trace_bytes(*mesh_);
    try {
        ttnn::operations::trace::end_trace_capture(mesh_.get(), trace.id, std::nullopt);
    } catch (...) {
        const std::exception_ptr cause = std::current_exception();
        distilqa::guard([&] { ttnn::operations::trace::release_trace(mesh_.get(), trace.id); });
        distilqa::metal::set_trace_bytes(*mesh_, bytes);
        std::rethrow_exception(cause);
    }
    const uint64_t handle = next_trace_++;
    traces_.emplace(handle, trace);
    // TT-Metalium records ops without running them; the first replay is the run that the caller asked for. There is nothing to
    // run on a mocked card, whose replay crashes.
    if (machine_.mocked) return handle;
    try {
        ttnn::operations::trace::execute_trace(mesh_.get(), trace.id, std::nullopt, /*blocking=*/false);
    } catch (...) {
        const std::exception_ptr cause = std::current_exception();
        distilqa::guard([&] { trace_release(handle); });
        std::rethrow_exception(cause);
    }
    sample_memory();
    return handle;
}

distilqa_tt_device::Trace& distilqa_tt_device::trace_of(uint64_t trace) {
    const auto found = traces_.find(trace);
    require(found != traces_.end(), "no such trace");
    return found->second;
}

void distilqa_tt_device::trace_replay(uint64_t trace) {
    require_not_capturing("replay");
    const Trace& recorded = trace_of(trace);
    if (machine_.mocked) fail(DISTILQA_TT_UNSUPPORTED, "a mocked card replays no traces");
    ttnn::operations::trace::execute_trace(mesh_.get(), recorded.id, std::nullopt, /*blocking=*/false);
    ops_ += recorded.ops;
    ++replays_;
}

void distilqa_tt_device::trace_release(uint64_t trace) {
    require_not_capturing("release");
    const auto id = trace_of(trace).id;
    traces_.erase(trace);
    ttnn::operations::trace::release_trace(mesh_.get(), id);
}

void distilqa_tt_device::abandon_capture() {
    const Trace trace = *capture_;
    capture_.reset();
    ttnn::operations::trace::end_trace_capture(mesh_.get(), trace.id, std::nullopt);
    ttnn::operations::trace::release_trace(mesh_.get(), trace.id);
}
