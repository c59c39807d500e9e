#include "tensor.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "error.h"

namespace distilqa {
namespace {

using tt::tt_metal::PageConfig;
using tt::tt_metal::TensorLayout;

constexpr uint64_t HOST_VALUE_BYTES = 4;  // float and uint32_t

uint64_t volume(const distilqa_tt_tensor_spec& spec) {
    uint64_t product = 1;
    for (uint32_t i = 0; i < spec.rank; ++i) {
        require(spec.shape[i] > 0, "a dimension of the shape is 0");
        require(product <= std::numeric_limits<uint64_t>::max() / HOST_VALUE_BYTES / spec.shape[i],
            "the shape is too large");
        product *= spec.shape[i];
    }
    return product;
}

void validate(const distilqa_tt_device& device, const distilqa_tt_tensor_spec& spec) {
    require(spec.rank >= 1 && spec.rank <= DISTILQA_TT_MAX_RANK, "the rank is not 1 to 4");
    require(spec.dtype <= DISTILQA_TT_BFLOAT4_B, "an unknown dtype");
    require(spec.layout <= DISTILQA_TT_TILE, "an unknown layout");
    require(spec.memory <= DISTILQA_TT_L1, "an unknown memory");
    require(spec.distribution <= DISTILQA_TT_SHARD, "an unknown distribution");
    const bool blocks = spec.dtype == DISTILQA_TT_BFLOAT8_B || spec.dtype == DISTILQA_TT_BFLOAT4_B;
    require(!blocks || spec.layout == DISTILQA_TT_TILE, "a block float needs the tile layout");
    require(spec.distribution != DISTILQA_TT_SHARD || spec.shape[0] % device.chips() == 0,
        "dimension 0 of a sharded tensor is not a multiple of the number of chips");
}

TensorLayout layout_of(const distilqa_tt_tensor_spec& spec) {
    const auto layout = spec.layout == DISTILQA_TT_TILE ? ttnn::TILE_LAYOUT : ttnn::ROW_MAJOR_LAYOUT;
    return TensorLayout(data_type(spec.dtype), PageConfig(layout), memory_config(spec.memory));
}

// The values converted, tiled and split over the mesh, still on the host.
template <typename T>
metal::Tensor distribute(
    distilqa_tt_device& device, const distilqa_tt_tensor_spec& spec, const void* values, uint64_t count) {
    const ttnn::Shape shape(ttsl::Span<const uint32_t>(spec.shape, spec.rank));
    const auto mapper = spec.distribution == DISTILQA_TT_SHARD
        ? ttnn::distributed::shard_tensor_to_mesh_mapper(device.mesh(), 0)
        : ttnn::distributed::replicate_tensor_to_mesh_mapper(device.mesh());
    return ttnn::distributed::create_distributed_tensor<T>(
        ttsl::Span<const T>(static_cast<const T*>(values), count), shape, layout_of(spec), *mapper);
}

metal::Tensor on_host(
    distilqa_tt_device& device, const distilqa_tt_tensor_spec& spec, const void* values, size_t bytes) {
    require_pointer(values, "values");
    const uint64_t count = volume(spec);
    if (bytes != count * HOST_VALUE_BYTES) {
        fail(DISTILQA_TT_INVALID_ARGUMENT,
            "the shape needs " + std::to_string(count * HOST_VALUE_BYTES) + " bytes of values, but " +
                std::to_string(bytes) + " were given");
    }
    return spec.dtype == DISTILQA_TT_UINT32 ? distribute<uint32_t>(device, spec, values, count)
                                            : distribute<float>(device, spec, values, count);
}

uint64_t device_bytes(const metal::Tensor& tensor) { return tensor.tensor_spec().compute_packed_buffer_size_bytes(); }

template <typename T>
void read_shards(distilqa_tt_tensor& tensor, T* values, uint64_t count) {
    std::vector<metal::Tensor> shards = ttnn::distributed::get_device_tensors(tensor.value);
    // Of a replicated tensor each chip has all.
    if (tensor.spec.distribution == DISTILQA_TT_REPLICATE) shards.resize(1);
    uint64_t done = 0;
    for (const metal::Tensor& shard : shards) {
        const std::vector<T> part = shard.template to_vector<T>();
        tensor.device->count_download(device_bytes(shard));
        if (part.size() > count - done) fail(DISTILQA_TT_FAILED, "the device gave more values than the tensor has");
        std::copy(part.begin(), part.end(), values + done);
        done += part.size();
    }
    if (done != count) fail(DISTILQA_TT_FAILED, "the device gave fewer values than the tensor has");
}

}  // namespace

ttnn::MemoryConfig memory_config(uint32_t memory) {
    return memory == DISTILQA_TT_L1 ? ttnn::L1_MEMORY_CONFIG : ttnn::DRAM_MEMORY_CONFIG;
}

ttnn::DataType data_type(uint32_t dtype) {
    switch (dtype) {
        case DISTILQA_TT_UINT32: return ttnn::DataType::UINT32;
        case DISTILQA_TT_FLOAT32: return ttnn::DataType::FLOAT32;
        case DISTILQA_TT_BFLOAT16: return ttnn::DataType::BFLOAT16;
        case DISTILQA_TT_BFLOAT8_B: return ttnn::DataType::BFLOAT8_B;
        case DISTILQA_TT_BFLOAT4_B: return ttnn::DataType::BFLOAT4_B;
        default: fail(DISTILQA_TT_INVALID_ARGUMENT, "an unknown dtype");
    }
}

OwnedTensor create_tensor(
    distilqa_tt_device& device, const distilqa_tt_tensor_spec& spec, const void* values, size_t bytes) {
    device.require_not_capturing("a tensor is created");
    validate(device, spec);
    const metal::Tensor host = on_host(device, spec, values, bytes);
    metal::Tensor value = host.to_device(&device.mesh(), memory_config(spec.memory));
    device.count_upload(device_bytes(value) * device.chips());
    device.sample_memory();
    return OwnedTensor(new distilqa_tt_tensor{&device, spec, std::move(value), /*from_host=*/true});
}

void write_tensor(distilqa_tt_tensor& tensor, const void* values, size_t bytes) {
    tensor.device->require_not_capturing("a tensor is written");
    require(tensor.from_host, "only a tensor made by distilqa_tt_tensor_create can be written");
    const metal::Tensor host = on_host(*tensor.device, tensor.spec, values, bytes);
    metal::write(host, tensor.value);
    tensor.device->count_upload(device_bytes(tensor.value) * tensor.device->chips());
}

void read_tensor(distilqa_tt_tensor& tensor, void* values, size_t bytes) {
    tensor.device->require_not_capturing("a tensor is read");
    require_pointer(values, "values");
    const uint64_t count = volume(tensor.spec);
    require(bytes == count * HOST_VALUE_BYTES, "bytes is not 4 * the product of the shape");
    // Into memory of our own first: the caller's stays as it is if reading fails.
    if (tensor.spec.dtype == DISTILQA_TT_UINT32) {
        std::vector<uint32_t> read(count);
        read_shards(tensor, read.data(), count);
        std::copy(read.begin(), read.end(), static_cast<uint32_t*>(values));
    } else {
        std::vector<float> read(count);
        read_shards(tensor, read.data(), count);
        std::copy(read.begin(), read.end(), static_cast<float*>(values));
    }
}

void free_tensor(distilqa_tt_tensor* tensor) {
    const OwnedTensor owner(tensor);
    owner->device->drop(tensor);
    owner->value.deallocate(/*force=*/true);
}

OwnedTensor wrap(
    distilqa_tt_device& device, metal::Tensor value, const std::array<uint32_t, 4>& shape, uint32_t memory,
    uint32_t distribution) {
    distilqa_tt_tensor_spec spec{};
    spec.struct_size = sizeof spec;
    spec.rank = static_cast<uint32_t>(shape.size());
    std::copy(shape.begin(), shape.end(), spec.shape);
    spec.dtype = value.dtype() == ttnn::DataType::BFLOAT8_B ? DISTILQA_TT_BFLOAT8_B : DISTILQA_TT_BFLOAT16;
    spec.layout = DISTILQA_TT_TILE;
    spec.memory = memory;
    spec.distribution = distribution;
    return OwnedTensor(new distilqa_tt_tensor{&device, spec, std::move(value), /*from_host=*/false});
}

}  // namespace distilqa
