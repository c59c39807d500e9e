package org.distilqa.device.onednn.binding;

import java.util.Arrays;

/** Makes oneDNN's memory descriptors: shape, type and strides of a tensor. The caller's scope owns them. */
public final class Tensors {
    private Tensors() {}

    /** A matrix, row by row, with {@code stride} elements from one row to the next. */
    public static long matrix(NativeScope scope, int type, long rows, long columns, long stride) {
        return strided(scope, type, new long[] {rows, columns}, new long[] {stride, 1});
    }

    /** A matrix whose layout oneDNN chooses. */
    public static long anyLayout(NativeScope scope, int type, long rows, long columns) {
        long[] handle = new long[1];
        OneDnn.check(
                OneDnn.dnnl_memory_desc_create_with_tag(handle, 2, sizes(rows, columns), type, OneDnn.FORMAT_ANY),
                "describe a matrix");
        return own(scope, handle);
    }

    /** A vector of float32. */
    static long vector(NativeScope scope, long length) {
        return strided(scope, OneDnn.F32, new long[] {length}, new long[] {1});
    }

    public static long strided(NativeScope scope, int type, long[] sizes, long[] strides) {
        long[] handle = new long[1];
        OneDnn.check(
                OneDnn.dnnl_memory_desc_create_with_strides(handle, sizes.length, sizes(sizes), type, sizes(strides)),
                "describe a tensor");
        return own(scope, handle);
    }

    /** Some columns of a matrix, in the matrix's own layout. */
    public static long columns(NativeScope scope, long matrix, long rows, long first, long columns) {
        long[] handle = new long[1];
        OneDnn.check(
                OneDnn.dnnl_memory_desc_create_submemory(handle, matrix, sizes(rows, columns), sizes(0, first)),
                "describe a part of a matrix");
        return own(scope, handle);
    }

    /** The bytes of an element of a type. */
    public static int bytes(int type) {
        return switch (type) {
            case OneDnn.F32 -> Float.BYTES;
            case OneDnn.BF16 -> Short.BYTES;
            default -> Byte.BYTES;
        };
    }

    static long copyOf(NativeScope scope, long descriptor) {
        long[] handle = new long[1];
        OneDnn.check(OneDnn.dnnl_memory_desc_clone(handle, descriptor), "copy a description");
        return own(scope, handle);
    }

    private static long own(NativeScope scope, long[] handle) {
        return scope.own(handle[0], OneDnn::dnnl_memory_desc_destroy);
    }

    /** oneDNN reads twelve of them, whatever the number of dimensions. */
    static long[] sizes(long... sizes) {
        return Arrays.copyOf(sizes, 12);
    }
}
