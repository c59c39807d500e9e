package org.distilqa.spark;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.distilqa.Answer;
import org.distilqa.DeviceException;
import org.distilqa.DeviceLostException;
import org.distilqa.InvalidConfigurationException;
import org.distilqa.QuestionAnswerer;
import org.distilqa.device.conformance.FaultInjectingDevice;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistilQaTest {
    private static final Map<String, String> CPU = Map.of("device", "cpu");

    private static SparkSession spark;

    /** For engines of a test's own. */
    private static int number;

    private Map<String, String> recorded;

    @BeforeAll
    static void start() {
        // A task may fail once.
        spark = SparkSession.builder()
                .master("local[2,2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
        DistilQa.register(spark);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @BeforeEach
    void newEngine() {
        RecordingDeviceProvider.reset();
        recorded = Map.of("device", "recording", "device.number", Integer.toString(number++));
    }

    private static Dataset<Row> answered(Dataset<Row> rows, Map<String, String> options) {
        return rows.withColumn("answer", DistilQa.answer(col("question"), col("context"), options));
    }

    private static String sqlMap(Map<String, String> options) {
        StringBuilder entries = new StringBuilder();
        options.forEach((name, value) ->
                entries.append(entries.isEmpty() ? "" : ", ").append("'" + name + "', '" + value + "'"));
        return "map(" + entries + ")";
    }

    private static String plan(Dataset<Row> rows) {
        return rows.queryExecution().explainString(org.apache.spark.sql.execution.ExplainMode.fromString("simple"));
    }

    private static int steps(Dataset<Row> rows) {
        return plan(rows).split("AnswerQuestions \\[", -1).length - 1;
    }

    @Test
    void eachRowHasTheAnswerThatTheLibraryGives() {
        List<Row> rows = answered(Texts.rows(spark, 60).repartition(3), CPU).collectAsList();

        assertThat(rows).hasSize(60);
        try (QuestionAnswerer qa =
                QuestionAnswerer.builder().model("bundled").device("cpu").build()) {
            for (Row row : rows) {
                Answer expected = qa.answer(row.getString(1), row.getString(2));
                Row answer = row.getStruct(3);
                assertThat(answer.getString(0)).isEqualTo(expected.text());
                assertThat(answer.getInt(1)).isEqualTo(expected.start());
                assertThat(answer.getInt(2)).isEqualTo(expected.end());
                // A row's batch is another one here, and sums are rounded in another order.
                assertThat(answer.getDouble(3)).isCloseTo(expected.score(), within(1e-4));
                assertThat(answer.isNullAt(4)).isTrue();
            }
        }
    }

    @Test
    void sqlHasTheFunctionAndItsOptions() {
        Texts.rows(spark, 2).createOrReplaceTempView("mills");

        List<Row> rows = spark.sql("""
                SELECT id, a.text, a.score FROM (
                    SELECT id, answer_question(question, context, map('device', 'cpu', 'maxAnswerLength', '1')) AS a FROM mills)
                ORDER BY id""").collectAsList();

        assertThat(rows).extracting(row -> row.getString(1)).containsExactly("Quill", "1701");
    }

    /** The lines of docs/spark.md, with the device that {@code auto} takes. */
    @Test
    void aColumnInJavaIsOneLine() {
        Dataset<Row> rows = Texts.rows(spark, 2);

        DistilQa.register(spark);
        Dataset<Row> answered =
                rows.withColumn("answer", DistilQa.answer(col("question"), col("context"), Map.of("onError", "fail")));

        assertThat(answered.orderBy("id").select("answer.text").collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly("Ada Quill", "1701");
    }

    @Test
    void nullGivesNull() {
        Dataset<Row> rows = Texts.of(
                        spark,
                        List.of(
                                RowFactory.create(0, null, Texts.context(0)),
                                RowFactory.create(1, "Who built the mill?", null),
                                RowFactory.create(2, "Who built the mill?", Texts.context(2))))
                .coalesce(1);

        assertThat(answered(rows, CPU).select("id", "answer.text").collectAsList())
                .extracting(row -> row.getString(1))
                .containsExactly(null, null, "Mary Dunmore");
        assertThat(answered(rows, CPU).filter("answer IS NULL").count()).isEqualTo(2);
    }

    @Test
    void aTaskWithoutRowsOpensNoModel() {
        assertThat(answered(Texts.rows(spark, 4).filter("rand() > 2"), recorded).collectAsList())
                .isEmpty();
        assertThat(RecordingDeviceProvider.OPENED).hasValue(0);
    }

    @Test
    void aBadRowTellsWhyAndTheOthersAreAnswered() {
        Map<String, String> options = Map.of("device", "cpu", "maxContextLength", "100");
        Dataset<Row> rows = Texts.of(
                spark,
                List.of(
                        RowFactory.create(0, " ", Texts.context(0)),
                        RowFactory.create(1, "Who built the mill?", ""),
                        RowFactory.create(2, "Who built the mill?", Texts.context(2)),
                        RowFactory.create(3, "Who built the mill?", "a".repeat(101))));

        List<Row> answers = answered(rows, options)
                .orderBy("id")
                .select("answer.text", "answer.start", "answer.end", "answer.score", "answer.error")
                .collectAsList();

        assertThat(answers.get(2).getString(0)).isEqualTo("Mary Dunmore");
        assertThat(answers.get(2).getString(4)).isNull();
        for (int bad : new int[] {0, 1, 3}) {
            for (int field = 0; field < 4; field++) {
                assertThat(answers.get(bad).isNullAt(field)).isTrue();
            }
        }
        assertThat(answers.get(0).getString(4)).isEqualTo("the question is empty");
        assertThat(answers.get(1).getString(4)).isEqualTo("the context is empty");
        assertThat(answers.get(3).getString(4)).contains("101").contains("100");
    }

    @Test
    void aBadRowFailsTheJobWhereThatIsAsked() {
        Dataset<Row> rows = Texts.of(spark, List.of(RowFactory.create(0, " ", Texts.context(0))));
        Dataset<Row> answered = answered(rows, Map.of("device", "cpu", "onError", "fail"));

        assertThat(answered.schema().apply("answer").dataType().simpleString())
                .isEqualTo("struct<text:string,start:int,end:int,score:double>");
        assertThatThrownBy(answered::collectAsList).hasStackTraceContaining("the question is empty");
    }

    @Test
    void aDeviceThatFailsFailsItsRowsAlone() throws Exception {
        FaultInjectingDevice device = openedDevice();
        device.failWith(() -> new DeviceException("out of order"));

        List<Row> rows = answered(Texts.rows(spark, 4).coalesce(1), recorded).collectAsList();

        assertThat(rows)
                .hasSize(4)
                .allMatch(row -> row.getStruct(3).getString(4).contains("out of order"));
        device.recover();
        assertThat(answered(Texts.rows(spark, 4), recorded)
                        .filter("answer.error IS NULL")
                        .count())
                .isEqualTo(4);
    }

    /** The device of the test's own engine, which has answered a row. */
    private FaultInjectingDevice openedDevice() throws Exception {
        CompletableFuture<FaultInjectingDevice> opened = new CompletableFuture<>();
        RecordingDeviceProvider.onOpen = opened::complete;
        answered(Texts.rows(spark, 1), recorded).collectAsList();
        return opened.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aTaskWhoseDeviceIsLostIsTriedAgainOnANewOne() {
        RecordingDeviceProvider.onOpen = device -> {
            if (RecordingDeviceProvider.OPENED.get() == 1) {
                device.failWith(() -> new DeviceLostException("the card is gone"));
            }
        };

        List<Row> rows = answered(Texts.rows(spark, 4).coalesce(1), recorded).collectAsList();

        assertThat(rows).hasSize(4).allMatch(row -> row.getStruct(3).isNullAt(4));
        assertThat(RecordingDeviceProvider.OPENED).hasValue(2);
        assertThat(RecordingDeviceProvider.CLOSED).hasValue(1);
    }

    @Test
    void placesAreCountedInCharactersAsSqlDoes() {
        String context = "\uD83D\uDE42\uD83D\uDE42 The mill was built by Ada Quill in 1912.";
        Dataset<Row> rows = Texts.of(spark, List.of(RowFactory.create(0, "Who built the mill?", context)));

        Row row = answered(rows, CPU)
                .selectExpr("answer.text", "substring(context, answer.start + 1, answer.end - answer.start)")
                .head();
        Row utf16 = answered(rows, Map.of("device", "cpu", "offsets", "utf16"))
                .head()
                .getStruct(3);

        assertThat(row.getString(0)).isEqualTo("Ada Quill");
        assertThat(row.getString(1)).isEqualTo("Ada Quill");
        assertThat(context.substring(utf16.getInt(1), utf16.getInt(2))).isEqualTo("Ada Quill");
    }

    @Test
    void theRowsOfATaskGoIntoTheSameBatches() {
        Dataset<Row> rows = answered(Texts.rows(spark, 64).coalesce(1), recorded);

        assertThat(rows.collectAsList()).hasSize(64);

        assertThat(steps(rows)).isEqualTo(1);
        assertThat(RecordingDeviceProvider.BATCHES).contains(8);
        assertThat(RecordingDeviceProvider.sequences()).isEqualTo(64 + 1); // One more to try the options.
    }

    @Test
    void allTasksShareAnEngineAndOtherAnswerOptionsDoNotNeedAnother() {
        answered(Texts.rows(spark, 16).repartition(8), recorded).collectAsList();
        Map<String, String> others = new java.util.HashMap<>(recorded);
        others.put("maxAnswerLength", "3");
        answered(Texts.rows(spark, 16).repartition(8), others).collectAsList();

        assertThat(RecordingDeviceProvider.OPENED).hasValue(1);
    }

    @Test
    void aTaskReadsABoundedNumberOfRowsAhead() {
        Dataset<Row> rows =
                answered(Texts.rows(spark, 5_000).coalesce(1), recorded).limit(3);

        assertThat(rows.collectAsList()).hasSize(3);

        assertThat(RecordingDeviceProvider.sequences()).isLessThanOrEqualTo(AnsweredRows.ROWS_AHEAD + 3 + 1);
    }

    @Test
    void aQuestionThatIsFilteredAndShownIsAskedOnceAndOnlyOfRowsThatPassOtherConditions() {
        Texts.rows(spark, 40).createOrReplaceTempView("mills");

        Dataset<Row> rows = spark.sql("SELECT id, a.text, a.score FROM (SELECT id, answer_question(question, context, "
                + sqlMap(recorded) + ") AS a FROM mills) WHERE a.score >= 0 AND id < 20");

        assertThat(rows.collectAsList()).hasSize(20);
        assertThat(RecordingDeviceProvider.sequences()).isEqualTo(20 + 1);
    }

    @Test
    void elsewhereRowsAreAnsweredOneByOne() {
        Texts.rows(spark, 4).coalesce(1).createOrReplaceTempView("mills");
        String call = "answer_question(question, context, " + sqlMap(CPU) + ")";

        assertThat(spark.sql("SELECT CASE WHEN id = 1 THEN " + call + ".text END FROM mills ORDER BY id")
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly(null, "1701", null, null);
        assertThat(spark.sql("SELECT max(" + call + ".text) FROM mills").head().getString(0))
                .isEqualTo("Mary Dunmore");
        assertThat(spark.sql("SELECT count(*) FROM mills GROUP BY " + call + ".text")
                        .collectAsList())
                .hasSize(4);
        assertThat(spark.sql("SELECT id FROM mills ORDER BY " + call + ".text").collectAsList())
                .extracting(row -> row.getInt(0))
                .containsExactly(1, 3, 0, 2);
        assertThat(spark.sql("SELECT transform(array('Who built the mill?'), q -> answer_question(q, context, "
                                + sqlMap(CPU) + ").text) FROM mills WHERE id = 0")
                        .head()
                        .getList(0))
                .isEqualTo(List.of("Ada Quill"));
    }

    @Test
    void anAnswerCanBeTheContextOfAnotherQuestion() {
        Texts.rows(spark, 3).createOrReplaceTempView("mills");
        String options = sqlMap(CPU);

        Dataset<Row> rows = spark.sql("SELECT answer_question('Who?', answer_question('Who built the mill?', context, "
                + options + ").text, " + options + ").text FROM mills WHERE id = 2");

        assertThat(rows.collectAsList()).extracting(row -> row.getString(0)).containsExactly("Mary Dunmore");
        assertThat(steps(rows)).isEqualTo(2);
    }

    @Test
    void onlyTheColumnsThatAreUsedAreReadFromAFile(@TempDir Path directory) {
        String file = directory.resolve("mills").toString();
        Texts.rows(spark, 4).withColumn("other", col("id")).write().parquet(file);

        Dataset<Row> rows = answered(spark.read().parquet(file), CPU)
                .filter("id > 1 AND answer.score >= 0")
                .select("answer.text");

        assertThat(rows.collectAsList()).extracting(row -> row.getString(0)).contains("Mary Dunmore");
        assertThat(plan(rows))
                .contains("ReadSchema: struct<id:int,question:string,context:string>")
                .contains("GreaterThan(id,1)");
    }

    @Test
    void whatCannotBeAnOptionIsToldBeforeAnythingRuns() {
        assertThatThrownBy(() -> DistilQa.answer(col("question"), col("context"), Map.of("modle", "bundled")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("no option modle; it has")
                .hasMessageContaining("model");
        assertThatThrownBy(() -> DistilQa.answer(col("question"), col("context"), Map.of("onError", "ignore")))
                .hasMessageContaining("option onError of answer_question is \"ignore\"; it must be column or fail");
        assertThatThrownBy(() -> DistilQa.answer(col("question"), col("context"), Map.of("docStride", "-1")))
                .hasMessageContaining("docStride");
        assertThatThrownBy(() -> spark.sql("SELECT answer_question('Who?')")).hasStackTraceContaining("1 arguments");
        assertThatThrownBy(
                        () -> spark.sql("SELECT answer_question('Who?', 'Ada.', map('model', c)) FROM (SELECT '' c)"))
                .hasStackTraceContaining("the same for all rows");
        assertThatThrownBy(() -> spark.sql("SELECT answer_question(array(1), 'Ada.')"))
                .hasMessageContaining("DATATYPE_MISMATCH");
    }

    @Test
    void aModelThatCannotBeOpenedAndOptionsThatDoNotFitItFailTheJob() {
        assertThatThrownBy(() -> answered(Texts.rows(spark, 1), Map.of("model", "/no/such/model"))
                        .collectAsList())
                .hasStackTraceContaining("/no/such/model");
        assertThatThrownBy(() -> answered(Texts.rows(spark, 1), Map.of("device", "cpu", "maxSequenceLength", "99999"))
                        .collectAsList())
                .hasStackTraceContaining("the options of answer_question do not fit the model bundled");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCancelledJobEndsWhileTheDeviceHangs(boolean interrupt) throws Exception {
        FaultInjectingDevice device = openedDevice();
        device.hold();
        try {
            String group = "cancelled-" + interrupt;
            CompletableFuture<List<Row>> job = CompletableFuture.supplyAsync(() -> {
                spark.sparkContext().setJobGroup(group, "to be cancelled", interrupt);
                return answered(Texts.rows(spark, 40).coalesce(1), recorded).collectAsList();
            });
            device.awaitHeld();

            spark.sparkContext().cancelJobGroup(group);

            assertThatThrownBy(() -> job.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("cancelled");
            // The job is told at once; the task's thread is free when no task runs.
            awaitNoTask();
        } finally {
            device.release();
        }
        assertThat(answered(Texts.rows(spark, 2), recorded).collectAsList()).hasSize(2);
    }

    private static void awaitNoTask() throws InterruptedException {
        for (int tries = 0; tries < 600; tries++) {
            int running = Arrays.stream(spark.sparkContext().statusTracker().getExecutorInfos())
                    .mapToInt(executor -> executor.numRunningTasks())
                    .sum();
            if (running == 0) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("the task still runs");
    }
}
