package org.distilqa.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Logits;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.graph.Graph;
import org.distilqa.graph.Parameters;

/** A device that ends a run when and as a test says. A token's start logit is its id, its end logit the id with a minus. */
final class HeldDevice implements Device, Program {
    private static final int SECONDS = 30;

    final AtomicInteger closings = new AtomicInteger();
    final AtomicInteger programClosings = new AtomicInteger();
    volatile RuntimeException closeFailure;
    volatile RuntimeException infoFailure;

    /** What the last run was given. */
    volatile TokenBatch given;

    private final String name;
    private final BlockingQueue<List<Integer>> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<UnaryOperator<Logits>> ends = new LinkedBlockingQueue<>();

    HeldDevice(String name) {
        this.name = name;
    }

    OpenDevice open(int batchSize) {
        return new OpenDevice(this, program(), batchSize, true);
    }

    /** Of an owner who closes the device, so that the program alone is closed. */
    OpenDevice openOfAnother(int batchSize) {
        return new OpenDevice(this, program(), batchSize, false);
    }

    private Program program() {
        return new Program() {
            @Override
            public Logits run(TokenBatch batch) {
                return HeldDevice.this.run(batch);
            }

            @Override
            public void close() {
                programClosings.incrementAndGet();
            }
        };
    }

    /** Waits for the next run; the first token of each sequence. */
    List<Integer> awaitRun() throws InterruptedException {
        List<Integer> batch = begun.poll(SECONDS, TimeUnit.SECONDS);
        assertThat(batch).as("a run of %s", name).isNotNull();
        return batch;
    }

    /** Whether a run has begun that was not waited for. */
    boolean hasBegun() {
        return !begun.isEmpty();
    }

    /** Whether no run begins that was not waited for, within a moment. */
    boolean staysIdle() throws InterruptedException {
        return begun.poll(30, TimeUnit.MILLISECONDS) == null;
    }

    /** Lets a run end well. */
    void succeed() {
        ends.add(logits -> logits);
    }

    /** Lets a run end with other logits. */
    void give(Logits other) {
        ends.add(logits -> other);
    }

    /** Lets a run fail. */
    void fail(RuntimeException failure) {
        ends.add(logits -> {
            throw failure;
        });
    }

    @Override
    public DeviceInfo info() {
        if (infoFailure != null) {
            throw infoFailure;
        }
        return new DeviceInfo(name, "held by a test", 1, Map.of());
    }

    @Override
    public Program compile(Graph graph, Parameters parameters) {
        throw new AssertionError("not compiled here");
    }

    @Override
    public Logits run(TokenBatch batch) {
        given = batch;
        begun.add(IntStream.range(0, batch.size())
                .mapToObj(sequence -> batch.token(sequence, 0))
                .toList());
        float[][] start = new float[batch.size()][];
        float[][] end = new float[batch.size()][];
        for (int sequence = 0; sequence < batch.size(); sequence++) {
            start[sequence] = new float[batch.length(sequence)];
            Arrays.fill(start[sequence], batch.token(sequence, 0));
            end[sequence] = new float[batch.length(sequence)];
            Arrays.fill(end[sequence], -batch.token(sequence, 0));
        }
        try {
            // For ever if need be: a run that ended by itself would help out whom a test finds waiting in vain.
            return ends.take().apply(new Logits(start, end));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        closings.incrementAndGet();
        if (closeFailure != null) {
            throw closeFailure;
        }
    }
}
