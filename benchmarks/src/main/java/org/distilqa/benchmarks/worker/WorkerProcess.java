package org.distilqa.benchmarks.worker;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.distilqa.benchmarks.contender.BenchmarkException;

/**
 * A contender in a process of its own, which waits for commands and does nothing else: heaps, resident memory, spinning
 * threads and what the compiler learnt of one contender do not touch another.
 */
public final class WorkerProcess implements AutoCloseable {
    private static final int SECONDS_TO_END = 30;
    private static final int LINES_OF_LOG = 8;

    private final String name;
    private final Process process;
    private final Path log;
    private final Writer commands;
    private final BufferedReader replies;
    private final Reply.Ready ready;

    private WorkerProcess(String name, ProcessBuilder command) {
        this.name = name;
        try {
            this.log = Files.createTempFile("distilqa-benchmarks", ".log");
            this.process = command.redirectError(log.toFile()).start();
        } catch (IOException e) {
            throw new BenchmarkException(name + ": the process cannot be started: " + e.getMessage(), e);
        }
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        this.replies = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        try {
            this.ready = expect(Reply.Ready.class);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Starts a process and waits until it has loaded. */
    public static WorkerProcess start(String name, Worker.Role role, String... arguments) {
        List<String> command = command(Worker.class, role.name());
        command.addAll(List.of(arguments));
        return start(name, new ProcessBuilder(command));
    }

    /** Starts a command and waits until it says that it is ready. */
    public static WorkerProcess start(String name, ProcessBuilder command) {
        return new WorkerProcess(name, command);
    }

    /** The command that starts a class in a JVM like this one, with the options that {@code ./distilqa} gives, for everybody. */
    public static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The options of every contender's JVM. */
    public static List<String> jvmOptions() {
        List<String> options = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseG1GC"));
        if (ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent()) {
            options.addAll(List.of(
                    "--add-modules",
                    "jdk.incubator.vector",
                    "-XX:CompileCommand=quiet",
                    "-XX:CompileCommand=CompileThresholdScaling,org.distilqa.device.cpu.VectorKernels::multiply*,0.05",
                    "-XX:CompileCommand=BackgroundCompilation,org.distilqa.device.cpu.VectorKernels::*,false"));
        }
        if (offersHugePages()) {
            options.add("-XX:+UseTransparentHugePages");
        }
        options.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
        return options;
    }

    private static boolean offersHugePages() {
        Path setting = Path.of("/sys/kernel/mm/transparent_hugepage/enabled");
        try {
            String chosen = Files.isReadable(setting) ? Files.readString(setting) : "";
            return chosen.contains("[madvise]") || chosen.contains("[always]");
        } catch (IOException e) {
            return false;
        }
    }

    public Reply.Ready ready() {
        return ready;
    }

    /** Sends a command and waits for the answer. */
    public <R extends Reply> R request(Command command, Class<R> answer) {
        try {
            commands.write(Protocol.line(command) + "\n");
            commands.flush();
        } catch (IOException e) {
            throw died(e);
        }
        return expect(answer);
    }

    private <R extends Reply> R expect(Class<R> type) {
        String line;
        try {
            line = replies.readLine();
        } catch (IOException e) {
            throw died(e);
        }
        if (line == null) {
            throw died(null);
        }
        Reply reply = Protocol.reply(line);
        if (reply instanceof Reply.Failure failure) {
            throw new BenchmarkException(name + ": " + failure.message());
        }
        if (!type.isInstance(reply)) {
            throw new BenchmarkException(name + ": expected " + type.getSimpleName() + ", but was told " + line);
        }
        return type.cast(reply);
    }

    private BenchmarkException died(IOException cause) {
        try {
            String end = process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)
                    ? "ended with status " + process.exitValue()
                    : "does not answer";
            return new BenchmarkException(
                    name + ": its process " + end + "; it wrote last:" + System.lineSeparator() + end(log), cause);
        } catch (IOException e) {
            return new BenchmarkException(name + ": its process ended, and its log cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new BenchmarkException("interrupted", e);
        }
    }

    /** The last lines of a process's log. */
    public static String end(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return String.join(
                System.lineSeparator(), lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size()));
    }

    /** Ends the process. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended already.
        }
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.deleteIfExists(log);
        } catch (IOException e) {
            log.toFile().deleteOnExit();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
