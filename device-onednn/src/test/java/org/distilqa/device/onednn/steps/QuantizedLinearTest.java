package org.distilqa.device.onednn.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import java.util.Optional;
import java.util.Random;
import org.distilqa.device.onednn.binding.KernelBuilder;
import org.distilqa.device.onednn.binding.NativeArena;
import org.distilqa.device.onednn.binding.NativeScope;
import org.distilqa.device.onednn.binding.OneDnn;
import org.distilqa.device.onednn.binding.OneDnnLibrary;
import org.distilqa.device.onednn.program.GivenParameters;
import org.distilqa.device.onednn.program.Lane;
import org.distilqa.device.onednn.program.Pass;
import org.distilqa.device.onednn.program.Place;
import org.distilqa.device.onednn.program.Places;
import org.distilqa.device.onednn.program.Quantization;
import org.distilqa.device.onednn.program.QuantizedMatrix;
import org.distilqa.graph.Activation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizedLinearTest {
    private static final int ROWS = 16;

    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void isCloseToTheProductOfFloats(boolean isSymmetric, boolean hasVnni) {
        int depth = 200;
        int outputs = 128;
        Random random = new Random(7);
        float[] weights = new float[depth * outputs];
        float[] bias = new float[outputs];
        // Not centred: the sums of the weights are large.
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian() + 0.5f;
        }
        for (int i = 0; i < outputs; i++) {
            bias[i] = (float) random.nextGaussian();
        }
        float shift = isSymmetric ? 0 : 0.17f;
        float[] values = new float[ROWS * depth];
        for (int i = 0; i < values.length; i++) {
            double value = random.nextGaussian() * (1 + i / depth);
            values[i] = (float) (isSymmetric ? value : Math.max(value, -shift));
        }
        Quantization quantization =
                isSymmetric ? Quantization.symmetric(hasVnni) : Quantization.unsigned(hasVnni, shift);
        float[] actual = multiply(values, depth, outputs, weights, bias, quantization);
        for (int row = 0; row < ROWS; row++) {
            float scale = 0;
            for (int i = 0; i < depth; i++) {
                scale = Math.max(scale, Math.abs(values[row * depth + i]));
            }
            for (int output = 0; output < outputs; output++) {
                double sum = bias[output];
                for (int i = 0; i < depth; i++) {
                    sum += values[row * depth + i] * weights[output * depth + i];
                }
                // Half a step of each of 200 inputs and weights, of random signs, and a few standard deviations.
                assertThat(Math.abs(actual[row * outputs + output] - sum) / scale)
                        .as("row %d output %d", row, output)
                        .isLessThan(hasVnni ? 0.9 : 1.2);
            }
        }
    }

    private static float[] multiply(
            float[] values, int depth, int outputs, float[] weights, float[] bias, Quantization quantization) {
        OneDnnLibrary.acquire();
        long[] engine = new long[1];
        OneDnn.check(OneDnn.dnnl_engine_create(engine, OneDnn.CPU, 0), "make an engine");
        KernelBuilder.Target target = new KernelBuilder.Target(engine[0], 1);
        Places places = new Places();
        try (NativeScope scope = new NativeScope()) {
            QuantizedMatrix matrix = QuantizedMatrix.of(GivenParameters.linear(depth, weights, bias), quantization);
            Place input = places.take(true, depth);
            Place bytes = places.take(true, depth, matrix.paddedDepth(), OneDnn.U8, quantization.filler());
            Place scales = places.take(true, 1);
            Place result = places.take(true, outputs);
            try (ProgramKernels kernels = new ProgramKernels(target);
                    Lane lane = new Lane(0, engine[0], new Pass(ROWS, 0, 0), places.locals())) {
                LinearWeights prepared = LinearWeights.quantized(matrix, new NativeArena(scope), target, lane.stream());
                lane.beginBlock(0);
                for (int row = 0; row < ROWS; row++) {
                    float[] shifted = new float[depth];
                    for (int i = 0; i < depth; i++) {
                        shifted[i] = values[row * depth + i] + quantization.shift();
                    }
                    new Pointer(lane.address(input, row)).write(0, shifted, 0, depth);
                }
                new QuantizeStep(quantization, input, bytes, scales, kernels).run(lane, 0, ROWS);
                new LinearStep(prepared, Activation.NONE, 0, bytes, Optional.of(scales), false, result, kernels)
                        .run(lane, 0, ROWS);
                float[] read = new float[ROWS * outputs];
                new Pointer(lane.address(result, 0)).read(0, read, 0, read.length);
                return read;
            }
        } finally {
            OneDnn.dnnl_engine_destroy(engine[0]);
            OneDnnLibrary.release();
        }
    }
}
