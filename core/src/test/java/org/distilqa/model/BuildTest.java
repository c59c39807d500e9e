package org.distilqa.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.FakeProviders;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.InvalidModelException;
import org.distilqa.OpenFiles;
import org.distilqa.OperationInterruptedException;
import org.distilqa.OverloadedException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionRequest;
import org.distilqa.WhenFull;
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
    void takesSeveralDevicesThatAreOpen() {
        try (Device first = Devices.open("fake", DeviceOptions.none());
                Device second = Devices.open("fake", DeviceOptions.none());
                QuestionAnswerer answerer = local().device(first, second).build()) {
            assertThat(answerer.devices()).hasSize(2);
            assertThat(answerer.answer("Which?", "one two").text()).isNotEmpty();
        }
        assertThat(FakeProviders.allClosed()).isTrue();
    }

    @Test
    void takesTheSettingsOfAService() {
        List<QuestionAnswererListener.Batch> batches = Collections.synchronizedList(new ArrayList<>());
        QuestionAnswerer answerer = local().batchSize(2)
                .maxContextLength(50)
                .maxQuestionLength(20)
                .maxRequests(3)
                .maxPendingWindows(1)
                .whenFull(WhenFull.REJECT)
                .maxBatchDelay(Duration.ofMinutes(1))
                .closeTimeout(Duration.ofSeconds(20))
                .listener(new QuestionAnswererListener() {
                    @Override
                    public void batchRead(Batch batch) {
                        batches.add(batch);
                    }
                })
                .build();
        QuestionRequest request = QuestionRequest.of("Which?", "one two");
        try (answerer) {
            assertThatThrownBy(() -> answerer.answer("Which?", "x".repeat(51)))
                    .hasMessageContaining("maxContextLength is 50");
            assertThatThrownBy(() -> answerer.answer("Which of these is it?", "one two"))
                    .hasMessageContaining("maxQuestionLength is 20");
            assertThatThrownBy(() -> answerer.answerAll(Collections.nCopies(4, request)))
                    .hasMessageContaining("maxRequests is 3");
            CompletableFuture<Prediction> waitsForCompany = answerer.predictAsync(request);
            assertThatThrownBy(() -> answerer.answer(request))
                    .isInstanceOf(OverloadedException.class)
                    .hasMessageContaining("maxPendingWindows is 1");
            assertThat(waitsForCompany).isNotDone();
            assertThat(batches).isEmpty();
            answerer.close();
            assertThat(waitsForCompany.join().windows()).isEqualTo(1);
            assertThat(batches).hasSize(1);
        }
    }

    @Test
    void refusesSettingsThatAreNone() {
        QuestionAnswerer.Builder builder = local();
        assertThatThrownBy(() -> builder.maxBatchDelay(Duration.ofSeconds(61)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("maxBatchDelay is PT1M1S; it must be from zero to PT1M");
        assertThatThrownBy(() -> builder.closeTimeout(Duration.ofMillis(-1)))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("closeTimeout is PT-0.001S; it must be from zero to PT24H");
        assertThatThrownBy(() -> builder.closeTimeout(null)).hasMessageContaining("closeTimeout is null");
        assertThatThrownBy(() -> builder.whenFull(null)).hasMessageContaining("whenFull is null");
        assertThatThrownBy(() -> builder.listener(null)).hasMessageContaining("listener is null");
        assertThatThrownBy(() -> builder.maxPendingWindows(0))
                .hasMessage("maxPendingWindows is 0; it must be from 1 to 2147483647");
        assertThatThrownBy(() -> builder.batchSize(4097)).hasMessage("batchSize is 4097; it must be from 1 to 4096");
    }

    @Test
    void refusesATokenizerOfMoreTokensThanTheModelHas() throws IOException {
        Files.writeString(model.resolve("config.json"), CheckpointFiles.CONFIG.replace("40", "39"));
        Map<String, long[]> tensors = CheckpointFiles.tensors();
        tensors.put("distilbert.embeddings.word_embeddings.weight", new long[] {39, 8});
        CheckpointFiles.writeTensors(model.resolve(WEIGHTS), tensors);
        assertThatThrownBy(() -> local().build())
                .isInstanceOf(InvalidModelException.class)
                .hasMessage(
                        model + ": the tokenizer has 40 tokens, but the model's embedding table only 39 (vocab_size);"
                                + " they do not belong together");
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
        try (QuestionAnswerer answerer = local().build()) {
            assertThat(answerer.answer("Which?", "one two").text()).isNotEmpty();
            assertThat(OpenFiles.below(directory)).isZero();
        }
    }

    @Test
    void theFilesOfAModelThatIsBrokenAreClosed() throws IOException {
        Files.writeString(model.resolve("config.json"), CheckpointFiles.CONFIG.replace("\"dim\": 8", "\"dim\": 4"));
        assertThatThrownBy(() -> local().build()).isInstanceOf(InvalidModelException.class);
        assertThat(OpenFiles.below(directory)).isZero();
    }

    @Test
    void openFilesStayAsManyOverAHundredBuilds() throws IOException {
        cycle(fromHub());
        cycle(local());
        long first = OpenFiles.below(Path.of("/"));
        for (int i = 0; i < 50; i++) {
            cycle(fromHub());
            cycle(local());
        }
        assertThat(OpenFiles.below(Path.of("/"))).isLessThanOrEqualTo(first);
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
