package org.distilqa.device.onednn;

import com.sun.jna.Pointer;
import org.distilqa.device.TokenBatch;

/**
 * What the steps work on: some sequences of a batch, packed one after another without padding, and the buffers that all lanes
 * share. The buffers only grow, and are used again by the next pass. One run at a time uses it.
 */
final class Pass implements AutoCloseable {
    private final int blockRows;
    private final NativeBlock[] shared;
    private final NativeBlock[] local;
    private int[] starts = new int[0];
    private int[] tokens = new int[0];
    private int[] positions = new int[0];
    private int firstSequence;
    private int sequences;

    /**
     * A pass.
     *
     * @param blockRows the most rows that a lane takes at once
     * @param sharedBuffers how many buffers there are for places that are not local
     * @param localBuffers how many for those that are, where the rows are not worked on in blocks
     */
    Pass(int blockRows, int sharedBuffers, int localBuffers) {
        this.blockRows = blockRows;
        this.shared = new NativeBlock[sharedBuffers];
        this.local = new NativeBlock[localBuffers];
    }

    /** Sets the sequences {@code first} to {@code last - 1} of a batch as the ones to work on. */
    void begin(TokenBatch batch, int first, int last) {
        firstSequence = first;
        sequences = last - first;
        if (starts.length <= sequences) {
            starts = new int[sequences + 1];
        }
        for (int i = 0; i < sequences; i++) {
            starts[i + 1] = starts[i] + batch.length(first + i);
        }
        if (tokens.length < rows()) {
            tokens = new int[rows()];
            positions = new int[rows()];
        }
        for (int i = 0; i < sequences; i++) {
            batch.copy(first + i, tokens, starts[i]);
            for (int row = starts[i]; row < starts[i + 1]; row++) {
                positions[row] = row - starts[i];
            }
        }
    }

    /** Makes sure that a buffer is large enough for this pass, before lanes use it. */
    void reserve(Place place) {
        NativeBlock[] blocks = place.isLocal() ? local : shared;
        NativeBlock block = blocks[place.buffer()];
        // The last block may have rows that belong to no token, and the last sequence keys that it does not have.
        long bytes = (long) (rows() + Math.max(blockRows, KernelSizes.LARGEST_STEP)) * place.rowBytes();
        if (block == null || block.bytes() < bytes) {
            if (block != null) {
                blocks[place.buffer()] = null;
                block.close();
            }
            blocks[place.buffer()] = new NativeBlock(bytes, place.filler());
        }
    }

    long address(Place place, int row) {
        return block(place).address() + row * place.rowBytes();
    }

    /** For reading and writing arrays, from a row on. */
    Pointer pointer(Place place, int row) {
        return block(place).pointer().share(row * place.rowBytes());
    }

    private NativeBlock block(Place place) {
        return (place.isLocal() ? local : shared)[place.buffer()];
    }

    int blockRows() {
        return blockRows;
    }

    int sequences() {
        return sequences;
    }

    /** The index in the batch of a sequence of this pass. */
    int batchIndex(int sequence) {
        return firstSequence + sequence;
    }

    /** The row of a sequence's first token. */
    int start(int sequence) {
        return starts[sequence];
    }

    int length(int sequence) {
        return starts[sequence + 1] - starts[sequence];
    }

    /** The tokens of all sequences together. */
    int rows() {
        return starts[sequences];
    }

    /** The token of a row. */
    int token(int row) {
        return tokens[row];
    }

    /** The place of a row's token in its sequence. */
    int position(int row) {
        return positions[row];
    }

    static int roundUp(int value, int multiple) {
        return Math.multiplyExact((value + multiple - 1) / multiple, multiple);
    }

    @Override
    public void close() {
        for (NativeBlock[] blocks : new NativeBlock[][] {shared, local}) {
            for (NativeBlock block : blocks) {
                if (block != null) {
                    block.close();
                }
            }
        }
    }
}
