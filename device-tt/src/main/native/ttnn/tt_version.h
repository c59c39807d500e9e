// All of TT-NN that this library uses, and what differs between its versions: written against tt-metal of February 2026
// and, where a later one is known to differ, for that too. Everything else here calls TT-NN by what this header gives. Of the
// later versions single headers were read (attention, embedding, concatenated heads, traces, the compute configuration), not
// matmul, layer norm, eltwise, typecast, reshape, the mesh device or its allocator.
//
//   February 2026                                   later in 2026
//   ops are function objects (register_operation)   plain functions of the same names and arguments; called alike
//   concatenate_heads needs a memory config         it may be left out; given here always
//   embedding                                       the same
//   DeviceComputeKernelConfig is a variant          one struct, which WormholeComputeKernelConfig names too
//   MathFidelity in the global namespace            in tt::tt_metal; named here by the config's member
//   split_..._heads has six parameters              a seventh, with a default
//   SDPAProgramConfig has six members               more, which keep their defaults
//   mesh.allocator() is a pointer                   not known to differ; allocator_of takes a reference too
//   TensorSpec and its kin in ttnn/tensor           moved to tt-metalium/experimental/tensor/spec; included by tensor.hpp
#pragma once

#include <tt-metalium/allocator.hpp>
#include <tt-metalium/buffer_types.hpp>
#include <tt-metalium/cluster.hpp>
#include <tt-metalium/dispatch_core_common.hpp>
#include <tt-metalium/distributed.hpp>
#include <tt-metalium/host_api.hpp>
#include <tt-metalium/mesh_device.hpp>
#include <ttnn/distributed/api.hpp>
#include <ttnn/distributed/distributed_tensor.hpp>
#include <ttnn/operations/copy/typecast/typecast.hpp>
#include <ttnn/operations/core/compute_kernel/compute_kernel_config.hpp>
#include <ttnn/operations/data_movement/reshape_view/reshape.hpp>
#include <ttnn/operations/eltwise/binary/binary.hpp>
#include <ttnn/operations/embedding/embedding.hpp>
#include <ttnn/operations/matmul/matmul.hpp>
#include <ttnn/operations/normalization/layernorm/layernorm.hpp>
#include <ttnn/operations/trace.hpp>
#include <ttnn/operations/transformer/concatenate_heads/concatenate_heads.hpp>
#include <ttnn/operations/transformer/sdpa/sdpa.hpp>
#include <ttnn/operations/transformer/split_query_key_value_and_split_heads/split_query_key_value_and_split_heads.hpp>
#include <ttnn/tensor/tensor.hpp>
#include <ttnn/tensor/tensor_ops.hpp>
#include <ttnn/types.hpp>

#if __has_include(<tt-metalium/experimental/tensor/spec/tensor_spec.hpp>)
#include <tt-metalium/experimental/tensor/spec/tensor_spec.hpp>
#else
#include <ttnn/tensor/layout/tensor_layout.hpp>
#include <ttnn/tensor/tensor_spec.hpp>
#endif

namespace distilqa::metal {

using Mesh = ttnn::MeshDevice;
using Tensor = ttnn::Tensor;
using TraceId = tt::tt_metal::distributed::MeshTraceId;
using BufferType = tt::tt_metal::BufferType;
using Activation = ttnn::operations::unary::UnaryWithParam;
using MatmulProgramConfig = ttnn::operations::matmul::MatmulProgramConfig;
using MatmulOnGrid = ttnn::operations::matmul::MatmulMultiCoreReuseMultiCastProgramConfig;
using MatmulInOneDimension = ttnn::operations::matmul::MatmulMultiCoreReuseMultiCast1DProgramConfig;
using MathFidelity = decltype(ttnn::WormholeComputeKernelConfig::math_fidelity);

template <typename Device>
const auto& allocator_of(const Device& mesh) {
    const auto& allocator = mesh.allocator();
    if constexpr (requires { *allocator; }) {
        return *allocator;
    } else {
        return allocator;
    }
}

// Other values for a device tensor, in the same buffers. Moved from tt::tt_metal to ttnn.
namespace transfer {
using namespace tt::tt_metal;
using namespace ttnn;
inline void write(const Tensor& host, Tensor& device) { copy_to_device(host, device); }
}  // namespace transfer
using transfer::write;

// A capture that failed at its end leaves its size in the mesh's account of the trace region, where the mesh has one.
template <typename Device>
uint64_t trace_bytes(const Device& mesh) {
    if constexpr (requires { mesh.get_trace_buffers_size(); }) {
        return mesh.get_trace_buffers_size();
    } else {
        return 0;
    }
}

template <typename Device>
void set_trace_bytes(Device& mesh, uint64_t bytes) {
    if constexpr (requires { mesh.set_trace_buffers_size(0u); }) {
        mesh.set_trace_buffers_size(static_cast<uint32_t>(bytes));
    }
}

}  // namespace distilqa::metal
