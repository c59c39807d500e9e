package org.distilqa.benchmarks.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.distilqa.benchmarks.contender.Contender;
import org.distilqa.benchmarks.worker.Command;
import org.distilqa.benchmarks.worker.JavaCommand;
import org.distilqa.benchmarks.worker.Reply;
import org.distilqa.benchmarks.worker.WorkerProcess;

/**
 * Measures a service that is asked about a book: how long others wait, with the library's queue and with one that knows no turns;
 * and how soon it refuses, lets go and closes. One process after another, since each takes the whole machine.
 */
public final class ServiceMeasurement {
    private static final int LONE_QUESTIONS = 50;
    private static final int REFUSED = 1_000;
    private static final int INTERRUPTED = 20;

    private final String model;
    private final Path data;
    private final Contender contender;
    private final Extent extent;
    private final Consumer<String> progress;

    /**
     * How much is measured.
     *
     * @param questions how many questions
     * @param questionsFirstCome how many of them where each waits for a book
     * @param threads how many threads ask
     * @param bookCharacters how long the book is
     */
    public record Extent(int questions, int questionsFirstCome, int threads, int bookCharacters) {
        public static final Extent FULL = new Extent(1_000, 64, 16, 2_000_000);
        public static final Extent QUICK = new Extent(24, 8, 4, 60_000);
    }

    public ServiceMeasurement(String model, Path data, Contender contender, Extent extent, Consumer<String> progress) {
        this.model = model;
        this.data = data;
        this.contender = contender;
        this.extent = extent;
        this.progress = progress;
    }

    public ServiceResults measure() {
        List<ServiceResults.Row> rows = new ArrayList<>();
        try (WorkerProcess process = start(ServiceResults.Order.IN_TURN)) {
            rows.add(serve(process, "no book", extent.questions(), false));
            rows.add(serve(process, "beside the book, in turn", extent.questions(), true));
            rows.add(firstCome());
            progress.accept("service: lone questions, refusals, interrupts, closing");
            int[] batches = process.request(new Command.CountBatches(LONE_QUESTIONS), Reply.Batches.class)
                    .counts();
            double[] refused = times(process, new Command.Refuse(REFUSED));
            double[] freed = times(process, new Command.Interrupt(INTERRUPTED));
            double[] closed = times(process, new Command.CloseUnderLoad(extent.threads()));
            return new ServiceResults(
                    contender,
                    process.ready(),
                    extent.threads(),
                    extent.bookCharacters(),
                    rows,
                    batches,
                    refused,
                    freed,
                    closed[0]);
        }
    }

    private ServiceResults.Row firstCome() {
        try (WorkerProcess process = start(ServiceResults.Order.FIRST_COME)) {
            return serve(process, "beside the book, first come, first served", extent.questionsFirstCome(), true);
        }
    }

    private WorkerProcess start(ServiceResults.Order order) {
        progress.accept("starting " + contender + " for a service, " + order);
        return WorkerProcess.start(
                contender + " as a service",
                JavaCommand.of(
                        ServiceSubject.class,
                        order.name(),
                        contender.toString(),
                        model,
                        data.toString(),
                        String.valueOf(extent.bookCharacters())));
    }

    private ServiceResults.Row serve(WorkerProcess process, String way, int questions, boolean beside) {
        progress.accept("service: " + questions + " questions, " + way);
        Reply.Served served =
                process.request(new Command.Serve(questions, extent.threads(), beside), Reply.Served.class);
        return new ServiceResults.Row(
                way, milliseconds(served.nanoseconds()), served.totalNanoseconds() / 1e9, served.bookWindows());
    }

    private static double[] times(WorkerProcess process, Command command) {
        return milliseconds(process.request(command, Reply.Times.class).nanoseconds());
    }

    private static double[] milliseconds(long[] nanoseconds) {
        return Arrays.stream(nanoseconds).mapToDouble(time -> time / 1e6).toArray();
    }
}
