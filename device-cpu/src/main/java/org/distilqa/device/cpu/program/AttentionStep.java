package org.distilqa.device.cpu.program;

import java.util.Arrays;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.graph.Op;

/**
 * Self-attention, a head of a sequence at a time, over blocks of keys with an online softmax. Scores exist only of one block of
 * keys for one panel of queries, transposed: a row for each key, a column for each query. So the softmax runs down the columns,
 * many queries in one vector, and the scores are the right operand of the second product as they stand:
 *
 * <pre>
 *   scores  [keys, queries]   = K [keys, size] * transpose(Q) [size, queries]
 *   context [size, queries]  += transpose(V) [size, keys] * exp(scores - maxima)
 * </pre>
 */
final class AttentionStep implements Step {
    /** The scores of so many keys stay in the first-level cache. */
    private static final int KEYS_PER_BLOCK = 128;

    private final int heads;
    private final int headSize;
    private final float scale;
    private final Place input;
    private final Output result;

    AttentionStep(Op.SelfAttention op, Place input, Output result) {
        this.heads = op.heads();
        this.headSize = result.width() / heads;
        this.scale = (float) op.scale();
        this.input = input;
        this.result = result;
    }

    @Override
    public void run(Pass pass) {
        int tasks = pass.sequences().count() * heads;
        // With few heads for many threads, each head's queries are shared out, and its keys packed by each thread
        // again.
        int parts = Math.max(1, 2 * pass.workers().count() / tasks);
        Head[] own = new Head[pass.workers().count()];
        pass.workers().forEach(tasks * parts, (index, worker) -> {
            if (own[worker] == null) {
                own[worker] = new Head(pass, worker);
            }
            own[worker].begin(index / parts / heads, index / parts % heads);
            own[worker].run(index % parts, parts);
        });
    }

    /** One head of one sequence, in a thread's buffers. */
    private final class Head {
        private final Pass pass;
        private final int worker;
        private final Kernels kernels;
        private final int panelRows;
        private final int paddedSize;
        private final int keysPerBlock;
        private final float[] source;
        private int length;
        private int panelQueries;
        private int firstRow;
        private int head;
        private float[] keys;
        private float[] values;
        private float[] queries;
        private float[] scores;
        private float[] context;
        private float[] maxima;
        private float[] sums;
        private float[] factors;

        Head(Pass pass, int worker) {
            this.pass = pass;
            this.worker = worker;
            this.kernels = pass.kernels(worker);
            this.panelRows = kernels.panelRows();
            this.paddedSize = Pass.roundUp(headSize, panelRows);
            this.keysPerBlock = Pass.roundUp(KEYS_PER_BLOCK, panelRows);
            this.source = pass.buffer(input);
        }

        void begin(int sequence, int head) {
            this.head = head;
            firstRow = pass.sequences().start(sequence);
            length = pass.sequences().length(sequence);
            panelQueries = kernels.panelColumns(length);
            keys = pass.threadBuffer(worker, 0, Pass.roundUp(length, panelRows) * headSize);
            values = pass.threadBuffer(worker, 1, paddedSize * length);
            queries = pass.threadBuffer(worker, 2, headSize * panelQueries);
            scores = pass.threadBuffer(worker, 3, keysPerBlock * panelQueries);
            context = pass.threadBuffer(worker, 4, paddedSize * panelQueries);
            maxima = pass.threadBuffer(worker, 5, panelQueries);
            sums = pass.threadBuffer(worker, 6, panelQueries);
            factors = pass.threadBuffer(worker, 7, panelQueries);
        }

        void run(int part, int parts) {
            int panels = (length + panelQueries - 1) / panelQueries;
            int first = panels * part / parts;
            int end = panels * (part + 1) / parts;
            if (first == end) {
                return;
            }
            packKeys();
            packValues();
            for (int panel = first; panel < end; panel++) {
                int query = panel * panelQueries;
                attend(query, Math.min(panelQueries, length - query));
            }
        }

        /** The place of a token's query (kind 0), key (1) or value (2) in the input. */
        private int offset(int token, int kind) {
            return (firstRow + token) * input.stride() + kind * result.width() + head * headSize;
        }

        private void packKeys() {
            for (int key = 0; key < length; key += panelRows) {
                int rows = Math.min(panelRows, length - key);
                Interleave.rows(
                        source, offset(key, 1), input.stride(), rows, headSize, keys, key * headSize, panelRows);
            }
        }

        private void packValues() {
            for (int key = 0; key < length; key++) {
                System.arraycopy(source, offset(key, 2), values, key * paddedSize, headSize);
            }
        }

        private void attend(int firstQuery, int count) {
            Interleave.rows(source, offset(firstQuery, 0), input.stride(), count, headSize, queries, 0, panelQueries);
            Arrays.fill(context, 0);
            Arrays.fill(sums, 0);
            Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
            for (int key = 0; key < length; key += keysPerBlock) {
                attendTo(key, Math.min(keysPerBlock, length - key));
            }
            for (int query = 0; query < panelQueries; query++) {
                factors[query] = 1 / sums[query];
            }
            kernels.multiplyColumns(context, headSize, panelQueries, factors);
            put(firstQuery, count);
        }

        /** Takes a block of keys into the context of a panel of queries. */
        private void attendTo(int firstKey, int count) {
            Arrays.fill(scores, 0, Pass.roundUp(count, panelRows) * panelQueries, 0);
            for (int key = 0; key < count; key += panelRows) {
                kernels.multiplyAdd(
                        keys,
                        (firstKey + key) * headSize,
                        panelRows,
                        Math.min(panelRows, count - key),
                        queries,
                        0,
                        panelQueries,
                        headSize,
                        scores,
                        key * panelQueries,
                        panelQueries);
            }
            kernels.onlineSoftmax(scores, count, panelQueries, scale, maxima, sums, factors);
            if (firstKey > 0) {
                kernels.multiplyColumns(context, headSize, panelQueries, factors);
            }
            for (int d = 0; d < headSize; d += panelRows) {
                kernels.multiplyAdd(
                        values,
                        firstKey * paddedSize + d,
                        paddedSize,
                        Math.min(panelRows, headSize - d),
                        scores,
                        0,
                        panelQueries,
                        count,
                        context,
                        d * panelQueries,
                        panelQueries);
            }
        }

        /** Puts the context of some queries where it belongs. */
        private void put(int firstQuery, int count) {
            Place rows = result.rows();
            Place panels = result.panels();
            int column = head * headSize;
            for (int query = 0; query < count; query++) {
                int row = firstRow + firstQuery + query;
                if (!rows.isNone()) {
                    copy(query, 1, pass.buffer(rows), row * rows.stride() + column, 1);
                }
            }
            int query = 0;
            while (query < count && !panels.isNone()) {
                int row = firstRow + firstQuery + query;
                int inPanel = row % panelRows;
                int run = Math.min(panelRows - inPanel, count - query);
                int panel = (row - inPanel) * panels.stride() + column * panelRows;
                copy(query, run, pass.buffer(panels), panel + inPanel, panelRows);
                query += run;
            }
        }

        /** Copies the columns of some queries, an element of each at a time. */
        private void copy(int query, int run, float[] target, int to, int step) {
            if (run == 8) {
                Interleave.eightColumns(context, query, panelQueries, headSize, target, to, step);
                return;
            }
            for (int d = 0; d < headSize; d++) {
                for (int i = 0; i < run; i++) {
                    target[to + d * step + i] = context[d * panelQueries + query + i];
                }
            }
        }
    }
}
