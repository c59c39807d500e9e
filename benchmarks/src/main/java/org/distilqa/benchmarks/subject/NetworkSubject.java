package org.distilqa.benchmarks.subject;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.Subject;
import org.distilqa.benchmarks.worker.Worker;
import org.distilqa.device.Device;
import org.distilqa.device.DeviceInfo;
import org.distilqa.device.Program;
import org.distilqa.device.TokenBatch;
import org.distilqa.model.Checkpoint;

/** The network alone on a device: token ids in, logits out. */
final class NetworkSubject implements Subject {
    private final Checkpoint checkpoint;
    private final Device device;
    private final Program program;
    private final WindowReader windows;

    private NetworkSubject(Checkpoint checkpoint, Path folder, Device device, Program program) {
        this.checkpoint = checkpoint;
        this.device = device;
        this.program = program;
        this.windows = new WindowReader(program, folder);
    }

    /**
     * Starts a contender's process.
     *
     * @param arguments the contender, the checkpoint's directory, the folder of {@link PeerFiles}
     */
    public static void main(String[] arguments) {
        Worker.run(() -> open(Contender.parse(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2])));
    }

    private static NetworkSubject open(Contender contender, Path model, Path folder) {
        Checkpoint checkpoint = Checkpoint.open(model);
        Device device = ContenderDevice.open(contender, folder);
        try {
            return new NetworkSubject(
                    checkpoint, folder, device, device.compile(checkpoint.graph(), checkpoint.parameters()));
        } catch (RuntimeException e) {
            device.close();
            throw e;
        }
    }

    @Override
    public Reply.Ready ready(long loadNanoseconds) {
        DeviceInfo info = device.info();
        return new Reply.Ready(loadNanoseconds, info.description(), new TreeMap<>(info.facts()));
    }

    @Override
    public Reply reply(Command command) {
        if (command instanceof Command.Run run) {
            return new Reply.Times(times(run));
        }
        if (command instanceof Command.ShowLogits show) {
            return Reply.LogitValues.of(program.run(TokenBatch.of(show.tokens())));
        }
        if (command instanceof Command.Answer answer && answer.mode() == Command.Mode.NETWORK) {
            return new Reply.Times(new long[] {windows.read(answer.from(), answer.to())});
        }
        throw new BenchmarkException("the network alone cannot do " + command);
    }

    private long[] times(Command.Run run) {
        TokenBatch batch = TokenBatch.of(run.tokens());
        long[] times = new long[16];
        int runs = 0;
        long begin = System.nanoTime();
        long now = begin;
        while (runs < run.minimumRuns() || now - begin < run.seconds() * 1e9) {
            program.run(batch);
            long end = System.nanoTime();
            if (runs == times.length) {
                times = Arrays.copyOf(times, 2 * runs);
            }
            times[runs++] = end - now;
            now = end;
        }
        return Arrays.copyOf(times, runs);
    }

    @Override
    public void close() {
        device.close();
        checkpoint.close();
    }
}
