package org.distilqa.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Answers as many rows as are asked for on one machine, and writes them as Parquet: what {@code spark/run} starts. Each task that ends is
 * told of on standard error, the figures on standard output.
 */
final class ManyRows {
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType)
            .add("question", DataTypes.StringType)
            .add("context", DataTypes.StringType)
            .add("expected", DataTypes.StringType);

    /** So that the first figures come soon, whatever the number of rows. */
    private static final long ROWS_PER_TASK = 25_000;

    private static final int LEAST_TASKS = 4;
    private static final Set<String> OPTIONS = Set.of("--rows", "--data", "--output", "--master");

    private ManyRows() {}

    /**
     * What a run has shown.
     *
     * @param rows how many were written
     * @param answered how many of them have an answer
     * @param errors how many have an error
     * @param asExpected how many answers are the expected text to the letter
     * @param time of the job: the rows made, the model opened, the rows answered and written
     */
    record Figures(long rows, long answered, long errors, long asExpected, Duration time) {
        double rowsPerSecond() {
            return rows / (time.toNanos() / 1e9);
        }
    }

    /**
     * The program.
     *
     * @param arguments the options and their values
     * @throws IOException if the file cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        Map<String, String> options = options(arguments);
        ShortTexts texts = ShortTexts.of(Path.of(options.get("--data")));
        SparkSession spark = SparkSession.builder()
                .master(options.getOrDefault("--master", "local[2]"))
                .appName("many rows")
                .config("spark.ui.enabled", "false")
                .getOrCreate();
        try {
            long rows = Long.parseLong(options.get("--rows"));
            System.err.println(texts.size() + " questions, repeated to " + rows + " rows");
            spark.sparkContext().addSparkListener(new TaskTimes());
            print(run(spark, texts, rows, options.get("--output")));
        } finally {
            spark.stop();
        }
    }

    private static Map<String, String> options(String... arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        if (arguments.length % 2 != 0
                || !OPTIONS.containsAll(options.keySet())
                || !options.keySet().containsAll(Set.of("--rows", "--data", "--output"))) {
            System.err.println("usage: --rows N --data SQUAD.json --output FOLDER [--master local[2]]");
            System.exit(2);
        }
        return options;
    }

    /** Makes the rows, answers them and writes them to a folder, whose contents are replaced. */
    static Figures run(SparkSession spark, ShortTexts texts, long rows, String output) {
        int tasks = (int) Math.max(LEAST_TASKS, rows / ROWS_PER_TASK);
        MapFunction<Long, Row> row = number -> {
            ShortTexts.Text text = texts.row(number);
            return RowFactory.create(number, text.question(), text.context(), text.answer());
        };
        Dataset<Row> asked = spark.range(0, rows, 1, tasks).map(row, Encoders.row(SCHEMA));
        long start = System.nanoTime();
        asked.withColumn("answer", DistilQa.answer(col("question"), col("context")))
                .write()
                .mode("overwrite")
                .parquet(output);
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        Row figures = spark.read()
                .parquet(output)
                .agg(
                        count(lit(1)),
                        count(col("answer.text")),
                        count(col("answer.error")),
                        sum(when(col("answer.text").equalTo(col("expected")), 1L)
                                .otherwise(0L)))
                .first();
        return new Figures(figures.getLong(0), figures.getLong(1), figures.getLong(2), figures.getLong(3), time);
    }

    private static void print(Figures figures) throws IOException {
        System.out.printf(
                Locale.ROOT,
                "rows               %,d%nanswered           %,d%nerrors             %,d%nas expected        %.1f %%%n"
                        + "seconds            %.1f%nrows a second      %.0f%npeak memory        %s%n",
                figures.rows(),
                figures.answered(),
                figures.errors(),
                100.0 * figures.asExpected() / figures.rows(),
                figures.time().toNanos() / 1e9,
                figures.rowsPerSecond(),
                peakMemory().stream()
                        .mapToObj(kilobytes -> kilobytes / 1024 + " MB resident, of a heap of at most "
                                + (Runtime.getRuntime().maxMemory() >> 20) + " MB")
                        .findFirst()
                        .orElse("not told by this system"));
    }

    /** The most memory that this process has had, as Linux tells it, in kB. */
    private static OptionalLong peakMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        List<String> lines = Files.isReadable(status) ? Files.readAllLines(status) : List.of();
        return lines.stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst();
    }

    /** Tells of each task that wrote rows. */
    private static final class TaskTimes extends SparkListener {
        private int tasks;
        private long rows;

        @Override
        public void onTaskEnd(SparkListenerTaskEnd end) {
            long written = end.taskMetrics() == null
                    ? 0
                    : end.taskMetrics().outputMetrics().recordsWritten();
            if (written > 0) {
                tasks++;
                rows += written;
                System.err.printf(
                        Locale.ROOT,
                        "task %d: %,d rows in %.1f s; %,d in all%n",
                        tasks,
                        written,
                        end.taskInfo().duration() / 1e3,
                        rows);
            }
        }
    }
}
