package org.distilqa.device.onednn.steps;

import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.KernelStream;
import org.distilqa.device.onednn.binding.NativeArena;
import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tensors;
import org.distilqa.device.onednn.program.LinearParameters;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.device.onednn.program.QuantizedMatrix;

/**
 * The weights of a linear map in oneDNN's own layout, the only copy of them, and its biases.
 *
 * <p>In int8 (see {@link org.distilqa.device.onednn.program.Quantization}), there is a scale for each output, and where the input has a zero point, some columns more
 * than the checkpoint's.
 */
public final class LinearWeights {
    /** The widest block of columns in oneDNN's layouts. */
    private static final int PART_OUTPUTS = 64;

    private final LinearShape shape;
    private final long descriptor;
    private final long weights;
    private final NativeBlock bias;
    private final NativeBlock scales;
    private final long[] partAddresses;

    private LinearWeights(LinearShape shape, NativeArena arena, KernelBuilder.Target target) {
        this.shape = shape;
        int outputs = shape.outputs();
        this.descriptor = shape.bestLayout(arena.scope(), target);
        this.weights = arena.allocate(OneDnn.dnnl_memory_desc_get_size(descriptor));
        this.bias = arena.scope().allocate((long) outputs * Float.BYTES);
        this.scales = shape.precision() == Precision.INT8 ? arena.scope().allocate((long) outputs * Float.BYTES) : null;
        this.partAddresses = new long[outputs % PART_OUTPUTS == 0 ? outputs / PART_OUTPUTS : 1];
        for (int part = 0; part < partAddresses.length; part++) {
            partAddresses[part] = weights
                    + (part == 0
                            ? 0
                            : offset(part * partOutputs())
                                    * Tensors.bytes(shape.precision().weightType()));
        }
    }

    private long offset(int output) {
        try (NativeScope temporary = new NativeScope();
                NativeBlock offset = new NativeBlock(Long.BYTES)) {
            long part = Tensors.columns(temporary, descriptor, shape.depth(), output, shape.outputs() - output);
            OneDnn.check(
                    OneDnn.dnnl_memory_desc_query(part, OneDnn.QUERY_SUBMEMORY_OFFSET, offset.pointer()),
                    "find some columns");
            return offset.pointer().getLong(0);
        }
    }

    /** The weights in float32 or bfloat16. */
    public static LinearWeights floats(
            LinearParameters parameters,
            Precision precision,
            NativeArena arena,
            KernelBuilder.Target target,
            KernelStream stream) {
        int depth = parameters.depth();
        int outputs = parameters.outputs();
        LinearWeights result = new LinearWeights(new LinearShape(precision, depth, outputs), arena, target);
        result.bias.pointer().write(0, parameters.bias(), 0, outputs);
        try (NativeBlock plain = new NativeBlock((long) depth * outputs * Float.BYTES)) {
            float[] row = new float[depth];
            for (int output = 0; output < outputs; output++) {
                parameters.read(output, row);
                plain.pointer().write((long) output * depth * Float.BYTES, row, 0, depth);
            }
            result.reorder(plain, OneDnn.F32, target, stream);
        }
        return result;
    }

    /** The weights in int8. */
    static LinearWeights quantized(
            QuantizedMatrix matrix, NativeArena arena, KernelBuilder.Target target, KernelStream stream) {
        int depth = matrix.paddedDepth();
        int outputs = matrix.outputs();
        LinearWeights result = new LinearWeights(new LinearShape(Precision.INT8, depth, outputs), arena, target);
        result.bias.pointer().write(0, matrix.bias(), 0, outputs);
        result.scales.pointer().write(0, matrix.scales(), 0, outputs);
        try (NativeBlock plain = new NativeBlock((long) depth * outputs)) {
            byte[] row = new byte[depth];
            for (int output = 0; output < outputs; output++) {
                matrix.read(output, row);
                plain.pointer().write((long) output * depth, row, 0, depth);
            }
            result.reorder(plain, OneDnn.S8, target, stream);
        }
        return result;
    }

    /** Brings the weights into oneDNN's layout, from one with the inputs of an output side by side. */
    private void reorder(NativeBlock plain, int type, KernelBuilder.Target target, KernelStream stream) {
        try (NativeScope temporary = new NativeScope()) {
            int depth = shape.depth();
            long source = Tensors.strided(temporary, type, new long[] {depth, shape.outputs()}, new long[] {1, depth});
            new KernelBuilder(temporary, target)
                    .reorder(source, descriptor)
                    .build()
                    .on(stream)
                    .set(0, plain.address())
                    .set(1, weights)
                    .run();
        }
    }

    /** Its depth includes the columns that are always the same. */
    LinearShape shape() {
        return shape;
    }

    /** Into how many parts the outputs can be shared out. */
    int parts() {
        return partAddresses.length;
    }

    /** How many outputs a part has. */
    int partOutputs() {
        return shape.outputs() / partAddresses.length;
    }

    /** Where the weights of a part's outputs are. */
    long partAddress(int part) {
        return partAddresses[part];
    }

    NativeBlock bias() {
        return bias;
    }

    NativeBlock scales() {
        return scales;
    }
}
