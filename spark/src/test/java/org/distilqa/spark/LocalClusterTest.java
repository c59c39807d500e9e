package org.distilqa.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two executors, each in a process of its own. They take Spark from a directory in the layout of its distribution. */
class LocalClusterTest {
    @TempDir
    private Path log;

    /** Makes the distribution that SPARK_HOME names: links to the jars of the tests' class path. */
    @BeforeAll
    static void layOut() throws IOException {
        Path jars = Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
        for (String entry : classPath()) {
            Path jar = Path.of(entry).toAbsolutePath();
            if (Files.isRegularFile(jar)) {
                Path link = jars.resolve(jar.getFileName());
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, jar);
            }
        }
    }

    private static List<String> classPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    }

    @Test
    void eachExecutorOpensTheModelOnceAndClosesItAtItsEnd() throws Exception {
        SparkSession spark = SparkSession.builder()
                .master("local-cluster[2,1,1024]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.extensions", DistilQaExtensions.class.getName())
                .config("spark.executor.extraClassPath", directories())
                .config("spark.executor.extraJavaOptions", System.getProperty("distilqa.jvm-flags"))
                // Both have work, however fast the first is.
                .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
                .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
                .config("spark.locality.wait", "0s")
                .getOrCreate();
        List<Row> rows;
        try {
            Texts.rows(spark, 32).repartition(8).createOrReplaceTempView("mills");
            Dataset<Row> answered = spark.sql("SELECT id, answer_question(question, context, "
                    + "map('device', 'recording', 'device.log', '" + log + "')) AS answer FROM mills");
            assertThat(spark.sql("DESCRIBE FUNCTION EXTENDED answer_question").collectAsList())
                    .anyMatch(row -> row.getString(0).contains("answer_question(question, context[, options])"));
            assertThat(executors(answered)).containsExactlyInAnyOrder("0", "1");
            rows = answered.orderBy("id").select("answer.text", "answer.error").collectAsList();
        } finally {
            spark.stop();
        }

        assertThat(rows).hasSize(32).allMatch(row -> row.isNullAt(1));
        assertThat(rows.subList(0, 3))
                .extracting(row -> row.getString(0))
                .containsExactly("Ada Quill", "1701", "Mary Dunmore");
        Set<String> processes = processes("opened");
        assertThat(processes)
                .hasSize(2)
                .doesNotContain(Long.toString(ProcessHandle.current().pid()));
        assertThat(count("opened")).isEqualTo(2);
        awaitClosed();
        assertThat(processes("closed")).isEqualTo(processes);
    }

    private static Set<String> executors(Dataset<Row> rows) {
        MapPartitionsFunction<Row, String> names = partition -> {
            partition.forEachRemaining(row -> {});
            return List.of(SparkEnv.get().executorId()).iterator();
        };
        return Set.copyOf(rows.mapPartitions(names, Encoders.STRING()).collectAsList());
    }

    /** What of the class path is no jar. */
    private static String directories() {
        List<String> directories = new ArrayList<>(classPath());
        directories.removeIf(entry -> !Files.isDirectory(Path.of(entry)));
        return String.join(File.pathSeparator, directories);
    }

    private Set<String> processes(String event) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.map(file -> file.getFileName().toString().split("-"))
                    .filter(parts -> parts[0].equals(event))
                    .map(parts -> parts[1])
                    .collect(Collectors.toSet());
        }
    }

    private long count(String event) throws IOException {
        try (Stream<Path> files = Files.list(log)) {
            return files.filter(file -> file.getFileName().toString().startsWith(event))
                    .count();
        }
    }

    /** Executors end some time after the application. */
    private void awaitClosed() throws Exception {
        for (int tries = 0; tries < 600 && count("closed") < 2; tries++) {
            Thread.sleep(100);
        }
    }
}
