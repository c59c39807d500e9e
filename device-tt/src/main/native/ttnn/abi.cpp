// The C functions: arguments checked for null, errors made statuses, everything else in the other files.
#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "device.h"
#include "error.h"
#include "machine.h"
#include "ops.h"
#include "tensor.h"

namespace {

using distilqa::guard;
using distilqa::OwnedTensor;
using distilqa::require;
using distilqa::require_pointer;

// What the caller's struct holds beyond this library's is of no concern to it; less would be an older caller's.
template <typename Struct>
const Struct& checked(const Struct* given, const char* name) {
    require_pointer(given, name);
    require(given->struct_size >= sizeof(Struct), "struct_size is smaller than the struct of this ABI version");
    return *given;
}

// Keeps the size that the caller gave.
template <typename Struct>
void fill(Struct* target, Struct values) {
    values.struct_size = target->struct_size;
    *target = values;
}

void fill(char* buffer, size_t capacity, size_t* length, const std::string& text) {
    if (buffer != nullptr && capacity > 0) {
        const size_t copied = std::min(capacity - 1, text.size());
        std::memcpy(buffer, text.data(), copied);
        buffer[copied] = '\0';
    }
    if (length != nullptr) *length = text.size() + 1;
}

void require_text_buffer(const char* buffer, size_t capacity, const size_t* length) {
    require(buffer != nullptr || (capacity == 0 && length != nullptr), "buffer is null");
}

// A call on a device: what shows that the device is lost is kept, so that later calls fail at once.
template <typename Body>
int32_t on(distilqa_tt_device* device, Body&& body) noexcept {
    const int32_t status = guard([&] {
        require_pointer(device, "device");
        device->require_usable();
        body(*device);
    });
    if (device != nullptr) device->note(status);
    return status;
}

template <typename Body>
int32_t on(distilqa_tt_tensor* tensor, const char* name, Body&& body) noexcept {
    if (tensor == nullptr) return guard([name] { require_pointer(static_cast<const void*>(nullptr), name); });
    return on(tensor->device, [&](distilqa_tt_device&) { body(*tensor); });
}

distilqa_tt_tensor& checked(distilqa_tt_tensor* tensor, const char* name) {
    require_pointer(tensor, name);
    return *tensor;
}

void give(OwnedTensor made, distilqa_tt_tensor** target) {
    made->device->adopt(made.get());
    *target = made.release();
}

std::string description() {
    const distilqa::Machine machine = distilqa::probe();
    std::string text;
    const auto put = [&text](const std::string& name, const std::string& value) { text += name + "=" + value + "\n"; };
    put("library", "ttnn");
    put("version", distilqa::library_version());
    put("ttnn", distilqa::ttnn_version());
    put("driver", machine.driver);
    put("cards", std::to_string(machine.cards.size()));
    for (size_t i = 0; i < machine.cards.size(); ++i) {
        const std::string card = "card." + std::to_string(i) + ".";
        put(card + "board", machine.cards[i].board);
        put(card + "chips", std::to_string(machine.cards[i].chips));
    }
    put("usable", machine.status == DISTILQA_TT_OK ? "1" : "0");
    if (machine.status != DISTILQA_TT_OK) put("reason", machine.reason);
    return text;
}

}  // namespace

extern "C" {

int32_t distilqa_tt_abi_version(void) { return DISTILQA_TT_ABI_VERSION; }

const char* distilqa_tt_last_error(void) { return distilqa::last_error(); }

int32_t distilqa_tt_describe(char* buffer, size_t capacity, size_t* length) {
    return guard([&] {
        require_text_buffer(buffer, capacity, length);
        fill(buffer, capacity, length, description());
    });
}

int32_t distilqa_tt_open(const distilqa_tt_open_options* options, distilqa_tt_device** device) {
    return guard([&] {
        require_pointer(device, "device");
        *device = new distilqa_tt_device(checked(options, "options"));
    });
}

int32_t distilqa_tt_close(distilqa_tt_device* device) {
    if (device == nullptr) return DISTILQA_TT_OK;
    const int32_t status = guard([device] { device->close(); });
    delete device;
    return status;
}

int32_t distilqa_tt_facts(distilqa_tt_device* device, char* buffer, size_t capacity, size_t* length) {
    return on(device, [&](distilqa_tt_device& open) {
        require_text_buffer(buffer, capacity, length);
        fill(buffer, capacity, length, open.facts());
    });
}

int32_t distilqa_tt_read_counters(distilqa_tt_device* device, distilqa_tt_counters* counters) {
    return on(device, [&](distilqa_tt_device& open) {
        checked(counters, "counters");
        fill(counters, open.counters());
    });
}

int32_t distilqa_tt_synchronize(distilqa_tt_device* device) {
    return on(device, [](distilqa_tt_device& open) { open.synchronize(); });
}

int32_t distilqa_tt_tensor_create(
    distilqa_tt_device* device, const distilqa_tt_tensor_spec* spec, const void* values, size_t bytes,
    distilqa_tt_tensor** tensor) {
    return on(device, [&](distilqa_tt_device& open) {
        require_pointer(tensor, "tensor");
        give(distilqa::create_tensor(open, checked(spec, "spec"), values, bytes), tensor);
    });
}

int32_t distilqa_tt_tensor_write(distilqa_tt_tensor* tensor, const void* values, size_t bytes) {
    return on(tensor, "tensor", [&](distilqa_tt_tensor& target) { distilqa::write_tensor(target, values, bytes); });
}

int32_t distilqa_tt_tensor_read(distilqa_tt_tensor* tensor, void* values, size_t bytes) {
    return on(tensor, "tensor", [&](distilqa_tt_tensor& source) { distilqa::read_tensor(source, values, bytes); });
}

int32_t distilqa_tt_tensor_spec_of(distilqa_tt_tensor* tensor, distilqa_tt_tensor_spec* spec) {
    return guard([&] {
        const distilqa_tt_tensor& source = checked(tensor, "tensor");
        checked(spec, "spec");
        fill(spec, source.spec);
    });
}

int32_t distilqa_tt_tensor_free(distilqa_tt_tensor* tensor) {
    if (tensor == nullptr) return DISTILQA_TT_OK;
    // On a lost device too: freeing is bookkeeping on the host.
    return guard([tensor] { distilqa::free_tensor(tensor); });
}

int32_t distilqa_tt_embeddings(
    distilqa_tt_tensor* ids, distilqa_tt_tensor* position_ids, distilqa_tt_tensor* token_table,
    distilqa_tt_tensor* position_table, const distilqa_tt_compute* compute, distilqa_tt_tensor** result) {
    return on(ids, "ids", [&](distilqa_tt_tensor& input) {
        require_pointer(result, "result");
        give(distilqa::embeddings(
                 input, checked(position_ids, "position_ids"), checked(token_table, "token_table"),
                 checked(position_table, "position_table"), checked(compute, "compute")),
            result);
    });
}

int32_t distilqa_tt_layer_norm(
    distilqa_tt_tensor* input, distilqa_tt_tensor* residual, distilqa_tt_tensor* weight, distilqa_tt_tensor* bias,
    float epsilon, const distilqa_tt_compute* compute, distilqa_tt_tensor** result) {
    return on(input, "input", [&](distilqa_tt_tensor& activations) {
        require_pointer(result, "result");
        give(distilqa::layer_norm(
                 activations, residual, checked(weight, "weight"), checked(bias, "bias"), epsilon,
                 checked(compute, "compute")),
            result);
    });
}

int32_t distilqa_tt_linear(
    distilqa_tt_tensor* input, distilqa_tt_tensor* weight, distilqa_tt_tensor* bias, uint32_t activation,
    const distilqa_tt_compute* compute, distilqa_tt_tensor** result) {
    return on(input, "input", [&](distilqa_tt_tensor& activations) {
        require_pointer(result, "result");
        give(distilqa::linear(
                 activations, checked(weight, "weight"), checked(bias, "bias"), activation,
                 checked(compute, "compute")),
            result);
    });
}

int32_t distilqa_tt_self_attention(
    distilqa_tt_tensor* query_key_value, distilqa_tt_tensor* mask, uint32_t heads, float scale,
    const distilqa_tt_compute* compute, distilqa_tt_tensor** result) {
    return on(query_key_value, "query_key_value", [&](distilqa_tt_tensor& input) {
        require_pointer(result, "result");
        give(distilqa::self_attention(input, mask, heads, scale, checked(compute, "compute")), result);
    });
}

int32_t distilqa_tt_trace_begin(distilqa_tt_device* device) {
    return on(device, [](distilqa_tt_device& open) { open.trace_begin(); });
}

int32_t distilqa_tt_trace_end(distilqa_tt_device* device, uint64_t* trace) {
    return on(device, [trace](distilqa_tt_device& open) {
        require_pointer(trace, "trace");
        *trace = open.trace_end();
    });
}

int32_t distilqa_tt_trace_replay(distilqa_tt_device* device, uint64_t trace) {
    return on(device, [trace](distilqa_tt_device& open) { open.trace_replay(trace); });
}

int32_t distilqa_tt_trace_release(distilqa_tt_device* device, uint64_t trace) {
    return on(device, [trace](distilqa_tt_device& open) { open.trace_release(trace); });
}

}  // extern "C"
