package org.distilqa.device.onednn.steps;

import org.distilqa.device.onednn.binding.Kernel;
import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.KernelCache;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tensors;
import org.distilqa.device.onednn.program.Lane;

/** The three kernels of self-attention for one {@link Shape}. Used by many lanes at once. */
public final class AttentionKernels implements KernelCache.Entry {
    /**
     * What is computed at once.
     *
     * @param heads how many heads
     * @param headSize the columns of a head
     * @param queries how many queries of each
     * @param keys how many keys, with some beyond the sequence's last, see {@link AttentionMask}
     * @param inputType oneDNN's type of the queries, keys and values, and of what the values are multiplied with
     * @param inputStride the elements from one row of queries, keys and values to the next
     * @param resultStride the elements from one row of the result to the next
     */
    record Shape(int heads, int headSize, int queries, int keys, int inputType, int inputStride, int resultStride) {}

    /** How many kernels a shape has. */
    static final int COUNT = 3;

    private final Shape shape;
    private final NativeScope scope;
    private final Kernel scores;
    private final Kernel softmax;
    private final Kernel context;

    /** Makes the kernels. */
    static AttentionKernels of(Shape shape, KernelBuilder.Target target) {
        NativeScope scope = new NativeScope();
        try {
            return new AttentionKernels(shape, target, scope);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    private AttentionKernels(Shape shape, KernelBuilder.Target target, NativeScope scope) {
        this.shape = shape;
        this.scope = scope;
        this.scores = scores(shape, scope, target).build();
        this.softmax = new KernelBuilder(scope, target)
                .softmax(scores(shape, OneDnn.F32, scope), scores(shape, shape.inputType(), scope))
                .build();
        this.context = context(shape, scope, target).build();
    }

    /** The products of queries and keys; arguments: mask, queries, keys, scores. */
    static KernelBuilder scores(Shape shape, NativeScope scope, KernelBuilder.Target target) {
        int keys = shape.keys();
        return new KernelBuilder(scope, target)
                .multiply(
                        rows(shape, shape.inputType(), shape.queries(), shape.inputStride(), scope),
                        Tensors.strided(
                                scope,
                                shape.inputType(),
                                new long[] {shape.heads(), shape.headSize(), keys},
                                new long[] {shape.headSize(), 1, shape.inputStride()}),
                        Tensors.strided(scope, OneDnn.F32, new long[] {1, 1, keys}, new long[] {keys, keys, 1}),
                        scores(shape, OneDnn.F32, scope));
    }

    /** The products of each key's share and value; arguments: shares, values, result. */
    static KernelBuilder context(Shape shape, NativeScope scope, KernelBuilder.Target target) {
        return new KernelBuilder(scope, target)
                .multiply(
                        scores(shape, shape.inputType(), scope),
                        rows(shape, shape.inputType(), shape.keys(), shape.inputStride(), scope),
                        rows(shape, OneDnn.F32, shape.queries(), shape.resultStride(), scope));
    }

    /** A number for each head, query and key, close together. */
    private static long scores(Shape shape, int type, NativeScope scope) {
        long queries = shape.queries();
        long keys = shape.keys();
        return Tensors.strided(
                scope, type, new long[] {shape.heads(), queries, keys}, new long[] {queries * keys, keys, 1});
    }

    /** Some columns for each head, side by side in rows. */
    private static long rows(Shape shape, int type, int rows, int stride, NativeScope scope) {
        return Tensors.strided(
                scope, type, new long[] {shape.heads(), rows, shape.headSize()}, new long[] {shape.headSize(), stride, 1
                });
    }

    /**
     * Computes the results of the queries whose first is at an address, and so are the keys, the values and the result; and the
     * mask, a number for each key.
     */
    void run(Lane lane, long mask, long queries, long keys, long values, long result) {
        long elements = (long) shape.heads() * shape.queries() * shape.keys();
        boolean inPlace = shape.inputType() == OneDnn.F32;
        long work = lane.work(elements * (Float.BYTES + (inPlace ? 0 : Tensors.bytes(shape.inputType()))));
        long shares = inPlace ? work : work + elements * Float.BYTES;
        scores.on(lane.stream())
                .set(0, mask)
                .set(1, queries)
                .set(2, keys)
                .set(3, work)
                .run();
        softmax.on(lane.stream()).set(0, work).set(1, shares).run();
        context.on(lane.stream()).set(0, shares).set(1, values).set(2, result).run();
    }

    @Override
    public void close() {
        scope.close();
    }
}
