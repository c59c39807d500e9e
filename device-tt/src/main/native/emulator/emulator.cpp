// The functions of distilqa_tt.h: they check what they are given, and turn exceptions into a status and a message.
//
// Built with the other files of this folder by any C++17 compiler, no flag needed but these:
//   c++ -std=c++17 -O3 -fPIC -shared -fvisibility=hidden -pthread *.cpp -o libdistilqa_tt_emulator.so
#include "device.h"
#include "formats.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <new>
#include <thread>
#include <unordered_set>

using namespace distilqa;

namespace {

thread_local char last_error[2048] = "";

std::int32_t fail(const char *function, distilqa_tt_status status, const char *message) {
    std::snprintf(last_error, sizeof last_error, "%s: %s", function, message);
    return status;
}

template <typename Body> std::int32_t guarded(const char *function, const Body &body) {
    try {
        body();
        return DISTILQA_TT_OK;
    } catch (const Error &error) {
        return fail(function, error.status(), error.what());
    } catch (const std::bad_alloc &) {
        return fail(function, DISTILQA_TT_OUT_OF_MEMORY, "the host has no memory left");
    } catch (const std::exception &exception) {
        return fail(function, DISTILQA_TT_FAILED, exception.what());
    } catch (...) {
        return fail(function, DISTILQA_TT_FAILED, "an unknown exception");
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

// Another input of an op; its device must be the first input's.
void check_input(const distilqa_tt_tensor *tensor, const char *name, const distilqa_tt_device &device) {
    require(device_of(tensor, name) == &device, name, " belongs to another device");
}

// ---- Arguments -----------------------------------------------------------------------------------------------------------

template <typename Struct> void check_struct(const Struct *value, const char *name) {
    require(value != nullptr, name, " is null");
    require(value->struct_size >= sizeof(Struct), name, ".struct_size is ", value->struct_size, ", less than ",
            sizeof(Struct));
}

void check_flag(std::uint32_t value, const char *name) { require(value <= 1, name, " is ", value, ", neither 0 nor 1"); }

void check_output(const void *pointer, const char *name) { require(pointer != nullptr, name, " is null"); }

Spec checked(const distilqa_tt_tensor_spec *spec, const distilqa_tt_device &device) {
    check_struct(spec, "spec");
    require(spec->rank >= 1 && spec->rank <= DISTILQA_TT_MAX_RANK, "spec.rank is ", spec->rank, ", not 1 to ",
            DISTILQA_TT_MAX_RANK);
    require(spec->dtype <= DISTILQA_TT_BFLOAT4_B, "spec.dtype is ", spec->dtype, ", which is unknown");
    require(spec->layout <= DISTILQA_TT_TILE, "spec.layout is ", spec->layout, ", which is unknown");
    require(spec->memory <= DISTILQA_TT_L1, "spec.memory is ", spec->memory, ", which is unknown");
    require(spec->distribution <= DISTILQA_TT_SHARD, "spec.distribution is ", spec->distribution, ", which is unknown");
    Spec result{{spec->shape, spec->shape + spec->rank}, spec->dtype, spec->layout, spec->memory, spec->distribution};
    for (const std::uint64_t size : result.shape) require(size > 0, "shape ", shape_to_string(result.shape), " holds a zero");
    require(!is_block_float(spec->dtype) || spec->layout == DISTILQA_TT_TILE, name_of_dtype(spec->dtype),
            " needs the layout TILE");
    if (spec->distribution == DISTILQA_TT_SHARD && device.chips() > 1) {
        require(spec->shape[0] % device.chips() == 0, "dimension 0 of shape ", shape_to_string(result.shape),
                " cannot be split evenly over ", device.chips(), " chips");
        if (spec->rank == 1) throw Error(DISTILQA_TT_UNSUPPORTED, "a tensor of one dimension cannot be sharded");
    }
    return result;
}

Compute checked(const distilqa_tt_compute *compute) {
    check_struct(compute, "compute");
    require(compute->dtype == DISTILQA_TT_BFLOAT16 || compute->dtype == DISTILQA_TT_BFLOAT8_B, "compute.dtype is ",
            name_of_dtype(compute->dtype), "; a result is BFLOAT16 or BFLOAT8_B");
    require(compute->memory <= DISTILQA_TT_L1, "compute.memory is ", compute->memory, ", which is unknown");
    require(compute->math_fidelity <= DISTILQA_TT_HIFI4 && compute->math_fidelity != 1, "compute.math_fidelity is ",
            compute->math_fidelity, ", which is unknown");
    check_flag(compute->fp32_accumulation, "compute.fp32_accumulation");
    check_flag(compute->packer_l1_accumulation, "compute.packer_l1_accumulation");
    check_flag(compute->approximate_math, "compute.approximate_math");
    if (compute->math_fidelity == DISTILQA_TT_HIFI4 && compute->fp32_accumulation == 1)
        throw Error(DISTILQA_TT_UNSUPPORTED,
                    "HIFI4 with fp32_accumulation gives wrong sums on Wormhole, by a hardware erratum of its matrix engine "
                    "with float32 destinations; use HIFI3 with it, or HIFI4 without");
    return {compute->dtype,
            compute->memory,
            compute->math_fidelity,
            compute->fp32_accumulation == 1,
            compute->packer_l1_accumulation == 1,
            compute->approximate_math == 1};
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

// ---- Programs ------------------------------------------------------------------------------------------------------------

std::string say(const Spec &spec) { return text(spec.to_string(), " in ", name_of_memory(spec.memory)); }

std::string say(const Compute &compute) {
    return text(" to ", name_of_dtype(compute.dtype), " in ", name_of_memory(compute.memory), ", fidelity ",
                compute.math_fidelity, compute.fp32_accumulation ? ", fp32" : "", compute.packer_l1_accumulation ? ", l1" : "",
                compute.approximate_math ? ", approximate" : "");
}

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

distilqa_tt_tensor *queue(distilqa_tt_device &device, const Op &op) {
    distilqa_tt_tensor *result = device.queue(op);
    tensors().add(result);
    return result;
}

}  // namespace

extern "C" {

int32_t distilqa_tt_abi_version(void) { return abi_version_from_environment(DISTILQA_TT_ABI_VERSION); }

const char *distilqa_tt_last_error(void) { return last_error; }

int32_t distilqa_tt_describe(char *buffer, size_t capacity, size_t *length) {
    return guarded("describe", [&] { copy_lines(describe(Board::from_environment()), buffer, capacity, length); });
}

int32_t distilqa_tt_open(const distilqa_tt_open_options *options, distilqa_tt_device **device) {
    return guarded("open", [&] {
        check_struct(options, "options");
        check_output(device, "device");
        auto opened = std::make_unique<distilqa_tt_device>(*options);
        devices().add(opened.get());
        *device = opened.release();
    });
}

int32_t distilqa_tt_close(distilqa_tt_device *device) {
    return guarded("close", [&] {
        if (device == nullptr) return;
        require(devices().has(device), "device is not open");
        while (device->busy.exchange(true)) std::this_thread::yield();
        devices().remove(device);
        tensors().remove_of(device);
        delete device;
    });
}

int32_t distilqa_tt_facts(distilqa_tt_device *device, char *buffer, size_t capacity, size_t *length) {
    return guarded("facts", [&] {
        const Use use(device);
        use->check_usable();
        copy_lines(use->facts(), buffer, capacity, length);
    });
}

int32_t distilqa_tt_read_counters(distilqa_tt_device *device, distilqa_tt_counters *counters) {
    return guarded("read_counters", [&] {
        const Use use(device);
        check_struct(counters, "counters");
        distilqa_tt_counters now{};
        use->read_counters(now);
        give(now, counters);
    });
}

int32_t distilqa_tt_synchronize(distilqa_tt_device *device) {
    return guarded("synchronize", [&] {
        const Use use(device);
        use->check_usable();
        use->synchronize();
    });
}

int32_t distilqa_tt_tensor_create(
    distilqa_tt_device *device, const distilqa_tt_tensor_spec *spec, const void *values, size_t bytes,
    distilqa_tt_tensor **tensor) {
    return guarded("tensor_create", [&] {
        const Use use(device);
        use->check_usable();
        check_output(values, "values");
        check_output(tensor, "tensor");
        distilqa_tt_tensor *created = use->create(checked(spec, *use), values, bytes);
        tensors().add(created);
        *tensor = created;
    });
}

int32_t distilqa_tt_tensor_write(distilqa_tt_tensor *tensor, const void *values, size_t bytes) {
    return guarded("tensor_write", [&] {
        const Use use(device_of(tensor, "tensor"));
        use->check_usable();
        check_output(values, "values");
        use->write(*tensor, values, bytes);
    });
}

int32_t distilqa_tt_tensor_read(distilqa_tt_tensor *tensor, void *values, size_t bytes) {
    return guarded("tensor_read", [&] {
        const Use use(device_of(tensor, "tensor"));
        use->check_usable();
        check_output(values, "values");
        use->read(*tensor, values, bytes);
    });
}

int32_t distilqa_tt_tensor_spec_of(distilqa_tt_tensor *tensor, distilqa_tt_tensor_spec *spec) {
    return guarded("tensor_spec_of", [&] {
        const Use use(device_of(tensor, "tensor"));
        use->check_usable();
        check_struct(spec, "spec");
        const Spec &of = tensor->spec;
        distilqa_tt_tensor_spec result{};
        result.rank = static_cast<std::uint32_t>(of.shape.size());
        for (std::size_t i = 0; i < of.shape.size(); i++) result.shape[i] = static_cast<std::uint32_t>(of.shape[i]);
        result.dtype = of.dtype;
        result.layout = of.layout;
        result.memory = of.memory;
        result.distribution = of.distribution;
        give(result, spec);
    });
}

int32_t distilqa_tt_tensor_free(distilqa_tt_tensor *tensor) {
    return guarded("tensor_free", [&] {
        if (tensor == nullptr) return;
        const Use use(device_of(tensor, "tensor"));
        tensors().remove(tensor);
        use->free(tensor);
    });
}

int32_t distilqa_tt_embeddings(
    distilqa_tt_tensor *ids, distilqa_tt_tensor *position_ids, distilqa_tt_tensor *token_table,
    distilqa_tt_tensor *position_table, const distilqa_tt_compute *compute, distilqa_tt_tensor **result) {
    return guarded("embeddings", [&] {
        const Use use(device_of(ids, "ids"));
        use->check_usable();
        check_input(position_ids, "position_ids", *use);
        check_input(token_table, "token_table", *use);
        check_input(position_table, "position_table", *use);
        const Compute config = checked(compute);
        check_output(result, "result");
        const Spec &id = ids->spec, &position = position_ids->spec;
        require(id.dtype == DISTILQA_TT_UINT32 && id.layout == DISTILQA_TT_ROW_MAJOR && id.shape.size() == 2, "ids is ",
                say(ids), "; wanted is UINT32 ROW_MAJOR [batch, sequence]");
        const std::uint64_t batch = id.shape[0], sequence = id.shape[1];
        require(sequence % TILE == 0, "ids is ", say(ids), "; the sequence must be a multiple of 32");
        require(position.dtype == DISTILQA_TT_UINT32 && position.layout == DISTILQA_TT_ROW_MAJOR &&
                    position.shape == std::vector<std::uint64_t>{1, sequence},
                "position_ids is ", say(position_ids), "; wanted is UINT32 ROW_MAJOR [1, ", sequence, "]");
        for (const auto *table : {token_table, position_table}) {
            const Spec &spec = table->spec;
            const char *name = table == token_table ? "token_table" : "position_table";
            require(spec.dtype == DISTILQA_TT_BFLOAT16 && spec.layout == DISTILQA_TT_ROW_MAJOR && spec.shape.size() == 2 &&
                        spec.memory == DISTILQA_TT_DRAM,
                    name, " is ", say(spec), "; wanted is BFLOAT16 ROW_MAJOR [rows, width] in DRAM");
            check_distribution(table, name, DISTILQA_TT_REPLICATE);
        }
        const std::uint64_t width = token_table->spec.width();
        require(position_table->spec.width() == width, "position_table is ", say(position_table), ", token_table ",
                say(token_table), "; their widths differ");
        require(position_table->spec.shape[0] >= sequence, "position_table is ", say(position_table),
                ", too short for a sequence of ", sequence);
        check_distribution(ids, "ids", DISTILQA_TT_SHARD);
        check_distribution(position_ids, "position_ids", DISTILQA_TT_REPLICATE);

        Op op;
        op.result = {{batch, 1, sequence, width}, config.dtype, DISTILQA_TT_TILE, config.memory, id.distribution};
        Spec looked_up = op.result;
        looked_up.dtype = DISTILQA_TT_BFLOAT16;
        Spec looked_up_positions = looked_up;
        looked_up_positions.shape = {1, 1, sequence, width};
        looked_up_positions.distribution = DISTILQA_TT_REPLICATE;
        op.steps = {{text("embedding ", say(id), " of ", say(token_table->spec), say(config)), {looked_up}, 2},
                    {text("embedding ", say(position), " of ", say(position_table->spec), say(config)),
                     {looked_up_positions},
                     2},
                    {text("add ", say(looked_up), " and ", say(looked_up_positions), say(config)), {}, 2}};
        op.compute = [device = &*use, a = ids->storage, b = position_ids->storage, c = token_table->storage,
                      d = position_table->storage, rows = token_table->spec.shape[0],
                      positions = position_table->spec.shape[0], batch, sequence, width, config](float *to) {
            embeddings(device->threads(), a->integers.get(), b->integers.get(), c->floats.get(), rows, d->floats.get(),
                       positions, batch, sequence, width, config, to);
        };
        *result = queue(*use, op);
    });
}

int32_t distilqa_tt_layer_norm(
    distilqa_tt_tensor *input, distilqa_tt_tensor *residual, distilqa_tt_tensor *weight, distilqa_tt_tensor *bias,
    float epsilon, const distilqa_tt_compute *compute, distilqa_tt_tensor **result) {
    return guarded("layer_norm", [&] {
        const Use use(device_of(input, "input"));
        use->check_usable();
        if (residual != nullptr) check_input(residual, "residual", *use);
        check_input(weight, "weight", *use);
        check_input(bias, "bias", *use);
        const Compute config = checked(compute);
        check_output(result, "result");
        const Spec &in = input->spec;
        check_activations(input, "input");
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

        Op op;
        op.result = {in.shape, config.dtype, DISTILQA_TT_TILE, config.memory, in.distribution};
        op.steps = {{text("layer_norm ", say(in), residual == nullptr ? "" : " plus " + say(residual->spec), ", epsilon ",
                          epsilon, say(config)),
                     {},
                     0}};
        op.compute = [device = &*use, a = input->storage, b = residual == nullptr ? nullptr : residual->storage,
                      c = weight->storage, d = bias->storage, rows = in.rows(), width = in.width(), epsilon,
                      config](float *to) {
            layer_norm(device->threads(), a->floats.get(), b ? b->floats.get() : nullptr, c->floats.get(), d->floats.get(),
                       rows, width, epsilon, config, to);
        };
        *result = queue(*use, op);
    });
}

int32_t distilqa_tt_linear(
    distilqa_tt_tensor *input, distilqa_tt_tensor *weight, distilqa_tt_tensor *bias, uint32_t activation,
    const distilqa_tt_compute *compute, distilqa_tt_tensor **result) {
    return guarded("linear", [&] {
        const Use use(device_of(input, "input"));
        use->check_usable();
        check_input(weight, "weight", *use);
        check_input(bias, "bias", *use);
        const Compute config = checked(compute);
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

        Op op;
        op.result = {{in.shape[0], 1, in.shape[2], by.width()}, config.dtype, DISTILQA_TT_TILE, config.memory,
                     in.distribution};
        op.steps = {{text("linear ", say(in), " by ", say(by), ", activation ", activation, say(config)), {}, 0}};
        op.compute = [device = &*use, a = input->storage, b = weight->storage, c = bias->storage, rows = in.rows(),
                      inner = in.width(), columns = by.width(), activation, config](float *to) {
            linear(device->threads(), a->floats.get(), rows, inner, b->floats.get(), columns, c->floats.get(), activation,
                   config, to);
        };
        *result = queue(*use, op);
    });
}

int32_t distilqa_tt_self_attention(
    distilqa_tt_tensor *query_key_value, distilqa_tt_tensor *mask, uint32_t heads, float scale,
    const distilqa_tt_compute *compute, distilqa_tt_tensor **result) {
    return guarded("self_attention", [&] {
        const Use use(device_of(query_key_value, "query_key_value"));
        use->check_usable();
        if (mask != nullptr) check_input(mask, "mask", *use);
        const Compute config = checked(compute);
        check_output(result, "result");
        const Spec &in = query_key_value->spec;
        check_sequences(query_key_value, "query_key_value", "[batch, 1, sequence, 3 * width]");
        const std::uint64_t batch = in.shape[0], sequence = in.shape[2], width = in.width() / 3;
        require(heads > 0 && in.width() % 3 == 0 && width % heads == 0, "query_key_value is ", say(query_key_value),
                ", which is not three times ", heads, " heads of one size");
        if (width / heads % TILE != 0)
            throw Error(DISTILQA_TT_UNSUPPORTED, text("query_key_value is ", say(query_key_value), ": ", heads, " heads of ",
                                                      width / heads, "; the size of a head must be a multiple of 32"));
        require(std::isfinite(scale), "scale is ", scale);
        if (mask != nullptr) {
            const Spec &with = mask->spec;
            check_activations(mask, "mask");
            require(with.shape == std::vector<std::uint64_t>{batch, 1, sequence, sequence} && with.memory == DISTILQA_TT_DRAM,
                    "mask is ", say(with), "; wanted is ", shape_to_string({batch, 1, sequence, sequence}), " in DRAM");
            check_distribution(mask, "mask", in.distribution);
        }

        Op op;
        op.result = {{batch, 1, sequence, width}, config.dtype, DISTILQA_TT_TILE, config.memory, in.distribution};
        const Spec head{{batch, heads, sequence, width / heads}, in.dtype, DISTILQA_TT_TILE, config.memory, in.distribution};
        Spec attended = head;
        attended.dtype = config.dtype;
        op.steps = {{text("split_heads ", say(in), " into ", heads, say(config)), {head, head, head}, 1},
                    {text("attention ", say(head), mask == nullptr ? "" : " with " + say(mask->spec), ", scale ", scale,
                          say(config)),
                     {attended},
                     2},
                    {text("concatenate_heads ", say(attended), say(config)), {}, 2}};
        op.compute = [device = &*use, a = query_key_value->storage, b = mask == nullptr ? nullptr : mask->storage, batch,
                      sequence, width, heads, scale, config](float *to) {
            self_attention(device->threads(), a->floats.get(), b ? b->floats.get() : nullptr, batch, sequence, width, heads,
                           scale, config, to);
        };
        *result = queue(*use, op);
    });
}

int32_t distilqa_tt_trace_begin(distilqa_tt_device *device) {
    return guarded("trace_begin", [&] {
        const Use use(device);
        use->check_usable();
        use->trace_begin();
    });
}

int32_t distilqa_tt_trace_end(distilqa_tt_device *device, uint64_t *trace) {
    return guarded("trace_end", [&] {
        const Use use(device);
        use->check_usable();
        check_output(trace, "trace");
        *trace = use->trace_end();
    });
}

int32_t distilqa_tt_trace_replay(distilqa_tt_device *device, uint64_t trace) {
    return guarded("trace_replay", [&] {
        const Use use(device);
        use->check_usable();
        use->trace_replay(trace);
    });
}

int32_t distilqa_tt_trace_release(distilqa_tt_device *device, uint64_t trace) {
    return guarded("trace_release", [&] {
        const Use use(device);
        use->trace_release(trace);
    });
}

}  // extern "C"
