package org.distilqa.benchmarks.contender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.distilqa.cli.squad.SquadFile;
import org.distilqa.cli.squad.SquadQuestion;

/**
 * A question and the text that it is asked of.
 *
 * @param question the question
 * @param context the text
 * @param answers what is right; empty if that is not known or not in the text
 */
public record Question(String question, String context, List<String> answers) {

    /**
     * Reads the questions of a file, in its order.
     *
     * @param file in SQuAD's format; or, if its name ends in {@code .jsonl}, an object a line with {@code context},
     *     {@code question} and {@code answers}, a list of objects with {@code text}
     * @throws BenchmarkException if it cannot be used
     * @throws org.distilqa.cli.io.FileException if it cannot be used as a file of SQuAD
     */
    public static List<Question> read(Path file) {
        List<Question> questions = file.toString().endsWith(".jsonl") ? readLines(file) : readSquad(file);
        if (questions.isEmpty()) {
            throw new BenchmarkException(file + ": has no questions");
        }
        return questions;
    }

    /** Reads at most {@code limit} questions of a file, evenly spread over it, so that all its articles have a part. */
    public static List<Question> read(Path file, int limit) {
        List<Question> all = read(file);
        int count = Math.min(limit, all.size());
        return IntStream.range(0, count)
                .mapToObj(i -> all.get((int) ((long) i * all.size() / count)))
                .toList();
    }

    private static List<Question> readSquad(Path file) {
        try (Stream<SquadQuestion> questions = SquadFile.questions(file)) {
            return questions
                    .map(question -> new Question(question.question(), question.context(), question.answers()))
                    .toList();
        }
    }

    private static List<Question> readLines(Path file) {
        ObjectMapper mapper = new ObjectMapper();
        List<Question> questions = new ArrayList<>();
        int number = 0;
        try {
            for (String line : Files.readAllLines(file)) {
                number++;
                JsonNode node = mapper.readTree(line);
                if (!node.path("context").isTextual() || !node.path("question").isTextual()) {
                    throw new BenchmarkException(file + ", line " + number + ": has no \"context\" or no \"question\"");
                }
                questions.add(new Question(
                        node.path("question").textValue(),
                        node.path("context").textValue(),
                        node.path("answers").findValuesAsText("text")));
            }
            return questions;
        } catch (IOException e) {
            throw new BenchmarkException(file + (number == 0 ? "" : ", line " + number) + ": " + e.getMessage(), e);
        }
    }

    /** How much text there is, by which it is sorted; who calls a peer has no tokens to count. */
    public int characters() {
        return question.length() + context.length();
    }

    /**
     * How good an answer is beside the right one that is most like it.
     *
     * @param metric compares it with one of them
     */
    public double best(String answer, ToDoubleBiFunction<String, String> metric) {
        return answers.stream()
                .mapToDouble(right -> metric.applyAsDouble(answer, right))
                .max()
                .orElseThrow();
    }
}
