package org.distilqa.device.onednn;

/** The three kernels of self-attention for one {@link Shape}. Used by many lanes at once. */
final class AttentionKernels implements KernelCache.Entry {
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

    /** How many shapes a program keeps kernels for: for one number of sequences in a pass, lengths up to 512 have 32 or a few more. */
    static final int CAPACITY = 96;

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
        int heads = shape.heads();
        int size = shape.headSize();
        int queries = shape.queries();
        int keys = shape.keys();
        int stride = shape.inputStride();
        int type = shape.inputType();
        long scoresTensor = tensor(OneDnn.F32, heads, queries, keys, (long) queries * keys, keys, 1);
        long sharesTensor = tensor(type, heads, queries, keys, (long) queries * keys, keys, 1);
        scores = new KernelBuilder(scope, target)
                .multiply(
                        tensor(type, heads, queries, size, size, stride, 1),
                        tensor(type, heads, size, keys, size, 1, stride),
                        tensor(OneDnn.F32, 1, 1, keys, keys, keys, 1),
                        scoresTensor);
        softmax = new KernelBuilder(scope, target).softmax(scoresTensor, sharesTensor);
        context = new KernelBuilder(scope, target)
                .multiply(
                        sharesTensor,
                        tensor(type, heads, keys, size, size, stride, 1),
                        tensor(OneDnn.F32, heads, queries, size, size, shape.resultStride(), 1));
    }

    private long tensor(
            int type, long first, long second, long third, long firstStride, long secondStride, long thirdStride) {
        return Tensors.strided(
                scope, type, new long[] {first, second, third}, new long[] {firstStride, secondStride, thirdStride});
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
        scores.on(lane).set(0, mask).set(1, queries).set(2, keys).set(3, work).run(lane);
        softmax.on(lane).set(0, work).set(1, shares).run(lane);
        context.on(lane).set(0, shares).set(1, values).set(2, result).run(lane);
    }

    @Override
    public void close() {
        scope.close();
    }
}
