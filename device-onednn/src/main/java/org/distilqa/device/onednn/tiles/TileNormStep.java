package org.distilqa.device.onednn.tiles;

import java.util.Optional;
import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.Tiles;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Step;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;

/** Normalises each row, and makes the input of the linear maps after it in the same go. */
final class TileNormStep implements Step {
    private static final int WIDTH = 16;
    private static final int CONVERTED = 24;
    private static final int EPSILON = 32;
    private static final int BYTES = 40;

    private final Place input;
    private final Place result;
    private final Optional<TileInput> converted;
    private final NativeBlock norm;

    /**
     * A step.
     *
     * @param op the layer norm
     * @param input float32
     * @param result float32; may be the place of the input
     * @param converted where the result also goes in another form, if anywhere
     * @param scope what holds the step's memory
     * @param parameters where the values are
     */
    TileNormStep(
            Op.LayerNorm op,
            Place input,
            Place result,
            Optional<TileInput> converted,
            NativeScope scope,
            Parameters parameters) {
        this.input = input;
        this.result = result;
        this.converted = converted;
        this.norm = scope.allocate(BYTES);
        norm.pointer().setLong(0, scope.copyOf(parameters.read(op.weight())).address());
        norm.pointer()
                .setLong(Long.BYTES, scope.copyOf(parameters.read(op.bias())).address());
        norm.pointer().setLong(WIDTH, result.width());
        norm.pointer().setLong(CONVERTED, converted.map(TileInput::kind).orElse(Tiles.NOTHING));
        norm.pointer().setFloat(EPSILON, (float) op.epsilon());
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        Tiles.distilqa_tiles_norm(
                norm.address(),
                rows,
                lane.address(input, row),
                lane.address(result, row),
                converted.map(to -> lane.address(to.values(), row)).orElse(0L),
                converted
                        .flatMap(TileInput::scales)
                        .map(scales -> lane.address(scales, row))
                        .orElse(0L));
    }
}
