package org.distilqa.device.onednn.steps;

import java.util.Arrays;
import org.distilqa.device.onednn.program.Blocking;
import org.distilqa.device.onednn.program.KernelSizes;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Pass;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Stage;
import org.distilqa.device.onednn.program.Workers;
import org.distilqa.graph.Op;
import org.distilqa.internal.PackedSequences;

/**
 * Self-attention of each sequence over its own keys, some queries of some heads at a time:
 *
 * <pre>
 *   scores  [heads, queries, keys] = Q [heads, queries, size] * transpose(K) [heads, size, keys] + mask [1, 1, keys]
 *   context [heads, queries, size] = softmax(scores) [heads, queries, keys] * V [heads, keys, size]
 * </pre>
 *
 * All operands are views of the matrix with queries, keys and values side by side; nothing is copied. The queries come
 * multiplied with the scale already, see {@link org.distilqa.device.onednn.program.LinearParameters}. Sequences of like lengths share kernels: of the keys, the last
 * may be masked, see {@link AttentionMask}.
 */
final class AttentionStep implements Stage {
    /** The scores that a lane works on stay in its cache: 256 KB. */
    private static final int MAX_SCORES = 64 * 1024;

    private static final int MAX_QUERIES = 128;
    private static final int TASKS_PER_LANE = 2;

    private final int heads;
    private final int headSize;
    private final Place input;
    private final Place result;
    private final AttentionMask mask;
    private final ProgramKernels cache;

    private AttentionKernels[] kernels = new AttentionKernels[0];
    private int[] lengths = new int[0];
    private int[] firstRows = new int[0];
    private int[] firstQueries = new int[0];
    private int[] firstHeads = new int[0];
    private int tasks;

    AttentionStep(Op.SelfAttention op, Place input, Place result, AttentionMask mask, ProgramKernels cache) {
        this.heads = op.heads();
        this.headSize = result.width() / heads;
        this.input = input;
        this.result = result;
        this.mask = mask;
        this.cache = cache;
    }

    @Override
    public void run(Pass pass, Workers workers, Lane[] lanes) {
        plan(pass, workers.count());
        clearBeyondTheLast(pass);
        workers.forEach(tasks, (task, worker) -> run(task, lanes[worker]));
    }

    /** What is left there of another pass need not be finite. */
    private void clearBeyondTheLast(Pass pass) {
        PackedSequences sequences = pass.sequences();
        int end = pass.rows();
        for (int i = 0; i < sequences.count(); i++) {
            end = Math.max(end, sequences.start(i) + KernelSizes.roundUp(sequences.length(i)));
        }
        if (end > pass.rows()) {
            pass.pointer(input, pass.rows()).setMemory(0, (end - pass.rows()) * input.rowBytes(), (byte) 0);
        }
    }

    /** Shares the work out: long sequences by queries, and all by heads until there is enough for every lane. */
    private void plan(Pass pass, int lanes) {
        tasks = 0;
        PackedSequences sequences = pass.sequences();
        int wanted = Math.max(1, Blocking.divideUp(TASKS_PER_LANE * lanes, sequences.count()));
        for (int i = 0; i < sequences.count(); i++) {
            int length = sequences.length(i);
            int keys = KernelSizes.roundUp(length);
            int queries = queries(length, keys);
            int blocks = Blocking.divideUp(length, queries);
            int together = headsTogether(queries * keys, Blocking.divideUp(wanted, blocks));
            for (int block = 0; block < blocks; block++) {
                // The last begins sooner than where the others end: some rows are computed twice, with the same result.
                int first = Math.min(block * queries, length - queries);
                plan(sequences.start(i), length, first, queries, keys, together);
            }
        }
    }

    /**
     * How many queries of a sequence are computed at once: never more than it has, for their results would lie in the next one's
     * place, and one number for all lengths that have the same number of keys, or next to one.
     */
    private static int queries(int length, int keys) {
        int blocks = Math.max(length == keys ? 1 : 2, Blocking.divideUp(keys, MAX_QUERIES));
        return Math.min(Blocking.divideUp(keys, blocks), length < keys / 2 ? Integer.highestOneBit(length) : length);
    }

    private int headsTogether(int scores, int parts) {
        int together = heads;
        while (together > 1 && (heads % together != 0 || together * scores > MAX_SCORES || heads / together < parts)) {
            together--;
        }
        return together;
    }

    private void plan(int firstRow, int length, int firstQuery, int queries, int keys, int together) {
        AttentionKernels shared = cache.get(new AttentionKernels.Shape(
                together, headSize, queries, keys, input.type(), input.stride(), result.stride()));
        for (int head = 0; head < heads; head += together) {
            if (tasks == kernels.length) {
                int more = Math.max(16, 2 * tasks);
                kernels = Arrays.copyOf(kernels, more);
                lengths = Arrays.copyOf(lengths, more);
                firstRows = Arrays.copyOf(firstRows, more);
                firstQueries = Arrays.copyOf(firstQueries, more);
                firstHeads = Arrays.copyOf(firstHeads, more);
            }
            kernels[tasks] = shared;
            lengths[tasks] = length;
            firstRows[tasks] = firstRow;
            firstQueries[tasks] = firstQuery;
            firstHeads[tasks] = head;
            tasks++;
        }
    }

    private void run(int task, Lane lane) {
        long firstColumn = (long) firstHeads[task] * headSize;
        long column = firstColumn * input.elementBytes();
        long part = (long) result.width() * input.elementBytes();
        int queryRow = firstRows[task] + firstQueries[task];
        long keys = lane.address(input, firstRows[task]) + part + column;
        kernels[task].run(
                lane,
                mask.address(lengths[task]),
                lane.address(input, queryRow) + column,
                keys,
                keys + part,
                lane.address(result, queryRow) + firstColumn * result.elementBytes());
    }
}
