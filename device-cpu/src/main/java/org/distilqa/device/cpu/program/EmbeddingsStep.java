package org.distilqa.device.cpu.program;

import java.util.Optional;
import org.distilqa.device.cpu.kernels.Kernels;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;
import org.distilqa.internal.PackedSequences;

/** Looks up the rows of the tokens, of their positions and, if there are any, of their types, and adds them. */
final class EmbeddingsStep implements Step {
    private final Table tokens;
    private final Table positions;
    private final Optional<Table> types;
    private final Output result;

    EmbeddingsStep(Op.Embeddings op, Output result, Parameters parameters) {
        this.tokens = new Table(op.tokens(), result.width(), parameters);
        this.positions = new Table(op.positions(), result.width(), parameters);
        this.types = op.types().map(table -> new Table(table, result.width(), parameters));
        this.result = result;
    }

    @Override
    public void run(Pass pass) {
        Kernels kernels = pass.kernels();
        PackedSequences sequences = pass.sequences();
        int width = result.width();
        result.fill(pass, (row, target, offset, worker) -> {
            int sequence = sequences.sequenceOf(row);
            int inBatch = sequences.batchIndex(sequence);
            int position = row - sequences.start(sequence);
            int token = pass.batch().token(inBatch, position);
            kernels.add(
                    tokens.block(token),
                    tokens.offset(token),
                    positions.block(position),
                    positions.offset(position),
                    target,
                    offset,
                    width);
            if (types.isPresent()) {
                int type = pass.batch().type(inBatch, position);
                Table table = types.get();
                kernels.add(target, offset, table.block(type), table.offset(type), target, offset, width);
            }
        });
    }

    /** The rows of an embedding table, in several arrays, because a vocabulary may be larger than one array can be. */
    private static final class Table {
        private static final int BLOCK_ELEMENTS = 1 << 24;

        private final float[][] blocks;
        private final int rowsPerBlock;
        private final int width;

        Table(Parameter parameter, int width, Parameters parameters) {
            this.width = width;
            this.rowsPerBlock = Math.max(1, BLOCK_ELEMENTS / width);
            int rows = Math.toIntExact(parameter.shape().dimensions().get(0));
            this.blocks = new float[(rows + rowsPerBlock - 1) / rowsPerBlock][];
            for (int i = 0; i < blocks.length; i++) {
                int first = i * rowsPerBlock;
                blocks[i] = new float[Math.min(rowsPerBlock, rows - first) * width];
                parameters.read(parameter.name(), (long) first * width, blocks[i], 0, blocks[i].length);
            }
        }

        float[] block(int row) {
            return blocks[row / rowsPerBlock];
        }

        int offset(int row) {
            return row % rowsPerBlock * width;
        }
    }
}
