package org.distilqa.device.onednn.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.jna.Pointer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.distilqa.device.conformance.ReferenceNetwork;
import org.distilqa.device.onednn.binding.NativeArena;
import org.distilqa.device.onednn.binding.NativeBlock;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.OneDnnLibrary;
import org.distilqa.device.onednn.binding.Tiles;
import org.distilqa.device.onednn.program.GivenParameters;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Pass;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Places;
import org.distilqa.device.onednn.program.Quantization;
import org.distilqa.device.onednn.program.QuantizedMatrix;
import org.distilqa.graph.Activation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each function of the library for the tile unit beside the same in doubles, on the values that it gets, rounded as it gets them. */
@EnabledIf(
        value = "org.distilqa.device.onednn.FastPrecisions#tiles",
        disabledReason = "this processor has no tile unit (AMX), or the library for it was not built")
class TilesTest {
    private static final int DEPTH = 192;
    private static final int OUTPUTS = 96;
    /** Those of a lane's buffers: what a map reads beyond the last row is there. */
    private static final int BLOCK_ROWS = 256;
    /** Half a unit in the last place of bfloat16. */
    private static final double ROUNDING = 1.0 / 256;

    private final Random random = new Random(11);
    private final NativeScope scope = new NativeScope();

    private final long[] engine = new long[1];

    @BeforeEach
    void bind() {
        OneDnnLibrary.acquire();
        OneDnn.check(OneDnn.dnnl_engine_create(engine, OneDnn.CPU, 0), "make an engine");
    }

    @AfterEach
    void unbind() {
        scope.close();
        OneDnn.dnnl_engine_destroy(engine[0]);
        OneDnnLibrary.release();
    }

    private static float bfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }

    private float[] gaussians(int count, double size) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = bfloat16(bfloat16((float) (random.nextGaussian() * size)));
        }
        return values;
    }

    private static short[] halves(float[] values) {
        short[] halves = new short[values.length];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = bfloat16(values[i]);
        }
        return halves;
    }

    /** A lane with a block of rows in these places. */
    private Lane lane(Places places) {
        Lane lane = new Lane(0, engine[0], new Pass(BLOCK_ROWS, 0, 0), places.locals());
        lane.beginBlock(0);
        return lane;
    }

    private static Pointer at(Lane lane, Place place) {
        return new Pointer(lane.address(place, 0));
    }

    private static void write(Lane lane, Place place, float[] values) {
        if (place.type() == OneDnn.BF16) {
            at(lane, place).write(0, halves(values), 0, values.length);
        } else {
            at(lane, place).write(0, values, 0, values.length);
        }
    }

    private static float[] read(Lane lane, Place place, int length) {
        float[] read = new float[length];
        if (place.type() == OneDnn.BF16) {
            short[] halves = new short[length];
            at(lane, place).read(0, halves, 0, length);
            for (int i = 0; i < length; i++) {
                read[i] = bfloat16(halves[i]);
            }
        } else {
            at(lane, place).read(0, read, 0, length);
        }
        return read;
    }

    @ParameterizedTest
    @CsvSource({"NONE, 1", "NONE, 16", "NONE, 17", "RELU, 40", "GELU, 33", "GELU, 192", "GELU_TANH, 100"})
    void multipliesAsInDoubles(Activation activation, int rows) {
        float[] weights = gaussians(OUTPUTS * DEPTH, 0.2);
        float[] bias = gaussians(OUTPUTS, 1);
        float[] input = gaussians(rows * DEPTH, 1);
        TileWeights packed = TileWeights.floats(GivenParameters.linear(DEPTH, weights, bias), new NativeArena(scope));
        for (boolean isAdded : new boolean[] {false, true}) {
            int type = isAdded ? OneDnn.F32 : OneDnn.BF16;
            Places places = new Places();
            Place from = places.take(true, DEPTH, DEPTH, OneDnn.BF16, (byte) 0);
            Place to = places.take(true, OUTPUTS, OUTPUTS, type, (byte) 0);
            TileLinearStep step = new TileLinearStep(
                    packed, activation, new TileInput(Tiles.BFLOAT16, from, Optional.empty()), isAdded, to, scope);
            float[] before = gaussians((rows + 1) * OUTPUTS, 1);
            float[] actual;
            try (Lane lane = lane(places)) {
                write(lane, from, input);
                write(lane, to, before);
                step.run(lane, 0, rows);
                actual = read(lane, to, before.length);
            }
            for (int i = 0; i < rows * OUTPUTS; i++) {
                double sum = bias[i % OUTPUTS];
                for (int k = 0; k < DEPTH; k++) {
                    sum += (double) input[i / OUTPUTS * DEPTH + k] * weights[i % OUTPUTS * DEPTH + k];
                }
                double expected = ReferenceNetwork.activate(activation, sum) + (isAdded ? before[i] : 0);
                assertThat((double) actual[i])
                        .as("%d of %d rows, added: %s", i, rows, isAdded)
                        .isCloseTo(expected, within(1e-4 + (isAdded ? 0 : Math.abs(expected) * ROUNDING)));
            }
            assertThat(Arrays.copyOfRange(actual, rows * OUTPUTS, before.length))
                    .as("what is beyond the last row")
                    .containsExactly(Arrays.copyOfRange(before, rows * OUTPUTS, before.length));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 1", "true, 33", "false, 16", "false, 70"})
    void multipliesBytesExactly(boolean isSigned, int rows) {
        float[] weights = gaussians(OUTPUTS * DEPTH, 1);
        float[] bias = gaussians(OUTPUTS, 1);
        Quantization quantization =
                isSigned ? Quantization.signed() : Quantization.unsigned(true, Quantization.GELU_SHIFT);
        QuantizedMatrix matrix = QuantizedMatrix.of(GivenParameters.linear(DEPTH, weights, bias), quantization);
        assertThat(matrix.paddedDepth()).isEqualTo(DEPTH);
        TileWeights packed = TileWeights.quantized(matrix, new NativeArena(scope));
        byte[] bytes = new byte[(rows + 32) * DEPTH];
        random.nextBytes(bytes);
        float[] scales = gaussians(rows, 0.01);
        Places places = new Places();
        Place from = places.take(true, DEPTH, DEPTH, OneDnn.U8, (byte) 0);
        Place scale = places.take(true, 1);
        Place to = places.take(true, OUTPUTS);
        TileInput rowsIn = new TileInput(isSigned ? Tiles.SIGNED : Tiles.UNSIGNED, from, Optional.of(scale));
        TileLinearStep step = new TileLinearStep(packed, Activation.NONE, rowsIn, false, to, scope);
        float[] actual;
        try (Lane lane = lane(places)) {
            at(lane, from).write(0, bytes, 0, bytes.length);
            write(lane, scale, scales);
            step.run(lane, 0, rows);
            actual = read(lane, to, rows * OUTPUTS);
        }
        byte[] row = new byte[DEPTH];
        for (int i = 0; i < actual.length; i++) {
            matrix.read(i % OUTPUTS, row);
            int sum = 0;
            for (int k = 0; k < DEPTH; k++) {
                byte value = bytes[i / OUTPUTS * DEPTH + k];
                sum += (isSigned ? value : value & 0xff) * row[k];
            }
            double expected =
                    (double) sum * matrix.scales()[i % OUTPUTS] * scales[i / OUTPUTS] + matrix.bias()[i % OUTPUTS];
            assertThat((double) actual[i]).isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 17, 32, 33, 100, 384, 512})
    void attendsToTheKeysOfTheSequenceAlone(int length) {
        for (int headSize : new int[] {32, 64}) {
            int heads = 2;
            int width = heads * headSize;
            float[] values = gaussians(length * 3 * width, 1);
            NativeBlock input = scope.allocate((long) (length + 32) * 3 * width * Short.BYTES);
            input.pointer().write(0, halves(values), 0, values.length);
            // What comes next is another sequence's, and no number.
            for (int i = values.length; i < values.length + 32 * 3 * width; i++) {
                input.pointer().setShort((long) i * Short.BYTES, bfloat16(Float.NaN));
            }
            NativeBlock result = scope.allocate((long) length * width * Short.BYTES);
            NativeBlock attention = scope.allocate(2L * Long.BYTES);
            attention.pointer().write(0, new long[] {width, headSize}, 0, 2);
            NativeBlock work = scope.allocate(Tiles.distilqa_tiles_attention_work(length, headSize));
            for (int head = 0; head < heads; head++) {
                Tiles.distilqa_tiles_attention(
                        attention.address(), length, head, 1, input.address(), result.address(), work.address());
            }
            for (int query = 0; query < length; query++) {
                for (int column = 0; column < width; column++) {
                    int head = column / headSize;
                    double sum = 0;
                    double weighted = 0;
                    for (int key = 0; key < length; key++) {
                        double score = 0;
                        for (int i = 0; i < headSize; i++) {
                            int at = head * headSize + i;
                            score += (double) values[query * 3 * width + at] * values[(key * 3 + 1) * width + at];
                        }
                        double share = Math.pow(2, score);
                        sum += share;
                        weighted += share * values[(key * 3 + 2) * width + column];
                    }
                    // The shares are rounded to bfloat16, each by itself, and so is the result.
                    assertThat((double)
                                    bfloat16(result.pointer().getShort(((long) query * width + column) * Short.BYTES)))
                            .as("query %d of %d, column %d of heads of %d", query, length, column, headSize)
                            .isCloseTo(weighted / sum, within(0.02));
                }
            }
        }
    }

    @Test
    void normalisesAndQuantisesARowAtATime() {
        int width = 192;
        int rows = 5;
        float[] input = gaussians(rows * width, 3);
        Arrays.fill(input, width, 2 * width, 7f);
        float[] weight = gaussians(width, 1);
        float[] bias = gaussians(width, 1);
        NativeBlock norm = scope.allocate(40);
        norm.pointer().setLong(0, scope.copyOf(weight).address());
        norm.pointer().setLong(8, scope.copyOf(bias).address());
        norm.pointer().setLong(16, width);
        norm.pointer().setLong(24, Tiles.SIGNED);
        norm.pointer().setFloat(32, 1e-12f);
        NativeBlock result = scope.allocate((long) rows * width * Float.BYTES);
        NativeBlock bytes = scope.allocate((long) rows * width);
        NativeBlock scales = scope.allocate((long) rows * Float.BYTES);
        Tiles.distilqa_tiles_norm(
                norm.address(),
                rows,
                scope.copyOf(input).address(),
                result.address(),
                bytes.address(),
                scales.address());
        for (int row = 0; row < rows; row++) {
            double mean = 0;
            double variance = 0;
            for (int i = 0; i < width; i++) {
                mean += input[row * width + i] / (double) width;
            }
            for (int i = 0; i < width; i++) {
                variance += Math.pow(input[row * width + i] - mean, 2) / width;
            }
            float scale = scales.pointer().getFloat((long) row * Float.BYTES);
            float largest = 0;
            for (int i = 0; i < width; i++) {
                float actual = result.pointer().getFloat((long) (row * width + i) * Float.BYTES);
                double expected = (input[row * width + i] - mean) / Math.sqrt(variance + 1e-12) * weight[i] + bias[i];
                assertThat((double) actual).isCloseTo(expected, within(1e-4));
                assertThat(bytes.pointer().getByte(row * width + i) * scale).isCloseTo(actual, within(scale * 0.501f));
                largest = Math.max(largest, Math.abs(actual));
            }
            assertThat(scale).isEqualTo(largest / 127);
        }
    }

    @Test
    void quantisesWhatIsShiftedAndRowsOfZerosAndOfNoNumbers() {
        int width = 64;
        float[] input = gaussians(3 * width, 2);
        for (int i = 0; i < width; i++) {
            input[i] = Math.max(-Quantization.GELU_SHIFT, input[i]);
            input[width + i] = -Quantization.GELU_SHIFT;
        }
        input[3 * width - 1] = Float.NaN;
        NativeBlock conversion = scope.allocate(32);
        conversion.pointer().write(0, new long[] {width, 0, Tiles.UNSIGNED}, 0, 3);
        conversion.pointer().setFloat(24, Quantization.GELU_SHIFT);
        NativeBlock bytes = scope.allocate(3L * width);
        NativeBlock scales = scope.allocate(3L * Float.BYTES);
        Tiles.distilqa_tiles_convert(
                conversion.address(), 3, scope.copyOf(input).address(), bytes.address(), scales.address());
        float scale = scales.pointer().getFloat(0);
        for (int i = 0; i < width; i++) {
            assertThat((bytes.pointer().getByte(i) & 0xff) * scale)
                    .isCloseTo(input[i] + Quantization.GELU_SHIFT, within(scale * 0.501f));
            assertThat(bytes.pointer().getByte(width + i)).isZero();
        }
        assertThat(scales.pointer().getFloat(Float.BYTES)).isZero();
        assertThat(scales.pointer().getFloat(2L * Float.BYTES)).isNaN();
    }
}
