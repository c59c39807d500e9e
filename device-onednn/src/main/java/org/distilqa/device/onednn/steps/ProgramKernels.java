package org.distilqa.device.onednn.steps;

import org.distilqa.device.onednn.binding.Kernel;
import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.KernelCache;
import org.distilqa.device.onednn.binding.NativeScope;

/**
 * The kernels of a program's steps: one for each kind, number of rows (see {@link org.distilqa.device.onednn.program.KernelSizes}) and of columns where those are
 * shared out too; and those of self-attention, for each shape. Steps that do the same, as those of each layer do, share theirs.
 * Safe for use by many threads.
 */
public final class ProgramKernels implements AutoCloseable {
    /** Those of twenty numbers of rows, of a dozen kinds each. A matrix product takes some 600 KB. */
    private static final int MOST_OF_ROWS = 256;

    /** For one number of sequences in a pass, lengths up to 512 have 32 shapes or a few more. */
    private static final int MOST_SHAPES_OF_ATTENTION = 64;

    /** How many stay between two passes, at most. */
    public static final int MOST = MOST_OF_ROWS + AttentionKernels.COUNT * MOST_SHAPES_OF_ATTENTION;

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
    private final KernelCache<Shape, Made> ofRows = new KernelCache<>(MOST_OF_ROWS, this::make);
    private final KernelCache<AttentionKernels.Shape, AttentionKernels> ofAttention =
            new KernelCache<>(MOST_SHAPES_OF_ATTENTION, this::make);

    /** None yet. */
    public ProgramKernels(KernelBuilder.Target target) {
        this.target = target;
    }

    /** What makes them, and others of the same device. */
    public KernelBuilder.Target target() {
        return target;
    }

    /** A kernel, which stays until {@link #trim()}. */
    Kernel get(Kind kind, int rows, int columns) {
        return ofRows.get(new Shape(kind, rows, columns)).kernel();
    }

    /** A kernel of all columns. */
    Kernel get(Kind kind, int rows) {
        return get(kind, rows, 0);
    }

    /** Those of self-attention, which stay until {@link #trim()}. */
    AttentionKernels get(AttentionKernels.Shape shape) {
        return ofAttention.get(shape);
    }

    private AttentionKernels make(AttentionKernels.Shape shape) {
        return AttentionKernels.of(shape, target);
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
    public void trim() {
        ofRows.trim();
        ofAttention.trim();
    }

    /** How many there are. */
    public int count() {
        return ofRows.size() + AttentionKernels.COUNT * ofAttention.size();
    }

    @Override
    public void close() {
        ofRows.close();
        ofAttention.close();
    }
}
