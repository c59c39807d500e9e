package org.distilqa.device.cpu;

import java.util.Arrays;
import org.distilqa.graph.Op;

/**
 * Self-attention, a head of a sequence at a time. A thread keeps the scores of one panel of queries only, transposed: a row
 * for each key, a column for each query. So the softmax runs down the columns, many queries in one vector, and the scores are
 * the right operand of the second product as they stand:
 *
 * <pre>
 *   scores  [keys, queries]  = K [keys, size] * transpose(Q) [size, queries]
 *   context [size, queries]  = transpose(V) [size, keys] * softmax(scores)
 * </pre>
 */
final class AttentionStep implements Step {
    private final int heads;
    private final int headSize;
    private final float scale;
    private final Place input;
    private final Place result;

    AttentionStep(Op.SelfAttention op, Place input, Place result) {
        this.heads = op.heads();
        this.headSize = result.width() / heads;
        this.scale = (float) op.scale();
        this.input = input;
        this.result = result;
    }

    @Override
    public void run(Pass pass) {
        float[] queryKeyValue = pass.buffer(input);
        float[] target = pass.buffer(result);
        int tasks = pass.sequences() * heads;
        // With few heads for many threads, each head's queries are shared out, and its keys packed by each thread
        // again.
        int parts = Math.max(1, 2 * pass.workers().count() / tasks);
        pass.workers().forEach(tasks * parts, (index, worker) -> {
            int sequence = index / parts / heads;
            int head = index / parts % heads;
            new Head(pass, sequence, head, worker, queryKeyValue, target).run(index % parts, parts);
        });
    }

    /** One head of one sequence, in a thread's buffer. */
    private final class Head {
        private final Kernels kernels;
        private final int panelRows;
        private final int length;
        private final int panelQueries;
        private final int firstRow;
        private final int head;
        private final float[] source;
        private final float[] target;
        private final float[] keys;
        private final float[] values;
        private final float[] queries;
        private final float[] scores;
        private final float[] context;
        private final float[] reciprocals;

        Head(Pass pass, int sequence, int head, int worker, float[] source, float[] target) {
            this.kernels = pass.kernels();
            this.panelRows = kernels.panelRows();
            this.length = pass.length(sequence);
            this.panelQueries = kernels.panelColumns(length);
            this.firstRow = pass.start(sequence);
            this.head = head;
            this.source = source;
            this.target = target;
            int paddedLength = Pass.roundUp(length, panelRows);
            int paddedSize = Pass.roundUp(headSize, panelRows);
            this.keys = pass.threadBuffer(worker, 0, paddedLength * headSize);
            this.values = pass.threadBuffer(worker, 1, paddedSize * length);
            this.queries = pass.threadBuffer(worker, 2, headSize * panelQueries);
            this.scores = pass.threadBuffer(worker, 3, paddedLength * panelQueries);
            this.context = pass.threadBuffer(worker, 4, paddedSize * panelQueries);
            this.reciprocals = pass.threadBuffer(worker, 5, panelQueries);
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
            for (int key = 0; key < length; key++) {
                int from = offset(key, 1);
                int to = key / panelRows * panelRows * headSize + key % panelRows;
                for (int d = 0; d < headSize; d++) {
                    keys[to + d * panelRows] = source[from + d];
                }
            }
        }

        private void packValues() {
            for (int d = 0; d < headSize; d += panelRows) {
                int count = Math.min(panelRows, headSize - d);
                for (int key = 0; key < length; key++) {
                    System.arraycopy(source, offset(key, 2) + d, values, d * length + key * panelRows, count);
                }
            }
        }

        private void attend(int firstQuery, int count) {
            for (int query = 0; query < count; query++) {
                int from = offset(firstQuery + query, 0);
                for (int d = 0; d < headSize; d++) {
                    queries[d * panelQueries + query] = source[from + d];
                }
            }
            multiply(keys, length, queries, headSize, scores);
            kernels.exponentials(scores, length, panelQueries, scale, reciprocals);
            multiply(values, headSize, scores, length, context);
            for (int query = 0; query < count; query++) {
                int to = (firstRow + firstQuery + query) * result.stride() + head * headSize;
                float factor = reciprocals[query];
                for (int d = 0; d < headSize; d++) {
                    target[to + d] = context[d * panelQueries + query] * factor;
                }
            }
        }

        private void multiply(float[] left, int rows, float[] right, int depth, float[] product) {
            Arrays.fill(product, 0, Pass.roundUp(rows, panelRows) * panelQueries, 0);
            for (int row = 0; row < rows; row += panelRows) {
                kernels.multiplyAdd(
                        left,
                        row * depth,
                        Math.min(panelRows, rows - row),
                        right,
                        0,
                        panelQueries,
                        depth,
                        product,
                        row * panelQueries,
                        panelQueries);
            }
        }
    }
}
