package org.distilqa.opening;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.distilqa.DeviceException;
import org.distilqa.DeviceUnavailableException;
import org.distilqa.InvalidModelException;
import org.distilqa.OperationInterruptedException;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.device.Device;
import org.distilqa.device.Devices;
import org.distilqa.device.Program;
import org.distilqa.internal.Closing;
import org.distilqa.internal.LibraryFault;
import org.distilqa.model.Checkpoint;
import org.distilqa.model.HubOptions;
import org.distilqa.schedule.OpenDevice;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.Tokenizers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens what an answerer is made of, and closes it again if a part cannot be opened. For one thread, and once. */
public final class Opening {
    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final ModelChoice model;
    private final DeviceChoices devices;
    private final long begin = System.nanoTime();

    /** What this opens, all of which is closed if something fails. */
    private final List<Background<?>> started = new ArrayList<>();

    /** Those on devices that stay open: the others are closed with their device. */
    private final List<Program> programs = new ArrayList<>();

    /**
     * What is to be opened.
     *
     * @param model the checkpoint and its tokenizer
     * @param devices what runs it
     */
    public Opening(ModelChoice model, DeviceChoices devices) {
        this.model = model;
        this.devices = devices;
    }

    /**
     * Opens the model, from the hub if need be, and the devices, and compiles the network for them.
     *
     * @param <T> an answerer
     * @param assemble what is made of the parts, which are its own from then on
     * @return what was made
     * @throws QuestionAnsweringException as {@link org.distilqa.QuestionAnswerer.Builder#build} says
     */
    public <T> T open(Function<Parts, T> assemble) {
        Checkpoint loaded = null;
        // What need not wait for each other is done side by side: most of it is loading classes and native libraries.
        OpeningDevices opening = new OpeningDevices();
        try {
            if (model.checkpoint().isEmpty()) {
                loaded = Checkpoint.load(model.name(), model.revision(), () -> hubOptions(opening));
            }
            return assemble.apply(parts(loaded == null ? model.checkpoint().get() : loaded, opening));
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

    private Parts parts(Checkpoint checkpoint, OpeningDevices opening) {
        requireNotInterrupted();
        Optional<Background<Tokenizer>> tokenizer = Optional.empty();
        if (model.tokenizer().isEmpty()) {
            tokenizer = Optional.of(start("distilqa-tokenizer", () -> Tokenizers.open(checkpoint.files())));
        }
        List<OpenDevice> compiled = new ArrayList<>();
        for (OpeningDevices.Opened opened : opening.all()) {
            Program program = compile(opened.device(), checkpoint);
            if (!opened.owned()) {
                programs.add(program);
            }
            int batchSize =
                    devices.batchSize().orElseGet(() -> opened.device().info().batchSize());
            compiled.add(new OpenDevice(opened.device(), program, batchSize, opened.owned()));
        }
        Tokenizer opened = tokenizer.isPresent()
                ? tokenizer.get().result()
                : model.tokenizer().get();
        requireFits(opened, checkpoint);
        requireNotInterrupted();
        return new Parts(
                checkpoint.graph().maxPositions(),
                opened,
                tokenizer.isPresent(),
                compiled,
                Duration.ofNanos(System.nanoTime() - begin));
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
            for (DeviceChoice choice : devices.choices()) {
                opening.add(choice instanceof DeviceChoice.Named named ? open(named) : null);
            }
        }

        private Background<Device> open(DeviceChoice.Named named) {
            return start(
                    "distilqa-opening",
                    () -> Devices.open(
                            named.provider(), named.options(devices.optionsOfAll(), devices.optionsOfEach())));
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
                            devices.choices().get(i) instanceof DeviceChoice.Given given
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
    private HubOptions hubOptions(OpeningDevices opening) {
        HubOptions options = model.hub().orElseGet(HubOptions::fromEnvironment);
        opening.all();
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
        opened.forEach(resource -> Closing.after(failure, resource));
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
