package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.FakeProviders;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidModelException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.tokenizer.Tokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Building an answerer, and giving up on it. */
@Timeout(120)
class BuildTest {
    private static final String WEIGHTS = "model.safetensors";

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final Set<Thread> threadsBefore = Thread.getAllStackTraces().keySet();

    @TempDir
    private Path directory;

    private Path model;
    private FakeHub server;

    @BeforeEach
    void start() throws IOException {
        Thread.currentThread().setContextClassLoader(FakeProviders.classLoader(directory.resolve("services")));
        model = Files.createDirectory(directory.resolve("model"));
        CheckpointFiles.write(model);
        server = new FakeHub();
        server.files.put(WEIGHTS, Files.readAllBytes(model.resolve(WEIGHTS)));
        server.files.remove("vocab.txt"); // The tokenizer of these tests needs none.
    }

    @AfterEach
    void stop() {
        Thread.currentThread().setContextClassLoader(before);
        server.close();
    }

    private QuestionAnswerer.Builder local() {
        return QuestionAnswerer.builder().model(model).device("fake");
    }

    private QuestionAnswerer.Builder fromHub() {
        // Nothing but an interrupt ends a download that hangs.
        HubOptions options = TestHubOptions.from(Map.of(), directory)
                .withEndpoint(server.endpoint())
                .withCache(directory.resolve("hub"))
                .withPatience(Duration.ofHours(1), Duration.ZERO);
        return QuestionAnswerer.builder().model(FakeHub.ID).hub(options).device("fake");
    }

    @Test
    void tellsOfAMistypedDeviceBeforeTheHubIsAsked() {
        assertThatThrownBy(() -> fromHub().device("fkae").build())
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("there is no device \"fkae\"");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void tellsOfAnOptionThatTheDeviceHasNotBeforeTheHubIsAskedHoweverLongItTakes() {
        FakeProviders.whileOpening(() -> sleep(300));
        assertThatThrownBy(() -> fromHub()
                        .deviceOptions(DeviceOptions.none().with("sped", "1"))
                        .build())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("device fake has no option sped");
        assertThat(server.requests).isEmpty();
    }

    @Test
    void tellsOfASettingOfTheHubBeforeTheHubIsAsked() {
        assertThatThrownBy(() -> fromHub().revision("..").build()).isInstanceOf(InvalidConfigurationException.class);
        assertThat(server.requests).isEmpty();
        assertThat(FakeProviders.allClosed()).isTrue();
    }

    @Test
    void answersWithAModelOfTheHubAndLeavesNoThreadBehind() {
        try (QuestionAnswerer answerer = fromHub().build()) {
            assertThat(answerer.answer("Which?", "one two").text()).isNotEmpty();
        }
        assertNoThreads();
        assertThat(FakeProviders.allClosed()).isTrue();
    }

    @Test
    void takesADeviceATokenizerAndACheckpointThatAreOpenAndLeavesThemOpen() {
        try (Checkpoint checkpoint = Checkpoint.open(model);
                Device device = Devices.open("fake", DeviceOptions.none());
                Tokenizer tokenizer = FakeProviders.tokenizer()) {
            for (int i = 0; i < 2; i++) {
                try (QuestionAnswerer answerer = QuestionAnswerer.builder()
                        .checkpoint(checkpoint)
                        .device(device)
                        .tokenizer(tokenizer)
                        .build()) {
                    assertThat(answerer.answer("Which?", "one two").text()).isNotEmpty();
                    assertThat(answerer.device().name()).isEqualTo("fake");
                }
            }
            assertThat(FakeProviders.devicesOpened()).isEqualTo(1);
            assertThat(FakeProviders.noneClosed()).isTrue();
        }
        assertThat(FakeProviders.allClosed()).isTrue();
    }

    @Test
    void passesOverDevicesThatAreNotAvailableUnlessNoneIs() {
        try (QuestionAnswerer answerer = local().device("fkae", "fake", "fake").build()) {
            assertThat(answerer.devices()).extracting(DeviceInfo::name).containsExactly("fake", "fake");
            assertThat(answerer.answer("Which?", "one two").text()).isNotEmpty();
        }
        assertThat(FakeProviders.allClosed()).isTrue();
        assertThatThrownBy(() -> local().device("fkae", "feak").build())
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("there is no device \"fkae\"")
                .hasMessageContaining("there is no device \"feak\"");
    }

    @Test
    void givesADeviceItsNumberAndItsOwnOptions() {
        assertThatThrownBy(() -> local().device("fake:3").build())
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("device fake has no option device-ids");
        QuestionAnswerer.Builder builder =
                local().device("fake").deviceOptions(DeviceOptions.none().with("sped", "1"));
        assertThatThrownBy(builder::build).isInstanceOf(InvalidConfigurationException.class);
        builder.deviceOptions("fake", DeviceOptions.none().with("speed", "1"))
                .build()
                .close();
    }

    @Test
    void anInterruptEndsADownload() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        server.fail("GET " + WEIGHTS, FakeHub.hang(begun));
        Interruption.assertEnds(() -> fromHub().build().close(), begun);
        assertThat(FakeProviders.devicesOpened()).isEqualTo(1);
        assertThat(FakeProviders.allClosed()).isTrue();
        try (QuestionAnswerer answerer = fromHub().build()) {
            assertThat(answerer.answer("Which?", "one two").text()).isNotEmpty();
        }
    }

    @Test
    void anInterruptDoesNotWaitForADeviceThatIsStillBeingOpened() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch mayOpen = new CountDownLatch(1);
        FakeProviders.whileOpening(() -> {
            opening.countDown();
            await(mayOpen);
        });
        Interruption.assertEnds(() -> local().build().close(), opening);
        assertThat(FakeProviders.devicesOpened()).isZero();
        mayOpen.countDown();
        while (FakeProviders.devicesOpened() == 0 || !FakeProviders.allClosed()) {
            sleep(5);
        }
        assertNoThreads();
    }

    @Test
    void anInterruptWhileTheNetworkIsCompiledEndsThatAndClosesWhatIsOpen() {
        AtomicInteger parameters = new AtomicInteger();
        FakeProviders.whileCompiling(() -> {
            parameters.incrementAndGet();
            Thread.currentThread().interrupt();
        });
        assertThatThrownBy(() -> local().build()).isInstanceOf(OperationInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(parameters).hasValue(1);
        assertClosedAtLast();
    }

    @Test
    void whatBreaksBecauseOfAnInterruptIsToldAsAnInterrupt() {
        FakeProviders.whileCompiling(() -> {
            Thread.currentThread().interrupt();
            throw new InvalidModelException("model.safetensors: cannot be read: ClosedByInterruptException");
        });
        assertThatThrownBy(() -> local().build())
                .isInstanceOf(OperationInterruptedException.class)
                .hasCauseInstanceOf(InvalidModelException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertClosedAtLast();
    }

    @Test
    void anInterruptAtAnyTimeGivesAnAnswererOrAnInterruption() throws Exception {
        for (int i = 0; i < 60; i++) {
            AtomicReference<Throwable> unexpected = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                try {
                    local().build().close();
                } catch (OperationInterruptedException e) {
                    if (!Thread.currentThread().isInterrupted()) {
                        unexpected.set(new AssertionError("the flag is not set", e));
                    }
                } catch (Throwable e) {
                    unexpected.set(e);
                }
            });
            thread.start();
            Thread.sleep(i / 10, i % 10 * 100_000);
            thread.interrupt();
            thread.join();
            assertThat(unexpected.get()).isNull();
        }
        assertClosedAtLast();
        try (QuestionAnswerer answerer = local().build()) {
            assertThat(answerer.answer("Which?", "one two").text()).isNotEmpty();
        }
    }

    @Test
    void theFilesOfTheModelAreClosedWhenTheDeviceHasTheWeights() throws IOException {
        assumeTrue(
                Files.isDirectory(Path.of("/proc/self/fd")), "this system does not list open files in /proc/self/fd");
        try (QuestionAnswerer answerer = local().build()) {
            assertThat(answerer.answer("Which?", "one two").text()).isNotEmpty();
            assertThat(openFiles(directory.toRealPath())).isZero();
        }
    }

    @Test
    void theFilesOfAModelThatIsBrokenAreClosed() throws IOException {
        assumeTrue(
                Files.isDirectory(Path.of("/proc/self/fd")), "this system does not list open files in /proc/self/fd");
        Files.writeString(model.resolve("config.json"), CheckpointFiles.CONFIG.replace("\"dim\": 8", "\"dim\": 4"));
        assertThatThrownBy(() -> local().build()).isInstanceOf(InvalidModelException.class);
        assertThat(openFiles(directory.toRealPath())).isZero();
    }

    @Test
    void openFilesStayAsManyOverAHundredBuilds() throws IOException {
        assumeTrue(
                Files.isDirectory(Path.of("/proc/self/fd")), "this system does not list open files in /proc/self/fd");
        cycle(fromHub());
        cycle(local());
        long first = openFiles(Path.of("/"));
        for (int i = 0; i < 50; i++) {
            cycle(fromHub());
            cycle(local());
        }
        assertThat(openFiles(Path.of("/"))).isLessThanOrEqualTo(first);
        assertNoThreads();
    }

    private static void cycle(QuestionAnswerer.Builder builder) {
        QuestionAnswerer answerer = builder.build();
        answerer.close();
        answerer.close();
    }

    /** The thread that opens something may be a little behind the one that gave up on it. */
    private void assertClosedAtLast() {
        while (!FakeProviders.allClosed()) {
            sleep(5);
        }
        assertNoThreads();
    }

    private void assertNoThreads() {
        while (Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !threadsBefore.contains(thread))
                .anyMatch(thread -> thread.getName().startsWith("distilqa"))) {
            sleep(5);
        }
    }

    private static long openFiles(Path below) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(file -> {
                        try {
                            return Files.readSymbolicLink(file).startsWith(below);
                        } catch (IOException e) {
                            return false; // The one that lists them.
                        }
                    })
                    .count();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
