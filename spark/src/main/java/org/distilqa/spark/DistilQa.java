package org.distilqa.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Answers questions from texts, as a column.
 *
 * <pre>{@code
 * DistilQa.register(spark);
 * rows.withColumn("answer", DistilQa.answer(col("question"), col("context")));
 * spark.sql("SELECT id, answer_question(question, context).text FROM rows");
 * }</pre>
 *
 * <p>Each executor opens the model once for all of its tasks, and closes it when it ends. A task reads up to
 * {@value AnsweredRows#ROWS_AHEAD} rows ahead, or 32 MB of them, which the engine puts into its batches together with those of the
 * other tasks. That is so in {@code SELECT} and {@code WHERE}, and in what Spark makes of them; elsewhere (in {@code CASE}, in an
 * aggregate or a join condition) rows are answered one by one.
 *
 * <p>Where an argument is null, so is the answer.
 */
public final class DistilQa {
    /** The name of the function in SQL. */
    public static final String FUNCTION = "answer_question";

    private DistilQa() {}

    /**
     * Makes the function known to a session, instead of {@code spark.sql.extensions}. Doing so again does nothing.
     *
     * @param session a session of the driver. One of Spark Connect takes the extension, on its server
     * @throws IllegalArgumentException if it is one of Spark Connect
     */
    public static void register(SparkSession session) {
        if (!(session instanceof org.apache.spark.sql.classic.SparkSession classic)) {
            throw new IllegalArgumentException("a session of Spark Connect cannot be changed from here; set "
                    + "spark.sql.extensions to " + DistilQaExtensions.class.getName() + " where its server is started");
        }
        Registration.register(classic);
    }

    /**
     * The best answer to each row's question, from the bundled model.
     *
     * @param question the questions, strings
     * @param context the texts that hold the answers, strings
     * @return what {@link #answer(Column, Column, Map)} gives without options
     */
    public static Column answer(Column question, Column context) {
        return answer(question, context, Map.of());
    }

    /**
     * The best answer to each row's question. The active session is {@linkplain #register made to know} the function, if there is one.
     *
     * <table>
     * <caption>Options, the same in SQL: {@code answer_question(q, c, map('model', '/models/mine'))}</caption>
     * <tr><th>name</th><th>default</th><th>meaning</th></tr>
     * <tr><td>model</td><td>bundled</td><td>a directory that every executor sees, or the name of an archive given to
     *     {@code --archives}, or an id of the hub, which each executor downloads; {@code bundled} needs
     *     {@code distilqa-bundled-model} on the class path</td></tr>
     * <tr><td>revision</td><td>main</td><td>of the repository on the hub</td></tr>
     * <tr><td>device</td><td>auto</td><td>a device's name, or several, separated by commas</td></tr>
     * <tr><td>device.NAME</td><td></td><td>the device's own options; {@code device.threads} is the executor's number of cores</td></tr>
     * <tr><td>batchSize</td><td></td><td>how many windows the device is given at a time at most</td></tr>
     * <tr><td>maxContextLength</td><td>10000000</td><td>how many characters a context may have</td></tr>
     * <tr><td>maxAnswerLength, maxSequenceLength, docStride, maxQuestionLength, handleImpossibleAnswer, alignToWords,
     *     secondReading</td><td></td><td>as in {@link org.distilqa.AnswerOptions}</td></tr>
     * <tr><td>onError</td><td>column</td><td>what becomes of a row that cannot be answered: {@code column} tells why in the field
     *     {@code error}; {@code fail} fails the task, and so the job</td></tr>
     * <tr><td>offsets</td><td>characters</td><td>what {@code start} and {@code end} count: characters, as SQL's {@code substring} and
     *     Python do, or {@code utf16}, as Java's {@code String} does</td></tr>
     * </table>
     *
     * @param question the questions, strings
     * @param context the texts that hold the answers, strings
     * @param options the options
     * @return a struct of {@code text} (string), {@code start} and {@code end} (int, from 0, end exclusive), {@code score} (double, 0 to
     *     1) and, unless {@code onError} is {@code fail}, {@code error} (string; null if there is an answer). Null where an argument is
     *     null. A model that cannot be opened, and a device that is lost, fail the task: Spark tries it elsewhere
     * @throws org.distilqa.InvalidConfigurationException if an option is unknown or has a value that it cannot have
     */
    public static Column answer(Column question, Column context, Map<String, String> options) {
        ColumnOptions.of(options);
        if (SparkSession.getActiveSession().isDefined()
                && SparkSession.getActiveSession().get() instanceof org.apache.spark.sql.classic.SparkSession active) {
            Registration.register(active);
        }
        List<Column> arguments = new ArrayList<>(List.of(question, context));
        if (!options.isEmpty()) {
            List<Column> entries = new ArrayList<>();
            new TreeMap<>(options).forEach((name, value) -> {
                entries.add(functions.lit(name));
                entries.add(functions.lit(value));
            });
            arguments.add(functions.map(entries.toArray(Column[]::new)));
        }
        return functions.call_function(FUNCTION, arguments.toArray(Column[]::new));
    }
}
