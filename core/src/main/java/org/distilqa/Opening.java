package org.distilqa;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.distilqa.device.Device;
import org.distilqa.device.Devices;
import org.distilqa.device.Program;
import org.distilqa.internal.LibraryFault;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.distilqa.schedule.OpenDevice;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what an answerer is made of, and closes it again if a part cannot be opened. For one thread. */
final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final QuestionAnswerer.Builder settings;
    private final long begin = System.nanoTime();

    /** What this opens, all of which is closed if something fails. */
    private final List<Background<?>> started = new ArrayList<>();

    /** Those on devices that stay open: the others are closed with their device. */
    private final List<Program> programs = new ArrayList<>();

    Opening(QuestionAnswerer.Builder settings) {
        this.settings = settings;
    }

    QuestionAnswerer open() {
        Checkpoint loaded = null;
        // What need not wait for each other is done side by side: most of it is loading classes and native libraries.
        OpeningDevices devices = new OpeningDevices();
        try {
            if (settings.checkpoint == null) {
                loaded = Checkpoint.load(settings.model, settings.revision, () -> hubOptions(devices));
            }
            return open(loaded == null ? settings.checkpoint : loaded, devices);
        } catch (RuntimeException | Error e) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            closeStarted(interrupted, e);
            if (interrupted && e instanceof RuntimeException && !(e instanceof OperationInterruptedException)) {
                // Whatever broke, it may be whole: a device or a file system gives up in its own words.
                throw new OperationInterruptedException("interrupted while building: " + e.getMessage(), e);
            }
            throw told(e);
        } finally {
            if (loaded != null) {
                loaded.close();
            }
        }
    }

    private QuestionAnswerer open(Checkpoint checkpoint, OpeningDevices devices) {
        requireNotInterrupted();
        Optional<Background<Tokenizer>> tokenizer = Optional.empty();
        if (settings.tokenizer == null) {
            tokenizer = Optional.of(start("distilqa-tokenizer", () -> Tokenizers.open(checkpoint.files())));
        }
        List<OpenDevice> compiled = new ArrayList<>();
        for (OpeningDevices.Opened opened : devices.all()) {
            Program program = compile(opened.device(), checkpoint);
            if (!opened.owned()) {
                programs.add(program);
            }
            int batchSize = settings.batchSize > 0
                    ? settings.batchSize
                    : opened.device().info().batchSize();
            compiled.add(new OpenDevice(opened.device(), program, batchSize, opened.owned()));
        }
        Tokenizer opened = tokenizer.isPresent() ? tokenizer.get().result() : settings.tokenizer;
        requireFits(opened, checkpoint);
        requireNotInterrupted();
        return ScheduledQuestionAnswerer.open(new ScheduledQuestionAnswerer.Parts(
                checkpoint.graph().maxPositions(),
                opened,
                tokenizer.isPresent(),
                compiled,
                settings.limits,
                settings.queue,
                settings.listeners,
                Duration.ofNanos(System.nanoTime() - begin),
                settings.closeTimeout));
    }

    private <T extends AutoCloseable> Background<T> start(String name, Supplier<T> open) {
        Background<T> background = Background.start(name, open);
        started.add(background);
        return background;
    }

    /** The devices, each opened in the background; of several, those that are available. */
    private final class OpeningDevices {
        private final List<Background<Device>> opening = new ArrayList<>();
        private List<Opened> opened;

        record Opened(Device device, boolean owned) {}

        OpeningDevices() {
            for (DeviceChoice choice : settings.devices) {
                opening.add(choice instanceof DeviceChoice.Named named ? open(named) : null);
            }
        }

        private Background<Device> open(DeviceChoice.Named named) {
            return start(
                    "distilqa-opening",
                    () -> Devices.open(
                            named.provider(), named.options(settings.deviceOptions, settings.optionsByDevice)));
        }

        /** Waits for them. */
        List<Opened> all() {
            if (opened == null) {
                opened = await();
            }
            return opened;
        }

        private List<Opened> await() {
            List<Opened> available = new ArrayList<>();
            List<DeviceUnavailableException> unavailable = new ArrayList<>();
            for (int i = 0; i < opening.size(); i++) {
                try {
                    available.add(
                            settings.devices.get(i) instanceof DeviceChoice.Given given
                                    ? new Opened(given.device(), false)
                                    : new Opened(opening.get(i).result(), true));
                } catch (DeviceUnavailableException e) {
                    unavailable.add(e);
                }
            }
            if (available.isEmpty()) {
                throw allUnavailable(unavailable);
            }
            unavailable.forEach(e -> LOG.warn("one of the devices is passed over: {}", e.getMessage()));
            return available;
        }

        private static DeviceUnavailableException allUnavailable(List<DeviceUnavailableException> reasons) {
            return reasons.size() == 1
                    ? reasons.get(0)
                    : new DeviceUnavailableException(String.join(
                            "; ", reasons.stream().map(Throwable::getMessage).toList()));
        }
    }

    /** The hub's options, once the devices are open: what they refuse is told before anything is downloaded. */
    private HubOptions hubOptions(OpeningDevices devices) {
        HubOptions options = settings.hub == null ? HubOptions.fromEnvironment() : settings.hub;
        devices.all();
        return options;
    }

    private static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new OperationInterruptedException("interrupted while building");
        }
    }

    private void closeStarted(boolean interrupted, Throwable failure) {
        List<AutoCloseable> opened = new ArrayList<>(programs);
        for (Background<?> part : started) {
            Optional<? extends AutoCloseable> resource = interrupted ? part.abandon() : part.ifOpened();
            resource.ifPresent(opened::add);
        }
        for (AutoCloseable resource : opened) {
            try {
                resource.close();
            } catch (Exception suppressed) {
                failure.addSuppressed(suppressed);
            }
        }
    }

    private static Program compile(Device device, Checkpoint checkpoint) {
        try {
            return device.compile(
                    checkpoint.graph(), new InterruptibleParameters(checkpoint.parameters(), Thread.currentThread()));
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

    private static void requireFits(Tokenizer tokenizer, Checkpoint checkpoint) {
        if (tokenizer.vocabularySize() > checkpoint.config().vocabSize()) {
            throw new InvalidModelException(checkpoint.files().location() + ": the tokenizer has "
                    + tokenizer.vocabularySize() + " tokens, but the model's embedding table only "
                    + checkpoint.config().vocabSize() + " (vocab_size); they do not belong together");
        }
    }
}
