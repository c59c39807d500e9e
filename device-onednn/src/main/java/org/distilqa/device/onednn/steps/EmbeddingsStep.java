package org.distilqa.device.onednn.steps;

import com.sun.jna.Pointer;
import java.util.Optional;
import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Pass;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Step;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;

/** Looks up the rows of the tokens, of their positions and, if there are any, of their types, and adds them. */
final class EmbeddingsStep implements Step {
    private static final int COPY_ELEMENTS = 1 << 20;

    private final NativeBlock tokens;
    private final float[] positions;
    private final Optional<float[]> types;
    private final Place result;

    EmbeddingsStep(Op.Embeddings op, Place result, NativeScope scope, Parameters parameters) {
        this.tokens = copy(op.tokens(), scope, parameters);
        this.positions = parameters.read(op.positions());
        this.types = op.types().map(parameters::read);
        this.result = result;
    }

    private static NativeBlock copy(Parameter parameter, NativeScope scope, Parameters parameters) {
        long elements = parameter.shape().elements();
        NativeBlock block = scope.allocate(elements * Float.BYTES);
        float[] part = new float[(int) Math.min(elements, COPY_ELEMENTS)];
        for (long from = 0; from < elements; from += part.length) {
            int count = (int) Math.min(part.length, elements - from);
            parameters.read(parameter.name(), from, part, 0, count);
            block.pointer().write(from * Float.BYTES, part, 0, count);
        }
        return block;
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        Pass pass = lane.pass();
        int width = result.width();
        float[] sum = lane.floats(width);
        int end = Math.min(row + rows, pass.rows());
        Pointer target = new Pointer(lane.address(result, row));
        for (int r = row; r < end; r++) {
            tokens.pointer().read((long) pass.token(r) * width * Float.BYTES, sum, 0, width);
            addRow(positions, pass.position(r), sum, width);
            if (types.isPresent()) {
                addRow(types.get(), pass.type(r), sum, width);
            }
            target.write((r - row) * result.rowBytes(), sum, 0, width);
        }
    }

    private static void addRow(float[] table, int row, float[] sum, int width) {
        int from = row * width;
        for (int i = 0; i < width; i++) {
            sum[i] += table[from + i];
        }
    }
}
