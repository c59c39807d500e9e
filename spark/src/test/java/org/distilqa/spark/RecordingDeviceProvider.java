package org.distilqa.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.distilqa.device.Availability;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.DeviceOptions;
import org.distilqa.device.DeviceProvider;
import org.distilqa.device.Devices;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.device.conformance.FaultInjectingDevice;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/**
 * The device cpu, with a record of what it is asked. With the option {@code log}, a directory, it leaves a file there for each time it
 * is opened and closed, named by the process.
 */
public final class RecordingDeviceProvider implements DeviceProvider {
    static final AtomicInteger OPENED = new AtomicInteger();
    static final AtomicInteger CLOSED = new AtomicInteger();

    /** The sizes of the batches, of all devices. */
    static final List<Integer> BATCHES = new CopyOnWriteArrayList<>();

    /** What is done with each device that is opened. */
    static volatile Consumer<FaultInjectingDevice> onOpen = device -> {};

    static void reset() {
        OPENED.set(0);
        CLOSED.set(0);
        BATCHES.clear();
        onOpen = device -> {};
    }

    static int sequences() {
        return BATCHES.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public String name() {
        return "recording";
    }

    @Override
    public int priority() {
        return Integer.MIN_VALUE;
    }

    @Override
    public Availability availability() {
        return Availability.available("the processor, recorded");
    }

    @Override
    public Device open(DeviceOptions options) {
        options.requireKnown(name(), java.util.Set.of("log", "number"));
        FaultInjectingDevice device = new FaultInjectingDevice(
                name(), Devices.open("cpu", DeviceOptions.none().with("threads", "1")));
        OPENED.incrementAndGet();
        log(options, "opened");
        onOpen.accept(device);
        return new Recording(device, () -> {
            CLOSED.incrementAndGet();
            log(options, "closed");
        });
    }

    private static void log(DeviceOptions options, String event) {
        options.get("log").ifPresent(directory -> {
            try {
                Files.createTempFile(
                        Path.of(directory),
                        event + "-" + ProcessHandle.current().pid() + "-",
                        "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private record Recording(Device device, Runnable onClose) implements Device {
        @Override
        public DeviceInfo info() {
            return device.info();
        }

        @Override
        public Program compile(Graph graph, Parameters parameters) {
            Program program = device.compile(graph, parameters);
            return new Program() {
                @Override
                public Logits run(TokenBatch batch) {
                    BATCHES.add(batch.size());
                    return program.run(batch);
                }

                @Override
                public void close() {
                    program.close();
                }
            };
        }

        @Override
        public void close() {
            device.close();
            onClose.run();
        }
    }
}
