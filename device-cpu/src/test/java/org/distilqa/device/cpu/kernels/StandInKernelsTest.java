package org.distilqa.device.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Compares with the kernels of the Vector API, bit by bit. */
final class StandInKernelsTest {
    private final Random random = new Random(11);
    private final Kernels vector = KernelsLookup.kernels(KernelsLookup.AUTO);
    private final Kernels standIn = new StandInKernels(vector);
    private final int panelRows = vector.panelRows();
    private final int columns = vector.panelColumns(1);

    @BeforeEach
    void needsTheVectorApi() {
        assumeThat(vector.vectorBits())
                .as("the kernels of the Vector API; this JVM was started without it")
                .isGreaterThan(0);
    }

    private float[] floats(int length, float scale) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = scale * (float) random.nextGaussian();
        }
        return values;
    }

    /** What a use of the kernels leaves in arrays, of which it gets copies. */
    private void assertSame(Function<Kernels, float[][]> use) {
        float[][] expected = use.apply(vector);
        float[][] actual = use.apply(standIn);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).containsExactly(expected[i]);
        }
    }

    @Test
    void products_are_the_same() {
        for (int depth : new int[] {1, 2, 3, 4, 7, 64, 257}) {
            for (int rows = 1; rows <= panelRows; rows++) {
                float[] left = floats(depth * panelRows + 3, 1);
                float[] right = floats(2 * depth * columns + 5, 1);
                float[] sum = floats(panelRows * (columns + 3) + 2, 1);
                int count = rows;
                int steps = depth;
                assertSame(kernels -> {
                    float[] plain = sum.clone();
                    kernels.multiplyAdd(left, 3, panelRows, count, right, 5, columns, steps, plain, 2, columns + 3);
                    float[] readingAhead = sum.clone();
                    kernels.multiplyAddAndReadAhead(
                            left, 3, panelRows, count, right, 5, columns, steps, readingAhead, 2, columns + 3, 5, 1);
                    // The kernels may compute rows that nobody asked for.
                    int used = 2 + (count - 1) * (columns + 3) + columns;
                    return new float[][] {Arrays.copyOf(plain, used), Arrays.copyOf(readingAhead, used)};
                });
            }
        }
    }

    @Test
    void functions_of_one_value_are_the_same() {
        for (int length : new int[] {1, 16, 31, 500}) {
            float[] values = floats(length + 2, 3);
            assertSame(kernels -> {
                float[] gelu = values.clone();
                kernels.gelu(gelu, 1, length);
                float[] relu = values.clone();
                kernels.relu(relu, 1, length);
                float[] geluTanh = values.clone();
                kernels.gate(geluTanh, 1, length, Gate.GELU_TANH_LINEAR, Gate.GELU_TANH_CUBIC);
                float[] silu = values.clone();
                kernels.gate(silu, 1, length, 1, 0);
                return new float[][] {gelu, relu, geluTanh, silu};
            });
        }
    }

    @Test
    void sums_and_layer_norms_are_the_same() {
        for (int length : new int[] {1, 15, 16, 32, 50, 768}) {
            float[] a = floats(length + 2, 1);
            float[] b = floats(length + 2, 1);
            assertSame(kernels -> {
                float[] sum = new float[length];
                kernels.add(a, 1, b, 2, sum, 0, length);
                float[] normalised = a.clone();
                kernels.layerNorm(normalised, 1, length, a, b, 1e-12f, new float[Kernels.MOST_LANES]);
                return new float[][] {sum, normalised};
            });
        }
    }

    @Test
    void softmaxes_are_the_same_block_after_block() {
        int rows = 9;
        float[] first = floats(rows * columns, 8);
        float[] second = floats(rows * columns, 8);
        assertSame(kernels -> {
            float[] maxima = new float[columns];
            float[] sums = new float[columns];
            float[] factors = new float[columns];
            Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
            float[] shares = first.clone();
            kernels.onlineSoftmax(shares, rows, columns, 0.125f, maxima, sums, factors);
            float[] more = second.clone();
            kernels.onlineSoftmax(more, rows, columns, 0.125f, maxima, sums, factors);
            kernels.multiplyColumns(shares, rows, columns, factors);
            return new float[][] {shares, more, maxima, sums, factors};
        });
    }
}
