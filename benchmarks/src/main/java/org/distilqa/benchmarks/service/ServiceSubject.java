package org.distilqa.benchmarks.service;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.distilqa.ClosedException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.OverloadedException;
import org.distilqa.Prediction;
import org.distilqa.QuestionAnswerer;
import org.distilqa.QuestionAnswererListener;
import org.distilqa.QuestionRequest;
import org.distilqa.WhenFull;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.Subject;
import org.distilqa.benchmarks.worker.Worker;
import org.distilqa.device.Device;
import org.distilqa.device.Devices;

/** A service that is asked about a book and answers questions beside it. */
public final class ServiceSubject implements Subject {
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private static final int WARM_UP_QUESTIONS = 64;

    private static final String BOOK_QUESTION = "Who is this book about?";

    /** Begins with another word, by which it is known: see {@link RunCounter}. */
    private static final String LONE_QUESTION = "Which person does this text say most about?";

    private final String model;
    private final ServiceTexts texts;
    private final Device device;
    private final RunCounter counter = new RunCounter();
    private final QuestionRequest book;
    private final QuestionAnswerer answerer;
    private final AtomicLong windows = new AtomicLong();

    /**
     * Starts the process of a service.
     *
     * @param arguments the order of the queue, the contender, the model, a SQuAD file, the characters of the book
     */
    public static void main(String[] arguments) {
        Worker.run(() -> new ServiceSubject(
                ServiceResults.Order.valueOf(arguments[0]),
                Contender.parse(arguments[1]),
                arguments[2],
                ServiceTexts.of(Path.of(arguments[3]), Integer.parseInt(arguments[4]))));
    }

    private ServiceSubject(ServiceResults.Order order, Contender contender, String model, ServiceTexts texts) {
        this.model = model;
        this.texts = texts;
        this.device = Devices.open(contender.name(), contender.options());
        this.book = QuestionRequest.of(BOOK_QUESTION, texts.book());
        this.answerer = builder(
                        order == ServiceResults.Order.FIRST_COME ? FirstComeDevice.of(device) : counter.count(device))
                .listener(new QuestionAnswererListener() {
                    @Override
                    public void batchRead(Batch batch) {
                        windows.addAndGet(batch.windows());
                    }
                })
                .build();
    }

    private QuestionAnswerer.Builder builder(Device with) {
        return QuestionAnswerer.builder().model(model).device(with).closeTimeout(CLOSE_TIMEOUT);
    }

    @Override
    public Reply.Ready ready(long loadNanoseconds) {
        answerer.predictAll(texts.questions().stream()
                .limit(WARM_UP_QUESTIONS)
                .map(ServiceSubject::request)
                .toList());
        return new Reply.Ready(
                loadNanoseconds,
                "DistilQA on " + answerer.device().description(),
                new TreeMap<>(answerer.device().facts()));
    }

    private static QuestionRequest request(Question question) {
        return QuestionRequest.of(question.question(), question.context());
    }

    private QuestionRequest question(int number) {
        return request(texts.questions().get(number % texts.questions().size()));
    }

    @Override
    public Reply reply(Command command) {
        try {
            if (command instanceof Command.Serve serve) {
                return serve(serve);
            } else if (command instanceof Command.CountBatches count) {
                return countBatches(count.questions());
            } else if (command instanceof Command.Refuse refuse) {
                return refuse(refuse.requests());
            } else if (command instanceof Command.Interrupt interrupt) {
                return interrupt(interrupt.callers());
            } else if (command instanceof Command.CloseUnderLoad close) {
                return closeUnderLoad(close.threads());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted", e);
        } catch (ExecutionException e) {
            throw new BenchmarkException("a caller failed: " + e.getCause(), e);
        }
        throw new BenchmarkException("a service cannot do " + command);
    }

    /** Something that is done while the book is read. */
    private interface Work<R> {
        R done() throws InterruptedException, ExecutionException;
    }

    private <R> R besideBook(QuestionAnswerer service, Work<R> work) throws InterruptedException, ExecutionException {
        BookReader reader = new BookReader(service, book);
        try {
            return work.done();
        } finally {
            reader.stop();
        }
    }

    private Reply.Served serve(Command.Serve serve) throws InterruptedException, ExecutionException {
        return serve.beside()
                ? besideBook(answerer, () -> answered(serve.questions(), serve.threads()))
                : answered(serve.questions(), serve.threads());
    }

    private Reply.Served answered(int questions, int askers) throws InterruptedException, ExecutionException {
        long[] times = new long[questions];
        AtomicInteger next = new AtomicInteger();
        long windowsBefore = windows.get();
        ExecutorService threads = Executors.newFixedThreadPool(askers);
        try {
            List<Future<?>> callers = new ArrayList<>();
            long begin = System.nanoTime();
            for (int i = 0; i < askers; i++) {
                callers.add(threads.submit(() -> {
                    for (int number = next.getAndIncrement(); number < questions; number = next.getAndIncrement()) {
                        times[number] = ask(number);
                    }
                }));
            }
            for (Future<?> caller : callers) {
                caller.get();
            }
            long total = System.nanoTime() - begin;
            return new Reply.Served(times, total, windows.get() - windowsBefore - questions);
        } finally {
            threads.shutdownNow();
        }
    }

    private long ask(int number) {
        long begin = System.nanoTime();
        Prediction prediction = answerer.predict(question(number));
        long took = System.nanoTime() - begin;
        if (prediction.windows() != 1) {
            throw new BenchmarkException(question(number) + " took " + prediction.windows() + " windows");
        }
        return took;
    }

    private Reply.Batches countBatches(int questions) throws InterruptedException, ExecutionException {
        int[] counts = new int[questions];
        answerer.predict(lone(0));
        counter.watch();
        return besideBook(answerer, () -> {
            for (int i = 0; i < questions; i++) {
                CompletableFuture<Prediction> answer = answerer.predictAsync(lone(i));
                // It is in the queue now, if it has not left it already.
                long next = counter.ended() + 1;
                answer.get();
                counts[i] = Math.toIntExact(Math.max(0, counter.lastWithWatched() - next));
            }
            return new Reply.Batches(counts);
        });
    }

    private QuestionRequest lone(int number) {
        return QuestionRequest.of(LONE_QUESTION, question(number).context());
    }

    private Reply.Times refuse(int requests) throws InterruptedException, ExecutionException {
        try (QuestionAnswerer full =
                builder(device).whenFull(WhenFull.REJECT).maxPendingWindows(1).build()) {
            return besideBook(full, () -> refused(full, requests));
        }
    }

    private Reply.Times refused(QuestionAnswerer full, int requests) {
        long[] times = new long[requests];
        int refused = 0;
        // Between two books there is room for a moment, and one that finds it is answered.
        for (int asked = 0; refused < requests; asked++) {
            if (asked > 100 * requests) {
                throw new BenchmarkException("of " + asked + " requests " + refused
                        + " were refused; the book is too short to keep the queue full");
            }
            QuestionRequest request = question(asked % requests);
            long begin = System.nanoTime();
            try {
                full.predict(request);
            } catch (OverloadedException e) {
                times[refused++] = System.nanoTime() - begin;
            }
        }
        return new Reply.Times(times);
    }

    private Reply.Times interrupt(int callers) throws InterruptedException, ExecutionException {
        long[] times = new long[callers];
        return besideBook(answerer, () -> {
            for (int i = 0; i < callers; i++) {
                times[i] = interruptedAfter();
            }
            return new Reply.Times(times);
        });
    }

    /** How long a caller who waits for a book keeps its thread after an interrupt. */
    private long interruptedAfter() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        AtomicLong free = new AtomicLong();
        Thread caller = new Thread(() -> {
            asked.countDown();
            try {
                answerer.predict(book);
            } catch (OperationInterruptedException e) {
                free.set(System.nanoTime());
            }
        });
        caller.start();
        asked.await();
        TimeUnit.MILLISECONDS.sleep(100);
        long begin = System.nanoTime();
        caller.interrupt();
        caller.join();
        return free.get() - begin;
    }

    private Reply.Times closeUnderLoad(int threads) throws InterruptedException {
        BookReader reader = new BookReader(answerer, book);
        for (int i = 0; i < threads; i++) {
            int first = i;
            Thread caller = new Thread(() -> {
                try {
                    for (int number = first; ; number += threads) {
                        ask(number);
                    }
                } catch (ClosedException e) {
                    // As it should be.
                }
            });
            caller.setDaemon(true);
            caller.start();
        }
        TimeUnit.MILLISECONDS.sleep(500);
        long begin = System.nanoTime();
        answerer.close();
        long took = System.nanoTime() - begin;
        reader.stop();
        return new Reply.Times(new long[] {took});
    }

    @Override
    public void close() {
        answerer.close();
        device.close();
    }
}
