package org.distilqa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.distilqa.Answer;
import org.distilqa.Outcome;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.QuestionRequest;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.DeviceOptions;
import org.distilqa.examples.soak.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A card that is lost amid many requests: the next device named answers the rest. */
@Timeout(120)
class FailOverTest {
    private static final String LIBRARY = "distilqa.tt.library";
    private static final int REQUESTS = 500;

    /** With one length that all windows are padded to, numbers do not depend on a window's neighbours in a batch. */
    private static final DeviceOptions ONE_LENGTH = DeviceOptions.none().with("buckets", "128");

    private final PrintStream err = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    /** What a listener was told. */
    private static final class Told implements QuestionAnswererListener {
        private final Map<String, Integer> windows = Collections.synchronizedMap(new HashMap<>());
        private final List<End> ends = Collections.synchronizedList(new ArrayList<>());
        private final List<String> lost = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void batchRead(Batch batch) {
            if (batch.failure().isEmpty()) {
                windows.merge(batch.device(), batch.windows(), Integer::sum);
            }
        }

        @Override
        public void requestEnded(Request request) {
            ends.add(request.end());
        }

        @Override
        public void deviceLost(DeviceInfo device, QuestionAnsweringException failure) {
            lost.add(device.name() + ": " + failure.getMessage());
        }
    }

    @BeforeEach
    void useTheEmulator() {
        Optional<Path> library = Emulator.library();
        assumeTrue(library.isPresent(), "the emulator was not built: there is no C++ compiler");
        System.setProperty(LIBRARY, library.get().toString());
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.clearProperty(LIBRARY);
        System.setErr(err);
    }

    private static QuestionAnswerer.Builder builder() {
        return QuestionAnswerer.builder().model(SharedFiles.goldenCheckpoint()).deviceOptions("tt", ONE_LENGTH);
    }

    private static List<Prediction> quietly(String device, List<QuestionRequest> requests) {
        try (QuestionAnswerer qa = builder().device(device).build()) {
            return qa.predictAll(requests);
        }
    }

    @Test
    void everyRequestIsAnsweredWithOneWarningAndTheListenerIsTold() {
        List<QuestionRequest> requests = IntStream.range(0, REQUESTS)
                .mapToObj(i -> QuestionRequest.of(
                        "Who built number " + i + "?", "House " + i + " was built by Ada Quill in " + (1500 + i) + "."))
                .toList();
        List<Prediction> onTheCard = quietly("tt", requests);
        List<Prediction> onTheCpu = quietly("cpu", requests);
        Told told = new Told();
        List<Prediction> found;
        // A batch takes some twenty ops.
        try (QuestionAnswerer qa = Faults.with(
                "LOSE_DEVICE_OP",
                600,
                () -> builder().device("tt", "cpu").listener(told).build())) {
            List<CompletableFuture<Prediction>> half = requests.subList(0, REQUESTS / 2).stream()
                    .map(qa::predictAsync)
                    .toList();
            List<Outcome> otherHalf = qa.answerAllOutcomes(requests.subList(REQUESTS / 2, REQUESTS));
            found = new ArrayList<>(half.stream().map(CompletableFuture::join).toList());
            otherHalf.forEach(outcome -> found.add(outcome.prediction()));
        }
        for (int i = 0; i < REQUESTS; i++) {
            Prediction prediction = found.get(i);
            assertThat(List.of(onTheCard.get(i), onTheCpu.get(i)))
                    .as("request %d: %s", i, prediction)
                    .anyMatch(expected -> isSame(prediction.best(), expected.best()));
        }
        assertThat(told.windows.get("tt")).isPositive();
        assertThat(told.windows.get("cpu")).isPositive();
        assertThat(told.windows.get("tt") + told.windows.get("cpu")).isEqualTo(REQUESTS);
        assertThat(told.ends).hasSize(REQUESTS).containsOnly(QuestionAnswererListener.End.ANSWERED);
        assertThat(told.lost).singleElement().asString().startsWith("tt: ").contains("the card was lost");
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("WARN")))
                .singleElement()
                .asString()
                .contains("device tt was lost; the others take over");
    }

    private static boolean isSame(Answer one, Answer other) {
        // Other neighbours in a batch may round the last bits otherwise.
        return one.text().equals(other.text())
                && one.start() == other.start()
                && Math.abs(one.score() - other.score()) <= 1e-4 * other.score();
    }
}
