package org.distilqa.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.conformance.RandomParameters;
import org.distilqa.device.cpu.kernels.JvmFlags;
import org.distilqa.device.cpu.kernels.Processor;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.DistilBertForQuestionAnswering;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each JVM that is slow in a way of its own: it says so, once, and still ends in good time. */
final class SlowPathTest {
    private static final String VECTOR_API = "--add-modules=jdk.incubator.vector";

    /** With products by BigDecimal, what takes seconds here took a quarter of an hour. */
    private static final long MOST_SECONDS = 150;

    @TempDir
    private Path folder;

    @Test
    void a_jvm_without_the_vector_api_says_once_how_slow_it_is_and_what_to_add() throws Exception {
        assertThat(run("128"))
                .satisfies(output -> assertTold(
                        output,
                        "some seven times slower than with the Vector API: the JVM was started without the Vector API;"
                                + " add --add-modules jdk.incubator.vector to its command line"));
    }

    @Test
    void a_jvm_that_stops_at_its_first_compiler_says_so_whatever_the_tier() throws Exception {
        for (String tier : List.of("1", "2", "3")) {
            assertThat(run("16", VECTOR_API, "-XX:TieredStopAtLevel=" + tier))
                    .as("tier %s", tier)
                    .satisfies(output -> assertTold(
                            output,
                            "some fifty times slower than with the Vector API: this JVM runs without its optimising"
                                    + " compiler C2 (-XX:TieredStopAtLevel below 4, or -client); start it without that"
                                    + " option"));
        }
    }

    @Test
    void a_jvm_that_interprets_says_so() throws Exception {
        for (String flag : List.of("-Xint", "-XX:TieredStopAtLevel=0")) {
            assertThat(run("4", VECTOR_API, flag))
                    .as(flag)
                    .satisfies(output -> assertTold(
                            output,
                            "more than a thousand times slower than with the Vector API: this JVM interprets its"
                                    + " code"));
        }
    }

    @Test
    void a_jvm_without_fused_products_takes_the_scalar_kernels_and_ends_in_good_time() throws Exception {
        List<String> flags = new ArrayList<>(List.of("-XX:-UseFMA"));
        if (Processor.isX86()) {
            flags.add("-XX:UseAVX=0");
        }
        for (String flag : flags) {
            assertThat(run("128", VECTOR_API, flag))
                    .as(flag)
                    .satisfies(output -> assertTold(
                            output,
                            "some thirteen times slower than with the Vector API: the JVM has no fused multiply-add"));
        }
    }

    @Test
    void a_jvm_with_the_vector_api_has_nothing_to_say() throws Exception {
        assumeThat(JvmFlags.value("UseFMA"))
                .as("fused products of this processor")
                .contains("true");
        assertThat(run("16", VECTOR_API)).contains("kernels vector").doesNotContain("slower", "] WARN ");
    }

    private static void assertTold(String output, String slowness) {
        assertThat(output).contains("kernels scalar", "availability true");
        // In the warning, in the description of the device and in that of its availability.
        assertThat(output.lines().filter(line -> line.contains("] WARN ")))
                .singleElement()
                .asString()
                .contains("device cpu uses scalar kernels, " + slowness);
        assertThat(output.lines().filter(line -> line.contains("scalar kernels, " + slowness)))
                .hasSize(3);
    }

    private String run(String tokens, String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of(
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty("java.class.path"),
                Run.class.getName(),
                tokens));
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        String text = Files.readString(output);
        assertThat(ended).as("ends within %d s: %s", MOST_SECONDS, text).isTrue();
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    /** Opens the device twice and runs a network of the bundled model's width. */
    static final class Run {
        private Run() {}

        public static void main(String[] arguments) {
            CpuDeviceProvider provider = new CpuDeviceProvider();
            provider.open(DeviceOptions.none()).close();
            DistilBertConfig config = DistilBertConfig.builder()
                    .vocabSize(1000)
                    .nLayers(2)
                    .nHeads(6)
                    .dim(384)
                    .hiddenDim(1536)
                    .build();
            RandomParameters parameters = RandomParameters.of(config, 3);
            int[] ids = IntStream.range(0, Integer.parseInt(arguments[0])).toArray();
            try (Device device = provider.open(DeviceOptions.none());
                    Program program =
                            device.compile(DistilBertForQuestionAnswering.graph(config, parameters), parameters)) {
                program.run(TokenBatch.of(ids));
                System.out.println("kernels " + device.info().facts().get("kernels"));
                System.out.println("device " + device.info().description());
            }
            System.out.println("availability " + provider.availability().available() + " "
                    + provider.availability().explanation());
        }
    }
}
