package org.distilqa.device.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidModelException;
import org.distilqa.InvalidRequestException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.conformance.RandomParameters;
import org.distilqa.device.conformance.ReferenceNetwork;
import org.distilqa.device.cpu.kernels.JvmFlags;
import org.distilqa.device.cpu.kernels.KernelsLookup;
import org.distilqa.device.cpu.kernels.WarmUp;
import org.distilqa.graph.Activation;
import org.distilqa.graph.DistilBertConfig;
import org.distilqa.graph.DistilBertForQuestionAnswering;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Node;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;
import org.distilqa.model.Checkpoint;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(120)
final class CpuDeviceTest {
    private static final DistilBertConfig SMALL = DistilBertConfig.builder()
            .vocabSize(97)
            .nLayers(2)
            .nHeads(3)
            .dim(48)
            .hiddenDim(80)
            .build();
    private static final DistilBertConfig ODD = DistilBertConfig.builder()
            .vocabSize(97)
            .nLayers(1)
            .nHeads(5)
            .dim(20)
            .hiddenDim(37)
            .activation(Activation.RELU)
            .build();

    static Stream<String> names() {
        return KernelsLookup.names().stream();
    }

    /** From then on no others stand in for those of the Vector API, as they do while they are not compiled. */
    @BeforeAll
    static void compileTheKernels() {
        WarmUp warmUp = WarmUp.acquire(KernelsLookup.kernels(KernelsLookup.AUTO));
        warmUp.begin();
        warmUp.await();
        warmUp.release();
    }

    @ParameterizedTest
    @MethodSource("names")
    void networks_of_odd_dimensions_agree_with_float64_for_unequal_lengths_in_one_batch(String kernels) {
        for (DistilBertConfig config : List.of(SMALL, ODD)) {
            RandomParameters parameters = RandomParameters.of(config, 3);
            Graph graph = DistilBertForQuestionAnswering.graph(config, parameters);
            int[][] batch = sequences(1, 33, 2, 512, 31);
            for (String threads : List.of("1", "2", "5")) {
                try (Device device = open(kernels, threads);
                        Program program = device.compile(graph, parameters)) {
                    assertAgree(program.run(TokenBatch.of(batch)), batch, new ReferenceNetwork(graph, parameters));
                    assertAgree(
                            program.run(TokenBatch.of(batch[1])),
                            new int[][] {batch[1]},
                            new ReferenceNetwork(graph, parameters));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_layer_wider_than_a_block_of_the_sum_agrees_with_float64(String kernels) {
        DistilBertConfig config = DistilBertConfig.builder()
                .vocabSize(97)
                .maxPositionEmbeddings(64)
                .nLayers(1)
                .nHeads(2)
                .dim(400)
                .hiddenDim(900)
                .build();
        RandomParameters parameters = RandomParameters.of(config, 4);
        Graph graph = DistilBertForQuestionAnswering.graph(config, parameters);
        int[][] batch = sequences(50, 7);
        try (Device device = open(kernels, "2");
                Program program = device.compile(graph, parameters)) {
            assertAgree(program.run(TokenBatch.of(batch)), batch, new ReferenceNetwork(graph, parameters));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_batch_of_more_tokens_than_a_pass_takes_gives_what_its_sequences_give_alone(String kernels) {
        RandomParameters parameters = RandomParameters.of(ODD, 5);
        Graph graph = DistilBertForQuestionAnswering.graph(ODD, parameters);
        int[][] batch = sequences(512, 500, 512, 490, 512, 512, 1, 512, 512, 512, 80);
        try (Device device = open(kernels, "2");
                Program program = device.compile(graph, parameters)) {
            Logits together = program.run(TokenBatch.of(batch));
            for (int i = 0; i < batch.length; i++) {
                Logits alone = program.run(TokenBatch.of(batch[i]));
                assertThat(together.start(i)).containsExactly(alone.start(0), within(1e-5f));
                assertThat(together.end(i)).containsExactly(alone.end(0), within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void golden_logits_are_met_within_a_ten_thousandth(String kernels) throws IOException {
        Path golden = Path.of(System.getProperty("distilqa.shared", "absent"), "golden", "tiny-distilbert");
        if (!Files.isDirectory(golden)) {
            assertThat(System.getenv("CI")).as("golden files are at " + golden).isNotEqualTo("true");
            assumeTrue(false, "no golden files at " + golden + "; see the system property distilqa.shared");
        }
        try (Checkpoint checkpoint = Checkpoint.open(golden);
                Device device = open(kernels, "2");
                Program program = device.compile(checkpoint.graph(), checkpoint.parameters())) {
            JsonNode cases = new ObjectMapper()
                    .readTree(golden.resolve("cases.json").toFile())
                    .get("cases");
            assertThat(cases).isNotEmpty();
            for (JsonNode example : cases) {
                List<int[]> ids = new ArrayList<>();
                for (int i = 0; i < example.get("input_ids").size(); i++) {
                    ids.add(valid(
                            example.get("input_ids").get(i),
                            example.get("attention_mask").get(i)));
                }
                Logits logits = program.run(TokenBatch.of(ids));
                for (int i = 0; i < ids.size(); i++) {
                    assertThat(logits.start(i))
                            .containsExactly(floats(example.get("start_logits").get(i)), within(1e-4f));
                    assertThat(logits.end(i))
                            .containsExactly(floats(example.get("end_logits").get(i)), within(1e-4f));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void many_callers_at_once_get_the_same_numbers_as_one(String kernels) throws Exception {
        RandomParameters parameters = RandomParameters.of(SMALL, 6);
        Graph graph = DistilBertForQuestionAnswering.graph(SMALL, parameters);
        try (Device device = open(kernels, "3");
                Program program = device.compile(graph, parameters)) {
            List<TokenBatch> batches = new ArrayList<>();
            List<Logits> expected = new ArrayList<>();
            for (int i = 1; i <= 6; i++) {
                batches.add(TokenBatch.of(sequences(i * 7, 40 - i)));
                expected.add(program.run(batches.get(i - 1)));
            }
            ExecutorService callers = Executors.newFixedThreadPool(6);
            List<Future<?>> futures = new ArrayList<>();
            for (int caller = 0; caller < 6; caller++) {
                int own = caller;
                futures.add(callers.submit(() -> {
                    for (int round = 0; round < 50; round++) {
                        Logits logits = program.run(batches.get(own));
                        assertThat(logits.start(0))
                                .containsExactly(expected.get(own).start(0));
                        assertThat(logits.end(1))
                                .containsExactly(expected.get(own).end(1));
                    }
                }));
            }
            for (Future<?> future : futures) {
                future.get();
            }
            callers.shutdown();
        }
    }

    @Test
    void a_failure_to_read_a_weight_reaches_who_compiles_as_it_is() {
        RandomParameters parameters = RandomParameters.of(SMALL, 7);
        Graph graph = DistilBertForQuestionAnswering.graph(SMALL, parameters);
        InvalidModelException broken = new InvalidModelException("a tensor has the value NaN");
        Parameters failing = new Parameters() {
            @Override
            public String source() {
                return parameters.source();
            }

            @Override
            public Optional<Shape> shape(String name) {
                return parameters.shape(name);
            }

            @Override
            public void read(String name, long offset, float[] target, int targetOffset, int length) {
                if (name.endsWith("layer.1.ffn.lin2.weight")) {
                    throw broken;
                }
                parameters.read(name, offset, target, targetOffset, length);
            }
        };
        try (Device device = open(KernelsLookup.AUTO, "2")) {
            assertThatThrownBy(() -> device.compile(graph, failing)).isSameAs(broken);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_run_in_the_steady_state_allocates_little_more_than_its_logits(String kernels) {
        RandomParameters parameters = RandomParameters.of(SMALL, 7);
        Graph graph = DistilBertForQuestionAnswering.graph(SMALL, parameters);
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Device device = open(kernels, "1");
                Program program = device.compile(graph, parameters)) {
            TokenBatch batch = TokenBatch.of(sequences(300, 200));
            assertThat(bean.isThreadAllocatedMemoryEnabled()).isTrue();
            long allocated = Long.MAX_VALUE;
            // Until what is around the kernels is compiled, it allocates more.
            for (int run = 0; run < 2000 && allocated > 30_000; run++) {
                long before = bean.getCurrentThreadAllocatedBytes();
                program.run(batch);
                allocated = bean.getCurrentThreadAllocatedBytes() - before;
            }
            // The logits are 4 kB; the activations would be 96 kB for one matrix of this width.
            assertThat(allocated).isBetween(4_000L, 30_000L);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void runs_of_one_batch_give_the_same_bits_whichever_way_is_tried(String kernels) {
        RandomParameters parameters = RandomParameters.of(SMALL, 14);
        Graph graph = DistilBertForQuestionAnswering.graph(SMALL, parameters);
        TokenBatch batch = TokenBatch.of(sequences(17, 30));
        try (Device device = open(kernels, "2");
                Program program = device.compile(graph, parameters)) {
            Logits first = program.run(batch);
            for (int run = 0; run < 40; run++) {
                Logits again = program.run(batch);
                for (int sequence = 0; sequence < batch.size(); sequence++) {
                    assertThat(again.start(sequence)).containsExactly(first.start(sequence));
                    assertThat(again.end(sequence)).containsExactly(first.end(sequence));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void compiling_reads_each_weight_once(String kernels) {
        RandomParameters parameters = RandomParameters.of(SMALL, 8);
        Graph graph = DistilBertForQuestionAnswering.graph(SMALL, parameters);
        try (Device device = open(kernels, "2");
                Program program = device.compile(graph, parameters)) {
            program.run(TokenBatch.of(sequences(3)));
            parameters
                    .elementsRead()
                    .forEach((name, count) -> assertThat(count)
                            .as(name)
                            .isEqualTo(parameters.shape(name).orElseThrow().elements()));
        }
    }

    @Test
    void after_closing_nothing_runs_or_compiles_and_closing_again_does_nothing() {
        RandomParameters parameters = RandomParameters.of(ODD, 9);
        Graph graph = DistilBertForQuestionAnswering.graph(ODD, parameters);
        TokenBatch batch = TokenBatch.of(sequences(3));
        Device device = open("auto", "2");
        Program closed = device.compile(graph, parameters);
        Program open = device.compile(graph, parameters);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.run(batch)).isInstanceOf(ClosedException.class);
        assertThat(open.run(batch).size()).isEqualTo(1);
        device.close();
        device.close();
        assertThatThrownBy(() -> open.run(batch)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> device.compile(graph, parameters)).isInstanceOf(ClosedException.class);
        open.close();
        assertThat(device.info().name()).isEqualTo("cpu");
    }

    @Test
    void closing_while_others_run_lets_each_finish_or_refuses_it() throws Exception {
        RandomParameters parameters = RandomParameters.of(SMALL, 10);
        Graph graph = DistilBertForQuestionAnswering.graph(SMALL, parameters);
        Device device = open("auto", "2");
        Program program = device.compile(graph, parameters);
        TokenBatch batch = TokenBatch.of(sequences(200));
        ExecutorService callers = Executors.newFixedThreadPool(3);
        CountDownLatch running = new CountDownLatch(3);
        List<Future<?>> futures = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            futures.add(callers.submit(() -> assertThatThrownBy(() -> {
                        while (true) {
                            assertThat(program.run(batch).start(0)).hasSize(200);
                            running.countDown();
                        }
                    })
                    .isInstanceOf(ClosedException.class)));
        }
        running.await();
        device.close();
        for (Future<?> future : futures) {
            future.get();
        }
        callers.shutdown();
    }

    @Test
    void what_does_not_fit_the_graph_is_refused_before_anything_runs() {
        RandomParameters parameters = RandomParameters.of(ODD, 11);
        Graph graph = DistilBertForQuestionAnswering.graph(ODD, parameters);
        try (Device device = open("auto", "1");
                Program program = device.compile(graph, parameters)) {
            assertThatThrownBy(() -> program.run(TokenBatch.of(new int[513])))
                    .isInstanceOf(InvalidRequestException.class);
            assertThatThrownBy(() -> program.run(TokenBatch.of(new int[] {97})))
                    .isInstanceOf(InvalidRequestException.class);
        }
    }

    @Test
    void a_result_too_wide_for_an_array_is_refused_by_name() {
        DistilBertConfig config = DistilBertConfig.builder()
                .vocabSize(9)
                .maxPositionEmbeddings(16)
                .nLayers(1)
                .nHeads(1)
                .dim(4)
                .hiddenDim(8)
                .build();
        RandomParameters parameters = RandomParameters.of(config, 13);
        List<Node> nodes = new ArrayList<>(
                DistilBertForQuestionAnswering.graph(config, parameters).nodes());
        int index = nodes.size() - 3;
        Op.Linear linear = new Op.Linear(
                List.of(new Parameter("w", Shape.of(1 << 21, 4))),
                List.of(new Parameter("b", Shape.of(1 << 21))),
                Activation.NONE);
        nodes.set(index, new Node(index, linear, List.of(0), 1 << 21));
        try (Device device = open("auto", "1")) {
            assertThatThrownBy(() -> device.compile(new Graph(nodes), parameters))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("Linear");
        }
    }

    @Test
    void options_out_of_range_or_unknown_are_refused() {
        CpuDeviceProvider provider = new CpuDeviceProvider();
        for (String threads : List.of("0", "1025", "two")) {
            assertThatThrownBy(() -> provider.open(DeviceOptions.none().with("threads", threads)))
                    .isInstanceOf(InvalidConfigurationException.class)
                    .hasMessageContaining("threads");
        }
        assertThatThrownBy(() -> provider.open(DeviceOptions.none().with("kernels", "fast")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("scalar");
        assertThatThrownBy(() -> provider.open(DeviceOptions.none().with("thread", "1")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("has no option thread;");
    }

    @Test
    void the_vector_kernels_are_used_exactly_where_the_jvm_has_the_vector_api() {
        boolean enabled = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                && JvmFlags.value("UseFMA").map(Boolean::parseBoolean).orElse(true);
        assertThat(KernelsLookup.names().contains(KernelsLookup.VECTOR)).isEqualTo(enabled);
        try (Device device = open("auto", "1")) {
            assertThat(device.info().facts()).containsEntry("kernels", enabled ? "vector" : "scalar");
        }
        if (!enabled) {
            assertThatThrownBy(() -> open("vector", "1"))
                    .isInstanceOf(DeviceUnavailableException.class)
                    .hasMessageContaining(KernelsLookup.slowness());
        }
    }

    @Test
    void the_device_is_found_by_its_name_and_says_what_it_is() {
        try (Device device = Devices.open("cpu", DeviceOptions.none().with("threads", "2"))) {
            assertThat(device.info().description()).contains("2 threads");
            assertThat(device.info().facts()).containsEntry("threads", "2").containsKeys("kernels", "vectorBits");
            assertThat(device.info().batchSize()).isEqualTo(8);
        }
        assertThat(new CpuDeviceProvider().availability().available()).isTrue();
    }

    private static Device open(String kernels, String threads) {
        return new CpuDeviceProvider()
                .open(DeviceOptions.none().with("kernels", kernels).with("threads", threads));
    }

    private static int[][] sequences(int... lengths) {
        Random random = new Random(1);
        int[][] sequences = new int[lengths.length][];
        for (int i = 0; i < lengths.length; i++) {
            sequences[i] = random.ints(lengths[i], 0, 97).toArray();
        }
        return sequences;
    }

    private static void assertAgree(Logits logits, int[][] batch, ReferenceNetwork reference) {
        assertThat(logits.size()).isEqualTo(batch.length);
        for (int sequence = 0; sequence < batch.length; sequence++) {
            double[][] expected = reference.logits(batch[sequence], batch[sequence].length);
            assertThat(logits.start(sequence)).hasSize(expected.length);
            for (int token = 0; token < expected.length; token++) {
                // Logits of size 1 after some ten float32 roundings of sums of some hundred terms.
                assertThat((double) logits.start(sequence)[token]).isEqualTo(expected[token][0], within(2e-5));
                assertThat((double) logits.end(sequence)[token]).isEqualTo(expected[token][1], within(2e-5));
            }
        }
    }

    private static int[] valid(JsonNode ids, JsonNode mask) {
        List<Integer> kept = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            if (mask.get(i).intValue() == 1) {
                kept.add(ids.get(i).intValue());
            }
        }
        return kept.stream().mapToInt(Integer::intValue).toArray();
    }

    private static float[] floats(JsonNode numbers) {
        float[] values = new float[numbers.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = numbers.get(i).floatValue();
        }
        return values;
    }
}
