package org.distilqa.device.onednn.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class QuantizedMatrixTest {
    private static final int DEPTH = 50;

    private static QuantizedMatrix of(Quantization input, float[]... rows) {
        float[] weights = new float[rows.length * DEPTH];
        for (int output = 0; output < rows.length; output++) {
            System.arraycopy(rows[output], 0, weights, output * DEPTH, DEPTH);
        }
        return QuantizedMatrix.of(GivenParameters.linear(DEPTH, weights, new float[rows.length]), input);
    }

    private static float[] row(double value) {
        float[] row = new float[DEPTH];
        Arrays.fill(row, (float) value);
        return row;
    }

    @Test
    void theFurtherColumnsTakeAwayExactlyWhatTheZeroPointAdds() {
        Random random = new Random(1);
        float[] any = new float[DEPTH];
        for (int i = 0; i < DEPTH; i++) {
            any[i] = (float) random.nextGaussian() + 0.3f;
        }
        for (boolean hasVnni : new boolean[] {true, false}) {
            Quantization input = Quantization.symmetric(hasVnni);
            float[][] rows = {any, row(1), row(-1), row(0)};
            // One weight of another sign and size makes the sum odd or even.
            rows[1][0] = 0.5f;
            rows[2][0] = 0.51f;
            QuantizedMatrix matrix = of(input, rows);
            byte[] bytes = new byte[matrix.paddedDepth()];
            for (int output = 0; output < rows.length; output++) {
                matrix.read(output, bytes);
                int sum = 0;
                for (int i = 0; i < bytes.length; i++) {
                    sum += bytes[i] * (i < DEPTH ? input.zeroPoint() : Byte.toUnsignedInt(input.filler()));
                }
                assertThat(sum).as("output %d", output).isZero();
            }
        }
    }

    /** With a zero point their sum is to be even: where it would be odd, one is rounded the other way. */
    @Test
    void noWeightIsMoreThanAStepOffAndOneIsRoundedTheOtherWayWhereTheirSumWouldBeOdd() {
        Random random = new Random(2);
        List<Boolean> wereOdd = new ArrayList<>();
        for (int round = 0; round < 8; round++) {
            float[] weights = new float[DEPTH];
            for (int i = 0; i < DEPTH; i++) {
                weights[i] = (float) random.nextGaussian();
            }
            for (Quantization input : List.of(Quantization.symmetric(true), Quantization.unsigned(true, 0.17f))) {
                QuantizedMatrix matrix = of(input, weights);
                byte[] bytes = new byte[matrix.paddedDepth()];
                matrix.read(0, bytes);
                int far = 0;
                int sum = 0;
                for (int i = 0; i < DEPTH; i++) {
                    float exact = weights[i] / matrix.scales()[0];
                    float error = Math.abs(bytes[i] - exact);
                    assertThat(error).isLessThan(0.6f);
                    far += error > 0.5001f ? 1 : 0;
                    sum += Math.round(exact);
                }
                boolean isOdd = sum % 2 != 0;
                wereOdd.add(isOdd);
                assertThat(far).as("weights rounded the other way").isEqualTo(isOdd && input.hasZeroPoint() ? 1 : 0);
            }
        }
        assertThat(wereOdd).contains(true, false);
    }

    @Test
    void weightsOfNextToNothingAreZero() {
        QuantizedMatrix matrix = of(Quantization.symmetric(true), row(Float.MIN_VALUE), row(0));
        byte[] bytes = new byte[matrix.paddedDepth()];
        for (int output = 0; output < 2; output++) {
            matrix.read(output, bytes);
            assertThat(bytes).containsOnly(0);
            assertThat(matrix.scales()[output]).isZero();
        }
    }
}
