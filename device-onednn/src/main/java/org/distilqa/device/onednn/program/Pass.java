package org.distilqa.device.onednn.program;

import com.sun.jna.Pointer;
import java.util.stream.Stream;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.onednn.binding.GrowingMemory;
import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.internal.PackedSequences;

/**
 * What the steps work on: some sequences of a batch, packed one after another without padding, and the buffers that all lanes
 * share. The buffers only grow, and are used again by the next pass. One run at a time uses it.
 */
public final class Pass implements AutoCloseable {
    private final int blockRows;
    private final GrowingMemory[] shared;
    private final GrowingMemory[] local;
    private final PackedSequences sequences = new PackedSequences();
    private int[] tokens = new int[0];
    private int[] positions = new int[0];
    private int[] types = new int[0];

    /**
     * A pass.
     *
     * @param blockRows the most rows that a lane takes at once
     * @param sharedBuffers how many buffers there are for places that are not local
     * @param localBuffers how many for those that are, where the rows are not worked on in blocks
     */
    public Pass(int blockRows, int sharedBuffers, int localBuffers) {
        this.blockRows = blockRows;
        this.shared = memories(sharedBuffers);
        this.local = memories(localBuffers);
    }

    /** Sets the sequences {@code first} to {@code last - 1} of a batch as the ones to work on. */
    public void begin(TokenBatch batch, int first, int last) {
        sequences.begin(first, last, batch::length);
        if (tokens.length < rows()) {
            tokens = new int[rows()];
            positions = new int[rows()];
            types = new int[rows()];
        }
        for (int i = 0; i < sequences.count(); i++) {
            int start = sequences.start(i);
            batch.copy(first + i, tokens, start);
            for (int position = 0; position < sequences.length(i); position++) {
                positions[start + position] = position;
                types[start + position] = batch.type(first + i, position);
            }
        }
    }

    /** Makes sure that a buffer is large enough for this pass, before lanes use it. */
    public void reserve(Place place) {
        // The last block may have rows that belong to no token, and the last sequence keys that it does not have.
        long rows = rows() + Math.max(blockRows, KernelSizes.LARGEST_STEP);
        memory(place).atLeast(rows * place.rowBytes(), place.filler());
    }

    long address(Place place, int row) {
        return block(place).address() + row * place.rowBytes();
    }

    /** For reading and writing arrays, from a row on. */
    public Pointer pointer(Place place, int row) {
        return block(place).pointer().share(row * place.rowBytes());
    }

    private NativeBlock block(Place place) {
        return memory(place).block();
    }

    private GrowingMemory memory(Place place) {
        return (place.isLocal() ? local : shared)[place.buffer()];
    }

    int blockRows() {
        return blockRows;
    }

    /** The sequences of this pass. */
    public PackedSequences sequences() {
        return sequences;
    }

    /** The tokens of all sequences together. */
    public int rows() {
        return sequences.rows();
    }

    /** The token of a row. */
    public int token(int row) {
        return tokens[row];
    }

    /** The place of a row's token in its sequence. */
    public int position(int row) {
        return positions[row];
    }

    /** The type of a row's token. */
    public int type(int row) {
        return types[row];
    }

    static int roundUp(int value, int multiple) {
        return Math.multiplyExact((value + multiple - 1) / multiple, multiple);
    }

    private static GrowingMemory[] memories(int count) {
        return Stream.generate(GrowingMemory::new).limit(count).toArray(GrowingMemory[]::new);
    }

    @Override
    public void close() {
        Stream.of(shared, local).flatMap(Stream::of).forEach(GrowingMemory::close);
    }
}
