#include "ttnn_card.h"

#include <algorithm>
#include <exception>
#include <limits>
#include <utility>
#include <vector>

#include "environment.h"
#include "exception.h"

#ifndef DISTILQA_VERSION
#define DISTILQA_VERSION "unknown"
#endif
#ifndef DISTILQA_TTNN_VERSION
#define DISTILQA_TTNN_VERSION "unknown"
#endif

using tt::tt_metal::ClusterType;
using tt::tt_metal::DispatchCoreConfig;
using tt::tt_metal::DispatchCoreType;
using tt::tt_metal::PageConfig;
using tt::tt_metal::TensorLayout;

namespace distilqa {
namespace {

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

using Lines = std::string;

void put(Lines& lines, const std::string& name, const std::string& value) { lines += name + "=" + value + "\n"; }

// The values converted, tiled and split over the mesh, still on the host.
template <typename T>
metal::Tensor distribute(metal::Mesh& mesh, const Spec& spec, const void* values) {
    const std::vector<std::uint32_t> shape(spec.shape.begin(), spec.shape.end());
    const auto layout = spec.layout == DISTILQA_TT_TILE ? ttnn::TILE_LAYOUT : ttnn::ROW_MAJOR_LAYOUT;
    const auto mapper = spec.distribution == DISTILQA_TT_SHARD
        ? ttnn::distributed::shard_tensor_to_mesh_mapper(mesh, 0)
        : ttnn::distributed::replicate_tensor_to_mesh_mapper(mesh);
    return ttnn::distributed::create_distributed_tensor<T>(
        ttsl::Span<const T>(static_cast<const T*>(values), spec.count()),
        ttnn::Shape(ttsl::Span<const std::uint32_t>(shape.data(), shape.size())),
        TensorLayout(data_type(spec.dtype), PageConfig(layout), memory_config(spec.memory)), *mapper);
}

template <typename T>
std::vector<T> gathered(const Spec& spec, metal::Tensor& tensor) {
    std::vector<metal::Tensor> shards = ttnn::distributed::get_device_tensors(tensor);
    // Of a replicated tensor each chip has all.
    if (spec.distribution == DISTILQA_TT_REPLICATE) shards.resize(1);
    std::vector<T> all;
    all.reserve(spec.count());
    for (const metal::Tensor& shard : shards) {
        const std::vector<T> part = shard.template to_vector<T>();
        all.insert(all.end(), part.begin(), part.end());
    }
    if (all.size() != spec.count()) {
        throw Error(DISTILQA_TT_FAILED, text("the device gave ", all.size(), " values of ", spec.count()));
    }
    return all;
}

}  // namespace

// ---- The library ---------------------------------------------------------------------------------------------------------

std::int32_t abi_version() { return DISTILQA_TT_ABI_VERSION; }

std::string describe() {
    const Machine machine = probe();
    Lines lines;
    put(lines, "library", "ttnn");
    put(lines, "version", DISTILQA_VERSION);
    put(lines, "ttnn", DISTILQA_TTNN_VERSION);
    put(lines, "driver", machine.driver);
    put(lines, "cards", std::to_string(machine.cards.size()));
    for (std::size_t i = 0; i < machine.cards.size(); ++i) {
        const std::string card = "card." + std::to_string(i) + ".";
        put(lines, card + "board", machine.cards[i].board);
        put(lines, card + "chips", std::to_string(machine.cards[i].chips));
    }
    put(lines, "usable", machine.status == DISTILQA_TT_OK ? "1" : "0");
    if (machine.status != DISTILQA_TT_OK) put(lines, "reason", machine.reason);
    return lines;
}

std::unique_ptr<Card> open_card(const distilqa_tt_open_options& options) { return std::make_unique<TtnnCard>(options); }

Error translated(const std::exception& exception) {
    const std::string words = exception.what();
    return Error(classify(words), readable(words));
}

// ---- Opening and closing -------------------------------------------------------------------------------------------------

TtnnCard::TtnnCard(const distilqa_tt_open_options& options) {
    machine_ = probe();
    if (machine_.status != DISTILQA_TT_OK) throw Error(machine_.status, machine_.reason);
    prepare_environment(options.timeout_ms);
    const ClusterType cluster = tt::tt_metal::GetClusterType();
    mesh_ = ttnn::distributed::open_mesh_device(
        ttnn::MeshShape(options.mesh_rows, options.mesh_columns), DEFAULT_L1_SMALL_SIZE, options.trace_region_bytes,
        /*num_command_queues=*/1, dispatch_of(cluster), /*offset=*/std::nullopt,
        std::vector<int>(options.device_ids, options.device_ids + options.device_count));
    try {
        if (mesh_->arch() != tt::ARCH::WORMHOLE_B0) throw Error(DISTILQA_TT_UNSUPPORTED, "the card is no Wormhole");
        chips_ = static_cast<std::uint32_t>(mesh_->num_devices());
        if (options.program_cache == 1) {
            mesh_->enable_program_cache();
        } else {
            mesh_->disable_and_clear_program_cache();
        }
        board_ = board_of(cluster);
        if (board_ == "unknown" && !machine_.cards.empty()) board_ = machine_.cards.front().board;
        if (!machine_.cards.empty()) firmware_ = machine_.cards.front().firmware;
        sample_memory();
    } catch (...) {
        const std::exception_ptr cause = std::current_exception();
        try {
            close(/*lost=*/false);
        } catch (const std::exception&) {  // the first failure tells more
        }
        std::rethrow_exception(cause);
    }
}

TtnnCard::~TtnnCard() {
    if (mesh_ == nullptr) return;
    try {
        close(/*lost=*/true);
    } catch (const std::exception&) {  // a destructor has nobody to tell
    }
}

void TtnnCard::close(bool lost) {
    std::exception_ptr first;
    const auto attempt = [&first](auto&& body) {
        try {
            body();
        } catch (...) {
            if (first == nullptr) first = std::current_exception();
        }
    };
    // A device that hangs would make each wait time out anew.
    if (!lost) attempt([this] { synchronize(); });
    attempt([this] { ttnn::distributed::close_mesh_device(mesh_); });
    attempt([this] { mesh_.reset(); });
    mesh_ = nullptr;
    if (first != nullptr) std::rethrow_exception(first);
}

void TtnnCard::synchronize() { mesh_->mesh_command_queue().finish(); }

// ---- Facts ---------------------------------------------------------------------------------------------------------------

// Buffers lie at the same addresses in all chips of a mesh, and in all banks of a chip, so one bank stands for all.
std::uint64_t TtnnCard::used(metal::BufferType type) const {
    const auto& allocator = metal::allocator_of(*mesh_);
    return std::uint64_t{allocator.get_statistics(type).total_allocated_bytes} * allocator.get_num_banks(type);
}

void TtnnCard::sample_memory() {
    peak_dram_ = std::max(peak_dram_, used(metal::BufferType::DRAM));
    peak_l1_ = std::max(peak_l1_, used(metal::BufferType::L1));
}

MemoryUse TtnnCard::memory() {
    sample_memory();
    return {used(metal::BufferType::DRAM), used(metal::BufferType::L1), peak_dram_, peak_l1_};
}

std::string TtnnCard::facts() const {
    const auto& allocator = metal::allocator_of(*mesh_);
    const auto bank = [&allocator](metal::BufferType type) {
        return static_cast<std::uint64_t>(allocator.get_bank_size(type));
    };
    const auto grid = mesh_->compute_with_storage_grid_size();
    Lines lines;
    put(lines, "board", board_);
    put(lines, "chips", std::to_string(chips_));
    put(lines, "grid_x", std::to_string(grid.x));
    put(lines, "grid_y", std::to_string(grid.y));
    put(lines, "dram_bytes",
        std::to_string(bank(metal::BufferType::DRAM) * allocator.get_num_banks(metal::BufferType::DRAM)));
    put(lines, "l1_bytes", std::to_string(bank(metal::BufferType::L1)));
    put(lines, "arch", "wormhole_b0");
    put(lines, "card", machine_.mocked ? "mocked" : machine_.simulated ? "simulated" : "real");
    put(lines, "dispatch", slow_dispatch() ? "slow" : "fast");
    put(lines, "firmware", firmware_);
    put(lines, "driver", machine_.driver);
    put(lines, "library", "ttnn");
    put(lines, "version", DISTILQA_VERSION);
    put(lines, "ttnn", DISTILQA_TTNN_VERSION);
    put(lines, "environment_set", prepared_environment());
    return lines;
}

// ---- Tensors -------------------------------------------------------------------------------------------------------------

TtnnCard::Held::~Held() {
    try {
        tensor_.deallocate(/*force=*/true);
    } catch (const std::exception&) {  // of a mesh that is lost
    }
}

ttnn::MemoryConfig memory_config(std::uint32_t memory) {
    return memory == DISTILQA_TT_L1 ? ttnn::L1_MEMORY_CONFIG : ttnn::DRAM_MEMORY_CONFIG;
}

ttnn::DataType data_type(std::uint32_t dtype) {
    switch (dtype) {
        case DISTILQA_TT_UINT32: return ttnn::DataType::UINT32;
        case DISTILQA_TT_FLOAT32: return ttnn::DataType::FLOAT32;
        case DISTILQA_TT_BFLOAT8_B: return ttnn::DataType::BFLOAT8_B;
        case DISTILQA_TT_BFLOAT4_B: return ttnn::DataType::BFLOAT4_B;
        default: return ttnn::DataType::BFLOAT16;
    }
}

metal::Tensor& TtnnCard::tensor(const Operand& operand) { return static_cast<Held&>(operand.values).tensor(); }

metal::Tensor TtnnCard::on_host(const Spec& spec, const void* values) {
    return spec.dtype == DISTILQA_TT_UINT32 ? distribute<std::uint32_t>(*mesh_, spec, values)
                                            : distribute<float>(*mesh_, spec, values);
}

std::unique_ptr<Values> TtnnCard::create(const Spec& spec, const void* values) {
    auto made = held(on_host(spec, values).to_device(mesh_.get(), memory_config(spec.memory)));
    sample_memory();
    return made;
}

void TtnnCard::write(const Spec& spec, Values& to, const void* values) {
    metal::write(on_host(spec, values), static_cast<Held&>(to).tensor());
}

void TtnnCard::read(const Spec& spec, Values& from, void* values) {
    metal::Tensor& source = static_cast<Held&>(from).tensor();
    if (spec.dtype == DISTILQA_TT_UINT32) {
        const auto all = gathered<std::uint32_t>(spec, source);
        std::copy(all.begin(), all.end(), static_cast<std::uint32_t*>(values));
    } else {
        const auto all = gathered<float>(spec, source);
        std::copy(all.begin(), all.end(), static_cast<float*>(values));
    }
}

std::unique_ptr<Values> TtnnCard::held(metal::Tensor tensor) { return std::make_unique<Held>(std::move(tensor)); }

// ---- Traces --------------------------------------------------------------------------------------------------------------

void TtnnCard::capture_begin() {
    if (machine_.mocked) throw Error(DISTILQA_TT_UNSUPPORTED, "a mocked card has no traces: TT-NN crashes in them");
    if (slow_dispatch()) {
        throw Error(DISTILQA_TT_UNSUPPORTED, "traces need fast dispatch, and TT_METAL_SLOW_DISPATCH_MODE is set");
    }
    capture_ = Trace{ttnn::operations::trace::begin_trace_capture(mesh_.get(), std::nullopt), ops()};
}

std::uint64_t TtnnCard::capture_end(bool keep) {
    const Trace trace{capture_.id, ops() - capture_.ops};
    const std::uint64_t bytes = metal::trace_bytes(*mesh_);
    const auto drop = [&] {
        try {
            ttnn::operations::trace::release_trace(mesh_.get(), trace.id);
        } catch (const std::exception&) {  // of a capture that never became a trace
        }
        metal::set_trace_bytes(*mesh_, bytes);
    };
    try {
        ttnn::operations::trace::end_trace_capture(mesh_.get(), trace.id, std::nullopt);
        if (!keep) {
            ttnn::operations::trace::release_trace(mesh_.get(), trace.id);
            return 0;
        }
        // TT-Metalium records ops without running them; the first replay is the run that the caller asked for.
        ttnn::operations::trace::execute_trace(mesh_.get(), trace.id, std::nullopt, /*blocking=*/false);
    } catch (...) {
        const std::exception_ptr cause = std::current_exception();
        drop();
        std::rethrow_exception(cause);
    }
    sample_memory();
    traces_.emplace(next_trace_, trace);
    return next_trace_++;
}

void TtnnCard::replay(std::uint64_t trace) {
    const Trace& recorded = traces_.at(trace);
    ttnn::operations::trace::execute_trace(mesh_.get(), recorded.id, std::nullopt, /*blocking=*/false);
    count_ops(recorded.ops);
}

void TtnnCard::release(std::uint64_t trace) {
    const auto id = traces_.at(trace).id;
    traces_.erase(trace);
    ttnn::operations::trace::release_trace(mesh_.get(), id);
}

}  // namespace distilqa
