package org.distilqa;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameter;
import org.distilqa.graph.Parameters;
import org.distilqa.model.ModelFiles;
import org.distilqa.tokenizer.Tokenizer;
import org.distilqa.tokenizer.TokenizerProvider;

/** A device and a tokenizer that a class loader offers as services, so that an answerer can be built in these tests. */
public final class FakeProviders {
    private static final List<FakeDevice> OPENED = new CopyOnWriteArrayList<>();
    private static final List<WordTokenizer> TOKENIZERS = new CopyOnWriteArrayList<>();
    private static volatile Runnable whileOpening = () -> {};
    private static volatile Runnable whileCompiling = () -> {};

    private FakeProviders() {}

    /** Forgets what was opened, and makes a class loader that offers the two. */
    public static ClassLoader classLoader(Path directory) throws IOException {
        OPENED.clear();
        TOKENIZERS.clear();
        whileOpening = () -> {};
        whileCompiling = () -> {};
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(DeviceProvider.class.getName()), OfDevice.class.getName());
        Files.writeString(services.resolve(TokenizerProvider.class.getName()), OfTokenizer.class.getName());
        return new URLClassLoader(new URL[] {directory.toUri().toURL()}, FakeProviders.class.getClassLoader());
    }

    /** What happens while a device is opened from now on. */
    public static void whileOpening(Runnable action) {
        whileOpening = action;
    }

    /** What happens each time that a device has read a parameter, while it compiles. */
    public static void whileCompiling(Runnable action) {
        whileCompiling = action;
    }

    /** A tokenizer that nobody but its user closes. */
    public static Tokenizer tokenizer() {
        WordTokenizer tokenizer = new WordTokenizer();
        TOKENIZERS.add(tokenizer);
        return tokenizer;
    }

    /** Whether a device was opened, and neither that nor a tokenizer has been closed. */
    public static boolean noneClosed() {
        return !OPENED.isEmpty()
                && OPENED.stream().allMatch(device -> device.closings.get() == 0)
                && TOKENIZERS.stream().allMatch(tokenizer -> tokenizer.closings.get() == 0);
    }

    public static int devicesOpened() {
        return OPENED.size();
    }

    /** Whether a device was opened, and that and all others and all tokenizers have been closed, each once. */
    public static boolean allClosed() {
        return !OPENED.isEmpty()
                && OPENED.stream().allMatch(device -> device.closings.get() == 1)
                && TOKENIZERS.stream().allMatch(tokenizer -> tokenizer.closings.get() == 1);
    }

    /** The device {@code fake}, which has one option, {@code speed}. */
    public static final class OfDevice implements DeviceProvider {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public int priority() {
            return 1;
        }

        @Override
        public Availability availability() {
            return Availability.available("for tests");
        }

        @Override
        public Device open(DeviceOptions options) {
            whileOpening.run();
            options.requireKnown("fake", Set.of("speed"));
            FakeDevice device = new FakeDevice() {
                @Override
                public Program compile(Graph graph, Parameters parameters) {
                    for (Parameter parameter : graph.parameters()) {
                        parameters.read(parameter);
                        whileCompiling.run();
                    }
                    return programOf(super.compile(graph, parameters));
                }
            };
            OPENED.add(device);
            return device;
        }
    }

    /** A program that may be closed without its device. */
    private static Program programOf(Program device) {
        return new Program() {
            @Override
            public Logits run(TokenBatch batch) {
                return device.run(batch);
            }

            @Override
            public void close() {
                // It holds nothing.
            }
        };
    }

    /** A tokenizer that needs no file. */
    public static final class OfTokenizer implements TokenizerProvider {
        @Override
        public String name() {
            return "words";
        }

        @Override
        public boolean supports(ModelFiles files) {
            return true;
        }

        @Override
        public Tokenizer open(ModelFiles files) {
            files.read("config.json", 10_000);
            WordTokenizer tokenizer = new WordTokenizer();
            TOKENIZERS.add(tokenizer);
            return tokenizer;
        }
    }
}
