package org.distilqa.device.onednn.tiles;

import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.Tiles;
import org.distilqa.device.onednn.program.Blocking;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Pass;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Stage;
import org.distilqa.device.onednn.program.Workers;
import org.distilqa.graph.Op;
import org.distilqa.internal.PackedSequences;

/**
 * Self-attention on the tile unit, some heads of a sequence at a time: scores, softmax and the sums of values, for 32 queries each, stay
 * in a core's cache. The queries come multiplied with the scale and with {@link #LOG2_E}, so that the softmax is one of
 * powers of two.
 */
final class TileAttentionStage implements Stage {
    /** The logarithm of e to base 2. */
    static final double LOG2_E = 1 / Math.log(2);

    private static final int TASKS_PER_LANE = 4;
    private static final int HEAD_COLUMNS = 32;

    private final int heads;
    private final int headSize;
    private final Place input;
    private final Place result;
    private final NativeBlock attention;

    TileAttentionStage(Op.SelfAttention op, Place input, Place result, NativeScope scope) {
        this.heads = op.heads();
        this.headSize = result.width() / heads;
        this.input = input;
        this.result = result;
        this.attention = scope.allocate(2L * Long.BYTES);
        attention.pointer().write(0, new long[] {result.width(), headSize}, 0, 2);
    }

    /** Whether heads of this size fit the tiles. */
    static boolean isFor(int headSize) {
        return headSize % HEAD_COLUMNS == 0;
    }

    @Override
    public void run(Pass pass, Workers workers, Lane[] lanes) {
        PackedSequences sequences = pass.sequences();
        int parts = parts(Blocking.divideUp(TASKS_PER_LANE * workers.count(), sequences.count()));
        int together = heads / parts;
        workers.forEach(sequences.count() * parts, (task, worker) -> {
            int sequence = task / parts;
            int length = sequences.length(sequence);
            Lane lane = lanes[worker];
            Tiles.distilqa_tiles_attention(
                    attention.address(),
                    length,
                    (long) task % parts * together,
                    together,
                    lane.address(input, sequences.start(sequence)),
                    lane.address(result, sequences.start(sequence)),
                    lane.work(Tiles.distilqa_tiles_attention_work(length, headSize)));
        });
    }

    /** Into how many tasks of like size the heads of a sequence are shared out, so that there are as many as wanted. */
    private int parts(int wanted) {
        int parts = Math.min(heads, wanted);
        while (heads % parts != 0) {
            parts++;
        }
        return parts;
    }
}
