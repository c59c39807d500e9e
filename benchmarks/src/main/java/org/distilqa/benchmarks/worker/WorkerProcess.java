package org.distilqa.benchmarks.worker;

import org.distilqa.benchmarks.contender.BenchmarkException;

/**
 * A contender in a process of its own, which waits for commands and does nothing else: heaps, resident memory, spinning
 * threads and what the compiler learnt of one contender do not touch another.
 */
public final class WorkerProcess implements AutoCloseable {
    private final String name;
    private final LoggedProcess process;
    private final Reply.Ready ready;

    private WorkerProcess(String name, ProcessBuilder command) {
        this.name = name;
        this.process = LoggedProcess.start(name, command);
        try {
            this.ready = expect(Reply.Ready.class);
        } catch (RuntimeException e) {
            process.close();
            throw e;
        }
    }

    /**
     * Starts a command and waits until it says that it is ready.
     *
     * @param name what the process is called in messages
     * @throws BenchmarkException if it ends or refuses instead
     */
    public static WorkerProcess start(String name, ProcessBuilder command) {
        return new WorkerProcess(name, command);
    }

    /** What the process is and how it is set. */
    public Reply.Ready ready() {
        return ready;
    }

    /**
     * Sends a command and waits for the answer.
     *
     * @throws BenchmarkException if the process ends, fails or answers something else
     */
    public <R extends Reply> R request(Command command, Class<R> answer) {
        process.write(Protocol.line(command));
        return expect(answer);
    }

    private <R extends Reply> R expect(Class<R> type) {
        String line = process.line();
        Reply reply = Protocol.reply(line);
        if (reply instanceof Reply.Failure failure) {
            throw new BenchmarkException(name + ": " + failure.message());
        }
        if (!type.isInstance(reply)) {
            throw new BenchmarkException(name + ": expected " + type.getSimpleName() + ", but was told " + line);
        }
        return type.cast(reply);
    }

    /** Ends the process. */
    @Override
    public void close() {
        process.close();
    }
}
