package org.distilqa.benchmarks.worker;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.cli.io.FileException;

/** A contender's process: loads it, then does what the measuring process asks. {@link WorkerProcess} is its other end. */
public final class Worker {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern HIGH_WATER_MARK = Pattern.compile("(?m)^VmHWM:\\s*(\\d+) kB$");

    private Worker() {}

    /**
     * Makes what this process is for, says that it is ready, answers commands until its input ends, and ends the process.
     *
     * @param making loads it; how long that takes is told
     */
    public static void run(Supplier<? extends Subject> making) {
        PrintStream replies = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        // What a library prints must not mix with the replies.
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int status = 0;
        try {
            serve(making, commands, replies);
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            send(replies, new Reply.Failure(message(e)));
            status = 1;
        }
        // Threads of a library must not keep the process alive.
        System.exit(status);
    }

    private static void serve(Supplier<? extends Subject> making, BufferedReader commands, PrintStream replies)
            throws IOException {
        long begin = System.nanoTime();
        try (Subject subject = making.get()) {
            send(replies, subject.ready(System.nanoTime() - begin));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                Command command = Protocol.command(line);
                send(replies, command instanceof Command.ShowMemory ? memory() : subject.reply(command));
            }
        }
    }

    private static Reply.Memory memory() throws IOException {
        if (Files.isReadable(STATUS)) {
            Matcher matcher = HIGH_WATER_MARK.matcher(Files.readString(STATUS));
            if (matcher.find()) {
                return new Reply.Memory(Long.parseLong(matcher.group(1)) << 10);
            }
        }
        return new Reply.Memory(-1);
    }

    private static void send(PrintStream replies, Reply reply) {
        replies.print(Protocol.line(reply) + "\n");
        replies.flush();
    }

    private static String message(Throwable failure) {
        boolean forPeople = failure instanceof QuestionAnsweringException
                || failure instanceof BenchmarkException
                || failure instanceof FileException;
        return forPeople && failure.getMessage() != null ? failure.getMessage() : failure.toString();
    }
}
