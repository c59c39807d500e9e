package org.distilqa.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.Test;

/**
 * Compares a full-size network with ONNX Runtime. Runs where the system property {@code distilqa.full-size} names a
 * checkpoint that has {@code plain.onnx} beside it; CONTRIBUTING.md says how to make one.
 */
class OnnxRuntimeAgreementTest {
    /** Two float32 runtimes add up in other orders; the logits of this checkpoint lie within -10 and 10. */
    private static final double TOLERANCE = 1e-3;

    private static final Path DIRECTORY = Path.of(System.getProperty("distilqa.full-size"));

    @Test
    void agreesWithOnnxRuntimeOnSequencesOfUnequalLengths() throws OrtException {
        Checkpoint checkpoint = Checkpoint.open(DIRECTORY);
        Random random = new Random(1);
        int[] lengths = {384, 1, 31, 128, 512, 200};
        int[][] ids = new int[lengths.length][];
        for (int i = 0; i < lengths.length; i++) {
            ids[i] = random.ints(lengths[i], 0, checkpoint.config().vocabSize()).toArray();
        }
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (Device device = new CpuDeviceProvider().open(DeviceOptions.none());
                Program program = device.compile(checkpoint.graph(), checkpoint.parameters());
                OrtSession session = environment.createSession(
                        DIRECTORY.resolve("plain.onnx").toString(), new OrtSession.SessionOptions())) {
            Logits logits = program.run(TokenBatch.of(ids));
            double largest = 0;
            for (int i = 0; i < ids.length; i++) {
                float[][] expected = run(environment, session, ids[i]);
                largest = Math.max(largest, assertClose(logits.start(i), expected[0]));
                largest = Math.max(largest, assertClose(logits.end(i), expected[1]));
            }
            System.out.println("largest difference from ONNX Runtime: " + largest);
        }
    }

    private static float[][] run(OrtEnvironment environment, OrtSession session, int[] ids) throws OrtException {
        long[][] input = new long[1][ids.length];
        long[][] mask = new long[1][ids.length];
        for (int i = 0; i < ids.length; i++) {
            input[0][i] = ids[i];
            mask[0][i] = 1;
        }
        try (OnnxTensor inputIds = OnnxTensor.createTensor(environment, input);
                OnnxTensor attentionMask = OnnxTensor.createTensor(environment, mask);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", inputIds, "attention_mask", attentionMask))) {
            return new float[][] {
                ((float[][]) result.get("start_logits").orElseThrow().getValue())[0],
                ((float[][]) result.get("end_logits").orElseThrow().getValue())[0]
            };
        }
    }

    private static double assertClose(float[] actual, float[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs((double) actual[i] - expected[i]));
        }
        assertThat(largest).isLessThan(TOLERANCE);
        return largest;
    }
}
