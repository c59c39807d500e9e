package org.distilqa.device.conformance;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.distilqa.DeviceException;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/**
 * A device around another that hangs or fails on demand, so that a service can be tested for the day when its device does. Safe for
 * use by many threads.
 *
 * <pre>{@code
 * FaultInjectingDevice device = new FaultInjectingDevice("cpu", Devices.open("cpu", DeviceOptions.none()));
 * QuestionAnswerer answerer = QuestionAnswerer.builder().device(device).build();
 * device.failWith(() -> new DeviceLostException("the card does not answer"));
 * }</pre>
 */
public final class FaultInjectingDevice implements Device {
    private final String name;
    private final Device device;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean holding;

    /** Runs that are held, or about to go on. */
    private int hanging;

    private Supplier<? extends RuntimeException> failure;

    /**
     * A device that does what another does, at first.
     *
     * @param name the name that it has
     * @param device the one that runs the network, which is closed with this
     */
    public FaultInjectingDevice(String name, Device device) {
        this.name = Objects.requireNonNull(name, "name");
        this.device = Objects.requireNonNull(device, "device");
    }

    /** Lets runs hang from now on, until {@link #release}. */
    public void hold() {
        change(() -> holding = true);
    }

    /** Lets the runs that hang go on, and those that follow. */
    public void release() {
        change(() -> holding = false);
    }

    /**
     * Waits until a run hangs.
     *
     * @throws InterruptedException if the thread was interrupted
     */
    public void awaitHeld() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!holding || hanging == 0) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets runs fail from now on, also those that hang, when they go on.
     *
     * @param failure makes what each of them throws, such as a {@link org.distilqa.DeviceLostException}
     */
    public void failWith(Supplier<? extends RuntimeException> failure) {
        Objects.requireNonNull(failure, "failure");
        change(() -> this.failure = failure);
    }

    /** Lets runs fail no more. */
    public void recover() {
        change(() -> failure = null);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What the next run fails with, once it need not hang any more. */
    private Optional<RuntimeException> fault() {
        lock.lock();
        try {
            hanging++;
            changed.signalAll();
            while (holding) {
                changed.await();
            }
            return Optional.ofNullable(failure).map(Supplier::get);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new DeviceException("device " + name + " was interrupted", e));
        } finally {
            hanging--;
            lock.unlock();
        }
    }

    @Override
    public DeviceInfo info() {
        DeviceInfo info = device.info();
        return new DeviceInfo(name, info.description(), info.batchSize(), info.facts());
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        Program program = device.compile(graph, parameters);
        return new Program() {
            @Override
            public Logits run(TokenBatch batch) {
                Optional<RuntimeException> fault = fault();
                if (fault.isPresent()) {
                    throw fault.get();
                }
                return program.run(batch);
            }

            @Override
            public void close() {
                program.close();
            }
        };
    }

    /** Lets the runs that hang go on, and closes the other device. */
    @Override
    public void close() {
        release();
        device.close();
    }
}
