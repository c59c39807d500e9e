package org.distilqa.device.onednn.tiles;

import org.distilqa.device.onednn.binding.NativeArena;
import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.Tensors;
import org.distilqa.device.onednn.binding.Tiles;
import org.distilqa.device.onednn.program.LinearParameters;
import org.distilqa.device.onednn.program.Precision;
import org.distilqa.device.onednn.program.QuantizedMatrix;
import org.distilqa.graph.Activation;

/** The weights of a linear map in panels for {@link Tiles}, the only copy of them, and what goes with them. */
final class TileWeights {
    private final Precision precision;
    private final int depth;
    private final int outputs;
    private final long address;
    private final NativeBlock bias;
    private final NativeBlock scales;

    private TileWeights(Precision precision, int depth, int outputs, float[] bias, float[] scales, NativeArena arena) {
        this.precision = precision;
        this.depth = depth;
        this.outputs = outputs;
        this.address = arena.allocate((long) outputs * depth * Tensors.bytes(precision.weightType()));
        this.bias = arena.scope().copyOf(bias);
        this.scales = arena.scope().copyOf(scales);
    }

    /** Whether there can be panels of a map of this shape with this activation. */
    static boolean areFor(Precision precision, int depth, int outputs, Activation activation) {
        return depth * Tensors.bytes(precision.weightType()) % 64 == 0
                && outputs % Tiles.PANEL_OUTPUTS == 0
                && activation != Activation.SILU;
    }

    /** The weights in bfloat16. */
    static TileWeights floats(LinearParameters parameters, NativeArena arena) {
        int depth = parameters.depth();
        TileWeights result = new TileWeights(
                Precision.BFLOAT16, depth, parameters.outputs(), parameters.bias(), new float[0], arena);
        float[] row = new float[depth];
        result.pack(Float.BYTES, (plain, column, output) -> {
            parameters.read(output, row);
            plain.pointer().write((long) column * depth * Float.BYTES, row, 0, depth);
        });
        return result;
    }

    /** The weights in int8. */
    static TileWeights quantized(QuantizedMatrix matrix, NativeArena arena) {
        int depth = matrix.paddedDepth();
        TileWeights result =
                new TileWeights(Precision.INT8, depth, matrix.outputs(), matrix.bias(), matrix.scales(), arena);
        byte[] row = new byte[depth];
        result.pack(Byte.BYTES, (plain, column, output) -> {
            matrix.read(output, row);
            plain.pointer().write((long) column * depth, row, 0, depth);
        });
        return result;
    }

    /** Writes the weights of an output in its place of 32. */
    private interface Reader {
        void read(NativeBlock plain, int column, int output);
    }

    private void pack(int elementBytes, Reader reader) {
        try (NativeBlock plain = new NativeBlock((long) Tiles.PANEL_OUTPUTS * depth * elementBytes)) {
            long panelBytes = (long) Tiles.PANEL_OUTPUTS * depth * Tensors.bytes(precision.weightType());
            for (int panel = 0; panel < panels(); panel++) {
                for (int column = 0; column < Tiles.PANEL_OUTPUTS; column++) {
                    reader.read(plain, column, panel * Tiles.PANEL_OUTPUTS + column);
                }
                Tiles.distilqa_tiles_pack(
                        plain.address(), depth, precision == Precision.BFLOAT16 ? 1 : 0, address + panel * panelBytes);
            }
        }
    }

    int depth() {
        return depth;
    }

    int panels() {
        return outputs / Tiles.PANEL_OUTPUTS;
    }

    long address() {
        return address;
    }

    NativeBlock bias() {
        return bias;
    }

    NativeBlock scales() {
        return scales;
    }
}
