package org.distilqa.device.onednn.tiles;

import java.util.Optional;
import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tiles;
import org.distilqa.device.onednn.program.ColumnStep;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.graph.Activation;

/** A linear map on the tile unit, with its bias, its activation and the sum with what is there (the residual connection). */
final class TileLinearStep implements ColumnStep {
    private static final int FIELDS = 10;

    private final TileWeights weights;
    private final TileInput input;
    private final Place result;
    private final NativeBlock map;

    /**
     * A step.
     *
     * @param weights the map
     * @param activation what is applied to each output
     * @param input where the input is
     * @param isAdded whether the result is added to what is there
     * @param result where the result goes
     * @param scope what holds the step's memory
     */
    TileLinearStep(
            TileWeights weights,
            Activation activation,
            TileInput input,
            boolean isAdded,
            Place result,
            NativeScope scope) {
        this.weights = weights;
        this.input = input;
        this.result = result;
        this.map = scope.allocate((long) FIELDS * Long.BYTES);
        long[] fields = {
            weights.address(),
            weights.bias().address(),
            weights.scales().address(),
            weights.depth(),
            input.kind(),
            number(activation),
            input.values().rowBytes(),
            result.rowBytes(),
            result.type() == OneDnn.BF16 ? 1 : 0,
            isAdded ? 1 : 0
        };
        map.pointer().write(0, fields, 0, FIELDS);
    }

    private static int number(Activation activation) {
        return switch (activation) {
            case NONE -> Tiles.NONE;
            case RELU -> Tiles.RELU;
            case GELU -> Tiles.GELU;
            case GELU_TANH -> Tiles.GELU_TANH;
            case SILU -> throw new IllegalArgumentException("there is no silu on tiles");
        };
    }

    @Override
    public int parts() {
        return weights.panels();
    }

    @Override
    public void run(Lane lane, int row, int rows, int first, int end) {
        Optional<Place> scales = input.scales();
        Tiles.distilqa_tiles_linear(
                map.address(),
                rows,
                first,
                end,
                lane.address(input.values(), row),
                scales.isPresent() ? lane.address(scales.get(), row) : 0,
                lane.address(result, row));
    }
}
