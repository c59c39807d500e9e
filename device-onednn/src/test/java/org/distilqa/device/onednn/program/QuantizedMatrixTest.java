package org.distilqa.device.onednn.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.distilqa.graph.Activation;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;
import org.junit.jupiter.api.Test;

class QuantizedMatrixTest {
    private static final int DEPTH = 50;

    private static QuantizedMatrix of(Quantization input, float[]... rows) {
        Op.Linear op = new Op.Linear(
                List.of(new Parameter("weight", Shape.of(rows.length, DEPTH))),
                List.of(new Parameter("bias", Shape.of(rows.length))),
                Activation.NONE);
        Parameters parameters = new Parameters() {
            @Override
            public String source() {
                return "test";
            }

            @Override
            public Optional<Shape> shape(String name) {
                return Optional.empty();
            }

            @Override
            public void read(String name, long offset, float[] target, int targetOffset, int length) {
                if (name.equals("weight")) {
                    System.arraycopy(rows[(int) offset / DEPTH], (int) offset % DEPTH, target, targetOffset, length);
                }
            }
        };
        return QuantizedMatrix.of(new LinearParameters(op, DEPTH, rows.length, 1, parameters), input);
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

    @Test
    void noWeightIsMoreThanAStepOff() {
        Random random = new Random(2);
        float[] weights = new float[DEPTH];
        for (int i = 0; i < DEPTH; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        for (Quantization input : List.of(Quantization.symmetric(true), Quantization.unsigned(true, 0.17f))) {
            QuantizedMatrix matrix = of(input, weights);
            byte[] bytes = new byte[matrix.paddedDepth()];
            matrix.read(0, bytes);
            int far = 0;
            for (int i = 0; i < DEPTH; i++) {
                float error = Math.abs(bytes[i] - weights[i] / matrix.scales()[0]);
                assertThat(error).isLessThan(0.6f);
                far += error > 0.5001f ? 1 : 0;
            }
            assertThat(far).as("weights rounded the other way").isLessThanOrEqualTo(1);
        }
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
