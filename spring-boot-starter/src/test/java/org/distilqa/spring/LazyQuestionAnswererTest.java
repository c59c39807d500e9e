package org.distilqa.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.distilqa.ClosedException;
import org.distilqa.DeadlineExceededException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnsweringException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("any-version")
@Timeout(120)
class LazyQuestionAnswererTest {
    private final AtomicInteger openings = new AtomicInteger();
    private final CountDownLatch mayOpen = new CountDownLatch(1);
    private final AtomicReference<QuestionAnswerer> opened = new AtomicReference<>();
    private final LazyQuestionAnswerer answerer = new LazyQuestionAnswerer(this::open, Duration.ofSeconds(30));

    private QuestionAnswerer open() {
        openings.incrementAndGet();
        try {
            mayOpen.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationInterruptedException("interrupted while building", e);
        }
        opened.set(QuestionAnswerer.builder()
                .model(QuestionAnswerer.BUNDLED_MODEL)
                .device("cpu")
                .deviceOptions(Contexts.ONE_THREAD)
                .build());
        return opened.get();
    }

    @AfterEach
    void close() {
        answerer.close();
        if (opened.get() != null) {
            assertThat(opened.get().availability().available()).isFalse();
        }
    }

    @Test
    void isOpenedByTheFirstQuestionAndOnce() {
        mayOpen.countDown();
        assertThat(answerer.availability().toString())
                .isEqualTo("available: not opened yet; the first question opens it");
        assertThat(openings).hasValue(0);
        CompletableFuture<Prediction> first = answerer.predictAsync(Contexts.REQUEST);
        assertThat(answerer.predict(Contexts.REQUEST)).isEqualTo(first.join());
        assertThat(answerer.predictAll(List.of(Contexts.REQUEST))).containsExactly(first.join());
        assertThat(answerer.answerAllOutcomes(List.of(Contexts.REQUEST)))
                .hasSize(1)
                .allSatisfy(outcome -> assertThat(outcome.prediction()).isEqualTo(first.join()));
        assertThat(answerer.answerStream(List.of(Contexts.REQUEST).stream())).hasSize(1);
        assertThat(answerer.statistics().questions()).isEqualTo(5);
        assertThat(answerer.devices()).hasSize(1);
        assertThat(answerer.availability()).isEqualTo(opened.get().availability());
        assertThat(openings).hasValue(1);
    }

    @Test
    void tellsARequestWhoseDeadlinePassesWhileItIsOpened() {
        assertThatThrownBy(() -> answerer.predict(Contexts.REQUEST.withDeadline(Duration.ofMillis(20))))
                .isInstanceOf(DeadlineExceededException.class)
                .hasMessage("the model was not opened within PT0.02S, the request's deadline");
        assertThat(answerer.availability().explanation()).isEqualTo("being opened");
    }

    @Test
    void answersARequestWhoseDeadlineIsLongEnough() {
        CompletableFuture<Prediction> asked =
                answerer.predictAsync(Contexts.REQUEST.withDeadline(Duration.ofMinutes(1)));
        mayOpen.countDown();
        assertThat(asked.join().best().text()).isEqualTo("Ada Quill");
    }

    @Test
    void aCallerWhoGivesUpMeanwhileIsAskedNoMore() {
        CompletableFuture<Prediction> given = answerer.predictAsync(Contexts.REQUEST);
        CompletableFuture<Prediction> kept = answerer.predictAsync(Contexts.REQUEST);
        given.cancel(true);
        mayOpen.countDown();
        kept.join();
        assertThatThrownBy(given::join).isInstanceOf(CancellationException.class);
        assertThat(opened.get().statistics().windows()).isEqualTo(1);
    }

    @Test
    void anInterruptedCallerIsFreeAtOnce() throws Exception {
        for (Runnable waiting : List.<Runnable>of(
                () -> answerer.predict(Contexts.REQUEST), () -> answerer.predictAll(List.of(Contexts.REQUEST)))) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread caller = new Thread(() -> {
                Thread.currentThread().interrupt();
                try {
                    waiting.run();
                } catch (QuestionAnsweringException e) {
                    thrown.set(e);
                }
            });
            caller.start();
            caller.join();
            assertThat(thrown.get()).isInstanceOf(OperationInterruptedException.class);
        }
    }

    @Test
    void closingEndsTheOpeningAndTellsWhoWaits() {
        CompletableFuture<Prediction> waiting = answerer.predictAsync(Contexts.REQUEST);
        answerer.close();
        assertThatThrownBy(waiting::join).hasCauseInstanceOf(ClosedException.class);
        assertThat(opened.get()).isNull();
        assertThatThrownBy(() -> answerer.predict(Contexts.REQUEST)).isInstanceOf(ClosedException.class);
        assertThat(answerer.availability().available()).isFalse();
        assertThat(openings).hasValue(1);
    }

    @Test
    void closingWhatWasNeverAskedOpensNothing() {
        answerer.close();
        assertThatThrownBy(answerer::devices).isInstanceOf(ClosedException.class);
        assertThat(openings).hasValue(0);
    }

    @Test
    void tellsEachWhoWaitedWhyItCouldNotBeOpenedAndTriesAgainForTheNext() {
        AtomicInteger tries = new AtomicInteger();
        CountDownLatch mayFail = new CountDownLatch(1);
        mayOpen.countDown();
        try (LazyQuestionAnswerer flaky = new LazyQuestionAnswerer(
                () -> {
                    if (tries.incrementAndGet() > 1) {
                        return open();
                    }
                    try {
                        mayFail.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    throw new QuestionAnsweringException("the hub does not answer");
                },
                Duration.ofSeconds(30))) {
            CompletableFuture<Prediction> first = flaky.predictAsync(Contexts.REQUEST);
            CompletableFuture<Prediction> second = flaky.predictAsync(Contexts.REQUEST);
            mayFail.countDown();
            Throwable toldFirst = first.handle((found, failure) -> failure).join();
            Throwable toldSecond = second.handle((found, failure) -> failure).join();
            assertThat(toldFirst)
                    .isInstanceOf(QuestionAnsweringException.class)
                    .hasMessage("the model could not be opened: the hub does not answer")
                    .isNotSameAs(toldSecond);
            assertThat(toldSecond).hasMessage(toldFirst.getMessage());
            assertThat(flaky.availability().explanation())
                    .isEqualTo("could not be opened; the next question tries again: the hub does not answer");
            assertThat(flaky.predict(Contexts.REQUEST).best().text()).isEqualTo("Ada Quill");
            assertThat(tries).hasValue(2);
        }
    }

    @Test
    void isOpenedWithTheClassLoaderOfTheApplicationWhoeverAsks() {
        mayOpen.countDown();
        AtomicReference<ClassLoader> seen = new AtomicReference<>();
        try (LazyQuestionAnswerer own = new LazyQuestionAnswerer(
                () -> {
                    seen.set(Thread.currentThread().getContextClassLoader());
                    return open();
                },
                Duration.ofSeconds(30))) {
            ClassLoader application = Thread.currentThread().getContextClassLoader();
            Thread.currentThread().setContextClassLoader(null);
            try {
                own.predict(Contexts.REQUEST);
            } finally {
                Thread.currentThread().setContextClassLoader(application);
            }
            assertThat(seen.get()).isSameAs(application);
        }
    }
}
