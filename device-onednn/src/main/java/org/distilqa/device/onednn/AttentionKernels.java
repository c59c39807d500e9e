package org.distilqa.device.onednn;

/** The three kernels of self-attention for one {@link Shape}. Used by many lanes at once. */
final class AttentionKernels implements AutoCloseable {
    /**
     * What is computed at once.
     *
     * @param heads how many heads
     * @param headSize the columns of a head
     * @param queries how many queries of each
     * @param keys the length of the sequence
     * @param inputStride the elements from one row of queries, keys and values to the next
     * @param resultStride the elements from one row of the result to the next
     */
    record Shape(int heads, int headSize, int queries, int keys, int inputStride, int resultStride) {}

    private final Shape shape;
    private final NativeScope scope = new NativeScope();
    private final Kernel scores;
    private final Kernel softmax;
    private final Kernel context;

    AttentionKernels(Shape shape, KernelBuilder.Target target) {
        this.shape = shape;
        int heads = shape.heads();
        int size = shape.headSize();
        int queries = shape.queries();
        int keys = shape.keys();
        int stride = shape.inputStride();
        long scoresTensor = tensor(heads, queries, keys, (long) queries * keys, keys, 1);
        scores = new KernelBuilder(scope, target)
                .multiply(
                        tensor(heads, queries, size, size, stride, 1),
                        tensor(heads, size, keys, size, 1, stride),
                        scoresTensor);
        softmax = new KernelBuilder(scope, target).softmax(scoresTensor, scoresTensor);
        context = new KernelBuilder(scope, target)
                .multiply(
                        scoresTensor,
                        tensor(heads, keys, size, size, stride, 1),
                        tensor(heads, queries, size, size, shape.resultStride(), 1));
    }

    private long tensor(long first, long second, long third, long firstStride, long secondStride, long thirdStride) {
        return Tensors.strided(
                scope, OneDnn.F32, new long[] {first, second, third}, new long[] {firstStride, secondStride, thirdStride
                });
    }

    /** Computes the results of the queries whose first is at an address, and so are the keys, the values and the result. */
    void run(Lane lane, long queries, long keys, long values, long result) {
        long work = lane.work((long) shape.heads() * shape.queries() * shape.keys() * Float.BYTES);
        scores.on(lane).set(0, queries).set(1, keys).set(2, work).run(lane);
        softmax.on(lane).set(0, work).set(1, work).run(lane);
        context.on(lane).set(0, work).set(1, values).set(2, result).run(lane);
    }

    @Override
    public void close() {
        scope.close();
    }
}
