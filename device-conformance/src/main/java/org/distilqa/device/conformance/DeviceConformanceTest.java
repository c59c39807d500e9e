package org.distilqa.device.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.distilqa.ClosedException;
import org.distilqa.DeviceException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidRequestException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.conformance.GoldenCheckpoint.Case;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Op;
import org.distilqa.graph.Parameters;
import org.distilqa.graph.Shape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every device must do. A backend's author extends this class in the backend's tests, and writes one method:
 *
 * <pre>{@code
 * class MyDeviceConformanceTest extends DeviceConformanceTest {
 *     @Override
 *     protected DeviceProvider provider() {
 *         return new MyDeviceProvider();
 *     }
 * }
 * }</pre>
 *
 * <p>A device that computes in another format than float32 states its {@link #tolerance()} too. Needs nothing but this
 * artifact: the checkpoints and the logits that a float64 reference gives for them are in it.
 */
@Timeout(300)
public abstract class DeviceConformanceTest {
    private static final GoldenCheckpoint TINY = GoldenCheckpoint.read("tiny");

    private Device device;
    private Program program;

    /** For subclasses. */
    protected DeviceConformanceTest() {}

    /**
     * The provider under test, as the service loader would make it.
     *
     * @return a new or shared provider
     */
    protected abstract DeviceProvider provider();

    /**
     * How far a logit may be from the reference. The golden logits lie between -6 and 3.
     *
     * @return the largest absolute difference; by default 1e-4, which float32 keeps
     */
    protected double tolerance() {
        return 1e-4;
    }

    /**
     * The options that the device is opened with.
     *
     * @return by default none
     */
    protected DeviceOptions options() {
        return DeviceOptions.none();
    }

    /**
     * The networks of this kit that the device says it cannot compute: {@code odd-gelu} and {@code odd-relu}, whose dimensions are
     * multiples of nothing, {@code gelu-tanh}, {@code silu} and {@code bert}, named after what they have.
     *
     * @return by default none
     */
    protected Set<String> refusedNetworks() {
        return Set.of();
    }

    @BeforeEach
    final void open() {
        device = provider().open(options());
        program = compile(device, TINY);
    }

    @AfterEach
    final void close() {
        device.close();
    }

    @Test
    final void isFoundByTheServiceLoaderUnderItsName() {
        DeviceProvider provider = provider();
        assertThat(provider.name()).matches("[a-z0-9][a-z0-9-]*").isNotEqualTo(Devices.AUTO);
        assertThat(Devices.providers()).anySatisfy(found -> assertThat(found).hasSameClassAs(provider));
        assertThat(provider.availability().available())
                .as(provider.availability().explanation())
                .isTrue();
        assertThat(provider.availability().explanation()).isNotBlank();
        // A device may be one that a process has open once at a time.
        device.close();
        try (Device opened = Devices.open(provider.name(), options())) {
            assertThat(opened.info().name()).isEqualTo(provider.name());
        }
    }

    @Test
    final void saysWhatItIs() {
        assertThat(device.info().name()).isEqualTo(provider().name());
        assertThat(device.info().description()).isNotBlank();
        assertThat(device.info().batchSize()).isPositive();
    }

    static List<Case> goldenCases() {
        return TINY.cases();
    }

    @ParameterizedTest
    @MethodSource("goldenCases")
    final void givesTheGoldenLogitsOfASequenceAlone(Case golden) {
        assertGolden(program, List.of(golden));
    }

    @Test
    final void takesOneToken() {
        assertGolden(program, List.of(TINY.ofLength(1)));
    }

    @Test
    final void takes512Tokens() {
        assertGolden(program, List.of(TINY.ofLength(512)));
    }

    @Test
    final void givesTheGoldenLogitsOfAllSequencesInOneBatchOfUnequalLengths() {
        assertGolden(program, TINY.cases());
    }

    static IntStream batchSizes() {
        return IntStream.rangeClosed(1, 33);
    }

    @ParameterizedTest
    @MethodSource("batchSizes")
    final void takesBatchesOfAnySize(int size) {
        List<Case> cases = TINY.cases();
        // 5 and the number of cases have no common divisor: every batch size meets other neighbours.
        assertGolden(
                program,
                IntStream.range(0, size)
                        .mapToObj(i -> cases.get((size + 5 * i) % cases.size()))
                        .toList());
    }

    @Test
    final void givesTheSameLogitsWhenARunIsRepeatedOrOthersRanBetween() {
        Case golden = TINY.ofLength(65);
        Logits first = run(program, List.of(golden));
        assertGolden(program, TINY.cases());
        Logits again = run(program, List.of(golden));
        // Not bit for bit: a just-in-time compiler may add up in another order from one run to the next.
        assertThat(again.start(0)).containsExactly(first.start(0), within((float) tolerance() / 10));
        assertThat(again.end(0)).containsExactly(first.end(0), within((float) tolerance() / 10));
    }

    /** One token's embedding is so large that its layer norm overflows in float32: then its sequence's logits are NaN, and no others. */
    @Test
    final void keepsWhatIsNotANumberInTheSequenceThatItComesFrom() {
        int token = TINY.checkpoint().graph().vocabularySize() - 1;
        List<Case> cases = TINY.cases().stream()
                .filter(golden -> IntStream.of(golden.input_ids()).noneMatch(id -> id == token))
                .toList();
        assertThat(cases).hasSizeGreaterThan(5);
        Program overflowing = device.compile(
                TINY.checkpoint().graph(),
                new OverflowingParameters(
                        TINY.checkpoint().parameters(), TINY.checkpoint().graph(), token));
        int[] overflow = new int[70];
        Arrays.fill(overflow, token);
        for (Case golden : cases) {
            // Before it, after it, and where it was.
            Logits logits = overflowing.run(TokenBatch.of(
                    List.of(golden.input_ids(), overflow, golden.input_ids()),
                    new int[] {golden.secondSegment(), overflow.length, golden.secondSegment()}));
            for (int i : new int[] {0, 2}) {
                assertClose(logits.start(i), golden.start_logits(), "start logit", golden);
                assertClose(logits.end(i), golden.end_logits(), "end logit", golden);
            }
            assertGolden(overflowing, List.of(golden));
        }
    }

    @Test
    final void runsForManyThreadsAtOnce() throws Exception {
        int threads = 8;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < threads; thread++) {
                int offset = thread;
                tasks.add(() -> {
                    for (int i = 0; i < 10; i++) {
                        int first = (offset + i) % (TINY.cases().size() - 3);
                        assertGolden(program, TINY.cases().subList(first, first + 3));
                    }
                    return null;
                });
            }
            for (Future<Void> result : executor.invokeAll(tasks)) {
                result.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"odd-gelu", "odd-relu", "gelu-tanh", "silu", "bert"})
    final void computesAnotherNetworkRightOrRefusesIt(String name) {
        GoldenCheckpoint other = GoldenCheckpoint.read(name);
        if (refusedNetworks().contains(name)) {
            assertThatThrownBy(() -> compile(device, other))
                    .isInstanceOf(DeviceException.class)
                    .message()
                    .isNotBlank();
        } else {
            Program compiled = compile(device, other);
            assertGolden(compiled, other.cases());
            other.cases().forEach(golden -> assertGolden(compiled, List.of(golden)));
        }
    }

    @Test
    final void runsTwoProgramsSideBySide() {
        try (Program second = compile(device, TINY)) {
            assertGolden(program, List.of(TINY.ofLength(17)));
            assertGolden(second, List.of(TINY.ofLength(31)));
            assertGolden(program, List.of(TINY.ofLength(31)));
        }
        assertGolden(program, List.of(TINY.ofLength(17)));
    }

    @Test
    final void doesNotTouchTheParametersAfterCompiling() {
        RevocableParameters parameters =
                new RevocableParameters(TINY.checkpoint().parameters());
        Program compiled = device.compile(TINY.checkpoint().graph(), parameters);
        parameters.revoked.set(true);
        assertGolden(compiled, TINY.cases());
    }

    @Test
    final void refusesASequenceLongerThanTheModelTakes() {
        TokenBatch batch = TokenBatch.of(new int[513]);
        assertThatThrownBy(() -> program.run(batch))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("513")
                .hasMessageContaining("512");
    }

    @Test
    final void refusesTokenIdsThatAreNotInTheVocabulary() {
        int vocabularySize = TINY.checkpoint().graph().vocabularySize();
        for (int id : new int[] {-1, vocabularySize, Integer.MAX_VALUE}) {
            TokenBatch batch = TokenBatch.of(new int[] {0, id});
            assertThatThrownBy(() -> program.run(batch))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining(Integer.toString(id));
        }
    }

    @Test
    final void worksOnAfterItRefusedABatch() {
        TokenBatch batch = TokenBatch.of(new int[] {-1});
        assertThatThrownBy(() -> program.run(batch)).isInstanceOf(InvalidRequestException.class);
        assertGolden(program, TINY.cases());
    }

    @Test
    final void refusesAnOptionThatItDoesNotKnow() {
        DeviceOptions unknown = options().with("no-such-option", "1");
        assertThatThrownBy(() -> provider().open(unknown).close())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("no-such-option");
    }

    @Test
    final void closesMoreThanOnce() {
        program.close();
        program.close();
        device.close();
        device.close();
        program.close();
        assertThat(device.info().name()).isEqualTo(provider().name());
    }

    @Test
    final void refusesToRunAClosedProgram() {
        program.close();
        assertThatThrownBy(() -> run(program, List.of(TINY.ofLength(3)))).isInstanceOf(ClosedException.class);
    }

    @Test
    final void closesItsProgramsWhenTheDeviceIsClosed() {
        device.close();
        assertThatThrownBy(() -> run(program, List.of(TINY.ofLength(3)))).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> compile(device, TINY)).isInstanceOf(ClosedException.class);
    }

    @Test
    final void canBeOpenedAgainAfterItWasClosed() {
        device.close();
        try (Device again = provider().open(options())) {
            assertGolden(compile(again, TINY), List.of(TINY.ofLength(64)));
        }
    }

    @Test
    final void canBeClosedWhileRunsAreUnderWay() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            CountDownLatch running = new CountDownLatch(4);
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                runs.add(executor.submit(() -> {
                    // Until the device is closed under it, every run gives the right numbers.
                    assertThatThrownBy(() -> {
                                while (true) {
                                    assertGolden(program, List.of(TINY.ofLength(200), TINY.ofLength(7)));
                                    running.countDown();
                                }
                            })
                            .isInstanceOf(ClosedException.class);
                }));
            }
            assertThat(running.await(100, TimeUnit.SECONDS)).isTrue();
            device.close();
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }

    private static Program compile(Device device, GoldenCheckpoint golden) {
        return device.compile(golden.checkpoint().graph(), golden.checkpoint().parameters());
    }

    private static Logits run(Program program, List<Case> cases) {
        return program.run(TokenBatch.of(
                cases.stream().map(Case::input_ids).toList(),
                cases.stream().mapToInt(Case::secondSegment).toArray()));
    }

    private void assertGolden(Program program, List<Case> cases) {
        Logits logits = run(program, cases);
        assertThat(logits.size()).isEqualTo(cases.size());
        for (int i = 0; i < cases.size(); i++) {
            Case golden = cases.get(i);
            assertClose(logits.start(i), golden.start_logits(), "start logit", golden);
            assertClose(logits.end(i), golden.end_logits(), "end logit", golden);
        }
    }

    private void assertClose(float[] actual, double[] expected, String what, Case golden) {
        assertThat(actual).as("%ss of %s", what, golden.name()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            // Compared first by hand: an assertion for each of many thousand numbers takes long.
            if (!(Math.abs(actual[i] - expected[i]) <= tolerance())) {
                assertThat((double) actual[i])
                        .as("%s %d of %s", what, i, golden.name())
                        .isCloseTo(expected[i], within(tolerance()));
            }
        }
    }

    /** Parameters that can be read until they are revoked. */
    private static final class RevocableParameters implements Parameters {
        private final Parameters parameters;
        private final AtomicBoolean revoked = new AtomicBoolean();

        RevocableParameters(Parameters parameters) {
            this.parameters = parameters;
        }

        @Override
        public String source() {
            return parameters.source();
        }

        @Override
        public Optional<Shape> shape(String name) {
            requireValid();
            return parameters.shape(name);
        }

        @Override
        public void read(String name, long offset, float[] target, int targetOffset, int length) {
            requireValid();
            parameters.read(name, offset, target, targetOffset, length);
        }

        private void requireValid() {
            if (revoked.get()) {
                throw new AssertionError("the parameters were read after compile had returned");
            }
        }
    }

    /** Parameters with the largest numbers there are for one token. */
    private static final class OverflowingParameters implements Parameters {
        private final Parameters parameters;
        private final String table;
        private final long from;
        private final long to;

        OverflowingParameters(Parameters parameters, Graph graph, int token) {
            Op.Embeddings embeddings = (Op.Embeddings) graph.nodes().get(0).op();
            this.parameters = parameters;
            this.table = embeddings.tokens().name();
            long width = graph.nodes().get(0).width();
            this.from = token * width;
            this.to = from + width;
        }

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
            parameters.read(name, offset, target, targetOffset, length);
            if (name.equals(table)) {
                for (long i = Math.max(from, offset); i < Math.min(to, offset + length); i++) {
                    target[(int) (i - offset) + targetOffset] = 3e38f;
                }
            }
        }
    }
}
