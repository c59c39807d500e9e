package org.distilqa.examples.soak;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.distilqa.ClosedException;
import org.distilqa.Outcome;
import org.distilqa.OverloadedException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswererListener.End;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.QuestionRequest;

/** Asks in every way there is, until it is told to stop. */
final class Caller implements Runnable {
    private final Questions questions;
    private final Supplier<Generation> current;
    private final ScheduledExecutorService interrupter;
    private final Random random;

    private volatile boolean stopped;
    private volatile long askingSince;
    private volatile String fault;

    Caller(Questions questions, Supplier<Generation> current, ScheduledExecutorService interrupter, int seed) {
        this.questions = questions;
        this.current = current;
        this.interrupter = interrupter;
        this.random = new Random(seed);
    }

    void stop() {
        stopped = true;
    }

    /** Since when it has waited for what it asked last, in nanoseconds; 0 if it does not. */
    long askingSince() {
        return askingSince;
    }

    /** What no caller should ever see; null if it has not. */
    String fault() {
        return fault;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                Generation generation = current.get();
                if (generation.enter()) {
                    try {
                        askingSince = System.nanoTime();
                        ask(generation);
                    } finally {
                        askingSince = 0;
                        generation.leave();
                    }
                } else {
                    // Until there is another.
                    Thread.sleep(1);
                }
            }
        } catch (Throwable e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            fault = trace.toString();
        }
    }

    private void ask(Generation generation) throws Exception {
        int way = random.nextInt(100);
        if (way < 40) {
            one(generation, UnaryRequest.PLAIN);
        } else if (way < 55) {
            one(generation, request -> request.withDeadline(Duration.ofMillis(1 + random.nextInt(50))));
        } else if (way < 65) {
            interrupted(generation);
        } else if (way < 75) {
            several(generation, false);
        } else if (way < 85) {
            several(generation, true);
        } else if (way < 90) {
            bad(generation);
        } else if (way < 95) {
            outcomes(generation);
        } else {
            someOfAStream(generation);
        }
    }

    /** A change of a request. */
    private interface UnaryRequest {
        UnaryRequest PLAIN = request -> request;

        QuestionRequest of(QuestionRequest request);
    }

    private void one(Generation generation, UnaryRequest change) throws InterruptedException {
        int number = questions.any(random);
        long begin = System.nanoTime();
        generation.ledger().asked(1);
        try {
            check(generation, number, begin, generation.answerer().predict(change.of(questions.request(number))));
        } catch (QuestionAnsweringException e) {
            refused(generation, e);
        }
    }

    private void check(Generation generation, int number, long begin, Prediction prediction) {
        generation.ledger().saw(End.ANSWERED);
        if (!questions.isRight(number, prediction)) {
            generation.ledger().sawOther(begin, number + ": " + prediction + " for " + questions.expected(number));
        }
    }

    /** Who is refused comes again later. */
    private void refused(Generation generation, Throwable failure) throws InterruptedException {
        generation.ledger().saw(failure);
        boolean isBusy = failure instanceof ClosedException || failure instanceof OverloadedException;
        Thread.sleep(1 + random.nextInt(isBusy ? 100 : 10));
    }

    private void interrupted(Generation generation) throws Exception {
        Thread own = Thread.currentThread();
        Future<?> interrupt = interrupter.schedule(own::interrupt, random.nextInt(30_000), TimeUnit.MICROSECONDS);
        int number = questions.any(random);
        long begin = System.nanoTime();
        generation.ledger().asked(1);
        Throwable failure = null;
        try {
            check(generation, number, begin, generation.answerer().predict(questions.request(number)));
        } catch (QuestionAnsweringException e) {
            failure = e;
        }
        if (!interrupt.cancel(false)) {
            awaitUninterrupted(interrupt);
        }
        Thread.interrupted();
        if (failure != null) {
            refused(generation, failure);
        }
    }

    private static void awaitUninterrupted(Future<?> future) throws ExecutionException {
        while (true) {
            try {
                future.get();
                return;
            } catch (InterruptedException e) {
                // It is what the other does.
            }
        }
    }

    private void several(Generation generation, boolean cancelled) throws Exception {
        List<Integer> numbers = IntStream.range(0, 1 + random.nextInt(6))
                .mapToObj(i -> questions.any(random))
                .toList();
        generation.ledger().asked(numbers.size());
        long begin = System.nanoTime();
        List<CompletableFuture<Prediction>> futures = new ArrayList<>();
        for (int number : numbers) {
            futures.add(generation.answerer().predictAsync(questions.request(number)));
        }
        if (cancelled) {
            TimeUnit.MICROSECONDS.sleep(random.nextInt(5_000));
            futures.forEach(future -> future.cancel(true));
        }
        for (int i = 0; i < numbers.size(); i++) {
            try {
                check(generation, numbers.get(i), begin, futures.get(i).get());
            } catch (CancellationException e) {
                generation.ledger().saw(e);
            } catch (ExecutionException e) {
                refused(generation, e.getCause());
            }
        }
    }

    private void bad(Generation generation) throws InterruptedException {
        one(generation, this::spoilt);
    }

    private QuestionRequest spoilt(QuestionRequest request) {
        return random.nextBoolean()
                ? QuestionRequest.of(request.question(), "x ".repeat(Generation.MAX_CONTEXT_LENGTH))
                : request.withMaxSequenceLength(4_000);
    }

    private void outcomes(Generation generation) throws InterruptedException {
        List<Integer> numbers = IntStream.range(0, 8)
                .mapToObj(i -> random.nextInt(4) == 0 ? -1 : questions.any(random))
                .toList();
        generation.ledger().asked(numbers.size());
        long begin = System.nanoTime();
        List<Outcome> outcomes = generation
                .answerer()
                .answerAllOutcomes(numbers.stream()
                        .map(number -> number < 0 ? spoilt(questions.request(0)) : questions.request(number))
                        .toList());
        if (outcomes.size() != numbers.size()) {
            generation.ledger().fault(numbers.size() + " requests had " + outcomes.size() + " outcomes");
        }
        for (int i = 0; i < outcomes.size(); i++) {
            outcome(generation, numbers.get(i), begin, outcomes.get(i));
        }
    }

    private void outcome(Generation generation, int number, long begin, Outcome outcome) throws InterruptedException {
        if (outcome.isAnswered()) {
            check(generation, number, begin, outcome.prediction());
        } else {
            refused(generation, outcome.failure().orElseThrow());
        }
    }

    /** Reads a stream without order, and gives it up. */
    private void someOfAStream(Generation generation) throws InterruptedException {
        List<QuestionRequest> taken = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        int wanted = random.nextInt(20);
        int seen = 0;
        long begin = System.nanoTime();
        Stream<QuestionRequest> requests = Stream.generate(() -> {
            int number = questions.any(random);
            numbers.add(number);
            taken.add(copy(questions.request(number)));
            return taken.get(taken.size() - 1);
        });
        try (Stream<Outcome> outcomes =
                generation.answerer().answerStream(requests.unordered().limit(30))) {
            Iterator<Outcome> each = outcomes.iterator();
            while (seen < wanted && each.hasNext()) {
                Outcome outcome = each.next();
                seen++;
                outcome(generation, numbers.get(identity(taken, outcome.request())), begin, outcome);
            }
        }
        generation.ledger().asked(taken.size());
        generation.ledger().leftUnread(taken.size() - seen);
    }

    private static QuestionRequest copy(QuestionRequest request) {
        return request.withTopK(request.options().topK());
    }

    private static int identity(List<QuestionRequest> requests, QuestionRequest one) {
        for (int i = 0; i < requests.size(); i++) {
            if (requests.get(i) == one) {
                return i;
            }
        }
        throw new IllegalStateException("the outcome of a request that was not given");
    }
}
