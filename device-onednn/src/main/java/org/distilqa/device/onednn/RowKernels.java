package org.distilqa.device.onednn;

/**
 * The kernels of a program's steps: one for each kind, number of rows (see {@link KernelSizes}) and of columns where those are
 * shared out too. Steps that do the same, as those of each layer do, share theirs. Safe for use by many threads.
 */
final class RowKernels implements AutoCloseable {
    /** Those of twenty numbers of rows, of a dozen kinds each. A matrix product takes some 600 KB. */
    static final int CAPACITY = 256;

    /** What a kernel does, but for how many rows: a record, so that those which do the same are equal. */
    interface Kind {
        /** Describes a kernel of this kind; what it needs belongs to the scope. */
        KernelBuilder describe(NativeScope scope, KernelBuilder.Target target, int rows, int columns);
    }

    private record Shape(Kind kind, int rows, int columns) {}

    private record Made(Kernel kernel, NativeScope scope) implements KernelCache.Entry {
        @Override
        public void close() {
            scope.close();
        }
    }

    private final KernelBuilder.Target target;
    private final KernelCache<Shape, Made> cache = new KernelCache<>(CAPACITY, this::make);

    RowKernels(KernelBuilder.Target target) {
        this.target = target;
    }

    /** A kernel, which stays until {@link #trim()}. */
    Kernel get(Kind kind, int rows, int columns) {
        return cache.get(new Shape(kind, rows, columns)).kernel();
    }

    /** A kernel of all columns. */
    Kernel get(Kind kind, int rows) {
        return get(kind, rows, 0);
    }

    private Made make(Shape shape) {
        NativeScope scope = new NativeScope();
        try {
            return new Made(
                    shape.kind()
                            .describe(scope, target, shape.rows(), shape.columns())
                            .build(),
                    scope);
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** Lets go those not used for longest. Called between two passes. */
    void trim() {
        cache.trim();
    }

    int size() {
        return cache.size();
    }

    @Override
    public void close() {
        cache.close();
    }
}
