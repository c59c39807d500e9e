package org.distilqa.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProductsTest {
    private final Random random = new Random(11);

    @ParameterizedTest
    @CsvSource({"1,1,1", "8,48,192", "9,49,193", "7,16,5", "16,96,400", "33,17,64", "120,120,64", "5,100,1000"})
    void productsAreThoseOfTheDefinitionWhicheverWayTheOperandsLie(int m, int n, int k) {
        for (int ways = 0; ways < 4; ways++) {
            boolean leftTurned = (ways & 1) != 0;
            boolean rightTurned = (ways & 2) != 0;
            float[] left = values(m * k);
            float[] right = values(k * n);
            float[] sum = values(m * n);
            float[] expected = sum.clone();
            for (int row = 0; row < m; row++) {
                for (int column = 0; column < n; column++) {
                    double product = 0;
                    for (int d = 0; d < k; d++) {
                        product += (double) left[leftTurned ? d * m + row : row * k + d]
                                * right[rightTurned ? column * k + d : d * n + column];
                    }
                    expected[row * n + column] += (float) product;
                }
            }
            new Products()
                    .add(
                            m,
                            n,
                            k,
                            left,
                            0,
                            leftTurned ? 1 : k,
                            leftTurned ? m : 1,
                            right,
                            0,
                            rightTurned ? 1 : n,
                            rightTurned ? k : 1,
                            sum,
                            0,
                            n);
            // Sums of up to 1,000 products of at most 1, in float32.
            assertThat(sum).containsExactly(expected, within(1e-4f));
        }
    }

    @Test
    void whatStandsBesideTheSumIsLeftAlone() {
        float[] sum = values(10 * 40);
        float[] before = sum.clone();
        new Products().add(3, 5, 7, values(21), 0, 7, 1, values(35), 0, 5, 1, sum, 42, 40);
        for (int i = 0; i < sum.length; i++) {
            int row = (i - 42) / 40;
            int column = (i - 42) % 40;
            if (i < 42 || row >= 3 || column >= 5) {
                assertThat(sum[i]).isEqualTo(before[i]);
            }
        }
    }

    @Test
    void aLeftOperandWithoutContiguousRowsOrColumnsIsRefused() {
        assertThatThrownBy(() -> new Products().add(2, 2, 2, values(16), 0, 8, 2, values(4), 0, 2, 1, values(4), 0, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private float[] values(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() * 2 - 1;
        }
        return values;
    }
}
