package org.distilqa.device.onednn.tiles;

import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.Tiles;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Step;

/** Makes the input of a linear map on the tile unit of a result in another form. */
final class TileConvertStep implements Step {
    private static final int SOURCE_IS_BFLOAT16 = 8;
    private static final int KIND = 16;
    private static final int SHIFT = 24;
    private static final int BYTES = 32;

    private final Place input;
    private final TileInput result;
    private final NativeBlock conversion;

    /**
     * A step.
     *
     * @param input float32 or bfloat16
     * @param shift what is added to each value first
     * @param result where the result goes
     * @param scope what holds the step's memory
     */
    TileConvertStep(Place input, float shift, TileInput result, NativeScope scope) {
        this.input = input;
        this.result = result;
        this.conversion = scope.allocate(BYTES);
        conversion.pointer().setLong(0, input.width());
        conversion.pointer().setLong(SOURCE_IS_BFLOAT16, input.type() == OneDnn.BF16 ? 1 : 0);
        conversion.pointer().setLong(KIND, result.kind());
        conversion.pointer().setFloat(SHIFT, shift);
    }

    @Override
    public void run(Lane lane, int row, int rows) {
        Tiles.distilqa_tiles_convert(
                conversion.address(),
                rows,
                lane.address(input, row),
                lane.address(result.values(), row),
                result.scales().map(scales -> lane.address(scales, row)).orElse(0L));
    }
}
