package org.distilqa.device.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.distilqa.device.conformance.ReferenceNetwork;
import org.distilqa.graph.Activation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public final class KernelsTest {
    private final Random random = new Random(7);

    /** The names of the kernels that this JVM can run. */
    public static Stream<String> names() {
        return KernelsLookup.names().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void products_of_panels_agree_with_float64_for_every_number_of_rows_and_odd_depths(String name) {
        Kernels kernels = KernelsLookup.kernels(name);
        int panelRows = kernels.panelRows();
        for (int columnsWanted : new int[] {1, 20, 300}) {
            int columns = kernels.panelColumns(columnsWanted);
            for (int rows = 1; rows <= panelRows; rows++) {
                for (int depth : new int[] {1, 7, 8, 33, 500}) {
                    assertProduct(kernels, rows, columns, depth, panelRows, -1);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void products_take_the_rows_of_a_wider_matrix_and_may_read_ahead(String name) {
        Kernels kernels = KernelsLookup.kernels(name);
        int columns = kernels.panelColumns(300);
        for (int depth : new int[] {1, 64, 129}) {
            assertProduct(kernels, kernels.panelRows(), columns, depth, 64, -1);
            assertProduct(kernels, kernels.panelRows(), columns, depth, 64, 0);
            assertProduct(kernels, kernels.panelRows(), columns, depth, kernels.panelRows(), columns);
        }
    }

    /** Compares a product with float64; {@code nextStep} is how far each step reads ahead, or -1 for not at all. */
    private void assertProduct(Kernels kernels, int rows, int columns, int depth, int leftStep, int nextStep) {
        int panelRows = kernels.panelRows();
        float[] left = floats(3 + depth * leftStep, 1);
        float[] right = floats(5 + 2 * depth * columns, 1);
        int stride = columns + 3;
        float[] before = floats(2 + panelRows * stride, 1);
        float[] sum = before.clone();
        if (nextStep < 0) {
            kernels.multiplyAdd(left, 3, leftStep, rows, right, 5, columns, depth, sum, 2, stride);
        } else {
            int next = 5 + depth * columns;
            kernels.multiplyAddAndReadAhead(
                    left, 3, leftStep, rows, right, 5, columns, depth, sum, 2, stride, next, nextStep);
        }
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                double expected = before[2 + row * stride + column];
                for (int k = 0; k < depth; k++) {
                    expected += (double) left[3 + k * leftStep + row] * right[5 + k * columns + column];
                }
                // Rounding of some 500 products of size 1.
                assertThat((double) sum[2 + row * stride + column]).isEqualTo(expected, within(2e-4));
            }
        }
        for (int row = 0; row < panelRows; row++) {
            for (int gap = 2 + row * stride + columns; gap < 2 + (row + 1) * stride; gap++) {
                assertThat(sum[gap]).isEqualTo(before[gap]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void gelu_is_the_exact_form_and_its_erf_is_within_a_millionth(String name) {
        Kernels kernels = KernelsLookup.kernels(name);
        int count = 200_001;
        float[] x = new float[count + 2];
        for (int i = 0; i < count; i++) {
            x[i + 1] = -10 + 20f * i / (count - 1);
        }
        // Not to be touched.
        x[0] = 5;
        x[count + 1] = 5;
        float[] y = x.clone();
        kernels.gelu(y, 1, count);
        for (int i = 1; i <= count; i++) {
            // gelu is x / 2 * (1 + erf), so an error of 1e-6 in erf is one of |x| / 2 millionths here.
            double tolerance = 1e-6 * Math.max(1, Math.abs(x[i]) / 2);
            assertThat((double) y[i]).isEqualTo(ReferenceNetwork.activate(Activation.GELU, x[i]), within(tolerance));
        }
        assertThat(y[0]).isEqualTo(5);
        assertThat(y[count + 1]).isEqualTo(5);
    }

    @ParameterizedTest
    @MethodSource("names")
    void gates_are_the_tanh_form_of_gelu_and_silu_within_a_millionth(String name) {
        Kernels kernels = KernelsLookup.kernels(name);
        int count = 200_001;
        float[] x = new float[count + 2];
        for (int i = 0; i < count; i++) {
            x[i + 1] = -40 + 80f * i / (count - 1);
        }
        // Not to be touched.
        x[0] = 5;
        x[count + 1] = 5;
        float[] geluTanh = x.clone();
        kernels.gate(geluTanh, 1, count, Gate.GELU_TANH_LINEAR, Gate.GELU_TANH_CUBIC);
        float[] silu = x.clone();
        kernels.gate(silu, 1, count, 1, 0);
        for (int i = 1; i <= count; i++) {
            // Both are x times a factor, whose error the tolerance is.
            double tolerance = 1e-6 * Math.max(1, Math.abs(x[i]));
            assertThat((double) geluTanh[i])
                    .isEqualTo(ReferenceNetwork.activate(Activation.GELU_TANH, x[i]), within(tolerance));
            assertThat((double) silu[i]).isEqualTo(ReferenceNetwork.activate(Activation.SILU, x[i]), within(tolerance));
        }
        for (float[] values : List.of(geluTanh, silu)) {
            assertThat(values[0]).isEqualTo(5);
            assertThat(values[count + 1]).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void gates_give_numbers_for_the_largest_inputs(String name) {
        float[] values = new float[40];
        Arrays.fill(values, 0, 20, 1e30f);
        Arrays.fill(values, 20, 40, -1e6f);
        float[] geluTanh = values.clone();
        Kernels kernels = KernelsLookup.kernels(name);
        kernels.gate(geluTanh, 0, 40, Gate.GELU_TANH_LINEAR, Gate.GELU_TANH_CUBIC);
        kernels.gate(values, 0, 40, 1, 0);
        for (int i = 0; i < 40; i++) {
            // exp(-87) of a million is less than 1e-30.
            assertThat(geluTanh[i]).isEqualTo(i < 20 ? 1e30f : 0, within(1e-30f));
            assertThat(values[i]).isEqualTo(i < 20 ? 1e30f : 0, within(1e-30f));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void relu_keeps_what_is_positive(String name) {
        float[] values = floats(37, 1);
        // Not to be touched.
        values[1] = -1;
        values[35] = -1;
        float[] expected = values.clone();
        for (int i = 2; i < 35; i++) {
            expected[i] = Math.max(0, expected[i]);
        }
        KernelsLookup.kernels(name).relu(values, 2, 33);
        assertThat(values).containsExactly(expected);
    }

    @ParameterizedTest
    @MethodSource("names")
    void layer_norm_is_accurate_for_odd_widths_and_for_rows_far_from_zero(String name) {
        for (int width : new int[] {1, 2, 20, 48, 77, 768}) {
            for (float shift : new float[] {0, 100}) {
                float[] row = floats(width + 4, 1);
                float[] before = row.clone();
                double[] x = new double[width];
                for (int i = 0; i < width; i++) {
                    row[3 + i] += shift;
                    x[i] = row[3 + i];
                }
                float[] weight = floats(width, 1);
                float[] bias = floats(width, 1);
                KernelsLookup.kernels(name)
                        .layerNorm(row, 3, width, weight, bias, 1e-12f, new float[Kernels.MOST_LANES]);
                double[] expected = ReferenceNetwork.layerNorm(x, weight, bias, 1e-12);
                for (int i = 0; i < width; i++) {
                    // Near 100, a float is 8e-6 from the next; the mean cannot be better known than that.
                    double tolerance = shift == 0 ? 1e-5 : 1e-4;
                    assertThat((double) row[3 + i]).isEqualTo(expected[i], within(width == 2 ? 1e-3 : tolerance));
                }
                assertThat(row).startsWith(before[0], before[1], before[2]).endsWith(before[width + 3]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void online_softmax_neither_overflows_nor_loses_precision_however_the_rows_are_cut(String name) {
        Kernels kernels = KernelsLookup.kernels(name);
        float scale = 0.125f;
        for (float size : new float[] {1, 30, 1000, 1e30f}) {
            for (int rows : new int[] {1, 2, 31, 512}) {
                for (int block : new int[] {1, 7, 128, 512}) {
                    int columns = kernels.panelColumns(20);
                    float[] before = floats(rows * columns, size);
                    double[] actual = new double[before.length];
                    float[] maxima = new float[columns];
                    Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
                    float[] sums = new float[columns];
                    float[] factors = new float[columns];
                    for (int row = 0; row < rows; row += block) {
                        int count = Math.min(block, rows - row);
                        float[] scores = Arrays.copyOfRange(before, row * columns, (row + count) * columns);
                        kernels.onlineSoftmax(scores, count, columns, scale, maxima, sums, factors);
                        for (int i = 0; i < row * columns; i++) {
                            actual[i] *= factors[i % columns];
                        }
                        for (int i = 0; i < count * columns; i++) {
                            actual[row * columns + i] = scores[i];
                        }
                    }
                    for (int column = 0; column < columns; column++) {
                        assertSoftmax(before, actual, column, columns, scale, sums[column]);
                    }
                }
            }
        }
    }

    private static void assertSoftmax(
            float[] scores, double[] actual, int column, int columns, float scale, float actualSum) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = column; i < scores.length; i += columns) {
            max = Math.max(max, scores[i]);
        }
        double sum = 0;
        for (int i = column; i < scores.length; i += columns) {
            sum += Math.exp(scale * (scores[i] - max));
        }
        // Each rescaling brings a rounding of 3e-7 of its own; blocks of one row are far more than are used.
        for (int i = column; i < scores.length; i += columns) {
            double expected = Math.exp(scale * (scores[i] - max)) / sum;
            assertThat(actual[i] / actualSum).isEqualTo(expected, within(1e-5));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void columns_are_multiplied_each_with_its_factor(String name) {
        Kernels kernels = KernelsLookup.kernels(name);
        int columns = kernels.panelColumns(20);
        float[] matrix = floats(5 * columns + 1, 1);
        float[] factors = floats(columns, 1);
        float[] actual = matrix.clone();
        kernels.multiplyColumns(actual, 5, columns, factors);
        for (int i = 0; i < 5 * columns; i++) {
            assertThat(actual[i]).isEqualTo(matrix[i] * factors[i % columns]);
        }
        assertThat(actual[5 * columns]).isEqualTo(matrix[5 * columns]);
    }

    @ParameterizedTest
    @MethodSource("names")
    void sums_take_any_length(String name) {
        for (int length : new int[] {0, 1, 15, 16, 17, 100}) {
            float[] a = floats(length + 1, 1);
            float[] b = floats(length + 2, 1);
            float[] sum = new float[length + 4];
            Kernels kernels = KernelsLookup.kernels(name);
            kernels.add(a, 1, b, 2, sum, 3, length);
            for (int i = 0; i < length; i++) {
                assertThat(sum[3 + i]).isEqualTo(a[1 + i] + b[2 + i]);
            }
            assertThat(sum).startsWith(0f, 0f, 0f).endsWith(0f);
        }
    }

    private float[] floats(int count, float size) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * size;
        }
        return values;
    }
}
