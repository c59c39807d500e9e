// The functions of distilqa_tt.h, for both libraries: they check what they are given, and turn exceptions into a status and a
// message. What an op computes, and on what, is the Card's.
#include "card.h"
#include "device.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_set>
#include <vector>

using namespace distilqa;

namespace distilqa {

Error as_error(const std::exception &exception) {
    if (const auto *error = dynamic_cast<const Error *>(&exception)) return *error;
    if (dynamic_cast<const std::bad_alloc *>(&exception) != nullptr)
        return Error(DISTILQA_TT_OUT_OF_MEMORY, "the host has no memory left");
    return translated(exception);
}

}  // namespace distilqa

namespace {

thread_local char last_error[2048] = "";

std::int32_t fail(const char *function, distilqa_tt_status status, const char *message) {
    std::snprintf(last_error, sizeof last_error, "%s: %s", function, message);
    return status;
}

// The exception that is being handled. device is null where the call has none.
std::int32_t fail_with_current(const char *function, distilqa_tt_device *device) noexcept {
    try {
        throw;
    } catch (const std::exception &exception) {
        try {
            const Error error = as_error(exception);
            if (device != nullptr) device->note(error);
            return fail(function, error.status(), error.what());
        } catch (...) {
            return fail(function, DISTILQA_TT_OUT_OF_MEMORY, "the host has no memory left");
        }
    } catch (...) {
        return fail(function, DISTILQA_TT_FAILED, "an exception of an unknown type");
    }
}

template <typename Body> std::int32_t guarded(const char *function, const Body &body) noexcept {
    try {
        body();
        return DISTILQA_TT_OK;
    } catch (...) {
        return fail_with_current(function, nullptr);
    }
}

// ---- Handles -------------------------------------------------------------------------------------------------------------

// All handles that are valid, so that another one is an error and not a crash.
class Handles {
public:
    void add(const void *handle) {
        std::lock_guard<std::mutex> lock(mutex_);
        handles_.insert(handle);
    }
    void remove(const void *handle) {
        std::lock_guard<std::mutex> lock(mutex_);
        handles_.erase(handle);
    }
    bool has(const void *handle) {
        std::lock_guard<std::mutex> lock(mutex_);
        return handles_.count(handle) > 0;
    }
    void remove_of(const distilqa_tt_device *device) {
        std::lock_guard<std::mutex> lock(mutex_);
        for (auto i = handles_.begin(); i != handles_.end();)
            i = static_cast<const distilqa_tt_tensor *>(*i)->device == device ? handles_.erase(i) : std::next(i);
    }

private:
    std::mutex mutex_;
    std::unordered_set<const void *> handles_;
};

// Never destroyed: threads may outlive static objects.
Handles &devices() {
    static Handles *handles = new Handles;
    return *handles;
}

Handles &tensors() {
    static Handles *handles = new Handles;
    return *handles;
}

// The mesh of this process: TT-Metalium keeps one context for all, and with two of them open closing one brings the process
// down.
class OnlyMesh {
public:
    static void take() {
        if (taken().exchange(true))
            throw Error(DISTILQA_TT_UNAVAILABLE,
                        "a mesh is open in this process already, and TT-NN takes one at a time; close it first, or open both "
                        "chips of an n300 as one mesh");
    }
    static void give_back() { taken().store(false); }

private:
    static std::atomic<bool> &taken() {
        static std::atomic<bool> value{false};
        return value;
    }
};

// The use of a device by one thread, for the length of a call.
class Use {
public:
    explicit Use(distilqa_tt_device *device) : device_(device) {
        require(device != nullptr, "device is null");
        require(devices().has(device), "device is not open");
        require(!device->busy.exchange(true), "another thread is using the device");
    }
    ~Use() { device_->busy.store(false); }
    Use(const Use &) = delete;
    Use &operator=(const Use &) = delete;

    distilqa_tt_device *operator->() const { return device_; }
    distilqa_tt_device &operator*() const { return *device_; }

private:
    distilqa_tt_device *device_;
};

distilqa_tt_device *device_of(const distilqa_tt_tensor *tensor, const char *name) {
    require(tensor != nullptr, name, " is null");
    require(tensors().has(tensor), name, " is no tensor, or one that was freed");
    return tensor->device;
}

enum class Needs { A_WORKING_DEVICE, BOOKKEEPING };

// A call on a device. After it was lost, only what is bookkeeping on the host still goes.
template <typename Body>
std::int32_t on(const char *function, const std::function<distilqa_tt_device *()> &find, Needs needs,
                const Body &body) noexcept {
    try {
        const Use use(find());
        try {
            if (needs == Needs::A_WORKING_DEVICE) use->check_usable();
            body(*use);
            return DISTILQA_TT_OK;
        } catch (...) {
            return fail_with_current(function, &*use);
        }
    } catch (...) {
        return fail_with_current(function, nullptr);  // there is no such device, or another thread has it
    }
}

template <typename Body>
std::int32_t on(const char *function, distilqa_tt_device *device, const Body &body,
                Needs needs = Needs::A_WORKING_DEVICE) noexcept {
    return on(function, [device] { return device; }, needs, body);
}

template <typename Body>
std::int32_t on(const char *function, const distilqa_tt_tensor *tensor, const char *name, const Body &body,
                Needs needs = Needs::A_WORKING_DEVICE) noexcept {
    return on(function, [tensor, name] { return device_of(tensor, name); }, needs, body);
}

// ---- Arguments -----------------------------------------------------------------------------------------------------------

template <typename Struct> const Struct &checked(const Struct *value, const char *name) {
    require(value != nullptr, name, " is null");
    require(value->struct_size >= sizeof(Struct), name, ".struct_size is ", value->struct_size, ", less than ",
            sizeof(Struct));
    return *value;
}

void check_output(const void *pointer, const char *name) { require(pointer != nullptr, name, " is null"); }

const distilqa_tt_open_options &checked_options(const distilqa_tt_open_options *given) {
    const distilqa_tt_open_options &options = checked(given, "options");
    const std::uint64_t chips = static_cast<std::uint64_t>(options.mesh_rows) * options.mesh_columns;
    require(chips > 0, "a mesh of ", options.mesh_rows, " x ", options.mesh_columns, " chips is empty");
    require(options.program_cache <= 1, "program_cache is ", options.program_cache, ", neither 0 nor 1");
    require(options.device_count == 0 || options.device_count == chips, options.device_count, " device ids for a mesh of ",
            chips, " chips");
    if (options.mesh_rows != 1 || chips > DISTILQA_TT_MAX_DEVICES)
        throw Error(DISTILQA_TT_UNSUPPORTED, text("a mesh of ", options.mesh_rows, " x ", options.mesh_columns,
                                                  " chips; it is one row of at most ", DISTILQA_TT_MAX_DEVICES));
    for (std::uint32_t i = 0; i < options.device_count; i++) {
        require(options.device_ids[i] >= 0, "device id ", options.device_ids[i], " is negative");
        for (std::uint32_t j = 0; j < i; j++)
            require(options.device_ids[j] != options.device_ids[i], "device id ", options.device_ids[i], " is given twice");
    }
    return options;
}

// Another input of an op; its device must be the first input's.
void check_input(const distilqa_tt_tensor *tensor, const char *name, const distilqa_tt_device &device) {
    require(device_of(tensor, name) == &device, name, " belongs to another device");
}

std::string say(const distilqa_tt_tensor *tensor) { return tensor->spec.to_string(); }

void check_activations(const distilqa_tt_tensor *tensor, const char *name) {
    const Spec &spec = tensor->spec;
    require(is_floating(spec.dtype) && spec.dtype != DISTILQA_TT_FLOAT32 && spec.layout == DISTILQA_TT_TILE, name, " is ",
            say(tensor), "; wanted is BFLOAT16, BFLOAT8_B or BFLOAT4_B in the layout TILE");
}

void check_sequences(const distilqa_tt_tensor *tensor, const char *name, const char *wanted) {
    check_activations(tensor, name);
    require(tensor->spec.shape.size() == 4 && tensor->spec.shape[1] == 1, name, " is ", say(tensor), "; wanted is ", wanted);
}

void check_vector(const distilqa_tt_tensor *tensor, const char *name, std::uint64_t width) {
    const Spec &spec = tensor->spec;
    require(spec.dtype == DISTILQA_TT_BFLOAT16 && spec.layout == DISTILQA_TT_TILE &&
                spec.shape == std::vector<std::uint64_t>{1, width},
            name, " is ", say(tensor), "; wanted is BFLOAT16 TILE [1, ", width, "]");
}

// On one chip there is no difference.
void check_distribution(const distilqa_tt_tensor *tensor, const char *name, std::uint32_t wanted) {
    require(tensor->device->chips() == 1 || tensor->spec.distribution == wanted, name, " is ",
            tensor->spec.distribution == DISTILQA_TT_SHARD ? "sharded" : "replicated", "; wanted is ",
            wanted == DISTILQA_TT_SHARD ? "sharded" : "replicated");
}

void check_ids(const distilqa_tt_tensor *ids, const distilqa_tt_tensor *position_ids) {
    const Spec &id = ids->spec, &position = position_ids->spec;
    require(id.dtype == DISTILQA_TT_UINT32 && id.layout == DISTILQA_TT_ROW_MAJOR && id.shape.size() == 2, "ids is ", say(ids),
            "; wanted is UINT32 ROW_MAJOR [batch, sequence]");
    require(id.shape[1] % TILE == 0, "ids is ", say(ids), "; the sequence must be a multiple of 32");
    require(position.dtype == DISTILQA_TT_UINT32 && position.layout == DISTILQA_TT_ROW_MAJOR &&
                position.shape == std::vector<std::uint64_t>{1, id.shape[1]},
            "position_ids is ", say(position_ids), "; wanted is UINT32 ROW_MAJOR [1, ", id.shape[1], "]");
    check_distribution(ids, "ids", DISTILQA_TT_SHARD);
    check_distribution(position_ids, "position_ids", DISTILQA_TT_REPLICATE);
}

void check_tables(const distilqa_tt_tensor *token_table, const distilqa_tt_tensor *position_table, std::uint64_t sequence) {
    for (const auto *table : {token_table, position_table}) {
        const Spec &spec = table->spec;
        const char *name = table == token_table ? "token_table" : "position_table";
        require(spec.dtype == DISTILQA_TT_BFLOAT16 && spec.layout == DISTILQA_TT_ROW_MAJOR && spec.shape.size() == 2 &&
                    spec.memory == DISTILQA_TT_DRAM,
                name, " is ", say(table), " in ", name_of_memory(spec.memory),
                "; wanted is BFLOAT16 ROW_MAJOR [rows, width] in DRAM");
        require(spec.width() % TILE == 0, name, " is ", say(table), "; the width must be a multiple of 32");
        check_distribution(table, name, DISTILQA_TT_REPLICATE);
    }
    require(position_table->spec.width() == token_table->spec.width(), "position_table is ", say(position_table),
            ", token_table ", say(token_table), "; their widths differ");
    require(position_table->spec.shape[0] >= sequence, "position_table is ", say(position_table),
            ", too short for a sequence of ", sequence);
}

// ---- Results -------------------------------------------------------------------------------------------------------------

void copy_lines(const std::string &lines, char *buffer, std::size_t capacity, std::size_t *length) {
    require(buffer != nullptr || capacity == 0, "buffer is null");
    if (capacity > 0) {
        const std::size_t count = std::min(lines.size(), capacity - 1);
        std::memcpy(buffer, lines.data(), count);
        buffer[count] = 0;
    }
    if (length != nullptr) *length = lines.size() + 1;
}

// Copies as much of a struct as the caller has room for; its struct_size stays.
template <typename Struct> void give(Struct value, Struct *to) {
    value.struct_size = to->struct_size;
    *to = value;
}

template <typename Op>
void queue(distilqa_tt_device &device, Spec spec, distilqa_tt_tensor **result, const Op &op) {
    distilqa_tt_tensor *made = device.queue(std::move(spec), op);
    tensors().add(made);
    *result = made;
}

}  // namespace

extern "C" {

int32_t distilqa_tt_abi_version(void) { return abi_version(); }

const char *distilqa_tt_last_error(void) { return last_error; }

int32_t distilqa_tt_describe(char *buffer, size_t capacity, size_t *length) {
    return guarded("describe", [&] { copy_lines(describe(), buffer, capacity, length); });
}

int32_t distilqa_tt_open(const distilqa_tt_open_options *options, distilqa_tt_device **device) {
    return guarded("open", [&] {
        checked_options(options);
        check_output(device, "device");
        OnlyMesh::take();
        try {
            auto opened = std::make_unique<distilqa_tt_device>(*options, open_card(*options));
            devices().add(opened.get());
            *device = opened.release();
        } catch (...) {
            OnlyMesh::give_back();
            throw;
        }
    });
}

int32_t distilqa_tt_close(distilqa_tt_device *device) {
    return guarded("close", [&] {
        if (device == nullptr) return;
        require(devices().has(device), "device is not open");
        while (device->busy.exchange(true)) std::this_thread::yield();
        devices().remove(device);
        tensors().remove_of(device);
        const std::unique_ptr<distilqa_tt_device> closing(device);
        try {
            closing->close();
        } catch (...) {
            OnlyMesh::give_back();
            throw;
        }
        OnlyMesh::give_back();
    });
}

int32_t distilqa_tt_facts(distilqa_tt_device *device, char *buffer, size_t capacity, size_t *length) {
    return on("facts", device, [&](distilqa_tt_device &use) { copy_lines(use.card().facts(), buffer, capacity, length); });
}

int32_t distilqa_tt_read_counters(distilqa_tt_device *device, distilqa_tt_counters *counters) {
    return on(
        "read_counters", device,
        [&](distilqa_tt_device &use) {
            checked(counters, "counters");
            give(use.counters(), counters);
        },
        Needs::BOOKKEEPING);
}

int32_t distilqa_tt_synchronize(distilqa_tt_device *device) {
    return on("synchronize", device, [](distilqa_tt_device &use) { use.synchronize(); });
}

int32_t distilqa_tt_tensor_create(
    distilqa_tt_device *device, const distilqa_tt_tensor_spec *spec, const void *values, size_t bytes,
    distilqa_tt_tensor **tensor) {
    return on("tensor_create", device, [&](distilqa_tt_device &use) {
        check_output(values, "values");
        check_output(tensor, "tensor");
        distilqa_tt_tensor *created = use.create(checked(spec, "spec"), values, bytes);
        tensors().add(created);
        *tensor = created;
    });
}

int32_t distilqa_tt_tensor_write(distilqa_tt_tensor *tensor, const void *values, size_t bytes) {
    return on("tensor_write", tensor, "tensor", [&](distilqa_tt_device &use) {
        check_output(values, "values");
        use.write(*tensor, values, bytes);
    });
}

int32_t distilqa_tt_tensor_read(distilqa_tt_tensor *tensor, void *values, size_t bytes) {
    return on("tensor_read", tensor, "tensor", [&](distilqa_tt_device &use) {
        check_output(values, "values");
        use.read(*tensor, values, bytes);
    });
}

int32_t distilqa_tt_tensor_spec_of(distilqa_tt_tensor *tensor, distilqa_tt_tensor_spec *spec) {
    return on(
        "tensor_spec_of", tensor, "tensor",
        [&](distilqa_tt_device &) {
            checked(spec, "spec");
            give(tensor->spec.to_struct(), spec);
        },
        Needs::BOOKKEEPING);
}

int32_t distilqa_tt_tensor_free(distilqa_tt_tensor *tensor) {
    if (tensor == nullptr) return DISTILQA_TT_OK;
    return on(
        "tensor_free", tensor, "tensor",
        [&](distilqa_tt_device &use) {
            tensors().remove(tensor);
            use.free(tensor);
        },
        Needs::BOOKKEEPING);
}

int32_t distilqa_tt_embeddings(
    distilqa_tt_tensor *ids, distilqa_tt_tensor *position_ids, distilqa_tt_tensor *token_table,
    distilqa_tt_tensor *position_table, const distilqa_tt_compute *compute, distilqa_tt_tensor **result) {
    return on("embeddings", ids, "ids", [&](distilqa_tt_device &use) {
        check_input(position_ids, "position_ids", use);
        check_input(token_table, "token_table", use);
        check_input(position_table, "position_table", use);
        const Compute config = Compute::checked(checked(compute, "compute"));
        check_output(result, "result");
        check_ids(ids, position_ids);
        const Spec &id = ids->spec;
        check_tables(token_table, position_table, id.shape[1]);
        queue(use,
              {{id.shape[0], 1, id.shape[1], token_table->spec.width()}, config.dtype, DISTILQA_TT_TILE, config.memory,
               id.distribution},
              result, [&](const Spec &made) {
                  return use.card().embeddings(ids->operand(), position_ids->operand(), token_table->operand(),
                                               position_table->operand(), config, made);
              });
    });
}

int32_t distilqa_tt_layer_norm(
    distilqa_tt_tensor *input, distilqa_tt_tensor *residual, distilqa_tt_tensor *weight, distilqa_tt_tensor *bias,
    float epsilon, const distilqa_tt_compute *compute, distilqa_tt_tensor **result) {
    return on("layer_norm", input, "input", [&](distilqa_tt_device &use) {
        if (residual != nullptr) check_input(residual, "residual", use);
        check_input(weight, "weight", use);
        check_input(bias, "bias", use);
        const Compute config = Compute::checked(checked(compute, "compute"));
        check_output(result, "result");
        const Spec &in = input->spec;
        check_sequences(input, "input", "[batch, 1, sequence, width]");
        if (residual != nullptr) {
            check_activations(residual, "residual");
            require(residual->spec.shape == in.shape, "residual is ", say(residual), ", input ", say(input),
                    "; their shapes differ");
            check_distribution(residual, "residual", in.distribution);
        }
        check_vector(weight, "weight", in.width());
        check_vector(bias, "bias", in.width());
        check_distribution(weight, "weight", DISTILQA_TT_REPLICATE);
        check_distribution(bias, "bias", DISTILQA_TT_REPLICATE);
        require(std::isfinite(epsilon) && epsilon >= 0, "epsilon is ", epsilon);
        queue(use, {in.shape, config.dtype, DISTILQA_TT_TILE, config.memory, in.distribution}, result,
              [&](const Spec &made) {
                  if (residual == nullptr)
                      return use.card().layer_norm(input->operand(), nullptr, weight->operand(), bias->operand(), epsilon,
                                                   config, made);
                  const Operand added = residual->operand();
                  return use.card().layer_norm(input->operand(), &added, weight->operand(), bias->operand(), epsilon, config,
                                               made);
              });
    });
}

int32_t distilqa_tt_linear(
    distilqa_tt_tensor *input, distilqa_tt_tensor *weight, distilqa_tt_tensor *bias, uint32_t activation,
    const distilqa_tt_compute *compute, distilqa_tt_tensor **result) {
    return on("linear", input, "input", [&](distilqa_tt_device &use) {
        check_input(weight, "weight", use);
        check_input(bias, "bias", use);
        const Compute config = Compute::checked(checked(compute, "compute"));
        check_output(result, "result");
        require(activation <= DISTILQA_TT_RELU, "activation is ", activation, ", which is unknown");
        const Spec &in = input->spec, &by = weight->spec;
        check_sequences(input, "input", "[batch, 1, sequence, k]");
        check_activations(weight, "weight");
        require(by.shape.size() == 2 && by.shape[0] == in.width(), "weight is ", say(weight), "; the input, ", say(input),
                ", wants [", in.width(), ", n]");
        check_vector(bias, "bias", by.width());
        check_distribution(weight, "weight", DISTILQA_TT_REPLICATE);
        check_distribution(bias, "bias", DISTILQA_TT_REPLICATE);
        queue(use,
              {{in.shape[0], 1, in.shape[2], by.width()}, config.dtype, DISTILQA_TT_TILE, config.memory, in.distribution},
              result, [&](const Spec &made) {
                  return use.card().linear(input->operand(), weight->operand(), bias->operand(), activation, config, made);
              });
    });
}

int32_t distilqa_tt_self_attention(
    distilqa_tt_tensor *query_key_value, distilqa_tt_tensor *mask, uint32_t heads, float scale,
    const distilqa_tt_compute *compute, distilqa_tt_tensor **result) {
    return on("self_attention", query_key_value, "query_key_value", [&](distilqa_tt_device &use) {
        if (mask != nullptr) check_input(mask, "mask", use);
        const Compute config = Compute::checked(checked(compute, "compute"));
        check_output(result, "result");
        const Spec &in = query_key_value->spec;
        check_sequences(query_key_value, "query_key_value", "[batch, 1, sequence, 3 * width]");
        const std::uint64_t batch = in.shape[0], sequence = in.shape[2], width = in.width() / 3;
        require(heads > 0 && in.width() % 3 == 0 && width % heads == 0, "query_key_value is ", say(query_key_value),
                ", which is not three times ", heads, " heads of one size");
        if (width / heads % TILE != 0)
            throw Error(DISTILQA_TT_UNSUPPORTED, text("query_key_value is ", say(query_key_value), ": ", heads, " heads of ",
                                                      width / heads, "; the size of a head must be a multiple of 32"));
        require(sequence % TILE == 0, "query_key_value is ", say(query_key_value), "; the sequence must be a multiple of 32");
        require(std::isfinite(scale), "scale is ", scale);
        if (mask != nullptr) {
            const Spec &with = mask->spec;
            check_activations(mask, "mask");
            require(with.shape == std::vector<std::uint64_t>{batch, 1, sequence, sequence} && with.memory == DISTILQA_TT_DRAM,
                    "mask is ", say(mask), " in ", name_of_memory(with.memory), "; wanted is ",
                    shape_to_string({batch, 1, sequence, sequence}), " in DRAM");
            check_distribution(mask, "mask", in.distribution);
        }
        queue(use, {{batch, 1, sequence, width}, config.dtype, DISTILQA_TT_TILE, config.memory, in.distribution}, result,
              [&](const Spec &made) {
                  if (mask == nullptr)
                      return use.card().self_attention(query_key_value->operand(), nullptr, heads, scale, config, made);
                  const Operand masked = mask->operand();
                  return use.card().self_attention(query_key_value->operand(), &masked, heads, scale, config, made);
              });
    });
}

int32_t distilqa_tt_trace_begin(distilqa_tt_device *device) {
    return on("trace_begin", device, [](distilqa_tt_device &use) { use.trace_begin(); });
}

int32_t distilqa_tt_trace_end(distilqa_tt_device *device, uint64_t *trace) {
    return on("trace_end", device, [&](distilqa_tt_device &use) {
        check_output(trace, "trace");
        *trace = use.trace_end();
    });
}

int32_t distilqa_tt_trace_replay(distilqa_tt_device *device, uint64_t trace) {
    return on("trace_replay", device, [&](distilqa_tt_device &use) { use.trace_replay(trace); });
}

int32_t distilqa_tt_trace_release(distilqa_tt_device *device, uint64_t trace) {
    return on("trace_release", device, [&](distilqa_tt_device &use) { use.trace_release(trace); }, Needs::BOOKKEEPING);
}

}  // extern "C"
