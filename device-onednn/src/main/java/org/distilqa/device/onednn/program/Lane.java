package org.distilqa.device.onednn.program;

import java.util.List;
import org.distilqa.device.onednn.binding.GrowingMemory;
import org.distilqa.device.onednn.binding.KernelStream;
import org.distilqa.device.onednn.binding.NativeArena;
import org.distilqa.device.onednn.binding.NativeScope;

/** What one thread has for itself during the runs of a program: a stream, and memory for a step and for a block of rows. */
public final class Lane implements AutoCloseable {
    private final Pass pass;
    private final KernelStream stream;
    private final NativeScope scope = new NativeScope();
    private final long[] blocks;
    private final GrowingMemory work = new GrowingMemory();
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
    public Lane(int index, long engine, Pass pass, List<Place> locals) {
        this.pass = pass;
        this.stream = new KernelStream(index, engine);
        this.blocks = new long[locals.size()];
        NativeArena arena = new NativeArena(scope);
        try {
            for (int i = 0; i < blocks.length; i++) {
                Place place = locals.get(i);
                blocks[i] = arena.allocate(pass.blockRows() * place.rowBytes(), place.filler());
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    public KernelStream stream() {
        return stream;
    }

    public Pass pass() {
        return pass;
    }

    /** From now on, local places are in this lane's own buffers, with this row first. */
    public void beginBlock(int row) {
        firstRow = row;
        inBlock = true;
    }

    /** From now on, local places are in buffers that all lanes share. */
    void endBlock() {
        inBlock = false;
    }

    /** Where a row of a place is. */
    public long address(Place place, int row) {
        return place.isLocal() && inBlock
                ? blocks[place.buffer()] + (row - firstRow) * place.rowBytes()
                : pass.address(place, row);
    }

    /** Memory for what a step keeps from one of its kernels to the next. */
    public long work(long bytes) {
        return work.atLeast(bytes).address();
    }

    /** An array of at least this length, with anything in it. */
    public float[] floats(int length) {
        if (floats.length < length) {
            floats = new float[length];
        }
        return floats;
    }

    /** As {@link #floats}, but another. */
    public float[] otherFloats(int length) {
        if (otherFloats.length < length) {
            otherFloats = new float[length];
        }
        return otherFloats;
    }

    /** An array of at least this length, with anything in it. */
    public int[] ints(int length) {
        if (ints.length < length) {
            ints = new int[length];
        }
        return ints;
    }

    @Override
    public void close() {
        stream.close();
        work.close();
        scope.close();
    }
}
