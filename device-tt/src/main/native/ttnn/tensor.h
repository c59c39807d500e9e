// Tensors: conversion on the host, upload, reading back.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "device.h"
#include "distilqa_tt.h"
#include "tt_version.h"

struct distilqa_tt_tensor {
    distilqa_tt_device* device;
    distilqa_tt_tensor_spec spec;  // of the whole mesh
    distilqa::metal::Tensor value;
    bool from_host;  // made by create, so that it may be written
};

namespace distilqa {

// Owned by the device as soon as the caller has it.
using OwnedTensor = std::unique_ptr<distilqa_tt_tensor>;

OwnedTensor create_tensor(
    distilqa_tt_device& device, const distilqa_tt_tensor_spec& spec, const void* values, size_t bytes);
void write_tensor(distilqa_tt_tensor& tensor, const void* values, size_t bytes);
void read_tensor(distilqa_tt_tensor& tensor, void* values, size_t bytes);
void free_tensor(distilqa_tt_tensor* tensor);

// An op's result, tiled, of this shape over the whole mesh; value is what one chip has of it.
OwnedTensor wrap(
    distilqa_tt_device& device, metal::Tensor value, const std::array<uint32_t, 4>& shape, uint32_t memory,
    uint32_t distribution);

ttnn::MemoryConfig memory_config(uint32_t memory);
ttnn::DataType data_type(uint32_t dtype);

}  // namespace distilqa
