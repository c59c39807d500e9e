package org.distilqa.device.onednn;

import java.util.List;

/** What one thread has for itself during the runs of a program: a stream, scratch memory, and buffers for a block of rows. */
final class Lane implements AutoCloseable {
    private final int index;
    private final Pass pass;
    private final long stream;
    private final NativeScope scope = new NativeScope();
    private final long[] blocks;
    private NativeBlock scratch;
    private NativeBlock work;
    private int firstRow;
    private boolean inBlock;
    private float[] floats = new float[0];
    private float[] otherFloats = new float[0];
    private int[] ints = new int[0];

    /**
     * A lane.
     *
     * @param index which, from 0
     * @param engine the engine
     * @param pass the runs that it takes part in
     * @param locals the place in each local buffer
     */
    Lane(int index, long engine, Pass pass, List<Place> locals) {
        this.index = index;
        this.pass = pass;
        long[] handle = new long[1];
        OneDnn.check(OneDnn.dnnl_stream_create(handle, engine, OneDnn.IN_ORDER), "make a stream");
        this.stream = scope.own(handle[0], OneDnn::dnnl_stream_destroy);
        this.blocks = new long[locals.size()];
        NativeArena arena = new NativeArena(scope);
        try {
            for (int i = 0; i < blocks.length; i++) {
                Place place = locals.get(i);
                blocks[i] = arena.allocate(pass.blockRows() * place.rowBytes(), place.filler());
            }
        } catch (RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    int index() {
        return index;
    }

    long stream() {
        return stream;
    }

    Pass pass() {
        return pass;
    }

    /** From now on, local places are in this lane's own buffers, with this row first. */
    void beginBlock(int row) {
        firstRow = row;
        inBlock = true;
    }

    /** From now on, local places are in buffers that all lanes share. */
    void endBlock() {
        inBlock = false;
    }

    /** Where a row of a place is. */
    long address(Place place, int row) {
        return place.isLocal() && inBlock
                ? blocks[place.buffer()] + (row - firstRow) * place.rowBytes()
                : pass.address(place, row);
    }

    /** Memory for what a kernel keeps while it runs. */
    long scratch(long bytes) {
        if (scratch == null || scratch.bytes() < bytes) {
            scratch = grown(scratch, bytes);
        }
        return scratch.address();
    }

    /** Memory for what a step keeps from one of its kernels to the next. */
    long work(long bytes) {
        if (work == null || work.bytes() < bytes) {
            work = grown(work, bytes);
        }
        return work.address();
    }

    private static NativeBlock grown(NativeBlock old, long bytes) {
        NativeBlock block = new NativeBlock(bytes);
        if (old != null) {
            old.close();
        }
        return block;
    }

    /** An array of at least this length, with anything in it. */
    float[] floats(int length) {
        if (floats.length < length) {
            floats = new float[length];
        }
        return floats;
    }

    /** As {@link #floats}, but another. */
    float[] otherFloats(int length) {
        if (otherFloats.length < length) {
            otherFloats = new float[length];
        }
        return otherFloats;
    }

    /** An array of at least this length, with anything in it. */
    int[] ints(int length) {
        if (ints.length < length) {
            ints = new int[length];
        }
        return ints;
    }

    @Override
    public void close() {
        if (scratch != null) {
            scratch.close();
        }
        if (work != null) {
            work.close();
        }
        scope.close();
    }
}
