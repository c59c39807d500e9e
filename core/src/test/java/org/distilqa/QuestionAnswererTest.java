package org.distilqa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.distilqa.device.Logits;
import org.distilqa.device.TokenBatch;
import org.distilqa.execution.RequestLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QuestionAnswererTest {
    private final FakeDevice device = new FakeDevice();
    private final WordTokenizer tokenizer = new WordTokenizer();
    private final List<QuestionAnswerer> opened = new ArrayList<>();
    private final QuestionAnswerer answerer = answerer(device, 4);

    private QuestionAnswerer answerer(FakeDevice device, int batchSize) {
        return answerer(device, tokenizer, batchSize);
    }

    private QuestionAnswerer answerer(FakeDevice device, WordTokenizer tokenizer, int batchSize) {
        QuestionAnswerer answerer = TestAnswerers.of(device, tokenizer, batchSize, RequestLimits.DEFAULT);
        opened.add(answerer);
        return answerer;
    }

    @AfterEach
    void closeAll() {
        opened.forEach(answerer -> {
            try {
                answerer.close();
            } catch (DeviceException e) {
                assertThat(e).hasMessage("stuck");
            }
        });
    }

    @Test
    void answersWithASpanOfTheContext() {
        String context = "Alpha beta, gamma; delta: epsilon zeta (eta) theta.";
        Answer answer = answerer.answer("Which letter?", context);
        assertThat(answer.text()).isNotEmpty();
        assertThat(context.substring(answer.start(), answer.end())).isEqualTo(answer.text());
    }

    @Test
    void givesManyRequestsTheAnswersThatEachGetsAloneInTheirOrder() {
        List<QuestionRequest> requests = requests(300);
        List<List<Answer>> together = answerer.answerAll(requests);
        assertThat(together).hasSameSizeAs(requests);
        for (int i = 0; i < requests.size(); i++) {
            assertThat(together.get(i)).isEqualTo(answerer.answer(requests.get(i)));
        }
    }

    @Test
    void tellsTheDeviceWhereTheContextBegins() {
        // [CLS], three words and [SEP], then two words and [SEP].
        assertThat(lengthAndSecondSegmentOfYesNo(tokenizer)).containsExactly(8, 5);
    }

    @Test
    void tellsTheDeviceOfNoSecondSegmentWhereTheTokenizerGivesNoTokenTypes() {
        assertThat(lengthAndSecondSegmentOfYesNo(new WordTokenizer(false))).containsExactly(8, 8);
    }

    private int[] lengthAndSecondSegmentOfYesNo(WordTokenizer tokenizer) {
        List<int[]> places = new ArrayList<>();
        FakeDevice recording = new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                for (int i = 0; i < batch.size(); i++) {
                    places.add(new int[] {batch.length(i), batch.secondSegment(i)});
                }
                return super.run(batch);
            }
        };
        answerer(recording, tokenizer, 4).answer("Is it so?", "yes no");
        assertThat(places).hasSize(1);
        return places.get(0);
    }

    @Test
    void fillsBatchesWithTheWindowsOfManyRequests() {
        List<QuestionRequest> requests = IntStream.range(0, 42)
                .mapToObj(i -> QuestionRequest.of("Which word is number " + i + "?", "lorem ipsum dolor " + i))
                .toList();
        int windows = answerer.predictAll(requests).stream()
                .mapToInt(Prediction::windows)
                .sum();
        assertThat(device.batchSizes).hasSize((windows + 3) / 4);
        assertThat(device.batchSizes.subList(0, device.batchSizes.size() - 1)).containsOnly(4);
    }

    @Test
    void answersAnEmptyListWithoutRunningAnything() {
        assertThat(answerer.answerAll(List.of())).isEmpty();
        assertThat(device.batchSizes).isEmpty();
    }

    @Test
    void findsNoAnswerInAContextWithoutATokenWithoutRunningAnything() {
        for (String context : List.of(" ", "\n\t  ", "?!…")) {
            assertThat(answerer.predict(QuestionRequest.of("Who?", context)))
                    .isEqualTo(Prediction.of(List.of(Answer.none(0)), 0));
        }
        assertThat(device.batchSizes).isEmpty();
    }

    @Test
    void givesThirtyTwoThreadsTheAnswersThatOneGets() throws Exception {
        List<QuestionRequest> requests = requests(64);
        List<List<Answer>> expected = answerer.answerAll(requests);
        ExecutorService executor = Executors.newFixedThreadPool(32);
        try {
            List<Callable<List<List<Answer>>>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 32; thread++) {
                boolean oneByOne = thread % 2 == 0;
                tasks.add(() ->
                        oneByOne ? requests.stream().map(answerer::answer).toList() : answerer.answerAll(requests));
            }
            for (Future<List<List<Answer>>> result : executor.invokeAll(tasks)) {
                assertThat(result.get()).isEqualTo(expected);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(device.mostRunning).hasValue(1);
    }

    @Test
    void putsWindowsThatArriveWhileTheDeviceIsBusyIntoOneBatch() {
        SlowDevice slow = new SlowDevice();
        QuestionAnswerer busy = answerer(slow, 8);
        QuestionRequest request = QuestionRequest.of("Which?", "one two");
        List<CompletableFuture<Prediction>> predictions = new ArrayList<>(List.of(busy.predictAsync(request)));
        slow.awaitStart();
        // A short text is in the queue when this returns.
        for (int i = 0; i < 4; i++) {
            predictions.add(busy.predictAsync(request));
        }
        slow.mayRun();
        assertThat(predictions)
                .extracting(CompletableFuture::join)
                .containsOnly(predictions.get(0).join());
        assertThat(slow.batchSizes).containsExactly(1, 4);
    }

    @Test
    void tellsEveryCallerOfADeviceThatFailedAndGoesOnWhenItWorksAgain() throws Exception {
        device.failure = new IllegalStateException("out of cheese");
        ExecutorService executor = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                calls.add(executor.submit(() -> assertThatThrownBy(() -> answerer.answerAll(requests(10)))
                        .isInstanceOf(DeviceException.class)
                        .hasMessageContaining("out of cheese")));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            executor.shutdownNow();
        }
        device.failure = null;
        assertThat(answerer.answer("Which?", "one two").text()).isNotEmpty();
    }

    @Test
    void refusesLogitsForAnotherBatchInsteadOfHanging() {
        FakeDevice wrong = new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                return new Logits(new float[batch.size()][3], new float[batch.size()][3]);
            }
        };
        QuestionAnswerer broken = answerer(wrong, 4);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> broken.answer("Which?", "one two"))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContaining("other sequences");
        }
    }

    @Test
    void tellsAnErrorAsAFailureOfTheDevice() {
        FakeDevice linked = failing(new NoSuchMethodError("'void com.sun.jna.Memory.close()'"));
        assertThatThrownBy(() -> answerer(linked, 4).answer("Which?", "one two"))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("net.java.dev.jna:jna 5.8 or later is needed")
                .hasCauseInstanceOf(NoSuchMethodError.class);
        FakeDevice full = failing(new OutOfMemoryError("Java heap space"));
        assertThatThrownBy(() -> answerer(full, 4).answer("Which?", "one two"))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("Java heap space")
                .hasCauseInstanceOf(OutOfMemoryError.class);
    }

    private static FakeDevice failing(Error error) {
        return new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                throw error;
            }
        };
    }

    @Test
    void takesADeviceThatRecommendsNoLimit() {
        QuestionAnswerer unlimited = answerer(device, Integer.MAX_VALUE);
        assertThat(unlimited.answerAll(Collections.nCopies(10, QuestionRequest.of("Which?", "one two"))))
                .hasSize(10);
        assertThat(device.batchSizes).containsExactly(10);
    }

    @Test
    void goesOnAfterTooLittleMemoryForOneBatch() {
        FakeDevice exhausted = new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                if (batch.size() > 1) {
                    throw new OutOfMemoryError("of this test");
                }
                return super.run(batch);
            }
        };
        List<QuestionRequest> requests = requests(10);
        assertThat(answerer(exhausted, 4).answerAll(requests)).isEqualTo(answerer.answerAll(requests));
    }

    @Test
    void forgetsTheWindowsOfACallThatFailed() {
        FakeDevice failing = new FakeDevice() {
            @Override
            public Logits run(TokenBatch batch) {
                Logits logits = super.run(batch);
                if (batchSizes.size() == 1) {
                    throw new IllegalStateException("of this test");
                }
                return logits;
            }
        };
        QuestionAnswerer survivor = answerer(failing, 1);
        QuestionRequest ofManyWindows = QuestionRequest.of("Which?", "lorem ipsum dolor sit amet ".repeat(100));
        assertThatThrownBy(() -> survivor.answer(ofManyWindows)).isInstanceOf(DeviceException.class);
        assertThat(survivor.answer("Which?", "one two").text()).isNotEmpty();
        assertThat(failing.batchSizes).hasSize(2);
        assertThat(survivor.statistics().pendingWindows()).isZero();
    }

    @Test
    void givesUpWaitingWhenInterrupted() throws Exception {
        SlowDevice slow = new SlowDevice();
        QuestionAnswerer busy = answerer(slow, 4);
        ExecutorService executor = Executors.newFixedThreadPool(1);
        try {
            Future<Answer> first = executor.submit(() -> busy.answer("Which?", "one two"));
            slow.awaitStart();
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> busy.answer("Which?", "one two"))
                    .isInstanceOf(QuestionAnsweringException.class)
                    .hasMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            slow.mayRun();
            assertThat(first.get().text()).isNotEmpty();
            assertThat(slow.batchSizes).containsExactly(1);
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void closesTheDeviceAndTheTokenizerOnceAndRefusesToAnswerAfterwards() {
        answerer.close();
        answerer.close();
        assertThat(device.closings).hasValue(1);
        assertThat(tokenizer.closings).hasValue(1);
        assertThatThrownBy(() -> answerer.answer("Which?", "one two")).isInstanceOf(ClosedException.class);
    }

    @Test
    void closesTheTokenizerAlsoWhenTheDeviceFailsToClose() {
        FakeDevice stubborn = new FakeDevice() {
            @Override
            public void close() {
                throw new DeviceException("stuck");
            }
        };
        QuestionAnswerer stuck = answerer(stubborn, 4);
        assertThatThrownBy(stuck::close).isInstanceOf(DeviceException.class).hasMessage("stuck");
        assertThat(tokenizer.closings).hasValue(1);
    }

    @Test
    void waitsWithClosingForCallsUnderWay() throws Exception {
        SlowDevice slow = new SlowDevice();
        QuestionAnswerer busy = answerer(slow, 4);
        CompletableFuture<Prediction> call = busy.predictAsync(QuestionRequest.of("Which?", "one two"));
        slow.awaitStart();
        Thread closing = new Thread(busy::close);
        closing.start();
        Latches.awaitWaiting(closing);
        assertThat(slow.closings).hasValue(0);
        slow.mayRun();
        assertThat(call.get().best().text()).isNotEmpty();
        closing.join();
        assertThat(slow.closings).hasValue(1);
    }

    @Test
    void refusesNulls() {
        assertThatThrownBy(() -> answerer.answer(null)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> answerer.answer(null, "context")).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> answerer.answer("question", null)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> answerer.answerAll(null)).isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> answerer.answerAll(Arrays.asList(QuestionRequest.of("q", "c"), null)))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> QuestionAnswerer.builder().model((String) null))
                .isInstanceOf(InvalidConfigurationException.class);
        assertThatThrownBy(() -> QuestionAnswerer.builder().batchSize(0))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("batchSize is 0; it must be from 1 to 4096");
    }

    @Test
    void readsTheBestPlacesOfALongContextOnceMoreInBatchesOfAllRequests() {
        List<QuestionRequest> requests = requests(40);
        int once = answerer.predictAll(readOnce(requests)).stream()
                .mapToInt(Prediction::windows)
                .sum();
        List<Prediction> predictions = answerer.predictAll(requests);
        device.batchSizes.clear();
        assertThat(answerer.predictAll(requests)).isEqualTo(predictions);
        int twice = predictions.stream().mapToInt(Prediction::windows).sum();
        assertThat(device.batchSizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(twice);
        assertThat(twice).isGreaterThan(once);
        // What comes for the second time shares batches with what comes for the first.
        assertThat(device.batchSizes).hasSizeLessThan(twice / 2);
    }

    @Test
    void readsAContextOfOneWindowOnce() {
        Prediction prediction = answerer.predict(QuestionRequest.of("Which?", "one two"));
        assertThat(prediction.windows()).isEqualTo(1);
        assertThat(device.batchSizes).containsExactly(1);
    }

    @Test
    void saysThatAQuestionWasCut() {
        QuestionRequest request = QuestionRequest.of("one two three", "one two").withMaxQuestionLength(4);
        assertThat(answerer.predict(request).questionCut()).isFalse();
        assertThat(answerer.predict(request.withMaxQuestionLength(3)).questionCut())
                .isTrue();
    }

    @Test
    void countsWhatItDoes() {
        List<QuestionRequest> requests = requests(20);
        List<Prediction> predictions = answerer.predictAll(requests);
        Statistics statistics = answerer.statistics();
        assertThat(statistics.questions()).isEqualTo(20);
        assertThat(statistics.windows())
                .isEqualTo(predictions.stream().mapToLong(Prediction::windows).sum());
        assertThat(statistics.batches()).isEqualTo(device.batchSizes.size());
        assertThat(statistics.tokens()).isGreaterThan(statistics.windows());
        assertThat(statistics.loading()).isEqualTo(Duration.ofMillis(5));
        assertThat(statistics.tokenization()).isPositive();
        assertThat(statistics.inference()).isPositive();
        assertThat(statistics.decoding()).isPositive();
        assertThat(statistics.toString())
                .startsWith("20 questions, " + statistics.windows() + " windows, " + statistics.tokens() + " tokens, "
                        + statistics.batches() + " batches; loading PT0.005S, tokenization PT");
    }

    private static List<QuestionRequest> readOnce(List<QuestionRequest> requests) {
        return requests.stream()
                .map(request -> request.withSecondReading(false))
                .toList();
    }

    private static List<QuestionRequest> requests(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> QuestionRequest.of(
                                "Which word is number " + i + "?", "lorem ipsum dolor sit amet ".repeat(1 + i % 37) + i)
                        .withTopK(1 + i % 5)
                        .withDocStride(i % 20))
                .toList();
    }
}
