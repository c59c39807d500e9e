package org.distilqa.device.onednn.binding;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.distilqa.DeviceException;

/**
 * The functions of oneDNN's C interface that the device uses, by JNA's direct mapping, with their own names. Handles and
 * addresses are plain numbers, so that a call allocates nothing. {@link OneDnnLibrary} loads the library and binds it. oneDNN's headers, {@code dnnl.h} and {@code dnnl_types.h}, say what each does; the constants are theirs too, and stay the
 * same within a major version.
 */
public final class OneDnn {
    static final int SUCCESS = 0;
    static final int OUT_OF_MEMORY = 1;
    static final int UNIMPLEMENTED = 3;

    public static final int CPU = 1;
    static final int IN_ORDER = 1;

    public static final int BF16 = 2;
    public static final int F32 = 3;
    public static final int S8 = 5;
    public static final int U8 = 6;

    static final int FORMAT_ANY = 1;
    static final int FORWARD_INFERENCE = 96;
    static final int SCRATCHPAD_USER = 1;
    static final int USE_SCALE = 2;
    static final int USE_SHIFT = 4;

    public static final int ELTWISE_RELU = 32;
    public static final int ELTWISE_ABS = 36;
    public static final int ELTWISE_LINEAR = 38;
    public static final int ELTWISE_GELU_TANH = 43;
    public static final int ELTWISE_SWISH = 44;
    public static final int ELTWISE_GELU_ERF = 49;
    public static final int BINARY_ADD = 131056;
    public static final int BINARY_MUL = 131057;
    static final int POOLING_MAX = 0x1ff;
    static final int SOFTMAX_ACCURATE = 196608;

    static final int QUERY_IMPLEMENTATION = 8;
    static final int QUERY_WEIGHTS = 131;
    static final int QUERY_SCRATCHPAD = 136;
    public static final int QUERY_SUBMEMORY_OFFSET = 259;

    static final int ARG_SRC = 1;
    static final int ARG_SRC_1 = 2;
    static final int ARG_DST = 17;
    static final int ARG_WEIGHTS = 33;
    static final int ARG_BIAS = 41;
    static final int ARG_SCALE = 51;
    static final int ARG_SHIFT = 52;
    static final int ARG_SCRATCHPAD = 80;
    static final int ARG_ATTR_SCALES = 4096;

    private OneDnn() {}

    static void bind(NativeLibrary library) {
        Native.register(OneDnn.class, library);
    }

    /**
     * Throws what a status other than success stands for.
     *
     * @param status what a function gave
     * @param what what it was to do, for the message
     * @throws DeviceException unless the status is success
     */
    public static void check(int status, String what) {
        if (status == SUCCESS) {
            return;
        }
        String reason = switch (status) {
            case OUT_OF_MEMORY -> "out of memory";
            case 2 -> "invalid arguments";
            case UNIMPLEMENTED -> "not implemented for this processor";
            case 4 -> "the last implementation was reached";
            case 5 -> "a runtime error";
            default -> "status " + status;
        };
        throw new DeviceException("oneDNN could not " + what + ": " + reason);
    }

    static native Pointer dnnl_version();

    public static native int dnnl_get_effective_cpu_isa();

    static native int dnnl_set_primitive_cache_capacity(int capacity);

    public static native int dnnl_engine_create(long[] engine, int kind, long index);

    public static native int dnnl_engine_destroy(long engine);

    static native int dnnl_stream_create(long[] stream, long engine, int flags);

    static native int dnnl_stream_destroy(long stream);

    static native int dnnl_memory_desc_create_with_strides(
            long[] descriptor, int dimensions, long[] sizes, int type, long[] strides);

    static native int dnnl_memory_desc_create_with_tag(
            long[] descriptor, int dimensions, long[] sizes, int type, int tag);

    static native int dnnl_memory_desc_create_submemory(long[] descriptor, long parent, long[] sizes, long[] offsets);

    static native int dnnl_memory_desc_clone(long[] descriptor, long existing);

    public static native int dnnl_memory_desc_query(long descriptor, int what, Pointer result);

    public static native long dnnl_memory_desc_get_size(long descriptor);

    static native int dnnl_memory_desc_destroy(long descriptor);

    static native int dnnl_memory_create(long[] memory, long descriptor, long engine, long address);

    static native int dnnl_memory_set_data_handle(long memory, long address);

    static native int dnnl_memory_destroy(long memory);

    static native int dnnl_primitive_attr_create(long[] attributes);

    static native int dnnl_primitive_attr_set_scratchpad_mode(long attributes, int mode);

    static native int dnnl_primitive_attr_set_scales_mask(long attributes, int argument, int mask);

    static native int dnnl_primitive_attr_set_scales(
            long attributes, int argument, int mask, int dimensions, long[] group, int type);

    static native int dnnl_primitive_attr_set_post_ops(long attributes, long postOps);

    static native int dnnl_primitive_attr_destroy(long attributes);

    static native int dnnl_post_ops_create(long[] postOps);

    static native int dnnl_post_ops_append_eltwise(long postOps, int algorithm, float alpha, float beta);

    static native int dnnl_post_ops_append_sum(long postOps, float scale, int zeroPoint, int type);

    static native int dnnl_post_ops_destroy(long postOps);

    static native int dnnl_matmul_primitive_desc_create(
            long[] primitive, long engine, long source, long weights, long bias, long result, long attributes);

    static native int dnnl_layer_normalization_forward_primitive_desc_create(
            long[] primitive,
            long engine,
            int kind,
            long source,
            long result,
            long statistics,
            float epsilon,
            int flags,
            long attributes);

    static native int dnnl_softmax_forward_primitive_desc_create(
            long[] primitive,
            long engine,
            int kind,
            int algorithm,
            long source,
            long result,
            int axis,
            long attributes);

    static native int dnnl_binary_primitive_desc_create(
            long[] primitive, long engine, int algorithm, long left, long right, long result, long attributes);

    static native int dnnl_eltwise_forward_primitive_desc_create(
            long[] primitive,
            long engine,
            int kind,
            int algorithm,
            long source,
            long result,
            float alpha,
            float beta,
            long attributes);

    static native int dnnl_pooling_forward_primitive_desc_create(
            long[] primitive,
            long engine,
            int kind,
            int algorithm,
            long source,
            long result,
            long[] strides,
            long[] window,
            long[] dilation,
            long[] paddingBefore,
            long[] paddingAfter,
            long attributes);

    static native int dnnl_reorder_primitive_desc_create(
            long[] primitive, long source, long sourceEngine, long result, long resultEngine, long attributes);

    static native int dnnl_primitive_desc_query(long descriptor, int what, int index, Pointer result);

    static native long dnnl_primitive_desc_query_md(long descriptor, int what, int index);

    static native int dnnl_primitive_desc_destroy(long descriptor);

    static native int dnnl_primitive_create(long[] primitive, long descriptor);

    static native int dnnl_primitive_execute(long primitive, long stream, int count, long arguments);

    static native int dnnl_primitive_destroy(long primitive);
}
