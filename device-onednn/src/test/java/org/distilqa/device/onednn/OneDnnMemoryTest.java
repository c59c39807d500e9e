package org.distilqa.device.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.distilqa.device.Device;
import org.distilqa.device.Program;
import org.distilqa.device.conformance.RandomParameters;
import org.distilqa.device.onednn.steps.ProgramKernels;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.DistilBertForQuestionAnswering;
import org.distilqa.graph.Graph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the device keeps, however long it runs and whatever it is asked for. It takes a minute, and depends on no JDK and on no
 * instruction set: CI leaves it out of the runs that are for those.
 */
@Timeout(300)
class OneDnnMemoryTest {
    /** Many layers, little to compute. */
    private static final DistilBertConfig LOW = DistilBertConfig.builder()
            .vocabSize(97)
            .nHeads(2)
            .dim(128)
            .hiddenDim(256)
            .build();

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16", "int8"})
    void keepsFewKernelsHoweverManyLengthsItIsAskedFor(String precision) {
        FastPrecisions.assumeFast(precision);
        RandomParameters parameters = RandomParameters.of(LOW, 10);
        Graph graph = DistilBertForQuestionAnswering.graph(LOW, parameters);
        Random random = new Random(10);
        try (Device device = new OneDnnDeviceProvider().open(OneDnnDeviceTest.options(precision, 2))) {
            try (Program program = device.compile(graph, parameters)) {
                for (int run = 0; run < 300; run++) {
                    int[] lengths = random.ints(1 + random.nextInt(9), 1, 512).toArray();
                    program.run(OneDnnDeviceTest.batch(lengths));
                    // Kernels for each length that there was would be many times as many.
                    assertThat(kernels(device)).isPositive().isLessThanOrEqualTo(ProgramKernels.MOST);
                }
            }
            assertThat(kernels(device)).isZero();
        }
    }

    private static int kernels(Device device) {
        return Integer.parseInt(device.info().facts().get("kernels"));
    }

    /** In the other precisions {@code BuildAndCloseTest} of the examples does it. */
    @Test
    void keepsTheResidentSetFlatOverManyRoundsInInt8() throws IOException, InterruptedException {
        // Over the 150 rounds after the JVM and oneDNN's cache of kernels have settled, but for the JVM's own compiler.
        // A program's weights that stay each round would be 600 MB.
        assertResidentSetGrowsByLessThan(60_000, Rounds.class, "int8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "bfloat16", "int8"})
    void keepsTheResidentSetBoundedHoweverManyLengthsItIsAskedFor(String precision)
            throws IOException, InterruptedException {
        // It is 150 to 170 MB, after 400 runs and after 800. Kernels of each layer and of each length come to 340 MB.
        assertResidentSetGrowsByLessThan(240_000, Lengths.class, precision);
    }

    /** Of a process of its own, whose heap is all there from the start: what grows is native. */
    private static void assertResidentSetGrowsByLessThan(long kilobytes, Class<?> main, String precision)
            throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/proc/self/status")), "only Linux tells the resident set");
        FastPrecisions.assumeFast(precision);
        List<String> flags = List.of("-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch");
        String output = JavaProcess.run(Map.of(), flags, JavaProcess.classPath(), main, precision);
        String last = output.lines().reduce("", (previous, line) -> line).strip();
        assertThat(Long.parseLong(last)).isLessThan(kilobytes);
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow();
    }

    /** Runs sequences of many lengths, alone and together, and prints by how many kilobytes the resident set grew. */
    static final class Lengths {
        private Lengths() {}

        public static void main(String[] arguments) throws IOException {
            RandomParameters parameters = RandomParameters.of(LOW, 3);
            Graph graph = DistilBertForQuestionAnswering.graph(LOW, parameters);
            Random random = new Random(3);
            try (Device device = new OneDnnDeviceProvider().open(OneDnnDeviceTest.options(arguments[0], 2));
                    Program program = device.compile(graph, parameters)) {
                // The largest buffers that there will be.
                program.run(OneDnnDeviceTest.batch(512, 512, 512, 512));
                long settled = residentKilobytes();
                for (int run = 0; run < 400; run++) {
                    program.run(OneDnnDeviceTest.batch(
                            random.ints(1 + run % 4, 1, 512).toArray()));
                }
                System.out.println(residentKilobytes() - settled);
            }
        }
    }

    /** Opens, compiles, runs and closes again and again, and prints by how many kilobytes the resident set grew. */
    static final class Rounds {
        private Rounds() {}

        public static void main(String[] arguments) throws IOException {
            DistilBertConfig config = DistilBertConfig.builder()
                    .vocabSize(997)
                    .nLayers(2)
                    .nHeads(4)
                    .dim(256)
                    .hiddenDim(1024)
                    .build();
            RandomParameters parameters = RandomParameters.of(config, 3);
            Graph graph = DistilBertForQuestionAnswering.graph(config, parameters);
            long settled = 0;
            for (int round = 1; round <= 250; round++) {
                try (Device device = new OneDnnDeviceProvider().open(OneDnnDeviceTest.options(arguments[0], 2));
                        Program program = device.compile(graph, parameters)) {
                    program.run(OneDnnDeviceTest.batch(1, 33, 60));
                    program.run(OneDnnDeviceTest.batch(100 + round % 7, 90));
                }
                if (round == 100) {
                    settled = residentKilobytes();
                }
            }
            System.out.println(residentKilobytes() - settled);
        }
    }
}
