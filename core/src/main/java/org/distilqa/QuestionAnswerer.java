package org.distilqa;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.device.Program;
import org.distilqa.internal.LibraryFault;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.distilqa.tokenizer.TokenizedText;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions from texts: gives the exact span of a context that answers a question, with DistilBERT or
 * BERT.
 *
 * <pre>{@code
 * try (QuestionAnswerer qa = QuestionAnswerer.builder().build()) {
 *     Answer answer = qa.answer("Who wrote it?", "The report was written by Ada Quill in 1912.");
 *     System.out.println(answer.text());
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads, which share the device's batches: windows that arrive while the device is busy go
 * together into its next run. One instance per model is enough; it holds the weights. Close it to free them.
 */
public final class QuestionAnswerer implements AutoCloseable {
    /** The model taken when none is named. */
    public static final String DEFAULT_MODEL = "distilbert/distilbert-base-uncased-distilled-squad";

    /**
     * The model of the artifact {@code distilqa-bundled-model}, which must be on the class path: nothing is downloaded, and it
     * is smaller, faster and somewhat weaker than {@link #DEFAULT_MODEL}.
     */
    public static final String BUNDLED_MODEL = "bundled";

    /** As many windows as are worked on together in {@link #predictAll}; it bounds memory for long lists. */
    private static final int WINDOWS_AT_ONCE = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(QuestionAnswerer.class);

    private final int maxPositions;
    private final Tokenizer tokenizer;
    private final Device device;
    private final Batcher batcher;
    private final Duration loading;
    private final RequestLimits limits;

    private final LongAdder questions = new LongAdder();
    private final LongAdder windows = new LongAdder();
    private final LongAdder tokens = new LongAdder();
    private final LongAdder tokenizationNanos = new LongAdder();
    private final LongAdder decodingNanos = new LongAdder();

    /** Held for reading by calls under way, for writing by close. */
    private final ReadWriteLock lifetime = new ReentrantReadWriteLock();

    private boolean closed;

    QuestionAnswerer(
            int maxPositions,
            Tokenizer tokenizer,
            Device device,
            Program program,
            int batchSize,
            Duration loading,
            RequestLimits limits) {
        this.maxPositions = maxPositions;
        this.tokenizer = tokenizer;
        this.device = device;
        this.batcher = new Batcher(program, batchSize);
        this.loading = loading;
        this.limits = limits;
    }

    /**
     * A builder with the default model and the best device.
     *
     * @return a new builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The best answer to a question.
     *
     * @param question the question
     * @param context the text that holds the answer, of any length
     * @return a span of the context; empty, with score 0, only if the context has no token
     * @throws InvalidRequestException if the question is null or blank, the context null or empty, or one of them longer than the
     *     builder allows
     * @throws DeviceException if the device failed
     * @throws ClosedException if this was closed
     * @throws OperationInterruptedException if the thread was interrupted while it waited for the device
     */
    public Answer answer(String question, String context) {
        return predict(QuestionRequest.of(question, context)).best();
    }

    /**
     * The best answers to a question.
     *
     * @param request the question, the context and the options
     * @return the answers, the best first: {@code topK} of them if there are so many, at least one
     * @throws InvalidRequestException if an option does not fit the model or the question, or a limit of the builder is passed
     * @throws DeviceException if the device failed
     * @throws ClosedException if this was closed
     * @throws OperationInterruptedException if the thread was interrupted while it waited for the device
     */
    public List<Answer> answer(QuestionRequest request) {
        return predict(request).answers();
    }

    /**
     * The best answers to many questions, whose windows share the device's batches: faster than one call for each.
     *
     * @param requests the requests
     * @return for each request, in their order, what {@link #answer(QuestionRequest)} gives
     * @throws InvalidRequestException if an option does not fit the model or the question, or a limit of the builder is passed
     * @throws DeviceException if the device failed
     * @throws ClosedException if this was closed
     * @throws OperationInterruptedException if the thread was interrupted while it waited for the device
     */
    public List<List<Answer>> answerAll(List<QuestionRequest> requests) {
        return predictAll(requests).stream().map(Prediction::answers).toList();
    }

    /**
     * The best answers to a question, with the no-answer score and the number of windows.
     *
     * @param request the question, the context and the options
     * @return what was found
     * @throws InvalidRequestException if an option does not fit the model or the question, or a limit of the builder is passed
     * @throws DeviceException if the device failed
     * @throws ClosedException if this was closed
     * @throws OperationInterruptedException if the thread was interrupted while it waited for the device
     */
    public Prediction predict(QuestionRequest request) {
        if (request == null) {
            throw new InvalidRequestException("the request is null");
        }
        return predictAll(List.of(request)).get(0);
    }

    /**
     * As {@link #predict}, for many requests, whose windows share the device's batches.
     *
     * @param requests the requests
     * @return what was found for each, in their order
     * @throws InvalidRequestException if an option does not fit the model or the question, or a limit of the builder is passed
     * @throws DeviceException if the device failed
     * @throws ClosedException if this was closed
     * @throws OperationInterruptedException if the thread was interrupted while it waited for the device
     */
    public List<Prediction> predictAll(List<QuestionRequest> requests) {
        if (requests == null || requests.stream().anyMatch(Objects::isNull)) {
            throw new InvalidRequestException("the list of requests is null or holds a null");
        }
        limits.check(requests);
        lifetime.readLock().lock();
        try {
            requireOpen();
            List<Prediction> predictions = new ArrayList<>(requests.size());
            List<ContextReading> group = new ArrayList<>();
            int groupWindows = 0;
            for (QuestionRequest request : requests) {
                ContextReading reading = prepare(request);
                group.add(reading);
                groupWindows += reading.toRead().size();
                if (groupWindows >= WINDOWS_AT_ONCE) {
                    predictions.addAll(predictGroup(group));
                    group.clear();
                    groupWindows = 0;
                }
            }
            predictions.addAll(predictGroup(group));
            return predictions;
        } finally {
            lifetime.readLock().unlock();
        }
    }

    private List<Prediction> predictGroup(List<ContextReading> group) {
        List<ContextReading> unfinished = unfinished(group);
        while (!unfinished.isEmpty()) {
            // Neighbours of similar length: a device that pads has less to pad.
            batcher.run(unfinished.stream()
                    .flatMap(reading -> reading.toRead().stream())
                    .sorted(Comparator.comparingInt(Batcher.Sequence::length).reversed())
                    .toList());
            long begin = System.nanoTime();
            unfinished.forEach(ContextReading::takeLogits);
            decodingNanos.add(System.nanoTime() - begin);
            unfinished = unfinished(unfinished);
        }
        return group.stream().map(this::decode).toList();
    }

    /** Those with windows to be read, which are counted. */
    private List<ContextReading> unfinished(List<ContextReading> readings) {
        List<ContextReading> unfinished =
                readings.stream().filter(reading -> !reading.toRead().isEmpty()).toList();
        for (ContextReading reading : unfinished) {
            windows.add(reading.toRead().size());
            tokens.add(reading.toRead().stream()
                    .mapToLong(Batcher.Sequence::length)
                    .sum());
        }
        return unfinished;
    }

    private ContextReading prepare(QuestionRequest request) {
        long begin = System.nanoTime();
        TokenizedText question = ReadableText.tokenize(tokenizer, request.question());
        TokenizedText context = ReadableText.tokenize(tokenizer, request.context());
        ContextReading reading = new ContextReading(request, question, context, tokenizer, maxPositions);
        tokenizationNanos.add(System.nanoTime() - begin);
        if (reading.questionCut()) {
            LOG.warn(
                    "a question has {} tokens; only the first {} were read (maxQuestionLength)",
                    question.size(),
                    request.options().maxQuestionLength());
        }
        return reading;
    }

    private Prediction decode(ContextReading reading) {
        long begin = System.nanoTime();
        Prediction prediction = reading.prediction();
        decodingNanos.add(System.nanoTime() - begin);
        questions.increment();
        return prediction;
    }

    /**
     * The device that the network runs on.
     *
     * @return its description, with its counters of this moment
     */
    public DeviceInfo device() {
        return device.info();
    }

    /**
     * What has been done so far.
     *
     * @return counters and times of this moment
     */
    public Statistics statistics() {
        return new Statistics(
                questions.sum(),
                windows.sum(),
                tokens.sum(),
                batcher.batches(),
                loading,
                Duration.ofNanos(tokenizationNanos.sum()),
                Duration.ofNanos(batcher.nanoseconds()),
                Duration.ofNanos(decodingNanos.sum()));
    }

    private void requireOpen() {
        if (closed) {
            throw new ClosedException("this QuestionAnswerer was closed");
        }
    }

    /** Frees the device, the weights and the tokenizer, after the calls under way. Closing again does nothing. */
    @Override
    public void close() {
        lifetime.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                closeAll(device, tokenizer);
            }
        } finally {
            lifetime.writeLock().unlock();
        }
    }

    /** Closes each, also if an earlier one fails. */
    private static void closeAll(AutoCloseable... resources) {
        RuntimeException failure = null;
        for (AutoCloseable resource : Arrays.asList(resources)) {
            try {
                resource.close();
            } catch (Exception e) {
                RuntimeException current =
                        e instanceof RuntimeException r ? r : new QuestionAnsweringException("closing failed", e);
                if (failure == null) {
                    failure = current;
                } else {
                    failure.addSuppressed(current);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Settings of a {@link QuestionAnswerer}. Not safe for use by many threads. */
    public static final class Builder {
        private String model = DEFAULT_MODEL;
        private String revision = "main";
        private HubOptions hub;
        private String deviceName = Devices.AUTO;
        private DeviceOptions deviceOptions = DeviceOptions.none();
        private int batchSize;
        private RequestLimits limits = RequestLimits.DEFAULT;

        private Builder() {}

        /**
         * Names the model.
         *
         * @param model a directory in the layout of Hugging Face, the id of a repository on the hub, such as
         *     {@value #DEFAULT_MODEL}, which is the default, or {@value #BUNDLED_MODEL}
         * @return this builder
         */
        public Builder model(String model) {
            this.model = require("model", model);
            return this;
        }

        /**
         * Names the model by its directory.
         *
         * @param directory a directory in the layout of Hugging Face
         * @return this builder
         */
        public Builder model(Path directory) {
            this.model = require("model", directory).toAbsolutePath().toString();
            return this;
        }

        /**
         * Chooses a revision of the repository on the hub; of no effect for other models.
         *
         * @param revision a branch, a tag or a commit; by default {@code main}
         * @return this builder
         */
        public Builder revision(String revision) {
            this.revision = require("revision", revision);
            return this;
        }

        /**
         * Sets how the hub is reached and where its files are kept.
         *
         * @param options by default {@link HubOptions#fromEnvironment()}
         * @return this builder
         */
        public Builder hub(HubOptions options) {
            this.hub = require("hub", options);
            return this;
        }

        /**
         * Chooses the device.
         *
         * @param name a provider's name, such as {@code cpu}, or {@code auto}, the default: the available device of the
         *     highest priority
         * @return this builder
         */
        public Builder device(String name) {
            this.deviceName = require("device", name);
            return this;
        }

        /**
         * Sets options of the device.
         *
         * @param options by default none
         * @return this builder
         */
        public Builder deviceOptions(DeviceOptions options) {
            this.deviceOptions = require("deviceOptions", options);
            return this;
        }

        /**
         * Sets how many windows the device is given at a time at most.
         *
         * @param batchSize 1 to 4096; by default what the device recommends
         * @return this builder
         * @throws InvalidRequestException if it is out of that range
         */
        public Builder batchSize(int batchSize) {
            AnswerOptions.requireRange("batchSize", batchSize, 1, 4096);
            this.batchSize = batchSize;
            return this;
        }

        /**
         * Sets how long a context may be. A longer one is refused before anything is computed, so that no caller of a service
         * can keep its device busy for hours.
         *
         * @param characters in UTF-16 units as {@link String#length()} counts them, at least 1; by default 10,000,000, some
         *     7,000 windows
         * @return this builder
         * @throws InvalidRequestException if it is less than 1
         */
        public Builder maxContextLength(int characters) {
            limits = limits.withMaxContextLength(characters);
            return this;
        }

        /**
         * Sets how long a question may be in characters. A longer one is refused; of one within this limit,
         * {@link AnswerOptions#maxQuestionLength()} tokens are read.
         *
         * @param characters in UTF-16 units as {@link String#length()} counts them, at least 1; by default 100,000
         * @return this builder
         * @throws InvalidRequestException if it is less than 1
         */
        public Builder maxQuestionLength(int characters) {
            limits = limits.withMaxQuestionLength(characters);
            return this;
        }

        /**
         * Sets how many requests {@link QuestionAnswerer#answerAll} and {@link QuestionAnswerer#predictAll} take at once.
         *
         * @param requests at least 1; by default 100,000
         * @return this builder
         * @throws InvalidRequestException if it is less than 1
         */
        public Builder maxRequests(int requests) {
            limits = limits.withMaxRequests(requests);
            return this;
        }

        /**
         * Loads the model, from the hub if need be, opens the device and compiles the network for it. Nothing is asked of the
         * hub before the device is open. An interrupt ends a download at once; what was downloaded is kept for the next time.
         *
         * @return the open answerer, which the caller closes
         * @throws ModelDownloadException if the model could not be brought from the hub
         * @throws InvalidModelException if a file of the model is missing or malformed
         * @throws DeviceUnavailableException if the device cannot be opened here
         * @throws InvalidRequestException if the model's name, the revision, or a setting of the hub in the environment is
         *     malformed, or the device refuses an option
         * @throws DeviceException if the device cannot run the network
         * @throws OperationInterruptedException if the thread was interrupted; its flag stays set
         * @throws QuestionAnsweringException if a library on the class path is missing or too old; the message says which
         */
        public QuestionAnswerer build() {
            long begin = System.nanoTime();
            // What need not wait for each other is done side by side: most of it is loading classes and native
            // libraries.
            Background<Device> opening =
                    Background.start("distilqa-device", () -> Devices.open(deviceName, deviceOptions));
            List<Background<?>> started = new ArrayList<>(List.of(opening));
            try (Checkpoint checkpoint = Checkpoint.load(model, revision, () -> hubOptions(opening))) {
                requireNotInterrupted();
                Background<Tokenizer> reading = Background.start("distilqa-tokenizer", () -> openTokenizer(checkpoint));
                started.add(reading);
                Device device = opening.result();
                Program program = compile(device, checkpoint);
                Tokenizer tokenizer = reading.result();
                requireNotInterrupted();
                int size = batchSize > 0 ? batchSize : device.info().batchSize();
                Duration loading = Duration.ofNanos(System.nanoTime() - begin);
                return new QuestionAnswerer(
                        checkpoint.graph().maxPositions(), tokenizer, device, program, size, loading, limits);
            } catch (RuntimeException | Error e) {
                boolean interrupted = Thread.currentThread().isInterrupted();
                closeStarted(started, interrupted, e);
                if (interrupted && e instanceof RuntimeException && !(e instanceof OperationInterruptedException)) {
                    // Whatever broke, it may be whole: a device or a file system gives up in its own words.
                    throw new OperationInterruptedException("interrupted while building: " + e.getMessage(), e);
                }
                throw told(e);
            }
        }

        /** The hub's options, once the device is open: what it refuses is told before anything is downloaded. */
        private HubOptions hubOptions(Background<Device> opening) {
            HubOptions options = hub == null ? HubOptions.fromEnvironment() : hub;
            opening.result();
            return options;
        }

        private static void requireNotInterrupted() {
            if (Thread.currentThread().isInterrupted()) {
                throw new OperationInterruptedException("interrupted while building");
            }
        }

        private static void closeStarted(List<Background<?>> started, boolean interrupted, Throwable failure) {
            List<AutoCloseable> opened = new ArrayList<>();
            for (Background<?> part : started) {
                Optional<? extends AutoCloseable> resource = interrupted ? part.abandon() : part.ifOpened();
                resource.ifPresent(opened::add);
            }
            try {
                closeAll(opened.toArray(AutoCloseable[]::new));
            } catch (RuntimeException suppressed) {
                failure.addSuppressed(suppressed);
            }
        }

        private static Program compile(Device device, Checkpoint checkpoint) {
            try {
                return device.compile(
                        checkpoint.graph(),
                        new InterruptibleParameters(checkpoint.parameters(), Thread.currentThread()));
            } catch (Error e) {
                LibraryFault.rethrowUnlessOne(e);
                throw new DeviceException("the device failed: " + LibraryFault.explain(e), e);
            }
        }

        /** The exception to throw for what was thrown. Too little memory or stack stays the Error that it is. */
        private static RuntimeException told(Throwable failure) {
            if (failure instanceof RuntimeException exception) {
                return exception;
            }
            LibraryFault.rethrowUnlessOne((Error) failure);
            return new QuestionAnsweringException(
                    "the model could not be opened: " + LibraryFault.explain(failure), failure);
        }

        private static Tokenizer openTokenizer(Checkpoint checkpoint) {
            Tokenizer tokenizer = Tokenizers.open(checkpoint.files());
            if (tokenizer.vocabularySize() > checkpoint.config().vocabSize()) {
                int size = tokenizer.vocabularySize();
                tokenizer.close();
                throw new InvalidModelException(checkpoint.files().location() + ": the tokenizer has " + size
                        + " tokens, but the model's embedding table only "
                        + checkpoint.config().vocabSize() + " (vocab_size); they do not belong together");
            }
            return tokenizer;
        }

        private static <T> T require(String name, T value) {
            if (value == null) {
                throw new InvalidRequestException(name + " is null");
            }
            return value;
        }
    }
}
