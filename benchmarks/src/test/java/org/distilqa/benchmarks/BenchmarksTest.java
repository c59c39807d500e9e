package org.distilqa.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.distilqa.benchmarks.contender.SharedFiles;
import org.distilqa.benchmarks.peak.MultiplyAddsLibrary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarksTest {
    @TempDir
    private Path directory;

    @AfterEach
    void forgetTheLibrary() {
        System.clearProperty("distilqa.benchmarks.multiplyAdds");
    }

    private Outcome measure(Path model, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("--quick", "--output", directory.resolve("out").toString()));
        arguments.addAll(List.of(
                "--model", model.toString(), "--data", SharedFiles.xquad().toString()));
        arguments.addAll(List.of(more));
        return Outcome.of(arguments.toArray(String[]::new));
    }

    @Test
    void measuresEverythingAndWritesItDown() throws Exception {
        Optional<Path> library = MultiplyAddsLibrary.compile(directory);
        library.ifPresent(file -> System.setProperty("distilqa.benchmarks.multiplyAdds", file.toString()));
        Outcome outcome = measure(
                SharedFiles.goldenCheckpoint(),
                "--contenders",
                "cpu;onnxruntime,graph=fused",
                "--shapes",
                "1x8,2x16",
                "--limit",
                "3");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("In short: tiny-distilbert, milliseconds", "The network alone: tiny-distilbert")
                .contains("Whole questions", "Beginnings", "DistilQA cpu", "ONNX Runtime (fused)");
        assertThat(outcome.err()).contains("starting cpu for whole questions", "starts: round 1 of 1");
        Path output = directory.resolve("out");
        assertThat(output.resolve("results.md")).content().contains("| 2x16 | ONNX Runtime (fused) | float32 |");
        assertThat(output.resolve("chart-tiny-distilbert.svg")).content().contains("<svg", "2x16", "DistilQA cpu");
        JsonNode json = new ObjectMapper()
                .readTree(output.resolve("results.json").toFile())
                .at("/models/0");
        assertThat(json.path("model").asText()).isEqualTo("tiny-distilbert");
        assertThat(json.at("/network/rows")).hasSize(4).allSatisfy(row -> {
            assertThat(row.path("runs").asInt()).isPositive();
            assertThat(row.path("median_ms").asDouble()).isPositive();
            assertThat(row.path("ratio_to_best_peer").asDouble()).isPositive();
            assertThat(row.path("median_ms_by_round")).hasSize(2);
        });
        if (library.isPresent()) {
            assertThat(json.at("/network/peak_gflops/float32").asDouble()).isPositive();
            assertThat(json.at("/network/rows/0/share_of_peak").asDouble()).isBetween(0.0, 1.0);
        } else {
            assertThat(outcome.err())
                    .contains("the peak is not measured: multiply-adds of float32: it takes a C++ compiler");
        }
        assertThat(json.at("/network/largest_difference_of_logits"))
                .hasSize(2)
                .allSatisfy(difference -> assertThat(difference.asDouble()).isLessThan(1e-4));
        assertThat(json.at("/questions/count").asInt()).isEqualTo(3);
        assertThat(json.at("/questions/rows")).hasSize(6).allSatisfy(row -> {
            assertThat(row.path("ratio_to_best_peer").asDouble()).isPositive();
            assertThat(row.path("ratio_to_best_network_alone").asDouble()).isPositive();
        });
        assertThat(json.at("/starts/rows")).hasSize(2).allSatisfy(row -> {
            assertThat(row.path("load_ms").asDouble()).isPositive();
            assertThat(row.path("first_answer_ms").asDouble()).isPositive();
        });
    }

    @Test
    void measuresOnlyWhatIsAskedFor() {
        Outcome outcome =
                measure(SharedFiles.goldenCheckpoint(), "--contenders", "cpu", "--shapes", "1x8", "--only", "logits");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("The network alone").doesNotContain("Whole questions", "Beginnings");
        assertThat(outcome.err()).doesNotContain("for whole questions", "starts:");
    }

    @Test
    void measuresAServiceThatIsAskedAboutABook() throws Exception {
        Outcome outcome = measure(SharedFiles.goldenCheckpoint(), "--contenders", "cpu", "--only", "service");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("In a service", "beside the book, first come, first served");
        Path output = directory.resolve("out");
        assertThat(output.resolve("service.svg")).content().contains("<svg", "beside the book, in turn");
        JsonNode service = new ObjectMapper()
                .readTree(output.resolve("results.json").toFile())
                .path("service");
        assertThat(service.path("rows")).hasSize(3);
        assertThat(service.at("/rows/1/book_windows_per_second").asDouble()).isPositive();
        // What ran, and what a book that had just come had a right to.
        assertThat(service.path("batches_waited"))
                .hasSize(50)
                .allSatisfy(count -> assertThat(count.asInt()).isBetween(0, 2));
    }

    @Test
    void measuresSeveralModelsAndTheBundledOneWithoutAFolder() throws Exception {
        Outcome outcome = Outcome.of(
                "--quick",
                "--output",
                directory.resolve("out").toString(),
                "--model",
                "bundled," + SharedFiles.goldenCheckpoint(),
                "--contenders",
                "cpu;onnxruntime,graph=plain",
                "--shapes",
                "1x8",
                "--only",
                "logits");
        assertThat(outcome.status()).as(outcome.err()).isZero();
        assertThat(outcome.out()).contains("The network alone: bundled", "The network alone: tiny-distilbert");
        assertThat(directory.resolve("out")).isDirectoryContaining("glob:**/chart-bundled.svg");
        assertThat(new ObjectMapper()
                        .readTree(directory.resolve("out/results.json").toFile())
                        .at("/models"))
                .hasSize(2)
                .allSatisfy(
                        model -> assertThat(model.at("/network/largest_difference_of_logits/onnxruntime,graph=plain")
                                        .asDouble())
                                .isBetween(0.0, 1e-4));
    }

    @Test
    void saysInOneLineWhatAPeerThatIsNamedLacks() {
        Outcome outcome =
                measure(SharedFiles.goldenCheckpoint(), "--python", "nonesuch", "--contenders", "cpu;openvino");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err())
                .startsWith("benchmarks: openvino,precision=float32: nonesuch cannot be started")
                .hasLineCount(1);
    }

    @Test
    void refusesWrongArgumentsInOneLine() {
        String model = "--model=" + directory;
        assertThat(Outcome.of(model, "--nonesuch").status()).isEqualTo(2);
        assertThat(Outcome.of(model, "--only", "nonesuch").err())
                .contains("nonesuch")
                .hasLineCount(1);
        assertThat(Outcome.of(model, "--shapes", "8by384").err())
                .contains("\"8by384\" is not a shape")
                .hasLineCount(1);
        assertThat(Outcome.of(model, "--contenders", "cpu;cpu").err())
                .contains("named twice")
                .hasLineCount(1);
        assertThat(Outcome.of(model, "--contenders", "cpu", "--rounds", "0").err())
                .contains("--rounds is 0");
        assertThat(Outcome.of(model, "--contenders", "cpu", "--data", "absent.json")
                        .err())
                .contains("absent.json: there is no such file");
    }

    @Test
    void saysInOneLineWhichContenderFailed() {
        Outcome outcome = measure(SharedFiles.goldenCheckpoint(), "--contenders", "cpu,threads=0");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err().lines().reduce((first, second) -> second))
                .hasValue(
                        "benchmarks: cpu,threads=0: device option threads is \"0\"; it must be a whole number from 1 to"
                                + " 1024");
    }
}
