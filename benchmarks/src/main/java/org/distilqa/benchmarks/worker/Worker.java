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
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.distilqa.QuestionAnsweringException;
import org.distilqa.benchmarks.contender.BenchmarkException;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.contender.Question;
import org.distilqa.benchmarks.peak.MultiplyAddSubject;
import org.distilqa.benchmarks.peer.PeerFiles;
import org.distilqa.benchmarks.service.ServiceResults;
import org.distilqa.benchmarks.service.ServiceSubject;
import org.distilqa.benchmarks.service.ServiceTexts;
import org.distilqa.benchmarks.subject.Answerer;
import org.distilqa.benchmarks.subject.NetworkSubject;
import org.distilqa.benchmarks.subject.QuestionsSubject;

/** A contender's process: loads it, then does what the measuring process asks. {@link WorkerProcess} is its other end. */
public final class Worker {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern HIGH_WATER_MARK = Pattern.compile("(?m)^VmHWM:\\s*(\\d+) kB$");

    private Worker() {}

    /** What a process is for. */
    public enum Role {
        /** The network alone; arguments: the contender, the checkpoint's directory, the folder of {@link PeerFiles}. */
        NETWORK,
        /** The multiply-adds that the processor can do; arguments: the precision, the library for all but float32 or nothing. */
        MULTIPLY_ADDS,
        /**
         * Whole questions; arguments: the contender, the model, the folder of {@link PeerFiles}, a SQuAD file, how many of its
         * questions.
         */
        QUESTIONS,
        /**
         * A service with a book and questions; arguments: the order of the queue, the contender, the model, a SQuAD file, the
         * characters of the book.
         */
        SERVICE
    }

    /**
     * Starts a contender's process.
     *
     * @param arguments the role, and what it needs
     */
    public static void main(String[] arguments) {
        PrintStream replies = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        // What a library prints must not mix with the replies.
        System.setOut(System.err);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        int status = 0;
        try {
            serve(List.of(arguments), commands, replies);
        } catch (Exception | LinkageError | OutOfMemoryError e) {
            e.printStackTrace();
            send(replies, new Reply.Failure(message(e)));
            status = 1;
        }
        // Threads of a library must not keep the process alive.
        System.exit(status);
    }

    private static void serve(List<String> arguments, BufferedReader commands, PrintStream replies) throws IOException {
        long begin = System.nanoTime();
        try (Subject subject = open(arguments)) {
            send(replies, subject.ready(System.nanoTime() - begin));
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                Command command = Protocol.command(line);
                send(replies, command instanceof Command.ShowMemory ? memory() : subject.reply(command));
            }
        }
    }

    private static Subject open(List<String> arguments) {
        return switch (Role.valueOf(arguments.get(0))) {
            case NETWORK ->
                NetworkSubject.open(
                        Contender.parse(arguments.get(1)), Path.of(arguments.get(2)), Path.of(arguments.get(3)));
            case MULTIPLY_ADDS -> MultiplyAddSubject.of(arguments.get(1), arguments.get(2));
            case QUESTIONS ->
                new QuestionsSubject(
                        Answerer.open(Contender.parse(arguments.get(1)), arguments.get(2), Path.of(arguments.get(3))),
                        Question.read(Path.of(arguments.get(4)), Integer.parseInt(arguments.get(5))));
            case SERVICE ->
                new ServiceSubject(
                        ServiceResults.Order.valueOf(arguments.get(1)),
                        Contender.parse(arguments.get(2)),
                        arguments.get(3),
                        ServiceTexts.of(Path.of(arguments.get(4)), Integer.parseInt(arguments.get(5))));
        };
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
        boolean forPeople = failure instanceof QuestionAnsweringException || failure instanceof BenchmarkException;
        return forPeople && failure.getMessage() != null ? failure.getMessage() : failure.toString();
    }
}
