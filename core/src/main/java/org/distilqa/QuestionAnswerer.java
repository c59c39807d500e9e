package org.distilqa;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.Devices;
import org.distilqa.execution.RequestLimits;
import org.distilqa.execution.Waiting;
import org.distilqa.internal.Ranges;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.distilqa.opening.DeviceChoice;
import org.distilqa.opening.DeviceChoices;
import org.distilqa.opening.ModelChoice;
import org.distilqa.opening.Opening;
import org.distilqa.schedule.QueueLimits;
import org.distilqa.tokenizer.Tokenizer;

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
 * <p>Safe for use by many threads, platform and virtual. One instance per model is enough; it holds the weights. Windows of all
 * callers share the devices' batches, in turn: one who asks of a book keeps nobody waiting who asks of a paragraph. Close it to free
 * the devices, the weights and its threads.
 *
 * <p>An interface so that it can be wrapped and mocked; the library's own is made by {@link #builder()}. All methods that wait for
 * a result do so for {@link #predictAsync}, unless an implementation has something better.
 */
public interface QuestionAnswerer extends AutoCloseable {
    /** The model taken when none is named. */
    String DEFAULT_MODEL = "distilbert/distilbert-base-uncased-distilled-squad";

    /**
     * The model of the artifact {@code distilqa-bundled-model}, which must be on the class path: nothing is downloaded, and it
     * is smaller, faster and somewhat weaker than {@link #DEFAULT_MODEL}.
     */
    String BUNDLED_MODEL = "bundled";

    /**
     * A builder with the default model and the best device.
     *
     * @return a new builder
     */
    static Builder builder() {
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
     * @throws OverloadedException if too much waits already, and {@link WhenFull#REJECT} was chosen
     * @throws DeviceException if the device failed
     * @throws ClosedException if this was closed
     * @throws OperationInterruptedException if the thread was interrupted while it waited
     */
    default Answer answer(String question, String context) {
        return predict(QuestionRequest.of(question, context)).best();
    }

    /**
     * The best answers to a question.
     *
     * @param request the question, the context and the options
     * @return the answers, the best first: {@code topK} of them if there are so many, at least one
     * @throws QuestionAnsweringException as {@link #predict} says
     */
    default List<Answer> answer(QuestionRequest request) {
        return predict(request).answers();
    }

    /**
     * The best answers to many questions, whose windows share the device's batches: faster than one call for each.
     *
     * @param requests the requests
     * @return for each request, in their order, what {@link #answer(QuestionRequest)} gives
     * @throws QuestionAnsweringException as {@link #predictAll} says
     */
    default List<List<Answer>> answerAll(List<QuestionRequest> requests) {
        return predictAll(requests).stream().map(Prediction::answers).toList();
    }

    /**
     * The best answers to a question, without waiting for them.
     *
     * @param request the question, the context and the options
     * @return what {@link #answer(QuestionRequest)} gives or throws; for cancelling it, see {@link #predictAsync}
     */
    default CompletableFuture<List<Answer>> answerAsync(QuestionRequest request) {
        CompletableFuture<Prediction> prediction = predictAsync(request);
        CompletableFuture<List<Answer>> answers = prediction.thenApply(Prediction::answers);
        // Whoever ends it from outside, by cancelling or by a time limit, wants the other no more.
        answers.whenComplete((found, failure) -> prediction.cancel(true));
        return answers;
    }

    /**
     * The best answers to a question, with the no-answer score and the number of windows.
     *
     * @param request the question, the context and the options
     * @return what was found
     * @throws InvalidRequestException if an option does not fit the model or the question, or a limit of the builder is passed
     * @throws OverloadedException if too much waits already, and {@link WhenFull#REJECT} was chosen
     * @throws DeadlineExceededException if the request's deadline passed
     * @throws DeviceException if the device failed
     * @throws ClosedException if this was closed
     * @throws OperationInterruptedException if the thread was interrupted while it waited
     */
    default Prediction predict(QuestionRequest request) {
        return Waiting.await(predictAsync(request));
    }

    /**
     * As {@link #predict}, without waiting for it. A context of more than some pages is tokenized by another thread; a shorter one by
     * the caller's, which takes a few milliseconds at most. While too much waits, the caller's thread waits too, unless
     * {@link WhenFull#REJECT} was chosen.
     *
     * @param request the question, the context and the options
     * @return what was found, or the exception that {@link #predict} throws; nothing is thrown by this method. Cancelling it, or
     *     completing it in another way, ends the request: its windows leave the queue at once. What depends on it is run by a thread
     *     that other requests need, so what waits or takes long belongs to the {@code ...Async} methods with an executor
     */
    CompletableFuture<Prediction> predictAsync(QuestionRequest request);

    /**
     * As {@link #predict}, for many requests, whose windows share the device's batches. All of them are checked before anything is
     * computed; one that fails later ends the call.
     *
     * @param requests the requests
     * @return what was found for each, in their order
     * @throws InvalidRequestException if an option does not fit the model or the question, or a limit of the builder is passed
     * @throws QuestionAnsweringException as {@link #predict} says, if one of them fails
     */
    default List<Prediction> predictAll(List<QuestionRequest> requests) {
        return answerAllOutcomes(requests).stream().map(Outcome::prediction).toList();
    }

    /**
     * As {@link #predictAll}, with the failure of each request that fails; the others are answered all the same.
     *
     * @param requests the requests
     * @return what became of each, in their order
     * @throws InvalidRequestException if the list is null, holds a null, or has more than {@link Builder#maxRequests}
     * @throws OperationInterruptedException if the thread was interrupted while it waited
     */
    default List<Outcome> answerAllOutcomes(List<QuestionRequest> requests) {
        try (Stream<Outcome> outcomes = answerStream(requests.stream())) {
            return outcomes.toList();
        }
    }

    /**
     * Answers any number of requests, more than the memory holds, with a bounded number of them under way: some thousand windows. The
     * requests are taken from their stream as outcomes are taken from this one, some way ahead.
     *
     * <pre>{@code
     * try (Stream<Outcome> outcomes = qa.answerStream(requests.unordered())) {
     *     outcomes.forEach(outcome -> ...);
     * }
     * }</pre>
     *
     * @param requests the requests; if this stream is {@linkplain Stream#unordered() not ordered}, outcomes come as they are ready,
     *     and one that takes long keeps no other waiting
     * @return what became of each, in their order if they have one. To be closed if it is not read to its end: that gives up what is
     *     under way, and closes {@code requests}. It is sequential and throws {@link OperationInterruptedException} if the thread that
     *     reads it is interrupted while it waits
     * @throws InvalidRequestException if the stream is null; reading the outcomes throws it where a request is null
     */
    default Stream<Outcome> answerStream(Stream<QuestionRequest> requests) {
        return requests.sequential().map(request -> {
            try {
                return Outcome.answered(request, predict(request));
            } catch (OperationInterruptedException e) {
                throw e;
            } catch (QuestionAnsweringException e) {
                return Outcome.failed(request, e);
            }
        });
    }

    /**
     * The device that the network runs on; of several, the first.
     *
     * @return its description, with its counters of this moment
     */
    default DeviceInfo device() {
        return devices().get(0);
    }

    /**
     * The devices that the network runs on, and those that are their fall-back.
     *
     * @return their descriptions, with their counters of this moment, in the order in which they were named
     */
    List<DeviceInfo> devices();

    /**
     * Whether requests are answered: no more after {@link #close} has begun, nor when all devices were lost. For the health checks of
     * a service; it asks no device and takes no time.
     *
     * @return its explanation names the devices, and says which of them were lost, or why no request is answered
     */
    Availability availability();

    /**
     * What has been done so far.
     *
     * @return counters and times of this moment; {@link Statistics#none} with what is known, from an answerer of one's own
     */
    Statistics statistics();

    /**
     * Answers what is under way, refuses what is new, and frees the devices, the weights, the tokenizer and all threads, within
     * {@link Builder#closeTimeout}. Requests that are not answered by then fail with {@link ClosedException}. An interrupt ends the
     * waiting at once. Closing again does nothing.
     */
    @Override
    void close();

    /** Settings of a {@link QuestionAnswerer}. Not safe for use by many threads. */
    final class Builder {
        private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
        private static final Duration LONGEST_CLOSE = Duration.ofDays(1);

        private String model = DEFAULT_MODEL;
        private String revision = "main";
        private HubOptions hub;
        private Checkpoint checkpoint;
        private Tokenizer tokenizer;
        private List<DeviceChoice> devices = List.of(DeviceChoice.named(Devices.AUTO));
        private DeviceOptions deviceOptions = DeviceOptions.none();
        private final Map<String, DeviceOptions> optionsByDevice = new HashMap<>();
        private OptionalInt batchSize = OptionalInt.empty();
        private RequestLimits limits = RequestLimits.DEFAULT;
        private QueueLimits queue = QueueLimits.DEFAULT;
        private final List<QuestionAnswererListener> listeners = new ArrayList<>();
        private Duration closeTimeout = Duration.ofSeconds(5);

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
            this.checkpoint = null;
            return this;
        }

        /**
         * Names the model by its directory.
         *
         * @param directory a directory in the layout of Hugging Face
         * @return this builder
         */
        public Builder model(Path directory) {
            return model(require("model", directory).toAbsolutePath().toString());
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
         * Takes a checkpoint that is open already, instead of one by its name.
         *
         * @param checkpoint the checkpoint, which stays the caller's to close: after {@link #build} it is needed no more
         * @return this builder
         */
        public Builder checkpoint(Checkpoint checkpoint) {
            this.checkpoint = require("checkpoint", checkpoint);
            return this;
        }

        /**
         * Takes a tokenizer instead of the one that the model's files describe.
         *
         * @param tokenizer the tokenizer, which stays the caller's to close, after the answerer
         * @return this builder
         */
        public Builder tokenizer(Tokenizer tokenizer) {
            this.tokenizer = require("tokenizer", tokenizer);
            return this;
        }

        /**
         * Chooses the device.
         *
         * @param name a provider's name, such as {@code cpu}, or {@code auto}, the default: the available device of the
         *     highest priority. A number after a colon says which of the provider's devices: it is given to it as the option
         *     {@code device-ids}
         * @return this builder
         */
        public Builder device(String name) {
            devices = List.of(DeviceChoice.named(require("device", name)));
            return this;
        }

        /**
         * Chooses several devices. Those of one provider that follow each other, such as {@code device("mine:0", "mine:1")} of a
         * backend of your own, share the work. One of another, such as the second of {@code device("tt", "cpu")}, is the
         * fall-back of those before it: it is opened too, and works when they are lost; before that, it reads what one of them
         * could not. One that is not available is passed over with a warning, unless none is. {@code tt} drives all chips of a
         * board as one device, and a process has one board.
         *
         * @param first a name, as in {@link #device(String)}
         * @param others further names
         * @return this builder
         */
        public Builder device(String first, String... others) {
            List<DeviceChoice> choices = new ArrayList<>();
            choices.add(DeviceChoice.named(require("device", first)));
            for (String other : require("device", others)) {
                choices.add(DeviceChoice.named(require("device", other)));
            }
            devices = List.copyOf(choices);
            return this;
        }

        /**
         * Takes a device that is open already, or several: see {@link #device(String, String...)}.
         *
         * @param first a device, which stays the caller's to close, after the answerer
         * @param others further devices
         * @return this builder
         */
        public Builder device(Device first, Device... others) {
            List<DeviceChoice> choices = new ArrayList<>();
            choices.add(new DeviceChoice.Given(require("device", first)));
            for (Device other : require("device", others)) {
                choices.add(new DeviceChoice.Given(require("device", other)));
            }
            devices = List.copyOf(choices);
            return this;
        }

        /**
         * Sets options of all devices that are named.
         *
         * @param options by default none
         * @return this builder
         */
        public Builder deviceOptions(DeviceOptions options) {
            this.deviceOptions = require("deviceOptions", options);
            return this;
        }

        /**
         * Sets options of one of several devices, in place of those of all.
         *
         * @param device its name, as given to {@link #device(String)}
         * @param options its options
         * @return this builder
         */
        public Builder deviceOptions(String device, DeviceOptions options) {
            optionsByDevice.put(require("device", device), require("deviceOptions", options));
            return this;
        }

        /**
         * Sets how many windows the device is given at a time at most.
         *
         * @param batchSize 1 to 4096; by default what the device recommends
         * @return this builder
         * @throws InvalidConfigurationException if it is out of that range
         */
        public Builder batchSize(int batchSize) {
            this.batchSize =
                    OptionalInt.of(Ranges.require("batchSize", batchSize, 1, 4096, InvalidConfigurationException::new));
            return this;
        }

        /**
         * Sets how long a context may be. A longer one is refused before anything is computed, so that no caller of a service
         * can keep its device busy for hours.
         *
         * @param characters in UTF-16 units as {@link String#length()} counts them, at least 1; by default 10,000,000, some
         *     7,000 windows
         * @return this builder
         * @throws InvalidConfigurationException if it is less than 1
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
         * @throws InvalidConfigurationException if it is less than 1
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
         * @throws InvalidConfigurationException if it is less than 1
         */
        public Builder maxRequests(int requests) {
            limits = limits.withMaxRequests(requests);
            return this;
        }

        /**
         * Sets how many windows may wait for the devices. A request is taken if fewer wait, however long it is itself; the others
         * do as {@link #whenFull} says.
         *
         * @param windows at least 1; by default 16,384, some eleven books
         * @return this builder
         * @throws InvalidConfigurationException if it is less than 1
         */
        public Builder maxPendingWindows(int windows) {
            queue = queue.withMaxPendingWindows(Ranges.require(
                    "maxPendingWindows", windows, 1, Integer.MAX_VALUE, InvalidConfigurationException::new));
            return this;
        }

        /**
         * Sets what happens to a request that finds the queue full.
         *
         * @param policy by default {@link WhenFull#WAIT}
         * @return this builder
         */
        public Builder whenFull(WhenFull policy) {
            queue = queue.withWhenFull(require("whenFull", policy));
            return this;
        }

        /**
         * Sets how long a batch that is not full waits for company. A device that takes as long for one window as for many does more
         * in a busy service with some milliseconds; each answer may take as much longer.
         *
         * @param delay at most a minute; by default zero: a batch starts as soon as a device is free
         * @return this builder
         * @throws InvalidConfigurationException if it is out of that range
         */
        public Builder maxBatchDelay(Duration delay) {
            queue = queue.withMaxBatchDelay(requireDuration("maxBatchDelay", delay, LONGEST_DELAY));
            return this;
        }

        /**
         * Sets how long {@link QuestionAnswerer#close} may take.
         *
         * @param timeout at most a day; by default 5 seconds
         * @return this builder
         * @throws InvalidConfigurationException if it is out of that range
         */
        public Builder closeTimeout(Duration timeout) {
            closeTimeout = requireDuration("closeTimeout", timeout, LONGEST_CLOSE);
            return this;
        }

        /**
         * Adds one who is told what happens.
         *
         * @param listener a listener
         * @return this builder
         */
        public Builder listener(QuestionAnswererListener listener) {
            listeners.add(require("listener", listener));
            return this;
        }

        /**
         * Loads the model, from the hub if need be, opens the devices and compiles the network for them. Nothing is asked of the
         * hub before the devices are open. An interrupt ends a download at once; what was downloaded is kept for the next time.
         *
         * @return the open answerer, which the caller closes
         * @throws ModelDownloadException if the model could not be brought from the hub
         * @throws InvalidModelException if a file of the model is missing or malformed
         * @throws DeviceUnavailableException if no device can be opened here of those that were named
         * @throws InvalidConfigurationException if the model's name, the revision, or a setting of the hub in the environment is
         *     malformed, or a device refuses an option
         * @throws DeviceException if a device cannot run the network
         * @throws OperationInterruptedException if the thread was interrupted; its flag stays set
         * @throws QuestionAnsweringException if a library on the class path is missing or too old; the message says which
         */
        public QuestionAnswerer build() {
            ScheduledQuestionAnswerer.Service service =
                    new ScheduledQuestionAnswerer.Service(limits, queue, List.copyOf(listeners), closeTimeout);
            return new Opening(modelChoice(), deviceChoices())
                    .open(parts -> ScheduledQuestionAnswerer.open(parts, service));
        }

        private ModelChoice modelChoice() {
            return new ModelChoice(
                    model,
                    revision,
                    Optional.ofNullable(hub),
                    Optional.ofNullable(checkpoint),
                    Optional.ofNullable(tokenizer));
        }

        private DeviceChoices deviceChoices() {
            return new DeviceChoices(devices, deviceOptions, Map.copyOf(optionsByDevice), batchSize);
        }

        private static Duration requireDuration(String name, Duration value, Duration most) {
            if (value == null || value.isNegative() || value.compareTo(most) > 0) {
                throw new InvalidConfigurationException(name + " is " + value + "; it must be from zero to " + most);
            }
            return value;
        }

        private static <T> T require(String name, T value) {
            if (value == null) {
                throw new InvalidConfigurationException(name + " is null");
            }
            return value;
        }
    }
}
