package org.distilqa.benchmarks.peer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is the checkpoint's network, whatever its activation and whether it has token types. */
class OnnxNetworkTest {
    /** Two float32 runtimes add up in other orders; these small networks' logits lie within -10 and 10. */
    private static final double TOLERANCE = 1e-4;

    /** ONNX Runtime's fused gelu by tanh has constants of fewer digits. */
    private static final double FUSED_TANH_TOLERANCE = 1e-3;

    /** Copies one of the conformance kit's checkpoints into a folder. */
    private static Checkpoint checkpoint(String name, Path directory) throws IOException {
        for (String file : List.of("config.json", "model.safetensors")) {
            try (InputStream in = OnnxNetworkTest.class.getResourceAsStream(
                    "/org/distilqa/device/conformance/" + name + "/" + file)) {
                Files.copy(in, directory.resolve(file));
            }
        }
        return Checkpoint.open(directory);
    }

    private static TokenBatch batch(int vocabularySize) {
        Random random = new Random(3);
        List<int[]> ids = random.ints(5, 1, 24)
                .mapToObj(length -> random.ints(length, 0, vocabularySize).toArray())
                .toList();
        return TokenBatch.of(
                ids, ids.stream().mapToInt(tokens -> tokens.length / 2).toArray());
    }

    @ParameterizedTest
    @CsvSource({
        "tiny,plain",
        "tiny,fused",
        "odd-gelu,plain",
        "odd-gelu,fused",
        "odd-relu,plain",
        "odd-relu,fused",
        "silu,plain",
        "silu,fused",
        "gelu-tanh,plain",
        "gelu-tanh,fused",
        "bert,plain",
        "bert,fused"
    })
    void computesWhatOurOwnDeviceComputes(String name, String graph, @TempDir Path directory) throws IOException {
        try (Checkpoint checkpoint = checkpoint(name, directory)) {
            for (OnnxNetwork.Kind kind : OnnxNetwork.Kind.values()) {
                OnnxNetwork.write(checkpoint, kind, directory.resolve(kind.file()));
            }
            TokenBatch batch = batch(checkpoint.config().vocabSize());
            try (Device ours = Devices.open("cpu", DeviceOptions.none());
                    Program ourProgram = ours.compile(checkpoint.graph(), checkpoint.parameters());
                    Device theirs = OnnxRuntimeDevice.open(DeviceOptions.none().with("graph", graph), directory);
                    Program theirProgram = theirs.compile(checkpoint.graph(), checkpoint.parameters())) {
                LogitsAgreement.requireClose(
                        theirProgram.run(batch),
                        ourProgram.run(batch),
                        name.equals("gelu-tanh") ? FUSED_TANH_TOLERANCE : TOLERANCE);
            }
        }
    }
}
